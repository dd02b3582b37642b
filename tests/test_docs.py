"""What the program can do is written down, and what is written down is so."""

from __future__ import annotations

import re
from pathlib import Path

import problem_reference
import pytest
import settings_reference

from sitegen.cli import main

ROOT = Path(__file__).parent.parent
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def _help(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main([*words, "--help", "--lang", "en"]) == 0
    return capsys.readouterr().out


def _commands(capsys: pytest.CaptureFixture[str]) -> list[str]:
    listed = _help(capsys).partition("COMMAND\n")[2]
    return re.findall(r"^    ([a-z]+) ", listed, re.MULTILINE)


def test_every_problem_is_listed() -> None:
    written = problem_reference.PATH.read_text(encoding="utf-8")
    for code in problem_reference.codes():
        assert f"### {code} " in written, "run: make references"
    assert written == problem_reference.text(), "run: make references"


def test_every_setting_is_listed() -> None:
    written = settings_reference.PATH.read_text(encoding="utf-8")
    assert "`identity.sponsor`" in written
    assert "`changes[].act`" in written
    assert written == settings_reference.text(), "run: make references"


def test_every_command_and_option_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    commands = _commands(capsys)
    assert {"build", "init", "schema"} <= set(commands)
    for command in commands:
        assert f"## `sitegen {command}" in COMMANDS
        for readme in ("README.md", "README.zh-CN.md"):
            assert f"| `sitegen {command}" in (ROOT / readme).read_text(encoding="utf-8"), readme
        section = COMMANDS.partition(f"## `sitegen {command}")[2].partition("\n## ")[0]
        everywhere = COMMANDS.partition("## `sitegen")[0]
        for option in set(re.findall(r"--[a-z-]+", _help(capsys, command))):
            assert f"`{option}" in section + everywhere, f"{command} {option}"


def test_no_option_is_described_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    known = {"--version"}
    for command in ([], *([name] for name in _commands(capsys))):
        known |= set(re.findall(r"--[a-z-]+", _help(capsys, *command)))
    assert set(re.findall(r"`(--[a-z-]+)", COMMANDS)) <= known


@pytest.mark.parametrize("file", DOCS, ids=lambda file: file.name)
def test_links_between_documents_hold(file: Path) -> None:
    for target in re.findall(r"(?<!\\)\]\(([^)\s]+)\)", file.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("#"):
            assert (file.parent / target.partition("#")[0]).exists(), target


def test_the_readmes_are_twins() -> None:
    english, chinese = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")
    )
    for pattern in (r"^## ", r"^\| `sitegen \w+", r"^```"):
        counts = [len(re.findall(pattern, text, re.MULTILINE)) for text in (english, chinese)]
        assert counts[0] == counts[1], pattern
    for text in (english, chinese):
        assert [line.split()[1] for line in text.splitlines() if line.startswith("make ")] == [
            "build",
            "test",
        ]
