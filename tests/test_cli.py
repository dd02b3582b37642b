"""The command line as people and scripts use it."""

from __future__ import annotations

import fcntl
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from samplesite import ROOT, everything_in

from sitegen import __version__
from sitegen.cli import DONE, FAILED, MISUSE, PROBLEMS, main

Said = tuple[int, str, str]
"""Exit status, standard output, standard error."""

DOCUMENT = "content/tzgg/kaitong.md"


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Runs the program in this process."""

    def run(*words: object) -> Said:
        status = main([str(word) for word in words])
        return (status, *capsys.readouterr())

    return run


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A new small site."""
    root = tmp_path / "mysite"
    assert main(["init", str(root), "--quiet"]) == DONE
    return root


def run(*words: object, cwd: Path, **options: Any) -> Said:
    """The program in a process of its own, with pipes for a terminal."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    done = subprocess.run(
        [sys.executable, "-m", "sitegen", *map(str, words)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        **options,
    )
    return done.returncode, done.stdout, done.stderr


class TestHelp:
    @pytest.mark.parametrize(
        ("language", "example", "folder"),
        [("zh-CN", "示例", "文件夹"), ("en", "Example", "FOLDER")],
    )
    @pytest.mark.parametrize("command", [(), ("build",), ("init",), ("schema",)])
    def test_every_command_has_help_with_an_example(
        self,
        say: Callable[..., Said],
        language: str,
        example: str,
        folder: str,
        command: tuple[str],
    ) -> None:
        status, out, err = say(*command, "--help", "--lang", language)
        assert (status, err) == (DONE, "")
        assert example in out
        assert folder in out
        assert f"sitegen {' '.join(command)}".strip() in out

    def test_help_is_wholly_in_the_language_asked_for(self, say: Callable[..., Said]) -> None:
        _, out, _ = say("build", "--help", "--lang", "zh-CN")
        for english in ("usage", "options", "show this help", "default"):
            assert english not in out
        _, out, _ = say("build", "--help", "--lang", "en")
        assert out.isascii()

    def test_without_a_command_it_shows_the_help(self, say: Callable[..., Said]) -> None:
        status, out, err = say()
        assert status == MISUSE
        assert "sitegen build" in out
        assert err == ""

    def test_it_tells_its_version(self, say: Callable[..., Said]) -> None:
        assert say("--version") == (DONE, f"sitegen {__version__}\n", "")


class TestWrongUse:
    @pytest.mark.parametrize(
        "words",
        [
            ("build", "--wrong"),
            ("bilud",),
            ("build", "--as-of", "2026-13-01"),
            ("build", "--as-of", "morgen"),
            ("build", "--jobs", "0"),
            ("build", "--jobs", "two"),
            ("build", "--format", "xml"),
            ("build", "--lang", "fr"),
            ("init",),
            ("schema", "nothing-such"),
        ],
    )
    def test_it_is_told_in_words_with_status_2(
        self, say: Callable[..., Said], words: tuple[str, ...]
    ) -> None:
        status, out, err = say(*words)
        assert (status, out) == (MISUSE, "")
        assert err.strip()
        assert "Traceback" not in err
        assert len(err.splitlines()) <= 4

    def test_a_folder_that_is_not_a_site(self, say: Callable[..., Said], tmp_path: Path) -> None:
        status, _, err = say("build", "-C", tmp_path)
        assert status == MISUSE
        assert "C001" in err
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("output", [".", "content", "content/build", "..", "themes"])
    def test_an_output_that_would_overwrite_the_sources(
        self, say: Callable[..., Said], site: Path, output: str
    ) -> None:
        before = everything_in(site)
        status, _, err = say("build", "-C", site, "--output", site / output)
        assert status == MISUSE
        assert "B202" in err
        assert everything_in(site) == before

    def test_a_new_site_never_goes_over_something(
        self, say: Callable[..., Said], site: Path, tmp_path: Path
    ) -> None:
        before = everything_in(site)
        assert say("init", site)[0] == MISUSE
        assert everything_in(site) == before
        (tmp_path / "file").write_text("x")
        assert say("init", tmp_path / "file")[0] == MISUSE

    def test_a_new_site_may_go_into_an_empty_repository(
        self, say: Callable[..., Said], tmp_path: Path
    ) -> None:
        (tmp_path / ".git").mkdir()
        assert say("init", tmp_path)[0] == DONE


class TestBuild:
    def test_a_new_site_builds_without_problems(self, say: Callable[..., Said], site: Path) -> None:
        status, out, err = say("build", "-C", site, "--format", "json")
        assert (status, out) == (DONE, "")
        assert json.loads(err) == {"problems": []}
        assert (site / "build" / "index.html").is_file()

    def test_it_shows_each_stage_on_a_line_and_a_summary(self, site: Path) -> None:
        status, out, err = run("build", "--lang", "en", cwd=site)
        assert (status, out) == (DONE, "")
        lines = err.splitlines()
        assert [line.split(" (")[0] for line in lines[:4]] == [
            "Reading documents",
            "Assembling the site",
            "Making pages and downloads",
            "Writing what differs",
        ]
        assert lines[4] == "No errors, no warnings."
        assert "\r" not in err
        assert "\x1b" not in err

    def test_a_second_build_changes_nothing(self, say: Callable[..., Said], site: Path) -> None:
        say("build", "-C", site)
        times = {file: file.stat().st_mtime_ns for file in (site / "build").rglob("*")}
        status, _, err = say("build", "-C", site, "--lang", "en")
        assert status == DONE
        assert " 0 written, " in err
        assert {file: file.stat().st_mtime_ns for file in (site / "build").rglob("*")} == times

    def test_quiet_says_nothing_when_all_is_well(
        self, say: Callable[..., Said], site: Path
    ) -> None:
        assert say("build", "-C", site, "--quiet") == (DONE, "", "")

    def test_chinese_unless_asked_otherwise(self, say: Callable[..., Said], site: Path) -> None:
        _, _, err = say("build", "-C", site)
        assert "没有错误" in err
        assert not any(word in err for word in ("documents", "written", "Reading"))

    def test_options_stand_before_or_after_the_command(
        self, say: Callable[..., Said], site: Path
    ) -> None:
        before = say("-C", site, "--quiet", "--lang", "en", "build")
        after = say("build", "-C", site, "--quiet", "--lang", "en")
        assert before == after == (DONE, "", "")

    def test_it_needs_no_locale(self, site: Path) -> None:
        environment = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
        status, _, err = run("build", cwd=site, env=environment)
        assert status == DONE
        assert "没有错误" in err

    def test_base_url_and_day_are_those_given(self, say: Callable[..., Said], site: Path) -> None:
        say("build", "-C", site, "--base-url", "https://other.example/x/", "--as-of", "2030-01-01")
        assert "https://other.example/x/sitemap.xml" in (site / "build/robots.txt").read_text()

    def test_jobs_do_not_change_the_result(self, say: Callable[..., Said], site: Path) -> None:
        for number in (1, 2):
            output = site.parent / f"out{number}"
            assert say("build", "-C", site, "--output", output, "--jobs", number)[0] == DONE
        assert everything_in(site.parent / "out1") == everything_in(site.parent / "out2")

    def test_drafts_are_shown_only_when_asked_for(
        self, say: Callable[..., Said], site: Path
    ) -> None:
        _edit(site / DOCUMENT, "---\n", "---\n草稿: 是\n", 1)
        status, _, err = say("build", "-C", site, "--lang", "en")
        page = site / "build/tzgg/kaitong.html"
        assert status == DONE
        assert not page.exists()
        assert f"{DOCUMENT}" in err
        assert "— draft" in err
        assert say("build", "-C", site, "--drafts")[0] == DONE
        assert page.exists()


class TestProblems:
    def test_errors_give_status_1_and_leave_the_last_site(
        self, say: Callable[..., Said], site: Path
    ) -> None:
        say("build", "-C", site)
        before = everything_in(site / "build")
        _edit(site / DOCUMENT, "---\n", "---\n成文日期: 2026/3/1x\n", 1)
        status, out, err = say("build", "-C", site, "--lang", "en")
        assert (status, out) == (PROBLEMS, "")
        assert f"{DOCUMENT}:2:7: error K" in err
        assert "Nothing was written" in err
        assert everything_in(site / "build") == before

    def test_json_says_the_same_for_machines(self, say: Callable[..., Said], site: Path) -> None:
        _edit(site / DOCUMENT, "---\n", "---\n成文日期: 2026/3/1x\n", 1)
        status, out, err = say("build", "-C", site, "--lang", "en", "--format", "json")
        assert (status, out) == (PROBLEMS, "")
        (problem,) = (p for p in json.loads(err)["problems"] if p["severity"] == "error")
        assert (problem["path"], problem["line"], problem["column"]) == (DOCUMENT, 2, 7)
        assert "2026/3/1x" in problem["message"]
        assert set(problem) == {
            "code", "severity", "path", "line", "column", "sheet", "cell", "message", "hint",
        }  # fmt: skip

    def test_quiet_still_says_what_is_wrong(self, say: Callable[..., Said], site: Path) -> None:
        _edit(site / DOCUMENT, "---\n", "---\n成文日期: 2026/3/1x\n", 1)
        status, out, err = say("build", "-C", site, "--quiet", "--lang", "en")
        assert (status, out) == (PROBLEMS, "")
        assert err.startswith(f"{DOCUMENT}:2:7: error K")
        assert "Nothing was written" not in err

    def test_notices_are_for_those_who_ask(self, say: Callable[..., Said], site: Path) -> None:
        _edit(site / "content/site.yaml", "网址:", "# 网址:", 1)
        loud = say("build", "-C", site, "--verbose", "--lang", "en")[2]
        usual = say("build", "-C", site, "--lang", "en")[2]
        quiet = say("build", "-C", site, "--quiet", "--lang", "en")[2]
        assert len(loud) >= len(usual) > len(quiet)
        assert quiet == ""


class TestEnvironment:
    def test_a_second_build_at_the_same_time_is_refused(
        self, say: Callable[..., Said], site: Path
    ) -> None:
        (site / ".sitegen").mkdir(exist_ok=True)
        with (site / ".sitegen" / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            status, _, err = say("build", "-C", site, "--lang", "en")
            assert status == FAILED
            assert "another build of this site is running" in err
        assert say("build", "-C", site)[0] == DONE

    def test_an_output_that_cannot_be_made(
        self, say: Callable[..., Said], site: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("x")
        status, _, err = say("build", "-C", site, "--output", tmp_path / "file" / "build")
        assert status == FAILED
        assert "Traceback" not in err
        assert str(tmp_path / "file") in err

    def test_an_output_that_may_not_be_written(self, say: Callable[..., Said], site: Path) -> None:
        assert say("build", "-C", site)[0] == DONE
        before = everything_in(site / "build")
        _edit(site / DOCUMENT, "---\n", "---\n关键词: [新词]\n", 1)
        with _ordinary_user(site) as root:
            (root / "build").chmod(0o555)
            status, _, err = say("build", "-C", root, "--jobs", 1)
            (root / "build").chmod(0o755)
            assert status == FAILED
            assert "Traceback" not in err
            assert "build" in err
            assert everything_in(root / "build") == before

    def test_a_full_disk_leaves_the_last_site(self, say: Callable[..., Said], site: Path) -> None:
        say("build", "-C", site)
        before = everything_in(site / "build")
        _edit(site / DOCUMENT, "---\n", "---\n关键词: [新词]\n", 1)

        def little_room() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))

        status, _, err = run("build", "--lang", "en", cwd=site, preexec_fn=little_room)
        assert status == FAILED
        assert "The system refused" in err
        assert "Traceback" not in err
        assert everything_in(site / "build") == before
        assert list(site.glob(".build-*")) == []

    def test_a_reader_that_goes_away_is_no_fault(self, site: Path) -> None:
        command = f'"{sys.executable}" -m sitegen schema guide | head -n 1'
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, shell=True, cwd=site, env=environment, capture_output=True, check=False
        )
        assert done.stdout.strip() == b"{"
        assert done.stderr == b""

    @pytest.mark.parametrize("closed", ["stdout", "stderr"])
    def test_a_reader_that_goes_away_does_not_hide_the_status(
        self, site: Path, closed: str
    ) -> None:
        """As in ``sitegen build 2>&1 | head -1`` with ``pipefail``."""
        (site / DOCUMENT).write_text("---\n标题: x\nnosuch: 1\n---\n\n正文\n", encoding="utf-8")
        reader, writer = os.pipe()
        os.close(reader)
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, closed: writer}
        words = [sys.executable, "-m", "sitegen", "build", "--format", "json"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            words if closed == "stdout" else words[:-2], cwd=site, env=environment, **streams
        )
        os.close(writer)
        assert done.returncode == PROBLEMS
        assert b"Traceback" not in (done.stderr or b"")
        assert b"Exception" not in (done.stderr or b"")

    def test_it_runs_as_a_module(self, site: Path) -> None:
        assert run("--version", cwd=site) == (DONE, f"sitegen {__version__}\n", "")


class TestSchema:
    def test_without_a_kind_it_lists_them(self, say: Callable[..., Said]) -> None:
        status, out, err = say("schema", "-C", ROOT)
        assert (status, err) == (DONE, "")
        assert {"article", "guide", "budget", "site", "column"} <= {
            line.split()[0] for line in out.splitlines()
        }

    def test_the_schemas_accept_the_sample_site(self, say: Callable[..., Said]) -> None:
        names = [line.split()[0] for line in say("schema", "-C", ROOT)[1].splitlines()]
        validators = {}
        for name in names:
            status, out, _ = say("schema", name, "-C", ROOT)
            assert status == DONE
            schema = json.loads(out)
            Draft7Validator.check_schema(schema)
            validators[name] = Draft7Validator(schema)
        refused = [
            f"{file}: {error.json_path}: {error.message[:200]}"
            for file, name, data in _sources(ROOT / "content")
            for error in validators[name].iter_errors(data)
        ]
        assert refused == []


class _Editor(yaml.SafeLoader):
    """YAML as editors read it: dates stay texts."""


_Editor.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if not tag.endswith(":timestamp")]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _sources(content: Path) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Every YAML text of a site: its file, the name of its schema, what it holds."""
    titles = {}
    for line in _listed(content.parent):
        name, _, title = line.partition(" ")
        titles |= {name: name, title.strip(): name}
    defaults: dict[Path, str] = {}
    found = []
    for file in sorted(content.rglob("*.yaml")) + sorted(content.rglob("*.md")):
        text = file.read_text(encoding="utf-8-sig")
        if file.suffix == ".md":
            text = text.split("\n---", 1)[0].removeprefix("---")
        data = yaml.load(text, _Editor)
        path = file.relative_to(content)
        if path.parts[0] in ("calendar", "kinds"):
            continue
        name = {"site.yaml": "site", "_column.yaml": "column"}.get(path.name, "")
        if name == "column" and (
            kind := data.get("kind") or data.get("缺省类型") or data.get("类型")
        ):
            defaults[path.parent] = titles[kind]
        found.append((path, name, data))
    return [
        (path.as_posix(), name or _kind(path, data, defaults, titles), data)
        for path, name, data in found
    ]


def _kind(
    path: Path, data: Mapping[str, Any], defaults: Mapping[Path, str], titles: Mapping[str, str]
) -> str:
    if given := data.get("kind") or data.get("类型"):
        return titles[given]
    return next((defaults[parent] for parent in path.parents if parent in defaults), "article")


def _listed(root: Path) -> list[str]:
    from sitegen.authoring.schema import schema_names
    from sitegen.making.frame import site_kinds

    kinds, _ = site_kinds(root)
    return [f"{name} {title}" for name, title in schema_names(kinds).items()]


@contextmanager
def _ordinary_user(site: Path) -> Iterator[Path]:
    """A copy of a site that belongs to a user whom permissions bind, who this process becomes."""
    user = os.geteuid() or 65534
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "site"
        shutil.copytree(site, root)
        for path in (Path(folder), root, *root.rglob("*")):
            os.chown(path, user, -1)
        before = os.geteuid()
        os.seteuid(user)
        try:
            yield root
        finally:
            os.seteuid(before)


def _edit(file: Path, old: str, new: str, count: int) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, count), encoding="utf-8")
