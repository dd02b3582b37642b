"""The output folder holds exactly what the site has, beside what others put there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from sitegen.engine.commit import Written, commit
from sitegen.engine.reporter import Silent
from sitegen.engine.store import load_checked


class Bench:
    """An output folder, and staging that takes a mapping of addresses to texts."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.output = root / "build"
        self.record = root / ".sitegen" / "written.json"
        self.runs = 0

    def commit(self, files: dict[str, str], known: dict[str, str] | None = None):
        self.runs += 1
        staged = self.root / f"stage{self.runs}"
        written = []
        for address, text in files.items():
            target = staged / address
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
            digest = hashlib.sha256(text.encode()).hexdigest()
            written.append(Written(address, len(text), digest))
        self.output.mkdir(exist_ok=True)
        return commit(staged, written, self.output, self.record, Silent(), known=known or {})

    def tree(self) -> dict[str, str]:
        return {
            file.relative_to(self.output).as_posix(): file.read_text()
            for file in sorted(self.output.rglob("*"))
            if file.is_file()
        }


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_writes_what_differs_and_counts_it(bench: Bench) -> None:
    bench.commit({"a.html": "1", "b/c.html": "2"})
    done, problems = bench.commit({"a.html": "1", "b/c.html": "3", "d.html": "4"})
    assert problems == ()
    assert (done.written, done.unchanged, done.removed) == (2, 1, 0)
    assert bench.tree() == {"a.html": "1", "b/c.html": "3", "d.html": "4"}


def test_an_unchanged_file_is_not_touched(bench: Bench) -> None:
    bench.commit({"a.html": "1"})
    before = (bench.output / "a.html").stat()
    bench.commit({"a.html": "1"})
    after = (bench.output / "a.html").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_what_is_gone_is_removed_with_its_empty_folders(bench: Bench) -> None:
    bench.commit({"a/b/c.html": "1", "d.html": "2"})
    bench.commit({"d.html": "2"})
    assert bench.tree() == {"d.html": "2"}
    assert not (bench.output / "a").exists()


def test_files_of_others_stay(bench: Bench) -> None:
    bench.commit({"a/b.html": "1"})
    (bench.output / "a" / "note.txt").write_text("mine")
    (bench.output / ".git").mkdir()
    (bench.output / ".git" / "HEAD").write_text("ref")
    bench.commit({"d.html": "2"})
    assert bench.tree() == {".git/HEAD": "ref", "a/note.txt": "mine", "d.html": "2"}


def test_a_foreign_file_in_the_way_is_an_error_and_nothing_changes(bench: Bench) -> None:
    bench.commit({"a.html": "1"})
    (bench.output / "b.html").write_text("mine")
    done, problems = bench.commit({"a.html": "2", "b.html": "ours"})
    assert done is None
    assert [(p.code, str(p.where)) for p in problems] == [("B201", "build/b.html")]
    assert bench.tree() == {"a.html": "1", "b.html": "mine"}


def test_a_foreign_folder_in_the_way_is_an_error(bench: Bench) -> None:
    bench.output.mkdir()
    (bench.output / "a.html").mkdir()
    (bench.output / "a.html" / "x").write_text("mine")
    done, problems = bench.commit({"a.html": "1"})
    assert done is None
    assert [p.code for p in problems] == ["B201"]


def test_a_folder_with_files_of_ours_and_of_others_in_the_way_is_an_error(bench: Bench) -> None:
    bench.commit({"a/b.html": "1", "c.html": "2"})
    (bench.output / "a" / "x").write_text("mine")
    done, problems = bench.commit({"a": "3", "c.html": "4"})
    assert done is None
    assert [str(p.where) for p in problems] == ["build/a"]
    assert bench.tree() == {"a/b.html": "1", "a/x": "mine", "c.html": "2"}


def test_a_folder_that_somebody_put_in_the_place_of_an_output_is_an_error(bench: Bench) -> None:
    bench.commit({"a.html": "1", "b.html": "2"})
    (bench.output / "a.html").unlink()
    (bench.output / "a.html").mkdir()
    (bench.output / "a.html" / "x").write_text("mine")
    done, problems = bench.commit({"a.html": "1", "b.html": "3"})
    assert done is None
    assert [str(p.where) for p in problems] == ["build/a.html"]
    assert bench.tree() == {"a.html/x": "mine", "b.html": "2"}


@pytest.mark.parametrize("left", ["d", "d/below", "link"])
def test_an_empty_folder_or_a_link_of_somebody_is_not_cleared_away(bench: Bench, left: str) -> None:
    bench.commit({"a/b.html": "1"} if left != "d" else {"b.html": "1"})
    bench.output.joinpath("a").mkdir(exist_ok=True)
    if left == "link":
        (bench.output / "a" / "link").symlink_to(bench.root, target_is_directory=True)
    elif left == "d/below":
        (bench.output / "a" / "below").mkdir()
    done, problems = bench.commit({"a": "2"})
    assert done is None
    assert [problem.code for problem in problems] == ["B201"]
    assert (bench.output / "a").is_dir()


