"""XLSX with typed cells and a second sheet that says what the data are.

XlsxWriter makes the package. The rows are written here, as inline strings and exact numbers: that
is four times as fast as cell by cell, and no text can become a formula or a link. The parts are
stored, not deflated, because the bytes of deflate differ between versions of zlib; a server sends
them compressed.
"""

from __future__ import annotations

import datetime
import functools
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from sitegen.outputs.cleaning import clean
from sitegen.outputs.tabular import DataTable, Flat
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


@dataclass(frozen=True, slots=True)
class About:
    """What the second sheet says, and the properties of the file."""

    facts: tuple[tuple[str, str], ...]
    """Labels and values."""
    title: str = ""
    author: str = ""
    created: datetime.date | None = None


def xlsx_bytes(table: DataTable, about: About, language: str) -> bytes:
    """The table as an XLSX workbook; the same table gives the same bytes."""
    import xlsxwriter  # late: 60 ms that a build without tables need not spend

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    created = about.created if about.created and about.created.year >= 1980 else _CREATED
    book.set_properties(
        {
            "title": clean(about.title),
            "author": clean(about.author),
            "created": datetime.datetime(created.year, created.month, created.day),
        }
    )
    book.calc_on_load = False  # nothing to calculate, so nothing to save on closing
    styles = _Styles(book)
    second = word("about", language)
    sheet = book.add_worksheet(_sheet_name(table.title, second, language), _sheet_class())
    _fill_data(sheet, table, styles, language)
    sheet.freeze_panes(1, 0)
    if table.columns:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    notes = book.add_worksheet(second, _sheet_class())
    _fill_about(notes, table, about, styles, language)
    book.close()
    return _stored(buffer)


@functools.cache
def _sheet_class() -> Any:
    """A worksheet that takes its rows ready-made."""
    from xlsxwriter.worksheet import Worksheet

    class Sheet(Worksheet):  # type: ignore[misc]
        rows = ""

        def hold(self, rows: Sequence[str], columns: int) -> None:
            """Take `rows` (each a ``<row>`` element) as the sheet's data."""
            self.rows = "".join(rows)
            self.dim_rowmin, self.dim_colmin = 0, 0
            self.dim_rowmax, self.dim_colmax = max(len(rows) - 1, 0), max(columns - 1, 0)

        def _write_rows(self) -> None:
            self.fh.write(self.rows)

    return Sheet


