"""A small web server for the output, and a browser that notes everything amiss on a page."""

from __future__ import annotations

import http.server
import mimetypes
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'"
"""The Content Security Policy that servers send."""

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(event.violatedDirective + " " + event.blockedURI);
});
"""


def launched(playwright: Playwright) -> Browser:
    """The system's Chromium, without a way to any other host."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    assert found, "Chromium is not installed; `make test` says how to install it"
    return playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)


@contextmanager
def served(output: Path, prefix: str = "/") -> Iterator[str]:
    """Serve a folder under a path (``/a/b/``) with the strict policy; gives the address."""

    class Handler(_Handler):
        root, under = output, prefix

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{prefix}"
        finally:
            server.shutdown()
            thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    root: Path
    under: str
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        file = self.root / path.removeprefix(self.under)
        if file.is_dir() and path.endswith("/"):
            file /= "index.html"
        if path.startswith(self.under) and ".." not in path and file.is_file():
            self._send(HTTPStatus.OK, file)
        else:
            self._send(HTTPStatus.NOT_FOUND, self.root / "404.html")

    def _send(self, status: HTTPStatus, file: Path) -> None:
        data = file.read_bytes()
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        self.send_response(status)
        charset = "; charset=utf-8" if kind.startswith("text/") else ""
        self.send_header("Content-Type", kind + charset)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        with suppress(ConnectionError):  # the browser went on to another page
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Silence: the browser notes what fails."""


@dataclass
class Visitor:
    """A browser window that notes what is amiss."""

    context: BrowserContext
    page: Page = field(init=False)
    faults: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    """Requests to other hosts, whether or not they were answered."""

    def __post_init__(self) -> None:
        self.context.add_init_script(_WATCH)
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", lambda request: self._request(request.url))
        self.page.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # Leaving a page ends what it was still loading; that is no fault.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"request failed: {request.url} ({request.failure})")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "file" and parts.hostname != "127.0.0.1":
            self.foreign.append(url)

    def open(self, url: str, *, status: int = 200) -> Page:
        """Go to a page and note whatever is not as it should be."""
        response = self.page.goto(url, wait_until="load")
        if response is None or (url.startswith("http") and response.status != status):
            self.faults.append(f"answered {response and response.status}")
        return self.page

    def noted(self) -> list[str]:
        """All that was amiss so far, policy violations of the present page included."""
        violations: list[Any] = self.page.evaluate("window.violations ?? []")
        noted = [*self.faults, *self.foreign, *(f"policy: {each}" for each in violations)]
        self.faults.clear()
        self.foreign.clear()
        return noted


class Windows:
    """Windows that several tests look through, one for each set of options.

    For tests that leave nothing behind in the browser: they open a page of their own first.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._open: dict[str, Visitor] = {}

    def __call__(self, **options: Any) -> Visitor:
        """The window with these options of Playwright's contexts; nothing is noted yet."""
        key = repr(sorted(options.items()))
        if key not in self._open:
            self._open[key] = Visitor(_context(self._browser, options))
        window = self._open[key]
        window.page.goto("about:blank")
        window.faults.clear()
        window.foreign.clear()
        return window

    def close(self) -> None:
        """Close them all."""
        for window in self._open.values():
            window.context.close()


@contextmanager
def visitor(browser: Browser, **options: Any) -> Iterator[Visitor]:
    """A fresh window; `options` are those of Playwright's contexts."""
    context = _context(browser, options)
    try:
        yield Visitor(context)
    finally:
        context.close()


def _context(browser: Browser, options: dict[str, Any]) -> BrowserContext:
    context = browser.new_context(**options)
    context.set_default_timeout(15_000)
    return context
