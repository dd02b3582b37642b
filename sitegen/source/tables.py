"""Tables as they stand in a file: rows of text cells that know where they are.

CSV and XLSX give the same `Grid`. A cell's `type` says what the file said it is, never what it
looks like: in CSV everything is text. What a cell means is decided by the kind's fields.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sitegen.problems import Location

CellType = str
"""One of ``text number date boolean error empty``."""


class Cell(NamedTuple):
    """One cell. A date is ISO text, a number the shortest decimal text, a boolean true/false."""

    text: str
    type: CellType = "text"

    @property
    def blank(self) -> bool:
        """Whether nothing but blanks is written in it."""
        return not self.text.strip()


EMPTY = Cell("", "empty")

Range = tuple[int, int, int, int]
"""Top row, left column, bottom row, right column of merged cells, from 0, all inclusive."""


@dataclass(frozen=True, slots=True)
class Grid:
    """All rows of one table or sheet, from its first row and column on; rows may be ragged.

    Rows and columns count from 0. `path` is that of `Location`. `sheet` is empty for CSV, which
    has an `encoding` (``utf-8``, ``utf-8-sig`` or ``gb18030``) instead.
    """

    path: str
    sheet: str
    rows: tuple[tuple[Cell, ...], ...]
    encoding: str = ""
    merged: tuple[Range, ...] = ()
    source: str = ""
    """The text of a CSV file, for `location`."""
    lines: tuple[int, ...] = ()
    """The line (from 1) on which each row of a CSV file begins."""

    def location(self, row: int, column: int | None = None) -> Location:
        """Where a cell (or the beginning of a row) stands in the file."""
        if self.sheet:
            return Location(self.path, sheet=self.sheet, cell=a1(row, column or 0))
        if row >= len(self.lines):
            return Location(self.path, self.source.count("\n") + 1, 1)
        line, place = _place(self.source, self.lines[row], column or 0)
        return Location(self.path, line, place)

    def cell(self, row: int, column: int) -> Cell:
        """A cell, which is empty outside the rows that were written."""
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return EMPTY

    def filled(self, row: int, column: int) -> Cell:
        """A cell; inside merged cells, the one that is shown there."""
        for top, left, bottom, right in self.merged:
            if top <= row <= bottom and left <= column <= right:
                return self.cell(top, left)
        return self.cell(row, column)

    @property
    def width(self) -> int:
        """The number of cells of the longest row."""
        return max(map(len, self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Header:
    """The headings of a table: `height` rows from `row` on; data begins at `first`.

    `titles` has one text for each column: under joined cells the accepted heading that fits
    (``行政``, or ``小计/行政``), else both parts joined by ``/``.
    """

    row: int
    height: int
    titles: tuple[str, ...]

    @property
    def first(self) -> int:
        """The row of the first data."""
        return self.row + self.height


_SEARCHED_ROWS = 40
_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|〔[^〔〕]*〕|【[^【】]*】")


def find_header(
    grid: Grid, wanted: Sequence[Collection[str]], header_row: int | None = None
) -> Header | None:
    """Find the row or the two rows of headings.

    `wanted` holds, for each column of the kind, the headings under which it is known.
    `header_row` (from 1, as Excel counts; the upper one of two) fixes the place. Blanks, line
    breaks, case, the width of brackets and a remark in brackets do not count. The row on which
    most of the wanted headings stand wins, the upper one of equals; None if no heading is found.
    """
    known = [{key for heading in headings for key in heading_keys(heading)} for headings in wanted]
    if header_row is None:
        candidates = range(min(len(grid.rows), _SEARCHED_ROWS))
    else:
        candidates = range(header_row - 1, header_row)
    best: Header | None = None
    most = 0
    # One row before two: else a title above the headings would count as a row of them.
    for height in (1, 2):
        for row in candidates:
            if not 0 <= row < len(grid.rows):
                continue
            titles = _titles(grid, row, height, known)
            score = _score(titles, known)
            if score > most:
                best, most = Header(row, height, titles), score
    if best is None and header_row is not None and 0 < header_row <= len(grid.rows):
        return Header(header_row - 1, 1, _titles(grid, header_row - 1, 1, known))
    return best


def heading_key(heading: str) -> str:
    """A heading in the form in which headings are compared."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", heading)).casefold().strip("*:")


def heading_keys(heading: str) -> tuple[str, ...]:
    """The forms of a heading: whole, and without remarks in brackets such as ``（万元）``."""
    key = heading_key(heading)
    bare = _BRACKETS.sub("", key).strip("*:")
    return (key, bare) if bare and bare != key else (key,)


def a1(row: int, column: int) -> str:
    """The name of a cell: ``a1(0, 0) == "A1"``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _titles(grid: Grid, row: int, height: int, known: list[set[str]]) -> tuple[str, ...]:
    """The headings in one row, or in two; empty if the lower one cannot be a row of headings."""
    upper = [grid.filled(row, column).text.strip() for column in range(grid.width)]
    if height == 1:
        return tuple(upper)
    if row + 1 >= len(grid.rows):
        return ()
    lower = [grid.filled(row + 1, column).text.strip() for column in range(grid.width)]
    accepted = set().union(*known) if known else set()
    titles = []
    group = ""
    for above, below in zip(upper, lower, strict=True):
        group = above or group
        titles.append(_joined(above, below, group, accepted))
    return tuple(titles)


def _joined(above: str, below: str, group: str, accepted: set[str]) -> str:
    """One heading of an upper and a lower cell; `group` is the nearest upper one to the left."""
    if not above and below and group:
        # In CSV, a heading over several columns stands over the first of them only.
        whole = f"{group}/{below}"
        return whole if any(key in accepted for key in heading_keys(whole)) else below
    if not above or not below or above == below:
        return above or below
    choices = (f"{above}/{below}", f"{above}{below}", below, above)
    for choice in choices:
        if any(key in accepted for key in heading_keys(choice)):
            return choice
    return choices[0]


def _score(titles: tuple[str, ...], known: list[set[str]]) -> int:
    """How many of the wanted headings are there."""
    present = {key for title in titles for key in heading_keys(title) if title}
    return sum(not headings.isdisjoint(present) for headings in known)


def _place(source: str, line: int, column: int) -> tuple[int, int]:
    """Line and column (from 1) of a cell of the CSV row that begins on a line."""
    start = 0
    for _ in range(line - 1):
        start = source.find("\n", start) + 1
    begin = start
    place = start
    for _ in range(column):
        place = _end_of_cell(source, place)
        if place >= len(source) or source[place] == "\n":
            break
        place += 1
    before = source.count("\n", begin, place)
    return line + before, place - source.rfind("\n", 0, place)


def _end_of_cell(source: str, place: int) -> int:
    """The place of the comma or line end after the cell that begins at a place."""
    if source.startswith('"', place):
        place += 1
        while True:
            place = source.find('"', place)
            if place < 0:
                return len(source)
            if not source.startswith('""', place):
                place += 1
                break
            place += 2
    while place < len(source) and source[place] not in ",\n":
        place += 1
    return place