class _Styles:
    """The cell formats of one workbook, as numbers; made when first used."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._numbers: dict[tuple[str, bool, bool], int] = {}

    def of(self, number_format: str = "@", header: bool = False, wrap: bool = False) -> int:
        key = (number_format, header, wrap)
        number = self._numbers.get(key)
        if number is None:
            look: dict[str, Any] = {"num_format": number_format, "valign": "top"}
            if header:
                look |= {"bold": True, "bg_color": "#E8EDF4", "bottom": 1, "valign": "vcenter"}
            if wrap:
                look["text_wrap"] = True
            made = self._book.add_format(look)
            number = self._numbers[key] = made._get_xf_index()
        return number


def _fill_data(sheet: Any, table: DataTable, styles: _Styles, language: str) -> None:
    yes, no = word("yes", language), word("no", language)
    cells = table.cells()
    header = styles.of("@", header=True, wrap=True)
    parts: list[list[str]] = []  # by column, then by row: cells without their row numbers
    for place, column in enumerate(table.columns):
        values: list[Flat] = [row[place] for row in cells]
        if column.type == "boolean":
            values = [None if value is None else yes if value else no for value in values]
        plain = column.type == "year"
        texts, width = _column_cells(values, styles, plain)
        width = max(width, min(_width(column.heading) + 3, 30))  # 3 for the filter's button
        sheet.set_column(place, place, min(max(width, _NARROWEST), _WIDEST))
        parts.append([_string(column.heading, header), *texts])
    letters = [_letters(place) for place in range(len(table.columns))]
    rows = [
        f'<row r="{number}">'
        + "".join([f'<c r="{letter}{number}"{cell}' for letter, cell in zip(letters, row) if cell])
        + "</row>"
        for number, row in enumerate(zip(*parts), 1)
    ]
    sheet.hold(rows, len(table.columns))


def _column_cells(values: Sequence[Flat], styles: _Styles, plain: bool) -> tuple[list[str], float]:
    """The cells of one column (each from its style on), and the width of the widest.

    `plain`: numbers without separators between the thousands.
    """
    made: list[str] = []
    known: dict[str, str] = {}  # the same few texts stand in many rows
    widest = 0.0
    text_style, wrap_style = styles.of("@"), styles.of("@", wrap=True)
    whole, thousands = ("0", "0") if plain else ("#,##0", "#,##0.")
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
                cell = known[value] = _string(text, wrap_style if long else text_style)
            made.append(cell)
        elif isinstance(value, datetime.date):
            widest = max(widest, 11)
            if value < _FIRST_DATE:
                made.append(_string(value.isoformat(), text_style))
            else:
                style = styles.of("yyyy-mm-dd")
                made.append(f' s="{style}"><v>{value.toordinal() - _DAY_ZERO}</v></c>')
        else:
            text = format(value, "f") if isinstance(value, Decimal) else str(int(value))
            widest = max(widest, len(text) * 4 / 3)
            if len(text) > _EXACT_DIGITS and _digits(text) > _EXACT_DIGITS:
                made.append(_string(text, text_style))
            else:
                decimals = len(text) - text.index(".") - 1 if "." in text else 0
                style = styles.of(thousands + "0" * decimals if decimals else whole)
                made.append(f' s="{style}"><v>{text}</v></c>')
    return made, widest


def _fill_about(sheet: Any, table: DataTable, about: About, styles: _Styles, language: str) -> None:
    """The facts, one a row; an empty row; then the columns, one a row."""
    label, text = styles.of("@", header=True), styles.of("@", wrap=True)
    header = ("heading", "name", "type", "unit", "required", "description", "choices")
    lines: list[list[tuple[str, int]]] = [
        [(name, label), (value, text)] for name, value in about.facts
    ]
    lines.append([])
    lines.append([(word(key, language), label) for key in header])
    for column in table.columns:
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
        lines.append([(value, text) for value in row])
    rows = [
        f'<row r="{number}">'
        + "".join(
            f'<c r="{_letters(place)}{number}"{_string(clean(value), style)}'
            for place, (value, style) in enumerate(line)
            if value
        )
        + "</row>"
        for number, line in enumerate(lines, 1)
    ]
    for place, width in enumerate((24, 40, 16, 10, 8, 40, 40)):
        sheet.set_column(place, place, width)
    sheet.hold(rows, len(header))


def _string(text: str, style: int) -> str:
    """An inline string, from its style on; `text` is clean."""
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f' s="{style}" t="inlineStr"><is><t{keep}>{escape(text)}</t></is></c>'


def _width(text: str) -> float:
    """The width of the widest line in digits: a Han character (three bytes) counts two."""
    if "\n" in text:
        return max(_width(line) for line in text.split("\n"))
    return (len(text.encode()) + len(text)) / 2 + 1


def _digits(number: str) -> int:
    return len(number.lstrip("-").replace(".", "").strip("0"))


@functools.cache
def _letters(place: int) -> str:
    """The letters of a column, from 0: A … Z, AA …"""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _sheet_name(title: str, other: str, language: str) -> str:
    """A legal sheet name: at most 31 characters, without ``[]:*?/\\`` and not as the other's."""
    name = _NOT_IN_SHEET_NAMES.sub(" ", clean(title)).strip(" '")[:31].strip(" '")
    if not name or name.casefold() in {other.casefold(), "history"}:
        return word("data", language)
    return name


def _stored(package: io.BytesIO) -> bytes:
    """The same package with its parts stored as they are."""
    stored = io.BytesIO()
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(stored, "w") as new:
        for part in old.namelist():
            new.writestr(zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0)), old.read(part))
    return stored.getvalue()
