"""Tables as data files show them: public columns only, headings for people, names for machines.

A `DataTable` is what the writers of CSV, XLSX, JSON and of the data package read. It is made from a
table of a document (`of_document`) or from the directory of all disclosures (``catalogue``).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from sitegen.kinds.document import Table, Value
from sitegen.kinds.kind import Constraints, Field, TableKind
from sitegen.outputs.cleaning import clean, protected
from sitegen.outputs.links import link
from sitegen.outputs.output import Desk
from sitegen.outputs.words import label_text, word
from sitegen.site import addresses
from sitegen.site.files import offered
from sitegen.site.site import Entry, Site

Flat: TypeAlias = str | int | Decimal | datetime.date | bool | None
"""A cell of CSV and XLSX. Numbers, dates and truth values keep their types; all else is text."""

_FREE = Constraints()
_KEY = re.compile("[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
_TABLE_SCHEMA = {
    "integer": "integer",
    "number": "number",
    "date": "date",
    "yearmonth": "yearmonth",
    "year": "year",
    "boolean": "boolean",
}


@dataclass(frozen=True, slots=True)
class DataColumn:
    """One column of a data file."""

    name: str
    """The key in JSON."""
    heading: str
    """The heading in CSV and XLSX, with the unit in brackets; unique in its table."""
    type: str = "string"
    """A Table Schema type: string, integer, number, date, yearmonth, year, boolean."""
    unit: str = ""
    description: str = ""
    choices: tuple[str, ...] = ()
    """The values of a cell of an enum, as CSV and XLSX show them."""
    labels: tuple[tuple[str, str], ...] = ()
    """For an enum of codes: what each code means."""
    constraints: Constraints = _FREE
    """Of the values as they stand in CSV."""
    flat: Callable[[Any], Flat] | None = None
    """A value as a cell; None where the value is one already. Blank values are not asked."""
    deep: Callable[[Any], Any] | None = None
    """A value as JSON; None where the value is fit for it already."""


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table for data files: `rows[i][j]` is the value under ``columns[j]``, None if blank."""

    name: str
    """For file names: ``bud_income``."""
    title: str
    columns: tuple[DataColumn, ...]
    rows: tuple[tuple[Value | None, ...], ...]
    primary_key: tuple[str, ...] = ()
    """Names of columns."""
    unit: str = ""
    code: str = ""
    description: str = ""
    statement: str = ""
    """For a table with no rows: the sentence that says so."""

    def cells(self) -> tuple[tuple[Flat, ...], ...]:
        """The rows as CSV and XLSX show them."""
        return _converted(self.rows, tuple(column.flat for column in self.columns))

    def records(self) -> list[dict[str, Any]]:
        """The rows as JSON shows them: one mapping a row, blank values as None."""
        names = [column.name for column in self.columns]
        rows = _converted(self.rows, tuple(column.deep for column in self.columns))
        return [dict(zip(names, row)) for row in rows]


def _converted(
    rows: tuple[tuple[Any, ...], ...], converters: tuple[Callable[[Any], Any] | None, ...]
) -> tuple[tuple[Any, ...], ...]:
    if not any(converters):
        return rows
    return tuple(
        tuple(
            value if convert is None or value is None else convert(value)
            for value, convert in zip(row, converters)
        )
        for row in rows
    )


def public_fields(kind: TableKind) -> tuple[Field, ...]:
    """The fields of a table that may leave the build."""
    return tuple(field for field in kind.fields if not field.private)


def of_document(
    site: Site, entry: Entry, table: Table, base: str, desk: Desk | None = None
) -> DataTable:
    """A document's table for data files; links are relative to `base` if they must be.

    On `desk`, columns that are the same for all documents of a kind are kept.
    """
    language = site.settings.language
    places = [place for place, field in enumerate(table.kind.fields) if not field.private]
    fields = public_fields(table.kind)
    context = _Context(site, entry, base, language)
    if desk is None or table.kind.open or any(_is_bound(field) for field in fields):
        columns = _columns(table.kind, context)
    else:
        columns = desk.of_site(
            ("columns", entry.card.kind, table.kind.name), lambda: _columns(table.kind, context)
        )
    shown = {field.name for field in fields}
    rows = table.rows
    if len(places) != len(table.kind.fields):
        rows = tuple(tuple(row[place] for place in places) for row in rows)
    key = table.kind.primary_key
    return DataTable(
        name=table.kind.name,
        title=label_text(table.kind.title, language),
        columns=columns,
        rows=rows,
        primary_key=key if shown.issuperset(key) else (),
        unit=table.kind.unit or "",
        code=table.kind.code,
        # What a kind says of its tables is meant for those who fill them in.
        description=label_text(table.kind.description, language) if table.kind.open else "",
        statement=table.statement if not rows else "",
    )


def _columns(kind: TableKind, context: _Context) -> tuple[DataColumn, ...]:
    columns: list[DataColumn] = []
    seen: set[str] = set()
    for field in public_fields(kind):
        column = _column(field, context, seen, kind.unit or "")
        seen.add(column.heading)
        columns.append(column)
    return tuple(columns)


def _is_bound(field: Field) -> bool:
    """Whether the values of a field are read against the document that they stand in."""
    parts = (*field.fields, *((field.item,) if field.item else ()))
    return field.type in {"reference", "file"} or any(_is_bound(part) for part in parts)


@dataclass(frozen=True, slots=True)
class _Context:
    """Where a table stands: what references and files in its cells are read against."""

    site: Site
    entry: Entry
    base: str
    language: str


