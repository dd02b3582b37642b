"""The folders that a build works in: one build at a time, and nothing left behind.

``.sitegen/`` in the site's folder holds the lock and the record of what was written where; outputs
are staged beside the output folder, on its own disk, so that committing them is renaming.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PRIVATE = ".sitegen"


class BusyError(Exception):
    """Another build of this site is running."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where one build keeps its files: `packs` and `staged` go with it, `record` stays."""

    packs: Path
    staged: Path
    record: Path


@contextmanager
def workspace(root: Path, output: Path) -> Iterator[Workspace]:
    """Lock the site and make the folders of a build.

    Raises BusyError when another build holds the lock, OSError when a folder cannot be made.
    """
    private = root / PRIVATE
    private.mkdir(exist_ok=True)
    output.parent.mkdir(parents=True, exist_ok=True)
    target = Path(os.path.realpath(output))
    with _locked(private / "lock"):
        prefix = f".{target.name}-"
        for left in target.parent.glob(f"{prefix}*.part"):  # of a build that was killed
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=prefix, suffix=".part", dir=target.parent))
        try:
            packs, staged = folder / "packs", folder / "staged"
            packs.mkdir()
            staged.mkdir()
            name = hashlib.sha256(os.fsencode(target)).hexdigest()[:16]
            yield Workspace(packs, staged, private / f"written-{name}.json")
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock file. The system frees it when the process ends, however it ends."""
    import fcntl  # imported late: the rest of the program runs where there is none

    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError from None
        try:
            yield
        finally:
            with suppress(OSError):
                fcntl.flock(file, fcntl.LOCK_UN)
