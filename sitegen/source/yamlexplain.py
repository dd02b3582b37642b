"""The parser's errors in clerk's words: what a faulty piece of YAML looks like, and where.

libyaml and PyYAML's own parser say nearly the same; what they say is checked against the text.
"""

from __future__ import annotations

import re
from typing import Any

from sitegen.problems import Code, Location, Problem
from sitegen.source import codes
from sitegen.source.yamlevents import slip

KEY = re.compile(r" *(?:- +)*(?:\"[^\"]*\"|'[^']*'|[^\s:#][^:#]*?) *:(?= |$)")
"""A line that begins with a sound key, up to its colon."""

_BLOCK_HEADER = re.compile(r"( *(?:- +)*)(?:[^\s#'\"\[{][^#]*?: +)?[|>][-+0-9]{0,2} *(?:#.*)?$")
_WIDE_CLOSING = re.compile("[］】｝]")


class Report:
    """The problems of a text, of which `lines` may be mended as the search for them goes on."""

    def __init__(self, lines: list[str], path: str, first_line: int) -> None:
        self.lines = lines
        self.path = path
        self.first = first_line
        self.problems: list[Problem] = []

    def add(self, code: Code, line: int, column: int, **values: Any) -> None:
        """Report a problem at a line (from 0) and a column (from 1)."""
        line = min(max(line, 0), len(self.lines) - 1)
        self.problems.append(code.at(Location(self.path, line + self.first, column), **values))

    def no_entry(self, number: int) -> None:
        """Report a line that is well-formed text but no entry."""
        line = self.lines[number]
        problem = slip(line, Location(self.path, number + self.first))
        if problem is not None:
            self.problems.append(problem)
        else:
            self.add(codes.NO_COLON, number, width(line) + 1)

    def explain(self, error: Exception, begin: int, finish: int) -> None:
        """Report the fault of a piece that cannot be cut further."""
        before = len(self.problems)
        blocks = self.block_lines()
        for number in range(begin, finish):
            if number in blocks or KEY.match(self.lines[number]):
                continue
            problem = slip(self.lines[number], Location(self.path, number + self.first))
            if problem is not None:
                self.problems.append(problem)
        if len(self.problems) == before:
            self._translate(error, begin)

    def _translate(self, error: Exception, begin: int) -> None:
        """Report the parser's own error at its mark, or at the mark of what was being parsed."""
        problem = (getattr(error, "problem", None) or "").lower()
        context = (getattr(error, "context", None) or "").lower()
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        if mark is None:
            self.add(codes.BAD_YAML, begin, 1)
            return
        line, column = begin + mark.line, mark.column
        start = getattr(error, "context_mark", None) or mark
        from_line, from_column = begin + start.line, start.column
        opener = self._character(from_line, from_column)
        character = self._character(line, column)
        here = (line, column + 1)
        there = (from_line, from_column + 1)

        directives = (n for n in range(begin, line + 1) if self._line(n).startswith("%"))
        if "document start" in problem and (number := next(directives, None)) is not None:
            self.add(codes.DIRECTIVE, number, 1)
        elif "quoted scalar" in context or "double-quoted" in context:
            if "end of stream" in problem or "document" in problem:
                self.add(codes.UNCLOSED_QUOTE, *there, quote=opener)
            else:
                self.add(codes.BAD_ESCAPE, line, self._line(line).rfind("\\", 0, column + 1) + 1)
        elif "mapping values" in problem:
            self._second_colon(line, column)
        elif "sequence entries" in problem:
            self.add(codes.LIST_ON_LINE, *here)
        elif "expected ':'" in problem:
            self.no_entry(from_line)
        elif "block scalar" in context and opener in "|>" and "tab" not in problem:
            self.add(codes.SPECIAL_START, *there, character=opener)
        elif "tab character" in problem or (character == "\t" and "token" in problem):
            self.add(codes.TAB_INDENT, *here)
        elif "anchor" in context or "anchor" in problem:
            self.add(codes.ANCHOR, *there)
        elif "alias" in context:
            self.add(codes.ALIAS, *there)
        elif "tag" in context or "tag" in problem:
            self.add(codes.TAG, *there)
        elif "directive" in context or "directive" in problem or (character == "%" and not column):
            self.add(codes.DIRECTIVE, *there)
        elif "flow" in context:
            self._open_bracket(begin, from_line, from_column)
        elif "start any token" in problem or "node content" in problem:
            self.add(codes.SPECIAL_START, *here, character=character)
        else:
            self._misplaced(line, column)

    def _second_colon(self, line: int, column: int) -> None:
        """A colon where none can stand: inside a value, or on a line that is indented too far."""
        head = self._line(line)[:column]
        key = KEY.match(head)
        if not head.strip(" -"):
            self.add(codes.EMPTY_KEY, line, column + 1)
        elif key is None:
            self.add(codes.INDENTATION, line, width(head) + 1)
        elif head[key.end() :].lstrip()[:1] in ("“", "‘", "「", "『"):
            self.add(codes.FULL_WIDTH_QUOTE, line, column + 1)
        else:
            self.add(codes.UNQUOTED_COLON, line, column + 1)

    def _open_bracket(self, begin: int, line: int, column: int) -> None:
        """A bracket that the parser could not follow to its end."""
        if self._character(line, column) not in ("[", "{"):
            # The parser points behind it, at what it expected to find inside.
            places = [
                (number, place)
                for number in range(begin, line + 1)
                for place, character in enumerate(self._line(number))
                if character in "[{" and (number, place) < (line, column)
            ]
            line, column = places[-1] if places else (line, column)
        closing = _WIDE_CLOSING.search(self._line(line), column)
        code = codes.FULL_WIDTH_BRACKET if closing else codes.UNCLOSED_BRACKET
        self.add(code, line, column + 1, bracket=self._character(line, column) or "[")

    def _misplaced(self, line: int, column: int) -> None:
        """Something stands where an entry should begin."""
        head = self._line(line)[:column].rstrip()
        if not head:
            if self._character(line, column) == ":":
                self.add(codes.EMPTY_KEY, line, column + 1)
                return
            self.add(codes.INDENTATION, line, column + 1)
        elif head[-1] in "'\"":
            self.add(codes.TEXT_AFTER_QUOTE, line, column + 1, quote=head[-1])
        elif head[-1] in "]}":
            self.add(codes.TEXT_AFTER_BRACKET, line, column + 1, bracket=head[-1])
        else:
            self.add(codes.BAD_YAML, line, column + 1)

    def _line(self, number: int) -> str:
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def _character(self, line: int, column: int) -> str:
        return self._line(line)[column : column + 1]

    def block_lines(self) -> set[int]:
        """The numbers of the lines inside block scalars (``|`` and ``>``)."""
        inside: set[int] = set()
        limit: int | None = None
        for number, line in enumerate(self.lines):
            indent = width(line)
            if limit is not None:
                if not line.strip() or indent > limit:
                    inside.add(number)
                    continue
                limit = None
            header = _BLOCK_HEADER.match(line)
            if header is not None:
                limit = len(header.group(1))
        return inside


def width(line: str) -> int:
    """The number of spaces before a line."""
    return len(line) - len(line.lstrip(" "))
