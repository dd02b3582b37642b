"""Files to documents: front matter, YAML and data tables to typed values, all problems at once.

    document, problems = read_document(path, data, kinds, open_file)

Whatever the bytes, nothing is raised. A document that has errors is still returned when anything
of it could be understood, so that the rest of the site can be looked at in the same run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sitegen.kinds import codes
from sitegen.kinds.datafile import DataFiles, ListFolder, OpenFile
from sitegen.kinds.document import Document, Mark, Value
from sitegen.kinds.documenttables import DocumentTables
from sitegen.kinds.fields import CONTENT, FieldReader, Reading, RecordReader
from sitegen.kinds.kind import Field, Kinds
from sitegen.kinds.kindreaders import KindReader, KindReaders, readers_of
from sitegen.kinds.rules import apply_rules
from sitegen.kinds.scalars import listed, nearest
from sitegen.problems import Location, Problem, Severity, ordered
from sitegen.source.calendar import Calendar
from sitegen.source.frontmatter import split_front_matter
from sitegen.source.nodes import Mapping as MappingNode
from sitegen.source.nodes import Node, Scalar
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
    readers = readers_of(kinds)
    tables = DocumentTables(root, reading, files, readers.options)
    work = _Work(root, reading, tables, readers, default_kind)
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


@dataclass(slots=True)
class _Work:
    """The reading of one document."""

    root: MappingNode
    reading: Reading
    tables: DocumentTables
    reader: KindReaders
    default_kind: str

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
                given += self.tables.entries(key, node)
            elif kind.table(key.text) is not None:
                skip.add(key.text)
                given.append((key, node))
            elif not known and self.reader.common.place_of(key.text) is None:
                skip.add(key.text)  # nobody knows what an unknown kind has
        record = kind.record if known else self.reader.common
        values = record.read(self.root, reading, "", frozenset(skip))
        values.pop("kind", None)
        tables = self.tables.read(kind, given) if known else ()
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

    def _apply_rules(self, kind: KindReader, document: Document, calendar: Calendar | None) -> None:
        """Check the kind's rules; where a value is wrong already, no more is said of it."""
        told = {
            problem.where
            for problem in self.reading.problems
            if problem.severity is Severity.ERROR and problem.code not in _ABSENCES
        }
        skip = self.tables.unsound.__contains__
        locate = self.tables.locator()
        faults = apply_rules(kind.kind, document, locate, calendar, kind.fields, skip, kind.rules)
        self.reading.problems += (fault for fault in faults if fault.where not in told)
