"""Files and what their bytes are, asking the disk only where a stamp does not tell.

What is remembered of files is kept in columns, so that ten thousand are compared in one go.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from sitegen.engine.stamps import file_digest, is_settled

DIGEST = 32
"""Bytes of a SHA-256."""
_NONE = bytes(DIGEST)
_STAMP = 32
"""Bytes of a stamp: four numbers of eight bytes."""
_ROWS = 256


class FileRecord(msgspec.Struct, array_like=True, frozen=True):
    """What is remembered of files, in columns of the same order."""

    paths: str
    """With NUL between them."""
    stamps: bytes
    settled: bytes
    """Of each file, one byte: whether its stamp was old enough to tell of later changes."""
    digests: bytes
    """SHA-256; zeros where nobody asked."""


def rows_that_differ(old: bytes, settled: bytes, new: bytes) -> Iterator[int]:
    """The rows of which the stamps do not say that they are the same, in order."""
    number = len(settled)
    if old == new:
        place = settled.find(0)
        while place >= 0:
            yield place
            place = settled.find(0, place + 1)
        return
    for start in range(0, number, _ROWS):
        part = slice(start * _STAMP, (start + _ROWS) * _STAMP)
        end = min(start + _ROWS, number)
        if old[part] == new[part] and settled.find(0, start, end) < 0:
            continue
        for row in range(start, end):
            at = slice(row * _STAMP, (row + 1) * _STAMP)
            if not settled[row] or old[at] != new[at]:
                yield row


def settled_column(stamps: array[int], moment: int) -> bytes:
    """Which of these stamps, taken at `moment`, will tell of later changes."""
    newest = map(max, stamps[1::4], stamps[2::4])
    return bytes(is_settled(each, moment) for each in newest)


class FileDigests:
    """The digests of some files, by path; those that are as remembered are not opened."""

    def __init__(
        self,
        paths: Sequence[str],
        place_of: Callable[[int], str],
        stamps: array[int],
        remembered: FileRecord | None,
        moment: int,
    ) -> None:
        """`stamps` were taken not before `moment`; `place_of` gives a file's place by its row."""
        self.paths = paths
        self.stamps = stamps
        self._place_of = place_of
        self._moment = moment
        self._rows = dict(zip(paths, range(len(paths)), strict=True))
        self._digests = bytearray(DIGEST * len(paths))
        self._before = remembered
        self.same_paths = remembered is not None and remembered.paths == "\0".join(paths)
        """Whether these are the files that are remembered, in their order."""
        self.doubtful: list[int] = []
        """The rows of which the stamps do not say that they are as they were."""
        if remembered is None:
            return
        if self.same_paths:
            self._digests[:] = remembered.digests
            new = stamps.tobytes()
            self.doubtful = [*rows_that_differ(remembered.stamps, remembered.settled, new)]
            for row in self.doubtful:
                self._put(row, _NONE)
        else:
            self._take_over(remembered)

    def _take_over(self, remembered: FileRecord) -> None:
        stamps = self.stamps.tobytes()
        settled = remembered.settled
        for old, path in enumerate(remembered.paths.split("\0") if settled else ()):
            row = self._rows.get(path)
            if row is None or not settled[old]:
                continue
            at, was = row * _STAMP, old * _STAMP
            if stamps[at : at + _STAMP] == remembered.stamps[was : was + _STAMP]:
                self._put(row, remembered.digests[old * DIGEST : (old + 1) * DIGEST])

    def _put(self, row: int, digest: bytes) -> None:
        self._digests[row * DIGEST : (row + 1) * DIGEST] = digest

    def digest(self, path: str) -> bytes:
        """The SHA-256 of a file; empty for one that is not there."""
        row = self._rows.get(path)
        if row is None:
            return b""
        known = bytes(self._digests[row * DIGEST : (row + 1) * DIGEST])
        if known == _NONE:
            try:
                known = file_digest(self._place_of(row))
            except OSError:
                return b""
            self._put(row, known)
        return known

    def fill(self) -> None:
        """Find out the digests of all files that have a path."""
        for row, path in enumerate(self.paths):
            if path and self._digests[row * DIGEST : (row + 1) * DIGEST] == _NONE:
                self.digest(path)

    def __call__(self, path: str) -> str:
        """The digest of a file in hexadecimal; '' for one that is not there."""
        return self.digest(path).hex()

    def __contains__(self, path: object) -> bool:
        return path in self._rows

    def place(self, path: str) -> str:
        """Where a file is on the disk. Raises KeyError."""
        return self._place_of(self._rows[path])

    def stamp(self, path: str) -> tuple[int, ...]:
        """The four numbers of a file. Raises KeyError."""
        row = self._rows[path]
        return tuple(self.stamps[row * 4 : row * 4 + 4])

    def take(self, digests: Mapping[str, bytes]) -> None:
        """Take over digests of bytes that somebody read from the files just now."""
        for path, digest in digests.items():
            self._put(self._rows[path], digest)

    def befores(self) -> Callable[[str], bytes]:
        """What is remembered: a function that gives the digest of a path; empty if none is."""
        known: dict[str, bytes] = {}
        if self._before is not None and self._before.settled:
            digests = self._before.digests
            for row, path in enumerate(self._before.paths.split("\0")):
                known[path] = digests[row * DIGEST : (row + 1) * DIGEST]
        return lambda path: b"" if (found := known.get(path, b"")) == _NONE else found

    def changed(self) -> list[str] | None:
        """The files whose bytes are not as remembered; None if there are others than then."""
        if not self.same_paths or self._before is None:
            return None
        old = self._before.digests
        return [
            self.paths[row]
            for row in self.doubtful
            if (known := old[row * DIGEST : (row + 1) * DIGEST]) == _NONE
            or self.digest(self.paths[row]) != known
        ]

    def record(self) -> FileRecord:
        """What is to be remembered of the files."""
        settled = settled_column(self.stamps, self._moment)
        paths = "\0".join(self.paths)
        return FileRecord(paths, self.stamps.tobytes(), settled, bytes(self._digests))
