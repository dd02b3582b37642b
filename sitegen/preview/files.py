"""What the content folder looked like at the last look, and what is different now.

An event of the file system only says "look again"; what changed is found here, by stat. A stat that
is as young as the look itself proves nothing (the file may change again within one tick of the
clock), so such files are compared by digest as well until their stat has grown old.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sitegen.problems import Problem
from sitegen.source.tree import Tree, scan

YOUNG_NS = 2_000_000_000
"""How old a stat must be to be trusted: FAT keeps times to two seconds."""


class Stamp(NamedTuple):
    """What a stat says of a file; times in nanoseconds."""

    size: int
    modified: int
    changed: int
    inode: int


def stamp_of(place: str | Path) -> Stamp | None:
    """The stamp of a file; None when there is none that can be examined."""
    try:
        status = os.stat(place)  # noqa: PTH116 - ten thousand at every look
    except (OSError, ValueError):
        return None
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


@dataclass(frozen=True, slots=True)
class Listing:
    """One look at the content folder."""

    tree: Tree
    stamps: dict[str, Stamp]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """Paths (relative to ``content/``) that differ between two looks."""

    changed: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        """All of them."""
        return self.changed | self.added | self.removed

    def __bool__(self) -> bool:
        return bool(self.changed or self.added or self.removed)


class SourceFiles:
    """The files of ``content/`` as last seen. `clock` gives the time in nanoseconds.

    Not safe for several threads at once, except `listing`, which changes nothing.
    """

    def __init__(self, content: Path, clock: Callable[[], int]) -> None:
        self.content = content
        self.tree = Tree(content, ())
        self.problems: tuple[Problem, ...] = ()
        self.revisions: dict[str, int] = {}
        """How often each file has been found different."""
        self._clock = clock
        self._stamps: dict[str, Stamp] = {}
        self._young: dict[str, bytes] = {}
        """Digests of the files that were read while their stat was young."""
        self._sums: dict[str, tuple[int, str]] = {}

    def listing(self, max_bytes: int, max_source_bytes: int) -> Listing:
        """Look at the whole folder; limits as in ``source.tree.scan``."""
        tree, problems = scan(self.content, max_bytes, max_source_bytes)
        stamps = {file.path: stamp for file in tree if (stamp := stamp_of(file.place))}
        return Listing(tree, stamps, problems)

    def compare(self, listing: Listing) -> Changes:
        """Take a look as the present state; returns what is different from the last one."""
        new, old = listing.stamps, self._stamps
        changed = {path for path, stamp in new.items() if path in old and old[path] != stamp}
        self.tree, self.problems, self._stamps = listing.tree, listing.problems, new
        changed.update(self._secretly_changed(set(new) & set(old) - changed))
        changes = Changes(
            frozenset(changed), frozenset(new.keys() - old.keys()), frozenset(old.keys() - new)
        )
        self._count(changes)
        return changes

    def forget(self) -> None:
        """Take everything for new at the next look."""
        self._stamps = {}
        self._young.clear()

    def look_at(self, paths: Iterable[str]) -> Changes:
        """Look at some known files only; new names are left to the next `listing`."""
        changed, removed = set(), set()
        for path in paths:
            if path not in self._stamps or path not in self.tree:
                continue
            stamp = stamp_of(self.tree.file(path).place)
            if stamp is None:
                removed.add(path)
            elif stamp != self._stamps[path]:
                self._stamps[path] = stamp
                changed.add(path)
            else:
                changed.update(self._secretly_changed({path}))
        changes = Changes(frozenset(changed), removed=frozenset(removed))
        self._count(Changes(changes.changed))
        return changes

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None when it is not there. What is read is remembered."""
        if path not in self.tree:
            return None
        try:
            data = self.tree.file(path).disk.read_bytes()
        except OSError:
            return None
        self.noted(path, digest_of(data))
        return data

    def noted(self, path: str, digest: bytes) -> None:
        """Remember what was read of a file, here or in another process, while it is young.

        The stamp stays that of the last look: what changed since is found by the next one.
        """
        stamp = self._stamps.get(path)
        if stamp is not None and self._is_young(stamp):
            self._young.setdefault(path, digest)

    def is_there(self, path: str) -> bool:
        """Whether a file that was there at the last look still is."""
        return path in self.tree and stamp_of(self.tree.file(path).place) is not None

    def sha256(self, path: str) -> str:
        """SHA-256 of a file in hexadecimal, worked out once. Raises OSError when it is gone."""
        revision = self.revisions.get(path, 0)
        known = self._sums.get(path)
        if known is None or known[0] != revision:
            data = self.read(path)
            if data is None:
                raise FileNotFoundError(path)
            known = self._sums[path] = (revision, hashlib.sha256(data).hexdigest())
        return known[1]

    def digest_or_none(self, path: str) -> bytes:
        """The same as bytes; none for a file that is not there."""
        try:
            return bytes.fromhex(self.sha256(path))
        except OSError:
            return b""

    def revision(self, path: str) -> int:
        """A number that is another one when the file may be another one."""
        return self.revisions.get(path, 0)

    def _count(self, changes: Changes) -> None:
        for path in changes.all:
            self._young.pop(path, None)
            self.revisions[path] = self.revisions.get(path, 0) + 1

    def _is_young(self, stamp: Stamp) -> bool:
        return max(stamp.modified, stamp.changed) > self._clock() - YOUNG_NS

    def _secretly_changed(self, paths: set[str]) -> set[str]:
        """Files among `paths` whose stat says nothing new, though their bytes are others."""
        found = set()
        for path in paths & self._young.keys():
            digest = self._young[path]
            # Asked before reading: what is written from now on has a stat of its own.
            if not self._is_young(self._stamps[path]):
                del self._young[path]
            try:
                if digest_of(self.tree.file(path).disk.read_bytes()) != digest:
                    found.add(path)
            except OSError:
                continue
        return found


def digest_of(data: bytes) -> bytes:
    """The SHA-256 of what was read."""
    return hashlib.sha256(data).digest()
