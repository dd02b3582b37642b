"""Fields: located YAML values to typed values, and typed values back to their canonical text.

Each field is compiled once into a `FieldReader`, each group of fields into a `RecordReader`, which
knows all the keys under which a field may be written. Problems go into the `Reading` at hand;
nothing is raised for what a document says.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sitegen.kinds import codes
from sitegen.kinds.document import Mark, Value
from sitegen.kinds.formats import Fault
from sitegen.kinds.kind import Field
from sitegen.kinds.scalars import TextParser, fold, length_check, listed, nearest, text_parser
from sitegen.problems import Location, Problem
from sitegen.source.nodes import Mapping as MappingNode
from sitegen.source.nodes import Node, Scalar, Sequence

CONTENT = "content/"
_SHOWN = 60


@dataclass(slots=True)
class Reading:
    """What is being read: the file, the problems found so far, and where the values stand."""

    path: str
    """Of the document, relative to ``content/``."""
    problems: list[Problem] = field(default_factory=list)
    marks: dict[str, Mark] = field(default_factory=dict)
    lenient: bool = False
    """Missing fields are no fault (drafts)."""
    partial: bool = False
    """The file could be understood in part only: what seems to be missing may stand in the rest."""
    meant: set[str] = field(default_factory=set)
    """Keys that misspelt ones were probably meant to be: they are not missed as well."""

    def at(self, node: Node) -> Location:
        """The place of a node."""
        return Location(CONTENT + self.path, node.line, node.column)

    def report(self, fault: Fault, where: Location, title: str, written: str) -> Any:
        """Add a fault of a value at a place; the value to keep nevertheless, or None."""
        values = {"title": title, "value": shortened(written), **fault.values}
        self.problems.append(fault.code.at(where, fault.severity, **values))
        return fault.kept


def shortened(text: str) -> str:
    """A text as messages quote it: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def parse(field: Field, node: Node, path: str = "") -> tuple[Value | None, tuple[Problem, ...]]:
    """The value of one field; None when it is blank or wrong.

    `path` is the document's, relative to ``content/``, against which references are resolved.
    """
    reading = Reading(path)
    value = FieldReader(field).read(node, reading, field.name)
    return value, tuple(reading.problems)


def text_of(field: Field, value: Value) -> str:
    """The canonical text of a value: what `parse` reads back as the same value.

    Dates are ISO 8601, numbers plain decimals, booleans ``true`` and ``false``, lists joined by
    ``；``, objects JSON. Labels are not used: an enum gives its code.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case datetime.date():
            return value.isoformat()
        case list():
            item = field.item or _STRING
            return "；".join(text_of(item, each) for each in value)
        case dict():
            parts = {part.name: part for part in field.fields}
            texts = {name: text_of(parts.get(name, _STRING), each) for name, each in value.items()}
            return json.dumps(texts, ensure_ascii=False)
        case _:
            return str(value)


_STRING = Field("item", {"zh": ""})


class FieldReader:
    """A field, compiled: reads its value from a node."""

    __slots__ = ("field", "item", "length", "parse", "record", "title")

    def __init__(self, field: Field, title: str = "") -> None:
        """`title` is used in messages instead of the field's own (for the items of a list)."""
        self.field = field
        self.title = title or field.title.get("zh", "") or field.name
        self.parse: TextParser | None = None
        self.item: FieldReader | None = None
        self.record: RecordReader | None = None
        if field.type == "list":
            self.item = FieldReader(field.item or _STRING, self.title)
            self.length = length_check(field.constraints)
        elif field.type == "object":
            self.record = RecordReader(field.fields)
        else:
            self.parse = text_parser(field)

    def read(self, node: Node, reading: Reading, key: str) -> Value | None:
        """The value; None when it is blank or wrong. `key` is its name in the marks."""
        if self.parse is None:
            if isinstance(node, Scalar) and not node.text.strip():
                return None
            reading.marks[key] = (node.line, node.column)
            read = self._read_list if self.item else self._read_object
            return read(node, reading, key)
        if not isinstance(node, Scalar):
            reading.marks[key] = (node.line, node.column)
            reading.problems.append(codes.SHAPE_TEXT.at(reading.at(node), title=self.title))
            return None
        text = node.text.strip()
        if not text:
            return None
        reading.marks[key] = (node.line, node.column)
        value = self.parse(text, reading.path)
        if isinstance(value, Fault):
            kept: Value | None = reading.report(value, reading.at(node), self.title, text)
            return kept
        return value

    def _read_list(self, node: Node, reading: Reading, key: str) -> list[Any] | None:
        assert self.item is not None
        items = node.items if isinstance(node, Sequence) else (node,)
        values: list[Any] = []
        for item in items:
            if isinstance(item, Sequence):
                problem = codes.SHAPE_LIST_ITEM.at(reading.at(item), title=self.title)
                reading.problems.append(problem)
                continue
            if isinstance(item, Scalar) and not item.text.strip():
                reading.problems.append(codes.EMPTY_ITEM.at(reading.at(item), title=self.title))
                continue
            value = self.item.read(item, reading, f"{key}.{len(values)}")
            if value is not None:
                values.append(value)
        fault = self.length(values)
        if fault and len(values) == len(items):
            reading.report(fault, reading.at(node), self.title, "")
        return values or None

    def _read_object(self, node: Node, reading: Reading, key: str) -> dict[str, Any] | None:
        assert self.record is not None
        if isinstance(node, Scalar) and self.record.first_may_stand_alone:
            first = self.record.readers[0]
            value = first.read(node, reading, f"{key}.{first.field.name}")
            return None if value is None else {first.field.name: value}
        if not isinstance(node, MappingNode):
            known = listed(reader.title for reader in self.record.readers)
            problem = codes.SHAPE_OBJECT.at(reading.at(node), title=self.title, known=known)
            reading.problems.append(problem)
            return None
        values = self.record.read(node, reading, f"{key}.")
        return values or None


