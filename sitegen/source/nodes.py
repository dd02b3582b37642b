"""Located YAML values: every scalar keeps its source text, line and column.

What a text means (a date, an amount, a code) is decided by the kind's fields, never guessed here.

Nodes are structs of msgspec, not dataclasses: a table has thousands of them, and these are made
without running Python.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class Scalar(msgspec.Struct, frozen=True, gc=False):
    """A text as written. `style` is one of ``plain quoted block none`` (none: nothing was written).

    `line` and `column` (from 1) are where the value starts; for a block scalar, `line` is the line
    of its first content line and `column` the column of its first content character.
    """

    text: str
    line: int
    column: int
    style: str = "plain"


class Sequence(msgspec.Struct, frozen=True):
    """A list of values."""

    items: tuple[Node, ...]
    line: int
    column: int


class Mapping(msgspec.Struct, frozen=True):
    """Keys and values in the order written; keys are unique."""

    entries: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int

    def get(self, name: str) -> Node | None:
        """The value under a key, or None."""
        return next((value for key, value in self.entries if key.text == name), None)


Node: TypeAlias = Scalar | Sequence | Mapping
