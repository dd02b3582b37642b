"""What is new: when documents last changed in public, and the documents below a column.

Feeds and the site map read this; pages that link to feeds ask `feed_columns`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from sitegen.site.site import Entry, Site


def changed_on(entry: Entry) -> datetime.date | None:
    """The day of the last public act on a document (minor corrections aside)."""
    return entry.changed_on


# What several questions need, found once for a site: ask it with ``site.ask``.


def days(site: Site) -> Mapping[str, datetime.date]:
    """The day of the last public act on each document that has one, by path."""
    every = ((path, changed_on(entry)) for path, entry in site.entries.items())
    return {path: day for path, day in every if day is not None}


def news(site: Site) -> Mapping[str, int]:
    """The place of each document among all, by path: what changed last comes first, ties by path.

    Closed documents and those without any date are not news.
    """
    dated = [
        (-day.toordinal(), path)
        for path, day in site.ask(days).items()
        if site.entries[path].state != "closed"
    ]
    return {path: place for place, (_, path) in enumerate(sorted(dated))}


def news_below(site: Site, path: str) -> Sequence[str]:
    """The documents of a column and of those under it that are news, newest first.

    Raises KeyError if there is no such column.
    """
    places = site.ask(news)
    column = site.columns[path]
    found = [each for each in column.documents if each in places]
    for child in column.children:
        if child in site.columns:
            found += site.ask(news_below, child)
    found.sort(key=places.__getitem__)
    return found


def last_below(site: Site, path: str) -> datetime.date | None:
    """The day of the last public act in a column and those under it. Raises KeyError as above."""
    known = site.ask(days)
    column = site.columns[path]
    found = [known[each] for each in column.documents if each in known]
    for child in column.children:
        if child in site.columns and (day := site.ask(last_below, child)):
            found.append(day)
    return max(found, default=None)


def feed_columns(site: Site) -> tuple[str, ...]:
    """Paths of the columns that have feeds: those with documents in them or under them.

    Not the root, whose feed is the site's, and not merged columns, which only lead elsewhere.
    """
    filled: set[str] = set()
    for path, column in site.columns.items():
        if column.documents:
            here: str | None = path
            while here is not None and here not in filled and here in site.columns:
                filled.add(here)
                here = site.columns[here].parent
    return tuple(
        path
        for path, column in site.columns.items()
        if path in filled and column.parent is not None and column.status != "merged"
    )
