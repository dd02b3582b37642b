"""Placing: every source gets its address, and no two things the same one.

Addresses come from paths, never from titles: folder by folder, with ``slug`` in the place of a
name that cannot stand in an address. Claims are compared without regard to case, because some
web servers and all memory sticks do the same.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sitegen.problems import Code, Location, Problem
from sitegen.site import addresses, codes
from sitegen.site.cards import Card, ColumnCard, Mark
from sitegen.site.columns import Columns, column_source
from sitegen.site.slugs import legal, propose, reserved

TABLE_FORMATS = ("csv", "xlsx", "json")
"""The formats in which every table is offered."""

OWN = "sitegen"
"""Who has the addresses of the site's own pages."""

_ALIAS = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._~-]*/)*(?:[A-Za-z0-9][A-Za-z0-9._~-]*\.html?)?")


@dataclass(slots=True)
class Folders:
    """Works out the address of a folder, and remembers what is wrong with its name."""

    columns: Mapping[str, ColumnCard]
    problems: list[Problem] = field(default_factory=list)
    _known: dict[str, str] = field(default_factory=lambda: {"": ""})

    def address(self, folder: str) -> str:
        """The address of a folder of content, with the slash; reports a bad name once."""
        if (known := self._known.get(folder)) is not None:
            return known
        above, _, name = folder.rpartition("/")
        base = self.address(above)
        part, problem = self._part(folder, name, at_root=not base)
        if problem is not None:
            self.problems.append(problem)
        self._known[folder] = f"{base}{part}/"
        return self._known[folder]

    def past_address(self, folder: str, moved: Mapping[str, str]) -> str | None:
        """The address that a folder of the past had, if its names tell; reports nothing.

        `moved` says which columns of today lay where in the past: a slug goes with its column.
        """
        if folder in self._known and folder not in moved:
            return self._known[folder]
        above, _, name = folder.rpartition("/")
        base = self.past_address(above, moved)
        part, problem = self._part(moved.get(folder, folder), name, at_root=not base)
        return None if base is None or problem is not None else f"{base}{part}/"

    def _part(self, folder: str, name: str, *, at_root: bool) -> tuple[str, Problem | None]:
        card = self.columns.get(folder)
        slug = card.slug if card else ""
        part = slug or name.lower()
        if not legal(part):
            proposal = propose(part)
            if card is None:
                where = Location(f"content/{folder}")
                return proposal, codes.FOLDER_NEEDS_SLUG.at(where, name=name, proposal=proposal)
            where = Location(column_source(folder), *card.marks.get("slug", (1, 1)))
            if slug:
                return proposal, codes.BAD_SLUG.at(where, value=slug, proposal=proposal)
            return proposal, codes.FOLDER_NEEDS_SLUG.at(where, name=name, proposal=proposal)
        if at_root and reserved(part, at_root=True):
            where = Location(f"content/{folder}" if card is None else column_source(folder))
            return part, codes.RESERVED.at(where, name=part, proposal=f"{part}-1")
        return part, None


def stem_of(path: str) -> str:
    """The name of a source file without folder and extension."""
    return path.rpartition("/")[2].rpartition(".")[0]


def document_address(card: Card, folders: Folders) -> tuple[str, Problem | None]:
    """The address of a document's page, and what is wrong with its name."""
    base = folders.address(card.path.rpartition("/")[0])
    stem = stem_of(card.path)
    part = card.slug or stem.lower()
    if not legal(part):
        proposal = propose(part)
        problem = (
            at(card, "slug", codes.BAD_SLUG, value=card.slug, proposal=proposal)
            if card.slug
            else at(card, "", codes.NEEDS_SLUG, name=stem, proposal=proposal)
        )
        return f"{base}{proposal}.html", problem
    if reserved(part, at_root=not base):
        problem = at(card, "slug", codes.RESERVED, name=part, proposal=f"{part}-1")
        return f"{base}{part}.html", problem
    return f"{base}{part}.html", None


