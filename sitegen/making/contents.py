"""The files of the content: found, and told apart."""

from __future__ import annotations

from pathlib import Path

from sitegen.config import Settings
from sitegen.problems import Problem
from sitegen.site.sources import column_folder, is_document
from sitegen.source.tree import Tree, scan

SITE_FILE = "site.yaml"
Limits = tuple[int, int]
"""The sizes in bytes that files, and texts that are parsed, may have."""


def scan_content(root: Path, limits: Limits | None = None) -> tuple[Tree, tuple[Problem, ...]]:
    """The files of the content, within `limits`, or those where the settings name none."""
    return scan(root / "content", *(limits or usual_limits()))


def usual_limits() -> Limits:
    """The limits where the settings name none."""
    return limits_in(Settings(name=""))


def limits_in(settings: Settings) -> Limits:
    """The limits that settings ask for."""
    return settings.max_file_bytes, settings.max_source_bytes


def documents_in(tree: Tree) -> tuple[str, ...]:
    """Source paths of the documents."""
    return tuple(file.path for file in tree if is_document(file.path))


def is_of_frame(path: str) -> bool:
    """Whether a frame is read from this file."""
    return (
        path == SITE_FILE
        or column_folder(path) is not None
        or (path.startswith(("kinds/", "calendar/")) and path.endswith(".yaml"))
    )


def frame_files(tree: Tree) -> list[str]:
    """The files that a frame is read from."""
    return [file.path for file in tree if is_of_frame(file.path)]
