"""Plain YAML to nodes without a parser: the lines that nearly all of our content consists of.

    标题: 通知                       a word, a colon, a text
    关键词: [规划, 公示]             lists and mappings of such texts on one line
    许可决定:                        lists and mappings below each other
      - {文书号: 示审许〔2026〕1号}
    正文: |                          a block of text

What may stand in these lines is so little that each can mean one thing only. Any line that is
something else, a comment behind a text, a text over several lines, a duplicate key …, is left to
``yamlevents``: nothing is returned then, and never a problem. The nodes are those that it would
give (a test holds both against each other), in a fraction of its time, for libyaml looks at
characters one by one and PyYAML makes objects of every event.
"""

from __future__ import annotations

import re

from sitegen.source.nodes import Mapping, Node, Scalar, Sequence

_MAX_DEPTH = 10

# A key begins with a letter or digit. A text begins with one, or with a character beyond ASCII:
# no sign of YAML's is among them. It holds no "#", and no colon before a space or at the end;
# within brackets none of the signs that have a meaning there (not all versions of libyaml agree on
# colons), nor quotes.
_BEGIN = r"[^\x00-\-:-@\[-\^`{-\xa0]"
"""A letter or digit, ``_``, ``.``, ``/`` or anything beyond ASCII: told by what it is not, which
Python compiles twenty times as fast."""
_KEY = r"[\w“][\w“”‘’（）()《》〔〕·、/.…—-]{0,99}"
_TEXT = rf"-?{_BEGIN}[^:#]*(?::[^ :#][^:#]*)*(?<! )"
_PART = rf"-?{_BEGIN}[^\[\]{{}},:?#\"']*(?<! )"
_ITEM = r"(?!-?[，、])" + _PART.replace(r"^\[", r"^，、\[")
"""A text in a list: a wide comma there is a slip, which ``yamlevents`` tells of."""

_ENTRY = re.compile(rf"( *)(- +)?({_KEY}):(?: +([^ ].*))?")
"""Indentation (1), dash (2), key (3), value (4)."""
_DASHED = re.compile(r"( *)- +([^ ].*)")
"""Indentation (1), value (2)."""
_IS_TEXT = re.compile(_TEXT)
_QUOTED = re.compile(r'"([^"\\]*)"')
_IS_LIST = re.compile(rf"\[{_ITEM}(?:, {_ITEM})*\]")
"""A list of texts: ``, `` stands nowhere else in it."""
_IS_ROW = re.compile(rf"\{{{_KEY}: {_PART}(?:, {_KEY}: {_PART})*\}}")
"""A mapping of texts: ``, `` and ``: `` stand nowhere else in it."""
_NAME = re.compile(rf"({_KEY}): ")
_A_PART = re.compile(_PART)
_AN_ITEM = re.compile(_ITEM)
_NO_ENTRY = re.compile(r" *(?:#.*)?")
_INDENT = re.compile(" *")


class _NotPlainError(Exception):
    """A line that is not for us."""


class _Open:
    """A collection in block style whose lines are being read."""

    __slots__ = ("column", "indent", "items", "keys", "line", "waiting")

    def __init__(self, indent: int, line: int, keys: set[str] | None) -> None:
        self.indent = indent
        self.line = line
        self.items: list[object] = []
        self.keys = keys
        """Those of a mapping; None for a list."""
        self.waiting: Scalar | None = None
        """A key whose value would stand on the lines below it."""

    def node(self) -> Node:
        if self.keys is None:
            return Sequence(tuple(self.items), self.line, self.indent + 1)  # type: ignore[arg-type]
        return Mapping(tuple(self.items), self.line, self.indent + 1)  # type: ignore[arg-type]


def plain_nodes(text: str, first_line: int = 1) -> Mapping | None:
    """The mapping that a text is; None if any of it is not plain, or there is nothing in it.

    The text holds no forbidden characters (``text.FORBIDDEN``) and ``\\n`` as its only line end.
    """
    if "\t" in text:
        return None
    try:
        return _composed(text.split("\n"), first_line)
    except _NotPlainError:
        return None


def _composed(lines: list[str], first: int) -> Mapping | None:
    stack: list[_Open] = []
    entry_of, dashed = _ENTRY.fullmatch, _DASHED.fullmatch
    number, last = 0, len(lines)
    while number < last:
        source = lines[number]
        line = number + first
        number += 1
        found = entry_of(source)
        if found is not None:
            indent, dash, name, value = found.groups()
            depth = len(indent)
            if dash is None:
                opened = _reach(stack, depth, line, False)
            else:
                _reach(stack, depth, line, True)
                depth = found.start(3)
                opened = _Open(depth, line, set())
                stack.append(opened)
            keys = opened.keys
            if name in keys:  # type: ignore[operator]
                raise _NotPlainError
            keys.add(name)  # type: ignore[union-attr]
            key = Scalar(name, line, depth + 1)
            if value is None:
                opened.waiting = key
            elif value == "|":
                number, block = _block(lines, number, depth, first)
                opened.items.append((key, block))
            else:
                opened.items.append((key, _value(value, line, found.start(4) + 1)))
            continue
        found = dashed(source)
        if found is not None:
            opened = _reach(stack, len(found[1]), line, True)
            opened.items.append(_value(found[2], line, found.start(2) + 1))
        elif _NO_ENTRY.fullmatch(source) is None:
            raise _NotPlainError
    if not stack:
        return None
    while len(stack) > 1:
        _close(stack)
    root = stack[0]
    _settle(root)
    node = root.node()
    return node if isinstance(node, Mapping) else None


