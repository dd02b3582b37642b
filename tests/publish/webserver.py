"""A real nginx on loopback, with the configuration that sitegen writes."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sitegen.publish.nginx import ONCE, SITE, Served, configuration

BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Running:
    """A server that runs until its context ends."""

    port: int
    folder: Path
    command: tuple[str, ...]

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """One request; underscores in the names of headers stand for hyphens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=sent)
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, told, answer.read())
        finally:
            connection.close()

    def reload(self) -> None:
        """What `nginx -s reload` does; waits until new workers answer."""
        subprocess.run([*self.command, "-s", "reload"], check=True, capture_output=True)
        time.sleep(0.3)

    def errors(self) -> str:
        """What it logged."""
        return (self.folder / "error.log").read_text("utf-8", "replace")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(base: Path, folder: Path, site_url: str = "", *, tail: str = "") -> Iterator[Running]:
    """Serve the target at `base`; the server's files are below the new folder `folder`."""
    conf = folder / "conf"
    conf.mkdir(parents=True)
    port = free_port()
    served = Served(str(base), str(conf), port, site_url, BROTLI.exists(), "127.0.0.1")
    for name, text in configuration(served).items():
        (conf / name).write_text(text, "utf-8")
    with started(folder, [conf / ONCE, conf / SITE], port) as running:
        yield running


@contextmanager
def started(folder: Path, included: list[Path], port: int) -> Iterator[Running]:
    """Run nginx with these files in its http block until the context ends."""
    assert NGINX, "nginx is missing: make system-packages"
    lines = [f"include {path};" for path in included]
    temporary = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    lines += [f"{name}_temp_path {folder}/{name};" for name in temporary]
    main = folder / "nginx.conf"
    main.write_text(
        (f"load_module {BROTLI};\n" if BROTLI.exists() else "")
        + ("user root;\n" if os.geteuid() == 0 else "")
        + f"worker_processes 2;\npid {folder}/pid;\nevents {{}}\n"
        + "http {\naccess_log off;\nsendfile on;\n" + "\n".join(lines) + "\n}\n",
        "utf-8",
    )  # fmt: skip
    command = (NGINX, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(main))
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr
    assert "warn" not in tried.stderr, tried.stderr
    process = subprocess.Popen([*command, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield Running(port, folder, command)
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    end = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < end, "nginx does not answer"
            time.sleep(0.02)
