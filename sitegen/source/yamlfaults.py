"""What is wrong with a text that is no YAML: every fault that can be told apart.

The parser stops at the first error and often names the wrong line. So the text is cut into its
entries, each is parsed by itself, and those that fail are cut further; what remains is explained
(``yamlexplain``). On the way the nodes of all that is sound are put together, so that the rest of a
document can be looked at in the same run. Runs only for faulty texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from sitegen.problems import Problem
from sitegen.source import codes
from sitegen.source.nodes import Mapping, Node, Scalar, Sequence
from sitegen.source.yamlevents import KEY_SLIP, WIDE_SPACES, Composer
from sitegen.source.yamlexplain import KEY, Report, width

_MOST = 50
_MOST_JOINED = 40
_MOST_DEPTH = 12

_INDENT = re.compile(r"[ \t\u3000\xa0]*")


def faults(
    text: str, path: str, first_line: int, error: Exception, pure: bool = False
) -> tuple[Mapping | None, tuple[Problem, ...]]:
    """At least one problem for a text on which the parser raised `error`.

    With them a mapping of what could be saved of it: the sound entries, and of a faulty one its
    key with the text that seems to be meant, or with nothing. None if there is no such thing.
    """
    return _Search(text.split("\n"), path, first_line, pure).run(error)


class _Search:
    """The search for the faults of one text."""

    def __init__(self, lines: list[str], path: str, first_line: int, pure: bool) -> None:
        self.lines = lines
        self.first = first_line
        self.pure = pure
        self.report = Report(lines, path, first_line)
        self.problems = self.report.problems
        self.mended: set[int] = set()

    def run(self, error: Exception) -> tuple[Mapping | None, tuple[Problem, ...]]:
        self._mend_indents()
        saved = self._entries(0, len(self.lines), 0)
        if not self.problems:
            self.report.explain(error, 0, len(self.lines))
        # Where a line is indented with tabs, its column means nothing.
        kept = tuple(
            problem
            for problem in self.problems[:_MOST]
            if problem.code != codes.INDENTATION.id
            or not problem.where
            or (problem.where.line or 0) - self.first not in self.mended
        )
        whole = isinstance(saved, Mapping) and len(self.problems) < _MOST
        return (saved if whole and isinstance(saved, Mapping) else None), kept

    def _mend_indents(self) -> None:
        """Report tabs and wide spaces before entries, once a run of lines, and go on without."""
        blocks = self.report.block_lines()
        last = -2
        for number, line in enumerate(self.lines):
            indent = _INDENT.match(line).group()  # type: ignore[union-attr]
            if not indent.strip(" ") or number in blocks or not line[len(indent) :]:
                continue
            if number != last + 1:
                column = len(indent) - len(indent.lstrip(" ")) + 1
                wide = indent[column - 1] in WIDE_SPACES
                self.report.add(codes.WIDE_INDENT if wide else codes.TAB_INDENT, number, column)
            last = number
            self.mended.add(number)
            mended = "".join("  " if character != " " else " " for character in indent)
            self.lines[number] = mended + line[len(indent) :]

    def _compose(self, start: int, end: int) -> tuple[Composer, Node | None, Exception | None]:
        text = "\n".join(self.lines[start:end]) + "\n"
        composer = Composer(text, self.report.path, self.first + start, self.pure)
        try:
            return composer, composer.compose(), None
        except (yaml.YAMLError, RecursionError) as error:
            return composer, None, error

    def _entries(self, start: int, end: int, depth: int) -> Node | None:
        """Report the faults of the entries of one level, and save what is sound."""
        pieces = list(self._cut(start, end))
        if not pieces:
            return None
        top = self.lines[pieces[0][0]]
        level = width(top)
        saved = _Saved(self.report, pieces[0][0] + self.first, level + 1, _is_item(top))
        number = 0
        while number < len(pieces) and len(self.problems) < _MOST:
            begin, finish = pieces[number]
            number += 1
            composer, node, error = self._compose(begin, finish)
            if error is not None and _runs_on(error, finish - begin):
                joined = self._join(pieces, number, begin)
                if joined is not None:
                    composer, node, number = joined
                    error = None
            before = len(self.problems)
            self.problems.extend(composer.problems)
            if error is None:
                if width(self.lines[begin]) != level:
                    self.report.add(codes.INDENTATION, begin, width(self.lines[begin]) + 1)
                elif isinstance(node, Scalar):
                    # A line that is indented further than the next is reported there.
                    if len(self.problems) == before and (
                        number == len(pieces) or width(self.lines[pieces[number][0]]) == level
                    ):
                        self.report.no_entry(begin)
                    saved.guess(begin, None)
                    continue
                saved.take(node)
                continue
            inner = self._inner(begin, finish, depth) if depth < _MOST_DEPTH else None
            if len(self.problems) == before:
                self.report.explain(error, begin, finish)
            saved.guess(begin, inner, alone=finish - begin == 1)
        return saved.node()

    def _cut(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The line ranges of the entries on the outermost level."""
        filled = [
            number
            for number in range(start, end)
            if self.lines[number].strip() and not self.lines[number].lstrip().startswith("#")
        ]
        if not filled:
            return
        level = min(width(self.lines[number]) for number in filled)
        first = self.lines[filled[0]]
        of_list = _is_item(first)
        begin = filled[0]
        for number in filled[1:]:
            line = self.lines[number]
            if width(line) == level and (of_list or not _is_item(line)):
                yield begin, number
                begin = number
        yield begin, end

    def _join(
        self, pieces: list[tuple[int, int]], number: int, begin: int
    ) -> tuple[Composer, Node | None, int] | None:
        """An entry that goes on below: a quote or bracket closed further down."""
        for after in range(number, min(number + _MOST_JOINED, len(pieces))):
            composer, node, error = self._compose(begin, pieces[after][1])
            if error is None:
                return composer, node, after + 1
        return None

    def _inner(self, begin: int, finish: int, depth: int) -> Node | None:
        """Search the entries below a key, or inside an item of a list."""
        head = self.lines[begin]
        if _is_item(head):
            dash = width(head)
            self.lines[begin] = head[:dash] + " " + head[dash + 1 :]
            inner = self._entries(begin, finish, depth + 1)
            self.lines[begin] = head
            return inner
        if head.rstrip().endswith(":") and begin + 1 < finish:
            return self._entries(begin + 1, finish, depth + 1)
        return None


