"""The entries of a site as bytes, in one row, each decoded when it is looked at.

Very many entries take up gigabytes as objects, and every process that looks at one copies the page
of memory where it stands. As bytes they take a quarter of it, and are shared. What questions about
all documents ask for is decoded early (`_Early`: half the time of all, and a fifth of the memory)
and kept until they have been answered; the rest is decoded for those that somebody looks at
closely, and kept for the last few.
"""

from __future__ import annotations

import datetime
from array import array
from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from operator import attrgetter
from typing import Any, cast

import msgspec

from sitegen.engine.store import DamagedError
from sitegen.engine.values import packed, packed_into
from sitegen.site.cards import Card
from sitegen.site.site import Entry, changed_on

_PIECE = 1000
"""So many entries stand in one piece: a single one of all would be copied as it grows."""
_LAST = 256
"""So many entries are kept that were decoded in full."""


class EntryBytes(Mapping[str, bytes]):
    """The bytes of each entry by path, in order: two entries are equal if these are."""

    __slots__ = ("_pieces", "_rows", "_starts")

    def __init__(self, paths: str, starts: array[int], pieces: list[bytes]) -> None:
        self._rows = {path: row for row, path in enumerate(paths.split("\0") if paths else ())}
        self._starts = starts
        self._pieces = pieces

    @classmethod
    def of(cls, entries: Mapping[str, Entry]) -> EntryBytes:
        """The bytes of these entries."""
        pieces = []
        starts = array("Q", (0,))
        piece, before = bytearray(), 0
        for row, entry in enumerate(entries.values(), 1):
            packed_into(entry, piece)
            starts.append(before + len(piece))
            if row % _PIECE == 0:
                pieces.append(bytes(piece))
                before += len(piece)
                piece.clear()
        return cls("\0".join(entries), starts, [*pieces, bytes(piece)])

    @classmethod
    def load(cls, data: bytes) -> EntryBytes:
        """What `packed` wrote. Raises DamagedError."""
        try:
            stored = _STORED.decode(data)
        except msgspec.MsgspecError:
            raise DamagedError("entries") from None
        starts = array("Q")
        starts.frombytes(stored.starts)
        return cls(stored.paths, starts, stored.pieces)

    def packed(self) -> bytes:
        """All of them as one row of bytes."""
        return packed(_Stored("\0".join(self._rows), self._starts.tobytes(), self._pieces))

    def __getitem__(self, path: str) -> bytes:
        return self._at(self._rows[path])

    def _at(self, row: int) -> bytes:
        starts, piece = self._starts, row // _PIECE
        before = starts[piece * _PIECE]
        return self._pieces[piece][starts[row] - before : starts[row + 1] - before]

    def __contains__(self, path: object) -> bool:
        return path in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def differing(self, other: EntryBytes) -> list[str]:
        """The paths of entries that are not as in the other, then of those that are only there."""
        known, found = other._rows, []
        for row, path in enumerate(self._rows):
            at = known.get(path, -1)
            if at < 0 or self._at(row) != other._at(at):
                found.append(path)
        return found + [path for path in known if path not in self._rows]


class _Stored(msgspec.Struct, array_like=True):
    paths: str
    starts: bytes
    pieces: list[bytes]


class _EarlyCard(msgspec.Struct, gc=False):
    path: str
    kind: str
    title: str
    order: int = 0
    published_on: datetime.date | None = None


class _EarlyChange(msgspec.Struct, gc=False):
    on: datetime.date
    minor: bool = False


class _Early(msgspec.Struct, gc=False):
    """What is decoded of an entry at first: the same fields, with the same defaults."""

    card: _EarlyCard
    address: str
    column: str
    state: str = "published"
    changes: tuple[_EarlyChange, ...] = ()


