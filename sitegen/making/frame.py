"""The frame: settings, kinds, calendar and columns of a site, which documents are read against."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sitegen import codes
from sitegen.config import Settings
from sitegen.kinds.kind import Kinds
from sitegen.making.contents import (
    SITE_FILE,
    Limits,
    documents_in,
    limits_in,
    scan_content,
    usual_limits,
)
from sitegen.problems import Location, Problem, told
from sitegen.site.cards import ColumnCard
from sitegen.site.sources import column_folder
from sitegen.source.calendar import Calendar, load_calendar
from sitegen.source.tree import Tree


@dataclass(frozen=True, slots=True)
class Frame:
    """What is known of a site before any document is read."""

    tree: Tree
    settings: Settings
    kinds: Kinds
    calendar: Calendar
    columns: tuple[ColumnCard, ...]
    marks: Mapping[str, tuple[int, int]]
    """Where the settings stand in ``site.yaml``."""
    documents: tuple[str, ...]
    """Source paths of the documents, relative to ``content/``."""

    @property
    def default_kinds(self) -> dict[str, str]:
        """The kind of documents that name none, by the folder of their column."""
        return {column.path: column.kind for column in self.columns if column.kind}


def read_frame(
    root: Path,
    base_url: str | None = None,
    look: Callable[[Limits], tuple[Tree, Sequence[Problem]]] | None = None,
) -> tuple[Frame, tuple[Problem, ...]]:
    """Settings, kinds, calendar and columns of the site in `root`, and which documents it has.

    `look` lists the content within limits, if somebody did that already.
    """
    from sitegen.kinds.loading import load_kinds
    from sitegen.kinds.reading import read_mapping
    from sitegen.site.settings import column_of, settings_of

    look = look or functools.partial(scan_content, root)

    def settings_in(tree: Tree) -> tuple[Kinds, Settings, dict[str, tuple[int, int]]]:
        kinds = told(load_kinds(_files_in(tree, "kinds/")), problems)
        if SITE_FILE not in tree:
            if (root / "content").is_dir():
                problems.append(codes.NO_SITE_FILE.at(Location(f"content/{SITE_FILE}")))
            return kinds, Settings(name=""), {}
        read = told(read_mapping(SITE_FILE, tree.read(SITE_FILE), kinds.site), problems)
        values = {**read.fields, **({"base_url": base_url} if base_url else {})} if read else {}
        marks = dict(read.marks) if read else {}
        return kinds, told(settings_of(values, marks), problems), marks

    problems: list[Problem] = []
    tree = told(look(usual_limits()), problems)
    kinds, settings, marks = settings_in(tree)
    if limits_in(settings) != usual_limits():  # then all is looked at again, within these
        problems.clear()
        tree = told(look(limits_in(settings)), problems)
        kinds, settings, marks = settings_in(tree)

    calendar = told(load_calendar(_files_in(tree, "calendar/", "content/")), problems)
    calendar = calendar.with_extra(settings.extra_holidays, settings.extra_workdays)

    columns = []
    for file in tree:
        folder = column_folder(file.path)
        if folder is not None:
            read = told(read_mapping(file.path, tree.read(file.path), kinds.column), problems)
            columns.append(column_of(folder, *((read.fields, read.marks) if read else ({},))))
    frame = Frame(tree, settings, kinds, calendar, tuple(columns), marks, documents_in(tree))
    return frame, tuple(problems)


def site_kinds(root: Path) -> tuple[Kinds, tuple[Problem, ...]]:
    """The kinds of the site in `root`, or the built-in ones where there is no site."""
    from sitegen.kinds.loading import load_kinds

    if not (root / "content").is_dir():
        return load_kinds(())
    tree, _ = scan_content(root)
    return load_kinds(_files_in(tree, "kinds/"))


def _files_in(tree: Tree, folder: str, above: str = "") -> Sequence[tuple[str, bytes]]:
    return [
        (above + file.path, tree.read(file.path))
        for file in tree
        if file.path.startswith(folder) and file.path.endswith(".yaml")
    ]
