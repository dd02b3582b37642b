"""Problems: what is wrong, where, and what to write instead.

A problem is data: a stable code, a severity, a place and the values that go into its message.
Its text is made at the edge (`text`), in the reader's language, from the gettext catalogues.
Nothing here reads files or prints.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Translate = Callable[[str], str]
Value = TypeVar("Value")


def N_(message: str) -> str:  # noqa: N802 - the customary name of gettext's marker
    """Mark a message for the catalogues; it is translated when it is shown."""
    return message


class Severity(enum.StrEnum):
    """How bad a problem is: an error stops the build, a warning and a notice do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Location:
    """A place in the site's sources.

    `path` is relative to the site's folder, with forward slashes. Lines and columns count
    characters from 1. In a spreadsheet, `sheet` and `cell` (A1 notation) stand for them.
    """

    path: str
    line: int | None = None
    column: int | None = None
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        if self.sheet is not None or self.cell is not None:
            return "!".join(part for part in (self.path, self.sheet, self.cell) if part)
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)

    @property
    def order(self) -> tuple[str, str, int, int, str]:
        """A sort key: by file, sheet, line, column, cell."""
        return (self.path, self.sheet or "", self.line or 0, self.column or 0, self.cell or "")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. Made by `Code.at`, never by hand."""

    code: str
    severity: Severity
    where: Location | None
    values: tuple[tuple[str, str], ...] = ()

    @property
    def order(self) -> tuple[object, ...]:
        """A sort key: by place, then code, then values."""
        place = self.where.order if self.where else ("", "", 0, 0, "")
        return (*place, self.code, self.values)

    def message(self, translate: Translate = str) -> str:
        """What is wrong, as one line in the language of `translate`."""
        return _filled(translate(CODES[self.code].message), self.values)

    def hint(self, translate: Translate = str) -> str:
        """What to write instead; empty when the message says it already."""
        hint = CODES[self.code].hint
        return _filled(translate(hint), self.values) if hint else ""


@dataclass(frozen=True, slots=True)
class Code:
    """A class of problem with a stable identifier such as ``K103``.

    Messages are English, with ``{name}`` places; the catalogues hold the Chinese.
    """

    id: str
    severity: Severity
    message: str
    hint: str = ""

    def at(
        self, where: Location | None, /, severity: Severity | None = None, **values: object
    ) -> Problem:
        """This problem at a place; `values` fill the message."""
        filled = tuple(sorted((name, str(value)) for name, value in values.items()))
        return Problem(self.id, severity or self.severity, where, filled)


CODES: dict[str, Code] = {}


def code(id: str, severity: Severity, message: str, hint: str = "") -> Code:
    """Register a class of problem; each package keeps its own in its ``codes.py``.

    Raises ValueError when the identifier is taken.
    """
    if id in CODES:
        raise ValueError(f"problem code {id} is registered twice")
    CODES[id] = Code(id, severity, message, hint)
    return CODES[id]


class _Values(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _filled(message: str, values: tuple[tuple[str, str], ...]) -> str:
    return message.format_map(_Values(values))


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems in the order of their places, each once."""
    return tuple(sorted(set(problems), key=lambda problem: problem.order))


def told(outcome: tuple[Value, Sequence[Problem]], problems: list[Problem]) -> Value:
    """The value of a stage; its problems join the others."""
    value, found = outcome
    problems += found
    return value


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any problem stops the build."""
    return any(problem.severity is Severity.ERROR for problem in problems)
