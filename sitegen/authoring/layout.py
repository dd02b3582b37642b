"""Source files as people laid them out: where each entry stands, and edits that leave all else.

    source, problems = read_source("a/b.md", data)
    edit = source.inserted(record, "slug", "yi-er")
    data = source.edited([edit])

Comments, blank lines, quotes, the order of entries, line ends and a byte order mark stay as they
are. A file that cannot be read without an error is never edited.
"""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from sitegen.kinds.fields import CONTENT, RecordReader
from sitegen.kinds.kind import Field
from sitegen.problems import Location, Problem, has_errors
from sitegen.source import codes as source_codes
from sitegen.source import nodes
from sitegen.source.frontmatter import split_front_matter
from sitegen.source.text import BOM, decode_utf8
from sitegen.source.yamlnodes import parse_yaml

BODY = ("body", "正文")
TABLES = ("tables", "表格", "数据表")
"""Keys that are no fields: the text of a ``.yaml`` document, and its group of tables."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CRLF = re.compile("\r\n")

Part: TypeAlias = yaml.ScalarNode | yaml.SequenceNode | yaml.MappingNode
Entry: TypeAlias = tuple[yaml.ScalarNode, Part]


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters of a source to be replaced; offsets count in `Source.text`."""

    start: int
    end: int
    text: str


