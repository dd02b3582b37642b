"""From the output of a build to what a release will hold: its manifest and the files beside it."""

from __future__ import annotations

import datetime
import gzip
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sitegen import __version__
from sitegen.problems import Location, Problem
from sitegen.publish import codes
from sitegen.publish.compress import ENCODINGS, compressed, is_compressible
from sitegen.publish.manifest import (
    CHAIN,
    MANIFEST,
    OWN,
    PAGE,
    SIGNATURE,
    SIGNERS,
    SUMS,
    Head,
    Manifest,
    ReleasedFile,
    digest_of,
    listed_sums,
    manifest_bytes,
    release_name,
)
from sitegen.publish.page import page_bytes
from sitegen.publish.sign import PublicKey, allowed_signers, principal_of

_STYLESHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Built:
    """What the build made, as its own manifest tells it."""

    site: str
    base_url: str
    commit: str
    files: tuple[tuple[str, int, str], ...]
    """Address, size in bytes, SHA-256."""
    styles: tuple[str, ...] = ()
    """The stylesheets of the home page."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The newest release that was ever public, with its manifest as it was published."""

    name: str
    data: bytes
    manifest: Manifest
    signature: bytes = b""
    signers: bytes = b""

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest: what the next one calls `previous`."""
        return digest_of(self.data)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A release before it is put together: `name`, manifest, and files that the build did not make.

    `extra` are among the files of the manifest; `beside` are not, and come when all is signed.
    """

    name: str
    manifest: Manifest
    data: bytes
    extra: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest."""
        return digest_of(self.data)

    def beside(
        self, signature: bytes, earlier: Earlier | None
    ) -> dict[str, tuple[bytes, datetime.datetime]]:
        """The manifest with all that goes with it: bytes and date of each file, by address."""
        released = self.manifest.head.released
        files = {
            MANIFEST: (self.data, released),
            SUMS: (listed_sums(self.manifest, self.digest), released),
        }
        for suffix in ENCODINGS:
            if packed := compressed(self.data, suffix):
                files[MANIFEST + suffix] = (packed, released)
        if signature:
            files[SIGNATURE] = (signature, released)
        if earlier is not None:
            since, kept = earlier.manifest.head.released, f"{CHAIN}{earlier.digest}.json"
            files[f"{kept}.gz"] = (gzip.compress(earlier.data, 6, mtime=0), since)
            if earlier.signature:
                files[f"{kept}.sig"] = (earlier.signature, since)
        return files


def built(output: Path) -> Built:
    """What stands in the output folder of a build. Raises OSError."""
    told = json.loads((output / MANIFEST).read_bytes())
    files = tuple((file["path"], file["size"], file["sha256"]) for file in told["files"])
    home = output / "index.html"
    linked = _STYLESHEET.findall(home.read_text("utf-8")) if home.is_file() else []
    styles = tuple(path for path in linked if any(path == file[0] for file in files))
    return Built(told["site"], told["base_url"], told["revision"], files, styles)


def prepare(
    made: Built,
    key: PublicKey | None,
    as_of: datetime.date,
    released: datetime.datetime,
    earlier: Earlier | None,
    others: Iterable[Manifest] = (),
) -> tuple[Prepared, tuple[Problem, ...]]:
    """The release of a build: `released` is later than any release before.

    `earlier` is the one that the chain of manifests goes on from; `others` too are asked since when
    a file is what it is.
    """
    base = earlier.manifest if earlier else None
    page = page_bytes(made.site, made.base_url, key, principal_of(made.base_url), made.styles)
    files = {PAGE: page}
    if key is not None:
        signers = earlier.signers if earlier else b""
        files[SIGNERS] = allowed_signers(key, made.base_url, signers, released)
    problems = _taken(made)

    known: dict[tuple[str, str], datetime.datetime] = {}
    for manifest in (*others, *([base] if base else [])):
        known |= {(file.path, file.sha256): file.since for file in manifest.files}
    whole = [
        *made.files,
        *((path, len(data), digest_of(data)) for path, data in files.items()),
    ]
    listed = tuple(
        ReleasedFile(path, size, sha256, known.get((path, sha256), released))
        for path, size, sha256 in sorted(whole)
        if path != MANIFEST
    )
    head = Head(
        site=made.site,
        base_url=made.base_url,
        released=released,
        as_of=as_of.isoformat(),
        commit=made.commit,
        generator=f"sitegen {__version__}",
        previous=earlier.digest if earlier else "",
    )
    manifest = Manifest(head, listed)
    data = manifest_bytes(manifest)
    return Prepared(release_name(released, digest_of(data)), manifest, data, files), problems


def _taken(made: Built) -> tuple[Problem, ...]:
    """Addresses of the site that the release needs for itself."""
    addresses = {path for path, _, _ in made.files}
    siblings = {
        path + suffix
        for path, size, _ in made.files
        if is_compressible(path, size)
        for suffix in ENCODINGS
    }
    return tuple(
        codes.TAKEN_ADDRESS.at(Location(path), path=path)
        for path in sorted(addresses)
        if path in siblings or path in (SIGNATURE, SUMS) or path.startswith(OWN)
    )
