"""A preview starts from what builds and earlier previews have read, wherever that still holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from smallsite import DAY, NOW, edit, small_site, started, write

from sitegen.build import BuildOptions, build
from sitegen.engine.reporter import Silent
from sitegen.engine.workspace import workspace
from sitegen.making import reading


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_site(tmp_path / "site")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that are read from their sources, as they are."""
    found: list[str] = []
    real: Callable[..., object] = reading.read_document

    def noted(path: str, *arguments: object, **named: object) -> object:
        found.append(path)
        return real(path, *arguments, **named)

    monkeypatch.setattr(reading, "read_document", noted)
    return found


def pages(root: Path) -> dict[str, bytes]:
    session = started(root)
    found = {address: session.answer(address).page.content for address in session.state().outputs}
    session.close()
    return found


def test_after_a_preview_only_what_changed_is_read(root: Path, read: list[str]) -> None:
    first = pages(root)
    assert {"tzgg/kaifang.md", "tzgg/caogao.md", "shoufei/2026.yaml"} < set(read)
    read.clear()
    assert pages(root) == first
    assert read == []
    edit(root, "shoufei/2026/2026.csv", "12.50", "13.50")
    edit(root, "tzgg/kaifang.md", "照常", "正常")
    changed = pages(root)
    assert read == ["shoufei/2026.yaml", "tzgg/kaifang.md"]
    assert "13.50" in changed["shoufei/2026.html"].decode()
    assert "正常" in changed["tzgg/kaifang.html"].decode()


def test_a_build_and_a_preview_share_what_they_read(root: Path, read: list[str]) -> None:
    build(BuildOptions(root, root / "build", as_of=DAY), NOW, Silent())
    read.clear()
    pages(root)
    assert read == []
    edit(root, "tzgg/kaifang.md", "照常", "正常")
    pages(root)
    assert read == ["tzgg/kaifang.md"]
    build(BuildOptions(root, root / "build", as_of=DAY), NOW, Silent())
    assert read == ["tzgg/kaifang.md"]


def test_what_is_kept_and_damaged_is_read_again(root: Path, read: list[str]) -> None:
    first = pages(root)
    for pack in (root / ".sitegen/facts").glob("*.pack"):
        pack.write_bytes(bytes(len(pack.read_bytes())))
    read.clear()
    assert pages(root) == first
    assert "tzgg/kaifang.md" in read


def test_a_build_that_is_running_is_not_waited_for(root: Path) -> None:
    first = pages(root)
    with workspace(root, root / "build"):
        assert pages(root) == first


def test_a_folder_that_cannot_be_written_is_no_hindrance(root: Path) -> None:
    (root / ".sitegen").write_text("a file where the folder should be")
    assert "tzgg/kaifang.html" in pages(root)


def test_a_problem_of_a_kept_document_is_told_again(root: Path) -> None:
    edit(root, "tzgg/kaifang.md", "2026-03-02", "三月二日x")
    for _ in range(2):
        session = started(root)
        assert [problem.code for problem in session.state().problems].count("K103") == 1
        session.close()


def test_a_hint_that_names_the_files_of_a_folder_follows_the_folder(root: Path) -> None:
    """A missing data file is told with the nearest name that there is."""
    edit(root, "shoufei/2026.yaml", "2026.csv", "2026n.csv")
    session = started(root)
    before = [problem for problem in session.state().problems if "2026n.csv" in str(problem.values)]
    write(root, "shoufei/2026/2026nn.csv", "项目编码,收费标准\n1,2\n")
    session.refresh()
    after = [problem for problem in session.state().problems if "2026n.csv" in str(problem.values)]
    session.close()
    assert before
    assert before != after
