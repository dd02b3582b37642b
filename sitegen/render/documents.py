"""Documents as templates see them: everything a page shows of one document, and nothing else.

Private fields are dropped here, with all that is not published; a template cannot reach them.
"""

from __future__ import annotations

import datetime
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from markupsafe import Markup, escape

from sitegen.kinds.document import Document, Value
from sitegen.kinds.kind import Field, Kind
from sitegen.render.markdown import Heading, Rendered
from sitegen.render.places import FileLink, Link, Spot
from sitegen.render.tables import Cell, Record, TableFiles, TableView
from sitegen.render.values import NUMERIC, block, is_blank, measured
from sitegen.render.words import W_, Words
from sitegen.site import addresses
from sitegen.site.site import Change, Entry, Site


class Day(msgspec.Struct, frozen=True):
    """A date: `iso` for machines and lists, `text` in words."""

    iso: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Mark:
    """A state that readers must see, such as 已废止; `css` is its class."""

    text: str
    css: str


@dataclass(frozen=True, slots=True)
class Banner:
    """A sentence at the head of a page, with the documents it speaks of."""

    text: str
    css: str
    links: tuple[Link, ...] = ()


class FieldView(msgspec.Struct, frozen=True):
    """A field: `text` within a line, `block` as a block; `long` wants the width of the page."""

    name: str
    label: str
    text: Markup
    block: Markup
    long: bool = False
    records: tuple[Record, ...] = ()
    """For a list of objects: its items."""


@dataclass(frozen=True, slots=True)
class RelationView:
    """Documents to which this one is related in one way."""

    name: str
    label: str
    links: tuple[Link, ...]


class ChangeView(msgspec.Struct, frozen=True):
    """A line of an update log."""

    day: Day
    act: str
    css: str
    title: str
    href: str
    column: Link | None
    responsible: str
    note: str


class Section(msgspec.Struct, frozen=True):
    """A place on the page that its table of contents names."""

    level: int
    id: str
    title: str


class DocumentView:
    """One document for its template."""

    __slots__ = ("_public", "attachments", "banner", "body", "contact", "contents", "day",
                 "description_file", "facts", "fields", "headings", "history", "identification",
                 "issuer", "kind", "kind_title", "mark", "newer", "older", "package", "relations",
                 "responsible", "revised", "source", "summary", "tables", "title")  # fmt: skip

    title: str
    kind: str
    kind_title: str
    summary: str
    issuer: str
    source: str
    responsible: str
    day: Day | None
    revised: Day | None
    mark: Mark | None
    banner: Banner | None
    identification: tuple[FieldView, ...]
    fields: tuple[FieldView, ...]
    tables: tuple[TableView, ...]
    body: Markup
    headings: tuple[Heading, ...]
    contact: FieldView | None
    attachments: tuple[FileLink, ...]
    package: str
    description_file: str
    relations: tuple[RelationView, ...]
    history: tuple[ChangeView, ...]
    newer: Link | None
    older: Link | None
    contents: tuple[Section, ...]
    _public: dict[str, FieldView]

    def field(self, name: str) -> FieldView | None:
        """A field of the kind by its name; None when it is blank, private or unknown."""
        return self._public.get(name)

    def pick(self, *names: str) -> tuple[FieldView, ...]:
        """These fields, in this order, as far as they are there."""
        return tuple(self._public[name] for name in names if name in self._public)

    def fields_except(self, *names: str) -> tuple[FieldView, ...]:
        """The fields of the kind without these, for templates that show some in their own way."""
        return tuple(each for each in self.fields if each.name not in names)

    def table(self, name: str) -> TableView | None:
        """A table by its name; None when the document does not have it."""
        return next((each for each in self.tables if each.name == name), None)

    def tables_except(self, *names: str) -> tuple[TableView, ...]:
        """The tables without these."""
        return tuple(each for each in self.tables if each.name not in names)


LABELS = {
    "index_no": W_("Index number"),
    "topic": W_("Topic"),
    "issuer": W_("Issued by"),
    "formed_on": W_("Date of the document"),
    "doc_no": W_("Document number"),
    "published_on": W_("Published on"),
    "genre": W_("Genre"),
    "validity": W_("Validity"),
    "effective_on": W_("Effective on"),
    "expires_on": W_("Expires on"),
    "disclosure": W_("Disclosure"),
    "responsible": W_("Responsible unit"),
    "keywords": W_("Keywords"),
}
"""The identification table in the order of official pages (domain 11.2)."""

