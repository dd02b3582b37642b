"""Tables: rows of YAML or of a data file to typed rows, each faulty cell located.

A `TableReader` is compiled once for a table. It returns `Rows`, which also tell where each cell
stands, for the rules and for problems that show later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sitegen.kinds import codes
from sitegen.kinds.document import Value
from sitegen.kinds.fields import FieldReader, Reading, shortened
from sitegen.kinds.formats import Fault
from sitegen.kinds.headings import Headings, differs, stated_unit
from sitegen.kinds.kind import Field, TableKind
from sitegen.kinds.scalars import TextParser, listed, text_parser
from sitegen.problems import Location
from sitegen.source.nodes import Mapping as MappingNode
from sitegen.source.nodes import Node, Scalar, Sequence
from sitegen.source.tables import Grid, Header

Row = tuple[Value | None, ...]
Place = Callable[[int, "str | None"], Location]
"""Row (its index among the rows) and field name to a place; None: the row."""

_MOST = 200
"""Problems of one table after which reading it stops: it is the wrong file, or all is alike."""

_NOTE = re.compile(r"\s*(?:注|备注|附注|说明|填表说明|资料来源|数据来源)\s*\d{0,2}\s*[:：.、]")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table as read; `sound` is False when something in them could not be read."""

    rows: tuple[Row, ...]
    place: Place
    sound: bool = True


