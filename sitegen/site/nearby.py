"""Nearest names for hints: what somebody may have meant by a path that leads nowhere."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable

from sitegen.site.files import nearest
from sitegen.site.sources import DOCUMENTS
from sitegen.source.history import NO_HISTORY, History


class Nearby:
    """Answers quickly for many mistakes on large sites: it looks only where names are alike.

    First where the file was moved to, if git knows; then a file of the same name anywhere, then a
    similar name in the same folder, then (on sites that are not large) a similar name anywhere.
    """

    def __init__(self, paths: Collection[str], history: History = NO_HISTORY) -> None:
        self._paths = paths
        self._history = history
        self._moved: dict[str, str] = {}
        self._by_name: dict[str, list[str]] | None = None
        self._by_folder: dict[str, list[str]] = {}

    def find(self, wanted: str) -> str:
        """The path most like the one wanted; '' when nothing is."""
        if self._by_name is None:
            self._by_name = {}
            for path in sorted(self._paths):
                folder, _, name = path.rpartition("/")
                self._by_name.setdefault(name, []).append(path)
                self._by_folder.setdefault(folder, []).append(name)
            known = frozenset(self._paths)
            self._moved = {
                touch.old: path
                for path, trail in self._history.files.items()
                for touch in trail.touches
                if touch.old and path in known
            }
        if wanted in self._moved:
            return self._moved[wanted]
        folder, _, name = wanted.rpartition("/")
        same = self._by_name.get(name, ())
        if len(same) == 1:
            return same[0]
        for page in (".html", ".htm"):  # the page was named instead of its source
            stem = name.removesuffix(page)
            for suffix in DOCUMENTS if stem != name else ():
                if stem + suffix in self._by_folder.get(folder, ()):
                    return posixpath.join(folder, stem + suffix)
        if close := _alike(name, self._by_folder.get(folder, ())):
            return posixpath.join(folder, close)
        if len(self._by_name) <= 2000 and (close := _alike(name, self._by_name)):
            return self._by_name[close][0]
        return ""

    def hint(self, wanted: str, document: str) -> str:
        """The tail of a hint: the nearest path as one would write it in `document`; or ''."""
        found = self.find(wanted)
        if not found:
            return ""
        return f" ({posixpath.relpath(found, posixpath.dirname(document) or '.')}?)"


def _alike(name: str, known: Iterable[str]) -> str:
    """The closest of the known names of the same sort; a wild guess is worse than none."""
    suffix = posixpath.splitext(name)[1].lower()
    same_sort = [each for each in known if posixpath.splitext(each)[1].lower() == suffix]
    return nearest(name, same_sort, cutoff=0.75)
