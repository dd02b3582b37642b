"""What people see on a terminal."""

from __future__ import annotations

import io
import json
from pathlib import Path

from sitegen import codes
from sitegen.language import translator
from sitegen.problems import Location, Problem
from sitegen.terminal import Progress, problem_text, problems_json

CHINESE = translator("zh-CN")


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def _problem(where: Location | None) -> Problem:
    return codes.NO_SITE_FILE.at(where)


class TestProgress:
    def test_a_bar_grows_on_a_terminal_and_goes_away(self) -> None:
        stream = Terminal()
        progress = Progress(stream, str)
        progress.stage("read", 200)
        for _ in range(4):
            progress.advance(50)
        progress.finish()
        states = stream.getvalue().split("\r\x1b[K")
        assert [state.split()[-2:] for state in states[1:-1]] == [
            ["%", "0/200"], ["%", "50/200"], ["%", "100/200"], ["%", "150/200"], ["%", "200/200"],
        ]  # fmt: skip
        assert states[3].count("█") == states[3].count("░")
        assert states[-1] == ""

    def test_it_is_drawn_only_when_it_moves(self) -> None:
        stream = Terminal()
        progress = Progress(stream, str)
        progress.stage("produce", 100_000)
        for _ in range(900):
            progress.advance(1)
        assert stream.getvalue().count("\r") == 1

    def test_elsewhere_each_stage_is_a_line(self) -> None:
        stream = io.StringIO()
        progress = Progress(stream, CHINESE)
        for name in ("read", "assemble", "produce", "commit"):
            progress.stage(name, 3)
            progress.advance(3)
        progress.finish()
        assert len(stream.getvalue().splitlines()) == 4
        assert "\r" not in stream.getvalue()
        assert stream.getvalue().isascii() is False

    def test_a_stage_without_steps_is_done_at_once(self) -> None:
        stream = Terminal()
        progress = Progress(stream, str)
        progress.stage("read", 0)
        progress.finish()
        assert "100 %" in stream.getvalue()


class TestProblemText:
    def _text(self, tmp_path: Path, source: bytes, line: int, column: int | None = None) -> str:
        (tmp_path / "a.md").write_bytes(source)
        return problem_text(_problem(Location("a.md", line, column)), tmp_path, str)

    def test_the_mark_stands_under_the_character(self, tmp_path: Path) -> None:
        text = self._text(tmp_path, "标题: 甲\n日期: x\n".encode(), 2, 5)
        assert text.splitlines()[:3] == [
            "a.md:2:5: error C002: the site has no site.yaml",
            "     2 | 日期: x",
            "       |       ^",
        ]

    def test_it_ends_with_what_to_write_instead(self, tmp_path: Path) -> None:
        text = problem_text(_problem(None), tmp_path, CHINESE)
        first, last = text.splitlines()
        assert first.startswith("错误 C002")
        assert last.startswith("    → ")

    def test_a_long_line_is_cut_around_the_place(self, tmp_path: Path) -> None:
        lines = self._text(tmp_path, b"a" * 500 + b"X" + b"b" * 500, 1, 501).splitlines()
        assert len(lines[1]) < 120
        assert lines[1][lines[2].index("^")] == "X"

    def test_nothing_strange_reaches_the_terminal(self, tmp_path: Path) -> None:
        text = self._text(tmp_path, "a\x1b[31m\u202eb\tc\n".encode(), 1, 1)
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "\t" not in text

    def test_lost_and_unreadable_sources_are_no_fault(self, tmp_path: Path) -> None:
        assert len(self._text(tmp_path, b"\xff\xfe\x00", 1, 1).splitlines()) == 2
        assert len(self._text(tmp_path, b"a\n", 9, 1).splitlines()) == 2
        lost = problem_text(_problem(Location("b.md", 1, 1)), tmp_path, str)
        assert len(lost.splitlines()) == 2

    def test_a_cell_is_named_as_spreadsheets_do(self, tmp_path: Path) -> None:
        where = Location("a.xlsx", sheet="收支总表", cell="C14")
        assert problem_text(_problem(where), tmp_path, str).startswith("a.xlsx!收支总表!C14: error")


def test_machines_get_every_part_by_itself() -> None:
    where = Location("content/a.md", 3, 7)
    told = json.loads(problems_json([_problem(where)], CHINESE))["problems"]
    assert told == [
        {
            "code": "C002",
            "severity": "error",
            "path": "content/a.md",
            "line": 3,
            "column": 7,
            "sheet": None,
            "cell": None,
            "message": CHINESE("the site has no site.yaml"),
            "hint": CHINESE("write content/site.yaml with at least the line name: …"),
        }
    ]
