"""The record: what git saw happen to published documents, held against what they declare.

Nothing published may change, move or vanish in silence. Only commits from `history_start` on are
examined, and what the very first commit brought along is never taken for news.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sitegen.config import Settings
from sitegen.problems import Location, Problem, Severity
from sitegen.site import codes
from sitegen.site.cards import Card
from sitegen.site.files import find
from sitegen.site.lifecycle import State
from sitegen.site.placing import Claims, Folders, at, past_address
from sitegen.site.sources import column_folder, is_document
from sitegen.source.history import History, Touch

_LEFT_OUT = re.compile(
    r"^(?:(?:draft|草稿) *[:：] *(?:true|yes|是|on|1)"
    r"|(?:disclosure|公开方式) *[:：] *[\"']?(?:依申请公开|不予公开))",
    re.MULTILINE | re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"^(?:published_on|发布日期|公开日期|发布时间) *[:：] *[\"']?(\d{4})[-年](\d\d?)[-月](\d\d?)",
    re.MULTILINE,
)
_TITLE = re.compile(r"^(?:title|标题|名称|信息名称) *[:：] *(.+?) *$", re.MULTILINE)


def check(
    history: History,
    cards: Mapping[str, Card],
    states: Mapping[str, State],
    places: Mapping[str, str],
    folders: Folders,
    claims: Claims,
    known_files: Mapping[str, int],
    settings: Settings,
    as_of: datetime.date,
    *,
    release: bool = False,
) -> Iterator[Problem]:
    """Hold the history against the documents.

    `claims` knows every address that still leads somewhere.
    """
    if not history.present:
        return
    if history.shallow:
        severity = Severity.ERROR if release else None
        yield codes.SHALLOW.at(Location("content"), severity)
    if release:
        for path in history.uncommitted or ():
            yield codes.UNCOMMITTED.at(Location("content/" + path))
    start = settings.history_start or datetime.date.min

    def examined(touch: Touch) -> bool:
        return touch.on >= start and not touch.first

    past = _Past(folders, claims, _moved_columns(history))
    for card in cards.values():
        if states[card.path].built and not card.draft:
            yield from _edits(history, card, known_files, examined, settings)
            yield from _first_seen(history, card, examined, settings)
            yield from _moves(history, card, past, examined)
    yield from _vanished(history, past, known_files, examined)
    if start <= as_of:
        yield from _missing(history, cards, past, known_files)


@dataclass(frozen=True, slots=True)
class _Past:
    """Addresses of the past, and whether they still lead somewhere."""

    folders: Folders
    claims: Claims
    moved: Mapping[str, str]

    def address(self, path: str, slug: str) -> str:
        """The address that a document had when it lay at `path`; ``…`` where nobody can tell."""
        return past_address(path, slug, self.folders, self.moved) or "…"

    def leads_somewhere(self, address: str) -> bool:
        """Whether there is a page at the address today, be it a redirect."""
        return bool(self.claims.owner(address))


def _moved_columns(history: History) -> dict[str, str]:
    """Folders of the past whose ``_column.yaml`` now lies elsewhere, with that folder."""
    return {
        touch.old.rpartition("/")[0]: folder
        for path, trail in history.files.items()
        if (folder := column_folder(path)) is not None
        for touch in trail.touches
        if touch.old
    }


def _edits(
    history: History,
    card: Card,
    known_files: Mapping[str, int],
    examined: Callable[[Touch], bool],
    settings: Settings,
) -> Iterator[Problem]:
    """Edits of a document, its data or its attachments with no change declared near their day."""
    published = card.published_on
    if published is None:
        return
    edits = [
        (touch, path)
        for path in _files_of(card, known_files)
        if (trail := history.files.get(path)) is not None
        for touch in trail.touches
        if touch.act == "edited" and touch.on > published and examined(touch)
    ]
    if not edits:
        return
    near = datetime.timedelta(days=settings.history_tolerance_days)
    declared = [published, *(change.on for change in card.changes)]
    told: dict[datetime.date, tuple[Touch, str]] = {}
    for touch, path in edits:
        if not any(abs(touch.on - day) <= near for day in declared):
            told[touch.on] = (touch, path)  # the last of a day stands for the day
    for on in sorted(told):
        touch, path = told[on]
        yield at(
            card,
            "changes",
            codes.UNDECLARED_EDIT,
            file=path.rpartition("/")[2],
            on=on,
            commit=touch.commit[:8],
        )


def _files_of(card: Card, known_files: Mapping[str, int]) -> list[str]:
    """The data files and attachments that are part of a document, then the document."""
    if not (card.tables or card.attachments or card.files):
        return [card.path]
    parts = {table.source for table in card.tables if table.source}
    named = [item.file for item in card.attachments] + [link.target for link in card.files]
    for written in named:
        found = find(card.path, written, known_files)
        if found is not None:
            parts.add(found)
    return [*sorted(parts - {card.path}), card.path]


def _first_seen(
    history: History, card: Card, examined: Callable[[Touch], bool], settings: Settings
) -> Iterator[Problem]:
    """A date of publication long before the document was there (domain 4.1, V1)."""
    trail = history.files.get(card.path)
    if trail is None or history.shallow or card.published_on is None:
        return
    first = trail.touches[0]
    late = (first.on - card.published_on).days
    if first.act == "added" and examined(first) and late > settings.history_tolerance_days:
        yield at(
            card,
            "published_on",
            codes.BACKDATED,
            published_on=card.published_on,
            on=first.on,
            commit=first.commit[:8],
        )


def _moves(
    history: History,
    card: Card,
    past: _Past,
    examined: Callable[[Touch], bool],
) -> Iterator[Problem]:
    """Old addresses of a document that was moved when it was public already."""
    trail = history.files.get(card.path)
    for touch in trail.touches if trail else ():
        if touch.act != "moved" or not examined(touch):
            continue
        if card.published_on is None or card.published_on > touch.on:
            continue
        address = past.address(touch.old, card.slug)
        if not past.leads_somewhere(address):
            yield at(card, "aliases", codes.MOVED_WITHOUT_ALIAS, on=touch.on, address=address)


def _vanished(
    history: History,
    past: _Past,
    known_files: Mapping[str, int],
    examined: Callable[[Touch], bool],
) -> Iterator[Problem]:
    """Published documents whose file is gone, and whose address leads nowhere."""
    for trail in history.gone:
        last = trail.touches[-1]
        if trail.path in known_files or not is_document(trail.path) or not examined(last):
            continue
        text = (trail.last_text or b"").decode("utf-8", "replace")
        if trail.last_text is not None and not _was_public(text, last.on):
            continue
        slug = re.search(r"^(?:slug|网址名) *[:：] *[\"']?([a-z0-9_-]+)", text, re.MULTILINE)
        address = past.address(trail.path, slug[1] if slug else "")
        if past.leads_somewhere(address):
            continue
        title = _TITLE.search(text)
        yield codes.VANISHED.at(
            Location("content/" + trail.path),
            title=title[1].strip("\"'") if title else trail.path,
            on=last.on,
            commit=last.commit[:8],
            address=address,
        )


def _missing(
    history: History,
    cards: Mapping[str, Card],
    past: _Past,
    known_files: Mapping[str, int],
) -> Iterator[Problem]:
    """Documents that are committed, but not there: somebody is about to delete or move them."""
    for path in history.files:
        if path in cards or path in known_files or not is_document(path):
            continue
        address = past.address(path, "")
        if not past.leads_somewhere(address):
            yield codes.MISSING.at(Location("content/" + path), address=address)


def _was_public(text: str, on: datetime.date) -> bool:
    """Whether a deleted document's last text says that it was public on the day of its deletion."""
    if _LEFT_OUT.search(text):
        return False
    found = _PUBLISHED.search(text)
    if found is None:
        return True  # in doubt, ask
    try:
        return datetime.date(int(found[1]), int(found[2]), int(found[3])) <= on
    except ValueError:
        return True
