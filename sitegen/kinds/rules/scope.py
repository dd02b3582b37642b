"""What a rule sees: the document's values by name, the rows of its tables, and their places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import msgspec

from sitegen.kinds.document import Document, Table
from sitegen.kinds.kind import Field, Kind, Rule
from sitegen.kinds.rules.selector import Selector
from sitegen.kinds.rules.text import TOTALS, holds, shown, squeezed
from sitegen.problems import Code, Location, Problem, Severity
from sitegen.source.calendar import Calendar

Locate: TypeAlias = Callable[[str | None, int | None, str | None], Location]
"""Table (None: the document's own fields), row (None: the whole table) and field to a place."""

ZERO = Decimal(0)


def number(value: Any) -> Decimal:
    """A value as an amount; nothing written counts as 0."""
    if isinstance(value, Decimal):
        return value
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else ZERO


def is_blank(value: Any) -> bool:
    """Whether nothing was written."""
    return value is None or value == "" or value == [] or value == {}


class Rows:
    """A table with its cells by row and field name."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.name = table.kind.name
        self.title = _title(table.kind)
        self.fields = {kind.name: kind for kind in table.kind.fields}
        self._places = {kind.name: place for place, kind in enumerate(table.kind.fields)}
        self._texts = [
            place
            for place, kind in enumerate(table.kind.fields)
            if kind.type in ("string", "text", "enum")
        ]
        self._keys = [self._places[name] for name in table.kind.primary_key if name in self.fields]
        self._totals: dict[int, bool] = {}
        self._views: list[View] | None = None

    def __len__(self) -> int:
        return len(self.table.rows)

    def value(self, row: int, name: str) -> Any:
        """A cell; None when blank or when the table has no such column."""
        place = self._places.get(name)
        return None if place is None else self.table.rows[row][place]

    def text(self, row: int, name: str) -> str:
        """A cell as text without outer space."""
        value = self.value(row, name)
        return "" if value is None else str(value).strip()

    def amount(self, row: int, name: str) -> Decimal:
        """A cell as an amount; blank is 0."""
        return number(self.value(row, name))

    def is_total(self, row: int) -> bool:
        """Whether the row adds up the table: its first text is 合计 or 总计."""
        found = self._totals.get(row)
        if found is None:
            cells = self.table.rows[row]
            first = next((str(cells[p]) for p in self._texts if not is_blank(cells[p])), "")
            found = self._totals[row] = squeezed(first) in TOTALS
        return found

    def views(self, facts: Facts) -> Sequence[View]:
        """Each row with the document's fields behind it: the document's own, of which it is."""
        if self._views is None:
            cells = (dict(zip(self._places, row)) for row in self.table.rows)
            self._views = [View(facts, self, row, each) for row, each in enumerate(cells)]
        return self._views

    def let_go(self) -> None:
        """Let go of the rows as views: they and the document's facts hold each other, and would
        stay until Python looks for such circles, which takes longer than making them."""
        self._views = None

    def label(self, row: int) -> str:
        """What people call the row: its key, or its first texts; else its number."""
        cells = self.table.rows[row]
        kinds = self.table.kind.fields
        parts = [_shown(kinds[p], cells[p]) for p in self._keys if not is_blank(cells[p])]
        if not parts:
            parts = [_shown(kinds[p], cells[p]) for p in self._texts if not is_blank(cells[p])][:2]
        return " ".join(squeezed(part) for part in parts) or f"#{row + 1}"

    def column_title(self, name: str) -> str:
        """The title of a column; its name if the table has no such column."""
        return _title(self.fields[name]) if name in self.fields else name

    def name_of(self, row: int, name: str) -> str:
        """What people call a cell: row and column title."""
        return f"{self.label(row)}·{self.column_title(name)}"


class Facts(msgspec.Struct, frozen=True):
    """One document as all its rules see it."""

    document: Document
    kind: Kind
    fields: Mapping[str, Field]
    """All fields of the document, common ones too."""
    tables: Mapping[str, Rows]
    locate: Locate
    calendar: Calendar

    def value(self, name: str) -> Any:
        """A field of the document, or the part ``object.part`` of one; None when not written."""
        head, _, rest = name.partition(".")
        value: Any = self.document.fields.get(head)
        while rest and value is not None:
            head, _, rest = rest.partition(".")
            value = value.get(head) if isinstance(value, dict) else None
        return value

    def title(self, name: str) -> str:
        """The official title of a field of the document."""
        head, _, rest = name.partition(".")
        kind = self.fields.get(head)
        titles = [_title(kind) if kind else head]
        while rest and kind is not None:
            head, _, rest = rest.partition(".")
            kind = next((part for part in kind.fields if part.name == head), None)
            titles.append(_title(kind) if kind else head)
        return "·".join(titles)

    def table_title(self, name: str) -> str:
        """The official title of a table, present in the document or not."""
        found = next((table for table in self.kind.tables if table.name == name), None)
        return _title(found) if found else name


class View(msgspec.Struct, frozen=True):
    """One row with the document's fields behind it, or (row None) the document's fields alone."""

    facts: Facts
    rows: Rows | None = None
    row: int | None = None
    cells: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """The cells of the row by field name."""

    def _is_cell(self, name: str) -> bool:
        return name in self.cells

    def value(self, name: str) -> Any:
        """The row's cell, or else the document's field of that name."""
        if name in self.cells:  # asked for every row of every table
            return self.cells[name]
        return self.facts.value(name) if "." in name else self.facts.document.fields.get(name)

    def amount(self, name: str) -> Decimal:
        """The value as an amount; blank is 0."""
        return number(self.value(name))

    def where(self, name: str) -> Location:
        """The place of the value."""
        if self._is_cell(name) and self.rows is not None:
            return self.facts.locate(self.rows.name, self.row, name)
        return self.facts.locate(None, None, name)

    def name(self, name: str) -> str:
        """What people call the value: its title, after the row that it stands in."""
        if self.rows is not None and self.row is not None and name in self.rows.fields:
            return self.rows.name_of(self.row, name)
        return self.facts.title(name)

    def meets(self, conditions: Sequence[Mapping[str, tuple[str, ...]]]) -> bool:
        """Whether one of the conditions holds; no conditions always hold."""
        for condition in conditions:  # plain loops: this is asked for every row of every table
            for name, wanted in condition.items():
                if not holds(self.value(name), wanted):
                    break
            else:
                return True
        return not conditions

    def because(self, conditions: Sequence[Mapping[str, tuple[str, ...]]]) -> str:
        """The values that make a condition hold: ``是否收费 = 是``."""
        names = [name for condition in conditions for name in condition]
        told = [
            f"{self.title(name)} = {self.shown(name) or '(空)'}" for name in dict.fromkeys(names)
        ]
        return ", ".join(told)

    def title(self, name: str) -> str:
        """The title of a field, without the row."""
        if self._is_cell(name) and self.rows is not None:
            return _title(self.rows.fields[name])
        return self.facts.title(name)

    def kind_of(self, name: str) -> Field | None:
        """The definition of the field, if it is known."""
        if self._is_cell(name) and self.rows is not None:
            return self.rows.fields[name]
        return self.facts.fields.get(name)

    def shown(self, name: str) -> str:
        """The value as messages show it, a code by its label."""
        kind = self.kind_of(name)
        return _shown(kind, self.value(name)) if kind else shown(self.value(name))


class Scope(msgspec.Struct, frozen=True):
    """What one rule is applied to. `rows` is the table that it stands in, if any."""

    facts: Facts
    rule: Rule
    params: Mapping[str, Any]
    rows: Rows | None = None

    def views(self) -> Sequence[View]:
        """Each row of the rule's table, or the document itself."""
        return (View(self.facts),) if self.rows is None else self.rows.views(self.facts)

    def table(self) -> Rows:
        """The table that a rule for tables stands in."""
        assert self.rows is not None, self.rule.name
        return self.rows

    def problem(
        self,
        code: Code,
        where: Location,
        /,
        severity: Severity | None = None,
        **values: object,
    ) -> Problem:
        """A problem with the severity that the kind gives to the rule."""
        return code.at(where, severity=severity or self.rule.severity, **values)

    def cell(self, row: int | None, name: str | None) -> Location:
        """A place in the rule's own table."""
        return self.facts.locate(self.table().name, row, name)


class Cells(msgspec.Struct, frozen=True):
    """The sum of the cells that a selector names, with a place and a name for messages."""

    amount: Decimal
    written: bool
    """Whether any of the cells holds something."""
    where: Location
    name: str
    absent: str = ""
    """The title of the table, when the document does not give it at all."""


def select(facts: Facts, selector: Selector, only: tuple[str, str] | None = None) -> Cells:
    """Add up cells; a missing table or one without rows counts as 0.

    `only` narrows the rows to those with a value in a field: ``("func_code", "201")``.
    """
    if selector.table is None:
        name = selector.fields[0]
        values = [facts.value(field) for field in selector.fields]
        written = not all(is_blank(value) for value in values)
        amount = sum(map(number, values), ZERO)
        return Cells(amount, written, facts.locate(None, None, name), facts.title(name))
    title = facts.table_title(selector.table)
    rows = facts.tables.get(selector.table)
    chosen = _chosen(rows, selector, only) if rows else []
    if rows is None or not chosen:
        where = facts.locate(None if rows is None else selector.table, None, None)
        name = _absent_name(title, selector, only)
        return Cells(ZERO, False, where, name, title if rows is None else "")
    amount = ZERO
    written = False
    for row in chosen:
        for field_name in selector.fields:
            written = written or not is_blank(rows.value(row, field_name))
            amount += rows.amount(row, field_name)
        amount -= sum((rows.amount(row, field_name) for field_name in selector.minus), ZERO)
    where = facts.locate(rows.name, chosen[0], selector.fields[0])
    labels = "、".join(rows.label(row) for row in chosen[:3]) + ("…" if len(chosen) > 3 else "")
    columns = "、".join(rows.column_title(name) for name in selector.fields)
    columns += "".join(f" - {rows.column_title(name)}" for name in selector.minus)
    return Cells(amount, written, where, f"{title}·{labels}·{columns}")


def _chosen(rows: Rows, selector: Selector, only: tuple[str, str] | None) -> list[int]:
    found = []
    for row in range(len(rows)):
        if only is not None and rows.text(row, only[0]) != only[1]:
            continue
        if selector.where:
            if not all(holds(rows.value(row, n), wanted) for n, wanted in selector.where.items()):
                continue
        elif selector.total != rows.is_total(row):
            continue
        found.append(row)
    if selector.codes:
        codes = {row: rows.text(row, selector.code) for row in found}
        found = [row for row in found if codes[row].startswith(selector.codes)]
        listed = {codes[row] for row in found}
        found = [row for row in found if parent_code(codes[row], listed) is None]
    return found


def parent_code(code: str, listed: set[str] | frozenset[str]) -> str | None:
    """The nearest code of a classification above `code` that is listed too: 2010301 → 20103."""
    return next((code[:n] for n in range(len(code) - 2, 2, -2) if code[:n] in listed), None)


def _absent_name(title: str, selector: Selector, only: tuple[str, str] | None) -> str:
    words = [words[0] for words in selector.where.values()]
    if only:
        words.append(only[1])
    return "·".join([title, *words, *selector.codes])


def _title(kind: Any) -> str:
    title: str = kind.title.get("zh") or kind.name
    return title


def _shown(kind: Field, value: Any) -> str:
    if kind.labels and isinstance(value, str) and value in kind.labels:
        return kind.labels[value].get("zh", value)
    return shown(value)
