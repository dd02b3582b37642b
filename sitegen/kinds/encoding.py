"""Documents to bytes and back, exactly and fast, in a format that holds data only (MessagePack).

Decimals keep their written decimals and dates stay dates: single values are marked as such, the
cells of a table by column, so that plain texts cost nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec

from sitegen.kinds.document import Document, Table
from sitegen.kinds.kind import Constraints, Field, Kinds, TableKind

_DECIMAL, _DATE = 1, 2
_FORMAT = 1


class _Column(msgspec.Struct, array_like=True):
    """The cells of one column: `type` is empty, or ``decimal`` or ``date`` for cells as text."""

    type: str
    cells: list[Any]


class _OpenColumn(msgspec.Struct, array_like=True):
    """A column that a document defined itself."""

    name: str
    title: dict[str, str]
    type: str
    format: str | None
    unit: str | None
    scale: int | None
    description: dict[str, str]
    required: bool


class _OpenKind(msgspec.Struct, array_like=True):
    """A table that a document defined itself."""

    title: dict[str, str]
    fields: list[_OpenColumn]
    primary_key: list[str]
    unit: str | None
    description: dict[str, str]


class _Table(msgspec.Struct, array_like=True):
    name: str
    rows: int
    columns: list[_Column]
    statement: str
    source: str
    own: _OpenKind | None


class _Record(msgspec.Struct, array_like=True):
    format: int
    path: str
    kind: str
    fields: dict[str, Any]
    tables: list[_Table]
    body: str
    body_line: int
    marks: dict[str, tuple[int, int]] | None


def _extended(code: int, data: memoryview) -> Any:
    text = str(data, "ascii")
    if code == _DECIMAL:
        return Decimal(text)
    if code == _DATE:
        return datetime.date.fromisoformat(text)
    raise ValueError(f"unknown extension {code}")


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Record, ext_hook=_extended)


def encode(document: Document) -> bytes:
    """The bytes of a document, for `decode`."""
    fields = {name: _marked(value) for name, value in document.fields.items()}
    marks = None if document.marks is None else dict(document.marks)
    record = _Record(
        _FORMAT, document.path, document.kind, fields, [_packed(t) for t in document.tables],
        document.body, document.body_line, marks,
    )  # fmt: skip
    return _encoder.encode(record)


def decode(data: bytes, kinds: Kinds) -> Document:
    """The document that `encode` wrote.

    `kinds` are those that it was read with. Raises ValueError for damaged bytes, and when a table
    is not one of its kind (any more).
    """
    try:
        record = _decoder.decode(data)
    except msgspec.MsgspecError as error:
        raise ValueError("damaged record of a document") from error
    if record.format != _FORMAT:
        raise ValueError(f"record of a document in format {record.format}")
    tables = tuple(_unpacked(table, record.kind, kinds) for table in record.tables)
    return Document(
        record.path, record.kind, record.fields, tables, record.body, record.body_line, record.marks
    )


def _marked(value: Any) -> Any:
    """A value with its decimals and dates as extensions."""
    kind = type(value)
    if kind is str or kind is int or kind is bool:
        return value
    if kind is Decimal:
        return msgspec.msgpack.Ext(_DECIMAL, str(value).encode())
    if kind is datetime.date:
        return msgspec.msgpack.Ext(_DATE, value.isoformat().encode())
    if kind is list:
        return [_marked(item) for item in value]
    if kind is dict:
        return {name: _marked(item) for name, item in value.items()}
    return value


def _packed(table: Table) -> _Table:
    columns = []
    if table.rows:
        for field, cells in zip(table.kind.fields, zip(*table.rows, strict=True), strict=True):
            columns.append(_packed_column(field, cells))
    own = None
    if table.kind.open:
        kind = table.kind
        own = _OpenKind(
            dict(kind.title), [_open_column(field) for field in kind.fields],
            list(kind.primary_key), kind.unit, dict(kind.description),
        )  # fmt: skip
    return _Table(table.kind.name, len(table.rows), columns, table.statement, table.source, own)


def _packed_column(field: Field, cells: tuple[Any, ...]) -> _Column:
    if field.type == "number":
        return _Column("decimal", [None if cell is None else str(cell) for cell in cells])
    if field.type == "date":
        return _Column("date", [None if cell is None else cell.isoformat() for cell in cells])
    if field.type in ("list", "object"):
        return _Column("", [_marked(cell) for cell in cells])
    return _Column("", list(cells))


def _open_column(field: Field) -> _OpenColumn:
    return _OpenColumn(
        field.name, dict(field.title), field.type, field.format, field.unit, field.scale,
        dict(field.description), field.constraints.required,
    )  # fmt: skip


def _unpacked(table: _Table, kind_name: str, kinds: Kinds) -> Table:
    if table.own is not None:
        kind = _open_kind(table.name, table.own)
    else:
        found = kinds.kinds[kind_name].table(table.name) if kind_name in kinds.kinds else None
        if found is None:
            raise ValueError(f"the kind {kind_name} has no table {table.name}")
        kind = found
    columns = [_cells(column) for column in table.columns]
    if table.rows and len(columns) != len(kind.fields):
        raise ValueError(f"the table {table.name} has other columns now")
    rows = tuple(zip(*columns, strict=True)) if table.rows else ()
    return Table(kind, rows, table.statement, table.source)


def _cells(column: _Column) -> Iterable[Any]:
    if column.type == "decimal":
        return [None if cell is None else Decimal(cell) for cell in column.cells]
    if column.type == "date":
        parse = datetime.date.fromisoformat
        return [None if cell is None else parse(cell) for cell in column.cells]
    return column.cells


def _open_kind(name: str, own: _OpenKind) -> TableKind:
    fields = tuple(
        Field(
            column.name, column.title, column.type, column.format, column.unit,
            column.description, Constraints(required=column.required), scale=column.scale,
        )
        for column in own.fields
    )  # fmt: skip
    return TableKind(
        name, own.title, fields, tuple(own.primary_key), unit=own.unit,
        description=own.description, open=True,
    )  # fmt: skip
