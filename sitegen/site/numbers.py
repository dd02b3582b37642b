"""Index numbers, document numbers, and the limit for publication: what only all documents tell."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator

from sitegen.problems import Code, Problem, Severity
from sitegen.site import codes
from sitegen.site.cards import Card
from sitegen.site.placing import at

AddWorkdays = Callable[[datetime.date, int], tuple[datetime.date, bool]]
"""`source.calendar.Calendar.add_workdays`: the day so many working days later, and if estimated."""

_INDEX_YEAR = re.compile(r"/((?:19|20)\d{2})\d{0,4}-\d+$")


def check(cards: Iterable[Card], add_workdays: AddWorkdays, days: int) -> Iterator[Problem]:
    """Numbers that occur twice, index numbers of a wrong year, and late publication."""
    index: dict[str, Card] = {}
    numbers: dict[str, Card] = {}
    for card in cards:
        if card.index_no:
            if (first := index.setdefault(card.index_no, card)) is not card:
                yield _twice(first, card, card.index_no, "index_no", codes.INDEX_NO_TWICE)
            year = _INDEX_YEAR.search(card.index_no)
            if year and card.formed_on and int(year[1]) != card.formed_on.year:
                yield at(
                    card,
                    "index_no",
                    codes.INDEX_NO_YEAR,
                    value=card.index_no,
                    formed_on=card.formed_on,
                )
        if card.doc_no and (first := numbers.setdefault(card.doc_no, card)) is not card:
            yield _twice(first, card, card.doc_no, "doc_no", codes.DOC_NO_TWICE)
        formed, published = card.formed_on, card.published_on
        # so many working days are never fewer calendar days: most documents end here
        if formed and published and (published - formed).days > days and not card.draft:
            limit, _ = add_workdays(formed, days)
            if published > limit:
                yield at(
                    card,
                    "published_on",
                    codes.PUBLISHED_LATE,
                    published_on=published,
                    formed_on=formed,
                    days=days,
                    limit=limit,
                )


def _twice(first: Card, card: Card, value: str, name: str, code: Code) -> Problem:
    problem = at(card, name, code, value=value, title=first.title, other=f"content/{first.path}")
    if card.draft or first.draft:  # a draft may be a copy on its way to a number of its own
        problem = code.at(problem.where, Severity.WARNING, **dict(problem.values))
    return problem
