"""How rules read the words of tables: row labels, total rows, and values as people write them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

_SPACE = re.compile(r"\s+")
_NUMBERING = (
    re.compile(r"[一二三四五六七八九十百]+、"),
    re.compile(r"（[一二三四五六七八九十百]+）"),
    re.compile(r"\d+[.、．](?!\d)"),
    re.compile(r"（\d+）"),
)
"""Numbering of lines, outermost first: 一、（一）1.（1）"""

TOTALS = ("合计", "总计")
"""What the row that adds up a whole table is called."""

_BRACKETS = str.maketrans("()", "（）")


def squeezed(text: str) -> str:
    """A label without white space, its brackets full-width: ``合  计`` is 合计."""
    return _SPACE.sub("", text).translate(_BRACKETS)


@lru_cache(maxsize=4096)
def label_of(text: str) -> str:
    """What a row is called, without its numbering: ``（一）一般公共预算`` is 一般公共预算."""
    text = squeezed(text).removeprefix("其中：")
    for numbering in _NUMBERING:
        match = numbering.match(text)
        if match and match.end() < len(text):
            return text[match.end() :]
    return text


def depth_of(text: str) -> int | None:
    """The level of a numbered line, 0 for ``一、``; None for a line without numbering."""
    text = squeezed(text).removeprefix("其中：")
    for depth, numbering in enumerate(_NUMBERING):
        if numbering.match(text):
            return depth
    return None


def shown(value: Any) -> str:
    """A value as a message shows it: ``1,234.50``, ``2026-03-01``, 是."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case Decimal() | int():
            return f"{value:,}" if value else "0"
        case datetime.date():
            return value.isoformat()
        case list() | tuple():
            return "、".join(shown(item) for item in value)
        case dict():
            return "、".join(shown(item) for item in value.values())
    return str(value)


def plain(value: Any) -> str:
    """A value as a condition in a kind file writes it: ``true``, ``12.5``, ``2026-03-01``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


_COMPARISON = re.compile(r"\s*(>=|<=|!=|>|<|≥|≤|≠)\s*(.+)")


def holds(value: Any, wanted: Iterable[str]) -> bool:
    """Whether a value is one of those that a condition names.

    ``"*"`` stands for any value, ``""`` for none; ``">0"``, ``"<=3"`` and ``"!=x"`` compare. For a
    list, one of its items is enough; amounts are compared as numbers, labels without numbering.
    """
    if type(value) is str and type(wanted) is tuple:
        return _text_holds(value, wanted)
    if isinstance(value, list) and value:
        return any(_is(item, text) for text in wanted for item in value)
    return any(_is(value, text) for text in wanted)


@lru_cache(maxsize=4096)  # the same few texts stand in many rows
def _text_holds(value: str, wanted: tuple[str, ...]) -> bool:
    return any(_is(value, text) for text in wanted)


def _is(value: Any, text: str) -> bool:
    absent = value is None or value == "" or value == []
    if text == "*":
        return not absent
    if text == "":
        return absent
    comparison = _comparison(text)
    if comparison is not None:
        return _compares(value, *comparison, absent)
    if absent:
        return False
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        number = _number(text)
        return number is not None and number == value
    if isinstance(value, bool):
        return text.lower() in (("true", "是", "yes") if value else ("false", "否", "no"))
    return plain(value) == text or label_of(plain(value)) == label_of(text)


@lru_cache(maxsize=1024)
def _comparison(text: str) -> tuple[str, str] | None:
    """Sign and value of a comparison that a condition writes; None for any other text."""
    match = _COMPARISON.fullmatch(text)
    return (match[1], match[2]) if match else None


def _compares(value: Any, sign: str, text: str, absent: bool) -> bool:
    if sign in ("!=", "≠"):
        return not absent and not _is(value, text)
    number = _number(text)
    if number is None or absent or not isinstance(value, Decimal | int):
        return False
    match sign:
        case ">":
            return value > number
        case "<":
            return value < number
        case ">=" | "≥":
            return value >= number
    return value <= number


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except ArithmeticError:
        return None