RELATIONS = {
    "interprets": W_("Documents interpreted here"),
    "interpreted_by": W_("Interpretations"),
    "amends": W_("Documents amended by this one"),
    "amended_by": W_("Amended by"),
    "repeals": W_("Documents repealed by this one"),
    "repealed_by": W_("Repealed by"),
    "replaces": W_("Documents replaced by this one"),
    "replaced_by": W_("Replaced by"),
    "relates": W_("Related information"),
}

VALIDITY = {
    "尚未施行": "pending",
    "有效": "valid",
    "已修改": "amended",
    "废止": "repealed",
    "失效": "lapsed",
}
ACTS = {
    "发布": "published",
    "修订": "revised",
    "废止": "repealed",
    "撤下": "withdrawn",
    "移动": "moved",
}

_BANNERS = {
    "尚未施行": (W_("This document takes effect on {date}."), W_("Not yet in force.")),
    "已修改": (W_("This document was amended on {date}."), W_("This document has been amended.")),
    "废止": (W_("This document was repealed on {date}."), W_("This document has been repealed.")),
    "失效": (W_("This document lapsed on {date}."), W_("This document is no longer in force.")),
}
_CAUSES = {"已修改": ("amended_by",), "废止": ("repealed_by", "replaced_by")}
_LONG = 72
"""Characters, with their markup, from which a value takes a row of its own."""


def day_of(day: datetime.date | None, words: Words) -> Day | None:
    """A date for templates."""
    return None if day is None else Day(day.isoformat(), words.date(day))


def mark_of(validity: str, words: Words) -> Mark | None:
    """The mark of a state that is not plainly 有效."""
    if validity not in VALIDITY or validity == "有效":
        return None
    return Mark(words.term(validity), VALIDITY[validity])


def change_view(change: Change, spot: Spot) -> ChangeView:
    """A line of the log; `column` is None where the column is unknown."""
    column = spot.document(change.column) if change.column else None
    return ChangeView(
        day=Day(change.on.isoformat(), spot.words.date(change.on)),
        act=spot.words.term(change.act),
        css=ACTS.get(change.act, ""),
        title=change.title,
        href=spot.href(change.address) if change.address else "",
        column=column,
        responsible=change.responsible,
        note=change.note,
    )


def spot_of(site: Site, words: Words, entry: Entry) -> Spot:
    """The place of a document's page."""
    folder, _, name = entry.path.rpartition("/")
    stem = posixpath.join(folder, name.rpartition(".")[0])
    depth = entry.address.count("/")
    return Spot(site, words, "../" * depth, (stem, folder), entry.attachments)


def document_view(
    entry: Entry,
    document: Document,
    body: Rendered,
    kind: Kind,
    common: Mapping[str, Field],
    spot: Spot,
) -> DocumentView:
    """All that a page shows of a published document."""
    words, card = spot.words, entry.card
    view = DocumentView()
    view.title = card.title
    view.kind = kind.name
    view.kind_title = words.label(kind.title)
    view.summary = card.summary
    view.issuer = card.issuer
    view.source = card.source or card.issuer
    view.responsible = card.responsible
    view.day = day_of(card.published_on, words)
    view.revised = day_of(entry.revised_on, words)
    view.mark = mark_of(entry.validity, words)
    view.relations = _relations(entry, spot)
    view.banner = _banner(entry, spot)
    view.identification = _identification(entry, kind, spot)
    own = [each for each in kind.fields if each.name not in common]
    view.fields = _fields(own, document.fields, spot)
    view._public = {each.name: each for each in view.fields}
    contact = common.get("contact")
    view.contact = next(iter(_fields([contact], document.fields, spot)), None) if contact else None
    known = {table.name for table in kind.tables}
    view.tables = tuple(
        TableView(table, spot, _files(entry, table.kind.name, spot), table.kind.name not in known)
        for table in document.tables
        if any(not field.private for field in table.kind.fields)
    )
    view.body = spot.linked(body.html)
    view.headings = body.headings
    view.attachments = tuple(spot.file_link(each) for each in entry.attachments)
    has_tables = bool(view.tables)
    view.package = (
        spot.href(addresses.archive(entry.address)) if has_tables or entry.attachments else ""
    )
    view.description_file = spot.href(addresses.data_package(entry.address)) if has_tables else ""
    view.history = tuple(change_view(each, spot) for each in entry.changes if not each.minor)
    view.newer = spot.document(entry.newer) if entry.newer else None
    view.older = spot.document(entry.older) if entry.older else None
    view.contents = _contents(view)
    return view


