"""Stamps: what the file system says of a file without opening it. Only a hint, never a proof.

A file with the stamp of last time is taken for unchanged, if that stamp was clearly older than the
moment at which it was taken: a file that is written twice within one tick of the clock keeps its
stamp (the rule that git calls "racy"). Moments are told by the file system's own clock, which may
not be the machine's. All times are nanoseconds.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_FINE = 100_000_000
_COARSE = 2_100_000_000
"""How much older a stamp must be, on file systems with fine and with coarse times (FAT: 2 s)."""


class Stamp(NamedTuple):
    """Size in bytes, times of the last change of content and of anything, and inode."""

    size: int
    modified: int
    changed: int
    inode: int

    def settled(self, moment: int) -> bool:
        """Whether a later change would have shown, given that it was taken at `moment`."""
        newest = max(self.modified, self.changed)
        return newest + (_FINE if newest % 1_000_000 else _COARSE) < moment


NO_STAMP = Stamp(-1, 0, 0, 0)
"""Of a file that was not there, or is never to be trusted."""


def stamp_of(status: os.stat_result) -> Stamp:
    """The stamp in a `stat` answer."""
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def stamp_at(path: Path | str) -> Stamp:
    """The stamp of a regular file that is no link; `NO_STAMP` where there is none."""
    try:
        status = os.stat(path, follow_symlinks=False)  # noqa: PTH116 - very many files
    except OSError:
        return NO_STAMP
    return stamp_of(status) if status.st_mode & 0o170000 == 0o100000 else NO_STAMP


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


def listed(folder: Path) -> Iterator[tuple[str, Stamp]]:
    """Everything below a folder with its stamp, sorted; folders and links have `NO_STAMP`."""
    waiting = [(str(folder), "")]
    while waiting:
        place, prefix = waiting.pop()
        try:
            with os.scandir(place) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in found:
            name = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, name + "/"))
                yield name + "/", NO_STAMP
            else:
                yield name, stamp_at(entry.path)


def file_digest(path: Path | str) -> str:
    """SHA-256 (hex) of a file's bytes. Raises OSError."""
    with open(path, "rb") as file:  # noqa: PTH123 - very many files
        return hashlib.file_digest(file, "sha256").hexdigest()
