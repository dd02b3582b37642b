"""What is wrong with a text that is no YAML: every fault that can be told apart, in clerk's words.

The parser stops at the first error and often names the wrong line. So the text is cut into its
entries, each is parsed by itself, and those that fail are cut further (``_entries``); what remains
is explained by its look, or else by the parser's message. Runs only for faulty texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from sitegen.problems import Code, Location, Problem
from sitegen.source import codes
from sitegen.source.nodes import Mapping, Scalar
from sitegen.source.yamlevents import WIDE_SPACES, Composer, slip

_MOST = 50
_MOST_JOINED = 40
_MOST_DEPTH = 12

_INDENT = re.compile(r"[ \t\u3000\xa0]*")
_BLOCK_HEADER = re.compile(r"( *(?:- +)*)(?:[^\s#'\"\[{][^#]*?: +)?[|>][-+0-9]{0,2} *(?:#.*)?$")
_KEY = re.compile(r" *(?:- +)*(?:\"[^\"]*\"|'[^']*'|[^\s:#][^:#]*?) *:(?= |$)")
_WIDE_CLOSING = re.compile("[］】｝]")


def faults(
    text: str, path: str, first_line: int, error: Exception, pure: bool = False
) -> tuple[Problem, ...]:
    """At least one problem for a text on which the parser raised `error`."""
    return _Search(text.split("\n"), path, first_line, pure).run(error)


class _Search:
    """The search for the faults of one text; `lines` are mended as it goes on."""

    def __init__(self, lines: list[str], path: str, first_line: int, pure: bool) -> None:
        self.lines = lines
        self.path = path
        self.first = first_line
        self.pure = pure
        self.problems: list[Problem] = []
        self.mended: set[int] = set()

    def run(self, error: Exception) -> tuple[Problem, ...]:
        self._mend_indents()
        self._entries(0, len(self.lines), 0)
        if not self.problems:
            self._explain(error, 0, len(self.lines))
        # Where a line is indented with tabs, its column means nothing.
        return tuple(
            problem
            for problem in self.problems[:_MOST]
            if problem.code != codes.INDENTATION.id
            or not problem.where
            or (problem.where.line or 0) - self.first not in self.mended
        )

    def _add(self, code: Code, line: int, column: int, **values: Any) -> None:
        line = min(max(line, 0), len(self.lines) - 1)
        self.problems.append(code.at(Location(self.path, line + self.first, column), **values))

    # Indentation --------------------------------------------------------------------------------

    def _mend_indents(self) -> None:
        """Report tabs and wide spaces before entries, once a run of lines, and go on without."""
        blocks = self._block_lines()
        last = -2
        for number, line in enumerate(self.lines):
            indent = _INDENT.match(line).group()  # type: ignore[union-attr]
            if not indent.strip(" ") or number in blocks or not line[len(indent) :]:
                continue
            if number != last + 1:
                column = len(indent) - len(indent.lstrip(" ")) + 1
                wide = indent[column - 1] in WIDE_SPACES
                self._add(codes.WIDE_INDENT if wide else codes.TAB_INDENT, number, column)
            last = number
            self.mended.add(number)
            mended = "".join("  " if character != " " else " " for character in indent)
            self.lines[number] = mended + line[len(indent) :]

    def _block_lines(self) -> set[int]:
        """The numbers of the lines inside block scalars (``|`` and ``>``)."""
        inside: set[int] = set()
        limit: int | None = None
        for number, line in enumerate(self.lines):
            indent = _width(line)
            if limit is not None:
                if not line.strip() or indent > limit:
                    inside.add(number)
                    continue
                limit = None
            header = _BLOCK_HEADER.match(line)
            if header is not None:
                limit = len(header.group(1))
        return inside

    # Cutting ------------------------------------------------------------------------------------

    def _compose(self, start: int, end: int) -> tuple[Composer, object, Exception | None]:
        text = "\n".join(self.lines[start:end]) + "\n"
        composer = Composer(text, self.path, self.first + start, self.pure)
        try:
            return composer, composer.compose(), None
        except (yaml.YAMLError, RecursionError) as error:
            return composer, None, error

    def _entries(self, start: int, end: int, depth: int) -> None:
        """Report the faults of the entries of one level, in the lines from `start` to `end`."""
        seen: dict[str, int] = {}
        entries = list(self._cut(start, end))
        if not entries:
            return
        level = _width(self.lines[entries[0][0]])
        number = 0
        while number < len(entries) and len(self.problems) < _MOST:
            begin, finish = entries[number]
            number += 1
            composer, node, error = self._compose(begin, finish)
            if error is not None and _runs_on(error, finish - begin):
                joined = self._join(entries, number, begin)
                if joined is not None:
                    composer, node, number = joined
                    error = None
            before = len(self.problems)
            self.problems.extend(composer.problems)
            if error is None:
                if _width(self.lines[begin]) != level:
                    self._add(codes.INDENTATION, begin, _width(self.lines[begin]) + 1)
                elif isinstance(node, Scalar) and len(self.problems) == before:
                    # A line that is indented further than the next is reported there.
                    if number == len(entries) or _width(self.lines[entries[number][0]]) == level:
                        self._no_entry(begin)
                elif isinstance(node, Mapping):
                    self._repeated(node, seen)
                continue
            if depth < _MOST_DEPTH and finish - begin > 1:
                self._inner(begin, finish, depth)
            if len(self.problems) == before:
                self._explain(error, begin, finish)

    def _cut(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The line ranges of the entries on the outermost level."""
        filled = [
            number
            for number in range(start, end)
            if self.lines[number].strip() and not self.lines[number].lstrip().startswith("#")
        ]
        if not filled:
            return
        level = min(_width(self.lines[number]) for number in filled)
        first = self.lines[filled[0]]
        of_list = _is_item(first)
        begin = filled[0]
        for number in filled[1:]:
            line = self.lines[number]
            if _width(line) == level and (of_list or not _is_item(line)):
                yield begin, number
                begin = number
        yield begin, end

    def _join(
        self, entries: list[tuple[int, int]], number: int, begin: int
    ) -> tuple[Composer, object, int] | None:
        """An entry that goes on below: a quote or bracket closed further down."""
        for after in range(number, min(number + _MOST_JOINED, len(entries))):
            composer, node, error = self._compose(begin, entries[after][1])
            if error is None:
                return composer, node, after + 1
        return None

    def _inner(self, begin: int, finish: int, depth: int) -> None:
        """Search the entries below a key, or inside an item of a list."""
        head = self.lines[begin]
        if _is_item(head):
            dash = _width(head)
            self.lines[begin] = head[:dash] + " " + head[dash + 1 :]
            self._entries(begin, finish, depth + 1)
            self.lines[begin] = head
        elif head.rstrip().endswith(":") and begin + 1 < finish:
            self._entries(begin + 1, finish, depth + 1)

    def _repeated(self, node: Mapping, seen: dict[str, int]) -> None:
        for key, _ in node.entries:
            if key.text in seen:
                line = key.line - self.first
                self._add(codes.DUPLICATE_KEY, line, key.column, key=key.text, first=seen[key.text])
            else:
                seen[key.text] = key.line

    # Explaining ---------------------------------------------------------------------------------

    def _no_entry(self, number: int) -> None:
        """A line that is well-formed text but no entry."""
        line = self.lines[number]
        problem = slip(line, Location(self.path, number + self.first))
        if problem is not None:
            self.problems.append(problem)
        else:
            self._add(codes.NO_COLON, number, _width(line) + 1)

    def _explain(self, error: Exception, begin: int, finish: int) -> None:
        """Report the fault of a piece that cannot be cut further."""
        before = len(self.problems)
        blocks = self._block_lines()
        for number in range(begin, finish):
            if number in blocks or _KEY.match(self.lines[number]):
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
            self._add(codes.BAD_YAML, begin, 1)
            return
        line, column = begin + mark.line, mark.column
        start = getattr(error, "context_mark", None) or mark
        from_line, from_column = begin + start.line, start.column
        opener = self._character(from_line, from_column)
        character = self._character(line, column)
        here = (line, column + 1)
        there = (from_line, from_column + 1)

        if "quoted scalar" in context or "double-quoted" in context:
            if "end of stream" in problem or "document" in problem:
                self._add(codes.UNCLOSED_QUOTE, *there, quote=opener)
            else:
                self._add(codes.BAD_ESCAPE, line, self._line(line).rfind("\\", 0, column + 1) + 1)
        elif "mapping values" in problem:
            self._second_colon(line, column)
        elif "sequence entries" in problem:
            self._add(codes.LIST_ON_LINE, *here)
        elif "expected ':'" in problem:
            self._no_entry(from_line)
        elif "block scalar" in context and opener in "|>" and "tab" not in problem:
            self._add(codes.SPECIAL_START, *there, character=opener)
        elif "tab character" in problem or (character == "\t" and "token" in problem):
            self._add(codes.TAB_INDENT, *here)
        elif "anchor" in context or "anchor" in problem:
            self._add(codes.ANCHOR, *there)
        elif "alias" in context:
            self._add(codes.ALIAS, *there)
        elif "tag" in context or "tag" in problem:
            self._add(codes.TAG, *there)
        elif "directive" in context or "directive" in problem or (character == "%" and not column):
            self._add(codes.DIRECTIVE, *there)
        elif "flow" in context:
            self._open_bracket(begin, from_line, from_column)
        elif "start any token" in problem or "node content" in problem:
            self._add(codes.SPECIAL_START, *here, character=character)
        else:
            self._misplaced(line, column)

    def _second_colon(self, line: int, column: int) -> None:
        """A colon where none can stand: inside a value, or on a line that is indented too far."""
        head = self._line(line)[:column]
        key = _KEY.match(head)
        if not head.strip(" -"):
            self._add(codes.EMPTY_KEY, line, column + 1)
        elif key is None:
            self._add(codes.INDENTATION, line, _width(head) + 1)
        elif head[key.end() :].lstrip()[:1] in ("“", "‘", "「", "『"):
            self._add(codes.FULL_WIDTH_QUOTE, line, column + 1)
        else:
            self._add(codes.UNQUOTED_COLON, line, column + 1)

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
        self._add(code, line, column + 1, bracket=self._character(line, column) or "[")

    def _misplaced(self, line: int, column: int) -> None:
        """Something stands where an entry should begin."""
        head = self._line(line)[:column].rstrip()
        if not head:
            if self._character(line, column) == ":":
                self._add(codes.EMPTY_KEY, line, column + 1)
                return
            self._add(codes.INDENTATION, line, column + 1)
        elif head[-1] in "'\"":
            self._add(codes.TEXT_AFTER_QUOTE, line, column + 1, quote=head[-1])
        elif head[-1] in "]}":
            self._add(codes.TEXT_AFTER_BRACKET, line, column + 1, bracket=head[-1])
        else:
            self._add(codes.BAD_YAML, line, column + 1)

    def _line(self, number: int) -> str:
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def _character(self, line: int, column: int) -> str:
        return self._line(line)[column : column + 1]


def _width(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_item(line: str) -> bool:
    text = line.strip(" ")
    return text == "-" or text.startswith("- ")


def _runs_on(error: Exception, length: int) -> bool:
    """Whether the parser met the end of the piece inside quotes or brackets."""
    context = getattr(error, "context", None) or ""
    mark = getattr(error, "problem_mark", None)
    return ("quoted" in context or "flow" in context) and mark is not None and mark.line >= length
