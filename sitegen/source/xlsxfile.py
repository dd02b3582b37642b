"""XLSX workbooks as grids: the values of one visible sheet, as they were saved.

Values come from python-calamine; ``xlsxguard`` looks at the file first.
"""

from __future__ import annotations

import datetime
import io
import math
import unicodedata
from decimal import Decimal
from typing import TypeAlias

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from sitegen.problems import Location, Problem
from sitegen.source import codes
from sitegen.source.tables import EMPTY, Cell, Grid, a1
from sitegen.source.text import FORBIDDEN, unified
from sitegen.source.xlsxguard import RefusedError, SheetScan, open_archive, scan_sheet, sheet_parts

Found: TypeAlias = tuple[Grid | None, tuple[Problem, ...]]
Value: TypeAlias = (
    int
    | float
    | str
    | bool
    | datetime.time
    | datetime.date
    | datetime.datetime
    | datetime.timedelta
)

_MOST = 50
_MOST_DIGITS = 10**15


def read_xlsx(data: bytes, path: str, sheet: str | None = None) -> Found:
    """The cells of a sheet: the one named, or else the first that is visible.

    No grid, but a problem, when the workbook or the sheet cannot be had. Cells that hold an error
    or a formula without a saved result are problems; they are of the type ``error`` in the grid.
    Merged cells are told by `grid.merged`; their value stands in the first of them. `path` is that
    of `Location`. Never raises, whatever the bytes.
    """
    try:
        return _read(data, path, sheet)
    except RefusedError as refused:
        return None, (refused.problem,)


def _read(data: bytes, path: str, sheet: str | None) -> Found:
    """Raises RefusedError."""
    with open_archive(data, path) as archive:
        parts = sheet_parts(archive, path)
        workbook = _workbook(data, path)
        name = _chosen(workbook, path, sheet)
        if name not in parts:
            raise RefusedError(codes.XLSX_DAMAGED.at(Location(path)))
        scan = scan_sheet(archive, parts[name], path, name)
    rows, merged = _values(workbook, path, name)
    problems: list[Problem] = []
    cells = [tuple([_cell(value) if value != "" else EMPTY for value in row]) for row in rows]
    _check(cells, path, name, problems)
    _mark(cells, scan, path, name, problems)
    if not any(any(cell.text for cell in row) for row in cells):
        problems.append(codes.EMPTY_TABLE.at(Location(path, sheet=name)))
        return None, tuple(problems)
    return Grid(path, name, tuple(cells), merged=merged), tuple(problems[:_MOST])


def _workbook(data: bytes, path: str) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except BaseException as error:  # calamine's panics are no Exceptions
        raise _refused(error, path) from error


def _values(
    workbook: CalamineWorkbook, path: str, name: str
) -> tuple[list[list[Value]], tuple[tuple[int, int, int, int], ...]]:
    """The rows of a sheet from A1 on, and its merged cells."""
    try:
        found: CalamineSheet = workbook.get_sheet_by_name(name)
        rows: list[list[Value]] = found.to_python(skip_empty_area=False)
        ranges = found.merged_cell_ranges or []
    except BaseException as error:
        raise _refused(error, path) from error
    merged = sorted((top, left, bottom, right) for (top, left), (bottom, right) in ranges)
    return rows, tuple(merged)


def _refused(error: BaseException, path: str) -> RefusedError:
    """The refusal that an error of the reader means; other exits go on."""
    if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit)):
        raise error
    return RefusedError(codes.XLSX_DAMAGED.at(Location(path)))


