"""Named rules: checks that several kinds need, used by name in kind files.

`RULES` lists them, `check_rule` tells what is wrong with a rule in a kind file, `apply_rules`
checks a document. A new rule is a function in a module here, registered with `registry.rule`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sitegen.kinds.document import Document
from sitegen.kinds.kind import Field, Kind, Rule
from sitegen.kinds.rules import (  # noqa: F401 - importing them registers their rules
    classification,
    codes,
    crosstable,
    dates,
    equations,
    fields,
    guides,
    permits,
    policies,
    sums,
)
from sitegen.kinds.rules.registry import RULES, NamedRule, Parameter, check_rule, parameters_of
from sitegen.kinds.rules.scope import Facts, Locate, Rows, Scope
from sitegen.problems import Problem
from sitegen.source.calendar import Calendar, shipped_calendar

__all__ = [
    "RULES", "Locate", "NamedRule", "Parameter", "ReadyRules", "apply_rules", "check_rule",
    "ready_rules",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadyRule:
    """A rule with its parameters read."""

    rule: Rule
    named: NamedRule
    params: Mapping[str, Any]
    tables: frozenset[str]
    """The tables that it looks at by name."""


@dataclass(frozen=True, slots=True)
class ReadyRules:
    """The rules of a kind and of its tables, read once for all its documents.

    Rules that are faulty are not among them: the loader has told of them.
    """

    own: tuple[ReadyRule, ...]
    of_tables: tuple[tuple[str, tuple[ReadyRule, ...]], ...]


def ready_rules(kind: Kind) -> ReadyRules:
    """Read the parameters of all rules of a kind."""
    own = tuple(ready for ready in _ready(kind.rules) if not ready.named.table_only)
    of_tables = ((table.name, tuple(_ready(table.rules))) for table in kind.tables)
    return ReadyRules(own, tuple((name, rules) for name, rules in of_tables if rules))


def _ready(rules: Sequence[Rule]) -> Iterator[ReadyRule]:
    for rule in rules:
        params = parameters_of(rule)
        if params is not None:
            named = RULES[rule.name]
            yield ReadyRule(rule, named, params, frozenset(named.tables(params)))


def apply_rules(
    kind: Kind,
    document: Document,
    locate: Locate,
    calendar: Calendar | None = None,
    all_fields: Sequence[Field] = (),
    skip: Callable[[str], bool] = lambda table: False,
    ready: ReadyRules | None = None,
) -> list[Problem]:
    """Check a document by the rules of its kind and of its tables; problems in the kind's order.

    `all_fields` are all fields of the document (``Kinds.fields_of(kind)``), for their titles.
    `skip` says of a table that it could not be read whole: rules over it would only repeat that
    in other words. `ready` are the `ready_rules` of the kind, where they are known.
    """
    if ready is None:
        ready = ready_rules(kind)
    if not ready.own and not ready.of_tables:
        return []
    tables = {table.kind.name: Rows(table) for table in document.tables}
    names = {field.name: field for field in (*kind.fields, *all_fields)}
    facts = Facts(document, kind, names, tables, locate, calendar or shipped_calendar())
    problems: list[Problem] = []
    for name, rules in ready.of_tables:
        rows = tables.get(name)
        if rows is None or skip(name):
            continue
        for each in rules:
            problems += each.named.check(Scope(facts, each.rule, each.params, rows))
    for each in ready.own:
        if not any(skip(name) for name in each.tables):
            problems += each.named.check(Scope(facts, each.rule, each.params))
    for rows in tables.values():
        rows.let_go()
    demanded = {
        dict(problem.values)["table"]
        for problem in problems
        if problem.code in (codes.FEW_ROWS.id, codes.NO_STATEMENT.id)
    }
    return [
        problem
        for problem in problems
        if problem.code != codes.NOT_GIVEN.id or dict(problem.values)["table"] not in demanded
    ]
