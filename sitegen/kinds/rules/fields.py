"""Rules about single values: required-if, absent-if, value-if, not-equal, at-most, vague-words,
min-rows, required-rows, required-sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from sitegen.kinds.rules import codes
from sitegen.kinds.rules.registry import (
    CONDITION,
    COUNT,
    FIELD,
    FIELDS,
    TABLE,
    TEXTS,
    WHERE,
    Parameter,
    rule,
)
from sitegen.kinds.rules.scope import Scope, View, is_blank
from sitegen.kinds.rules.text import holds, shown
from sitegen.problems import Problem

_WHEN = Parameter("when", CONDITION, required=False)

_HEADING = re.compile(r"#{1,6}\s|\*\*|[（(]?[一二三四五六七八九十]+[）)、]")
"""Lines that head a section: Markdown headings, bold lines, lines numbered 一、 or （一）."""

VAGUE_WORDS = (
    "等材料", "其他材料", "其他相关材料", "其它材料", "相关证明", "有关证明",
    "相关材料", "有关材料", "相关文件", "其他条件", "法律、法规规定的其他",
    "法律法规规定的其他", "需要提供的其他", "根据需要", "视情况", "有关部门",
    "必要时", "原则上", "一定数量", "若干", "等(?!级|候|同|于|效|额|离子|人)",
)  # fmt: skip
"""Patterns of words that leave open what is meant (G-03; 优化营商环境条例 art. 35)."""

VAGUE_ALLOWED = ("平等", "同等", "对等", "均等", "初等", "中等", "高等", "相等", "上等", "何等")
"""Words that hold 等 and mean something else."""


@rule("required-if", Parameter("field", FIELD), Parameter("when", CONDITION))
def required_if(scope: Scope) -> Iterator[Problem]:
    """`field` is filled in where the condition holds (a list of conditions: where any does).

    A draft may lack what it will need.
    """
    if scope.facts.value("draft") is True:
        return
    name, when = scope.params["field"], scope.params["when"]
    for view in scope.views():
        if is_blank(view.value(name)) and view.meets(when):
            yield scope.problem(
                codes.REQUIRED_IF,
                view.where(name),
                name=view.name(name),
                because=view.because(when),
            )


@rule("absent-if", Parameter("field", FIELD), Parameter("when", CONDITION))
def absent_if(scope: Scope) -> Iterator[Problem]:
    """`field` is blank where the condition holds."""
    name, when = scope.params["field"], scope.params["when"]
    for view in scope.views():
        if not is_blank(view.value(name)) and view.meets(when):
            yield scope.problem(
                codes.ABSENT_IF,
                view.where(name),
                name=view.name(name),
                value=view.shown(name),
                because=view.because(when),
            )


@rule("value-if", Parameter("field", FIELD), Parameter("values", TEXTS), _WHEN)
def value_if(scope: Scope) -> Iterator[Problem]:
    """`field`, where it is filled in, has one of `values` where the condition holds."""
    name, values = scope.params["field"], scope.params["values"]
    when = scope.params.get("when", ())
    for view in scope.views():
        value = view.value(name)
        if is_blank(value) or holds(value, values) or not view.meets(when):
            continue
        yield scope.problem(
            codes.WRONG_VALUE if when else codes.NOT_ALLOWED,
            view.where(name),
            name=view.name(name),
            value=view.shown(name),
            wanted=_wanted(view, name, values),
            because=view.because(when),
        )


def _wanted(view: View, name: str, values: tuple[str, ...]) -> str:
    kind = view.kind_of(name)
    labels = kind.labels if kind else {}
    return " / ".join(labels[value]["zh"] if value in labels else value for value in values)


@rule("not-equal", Parameter("field", FIELD), Parameter("other", FIELD), _WHEN)
def not_equal(scope: Scope) -> Iterator[Problem]:
    """`field` and `other` differ, if both are filled in."""
    name, other = scope.params["field"], scope.params["other"]
    for view in scope.views():
        value = view.value(name)
        if not is_blank(value) and value == view.value(other) and view.meets(_when(scope)):
            yield scope.problem(
                codes.EQUAL,
                view.where(name),
                name=view.name(name),
                other=view.title(other),
                value=view.shown(name),
            )


@rule("at-most", Parameter("field", FIELD), Parameter("other", FIELD), _WHEN)
def at_most(scope: Scope) -> Iterator[Problem]:
    """The amount `field` is not larger than `other`, if both are filled in."""
    name, other = scope.params["field"], scope.params["other"]
    for view in scope.views():
        value, limit = view.value(name), view.value(other)
        if not isinstance(value, int | Decimal) or not isinstance(limit, int | Decimal):
            continue
        if value > limit and view.meets(_when(scope)):
            yield scope.problem(
                codes.TOO_HIGH,
                view.where(name),
                name=view.name(name),
                value=shown(value),
                other=view.title(other),
                limit=shown(limit),
            )


@rule(
    "vague-words",
    Parameter("fields", FIELDS),
    Parameter("words", TEXTS, required=False),
    Parameter("allowed", TEXTS, required=False),
)
def vague_words(scope: Scope) -> Iterator[Problem]:
    """The texts say exactly what is meant: none of `words` (patterns) outside `allowed` words."""
    words = scope.params.get("words", VAGUE_WORDS)
    allowed = scope.params.get("allowed", VAGUE_ALLOWED)
    pattern = _vague_pattern(tuple(words), tuple(allowed))
    for view in scope.views():
        for name in scope.params["fields"]:
            value = view.value(name)
            texts = value if isinstance(value, list) else [value]
            found = [
                match["vague"]
                for text in texts
                if isinstance(text, str)
                for match in pattern.finditer(text)
                if match["vague"]
            ]
            if found:
                yield scope.problem(
                    codes.VAGUE,
                    view.where(name),
                    name=view.name(name),
                    word="”“".join(dict.fromkeys(found)),
                )


@lru_cache(maxsize=32)
def _vague_pattern(words: tuple[str, ...], allowed: tuple[str, ...]) -> re.Pattern[str]:
    """Longest first, so that a catch-all is told whole; allowed words are consumed unnamed."""
    longest = sorted(words, key=lambda word: (-len(word.partition("(")[0]), word))
    passed = "|".join(re.escape(word) for word in sorted(allowed))
    named = "(?P<vague>" + "|".join(longest) + ")"
    return re.compile(f"{passed}|{named}" if passed else named)


@rule("min-rows", Parameter("table", TABLE), Parameter("rows", COUNT), _WHEN)
def min_rows(scope: Scope) -> Iterator[Problem]:
    """The table has at least so many rows where the condition on the document holds."""
    name, least = scope.params["table"], scope.params["rows"]
    rows = scope.facts.tables.get(name)
    count = 0 if rows is None else len(rows)
    if count < least and View(scope.facts).meets(_when(scope)):
        yield scope.problem(
            codes.FEW_ROWS,
            scope.facts.locate(None if rows is None else name, None, None),
            table=scope.facts.table_title(name),
            count=count,
            rows=least,
        )


@rule(
    "required-rows",
    Parameter("key", FIELD),
    Parameter("values", TEXTS),
    Parameter("where", WHERE, required=False),
    table_only=True,
)
def required_rows(scope: Scope) -> Iterator[Problem]:
    """The table, if it has rows, has one for each of `values` in the column `key`."""
    rows, key = scope.table(), scope.params["key"]
    where = scope.params.get("where", {})
    if not len(rows):
        return
    among = [
        rows.value(row, key)
        for row in range(len(rows))
        if all(holds(rows.value(row, name), wanted) for name, wanted in where.items())
    ]
    for wanted in scope.params["values"]:
        if not any(holds(value, wanted.split("|")) for value in among):
            yield scope.problem(
                codes.NO_ROW, scope.cell(None, None), table=rows.title, row=wanted.split("|")[0]
            )


@rule("required-sections", Parameter("words", TEXTS), _WHEN)
def required_sections(scope: Scope) -> Iterator[Problem]:
    """The text has a heading with each of `words` (``a|b``: with one of them).

    A document without any text is passed over: its explanation may be an attachment.
    """
    document = scope.facts.document
    if not document.body.strip() or not View(scope.facts).meets(_when(scope)):
        return
    headings = [line for line in document.body.split("\n") if _HEADING.match(line)]
    for wanted in scope.params["words"]:
        if not any(word in line for line in headings for word in wanted.split("|")):
            yield scope.problem(
                codes.NO_SECTION,
                scope.facts.locate(None, None, "body"),
                section=wanted.split("|")[0],
            )


def _when(scope: Scope) -> tuple[dict[str, tuple[str, ...]], ...]:
    when: tuple[dict[str, tuple[str, ...]], ...] = scope.params.get("when", ())
    return when
