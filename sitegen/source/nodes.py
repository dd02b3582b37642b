"""Located YAML values: every scalar keeps its source text, line and column.

What a text means (a date, an amount, a code) is decided by the kind's fields, never guessed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as written. `style` is one of ``plain quoted block none`` (none: nothing was written).

    `line` and `column` (from 1) are where the value starts; for a block scalar, `line` is the line
    of its first content line and `column` the column of its first content character.
    """

    text: str
    line: int
    column: int
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order written; keys are unique."""

    entries: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int

    def get(self, name: str) -> Node | None:
        """The value under a key, or None."""
        return next((value for key, value in self.entries if key.text == name), None)


Node: TypeAlias = Scalar | Sequence | Mapping
