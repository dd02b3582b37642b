"""Packs: many small records in few files, so that documents need not stay in memory.

A pack is written once, by one process, from front to back; a record is found again by its pack,
offset and length. Records are plain bytes; nothing in them is ever executed.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import NamedTuple


class Place(NamedTuple):
    """Where a record stands."""

    pack: str
    offset: int
    length: int


class PackWriter:
    """Writes the records of one pack; use it in a ``with`` statement."""

    def __init__(self, folder: Path, name: str) -> None:
        self._name = name
        self._file = (folder / name).open("wb")
        self._offset = 0

    def append(self, record: bytes) -> Place:
        """Add a record; returns its place."""
        self._file.write(record)
        place = Place(self._name, self._offset, len(record))
        self._offset += len(record)
        return place

    def __enter__(self) -> PackWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()


class PackReader:
    """Reads records of the packs in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, int] = {}

    def read(self, place: Place) -> bytes:
        """The bytes of a record. Raises OSError when the pack is gone."""
        number = self._files.get(place.pack)
        if number is None:
            number = self._files[place.pack] = os.open(self._folder / place.pack, os.O_RDONLY)
        return os.pread(number, place.length, place.offset)

    def close(self) -> None:
        """Close the packs that were opened."""
        for number in self._files.values():
            os.close(number)
        self._files.clear()
