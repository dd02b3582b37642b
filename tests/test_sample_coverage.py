"""docs/sample-site.md keeps its word: every item of a zone's disclosure has its documents."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest
from samplesite import documents_of

from sitegen.making.frame import read_frame

ROOT = Path(__file__).parent.parent
CONTENT = ROOT / "content"
PAGE = ROOT / "docs" / "sample-site.md"


@pytest.fixture(scope="module")
def named() -> dict[str, list[str]]:
    """The documents that the page names for each item: first cell of a row → paths."""
    rows: dict[str, list[str]] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        paths = re.findall(r"`([^`]+)`", cells[-1])
        if line.startswith("|") and paths:
            assert cells[0] not in rows, f"{cells[0]} is there twice"
            rows[cells[0]] = paths
    return rows


def test_all_hundred_items_are_covered(named: dict[str, list[str]]) -> None:
    missing = [number for number in range(1, 101) if str(number) not in named]
    assert missing == []


def test_all_fifteen_classes_are_covered(named: dict[str, list[str]]) -> None:
    missing = [number for number in range(1, 16) if f"a20_{number:02d}" not in named]
    assert missing == []


def test_every_named_document_exists(named: dict[str, list[str]]) -> None:
    gone = [path for paths in named.values() for path in paths if not (CONTENT / path).is_file()]
    assert gone == []


def test_every_named_file_is_a_document(named: dict[str, list[str]]) -> None:
    others = [
        path
        for paths in named.values()
        for path in paths
        if not path.endswith((".md", ".yaml")) or path.rpartition("/")[2].startswith("_")
    ]
    assert others == []


def test_the_documents_of_a_class_belong_to_it(named: dict[str, list[str]]) -> None:
    """By their own field or, where they say nothing, by the nearest column that has a class."""
    frame, _ = read_frame(ROOT)
    of_column = {column.path: column.a20_class for column in frame.columns if column.a20_class}
    documents = documents_of(ROOT)
    for name, paths in named.items():
        for path in paths if name.startswith("a20_") else ():
            parents = [parent.as_posix() for parent in PurePosixPath(path).parents]
            inherited = next((of_column[p] for p in parents if p in of_column), "")
            assert documents[path].fields.get("a20_class", inherited) == name, path
