"""The folders that a build works in: one build at a time, and nothing left behind.

``.sitegen/`` in the site's folder holds the lock and the record of what was written where; outputs
are staged beside the output folder, on its own disk, so that committing them is renaming.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sitegen.engine.replacing import clear_away

PRIVATE = ".sitegen"
_FACTS = "facts"
_ATTEMPTS, _PAUSE = 8, 0.05
"""How often the lock is tried, and the seconds between: a build that has nothing to do is over by
then, and so are the workers of one that was killed."""


class BusyError(Exception):
    """Another build of this site is running."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where one build keeps its files: `packs` and `staged` go with it, the others stay."""

    packs: Path
    staged: Path
    record: Path
    """Remembers what was written into the output folder."""
    facts: Path
    """The store of facts."""
    ledger: Path
    """The ledger of the output folder."""
    lasting: bool
    """Whether anything can be kept: not where the site's folder is read-only."""

    def clear(self) -> None:
        """Empty what goes with the build."""
        for folder in (self.packs, self.staged):
            clear_away(folder)
            folder.mkdir(exist_ok=True)


@contextmanager
def workspace(root: Path, output: Path) -> Iterator[Workspace]:
    """Lock the site and make the folders of a build.

    Raises BusyError when another build holds the lock, OSError when a folder cannot be made.
    """
    private = root / PRIVATE
    with suppress(OSError):
        private.mkdir(exist_ok=True)
    output.parent.mkdir(parents=True, exist_ok=True)
    target = Path(os.path.realpath(output))
    with _locked(private / "lock") as lasting:
        prefix = f".{target.name}-"
        for left in target.parent.glob(f"{prefix}*.part"):  # of a build that was killed
            clear_away(left)
        for draft in private.glob("*.new") if lasting else ():
            draft.unlink(missing_ok=True)
        folder = target.parent / f"{prefix}{os.urandom(6).hex()}.part"
        folder.mkdir(mode=0o700)
        packs, staged = folder / "packs", folder / "staged"
        try:
            packs.mkdir()
            staged.mkdir()
            record = private / f"written-{_name(str(target))}.list"
            ledger = ledger_folder(root, target)
            yield Workspace(packs, staged, record, private / _FACTS, ledger, lasting)
        finally:
            _remove(folder, packs, staged)


def _remove(folder: Path, *below: Path) -> None:
    """Remove a folder of a build; most often nothing is left in it."""
    try:
        for each in (*below, folder):
            each.rmdir()
    except OSError:
        clear_away(folder)


@contextmanager
def facts_store(root: Path) -> Iterator[Path]:
    """The store of facts, locked; a folder that goes with it where a build holds the lock.

    Raises OSError when neither can be made.
    """
    private = root / PRIVATE
    with suppress(OSError):
        private.mkdir(exist_ok=True)
    with ExitStack() as stack:
        store = private / _FACTS
        lasting = False
        with suppress(BusyError, OSError):
            lasting = stack.enter_context(_locked(private / "lock"))
            store.mkdir(exist_ok=True)
        if not (lasting and store.is_dir()):
            import tempfile

            store = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        yield store


def ledger_folder(root: Path, output: Path) -> Path:
    """Where the ledger of an output folder is."""
    target = Path(os.path.realpath(output))
    return root / PRIVATE / f"built-{_name(_seen_from(root, target))}"


def _name(place: str) -> str:
    return hashlib.sha256(os.fsencode(place)).hexdigest()[:16]


def _seen_from(root: Path, target: Path) -> str:
    """The output folder as the site names it, so that both can be copied elsewhere together."""
    try:
        return target.relative_to(os.path.realpath(root)).as_posix()
    except ValueError:
        return str(target)


@contextmanager
def _locked(path: Path) -> Iterator[bool]:
    """Hold the lock file. The system frees it when the process ends, however it ends.

    Gives False where it cannot be written: then nobody can keep anything, and nobody need wait.
    """
    import fcntl  # imported late: the rest of the program runs where there is none

    try:
        lock = path.open("a+")
    except OSError:
        yield False
        return
    with lock as file:
        for left in reversed(range(_ATTEMPTS)):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not left:
                    raise BusyError from None
                time.sleep(_PAUSE)
        try:
            yield True
        finally:
            with suppress(OSError):
                fcntl.flock(file, fcntl.LOCK_UN)