class _Saved:
    """What is saved of the entries of one level."""

    def __init__(self, report: Report, line: int, column: int, of_list: bool) -> None:
        self.report = report
        self.place = (line, column)
        self.of_list = of_list
        self.items: list[Node] = []
        self.entries: dict[str, tuple[Scalar, Node]] = {}

    def take(self, node: Node | None) -> None:
        """Take in the nodes of a sound piece; of two equal keys the first counts."""
        if isinstance(node, Sequence):
            self.items.extend(node.items)
        elif isinstance(node, Mapping):
            for key, value in node.entries:
                first = self.entries.setdefault(key.text, (key, value))[0]
                if first is not key:
                    self.report.add(
                        codes.DUPLICATE_KEY,
                        key.line - self.report.first,
                        key.column,
                        key=key.text,
                        first=first.line,
                    )

    def guess(self, number: int, inner: Node | None, alone: bool = True) -> None:
        """Take in a faulty piece: its key, and what seems to be its value."""
        line = self.report.lines[number]
        at = number + self.report.first
        if self.of_list:
            if inner is not None:
                self.items.append(inner)
            return
        found = KEY.match(line) or KEY_SLIP.match(line)
        if found is None:
            return
        slipped = found.re is KEY_SLIP
        end = found.end(1) if slipped else found.end() - 1
        key = line[:end].strip(" -\"'")
        text = line[end + 1 :].strip()
        value = Scalar(text.strip("\"'") if alone else "", at, end + 2, "plain")
        if not value.text:
            value = Scalar("", at, end + 2, "none")
        column = width(line) + 1
        self.entries.setdefault(key, (Scalar(key, at, column), inner or value))

    def node(self) -> Node | None:
        """All of it as one node."""
        if self.of_list:
            return Sequence(tuple(self.items), *self.place)
        return Mapping(tuple(self.entries.values()), *self.place) if self.entries else None


def _is_item(line: str) -> bool:
    text = line.strip(" ")
    return text == "-" or text.startswith("- ")


def _runs_on(error: Exception, length: int) -> bool:
    """Whether the parser met the end of the piece inside quotes or brackets."""
    context = getattr(error, "context", None) or ""
    mark = getattr(error, "problem_mark", None)
    return ("quoted" in context or "flow" in context) and mark is not None and mark.line >= length
