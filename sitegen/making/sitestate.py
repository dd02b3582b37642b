"""A site as bytes and back, each document decoded when it is looked at."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from sitegen.config import Settings
from sitegen.engine.store import DamagedError
from sitegen.engine.values import packed
from sitegen.kinds.kind import Kinds
from sitegen.problems import Problem
from sitegen.site.cards import ColumnCard
from sitegen.site.site import Attachment, Change, Column, Entry, LeftOut, Redirect, Site
from sitegen.source.calendar import Calendar


class PackedEntries(Mapping[str, Entry]):
    """Entries by path, in order, decoded one by one."""

    __slots__ = ("_decoded", "packed")

    def __init__(self, packed: Mapping[str, bytes]) -> None:
        self.packed = packed
        """The bytes of each entry: two entries are equal if these are."""
        self._decoded: dict[str, Entry] = {}

    def __getitem__(self, path: str) -> Entry:
        entry = self._decoded.get(path)
        if entry is None:
            entry = self._decoded[path] = _ENTRY.decode(self.packed[path])
        return entry

    def __contains__(self, path: object) -> bool:
        return path in self.packed

    def __iter__(self) -> Iterator[str]:
        return iter(self.packed)

    def __len__(self) -> int:
        return len(self.packed)


class _Rest(msgspec.Struct, array_like=True):
    """All of a site but its entries."""

    settings: Settings
    kinds: Kinds
    as_of: datetime.date
    columns: dict[str, Column]
    log: tuple[Change, ...]
    redirects: tuple[Redirect, ...]
    left_out: tuple[LeftOut, ...]
    files: dict[str, Attachment]
    revision: str
    problems: tuple[Problem, ...]


class Ground(msgspec.Struct, array_like=True):
    """What a build needs before it has a site: see ``frame.Frame``."""

    settings: Settings
    kinds: Kinds
    calendar: Calendar
    columns: tuple[ColumnCard, ...]
    marks: dict[str, tuple[int, int]]
    problems: tuple[Problem, ...]
    base_url: str | None
    """What the caller chose instead of the settings' address."""


_ENTRY = msgspec.msgpack.Decoder(Entry)
_REST = msgspec.msgpack.Decoder(_Rest)
_ENTRIES = msgspec.msgpack.Decoder(dict[str, bytes])


@dataclass(frozen=True, slots=True)
class SiteState:
    """A site with the bytes of its entries, and the problems that assembling it found."""

    site: Site
    entries: Mapping[str, bytes]
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, site: Site, problems: tuple[Problem, ...]) -> SiteState:
        """The state of a site that was just assembled."""
        entries = site.entries
        if isinstance(entries, PackedEntries):
            return cls(site, entries.packed, problems)
        return cls(site, {path: packed(entry) for path, entry in entries.items()}, problems)

    def sections(self) -> dict[str, bytes]:
        """The state as bytes, in two parts."""
        site = self.site
        rest = _Rest(
            site.settings, site.kinds, site.as_of, dict(site.columns), site.log, site.redirects,
            site.left_out, dict(site.files), site.revision, self.problems,
        )  # fmt: skip
        return {"site": packed(rest), "entries": packed(self.entries)}

    @classmethod
    def load(cls, site: bytes, entries: bytes) -> SiteState:
        """The state that `sections` wrote. Raises DamagedError."""
        try:
            rest = _REST.decode(site)
            by_path = _ENTRIES.decode(entries)
        except msgspec.MsgspecError:
            raise DamagedError("site") from None
        whole = Site(
            rest.settings, rest.kinds, rest.as_of, rest.columns, PackedEntries(by_path), rest.log,
            rest.redirects, rest.left_out, rest.files, rest.revision,
        )  # fmt: skip
        return cls(whole, by_path, rest.problems)
