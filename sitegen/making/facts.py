"""Facts: what reading a document gave, kept with all that it came from.

A fact holds as long as the document has the same bytes and everything that it was read against is
the same: every data file that reading asked for (that it was missing, too), the kind, the calendar,
the program. The document in full stands in a pack; its card and its problems are here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from sitegen.engine.store import (
    Place,
    compacted,
    load_checked,
    pack_names,
    save_checked,
    sweep,
)
from sitegen.making.faces import Faces
from sitegen.problems import Problem
from sitegen.site.cards import Card

INDEX = "index.bin"
_FORMAT = 1

OPENED, LISTED = "open", "list"
"""What reading may ask: the bytes of a file, and the names in a folder."""


class Asked(msgspec.Struct, array_like=True, frozen=True):
    """A question that reading a document asked, with the digest of its answer."""

    what: str
    path: str
    answer: bytes


class Fact(msgspec.Struct, array_like=True, frozen=True):
    """What reading one document gave; `card` and `place` are None where nothing was understood."""

    path: str
    key: bytes
    kind: str
    kind_digest: bytes
    asked: tuple[Asked, ...]
    problems: bytes
    card: bytes | None = None
    place: Place | None = None
    faces: Faces | None = None

    def holds(
        self,
        key: bytes,
        kinds: Mapping[str, bytes],
        answer: Callable[[str, str], bytes],
    ) -> bool:
        """Whether reading would give the same again. `answer` answers what it asked for."""
        return (
            self.key == key
            and (not self.kind or kinds.get(self.kind) == self.kind_digest)
            and all(answer(each.what, each.path) == each.answer for each in self.asked)
        )


class _Index(msgspec.Struct, array_like=True):
    format: int
    facts: list[Fact]


_PROBLEMS = msgspec.msgpack.Decoder(tuple[Problem, ...])
_CARD = msgspec.msgpack.Decoder(Card)
_INDEX = msgspec.msgpack.Decoder(_Index)


def problems_in(data: bytes) -> tuple[Problem, ...]:
    """Problems as they were packed."""
    return _PROBLEMS.decode(data)


def card_in(data: bytes) -> Card:
    """A card as it was packed."""
    return _CARD.decode(data)


def load_facts(folder: Path) -> dict[str, Fact]:
    """All facts that are kept in a folder, by path; none if there are none or they are damaged."""
    content = load_checked(folder / INDEX)
    if content is not None:
        with suppress(msgspec.MsgspecError):
            index = _INDEX.decode(content)
            if index.format == _FORMAT:
                return {fact.path: fact for fact in index.facts}
    return {}


def save_facts(folder: Path, facts: Iterable[Fact], name: str) -> Mapping[str, Place]:
    """Keep exactly these facts, whose packs are in the folder; `name` is free for a new pack.

    Returns where the documents stand now. Raises OSError.
    """
    by_path = {fact.path: fact for fact in facts}
    places = {path: fact.place for path, fact in by_path.items() if fact.place is not None}
    moved = compacted(folder, places, name)
    kept: list[Fact] = []
    for path in sorted(by_path):
        fact = by_path[path]
        if fact.place is None:
            kept.append(fact)
        elif path in moved:
            place = moved[path]
            kept.append(fact if place is fact.place else msgspec.structs.replace(fact, place=place))
    save_checked(folder / INDEX, msgspec.msgpack.encode(_Index(_FORMAT, kept)))
    sweep(folder, {INDEX, *pack_names(moved.values())})
    return moved
