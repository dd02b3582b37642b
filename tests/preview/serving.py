"""The real command in a process of its own, and requests that no browser would send."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass
class Served:
    """A running preview: where it is, and what it has printed so far."""

    process: subprocess.Popen[str]
    port: int = 0
    out: list[str] = field(default_factory=list)
    err: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address, ending in a slash."""
        return f"http://127.0.0.1:{self.port}/"

    def raw(self, path: str, host: str | None = "", method: str = "GET", more: str = "") -> bytes:
        """The whole answer to a request that is sent as it is written here."""
        host = f"127.0.0.1:{self.port}" if host == "" else host
        named = "" if host is None else f"Host: {host}\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            request = f"{method} {path} HTTP/1.1\r\n{named}{more}Connection: close\r\n\r\n"
            connection.sendall(request.encode())
            answer = b""
            while block := connection.recv(1 << 16):
                answer += block
        return answer

    def status(self, path: str, host: str | None = "", method: str = "GET") -> int:
        """The status of such an answer."""
        return int(self.raw(path, host, method).split(b" ", 2)[1])

    def text(self, path: str) -> str:
        """The body of an answer."""
        return self.raw(path).partition(b"\r\n\r\n")[2].decode()

    def until(self, path: str, wanted: str, seconds: float = 10) -> float:
        """How long it takes until a page holds a text."""
        began = time.monotonic()
        while wanted not in self.text(path):
            assert time.monotonic() - began < seconds, f"{path} never showed {wanted}"
            time.sleep(0.005)
        return time.monotonic() - began

    def said(self, wanted: str, seconds: float = 10) -> bool:
        """Whether it prints a text in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if wanted in "".join(self.out + self.err):
                return True
            time.sleep(0.01)
        return False


@contextmanager
def serving(root: Path, *words: str, port: int = 0) -> Iterator[Served]:
    """Run ``sitegen serve`` on a site until it serves; it is ended by Ctrl-C."""
    command = [sys.executable, "-m", "sitegen", "serve", "--no-open", "--port", str(port), *words]
    process = subprocess.Popen(
        command,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    served = Served(process)
    for stream, lines in ((process.stdout, served.out), (process.stderr, served.err)):
        threading.Thread(target=lambda s=stream, k=lines: k.extend(s), daemon=True).start()
    try:
        assert served.said("http://", 30), served.err
        found = re.search(r"http://[^:]+:(\d+)/", "".join(served.out))
        assert found, served.out
        served.port = int(found[1])
        yield served
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
