"""``--format json``: the problems that people read, for machines, with every key."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from pathlib import Path

import pytest
from odd_files import MAKERS

from sitegen.cli import main

CASES = Path(__file__).parent / "invalid"
KEYS = ["code", "severity", "path", "line", "column", "sheet", "cell", "message", "hint"]
CHOSEN = (
    "everything-at-once",
    "xlsx-wrong-cells",
    "field-too-long",
    "body-html",
    "symlink-leaving",
    "csv-gb18030",
    "output-foreign-file",
)


def run(root: Path, *arguments: str) -> tuple[int, str, str]:
    """The program in this process: exit status, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(["-C", str(root), *arguments])
    return status, out.getvalue(), err.getvalue()


def site(name: str, root: Path) -> Path:
    """The site of an invalid case."""
    shutil.copytree(CASES / "_base", root)
    if name in MAKERS:
        (root / "build/tzgg").mkdir(parents=True)
        MAKERS[name](root)
    else:
        shutil.copytree(CASES / name / "content", root / "content", dirs_exist_ok=True)
    return root


def _head(problem: dict[str, object]) -> str:
    """The first line that people read of a problem, made from its parts."""
    place = ":".join(str(problem[key]) for key in ("path", "line", "column") if problem[key])
    if problem["cell"] or problem["sheet"]:
        place = "!".join(str(problem[key]) for key in ("path", "sheet", "cell") if problem[key])
    return f"{place}: {problem['severity']} {problem['code']}: {problem['message']}"


@pytest.mark.parametrize("name", CHOSEN)
def test_same_problems_as_for_people(name: str, tmp_path: Path) -> None:
    """Every problem of the golden text, in its order, with place, message and hint as fields."""
    root = site(name, tmp_path / "site")
    options = ("build", "--as-of", "2026-11-01", "--jobs", "1", "--lang", "en", "--format", "json")
    status, out, err = run(root, *options)
    told = json.loads(err)
    assert out == ""
    assert list(told) == ["problems"]
    assert status == int(any(problem["severity"] == "error" for problem in told["problems"]))
    lines = (CASES / name / "expected.txt").read_text(encoding="utf-8").split("\n")
    assert [_head(problem) for problem in told["problems"]] == [
        line for line in lines if line and not line.startswith("    ")
    ]
    assert [problem["hint"] for problem in told["problems"] if problem["hint"]] == [
        line.removeprefix("    → ") for line in lines if line.startswith("    → ")
    ]
    for problem in told["problems"]:
        assert list(problem) == KEYS
        assert problem["line"] is None or problem["line"] >= 1


def test_good_site_has_no_problems(tmp_path: Path) -> None:
    """An empty list, and nothing else on standard error."""
    root = site("yaml-tab-indent", tmp_path / "site")
    (root / "content/tzgg/zhiban.md").unlink()
    status, out, err = run(root, "build", "--as-of", "2026-11-01", "--format", "json")
    assert (status, out, json.loads(err)) == (0, "", {"problems": []})


def test_messages_are_in_the_language_asked_for_and_codes_in_none(tmp_path: Path) -> None:
    """Chinese by default; code, severity, and place are the same in every language."""
    root = site("field-bad-date", tmp_path / "site")
    options = ("build", "--as-of", "2026-11-01", "--jobs", "1", "--format", "json")
    chinese = json.loads(run(root, *options)[2])["problems"]
    english = json.loads(run(root, *options, "--lang", "en")[2])["problems"]
    for one, other in zip(chinese, english, strict=True):
        assert one["message"] != other["message"]
        same = set(KEYS) - {"message", "hint"}
        assert {key: one[key] for key in same} == {key: other[key] for key in same}


def test_wrong_use_is_told_as_json_too(tmp_path: Path) -> None:
    """A folder that is no site, and an output among the sources: exit status 2."""
    status, _, err = run(tmp_path, "build", "--format", "json")
    assert status == 2
    assert [problem["code"] for problem in json.loads(err)["problems"]] == ["C001"]
    root = site("yaml-tab-indent", tmp_path / "site")
    for folder in (root, root / "content", root / "content/build", root / "themes/x", tmp_path):
        status, _, err = run(root, "build", "--format", "json", "--output", str(folder))
        assert status == 2
        assert [problem["code"] for problem in json.loads(err)["problems"]] == ["B202"]
    assert sorted(path.name for path in root.iterdir()) == ["content"]


def test_quiet_keeps_errors_and_verbose_adds_notices(tmp_path: Path) -> None:
    """The text form chooses by severity; JSON always tells all."""
    root = site("csv-gb18030", tmp_path / "site")
    options = ("build", "--as-of", "2026-11-01", "--jobs", "1", "--lang", "en")
    quiet, usual, verbose = (
        run(root, *options, *more)[2] for more in (("--quiet",), (), ("--verbose",))
    )
    assert "notice K181" not in usual
    assert "notice K181" in verbose
    assert quiet.startswith("content/shoufei/2026/2026.csv:2:8: error K104")
    assert "Nothing was written" not in quiet
    assert "Nothing was written" in usual
