"""A server that publishes what is pushed to it, and clerks who push."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from loopback import commit, environment, git

from sitegen.authoring.starting import start_site
from sitegen.cli import main

GOOD = """\
---
标题: {title}
发布日期: {day}
责任部门: 党政办公室
内容概述: {title}。
---

正文。
"""
BROKEN = "---\nbroken: [\n---\n"


@dataclass(frozen=True)
class Pushed:
    """What a clerk saw."""

    status: int
    told: str


@dataclass(frozen=True)
class Server:
    """A server below `folder`."""

    folder: Path

    @property
    def repository(self) -> Path:
        return self.folder / "repo.git"

    @property
    def base(self) -> Path:
        return self.folder / "www"

    @property
    def current(self) -> str:
        """The name of the release that is served; empty before the first."""
        link = self.base / "current"
        return link.readlink().name if link.is_symlink() else ""

    @property
    def releases(self) -> list[str]:
        return sorted(path.name for path in (self.base / "releases").glob("2*"))

    def page(self, address: str) -> str:
        """A published page; empty if there is none."""
        path = self.base / "current" / address
        return path.read_text("utf-8") if path.exists() else ""

    def head(self, branch: str = "main") -> str:
        """The commit that a branch is at; empty without the branch."""
        words = ["git", "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}"]
        done = subprocess.run(words, cwd=self.repository, capture_output=True, text=True)
        return done.stdout.strip()

    def edit_settings(self, **values: object) -> None:
        """Change ``server.json`` as a technician would."""
        path = self.folder / "server.json"
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | values), "utf-8")


@dataclass(frozen=True)
class Clerk:
    """Somebody with a clone of the site, and a home without any configuration of git."""

    root: Path
    server: Server

    def write(self, name: str, text: str = "", title: str = "通知", day: str = "2026-03-02") -> str:
        """Write a document into the column and commit it; returns the commit."""
        path = self.root / "content/tzgg" / name
        path.write_text(text or GOOD.format(title=title, day=day), "utf-8")
        return commit(self.root, title)

    def push(self, ref: str = "HEAD:main", *options: str, **more: str) -> Pushed:
        """Push; `more` are variables of the environment."""
        process = self.begin(ref, *options, **more)
        told, _ = process.communicate(timeout=120)
        return Pushed(process.returncode, told)

    def begin(self, ref: str = "HEAD:main", *options: str, **more: str) -> subprocess.Popen[str]:
        """Begin to push."""
        words = ["git", "push", "--no-progress", *options, str(self.server.repository), ref]
        return subprocess.Popen(
            words,
            cwd=self.root,
            env=environment(self.root.parent / "home") | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )


def run(*words: str) -> tuple[int, str, str]:
    """Run the program in this process; its status, output and messages."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(list(words))
    return status, out.getvalue(), err.getvalue()


def make_site(root: Path) -> None:
    """A new site in a repository, with one column."""
    assert start_site(root) is None
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "建站")


def make_server(folder: Path, *options: str) -> Server:
    """Set a server up."""
    status, _out, err = run("server", "init", str(folder), *options)
    assert status == 0, err
    return Server(folder)


def make_both(folder: Path, *options: str) -> Clerk:
    """A server, and a clerk who has a site that was never pushed."""
    make_site(folder / "site")
    (folder / "home").mkdir(exist_ok=True)
    return Clerk(folder / "site", make_server(folder / "srv", *options))
