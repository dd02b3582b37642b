"""Cards: what the whole site needs to know of one document; the rest stays on disk.

A card is made where the document is read, and is all that assembling the site looks at. Cards and
their parts are structs, which say only what differs from a default when they are packed: at every
edit all of them are unpacked, put in their places and packed again.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

import msgspec

Mark = tuple[int, int]


class DeclaredChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry of a document's ``changes`` (变更): a dated public act with a note."""

    on: datetime.date
    act: str
    """One of 发布 修订 废止 撤下 移动."""
    note: str = ""
    responsible: str = ""
    minor: bool = False
    """A slip of the pen mended: kept out of the public log."""
    mark: Mark = (1, 1)


class Reference(msgspec.Struct, frozen=True, omit_defaults=True):
    """A relation that the document declares: `target` is a source path relative to ``content/``."""

    relation: str
    """One of interprets amends repeals replaces relates, or the name of a reference field."""
    target: str
    mark: Mark = (1, 1)


class AttachmentCard(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file offered for download; `file` is as written (see ``site.files.candidates``)."""

    file: str
    title: str
    slug: str = ""
    note: str = ""
    mark: Mark = (1, 1)


class LinkCard(msgspec.Struct, frozen=True, omit_defaults=True):
    """A link in the body to a source file: `target` relative to ``content/``, with its fragment."""

    target: str
    fragment: str = ""
    mark: Mark = (1, 1)


class TableCard(msgspec.Struct, frozen=True, omit_defaults=True):
    """A table as lists of downloads show it."""

    name: str
    title: str
    rows: int
    source: str = ""
    """The data file that the rows came from, relative to ``content/``; empty for inline rows."""


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    """The small face of one document. Absent values are empty strings or None."""

    path: str
    kind: str
    title: str
    slug: str = ""
    index_no: str = ""
    doc_no: str = ""
    issuer: str = ""
    responsible: str = ""
    source: str = ""
    summary: str = ""
    topic: str = ""
    genre: str = ""
    keywords: tuple[str, ...] = ()
    disclosure: str = "主动公开"
    validity: str = ""
    """As declared; the site works out the present one."""
    draft: bool = False
    formed_on: datetime.date | None = None
    published_on: datetime.date | None = None
    effective_on: datetime.date | None = None
    expires_on: datetime.date | None = None
    public_until: datetime.date | None = None
    order: int = 0
    year: int | None = None
    changes: tuple[DeclaredChange, ...] = ()
    references: tuple[Reference, ...] = ()
    attachments: tuple[AttachmentCard, ...] = ()
    links: tuple[LinkCard, ...] = ()
    anchors: tuple[str, ...] = ()
    tables: tuple[TableCard, ...] = ()
    files: tuple[LinkCard, ...] = ()
    """Files that other fields and tables name (forms, samples), as written."""
    a20_class: str = ""
    """Its own class of art. 20 (公开类别); empty where the column's holds."""
    aliases: tuple[tuple[str, Mark], ...] = ()
    has_body: bool = False
    marks: dict[str, Mark] = msgspec.field(default_factory=dict)
    """Where title, slug, index_no, doc_no and dates stand."""


@dataclass(frozen=True, slots=True)
class ColumnCard:
    """What one ``_column.yaml`` says; `path` is the folder relative to ``content/`` ("": the root).

    ``site.columns`` makes the `Column` of it, with what it takes from the columns above.
    """

    path: str
    name: str
    slug: str = ""
    description: str = ""
    type: str = ""
    keywords: tuple[str, ...] = ()
    owner: str = ""
    update_rule: str = ""
    max_gap_days: int | None = None
    a20_class: str = ""
    status: str = "active"
    archived_on: datetime.date | None = None
    archived_reason: str = ""
    merged_into: str = ""
    block: str = ""
    order: int = 0
    page_size: int | None = None
    sort: str = "newest"
    hidden: bool = False
    intro: str = ""
    published_by: str = ""
    published_url: str = ""
    opened_on: datetime.date | None = None
    kind: str = ""
    """The kind of its documents that do not say theirs."""
    aliases: tuple[tuple[str, Mark], ...] = ()
    marks: dict[str, Mark] = field(default_factory=dict)
    """Where each value stands in ``_column.yaml``."""
