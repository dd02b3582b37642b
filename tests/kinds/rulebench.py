"""Trying single rules in tests: a kind of a few lines, a document of a few lines, what is found."""

from __future__ import annotations

from functools import cache
from textwrap import dedent, indent

from sitegen.kinds.kind import Kinds
from sitegen.kinds.loading import load_kinds
from sitegen.kinds.reading import read_document
from sitegen.problems import Problem

HEAD = "标题: 试验\n类型: probe\n发布日期: 2026-03-02\n"
FIRST = HEAD.count("\n") + 1
"""The line on which the text of a test begins."""


@cache
def probe(text: str) -> tuple[Kinds, tuple[Problem, ...]]:
    """A kind ``probe`` from the lines of `text`: fields, tables and rules."""
    kind = "kind: probe\ntitle: 试验\n" + dedent(text).lstrip("\n")
    return load_kinds([("content/kinds/probe.yaml", kind.encode())])


def table(fields: str, rules: str, key: str = "") -> str:
    """A kind with one table ``rows`` (明细)."""
    lines = ["tables:", "  rows:", "    title: 明细", "    schema:", "      fields:"]
    lines += [indent(dedent(fields).strip("\n"), "        ")]
    lines += [f"      primaryKey: [{key}]"] if key else []
    return "\n".join([*lines, "    rules:", indent(dedent(rules).strip("\n"), "      "), ""])


def found(kind: str, text: str) -> list[Problem]:
    """The problems of a document of the kind; the kind itself has none."""
    kinds, faults = probe(kind)
    assert faults == ()
    data = (HEAD + dedent(text).lstrip("\n")).encode()
    document, problems = read_document("probe.yaml", data, kinds, lambda path: None)
    assert document is not None
    return list(problems)


def brief(problems: list[Problem]) -> list[str]:
    """Problems as short lines: line in the text of the test, column, code, message."""
    return [
        f"{(p.where.line or 0) - FIRST + 1}:{p.where.column} {p.code} {p.message()}"
        for p in problems
        if p.where is not None
    ]


def faults(kind: str) -> list[str]:
    """The faults of a kind file, as short lines."""
    return [f"{p.code} {p.message()} | {p.hint()}" for p in probe(kind)[1]]
