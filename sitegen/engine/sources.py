"""Files and what their bytes are, asking the disk only where a stamp does not tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from sitegen.engine.stamps import NO_STAMP, Stamp, file_digest


class FileRow(msgspec.Struct, array_like=True, frozen=True):
    """What is remembered of a file: `digest` is its SHA-256 (hex), '' if nobody asked.

    `settled` says whether the stamp was old enough when it was taken to tell of later changes.
    """

    path: str
    stamp: Stamp
    digest: str
    settled: bool


class FileDigests:
    """The digests of some files, by path; those that are as remembered are not opened."""

    def __init__(
        self,
        files: Mapping[str, tuple[str, Stamp]],
        remembered: Iterable[FileRow],
        moment: int,
    ) -> None:
        """`files` are their places on the disk with their stamps, taken not before `moment`."""
        self._files = files
        self._moment = moment
        self._known: dict[str, str] = {}
        self._before = {row.path: row for row in remembered}
        for path, row in self._before.items():
            file = files.get(path)
            if row.settled and row.digest and file is not None and file[1] == row.stamp:
                self._known[path] = row.digest

    def __call__(self, path: str) -> str:
        """The digest of a file; '' for one that is not there."""
        digest = self._known.get(path)
        if digest is None:
            file = self._files.get(path)
            if file is None or file[1] is NO_STAMP:
                return ""
            try:
                digest = file_digest(file[0])
            except OSError:
                digest = ""
            self._known[path] = digest
        return digest

    @property
    def files(self) -> Mapping[str, tuple[str, Stamp]]:
        """The files: their places on the disk and their stamps, by path."""
        return self._files

    def take(self, digests: Mapping[str, str]) -> None:
        """Take over digests of bytes that somebody read from the files just now."""
        self._known.update(digests)

    def unchanged(self) -> bool:
        """Whether these are the files that are remembered, with the same bytes."""
        if self._before.keys() != self._files.keys():
            return False
        return all(
            (path in self._known and self._known[path] == row.digest)
            or (row.settled and row.stamp == self._files[path][1])
            or (row.digest != "" and self(path) == row.digest)
            for path, row in self._before.items()
        )

    def rows(self) -> list[FileRow]:
        """What is to be remembered of the files."""
        return [
            FileRow(path, stamp, self._known.get(path, ""), stamp.settled(self._moment))
            for path, (_, stamp) in self._files.items()
        ]
