"""Files to documents: front matter, YAML and data tables to typed values, all problems at once.

    document, problems = read_document(path, data, kinds, open_file)

Whatever the bytes, nothing is raised. A document that has errors is still returned when anything
of it could be understood, so that the rest of the site can be looked at in the same run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sitegen.kinds import codes
from sitegen.kinds.datafile import DataFiles, ListFolder, OpenFile, is_file_name, options_record
from sitegen.kinds.document import Document, Mark, Table, Value
from sitegen.kinds.fields import CONTENT, FieldReader, Reading, RecordReader
from sitegen.kinds.kind import Field, Kind, Kinds
from sitegen.kinds.opentables import read_open_table
from sitegen.kinds.rules import apply_rules, ready_rules
from sitegen.kinds.scalars import fold, listed, nearest
from sitegen.kinds.tabular import Rows, TableReader
from sitegen.problems import Location, Problem, Severity, ordered
from sitegen.source.calendar import Calendar
from sitegen.source.frontmatter import split_front_matter
from sitegen.source.nodes import Mapping as MappingNode
from sitegen.source.nodes import Node, Scalar, Sequence
from sitegen.source.text import decode_utf8
from sitegen.source.yamlnodes import parse_yaml

_TABLES_KEYS = frozenset(("tables", "表格", "数据表"))
_BODY_KEYS = frozenset(("body", "正文"))
_ABSENCES = frozenset(
    code.id for code in (codes.REQUIRED, codes.SEVERAL_REQUIRED, codes.TABLE_REQUIRED)
)
"""What is missing has no place of its own: told of the document's beginning, where others are."""
_FLAG = FieldReader(Field("draft", {"zh": "草稿"}, "boolean"))
_TEXT = FieldReader(Field("body", {"zh": "正文"}, "text"))


@dataclass(frozen=True, slots=True)
class Values:
    """The fields of a file such as ``site.yaml``, and where they stand in it."""

    fields: Mapping[str, Value]
    marks: Mapping[str, Mark]


def read_document(
    path: str,
    data: bytes,
    kinds: Kinds,
    open_file: OpenFile,
    *,
    calendar: Calendar | None = None,
    default_kind: str = "article",
    list_folder: ListFolder | None = None,
) -> tuple[Document | None, tuple[Problem, ...]]:
    """Read a document (``.md`` or ``.yaml``).

    `path` is relative to ``content/``, as are the paths that `open_file` is asked for.
    `default_kind` is the kind, by name or title, of a document that names none. `list_folder`
    gives the names in a folder, for the hint at a missing data file.
    """
    files = DataFiles(open_file, list_folder)
    reading = Reading(path)
    root, body, body_line = _parts(path, data, reading)
    if root is None:
        return None, ordered(reading.problems)
    faults = _note_faults(reading)
    work = _Work(root, reading, files, _reader_of(kinds), default_kind)
    document = work.document(body, body_line, calendar)
    return document, _told_once(reading, faults)


def read_mapping(
    path: str, data: bytes, fields: tuple[Field, ...]
) -> tuple[Values | None, tuple[Problem, ...]]:
    """Read a YAML file of plain fields: ``site.yaml`` (`Kinds.site`), ``_column.yaml``
    (`Kinds.column`). None when nothing could be understood. `path` is relative to ``content/``.
    """
    reading = Reading(path)
    root, _, _ = _parts(path, data, reading)
    if root is None:
        return None, ordered(reading.problems)
    faults = _note_faults(reading)
    values = RecordReader(fields).read(root, reading)
    return Values(values, dict(reading.marks)), _told_once(reading, faults)


def _note_faults(reading: Reading) -> frozenset[int | None]:
    """The lines that could not be understood; if there are any, the rest is only a part."""
    errors = [problem for problem in reading.problems if problem.severity is Severity.ERROR]
    reading.partial = bool(errors)
    return frozenset(problem.where.line for problem in errors if problem.where)


_SHAPES = frozenset(
    each.id for each in (codes.TABLE_SHAPE, codes.NO_COLUMNS, codes.STATEMENT_AND_ROWS)
)
"""What is said of a table of which a part is missing."""


