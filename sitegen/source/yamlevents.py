"""YAML events to located nodes, in one pass and without recursion.

Values are never constructed: a scalar stays its source text. What YAML allows but we do not
(anchors, aliases, tags, merge keys, keys that are no text, duplicate keys, several documents), and
slips that YAML takes for plain text (full-width colons and dashes), are problems here. Syntax
errors are PyYAML's exceptions; ``yamlfaults`` explains them.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from sitegen.problems import Code, Location, Problem
from sitegen.source import codes
from sitegen.source.nodes import Mapping, Node, Scalar, Sequence

MAX_DEPTH = 30

KEY_SLIP = re.compile(
    r"[ \t\u3000]*(?:-[ \t]+)*([^\W\d][\w（）()·/.-]{0,19})"
    r"[ \t]*(?:(：)|:(?![\s/]))[ \t]*(\S.{0,39})?"
)
"""A line meant as ``key: value``: a short word (1), then ``：`` (2) or a colon without a space."""

DASH_SLIP = re.compile(
    r"[ \t\u3000]*([－—–−﹣‐‑•])(?![－—–−﹣‐‑•])[ \t\u3000]*\S",
)
"""A line meant as ``- item``, with another dash (1)."""

WIDE_SPACES = "\u3000\xa0"

_SENTENCE = re.compile("[，。；、]")
_WIDE_COMMA = re.compile("[，、]")
_STYLES = {"'": "quoted", '"': "quoted", "|": "block", ">": "block"}
_C_PARSER: Any = getattr(getattr(yaml, "cyaml", None), "CParser", None)


class _PurePythonParser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
    """PyYAML's parser without libyaml, for installations that lack it."""

    def __init__(self, text: str) -> None:
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)


