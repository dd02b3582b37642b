"""Questions about the whole site whose answers pages depend on.

A page that shows the eight newest documents depends on which eight they are, not on the dates of
ten thousand. So what looks at many things at once is a registered question: a pure function of the
site and a few texts or numbers, with plain data for an answer (paths, numbers, frozen values; never
an `Entry` or a `Column`). Ask it with ``site.ask(question, …)``: after a change the engine asks it
again by its name, and pages whose answers are the same stay as they are.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sitegen.site import newest
from sitegen.site.site import PASSING, Change, Column, Entry, Redirect, Site

Question = TypeVar("Question", bound=Callable[..., Any])

QUESTIONS: dict[str, Callable[..., Any]] = {}
"""Every registered question by its name; filled when modules are imported, never afterwards."""
_NAMES: dict[Callable[..., Any], str] = {}


def question(function: Question) -> Question:
    """Register a question under its module and name."""
    name = f"{function.__module__.removeprefix('sitegen.')}.{function.__name__}"
    QUESTIONS[name] = function
    _NAMES[function] = name
    return function


def passing(function: Question) -> Question:
    """Say that one output alone asks a question, for much: its answers are not kept in memory."""
    PASSING.add(function)
    return function


def name_of(function: Callable[..., Any]) -> str:
    """The name of a registered question. Raises KeyError for any other function."""
    return _NAMES[function]


# Columns


@question
def lineage(site: Site, path: str) -> tuple[str, ...]:
    """From the top-level column down to this one; the root is not among them."""
    line: list[str] = []
    at: str | None = path
    while at and at in site.columns and at not in line:
        line.append(at)
        at = site.columns[at].parent
    return tuple(reversed(line))


@question
def offered_columns(site: Site, path: str) -> tuple[str, ...]:
    """The columns below that navigation offers: not hidden, archived or merged."""
    return tuple(
        each.path for each in _below(site, path) if each.status == "active" and not each.hidden
    )


@question
def archived_columns(site: Site, path: str) -> tuple[str, ...]:
    """The archived columns right below."""
    return tuple(each.path for each in _below(site, path) if each.status == "archived")


@question
def all_archived(site: Site) -> tuple[str, ...]:
    """Every archived column, in the order of the site."""
    return tuple(each.path for each in site.columns.values() if each.status == "archived")


@question
def has_feed(site: Site, path: str) -> bool:
    """Whether the column has feeds of its own."""
    return path in site.ask(_fed)


def _fed(site: Site) -> frozenset[str]:
    return frozenset(newest.feed_columns(site))


def _below(site: Site, path: str) -> list[Column]:
    column = site.columns.get(path)
    names = column.children if column else ()
    return [site.columns[name] for name in names if name in site.columns]


# Documents


@question
def documents_of(site: Site, path: str) -> tuple[str, ...]:
    """A column's own published documents, in the order of its list."""
    entries = site.entries
    return tuple(
        name
        for name in site.columns[path].documents
        if name in entries and entries[name].state == "published"
    )


@question
def years_of(site: Site, path: str) -> tuple[int, ...]:
    """The years of a column's own documents, newest first."""
    return tuple(sorted(site.ask(_by_year, path), reverse=True))


@question
def documents_of_year(site: Site, path: str, year: int) -> tuple[str, ...]:
    """A column's own documents of one year, in the order of its list."""
    return site.ask(_by_year, path).get(year, ())


def _by_year(site: Site, path: str) -> Mapping[int, tuple[str, ...]]:
    years: dict[int, list[str]] = {}
    for name in site.ask(documents_of, path):
        if day := site.entries[name].card.published_on:
            years.setdefault(day.year, []).append(name)
    return {year: tuple(names) for year, names in years.items()}


@question
def count_below(site: Site, path: str) -> int:
    """How many published documents a column and those below it hold."""
    return len(site.ask(_newest_below, path))


