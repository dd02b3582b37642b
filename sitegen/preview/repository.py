"""What git says of the site at this moment: whether its history moved, and what is not committed.

Files of the repository are looked at instead of running git at every look; where one of them
differs, ``source.history`` is asked again.
"""

from __future__ import annotations

from pathlib import Path

from sitegen.preview.files import Stamp, stamp_of


def signature(content: Path) -> tuple[object, ...]:
    """A value that is another one when the history of the repository around `content` is."""
    folder = git_folder(content)
    if folder is None:
        return ()
    common = folder
    if linked := _text(folder / "commondir").strip():  # of a linked work tree
        common = (folder / linked).resolve()
    head = _text(folder / "HEAD")
    reference = head.removeprefix("ref:").strip()
    stamps: list[Stamp | None] = [
        stamp_of(folder / "logs" / "HEAD"),
        stamp_of(common / "packed-refs"),
        stamp_of(common / "shallow"),
        stamp_of(common / "reftable" / "tables.list"),
    ]
    return (head, _text(common / reference) if head.startswith("ref:") else "", *stamps)


def git_folder(content: Path) -> Path | None:
    """The repository's own folder, for a work tree that holds `content`."""
    real = content.resolve()
    for folder in (real, *real.parents):
        found = folder / ".git"
        if found.is_dir():
            return found
        if found.is_file():
            named = _text(found).removeprefix("gitdir:").strip()
            return (folder / named).resolve() if named else None
    return None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
