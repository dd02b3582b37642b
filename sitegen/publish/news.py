"""What the public will see changed: new entries of the update log, from two ``site.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sitegen.outputs.meta import MACHINE
from sitegen.publish.manifest import OWN, Manifest

SITE_JSON = MACHINE


@dataclass(frozen=True, slots=True, order=True)
class News:
    """An entry of the update log: a public act on a document."""

    date: str
    address: str
    act: str
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """In numbers of files, what a release adds, alters and removes."""

    added: int = 0
    altered: int = 0
    removed: int = 0

    @property
    def is_none(self) -> bool:
        """Whether both hold the same."""
        return not (self.added or self.altered or self.removed)


SAME = Difference()


def difference(old: Manifest | None, new: Manifest) -> Difference:
    """How a release differs from an earlier one; its own explanations are not counted."""
    before = {f.path: f.sha256 for f in old.files if not f.path.startswith(OWN)} if old else {}
    after = {f.path: f.sha256 for f in new.files if not f.path.startswith(OWN)}
    return Difference(
        added=sum(path not in before for path in after),
        altered=sum(before.get(path, sha256) != sha256 for path, sha256 in after.items()),
        removed=sum(path not in after for path in before),
    )


def news(old: bytes, new: bytes) -> tuple[News, ...]:
    """Entries that only the new ``site.json`` has, newest first; none without an old one."""
    if not old:
        return ()
    known = {(entry.date, entry.address, entry.act, entry.note) for entry in _entries(old)}
    found = [e for e in _entries(new) if (e.date, e.address, e.act, e.note) not in known]
    return tuple(sorted(found, reverse=True))


def _entries(data: bytes) -> list[News]:
    try:
        documents = json.loads(data).get("documents", [])
        return [_entry(document, change) for document in documents for change in _changes(document)]
    except (ValueError, AttributeError, TypeError, KeyError):  # what a server sent back
        return []


def _changes(document: dict[str, Any]) -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = document.get("changes", [])
    return changes


def _entry(document: dict[str, Any], change: dict[str, Any]) -> News:
    return News(
        str(change["date"]),
        str(document["address"]),
        str(change["act"]),
        str(document.get("title", "")),
        str(change.get("note", "")),
    )
