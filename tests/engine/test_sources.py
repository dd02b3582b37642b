"""Files are opened again exactly where their stamps do not tell that they are as they were."""

from __future__ import annotations

import hashlib
import os
from array import array
from pathlib import Path

import pytest

from sitegen.engine import sources
from sitegen.engine.listing import listing_of
from sitegen.engine.sources import FileDigests, FileRecord, rows_that_differ

LATER = 10**19 // 2
"""A moment at which all stamps are settled."""


def look(folder: Path, remembered: FileRecord | None = None, moment: int = LATER) -> FileDigests:
    """The files of a folder beside what is remembered."""
    listing = listing_of(str(folder))
    places = [f"{folder}/{name}" for name in listing.files]
    return FileDigests(listing.files, places.__getitem__, listing.stamps, remembered, moment)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b/c", "b/d"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def remembered(folder: Path, moment: int = LATER) -> FileRecord:
    files = look(folder, moment=moment)
    files.fill()
    return files.record()


def test_a_file_that_is_as_remembered_is_not_opened(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = remembered(folder)
    monkeypatch.setattr(sources, "file_digest", lambda place: pytest.fail(f"{place} was opened"))
    files = look(folder, record)
    assert files.changed() == []
    assert files("a") == hashlib.sha256(b"a").hexdigest()


def test_an_edited_file_is_found_and_a_touched_one_is_not(folder: Path) -> None:
    record = remembered(folder)
    (folder / "b/c").write_text("x")
    os.utime(folder / "a", (1, 1))
    assert look(folder, record).changed() == ["b/c"]


def test_a_stamp_that_was_too_young_is_not_believed(folder: Path) -> None:
    """The same stamp, other bytes: only who reads the file finds out."""
    record = remembered(folder, moment=0)
    (folder / "a").write_text("b")
    stamps = look(folder).stamps.tobytes()
    record = FileRecord(record.paths, stamps, record.settled, record.digests)
    assert look(folder, record).changed() == ["a"]


def test_other_names_are_other_files(folder: Path) -> None:
    record = remembered(folder)
    (folder / "a").rename(folder / "e")
    files = look(folder, record)
    assert files.changed() is None
    assert files.befores()("a") == hashlib.sha256(b"a").digest()
    assert files.digest("e") == hashlib.sha256(b"a").digest()
    assert files.digest("a") == b""


def test_rows_are_compared_in_blocks_without_losing_any() -> None:
    old = array("q", range(4 * 1000))
    new = array("q", old)
    settled = bytearray(b"\x01" * 1000)
    for row in (0, 255, 256, 999):
        new[4 * row + 2] += 1
    settled[700] = 0
    found = [*rows_that_differ(old.tobytes(), bytes(settled), new.tobytes())]
    assert found == [0, 255, 256, 700, 999]
    assert [*rows_that_differ(old.tobytes(), bytes(settled), old.tobytes())] == [700]


def test_hidden_files_are_left_out_and_links_make_it_untellable(folder: Path) -> None:
    (folder / ".hidden").write_text("x")
    assert listing_of(str(folder)).files == ["a", "b/c", "b/d"]
    assert listing_of(str(folder)).names
    (folder / "link").symlink_to(folder / "a")
    assert listing_of(str(folder)).names == ""
