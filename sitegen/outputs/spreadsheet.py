"""XLSX with typed cells and a second sheet that says what the data are.

Texts are inline strings and numbers stand with all their digits, so no text can become a formula,
a link or a number, and nothing depends on who writes the file. `workbook` makes the package.
"""

from __future__ import annotations

import datetime
import functools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sitegen.outputs import workbook
from sitegen.outputs.cleaning import clean
from sitegen.outputs.tabular import DataColumn, DataTable, Flat
from sitegen.outputs.words import word

_CREATED = datetime.date(2000, 1, 1)
"""For tables without a date: a constant, lest the bytes depend on the clock."""
_FIRST_DATE = datetime.date(1900, 3, 1)
"""Excel counts a 29 February 1900; earlier dates are written as text."""
_DAY_ZERO = datetime.date(1899, 12, 30).toordinal()
_LONGEST = 32767
"""Characters that a cell can hold."""
_EXACT_DIGITS = 15
"""Digits that a spreadsheet's number can hold; longer numbers are written as text."""
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_WIDEST, _NARROWEST = 60, 8
_ABOUT_WIDTHS = (24, 40, 16, 10, 8, 40, 40)
_LINE = 15
"""The height of a line of text, in points."""


@dataclass(frozen=True, slots=True)
class About:
    """What the second sheet says, and the properties of the file."""

    facts: tuple[tuple[str, str], ...]
    """Labels and values."""
    title: str = ""
    author: str = ""
    created: datetime.date | None = None


def xlsx_bytes(
    table: DataTable, about: About, language: str, cells: Sequence[Sequence[Flat]] | None = None
) -> bytes:
    """The table as an XLSX workbook; the same table gives the same bytes.

    `cells` are its cells, where they are known already.
    """
    second = word("about", language)
    rows, widths = _data(table, table.cells() if cells is None else cells, language)
    sheets = (
        workbook.Sheet(_sheet_name(table.title, second, language), rows, widths, table=True),
        workbook.Sheet(second, _about(table, about, language), _ABOUT_WIDTHS),
    )
    return workbook.workbook_bytes(
        sheets, clean(about.title), clean(about.author), about.created or _CREATED
    )


def _data(
    table: DataTable, cells: Sequence[Sequence[Flat]], language: str
) -> tuple[list[str], list[float]]:
    """The header and the rows, and how wide the columns are."""
    yes, no = word("yes", language), word("no", language)
    parts: list[list[str]] = []  # by column, then by row: cells without their row numbers
    widths: list[float] = []
    for place, column in enumerate(table.columns):
        values: list[Flat] = [row[place] for row in cells]
        if column.type == "boolean":
            values = [None if value is None else yes if value else no for value in values]
        texts, width = _column_cells(values, plain=column.type == "year")
        head, least = _head(column.heading)
        widths.append(min(max(width, least), _WIDEST))
        parts.append([head, *texts])
    return _rows(zip(*parts)), widths


@functools.lru_cache(maxsize=4096)  # the tables of a kind have the same headings
def _head(heading: str) -> tuple[str, float]:
    """The cell of a heading, and the least width of its column: 3 for the filter's button."""
    return _string(heading, workbook.HEADER), max(min(_width(heading) + 3, 30), _NARROWEST)


def _rows(rows: Iterable[Sequence[str]], first: int = 1) -> list[str]:
    """Cells that begin with their style as ``<row>`` elements; blank ones are left out."""
    made: list[str] = []
    heads: list[str] = []
    for number, row in enumerate(rows, first):
        if len(heads) < len(row):
            heads = [f'<c r="{workbook.letters(place)}' for place in range(len(row))]
        cells = [f'{head}{number}"{cell}' for head, cell in zip(heads, row) if cell]
        made.append(f'<row r="{number}">{"".join(cells)}</row>')
    return made