def test_a_foreign_file_where_a_folder_must_go_is_an_error(bench: Bench) -> None:
    bench.output.mkdir()
    (bench.output / "a").write_text("mine")
    done, problems = bench.commit({"a/b.html": "1"})
    assert done is None
    assert [str(p.where) for p in problems] == ["build/a"]


def test_a_file_may_become_a_folder_and_back(bench: Bench) -> None:
    bench.commit({"a": "1"})
    bench.commit({"a/b.html": "2"})
    assert bench.tree() == {"a/b.html": "2"}
    bench.commit({"a": "3"})
    assert bench.tree() == {"a": "3"}


def test_a_damaged_output_is_mended(bench: Bench) -> None:
    bench.commit({"a.html": "1", "b.html": "2"})
    (bench.output / "a.html").write_text("damaged")
    (bench.output / "b.html").unlink()
    done, _ = bench.commit({"a.html": "1", "b.html": "2"})
    assert done.written == 2
    assert bench.tree() == {"a.html": "1", "b.html": "2"}


def test_without_its_record_the_published_manifest_tells_what_is_ours(bench: Bench) -> None:
    digest = hashlib.sha256(b"1").hexdigest()
    manifest = json.dumps({"files": [{"path": "a.html", "size": 1, "sha256": digest}]})
    bench.commit({"a.html": "1", "manifest.json": manifest})
    bench.record.unlink()
    bench.commit({"b.html": "2", "manifest.json": "{}"})
    assert bench.tree() == {"b.html": "2", "manifest.json": "{}"}


def test_a_build_killed_between_two_files_is_finished_by_the_next(bench: Bench) -> None:
    bench.commit({"a.html": "1", "gone.html": "x"})

    class KilledError(Exception):
        pass

    class Killer(Silent):
        def advance(self, steps: int) -> None:
            raise KilledError

    staged = bench.root / "killed"
    staged.mkdir()
    files = {"a.html": "2", "new.html": "3"}
    for name, text in files.items():
        (staged / name).write_text(text)
    written = [Written(n, 1, hashlib.sha256(t.encode()).hexdigest()) for n, t in files.items()]
    with pytest.raises(KilledError):
        commit(staged, written, bench.output, bench.record, Killer())
    _, problems = bench.commit({"other.html": "4"})
    assert problems == ()
    assert bench.tree() == {"other.html": "4"}


def test_new_folders_come_whole_and_old_ones_keep_what_others_put_there(bench: Bench) -> None:
    bench.commit({"a/old.html": "1"})
    (bench.output / "a" / "theirs.txt").write_text("x")
    done, problems = bench.commit(
        {"a/old.html": "1", "a/b/new.html": "2", "c/d/e.html": "3", "c/f.html": "4"}
    )
    assert problems == ()
    assert (done.written, done.unchanged, done.removed) == (3, 1, 0)
    assert bench.tree() == {
        "a/b/new.html": "2",
        "a/old.html": "1",
        "a/theirs.txt": "x",
        "c/d/e.html": "3",
        "c/f.html": "4",
    }


def test_the_whole_output_comes_in_one_go_where_there_was_none(bench: Bench) -> None:
    staged = bench.root / "stage"
    (staged / "a").mkdir(parents=True)
    (staged / "a" / "b.html").write_text("1")
    digest = hashlib.sha256(b"1").hexdigest()
    output = bench.root / "new" / "build"
    done, problems = commit(
        staged, [Written("a/b.html", 1, digest)], output, bench.record, Silent()
    )
    assert problems == ()
    assert (done.written, done.unchanged, done.removed) == (1, 0, 0)
    assert (output / "a" / "b.html").read_text() == "1"
    assert not staged.exists()
    assert load_checked(bench.record) == b"a/b.html"


def test_a_linked_folder_of_the_output_is_written_into(bench: Bench) -> None:
    elsewhere = bench.root / "elsewhere"
    elsewhere.mkdir()
    bench.output.mkdir()
    (bench.output / "a").symlink_to(elsewhere, target_is_directory=True)
    done, problems = bench.commit({"a/b.html": "1"})
    assert problems == ()
    assert done.written == 1
    assert (bench.output / "a").is_symlink()
    assert (elsewhere / "b.html").read_text() == "1"


def test_what_is_known_to_stand_there_is_looked_at_only_if_it_might_do(bench: Bench) -> None:
    """A file that somebody altered after it was seen is mended all the same."""
    bench.commit({"a.html": "1", "b.html": "2"})
    (bench.output / "a.html").write_text("x")
    known = {address: hashlib.sha256(text).hexdigest() for address, text in
             (("a.html", b"1"), ("b.html", b"2"))}  # fmt: skip
    done, _ = bench.commit({"a.html": "1", "b.html": "3"}, known)
    assert (done.written, done.unchanged) == (2, 0)
    assert bench.tree() == {"a.html": "1", "b.html": "3"}
