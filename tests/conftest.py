"""What all tests share."""

from __future__ import annotations

import hypothesis
import pytest
from once import once
from samplesite import Sample, build_sample

# Examples are the same in every run, so that a change alone can make a test fail; their time says
# only how busy the machine is. To look further: pytest --hypothesis-profile=explore
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=2000)
hypothesis.settings.load_profile("suite")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample site, built once in a session, also when several processes run the tests."""
    folder, result = once(tmp_path_factory, "sample", build_sample)
    return Sample(folder / "site", folder / "site" / "build", result)
