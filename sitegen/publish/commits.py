"""The commit that is published: everything the build reads must be in it."""

from __future__ import annotations

from pathlib import Path

from sitegen.engine.workspace import PRIVATE
from sitegen.problems import Location, Problem
from sitegen.publish import codes
from sitegen.source.history import look_at, tracked_in, uncommitted_in

_SOURCES = ("content", "themes")
_LEFT_BEHIND = ("thumbs.db", "desktop.ini")


def clean_commit(root: Path) -> tuple[str, tuple[Problem, ...]]:
    """The identifier of the commit that is checked out in the site's folder.

    Empty, with the reasons, without a repository, in a shallow clone, or if ``content`` or
    ``themes`` differ from it. Files that git was told to ignore count when the build reads them.
    """
    content = Location("content")
    look = look_at(root / "content")
    if not look.ok:
        return "", (codes.NO_REPOSITORY.at(content),)
    if look.shallow:
        return "", (codes.SHALLOW.at(content),)
    if tracked := tracked_in(root, (PRIVATE,)):
        return "", (codes.TRACKED.at(Location(tracked[0]), path=PRIVATE),)
    differing = uncommitted_in(root, _SOURCES)
    if differing is None:
        return "", (codes.NO_REPOSITORY.at(content),)
    read = [path for path in differing if not any(map(_is_hidden, path.split("/")))]
    if read:
        return "", tuple(codes.DIRTY.at(Location(path), path=path) for path in read)
    return look.head, ()


def _is_hidden(name: str) -> bool:
    """Whether the build passes over files of this name (`source.tree.scan`)."""
    lower = name.casefold()
    return (
        name.startswith((".", "~$"))
        or name.endswith("~")
        or lower.endswith(".tmp")
        or lower in _LEFT_BEHIND
    )
