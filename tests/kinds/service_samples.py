"""Reading services and permits in tests: the shipped definitions and the sample content."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sitegen.kinds.document import Document, Table
from sitegen.kinds.kind import Kinds
from sitegen.kinds.loading import load_kinds
from sitegen.kinds.reading import read_document
from sitegen.problems import Problem, Severity

CONTENT = Path(__file__).parent.parent.parent / "content"


@cache
def kinds() -> Kinds:
    found, problems = load_kinds(())
    ours = {"guide.yaml", "permit-items.yaml", "permit-decisions.yaml"}
    assert not [p for p in problems if p.where and p.where.path.rpartition("/")[2] in ours]
    return found


def read(path: str, text: str, kind: str) -> tuple[Document | None, tuple[Problem, ...]]:
    def open_file(name: str) -> bytes | None:
        file = CONTENT / name
        return file.read_bytes() if file.is_file() else None

    return read_document(path, text.encode(), kinds(), open_file, default_kind=kind)


def shipped(file: Path, kind: str) -> Document:
    path = file.relative_to(CONTENT).as_posix()
    document, problems = read(path, file.read_text("utf-8"), kind)
    assert [problem for problem in problems if problem.severity is not Severity.NOTICE] == []
    assert document is not None
    return document


def table(document: Document, name: str) -> Table:
    return next(table for table in document.tables if table.kind.name == name)


def column(document: Document, table_name: str, field: str) -> list[Any]:
    rows = table(document, table_name)
    return [row[rows.column(field)] for row in rows.rows]


def edited(text: str, changes: Mapping[str, str]) -> str:
    """The text with some lines replaced; each must stand there, the first one is taken."""
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1