class RecordReader:
    """A group of fields, compiled: reads a mapping whose keys are names, titles or aliases."""

    __slots__ = ("_also", "_exact", "_folded", "first_may_stand_alone", "readers")

    def __init__(self, fields: Iterable[Field], also: Iterable[str] = ()) -> None:
        """`also`: other keys that may stand here, for the hint at an unknown one."""
        self.readers = tuple(FieldReader(each) for each in fields)
        self._exact = keys_of([reader.field for reader in self.readers])
        self._also = tuple(also)
        self._folded: dict[str, int] = {}
        for word, place in self._exact.items():
            self._folded.setdefault(fold(word), place)
        self.first_may_stand_alone = bool(self.readers) and not any(
            reader.field.constraints.required for reader in self.readers[1:]
        )

    def place_of(self, key: str) -> int | None:
        """Which field a key means, or None."""
        place = self._exact.get(key)
        return self._folded.get(fold(key)) if place is None else place

    def read(
        self,
        node: MappingNode,
        reading: Reading,
        prefix: str = "",
        skip: frozenset[str] = frozenset(),
    ) -> dict[str, Any]:
        """The values by name. `skip`: keys as written that are somebody else's."""
        values: dict[str, Any] = {}
        seen: dict[int, Scalar] = {}
        meant: set[int] = set()
        for key, value_node in node.entries:
            if key.text in skip:
                continue
            place = self.place_of(key.text)
            if place is None:
                near = self._report_unknown(key, reading)
                if near is not None:
                    meant.add(near)
                continue
            reader = self.readers[place]
            if place in seen:
                self._report_twice(reader, key, seen[place], reading)
                continue
            seen[place] = key
            value = reader.read(value_node, reading, prefix + reader.field.name)
            if value is not None:
                values[reader.field.name] = value
        if not reading.partial:
            self._report_missing(node, reading, values, seen, meant, prefix)
        return values

    def _report_unknown(self, key: Scalar, reading: Reading) -> int | None:
        """Report an unknown key; the place of the field that was probably meant."""
        words = [*self._exact, *self._also]
        near = nearest(key.text[:100], words)
        where = reading.at(key)
        if near:
            problem = codes.UNKNOWN_KEY_NEAR.at(where, key=shortened(key.text), near=near)
        else:
            known = listed(reader.title for reader in self.readers)
            problem = codes.UNKNOWN_KEY.at(where, key=shortened(key.text), known=known)
        reading.problems.append(problem)
        reading.meant.add(near)
        return self._exact.get(near)

    @staticmethod
    def _report_twice(reader: FieldReader, key: Scalar, first: Scalar, reading: Reading) -> None:
        problem = codes.GIVEN_TWICE.at(
            reading.at(key), title=reader.title, key=key.text, line=first.line, other=first.text
        )
        reading.problems.append(problem)

    def _report_missing(
        self,
        node: MappingNode,
        reading: Reading,
        values: Mapping[str, Any],
        seen: Mapping[int, Scalar],
        meant: Collection[int],
        prefix: str,
    ) -> None:
        absent: list[str] = []
        for place, reader in enumerate(self.readers):
            name = reader.field.name
            if not reader.field.constraints.required or name in values or place in meant:
                continue
            if reading.lenient and (prefix or name != "title"):
                continue
            key = seen.get(place)
            if key is None:
                absent.append(reader.title)
            elif prefix + name not in reading.marks:  # else its fault is reported
                where = reading.at(key)
                reading.problems.append(codes.REQUIRED.at(where, title=reader.title))
        if len(absent) == 1:
            problem = codes.REQUIRED.at(reading.at(node), title=absent[0])
            reading.problems.append(problem)
        elif absent:
            problem = codes.SEVERAL_REQUIRED.at(
                reading.at(node), number=len(absent), titles=listed(absent, 60), title=absent[0]
            )
            reading.problems.append(problem)


def keys_of(fields: Iterable[Field]) -> dict[str, int]:
    """Every key and heading under which a field may be written, and the field's place.

    Where two fields share a word, a name goes before a Chinese title, that before an alias, and
    that before an English title.
    """
    fields = tuple(fields)
    places: dict[str, int] = {}
    for words in (
        lambda field: (field.name,),
        lambda field: (field.title.get("zh", ""),),
        lambda field: field.aliases,
        lambda field: [field.title[lang] for lang in sorted(field.title)],
    ):
        for place, each in enumerate(fields):
            for word in words(each):
                if word:
                    places.setdefault(word, place)
    return places
