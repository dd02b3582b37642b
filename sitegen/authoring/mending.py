"""Mending one file: what was certainly meant, and nothing else.

A value is mended when its field reads the mended text as a value; a colon or a missing space after
a known key, when the file can then be read. What cannot be read is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import yaml

from sitegen.authoring.forms import Form
from sitegen.authoring.layout import (
    BODY,
    TABLES,
    Edit,
    Source,
    read_source,
    scalar,
    spliced,
)
from sitegen.kinds.fields import CONTENT
from sitegen.kinds.formats import FORMATS, Fault, half_width, mended_doc_no
from sitegen.kinds.kind import Field
from sitegen.kinds.scalars import fold, text_parser
from sitegen.problems import Problem
from sitegen.source import codes as source_codes
from sitegen.source import nodes
from sitegen.source.text import decode_utf8
from sitegen.source.yamlnodes import parse_yaml

_YEARMONTH = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})")
_SLIPS = (source_codes.FULL_WIDTH_COLON.id, source_codes.NO_SPACE.id)
_KEY = re.compile(r"[ \t]*(?:-[ \t]+)*(.*)")
_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing mended: where it stood, what it was and what it is now."""

    path: str
    line: int
    column: int
    title: str
    before: str
    after: str


def mended(field: Field, text: str) -> str | None:
    """What a text certainly means, as it should be written; None if nothing is to be done."""
    plain = Field(field.name, field.title, field.type, field.format, field.unit)
    parse = text_parser(plain) if field.type != "object" else None
    if parse is None or not text:
        return None
    if field.type in ("integer", "number", "year", "date", "yearmonth"):
        narrow = half_width(text)
        value = parse(text, "")
        if not isinstance(value, Fault):
            return narrow if narrow != text and parse(narrow, "") == value else None
        if field.type == "date":
            day = text_parser(plain, in_sheet=True)(text, "")
            return None if isinstance(day, Fault) else str(day)
        month = _YEARMONTH.fullmatch(narrow) if field.type == "yearmonth" else None
        if month is None:
            return None
        found = f"{month[1]}-{int(month[2]):02d}"
        return None if isinstance(parse(found, ""), Fault) else found
    if field.type == "string" and field.format == "cn-doc-no":
        found = text if not isinstance(FORMATS["cn-doc-no"](text), Fault) else mended_doc_no(text)
    elif field.type == "string" and field.format:
        canonical = FORMATS[field.format](text)
        found = text if isinstance(canonical, Fault) else canonical
    else:
        return None
    return found if found and found != text else None


def mend_values(source: Source, form: Form) -> Iterator[tuple[Edit, Mend]]:
    """Dates, numbers and codes that are written almost right."""
    for field, node in form.values(source):
        if not isinstance(node, yaml.ScalarNode):
            continue
        text = node.value.strip()
        better = mended(field, text)
        edit = source.replaced(node, better) if better and text == node.value else None
        if edit is not None and better is not None:
            title = field.title.get("zh", field.name)
            yield edit, Mend(source.path, *source.mark(edit.start), title, text, better)


def mend_colons(
    path: str, data: bytes, known: Collection[str]
) -> tuple[Source | None, list[Mend], tuple[Problem, ...]]:
    """Put a colon and a space where a known key is followed by ``：``, or by no space.

    No source, but its problems, when the file cannot be read afterwards either.
    """
    now, mends = data, list[Mend]()
    first: tuple[Problem, ...] = ()
    for _ in range(_ROUNDS):
        source, problems = read_source(path, now)
        first = first or problems
        slips = [problem for problem in problems if problem.code in _SLIPS]
        if not slips:
            return (source, mends, ()) if source is not None else (None, [], first)
        text, _faults = decode_utf8(now, CONTENT + path)
        slipped = next((each for slip in slips if (each := _colon(text or "", slip, known))), None)
        if slipped is None:
            break
        edit, key, before = slipped
        assert text is not None
        line, column = _mark(text, edit.start)
        mends.append(Mend(path, line, column, key, before, f"{key}{edit.text}"))
        now = spliced(now.decode(), [edit])
    return None, [], first


def _colon(text: str, slip: Problem, known: Collection[str]) -> tuple[Edit, str, str] | None:
    """The edit for a slip behind a known key, the key, and what stands there."""
    where = slip.where
    if where is None or where.line is None or where.column is None:
        return None
    lines = text.split("\n")
    line = lines[where.line - 1]
    at = next((i for i in range(max(where.column - 2, 0), len(line)) if line[i] in "：:"), None)
    match = _KEY.match(line[:at]) if at is not None else None
    if at is None or match is None or fold(match[1]) not in known:
        return None
    end = len(line.rstrip(" \t\u3000"))
    rest = line[at + 1 : end].strip(" \t\u3000")
    start = sum(len(each) + 1 for each in lines[: where.line - 1]) + at
    value = rest
    if rest and rest[0] not in "\"'[{|>#" and " #" not in rest:
        value = scalar(rest)
    edit = Edit(start, start + max(end - at, 1), f": {value}" if value else ":")
    return edit, match[1].strip(), line[match.start(1) :].strip()


def _mark(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def in_order(source: Source, form: Form) -> Edit | None:
    """The entries in the order of the kind's fields, each with the comments right above it.

    None when they are, or cannot be moved without harm.
    """
    if source.flow:
        return None
    text = source.text
    starts: list[int] = []
    for key, _ in source.entries:
        at = text.rfind("\n", 0, source.span(key)[0]) + 1
        if at < source.start or at != source.span(key)[0]:
            return None
        while starts and (above := text.rfind("\n", 0, at - 1) + 1) > starts[-1]:
            if not text[above : at - 1].lstrip().startswith("#"):
                break
            at = above
        starts.append(at)
    ends = [*starts[1:], source.end]
    blocks = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    ranks, last = [], 0
    for key, _ in source.entries:
        last = _rank(key.value, form, last)
        ranks.append(last)
    order = sorted(range(len(blocks)), key=lambda place: ranks[place])
    if order == list(range(len(blocks))):
        return None
    open_end = not blocks[-1].endswith("\n")
    moved = "".join(blocks[place] + ("\n" * (not blocks[place].endswith("\n"))) for place in order)
    moved = moved[:-1] if open_end else moved
    old, new = (_texts(part) for part in (text[starts[0] : source.end], moved))
    return Edit(starts[0], source.end, moved) if old == new and old is not None else None


def _rank(key: str, form: Form, last: int) -> int:
    place = form.record.place_of(key)
    if key in BODY:
        return 1_000_000
    if (table := form.tables.get(fold(key))) is not None and form.kind is not None:
        return 10_000 + form.kind.tables.index(table)
    if key in TABLES:
        return 100_000
    return last if place is None else place


def _texts(part: str) -> object:
    """What a part of a file says, without places and order."""
    root, problems = parse_yaml(part, "")
    if problems or not isinstance(root, nodes.Mapping):
        return None
    return {key.text: _bare(value) for key, value in root.entries}


def _bare(node: nodes.Node) -> object:
    if isinstance(node, nodes.Scalar):
        return node.text.rstrip("\n")
    if isinstance(node, nodes.Sequence):
        return [_bare(item) for item in node.items]
    return [(key.text, _bare(value)) for key, value in node.entries]
