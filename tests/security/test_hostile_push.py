"""A push that means harm is refused, or harms nobody: with real git and the hooks of a server."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from loopback import commit, environment, git
from pushing import GOOD, Clerk, make_both, run


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Clerk:
    clerk = make_both(tmp_path_factory.mktemp("both"))
    pushed = clerk.push()
    assert pushed.status == 0, pushed.told
    return clerk


@pytest.fixture
def clerk(pattern: Clerk, tmp_path: Path) -> Clerk:
    """Somebody with a clone of their own, up to date."""
    git(tmp_path, "clone", "--quiet", "--branch", "main", str(pattern.server.repository), "site")
    (tmp_path / "home").mkdir()
    return Clerk(tmp_path / "site", pattern.server)


def test_no_filter_hook_or_submodule_of_a_commit_is_run_or_fetched(
    clerk: Clerk, tmp_path: Path
) -> None:
    """Not even with filters that the account of the server has set up for other work."""
    proof = tmp_path / "was-run"
    script = tmp_path / "run.sh"
    script.write_text(f"#!/bin/sh\ntouch {proof}\ncat\n")
    script.chmod(0o755)
    (tmp_path / "home/.gitconfig").write_text(
        f'[filter "evil"]\n\tsmudge = {script}\n\tclean = {script}\n\trequired = true\n'
        f"[core]\n\thooksPath = {tmp_path}/hooks\n"
        f'[diff "evil"]\n\ttextconv = {script}\n\tcommand = {script}\n'
        f"[submodule]\n\trecurse = true\n[protocol]\n\tallow = always\n"
    )
    (tmp_path / "hooks").mkdir()
    for name in ("post-checkout", "post-index-change", "reference-transaction"):
        shutil.copy(script, tmp_path / "hooks" / name)
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    commit(other)
    (clerk.root / ".gitattributes").write_text("*.md filter=evil diff=evil\n")
    (clerk.root / ".lfsconfig").write_text("[lfs]\n\turl = http://127.0.0.1:9/\n")
    (clerk.root / ".githooks").mkdir()
    shutil.copy(script, clerk.root / ".githooks/post-checkout")
    (clerk.root / ".gitmodules").write_text(f'[submodule "ziji"]\n\tpath = ziji\n\turl = {other}\n')
    head = git(other, "rev-parse", "HEAD").strip()
    git(clerk.root, "update-index", "--add", "--cacheinfo", f"160000,{head},ziji")
    git(clerk.root, "add", ".gitattributes", ".lfsconfig", ".githooks", ".gitmodules")
    text = GOOD.format(title="过滤", day="2026-03-02")
    (clerk.root / "content/tzgg/guolv.md").write_text(text, "utf-8")
    git(clerk.root, "add", "content")
    git(clerk.root, "commit", "--quiet", "-m", "过滤")
    pushed = clerk.push()
    assert pushed.status == 0, pushed.told
    assert clerk.server.page("tzgg/guolv.html")
    assert not proof.exists()
    assert not list((clerk.server.folder / "build/site/ziji").glob("*"))


def _tree(clerk: Clerk, *entries: tuple[str, str, str, str]) -> str:
    """A commit on top of the branch whose tree has these entries; git itself would make none."""
    listed = git(clerk.root, "ls-tree", "HEAD")
    text = listed + "".join(f"{mode} {kind} {sha}\t{name}\n" for mode, kind, sha, name in entries)
    tree = _fed(clerk, text, "mktree", "--missing")
    return git(clerk.root, "commit-tree", tree, "-p", "HEAD", "-m", "x").strip()


def _fed(clerk: Clerk, given: str, *words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=clerk.root, input=given.encode(), capture_output=True, check=True,
        env=environment(clerk.root),
    )  # fmt: skip
    return done.stdout.decode().strip()


@pytest.mark.parametrize("name", [".git", ".GIT", "..", ".", "git~1"])
def test_a_tree_that_would_reach_into_the_repository_is_refused(clerk: Clerk, name: str) -> None:
    blob = _fed(clerk, "[core]\n\tfsmonitor = id\n", "hash-object", "-w", "--stdin")
    head = clerk.server.head()
    inner = _fed(clerk, f"100644 blob {blob}\tconfig\n", "mktree")
    pushed = clerk.push(f"{_tree(clerk, ('040000', 'tree', inner, name))}:main")
    assert pushed.status != 0
    assert clerk.server.head() == head


def test_a_gitmodules_with_an_option_for_an_address_is_refused(clerk: Clerk) -> None:
    head = clerk.server.head()
    (clerk.root / ".gitmodules").write_text('[submodule "a"]\n\tpath = a\n\turl = -uid\n')
    commit(clerk.root)
    assert clerk.push().status != 0
    assert clerk.server.head() == head


BOMBS = {
    "number": "{{ 10 ** (10 ** 10) }}",
    "text": "{% set a = 'a' * 10 ** 9 %}{{ a ~ a ~ a ~ a ~ a ~ a ~ a ~ a ~ a ~ a ~ a ~ a }}",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_template_that_never_ends_is_refused(bomb: str, clerk: Clerk) -> None:
    """The server's limits end it; the pusher is told, and the site stays."""
    clerk.server.edit_settings(seconds=3, memory_mb=1500)
    assert run("server", "init", str(clerk.server.folder))[0] == 0
    head, current = clerk.server.head(), clerk.server.current
    theme = clerk.root / "themes/own/templates"
    theme.mkdir(parents=True)
    (theme / "404.html").write_text(BOMBS[bomb])
    settings = clerk.root / "content/site.yaml"
    settings.write_text(settings.read_text("utf-8") + "\n主题: own\n", "utf-8")
    commit(clerk.root)
    pushed = clerk.push()
    assert pushed.status != 0
    assert "时间或内存" in pushed.told or "R209" in pushed.told, pushed.told
    assert (clerk.server.head(), clerk.server.current) == (head, current)
    git(clerk.root, "reset", "--quiet", "--hard", "HEAD~1")
    clerk.write(f"hou-{bomb}.md", title=f"之后的通知 {bomb}")
    after = clerk.push()
    assert after.status == 0, after.told
