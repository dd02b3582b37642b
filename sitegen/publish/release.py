"""The folder of a release: files linked from earlier releases, or copied, checked and compressed.

Every file is read and compared with its digest on the way, whether it comes from the build or from
an earlier release, so that what somebody altered on a server never gets into the next release.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sitegen.engine.pool import SMALL, chunks, work
from sitegen.engine.reporter import Reporter
from sitegen.problems import Location, Problem, ordered
from sitegen.publish import codes
from sitegen.publish.compress import ENCODINGS, compressed, is_compressible, unpacked
from sitegen.publish.manifest import ReleasedFile

READ_ONLY = 0o444
_BYTES_A_FILE = 20_000
"""What handling a file costs beside its bytes, as bytes."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a release is put together."""

    folder: Path
    output: Path
    """The output of the build."""
    extra: Mapping[str, bytes]
    """Files of the release that the build did not make, by address."""
    earlier: tuple[Path, ...] = ()
    """Folders of releases on the same disk, from which equal files are linked."""


@dataclass(slots=True)
class Assembled:
    """What was put into the folder of a release: (address, SHA-256), siblings included.

    What was `linked` was read there and found to be right; what is `new` was only written.
    """

    linked: list[tuple[str, str]] = field(default_factory=list)
    new: list[tuple[str, str]] = field(default_factory=list)


def assemble(
    bench: Bench, files: Iterable[ReleasedFile], jobs: int, reporter: Reporter
) -> tuple[Assembled, tuple[Problem, ...]]:
    """Put all files of a manifest, and their compressed siblings, into the bench's folder.

    A file that is not what the manifest says is a problem. Raises OSError when the disk fails.
    """
    listed = list(files)
    reporter.stage("pack", len(listed))
    for folder in sorted({file.path.rpartition("/")[0] for file in listed}):
        (bench.folder / folder).mkdir(parents=True, exist_ok=True)
    jobs = jobs if len(listed) >= SMALL else 1
    runs = chunks(listed, lambda file: file.size + _BYTES_A_FILE, jobs * 4)
    whole = Assembled()
    problems: list[Problem] = []
    for run, (made, altered) in zip(runs, work(_assemble, bench, runs, jobs), strict=True):
        whole.linked += made.linked
        whole.new += made.new
        problems += [codes.BUILD_ALTERED.at(Location(path), path=path) for path in altered]
        reporter.advance(len(run))
    return whole, ordered(problems)


def write_dated(path: Path, content: bytes, time: datetime.datetime) -> None:
    """Write a file of a release: read-only, and dated. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        path.unlink()
    path.write_bytes(content)
    _date(path, time)


def _assemble(bench: Bench, files: tuple[ReleasedFile, ...]) -> tuple[Assembled, list[str]]:
    made = Assembled()
    altered: list[str] = []
    for file in files:
        content = _placed(bench, file, made)
        if content is None:
            altered.append(file.path)
        elif is_compressible(file.path, file.size):
            for suffix in ENCODINGS:
                _pack(bench, file, content, suffix, made)
    return made, altered


def _placed(bench: Bench, file: ReleasedFile, made: Assembled) -> bytes | None:
    """Put a file into the release; returns its bytes, or None when nobody has the right ones."""
    target = bench.folder / file.path
    for folder in bench.earlier:
        content = _same(folder / file.path, file)
        if content is not None and _linked(folder / file.path, target):
            made.linked.append((file.path, file.sha256))
            return content
    content = bench.extra.get(file.path)
    if content is None:
        content = _read(bench.output / file.path)
    if content is None or not _matches(content, file):
        return None
    write_dated(target, content, file.since)
    made.new.append((file.path, file.sha256))
    return content


def _pack(bench: Bench, file: ReleasedFile, content: bytes, suffix: str, made: Assembled) -> None:
    """Put a compressed sibling into the release, if it is worth it.

    One of an earlier release is taken if it belongs to the same file and unpacks to it.
    """
    target = bench.folder / (file.path + suffix)
    for folder in bench.earlier:
        found = folder / (file.path + suffix)
        if not _is_as_released(found, file.since) or not _is_as_released(
            folder / file.path, file.since, file.size
        ):
            continue
        packed = _read(found)
        if packed is not None and unpacked(packed, suffix, file.size) == content:
            if _linked(found, target):
                made.linked.append(_sum(file.path + suffix, packed))
                return
            break
    packed = compressed(content, suffix)
    if packed is not None:
        write_dated(target, packed, file.since)
        made.new.append(_sum(file.path + suffix, packed))


def _sum(path: str, content: bytes) -> tuple[str, str]:
    return path, hashlib.sha256(content).hexdigest()


def _same(path: Path, file: ReleasedFile) -> bytes | None:
    """The bytes of a released file, if they, their time and their permissions are as they must."""
    if not _is_as_released(path, file.since, file.size):
        return None
    content = _read(path)
    return content if content is not None and _matches(content, file) else None


def _is_as_released(path: Path, since: datetime.datetime, size: int | None = None) -> bool:
    try:
        status = path.lstat()
    except OSError:
        return False
    return (
        stat.S_ISREG(status.st_mode)
        and stat.S_IMODE(status.st_mode) == READ_ONLY
        and status.st_mtime_ns == int(since.timestamp()) * 10**9
        and size in (None, status.st_size)
    )


def _matches(content: bytes, file: ReleasedFile) -> bool:
    return len(content) == file.size and hashlib.sha256(content).hexdigest() == file.sha256


def _read(path: Path) -> bytes | None:
    """The bytes of a regular file; None when there is none, or it cannot be read."""
    try:
        return None if path.is_symlink() else path.read_bytes()
    except OSError:
        return None


def _linked(found: Path, target: Path) -> bool:
    """Link a file, unless the disk cannot (any more): then it has to be copied."""
    try:
        target.hardlink_to(found)
    except OSError:
        return False
    return True


def _date(path: Path, time: datetime.datetime) -> None:
    seconds = int(time.timestamp())
    os.utime(path, (seconds, seconds))
    path.chmod(READ_ONLY)
