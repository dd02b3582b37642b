"""Rules of addition inside a row, a column or a group: sum, balance, total-row, column-sum,
group-sum, ratio, growth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from sitegen.kinds.rules import codes
from sitegen.kinds.rules.registry import (
    AMOUNT,
    AMOUNTS,
    CONDITION,
    COUNT,
    FIELD,
    FIELDS,
    FLAG,
    TABLE,
    TEXTS,
    WHERE,
    Parameter,
    rule,
)
from sitegen.kinds.rules.scope import ZERO, Rows, Scope, View, is_blank, number
from sitegen.kinds.rules.text import TOTALS, depth_of, holds, label_of, shown
from sitegen.problems import Problem

_TOLERANCE = Parameter("tolerance", AMOUNT, required=False)


def differs(scope: Scope, value: Decimal, computed: Decimal) -> bool:
    """Whether two amounts differ by more than the rule's tolerance (0 unless it is given)."""
    tolerance: Decimal = scope.params.get("tolerance", ZERO)
    return abs(value - computed) > tolerance


@rule(
    "sum",
    Parameter("total", FIELD),
    Parameter("of", FIELDS),
    _TOLERANCE,
    Parameter("if-shown", FLAG, required=False),
    Parameter("when", CONDITION, required=False),
)
def sum_of(scope: Scope) -> Iterator[Problem]:
    """In each row (or the document) `total` is the sum of the fields `of`.

    With `if-shown`, a row in which all parts are blank is passed over: forms differ in whether they
    show them.
    """
    total, parts = scope.params["total"], scope.params["of"]
    shown_only = scope.params.get("if-shown", False)
    for view in scope.views():
        blank = all(is_blank(view.value(name)) for name in parts)
        if blank and (shown_only or is_blank(view.value(total))):
            continue
        value = view.amount(total)
        computed = sum((view.amount(name) for name in parts), ZERO)
        if differs(scope, value, computed) and view.meets(scope.params.get("when", ())):
            yield scope.problem(
                codes.SUM,
                view.where(total),
                name=view.name(total),
                value=shown(value),
                computed=shown(computed),
                difference=shown(abs(value - computed)),
                parts=_listed(view, parts),
            )


def _listed(view: View, names: Sequence[str]) -> str:
    """The parts that are not 0: ``基本支出 10.00 + 项目支出 2.00``."""
    amounts = [(view.title(name), view.amount(name)) for name in names]
    return " + ".join(f"{title} {shown(amount)}" for title, amount in amounts if amount) or "0"


@rule("balance", Parameter("left", FIELDS), Parameter("right", FIELDS), _TOLERANCE)
def balance(scope: Scope) -> Iterator[Problem]:
    """In each row the fields `left` add up to as much as the fields `right`."""
    left, right = scope.params["left"], scope.params["right"]
    for view in scope.views():
        value = sum((view.amount(name) for name in left), ZERO)
        computed = sum((view.amount(name) for name in right), ZERO)
        if differs(scope, value, computed):
            label = view.name(left[0])
            yield scope.problem(
                codes.EQUATION,
                view.where(left[0]),
                name=" + ".join([label, *(view.title(name) for name in left[1:])]),
                value=shown(value),
                formula=" + ".join(view.title(name) for name in right),
                computed=shown(computed),
                difference=shown(abs(value - computed)),
            )


@rule(
    "total-row",
    Parameter("key", FIELD),
    Parameter("amounts", FIELDS),
    Parameter("total", TEXTS, required=False),
    Parameter("above", FLAG, required=False),
    Parameter("where", WHERE, required=False),
    Parameter("required", FLAG, required=False),
    _TOLERANCE,
    table_only=True,
)
def total_row(scope: Scope) -> Iterator[Problem]:
    """The row called `total` (合计 or 总计) in the column `key` adds up the others.

    `where` narrows the rows; with `above` only those before the total count. Lines "其中：" and
    lines below 一、 are no part of it. With `required`, a table with rows must have the row.
    """
    rows, key = scope.table(), scope.params["key"]
    named = scope.params.get("total", TOTALS)
    labels = tuple(label_of(label) for label in named)
    among = matching(rows, scope.params.get("where", {}))
    total = next((row for row in among if label_of(rows.text(row, key)) in labels), None)
    if total is None and named is TOTALS:
        total = next((row for row in among if rows.is_total(row)), None)
    if total is None:
        if among and scope.params.get("required", False):
            yield scope.problem(
                codes.NO_ROW, scope.cell(None, None), table=rows.title, row=labels[0]
            )
        return
    lines = []
    for row in among:
        text = rows.text(row, key)
        inner = text.startswith("其中") or (depth_of(text) or 0) > 0
        after = scope.params.get("above", False) and row > total
        if row != total and not inner and not after:
            lines.append(row)
    for name in scope.params["amounts"]:
        computed = sum((rows.amount(row, name) for row in lines), ZERO)
        yield from wrong_total(scope, rows, total, name, computed)


