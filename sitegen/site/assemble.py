"""Assemble: all cards, columns and settings to one immutable Site, on one day. Pure.

    site, problems = assemble(
        cards,          # every readable document's card, drafts and all
        columns,        # what every _column.yaml says (settings.column_of); the root's may be there
        settings,       # settings.settings_of
        kinds,          # kinds.loading
        files,          # files.Files: sizes of all files of content/, and who works out a digest
        as_of=…,        # the day, in the site's time zone
        history=…,      # source.history.read_history; leave it out for none
        calendar=…,     # source.calendar; needed for limits in working days
        drafts=False,   # build drafts and documents of the future too
        release=False,  # a shallow clone and uncommitted files are errors
        settings_marks=…,  # where the values of site.yaml stand
    )

The Site is whole even when there are errors, as far as it can be; nobody builds it then.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from sitegen.config import Settings
from sitegen.kinds.kind import Kinds
from sitegen.problems import Problem, Severity, ordered
from sitegen.site import (
    changes,
    columns,
    coverage,
    lifecycle,
    links,
    numbers,
    placing,
    record,
    relations,
)
from sitegen.site.attachments import Shelf, forgotten
from sitegen.site.cards import Card, ColumnCard, Mark
from sitegen.site.codes import MISSING_FILE, UNCOMMITTED
from sitegen.site.files import Files
from sitegen.site.lifecycle import PUBLISHED, SCHEDULED, State
from sitegen.site.nearby import Nearby
from sitegen.site.redirects import Redirects
from sitegen.site.settings import check_settings
from sitegen.site.site import Entry, Site
from sitegen.site.slugs import legal, propose
from sitegen.site.sources import column_folder, is_document
from sitegen.source.history import NO_HISTORY, History


class Workdays(Protocol):
    """What is asked of the calendar (``source.calendar.Calendar``)."""

    def add_workdays(self, start: datetime.date, days: int) -> tuple[datetime.date, bool]:
        """The day so many working days after `start`, and whether it is only estimated."""


def assemble(
    cards: Iterable[Card],
    column_cards: Iterable[ColumnCard],
    settings: Settings,
    kinds: Kinds,
    files: Files,
    *,
    as_of: datetime.date,
    history: History = NO_HISTORY,
    calendar: Workdays | None = None,
    drafts: bool = False,
    release: bool = False,
    settings_marks: Mapping[str, Mark] | None = None,
) -> tuple[Site, tuple[Problem, ...]]:
    """The site on the day `as_of`, and every problem that only the whole shows; see the module."""
    problems: list[Problem] = []
    by_path = {card.path: card for card in sorted(cards, key=lambda card: card.path)}
    states = {
        path: lifecycle.state_of(card, as_of, drafts=drafts) for path, card in by_path.items()
    }
    built = [card for card in by_path.values() if states[card.path].built]
    placed = [card for card in by_path.values() if _has_place(states[card.path])]

    known = {*by_path, *files.sizes, *files.faulty}
    unread = frozenset(path for path in known - by_path.keys() if is_document(path))
    files = replace(files, faulty=files.faulty | unread)
    tree, found = columns.arrange(_with_unread(column_cards, files), settings, as_of)
    problems += found
    problems += check_settings(settings, tree.cards, known, settings_marks or {})

    folders = placing.Folders(tree.cards)
    column_places = {path: folders.address(path) for path in tree.cards}
    claims = placing.Claims()
    problems += placing.claim_columns(tree, folders, claims)
    places: dict[str, str] = {}
    misnamed: set[str] = set()
    for card in placed:
        places[card.path], problem = placing.document_address(card, folders)
        if problem is not None:
            problems.append(problem)
            misnamed.add(card.path)
    problems += placing.claim_documents(placed, places, claims, misnamed)

    nearby = Nearby({*by_path, *files.sizes}, history)
    shelf = Shelf(files, folders, claims, nearby, places)
    for card in by_path.values():
        if card.attachments:
            shelf.attach(card, states[card.path])
    for card in by_path.values():
        shelf.named.update(table.source for table in card.tables)
        if card.files:
            shelf.fields(card, states[card.path])
        if card.links:
            problems += _gentle(card, links.check(card, by_path, states, tree, shelf, nearby))
    redirects = Redirects(claims, by_path, places)
    problems += redirects.of_documents(card for card in built)
    problems += redirects.of_columns(tree, column_places)

    for card in by_path.values():
        if card.changes:
            problems += lifecycle.problems_of(card, states[card.path], as_of)
    problems += relations.references(by_path, unread, nearby, kinds)
    problems += relations.circles(by_path)
    joined = relations.links(by_path, states)
    validities = relations.validities(built, states, joined, kinds, as_of)
    shown = relations.shown(joined)

    if calendar is not None:
        problems += numbers.check(by_path.values(), calendar.add_workdays, settings.publish_days)
    recorded = record.check(
        history,
        by_path,
        states,
        places,
        folders,
        claims,
        {**dict.fromkeys(sorted(files.faulty), 0), **files.sizes},
        settings,
        as_of,
        release=release,
    )
    # What a document with faults does not say may stand in what could not be read of it.
    problems += (
        problem
        for problem in recorded
        if problem.code == UNCOMMITTED.id
        or not (problem.where and files.is_faulty(problem.where.path.removeprefix("content/")))
    )

    shown_in = {card.path: tree.shown_in(card.path) for card in built}
    lists = _lists(built, states, shown_in, tree)
    site_columns = columns.built(tree, column_places, lists, settings)
    if not any(column_folder(path) is not None for path in files.faulty):
        problems += columns.upkeep(tree, lists)
        problems += columns.without_column(tree, lists, folders.problems)
    if not kinds.faulty:
        problems += columns.unknown_kinds(tree, kinds.kinds)
    entries = {}
    newer = {path: before for paths in lists.values() for before, path in _pairs(paths)}
    older = {path: after for paths in lists.values() for path, after in _pairs(paths)}
    for card in built:
        path = card.path
        column = shown_in[path]
        responsible = card.responsible or site_columns[column].owner or card.issuer
        validity = validities.get(path)
        own_history = changes.history_of(
            card,
            changes.Place(places[path], column, responsible),
            validity,
            as_of,
            settings.language,
        )
        state = states[path].name
        entries[path] = Entry(
            card=card if state == PUBLISHED else lifecycle.tombstone(card),
            address=places[path],
            column=column,
            state=state,
            validity=validity.state if validity else "",
            validity_since=validity.since if validity else None,
            revised_on=changes.revised_on(own_history),
            relations=shown.get(path, ()),
            changes=own_history,
            attachments=shelf.by_document.get(path, ()),
            newer=newer.get(path),
            older=older.get(path),
        )
    published = [card for card in built if states[card.path].name == PUBLISHED]
    if not files.faulty:  # a document that could not be read may be the one that is missed
        problems += coverage.check(
            site_columns, published, settings, kinds, (settings_marks or {}).get("a20")
        )
    problems += shelf.problems
    told = {p.where.path for p in problems if p.where is not None and p.code == MISSING_FILE.id}
    told |= {f"content/{path}" for path in files.faulty}
    problems += forgotten(files, shelf.named, by_path, told)
    problems += folders.problems
    site = Site(
        settings=settings,
        kinds=kinds,
        as_of=as_of,
        columns=site_columns,
        entries=entries,
        log=changes.public_log({path: entry.changes for path, entry in entries.items()}),
        redirects=redirects.made(),
        left_out=tuple(
            lifecycle.left_out(card, states[card.path])
            for card in by_path.values()
            if not states[card.path].built
        ),
        files={path: shelf.site_files[path] for path in sorted(shelf.site_files)},
        revision=history.head,
    )
    return site, ordered(problems)


def _with_unread(cards: Iterable[ColumnCard], files: Files) -> list[ColumnCard]:
    """The columns, with a stand-in for each that could not be read: its fault is told already."""
    known = {card.path: card for card in cards}
    found = {column_folder(path) for path in itertools.chain(files.sizes, files.faulty)}
    for folder in sorted(folder for folder in found if folder):
        if folder not in known or not known[folder].marks:
            name = folder.rpartition("/")[2]
            slug = name.lower() if legal(name.lower()) else propose(name)
            known[folder] = ColumnCard(folder, name, slug, owner="…", update_rule="on_event")
    return list(known.values())


def _has_place(state: State) -> bool:
    """Documents of the future hold their address already: a collision is better known early."""
    return state.built or state.name == SCHEDULED


def _gentle(card: Card, problems: Iterable[Problem]) -> Iterable[Problem]:
    """A draft is not finished: what is wrong with its links is a warning."""
    if not card.draft:
        return problems
    return [
        Problem(p.code, Severity.WARNING, p.where, p.values) if p.severity is Severity.ERROR else p
        for p in problems
    ]


def _lists(
    built: Iterable[Card],
    states: Mapping[str, State],
    shown_in: Mapping[str, str],
    tree: columns.Columns,
) -> dict[str, tuple[str, ...]]:
    """The published documents of each column, in the order of its list."""
    members: dict[str, list[Card]] = {}
    for card in built:
        if states[card.path].name == PUBLISHED:
            members.setdefault(shown_in[card.path], []).append(card)
    return {
        path: tuple(
            card.path
            for card in sorted(
                members[path], key=lambda card: columns.sort_key(tree.cards[path], card)
            )
        )
        for path in sorted(members)
    }


def _pairs(paths: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    return itertools.pairwise(paths)
