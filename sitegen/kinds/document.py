"""Documents (信息): one published item as typed values.

Made by ``kinds.reading`` from located values; nothing here knows of files, columns or pages.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from sitegen.kinds.kind import TableKind

Value: TypeAlias = str | int | Decimal | datetime.date | bool | list[Any] | dict[str, Any]
"""A typed value: string, text, enum, reference, file and yearmonth (``2026-03``) are ``str``;
integer and year are ``int``; number is ``Decimal`` with the decimals that were written."""

Mark: TypeAlias = tuple[int, int]
"""Line and column, from 1."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one table: `rows[i][j]` is the value under ``kind.fields[j]``, None if blank."""

    kind: TableKind
    rows: tuple[tuple[Value | None, ...], ...]
    statement: str = ""
    """For a table with no rows: the sentence that says so (空表说明)."""
    source: str = ""
    """The data file that the rows came from, relative to ``content/``; empty for inline rows."""

    def column(self, name: str) -> int:
        """The place of a field in a row. Raises KeyError for an unknown field."""
        for place, field in enumerate(self.kind.fields):
            if field.name == name:
                return place
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Document:
    """One document. `path` is its source file, relative to ``content/``."""

    path: str
    kind: str
    fields: Mapping[str, Value]
    tables: tuple[Table, ...] = ()
    body: str = ""
    body_line: int = 1
    marks: Mapping[str, Mark] | None = None
    """Where each field's value stands in the source file (``title``, ``attachments.0.file``)."""