def _files(entry: Entry, table: str, spot: Spot) -> TableFiles:
    return TableFiles(
        *(spot.href(addresses.table_file(entry.address, table, suffix))
          for suffix in ("csv", "xlsx", "json"))
    )  # fmt: skip


def _identification(entry: Entry, kind: Kind, spot: Spot) -> tuple[FieldView, ...]:
    card, words = entry.card, spot.words
    values: dict[str, str] = {
        "index_no": card.index_no,
        "topic": card.topic.replace("\\", " / "),
        "issuer": card.issuer,
        "formed_on": words.date(card.formed_on) if card.formed_on else "",
        "doc_no": card.doc_no,
        "published_on": words.date(card.published_on) if card.published_on else "",
        "genre": card.genre,
        "validity": words.term(entry.validity),
        "effective_on": words.date(card.effective_on) if card.effective_on else "",
        "expires_on": words.date(card.expires_on) if card.expires_on else "",
        "disclosure": words.term(card.disclosure),
        "responsible": card.responsible,
        "keywords": words(", ").join(card.keywords),
    }
    own = {each.name: each for each in kind.fields}
    found = []
    for name, message in LABELS.items():
        if text := values[name]:
            label = words.label(own[name].title) if name in own else words(message)
            safe = escape(text)
            found.append(FieldView(name, label, safe, safe))
    return tuple(found)


def _fields(fields: list[Field], values: Mapping[str, Value], spot: Spot) -> tuple[FieldView, ...]:
    found = []
    for field in fields:
        value = values.get(field.name)
        if field.private or value is None or is_blank(value):
            continue
        text = measured(field, value, spot)
        if not text:
            continue
        whole = text if field.type in NUMERIC else block(field, value, spot)
        records: tuple[Record, ...] = ()
        item = field.item
        if item is not None and item.type == "object" and isinstance(value, list):
            records = tuple(_record(item, each, spot) for each in value if isinstance(each, dict))
        long = field.type in {"text", "object"} or len(text) > _LONG or bool(records)
        label = spot.words.label(field.title)
        found.append(FieldView(field.name, label, text, whole, long, records))
    return tuple(found)


def _record(item: Field, value: dict[str, Value], spot: Spot) -> Record:
    parts = [each for each in item.fields if not each.private]
    places = {each.name: (place, each) for place, each in enumerate(parts)}
    return Record(places, [value.get(each.name) for each in parts], spot)


def _relations(entry: Entry, spot: Spot) -> tuple[RelationView, ...]:
    found = []
    relations = entry.relations
    for name, message in RELATIONS.items() if relations else ():
        links = [
            link
            for each in relations
            if each.name == name and (link := spot.document(each.path)) is not None
        ]
        if links:
            found.append(RelationView(name, spot.words(message), tuple(links)))
    return tuple(found)


def _banner(entry: Entry, spot: Spot) -> Banner | None:
    messages = _BANNERS.get(entry.validity)
    if messages is None:
        return None
    dated, plain = messages
    day = entry.validity_since
    if entry.validity == "尚未施行":
        day = entry.card.effective_on or day
    text = spot.words(dated).format(date=spot.words.date(day)) if day else spot.words(plain)
    links = [
        link
        for each in entry.relations
        if each.name in _CAUSES.get(entry.validity, ())
        and (link := spot.document(each.path)) is not None
    ]
    return Banner(text, VALIDITY[entry.validity], tuple(links))


def _contents(view: DocumentView) -> tuple[Section, ...]:
    """The sections of a long page: headings of the text, then the tables."""
    sections = [Section(each.level, each.id, each.text) for each in view.headings if each.level < 4]
    sections += [Section(2, each.id, each.title) for each in view.tables]
    return tuple(sections) if len(sections) >= 4 else ()


__all__ = [
    "Banner", "Cell", "ChangeView", "Day", "DocumentView", "FieldView", "Mark", "RelationView",
    "Section", "change_view", "day_of", "document_view", "mark_of", "spot_of",
]  # fmt: skip
