"""Rows of outputs: what is said of one that was made again is new."""

from __future__ import annotations

from sitegen.engine.commit import Written
from sitegen.making.outcome import Columns


def test_nothing_stays_of_what_was_said_of_an_output_before() -> None:
    columns = Columns(None, {}, [-1])
    file = Written("a.html", 1, "ab" * 32)
    columns.made(0, file, 3, b"problems", b"inner")
    assert (columns.left().problems, columns.inner) == ({0: b"problems"}, {0: b"inner"})
    columns.made(0, file, 4, b"", b"")
    assert (columns.left().problems, columns.inner) == ({}, {})
    assert columns.left().trace_number(0) == 4
