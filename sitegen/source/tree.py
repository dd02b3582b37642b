"""The content folder as a list of files.

Scanning looks at names and sizes only; nothing is opened. Names are normalised to NFC. Paths are
relative to ``content/``, with forward slashes; problems carry paths relative to the site's folder.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sitegen.problems import Code, Location, Problem, ordered
from sitegen.source import codes

_IGNORED = frozenset({"thumbs.db", "desktop.ini"})
_TEXTS = (".md", ".yaml", ".yml")
_MAX_DEPTH = 40

_WINDOWS_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in "123456789¹²³"]
)
"""Names that Windows keeps for devices, with any suffix (learn.microsoft.com, "Naming Files")."""

_WINDOWS_CHARACTERS = frozenset('<>:"|?*\\') | frozenset(map(chr, range(32)))

_PLAIN = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


NO_TIMES = (0, 0, 0)


class SourceFile(NamedTuple):
    """One file of the content. `place` is where it is on the disk."""

    path: str
    size: int
    place: str
    times: tuple[int, int, int] = NO_TIMES
    """Last change of content, of anything (nanoseconds), and inode: a hint of change, no more."""

    @property
    def disk(self) -> Path:
        """Where it is on the disk."""
        return Path(self.place)


@dataclass(frozen=True, slots=True)
class Tree:
    """All files of the content, sorted by path."""

    root: Path
    files: tuple[SourceFile, ...]
    _by_path: dict[str, SourceFile] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_path", {file.path: file for file in self.files})

    def __contains__(self, path: object) -> bool:
        return path in self._by_path

    def __iter__(self) -> Iterator[SourceFile]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def file(self, path: str) -> SourceFile:
        """The file at a path. Raises KeyError for an unknown path."""
        return self._by_path[path]

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises KeyError for an unknown path, OSError if unreadable."""
        with open(self._by_path[path].place, "rb") as file:  # noqa: PTH123 - very many files
            return file.read()

    def load(self, path: str) -> tuple[bytes | None, tuple[Problem, ...]]:
        """The bytes of a file, or a problem if it cannot be read (any more)."""
        try:
            return self.read(path), ()
        except OSError as error:
            where = Location(f"{self.root.name}/{path}")
            return None, (codes.UNREADABLE.at(where, reason=_reason(error)),)
        except KeyError:
            where = Location(f"{self.root.name}/{path}")
            return None, (codes.UNREADABLE.at(where, reason="no such file"),)


def scan(
    content: Path, max_bytes: int, max_source_bytes: int | None = None
) -> tuple[Tree, tuple[Problem, ...]]:
    """List the files below `content`; what is wrong with one keeps only that one out.

    Left out without a word are hidden files and what editors and systems leave behind
    (``~$a.docx``, ``Thumbs.db``, ``*.tmp``, ``*~``). `max_source_bytes` is the limit for the texts
    that are parsed (``.md``, ``.yaml``).
    """
    root = Path(os.path.realpath(content))
    scanning = _Scan(str(root), content.name or root.name, max_bytes, max_source_bytes or max_bytes)
    if not root.is_dir():
        problem = codes.NO_CONTENT.at(Location(content.name), path=content.name)
        return Tree(content, ()), (problem,)
    scanning.folder(str(root), "", frozenset((str(root),)), 0)
    files = sorted(scanning.files, key=lambda file: file.path)
    return Tree(content, tuple(files)), ordered(scanning.problems)


def fits(path: str, place: str, size: int, limits: tuple[int, int]) -> bool:
    """Whether a regular file may be taken in, as far as its size and its rights go.

    `limits` are those of `scan`: of all files, and of texts.
    """
    return size <= limits[path.endswith(_TEXTS)] and os.access(place, os.R_OK)


