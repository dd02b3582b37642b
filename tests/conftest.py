"""What all tests share."""

from __future__ import annotations

import pytest
from once import once
from samplesite import Sample, build_sample


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample site, built once in a session, also when several processes run the tests."""
    folder, result = once(tmp_path_factory, "sample", build_sample)
    return Sample(folder / "site", folder / "site" / "build", result)
