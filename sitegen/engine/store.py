"""The store: records in few large files, found by an index, checked when they are read.

A pack is written once, by one process, from front to back; a record is found again by its pack,
offset and length, and is told to be whole by its digest. Records are plain bytes, nothing in them
is ever executed. The index is written last and put in place whole: a build that is killed leaves
the old index, and packs that the next build removes. Whatever is missing or damaged counts as not
stored.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from sitegen.engine.values import digest_of_bytes

_OURS = (".pack", ".cards", ".new")
"""Suffixes of what stands in a store beside its index."""
_MOST_PACKS = 24
_SMALL_PACK = 4 * 1024 * 1024
_CHECK = 8


class DamagedError(Exception):
    """Something that was stored is not there any more, or not as it was written."""


class Place(NamedTuple):
    """Where a record stands, and how to tell that it is whole."""

    pack: str
    offset: int
    length: int
    check: bytes


class PackWriter:
    """Writes the records of one pack; use it in a ``with`` statement.

    The pack appears whole, at the end, or not at all: another process may be writing the same one.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._name = name
        self._path = folder / name
        self._draft = folder / f"{name}.{os.urandom(4).hex()}.new"
        self._file = self._draft.open("xb")
        self._offset = 0

    def append(self, record: bytes) -> Place:
        """Add a record; returns its place."""
        self._file.write(record)
        place = Place(self._name, self._offset, len(record), check_of(record))
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
        if kind is None:
            self._draft.replace(self._path)
        else:
            self._draft.unlink(missing_ok=True)


class PackReader:
    """Reads records of the packs in some folders; the first that has a pack counts."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self._files: dict[str, int] = {}

    def read(self, place: Place) -> bytes:
        """The bytes of a record. Raises DamagedError when they are not what was written."""
        number = self._files.get(place.pack)
        if number is None:
            number = self._files[place.pack] = self._opened(place.pack)
        record = os.pread(number, place.length, place.offset)
        if check_of(record) != place.check:
            raise DamagedError(place.pack)
        return record

    def _opened(self, pack: str) -> int:
        for folder in self._folders:
            with suppress(OSError):
                return os.open(folder / pack, os.O_RDONLY)
        raise DamagedError(pack)

    def close(self) -> None:
        """Close the packs that were opened."""
        for number in self._files.values():
            os.close(number)
        self._files.clear()


def check_of(record: bytes) -> bytes:
    """The digest by which a record is told to be whole."""
    return digest_of_bytes(record)[:_CHECK]


def save_checked(path: Path, content: bytes) -> None:
    """Write a file that `load_checked` reads, whole or not at all. Raises OSError."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with draft.open("wb") as file:
            file.write(digest_of_bytes(content))
            file.write(content)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise


def load_checked(path: Path) -> bytes | None:
    """What `save_checked` wrote; None where there is nothing, or something else."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    body = content[16:]
    return body if digest_of_bytes(body) == content[:16] else None


def mostly_dead(folder: Path, living: Mapping[str, int]) -> frozenset[str]:
    """The packs whose living records should be copied out.

    `living` has the bytes of the living records of each pack. Small packs are put together, too,
    when there are many.
    """
    sizes = {}
    for pack in living:
        with suppress(OSError):
            sizes[pack] = (folder / pack).stat().st_size
    many = len(living) > _MOST_PACKS
    return frozenset(
        pack
        for pack, size in sizes.items()
        if living[pack] * 2 < size or (many and size < _SMALL_PACK)
    )


def copied_out(
    folder: Path, places: Mapping[str, Place], chosen: frozenset[str], name: str
) -> Mapping[str, Place]:
    """The new places of those records that stand in the chosen packs, copied to the pack `name`.

    Whatever cannot be read is left out. Raises OSError.
    """
    reader = PackReader(folder)
    moved: dict[str, Place] = {}
    with PackWriter(folder, name) as writer:
        for key, place in places.items():
            if place.pack in chosen:
                with suppress(DamagedError):
                    moved[key] = writer.append(reader.read(place))
    reader.close()
    return moved


def sweep(folder: Path, keep: Iterable[str]) -> None:
    """Remove the files of a folder that are not needed: old packs, drafts of builds that died."""
    kept = frozenset(keep)
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            if path.name not in kept and path.suffix in _OURS:
                with suppress(OSError):
                    path.unlink()