class Composer:
    """Builds the nodes of one text.

    The text holds no forbidden characters (``text.FORBIDDEN``) and ``\\n`` as its only line end.
    `problems` holds what was found, also when `compose` raises.
    """

    def __init__(self, text: str, path: str, first_line: int, pure: bool = False) -> None:
        self.text = text
        self.path = path
        self.first = first_line
        self.pure = pure or _C_PARSER is None
        self.problems: list[Problem] = []
        self._split: list[str] | None = None

    def compose(self) -> Node | None:
        """The root node; None for an empty text, or when nothing sensible can be returned.

        Raises yaml.YAMLError for a syntax error.
        """
        parser = _PurePythonParser(self.text) if self.pure else _C_PARSER(self.text)
        get_event = parser.get_event
        first = self.first
        styles = _STYLES
        scalar_event, mapping_start = yaml.ScalarEvent, yaml.MappingStartEvent
        sequence_start, alias_event = yaml.SequenceStartEvent, yaml.AliasEvent
        ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)

        # The innermost open collection: its items; for a mapping, the lines of its keys, the key
        # that waits for a value, and whether that entry is to be dropped. Those around it are on
        # the stack. The document itself counts as a list.
        items: list[Any] = []
        keys: dict[str, int] | None = None
        key: Scalar | None = None
        drop = False
        flow_list = False
        stack: list[tuple[Any, ...]] = []
        node: Node
        documents = 0

        while True:
            event = get_event()
            kind = event.__class__
            if kind is scalar_event:
                mark = event.start_mark
                at = mark.line
                line = at + first
                value = event.value
                style = styles.get(event.style)
                if event.anchor is not None or event.tag is not None:
                    self._marked(event)
                if keys is not None and key is None:
                    key = Scalar(value, line, mark.column + 1, style or "plain")
                    if not value.isidentifier() and style is None:
                        self._check_key(key)
                    if value in keys:
                        drop = True
                        self._problem(codes.DUPLICATE_KEY, event, key=value, first=keys[value])
                    else:
                        keys[value] = line
                    continue
                if style is None:
                    node = text = Scalar(value, line, mark.column + 1, "plain" if value else "none")
                    if flow_list and _WIDE_COMMA.search(value):
                        self._check_commas(text)
                    end = event.end_mark.line
                    # Text that is not all on the line of its key may have swallowed entries.
                    if end != at or not stack or (key is not None and key.line != line):
                        below = not stack or (key is not None and key.line != line)
                        node = self._check_swallowed(text, at if below else at + 1, end) or text
                elif style == "block":
                    node = self._block(value, at)
                else:
                    node = Scalar(value, line, mark.column + 1, style)
            elif kind is mapping_start or kind is sequence_start:
                if event.anchor is not None or event.tag is not None:
                    self._marked(event)
                mark = event.start_mark
                as_key = keys is not None and key is None
                if as_key:
                    self._problem(codes.NOT_TEXT_KEY, event)
                place = (mark.line + first, mark.column + 1)
                stack.append((items, keys, key, drop, flow_list, as_key, place))
                if len(stack) > MAX_DEPTH:
                    self._problem(codes.TOO_NESTED, event, limit=MAX_DEPTH)
                    return None
                items, key, drop = [], None, False
                keys = {} if kind is mapping_start else None
                flow_list = keys is None and event.flow_style
                continue
            elif kind in ends:
                built = tuple(items)
                is_mapping = keys is not None
                items, keys, key, drop, flow_list, as_key, place = stack.pop()
                if as_key:
                    key, drop = Scalar("", *place), True
                    continue
                node = Mapping(built, *place) if is_mapping else Sequence(built, *place)
            elif kind is alias_event:
                self._problem(codes.ALIAS, event)
                mark = event.start_mark
                node = Scalar("*" + event.anchor, mark.line + first, mark.column + 1)
                if keys is not None and key is None:
                    key, drop = node, True
                    continue
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if event.version or event.tags:
                    self._problem(codes.DIRECTIVE, event)
                if documents > 1:
                    self._problem(codes.SEVERAL_DOCUMENTS, event)
                    break
                continue
            elif kind is yaml.DocumentEndEvent:
                if event.explicit:
                    self._problem(codes.SEVERAL_DOCUMENTS, event)
                    break
                continue
            elif kind is yaml.StreamEndEvent:
                break
            else:
                continue

            # A value is complete.
            if keys is None:
                items.append(node)
            else:
                if not drop:
                    items.append((key, node))
                key, drop = None, False

        root: Node | None = items[0] if items else None
        if isinstance(root, Scalar) and root.style == "none":
            return None
        return root

    @property
    def lines(self) -> list[str]:
        """The lines of the text, split when first needed."""
        if self._split is None:
            self._split = self.text.split("\n")
        return self._split

    def _problem(self, code: Code, event: Any, **values: Any) -> None:
        mark = event.start_mark
        self._at(code, mark.line, mark.column + 1, **values)

    def _at(self, code: Code, line: int, column: int, **values: Any) -> None:
        self.problems.append(code.at(Location(self.path, line + self.first, column), **values))

    def _marked(self, event: Any) -> None:
        if event.anchor is not None:
            self._problem(codes.ANCHOR, event)
        if event.tag is not None:
            self._problem(codes.TAG, event)

    def _check_key(self, key: Scalar) -> None:
        """A key that is no plain word: empty, a merge key, or the trace of a slip."""
        where = Location(self.path, key.line, key.column)
        text = key.text
        if not text:
            self.problems.append(codes.EMPTY_KEY.at(where))
        elif text == "<<":
            self.problems.append(codes.MERGE_KEY.at(where))
        elif text[0] in WIDE_SPACES:
            self.problems.append(codes.WIDE_INDENT.at(where))
        elif "：" in text:
            self._at(
                codes.FULL_WIDTH_COLON,
                key.line - self.first,
                key.column + text.index("："),
                key=text.partition("：")[0],
            )

    def _check_swallowed(self, node: Scalar, start: int, end: int) -> Mapping | None:
        """Find the lines inside a plain text that were meant as entries.

        Returns the mapping that was meant, if every line is one of its entries.
        """
        found = []
        entries: dict[str, tuple[Scalar, Node]] = {}
        for number in range(start, min(end + 1, len(self.lines))):
            line = self.lines[number]
            problem = slip(line, Location(self.path, number + self.first))
            if problem is not None:
                found.append(problem)
            match = KEY_SLIP.match(line)
            if match is not None:
                key, _, value = match.groups()
                at = number + self.first
                text = Scalar(
                    line[match.start(3) :].strip() if value else "",
                    at,
                    match.start(3) + 1 if value else match.end() + 1,
                    "plain" if value else "none",
                )
                entries.setdefault(key, (Scalar(key, at, match.start(1) + 1), text))
        if len(found) == 1 and _SENTENCE.search(self.lines[start]) and start == end:
            return None  # One line of prose that happens to have a colon.
        self.problems += found
        whole = len(entries) == end + 1 - start and start == node.line - self.first
        return Mapping(tuple(entries.values()), node.line, node.column) if whole else None

    def _check_commas(self, node: Scalar) -> None:
        line = node.line - self.first
        found = _WIDE_COMMA.search(self.lines[line], node.column - 1)
        self._at(codes.FULL_WIDTH_COMMA, line, found.start() + 1 if found else node.column)

    def _block(self, value: str, header: int) -> Scalar:
        """A block scalar, placed at its first content line and its indentation."""
        for offset, text in enumerate(value.split("\n")):
            if text.strip(" ") and header + 1 + offset < len(self.lines):
                source = self.lines[header + 1 + offset]
                indent = _indent(source) - _indent(text)
                return Scalar(value, header + 1 + self.first, max(indent, 0) + 1, "block")
        return Scalar(value, header + 1 + self.first, 1, "block")


def slip(line: str, where: Location) -> Problem | None:
    """The slip of the pen by which a line is no entry, if it looks like one that was meant so."""
    found = KEY_SLIP.match(line)
    if found is not None:
        key, wide, value = found.groups()
        if wide:
            return codes.FULL_WIDTH_COLON.at(_moved(where, found.start(2)), key=key)
        return codes.NO_SPACE.at(_moved(where, found.end(1)), key=key, value=value or "")
    found = DASH_SLIP.match(line)
    if found is not None:
        return codes.FULL_WIDTH_DASH.at(_moved(where, found.start(1)), character=found.group(1))
    return None


def _moved(where: Location, offset: int) -> Location:
    return Location(where.path, where.line, offset + 1)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