class _Scan:
    """One walk over the content."""

    def __init__(self, root: str, name: str, max_bytes: int, max_text: int) -> None:
        self.root = root
        self.name = name
        self.max_bytes = max_bytes
        self.max_text = max_text
        self.files: list[SourceFile] = []
        self.problems: list[Problem] = []

    def folder(self, place: str, prefix: str, above: frozenset[str], depth: int) -> None:
        """Take in a folder. `above` holds the real paths of it and of the folders around it."""
        try:
            with os.scandir(place) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            self._problem(codes.UNREADABLE, prefix.rstrip("/"), reason=_reason(error))
            return
        folded: dict[str, str] = {}
        for entry in entries:
            name = entry.name
            if name[0] == "." or name[-1] == "~" or name.startswith("~$"):
                continue
            lower = name.casefold()
            if lower.endswith(".tmp") or lower in _IGNORED:
                continue
            if not name.isascii():
                name = unicodedata.normalize("NFC", name)
                lower = unicodedata.normalize("NFC", name.casefold())
            path = prefix + name
            if not (_PLAIN.fullmatch(name) or self._possible(name, path)):
                continue
            if lower.partition(".")[0].rstrip() in _WINDOWS_DEVICES:
                self._problem(codes.BAD_NAME, path, name=_shown(name))
                continue
            other = folded.setdefault(lower, name)
            if other is not name:
                self._problem(codes.SAME_NAME, path, name=name, other=other)
                continue
            try:
                self._entry(entry, path, above, depth)
            except OSError as error:
                self._problem(codes.UNREADABLE, path, reason=_reason(error))

    def _entry(self, entry: os.DirEntry[str], path: str, above: frozenset[str], depth: int) -> None:
        """Take in one file, folder or link. Raises OSError if it cannot be examined."""
        place = entry.path
        if entry.is_symlink():
            target = self._target(place, path)
            if target is None:
                return
            place = target
        status = entry.stat()
        if stat.S_ISREG(status.st_mode):
            self._file(place, path, status)
        elif not stat.S_ISDIR(status.st_mode):
            self._problem(codes.SPECIAL_FILE, path)
        elif place in above:
            self._problem(codes.LINK_LOOP, path)
        elif depth >= _MAX_DEPTH:
            self._problem(codes.TOO_DEEP, path)
        else:
            self.folder(place, path + "/", above | {place}, depth + 1)

    def _target(self, place: str, path: str) -> str | None:
        """Where a link leads, if it stays inside the content."""
        try:
            target = os.path.realpath(place, strict=True)
        except FileNotFoundError:
            self._problem(codes.LINK_BROKEN, path)
            return None
        except OSError:  # ELOOP: links that lead to each other
            self._problem(codes.LINK_LOOP, path)
            return None
        if target != self.root and not target.startswith(self.root + os.sep):
            self._problem(codes.LINK_LEAVES, path)
            return None
        return target

    def _file(self, place: str, path: str, status: os.stat_result) -> None:
        size = status.st_size
        limit = self.max_text if path.endswith(_TEXTS) else self.max_bytes
        if size > limit:
            self._problem(codes.TOO_LARGE, path, size=_size(size), limit=_size(limit))
        elif not status.st_mode & stat.S_IROTH and not os.access(place, os.R_OK):
            self._problem(codes.UNREADABLE, path, reason="permission denied")
        else:
            times = (status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
            self.files.append(SourceFile(path, size, place, times))

    def _possible(self, name: str, path: str) -> bool:
        """Whether an unusual name can be had on every system."""
        try:
            name.encode()
        except UnicodeEncodeError:
            self._problem(codes.UNDECODABLE_NAME, path, name=_shown(name))
            return False
        if name[-1] in ". ":
            self._problem(codes.TRAILING_NAME, path)
            return False
        if not _WINDOWS_CHARACTERS.isdisjoint(name):
            self._problem(codes.BAD_NAME, path, name=_shown(name))
            return False
        return True

    def _problem(self, code: Code, path: str, **values: str) -> None:
        shown = f"{self.name}/{_shown(path)}" if path else self.name
        self.problems.append(code.at(Location(shown), None, **values))


def _shown(name: str) -> str:
    """A name fit to be printed: bytes that are no UTF-8, and controls, as escapes."""
    name = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() or c == " " else f"\\x{ord(c):02x}" for c in name)


def _reason(error: OSError) -> str:
    return (error.strerror or error.__class__.__name__).lower()


def _size(size: int) -> str:
    """A size for people: ``1.5 MB``."""
    if size < 1024 * 1024:
        return f"{max(size / 1024, 0.1):.1f} KB"
    return f"{size / 1024 / 1024:.1f} MB"