def _told_once(reading: Reading, faults: frozenset[int | None]) -> tuple[Problem, ...]:
    """All problems, but of a line that could not be understood only that it could not, and
    nothing of the shape of tables when parts of the file could not be."""
    place = CONTENT + reading.path
    return ordered(
        problem
        for problem in reading.problems
        if not (reading.partial and problem.code in _SHAPES)
        if problem.code.startswith("S")
        or problem.where is None
        or problem.where.path != place
        or problem.where.line not in faults
    )


def _parts(path: str, data: bytes, reading: Reading) -> tuple[MappingNode | None, str, int]:
    """The fields of a file, its Markdown body, and the line on which that begins."""
    place = CONTENT + path
    text, faults = decode_utf8(data, place)
    reading.problems += faults
    if text is None:
        return None, "", 1
    yaml, first_line, body, body_line = text, 1, "", 1
    if path.endswith(".md"):
        split, faults = split_front_matter(text, place)
        reading.problems += faults
        if split is None:
            return None, "", 1
        yaml, first_line, body, body_line = split.yaml, split.yaml_line, split.body, split.body_line
    node, faults = parse_yaml(yaml, place, first_line)
    reading.problems += faults
    if isinstance(node, MappingNode):
        return node, body, body_line
    if node is not None:
        reading.problems.append(codes.NOT_A_MAPPING.at(reading.at(node)))
    elif not any(problem.severity is Severity.ERROR for problem in reading.problems):
        reading.problems.append(codes.EMPTY_DOCUMENT.at(Location(place, first_line, 1)))
    return None, "", 1


class _KindReader:
    """A kind, compiled: the record of all its fields, and its tables by name and title."""

    def __init__(self, kind: Kind, kinds: Kinds) -> None:
        self.kind = kind
        self.fields = kinds.fields_of(kind)
        self.rules = ready_rules(kind)
        self.tables = tuple(TableReader(table) for table in kind.tables)
        self._words: dict[str, TableReader] = {}
        for table in self.tables:
            self._words[table.kind.name] = table
        for table in self.tables:
            for word in table.kind.title.values():
                self._words.setdefault(word, table)
        self._folded = {fold(word): table for word, table in reversed(self._words.items())}
        self.record = RecordReader(self.fields, (*self._words, "表格", "正文"))

    def table(self, key: str) -> TableReader | None:
        """The table that a key means, or None."""
        return self._words.get(key) or self._folded.get(fold(key))

    @property
    def words(self) -> tuple[str, ...]:
        """Names and titles of the tables."""
        return tuple(self._words)


