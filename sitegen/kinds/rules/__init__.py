"""Named rules: checks that several kinds need, used by name in kind files.

`RULES` lists them, `check_rule` tells what is wrong with a rule in a kind file, `apply_rules`
checks a document. A new rule is a function in a module here, registered with `registry.rule`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sitegen.kinds.document import Document
from sitegen.kinds.kind import Field, Kind
from sitegen.kinds.rules import (  # noqa: F401 - importing them registers their rules
    classification,
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

__all__ = ["RULES", "Locate", "NamedRule", "Parameter", "apply_rules", "check_rule"]


def apply_rules(
    kind: Kind,
    document: Document,
    locate: Locate,
    calendar: Calendar | None = None,
    all_fields: Sequence[Field] = (),
    skip: Callable[[str], bool] = lambda table: False,
) -> list[Problem]:
    """Check a document by the rules of its kind and of its tables; problems in the kind's order.

    `all_fields` are all fields of the document (``Kinds.fields_of(kind)``), for their titles.
    `skip` says of a table that it could not be read whole: rules over it would only repeat that
    in other words. Rules that are faulty are passed over: the loader has told of them.
    """
    if not kind.rules and not any(table.rules for table in kind.tables):
        return []
    tables = {table.kind.name: Rows(table) for table in document.tables}
    names = {field.name: field for field in (*kind.fields, *all_fields)}
    facts = Facts(document, kind, names, tables, locate, calendar or shipped_calendar())
    problems: list[Problem] = []
    for table_kind in kind.tables:
        rows = tables.get(table_kind.name)
        if rows is None or skip(table_kind.name):
            continue
        for rule in table_kind.rules:
            params = parameters_of(rule)
            if params is not None:
                problems += RULES[rule.name].check(Scope(facts, rule, params, rows))
    for rule in kind.rules:
        params = parameters_of(rule)
        if params is None or RULES[rule.name].table_only:
            continue
        if not any(skip(name) for name in RULES[rule.name].tables(params)):
            problems += RULES[rule.name].check(Scope(facts, rule, params))
    return problems
