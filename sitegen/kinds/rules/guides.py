"""Rules of service guides and lists of items (GB/T 39046-2020 and the practice of guides)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sitegen.kinds.rules import service_codes as codes
from sitegen.kinds.rules.registry import (
    AMOUNT,
    CONDITION,
    COUNT,
    FIELD,
    FIELDS,
    TABLE,
    TEXTS,
    Parameter,
    ParameterType,
    rule,
)
from sitegen.kinds.rules.scope import Scope, View, is_blank
from sitegen.kinds.rules.text import holds, shown
from sitegen.problems import N_, Problem, Severity

NO_LIMIT = "无法定时限"
"""What the note says when no law sets a limit."""

_DAYS = {"小时": Decimal(1) / 24, "自然日": Decimal(1), "月": Decimal(30), "年": Decimal(365)}
_DAYS["工作日"] = Decimal(7) / 5
"""Calendar days in a unit; a week has five working days. For comparing different units only."""


def because_of(view: View, conditions: Any) -> str:
    """The condition that a finding depends on, in brackets; empty without one."""
    return f" ({view.because(conditions)})" if conditions else ""


@rule(
    "filled-with", Parameter("field", FIELD), Parameter("other", FIELD), Parameter("values", TEXTS)
)
def filled_with(scope: Scope) -> Iterator[Problem]:
    """A field is filled in exactly if `other` holds one of `values`."""
    name, other = scope.params["field"], scope.params["other"]
    for view in scope.views():
        needed = holds(view.value(other), scope.params["values"])
        filled = not is_blank(view.value(name))
        if needed == filled or is_blank(view.value(other)):
            continue
        yield scope.problem(
            codes.NOT_EMPTY_TOGETHER if needed else codes.NOT_FILLED_TOGETHER,
            view.where(name if filled else other),
            name=view.name(name),
            other=view.title(other),
            value=_list_shown(view, other),
        )


def _list_shown(view: View, name: str) -> str:
    field = view.rows.fields.get(name) if view.rows else view.facts.fields.get(name)
    labels = field.item.labels if field and field.item else {}
    value = view.value(name)
    items = value if isinstance(value, list) else [value]
    return "、".join(labels[item]["zh"] if item in labels else shown(item) for item in items)


@rule(
    "time-limit",
    Parameter("field", FIELD),
    Parameter("unit", FIELD),
    Parameter("other", FIELD),
    Parameter("other_unit", FIELD),
    Parameter("note", FIELD),
)
def time_limit(scope: Scope) -> Iterator[Problem]:
    """The promised limit is not longer than the statutory one.

    Limits in one unit are compared as they are; in different units by calendar days, and then the
    finding is a warning only. Without a statutory limit the note must say 无法定时限.
    """
    names = scope.params
    for view in scope.views():
        limit, promised = view.value(names["other"]), view.value(names["field"])
        if limit is None:
            if NO_LIMIT not in str(view.value(names["note"]) or ""):
                yield scope.problem(
                    codes.NO_LIMIT_NOTE,
                    view.where(names["other"]),
                    name=view.name(names["other"]),
                    note=view.title(names["note"]),
                )
            continue
        unit, other_unit = view.value(names["unit"]), view.value(names["other_unit"])
        if is_blank(other_unit):
            yield scope.problem(
                codes.NO_LIMIT_UNIT,
                view.where(names["other"]),
                name=view.name(names["other"]),
                unit=view.title(names["other_unit"]),
            )
            continue
        if promised is None or unit not in _DAYS or other_unit not in _DAYS:
            continue
        same = unit == other_unit
        if (promised if same else promised * _DAYS[unit]) <= (
            limit if same else limit * _DAYS[other_unit]
        ):
            continue
        yield scope.problem(
            codes.OVER_LIMIT,
            view.where(names["field"]),
            severity=None if same else Severity.WARNING,
            name=view.name(names["field"]),
            value=promised,
            unit=unit,
            other=view.title(names["other"]),
            limit=limit,
            other_unit=other_unit,
        )


@rule(
    "table-sum-at-most",
    Parameter("table", TABLE),
    Parameter("of", FIELD, of_table="table"),
    Parameter("limit", FIELD),
    Parameter("unit", FIELD, of_table="table"),
    Parameter("limit_unit", FIELD),
    Parameter("skip", FIELD, required=False, of_table="table"),
)
def table_sum_at_most(scope: Scope) -> Iterator[Problem]:
    """A column of durations adds up to at most the `limit`; rows whose `skip` is true do not count.

    Rows of 0 count in any unit; other units than the limit's cannot be added up: a warning.
    """
    rows = scope.facts.tables.get(scope.params["table"])
    limit = scope.facts.value(scope.params["limit"])
    unit = scope.facts.value(scope.params["limit_unit"])
    if rows is None or limit is None or is_blank(unit):
        return
    skip = scope.params.get("skip")
    counted = [
        row
        for row in range(len(rows))
        if not (skip and rows.value(row, skip) is True) and rows.amount(row, scope.params["of"])
    ]
    units = sorted({rows.text(row, scope.params["unit"]) for row in counted})
    name = rows.fields[scope.params["of"]].title["zh"]
    other = scope.facts.title(scope.params["limit"])
    where = scope.facts.locate(rows.name, None, None)
    if units and units != [unit]:
        yield codes.STEPS_UNITS.at(
            where, name=name, table=rows.title, units="、".join(units), other=other, unit=unit
        )
        return
    total = sum((rows.amount(row, scope.params["of"]) for row in counted), Decimal(0))
    if total > limit:
        yield scope.problem(
            codes.STEPS_OVER_LIMIT,
            where,
            name=name,
            table=rows.title,
            value=total,
            unit=unit,
            other=other,
            limit=limit,
        )


@rule(
    "sum-at-least",
    Parameter("fields", FIELDS),
    Parameter("minimum", AMOUNT),
    Parameter("when", CONDITION, required=False),
)
def sum_at_least(scope: Scope) -> Iterator[Problem]:
    """Amounts add up to `minimum` or more: a paper material is one original or copy at least."""
    names = scope.params["fields"]
    conditions = scope.params.get("when", ())
    for view in scope.views():
        total = sum((view.amount(name) for name in names), Decimal(0))
        if total >= scope.params["minimum"] or not view.meets(conditions):
            continue
        titles = [view.name(names[0]), *(view.title(name) for name in names[1:])]
        yield scope.problem(
            codes.TOO_FEW,
            view.where(names[0]),
            name="、".join(titles),
            value=total,
            minimum=scope.params["minimum"],
            because=because_of(view, conditions),
        )


def _endings(raw: Any) -> dict[str, str]:
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError
    return {str(ending): str(value) for ending, value in raw.items()}


ENDINGS = ParameterType(N_("a mapping of endings to values"), _endings)


@rule(
    "ending-agrees",
    Parameter("field", FIELD),
    Parameter("other", FIELD),
    Parameter("endings", ENDINGS),
)
def ending_agrees(scope: Scope) -> Iterator[Problem]:
    """A text that ends in a certain way goes with a certain value of `other`."""
    name, other = scope.params["field"], scope.params["other"]
    for view in scope.views():
        text, given = str(view.value(name) or ""), view.value(other)
        for ending, wanted in scope.params["endings"].items():
            if text.endswith(ending) and not is_blank(given) and given != wanted:
                yield scope.problem(
                    codes.ENDING,
                    view.where(other),
                    name=view.name(name),
                    value=text,
                    ending=ending,
                    other=view.title(other),
                    given=given,
                    wanted=wanted,
                )


@rule("row-count", Parameter("table", TABLE), Parameter("total", FIELD))
def row_count(scope: Scope) -> Iterator[Problem]:
    """A number of the document is the number of rows of a table."""
    rows = scope.facts.tables.get(scope.params["table"])
    total = scope.facts.value(scope.params["total"])
    count = len(rows) if rows is not None else 0
    if total is not None and total != count:
        yield scope.problem(
            codes.ROW_COUNT,
            scope.facts.locate(None, None, scope.params["total"]),
            name=scope.facts.title(scope.params["total"]),
            value=total,
            table=scope.facts.table_title(scope.params["table"]),
            count=count,
        )


@rule(
    "distinct-count",
    Parameter("table", TABLE),
    Parameter("field", FIELD, of_table="table"),
    Parameter("total", FIELD),
)
def distinct_count(scope: Scope) -> Iterator[Problem]:
    """A number of the document is the number of different values in a column."""
    rows = scope.facts.tables.get(scope.params["table"])
    total = scope.facts.value(scope.params["total"])
    if rows is None or total is None:
        return
    values = dict.fromkeys(
        filter(None, (rows.text(row, scope.params["field"]) for row in range(len(rows))))
    )
    if len(values) != total:
        yield scope.problem(
            codes.DISTINCT_COUNT,
            scope.facts.locate(None, None, scope.params["total"]),
            name=scope.facts.title(scope.params["total"]),
            value=total,
            column=rows.fields[scope.params["field"]].title["zh"],
            table=rows.title,
            count=len(values),
            values="、".join(values) or "—",
        )


@rule(
    "max-rows",
    Parameter("table", TABLE),
    Parameter("rows", COUNT),
    Parameter("when", CONDITION, required=False),
)
def max_rows(scope: Scope) -> Iterator[Problem]:
    """A table has at most so many rows (none, for a service without a fee)."""
    rows = scope.facts.tables.get(scope.params["table"])
    conditions = scope.params.get("when", ())
    view = View(scope.facts)
    if rows is None or len(rows) <= scope.params["rows"] or not view.meets(conditions):
        return
    yield scope.problem(
        codes.MANY_ROWS,
        scope.facts.locate(rows.name, scope.params["rows"], None),
        table=rows.title,
        count=len(rows),
        rows=scope.params["rows"],
        because=because_of(view, conditions),
    )
