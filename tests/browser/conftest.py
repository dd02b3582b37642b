"""One server for a session, and windows that look at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from samplesite import Sample, page_types
from visiting import Windows, served


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Iterator[Windows]:
    """Windows that tests share."""
    windows = Windows(browser)
    yield windows
    windows.close()


@pytest.fixture(scope="session")
def address(sample: Sample) -> Iterator[str]:
    """The sample site on a web server with a strict policy."""
    with served(sample.output) as url:
        yield url


@pytest.fixture(scope="session")
def types(sample: Sample) -> dict[str, list[str]]:
    """For every type of page the largest and the smallest one."""
    chosen = {}
    for name, addresses in page_types(sample).items():
        by_size = sorted(addresses, key=lambda page: -(sample.output / page).stat().st_size)
        chosen[name] = list(dict.fromkeys((by_size[0], by_size[-1])))
    return chosen