def _column_cells(values: Sequence[Flat], plain: bool) -> tuple[list[str], float]:
    """The cells of one column (each from its style on), and the width of the widest.

    `plain`: numbers without separators between the thousands.
    """
    made: list[str] = []
    known: dict[str, str] = {}  # the same few texts stand in many rows
    widest = 0.0
    whole = workbook.PLAIN if plain else workbook.WHOLE
    for value in values:
        if value is None or value == "":
            made.append("")
        elif isinstance(value, str):
            cell = known.get(value)
            if cell is None:
                text = clean(value)
                width = _width(text)
                widest = max(widest, width)
                long = width > _WIDEST or "\n" in text
                cell = known[value] = _string(text, workbook.WRAPPED if long else workbook.TEXT)
            made.append(cell)
        elif isinstance(value, datetime.date):
            widest = max(widest, 11)
            if value < _FIRST_DATE:
                made.append(_string(value.isoformat(), workbook.TEXT))
            else:
                day = value.toordinal() - _DAY_ZERO
                made.append(f' s="{workbook.DATE}"><v>{day}</v></c>')
        else:
            text = format(value, "f") if isinstance(value, Decimal) else str(int(value))
            widest = max(widest, len(text) * 4 / 3)
            decimals = len(text) - text.index(".") - 1 if "." in text else 0
            if decimals > workbook.MOST_DECIMALS or (
                len(text) > _EXACT_DIGITS and _digits(text) > _EXACT_DIGITS
            ):
                made.append(_string(text, workbook.TEXT))
            else:
                style = workbook.number_style(decimals) if decimals else whole
                made.append(f' s="{style}"><v>{text}</v></c>')
    return made, widest


def _about(table: DataTable, about: About, language: str) -> list[str]:
    """The facts, one a row; an empty row; then the columns, one a row."""
    count = len(about.facts)
    return [
        *(_fact(number, name, value) for number, (name, value) in enumerate(about.facts, 1)),
        *_rows([[]], count + 1),
        *_column_rows(table.columns, count + 2, language),
    ]


@functools.lru_cache(maxsize=256)  # most are the same for all tables of a document
def _fact(number: int, name: str, value: str) -> str:
    """A row with a fact, as high as its lines need; not every program finds that by itself."""
    texts = ((name, workbook.LABEL), (value, workbook.WRAPPED))
    (row,) = _rows([[_string(clean(text), style) if text else "" for text, style in texts]], number)
    room = _ABOUT_WIDTHS[1] - 4  # lines break before they are full
    height = _LINE * math.ceil(_width(clean(value)) / room)
    if height > _LINE:
        row = row.replace(">", f' ht="{height}" customHeight="1">', 1)
    return row


@functools.lru_cache(maxsize=128)  # the same for all documents of a kind
def _column_rows(columns: tuple[DataColumn, ...], first: int, language: str) -> list[str]:
    header = ("heading", "name", "type", "unit", "required", "description", "choices")
    lines = [[(word(key, language), workbook.LABEL) for key in header]]
    for column in columns:
        named = column.choices or [meaning for _, meaning in column.labels]
        row = (
            column.heading,
            column.name,
            word(column.type, language),
            column.unit,
            word("yes", language) if column.constraints.required else "",
            column.description,
            word("semicolon", language).join(named),
        )
        lines.append([(value, workbook.WRAPPED) for value in row])
    cells = [
        [_string(clean(value), style) if value else "" for value, style in line] for line in lines
    ]
    return _rows(cells, first)


def _string(text: str, style: int) -> str:
    """An inline string, from its style on; `text` is clean."""
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f' s="{style}" t="inlineStr"><is><t{keep}>{text}</t></is></c>'


def _width(text: str) -> float:
    """The width of the widest line in digits: a Han character (three bytes) counts two."""
    if "\n" in text:
        return max(_width(line) for line in text.split("\n"))
    return (len(text.encode()) + len(text)) / 2 + 1


def _digits(number: str) -> int:
    return len(number.lstrip("-").replace(".", "").strip("0"))


def _sheet_name(title: str, other: str, language: str) -> str:
    """A legal sheet name: at most 31 characters, without ``[]:*?/\\`` and not as the other's."""
    name = _NOT_IN_SHEET_NAMES.sub(" ", clean(title)).strip(" '")[:31].strip(" '")
    if not name or name.casefold() in {other.casefold(), "history"}:
        return word("data", language)
    return name