class _Reader:
    """All kinds, each compiled when it is first needed."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self.common = RecordReader(kinds.common)
        self.options = options_record()
        self._readers: dict[str, _KindReader] = {}
        self._names = {fold(name): name for name in kinds.kinds}
        for name, kind in kinds.kinds.items():
            for word in kind.title.values():
                self._names.setdefault(fold(word), name)

    def name_of(self, written: str) -> str | None:
        """The kind that a name or title means."""
        return self._names.get(fold(written))

    def kind(self, name: str) -> _KindReader:
        """A compiled kind."""
        reader = self._readers.get(name)
        if reader is None:
            reader = self._readers[name] = _KindReader(self.kinds.kinds[name], self.kinds)
        return reader


_recent: list[_Reader] = []
"""Compiled kinds of the last few `Kinds`: a memo; the same kinds always compile to the same."""


def _reader_of(kinds: Kinds) -> _Reader:
    for reader in _recent:
        if reader.kinds is kinds:
            return reader
    reader = _Reader(kinds)
    _recent.insert(0, reader)
    del _recent[4:]
    return reader


@dataclass(slots=True)
class _Work:
    """The reading of one document."""

    root: MappingNode
    reading: Reading
    files: DataFiles
    reader: _Reader
    default_kind: str
    keys: dict[str, Scalar] = field(default_factory=dict)
    """Where each table is given."""
    rows: dict[str, Rows] = field(default_factory=dict)
    unsound: set[str] = field(default_factory=set)

    def document(self, body: str, body_line: int, calendar: Calendar | None) -> Document:
        """The document, its problems in the reading."""
        reading = self.reading
        self.reading.lenient = self._is_draft()
        name, known = self._kind_name()
        known = known and name not in self.reader.kinds.faulty
        kind = self.reader.kind(name)
        skip = set[str]()
        given: list[tuple[Scalar, Node]] = []
        for key, node in self.root.entries:
            if key.text in _BODY_KEYS and not reading.path.endswith(".md"):
                skip.add(key.text)
                body, body_line = self._body(node)
            elif key.text in _TABLES_KEYS:
                skip.add(key.text)
                given += self._entries(key, node)
            elif kind.table(key.text) is not None:
                skip.add(key.text)
                given.append((key, node))
            elif not known and self.reader.common.place_of(key.text) is None:
                skip.add(key.text)  # nobody knows what an unknown kind has
        record = kind.record if known else self.reader.common
        values = record.read(self.root, reading, "", frozenset(skip))
        values.pop("kind", None)
        tables = self._tables(kind, given) if known else ()
        document = Document(
            reading.path, name, values, tables, body, body_line, dict(reading.marks)
        )
        if known and not reading.lenient and not reading.partial:
            self._apply_rules(kind, document, calendar)
        return document

    def _is_draft(self) -> bool:
        common = self.reader.common
        for key, node in self.root.entries:
            place = common.place_of(key.text)
            if place is not None and common.readers[place].field.name == "draft":
                return _FLAG.read(node, Reading(self.reading.path), "") is True
        return False

    def _kind_name(self) -> tuple[str, bool]:
        """The kind's name, and whether it is one that exists."""
        default = self.reader.name_of(self.default_kind) or "article"
        common = self.reader.common
        for key, node in self.root.entries:
            place = common.place_of(key.text)
            if place is None or common.readers[place].field.name != "kind":
                continue
            if not isinstance(node, Scalar) or not node.text.strip():
                break
            name = self.reader.name_of(node.text.strip())
            if name is not None:
                return name, True
            kinds = self.reader.kinds.kinds
            words = [*kinds, *(kind.title.get("zh", "") for kind in kinds.values())]
            written, where = node.text.strip(), self.reading.at(node)
            near = nearest(written[:60], words)
            if near:
                problem = codes.UNKNOWN_KIND_NEAR.at(where, value=written, near=near)
            elif self.reader.kinds.faulty:  # it is probably one of those, and told already
                return default, False
            else:
                known = listed((kind.title.get("zh") or name for name, kind in kinds.items()), 30)
                problem = codes.UNKNOWN_KIND.at(where, value=written, known=known)
            self.reading.problems.append(problem)
            return default, False
        return default, True

    def _body(self, node: Node) -> tuple[str, int]:
        if isinstance(node, Scalar):
            return node.text, node.line
        _TEXT.read(node, self.reading, "body")  # tells that it is no text
        return "", 1

    # Tables.

    def _entries(self, key: Scalar, node: Node) -> tuple[tuple[Scalar, Node], ...]:
        if isinstance(node, MappingNode):
            return node.entries
        if not (isinstance(node, Scalar) and not node.text.strip()):
            problem = codes.TABLE_SHAPE.at(self.reading.at(node), title=key.text)
            self.reading.problems.append(problem)
        return ()

    def _tables(self, kind: _KindReader, given: list[tuple[Scalar, Node]]) -> tuple[Table, ...]:
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

    def _report_unknown(self, key: Scalar, kind: _KindReader) -> None:
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
        options = self.reader.options.read(node, self.reading, f"{reader.kind.name}.")
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

    # Rules.

    def _apply_rules(
        self, kind: _KindReader, document: Document, calendar: Calendar | None
    ) -> None:
        """Check the kind's rules; where a value is wrong already, no more is said of it."""
        told = {
            problem.where
            for problem in self.reading.problems
            if problem.severity is Severity.ERROR and problem.code not in _ABSENCES
        }
        skip = self.unsound.__contains__
        locate = self._locator()
        faults = apply_rules(kind.kind, document, locate, calendar, kind.fields, skip, kind.rules)
        self.reading.problems += (fault for fault in faults if fault.where not in told)

    def _locator(self) -> Callable[[str | None, int | None, str | None], Location]:
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
