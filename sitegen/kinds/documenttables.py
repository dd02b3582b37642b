"""The tables of one document: written in it as rows, or taken from a data file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sitegen.kinds import codes
from sitegen.kinds.datafile import DataFiles, is_file_name
from sitegen.kinds.document import Table
from sitegen.kinds.fields import CONTENT, Reading, RecordReader
from sitegen.kinds.kindreaders import KindReader
from sitegen.kinds.opentables import read_open_table
from sitegen.kinds.scalars import listed, nearest
from sitegen.kinds.tabular import Rows, TableReader
from sitegen.problems import Location
from sitegen.source.nodes import Mapping as MappingNode
from sitegen.source.nodes import Node, Scalar, Sequence


@dataclass(slots=True)
class DocumentTables:
    """The reading of a document's tables; problems go to `reading`."""

    root: MappingNode
    reading: Reading
    files: DataFiles
    options: RecordReader
    """Reads what a table says of its data file."""
    keys: dict[str, Scalar] = field(default_factory=dict)
    """Where each table is given."""
    rows: dict[str, Rows] = field(default_factory=dict)
    unsound: set[str] = field(default_factory=set)
    """The names of tables with values that could not be read: no rule is tried on them."""

    def entries(self, key: Scalar, node: Node) -> tuple[tuple[Scalar, Node], ...]:
        """The tables below one key, each with its own."""
        if isinstance(node, MappingNode):
            return node.entries
        if not (isinstance(node, Scalar) and not node.text.strip()):
            problem = codes.TABLE_SHAPE.at(self.reading.at(node), title=key.text)
            self.reading.problems.append(problem)
        return ()

    def read(self, kind: KindReader, given: list[tuple[Scalar, Node]]) -> tuple[Table, ...]:
        """The tables that are given, by key: those of the kind in its order, then others."""
        found: dict[str, Table] = {}
        own: list[Table] = []
        for key, node in given:
            reader = kind.table(key.text)
            if reader is None and not kind.kind.open_tables:
                self._report_unknown(key, kind)
                continue
            name = reader.kind.name if reader else key.text
            if name in self.keys:
                title = reader.title if reader else name
                first = self.keys[name]
                where = self.reading.at(key)
                problem = codes.TABLE_TWICE.at(
                    where, title=title, line=first.line, other=first.text
                )
                self.reading.problems.append(problem)
                continue
            self.keys[name] = key
            table = self._table(reader, node) if reader else self._open_table(key, node)
            if table is not None and reader is not None:
                found[name] = table
            elif table is not None:
                own.append(table)
        for each in kind.tables:
            if each.kind.required and not self.reading.lenient and not self.reading.partial:
                self._check_present(each, found.get(each.kind.name))
        return (*(found[each.kind.name] for each in kind.tables if each.kind.name in found), *own)

    def _check_present(self, reader: TableReader, table: Table | None) -> None:
        if (table and (table.rows or table.statement)) or reader.kind.name in self.unsound:
            return
        if not self.reading.meant.isdisjoint((reader.kind.name, *reader.kind.title.values())):
            return
        where = self.reading.at(self.keys.get(reader.kind.name, self.root))
        self.reading.problems.append(codes.TABLE_REQUIRED.at(where, title=reader.title))
        self.unsound.add(reader.kind.name)

    def _report_unknown(self, key: Scalar, kind: KindReader) -> None:
        near = nearest(key.text[:100], kind.words)
        where = self.reading.at(key)
        if near:
            problem = codes.UNKNOWN_KEY_NEAR.at(where, key=key.text, near=near)
        else:
            known = listed(table.title for table in kind.tables)
            problem = codes.UNKNOWN_KEY.at(where, key=key.text, known=known)
        self.reading.problems.append(problem)

    def _table(self, reader: TableReader, node: Node) -> Table | None:
        if isinstance(node, Sequence):
            return self._filled(reader, reader.read_nodes(node, self.reading))
        if isinstance(node, Scalar):
            if not node.text.strip():
                return None
            if is_file_name(node):
                self.reading.marks[f"{reader.kind.name}.file"] = (node.line, node.column)
                return self._from_file(reader, {"file": node.text.strip()}, node)
            self._shape_fault(reader, node)
            return None
        options = self.options.read(node, self.reading, f"{reader.kind.name}.")
        return self._from_options(reader, options, node, None)

    def _open_table(self, key: Scalar, node: Node) -> Table | None:
        before = len(self.reading.problems)
        found = read_open_table(key, node, self.reading)
        if found is None or len(self.reading.problems) > before:
            self.unsound.add(key.text)
        if found is None:
            return None
        kind, options, rows = found
        return self._from_options(TableReader(kind), options, node, rows)

    def _from_options(
        self, reader: TableReader, options: Mapping[str, object], node: Node, rows: Node | None
    ) -> Table | None:
        statement = str(options.get("empty", ""))
        if isinstance(rows, Scalar) and not rows.text.strip():
            rows = None
        if statement and ("file" in options or rows is not None):
            where = self.reading.at(node)
            self.reading.problems.append(codes.STATEMENT_AND_ROWS.at(where, title=reader.title))
        if "file" in options:
            return self._from_file(reader, options, node)
        if isinstance(rows, Sequence):
            return self._filled(reader, reader.read_nodes(rows, self.reading, positional=True))
        if rows is not None:
            self._shape_fault(reader, rows)
            return None
        if not statement:
            if f"{reader.kind.name}.file" not in self.reading.marks:
                self._shape_fault(reader, node)
            self.unsound.add(reader.kind.name)
            return None
        return Table(reader.kind, (), statement)

    def _from_file(
        self, reader: TableReader, options: Mapping[str, object], node: Node
    ) -> Table | None:
        rows, path = self.files.rows(reader, options, node, self.reading)
        if rows is None:
            self.unsound.add(reader.kind.name)
            return Table(reader.kind, (), "", path)  # the file has its use, whatever is wrong in it
        return self._filled(reader, rows, path)

    def _filled(self, reader: TableReader, rows: Rows, source: str = "") -> Table:
        self.rows[reader.kind.name] = rows
        if not rows.sound:
            self.unsound.add(reader.kind.name)
        for name in reader.pointing if not source else ():  # asked for when they lead nowhere
            for index in range(len(rows.rows)):
                where = rows.place(index, name)
                mark = (where.line or 1, where.column or 1)
                self.reading.marks[f"{reader.kind.name}.{index}.{name}"] = mark
        return Table(reader.kind, rows.rows, "", source)

    def _shape_fault(self, reader: TableReader, node: Node) -> None:
        self.unsound.add(reader.kind.name)
        problem = codes.TABLE_SHAPE.at(self.reading.at(node), title=reader.title)
        self.reading.problems.append(problem)

    def locator(self) -> Callable[[str | None, int | None, str | None], Location]:
        """Where a table, a row or a cell stands, for rules to tell."""

        def locate(table: str | None, row: int | None, name: str | None) -> Location:
            if table is None:
                mark = self.reading.marks.get(name or "")
                if mark is not None:
                    return Location(CONTENT + self.reading.path, *mark)
                return self.reading.at(self.root)
            rows = self.rows.get(table)
            if rows is not None and row is not None and row < len(rows.rows):
                return rows.place(row, name)
            return self.reading.at(self.keys.get(table, self.root))

        return locate
