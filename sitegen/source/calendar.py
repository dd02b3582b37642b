"""The calendar of working days (工作日): when a limit of so many working days ends.

The State Council's yearly notice moves holidays and working weekends, so each year is a table
(``sitegen/calendar/2026.yaml``; a site's ``content/calendar/2026.yaml`` replaces it). For a year
without a table a date is estimated from the legal holidays alone, and says so.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from sitegen.problems import N_, Location, Problem, Severity, code, ordered
from sitegen.source import nodes
from sitegen.source.text import decode_utf8
from sitegen.source.yamlnodes import parse_yaml

_DAY = datetime.timedelta(days=1)

UNKNOWN_KEY = code(
    "S801",
    Severity.ERROR,
    N_('"{key}" is not a key of a calendar'),
    N_("the keys are year, basis, off and makeup (年份、依据、放假、调休上班)"),
)
NOT_A_DATE = code(
    "S802", Severity.ERROR, N_('calendar: "{value}" is not a date'), N_("write it as 2026-03-01")
)
OTHER_YEAR = code(
    "S803",
    Severity.ERROR,
    N_("calendar of {year}: {date} lies in another year"),
    N_("put it into the calendar of its own year"),
)
NO_YEAR = code(
    "S804",
    Severity.ERROR,
    N_("the calendar does not say its year"),
    N_('begin with "year: 2026" (or 年份)'),
)
BACKWARDS = code(
    "S805",
    Severity.ERROR,
    N_("calendar: the days off from {first} to {last} end before they begin"),
)
MAKEUP_OFF = code(
    "S806", Severity.ERROR, N_("calendar: {date} is a make-up working day and a day off at once")
)
NOT_MAKEUP = code(
    "S807",
    Severity.WARNING,
    N_("calendar: make-up working day {date} is an ordinary weekday"),
    N_("make-up working days (调休上班) are Saturdays and Sundays"),
)
TWICE = code(
    "S808", Severity.ERROR, N_("there is a second calendar of {year}"), N_("the first is {first}")
)
WRONG_SHAPE = code(
    "S809",
    Severity.ERROR,
    N_('calendar: "{key}" is not written as expected'),
    N_("see the calendar of 2026: off is a list of {{name, from, to}}, makeup a list of dates"),
)


class Deadline(NamedTuple):
    """The last day of a limit; `estimated` when a year on the way has no table."""

    date: datetime.date
    estimated: bool


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year's holiday notice: days off (放假) and make-up working days (调休上班)."""

    year: int
    off: frozenset[datetime.date]
    makeup: frozenset[datetime.date]
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are working days. Extra days are the site's own (local holidays, storms)."""

    years: Mapping[int, CalendarYear]
    estimates: frozenset[datetime.date] = frozenset()
    """Legal holidays whose date changes from year to year, for years without a table."""
    extra_holidays: frozenset[datetime.date] = field(default_factory=frozenset)
    extra_workdays: frozenset[datetime.date] = field(default_factory=frozenset)

    def face(self) -> tuple[object, ...]:
        """All that it knows as plain values in a fixed order: equal calendars, equal faces."""
        years = [
            (year, sorted(each.off), sorted(each.makeup), each.basis)
            for year, each in sorted(self.years.items())
        ]
        extra = (sorted(self.extra_holidays), sorted(self.extra_workdays))
        return (years, sorted(self.estimates), extra)

    def knows(self, date: datetime.date) -> bool:
        """Whether the year of `date` has a table; otherwise answers about it are estimates."""
        return date.year in self.years

    def is_workday(self, date: datetime.date) -> bool:
        """Whether offices work on `date`."""
        if date in self.extra_workdays:
            return True
        if date in self.extra_holidays:
            return False
        year = self.years.get(date.year)
        if year is None:
            legal = (date.month, date.day) in _FIXED or date in self.estimates
            return date.weekday() < 5 and not legal
        return date in year.makeup or (date.weekday() < 5 and date not in year.off)

    def add_workdays(self, start: datetime.date, days: int) -> Deadline:
        """The last day of a limit of `days` working days that began on `start`.

        The first day is not counted (民法典 art. 201). Raises ValueError for negative `days`.
        """
        if days < 0:
            raise ValueError("a limit has no negative days")
        date, estimated = start, False
        while days > 0:
            if date == datetime.date.max:
                return Deadline(date, True)
            date += _DAY
            estimated = estimated or not self.knows(date)
            if self.is_workday(date):
                days -= 1
        return Deadline(date, estimated)

    def add_days(self, start: datetime.date, days: int, roll: bool = True) -> Deadline:
        """The last day of a limit of `days` calendar days that began on `start`.

        With `roll`, a limit that ends on a day off ends on the next working day (民法典 art. 203).
        """
        if (datetime.date.max - start).days <= days:
            return Deadline(datetime.date.max, True)
        date = start + datetime.timedelta(days=days)
        estimated = roll and not self.knows(date)
        while roll and not self.is_workday(date) and date < datetime.date.max:
            date += _DAY
            estimated = estimated or not self.knows(date)
        return Deadline(date, estimated)

    def workdays_between(self, start: datetime.date, end: datetime.date) -> int:
        """How many working days lie after `start`, up to and including `end`; 0 if none do."""
        days = (end - start).days
        return sum(self.is_workday(start + n * _DAY) for n in range(1, days + 1))

    def with_extra(
        self, holidays: Iterable[datetime.date], workdays: Iterable[datetime.date]
    ) -> Calendar:
        """This calendar with the site's own days off and working days (``site.yaml``)."""
        return Calendar(
            self.years,
            self.estimates,
            self.extra_holidays | frozenset(holidays),
            self.extra_workdays | frozenset(workdays),
        )


