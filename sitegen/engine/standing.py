"""Standing: the files of a folder as they stand now, looked at by two processes if there are many.

Asking the system about a file takes microseconds, and nothing else shows that somebody altered one;
so with very many files a second process does half of it, while this one has other things to do.
"""

from __future__ import annotations

import mmap
import os
from array import array
from collections.abc import Sequence

from sitegen.engine.listing import numbers_of
from sitegen.engine.stamps import NO_STAMP

_STAMP = 32
"""Bytes of a stamp: four numbers of eight bytes."""
_SLICES = 32
_MANY = 4000
"""From so many files on, a second process is worth its start."""


class Standing:
    """The stamps of files. The look begins when this is made, and ends with `stamps`."""

    def __init__(self, folder: str, addresses: Sequence[str], alone: bool = False) -> None:
        self.folder = folder
        """The folder that is looked at."""
        self._addresses = addresses
        self._helper = 0
        self._size = -(-len(addresses) // _SLICES) or 1
        self._number = -(-len(addresses) // self._size)
        self._found = b""
        if not alone and len(addresses) >= _MANY and hasattr(os, "fork"):
            self._shared = mmap.mmap(-1, 2 * _SLICES + len(addresses) * _STAMP)
            self._helper = os.fork()
            if not self._helper:
                self._help()

    def stamps(self) -> bytes:
        """The stamp of each file, four numbers of eight bytes; see `numbers_of`."""
        if not self._found:
            self._found = self._together() if self._helper else self._looked(0, self._number)
        return self._found

    def forget(self) -> None:
        """End the look, which nobody needs any more."""
        if self._helper:
            os.waitpid(self._helper, 0)
            self._helper = 0

    def _help(self) -> None:
        """What the second process does: the slices from the first on, until they meet."""
        try:
            for number in range(self._number):
                if not self._shared[number]:
                    self._shared[number] = 1
                    self._put(number)
        finally:
            os._exit(0)

    def _together(self) -> bytes:
        for number in reversed(range(self._number)):
            if not self._shared[number]:
                self._shared[number] = 1
                self._put(number)
        self.forget()
        for number in range(self._number):  # should the helper have been killed
            if not self._shared[_SLICES + number]:
                self._put(number)
        found = self._shared[2 * _SLICES :]
        self._shared.close()
        return found

    def _put(self, number: int) -> None:
        start = 2 * _SLICES + number * self._size * _STAMP
        found = self._looked(number, number + 1)
        self._shared[start : start + len(found)] = found
        self._shared[_SLICES + number] = 1

    def _looked(self, first: int, end: int) -> bytes:
        flat: list[int] = []
        folder = self.folder + "/"
        look = os.lstat
        for address in self._addresses[first * self._size : end * self._size]:
            try:
                flat += numbers_of(look(folder + address))
            except OSError:
                flat += NO_STAMP
        return array("q", flat).tobytes()
