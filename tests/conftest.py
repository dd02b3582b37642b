"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from samplesite import Sample, built_once


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample site, built once in a session, also when several processes run the tests."""
    base = Path(tmp_path_factory.getbasetemp())
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    return built_once(base / "sample")
