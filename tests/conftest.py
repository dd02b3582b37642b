"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from compiling import compiled_once
from once import once
from samplesite import Sample, build_sample

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Examples are the same in every run, so that a change alone can make a test fail; their time says
# only how busy the machine is. To look further: pytest --hypothesis-profile=explore
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=2000)
hypothesis.settings.load_profile("suite")

MEMORY = Path("/dev/shm")
"""Where Linux keeps files in memory, if it does."""
ROOM = 4 << 30
"""Bytes that must be free there; the tests' sites and environments take a quarter of it."""


def _has_room(place: Path) -> bool:
    """Whether files of so many tests fit there, and programs among them can be run."""
    try:
        found = os.statvfs(place)
        told = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return False
    available = next((int(each.split()[1]) for each in told if each.startswith("MemAvailable")), 0)
    free = min(found.f_bavail * found.f_frsize, available << 10)
    return free > ROOM and not found.f_flag & os.ST_NOEXEC and os.access(place, os.W_OK)


# Tens of thousands of small files that nobody wants afterwards: a disk need not see them.
if "PYTEST_DEBUG_TEMPROOT" not in os.environ and _has_room(MEMORY):
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first, so that no worker begins one when all others are done."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session", autouse=True)
def quick() -> Iterator[None]:
    """Builds in the process of the tests compile each text of a template once."""
    with compiled_once():
        yield


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample site, built once in a session, also when several processes run the tests."""
    folder, result = once(tmp_path_factory, "sample", build_sample)
    return Sample(folder / "site", folder / "site" / "build", result)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium. One for all tests of a process: Playwright allows no second."""
    from playwright.sync_api import sync_playwright  # late: few processes need it
    from visiting import launched

    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()
