"""Forms: which fields and tables a source file may have, by its place and its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

import yaml

from sitegen.authoring.layout import TABLES, Part, Source
from sitegen.kinds.fields import Reading, RecordReader
from sitegen.kinds.headings import Headings
from sitegen.kinds.kind import Field, Kind, Kinds, TableKind
from sitegen.kinds.opentables import ROWS_KEYS, read_open_table
from sitegen.kinds.scalars import fold
from sitegen.making.frame import Frame
from sitegen.site.sources import column_folder
from sitegen.source import nodes

SITE_FILE = "site.yaml"
DEFAULT_KIND = "article"


@dataclass(frozen=True, slots=True)
class Form:
    """What a file may hold. `kind` is None for settings and columns."""

    record: RecordReader
    kind: Kind | None = None
    tables: Mapping[str, TableKind] = field(default_factory=dict)
    """By every word under which each may stand."""

    def values(self, source: Source) -> Iterator[tuple[Field, Part]]:
        """Every value of a file that belongs to a known field, those in groups and rows too."""
        for key, value in source.entries:
            place = self.record.place_of(key.value)
            if (table := self.tables.get(fold(key.value))) is not None:
                yield from _cells(table, value)
            elif place is not None:
                yield from _inside(self.record.readers[place].field, value)
            elif key.value in TABLES and isinstance(value, yaml.MappingNode):
                for name, below in value.value:
                    if (table := self.tables.get(fold(name.value))) is not None:
                        yield from _cells(table, below)
                    elif self.kind is not None and self.kind.open_tables:
                        yield from _open_cells(source, name, below)


class Forms:
    """All forms of a site; each is made when it is first asked for."""

    def __init__(self, frame: Frame) -> None:
        self.kinds: Kinds = frame.kinds
        self._defaults = {column.path: column.kind for column in frame.columns if column.kind}
        self._made: dict[str, Form] = {}
        self._names: dict[str, str] = {fold(name): name for name in self.kinds.kinds}
        for name, kind in self.kinds.kinds.items():
            for word in kind.title.values():
                self._names.setdefault(fold(word), name)

    def kind_named(self, written: str) -> Kind | None:
        """The kind of a name or title."""
        name = self._names.get(fold(written))
        return self.kinds.kinds[name] if name is not None else None

    def default_kind(self, path: str) -> str:
        """The kind, as written, of a document that names none."""
        for folder in PurePosixPath(path).parents:
            if kind := self._defaults.get("" if str(folder) == "." else str(folder)):
                return kind
        return DEFAULT_KIND

    def of(self, source: Source) -> Form | None:
        """The form of a file; None for a document of an unknown or faulty kind."""
        if source.path == SITE_FILE:
            return Form(RecordReader(self.kinds.site))
        if column_folder(source.path) is not None:
            return Form(RecordReader(self.kinds.column))
        found = source.entry(RecordReader(self.kinds.common), "kind")
        said = found[1].value if found and isinstance(found[1], yaml.ScalarNode) else ""
        kind = self.kind_named(str(said).strip() or self.default_kind(source.path))
        return None if kind is None or kind.name in self.kinds.faulty else self.of_kind(kind)

    def of_kind(self, kind: Kind) -> Form:
        """The form of the documents of a kind."""
        if kind.name not in self._made:
            tables = {
                fold(word): table
                for table in reversed(kind.tables)
                for word in (*table.title.values(), table.name)
            }
            record = RecordReader(self.kinds.fields_of(kind))
            self._made[kind.name] = Form(record, kind, tables)
        return self._made[kind.name]


def _inside(field: Field, node: Part) -> Iterator[tuple[Field, Part]]:
    if field.type == "list":
        item = replace(field.item or field, title=field.title)
        item = item if field.item is not None else replace(item, type="string")
        for each in node.value if isinstance(node, yaml.SequenceNode) else (node,):
            yield from _inside(item, each)
    elif field.type == "object" and isinstance(node, yaml.MappingNode):
        record = RecordReader(field.fields)
        for key, value in node.value:
            place = record.place_of(key.value)
            if place is not None:
                yield from _inside(field.fields[place], value)
    elif field.type == "object" and field.fields and isinstance(node, yaml.ScalarNode):
        yield from _inside(field.fields[0], node)
    else:
        yield field, node


def _cells(table: TableKind, node: Part) -> Iterator[tuple[Field, Part]]:
    """The cells of a table whose rows stand in the file."""
    headings = Headings(table)
    for row in node.value if isinstance(node, yaml.SequenceNode) else ():
        if isinstance(row, yaml.MappingNode):
            for key, value in row.value:
                place, unit = headings.find(key.value)
                if place is not None and not unit:
                    yield from _inside(table.fields[place], value)
        elif isinstance(row, yaml.SequenceNode) and len(row.value) == len(table.fields):
            for field, value in zip(table.fields, row.value, strict=True):
                yield from _inside(field, value)


def _open_cells(source: Source, name: Part, node: Part) -> Iterator[tuple[Field, Part]]:
    """The cells of a table that the document itself defines."""
    key = nodes.Scalar(name.value, 1, 1)
    read = read_open_table(key, _located(node), Reading(source.path))
    rows = [] if read is None or not isinstance(node, yaml.MappingNode) else node.value
    for word, value in rows:
        if read is not None and fold(word.value) in {fold(each) for each in ROWS_KEYS}:
            yield from _cells(read[0], value)


def _located(node: Part) -> nodes.Node:
    """The node as reading knows it; places do not matter here."""
    if isinstance(node, yaml.ScalarNode):
        return nodes.Scalar(node.value, 1, 1)
    if isinstance(node, yaml.SequenceNode):
        return nodes.Sequence(tuple(_located(item) for item in node.value), 1, 1)
    entries = ((nodes.Scalar(key.value, 1, 1), _located(value)) for key, value in node.value)
    return nodes.Mapping(tuple(entries), 1, 1)
