"""What is known of a site before any document is read, kept between looks.

Each part is read again only when one of its files changed. A part that has errors is reported, and
its last good value goes on in its place, so that one mistake does not take the whole site down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sitegen import codes
from sitegen.config import Settings
from sitegen.kinds.kind import Kinds
from sitegen.kinds.loading import load_kinds
from sitegen.kinds.reading import read_mapping
from sitegen.preview.files import SourceFiles
from sitegen.problems import Location, Problem, has_errors
from sitegen.site.cards import ColumnCard
from sitegen.site.settings import column_of, settings_of
from sitegen.site.sources import column_folder, is_document
from sitegen.source.calendar import Calendar, load_calendar

_SITE_FILE = "site.yaml"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Framing:
    """Settings, kinds, calendar and columns of a site, and which documents it has."""

    settings: Settings
    marks: Mapping[str, tuple[int, int]]
    """Where the settings stand in ``site.yaml``."""
    kinds: Kinds
    calendar: Calendar
    columns: tuple[ColumnCard, ...]
    default_kinds: Mapping[str, str]
    """The kind of documents that name none, by folder."""
    documents: tuple[str, ...]
    problems: tuple[Problem, ...]


class FrameKeeper:
    """Reads the `Framing` of a site, part by part, and keeps what did not change."""

    def __init__(self, files: SourceFiles) -> None:
        self._files = files
        self._kept: dict[str, tuple[object, Any, tuple[Problem, ...]]] = {}

    def read(self) -> Framing:
        """The framing as the files stand now."""
        tree, problems = self._files.tree, [*self._files.problems]

        def part(
            name: str,
            paths: Iterable[str],
            make: Callable[[], tuple[Value, Sequence[Problem]]],
            extra: object = None,
        ) -> Value:
            key = (extra, tuple((path, self._files.revision(path)) for path in paths))
            kept = self._kept.get(name)
            if kept is None or kept[0] != key:
                value, found = make()
                if has_errors(found) and kept is not None:
                    value = kept[1]
                self._kept[name] = kept = (key, value, tuple(found))
            problems.extend(kept[2])
            result: Value = kept[1]
            return result

        own = self._below("kinds/")
        kinds = part("kinds", own, lambda: load_kinds(self._bytes(own)))
        present = [_SITE_FILE] if _SITE_FILE in tree else []
        settings, marks = part("settings", present, lambda: self._settings(present, kinds))
        days = self._below("calendar/")
        calendar = part("calendar", days, lambda: load_calendar(self._bytes(days, "content/")))
        calendar = calendar.with_extra(settings.extra_holidays, settings.extra_workdays)
        columns = []
        for file in tree:
            folder = column_folder(file.path)
            if folder is not None:
                path = file.path
                columns.append(
                    part(path, [path], lambda p=path, f=folder: self._column(p, f, kinds))  # type: ignore[misc]
                )
        known = {"kinds", "settings", "calendar"}
        gone = [name for name in self._kept if name not in known and name not in tree]
        for name in gone:
            del self._kept[name]
        return Framing(
            settings=settings,
            marks=marks,
            kinds=kinds,
            calendar=calendar,
            columns=tuple(columns),
            default_kinds={column.path: column.kind for column in columns if column.kind},
            documents=tuple(file.path for file in tree if is_document(file.path)),
            problems=tuple(problems),
        )

    def _below(self, folder: str) -> list[str]:
        return [
            file.path
            for file in self._files.tree
            if file.path.startswith(folder) and file.path.endswith(".yaml")
        ]

    def _bytes(self, paths: Iterable[str], above: str = "") -> list[tuple[str, bytes]]:
        read = ((above + path, self._files.read(path)) for path in paths)
        return [(path, data) for path, data in read if data is not None]

    def _settings(
        self, present: list[str], kinds: Kinds
    ) -> tuple[tuple[Settings, Mapping[str, tuple[int, int]]], tuple[Problem, ...]]:
        data = self._files.read(_SITE_FILE) if present else None
        if data is None:
            missing = codes.NO_SITE_FILE.at(Location(f"content/{_SITE_FILE}"))
            return (Settings(name=""), {}), (missing,)
        read, problems = read_mapping(_SITE_FILE, data, kinds.site)
        settings, found = settings_of(read.fields if read else {}, read.marks if read else {})
        return (settings, dict(read.marks) if read else {}), (*problems, *found)

    def _column(
        self, path: str, folder: str, kinds: Kinds
    ) -> tuple[ColumnCard, tuple[Problem, ...]]:
        read, problems = read_mapping(path, self._files.read(path) or b"", kinds.column)
        return column_of(folder, *((read.fields, read.marks) if read else ({},))), problems
