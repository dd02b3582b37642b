"""CSV files as grids: comma-separated, UTF-8 (with or without a byte order mark) or GB18030."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TypeAlias

from sitegen.problems import Code, Location, Problem
from sitegen.source import codes
from sitegen.source.tables import EMPTY, Cell, Grid
from sitegen.source.text import BOM, FORBIDDEN, clean, looks_gb18030, position, unified

Found: TypeAlias = tuple[Grid | None, tuple[Problem, ...]]

_ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf8": "utf-8",
    "utf8-bom": "utf-8",
    "utf-8-bom": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "ansi": "gb18030",
}
_DELIMITERS = {"\t": "Tab", ";": ";", "，": "，", "；": "；", "|": "|", "、": "、"}
LARGEST_CELL = 131_072
"""Characters of the longest cell: more comes of a damaged file."""


def read_csv(data: bytes, path: str, encoding: str | None = None) -> Found:
    """The rows of a CSV file, ragged as they are; a blank line is a row without cells.

    Without `encoding`, UTF-8 is tried first, then GB18030; `grid.encoding` says which it was.
    No grid, but a located problem, when the file cannot be read as a table. `path` is that of
    `Location`.
    """
    text, used, problems = _decoded(data, path, encoding)
    if text is None:
        return None, problems
    try:
        rows, lines = _rows(text)
    except csv.Error as error:
        return None, (*problems, _explained(text, path, error))
    if not any(rows):
        return None, (*problems, codes.EMPTY_TABLE.at(Location(path)))
    delimiter = _other_delimiter(rows)
    if delimiter:
        place = next(number for number, row in enumerate(rows) if row)
        line = lines[place]
        column = rows[place][0].text.index(delimiter) + 1
        where = Location(path, line, column)
        return None, (*problems, codes.CSV_DELIMITER.at(where, delimiter=_DELIMITERS[delimiter]))
    return Grid(path, "", tuple(rows), used, (), text, tuple(lines)), problems


def _decoded(
    data: bytes, path: str, encoding: str | None
) -> tuple[str | None, str, tuple[Problem, ...]]:
    """The text, with ``\\n`` as line end, and the encoding that fitted."""
    where = Location(path)
    marked = data.startswith(codecs.BOM_UTF8)
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return None, "", (codes.LOOKS_UTF16.at(where),)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return None, "", (codes.CSV_IS_WORKBOOK.at(where),)
    if encoding is None:
        wanted = "utf-8"
    else:
        wanted = _ENCODINGS.get(encoding.strip().casefold().replace("_", "-"), "")
        if not wanted:
            return None, "", (codes.CSV_UNKNOWN_ENCODING.at(where, encoding=encoding),)
    if marked:
        wanted = "utf-8"
    try:
        text = data.decode(wanted)
    except UnicodeDecodeError as error:
        if encoding is None and looks_gb18030(data):
            wanted, text = "gb18030", data.decode("gb18030")
        elif wanted == "utf-8":
            where = Location(path, *position(data, error.start))
            byte = f"0x{data[error.start]:02X}"
            if encoding is None or marked:
                return None, "", (codes.NOT_UTF8.at(where, byte=byte),)
            return None, "", (codes.CSV_ENCODING.at(where, encoding="UTF-8"),)
        else:
            before = data[: error.start].decode("gb18030", "replace")
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            where = Location(path, line, column)
            return None, "", (codes.CSV_ENCODING.at(where, encoding="GB18030"),)
    text = unified(text.removeprefix(BOM))
    problems: tuple[Problem, ...] = ()
    if FORBIDDEN.search(text) is not None:
        text, problems = clean(text, path)
    return text, "utf-8-sig" if marked else wanted, problems


def _rows(text: str) -> tuple[list[tuple[Cell, ...]], list[int]]:
    """The rows, and the line on which each begins. Raises csv.Error."""
    rows: list[tuple[Cell, ...]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(text, newline="\n"), strict=True)
    # The module's own limit is of the whole process, and other libraries raise it.
    limited = csv.field_size_limit() <= LARGEST_CELL
    line = 1
    for row in reader:
        if not limited and any(len(value) > LARGEST_CELL for value in row):
            raise csv.Error(f"field larger than field limit ({LARGEST_CELL})")
        rows.append(tuple([Cell(value, "text") if value else EMPTY for value in row]))
        lines.append(line)
        line = reader.line_num + 1
    return rows, lines


def _other_delimiter(rows: list[tuple[Cell, ...]]) -> str:
    """The character that seems to separate the cells of a table that has only one column."""
    if any(len(row) > 1 for row in rows):
        return ""
    first = next(row[0].text for row in rows if row)
    counts = [(first.count(mark), mark) for mark in _DELIMITERS]
    count, mark = max(counts, key=lambda pair: pair[0])
    return mark if count else ""


def _explained(text: str, path: str, error: csv.Error) -> Problem:
    """The place and the reason of what the csv module refused."""
    place, code = _first_fault(text)
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    if code is codes.CSV_UNREADABLE and "larger than" in str(error):
        return codes.CSV_LARGE_CELL.at(Location(path, line, column), limit=LARGEST_CELL)
    return code.at(Location(path, line, column))


def _first_fault(text: str) -> tuple[int, Code]:
    """The first cell whose quotes are wrong, or the longest cell."""
    place = 0
    longest = (0, 0)
    while place < len(text):
        start = place
        if text[place] == '"':
            place += 1
            while True:
                place = text.find('"', place)
                if place < 0:
                    return start, codes.CSV_UNCLOSED_QUOTE
                if not text.startswith('""', place):
                    break
                place += 2
            place += 1
            if place < len(text) and text[place] not in ",\n":
                return place, codes.CSV_TEXT_AFTER_QUOTE
        else:
            while place < len(text) and text[place] not in ",\n":
                place += 1
        longest = max(longest, (place - start, -start))
        place += 1
    return -longest[1], codes.CSV_UNREADABLE
