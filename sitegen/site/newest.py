"""What is new: when documents last changed in public, and the documents below a column.

Feeds and the site map read this; pages that link to feeds ask `feed_columns`.
"""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Iterable, Iterator

from sitegen.site.site import Column, Entry, Site


def changed_on(entry: Entry) -> datetime.date | None:
    """The day of the last public act on a document (minor corrections aside)."""
    days = [change.on for change in entry.changes if not change.minor]
    if entry.card.published_on:
        days.append(entry.card.published_on)
    return max(days, default=None)


def newest(entries: Iterable[Entry], number: int) -> list[Entry]:
    """The `number` documents that changed last, newest first, ties by path.

    Closed documents and those without any date are not news.
    """
    dated = [
        (-day.toordinal(), entry.path, entry)
        for entry in entries
        if entry.state != "closed" and (day := changed_on(entry)) is not None
    ]
    return [entry for _, _, entry in heapq.nsmallest(number, dated)]


def below(site: Site, column: Column) -> Iterator[Entry]:
    """The documents of a column and of those under it, each once."""
    waiting, columns, documents = [column.path], set[str](), set[str]()
    while waiting:
        path = waiting.pop()
        if path in columns or path not in site.columns:
            continue
        columns.add(path)
        here = site.columns[path]
        waiting.extend(reversed(here.children))
        for document in here.documents:
            if document not in documents and document in site.entries:
                documents.add(document)
                yield site.entries[document]


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
