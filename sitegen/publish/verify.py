"""Verify: is a published site what was released? From outside, by anybody.

    manifest → signature → SHA256SUMS → every file and its compressed siblings → the chain

What this shows: that the files are those of the manifest; that whoever signs for the site signed
it; that the manifests before it are the ones that it followed. In a folder it also shows what was
added. What it cannot show: that other people were served the same; keep the manifests that you
fetched.
"""

from __future__ import annotations

import datetime
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sitegen.engine.reporter import Reporter
from sitegen.problems import Location, Problem, has_errors, ordered
from sitegen.publish import codes
from sitegen.publish.compress import ENCODINGS, has_brotli, is_compressible, unpacked
from sitegen.publish.manifest import (
    CHAIN,
    MANIFEST,
    SIGNATURE,
    SIGNERS,
    SUMS,
    Head,
    Manifest,
    NoManifestError,
    ReleasedFile,
    digest_of,
    listed_sums,
    printable,
    read_manifest,
)
from sitegen.publish.sign import PublicKey, Trust, check, is_by_ssh, keys_in

DONE, PROBLEMS, FAILED = 0, 1, 3
_LARGEST = 512 * 1024 * 1024
"""Bytes of a manifest, unpacked: what a server sends must not fill the memory."""


class UnreachableError(Exception):
    """The place cannot be looked at; the text says why."""


class Published(Protocol):
    """A published site: a folder, or an address on the web."""

    def read(self, path: str) -> bytes | None:
        """A file; None when there is none. Raises UnreachableError."""

    def examine(self, manifest: Manifest, reporter: Reporter) -> Iterator[Problem]:
        """Hold every file, and its compressed siblings, against the manifest."""

    def others(self, known: set[str]) -> Iterator[str]:
        """What is there beside the known paths, if that can be seen."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying found. `head` is None when there was nothing to verify."""

    status: int
    problems: tuple[Problem, ...]
    head: Head | None = None
    files: int = 0
    chain: tuple[Head, ...] = ()
    """The releases before, newest first, as far as the chain holds."""
    signers: tuple[PublicKey, ...] = ()
    """The keys of whom the signature was accepted from; empty if there was none to accept."""


@dataclass(slots=True)
class _Findings:
    problems: list[Problem] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    """Paths that belong to the release beside those of its files."""
    signers: tuple[PublicKey, ...] = ()
    beyond: str = ""
    """A folder of which nobody can say what belongs in it, because the chain is broken."""


def verify(place: Published, shown: str, trust: Trust | None, reporter: Reporter) -> Verified:
    """Verify a published site; `shown` is what it is called in messages.

    With `trust`, the manifest must be signed by one whom it names; otherwise the keys that the site
    itself publishes are taken.
    """
    try:
        return _verify(place, shown, trust, reporter)
    except UnreachableError as error:
        problem = codes.NO_MANIFEST.at(Location(shown), place=shown, reason=str(error))
        return Verified(FAILED, (problem,))


def _verify(place: Published, shown: str, trust: Trust | None, reporter: Reporter) -> Verified:
    data = place.read(MANIFEST)
    reason = f"{MANIFEST}?" if data is None else ""
    manifest: Manifest | None = None
    if data is not None:
        try:
            manifest = read_manifest(data)
        except NoManifestError as error:
            reason = f"{MANIFEST}: {error}"
    if data is None or manifest is None:
        problem = codes.NO_MANIFEST.at(Location(shown), place=shown, reason=reason)
        return Verified(PROBLEMS, (problem,))

    found = _Findings(known={MANIFEST, SIGNATURE, SUMS, *(f.path for f in manifest.files)})
    _signature(place, data, manifest, trust, found)
    if place.read(SUMS) != listed_sums(manifest, digest_of(data)):
        found.problems.append(codes.SUMS_DIFFER.at(Location(SUMS), path=SUMS))
    found.problems += place.examine(manifest, reporter)
    found.known |= set(siblings(manifest))
    for suffix in ENCODINGS:
        packed = place.read(MANIFEST + suffix)
        if packed is not None:
            found.known.add(MANIFEST + suffix)
            found.problems += sibling_fault(MANIFEST + suffix, packed, suffix, data)
    chain = tuple(_chain(place, manifest, found))
    for path in place.others(found.known):
        if not found.beyond or not path.startswith(found.beyond):
            added = printable(path)
            found.problems.append(codes.ADDED.at(Location(added), path=added))
    problems = ordered(found.problems)
    status = PROBLEMS if has_errors(problems) else DONE
    return Verified(status, problems, manifest.head, len(manifest.files), chain, found.signers)


def siblings(manifest: Manifest) -> Iterator[str]:
    """The compressed siblings that files of a manifest may have."""
    for file in manifest.files:
        if is_compressible(file.path, file.size):
            yield from (file.path + suffix for suffix in ENCODINGS)


