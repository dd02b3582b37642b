"""A Markdown document's text, split into its front matter (YAML) and its body.

The fields stand between two lines ``---``, the first of which is the first line of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sitegen.problems import Location, Problem
from sitegen.source import codes

_CLOSING = re.compile(r"^---[ \t]*$", re.MULTILINE)
_ALMOST = re.compile(
    r"^[ \t]*(?:[-\u2010-\u2015\u2212\u2500\u2501\ufe58\ufe63\uff0d\u4e00\u30fc]{2,}|\u2014|\uff0d)"
    r"[ \t\u3000]*$",
    re.MULTILINE,
)
_KEY = re.compile(r"[^\s:：#-][^:：\n]{0,30}[:：]")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The two parts of a document, each with the line (from 1) on which it begins."""

    yaml: str
    yaml_line: int
    body: str
    body_line: int


def split_front_matter(text: str, path: str) -> tuple[FrontMatter | None, tuple[Problem, ...]]:
    """Split a document's text, whose line ends are ``\\n``.

    None, with a located problem, when a fence is missing. `path` is that of `Location`.
    """
    first, _, _ = text.partition("\n")
    if first.rstrip(" \t") != "---":
        return None, (_no_opening(text, first, path),)
    start = len(first) + 1
    closing = _CLOSING.search(text, start)
    if closing is None:
        return None, (_no_closing(text, start, path),)
    yaml = text[start : closing.start()]
    yaml_lines = yaml.count("\n")
    return FrontMatter(yaml, 2, text[closing.end() + 1 :], 3 + yaml_lines), ()


def _no_opening(text: str, first: str, path: str) -> Problem:
    """The first line is no fence: almost one, one further down, or none at all."""
    if _ALMOST.match(first) or first.strip() == "---":
        return codes.BAD_FENCE.at(Location(path, 1, 1), text=first.strip())
    return codes.NO_OPENING_FENCE.at(Location(path, 1, 1))


def _no_closing(text: str, start: int, path: str) -> Problem:
    """Point at what was meant as the fence, or at the first line that is no field."""
    almost = _ALMOST.search(text, start)
    if almost is not None:
        line = text.count("\n", 0, almost.start()) + 1
        column = 1 + len(almost.group()) - len(almost.group().lstrip())
        return codes.BAD_FENCE.at(Location(path, line, column), text=almost.group().strip())
    line = 1
    for number, content in enumerate(text.split("\n")[1:], 2):
        if content[:1] not in ("", " ", "\t", "#", "-") and not _KEY.match(content):
            return codes.NO_CLOSING_FENCE.at(Location(path, number, 1))
        if content.startswith(("# ", "## ")):
            return codes.NO_CLOSING_FENCE.at(Location(path, number, 1))
        if content.strip():
            line = number
    return codes.NO_CLOSING_FENCE.at(Location(path, line + 1, 1))
