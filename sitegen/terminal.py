"""What people see on a terminal: progress, problems with the lines they stand on, the summary.

Only texts are made here from values; ``cli`` decides where they are printed.
"""

from __future__ import annotations

import io
import json
import os
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO, cast

from sitegen.problems import N_, Location, Problem, Severity, Translate

_SEVERITY = {
    Severity.ERROR: N_("error"),
    Severity.WARNING: N_("warning"),
    Severity.NOTICE: N_("notice"),
}
_STAGES = {
    "read": N_("Reading documents"),
    "assemble": N_("Assembling the site"),
    "produce": N_("Making pages and downloads"),
    "commit": N_("Writing what differs"),
    "pack": N_("Putting the release together"),
    "sign": N_("Signing the manifest"),
    "send": N_("Sending what differs to the hosts"),
    "compare": N_("Comparing what arrived"),
    "switch": N_("Switching the hosts"),
    "tidy": N_("Removing what is not kept"),
    "verify": N_("Verifying the files"),
}
_SNIPPET_WIDTH = 100
_BAR_WIDTH = 24


class Progress:
    """A reporter for people: a bar on a terminal, plain lines (one a stage) elsewhere."""

    def __init__(self, stream: TextIO, translate: Translate) -> None:
        self._stream = stream
        self._translate = translate
        self._bar = stream.isatty()
        self._name = ""
        self._total = self._done = self._shown = 0

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of `total` steps."""
        self.finish()
        self._name = self._translate(_STAGES.get(name, name))
        self._total, self._done, self._shown = total, 0, -1
        if self._bar:
            self._draw()
        else:
            print(f"{self._name} ({total})", file=self._stream, flush=True)

    def advance(self, steps: int) -> None:
        """Move the bar by so many steps."""
        self._done += steps
        if self._bar and self._name:
            self._draw()

    def finish(self) -> None:
        """Take the bar away."""
        if self._bar and self._name:
            print("\r\x1b[K", end="", file=self._stream, flush=True)
        self._name = ""

    def _draw(self) -> None:
        share = min(self._done / self._total, 1) if self._total else 1
        percent = int(share * 100)
        if percent == self._shown:
            return
        self._shown = percent
        filled = int(share * _BAR_WIDTH)
        bar = "█" * filled + "░" * (_BAR_WIDTH - filled)
        text = f"\r\x1b[K{self._name} {bar} {percent:3d} %  {self._done}/{self._total}"
        print(text, end="", file=self._stream, flush=True)


def problem_text(problem: Problem, root: Path, translate: Translate) -> str:
    """A problem for people: place, severity, code, message; the line it stands on; the hint."""
    place = f"{problem.where}: " if problem.where else ""
    severity = translate(_SEVERITY[problem.severity])
    lines = [f"{place}{severity} {problem.code}: {problem.message(translate)}"]
    if problem.where and (snippet := _snippet(problem.where, root)):
        lines += snippet
    if hint := problem.hint(translate):
        lines.append(f"    → {hint}")
    return "\n".join(lines)


def problem_values(problem: Problem, translate: Translate) -> dict[str, object]:
    """A problem for machines; keys without a value are null."""
    where = problem.where
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "path": where.path if where else None,
        "line": where.line if where else None,
        "column": where.column if where else None,
        "sheet": where.sheet if where else None,
        "cell": where.cell if where else None,
        "message": problem.message(translate),
        "hint": problem.hint(translate) or None,
    }


def problems_json(problems: Iterable[Problem], translate: Translate) -> str:
    """All problems as one JSON object: ``{"problems": […]}``."""
    listed = [problem_values(problem, translate) for problem in problems]
    return json.dumps({"problems": listed}, ensure_ascii=False, indent=2)


def _snippet(where: Location, root: Path) -> list[str]:
    """The source line with a mark under the column; nothing for spreadsheets and lost files."""
    if not where.line or where.cell:
        return []
    try:
        with (root / where.path).open("rb") as file:
            text = file.read(1 << 20).decode("utf-8")
    except (OSError, UnicodeError, ValueError):
        return []
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if where.line > len(lines):
        return []
    line = lines[where.line - 1].replace("\t", "→")
    column = (where.column or 1) - 1
    start = max(column - _SNIPPET_WIDTH // 2, 0)
    shown = _printable(line[start : start + _SNIPPET_WIDTH])
    if not shown.strip():
        return []
    gap = sum(_width(character) for character in shown[: column - start])
    head = f"{where.line:>6} | "
    mark = [" " * 6 + " | " + " " * gap + "^"] if where.column and column <= len(line) else []
    return [head + shown.rstrip(), *mark]


def _printable(text: str) -> str:
    return "".join(
        character if character.isprintable() or character == " " else "\ufffd" for character in text
    )


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


class _Outlet(io.TextIOBase):
    """Writes UTF-8 whatever the locale says; odd names never stop a message.

    Neither does a reader that has seen enough (``sitegen build 2>&1 | head``): what it would have
    read is dropped, and the exit status is what it is.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            self._drop()
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._drop()

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()

    def _drop(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())  # what is buffered goes there, too
        os.close(nowhere)


def standard_streams() -> tuple[TextIO, TextIO]:
    """Standard output and standard error."""
    return _outlet(sys.stdout), _outlet(sys.stderr)


def _outlet(stream: TextIO) -> TextIO:
    return cast("TextIO", _Outlet(stream))