_FIXED = frozenset([(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)])
"""Legal holidays on the same day of every year (放假办法, 2024)."""

Files: TypeAlias = Iterable[tuple[str, bytes]]
"""Paths relative to the site's folder (``content/calendar/2026.yaml``) and their bytes."""


def load_calendar(files: Files = ()) -> tuple[Calendar, tuple[Problem, ...]]:
    """The shipped calendar, with years replaced by a site's own files."""
    shipped = shipped_calendar()
    years = dict(shipped.years)
    problems: list[Problem] = []
    seen: dict[int, str] = {}
    for path, data in sorted(files):
        year, found = read_year(path, data)
        problems += found
        if year is None:
            continue
        if year.year in seen:
            problems.append(TWICE.at(Location(path, 1), year=year.year, first=seen[year.year]))
            continue
        seen[year.year] = path
        years[year.year] = year
    calendar = Calendar(MappingProxyType(dict(sorted(years.items()))), shipped.estimates)
    return calendar, ordered(problems)


@lru_cache(maxsize=1)
def shipped_calendar() -> Calendar:
    """The calendar that comes with the program."""
    years: dict[int, CalendarYear] = {}
    folder = resources.files("sitegen") / "calendar"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if re.fullmatch(r"\d{4}\.yaml", file.name):
            year, problems = read_year(file.name, file.read_bytes())
            if year is None or problems:
                raise ValueError(f"shipped calendar {file.name} is damaged: {problems}")
            years[year.year] = year
    festivals, _ = parse_yaml((folder / "festivals.yaml").read_text("utf-8"), "festivals.yaml")
    return Calendar(MappingProxyType(years), frozenset(_moving_holidays(festivals)))


def _moving_holidays(node: nodes.Node | None) -> Iterator[datetime.date]:
    """Dates of ``festivals.yaml``; the first of each year is Spring Festival, of four days."""
    table = node.get("festivals") if isinstance(node, nodes.Mapping) else None
    for _, dates in table.entries if isinstance(table, nodes.Mapping) else ():
        listed = [_date(item.text) for item in _scalars(dates)]
        known = [date for date in listed if date is not None]
        yield from known
        if known:
            yield from (known[0] + n * _DAY for n in (-1, 1, 2))


def read_year(path: str, data: bytes) -> tuple[CalendarYear | None, tuple[Problem, ...]]:
    """One calendar file as a year; None when its year or its form cannot be told."""
    text, problems_of_text = decode_utf8(data, path)
    if text is None:
        return None, problems_of_text
    node, found = parse_yaml(text, path)
    problems = [*problems_of_text, *found]
    if node is None:
        return None, ordered(problems)
    if not isinstance(node, nodes.Mapping):
        problems.append(WRONG_SHAPE.at(Location(path, 1), key=path.rsplit("/", 1)[-1]))
        return None, ordered(problems)
    reader = _YearReader(path, problems)
    return reader.read(node), ordered(problems)


