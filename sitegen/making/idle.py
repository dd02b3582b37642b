"""Whether a build has anything to do at all."""

from __future__ import annotations

from pathlib import Path

from sitegen.engine.standing import Standing
from sitegen.engine.values import digest_of_bytes, packed
from sitegen.engine.workspace import Workspace
from sitegen.making.memory import Memory
from sitegen.making.scene import Scene, history_key

_NO_REASONS = packed({})


def nothing_differs(memory: Memory, scene: Scene, standing: Standing, space: Workspace) -> bool:
    """Whether all that went into the last build is the same, and all that came of it is there."""
    head = memory.head
    return (
        head is not None
        and scene.content.changed() == []
        and scene.same_themes
        and head.history != ""
        and head.history == history_key(scene.repository(), head.timezone)
        and record_digest(space.record) == head.record
        and _as_left(memory, scene, standing, space)
    )


def _as_left(memory: Memory, scene: Scene, standing: Standing, space: Workspace) -> bool:
    """Whether the outputs are as they were left. Stamps that tell more than the old are kept."""
    left = memory.left()
    stamps = standing.stamps()
    sections: dict[str, bytes] = {}
    if not memory.ledger.holds("reasons", _NO_REASONS):  # nothing was made this time
        sections["reasons"] = _NO_REASONS
    if stamps != left.stamps or 0 in left.settled:
        from sitegen.making.outcome import Columns, seen

        found = seen(left, stamps, memory.addresses(), standing.folder)
        if found.altered:
            return False
        columns = Columns(left, {}, range(len(left.settled)))
        for row, stamp in found.fresh.items():
            columns.stamp(row, stamp, scene.moment)
        sections["left"] = packed(columns.left())
    if scene.content.digests.doubtful:
        sections["content"] = packed(scene.content.record())
    if scene.themes.doubtful:
        sections["themes"] = packed(scene.themes_record())
    if sections and space.lasting:
        memory.ledger.update(sections)
    return True


def record_digest(record: Path) -> bytes:
    """A digest of the record of what was written; empty if there is none."""
    try:
        return digest_of_bytes(record.read_bytes())
    except OSError:
        return b""
