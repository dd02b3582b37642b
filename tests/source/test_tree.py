"""The content folder as a list of files: what is taken in, what is refused, and where."""

from __future__ import annotations

import os
import socket
import unicodedata
from pathlib import Path

import pytest

from sitegen.source import tree as tree_module
from sitegen.source.tree import Tree, scan

LIMIT = 1000


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    return folder


def put(folder: Path, *names: str) -> None:
    for name in names:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(name.encode("utf-8", "surrogateescape"))


def paths(content: Path) -> list[str]:
    """The paths of a folder without problems."""
    tree, problems = scan(content, LIMIT)
    assert problems == ()
    return [file.path for file in tree]


def faults(content: Path, limit: int = LIMIT) -> list[tuple[str, str]]:
    _, problems = scan(content, limit)
    return [(str(problem.where), problem.code) for problem in problems]


class TestTree:
    def test_files_are_sorted_by_path_and_know_their_size(self, content: Path) -> None:
        put(content, "b.md", "a/z.md", "a-b.md", "a/附件.pdf")
        tree, problems = scan(content, LIMIT)
        assert problems == ()
        assert [(file.path, file.size) for file in tree] == [
            ("a-b.md", 6), ("a/z.md", 6), ("a/附件.pdf", 12), ("b.md", 4),
        ]  # fmt: skip

    def test_a_file_is_found_and_read_by_its_path(self, content: Path) -> None:
        put(content, "a/附件.pdf")
        tree, _ = scan(content, LIMIT)
        assert "a/附件.pdf" in tree
        assert "a" not in tree
        assert len(tree) == 1
        assert tree.read("a/附件.pdf") == "a/附件.pdf".encode()
        assert tree.file("a/附件.pdf").disk.read_bytes() == "a/附件.pdf".encode()
        with pytest.raises(KeyError):
            tree.read("a/other.pdf")
        with pytest.raises(KeyError):
            tree.file("a/other.pdf")

    def test_a_file_that_vanished_is_a_problem(self, content: Path) -> None:
        put(content, "a.md")
        tree, _ = scan(content, LIMIT)
        (content / "a.md").unlink()
        data, (problem,) = tree.load("a.md")
        assert data is None
        assert (str(problem.where), problem.code) == ("content/a.md", "S005")

    def test_a_file_that_is_there_loads(self, content: Path) -> None:
        put(content, "a.md")
        tree, _ = scan(content, LIMIT)
        assert tree.load("a.md") == (b"a.md", ())
        assert tree.load("b.md")[0] is None

    def test_no_folder(self, tmp_path: Path) -> None:
        tree, (problem,) = scan(tmp_path / "content", LIMIT)
        assert tree == Tree(tmp_path / "content", ())
        assert problem.code == "S001"


class TestNames:
    def test_leftovers_of_editors_and_systems_are_ignored(self, content: Path) -> None:
        put(content, ".git/config", ".a.md.swp", "~$表.xlsx", "a.md~", "b.TMP", "Thumbs.db")
        put(content, "x/desktop.ini", "x/.hidden/a.md", "kept.md")
        assert paths(content) == ["kept.md"]

    def test_names_are_normalised(self, content: Path) -> None:
        put(content, unicodedata.normalize("NFD", "caf\u00e9/r\u00e9sum\u00e9.md"))
        assert paths(content) == [unicodedata.normalize("NFC", "caf\u00e9/r\u00e9sum\u00e9.md")]

    def test_full_width_names_are_kept(self, content: Path) -> None:
        put(content, "附件（一）.pdf")
        assert paths(content) == ["附件（一）.pdf"]

    def test_a_decomposed_file_is_read_under_its_composed_name(self, content: Path) -> None:
        put(content, "e\u0301.md")
        tree, _ = scan(content, LIMIT)
        assert tree.read("\u00e9.md") == b"e\xcc\x81.md"

    @pytest.mark.parametrize(
        ("first", "second"), [("A.md", "a.md"), ("e\u0301.md", "\u00e9.md"), ("ß.md", "SS.md")]
    )
    def test_names_that_are_equal_elsewhere(self, content: Path, first: str, second: str) -> None:
        put(content, first, second)
        assert [code for _, code in faults(content)] == ["S007"]
        tree, (problem,) = scan(content, LIMIT)
        assert len(tree) == 1
        values = dict(problem.values)
        assert {values["name"], values["other"]} == {
            unicodedata.normalize("NFC", name) for name in (first, second)
        }

    def test_folders_that_are_equal_elsewhere(self, content: Path) -> None:
        put(content, "A/x.md", "a/y.md")
        assert faults(content) == [("content/a", "S007")]

    def test_the_same_name_in_two_folders_is_allowed(self, content: Path) -> None:
        put(content, "a/x.md", "b/X.md", "x.md")
        assert len(paths(content)) == 3

    @pytest.mark.parametrize(
        "name", ["con", "NUL.md", "com1.tar.gz", "a:b.md", "a?.md", 'a".md', "a\\b.md", "a\nb.md"]
    )
    def test_names_that_windows_does_not_hold(self, content: Path, name: str) -> None:
        put(content, name)
        ((_, code),) = faults(content)
        assert code == "S008"

    @pytest.mark.parametrize("name", ["console.md", "com10.md", "common", "nul-1.md"])
    def test_names_that_only_look_so(self, content: Path, name: str) -> None:
        put(content, name)
        assert paths(content) == [name]

    @pytest.mark.parametrize("name", ["a.", "a.md ", "folder./a.md", "folder /a.md"])
    def test_trailing_dot_or_space(self, content: Path, name: str) -> None:
        put(content, name)
        assert faults(content) == [(f"content/{name.partition('/')[0]}", "S009")]

    def test_a_name_in_another_encoding(self, content: Path) -> None:
        place = os.fsencode(content) + b"/" + "附件.md".encode("gb18030")
        Path(os.fsdecode(place)).write_bytes(b"x")
        ((where, code),) = faults(content)
        assert code == "S010"
        assert where.encode().decode() == where == "content/\\xb8\\xbd\\xbc\\xfe.md"


