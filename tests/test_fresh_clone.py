"""A newcomer clones the repository and types the commands of the README."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from once import once
from samplesite import ROOT, facts_of

pytestmark = pytest.mark.slow

LEAST = {".html": 130, ".csv": 20, ".xlsx": 20, ".json": 20, ".xml": 3}


def _run(*words: object, cwd: Path, timeout: int = 600) -> str:
    """What a command says, on both streams; it must succeed. It knows nothing of this checkout."""
    hidden = (
        "VIRTUAL_ENV",
        "PYTHONPATH",
        "PYTHONHOME",
        "MAKEFLAGS",
        "MAKELEVEL",
        "COV_CORE_SOURCE",
    )
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment = {
        n: v for n, v in environment.items() if not n.startswith(("PYTEST_", "COVERAGE"))
    }
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


def _clone_and_build(folder: Path) -> str:
    _run("git", "clone", "--quiet", ROOT, folder / "clone", cwd=folder)
    return _run("make", "build", cwd=folder / "clone")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A fresh clone after ``make build``, and what that said."""
    folder, said = once(tmp_path_factory, "fresh", _clone_and_build)
    return folder / "clone", said


def test_one_command_builds_the_whole_site(built: tuple[Path, str]) -> None:
    clone, said = built
    files = [file for file in (clone / "build").rglob("*") if file.is_file()]
    counts = Counter(file.suffix for file in files)
    assert {
        suffix: counts[suffix] for suffix, least in LEAST.items() if counts[suffix] < least
    } == {}
    for name in ("index.html", "404.html", "sitemap.xml", "robots.txt", "manifest.json"):
        assert (clone / "build" / name).is_file()
    home = facts_of((clone / "build" / "index.html").read_text(encoding="utf-8"))
    assert "示范经济开发区" in home.title
    assert "没有错误，没有警告" in said


def test_the_build_leaves_the_repository_as_it_was(built: tuple[Path, str]) -> None:
    assert _run("git", "status", "--porcelain", cwd=built[0]) == ""


def test_a_second_build_writes_nothing(built: tuple[Path, str]) -> None:
    clone, _ = built
    before = {file: file.stat().st_mtime_ns for file in (clone / "build").rglob("*")}
    said = _run("make", "build", cwd=clone)
    assert {file: file.stat().st_mtime_ns for file in (clone / "build").rglob("*")} == before
    assert "写入 0 个" in said


def test_the_tests_that_are_committed_can_be_run(built: tuple[Path, str]) -> None:
    clone, _ = built
    assert "-m pytest" in _run("make", "--dry-run", "test", cwd=clone)
    said = _run(sys.executable, "-m", "pytest", "--collect-only", "-q", cwd=clone)
    assert re.search(r"\d{4,} tests collected", said), said[-500:]