class TableReader:
    """A table, compiled."""

    __slots__ = (
        "_cells", "_fields", "_inline", "_required", "_titles", "_uniques", "headings", "kind",
        "pointing", "title",
    )  # fmt: skip

    def __init__(self, kind: TableKind) -> None:
        self.kind = kind
        self.title = kind.title.get("zh") or kind.name
        self.headings = Headings(kind)
        self._fields = tuple(FieldReader(field) for field in kind.fields)
        self._titles = tuple(reader.title for reader in self._fields)
        self._inline = tuple(reader.parse for reader in self._fields)
        self._cells: tuple[TextParser, ...] = tuple(
            text_parser(field, in_sheet=True) if field.type != "object" else _no_object
            for field in kind.fields
        )
        self._required = tuple(
            place for place, field in enumerate(kind.fields) if field.constraints.required
        )
        self._uniques = tuple(self._unique_columns())
        self.pointing = tuple(field.name for field in kind.fields if _may_point(field))
        """Fields that may name a file or a document."""

    def _unique_columns(self) -> Iterable[tuple[int, ...]]:
        names = {field.name: place for place, field in enumerate(self.kind.fields)}
        if self.kind.primary_key:
            yield tuple(names[name] for name in self.kind.primary_key)
        for place, field in enumerate(self.kind.fields):
            if field.constraints.unique and self.kind.primary_key != (field.name,):
                yield (place,)

    # Rows in YAML.

    def read_nodes(self, node: Sequence, reading: Reading, *, positional: bool = False) -> Rows:
        """The rows of a YAML list of mappings; of lists in the order of the columns too, if so."""
        before = len(reading.problems)
        rows: list[Row] = []
        nodes: list[Node] = []
        cells = Reading(reading.path, reading.problems, lenient=reading.lenient)
        for item in node.items:
            if isinstance(item, MappingNode):
                row = self._row_of_mapping(item, cells)
            elif isinstance(item, Sequence) and positional:
                row = self._row_of_list(item, cells)
            else:
                example = "- {" + ": …, ".join(self._titles[:3]) + ": …}"
                problem = codes.ROW_SHAPE.at(reading.at(item), title=self.title, example=example)
                reading.problems.append(problem)
                continue
            rows.append(row)
            nodes.append(item)
            if len(reading.problems) - before > _MOST:
                problem = codes.TOO_MANY.at(reading.at(item), title=self.title)
                reading.problems.append(problem)
                break

        def place(index: int, name: str | None) -> Location:
            return reading.at(self._cell_node(nodes[index], name))

        self._check_unique(rows, place, reading)
        return Rows(tuple(rows), place, len(reading.problems) == before)

    def _row_of_mapping(self, node: MappingNode, reading: Reading) -> Row:
        row: list[Value | None] = [None] * len(self._fields)
        parsers, exact, path = self._inline, self.headings.exact, reading.path
        before = len(reading.problems)
        seen: dict[int, Scalar] = {}
        meant: set[int | None] = set()
        for key, cell in node.entries:
            place = exact.get(key.text)
            if place is None:
                place = self._unusual_key(key, reading, meant)
                if place is None:
                    continue
            if place in seen:
                problem = codes.GIVEN_TWICE.at(
                    reading.at(key), title=self._titles[place], key=key.text,
                    line=seen[place].line, other=seen[place].text,
                )  # fmt: skip
                reading.problems.append(problem)
                continue
            seen[place] = key
            parse = parsers[place]
            if parse is None or type(cell) is not Scalar:
                row[place] = self._fields[place].read(cell, reading, "")
                continue
            text = cell.text.strip()
            if text:
                value = parse(text, path)
                if type(value) is Fault:
                    value = reading.report(value, reading.at(cell), self._titles[place], text)
                row[place] = value
        clean = len(reading.problems) == before
        for place in self._required if not reading.lenient else ():
            if row[place] is not None or place in meant:
                continue
            if clean or place not in seen or _is_blank(node, seen[place]):
                where = reading.at(seen.get(place, node))
                problem = codes.CELL_REQUIRED.at(where, title=self._titles[place])
                reading.problems.append(problem)
        return tuple(row)

    def _unusual_key(self, key: Scalar, reading: Reading, meant: set[int | None]) -> int | None:
        place, unit = self.headings.find(key.text)
        if place is None:
            meant.add(self._unknown_column(key.text, reading.at(key), reading))
        elif unit:
            self._wrong_unit(key.text, unit, reading.at(key), reading)
        return place

    def _row_of_list(self, node: Sequence, reading: Reading) -> Row:
        row: list[Value | None] = [None] * len(self._fields)
        if len(node.items) != len(self._fields):
            example = f"- [{', '.join(self._titles)}]"
            problem = codes.ROW_SHAPE.at(reading.at(node), title=self.title, example=example)
            reading.problems.append(problem)
            return tuple(row)
        for place, cell in enumerate(node.items):
            before = len(reading.problems)
            row[place] = self._fields[place].read(cell, reading, "")
            required = self.kind.fields[place].constraints.required and not reading.lenient
            if required and row[place] is None and len(reading.problems) == before:
                problem = codes.CELL_REQUIRED.at(reading.at(cell), title=self._titles[place])
                reading.problems.append(problem)
        return tuple(row)

    def _cell_node(self, row: Node, name: str | None) -> Node:
        if name is None:
            return row
        if isinstance(row, MappingNode):
            for key, cell in row.entries:
                place = self.headings.find(key.text)[0]
                if place is not None and self.kind.fields[place].name == name:
                    return key if isinstance(cell, Scalar) and not cell.text.strip() else cell
        if isinstance(row, Sequence):
            for field, cell in zip(self.kind.fields, row.items, strict=False):
                if field.name == name:
                    return cell
        return row

    # Rows in a data file.

    def read_grid(self, grid: Grid, header: Header, reading: Reading) -> Rows:
        """The rows of a data file under its header."""
        before = len(reading.problems)
        headings = [(column, title) for column, title in enumerate(header.titles) if title]
        columns = self._columns(grid, header, headings, reading)
        self._check_stated_unit(grid, header, reading)
        headed = {column for column, _ in headings}
        rows: list[Row] = []
        numbers: list[int] = []
        in_notes = False
        for number in range(header.first, len(grid.rows)):
            cells = grid.rows[number]
            filled = [column for column, cell in enumerate(cells) if cell.text.strip()]
            if not filled:
                continue
            text = cells[filled[0]].text
            alone = all(cells[column].text == text for column in filled)
            in_notes = alone and (in_notes or _NOTE.match(text) is not None)
            if in_notes:
                continue
            rows.append(self._row_of_cells(grid, number, columns, reading))
            numbers.append(number)
            for column in filled:
                if column not in headed:
                    headed.add(column)  # told once a column
                    self._stray_cell(grid, number, column, reading)
            if len(reading.problems) - before > _MOST:
                where = grid.location(number, 0)
                reading.problems.append(codes.TOO_MANY.at(where, title=self.title))
                break
        by_name = {self.kind.fields[place].name: column for column, place in columns.items()}
        first = min(columns, default=0)

        def place(index: int, name: str | None) -> Location:
            return grid.location(numbers[index], by_name.get(name or "", first))

        self._check_unique(rows, place, reading)
        return Rows(tuple(rows), place, len(reading.problems) == before)

    def _stray_cell(self, grid: Grid, number: int, column: int, reading: Reading) -> None:
        value = shortened(grid.rows[number][column].text)
        where = grid.location(number, column)
        reading.problems.append(codes.EXTRA_CELL.at(where, title=self.title, value=value))

    def _columns(
        self, grid: Grid, header: Header, headings: list[tuple[int, str]], reading: Reading
    ) -> dict[int, int]:
        """Which column of the file holds which field; faults of the headings are reported."""
        columns: dict[int, int] = {}
        taken: dict[int, int] = {}
        meant: set[int | None] = set()
        lowest = header.first - 1
        for column, heading in headings:
            where = grid.location(lowest, column)
            place, unit = self.headings.find(heading)
            if place is None:
                meant.add(self._unknown_column(heading, where, reading))
            elif place in taken:
                problem = codes.COLUMN_TWICE.at(where, title=self.title, column=shortened(heading))
                reading.problems.append(problem)
            else:
                if unit:
                    self._wrong_unit(heading, unit, where, reading)
                taken[place] = column
                columns[column] = place
        missing = [
            self._titles[place]
            for place in self._required
            if place not in taken and place not in meant
        ]
        if missing:
            problem = codes.MISSING_COLUMN.at(
                grid.location(lowest, min(columns, default=0)),
                title=self.title,
                column=listed(missing),
                known=listed(shortened(heading) for _, heading in headings),
            )
            reading.problems.append(problem)
        return columns

    def _check_stated_unit(self, grid: Grid, header: Header, reading: Reading) -> None:
        """A line above the header that says 单位：元 over amounts in 万元 is a slip of 10,000."""
        if not self.headings.unit:
            return
        for number in range(header.row):
            for column, cell in enumerate(grid.rows[number]):
                unit = stated_unit((cell.text,))
                if unit and differs(unit, self.headings.unit):
                    where = grid.location(number, column)
                    self._wrong_unit(cell.text.strip(), unit, where, reading)
                    return

    def _row_of_cells(
        self, grid: Grid, number: int, columns: dict[int, int], reading: Reading
    ) -> Row:
        row: list[Value | None] = [None] * len(self._fields)
        cells = grid.rows[number]
        parsers, path = self._cells, reading.path
        faulty: set[int] = set()
        for column, place in columns.items():
            if column >= len(cells):
                continue
            cell = cells[column]
            text = cell.text.strip()
            if not text:
                continue
            if cell.type == "error":  # told by the reader of the file
                faulty.add(place)
                continue
            value = parsers[place](text, path)
            if type(value) is Fault:
                faulty.add(place)
                where = grid.location(number, column)
                value = reading.report(value, where, self._titles[place], text)
            row[place] = value
        for column, place in columns.items():
            required = self.kind.fields[place].constraints.required
            if required and row[place] is None and place not in faulty:
                where = grid.location(number, column)
                reading.problems.append(codes.CELL_REQUIRED.at(where, title=self._titles[place]))
        return tuple(row)

    # Both.

    def _unknown_column(self, heading: str, where: Location, reading: Reading) -> int | None:
        """Report an unknown heading; the place of the field that was probably meant."""
        near = self.headings.nearest(heading)
        title, column = self.title, shortened(heading)
        if near:
            problem = codes.UNKNOWN_COLUMN_NEAR.at(where, title=title, column=column, near=near)
        else:
            known = listed(self._titles)
            problem = codes.UNKNOWN_COLUMN.at(where, title=title, column=column, known=known)
        reading.problems.append(problem)
        return self.headings.exact.get(near)

    def _wrong_unit(self, heading: str, unit: str, where: Location, reading: Reading) -> None:
        place = self.headings.find(heading)[0]
        wanted = self.kind.fields[place].unit if place is not None else None
        problem = codes.COLUMN_UNIT.at(
            where, title=self.title, column=shortened(heading), given=unit,
            unit=wanted or self.headings.unit,
        )  # fmt: skip
        reading.problems.append(problem)

    def _check_unique(self, rows: list[Row], place: Place, reading: Reading) -> None:
        for columns in self._uniques:
            seen: dict[tuple[Any, ...], int] = {}
            names = [self.kind.fields[column].name for column in columns]
            for index, row in enumerate(rows):
                key = tuple(_hashable(row[column]) for column in columns)
                if all(value is None for value in key):
                    continue
                first = seen.setdefault(key, index)
                if first != index:
                    problem = codes.DUPLICATE_KEY.at(
                        place(index, names[0]), title=self.title,
                        column="、".join(self._titles[column] for column in columns),
                        value="、".join(str(value) for value in key if value is not None),
                        other=place(first, names[0]),
                    )  # fmt: skip
                    reading.problems.append(problem)


def _may_point(field: Field) -> bool:
    parts = (*field.fields, *((field.item,) if field.item else ()))
    return field.type in ("file", "reference") or any(_may_point(part) for part in parts)


def _no_object(text: str, path: str) -> Fault:
    return Fault(codes.SHAPE_OBJECT, {"known": ""})


def _is_blank(node: MappingNode, key: Scalar) -> bool:
    return any(
        entry is key and isinstance(cell, Scalar) and not cell.text.strip()
        for entry, cell in node.entries
    )


def _hashable(value: Any) -> Any:
    return str(value) if isinstance(value, list | dict) else value
