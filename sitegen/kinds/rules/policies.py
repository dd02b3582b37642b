"""Rules that compare what a document's text says with its fields (policies and their kin).

They read the Markdown body as plain lines. What they find is located at the line of the body.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from functools import lru_cache

from sitegen.kinds.rules import policy_codes as codes
from sitegen.kinds.rules.registry import (
    COUNT,
    FIELD,
    TABLE,
    TEXT,
    TEXTS,
    Parameter,
    ParameterType,
    rule,
)
from sitegen.kinds.rules.scope import Facts, Scope, View, is_blank
from sitegen.kinds.rules.text import shown
from sitegen.problems import Location, Problem

_HAN_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "十": 10}
_TERM = re.compile(r"有效期(?:限)?(?:为)?(\d{1,2}|[一二两三四五十])年")
_FROM_DATE = re.compile(r"自(\d{4})年(\d{1,2})月(\d{1,2})日起(?:试行|施行|实施|执行)")
_FROM_ISSUE = re.compile(r"自(?:发布|印发|公布)之日起(?:试行|施行|实施|执行)")
_SIGNED = re.compile(r"\s*(\d{4})年(\d{1,2})月(\d{1,2})日\s*")
_YEAR = re.compile(r"〔(\d{4})〕|^(\d{4})年")
_HAN = re.compile(r"[㐀-鿿]")


def _patterns(raw: object) -> tuple[str, ...]:
    texts: tuple[str, ...] = TEXTS.read(raw)
    for text in texts:
        try:
            re.compile(text)
        except re.error as error:
            raise ValueError from error
    return texts


PATTERNS = ParameterType('["pattern a", "pattern b"]', _patterns)


@lru_cache(maxsize=32)
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _line(facts: Facts, number: int, column: int) -> Location:
    """The place in the body of its line `number`, counted from 0."""
    path = facts.locate(None, None, None).path
    # In a YAML document the body is indented by an amount that nobody remembers.
    at = column + 1 if path.endswith(".md") else None
    return Location(path, facts.document.body_line + number, at)


def _whole_text(facts: Facts) -> str:
    """The body and all texts in the tables: what a reader reads."""
    cells = [
        cell
        for rows in facts.tables.values()
        for row in rows.table.rows
        for cell in row
        if isinstance(cell, str)
    ]
    return "\n".join([facts.document.body, *cells])


def _is_draft(facts: Facts) -> bool:
    return facts.value("draft") is True


@rule("body-without", Parameter("patterns", PATTERNS))
def body_without(scope: Scope) -> Iterator[Problem]:
    """The body has none of `patterns`, such as marks of secrecy."""
    pattern = _any_of(scope.params["patterns"])
    for number, line in enumerate(scope.facts.document.body.split("\n")):
        match = pattern.search(line)
        if match:
            yield scope.problem(
                codes.NOT_PUBLIC,
                _line(scope.facts, number, match.start()),
                name="正文",
                words=match[0].strip(),
            )


@rule(
    "term-limit",
    Parameter("from", FIELD),
    Parameter("to", FIELD),
    Parameter("years", COUNT),
    Parameter("trial_years", COUNT, required=False),
    Parameter("trial_words", TEXTS, required=False),
)
def term_limit(scope: Scope) -> Iterator[Problem]:
    """`to` is at most `years` after `from`; `trial_years`, if the title has a trial word."""
    view = View(scope.facts)
    start, end = view.value(scope.params["from"]), view.value(scope.params["to"])
    if not isinstance(start, datetime.date) or not isinstance(end, datetime.date):
        return
    years = scope.params["years"]
    title = shown(view.value("title"))
    if any(word in title for word in scope.params.get("trial_words", ())):
        years = scope.params.get("trial_years", years)
    limit = _years_after(start, years)
    if end > limit:
        yield scope.problem(
            codes.TERM_TOO_LONG,
            view.where(scope.params["to"]),
            name=view.title(scope.params["to"]),
            value=end,
            years=years,
            start=view.title(scope.params["from"]),
            began=start,
            limit=limit - datetime.timedelta(days=1),
        )


def _years_after(start: datetime.date, years: int) -> datetime.date:
    try:
        return start.replace(year=start.year + years)
    except ValueError:  # 29 February
        return start.replace(year=start.year + years, month=3, day=1)


@rule("dates-stated", Parameter("effective", FIELD), Parameter("expires", FIELD))
def dates_stated(scope: Scope) -> Iterator[Problem]:
    """Dates of effect agree with the body: 自2026年3月1日起施行, 自公布之日起施行, 有效期5年."""
    facts = scope.facts
    if _is_draft(facts):
        return
    view = View(facts)
    effective = view.value(scope.params["effective"])
    starts: list[tuple[str, list[datetime.date], Location]] = []
    terms: list[tuple[str, int, Location]] = []
    for number, line in enumerate(facts.document.body.split("\n")):
        for match in _FROM_DATE.finditer(line):
            date = _date(match)
            if date:
                starts.append((match[0], [date], _line(facts, number, match.start())))
        for match in _FROM_ISSUE.finditer(line):
            issued = [view.value(name) for name in ("published_on", "formed_on")]
            dates = [date for date in issued if isinstance(date, datetime.date)]
            starts.append((match[0], dates, _line(facts, number, match.start())))
        for match in _TERM.finditer(line):
            years = _HAN_DIGITS.get(match[1]) or int(match[1])
            terms.append((match[0], years, _line(facts, number, match.start())))
    # The last statement is the document's own; earlier ones speak of other documents.
    if starts and starts[-1][1]:
        words, dates, where = starts[-1]
        yield from _compared(scope, scope.params["effective"], dates, words, where)
    if terms and isinstance(effective, datetime.date):
        words, years, where = terms[-1]
        after = _years_after(effective, years)
        dates = [after - datetime.timedelta(days=1), after]
        yield from _compared(scope, scope.params["expires"], dates, words, where)


def _compared(
    scope: Scope, name: str, dates: list[datetime.date], words: str, where: Location
) -> Iterator[Problem]:
    view = View(scope.facts)
    value = view.value(name)
    if value in dates:
        return
    yield scope.problem(
        codes.TERM_NOT_GIVEN if is_blank(value) else codes.TERM_DIFFERS,
        where,
        name=view.title(name),
        value=shown(value),
        words=words,
        wanted=dates[0],
    )


def _date(match: re.Match[str]) -> datetime.date | None:
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


@rule("number-year", Parameter("number", FIELD), Parameter("date", FIELD))
def number_year(scope: Scope) -> Iterator[Problem]:
    """The year in a document number is the year of its date (DN14)."""
    name, other = scope.params["number"], scope.params["date"]
    view = View(scope.facts)
    match = _YEAR.search(shown(view.value(name)))
    date = view.value(other)
    if match and isinstance(date, datetime.date) and int(match[1] or match[2]) != date.year:
        yield scope.problem(
            codes.NUMBER_YEAR,
            view.where(name),
            name=view.title(name),
            year=match[1] or match[2],
            other=view.title(other),
            value=date,
        )


@rule("signed-on", Parameter("date", FIELD))
def signed_on(scope: Scope) -> Iterator[Problem]:
    """The first line of the body that is nothing but a date (落款) is the field's date."""
    name = scope.params["date"]
    view = View(scope.facts)
    value = view.value(name)
    for number, line in enumerate(scope.facts.document.body.split("\n")):
        match = _SIGNED.fullmatch(line)
        if match:
            if isinstance(value, datetime.date) and _date(match) != value:
                yield scope.problem(
                    codes.SIGNED_OTHERWISE,
                    _line(scope.facts, number, 0),
                    name=view.title(name),
                    value=value,
                    words=line.strip(),
                )
            return


