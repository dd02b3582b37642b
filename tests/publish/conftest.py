"""Servers that are pushed to, and the clerks who push."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from loopback import git
from pushing import Clerk, make_both, make_server


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Clerk:
    """A server with one push."""
    clerk = make_both(tmp_path_factory.mktemp("both"))
    pushed = clerk.push()
    assert pushed.status == 0, pushed.told
    return clerk


@pytest.fixture
def clerk(started: Clerk, tmp_path: Path) -> Clerk:
    """A clerk with a clone of their own, up to date."""
    git(tmp_path, "clone", "--quiet", "--branch", "main", str(started.server.repository), "site")
    (tmp_path / "home").mkdir()
    return Clerk(tmp_path / "site", started.server)


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a server and a clerk, after one push: to be copied."""
    folder = tmp_path_factory.mktemp("pattern") / "both"
    pushed = make_both(folder).push()
    assert pushed.status == 0, pushed.told
    return folder


@pytest.fixture
def alone(pattern: Path, tmp_path: Path) -> Clerk:
    """A server of one's own, with one push: moved there, and told where it is by setting it up."""
    shutil.copytree(pattern, tmp_path / "own", symlinks=True)
    return Clerk(tmp_path / "own/site", make_server(tmp_path / "own/srv"))
