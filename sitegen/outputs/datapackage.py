"""Descriptions for machines: Frictionless Data Package and Table Schema (version 1).

A field's `name` is the heading that stands in the CSV file; the key in the JSON file is its
``jsonName``. Constraints are those of the kind, as far as they hold for the cells of the CSV file
(a reference reads as title and link there, a protected text has an apostrophe).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sitegen.kinds.kind import Constraints
from sitegen.outputs.delimited import texts_of
from sitegen.outputs.records import indented
from sitegen.outputs.tabular import DataColumn, DataTable
from sitegen.outputs.words import word

_DIALECT = {
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
    "header": True,
}
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def resource(
    table: DataTable,
    content: bytes,
    paths: Mapping[str, str],
    language: str,
    texts: Sequence[Sequence[str]] | None = None,
    digest: str = "",
) -> dict[str, Any]:
    """The description of one table. `content` are the bytes of its CSV file.

    `paths` name the files of the table by suffix (``csv``, ``xlsx``, ``json``), relative to the
    description's own folder; without them, `placed` sets them. `texts` are the cells of the CSV
    file and `digest` its SHA-256, where they are known already.
    """
    if texts is None:
        texts = texts_of(table, language)
    sentences = [table.description, table.statement, word("csv_note", language)]
    described: dict[str, Any] = {
        "name": table.name.replace("_", "-").lower(),
        "title": table.title,
        "description": _joined(sentences, language),
        "profile": "tabular-data-resource",
        "path": paths.get("csv", ""),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": "sha256:" + (digest or hashlib.sha256(content).hexdigest()),
        "dialect": _DIALECT,
        "schema": _schema(table, texts, language),
        "alternatives": _alternatives(paths) if paths else [],
        "rows": len(table.rows),
    }
    for name, value in (("unit", table.unit), ("code", table.code)):
        if value:
            described[name] = value
    return described


def placed(resource: Mapping[str, Any], paths: Mapping[str, str]) -> dict[str, Any]:
    """The same description for files at other `paths`."""
    return {**resource, "path": paths["csv"], "alternatives": _alternatives(paths)}


def _alternatives(paths: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"path": paths["xlsx"], "format": "xlsx", "mediatype": XLSX_TYPE},
        {"path": paths["json"], "format": "json", "mediatype": "application/json"},
    ]


def package_bytes(
    name: str, title: str, facts: Mapping[str, Any], resources: Sequence[Mapping[str, Any]]
) -> bytes:
    """A ``datapackage.json``. `facts` are further properties; empty ones are left out."""
    package: dict[str, Any] = {"profile": "tabular-data-package", "name": name, "title": title}
    package |= {key: value for key, value in facts.items() if value}
    package["resources"] = list(resources)
    return indented(package)


def _joined(sentences: Sequence[str], language: str) -> str:
    stop = word("stop", language)
    said = [s.strip() for s in sentences if s.strip()]
    return "".join(
        s if last or s.endswith(("。", "！", "？", "\n")) else s.rstrip(".") + stop
        for last, s in ((place == len(said) - 1, s) for place, s in enumerate(said))
    )


def _schema(table: DataTable, texts: Sequence[Sequence[str]], language: str) -> dict[str, Any]:
    columns = [[row[place] for row in texts] for place in range(len(table.columns))]
    schema: dict[str, Any] = {
        "fields": [
            _field(column, cells, language) for column, cells in zip(table.columns, columns)
        ],
        "missingValues": [""],
    }
    places = {column.name: place for place, column in enumerate(table.columns)}
    key = [places[name] for name in table.primary_key if name in places]
    keys = [tuple(row[place] for place in key) for row in texts]
    if key and len(set(keys)) == len(keys) and all(all(cells) for cells in keys):
        schema["primaryKey"] = [table.columns[place].heading for place in key]
    return schema


def _field(column: DataColumn, cells: Sequence[str], language: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.heading,
        "type": column.type,
        "jsonName": column.name,
    }
    if column.type == "boolean":
        described["trueValues"] = [word("yes", language)]
        described["falseValues"] = [word("no", language)]
    if column.description:
        described["description"] = column.description
    if column.unit:
        described["unit"] = column.unit
    if column.labels:
        described["labels"] = dict(column.labels)
    constraints = _constraints(column, cells)
    if constraints:
        described["constraints"] = constraints
    return described


def _constraints(column: DataColumn, cells: Sequence[str]) -> dict[str, Any]:
    """Those constraints of the kind that speak of the cells as they stand in the CSV file."""
    given: Constraints = column.constraints
    made: dict[str, Any] = {}
    filled = [cell for cell in cells if cell]
    if given.required and len(filled) == len(cells):
        made["required"] = True
    if given.unique and len(set(filled)) == len(filled):
        made["unique"] = True
    if column.choices and set(column.choices).issuperset(filled):
        made["enum"] = list(column.choices)
    if column.type in {"integer", "number", "year", "date", "yearmonth"}:
        for name, bound in (("minimum", given.minimum), ("maximum", given.maximum)):
            if bound is not None:
                made[name] = _bound(bound)
    elif column.type == "string" and column.flat is None and not _any_protected(cells):
        for name, value in (
            ("minLength", given.min_length),
            ("maxLength", given.max_length),
            ("pattern", _whole(given.pattern)),
        ):
            if value is not None:
                made[name] = value
    return made


def _bound(text: str) -> str | int | float:
    """A bound as JSON: a number where it is one, else (a date) the text."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return int(number) if number == number.to_integral_value() else float(number)


def _whole(pattern: str | None) -> str | None:
    """A pattern for the whole value, also where a validator only puts ``^`` and ``$`` around it."""
    return f"(?:{pattern})" if pattern and "|" in pattern else pattern


def _any_protected(cells: Sequence[str]) -> bool:
    return any(cell.startswith("'") for cell in cells)
