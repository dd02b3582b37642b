"""Measure previews: from saving a file to new bytes being served, sitegen's beside its peers'.

    python benchmarks/preview.py --documents 1000 10000 --edits 9 --peers hugo hugo-full eleventy

The real commands run at the same time on the same documents and are edited in turn; each edit is
saved as an editor does (by renaming a new file over the old one), and the page is asked for until
it shows the edit. Reported are medians and worst cases in milliseconds, the seconds until the first
answer, and the memory of the server with its processes. Linux only.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from cases import retitled, save  # noqa: E402
from corpus import write_corpus  # noqa: E402
from measuring import pss_of  # noqa: E402
from peers import SERVERS  # noqa: E402
from peers.documents import Document, documents  # noqa: E402
from peers.ours import whole  # noqa: E402
from peers.peer import Peer  # noqa: E402

_PATIENCE = 60.0
_PAUSE = 0.3
_COLUMN = "tzgg"


class Preview:
    """A running server on a site of its own."""

    def __init__(self, peer: Peer, command: Sequence[str], folder: Path) -> None:
        self.peer, self.folder = peer, folder
        self._port = _free_port()
        words = [word.format(port=self._port) for word in peer.serve]
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [*command, *words], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._connection: http.client.HTTPConnection | None = None

    def page(self, address: str) -> str:
        """The text of a page; empty as long as there is no answer."""
        try:
            if self._connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE)
                connection.connect()
                self._connection = connection
            self._connection.request("GET", f"/{address}")
            answer = self._connection.getresponse()
            text = answer.read().decode()
            return text if answer.status == 200 else ""
        except (OSError, http.client.HTTPException):
            self._connection = None
            if self.process.poll() is not None:
                raise SystemExit(f"the preview of {self.peer.name} has ended") from None
            return ""

    def until(self, address: str, wanted: str, since: float) -> float | None:
        """Milliseconds until a page holds a text; None if it does not in a minute."""
        while wanted not in self.page(address):
            if time.monotonic() - since > _PATIENCE:
                return None
            time.sleep(0.001)
        return (time.monotonic() - since) * 1000

    def memory(self) -> float:
        """The proportional share of memory of all its processes, in MB."""
        return pss_of(self.process.pid) / 1e6

    def stop(self) -> None:
        """End it as its user would."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def body(text: str, mark: str) -> str:
    """A source file with a line more."""
    return f"{text}\n{mark}\n"


def measure(
    preview: Preview, document: Document, seen: str, edit: Callable[[str, str], str], mark: str
) -> float | None:
    """The milliseconds of one edit of a document until the page at `seen`, which is open, shows it.

    The mark must be new: another one may still stand somewhere on the page.
    """
    preview.page(seen)
    file = preview.folder / preview.peer.source(document)
    text = edit(file.read_text(encoding="utf-8"), mark)
    since = time.monotonic()
    save(file, text)
    took = preview.until(seen, mark, since)
    time.sleep(_PAUSE)
    return took


def run(number: int, edits: int, peers: Sequence[Peer], scratch: Path, tools: Path) -> None:
    """Print the rows of one size."""
    site = scratch / f"corpus-{number}"
    write_corpus(site, number)
    of_column = [document for document in documents(site) if document.column == _COLUMN]
    document = max(of_column, key=lambda document: document.day)
    address = f"{document.address}.html"
    rows = [
        ("body → its page", address, body),
        ("title → its page", address, retitled),
        ("title → its list", f"{_COLUMN}/", retitled),
    ]
    previews: list[Preview] = []
    first: dict[str, float] = {}
    numbers = itertools.count()
    try:
        for peer in peers:
            folder = scratch / f"{peer.name}-{number}"
            folder.mkdir()
            peer.emit(site, folder)
            previews.append(Preview(peer, peer.install(tools), folder))
            while not previews[-1].page(address):
                time.sleep(0.01)
            first[peer.name] = time.monotonic() - previews[-1].began
        for name, seen, edit in rows:
            took: dict[str, list[float | None]] = {peer.name: [] for peer in peers}
            for _ in range(edits):
                mark = f"标记第{next(numbers)}次"
                for preview in previews:
                    of_tool = took[preview.peer.name]
                    if None not in of_tool:
                        of_tool.append(measure(preview, document, seen, edit, mark))
            for preview in previews:
                tool = preview.peer.name
                rest = f"{first[tool]:.1f} | {preview.memory():.0f}"
                shown = _figures(took[tool])
                print(f"| {number} | {name} | {tool} | {shown} | {rest} |", flush=True)
    finally:
        for preview in previews:
            preview.stop()


def _figures(took: Sequence[float | None]) -> str:
    """Median and worst case, or that the page never showed the edit."""
    shown = [value for value in took if value is not None]
    if None in took:
        return f"not shown in {_PATIENCE:.0f} s | –"
    return f"{statistics.median(shown):.0f} | {max(shown):.0f}"


def main() -> int:
    """Run, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--documents", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--edits", type=int, default=9)
    parser.add_argument("--peers", nargs="+", default=[], choices=SERVERS, metavar="PEER")
    parser.add_argument("--scratch", type=Path, help="keep the tools installed in this folder")
    options = parser.parse_args()
    print("| documents | edit → seen | tool | median ms | worst ms | first answer s | MB |")
    print("|---|---|---|---|---|---|---|")
    for number in options.documents:
        with tempfile.TemporaryDirectory(dir=options.scratch) as folder:
            scratch = Path(folder).resolve()
            tools = (options.scratch or scratch).resolve() / "tools"
            peers = [whole(tools, "sitegen"), *(SERVERS[name] for name in options.peers)]
            run(number, options.edits, peers, scratch, tools)
    return 0


if __name__ == "__main__":
    sys.exit(main())
