"""Bytes to text: UTF-8 with or without a byte order mark, line ends as one ``\\n``.

Knows nothing of YAML or tables. Paths are those of `Location` (relative to the site's folder).
"""

from __future__ import annotations

import re

from sitegen.problems import Location, Problem
from sitegen.source import codes

BOM = "\ufeff"

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""Characters that no text of ours holds: controls, separators, surrogates, non-characters."""

_LINE_SEPARATORS = "\x85\u2028\u2029"
_MOST = 20


def decode_utf8(data: bytes, path: str) -> tuple[str | None, tuple[Problem, ...]]:
    """The text of a file, with ``\\n`` as its only line end.

    None when the bytes are no UTF-8. Invisible characters that must not be there are problems; the
    text is returned without them (a space in place of a control), so that its other faults can be
    found in the same run.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, (_undecodable(data, error.start, path),)
    if text.startswith(BOM):
        text = text[1:]
    if "\r" in text:
        text = unified(text)
    if FORBIDDEN.search(text) is None:
        return text, ()
    return clean(text, path)


def unified(text: str) -> str:
    """The text with CRLF and CR as LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def clean(text: str, path: str, first_line: int = 1) -> tuple[str, tuple[Problem, ...]]:
    """The text without forbidden characters, and a problem for each (the first twenty)."""
    problems: list[Problem] = []
    for found in FORBIDDEN.finditer(text):
        if len(problems) == _MOST:
            break
        character = found.group()
        line = first_line + text.count("\n", 0, found.start())
        column = found.start() - text.rfind("\n", 0, found.start())
        where = Location(path, line, column)
        name = f"U+{ord(character):04X}"
        if character == BOM:
            problems.append(codes.STRAY_BOM.at(where))
        elif character in _LINE_SEPARATORS:
            problems.append(codes.LINE_SEPARATOR.at(where, character=name))
        else:
            problems.append(codes.CONTROL_CHARACTER.at(where, character=name))
    text = FORBIDDEN.sub(lambda found: "" if found.group() == BOM else " ", text)
    return text, tuple(problems)


def looks_gb18030(data: bytes) -> bool:
    """Whether bytes that are no UTF-8 are likely to be GB18030 (GBK, GB2312).

    Damaged UTF-8 often decodes as GB18030 into wrong Chinese characters, so bytes that are mostly
    good UTF-8 do not count.
    """
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    wide = len(data) - len(data.translate(None, _HIGH))
    good = sum(character >= "\u0800" for character in data.decode("utf-8", "ignore"))
    if good * 3 * 2 > wide:
        return False
    foreign = [character for character in text if character >= "\x80"]
    chinese = sum(
        "\u4e00" <= character <= "\u9fff"
        or "\u3000" <= character <= "\u303f"
        or "\uff00" <= character <= "\uffef"
        or "\u2010" <= character <= "\u2605"
        or character in "\xb7\xd7\xb0\xb1"
        for character in foreign
    )
    return chinese * 10 >= len(foreign) * 8


_HIGH = bytes(range(0x80, 0x100))


def _undecodable(data: bytes, start: int, path: str) -> Problem:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return codes.LOOKS_UTF16.at(Location(path))
    if b"\0" in data[:1024]:
        return codes.NOT_TEXT.at(Location(path))
    line, column = position(data, start)
    where = Location(path, line, column)
    if looks_gb18030(data):
        return codes.LOOKS_GB18030.at(where)
    return codes.NOT_UTF8.at(where, byte=f"0x{data[start]:02X}")


def position(data: bytes, start: int) -> tuple[int, int]:
    """Line and column (in characters) of a byte before which all is UTF-8."""
    before = unified(data[:start].decode("utf-8", "replace").removeprefix(BOM))
    return before.count("\n") + 1, len(before) - before.rfind("\n")
