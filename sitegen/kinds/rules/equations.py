"""Rules between the rows of one table: row-equation, outline-sum."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sitegen.kinds.rules import codes
from sitegen.kinds.rules.equation import Term
from sitegen.kinds.rules.registry import (
    AMOUNT,
    EQUATION,
    FIELD,
    FIELDS,
    FLAG,
    WHERE,
    Parameter,
    rule,
)
from sitegen.kinds.rules.scope import ZERO, Rows, Scope, parent_code
from sitegen.kinds.rules.sums import differs, matching
from sitegen.kinds.rules.text import depth_of, label_of, shown
from sitegen.problems import Problem

_TOLERANCE = Parameter("tolerance", AMOUNT, required=False)


@rule(
    "row-equation",
    Parameter("key", FIELD),
    Parameter("amounts", FIELDS),
    Parameter("equation", EQUATION),
    Parameter("where", WHERE, required=False),
    Parameter("code", FIELD, required=False),
    Parameter("optional", FLAG, required=False),
    _TOLERANCE,
    table_only=True,
)
def row_equation(scope: Scope) -> Iterator[Problem]:
    """Rows add up as the equation says, in each of the columns `amounts` (BA-04 to 07, 12, 13, 15).

    Rows are found by their label in the column `key` (without numbering; ``a|b`` for other
    wordings) among those that `where` names; ``[301]`` is a code in the column `code`, ``[*]`` all
    lines with one. The first row of the left side must be there, unless `optional`; another row
    that is not there counts as 0.
    """
    rows, equation = scope.table(), scope.params["equation"]
    among = matching(rows, scope.params.get("where", {}))
    if not among:
        return
    place = next(iter(_rows_of(scope, rows, among, equation.left[0])), None)
    if place is None:
        if not scope.params.get("optional", False):
            name = (equation.left[0].labels or (equation.left[0].code,))[0]
            where = scope.cell(None, None)
            yield scope.problem(codes.NO_ROW, where, table=rows.title, row=name)
        return
    left = [(term, _rows_of(scope, rows, among, term)) for term in equation.left]
    right = [(term, _rows_of(scope, rows, among, term)) for term in equation.right]
    for name in scope.params["amounts"]:
        value, computed = _total(rows, left, name), _total(rows, right, name)
        if differs(scope, value, computed):
            others = "".join(f" + {rows.label(row)}" for _, found in left[1:] for row in found)
            yield scope.problem(
                codes.EQUATION,
                scope.cell(place, name),
                name=rows.name_of(place, name) + others,
                value=shown(value),
                formula=equation.formula,
                computed=shown(computed),
                difference=shown(abs(value - computed)),
            )


def _rows_of(scope: Scope, rows: Rows, among: list[int], term: Term) -> list[int]:
    if not term.code:
        key = scope.params["key"]
        return [row for row in among if label_of(rows.text(row, key)) in term.labels]
    column = scope.params.get("code", "")
    coded = {row: rows.text(row, column) for row in among}
    wanted = {
        row: code
        for row, code in coded.items()
        if code.isdigit() and (term.code == "*" or code.startswith(term.code))
    }
    listed = frozenset(wanted.values())
    return [row for row, code in wanted.items() if parent_code(code, listed) is None]


def _total(rows: Rows, terms: list[tuple[Term, list[int]]], name: str) -> Decimal:
    return sum((term.sign * rows.amount(row, name) for term, found in terms for row in found), ZERO)


@rule(
    "outline-sum",
    Parameter("key", FIELD),
    Parameter("amounts", FIELDS),
    Parameter("where", WHERE, required=False),
    _TOLERANCE,
    table_only=True,
)
def outline_sum(scope: Scope) -> Iterator[Problem]:
    """A numbered line is the sum of the lines under it, if any follow: 一、 of （一）.

    Lines "其中：" and lines without a number (合计) are no part of the outline.
    """
    rows, key = scope.table(), scope.params["key"]
    among = matching(rows, scope.params.get("where", {}))
    depths = [depth_of(rows.text(row, key)) for row in among]
    for place, row in enumerate(among):
        depth = depths[place]
        if depth is None:
            continue
        below: list[int] = []
        inner: int | None = None
        for other, level in zip(among[place + 1 :], depths[place + 1 :], strict=True):
            if level is None or level <= depth:
                break
            inner = level if inner is None else inner
            if level == inner:
                below.append(other)
        if not below:
            continue
        for name in scope.params["amounts"]:
            value = rows.amount(row, name)
            computed = sum((rows.amount(child, name) for child in below), ZERO)
            if differs(scope, value, computed):
                parts = ((label_of(rows.text(r, key)), rows.amount(r, name)) for r in below)
                yield scope.problem(
                    codes.CHILDREN,
                    scope.cell(row, name),
                    name=rows.name_of(row, name),
                    value=shown(value),
                    computed=shown(computed),
                    difference=shown(abs(value - computed)),
                    parts=" + ".join(f"{label} {shown(a)}" for label, a in parts if a) or "0",
                )
