"""The manifest of a release (发布清单): every file, since when it is so, and what came before.

Its bytes are canonical: the same release gives the same bytes, so that its SHA-256 names it. The
first line holds everything but the files; each file has a line of its own. Compressed siblings,
the manifest itself, its signature, ``SHA256SUMS`` and earlier manifests are not listed.

What is read here may come from anywhere: every value is checked, and an address never leaves the
folder of the release.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from json.encoder import encode_basestring
from typing import Any

MANIFEST, SIGNATURE, SUMS = "manifest.json", "manifest.json.sig", "SHA256SUMS"
OWN = ".well-known/sitegen/"
"""Where a release explains itself (RFC 8615)."""
SIGNERS, PAGE, CHAIN = OWN + "allowed_signers", OWN + "index.html", OWN + "manifests/"
FORMAT = "sitegen-release/1"

_NAME = re.compile(r"\d{8}T\d{4}-[0-9a-f]{12}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_STAMP = "%Y-%m-%dT%H:%M:%SZ"
_SURPLUS = re.compile(r"(^|/)\.{0,2}(/|$)")
"""An empty part of a path, ``.`` or ``..``."""


class NoManifestError(Exception):
    """These bytes are no manifest of a release; the text says why."""


@dataclass(frozen=True, slots=True)
class ReleasedFile:
    """A file of a release: size in bytes, SHA-256 in hex, UTC time since which it is what it is."""

    path: str
    size: int
    sha256: str
    since: datetime.datetime


@dataclass(frozen=True, slots=True)
class Head:
    """What a manifest says of the whole release."""

    site: str
    base_url: str
    released: datetime.datetime
    """UTC, to the second; later than that of the previous release."""
    as_of: str
    """The day as on which the site was built: with it the build can be repeated."""
    commit: str
    generator: str
    previous: str = ""
    """SHA-256 of the previous manifest; empty for the first."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A release, as its manifest tells it; `files` are sorted by path."""

    head: Head
    files: tuple[ReleasedFile, ...] = field(repr=False)

    def by_path(self) -> dict[str, ReleasedFile]:
        """The files by their path."""
        return {file.path: file for file in self.files}


def head_line(head: Head) -> str:
    """The first line of a manifest, up to the list of files."""
    told: dict[str, object] = {
        "format": FORMAT,
        "site": head.site,
        "base_url": head.base_url,
        "released": stamp(head.released),
        "as_of": head.as_of,
        "commit": head.commit,
        "generator": head.generator,
        "previous": head.previous or None,
    }
    return json.dumps(told, ensure_ascii=False)[:-1] + ', "files": ['


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as it is published and signed."""
    lines = [
        f'{{"path": {encode_basestring(file.path)}, "size": {file.size}, '
        f'"sha256": "{file.sha256}", "since": "{stamp(file.since)}"}}'
        for file in manifest.files
    ]
    listed = ",\n".join(lines)
    return f"{head_line(manifest.head)}\n{listed}\n]}}\n".encode()


def read_manifest(data: bytes) -> Manifest:
    """The manifest that these bytes are. Raises NoManifestError."""
    values = _json(data)
    listed = values.get("files")
    if not isinstance(listed, list):
        raise NoManifestError("files")
    times: dict[str, datetime.datetime] = {}
    files = tuple(_file(entry, times) for entry in listed)
    if any(one.path >= two.path for one, two in pairwise(files)):
        raise NoManifestError("files")
    return Manifest(_head(values), files)


def read_head(line: bytes) -> Head:
    """The head, from the first line of a manifest. Raises NoManifestError."""
    return _head(_json(line.rstrip() + b"]}" if line.rstrip().endswith(b"[") else line))


def sums_bytes(files: Iterable[tuple[str, str]]) -> bytes:
    """``SHA256SUMS`` for (path, SHA-256) pairs, as ``sha256sum -c`` reads it."""
    return "".join(f"{sha256}  {path}\n" for path, sha256 in files).encode()


def listed_sums(manifest: Manifest, digest: str) -> bytes:
    """``SHA256SUMS`` of a release: every file of the manifest, and the manifest itself."""
    pairs = [(file.path, file.sha256) for file in manifest.files]
    return sums_bytes([*pairs, (MANIFEST, digest)])


def release_name(released: datetime.datetime, digest: str) -> str:
    """The name of a release: ``20261123T0947-3fa9c1d2e4b5``."""
    return f"{released:%Y%m%dT%H%M}-{digest[:12]}"


def is_release_name(name: str) -> bool:
    """Whether a folder's name is that of a release."""
    return _NAME.fullmatch(name) is not None


def digest_of(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def stamp(time: datetime.datetime) -> str:
    """A UTC time as manifests write it: ``2026-11-23T09:47:12Z``."""
    return time.strftime(_STAMP)


def unstamped(text: object) -> datetime.datetime:
    """The time that `stamp` wrote. Raises NoManifestError."""
    try:
        return datetime.datetime.strptime(str(text), _STAMP).replace(tzinfo=datetime.UTC)
    except ValueError:
        raise NoManifestError(printable(str(text))) from None


def is_safe(path: str) -> bool:
    """Whether a path stays in its folder: relative, without ``..``, backslashes and controls."""
    return path.isprintable() and "\\" not in path and not _SURPLUS.search(path)


def printable(text: str) -> str:
    """A stranger's words, fit for a terminal: on one line, without control characters."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:500])


def _json(data: bytes) -> Mapping[str, Any]:
    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        raise NoManifestError("JSON") from None
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise NoManifestError("format")
    return values


def _head(values: Mapping[str, Any]) -> Head:
    previous = values.get("previous")
    if previous is not None and not (isinstance(previous, str) and _DIGEST.fullmatch(previous)):
        raise NoManifestError("previous")
    texts = {
        name: values.get(name) for name in ("site", "base_url", "as_of", "commit", "generator")
    }
    for name, text in texts.items():
        if not isinstance(text, str) or not text.isprintable():
            raise NoManifestError(name)
    told = {name: str(text) for name, text in texts.items()}
    return Head(**told, released=unstamped(values.get("released")), previous=previous or "")


def _file(entry: object, times: dict[str, datetime.datetime]) -> ReleasedFile:
    if not isinstance(entry, dict):
        raise NoManifestError("files")
    path, size, sha256, since = (entry.get(k) for k in ("path", "size", "sha256", "since"))
    if not isinstance(path, str) or not isinstance(size, int) or not isinstance(since, str):
        raise NoManifestError(printable(str(path)))
    if not is_safe(path) or size < 0 or not _DIGEST.fullmatch(str(sha256)):
        raise NoManifestError(printable(path))
    if since not in times:
        times[since] = unstamped(since)
    return ReleasedFile(path, size, str(sha256), times[since])
