"""The columns as pages need them: who stands above whom, what is shown, what is newest.

Worked out once for a site and kept, for every page asks the same few questions.
"""

from __future__ import annotations

from sitegen.site.site import Change, Column, Entry, Site


class Outline:
    """Questions about the columns of one site."""

    __slots__ = ("_ancestors", "_changes", "_newest", "_own", "site")

    def __init__(self, site: Site) -> None:
        self.site = site
        self._ancestors: dict[str, tuple[Column, ...]] = {}
        self._newest: dict[str, tuple[Entry, ...]] = {}
        self._own: dict[str, tuple[Entry, ...]] = {}
        self._changes: dict[str, list[Change]] | None = None

    def lineage(self, path: str) -> tuple[Column, ...]:
        """From the top-level column down to this one; the root is not among them."""
        if path not in self._ancestors:
            line: list[Column] = []
            at: str | None = path
            while at:
                column = self.site.columns.get(at)
                if column is None:
                    break
                line.append(column)
                at = column.parent
            self._ancestors[path] = tuple(reversed(line))
        return self._ancestors[path]

    def children(self, path: str) -> tuple[Column, ...]:
        """The columns below that navigation offers: not hidden, archived or merged."""
        return tuple(
            each for each in self._below(path) if each.status == "active" and not each.hidden
        )

    def archived(self, path: str) -> tuple[Column, ...]:
        """The archived columns below."""
        return tuple(each for each in self._below(path) if each.status == "archived")

    def _below(self, path: str) -> list[Column]:
        column = self.site.columns.get(path)
        names = column.children if column else ()
        return [self.site.columns[name] for name in names if name in self.site.columns]

    def documents(self, path: str) -> tuple[Entry, ...]:
        """A column's own published documents, in the order of its list."""
        if path not in self._own:
            entries = self.site.entries
            self._own[path] = tuple(
                entries[name]
                for name in self.site.columns[path].documents
                if name in entries and entries[name].state == "published"
            )
        return self._own[path]

    def newest(self, path: str) -> tuple[Entry, ...]:
        """The published documents of a column and all below it, newest first.

        Archived columns count only for themselves.
        """
        if path not in self._newest:
            found = [*self.documents(path)]
            for child in self._below(path):
                if child.status != "archived":
                    found += self.newest(child.path)
            found.sort(key=_by_date)
            self._newest[path] = tuple(found)
        return self._newest[path]

    def changes(self, path: str) -> tuple[Change, ...]:
        """The update log of a column and all below it, newest first."""
        if self._changes is None:
            self._changes = {}
            for change in self.site.log:
                for column in self.lineage(change.column):
                    self._changes.setdefault(column.path, []).append(change)
        return tuple(self._changes.get(path, ()))

    def years(self, path: str) -> tuple[int, ...]:
        """The years of a column's own documents, newest first."""
        found = {each.card.published_on.year for each in self.documents(path)
                 if each.card.published_on}  # fmt: skip
        return tuple(sorted(found, reverse=True))


def _by_date(entry: Entry) -> tuple[int, int, str, str]:
    day = entry.card.published_on
    return (-day.toordinal() if day else 0, entry.card.order, entry.card.title, entry.path)
