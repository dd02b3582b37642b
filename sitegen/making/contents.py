"""The files of the content: found, and told apart."""

from __future__ import annotations

from pathlib import Path

from sitegen.config import Settings
from sitegen.problems import Problem
from sitegen.site.sources import column_folder, is_document
from sitegen.source.tree import Tree, scan

SITE_FILE = "site.yaml"


def scan_content(root: Path) -> tuple[Tree, tuple[Problem, ...]]:
    """The files of the content, within the limits that hold where the settings name none."""
    limits = Settings(name="")
    return scan(root / "content", limits.max_file_bytes, limits.max_source_bytes)


def has_own_limits(settings: Settings) -> bool:
    """Whether the settings ask for other limits of size than `scan_content` knows."""
    usual = Settings(name="")
    return (settings.max_file_bytes, settings.max_source_bytes) != (
        usual.max_file_bytes,
        usual.max_source_bytes,
    )


def documents_in(tree: Tree) -> tuple[str, ...]:
    """Source paths of the documents."""
    return tuple(file.path for file in tree if is_document(file.path))


def frame_files(tree: Tree) -> list[str]:
    """The files that a frame is read from."""
    return [
        file.path
        for file in tree
        if file.path == SITE_FILE
        or column_folder(file.path) is not None
        or (file.path.startswith(("kinds/", "calendar/")) and file.path.endswith(".yaml"))
    ]