def sibling_fault(path: str, packed: bytes, suffix: str, content: bytes) -> Iterator[Problem]:
    """A problem if a sibling does not unpack to its original, or if that cannot be seen."""
    if suffix == ".br" and not has_brotli():
        yield codes.NO_BROTLI_TO_VERIFY.at(None)
    elif unpacked(packed, suffix, len(content)) != content:
        yield codes.ALTERED.at(Location(path), path=path)


def _signature(
    place: Published, data: bytes, manifest: Manifest, trust: Trust | None, found: _Findings
) -> None:
    """Whether the manifest is signed by whom it should be."""
    where = Location(MANIFEST)
    signature, published = place.read(SIGNATURE), place.read(SIGNERS)
    if signature is None:
        expected = trust is not None or SIGNERS in manifest.by_path()
        missing = codes.SIGNATURE_MISSING.at(where, path=MANIFEST)
        found.problems.append(missing if expected else codes.NOT_SIGNED.at(where))
        return
    trusted = trust or (Trust(published) if published is not None else None)
    if trusted is None:
        found.problems.append(codes.BAD_SIGNATURE.at(where, path=MANIFEST, reason=f"{SIGNERS}?"))
        return
    if not trusted.command and not is_by_ssh(signature):
        found.problems.append(codes.OTHER_SCHEME.at(where, path=MANIFEST))
        return
    if reason := check(data, signature, trusted, manifest.head.released):
        found.problems.append(codes.BAD_SIGNATURE.at(where, path=MANIFEST, reason=reason))
        return
    found.signers = tuple(keys_in(trusted.signers.decode("utf-8", "replace")))
    if trust is None:
        found.problems.append(codes.OWN_KEY.at(where))


def _chain(place: Published, manifest: Manifest, found: _Findings) -> Iterator[Head]:
    """The releases before, each held against the digest that the one after it names."""
    published = place.read(SIGNERS)
    head = manifest.head
    while head.previous:
        path = f"{CHAIN}{head.previous}.json"
        found.known |= {path + ".gz", path + ".sig"}
        packed = place.read(path + ".gz")
        data = unzipped(packed) if packed is not None else None
        earlier: Head | None = None
        if data is not None and digest_of(data) == head.previous:
            earlier = _earlier_head(data, head.released)
        if data is None or earlier is None:
            broken = codes.CHAIN_MISSING if packed is None else codes.CHAIN_ALTERED
            found.problems.append(broken.at(Location(path), sha256=head.previous))
            found.beyond = CHAIN
            return
        signature = place.read(path + ".sig")
        if signature is not None and published is not None and is_by_ssh(signature):
            reason = check(data, signature, Trust(published), earlier.released)
            if reason:
                problem = codes.BAD_SIGNATURE.at(Location(path), path=path, reason=reason)
                found.problems.append(problem)
        head = earlier
        yield head


def _earlier_head(data: bytes, before: datetime.datetime) -> Head | None:
    """The head of a manifest of the chain, if it is older than the one that names it."""
    try:
        head = read_manifest(data).head
    except NoManifestError:
        return None
    return head if head.released < before else None


def unzipped(packed: bytes) -> bytes | None:
    """What is in a manifest of the chain; None if it is damaged or far too large."""
    try:
        stream = zlib.decompressobj(wbits=31)
        data = stream.decompress(packed, _LARGEST)
    except zlib.error:
        return None
    return data if stream.eof else None


class Folder:
    """A published site as a folder; a link such as ``current`` is followed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def read(self, path: str) -> bytes | None:
        """A regular file, reached without links."""
        place = self._folder / path
        if any((self._folder / part).is_symlink() for part in _parts(path)):
            return None
        try:
            return place.read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise UnreachableError(f"{path}: {error.strerror}") from None

    def examine(self, manifest: Manifest, reporter: Reporter) -> Iterator[Problem]:
        """Every file and its siblings, as a web server would send them."""
        reporter.stage("verify", len(manifest.files))
        for file in manifest.files:
            yield from self._file(file)
            reporter.advance(1)

    def others(self, known: set[str]) -> Iterator[str]:
        """Files and links beside the known."""
        return (path for path in _walk(self._folder, "") if path not in known)

    def _file(self, file: ReleasedFile) -> Iterator[Problem]:
        content = self.read(file.path)
        where = Location(file.path)
        if content is None:
            present = os.path.lexists(self._folder / file.path)
            yield (codes.ALTERED if present else codes.MISSING).at(where, path=file.path)
            return
        if len(content) != file.size or digest_of(content) != file.sha256:
            yield codes.ALTERED.at(where, path=file.path)
            return
        if is_compressible(file.path, file.size):
            for suffix in ENCODINGS:
                packed = self.read(file.path + suffix)
                if packed is not None:
                    yield from sibling_fault(file.path + suffix, packed, suffix, content)
                elif os.path.lexists(self._folder / (file.path + suffix)):
                    path = file.path + suffix
                    yield codes.ALTERED.at(Location(path), path=path)


def _parts(path: str) -> Iterator[str]:
    """A path and the folders around it."""
    parts = path.split("/")
    return ("/".join(parts[: number + 1]) for number in range(len(parts)))


def _walk(folder: Path, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name