class TestFiles:
    def test_too_large(self, content: Path) -> None:
        (content / "a.pdf").write_bytes(b"x" * (LIMIT + 1))
        tree, (problem,) = scan(content, LIMIT)
        assert len(tree) == 0
        assert problem.message() == "the file is too large: 1.0 KB; at most 1.0 KB is allowed"

    def test_texts_have_their_own_limit(self, content: Path) -> None:
        (content / "a.md").write_bytes(b"x" * 20)
        (content / "a.pdf").write_bytes(b"x" * 20)
        tree, problems = scan(content, LIMIT, 10)
        assert [file.path for file in tree] == ["a.pdf"]
        assert [str(problem.where) for problem in problems] == ["content/a.md"]

    def test_special_files_are_not_opened(self, content: Path) -> None:
        os.mkfifo(content / "pipe.md")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(content / "s"))
            assert faults(content) == [("content/pipe.md", "S011"), ("content/s", "S011")]

    def test_a_file_without_permission(
        self, content: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(content, "a.md", "b.md")
        (content / "a.md").chmod(0)
        monkeypatch.setattr(tree_module.os, "access", lambda *_: False)
        assert faults(content) == [("content/a.md", "S005")]

    def test_a_folder_without_permission(
        self, content: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(content, "a/x.md", "b.md")
        listing = os.scandir

        def refuse(place: str) -> object:
            if place.endswith("/a"):
                raise PermissionError(13, "Permission denied")
            return listing(place)

        monkeypatch.setattr(tree_module.os, "scandir", refuse)
        assert faults(content) == [("content/a", "S005")]
        assert [file.path for file in scan(content, LIMIT)[0]] == ["b.md"]


class TestLinks:
    def test_links_inside_are_followed(self, content: Path) -> None:
        put(content, "a/x.md")
        (content / "b").symlink_to("a")
        (content / "y.md").symlink_to(content / "a" / "x.md")
        assert paths(content) == ["a/x.md", "b/x.md", "y.md"]
        assert scan(content, LIMIT)[0].read("b/x.md") == b"a/x.md"

    def test_links_that_leave(self, content: Path) -> None:
        (content.parent / "content-other").mkdir()
        put(content.parent, "secret.md")
        (content / "a.md").symlink_to("../secret.md")
        (content / "b").symlink_to("..")
        (content / "c").symlink_to("/etc")
        (content / "d").symlink_to("../content-other")
        assert faults(content) == [(f"content/{name}", "S002") for name in ("a.md", "b", "c", "d")]

    def test_a_link_out_of_a_linked_folder(self, content: Path) -> None:
        put(content, "a/x.md")
        (content / "a" / "out").symlink_to(content.parent)
        (content / "b").symlink_to("a")
        assert faults(content) == [("content/a/out", "S002"), ("content/b/out", "S002")]

    def test_a_broken_link(self, content: Path) -> None:
        (content / "a.md").symlink_to("nowhere.md")
        assert faults(content) == [("content/a.md", "S003")]

    def test_loops(self, content: Path) -> None:
        put(content, "a/x.md")
        (content / "a" / "up").symlink_to("..")
        (content / "a" / "same").symlink_to(".")
        (content / "one").symlink_to("two")
        (content / "two").symlink_to("one")
        assert faults(content) == [
            ("content/a/same", "S004"),
            ("content/a/up", "S004"),
            ("content/one", "S004"),
            ("content/two", "S004"),
        ]

    def test_the_content_itself_may_be_a_link(self, content: Path, tmp_path: Path) -> None:
        put(content, "a.md")
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "content").symlink_to(content)
        assert paths(tmp_path / "site" / "content") == ["a.md"]


def test_nesting_has_an_end(content: Path) -> None:
    put(content, "d/" * 45 + "x.md")
    ((_, code),) = faults(content)
    assert code == "S012"