_KEYS = {
    "year": "year", "年份": "year", "basis": "basis", "依据": "basis", "off": "off", "放假": "off",
    "makeup": "makeup", "调休上班": "makeup", "name": "name", "名称": "name",
    "from": "from", "自": "from", "to": "to", "至": "to",
}  # fmt: skip


class _YearReader:
    """Reads one file; its problems go to a list that the caller owns."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self._path = path
        self._problems = problems

    def read(self, node: nodes.Mapping) -> CalendarYear | None:
        parts = self._parts(node, {"year", "basis", "off", "makeup"})
        written = parts.get("year")
        year = int(written.text) if isinstance(written, nodes.Scalar) and _is_year(written) else 0
        if not year:
            self._problems.append(NO_YEAR.at(self._at(written or node)))
            return None
        off: set[datetime.date] = set()
        for item in self._items(parts.get("off"), "off"):
            off |= self._period(item, year)
        makeup: set[datetime.date] = set()
        for item in self._items(parts.get("makeup"), "makeup"):
            date = self._day(item, year, "makeup")
            if date is None:
                continue
            makeup.add(date)
            if date in off:
                self._problems.append(MAKEUP_OFF.at(self._at(item), date=date))
            elif date.weekday() < 5:
                self._problems.append(NOT_MAKEUP.at(self._at(item), date=date))
        basis = parts.get("basis")
        text = basis.text if isinstance(basis, nodes.Scalar) else ""
        return CalendarYear(year, frozenset(off), frozenset(makeup), text)

    def _parts(self, node: nodes.Mapping, allowed: set[str]) -> dict[str, nodes.Node]:
        parts: dict[str, nodes.Node] = {}
        for key, value in node.entries:
            name = _KEYS.get(key.text.strip())
            if name not in allowed:
                self._problems.append(UNKNOWN_KEY.at(self._at(key), key=key.text))
            else:
                parts[name] = value
        return parts

    def _items(self, node: nodes.Node | None, key: str) -> tuple[nodes.Node, ...]:
        if node is None or (isinstance(node, nodes.Scalar) and not node.text):
            return ()
        if isinstance(node, nodes.Sequence):
            return node.items
        self._problems.append(WRONG_SHAPE.at(self._at(node), key=key))
        return ()

    def _period(self, node: nodes.Node, year: int) -> set[datetime.date]:
        """The days of one entry of `off`: a date, or a mapping with `from` and `to`."""
        if not isinstance(node, nodes.Mapping):
            date = self._day(node, year, "off")
            return {date} if date else set()
        parts = self._parts(node, {"name", "from", "to"})
        first = self._day(parts.get("from", node), year, "from")
        last = self._day(parts["to"], year, "to") if "to" in parts else first
        if first is None or last is None:
            return set()
        if last < first:
            self._problems.append(BACKWARDS.at(self._at(node), first=first, last=last))
        return {first + n * _DAY for n in range((last - first).days + 1)}

    def _day(self, node: nodes.Node, year: int, key: str) -> datetime.date | None:
        if not isinstance(node, nodes.Scalar):
            self._problems.append(WRONG_SHAPE.at(self._at(node), key=key))
            return None
        date = _date(node.text)
        if date is None:
            self._problems.append(NOT_A_DATE.at(self._at(node), value=node.text))
        elif date.year != year:
            self._problems.append(OTHER_YEAR.at(self._at(node), year=year, date=date))
            return None
        return date

    def _at(self, node: nodes.Node) -> Location:
        return Location(self._path, node.line, node.column)


def _is_year(node: nodes.Scalar) -> bool:
    return re.fullmatch(r"(19|20)\d\d", node.text.strip(), re.ASCII) is not None


def _date(text: str) -> datetime.date | None:
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text.strip(), re.ASCII)
    try:
        return datetime.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _scalars(node: nodes.Node) -> tuple[nodes.Scalar, ...]:
    items = node.items if isinstance(node, nodes.Sequence) else ()
    return tuple(item for item in items if isinstance(item, nodes.Scalar))