def matching(rows: Rows, where: dict[str, tuple[str, ...]]) -> list[int]:
    """The rows whose cells have the values that `where` names."""
    return [
        row
        for row in range(len(rows))
        if all(holds(rows.value(row, name), wanted) for name, wanted in where.items())
    ]


def wrong_total(
    scope: Scope, rows: Rows, row: int, name: str, computed: Decimal
) -> Iterator[Problem]:
    """The problem of a total that is not what its lines add up to, if it is not."""
    value = rows.amount(row, name)
    if differs(scope, value, computed):
        yield scope.problem(
            codes.TOTAL,
            scope.cell(row, name),
            name=rows.name_of(row, name),
            value=shown(value),
            computed=shown(computed),
            difference=shown(abs(value - computed)),
        )


@rule(
    "column-sum",
    Parameter("table", TABLE),
    Parameter("total", FIELD),
    Parameter("of", FIELD, of_table="table"),
    Parameter("where", WHERE, required=False, of_table="table"),
    _TOLERANCE,
)
def column_sum(scope: Scope) -> Iterator[Problem]:
    """The document's field `total`, if filled in, is the sum of a table's column `of`."""
    view, total, column = View(scope.facts), scope.params["total"], scope.params["of"]
    if is_blank(view.value(total)):
        return
    rows = scope.facts.tables.get(scope.params["table"])
    among = matching(rows, scope.params.get("where", {})) if rows else []
    computed = ZERO
    if rows:
        computed = sum((rows.amount(r, column) for r in among if not rows.is_total(r)), ZERO)
    value = number(view.value(total))
    if differs(scope, value, computed):
        yield scope.problem(
            codes.TOTAL,
            view.where(total),
            name=view.name(total),
            value=shown(value),
            computed=shown(computed),
            difference=shown(abs(value - computed)),
        )


@rule(
    "group-sum",
    Parameter("by", FIELD),
    Parameter("of", FIELD),
    Parameter("equals", AMOUNTS),
    table_only=True,
)
def group_sum(scope: Scope) -> Iterator[Problem]:
    """The rows of each group add up to one of the amounts `equals`; groups all blank are passed."""
    rows, name = scope.table(), scope.params["of"]
    groups: dict[str, list[int]] = {}
    for row in range(len(rows)):
        groups.setdefault(rows.text(row, scope.params["by"]), []).append(row)
    for group, members in groups.items():
        if all(is_blank(rows.value(row, name)) for row in members):
            continue
        value = sum((rows.amount(row, name) for row in members), ZERO)
        if value not in scope.params["equals"]:
            yield scope.problem(
                codes.GROUP_SUM,
                scope.cell(members[0], name),
                name=rows.column_title(name),
                value=shown(value),
                group=group,
                wanted=" / ".join(shown(amount) for amount in scope.params["equals"]),
            )


@rule(
    "ratio",
    Parameter("field", FIELD),
    Parameter("part", FIELD),
    Parameter("whole", FIELD),
    Parameter("decimals", COUNT, required=False),
)
def ratio(scope: Scope) -> Iterator[Problem]:
    """`field`, if filled in, is `part` in percent of `whole`, to as many decimals as written.

    A last digit that is one off is let pass (BN-01: ±0.01); where `whole` is 0, nothing may stand.
    """
    yield from _percentages(scope, scope.params["part"], scope.params["whole"], ZERO)


@rule(
    "growth",
    Parameter("field", FIELD),
    Parameter("current", FIELD),
    Parameter("previous", FIELD),
    Parameter("decimals", COUNT, required=False),
)
def growth(scope: Scope) -> Iterator[Problem]:
    """`field`, if filled in, says by how many percent `current` is more than `previous` (BN-01).

    Where `previous` is 0, nothing may stand: there is no growth from nothing (BN-02).
    """
    yield from _percentages(scope, scope.params["current"], scope.params["previous"], Decimal(100))


def _percentages(scope: Scope, part_name: str, whole_name: str, base: Decimal) -> Iterator[Problem]:
    """Written percentages that are not ``part × 100 / whole - base``."""
    name = scope.params["field"]
    for view in scope.views():
        value = view.value(name)
        if is_blank(value):
            continue
        written = number(value)
        part, whole = view.amount(part_name), view.amount(whole_name)
        exponent = written.as_tuple().exponent
        places = scope.params.get("decimals", -exponent if isinstance(exponent, int) else 0)
        step = Decimal(1).scaleb(-max(places, 0))
        computed = (part * 100 / whole - base).quantize(step, ROUND_HALF_UP) if whole else None
        if computed is None or abs(written - computed) > step:
            yield scope.problem(
                codes.GROWTH if base else codes.RATIO,
                view.where(name),
                name=view.name(name),
                value=shown(written),
                part=shown(part),
                whole=shown(whole),
                computed="-" if computed is None else shown(computed),
            )
