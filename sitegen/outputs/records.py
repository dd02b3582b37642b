"""JSON for machines: an array of objects with English names, one on a line, numbers exact."""

from __future__ import annotations

from typing import Any

import msgspec

from sitegen.outputs.tabular import DataTable

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def indented(value: Any) -> bytes:
    """A description as JSON in UTF-8, indented by two, for people to read as well."""
    return msgspec.json.format(_ENCODER.encode(value), indent=2) + b"\n"


def json_bytes(table: DataTable) -> bytes:
    """The table as JSON in UTF-8: numbers with the decimals that were written, dates as text."""
    lines = [_ENCODER.encode(record) for record in table.records()]
    return b"[\n" + b",\n".join(lines) + b"\n]\n" if lines else b"[]\n"
