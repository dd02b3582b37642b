"""Rules for tables by classification code (支出功能分类, 支出经济分类):
code-children-sum, code-total, code-depth, known-code, codes-absent, same-names.

A code's parent is the longest listed code that it begins with: 2010301 → 20103 → 201.
"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.kinds.rules import codes
from sitegen.kinds.rules.codelists import CODE_LISTS, code_list
from sitegen.kinds.rules.registry import (
    AMOUNT,
    COUNT,
    FIELD,
    FIELDS,
    FLAG,
    TABLES,
    TEXT,
    TEXTS,
    WHERE,
    Parameter,
    ParameterType,
    rule,
)
from sitegen.kinds.rules.scope import ZERO, Rows, Scope, parent_code
from sitegen.kinds.rules.sums import differs, matching, wrong_total
from sitegen.kinds.rules.text import TOTALS, label_of, shown
from sitegen.problems import Problem


def _list_name(raw: object) -> str:
    if raw not in CODE_LISTS:
        raise ValueError
    return str(raw)


CODE_LIST = ParameterType(" / ".join(CODE_LISTS), _list_name)

_CODE = Parameter("code", FIELD)
_AMOUNTS = Parameter("amounts", FIELDS)
_TOLERANCE = Parameter("tolerance", AMOUNT, required=False)


def _is_code(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _coded(rows: Rows, column: str) -> dict[int, str]:
    """The rows that have a code."""
    found = ((row, rows.text(row, column)) for row in range(len(rows)))
    return {row: code for row, code in found if _is_code(code)}


def _children(coded: dict[int, str]) -> dict[str | None, list[int]]:
    """Rows by the nearest listed code above theirs; None for those that have none."""
    listed = frozenset(coded.values())
    children: dict[str | None, list[int]] = {}
    for row, code in coded.items():
        children.setdefault(parent_code(code, listed), []).append(row)
    return children


@rule("code-children-sum", _CODE, _AMOUNTS, _TOLERANCE, table_only=True)
def code_children_sum(scope: Scope) -> Iterator[Problem]:
    """The amount of each code is the sum of the codes under it, if any are listed (BA-01)."""
    rows = scope.table()
    coded = _coded(rows, scope.params["code"])
    children = _children(coded)
    for row, code in coded.items():
        below = children.get(code)
        if not below:
            continue
        for name in scope.params["amounts"]:
            value = rows.amount(row, name)
            computed = sum((rows.amount(child, name) for child in below), ZERO)
            if differs(scope, value, computed):
                yield scope.problem(
                    codes.CHILDREN,
                    scope.cell(row, name),
                    name=rows.name_of(row, name),
                    value=shown(value),
                    computed=shown(computed),
                    difference=shown(abs(value - computed)),
                    parts=_lines(rows, below, name, coded),
                )


def _lines(rows: Rows, members: list[int], name: str, coded: dict[int, str]) -> str:
    amounts = ((coded[row], rows.amount(row, name)) for row in members)
    return " + ".join(f"{code} {shown(amount)}" for code, amount in amounts if amount) or "0"


@rule(
    "code-total",
    _CODE,
    _AMOUNTS,
    _TOLERANCE,
    Parameter("name", FIELD, required=False),
    Parameter("total", TEXTS, required=False),
    Parameter("where", WHERE, required=False),
    Parameter("required", FLAG, required=False),
    table_only=True,
)
def code_total(scope: Scope) -> Iterator[Problem]:
    """The total row (合计) is the sum of the uppermost codes (BA-02).

    The total row has its word in the column `code` or `name`, and no code. `where` narrows the
    lines and the total, for tables with a total for each group. A table with lines must have the
    row, unless `required` is false.
    """
    rows, code = scope.table(), scope.params["code"]
    labels = tuple(label_of(label) for label in scope.params.get("total", TOTALS))
    among = matching(rows, scope.params.get("where", {}))
    coded = {row: text for row, text in _coded(rows, code).items() if row in among}
    columns = [code, *([scope.params["name"]] if "name" in scope.params else [])]
    totals = [
        row
        for row in among
        if row not in coded and any(label_of(rows.text(row, c)) in labels for c in columns)
    ]
    if not totals:
        if coded and scope.params.get("required", True):
            where = scope.cell(None, None)
            yield scope.problem(codes.NO_ROW, where, table=rows.title, row=labels[0])
        return
    roots = _children(coded).get(None, [])
    for name in scope.params["amounts"]:
        computed = sum((rows.amount(row, name) for row in roots), ZERO)
        yield from wrong_total(scope, rows, totals[0], name, computed)


@rule(
    "code-depth",
    _CODE,
    Parameter("digits", COUNT),
    Parameter("except", TEXTS, required=False),
    table_only=True,
)
def code_depth(scope: Scope) -> Iterator[Problem]:
    """Every code is taken down to `digits` digits: 项 for function, 款 for economic (BA-03).

    Codes of `except` have no finer ones (227 预备费). Basis: 预算法 art. 46 and 75.
    """
    rows, digits = scope.table(), scope.params["digits"]
    coarse = scope.params.get("except", ())
    coded = _coded(rows, scope.params["code"])
    children = _children(coded)
    for row, code in coded.items():
        if len(code) < digits and code not in children and code not in coarse:
            yield scope.problem(
                codes.SHALLOW,
                scope.cell(row, scope.params["code"]),
                name=rows.label(row),
                code=code,
                digits=digits,
            )


@rule(
    "known-code",
    _CODE,
    Parameter("list", CODE_LIST),
    Parameter("name", FIELD, required=False),
    Parameter("year", FIELD, required=False),
    table_only=True,
)
def known_code(scope: Scope) -> Iterator[Problem]:
    """Codes stand in the official list, with the name that they have in the year of the document.

    Codes change every year: a kind should not make this an error.
    """
    rows, codes_known = scope.table(), code_list(scope.params["list"])
    year = scope.facts.value(scope.params["year"]) if "year" in scope.params else None
    year = year if isinstance(year, int) else None
    column = scope.params.get("name")
    for row, code in _coded(rows, scope.params["code"]).items():
        if codes_known.is_unknown(code):
            where = scope.cell(row, scope.params["code"])
            yield scope.problem(
                codes.UNKNOWN_CODE, where, name=rows.label(row), code=code, list=codes_known.title
            )
        elif column is not None:
            written = label_of(rows.text(row, column))
            names = codes_known.names(code, year)
            if names and written not in (label_of(name) for name in names):
                yield scope.problem(
                    codes.CODE_NAME,
                    scope.cell(row, column),
                    name=rows.label(row),
                    code=code,
                    wanted=names[0],
                    value=rows.text(row, column),
                    year=year or "-",
                )


@rule("codes-absent", _CODE, Parameter("codes", TEXTS), _AMOUNTS, table_only=True)
def codes_absent(scope: Scope) -> Iterator[Problem]:
    """The lines of these codes are 0: 309 and 311 do not belong to basic expenditure."""
    rows = scope.table()
    for row, code in _coded(rows, scope.params["code"]).items():
        if not code.startswith(scope.params["codes"]):
            continue
        for name in scope.params["amounts"]:
            value = rows.amount(row, name)
            if value:
                yield scope.problem(
                    codes.CODE_ABSENT,
                    scope.cell(row, name),
                    name=rows.name_of(row, name),
                    value=shown(value),
                    code=code,
                )


@rule("same-names", Parameter("tables", TABLES), Parameter("code", TEXT), Parameter("name", TEXT))
def same_names(scope: Scope) -> Iterator[Problem]:
    """A code has the same name in all these tables (BN-06)."""
    first: dict[str, tuple[str, str]] = {}
    for table in scope.params["tables"]:
        rows = scope.facts.tables.get(table)
        if rows is None:
            continue
        for row, code in _coded(rows, scope.params["code"]).items():
            name = label_of(rows.text(row, scope.params["name"]))
            if not name:
                continue
            known, where = first.setdefault(code, (name, rows.title))
            if known != name:
                yield scope.problem(
                    codes.TWO_NAMES,
                    scope.facts.locate(table, row, scope.params["name"]),
                    code=code,
                    value=name,
                    first=known,
                    table=where,
                )
