"""Headings of tables: which column a written heading means, and in which unit it says it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sitegen.kinds.fields import keys_of
from sitegen.kinds.kind import TableKind
from sitegen.kinds.scalars import fold, nearest

_MONEY = ("元", "千元", "万元", "百万元", "亿元")
_UNITS = frozenset(
    (*_MONEY, "人民币元", "人民币万元", "%", "个", "件", "人", "人次", "次", "项", "户", "家",
     "辆", "台", "套", "天", "日", "工作日", "年", "月", "岁", "公里", "千米", "米", "亩", "公顷",
     "平方米", "平方公里", "立方米", "吨", "千克", "份", "页", "批", "组", "期", "篇", "条", "起")
)  # fmt: skip
_BRACKET = re.compile(r"(.+?)\(([^()]{1,12})\)")
_STATED = re.compile(r"(?:计量|金额)?单位\s*[:：]\s*(?:人民币)?\s*([^\s,，;；。)）]{1,8})")


class Headings:
    """The headings of one table, compiled."""

    __slots__ = ("_exact", "_folded", "_units", "unit")

    def __init__(self, kind: TableKind) -> None:
        self.unit = kind.unit or ""
        self._exact = keys_of(kind.fields)
        self._units = tuple(
            fold(field.unit or (self.unit if field.type in ("number", "integer") else ""))
            for field in kind.fields
        )
        self._folded: dict[str, int] = {}
        for word, place in self._exact.items():
            self._folded.setdefault(fold(word), place)

    @property
    def exact(self) -> dict[str, int]:
        """Names, titles and aliases as they are, with the place of each field."""
        return self._exact

    def find(self, heading: str) -> tuple[int | None, str]:
        """The place of the field that a heading means, and the wrong unit that it names, if any.

        Blanks, line breaks, width and case do not matter; nor does a unit in brackets at the end,
        but an amount in ``元`` is not one in ``万元``.
        """
        place = self._exact.get(heading)
        if place is not None:
            return place, ""
        key = fold(heading).strip("*")
        place = self._folded.get(key)
        if place is not None:
            return place, ""
        match = _BRACKET.fullmatch(key)
        if not match:
            return None, ""
        base, unit = match[1], match[2].removeprefix("单位:")
        place = self._folded.get(base)
        if place is None or not (unit in _UNITS or unit == self._units[place]):
            return None, ""
        return place, unit if differs(unit, self._units[place]) else ""

    def spellings(self) -> list[set[str]]:
        """For each field, the headings under which it may stand."""
        found: list[set[str]] = [set() for _ in self._units]
        for word, place in self._exact.items():
            found[place].add(word)
        return found

    def nearest(self, heading: str) -> str:
        """The known heading most like a written one; "" when none is near."""
        return nearest(heading[:100], self._exact)


def differs(unit: str, wanted: str) -> bool:
    """Whether two units are different amounts of money."""
    unit, wanted = unit.removeprefix("人民币"), wanted.removeprefix("人民币")
    return unit in _MONEY and wanted in _MONEY and unit != wanted


def stated_unit(texts: Iterable[str]) -> str:
    """The unit that a line above a table states (``单位：万元``); "" when none does."""
    for text in texts:
        match = _STATED.search(text)
        if match:
            return match[1]
    return ""
