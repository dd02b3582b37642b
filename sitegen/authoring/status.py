"""Status: what changed since the last commit, what the public log will say, what is still missing.

Only documents that differ, and those with a date ahead, are read; nothing is written.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sitegen.authoring import codes
from sitegen.authoring.forms import Forms
from sitegen.authoring.repository import Difference, committed, differences
from sitegen.authoring.withdraw import card_at
from sitegen.making.frame import Frame
from sitegen.problems import Location, Problem, ordered
from sitegen.site.cards import Card
from sitegen.site.changes import Place, history_of, public_log
from sitegen.site.lifecycle import PUBLISHED, SCHEDULED, WITHDRAWN, state_of
from sitegen.site.placing import Folders, alias_address, document_address
from sitegen.site.relations import Validity
from sitegen.site.site import Change
from sitegen.site.sources import is_document

ADDED, PUBLISHED_NOW, EDITED, MOVED = "added", "published", "edited", "moved"
WITHDRAWN_NOW, BACK, DELETED = "withdrawn", "back", "deleted"
"""What became of a document since the last commit."""

PUBLISH, EFFECT, EXPIRY, CLOSING, DECLARED = "publish", "effect", "expiry", "closing", "change"
"""What a day ahead brings."""

_DAY = datetime.timedelta(days=1)
_DATE = re.compile(rb"(20[0-9]{2})(?:-|\xe5\xb9\xb4)([0-9]{1,2})(?:-|\xe6\x9c\x88)([0-9]{1,2})")


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """One document that differs from the last commit. Paths are relative to ``content/``."""

    act: str
    path: str
    title: str
    state: str = ""
    """Of today, as in ``site.lifecycle``; empty for a deleted one."""
    on: datetime.date | None = None
    """The day of publication of one that is scheduled."""
    old: str = ""
    """Where it lay before."""
    files: tuple[str, ...] = ()
    """Its data files and attachments that differ, by name."""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Something that happens by itself on a day ahead; `what` is one of the words above."""

    on: datetime.date
    what: str
    path: str
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a site between two commits. `changes` is None without a repository."""

    changes: tuple[DocumentChange, ...] | None
    others: tuple[Difference, ...] = ()
    """Columns, settings and files that belong to no document."""
    log: tuple[Change, ...] = ()
    """The lines that the public update log will have and did not."""
    problems: tuple[Problem, ...] = ()
    """Notes that are missing."""
    upcoming: tuple[Upcoming, ...] = ()


@dataclass(slots=True)
class _Pair:
    """A document before and now; None where it is not, or cannot be read."""

    path: str
    old_path: str = ""
    act: str = EDITED
    itself: bool = False
    before: Card | None = None
    now: Card | None = None
    files: list[str] = field(default_factory=list)


def site_status(frame: Frame, today: datetime.date) -> Status:
    """Compare the content with the newest commit, and look ahead."""
    forms = Forms(frame)
    upcoming = tuple(sorted(_ahead(frame, forms, today), key=lambda u: (u.on, u.path, u.what)))
    found = differences(frame.tree.root)
    if found is None:
        return Status(None, upcoming=upcoming)
    pairs, others = _pairs(frame, forms, found)
    work = _Work(frame, forms, today, pairs)
    changes = tuple(work.change(pair) for pair in pairs.values())
    return Status(changes, others, work.log(), ordered(work.missing()), upcoming)


def _pairs(
    frame: Frame, forms: Forms, found: Iterable[Difference]
) -> tuple[dict[str, _Pair], tuple[Difference, ...]]:
    """The documents that differ, each with the files of its own that do; and all other files."""
    found = tuple(found)
    pairs: dict[str, _Pair] = {}
    for each in found:
        if is_document(each.path):
            old = each.old if is_document(each.old) else ""
            act = each.act if not each.old or old else ADDED
            pairs[each.path] = _Pair(each.path, old or each.path, act, itself=True)
    gone = {pair.path for pair in pairs.values() if pair.act == DELETED}
    moved = {_stem(pair.old_path): _stem(pair.path) for pair in pairs.values() if pair.act == MOVED}
    others = []
    for each in found:
        if is_document(each.path):
            continue
        owner = _owner(each.path, frame, gone)
        if not owner:
            others.append(each)
            continue
        pair = pairs.setdefault(owner, _Pair(owner, owner))
        stem = _stem(owner)
        was = each.old.removeprefix(next((o for o, n in moved.items() if n == stem), "\0"))
        if each.act != MOVED or was != each.path.removeprefix(stem):
            pair.files.append(each.path.rpartition("/")[2])
    for pair in pairs.values():
        data = committed(frame.tree.root, pair.old_path) if pair.act != ADDED else None
        pair.before = card_at(frame, forms, pair.old_path, data) if data is not None else None
        if pair.path in frame.tree:
            pair.now = card_at(frame, forms, pair.path, frame.tree.read(pair.path))
    return {path: pairs[path] for path in sorted(pairs)}, tuple(others)


def _owner(path: str, frame: Frame, gone: Iterable[str]) -> str:
    """The document in whose folder a file lies; "" if there is none."""
    folder = path.rpartition("/")[0]
    while folder:
        for owner in (f"{folder}.md", f"{folder}.yaml"):
            if owner in frame.tree or owner in gone:
                return owner
        folder = folder.rpartition("/")[0]
    return ""


def _stem(path: str) -> str:
    return path.rpartition(".")[0]


@dataclass(slots=True)
class _Work:
    """One comparison."""

    frame: Frame
    forms: Forms
    today: datetime.date
    pairs: Mapping[str, _Pair]

    def change(self, pair: _Pair) -> DocumentChange:
        """What became of a document."""
        card = pair.now or pair.before
        title = card.title if card is not None and card.title else pair.path
        old = pair.old_path if pair.old_path != pair.path else ""
        if pair.now is None:
            act = DELETED if pair.act == DELETED else pair.act
            return DocumentChange(act, pair.path, title, old=old, files=tuple(pair.files))
        state = state_of(pair.now, self.today)
        act = self._act(pair)
        on = state.on if state.name == SCHEDULED else None
        return DocumentChange(act, pair.path, title, state.name, on, old, tuple(pair.files))

    def _act(self, pair: _Pair) -> str:
        if pair.now is None or pair.before is None:
            return pair.act
        before = state_of(pair.before, self.today).name
        now = state_of(pair.now, self.today).name
        if now == WITHDRAWN != before:
            return WITHDRAWN_NOW
        if before == WITHDRAWN and now == PUBLISHED:
            return BACK
        if now == PUBLISHED != before:
            return PUBLISHED_NOW
        return pair.act

    # The public log.

    def log(self) -> tuple[Change, ...]:
        """New lines of the update log."""
        lines: dict[str, tuple[Change, ...]] = {}
        for path, pair in self.pairs.items():
            if pair.now is None or not state_of(pair.now, self.today).built:
                continue
            told = set()
            if pair.before is not None and state_of(pair.before, self.today).built:
                told = {(each.on, each.act, each.note) for each in self._history(pair.before, None)}
            new = [
                each
                for each in self._history(pair.now, None)
                if (each.on, each.act, each.note) not in told
            ]
            lines[path] = tuple(new)
            for target, line in self._ended(pair):
                lines[target] = (*lines.get(target, ()), line)
        return public_log(lines)

    def _history(self, card: Card, validity: Validity | None) -> tuple[Change, ...]:
        folders = Folders({column.path: column for column in self.frame.columns})
        address, _ = document_address(card, folders)
        place = Place(address, "", card.responsible or card.issuer)
        return history_of(card, place, validity, self.today, self.frame.settings.language)

    def _ended(self, pair: _Pair) -> Iterator[tuple[str, Change]]:
        """Documents that a new one repeals or replaces: their log tells it too."""
        assert pair.now is not None
        before = pair.before.references if pair.before is not None else ()
        known = {(each.relation, each.target) for each in before}
        for each in pair.now.references:
            if each.relation not in ("repeals", "replaces"):
                continue
            since = pair.now.effective_on or pair.now.published_on or self.today
            if (each.relation, each.target) in known or since > self.today:
                continue
            if each.target not in self.frame.tree or not is_document(each.target):
                continue
            data = self.frame.tree.read(each.target)
            target = card_at(self.frame, self.forms, each.target, data)
            if target is None or not state_of(target, self.today).built:
                continue
            validity = Validity("废止", since, pair.now, each.relation)
            for line in self._history(target, validity):
                if line.act == "废止" and line.on == since:
                    yield each.target, line

    # What is missing.

    def missing(self) -> Iterator[Problem]:
        """Public acts that nothing tells of, seen as the next build of a release will."""
        start = self.frame.settings.history_start
        if start is not None and start > self.today:
            return
        for pair in self.pairs.values():
            was_public = pair.before is not None and _public_before(pair.before, self.today)
            if pair.now is None:
                if was_public and pair.act == DELETED:
                    yield from self._deleted(pair)
                continue
            if was_public and state_of(pair.now, self.today).built:
                yield from self._undeclared(pair)
            yield from self._without_note(pair)

    def _undeclared(self, pair: _Pair) -> Iterator[Problem]:
        assert pair.now is not None
        near = datetime.timedelta(days=self.frame.settings.history_tolerance_days)
        marks = pair.now.marks
        if not any(abs(change.on - self.today) <= near for change in pair.now.changes):
            where = _at(pair.path, marks.get("changes") or marks.get("title"))
            yield codes.NO_CHANGE_SAID.at(where, title=pair.now.title, on=self.today)
        if pair.act == MOVED and pair.before is not None:
            folders = Folders({column.path: column for column in self.frame.columns})
            old, _ = document_address(pair.before, folders)
            new, _ = document_address(pair.now, folders)
            if old != new and old not in self._led_on():
                where = _at(pair.path, marks.get("aliases") or marks.get("title"))
                yield codes.NO_ALIAS.at(where, address=old)

    def _deleted(self, pair: _Pair) -> Iterator[Problem]:
        assert pair.before is not None
        folders = Folders({column.path: column for column in self.frame.columns})
        address, _ = document_address(pair.before, folders)
        if address not in self._led_on():
            where = _at(pair.path, None)
            yield codes.DELETED_PUBLIC.at(where, title=pair.before.title, path=pair.path)

    def _led_on(self) -> frozenset[str]:
        """Old addresses that documents which differ say are theirs."""
        cards = (pair.now for pair in self.pairs.values() if pair.now is not None)
        return frozenset(alias_address(alias) for card in cards for alias, _ in card.aliases)

    def _without_note(self, pair: _Pair) -> Iterator[Problem]:
        assert pair.now is not None
        before = pair.before.changes if pair.before is not None else ()
        told = {(change.on, change.act) for change in before}
        for change in pair.now.changes:
            if change.act in ("发布", "移动") or change.minor or change.note.strip():
                continue
            if (change.on, change.act) not in told:
                yield codes.CHANGE_WITHOUT_NOTE.at(
                    _at(pair.path, change.mark), act=change.act, on=change.on
                )


def _public_before(card: Card, today: datetime.date) -> bool:
    return (
        state_of(card, today).built and card.published_on is not None and card.published_on < today
    )


def _at(path: str, mark: tuple[int, int] | None) -> Location:
    return Location(f"content/{path}", *(mark or (None, None)))


def _ahead(frame: Frame, forms: Forms, today: datetime.date) -> Iterator[Upcoming]:
    """What documents say of the days after today."""
    for path in frame.documents:
        data = frame.tree.read(path)
        if not any(_after(found, today) for found in _DATE.findall(data)):
            continue
        card = card_at(frame, forms, path, data)
        if card is None or card.draft:
            continue
        state = state_of(card, today).name
        if state == SCHEDULED and card.published_on is not None:
            yield Upcoming(card.published_on, PUBLISH, path, card.title)
        if state not in (SCHEDULED, PUBLISHED):
            continue
        for day, what in ((card.effective_on, EFFECT), (card.expires_on, EXPIRY)):
            if day is not None and day + (what == EXPIRY) * _DAY > today:
                yield Upcoming(day + (what == EXPIRY) * _DAY, what, path, card.title)
        if card.public_until is not None and card.public_until >= today:
            yield Upcoming(card.public_until + _DAY, CLOSING, path, card.title)
        for change in card.changes:
            if change.on > today:
                yield Upcoming(
                    change.on, DECLARED, path, card.title, f"{change.act} {change.note}".strip()
                )


def _after(found: tuple[bytes, bytes, bytes], today: datetime.date) -> bool:
    year, month, day = map(int, found)
    return (year, month, day) >= (today.year, today.month, today.day)
