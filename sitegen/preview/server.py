"""The preview's web server: answers for addresses of the site, and for nothing else.

The standard library's threads, with bounds: so many connections, the one that idles longest giving
way; so much patience with slow ones; so many listeners for events.
"""

from __future__ import annotations

import datetime
import http.server
import json
import os
import secrets
import select
import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any, ClassVar, Protocol
from urllib.parse import parse_qs, quote, urlsplit

from sitegen.outputs.output import Output
from sitegen.preview import overlay
from sitegen.preview.addresses import address_of, is_ours, without_prefix
from sitegen.preview.session import Answer
from sitegen.problems import Translate
from sitegen.site.files import media_type
from sitegen.site.site import Site
from sitegen.source.history import History

CONNECTIONS = 96
LISTENERS = 32
PATIENCE = 10.0
"""Seconds that a connection may keep us waiting, in either direction."""
HEARTBEAT = 15.0
_BLOCK = 1 << 16
_STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The site's policy, and ``connect-src`` for the preview's own script."""


class Previewed(Protocol):
    """What the server asks (``session.Session``)."""

    @property
    def number(self) -> int:
        """The number of the present state."""

    def wait(self, number: int, seconds: float) -> int:
        """Wait for another state than `number`."""

    def answer(self, address: str, as_of: datetime.date | None = None) -> Answer:
        """What is at an address."""

    def file(self, path: str) -> Path | None:
        """Where a source file that is offered lies."""

    def committed(self, source: str) -> str:
        """Whether a source is ``new`` or ``edited`` since the last commit."""

    @property
    def history(self) -> History:
        """What git knows."""

    @property
    def root(self) -> Path:
        """The site's folder."""


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """Serves one session. Raises OSError when the port cannot be had.

    `failed` is told of faults of ours; a browser that goes away is none.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    allow_reuse_address = os.name != "nt"  # there it would share the port with others

    def __init__(
        self,
        bound: str,
        port: int,
        session: Previewed,
        translate: Translate,
        failed: Callable[[Exception], None],
    ) -> None:
        self.bound = bound
        self.session = session
        self.translate = translate
        self.failed = failed
        self.token = secrets.token_hex(4)
        """Tells the states of this run from those of another one."""
        self.ending = threading.Event()
        self.listeners = threading.BoundedSemaphore(LISTENERS)
        self._guard = threading.Lock()
        self._open: dict[socket.socket, bool] = {}
        """The connections, and whether each is waiting for a request; oldest first."""
        if ":" in bound:
            self.address_family = socket.AF_INET6
        super().__init__((bound.strip("[]"), port), _Handler)

    def server_bind(self) -> None:
        """Bind without asking the resolver for our own name, as the base class would."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.bound, self.server_address[1]

    @property
    def url(self) -> str:
        """The address to open in a browser on this machine."""
        name = f"[{self.bound}]" if ":" in self.bound else self.bound
        if self.bound in ("", "0.0.0.0", "::"):
            name = "127.0.0.1"
        return f"http://{name}:{self.server_port}/"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a connection in; when there are too many, one that says nothing gives way."""
        with self._guard:
            if len(self._open) >= CONNECTIONS:
                silent = next((each for each, idle in self._open.items() if idle), None)
                if silent is None:
                    self.shutdown_request(request)
                    return
                del self._open[silent]
                with suppress(OSError):
                    silent.shutdown(socket.SHUT_RDWR)
            self._open[request] = True
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection and forget it."""
        with self._guard:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def idle(self, connection: socket.socket, idle: bool) -> None:
        """Note whether a connection is waiting for its next request."""
        with self._guard:
            if connection in self._open:
                del self._open[connection]
                self._open[connection] = idle

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Errors of a connection: those of the network are nobody's business."""
        error = sys.exc_info()[1]
        if isinstance(error, Exception) and not isinstance(error, OSError):
            self.failed(error)

    def end(self) -> None:
        """Stop serving; open connections are closed."""
        self.ending.set()
        self.shutdown()
        self.server_close()
        with self._guard:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "sitegen"
    sys_version = ""
    timeout = PATIENCE
    wbufsize = -1
    disable_nagle_algorithm = True
    _own: ClassVar[dict[str, str]] = {
        overlay.SCRIPT: "text/javascript; charset=utf-8",
        overlay.STYLE: "text/css; charset=utf-8",
    }

    def handle_one_request(self) -> None:
        """One request of a connection; until it has come whole, the connection idles."""
        self.server.idle(self.connection, True)
        super().handle_one_request()

    def parse_request(self) -> bool:
        """The head of a request has come."""
        understood = super().parse_request()
        self.server.idle(self.connection, False)
        return understood

    def do_GET(self) -> None:
        """Answer, if this server is really meant."""
        hosts = self.headers.get_all("Host") or []
        if self.headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # a body that nobody reads is not the next request
        port = self.server.server_port
        if len(hosts) != 1 or not is_ours(hosts[0], port, self.server.bound):
            self._plain(HTTPStatus.FORBIDDEN, "this preview does not serve that host\n")
            return
        try:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query, max_num_fields=8)
        except ValueError:
            self._plain(HTTPStatus.BAD_REQUEST, "bad address\n")
            return
        if parts.scheme or parts.netloc:
            self._plain(HTTPStatus.BAD_REQUEST, "bad address\n")
            return
        day = _day(query)
        try:
            if parts.path.startswith("/-/"):
                self._service(parts.path, query, day)
            else:
                self._address(parts.path, day)
        except (ConnectionError, TimeoutError):
            raise
        except Exception as error:
            self.close_connection = True
            self.server.failed(error)
            self._plain(HTTPStatus.INTERNAL_SERVER_ERROR, "the preview failed; see its terminal\n")

    do_HEAD = do_GET  # noqa: N815 - named by the base class

    def _refuse(self) -> None:
        self.close_connection = True
        self._plain(HTTPStatus.METHOD_NOT_ALLOWED, "only GET and HEAD\n", {"Allow": "GET, HEAD"})

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = _refuse  # noqa: N815

    # The site

    def _address(self, path: str, day: datetime.date | None) -> None:
        session = self.server.session
        address = address_of(path)
        answer = session.answer(address or "404.html", day)
        if address is not None and not answer.found:
            answer, address = self._elsewhere(answer, address, day)
        site, output = answer.state.site, answer.output
        if (
            address is not None
            and not answer.found
            and f"{address}/index.html" in answer.state.outputs
        ):
            self._send(HTTPStatus.FOUND, b"", "text/plain", {"Location": f"/{quote(address)}/"})
            return
        status = HTTPStatus.OK if answer.found and address else HTTPStatus.NOT_FOUND
        if answer.page.copy_of:
            self._file(answer.page.copy_of, output, site)
            return
        kind = _media_type(output.address)
        content = answer.page.content
        if kind.startswith("text/html"):
            content = content or overlay.stand_in(self.server.translate)
            asked = address or path.lstrip("/")
            content = overlay.injected(content, answer, day, asked)
        elif not content and answer.page.problems:
            status = HTTPStatus.INTERNAL_SERVER_ERROR
        self._send(status, content, kind, _disposition(output, site))

    def _elsewhere(
        self, answer: Answer, address: str, day: datetime.date | None
    ) -> tuple[Answer, str]:
        """Perhaps the address stands below the path of the site's public address."""
        prefix = urlsplit(answer.state.site.settings.base_url).path.lstrip("/")
        inner = without_prefix(address, prefix, answer.state.outputs)
        if inner == address:
            return answer, address
        return self.server.session.answer(inner, day), inner

    def _file(self, path: str, output: Output, site: Site) -> None:
        place = self.server.session.file(path)
        if place is None:
            self._plain(HTTPStatus.NOT_FOUND, "this file is gone\n")
            return
        with place.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            self._head(HTTPStatus.OK, size, _media_type(output.address), _disposition(output, site))
            left = size if self.command == "GET" else 0
            while left and (block := file.read(min(left, _BLOCK))):
                self.wfile.write(block)
                left -= len(block)
        if left:
            self.close_connection = True  # it shrank meanwhile: what we promised cannot be kept

    # The preview's own

    def _service(self, path: str, query: dict[str, list[str]], day: datetime.date | None) -> None:
        if path in self._own:
            content = (_STATIC / path.rpartition("/")[2]).read_bytes()
            self._send(HTTPStatus.OK, content, self._own[path])
        elif path == "/-/events":
            self._events()
        elif path == "/-/page":
            address = (query.get("address") or [""])[0]
            answer = self.server.session.answer(address or "index.html", day)
            content = json.dumps(self._about(answer), ensure_ascii=False).encode()
            self._send(HTTPStatus.OK, content, "application/json")
        else:
            self._plain(HTTPStatus.NOT_FOUND, "not found\n")

    def _about(self, answer: Answer) -> dict[str, object]:
        session = self.server.session
        committed = session.committed(overlay.source_of(answer))
        translate = self.server.translate
        value = overlay.about(answer, session.root, session.history, committed, translate)
        return {**value, "state": f"{self.server.token}.{answer.state.number}"}

    def _events(self) -> None:
        """Tell the number of every new state, for as long as the browser listens."""
        if self.command != "GET" or not self.server.listeners.acquire(blocking=False):
            self._plain(HTTPStatus.SERVICE_UNAVAILABLE, "too many listeners\n")
            return
        self.close_connection = True
        session, number = self.server.session, -1
        try:
            self.send_response(HTTPStatus.OK)
            self._common("text/event-stream; charset=utf-8")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"retry: 1000\n\n")
            waited = 0.0
            while not self.server.ending.is_set():
                if session.number != number:
                    number, waited = session.number, 0.0
                    self.wfile.write(f"data: {self.server.token}.{number}\n\n".encode())
                elif waited >= HEARTBEAT:
                    waited = 0.0
                    self.wfile.write(b": still here\n\n")  # finds out who has gone
                self.wfile.flush()
                session.wait(number, 1.0)
                waited += 1.0
                if select.select([self.connection], [], [], 0)[0]:
                    return  # it went away; a listener has nothing to say
        finally:
            self.server.listeners.release()

    # Sending

    def _plain(self, status: HTTPStatus, text: str, extra: dict[str, str] | None = None) -> None:
        self._send(status, text.encode(), "text/plain; charset=utf-8", extra)

    def _send(
        self, status: HTTPStatus, content: bytes, kind: str, extra: dict[str, str] | None = None
    ) -> None:
        self._head(status, len(content), kind, extra)
        if self.command != "HEAD":
            self.wfile.write(content)

    def _head(
        self, status: HTTPStatus, size: int, kind: str, extra: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self._common(kind)
        self.send_header("Content-Length", str(size))
        if self.close_connection:
            self.send_header("Connection", "close")
        for name, value in (extra or {}).items():
            self.send_header(name, value)
        self.end_headers()

    def _common(self, kind: str) -> None:
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "same-origin")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base class refuses, without its page that repeats the request."""
        self.close_connection = True
        if not hasattr(self, "headers") or self.request_version == "HTTP/0.9":
            return
        self._plain(HTTPStatus(code), "bad request\n")

    def log_message(self, format: str, *args: object) -> None:
        """Silence: the terminal is for problems."""


def _day(query: dict[str, list[str]]) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat((query.get("as-of") or [""])[0])
    except ValueError:
        return None


_OURS = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "xml": "application/xml",
}
"""Media types of what only we make: no attachment is of these sorts."""


def _media_type(address: str) -> str:
    kind = _OURS.get(address.rpartition(".")[2]) or media_type(address)
    textual = kind.startswith(("text/", "application/json", "application/xml"))
    return kind if "charset" in kind or not textual else f"{kind}; charset=utf-8"


def _disposition(output: Output, site: Site) -> dict[str, str]:
    """Downloads are saved under the name that people know them by."""
    if output.producer not in ("download", "archive", "catalogue"):
        return {}
    kind = media_type(output.address)
    if kind.startswith("image/"):
        return {}
    name = output.address.rpartition("/")[2]
    if output.part == "copy":
        attached = site.files.get(output.subject)
        for entry in site.entries.values() if attached is None else ():
            attached = next((a for a in entry.attachments if a.source == output.subject), attached)
        name = attached.name if attached else name
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
