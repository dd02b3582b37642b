"""The columns as pages need them: who stands above whom, what is shown, what is newest.

All that looks at more than one thing is a question to the site (``site.questions``), so that a page
depends on the answer only.
"""

from __future__ import annotations

from collections.abc import Iterable

from sitegen.site import questions
from sitegen.site.site import Change, Column, Entry, Site


class Outline:
    """Questions about the columns of one site."""

    __slots__ = ("site",)

    def __init__(self, site: Site) -> None:
        self.site = site

    def lineage(self, path: str) -> tuple[Column, ...]:
        """From the top-level column down to this one; the root is not among them."""
        return self._columns(self.site.ask(questions.lineage, path))

    def children(self, path: str) -> tuple[Column, ...]:
        """The columns below that navigation offers: not hidden, archived or merged."""
        return self._columns(self.site.ask(questions.offered_columns, path))

    def archived(self, path: str) -> tuple[Column, ...]:
        """The archived columns below."""
        return self._columns(self.site.ask(questions.archived_columns, path))

    def documents(self, path: str) -> tuple[str, ...]:
        """Paths of a column's own published documents, in the order of its list."""
        return self.site.ask(questions.documents_of, path)

    def count(self, path: str) -> int:
        """How many published documents a column and all below it hold."""
        return self.site.ask(questions.count_below, path)

    def newest(self, path: str, number: int) -> tuple[Entry, ...]:
        """The newest published documents of a column and all below it."""
        if not number:
            return ()
        return self.entries(self.site.ask(questions.newest_below, path, number))

    def has_changes(self, path: str) -> bool:
        """Whether a column and all below it have an update log."""
        return self.site.ask(questions.has_changes, path)

    def changes(self, path: str, number: int) -> tuple[Change, ...]:
        """The newest changes of a column and all below it."""
        return self.site.ask(questions.column_changes, path, number)

    def years(self, path: str) -> tuple[int, ...]:
        """The years of a column's own documents, newest first."""
        return self.site.ask(questions.years_of, path)

    def entries(self, paths: Iterable[str]) -> tuple[Entry, ...]:
        """The documents at these paths."""
        return tuple(self.site.entries[path] for path in paths)

    def _columns(self, paths: Iterable[str]) -> tuple[Column, ...]:
        return tuple(self.site.columns[path] for path in paths)
