"""Whether a build has anything to do at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from sitegen.engine.sources import FileDigests, FileRow
from sitegen.engine.stamps import stamp_at
from sitegen.engine.workspace import Workspace
from sitegen.making.memory import Memory, Row
from sitegen.making.scene import Scene, history_key


def nothing_differs(memory: Memory, scene: Scene, output: Path, space: Workspace) -> bool:
    """Whether all that went into the last build is the same, and all that came of it is there."""
    head = memory.head
    return (
        head is not None
        and head.history != ""
        and head.history == history_key(scene.repository, head.timezone)
        and head.found == scene.found
        and scene.content.unchanged()
        and scene.themes_key() is not None
        and scene.themes.unchanged()
        and _digest(space.record) == head.record
        and outputs_as_left(memory.rows().values(), output).unchanged()
    )


def outputs_as_left(rows: Iterable[Row], output: Path, moment: int = 0) -> FileDigests:
    """The files of the output folder as they stand, beside how they were left."""
    folder = str(output)
    known = [FileRow(row.address, row.stamp, row.sha256, row.settled) for row in rows]
    places = ((row.path, f"{folder}/{row.path}") for row in known)
    return FileDigests({path: (place, stamp_at(place)) for path, place in places}, known, moment)


def _digest(record: Path) -> str:
    try:
        return hashlib.sha256(record.read_bytes()).hexdigest()
    except OSError:
        return ""
