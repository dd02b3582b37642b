"""The record of a content folder, read from real repositories."""

from __future__ import annotations

import datetime
import os
import subprocess
from pathlib import Path

import pytest

from sitegen.source.history import NO_HISTORY, History, read_history

ZONE = "Asia/Shanghai"


class Repository:
    """A git repository whose commits have given times (UTC)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.content = root / "site" / "content"
        self.content.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, at: str = "2026-03-01T04:00:00Z") -> str:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        environment |= {
            "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z",
            "GIT_COMMITTER_DATE": at,
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        who = ["-c", "user.name=editor", "-c", "user.email=editor@shifan.example"]
        done = subprocess.run(
            ["git", *who, *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            check=True,
            text=True,
        )
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        path = self.content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def commit(self, at: str) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "work", at=at)
        return self.git("rev-parse", "HEAD")

    def history(self) -> History:
        history, problems = read_history(self.content, ZONE)
        assert problems == ()
        return history


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "仓库")


def life(history: History, path: str) -> list[tuple[str, str, str]]:
    return [(str(t.on), t.act, t.path) for t in history.files[path].touches]


def long_text(start: str) -> str:
    return start + "".join(f"第{number}行 事项说明\n" for number in range(40))


def test_one_trail_for_each_file_below_the_content_folder(repository: Repository) -> None:
    (repository.root / "README").write_text("outside")
    repository.write("通知/公告.md", "a")
    first = repository.commit("2026-03-01T04:00:00Z")
    repository.write("通知/公告.md", "b")
    second = repository.commit("2026-03-05T04:00:00Z")

    history = repository.history()

    assert (history.present, history.shallow, history.head) == (True, False, second)
    assert list(history.files) == ["通知/公告.md"]
    added, edited = history.files["通知/公告.md"].touches
    assert (added.commit, added.act, added.first) == (first, "added", True)
    assert (edited.commit, edited.act, edited.first) == (second, "edited", False)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-01T15:59:59Z", "2026-03-01"),
        ("2026-03-01T16:00:00Z", "2026-03-02"),
        ("2026-02-28T23:30:00-05:00", "2026-03-01"),
    ],
)
def test_days_are_the_committers_in_the_zone_of_the_site(
    repository: Repository, moment: str, day: str
) -> None:
    repository.write("a.md", "a")
    repository.commit(moment)
    assert life(repository.history(), "a.md") == [(day, "added", "a.md")]


def test_renames_are_followed_through_edits(repository: Repository) -> None:
    repository.write("a/旧名.md", long_text("一"))
    repository.commit("2026-03-01T04:00:00Z")
    repository.git("mv", "site/content/a", "site/content/b")
    repository.write("b/旧名.md", long_text("二"))
    repository.commit("2026-03-02T04:00:00Z")
    repository.git("mv", "site/content/b/旧名.md", "site/content/b/new.md")
    repository.commit("2026-03-03T04:00:00Z")

    history = repository.history()

    assert life(history, "b/new.md") == [
        ("2026-03-01", "added", "a/旧名.md"),
        ("2026-03-02", "moved", "b/旧名.md"),
        ("2026-03-03", "moved", "b/new.md"),
    ]
    assert [t.old for t in history.files["b/new.md"].touches] == ["", "a/旧名.md", "b/旧名.md"]
    assert history.gone == ()


def test_two_files_that_swap_their_names_keep_their_lives(repository: Repository) -> None:
    repository.write("a.md", long_text("甲\n" * 30))
    repository.commit("2026-03-01T04:00:00Z")
    repository.write("b.md", "".join(f"line {n} of quite another text\n" for n in range(60)))
    repository.commit("2026-03-02T04:00:00Z")
    for old, new in (("a.md", "c.md"), ("b.md", "a.md"), ("c.md", "b.md")):
        repository.git("mv", f"site/content/{old}", f"site/content/{new}")
    repository.commit("2026-03-03T04:00:00Z")
    # git sees a swap as two edits unless it breaks pairs: either way nothing is lost
    history = repository.history()
    assert list(history.files) == ["a.md", "b.md"]
    assert history.gone == ()
    assert all(life(history, path)[-1][0] == "2026-03-03" for path in ("a.md", "b.md"))


def test_a_new_page_like_an_old_one_is_no_copy_of_it(repository: Repository) -> None:
    repository.write("2025.md", long_text("2025"))
    repository.commit("2026-03-01T04:00:00Z")
    repository.write("2026.md", long_text("2026"))
    repository.commit("2026-03-02T04:00:00Z")
    assert life(repository.history(), "2026.md") == [("2026-03-02", "added", "2026.md")]


def test_deleted_documents_keep_their_last_text(repository: Repository) -> None:
    repository.write("公告.md", "一\n")
    repository.write("表.xlsx", "x")
    repository.commit("2026-03-01T04:00:00Z")
    repository.write("公告.md", "二\n")
    repository.commit("2026-03-02T04:00:00Z")
    (repository.content / "公告.md").unlink()
    (repository.content / "表.xlsx").unlink()
    repository.write("b.md", "other")
    repository.commit("2026-03-03T04:00:00Z")

    gone = {trail.path: trail for trail in repository.history().gone}

    assert gone["公告.md"].last_text == "二\n".encode()
    assert [t.act for t in gone["公告.md"].touches] == ["added", "edited", "deleted"]
    assert gone["表.xlsx"].last_text is None


def test_a_file_that_comes_back_goes_on_with_its_life(repository: Repository) -> None:
    repository.write("a.md", "a")
    repository.write("b.md", "b")
    repository.commit("2026-03-01T04:00:00Z")
    (repository.content / "a.md").unlink()
    repository.commit("2026-03-02T04:00:00Z")
    repository.write("a.md", "a")
    repository.commit("2026-03-03T04:00:00Z")

    history = repository.history()

    assert [act for _, act, _ in life(history, "a.md")] == ["added", "deleted", "added"]
    assert history.gone == ()


def test_a_merge_is_one_commit_on_the_day_it_was_merged(repository: Repository) -> None:
    repository.write("a.md", "a")
    repository.commit("2026-03-01T04:00:00Z")
    repository.git("checkout", "-q", "-b", "draft")
    repository.write("b.md", "b")
    repository.commit("2026-03-02T04:00:00Z")
    repository.git("checkout", "-q", "main")
    repository.write("a.md", "aa")
    repository.commit("2026-03-03T04:00:00Z")
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "draft", at="2026-03-09T04:00:00Z")

    history = repository.history()

    assert life(history, "b.md") == [("2026-03-09", "added", "b.md")]
    assert life(history, "a.md")[-1] == ("2026-03-03", "edited", "a.md")


def test_a_shallow_clone_is_told(repository: Repository, tmp_path: Path) -> None:
    repository.write("a.md", "a")
    repository.commit("2026-03-01T04:00:00Z")
    repository.write("a.md", "b")
    repository.commit("2026-03-02T04:00:00Z")
    clone = tmp_path / "clone"
    source = f"file://{repository.root}"
    subprocess.run(["git", "clone", "-q", "--depth", "1", source, str(clone)], check=True)

    history, problems = read_history(clone / "site" / "content", ZONE)

    assert history.shallow
    assert problems == ()


def test_no_repository_is_no_history(tmp_path: Path) -> None:
    assert read_history(tmp_path, ZONE) == (NO_HISTORY, ())


def test_no_commit_is_no_history(repository: Repository) -> None:
    repository.write("a.md", "a")
    assert read_history(repository.content, ZONE) == (NO_HISTORY, ())


def test_no_commit_of_content_is_no_history(repository: Repository) -> None:
    (repository.root / "README").write_text("outside")
    repository.commit("2026-03-01T04:00:00Z")
    assert read_history(repository.content, ZONE) == (NO_HISTORY, ())


def test_no_git_is_no_history(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.write("a.md", "a")
    repository.commit("2026-03-01T04:00:00Z")
    monkeypatch.setenv("PATH", "/nonexistent")
    assert read_history(repository.content, ZONE) == (NO_HISTORY, ())


def test_taste_and_variables_of_the_user_change_nothing(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("中.md", long_text("中"))
    repository.commit("2026-03-01T04:00:00Z")
    repository.git("mv", "site/content/中.md", "site/content/文.md")
    repository.commit("2026-03-02T04:00:00Z")
    plain = repository.history()
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[core]\n quotepath = on\n pager = false\n[log]\n showSignature = true\n follow = true\n"
        " diffMerges = off\n date = iso\n[diff]\n renames = false\n noprefix = true\n"
        "[color]\n ui = always\n[format]\n pretty = fuller\n[status]\n short = true\n"
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    monkeypatch.setenv("GIT_PAGER", "false")
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    monkeypatch.setenv("LC_ALL", "C")

    assert repository.history() == plain


def test_a_repository_of_somebody_else_is_a_notice(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("a.md", "a")
    repository.commit("2026-03-01T04:00:00Z")
    monkeypatch.setattr(
        "sitegen.source.history._run",
        lambda *_, **__: subprocess.CompletedProcess(
            [], 128, b"", b"fatal: detected dubious ownership in repository at '/srv/site'\n"
        ),
    )
    history, problems = read_history(repository.content, ZONE)
    assert history == NO_HISTORY
    assert [(p.code, str(p.severity), str(p.where)) for p in problems] == [
        ("H101", "notice", "content")
    ]


def test_what_is_not_committed_is_listed_when_asked(repository: Repository) -> None:
    repository.write("a.md", "a")
    repository.write("旧.md", "b")
    repository.commit("2026-03-01T04:00:00Z")
    repository.write("a.md", "changed")
    repository.write("新.md", "new")
    (repository.root / "README").write_text("outside")

    history, _ = read_history(repository.content, ZONE, uncommitted=True)

    assert history.uncommitted == ("a.md", "新.md")
    assert repository.history().uncommitted is None


def test_odd_file_names_are_read_by_position(repository: Repository) -> None:
    names = ["a b.md", "M\tx.md", "R100", "引号\"'.md", "\u0002x 1.md"]
    for name in names:
        repository.write(name, name)
    repository.commit("2026-03-01T04:00:00Z")
    assert list(repository.history().files) == sorted(names)


def test_an_unknown_time_zone_is_left_to_the_settings(repository: Repository) -> None:
    repository.write("a.md", "a")
    repository.commit("2026-03-01T20:00:00Z")
    history, problems = read_history(repository.content, "Asia/Nowhere")
    assert problems == ()
    assert history.files["a.md"].touches[0].on == datetime.date(2026, 3, 2)