def _chosen(workbook: CalamineWorkbook, path: str, wanted: str | None) -> str:
    """The name of the sheet to read. Raises RefusedError."""
    where = Location(path)
    sheets = [meta for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    visible = [meta.name for meta in sheets if meta.visible == SheetVisibleEnum.Visible]
    if wanted is None:
        if not visible:
            raise RefusedError(codes.XLSX_ALL_HIDDEN.at(where))
        return visible[0]
    for meta in sheets:
        if _plain(meta.name) == _plain(wanted):
            if meta.visible != SheetVisibleEnum.Visible:
                raise RefusedError(codes.XLSX_HIDDEN_SHEET.at(where, sheet=meta.name))
            return meta.name
    names = "、".join(visible) or "-"
    raise RefusedError(codes.XLSX_NO_SHEET.at(where, sheet=wanted, sheets=names))


def _plain(name: str) -> str:
    """A sheet's name in the form in which names are compared; Excel ignores case."""
    return unicodedata.normalize("NFC", name).strip().casefold()


def _cell(value: Value) -> Cell:
    """The text and type of a value."""
    if isinstance(value, str):
        return Cell(unified(value) if "\r" in value else value, "text")
    if isinstance(value, bool):
        return Cell("true" if value else "false", "boolean")
    if isinstance(value, (int, float)):
        if not math.isfinite(value):
            return Cell("#NUM!", "error")
        return Cell(number_text(value), "number")
    return Cell(*_moment(value))


def number_text(value: float) -> str:
    """The shortest decimal text that means the same number: no exponent, no ``.0``."""
    if value == int(value) and abs(value) < _MOST_DIGITS:
        return str(int(value))
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def _moment(value: datetime.date | datetime.time | datetime.timedelta) -> tuple[str, str]:
    """A date as ISO text; one with a time, a time or a duration as text."""
    if isinstance(value, datetime.datetime):
        try:
            value += datetime.timedelta(microseconds=500_000)
        except OverflowError:
            return "#NUM!", "error"
        value = value.replace(microsecond=0)
        if value.time() == datetime.time(0):
            return value.date().isoformat(), "date"
        return value.isoformat(sep=" "), "date"
    if isinstance(value, datetime.date):
        return value.isoformat(), "date"
    if isinstance(value, datetime.time):
        return value.isoformat("minutes" if not value.second else "seconds"), "text"
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02d}"
    return (f"{text}:{seconds:02d}" if seconds else text), "text"


def _check(cells: list[tuple[Cell, ...]], path: str, sheet: str, problems: list[Problem]) -> None:
    """Find numbers that cannot be used and texts with control characters; mend the texts."""
    for row, line in enumerate(cells):
        for column, (text, sort) in enumerate(line):
            if sort == "number":
                if len(text) > 15 and "." not in text and len(text.lstrip("-")) > 15:
                    where = Location(path, sheet=sheet, cell=a1(row, column))
                    problems.append(codes.XLSX_LONG_NUMBER.at(where, number=text))
            elif sort == "error":
                where = Location(path, sheet=sheet, cell=a1(row, column))
                problems.append(codes.XLSX_ERROR_CELL.at(where, error=text))
            elif sort == "text" and (strange := FORBIDDEN.search(text)):
                where = Location(path, sheet=sheet, cell=a1(row, column))
                name = f"U+{ord(strange.group()):04X}"
                problems.append(codes.CONTROL_CHARACTER.at(where, character=name))
                _replace(cells, row, column, Cell(FORBIDDEN.sub(" ", text), "text"))


def _mark(
    cells: list[tuple[Cell, ...]], scan: SheetScan, path: str, sheet: str, problems: list[Problem]
) -> None:
    """Report the cells without a usable value."""
    for (row, column), error in sorted(scan.errors.items()):
        where = Location(path, sheet=sheet, cell=a1(row, column))
        problems.append(codes.XLSX_ERROR_CELL.at(where, error=error))
        _replace(cells, row, column, Cell(error, "error"))
    for row, column in sorted(scan.uncalculated):
        where = Location(path, sheet=sheet, cell=a1(row, column))
        problems.append(codes.XLSX_NO_CACHED_VALUE.at(where))
        _replace(cells, row, column, Cell("", "error"))


def _replace(cells: list[tuple[Cell, ...]], row: int, column: int, cell: Cell) -> None:
    """Put a cell in its place, which may lie behind the last one with a value."""
    while len(cells) <= row:
        cells.append(())
    line = list(cells[row])
    line.extend([EMPTY] * (column + 1 - len(line)))
    line[column] = cell
    cells[row] = tuple(line)
