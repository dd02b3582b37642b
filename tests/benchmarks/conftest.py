"""The benchmarks are scripts beside each other; they are imported as such."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))


@pytest.fixture(autouse=True)
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes each time the disk would be waited for: not here, where others write to it."""
    times: list[str] = []
    monkeypatch.setattr("os.sync", lambda: times.append("synced"))
    return times
