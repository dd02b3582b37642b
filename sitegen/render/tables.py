"""Tables of documents as templates see them, built column by column, for they may be long.

What is shown is what the downloads hold: the same rows in the same order, with the same texts.
Private columns are left out, and so are columns in which nothing at all is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
from markupsafe import Markup, escape

from sitegen.kinds.document import Table, Value
from sitegen.kinds.kind import Field
from sitegen.render.charts import Chart, spending_chart
from sitegen.render.places import Spot
from sitegen.render.values import NUMERIC, block, cell_texts, is_blank

BLANK = "—"
_CODES = frozenset({"func_code", "econ_code"})
"""Fields with classification codes, whose length is the level of the row (domain 7.6, 7.7)."""
_TOTALS = ("合计", "总计")
_CSS = {"integer": "n", "number": "n", "date": "d", "yearmonth": "d"}
"""Classes of cells: ``n`` to the right, ``d`` never broken."""


def _css(field: Field) -> str:
    return "d" if field.name in _CODES else _CSS.get(field.type, "")


_MEDIUM, _LONG = 6, 24
"""Texts longer than so many characters get a wider column, and a still wider one."""
_MARKUP = re.compile(r"<[^>]*>|&#?\w+;")


def _room(column: Sequence[str]) -> str:
    """The class of a column of texts by its longest one."""
    longest = max(map(len, column), default=0)
    if longest > _MEDIUM:  # some of that may be the markup of a link
        longest = max(len(_MARKUP.sub("", text)) for text in column)
    return "l" if longest > _LONG else "m" if longest > _MEDIUM else ""


_ORDINALS = frozenset({"seq", "order", "no", "line_no", "number"})


class Heading(msgspec.Struct, frozen=True):
    """The head of a column: `css` is ``n`` over numbers, ``d`` over dates, ``m`` and ``l`` over
    texts that need room, so that a narrow screen scrolls instead of breaking every word."""

    name: str
    label: str
    unit: str
    css: str


class Cell(msgspec.Struct, frozen=True):
    """A value of a row or field: `html` within a line, `block` as a block of its own."""

    label: str
    text: Markup
    block: Markup


class Record:
    """One row by field names: ``record.get("step")`` is a `Cell`, or None for a blank one."""

    __slots__ = ("_cells", "_fields", "_row", "_spot")

    def __init__(
        self, fields: dict[str, tuple[int, Field]], row: Sequence[Value | None], spot: Spot
    ) -> None:
        self._fields = fields
        self._row = row
        self._spot = spot
        self._cells: dict[str, Cell | None] = {}

    def get(self, name: str) -> Cell | None:
        """The cell of a public field, if something is written there."""
        if name not in self._cells:  # templates ask for a cell before they show it
            self._cells[name] = self._cell(name)
        return self._cells[name]

    def _cell(self, name: str) -> Cell | None:
        place, field = self._fields.get(name, (-1, None))
        if field is None:
            return None
        value = self._row[place]
        if value is None or is_blank(value):
            return None
        (text,) = cell_texts(field, [value], self._spot)
        if not text:
            return None
        label = self._spot.words.label(field.title)
        return Cell(label, Markup(text + _unit(field, self._spot)), block(field, value, self._spot))

    def cells(self, *names: str) -> tuple[Cell, ...]:
        """The cells of these fields, or of all, that are not blank, in the kind's order."""
        found = (self.get(name) for name in (names or self._fields))
        return tuple(cell for cell in found if cell is not None)

    def cells_except(self, *names: str) -> tuple[Cell, ...]:
        """All cells that are not blank, without these fields."""
        return self.cells(*(name for name in self._fields if name not in names))


def _unit(field: Field, spot: Spot) -> str:
    return f" {escape(spot.words(field.unit))}" if field.unit and field.type in NUMERIC else ""


@dataclass(frozen=True, slots=True)
class TableFiles:
    """Where a table can be downloaded."""

    csv: str
    xlsx: str
    json: str


@dataclass(frozen=True, slots=True)
class Grid:
    """The shown columns of a table, ready to be put into a page; `body` is all rows as HTML."""

    headings: tuple[Heading, ...]
    body: Markup

    @property
    def wide(self) -> bool:
        """Whether it has so many columns that they need smaller type."""
        return len(self.headings) > 6