def _reach(stack: list[_Open], indent: int, line: int, in_list: bool) -> _Open:
    """The open list or mapping that a line with this indentation belongs to, opened if need be."""
    if not stack:
        if indent or in_list:
            raise _NotPlainError
        stack.append(_Open(0, line, set()))
        return stack[0]
    top = stack[-1]
    if top.waiting is not None:
        if indent > top.indent or (in_list and indent == top.indent):
            if len(stack) > _MAX_DEPTH:
                raise _NotPlainError
            top = _Open(indent, line, None if in_list else set())
            stack.append(top)
            return top
        _settle(top)
    while top.indent != indent or (top.keys is None) is not in_list:
        if top.indent < indent or len(stack) == 1:
            raise _NotPlainError
        _close(stack)
        top = stack[-1]
    return top


def _close(stack: list[_Open]) -> None:
    """Put the innermost collection where it belongs."""
    closed = stack.pop()
    _settle(closed)
    node = closed.node()
    above = stack[-1]
    if above.keys is None:
        above.items.append(node)
    else:
        above.items.append((above.waiting, node))
        above.waiting = None


def _settle(opened: _Open) -> None:
    """Nothing was written for the key that waits."""
    key = opened.waiting
    if key is not None:
        opened.items.append((key, Scalar("", key.line, key.column + len(key.text) + 1, "none")))
        opened.waiting = None


def _value(value: str, line: int, column: int) -> Node:
    """A value on one line."""
    sign = value[0]
    if sign == "{" or sign == "[":
        node, end = _bracketed(value, 0, line, column, 1)
        if end != len(value):
            raise _NotPlainError
        return node
    if sign == '"':
        found = _QUOTED.fullmatch(value)
        if found is None:
            raise _NotPlainError
        return Scalar(found[1], line, column, "quoted")
    if _IS_TEXT.fullmatch(value) is None:
        raise _NotPlainError
    return Scalar(value, line, column)


def _bracketed(source: str, place: int, line: int, column: int, depth: int) -> tuple[Node, int]:
    """The mapping or list that begins at a place of a line, and where it ends. `column` is that of
    the beginning of `source`, whose value it is."""
    is_row = source[place] == "{"
    found = (_IS_ROW if is_row else _IS_LIST).match(source, place)
    if found is not None:
        text, end, at = found[0], found.end(), column + place
        return (_row(text, line, at) if is_row else _list(text, line, at)), end
    entries: list[tuple[Scalar, Node]] = []
    items: list[Node] = []
    start, close = place, "}" if is_row else "]"
    node: Node
    while True:
        place += 1
        if is_row:
            found = _NAME.match(source, place)
            if found is None:
                raise _NotPlainError
            key = Scalar(found[1], line, column + place)
            place = found.end()
        sign = source[place : place + 1]
        if sign in ("{", "["):
            if depth == _MAX_DEPTH:
                raise _NotPlainError
            node, end = _bracketed(source, place, line, column, depth + 1)
        else:
            style = "plain"
            found = (_A_PART if is_row else _AN_ITEM).match(source, place)
            if found is None:
                found, style = _QUOTED.match(source, place), "quoted"
            if found is None:
                raise _NotPlainError
            node = Scalar(found[style == "quoted"], line, column + place, style)
            end = found.end()
        if is_row:
            entries.append((key, node))
        else:
            items.append(node)
        place = end
        if source.startswith(", ", place):
            place += 1
        elif source.startswith(close, place):
            break
        else:
            raise _NotPlainError
    if is_row:
        return _mapping(entries, line, column + start), place + 1
    return Sequence(tuple(items), line, column + start), place + 1


def _row(value: str, line: int, column: int) -> Mapping:
    entries: list[tuple[Scalar, Node]] = []
    at = column + 1
    for pair in value[1:-1].split(", "):
        name, text = pair.split(": ")
        after = at + len(name) + 2
        entries.append((Scalar(name, line, at), Scalar(text, line, after)))
        at = after + len(text) + 2
    return _mapping(entries, line, column)


def _mapping(entries: list[tuple[Scalar, Node]], line: int, column: int) -> Mapping:
    if len({key.text for key, _ in entries}) != len(entries):
        raise _NotPlainError
    return Mapping(tuple(entries), line, column)


def _list(value: str, line: int, column: int) -> Sequence:
    items = []
    at = column + 1
    for text in value[1:-1].split(", "):
        items.append(Scalar(text, line, at))
        at += len(text) + 2
    return Sequence(tuple(items), line, column)


def _block(lines: list[str], number: int, above: int, first: int) -> tuple[int, Scalar]:
    """A block of text that begins on a line; the number of the line after it.

    Line ends are kept but for those at the end, of which one stays, as ``|`` has it.
    """
    start = number
    if number == len(lines) or not lines[number]:
        raise _NotPlainError
    indent = _INDENT.match(lines[number]).end()  # type: ignore[union-attr]
    if indent <= above or len(lines[number]) == indent:
        raise _NotPlainError
    margin = " " * indent
    while number < len(lines) and (not lines[number] or lines[number].startswith(margin)):
        number += 1
    block = [line[indent:] for line in lines[start:number]]
    rest = lines[number] if number < len(lines) else ""
    if any(text.isspace() for text in block) or rest.isspace() or rest.lstrip(" ")[:1] == "#":
        raise _NotPlainError
    ended = number < len(lines) or not block[-1]
    while not block[-1]:
        block.pop()
    text = "\n".join(block) + ("\n" if ended else "")
    return number, Scalar(text, start + first, indent + 1, "block")
