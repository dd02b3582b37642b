"""Replacing: files put in the place of others, each in one go, and folders cleared away.

Freeing a file can take long: some disks are told of it at once, others are far away. While one
file is freed others can be, but renaming one over another frees that while no other file of the
disk can be renamed. So where the system knows how, very many files change places with those that
they replace, and these are freed afterwards, several at a time.

A file that has changed places may be found empty after a power failure, if it was put there less
than half a minute before: the system hurries only to write those that were renamed over others.
Its stamp then tells the next build that it is not what was written.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

_MANY = 50
"""From so many files on, changing places and several threads are worth their start."""
_AT_ONCE = 8
"""Threads that free files; they wait for the system rather than compute."""
_HERE, _EXCHANGE = -100, 2
"""``AT_FDCWD`` and ``RENAME_EXCHANGE`` of Linux, see renameat2(2)."""

_Rename = Callable[[int, bytes, int, bytes, int], int]


def put(source: str, target: str) -> None:
    """Put a file in another one's place, in one go, making folders as needed. Raises OSError."""
    # Plain strings: there may be 100,000 files.
    try:
        os.replace(source, target)  # noqa: PTH105
    except FileNotFoundError:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(source).replace(target)


def put_of(number: int) -> Callable[[str, str], None]:
    """What puts so many files in place, one after another; see `put`.

    Where there are many, the file that was replaced may be left in the place of the new one, for
    `clear_away`.
    """
    rename = _renameat2() if number >= _MANY else None
    if rename is None:
        return put

    def change_places(source: str, target: str) -> None:
        if not _is_file(target) or rename(
            _HERE, os.fsencode(source), _HERE, os.fsencode(target), _EXCHANGE
        ):
            put(source, target)

    return change_places


def clear_away(folder: Path) -> None:
    """Remove a folder with all that is in it, as far as that is possible."""
    import shutil  # imported late, like all that a build with nothing to do has no use for

    files = [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names]  # noqa: PTH118
    if len(files) >= _MANY:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(_AT_ONCE) as threads:
            size = -(-len(files) // _AT_ONCE)
            threads.map(_free, (files[at : at + size] for at in range(0, len(files), size)))
    shutil.rmtree(folder, ignore_errors=True)


def _free(files: Sequence[str]) -> None:
    for file in files:
        try:
            os.unlink(file)  # noqa: PTH108 - very many
        except OSError:
            continue  # whoever clears away what is left will try again


def _is_file(place: str) -> bool:
    """Whether there is a regular file that is no link: a folder must not change places."""
    try:
        return stat.S_ISREG(os.lstat(place).st_mode)
    except OSError:
        return False


def _renameat2() -> _Rename | None:
    """The system's call that renames two files at once, where it has one."""
    try:
        import ctypes

        return ctypes.CDLL(None).renameat2
    except (ImportError, OSError, AttributeError, TypeError):  # not on Linux, or an old one
        return None
