"""The registry of named rules: what each is called, what it needs, and the function that checks.

A rule's parameters are declared, so that a kind file with a misspelt rule, parameter or field is a
located problem and not a surprise later. Texts of a kind file come in as strings; each parameter
says what it makes of them.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sitegen.kinds.kind import Field, Rule, TableKind
from sitegen.kinds.rules import codes
from sitegen.kinds.rules.equation import Equation
from sitegen.kinds.rules.selector import Selector
from sitegen.problems import Location, Problem

if TYPE_CHECKING:
    from sitegen.kinds.rules.scope import Scope

Check = Callable[["Scope"], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class ParameterType:
    """What may be written for a parameter. `read` raises ValueError or TypeError for the rest."""

    example: str
    """What one may write, in any language: ``[field_a, field_b]``."""
    read: Callable[[Any], Any]
    fields: Callable[[Any], Iterable[str]] = lambda value: ()
    """The fields of the rule's own scope that a value names."""
    cells: Callable[[Any], Iterable[tuple[str | None, str]]] = lambda value: ()
    """Table (None: the document) and field of what a value names elsewhere."""


def _text(raw: Any) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int) or str(raw) == "":
        raise ValueError
    return str(raw)


def _texts(raw: Any) -> tuple[str, ...]:
    items = raw if isinstance(raw, list | tuple) else [raw]
    if not items:
        raise ValueError
    return tuple(_text(item) for item in items)


def _count(raw: Any) -> int:
    text = _text(raw)
    if not (text.isascii() and text.isdigit()):
        raise ValueError
    return int(text)


def _amount(raw: Any) -> Decimal:
    try:
        value = Decimal(_text(raw))
    except ArithmeticError as error:
        raise ValueError from error
    if not value.is_finite() or value < 0:
        raise ValueError
    return value


def _amounts(raw: Any) -> tuple[Decimal, ...]:
    return tuple(_amount(item) for item in (raw if isinstance(raw, list | tuple) else [raw]))


def _flag(raw: Any) -> bool:
    if str(raw).lower() not in ("true", "false"):
        raise ValueError
    return str(raw).lower() == "true"


def _condition(raw: Any) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError
    return {_text(name): _wanted(values) for name, values in raw.items()}


def _wanted(raw: Any) -> tuple[str, ...]:
    items = raw if isinstance(raw, list | tuple) else [raw]
    return tuple(str(item).lower() if isinstance(item, bool) else str(item) for item in items)


def _conditions(raw: Any) -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """One condition, or a list of which any may hold."""
    items = raw if isinstance(raw, list | tuple) else [raw]
    if not items:
        raise ValueError
    return tuple(_condition(item) for item in items)


