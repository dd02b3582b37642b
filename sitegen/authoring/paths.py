"""Paths as people type them, and files written whole."""

from __future__ import annotations

import os
import posixpath
import tempfile
import unicodedata
from pathlib import Path

from sitegen.source.tree import Tree


def content_path(root: Path, word: str) -> str | None:
    """A typed path, relative to ``content/`` of the site in `root`; None if it leads out.

    It may be given from the current folder, from the site's folder or from ``content/``.
    """
    content = os.path.realpath(root / "content")
    word = unicodedata.normalize("NFC", word.replace("\\", "/"))
    here = _relative(os.path.realpath(word), content)
    bare = posixpath.normpath(word)
    bare = bare.removeprefix("content/") if bare != "content" else "."
    if word.startswith("/") or bare == ".." or bare.startswith("../"):
        return here
    there = _relative(os.path.realpath(f"{content}/{bare}"), content)
    inside = _inside(os.path.realpath("."), content)
    choices = [path for path in (here, there) if path is not None]
    for path in choices:
        if Path(content, path).exists():
            return path
    for path in choices:
        if Path(content, path).parent.exists():
            return path
    return choices[0] if choices and inside else there


def _inside(place: str, folder: str) -> bool:
    return place == folder or place.startswith(folder + os.sep)


def _relative(place: str, content: str) -> str | None:
    if not _inside(place, content):
        return None
    found = os.path.relpath(place, content).replace(os.sep, "/")
    return unicodedata.normalize("NFC", "" if found == "." else found)


def write_file(place: Path, data: bytes) -> None:
    """Write a file whole or not at all, with the mode that it had. Raises OSError."""
    place = Path(os.path.realpath(place))
    place.parent.mkdir(parents=True, exist_ok=True)
    mode = place.stat().st_mode & 0o777 if place.exists() else None
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(mode if mode is not None else 0o666 & ~_umask())
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o22)
    os.umask(mask)
    return mask


def place_of(tree: Tree, path: str) -> Path:
    """Where a file of the content is, or would be, on the disk."""
    return tree.file(path).disk if path in tree else tree.root / path
