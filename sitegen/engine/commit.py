"""Commit: the staged outputs into the output folder, writing what differs, removing what is gone.

The folder is changed only after every output has been made. Only files that an earlier build wrote
are ever removed or replaced: a record of them is kept with the site (and, should that be lost, the
published ``manifest.json`` says the same). The record is widened before the first change and
narrowed after the last, so that a build killed half-way leaves nothing that the next one would
take for somebody else's file.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sitegen.engine import codes
from sitegen.engine.replacing import put_of
from sitegen.engine.reporter import Reporter
from sitegen.engine.stamps import file_digest
from sitegen.engine.store import load_checked, save_checked
from sitegen.problems import Location, Problem

MANIFEST = "manifest.json"
_NOTHING: Mapping[str, str] = {}


class Written(NamedTuple):
    """A file of the output: its address, size in bytes and SHA-256 (hex)."""

    address: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit did, in numbers of files."""

    written: int
    unchanged: int
    removed: int


def commit(
    staged: Path,
    files: Iterable[Written],
    output: Path,
    record: Path,
    reporter: Reporter,
    kept: Collection[str] = (),
    known: Mapping[str, str] = _NOTHING,
) -> tuple[Committed | None, tuple[Problem, ...]]:
    """Bring `output` to hold exactly `files` and those at the addresses `kept`.

    `files` are moved from `staged`; `kept` were seen to stand there as they must. `known` are the
    SHA-256 (hex) of what was seen to stand at other addresses. What others put into the folder
    stays. `record` is the file that remembers what we wrote. Returns no result, and
    changes nothing, when a foreign file stands where an output must go. Raises OSError when the
    disk fails.
    """
    new = {file.address: file for file in files}
    whole = dict.fromkeys((*kept, *new))
    listed = record_bytes(whole)
    as_listed = load_checked(record) == listed
    old = whole if as_listed else _owned(output, record)
    problems = tuple(_blocked(new, old, output))
    if problems:
        return None, problems
    reporter.stage("commit", len(new))
    removed = 0
    if not as_listed:
        _remember(record, record_bytes({**old, **whole}))
        removed = _remove([address for address in old if address not in whole], output)
    written = 0
    moved = _move_folders(staged, output)
    put = put_of(len(new))
    for address, file in new.items():
        if _is_below(address, moved):
            written += 1
        elif not _is_there(file, known, output):
            put(f"{staged}/{address}", f"{output}/{address}")
            written += 1
        reporter.advance(1)
    if not as_listed:
        _remember(record, listed)
    return Committed(written, len(whole) - written, removed), ()


def digest_of(path: Path) -> str:
    """SHA-256 (hex) of a regular file; empty when there is none or it cannot be read."""
    try:
        if path.is_symlink():
            return ""
        return file_digest(path).hex()
    except OSError:
        return ""


def _is_there(file: Written, known: Mapping[str, str], output: Path) -> bool:
    """Whether a file is there already as it must be; not looked at if another one is."""
    if known.get(file.address, file.sha256) != file.sha256:
        return False
    return _stands(f"{output}/{file.address}", file)


def _stands(target: str, file: Written) -> bool:
    """Whether a file is there already as it must be."""
    try:
        found = os.lstat(target)
        return (
            stat.S_ISREG(found.st_mode)
            and found.st_size == file.size
            and file_digest(target).hex() == file.sha256
        )
    except OSError:
        return False


def _is_folder(place: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(place).st_mode)
    except OSError:
        return False


def _move_folders(staged: Path, output: Path, folder: str = "") -> dict[str, bool]:
    """Move the staged folders that the output does not have, each in one go.

    Returns what became of every folder that was looked at, ``""`` being the whole: True if moved.
    """
    place = output / folder
    if not os.path.lexists(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        (staged / folder).rename(place)
        return {folder: True}
    seen = {folder: False}
    with os.scandir(staged / folder) as entries:
        below = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    for name in below:
        seen |= _move_folders(staged, output, f"{folder}/{name}" if folder else name)
    return seen


def _is_below(address: str, moved: dict[str, bool]) -> bool:
    """Whether an address lies in a moved folder; what is found out on the way is kept."""
    folder = address.rpartition("/")[0]
    if folder not in moved:
        moved[folder] = _is_below(folder, moved)
    return moved[folder]


def _owned(output: Path, record: Path) -> Mapping[str, None]:
    """Addresses that an earlier build wrote."""
    content = load_checked(record)
    if content is not None:
        return dict.fromkeys(content.decode("utf-8", "replace").split("\n") if content else ())
    import json  # imported late: the record is seldom lost

    with suppress(OSError, ValueError, TypeError, KeyError):
        listed = json.loads((output / MANIFEST).read_bytes())["files"]
        return {**{str(file["path"]): None for file in listed}, MANIFEST: None}
    return {}


def _blocked(
    new: Mapping[str, Written], old: Mapping[str, None], output: Path
) -> Iterable[Problem]:
    if not os.path.lexists(output):
        return
    checked: dict[str, bool] = {}
    for address, file in new.items():
        above = () if address.rpartition("/")[0] in checked else _parents(address)
        for parent in above:
            if parent not in checked:
                place = output / parent
                checked[parent] = place.exists() and not place.is_dir() and parent not in old
                if checked[parent]:
                    yield _foreign(output, parent)
        target = f"{output}/{address}"
        if address in old:
            if _is_folder(target) and not _holds(address, old):
                yield _foreign(output, address)
        elif _is_folder(target):
            if not _only_ours(output / address, output, old):
                yield _foreign(output, address)
        elif os.path.lexists(target) and not _stands(target, file):
            yield _foreign(output, address)


def _holds(folder: str, addresses: Iterable[str]) -> bool:
    """Whether some address lies in a folder."""
    return any(address.startswith(folder + "/") for address in addresses)


def _only_ours(folder: Path, output: Path, old: Mapping[str, None]) -> bool:
    """Whether a folder goes when what is ours in it goes: nobody else's file, link or empty folder
    is in it, and it is not empty itself."""
    for place, below, names in os.walk(folder):
        inside = Path(place)
        if not (below or names) or any((inside / name).is_symlink() for name in below):
            return False
        if any((inside / name).relative_to(output).as_posix() not in old for name in names):
            return False
    return True


def _foreign(output: Path, address: str) -> Problem:
    return codes.FOREIGN_FILE.at(Location(f"{output.name}/{address}"), file=address)


def _parents(address: str) -> Iterable[str]:
    parts = address.split("/")[:-1]
    return ("/".join(parts[: number + 1]) for number in range(len(parts)))


def _remove(addresses: Iterable[str], output: Path) -> int:
    removed = 0
    folders: set[str] = set()
    for address in addresses:
        target = output / address
        if target.is_symlink() or target.is_file():
            target.unlink()
            removed += 1
        folders.update(_parents(address))
    for folder in sorted(folders, key=lambda name: -name.count("/")):
        with suppress(OSError):  # not empty: somebody else's files are in it
            (output / folder).rmdir()
    return removed


def record_bytes(addresses: Iterable[str]) -> bytes:
    """The record of these addresses: a line for each, sorted."""
    return "\n".join(sorted(addresses)).encode()


def _remember(record: Path, content: bytes) -> None:
    """Write the record, unless it says so already. Where nothing can be kept, nothing is."""
    if load_checked(record) == content:
        return
    try:
        record.parent.mkdir(parents=True, exist_ok=True)
        save_checked(record, content)
    except (PermissionError, FileExistsError, NotADirectoryError):
        return  # the manifest in the output says the same
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