@rule("enough-text", Parameter("least", COUNT))
def enough_text(scope: Scope) -> Iterator[Problem]:
    """Body and tables together have at least so many Chinese characters."""
    if _is_draft(scope.facts):
        return
    count = len(_HAN.findall(_whole_text(scope.facts)))
    if count < scope.params["least"]:
        yield scope.problem(
            codes.TOO_SHORT,
            scope.facts.locate(None, None, "title"),
            count=count,
            least=scope.params["least"],
        )


@rule("text-covers", Parameter("points", PATTERNS), Parameter("least", COUNT))
def text_covers(scope: Scope) -> Iterator[Problem]:
    """At least so many of `points` (patterns) are spoken of in body, tables or their titles."""
    if _is_draft(scope.facts):
        return
    titles = [rows.title for rows in scope.facts.tables.values() if len(rows)]
    text = "\n".join([_whole_text(scope.facts), *titles])
    points = scope.params["points"]
    missing = [point for point in points if not re.search(point, text)]
    if len(points) - len(missing) < scope.params["least"]:
        yield scope.problem(
            codes.NOT_COVERED,
            scope.facts.locate(None, None, "title"),
            count=len(points) - len(missing),
            all=len(points),
            least=scope.params["least"],
            missing="、".join(point.split("|")[0] for point in missing),
        )


@rule(
    "first-row",
    Parameter("table", TABLE),
    Parameter("column", FIELD, of_table="table"),
    Parameter("field", FIELD),
)
def first_row(scope: Scope) -> Iterator[Problem]:
    """`field` is what the first row of `table` has under `column`, if the table has rows."""
    name = scope.params["field"]
    rows = scope.facts.tables.get(scope.params["table"])
    view = View(scope.facts)
    value = view.value(name)
    if rows is None or not len(rows) or is_blank(value):
        return
    first = rows.value(0, scope.params["column"])
    if first != value:
        yield scope.problem(
            codes.OTHER_THAN_FIRST,
            view.where(name),
            name=view.title(name),
            value=shown(value),
            table=rows.title,
            first=shown(first),
        )


@rule(
    "usual-form",
    Parameter("field", FIELD),
    Parameter("patterns", PATTERNS),
    Parameter("example", TEXT),
)
def usual_form(scope: Scope) -> Iterator[Problem]:
    """A text looks as such texts look: one of `patterns` matches the whole of it."""
    name = scope.params["field"]
    view = View(scope.facts)
    value = view.value(name)
    if isinstance(value, str) and not _any_of(scope.params["patterns"]).fullmatch(value):
        yield scope.problem(
            codes.UNUSUAL_FORM,
            view.where(name),
            name=view.title(name),
            value=value,
            example=scope.params["example"],
        )
