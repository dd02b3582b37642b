"""Rules about dates and limits: not-before, within-working-days, within-days."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from sitegen.kinds.rules import codes
from sitegen.kinds.rules.registry import CONDITION, COUNT, FIELD, FLAG, Parameter, rule
from sitegen.kinds.rules.scope import Scope, View
from sitegen.problems import Code, Problem
from sitegen.source.calendar import Deadline

_LIMIT = (
    Parameter("from", FIELD),
    Parameter("to", FIELD),
    Parameter("days", COUNT),
    Parameter("when", CONDITION, required=False),
)


@rule("not-before", Parameter("field", FIELD), Parameter("other", FIELD))
def not_before(scope: Scope) -> Iterator[Problem]:
    """`field` is on or after `other`; where one of them is blank, nothing is said."""
    name, other = scope.params["field"], scope.params["other"]
    for view in scope.views():
        value, limit = view.value(name), view.value(other)
        if isinstance(value, datetime.date) and isinstance(limit, datetime.date) and value < limit:
            yield scope.problem(
                codes.BEFORE,
                view.where(name),
                name=view.name(name),
                value=value,
                other=view.title(other),
                limit=limit,
            )


@rule("within-working-days", *_LIMIT)
def within_working_days(scope: Scope) -> Iterator[Problem]:
    """`to` is at most `days` working days after `from` (工作日; the first day does not count)."""
    days = scope.params["days"]
    for view in _both_dates(scope):
        began = view.value(scope.params["from"])
        deadline = scope.facts.calendar.add_workdays(began, days)
        yield from _late(scope, view, deadline, codes.LATE)


@rule("within-days", *_LIMIT, Parameter("roll", FLAG, required=False))
def within_days(scope: Scope) -> Iterator[Problem]:
    """`to` is at most `days` calendar days after `from`.

    A limit that ends on a day off ends on the next working day (民法典 art. 203), unless `roll` is
    false.
    """
    days, roll = scope.params["days"], scope.params.get("roll", True)
    for view in _both_dates(scope):
        began = view.value(scope.params["from"])
        deadline = scope.facts.calendar.add_days(began, days, roll)
        yield from _late(scope, view, deadline, codes.LATE_DAYS)


def _both_dates(scope: Scope) -> Iterator[View]:
    for view in scope.views():
        dates = (view.value(scope.params["from"]), view.value(scope.params["to"]))
        if all(isinstance(date, datetime.date) for date in dates) and view.meets(
            scope.params.get("when", ())
        ):
            yield view


def _late(scope: Scope, view: View, deadline: Deadline, late: Code) -> Iterator[Problem]:
    name, start = scope.params["to"], scope.params["from"]
    value = view.value(name)
    if value <= deadline.date:
        return
    told: dict[str, Any] = {
        "name": view.name(name),
        "value": value,
        "start": view.title(start),
        "began": view.value(start),
        "deadline": deadline.date,
    }
    if deadline.estimated:
        # Never more than a notice: the real table of that year may move the day.
        code = codes.LATE_ESTIMATED
        yield scope.problem(code, view.where(name), severity=code.severity, **told)
    else:
        yield scope.problem(late, view.where(name), days=scope.params["days"], **told)
