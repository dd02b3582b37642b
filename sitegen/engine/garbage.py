"""Garbage: how often Python looks for circles of values that nobody holds any more.

A build makes very many values that stay to its end, and few circles; looking through all of them
again and again, as is usual, costs a third of the time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

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
        # What is left counts as old, or all of it would be looked through at this very moment.
        gc.freeze()
        gc.unfreeze()
        gc.set_threshold(*before)


def give_back() -> None:
    """Give memory that is free back to the system, after very many values have gone.

    What Python keeps at hand of small values stands all over that memory and holds it: looking for
    garbage lets go of that, too. The C library keeps what is free between other things until it is
    asked; where there is no such question (it is one of glibc), it stays.
    """
    gc.collect()
    import ctypes  # imported late: needed for large sites only

    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