@question
def newest_below(site: Site, path: str, number: int) -> tuple[str, ...]:
    """The newest published documents of a column and all below it, newest first.

    Archived columns count only for themselves.
    """
    return site.ask(_newest_below, path)[:number]


def _newest_below(site: Site, path: str) -> tuple[str, ...]:
    found = [*site.ask(documents_of, path)]
    for child in _below(site, path):
        if child.status != "archived":
            found += site.ask(_newest_below, child.path)
    found.sort(key=site.ask(_dated).__getitem__)
    return tuple(found)


def _dated(site: Site) -> Mapping[str, int]:
    """The place of each document among all, newest first."""
    entries = site.entries
    ordered = sorted(entries, key=lambda name: _by_date(entries[name]))
    return {name: place for place, name in enumerate(ordered)}


def _by_date(entry: Entry) -> tuple[int, int, str, str]:
    day = entry.card.published_on
    return (-day.toordinal() if day else 0, entry.card.order, entry.card.title, entry.path)


@question
def newest_changed(site: Site, path: str, number: int) -> tuple[str, ...]:
    """The documents that changed last, in a column and those below it, or (``""``) everywhere."""
    found = site.ask(newest.news_below, path) if path else list(site.ask(newest.news))
    return tuple(found[:number])


# The update log


@question
def newest_changes(site: Site, number: int) -> tuple[Change, ...]:
    """The newest public changes of the site."""
    return site.log[:number]


@question
def log_months(site: Site) -> tuple[tuple[str, int], ...]:
    """The months of the update log (``2026-03``), newest first, with how many changes each has."""
    return tuple((month, len(changes)) for month, changes in site.ask(_by_month).items())


@question
def changes_of_month(site: Site, month: str) -> tuple[Change, ...]:
    """The changes of one month, newest first."""
    return site.ask(_by_month).get(month, ())


@question
def months_around(site: Site, month: str) -> tuple[tuple[str, int], tuple[str, int]]:
    """The next newer and the next older month, with how many changes each has; '' for none."""
    months = site.ask(log_months)
    place = [name for name, _ in months].index(month)
    none = ("", 0)
    newer = months[place - 1] if place else none
    return newer, months[place + 1] if place + 1 < len(months) else none


def _by_month(site: Site) -> Mapping[str, tuple[Change, ...]]:
    months: dict[tuple[int, int], list[Change]] = {}
    for change in site.log:
        months.setdefault((change.on.year, change.on.month), []).append(change)
    return {f"{year:04}-{month:02}": tuple(found) for (year, month), found in months.items()}


@question
def column_changes(site: Site, path: str, number: int) -> tuple[Change, ...]:
    """The newest public changes of a column and all below it."""
    return site.ask(_by_column).get(path, ())[:number]


@question
def has_changes(site: Site, path: str) -> bool:
    """Whether a column and those below it had any public change."""
    return path in site.ask(_by_column)


@question
def count_column_changes(site: Site, path: str) -> int:
    """How many public changes a column and those below it had."""
    return len(site.ask(_by_column).get(path, ()))


def _by_column(site: Site) -> Mapping[str, tuple[Change, ...]]:
    found: dict[str, list[Change]] = {}
    for change in site.log:
        for path in site.ask(lineage, change.column):
            found.setdefault(path, []).append(change)
    return {path: tuple(changes) for path, changes in found.items()}


@question
def redirect_at(site: Site, address: str) -> Redirect:
    """The redirect at an old address. Raises KeyError if there is none."""
    return site.ask(_redirects)[address]


def _redirects(site: Site) -> Mapping[str, Redirect]:
    return {each.address: each for each in site.redirects}


@question
def last_change_below(site: Site, path: str) -> datetime.date | None:
    """The day of the last public act in a column and those below it, or (``""``) anywhere."""
    if path:
        return site.ask(newest.last_below, path)
    return max(site.ask(newest.days).values(), default=None)
