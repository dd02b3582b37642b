"""Readers of a site that is switched under them, and what they saw: kept whole, to be judged later.

A visitor reads a page, then everything below ``assets/`` that the page names and that it has not
seen yet, as browsers do. Nothing is judged while the site is switched: afterwards every answer must
be, byte for byte, a file of some release, and a page's assets those that it was made with.
"""

from __future__ import annotations

import gzip
import hashlib
import http.client
import itertools
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_ASSET = re.compile(rb'(?:href|src)="?(?:\.\./)*(assets/[A-Za-z0-9._/-]+)')
_PATIENCE = 10


@dataclass(frozen=True)
class Seen:
    """One answer: `status` 0 is none at all. `page` is the one that an asset was asked for by."""

    path: str
    status: int
    sha256: str = ""
    etag: str = ""
    page: str = ""


@dataclass
class Visitors:
    """Some visitors of a site on loopback; they read from `start` to `stop`."""

    port: int
    pages: Sequence[str]
    count: int = 4
    pause: float = 0.0
    """Seconds between two pages of a visitor."""
    seen: list[Seen] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin to read."""
        for number in range(self.count):
            thread = threading.Thread(target=self._visit, args=(number,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> list[Seen]:
        """End, and tell what was seen."""
        self._over.set()
        for thread in self._threads:
            thread.join(_PATIENCE * 2)
        return self.seen

    def failed(self, known: Mapping[str, set[str]]) -> list[Seen]:
        """Answers that were not good: failed, or a file that no release has at its address."""
        return [
            one
            for one in self.seen
            if one.status != 200 or one.sha256 not in known.get(one.path, ())
        ]

    def _visit(self, number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        assets: set[str] = set()
        # Each begins somewhere else; half of them read compressed siblings.
        pages = itertools.islice(itertools.cycle(self.pages), number * 7, None)
        for page in pages:
            if self._over.wait(self.pause):
                break
            content = self._read(connection, page, number % 2 == 0)
            for name in dict.fromkeys(each.decode() for each in _ASSET.findall(content)):
                if name not in assets:
                    assets.add(name)
                    self._read(connection, name, number % 2 == 0, page)
        connection.close()

    def _read(
        self, connection: http.client.HTTPConnection, path: str, packed: bool, page: str = ""
    ) -> bytes:
        try:
            headers = {"Accept-Encoding": "gzip" if packed else "identity"}
            connection.request("GET", "/" + path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
        except (OSError, http.client.HTTPException, EOFError) as error:
            connection.close()
            self.seen.append(Seen(path, 0, type(error).__name__, page=page))
            return b""
        etag = answer.headers.get("ETag", "")
        digest = hashlib.sha256(body).hexdigest()
        self.seen.append(Seen(path, answer.status, digest, etag, page))
        return body if path.endswith(".html") else b""


def stale(port: int, seen: Iterable[Seen]) -> list[Seen]:
    """Answers that a browser would go on showing though the site has another file there now.

    Every (address, ETag) that was seen is asked for again on that condition.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    plain = {"Accept-Encoding": "identity"}
    found = []
    held = {(one.path, one.etag, one.sha256): one for one in seen if one.etag}
    for (path, etag, sha256), one in held.items():
        connection.request("GET", "/" + path, headers=plain | {"If-None-Match": etag})
        answer = connection.getresponse()
        answer.read()
        if answer.status == 304:
            connection.request("GET", "/" + path, headers=plain)
            if hashlib.sha256(connection.getresponse().read()).hexdigest() != sha256:
                found.append(one)
    connection.close()
    return found


_SCRIPT = """\
local pages = {{ {pages} }}
local place = 0
request = function()
  place = place + 1
  return wrk.format("GET", pages[place % #pages + 1])
end
delay = function()
  return {pause}
end
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("counted %d %d %d %.3f\\n", summary.requests,
    e.connect + e.read + e.write + e.timeout, e.status, latency:percentile(99) / 1000))
end
"""


@dataclass(frozen=True)
class Load:
    """What wrk counted; `p99` in milliseconds."""

    requests: int
    socket_errors: int
    bad_answers: int
    p99: float


class Wrk:
    """wrk, reading pages until it is stopped: as fast as it can, or with a `pause` (milliseconds)
    between two requests of a connection."""

    def __init__(
        self, folder: Path, port: int, pages: Sequence[str], connections: int, pause: int = 0
    ) -> None:
        script = folder / "pages.lua"
        listed = ", ".join(f'"/{page}"' for page in pages)
        script.write_text(_SCRIPT.format(pages=listed, pause=pause))
        words = ["wrk", "-t1", f"-c{connections}", "-d600s", "-s", str(script)]
        self._process = subprocess.Popen(
            [*words, f"http://127.0.0.1:{port}/"], stdout=subprocess.PIPE, text=True
        )

    @staticmethod
    def is_there() -> bool:
        """Whether wrk is installed."""
        return shutil.which("wrk") is not None

    def stop(self) -> Load:
        """End, and tell what it counted."""
        self._process.send_signal(signal.SIGINT)
        told = self._process.communicate(timeout=30)[0]
        counted = re.search(r"^counted (\d+) (\d+) (\d+) ([\d.]+)$", told, re.MULTILINE)
        assert counted, told
        return Load(int(counted[1]), int(counted[2]), int(counted[3]), float(counted[4]))
