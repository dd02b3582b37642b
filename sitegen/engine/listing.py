"""Listing: what stands below a folder, by one walk; two listings are compared as two texts.

Hidden files and folders (their names begin with a dot) are left out, as they are everywhere.
"""

from __future__ import annotations

import os
from array import array
from operator import attrgetter

_BIG = (1 << 63) - 1
_REGULAR = 0o100000
_by_name = attrgetter("name")


class Listing:
    """The files below a folder, in a fixed order, with four numbers of each (see `stamps`)."""

    __slots__ = ("files", "folders", "plain", "stamps")

    def __init__(self) -> None:
        self.files: list[str] = []
        """Relative paths with slashes."""
        self.folders: list[str] = []
        self.stamps = array("q")
        """Of each file: size, time of the last change of content, of anything (ns), and inode."""
        self.plain = True
        """Whether there are but files and folders with decent names: links lead anywhere."""

    @property
    def names(self) -> str:
        """All names as one text; '' if they do not tell what is there."""
        if not self.plain:
            return ""
        return "\0".join(self.files) + "\0\0" + "\0".join(self.folders)


def numbers_of(status: os.stat_result) -> tuple[int, int, int, int]:
    """The four numbers of a file by which changes are noticed."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino & _BIG


def listing_of(folder: str, leave: frozenset[str] = frozenset()) -> Listing:
    """List a folder; folders whose names are in `leave` are left out. Empty where there is none."""
    listing = Listing()
    waiting = [(folder, "")]
    while waiting:
        place, prefix = waiting.pop()
        try:
            with os.scandir(place) as entries:
                found = sorted(entries, key=_by_name)
        except OSError:
            listing.plain = listing.plain and place == folder
            continue
        below = []
        for entry in found:
            name = entry.name
            if name[0] == ".":
                continue
            if entry.is_dir(follow_symlinks=False):
                if name not in leave:
                    below.append((entry.path, f"{prefix}{name}/"))
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                listing.plain = False
                continue
            if status.st_mode & 0o170000 != _REGULAR:
                listing.plain = False
            listing.files.append(prefix + name)
            listing.stamps.extend(numbers_of(status))
        listing.folders += [path for _, path in below]
        waiting += reversed(below)
    if listing.plain:
        try:
            listing.names.encode()
        except UnicodeEncodeError:
            listing.plain = False
    return listing