class PackedEntries(Mapping[str, Entry]):
    """Entries by path, in order, decoded one by one as far as they are looked at."""

    __slots__ = ("_early", "_settled", "content", "last")

    def __init__(self, content: EntryBytes) -> None:
        self.content = content
        self._early: dict[str, _Early] = {}
        self._settled = False
        self.last: dict[str, Entry] = {}
        """The last ones that were decoded in full."""

    def __getitem__(self, path: str) -> Entry:
        known = self.last.get(path)
        if known is not None:
            return known
        return self.whole(path) if self._settled else self.begun(path)

    def settle(self) -> None:
        """Keep no beginnings of entries any more: questions about all of them are answered.

        Who looks one up from now on makes a page of it, or a line, and gets it whole; who goes
        through all of them still gets beginnings.
        """
        self._early.clear()
        self._settled = True

    def begun(self, path: str) -> Entry:
        """An entry decoded as far as `_Early` goes, until more of it is looked at."""
        early = self._early.get(path)
        if early is None:
            early = _EARLY.decode(self.content[path])
            if not self._settled:
                self._early[path] = early
        return cast(Entry, _Begun(early, self))

    def whole(self, path: str) -> Entry:
        """An entry decoded in full."""
        known = self.last.get(path)
        if known is None:
            known = _ENTRY.decode(self.content[path])
            if len(self.last) >= _LAST:
                del self.last[next(iter(self.last))]
            self.last[path] = known
        return known

    def __contains__(self, path: object) -> bool:
        return path in self.content

    def __iter__(self) -> Iterator[str]:
        return iter(self.content)

    def __len__(self) -> int:
        return len(self.content)

    def values(self) -> ValuesView[Entry]:
        return _BegunValues(self)

    def items(self) -> ItemsView[str, Entry]:
        return _BegunItems(self)


class _BegunValues(ValuesView[Entry]):
    _mapping: PackedEntries

    def __iter__(self) -> Iterator[Entry]:
        return map(self._mapping.begun, self._mapping)


class _BegunItems(ItemsView[str, Entry]):
    _mapping: PackedEntries

    def __iter__(self) -> Iterator[tuple[str, Entry]]:
        return ((path, self._mapping.begun(path)) for path in self._mapping)


class _Begun:
    """Stands for an entry that is decoded as far as `_Early` goes, and in full for who wants more.

    It has all fields and properties of an `Entry`.
    """

    __slots__ = ("_early", "_entries")

    def __init__(self, early: _Early, entries: PackedEntries) -> None:
        self._early = early
        self._entries = entries

    @property
    def path(self) -> str:
        """As of an entry."""
        return self._early.card.path

    @property
    def changed_on(self) -> datetime.date | None:
        """As of an entry."""
        return changed_on(self._early.changes, self._early.card.published_on)

    @property
    def card(self) -> Any:
        """As of an entry; the beginning of a card where no more is there yet."""
        known = self._entries.last.get(self._early.card.path)
        return _BegunCard(self) if known is None else known.card

    @property
    def whole(self) -> Entry:
        """All of it."""
        return self._entries.whole(self._early.card.path)


class _BegunCard:
    """Stands for the card of such an entry."""

    __slots__ = ("_early", "_entry")

    def __init__(self, entry: _Begun) -> None:
        self._early = entry._early.card
        self._entry = entry


def _look_through(stand_in: type, kind: type, early: type, whole: str) -> None:
    """Give a class what it has not yet of the fields of a struct."""
    for name in kind.__struct_fields__:  # type: ignore[attr-defined]
        if name not in vars(stand_in):
            part = "_early" if name in early.__struct_fields__ else whole  # type: ignore[attr-defined]
            setattr(stand_in, name, property(attrgetter(f"{part}.{name}")))


_look_through(_BegunCard, Card, _EarlyCard, "_entry.whole.card")
_Begun.changes = property(attrgetter("whole.changes"))  # type: ignore[attr-defined]
_look_through(_Begun, Entry, _Early, "whole")

_STORED = msgspec.msgpack.Decoder(_Stored)
_EARLY = msgspec.msgpack.Decoder(_Early)
_ENTRY = msgspec.msgpack.Decoder(Entry)
