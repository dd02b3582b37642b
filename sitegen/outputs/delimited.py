"""CSV for people: a byte order mark and CRLF, so that a double click opens it in a spreadsheet.

Cells are those of `DataTable.cells`. Texts that a spreadsheet would take for formulas are
protected; numbers stay numbers. `undone` takes the protection off again.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Sequence
from decimal import Decimal

from sitegen.outputs.cleaning import clean, protected
from sitegen.outputs.tabular import DataColumn, DataTable, Flat
from sitegen.outputs.words import word


def csv_bytes(
    table: DataTable, language: str, texts: Sequence[Sequence[str]] | None = None
) -> bytes:
    """The table as CSV in UTF-8; a table with no rows is its header.

    `texts` are its cells by `texts_of`, where they are known already.
    """
    if texts is None:
        texts = texts_of(table, language)
    return _written([[column.heading for column in table.columns], *texts])


def texts_of(
    table: DataTable, language: str, cells: Sequence[Sequence[Flat]] | None = None
) -> list[list[str]]:
    """The cells as CSV holds them, without the header; `cells` where they are known already."""
    if cells is None:
        cells = table.cells()
    columns = [
        _column_texts(column, [row[place] for row in cells], language)
        for place, column in enumerate(table.columns)
    ]
    return [list(row) for row in zip(*columns)]


def _column_texts(column: DataColumn, cells: Sequence[Flat], language: str) -> list[str]:
    to_text = _TEXTS.get(column.type, _text)
    if column.type == "boolean":
        yes, no = word("yes", language), word("no", language)
        return ["" if cell is None else yes if cell else no for cell in cells]
    if to_text is not _text:
        return ["" if cell is None else to_text(cell) for cell in cells]
    known: dict[Flat, str] = {None: ""}  # the same few texts stand in many rows
    texts = []
    for cell in cells:
        if type(cell) is not str and cell is not None:
            texts.append(_text(cell))  # 1 and True are one key of a mapping, not one text
            continue
        text = known.get(cell)
        if text is None:
            text = known[cell] = _text(cell)
        texts.append(text)
    return texts


def _text(cell: object) -> str:
    return protected(clean(str(cell)))


def _number(cell: object) -> str:
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def _date(cell: object) -> str:
    return cell.isoformat() if isinstance(cell, datetime.date) else _text(cell)


_TEXTS: dict[str, Callable[[object], str]] = {
    "integer": str,
    "year": str,
    "number": _number,
    "date": _date,
}


def undone(cell: str) -> str:
    """The text that a CSV cell of a text column stands for: without the protecting apostrophe."""
    return cell[1:] if cell.startswith("'") and protected(cell[1:]) == cell else cell


def _written(rows: Sequence[Sequence[str]]) -> bytes:
    plain = "\r\n".join([",".join(row) for row in rows])
    commas = sum(map(len, rows)) - len(rows)
    if len(rows[0]) > 1 and (
        '"' not in plain
        and plain.count(",") == commas
        and plain.count("\n") == plain.count("\r") == len(rows) - 1
    ):
        return f"\ufeff{plain}\r\n".encode()  # nothing in it needs quotes
    sheet = io.StringIO(newline="")
    csv.writer(sheet, lineterminator="\r\n").writerows(rows)
    return sheet.getvalue().encode("utf-8-sig")
