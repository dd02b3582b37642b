"""Measure the preview: from saving a file to new bytes being served, on a generated site.

    python benchmarks/preview.py --documents 10000 --edits 9

The real command runs on a fresh corpus; each edit is saved as an editor does (by renaming a new
file over the old one), and the page is asked for until it shows the edit. Reported are medians and
worst cases in milliseconds, the seconds until the first answer, and the memory of the server. Linux
only.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from corpus import AS_OF, write_corpus  # noqa: E402

_PATIENCE = 60.0
_PAUSE = 0.3


class Preview:
    """The running command."""

    def __init__(self, site: Path) -> None:
        self.began = time.monotonic()
        words = ["serve", "--no-open", "--port", "0", "--as-of", AS_OF.isoformat(), "--quiet"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sitegen", *words],
            cwd=site,
            env={**os.environ, "PYTHONPATH": str(HERE.parent), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        found = re.search(r":(\d+)/", self.process.stdout.readline())
        assert found, "the preview did not start"
        self._connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=_PATIENCE)

    def page(self, address: str) -> str:
        """The text of a page."""
        self._connection.request("GET", f"/{address}")
        return self._connection.getresponse().read().decode()

    def memory(self) -> float:
        """The proportional share of memory, in MB."""
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
        return int(found[1]) / 1024 if found else 0.0

    def stop(self) -> None:
        """End it as its user would."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)


def save(file: Path, text: str) -> float:
    """Save a file by renaming; returns when."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)
    return time.monotonic()


def until(preview: Preview, address: str, wanted: str, since: float) -> float:
    """Milliseconds until a page holds a text."""
    while wanted not in preview.page(address):
        if time.monotonic() - since > _PATIENCE:
            raise SystemExit(f"{address} did not show {wanted} in {_PATIENCE:.0f} s")
        time.sleep(0.001)
    return (time.monotonic() - since) * 1000


def measure(
    preview: Preview, file: Path, page: str, seen: str, edits: int, edit: Callable[[str, str], str]
) -> list[float]:
    """The milliseconds of so many edits of `file`, until each is shown at the address `seen`."""
    took = []
    for number in range(edits):
        preview.page(page)
        mark = f"标记{os.getpid()}号{number}"
        since = save(file, edit(file.read_text(encoding="utf-8"), mark))
        took.append(until(preview, seen, mark, since))
        time.sleep(_PAUSE)
    return took


def _title(text: str, mark: str) -> str:
    return re.sub(r"(?m)^(标题|title):.*$", rf"\1: {mark}", text, count=1)


def _body(text: str, mark: str) -> str:
    return f"{text}\n{mark}\n"


def main() -> int:
    """Run, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--documents", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--edits", type=int, default=9)
    options = parser.parse_args()
    print("| documents | edit → seen | median ms | worst ms | first answer s | MB |")
    print("|---|---|---|---|---|---|")
    for documents in options.documents:
        with tempfile.TemporaryDirectory() as folder:
            site = Path(folder)
            write_corpus(site, documents)
            content = site / "content"
            file = max((content / "tzgg").rglob("*.md"))
            address = file.relative_to(content).with_suffix(".html").as_posix()
            preview = Preview(site)
            try:
                preview.page(address)
                first = time.monotonic() - preview.began
                rows = [
                    ("body → its page", address, _body),
                    ("title → its page", address, _title),
                    ("title → the list of its year", f"tzgg/year-{_year(file)}.html", _title),
                ]
                for name, seen, edit in rows:
                    took = measure(preview, file, address, seen, options.edits, edit)
                    figures = f"{statistics.median(took):.0f} | {max(took):.0f}"
                    rest = f"{first:.1f} | {preview.memory():.0f}"
                    print(f"| {documents} | {name} | {figures} | {rest} |", flush=True)
            finally:
                preview.stop()
    return 0


def _year(file: Path) -> str:
    found = re.search(r"(?m)^(?:发布日期|published_on): ['\"]?(\d{4})", file.read_text("utf-8"))
    assert found, file
    return found[1]


if __name__ == "__main__":
    sys.exit(main())
