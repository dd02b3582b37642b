"""A published site as an address on the web, fetched file by file for verifying.

Compressed siblings are fetched as browsers fetch them, by asking for the encoding. What was added
on the server cannot be seen from outside.
"""

from __future__ import annotations

import http.client
import threading
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from sitegen.engine.reporter import Reporter
from sitegen.outputs.signposts import gone_at, moved_at
from sitegen.problems import Location, Problem
from sitegen.publish import codes
from sitegen.publish.compress import has_brotli, is_compressible, unpacked
from sitegen.publish.manifest import Manifest, ReleasedFile, digest_of, printable
from sitegen.publish.verify import UnreachableError

_PATIENCE = 30
_AT_ONCE = 8
_TRIES = 2
_LARGEST = 512 * 1024 * 1024
_MOVED = (301, 302, 307, 308)
_HOME = "index.html"


class Website:
    """A published site at an ``http(s)`` address."""

    def __init__(self, url: str) -> None:
        """`url` is the address of the home page. Raises UnreachableError if it is no address."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UnreachableError(url)
        path = parts.path.removesuffix(_HOME)
        self._base = parts._replace(path=path if path.endswith("/") else path + "/", query="")
        self._local = threading.local()

    def read(self, path: str) -> bytes | None:
        """A file; None for 404 and 410."""
        try:
            status, _, body = self._get(path, "identity", _LARGEST)
        except (OSError, http.client.HTTPException) as error:
            raise UnreachableError(_why(error)) from None
        if status in (404, 410):
            return None
        if status != 200:
            raise UnreachableError(f"{path}: HTTP {status}")
        return body

    def examine(self, manifest: Manifest, reporter: Reporter) -> Iterator[Problem]:
        """Fetch every file, plain and in every encoding that a browser may ask for."""
        reporter.stage("verify", len(manifest.files))
        gone = {gone_at(file.path) for file in manifest.files} - {""}
        moved = dict(moved_at(file.path) for file in manifest.files)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            jobs = (
                pool.submit(self._examine, file, file.path in gone, moved.get(file.path, ""))
                for file in manifest.files
            )
            for job in list(jobs):
                yield from job.result()
                reporter.advance(1)

    def others(self, known: set[str]) -> Iterator[str]:
        """Cannot be seen from outside."""
        return iter(())

    def _examine(self, file: ReleasedFile, gone: bool, moved: str) -> list[Problem]:
        problems = list(self._fetched(file, file.path, "identity", gone, moved))
        if problems or moved:
            return problems
        if file.path == _HOME or file.path.endswith("/" + _HOME):
            folder = file.path.removesuffix(_HOME)
            problems += self._fetched(file, folder, "identity", gone, "")
        if is_compressible(file.path, file.size):
            problems += self._fetched(file, file.path, "gzip", gone, "")
            if has_brotli():
                problems += self._fetched(file, file.path, "br", gone, "")
            elif file.path == _HOME and self._sends_brotli():
                problems.append(codes.NO_BROTLI_TO_VERIFY.at(None))
        return problems

    def _sends_brotli(self) -> bool:
        try:
            _, headers, _ = self._get("", "br", _LARGEST)
        except (OSError, http.client.HTTPException):
            return False
        return headers.get("Content-Encoding", "") == "br"

    def _fetched(
        self, file: ReleasedFile, path: str, encoding: str, gone: bool, moved: str
    ) -> Iterator[Problem]:
        """A problem if the address does not give the file, or lead where the release leads."""
        where = Location(path or _HOME)
        try:
            status, headers, body = self._get(path, encoding, file.size)
        except (OSError, http.client.HTTPException) as error:
            yield codes.NO_ANSWER.at(where, path=path, reason=_why(error))
            return
        if moved and status in _MOVED:
            if not self._leads_to(headers.get("Location", ""), path, moved):
                yield codes.ALTERED.at(where, path=path)
        elif status in (404, 410) and status != (410 if gone else 0) and path != "404.html":
            yield codes.MISSING.at(where, path=path)
        elif status not in (200, 404, 410):
            yield codes.NO_ANSWER.at(where, path=path, reason=f"HTTP {status}")
        else:
            content = _decoded(body, headers.get("Content-Encoding", ""), file.size)
            if content is None or digest_of(content) != file.sha256:
                yield codes.ALTERED.at(where, path=path or _HOME)

    def _leads_to(self, location: str, path: str, target: str) -> bool:
        led = urlsplit(urljoin(self._url(path), location))
        same = (led.hostname, led.scheme) == (self._base.hostname, self._base.scheme)
        wanted = {self._base.path + target, self._base.path + target.removesuffix(_HOME)}
        return same and unquote(led.path) in wanted

    def _url(self, path: str) -> str:
        return self._base._replace(path=self._base.path + quote(path)).geturl()

    def _get(
        self, path: str, encoding: str, size: int
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """One request on this thread's connection; the body at most a little larger than `size`."""
        address = self._base.path + quote(path)
        for attempt in range(_TRIES):
            connection = self._connection()
            try:
                connection.request("GET", address, headers={"Accept-Encoding": encoding})
                answer = connection.getresponse()
                body = answer.read(size + 4096)
                if answer.read(1):  # larger than it may be: the connection is of no more use
                    self._drop()
                return answer.status, answer.headers, body
            except (OSError, http.client.HTTPException):
                self._drop()
                if attempt == _TRIES - 1:
                    raise
        raise AssertionError("unreachable")

    def _connection(self) -> http.client.HTTPConnection:
        made: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if made is None:
            made = self._local.connection = _connected(self._base)
        return made

    def _drop(self) -> None:
        self._connection().close()
        self._local.connection = None


def _connected(base: SplitResult) -> http.client.HTTPConnection:
    assert base.hostname is not None
    if base.scheme == "https":
        return http.client.HTTPSConnection(base.hostname, base.port, timeout=_PATIENCE)
    return http.client.HTTPConnection(base.hostname, base.port, timeout=_PATIENCE)


def _why(error: Exception) -> str:
    """Why a request failed; a server may have chosen the words."""
    return printable(str(error)) or type(error).__name__


def _decoded(body: bytes, encoding: str, size: int) -> bytes | None:
    """A body without its encoding; None if it is damaged, or not as long as it should be."""
    match encoding.strip().lower():
        case "" | "identity":
            return body if len(body) == size else None
        case "gzip":
            return unpacked(body, ".gz", size)
        case "br" if has_brotli():
            return unpacked(body, ".br", size)
        case "deflate":
            try:
                return zlib.decompress(body)
            except zlib.error:
                return None
        case _:
            return None