class TableView:
    """A table for a template: as a `grid`, as `rows` of cells, or as `records` by field name."""

    __slots__ = ("_public", "_records", "_spot", "_table", "_values", "chart", "code", "count",
                 "files", "id", "name", "note", "statement", "title", "unit")  # fmt: skip

    def __init__(
        self, table: Table, spot: Spot, files: TableFiles | None = None, own: bool = False
    ) -> None:
        """`own` tables were described by the document itself, for its readers; what a kind says of
        its tables is meant for editors and not shown."""
        words = spot.words
        kind = table.kind
        self.name = kind.name
        self.id = "t-" + kind.name.replace("_", "-")
        self.title = words.label(kind.title)
        self.code = kind.code
        self.unit = kind.unit or ""
        self.note = words.label(kind.description) if own and kind.description else ""
        self.statement = table.statement
        self.count = len(table.rows)
        self.files = files
        self._spot = spot
        self._table = table
        self._values: list[tuple[Value | None, ...]] = (
            [*zip(*table.rows, strict=True)] if table.rows else [()] * len(kind.fields)
        )
        self._public = {
            each.name: (place, each) for place, each in enumerate(kind.fields) if not each.private
        }
        self._records: tuple[Record, ...] | None = None
        self.chart: Chart | None = spending_chart(table, words)

    def grid(self, *names: str) -> Grid:
        """The table as rows and columns: these fields in this order, or all.

        Columns in which nothing is written are left out, unless the table has no rows at all.
        """
        shown = self._shown(names)
        columns = [cell_texts(each, self._values[place], self._spot) for place, each in shown]
        codes = next((self._values[place] for place, each in shown if each.name in _CODES), None)
        return Grid(
            tuple(
                self._heading(each, column)
                for (_, each), column in zip(shown, columns, strict=True)
            ),
            Markup(_body([each for _, each in shown], columns, codes)),
        )

    def _shown(self, names: Sequence[str]) -> list[tuple[int, Field]]:
        return [
            self._public[name]
            for name in (names or self._public)
            if name in self._public
            and (
                not self.count
                or not all(is_blank(value) for value in self._values[self._public[name][0]])
            )
        ]

    def _heading(self, field: Field, column: Sequence[str]) -> Heading:
        unit = field.unit or ""
        return Heading(
            field.name,
            self._spot.words.label(field.title),
            "" if unit == self.unit else unit,
            _css(field) or _room(column),
        )

    @property
    def rows(self) -> tuple[tuple[Markup, ...], ...]:
        """The shown cells row by row, for templates that lay a table out in their own way."""
        shown = self._shown(())
        columns = [cell_texts(each, self._values[place], self._spot) for place, each in shown]
        return tuple(tuple(Markup(cell) for cell in row) for row in zip(*columns))

    @property
    def records(self) -> tuple[Record, ...]:
        """The rows with their cells by field name."""
        if self._records is None:
            rows = self._table.rows
            self._records = tuple(Record(self._public, row, self._spot) for row in rows)
        return self._records


def _body(
    fields: Sequence[Field], columns: Sequence[list[str]], codes: Sequence[Value | None] | None
) -> str:
    """All rows as HTML, in one pass per column and one over the rows."""
    if not columns or not columns[0]:
        return ""
    header = _row_header(fields)
    ready = []
    for place, (field, column) in enumerate(zip(fields, columns)):
        if place == header:
            ready.append(_header_cells(column, codes))
        elif css := _css(field):
            ready.append([f'<td class="{css}">{text or BLANK}</td>' for text in column])
        else:
            ready.append([f"<td>{text or BLANK}</td>" for text in column])
    totals = [text.endswith(_TOTALS) for text in columns[header]]
    for field, column in zip(fields, columns):
        if field.name in _CODES:  # some tables write 合计 where the code would stand
            totals = [total or text.endswith(_TOTALS) for total, text in zip(totals, column)]
    rows = map("".join, zip(*ready))
    if any(totals):
        lines = [
            f'<tr class="total">{row}</tr>' if total else f"<tr>{row}</tr>"
            for row, total in zip(rows, totals)
        ]
        return "\n".join(lines)
    return "<tr>" + "</tr>\n<tr>".join(rows) + "</tr>"


def _header_cells(column: list[str], codes: Sequence[Value | None] | None) -> list[str]:
    if codes is None:
        return [f'<th scope="row">{text or BLANK}</th>' for text in column]
    # 类, 款, 项: codes of 3, 5 and 7 digits are indented by their level.
    levels = [(len(code) - 1) // 2 if isinstance(code, str) else 1 for code in codes]
    return [
        f'<th scope="row" class="l{level}">{text or BLANK}</th>'
        for text, level in zip(column, levels)
    ]


def _row_header(fields: Sequence[Field]) -> int:
    """The place of the column that names its row: the first one with a name, not with a number."""

    def find(wanted: Callable[[Field], bool]) -> int | None:
        return next((place for place, each in enumerate(fields) if wanted(each)), None)

    named = find(
        lambda each: (
            each.type == "string"
            and each.name not in _CODES
            and each.name not in _ORDINALS
            and not each.name.endswith("_code")
        )
    )
    return named if named is not None else 0