class Source:
    """One file that can be edited: ``text`` with ``\\n`` as its only line end, and its nodes."""

    def __init__(self, path: str, raw: str, text: str, span: tuple[int, int]) -> None:
        self.path = path
        """Relative to ``content/``."""
        self.text = text
        self.start, self.end = span
        """Where the YAML stands in the text."""
        self._raw = raw
        root: Any = yaml.compose(text[self.start : self.end], Loader=_LOADER)
        self.entries: tuple[Entry, ...] = tuple(root.value)
        self.flow = bool(root.flow_style)
        """Whether all fields stand in one pair of braces."""
        words = [key.value for key, _ in self.entries]
        self.chinese = 2 * sum(word.isascii() for word in words) <= len(words)
        """Whether most keys are Chinese: new ones then are too."""

    # Places.

    def span(self, node: Part) -> tuple[int, int]:
        """Where a node begins, and where its last visible character ends."""
        return self.start + node.start_mark.index, self._end(node)

    def _end(self, node: Part) -> int:
        if isinstance(node, yaml.ScalarNode):
            end = self.start + int(node.end_mark.index)
            return len(self.text[:end].rstrip()) if node.style in ("|", ">") else end
        if node.flow_style or not node.value:
            return self.start + int(node.end_mark.index)
        last = node.value[-1]
        key, value = last if isinstance(last, tuple) else (None, last)
        return max(self._end(value), self._end(key) if key else 0)

    def mark(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset."""
        return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)

    def line_end(self, offset: int) -> int:
        """The end of the line on which an offset lies."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end

    def entry(self, record: RecordReader, name: str) -> Entry | None:
        """The entry of a field, under whatever key it is written."""
        for key, value in self.entries:
            place = record.place_of(key.value)
            if place is not None and record.readers[place].field.name == name:
                return key, value
        return None

    # Edits.

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """The file with all edits made, in its own line ends."""
        return spliced(self._raw, edits)

    def replaced(self, node: yaml.ScalarNode, text: str) -> Edit | None:
        """Write another text in the place of a scalar, in its quotes if it has some.

        None for a text that stands otherwise than it reads (escapes, several lines).
        """
        start, end = self.span(node)
        written = self.text[start:end]
        if node.style in ("'", '"'):
            if written[1:-1] != node.value or "\n" in written or set(text) & {"'", '"', "\\"}:
                return None
            return Edit(start + 1, end - 1, text)
        if node.style in ("|", ">") or written != node.value:
            return None
        return Edit(start, end, scalar(text, flow=True))

    def inserted(
        self, record: RecordReader, name: str, text: str, after: Sequence[str] = ()
    ) -> Edit:
        """Add a field with a value as written in YAML: after one of the fields named, or last."""
        field = next(each.field for each in record.readers if each.field.name == name)
        key = self.key_of(field)
        block = text.startswith("\n")
        line = f"{key}:{text}" if block else f"{key}: {text}"
        anchor = self._anchor(record, after)
        if self.flow:
            return Edit(anchor, anchor, f", {line}")
        end = self.line_end(anchor)
        return Edit(end, end, self._below(f"\n{line}"))

    def _below(self, lines: str) -> str:
        """Lines of the outermost level, indented as the first entry is."""
        start = self.span(self.entries[0][0])[0]
        return lines.replace("\n", "\n" + " " * (self.mark(start)[1] - 1))

    def _anchor(self, record: RecordReader, after: Sequence[str]) -> int:
        """The end of the entry after which a new one goes."""
        for name in after:
            if found := self.entry(record, name):
                return self._end(found[1])
        known = [value for key, value in self.entries if record.place_of(key.value) is not None]
        return self._end(known[-1] if known else self.entries[-1][1])

    def key_of(self, field: Field) -> str:
        """The key under which this file would write a field."""
        return field.title.get("zh", field.name) if self.chinese else field.name

    def appended(
        self, record: RecordReader, name: str, item: str | Sequence[tuple[str, str]]
    ) -> Edit | None:
        """Add an item to a list: a text, or keys with texts.

        None where the list is written in a way that cannot be continued.
        """
        found = self.entry(record, name)
        short = scalar(item, flow=True) if isinstance(item, str) else _braces(item)
        if found is None:
            return self.inserted(record, name, f"\n  - {short}" if not self.flow else f"[{short}]")
        key, value = found
        start, end = self.span(value)
        if isinstance(value, yaml.ScalarNode):
            if value.style in ("|", ">"):
                return None
            if value.value.strip():
                alone = self.text[start:end] if value.style else scalar(value.value, flow=True)
                return Edit(start, end, f"[{alone}, {short}]")
            colon = self.text.index(":", self.span(key)[1])
            line = self.line_end(colon)
            return Edit(line, line, self._below(f"\n  - {short}"))
        if isinstance(value, yaml.MappingNode):
            if not value.flow_style:
                return None
            return Edit(start, end, f"[{self.text[start:end]}, {short}]")
        if value.flow_style:
            if not value.value:
                return Edit(start, end, f"[{short}]")
            last = self._end(value.value[-1])
            return Edit(last, last, f", {short}")
        indent = " " * (start - self.text.rfind("\n", 0, start) - 1)
        line = self.line_end(end)
        like: Any = value.value[-1]
        if isinstance(like, yaml.MappingNode) and not like.flow_style and not isinstance(item, str):
            pairs = [f"{word}: {scalar(text)}" for word, text in item]
            return Edit(line, line, f"\n{indent}- " + f"\n{indent}  ".join(pairs))
        return Edit(line, line, f"\n{indent}- {short}")


def spliced(raw: str, edits: Iterable[Edit]) -> bytes:
    """A file's text with edits made, whose offsets count without byte order mark and CR."""
    newline = "\r\n" if "\r\n" in raw[: raw.find("\n") + 1] else "\n"
    bom = len(BOM) if raw.startswith(BOM) else 0
    breaks = [found.start() - bom - i for i, found in enumerate(_CRLF.finditer(raw))]
    pieces, done = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        start, end = (
            offset + bom + bisect.bisect_left(breaks, offset) for offset in (edit.start, edit.end)
        )
        assert start >= done, "edits overlap"
        pieces += [raw[done:start], edit.text.replace("\n", newline)]
        done = end
    return "".join((*pieces, raw[done:])).encode()


def read_source(path: str, data: bytes) -> tuple[Source | None, tuple[Problem, ...]]:
    """Take a ``.md`` or ``.yaml`` file apart; None when it has faults that forbid editing it."""
    place = CONTENT + path
    text, problems = decode_utf8(data, place)
    if text is None or problems:
        return None, problems
    (start, end, line), problems = yaml_part(path, text)
    if not line:
        return None, problems
    root, problems = parse_yaml(text[start:end], place, line)
    if not isinstance(root, nodes.Mapping) or has_errors(problems) or not root.entries:
        return None, problems
    source = Source(path, data.decode(), text, (start, end))
    for key, _ in source.entries:
        at, after = source.span(key)
        if not source.text[after:].lstrip(" \t").startswith(":"):  # "? key" on a line of its own
            mark = source.mark(at)
            return None, (source_codes.NOT_TEXT_KEY.at(Location(place, *mark)),)
    return source, problems


def yaml_part(path: str, text: str) -> tuple[tuple[int, int, int], tuple[Problem, ...]]:
    """Where the YAML of a file begins and ends, and its first line; line 0 where there is none."""
    if not path.endswith(".md"):
        return (0, len(text), 1), ()
    split, problems = split_front_matter(text, CONTENT + path)
    if split is None:
        return (0, 0, 0), problems
    start = text.index("\n") + 1
    return (start, start + len(split.yaml), split.yaml_line), problems


def scalar(text: str, *, flow: bool = False) -> str:
    """A text as YAML writes it: plain where it stays itself, else in quotes.

    `flow`: inside brackets, where commas and braces mean something.
    """
    if _is_plain(text, flow):
        return text
    if "\n" in text or "\t" in text or '"' in text:
        return json.dumps(text, ensure_ascii=False)
    return f'"{text}"' if "\\" not in text else "'" + text.replace("'", "''") + "'"


def _is_plain(text: str, flow: bool) -> bool:
    if not text or text != text.strip() or "\n" in text or "\t" in text:
        return False
    for trial in (f"k: {text}\n", f"k: [{text}]\n") if flow else (f"k: {text}\n",):
        node, problems = parse_yaml(trial, "")
        value = node.get("k") if isinstance(node, nodes.Mapping) and not problems else None
        if isinstance(value, nodes.Sequence) and len(value.items) == 1:
            value = value.items[0]
        if not (isinstance(value, nodes.Scalar) and value.text == text and value.style == "plain"):
            return False
    return not (text.isascii() and text.lower() in ("null", "~"))


def _braces(pairs: Iterable[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{key}: {scalar(text, flow=True)}" for key, text in pairs) + "}"


def texts_below(node: Part) -> Iterator[yaml.ScalarNode]:
    """Every text inside a node, in the order written."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from texts_below(item)
    else:
        for _, value in node.value:
            yield from texts_below(value)
