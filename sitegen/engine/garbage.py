"""Garbage: how often Python looks for circles of values that nobody holds any more.

A build makes very many values that stay to its end, and few circles; looking through all of them
again and again, as is usual, costs a third of the time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (200_000, 20, 50)
"""See `gc.set_threshold`."""


@contextmanager
def little_garbage() -> Iterator[None]:
    """Look for garbage seldom, for as long as a build takes."""
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
