"""Selectors: which cells of which table a rule adds up and compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_KEYS = frozenset(["table", "field", "minus", "where", "rows", "code", "codes"])


@dataclass(frozen=True, slots=True)
class Selector:
    """Cells whose sum a rule looks at.

    ``{field: op_expenses}`` is a field of the document. With a table: the rows that `where` names,
    or the total row (``rows: total``), or the lines under `codes` of the classification that stands
    in the column `code`; else all lines except totals. Several fields are added up, those
    of `minus` taken off.
    """

    table: str | None
    fields: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    total: bool = False
    code: str = ""
    codes: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()

    @classmethod
    def read(cls, raw: Any) -> Selector:
        """The selector that a kind file writes as a mapping. Raises ValueError for the rest."""
        if not isinstance(raw, Mapping) or not set(raw) <= _KEYS or "field" not in raw:
            raise ValueError
        table = str(raw["table"]) if "table" in raw else None
        where = raw.get("where", {})
        rows = raw.get("rows", "lines")
        if not isinstance(where, Mapping) or rows not in ("total", "lines"):
            raise ValueError
        if ("codes" in raw) != ("code" in raw) or (table is None and set(raw) != {"field"}):
            raise ValueError
        return cls(
            table,
            _texts(raw["field"]),
            {str(name): _texts(values) for name, values in where.items()},
            rows == "total",
            str(raw.get("code", "")),
            _texts(raw["codes"]) if "codes" in raw else (),
            _texts(raw["minus"]) if "minus" in raw else (),
        )

    def named_fields(self) -> Iterator[tuple[str | None, str]]:
        """Every field that the selector names, with its table."""
        for name in (*self.fields, *self.minus, *self.where, *((self.code,) if self.code else ())):
            yield self.table, name


def _texts(raw: Any) -> tuple[str, ...]:
    items = raw if isinstance(raw, list | tuple) else [raw]
    if not items or not all(isinstance(item, str | int) for item in items):
        raise ValueError
    return tuple(str(item) for item in items)
