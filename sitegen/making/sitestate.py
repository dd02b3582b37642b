"""A site as bytes and back; its entries stay bytes until they are looked at (``entries``)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import msgspec

from sitegen.config import Settings
from sitegen.engine.store import DamagedError
from sitegen.engine.values import packed
from sitegen.kinds.kind import Kinds
from sitegen.making.entries import EntryBytes, PackedEntries
from sitegen.problems import Problem
from sitegen.site.cards import ColumnCard
from sitegen.site.site import Attachment, Change, Column, LeftOut, Redirect, Site
from sitegen.source.calendar import Calendar


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


_REST = msgspec.msgpack.Decoder(_Rest)


@dataclass(frozen=True, slots=True)
class SiteState:
    """A site with the bytes of its entries, and the problems that assembling it found."""

    site: Site
    entries: EntryBytes
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, site: Site, problems: tuple[Problem, ...]) -> SiteState:
        """The state of a site that was just assembled."""
        entries = site.entries
        if isinstance(entries, PackedEntries):
            return cls(site, entries.content, problems)
        return cls(site, EntryBytes.of(entries), problems)

    def sections(self) -> dict[str, bytes]:
        """The state as bytes, in two parts."""
        return {"site": self._rest(), "entries": self.entries.packed()}

    @classmethod
    def load(cls, site: bytes, entries: bytes) -> SiteState:
        """The state that `sections` wrote. Raises DamagedError."""
        return cls._joined(site, EntryBytes.load(entries))

    def light(self) -> SiteState:
        """The same state without any object of this one, so that all of them can go.

        What remains takes up a fraction, and little of it is copied by processes that look at it.
        """
        self.site.forget()
        return self._joined(self._rest(), self.entries)

    def settle(self) -> None:
        """Answer what is asked about all documents, for all processes that are begun after this;
        each would have to decode the beginning of every entry for it, and to keep that."""
        # late: only large sites are built so
        from sitegen.render.public import public_site
        from sitegen.site.overall import answer_about_all

        site = self.site
        shown = public_site(site)
        for each in (site,) if shown is site else (site, shown):
            answer_about_all(each)
        if isinstance(site.entries, PackedEntries):
            site.entries.settle()

    def _rest(self) -> bytes:
        site = self.site
        rest = _Rest(
            site.settings, site.kinds, site.as_of, dict(site.columns), site.log, site.redirects,
            site.left_out, dict(site.files), site.revision, self.problems,
        )  # fmt: skip
        return packed(rest)

    @classmethod
    def _joined(cls, site: bytes, entries: EntryBytes) -> SiteState:
        try:
            rest = _REST.decode(site)
        except msgspec.MsgspecError:
            raise DamagedError("site") from None
        whole = Site(
            rest.settings, rest.kinds, rest.as_of, rest.columns, PackedEntries(entries), rest.log,
            rest.redirects, rest.left_out, rest.files, rest.revision,
        )  # fmt: skip
        return cls(whole, entries, rest.problems)