FIELD = ParameterType("field", _text, lambda value: (value,))
FIELDS = ParameterType("[field_a, field_b]", _texts, lambda value: value)
TEXT = ParameterType("text", _text)
TEXTS = ParameterType("[text_a, text_b]", _texts)
COUNT = ParameterType("20", _count)
AMOUNT = ParameterType("0.01", _amount)
AMOUNTS = ParameterType("[90, 100]", _amounts)
FLAG = ParameterType("true", _flag)
TABLE = ParameterType("table", _text)
TABLES = ParameterType("[table_a, table_b]", _texts)
CONDITION = ParameterType(
    "{field: [value_a, value_b]}",
    _conditions,
    lambda value: [name for condition in value for name in condition],
)
WHERE = ParameterType("{field: [value_a, value_b]}", _condition, lambda value: value)
EQUATION = ParameterType("总计 = 本年收入 + 上年结转", Equation.read)
CELLS = ParameterType(
    "{table: name, field: name, where: {field: value}}",
    Selector.read,
    cells=lambda value: value.named_fields(),
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A declared parameter of a rule."""

    name: str
    type: ParameterType
    required: bool = True
    of_table: str = ""
    """Its fields are those of the table that this other parameter names."""


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A rule that kind files may use. The docstring of `check` says what it demands."""

    name: str
    parameters: tuple[Parameter, ...]
    check: Check
    table_only: bool = False

    def parameter(self, name: str) -> Parameter | None:
        """The declared parameter of that name."""
        return next((p for p in self.parameters if p.name == name), None)

    def tables(self, params: Mapping[str, Any]) -> set[str]:
        """The tables that a rule with these parameters looks at by name."""
        named: set[str] = set()
        for parameter in self.parameters:
            if parameter.name not in params:
                continue
            value = params[parameter.name]
            named.update(_tables_named(parameter, value))
            named.update(table for table, _ in parameter.type.cells(value) if table)
        return named


RULES: dict[str, NamedRule] = {}
"""All named rules; filled while the modules of this package are imported, then never changed."""


def rule(name: str, *parameters: Parameter, table_only: bool = False) -> Callable[[Check], Check]:
    """Register the function below as the named rule. Raises ValueError when the name is taken."""

    def register(check: Check) -> Check:
        if name in RULES:
            raise ValueError(f"rule {name} is registered twice")
        RULES[name] = NamedRule(name, parameters, check, table_only)
        return check

    return register


def parameters_of(rule: Rule) -> dict[str, Any] | None:
    """The parameters of a rule, read; None for a rule that `check_rule` would refuse."""
    named = RULES.get(rule.name)
    if named is None:
        return None
    read: dict[str, Any] = {}
    for parameter in named.parameters:
        if parameter.name in rule.params:
            try:
                read[parameter.name] = parameter.type.read(rule.params[parameter.name])
            except (ValueError, TypeError):
                return None
        elif parameter.required:
            return None
    return read


def check_rule(
    rule: Rule,
    table: TableKind | None,
    fields: Sequence[Field],
    tables: Sequence[TableKind],
    where: Callable[[str | None], Location],
) -> list[Problem]:
    """The faults of a rule in a kind file, for the loader.

    `table` is the table whose rules it stands in (None: the kind's own rules), `fields` all fields
    of the document (common ones too), `tables` the kind's tables. `where` gives the place of a
    parameter, or of the rule itself for None.
    """
    named = RULES.get(rule.name)
    if named is None:
        near = difflib.get_close_matches(rule.name, sorted(RULES), 1, 0.5) or [sorted(RULES)[0]]
        return [codes.UNKNOWN_RULE.at(where(None), rule=rule.name, nearest=near[0])]
    problems: list[Problem] = []
    known = ", ".join(p.name for p in named.parameters)
    for name in rule.params:
        if named.parameter(name) is None:
            problems.append(
                codes.UNKNOWN_PARAMETER.at(where(name), rule=rule.name, parameter=name, known=known)
            )
    if named.table_only and table is None:
        problems.append(codes.NOT_IN_TABLE.at(where(None), rule=rule.name))
        return problems
    by_name = {kind.name: kind for kind in tables}
    for parameter in named.parameters:
        if parameter.name not in rule.params:
            if parameter.required:
                problems.append(
                    codes.MISSING_PARAMETER.at(
                        where(None), rule=rule.name, parameter=parameter.name
                    )
                )
            continue
        problems += _parameter_faults(parameter, rule, table, fields, by_name, where)
    return problems


def _parameter_faults(
    parameter: Parameter,
    rule: Rule,
    table: TableKind | None,
    fields: Sequence[Field],
    tables: Mapping[str, TableKind],
    where: Callable[[str | None], Location],
) -> Iterator[Problem]:
    raw = rule.params[parameter.name]
    place = where(parameter.name)
    try:
        value = parameter.type.read(raw)
    except (ValueError, TypeError):
        yield codes.BAD_PARAMETER.at(
            place,
            rule=rule.name,
            parameter=parameter.name,
            example=parameter.type.example,
            value=raw,
        )
        return
    named_tables = _tables_named(parameter, value)
    for name in named_tables:
        if name not in tables:
            yield _unknown_table(rule, name, tables, place)
    if parameter.of_table:
        target = tables.get(str(rule.params.get(parameter.of_table, "")))
        scope: tuple[Field, ...] = target.fields if target else ()
        if target is None:
            return
    else:
        scope = (table.fields if table else ()) + tuple(fields)
    for name in parameter.type.fields(value):
        if not has_field(scope, name):
            yield _unknown_field(rule, name, scope, place)
    for table_name, name in parameter.type.cells(value):
        if table_name is not None and table_name not in tables:
            yield _unknown_table(rule, table_name, tables, place)
            return
        scope = tuple(fields) if table_name is None else tables[table_name].fields
        if not has_field(scope, name):
            yield _unknown_field(rule, name, scope, place)


def _tables_named(parameter: Parameter, value: Any) -> tuple[str, ...]:
    if parameter.type is TABLE:
        return (value,)
    return value if parameter.type is TABLES else ()


def _unknown_table(
    rule: Rule, name: str, tables: Mapping[str, TableKind], place: Location
) -> Problem:
    known = ", ".join(sorted(tables))
    return codes.UNKNOWN_TABLE.at(place, rule=rule.name, table=name, known=known)


def _unknown_field(rule: Rule, name: str, scope: Sequence[Field], place: Location) -> Problem:
    known = ", ".join(field.name for field in scope)
    return codes.UNKNOWN_FIELD.at(place, rule=rule.name, field=name, known=known)


def has_field(fields: Sequence[Field], name: str) -> bool:
    """Whether `name` (or the path ``object.part``) is among the fields."""
    head, _, rest = name.partition(".")
    for field in fields:
        if field.name == head:
            if not rest:
                return True
            return has_field(field.fields or (field.item.fields if field.item else ()), rest)
    return False
