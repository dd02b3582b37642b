"""Memory does not grow with the bodies: cards are in memory, the rest is on disk."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import editedsite
import msgspec
import pytest
from editedsite import article, make_site, write

from sitegen.engine.store import load_checked
from sitegen.making import remaking, session
from sitegen.making.produce import MakeResult

DOCUMENTS = 64
PARAGRAPH = "管委会按照职责分工推进各项工作，" * 12


def _site(folder: Path, paragraphs: int) -> Path:
    """A site with some documents of so many paragraphs, half a kilobyte each."""
    root = make_site(folder)
    body = "\n\n".join([PARAGRAPH] * paragraphs)
    for number in range(DOCUMENTS):
        write(root, f"content/tzgg/x{number}.md", article(f"第{number}号", "2026-03-02", body))
    return root


def _peak(root: Path) -> int:
    """The most bytes that a build held at once."""
    tracemalloc.start()
    try:
        assert editedsite.run(root, cache=False).status == 0
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_what_is_held_of_a_document_does_not_depend_on_its_length(tmp_path: Path) -> None:
    held = []
    for paragraphs in (2, 20):
        root = _site(tmp_path / f"{paragraphs}", paragraphs)
        assert editedsite.run(root).status == 0
        (cards,) = (root / ".sitegen/facts").glob("*.cards")
        content = load_checked(cards)
        assert content is not None
        held.append([len(card) for card in msgspec.msgpack.decode(content, type=list[bytes])])
    assert len(held[0]) > DOCUMENTS
    assert held[0] == held[1]


def test_a_build_never_holds_all_bodies(tmp_path: Path) -> None:
    short, long = _site(tmp_path / "short", 2), _site(tmp_path / "long", 75)
    bodies = DOCUMENTS * 73 * len(PARAGRAPH.encode())
    assert bodies > 2e6
    editedsite.run(short)  # loads the program
    assert _peak(long) - _peak(short) < bodies / 2


def _held(root: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """The bytes that the main process holds when others have made all outputs of so many."""
    make_site(root)
    for each in range(number):
        day = f"2026-0{each % 9 + 1}-02"
        write(root, f"content/tzgg/x{each:04}.md", article(f"第{each}号", day, PARAGRAPH))
    held = []
    produce = remaking.produce

    def produced(*arguments: Any) -> MakeResult:
        result = produce(*arguments)
        held.append(tracemalloc.get_traced_memory()[0])
        return result

    with monkeypatch.context() as patch:
        patch.setattr(remaking, "produce", produced)
        tracemalloc.start()
        try:
            assert editedsite.run(root, jobs=2).status == 0
        finally:
            tracemalloc.stop()
    return held[0]


def test_what_the_main_process_holds_of_a_document_of_a_large_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site of 100,000 is built in a gigabyte: the main process and what two others copy.

    Answers about all documents are in it, once for all; each of the others had them before.
    """
    editedsite.run(make_site(tmp_path / "first"), jobs=2)  # loads the program
    monkeypatch.setattr(session, "_LARGE", 0)
    few, many = 70, 150
    held = [_held(tmp_path / f"{number}", number, monkeypatch) for number in (few, many)]
    assert (held[1] - held[0]) / (many - few) < 4500
