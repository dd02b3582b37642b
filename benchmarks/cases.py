"""One tool on one site: edits of its sources, builds that are timed, outputs that are counted."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from measuring import Timing, peak, timed
from peers.documents import Document
from peers.peer import Peer
from peers.sources import Written

CASES = ("cold", "nothing", "body", "title", "template")
"""From nothing; nothing changed; one body, one title, the template of all pages edited."""
_TITLE = re.compile(r"(?m)^(title|标题): .*$")
_MARK = re.compile(r"(?:<i hidden>[^<]*</i>\n)?</body>")


@dataclass(frozen=True, slots=True)
class Made:
    """What a build leaves: HTML files, their bytes, and all files."""

    pages: int
    page_bytes: int
    files: int


@dataclass(slots=True)
class Bench:
    """A tool with its site in a folder, ready to be built."""

    peer: Peer
    command: Sequence[str]
    folder: Path
    document: Document
    """The document that is edited: the newest of its column, so that lists show it."""
    trash: Path
    """Where outputs are moved to: freeing many files makes the making of others slow."""
    written: Written
    """What it was given."""
    checked: bool = False
    """Whether its output has been seen to be that of the equal site."""
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def output(self) -> Path:
        """The folder with the pages."""
        return self.folder / self.peer.output

    def run(self, case: str, pause: float = 0.0) -> Timing:
        """Prepare the case, build, and see that the build shows the edit.

        What was written before is on the disk when the build begins, `pause` seconds later, so that
        none pays for another.
        """
        if case == "cold":
            self.clear()
        mark = f"标记{next(self._numbers)}号"
        edited = self.edit(case, mark)
        os.sync()
        time.sleep(pause)
        timing = timed(self._build(), self.folder)
        for page in edited:
            if mark not in page.read_text(encoding="utf-8"):
                raise SystemExit(f"{self.peer.name}: {page} does not show the edit ({case})")
        return timing

    def memory(self) -> tuple[Timing, int]:
        """A cold build whose memory is sampled."""
        self.clear()
        return peak(self._build(), self.folder)

    def clear(self) -> None:
        """Put away what earlier builds made."""
        for name in (self.peer.output, *self.peer.caches):
            place = self.folder / name
            if place.exists():
                self.trash.mkdir(parents=True, exist_ok=True)
                number = sum(1 for _ in self.trash.iterdir())
                shutil.move(place, self.trash / f"{self.peer.name}-{number}")

    def edit(self, case: str, mark: str) -> list[Path]:
        """Edit what the case is about; returns the pages that must show the mark then."""
        page = self.output / self.peer.page.format(address=self.document.address)
        source = self.folder / self.peer.source(self.document)
        if case == "body":
            save(source, f"{source.read_text(encoding='utf-8')}\n{mark}\n")
            return [page]
        if case == "title":
            save(source, retitled(source.read_text(encoding="utf-8"), mark))
            return [page, self.output / self.document.column / "index.html"]
        if case == "template":
            layout = self.folder / self.peer.layout
            text = layout.read_text(encoding="utf-8")
            save(layout, _MARK.sub(f"<i hidden>{mark}</i>\n</body>", text))
            return [page, self.output / self.document.column / "index.html"]
        return []

    def made(self) -> Made:
        """What is in the output folder now."""
        sizes = [
            (file.suffix == ".html", file.stat().st_size)
            for file in self.output.rglob("*")
            if file.is_file()
        ]
        pages = [size for is_page, size in sizes if is_page]
        return Made(len(pages), sum(pages), len(sizes))

    def _build(self) -> list[str]:
        return [*self.command, *self.peer.build]


def retitled(text: str, mark: str) -> str:
    """A source file with another title."""
    return _TITLE.sub(lambda found: f"{found[1]}: {mark}", text, count=1)


def save(file: Path, text: str) -> None:
    """Save as most editors do: a new file, renamed over the old one."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)
