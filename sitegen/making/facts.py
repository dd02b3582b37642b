"""Facts: what reading a document gave, kept with all that it came from.

A fact holds as long as the document has the same bytes and everything that it was read against is
the same: every data file that reading asked for (that it was missing, too), the kind, the calendar,
the program. The document in full stands in a pack, its card in a file with all cards, the rest in
an index, from which single facts are decoded when somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from sitegen.engine.store import (
    DamagedError,
    Place,
    copied_out,
    load_checked,
    mostly_dead,
    save_checked,
    sweep,
)
from sitegen.engine.values import digest_of_bytes, packed
from sitegen.problems import Problem
from sitegen.site.cards import Card

INDEX = "index.bin"
_FORMAT = 3

OPENED, LISTED = "open", "list"
"""What reading may ask: the bytes of a file, and the names in a folder."""


class Asked(msgspec.Struct, array_like=True, frozen=True):
    """A question that reading a document asked, with the digest of its answer."""

    what: str
    path: str
    answer: bytes


class Fact(msgspec.Struct, array_like=True, frozen=True):
    """What reading one document gave; `place` is None where nothing was understood.

    `default` is the kind that was taken where the document names none; `card` is the digest of the
    document's card, `faces` are three digests in a row (see ``faces``): empty where nothing was
    understood.
    """

    path: str
    digest: bytes
    default: str
    kind: str
    kind_digest: bytes
    asked: tuple[Asked, ...]
    problems: bytes
    place: Place | None = None
    card: bytes = b""
    faces: bytes = b""

    def holds(
        self,
        digest: bytes,
        default: str,
        kinds: Mapping[str, bytes],
        answer: Callable[[str, str], bytes],
    ) -> bool:
        """Whether reading would give the same again. `answer` answers what it asked for."""
        return (
            self.digest == digest
            and self.default == default
            and (not self.kind or kinds.get(self.kind) == self.kind_digest)
            and all(answer(each.what, each.path) == each.answer for each in self.asked)
        )


class _Index(msgspec.Struct, array_like=True):
    """Columns of the same order, but for the last three."""

    format: int
    ground: bytes
    paths: list[str]
    facts: list[bytes]
    faces: list[bytes]
    told: list[int]
    """The rows of those with problems."""
    askers: dict[str, list[str]]
    """The documents that asked for the bytes of a file."""
    living: dict[str, int]
    """The bytes of the records that stand in each pack."""
    cards: bytes
    """The digest of the file of cards."""


_PROBLEMS = msgspec.msgpack.Decoder(tuple[Problem, ...])
_FACT = msgspec.msgpack.Decoder(Fact)
_INDEX = msgspec.msgpack.Decoder(_Index)
_CARD = msgspec.msgpack.Decoder(Card)
_CARDS = msgspec.msgpack.Decoder(list[bytes])


def problems_in(data: bytes) -> tuple[Problem, ...]:
    """Problems as they were packed."""
    return _PROBLEMS.decode(data)


def card_in(data: bytes) -> Card:
    """A card as it was packed."""
    return _CARD.decode(data)


class Facts(Mapping[str, Fact]):
    """Facts by path, in order, each decoded when it is asked for."""

    def __init__(self, index: _Index, folder: Path | None = None, identity: bytes = b"") -> None:
        self._index = index
        self._folder = folder
        self.identity = identity
        """A digest of all of it; empty for what is not stored."""
        self._rows = dict(zip(index.paths, range(len(index.paths)), strict=True))
        self._cards: list[bytes] | None = None if folder else []

    @classmethod
    def none(cls, ground: bytes) -> Facts:
        """No facts at all."""
        return cls(_Index(_FORMAT, ground, [], [], [], [], {}, {}, b""))

    @classmethod
    def load(cls, folder: Path, ground: bytes) -> Facts:
        """The facts that are kept in a folder and were read against the same ground."""
        content = load_checked(folder / INDEX)
        if content is not None:
            with suppress(msgspec.MsgspecError):
                index = _INDEX.decode(content)
                if index.format == _FORMAT and index.ground == ground:
                    return cls(index, folder, digest_of_bytes(content))
        return cls.none(ground)

    def __getitem__(self, path: str) -> Fact:
        return _FACT.decode(self._index.facts[self._rows[path]])

    def __contains__(self, path: object) -> bool:
        return path in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._index.paths)

    def __len__(self) -> int:
        return len(self._index.paths)

    def cards(self) -> list[Card]:
        """The cards of all documents that were understood, in order. Raises DamagedError."""
        return [_CARD.decode(card) for card in self.all_cards() if card]

    def cards_by_path(self) -> dict[str, Card]:
        """The same, by path. Raises DamagedError."""
        every = zip(self._index.paths, self.all_cards(), strict=True)
        return {path: _CARD.decode(card) for path, card in every if card}

    def same_cards(self, other: Facts) -> bool:
        """Whether documents and cards are the same as there."""
        mine, others = self._index, other._index
        return self is other or (mine.cards == others.cards != b"" and mine.paths == others.paths)

    def all_cards(self) -> list[bytes]:
        """All cards as bytes, empty where nothing was understood. Raises DamagedError."""
        if self._cards is None:
            assert self._folder is not None
            content = load_checked(self._folder / _cards_file(self._index.cards))
            if content is None:
                raise DamagedError("cards")
            self._cards = _CARDS.decode(content)
        return self._cards

    def put_cards_away(self, folder: Path) -> None:
        """Keep the cards in a folder, not in memory. Raises OSError."""
        if not self._index.cards:
            content = packed(self.all_cards())
            self._index.cards = digest_of_bytes(content)
            save_checked(folder / _cards_file(self._index.cards), content)
            self._folder = folder
        if self._folder is not None:
            self._cards = None

    def faces(self) -> dict[str, bytes]:
        """The faces of all documents that were understood, by path."""
        both = zip(self._index.paths, self._index.faces, strict=True)
        return {path: faces for path, faces in both if faces}

    def askers(self, names: Iterable[str]) -> set[str]:
        """The documents whose reading asked for the bytes of one of these files."""
        known = self._index.askers
        return {path for name in names for path in known.get(name, ())}

    def problems(self) -> list[Problem]:
        """All problems of the documents."""
        index = self._index
        found = (_FACT.decode(index.facts[row]).problems for row in index.told)
        return [problem for data in found for problem in problems_in(data)]

    def changed_to(
        self, paths: Iterable[str], read: Iterable[Fact], cards: Mapping[str, bytes]
    ) -> Facts:
        """The facts of exactly these documents: `read` ones, with cards, and the others as here."""
        fresh = {fact.path: fact for fact in read}
        wanted = [path for path in paths if path in fresh or path in self._rows]
        index, rows = self._index, self._rows
        living, askers = dict(index.living), {k: [*v] for k, v in index.askers.items()}
        told = frozenset(index.paths[row] for row in index.told)
        for path in {*fresh, *(rows.keys() - set(wanted))} & rows.keys():
            _count(self[path], living, askers, -1)
        for fact in fresh.values():
            _count(fact, living, askers, 1)
        new = _Index(
            _FORMAT, index.ground, wanted,
            [packed(fresh[p]) if p in fresh else index.facts[rows[p]] for p in wanted],
            [fresh[p].faces if p in fresh else index.faces[rows[p]] for p in wanted],
            [
                row
                for row, path in enumerate(wanted)
                if (fresh[path].problems != _NOTHING if path in fresh else path in told)
            ],
            {name: paths for name, paths in askers.items() if paths},
            {pack: size for pack, size in living.items() if size > 0},
            b"",
        )  # fmt: skip
        if wanted == index.paths and all(self[p].card == fresh[p].card for p in fresh):
            new.cards = index.cards  # the same, and perhaps not even loaded
            facts = Facts(new, self._folder)
            facts._cards = self._cards
            return facts
        facts, before = Facts(new), self.all_cards()
        facts._cards = [cards.get(p, b"") if p in fresh else before[rows[p]] for p in wanted]
        return facts

    def save(self, folder: Path, name: str) -> Facts:
        """Keep exactly these facts, whose packs are in the folder; `name` is free for a new pack.

        Returns them as they are kept. Raises OSError.
        """
        facts = self
        if chosen := mostly_dead(folder, self._index.living):
            every = {path: fact for path, fact in self.items() if fact.place is not None}
            places = {path: fact.place for path, fact in every.items() if fact.place is not None}
            moved = copied_out(folder, places, chosen, name)
            lost = {path for path, place in places.items() if place.pack in chosen} - moved.keys()
            fresh = [
                msgspec.structs.replace(every[path], place=place) for path, place in moved.items()
            ]
            every_card = dict(zip(self, self.all_cards(), strict=True))
            cards = {path: every_card[path] for path in moved}
            facts = self.changed_to([path for path in self if path not in lost], fresh, cards)
        facts.put_cards_away(folder)
        cards_file = _cards_file(facts._index.cards)
        index = packed(facts._index)
        save_checked(folder / INDEX, index)
        sweep(folder, {INDEX, cards_file, *facts._index.living})
        facts.identity = digest_of_bytes(index)
        return facts


_NOTHING = packed(())


def _count(fact: Fact, living: dict[str, int], askers: dict[str, list[str]], sign: int) -> None:
    """Add what a fact needs to the sums, or take it off."""
    if fact.place is not None:
        living[fact.place.pack] = living.get(fact.place.pack, 0) + sign * fact.place.length
    for each in fact.asked:
        if each.what == OPENED:
            paths = askers.setdefault(each.path, [])
            if sign > 0:
                paths.append(fact.path)
            else:
                paths.remove(fact.path)


def _cards_file(digest: bytes) -> str:
    return f"{digest.hex()}.cards"


class Places(Mapping[str, Place]):
    """Where the records of documents stand, by path; asked one by one."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._last: tuple[str, Place | None] = ("", None)

    def __getitem__(self, path: str) -> Place:
        if path != self._last[0]:  # who makes one output of a document makes the next one, too
            self._last = path, self._facts[path].place
        place = self._last[1]
        if place is None:
            raise KeyError(path)
        return place

    def __iter__(self) -> Iterator[str]:
        return (path for path, faces in self._facts.faces().items() if faces)

    def __len__(self) -> int:
        return len(self._facts.faces())
