"""Files change places with those that they replace; what is left of them is cleared away."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sitegen.engine import replacing
from sitegen.engine.replacing import clear_away, put_of

MANY = 1000


@pytest.fixture(params=["exchanged", "unknown to the system", "refused by the disk"])
def put(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    """What puts files in place, on systems of all sorts."""
    if request.param == "unknown to the system":
        monkeypatch.setattr(replacing, "_renameat2", lambda: None)
    if request.param == "refused by the disk":
        monkeypatch.setattr(replacing, "_renameat2", lambda: lambda *_: -1)
    return put_of(MANY)


def test_the_new_file_stands_where_the_old_one_did(put, tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    new.write_text("new")
    old.write_text("old")
    put(str(new), str(old))
    assert old.read_text() == "new"


def test_what_was_open_for_reading_can_be_read_to_its_end(put, tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    new.write_text("new")
    old.write_text("old")
    with old.open() as reader:
        put(str(new), str(old))
        assert reader.read() == "old"


def test_folders_are_made_as_needed(put, tmp_path: Path) -> None:
    new, target = tmp_path / "new", tmp_path / "a" / "b" / "新.html"
    new.write_text("new")
    put(str(new), str(target))
    assert target.read_text() == "new"
    assert not new.exists()


def test_a_link_is_replaced_and_not_what_it_leads_to(put, tmp_path: Path) -> None:
    new, link, other = tmp_path / "new", tmp_path / "link", tmp_path / "other"
    new.write_text("new")
    other.write_text("other")
    link.symlink_to(other)
    put(str(new), str(link))
    assert (link.is_symlink(), link.read_text(), other.read_text()) == (False, "new", "other")


def test_a_folder_is_not_replaced(put, tmp_path: Path) -> None:
    new, folder = tmp_path / "new", tmp_path / "folder"
    new.write_text("new")
    folder.mkdir()
    (folder / "foreign").write_text("kept")
    with pytest.raises(IsADirectoryError):
        put(str(new), str(folder))
    assert (folder / "foreign").read_text() == "kept"
    assert new.read_text() == "new"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can")
def test_linux_leaves_the_old_file_to_be_freed_later(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    new.write_text("new")
    old.write_text("old")
    put_of(MANY)(str(new), str(old))
    assert new.read_text() == "old"


@pytest.mark.parametrize("number", [3, 500])
def test_a_folder_is_cleared_away_and_nothing_that_it_links_to(number: int, tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    for each in range(number):
        file = folder / str(each % 7) / f"{each}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("old")
    (folder / "0" / "link").symlink_to(outside, target_is_directory=True)
    (folder / "kept").symlink_to(outside / "kept")
    clear_away(folder)
    assert not folder.exists()
    assert (outside / "kept").read_text() == "kept"


def test_nothing_to_clear_away_is_no_error(tmp_path: Path) -> None:
    clear_away(tmp_path / "nothing")
