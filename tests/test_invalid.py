"""Bad input: the exact problems of every case under ``tests/invalid``, all in one run.

A case is a folder whose files are laid over the good site ``_base``; what cannot stand in a
repository is made by `odd_files`. ``expected.txt`` holds what a clerk reads (``expected.zh.txt``:
in Chinese). With ``UPDATE_GOLDEN=1`` in the environment they are written anew: read them then, as
somebody who knows Excel and not Python.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from odd_files import MAKERS, OPTIONS

from sitegen.cli import main

CASES = Path(__file__).parent / "invalid"
BASE = CASES / "_base"
NAMES = sorted(
    {folder.name for folder in CASES.iterdir() if folder.is_dir() and folder != BASE} | {*MAKERS}
)
UPDATE = bool(os.environ.get("UPDATE_GOLDEN"))
DAY = "2026-11-01"

_PROBLEM = re.compile(r".*\S [A-Z]\d{3}: .*|    .*")
"""A line that tells a problem, shows where it stands, or hints; progress and summary do not fit."""


def run(root: Path, *arguments: str) -> tuple[int, str]:
    """Run the program in this process; its exit status and standard error."""
    stream = io.StringIO()
    with contextlib.redirect_stderr(stream), contextlib.redirect_stdout(io.StringIO()):
        status = main([*arguments, "-C", str(root)])
    return status, stream.getvalue()


def build(root: Path, language: str = "en", *more: str) -> tuple[int, str]:
    """Build the site on a fixed day; its exit status and the problems, without the summary."""
    options = ("--as-of", DAY, "--jobs", "1", "--lang", language, "--verbose")
    status, text = run(root, "build", *options, *more)
    return status, problems_of(text)


def problems_of(text: str) -> str:
    """The problems in what a build printed, without its progress and summary."""
    return "".join(line + "\n" for line in text.split("\n") if _PROBLEM.fullmatch(line))


def tree_of(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def laid_over(base: Path, name: str, root: Path) -> None:
    """The site of a case in the new folder `root`."""
    shutil.copytree(base, root, symlinks=True)
    for part in ("content", "themes"):
        if (CASES / name / part).is_dir():
            shutil.copytree(CASES / name / part, root / part, dirs_exist_ok=True)
    if name in MAKERS:
        MAKERS[name](root)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The good site, built."""
    root = tmp_path_factory.mktemp("good") / "site"
    shutil.copytree(BASE, root)
    status, problems = build(root)
    assert (status, problems) == (0, "")
    return root


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """For root, permissions forbid nothing: let the question be answered as for others."""

    def access(place: str | Path, mode: int) -> bool:
        return bool(Path(place).stat().st_mode & 0o444)

    if os.geteuid() == 0:
        monkeypatch.setattr(os, "access", access)


@pytest.mark.usefixtures("nobody")
@pytest.mark.parametrize("name", NAMES)
def test_tells_exactly_these_problems(name: str, built: Path, tmp_path: Path) -> None:
    """The problems, the exit status, and an output folder that was not touched."""
    root = tmp_path / "site"
    laid_over(built, name, root)
    before = tree_of(root / "build")
    more = OPTIONS.get(name, ())
    status, problems = build(root, "en", *more)
    _compare(CASES / name / "expected.txt", problems)
    chinese = CASES / name / "expected.zh.txt"
    if chinese.exists():
        again, problems_zh = build(root, "zh-CN", *more)
        assert again == status
        _compare(chinese, problems_zh)
    if re.search(r"(?m)^\S.*: error [A-Z]\d{3}: ", problems):
        assert status == 1
        assert tree_of(root / "build") == before
    else:
        assert status == 0, "only warnings and notices: the site is built"
        assert problems, "a case tells something"
    assert not list(root.glob(".*.part")), "nothing is left behind"


def _compare(expected: Path, problems: str) -> None:
    if UPDATE:
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(problems, encoding="utf-8")
    assert problems == expected.read_text(encoding="utf-8")


def test_every_case_is_told_in_two_languages_somewhere() -> None:
    """At least a dozen cases are held in Chinese, too."""
    assert len(list(CASES.glob("*/expected.zh.txt"))) >= 12


def test_command_itself_fails_in_the_same_way(built: Path, tmp_path: Path) -> None:
    """The installed command, in a process and a locale of its own."""
    name = "everything-at-once"
    root = tmp_path / "site"
    laid_over(built, name, root)
    before = tree_of(root / "build")
    options = ["--as-of", DAY, "--lang", "en", "--verbose", "-C", str(root)]
    done = subprocess.run(
        [sys.executable, "-m", "sitegen", "build", *options],
        capture_output=True,
        env={"PATH": os.environ["PATH"], "LANG": "C", "PYTHONHASHSEED": "7"},
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == b""
    expected = (CASES / name / "expected.txt").read_text(encoding="utf-8")
    assert problems_of(done.stderr.decode("utf-8")) == expected
    assert tree_of(root / "build") == before
