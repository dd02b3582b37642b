"""Rules across tables and fields of one document: cells-equal, cells-at-most, positive-together,
empty-statement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sitegen.kinds.rules import codes
from sitegen.kinds.rules.registry import (
    AMOUNT,
    CELLS,
    CONDITION,
    COUNT,
    FLAG,
    TABLE,
    TEXT,
    TEXTS,
    Parameter,
    rule,
)
from sitegen.kinds.rules.scope import Cells, Scope, View, select
from sitegen.kinds.rules.selector import Selector
from sitegen.kinds.rules.sums import differs
from sitegen.kinds.rules.text import TOTALS, shown, squeezed
from sitegen.problems import Code, Location, Problem

_SIDES = (
    Parameter("left", CELLS),
    Parameter("right", CELLS),
    Parameter("per", TEXT, required=False),
    Parameter("digits", COUNT, required=False),
    Parameter("if-written", FLAG, required=False),
    Parameter("when", CONDITION, required=False),
    Parameter("tolerance", AMOUNT, required=False),
)


@rule("cells-equal", *_SIDES)
def cells_equal(scope: Scope) -> Iterator[Problem]:
    """Two figures of a document are the same (BX rules).

    `per` compares them for each value of a column that both tables have (`digits`: codes of that
    length only). With `if-written`, nothing is said where one of the two was not written at all.
    """
    for left, right in _pairs(scope, union=True):
        if differs(scope, left.amount, right.amount):
            yield _compared(scope, codes.NOT_EQUAL, left, right)


@rule("cells-at-most", *_SIDES)
def cells_at_most(scope: Scope) -> Iterator[Problem]:
    """The left figure is not larger than the right one, of which it is a part (BX-03, BX-14)."""
    for left, right in _pairs(scope, union=False):
        if left.amount > right.amount and differs(scope, left.amount, right.amount):
            yield _compared(scope, codes.MORE_THAN, left, right)


@rule("positive-together", Parameter("left", CELLS), Parameter("right", CELLS))
def positive_together(scope: Scope) -> Iterator[Problem]:
    """Both figures are above 0, or neither (BN-07: visitors and reception money)."""
    for left, right in _pairs(scope, union=False):
        if (left.amount > 0) != (right.amount > 0):
            yield _compared(scope, codes.ONE_SIDED, left, right)


def _pairs(scope: Scope, union: bool) -> Iterator[tuple[Cells, Cells]]:
    facts = scope.facts
    if not View(facts).meets(scope.params.get("when", ())):
        return
    left, right = scope.params["left"], scope.params["right"]
    keys: list[tuple[str, str] | None] = [None]
    if "per" in scope.params:
        column = scope.params["per"]
        ours, theirs = _keys(scope, left, column), _keys(scope, right, column)
        if not ours or not theirs:
            return  # one of the tables does not break its figures down
        keys = [(column, key) for key in sorted({*ours, *(theirs if union else ())})]
    for key in keys:
        pair = select(facts, left, key), select(facts, right, key)
        if all(side.written for side in pair) or not (
            scope.params.get("if-written", False) or left.table is None or right.table is None
        ):
            yield pair


def _keys(scope: Scope, selector: Selector, column: str) -> list[str]:
    rows = scope.facts.tables.get(selector.table or "")
    digits = scope.params.get("digits")
    found = [rows.text(row, column) for row in range(len(rows))] if rows else []
    return [
        key
        for key in dict.fromkeys(found)
        if key and squeezed(key) not in TOTALS and (digits is None or len(key) == digits)
    ]


def _compared(scope: Scope, code: Code, left: Cells, right: Cells) -> Problem:
    for side in (left, right):
        if side.absent:  # one fault, however many figures depend on the table
            return scope.problem(codes.NOT_GIVEN, side.where, table=side.absent)
    values: dict[str, Any] = {
        "name": left.name,
        "value": shown(left.amount),
        "other": right.name,
        "limit": shown(right.amount),
    }
    if code is codes.NOT_EQUAL:
        values["difference"] = shown(abs(left.amount - right.amount))
    where: Location = left.where if left.written or not right.written else right.where
    return scope.problem(code, where, **values)


@rule(
    "empty-statement",
    Parameter("table", TABLE),
    Parameter("mentions", TEXTS, required=False),
    Parameter("example", TEXT),
    Parameter("when", CONDITION, required=False),
)
def empty_statement(scope: Scope) -> Iterator[Problem]:
    """A table without rows is published with a sentence that says so and names the matter (B11)."""
    name = scope.params["table"]
    rows = scope.facts.tables.get(name)
    if (rows is not None and len(rows)) or not View(scope.facts).meets(
        scope.params.get("when", ())
    ):
        return
    statement = rows.table.statement if rows is not None else ""
    where = scope.facts.locate(None if rows is None else name, None, None)
    title = scope.facts.table_title(name)
    if not statement:
        example = scope.params["example"]
        yield scope.problem(codes.NO_STATEMENT, where, table=title, example=example)
        return
    mentions = scope.params.get("mentions", ())
    if mentions and not any(word in squeezed(statement) for word in mentions):
        yield scope.problem(
            codes.OTHER_STATEMENT,
            where,
            severity=codes.OTHER_STATEMENT.severity,
            table=title,
            wanted=" / ".join(mentions),
            value=statement,
        )
