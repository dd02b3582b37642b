"""The Site: the one immutable value that all producers and checks read.

What it has one of for every document is a struct (see ``cards``).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import msgspec

from sitegen.config import Settings
from sitegen.kinds.kind import Kinds
from sitegen.site.cards import Card
from sitegen.site.leftout import LeftOut as LeftOut

PASSING: set[Callable[..., Any]] = set()
"""Questions whose answers nobody keeps; see ``questions.passing``."""
Answer = TypeVar("Answer")
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Column:
    """A column (栏目): a folder of content with ``_column.yaml``. The root column is the home page.

    `path` is the folder relative to ``content/`` ("" for the root); `address` is the folder of its
    pages in the output ("" or ``xxgk/``, with the slash).
    """

    path: str
    address: str
    name: str
    parent: str | None
    children: tuple[str, ...] = ()
    """Paths of the columns below it, in order."""
    description: str = ""
    type: str = ""
    """ColumnType of the national page tags."""
    keywords: tuple[str, ...] = ()
    owner: str = ""
    update_rule: str = ""
    max_gap_days: int | None = None
    a20_class: str = ""
    status: str = "active"
    """active, archived or merged."""
    archived_on: datetime.date | None = None
    archived_reason: str = ""
    merged_into: str = ""
    block: str = ""
    """Which standard block it is: guide, rules, content, reports, or request; else ''."""
    order: int = 0
    page_size: int = 20
    sort: str = "newest"
    hidden: bool = False
    """Left out of navigation."""
    intro: str = ""
    published_by: str = ""
    """Who publishes this instead, where the zone does not (with `published_url`)."""
    published_url: str = ""
    documents: tuple[str, ...] = ()
    """Paths of its own documents that have pages, in the order of its list."""


class Attachment(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file offered for download, with its place in the output."""

    source: str
    address: str
    title: str
    name: str
    """The human file name for the ``download`` attribute."""
    size: int
    sha256: str
    media_type: str
    note: str = ""


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """A change (变更): one dated public act on a document."""

    on: datetime.date
    act: str
    title: str
    path: str
    column: str
    responsible: str
    note: str = ""
    address: str = ""
    """Where the document is to be read; empty when it has no page."""
    minor: bool = False


class Act(Protocol):
    """What is asked of a change, or of the beginning of one."""

    @property
    def on(self) -> datetime.date:
        """The day."""

    @property
    def minor(self) -> bool:
        """Whether it is kept out of the public log."""


def changed_on(changes: Iterable[Act], published_on: datetime.date | None) -> datetime.date | None:
    """The day of the last public act on a document that was published then."""
    last = published_on
    for change in changes:
        if not change.minor and (last is None or change.on > last):
            last = change.on
    return last


class Relation(msgspec.Struct, frozen=True, omit_defaults=True):
    """A relation of one document to another, as shown on its page.

    `name` is interprets / interpreted_by, amends / amended_by, repeals / repealed_by,
    replaces / replaced_by, or relates (both ways).
    """

    name: str
    path: str


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document in its place. `state` is published, withdrawn or closed (公开期限已届满)."""

    card: Card
    address: str
    column: str
    state: str = "published"
    validity: str = ""
    """尚未施行 有效 已修改 废止 失效, or '' for kinds to which validity does not apply."""
    validity_since: datetime.date | None = None
    revised_on: datetime.date | None = None
    relations: tuple[Relation, ...] = ()
    changes: tuple[Change, ...] = ()
    """Its own history, newest first."""
    attachments: tuple[Attachment, ...] = ()
    newer: str | None = None
    """Path of the next newer document in the same list."""
    older: str | None = None

    @property
    def path(self) -> str:
        """The source file, relative to ``content/``."""
        return self.card.path

    @property
    def changed_on(self) -> datetime.date | None:
        """The day of the last public act on the document (minor corrections aside)."""
        return changed_on(self.changes, self.card.published_on)


@dataclass(frozen=True, slots=True)
class Redirect:
    """An old address and where it leads now."""

    address: str
    target: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """Everything about the site on one day. All order is fixed; nothing in it changes."""

    settings: Settings
    kinds: Kinds
    as_of: datetime.date
    columns: Mapping[str, Column]
    entries: Mapping[str, Entry]
    """Every document that has a page or a tombstone, by source path."""
    log: tuple[Change, ...] = ()
    """All public changes, newest first."""
    redirects: tuple[Redirect, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    files: Mapping[str, Attachment] = field(default_factory=dict)
    """Files that bodies link to or show (pictures), by source path."""
    revision: str = ""
    """The commit that was built; empty outside a repository."""
    _answers: dict[object, Any] = field(
        default_factory=dict, init=False, repr=False, compare=False, hash=False
    )

    def ask(self, question: Callable[..., Answer], *arguments: str | int) -> Answer:
        """The answer of a registered question (``site.questions``) about the whole, found once.

        A page depends on the answer, not on all that was looked at to find it.
        """
        if question in PASSING:
            return question(self, *arguments)
        key = (question, *arguments)
        if key not in self._answers:
            self._answers[key] = question(self, *arguments)
        return self._answers[key]  # type: ignore[no-any-return]

    def once(self, key: tuple[str, ...], make: Callable[[], Part]) -> Part:
        """What `make` gives, made once for this site: a part that many pages share.

        `make` may depend on `key`, the site and the theme, and on nothing else. A page that uses
        the part depends on all that the part was made from.
        """
        if key not in self._answers:
            self._answers[key] = make()
        return self._answers[key]  # type: ignore[no-any-return]

    def forget(self) -> None:
        """Let go of all answers and parts, when nobody will ask this site any more."""
        self._answers.clear()