def past_address(path: str, slug: str, folders: Folders, moved: Mapping[str, str]) -> str | None:
    """The address that a document had when it lay at `path`, as far as the names tell."""
    base = folders.past_address(path.rpartition("/")[0], moved)
    part = slug or stem_of(path).lower()
    return f"{base}{part}.html" if base is not None and legal(part) else None


def at(card: Card, name: str, code: Code, /, **values: object) -> Problem:
    """A problem of a document, at one of its fields; at its title when it has no such field."""
    mark = card.marks.get(name) or card.marks.get("title", (1, 1))
    return at_mark(card, mark, code, **values)


def at_mark(card: Card, mark: Mark, code: Code, /, **values: object) -> Problem:
    """A problem of a document, at a line and column."""
    return code.at(Location("content/" + card.path, *mark), None, **values)


@dataclass(slots=True)
class Claims:
    """Who has which address. The first one keeps it; later ones are told."""

    owners: dict[str, str] = field(default_factory=dict)

    def take(self, address: str, owner: str) -> str:
        """Claim an address for a source; returns the source that has it already, or ''."""
        first = self.owners.setdefault(address.lower(), owner)
        return "" if first == owner else first

    def take_all(self, wanted: Iterable[str], owner: str) -> list[tuple[str, str]]:
        """Claim addresses for one source; returns those that others have, each with its source."""
        owners = self.owners
        firsts = [(each, owners.setdefault(each.lower(), owner)) for each in wanted]
        return [(address, first) for address, first in firsts if first != owner]

    def owner(self, address: str) -> str:
        """The source that has an address, or ''."""
        return self.owners.get(address.lower(), "")


def claim_columns(columns: Columns, folders: Folders, claims: Claims) -> Iterator[Problem]:
    """Claim the fixed pages of the site and of every column."""
    for page in (
        addresses.NOT_FOUND,
        addresses.SITE_MAP,
        addresses.CATALOGUE,
        addresses.LOG,
        "sitemap.xml",
        "robots.txt",
        "manifest.json",
        "site.json",
    ):
        claims.take(page, OWN)
    for path in columns.cards:
        folder = folders.address(path)
        source = column_source(path)
        first = claims.take(addresses.column_page(folder), source)
        if first == OWN:
            continue  # reserved, which has been told
        if first:
            yield codes.COLLISION.at(Location(source), address=folder, other=first)
            continue
        claims.take(addresses.column_log(folder), source)
        claims.take(addresses.feed(folder, "xml"), source)
        claims.take(addresses.feed(folder, "json"), source)


def claim_documents(
    cards: Iterable[Card], placed: Mapping[str, str], claims: Claims, told: Container[str] = ()
) -> Iterator[Problem]:
    """Claim every page, then the files that are made from its tables.

    Documents whose address is known to be wrong (`told`) claim none.
    """
    cards = [card for card in cards if card.path not in told]
    for card in cards:
        address = placed[card.path]
        if first := claims.take(address, "content/" + card.path):
            yield at(card, "slug", codes.COLLISION, address=address, other=first)
    for card in cards:
        if card.tables or card.attachments:
            generated = _generated(card, placed[card.path])
            for address, first in claims.take_all(generated, "content/" + card.path):
                yield at(card, "slug", codes.COLLISION, address=address, other=first)


def _generated(card: Card, address: str) -> list[str]:
    """What is made beside the page of a document with tables or attachments."""
    if not card.tables:
        return [addresses.archive(address)]
    files = addresses.table_files(address, [table.name for table in card.tables], TABLE_FORMATS)
    return [*files, addresses.data_package(address), addresses.archive(address)]


def alias_address(written: str) -> str:
    """An old address as a path of the output folder; '' for one that no page can stand in for."""
    text = written.strip().removeprefix("/")
    if not text or not _ALIAS.fullmatch(text):
        return ""
    return text + "index.html" if text.endswith("/") else text