def heading_of(field: Field, language: str, table_unit: str = "") -> str:
    """A column's heading: the title with the unit in brackets.

    An amount without a unit of its own has the table's (``单位：万元`` above a printed table).
    """
    title = label_text(field.title, language) or field.name
    unit = _unit(field, table_unit)
    if not unit or unit in title:
        return title
    return f"{title}{word('open', language)}{unit}{word('close', language)}"


def _unit(field: Field, table_unit: str) -> str:
    return field.unit or (table_unit if field.type == "number" else "")


def _column(field: Field, context: _Context, seen: set[str], table_unit: str) -> DataColumn:
    language = context.language
    heading = protected(" ".join(clean(heading_of(field, language, table_unit)).split()))
    if heading in seen or not heading:
        heading = f"{heading} [{field.name}]".strip()
    labels = {code: label_text(label, language) for code, label in field.labels.items()}
    codes = field.constraints.enum or tuple(labels)
    flat, deep = _flat(field, context), _deep(field, context)
    constraints = field.constraints
    if flat is not None and field.type not in {"number", "integer"}:
        constraints = Constraints(required=constraints.required, unique=constraints.unique)
    return DataColumn(
        name=field.name,
        heading=heading,
        type=_TABLE_SCHEMA.get(field.type, "string"),
        unit=_unit(field, table_unit),
        description=label_text(field.description, language),
        choices=tuple(_choice(code, labels) for code in codes),
        labels=tuple(labels.items()),
        constraints=constraints,
        flat=flat,
        deep=deep,
    )


def _choice(code: str, labels: dict[str, str]) -> str:
    """How a code reads: an official code (``20101 人大事务``) stands before its meaning.

    A mere key of the kind (``income``) gives way to it; it is in the JSON file.
    """
    label = labels.get(code, "")
    if not label or label == code:
        return code
    if _KEY.fullmatch(code) and [*labels.values()].count(label) == 1:
        return label
    return f"{code} {label}"


def _flat(field: Field, context: _Context) -> Callable[[Any], Flat] | None:
    """How a value of the field becomes one cell; None where it is one."""
    language = context.language
    match field.type:
        case "enum" if field.labels:
            labels = {code: label_text(label, language) for code, label in field.labels.items()}
            shown = {code: _choice(code, labels) for code in labels}
            return lambda value: shown.get(value, value)
        case "number" if field.scale is not None:
            return _padded(field.scale)
        case "reference":
            return lambda value: _titled(*_reference(value, context)) or None
        case "file":
            return lambda value: _titled(*_file(value, context)) or None
        case "list" if field.item is not None and field.item.private:
            return lambda value: None
        case "list":
            part = _part_text(field.item, context)
            between = word("semicolon", language)
            return lambda value: between.join(text for item in value if (text := part(item)))
        case "object":
            return _part_text(field, context)
        case _:
            return None


def _part_text(field: Field | None, context: _Context) -> Callable[[Any], str]:
    """How a value inside a list or an object becomes text."""
    if field is None:
        return _text
    if field.type == "object":
        colon, between = word("colon", context.language), word("semicolon", context.language)
        parts = [
            (part.name, label_text(part.title, context.language), _part_text(part, context))
            for part in field.fields
            if not part.private
        ]

        def text_of_object(value: dict[str, Any]) -> str:
            texts = [
                f"{title}{colon}{text(value[name])}"
                for name, title, text in parts
                if value.get(name) is not None
            ]
            return between.join(texts)

        return text_of_object
    flat = _flat(field, context)
    if field.type == "boolean":
        yes, no = word("yes", context.language), word("no", context.language)
        return lambda value: yes if value else no
    if flat is None:
        return _text
    return lambda value: _text(flat(value))


def _deep(field: Field, context: _Context) -> Callable[[Any], Any] | None:
    """How a value of the field becomes JSON; None where it is fit already."""
    match field.type:
        case "number" if field.scale is not None:
            return _padded(field.scale)
        case "reference":
            return lambda value: _linked(*_reference(value, context))
        case "file":
            return lambda value: _linked(*_file(value, context))
        case "list" if field.item is not None and field.item.private:
            return lambda value: []
        case "list" if field.item is not None:
            convert = _deep(field.item, context)
            if convert is None:
                return None
            return lambda value: [None if item is None else convert(item) for item in value]
        case "object":
            parts = [(p.name, _deep(p, context)) for p in field.fields if not p.private]

            def public(value: dict[str, Any]) -> dict[str, Any]:
                return {
                    name: value[name] if convert is None else convert(value[name])
                    for name, convert in parts
                    if value.get(name) is not None
                }

            return public
        case _:
            return None


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)


def _padded(scale: int) -> Callable[[Decimal], Decimal]:
    """Numbers with at least `scale` decimals; none is ever rounded."""

    def padded(value: Decimal) -> Decimal:
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and exponent > -scale:
            return Decimal(f"{value:.{scale}f}")
        return value

    return padded


def _reference(path: str, context: _Context) -> tuple[str, str]:
    """Title and link of a document or column; both empty if it is not public: then not even the
    title may be told."""
    site = context.site
    entry = site.entries.get(path)
    if entry is not None:
        return entry.card.title, link(site, entry.address, context.base)
    column = site.columns.get(path.removesuffix("/_column.yaml").strip("/"))
    if column is not None:
        return column.name, link(site, addresses.column_page(column.address), context.base)
    return "", ""


def _file(path: str, context: _Context) -> tuple[str, str]:
    """Title and link of a file; both empty where it is not offered for download."""
    file = offered(context.site, context.entry.path, path)
    if file is None:
        return "", ""
    return file.title or file.name, link(context.site, file.address, context.base)


def _titled(title: str, target: str) -> str:
    return f"{title} <{target}>" if target else title


def _linked(title: str, target: str) -> dict[str, str] | None:
    if not title and not target:
        return None
    return {"title": title, "url": target} if target else {"title": title}
