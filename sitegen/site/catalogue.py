"""The directory of all disclosures (政府信息公开目录, 条例 art. 12): one row a document.

The page, the CSV, XLSX and JSON files and the machine feed all show these rows.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

import msgspec

from sitegen.kinds.kind import Field, Label
from sitegen.site.questions import passing, question
from sitegen.site.site import Column, Entry, Site


class Row(msgspec.Struct, frozen=True):
    """One document in the directory. Absent values are empty strings or None."""

    number: int
    """序号, from 1 in the order of the directory"""
    path: str
    """The source file; not for publication."""
    address: str
    index_no: str
    title: str
    summary: str
    formed_on: datetime.date | None
    doc_no: str
    issuer: str
    published_on: datetime.date | None
    disclosure: str
    validity: str
    column: str
    """Path of the document's column."""
    column_name: str
    """Names of the columns from the top, such as 政府信息公开 / 财政预决算."""
    a20_class: str
    """``a20_07``: its own, else its column's or of the nearest one above; '' if none has one."""
    a20_title: Label
    """What the class is called; empty if there is none."""
    genre: str
    topic: str


_BLANK: dict[str, str | None] = {
    "index_no": "", "summary": "", "formed_on": None, "doc_no": "", "issuer": "",
    "disclosure": "", "validity": "", "genre": "", "topic": "",
}  # fmt: skip
"""The fields of a row that a kind may keep private, and what they are then."""


@passing
@question
def rows(site: Site) -> tuple[Row, ...]:
    """All published documents: by column in the order of navigation, then newest first.

    Withdrawn and closed documents are not in the directory. A field that a kind keeps private is
    empty.
    """
    return _rows(site, site.ask(_listed), 1)


def rows_of_page(site: Site, number: int, size: int) -> tuple[Row, ...]:
    """The rows of page `number` (from 1) of the directory, `size` to a page."""
    return _rows(site, site.ask(listed, number, size), (number - 1) * size + 1)


@question
def count_rows(site: Site) -> int:
    """How many rows the directory has."""
    return len(site.ask(_listed))


@passing
@question
def listed(site: Site, number: int, size: int) -> tuple[str, ...]:
    """The documents on page `number` (from 1) of the directory, `size` to a page."""
    return site.ask(_listed)[(number - 1) * size : number * size]


def _listed(site: Site) -> tuple[str, ...]:
    """The documents of the directory, in order."""
    places = {path: place for place, path in enumerate(column_order(site))}
    entries = [entry for entry in site.entries.values() if entry.state == "published"]
    entries.sort(key=lambda entry: entry.card.path)
    entries.sort(key=lambda entry: entry.card.published_on or datetime.date.min, reverse=True)
    entries.sort(key=lambda entry: places.get(entry.column, len(places)))
    return tuple(entry.card.path for entry in entries)


def _rows(site: Site, paths: Iterable[str], start: int) -> tuple[Row, ...]:
    """The rows of these documents, the first of them with the number `start`."""
    names: dict[str, tuple[str, str]] = {}
    blanks: dict[str, dict[str, str | None]] = {}
    titles = _a20_titles(site)
    made = []
    for number, path in enumerate(paths, start):
        entry = site.entries[path]
        column, kind = entry.column, entry.card.kind
        if column not in names:
            names[column] = (column_name(site, column), a20_class(site, column))
        if kind not in blanks:
            hidden = site.ask(private_fields, kind)
            blanks[kind] = {name: blank for name, blank in _BLANK.items() if name in hidden}
        name, a20 = names[column]
        a20 = entry.card.a20_class or a20
        row = _row(number, entry, name, a20, titles.get(a20, {}))
        made.append(msgspec.structs.replace(row, **blanks[kind]) if blanks[kind] else row)
    return tuple(made)


def _row(number: int, entry: Entry, name: str, a20: str, a20_title: Label) -> Row:
    card = entry.card
    return Row(
        number=number,
        path=card.path,
        address=entry.address,
        index_no=card.index_no,
        title=card.title,
        summary=card.summary,
        formed_on=card.formed_on,
        doc_no=card.doc_no,
        issuer=card.issuer,
        published_on=card.published_on,
        disclosure=card.disclosure,
        validity=entry.validity,
        column=entry.column,
        column_name=name,
        a20_class=a20,
        a20_title=a20_title,
        genre=card.genre,
        topic=card.topic,
    )


@question
def private_fields(site: Site, kind: str) -> tuple[str, ...]:
    """Names of a kind's fields that never leave the build, common ones among them.

    A field that the kind redefines counts as the kind has it.
    """
    definition = site.kinds.kinds.get(kind)
    fields = site.kinds.fields_of(definition) if definition else site.kinds.common
    return tuple(field.name for field in fields if field.private)


class PrivateFields:
    """Which fields of a kind never leave the build."""

    __slots__ = ("_site",)

    def __init__(self, site: Site) -> None:
        self._site = site

    def of(self, kind: str) -> frozenset[str]:
        """Names of the kind's private fields, common ones among them."""
        return frozenset(self._site.ask(private_fields, kind))


def is_private(site: Site, kind: str, name: str) -> bool:
    """Whether a kind keeps one field private; its own definition goes before the common one."""
    return name in site.ask(private_fields, kind)


def column_order(site: Site) -> Iterator[str]:
    """Paths of all columns in the order of navigation, each after the one above it."""
    waiting = [path for path, column in site.columns.items() if column.parent is None]
    waiting.sort(reverse=True)
    seen: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path in seen or path not in site.columns:
            continue
        seen.add(path)
        yield path
        waiting.extend(reversed(site.columns[path].children))


def column_name(site: Site, path: str) -> str:
    """Names of the column and of those above it, without the root, joined by `` / ``."""
    names = [column.name for column in _upwards(site, path) if column.parent is not None]
    return " / ".join(reversed(names))


def a20_class(site: Site, path: str) -> str:
    """The column's class of art. 20, its own or the nearest one above; '' if none has one."""
    return next((column.a20_class for column in _upwards(site, path) if column.a20_class), "")


def _upwards(site: Site, path: str) -> Iterator[Column]:
    """The column and those above it, nearest first."""
    here: str | None = path
    while here is not None and here in site.columns:
        column = site.columns[here]
        yield column
        here = column.parent


def _a20_titles(site: Site) -> dict[str, Label]:
    """What the classes are called: the labels of the common field ``a20_class``."""
    found: Field | None = next((f for f in site.kinds.common if f.name == "a20_class"), None)
    return dict(found.labels) if found else {}
