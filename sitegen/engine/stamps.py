"""Stamps: what the file system says of a file without opening it. Only a hint, never a proof.

A file with the stamp of last time is taken for unchanged, if that stamp was clearly older than the
moment at which it was taken: a file that is written twice within one tick of the clock keeps its
stamp (the rule that git calls "racy"). Moments are told by the file system's own clock, which may
not be the machine's. All times are nanoseconds.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from sitegen.engine.listing import numbers_of

_FINE = 100_000_000
_COARSE = 2_100_000_000
"""How much older a stamp must be, on file systems with fine and with coarse times (FAT: 2 s)."""

Stamp = tuple[int, int, int, int]
"""Size in bytes, times of the last change of content and of anything, and inode."""

NO_STAMP: Stamp = (-1, 0, 0, 0)
"""Of a file that was not there, or is none."""


def is_settled(newest: int, moment: int) -> bool:
    """Whether a change after `moment` would show in a stamp whose later time is `newest`."""
    return newest + (_FINE if newest % 1_000_000 else _COARSE) < moment


def stamp_at(path: Path | str) -> Stamp:
    """The stamp of a regular file that is no link; `NO_STAMP` where there is none."""
    try:
        status = os.lstat(path)
    except OSError:
        return NO_STAMP
    return numbers_of(status) if status.st_mode & 0o170000 == 0o100000 else NO_STAMP


def moment_in(folder: Path) -> int:
    """What time it is for the file system that holds a folder; 0 if nothing can be written there.

    At 0, no stamp is settled.
    """
    probe = folder / f".moment-{os.getpid()}"
    try:
        probe.write_bytes(b"")
        moment = probe.stat().st_mtime_ns
        probe.unlink()
    except OSError:
        return 0
    return moment


def file_digest(path: Path | str) -> bytes:
    """The SHA-256 of a file's bytes. Raises OSError."""
    with open(path, "rb") as file:  # noqa: PTH123 - very many files
        return hashlib.file_digest(file, "sha256").digest()
