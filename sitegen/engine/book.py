"""The book: the traces of all outputs, equal ones once, in columns that are compared in one go.

A trace in it is a run of pairs, a subject's number with the bits of its facets. Traces are added at
the end; a book of which too much is not used any more is written anew.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping

import msgspec

from sitegen.engine.recorder import EXISTS, Trace
from sitegen.engine.store import DamagedError
from sitegen.engine.traces import Changed
from sitegen.engine.values import digest_of_bytes, packed

_NUMBERS, _BITS = "I", "Q"
_KEY = 8
"""So many bytes of a digest by which equal traces are sought; found ones are compared."""
_FEW = 40
"""Up to so many subjects are looked for one by one."""


class _Packed(msgspec.Struct, array_like=True):
    subjects: str
    starts: bytes
    named: bytes
    facets: bytes
    groups: dict[str, int]
    answers: dict[str, bytes]


_PACKED = msgspec.msgpack.Decoder(_Packed)


class Book:
    """Traces by number; `groups` are those of shared parts, `answers` the digests of answers."""

    def __init__(self) -> None:
        self.subjects: list[str] = []
        self.groups: dict[str, int] = {}
        self.answers: dict[str, bytes] = {}
        self._starts = array(_NUMBERS, (0,))
        self._named = array(_NUMBERS)
        self._facets = array(_BITS)
        self._numbers: dict[str, int] | None = {}
        self._places: dict[int, int] = {}

    @classmethod
    def load(cls, data: bytes) -> Book:
        """The book that `packed` gave. Raises DamagedError."""
        book = cls()
        try:
            read = _PACKED.decode(data)
        except msgspec.MsgspecError:
            raise DamagedError("book") from None
        book.subjects = read.subjects.split("\0") if read.subjects else []
        book.groups, book.answers = read.groups, read.answers
        book._starts = array(_NUMBERS)
        for column, content in (
            (book._starts, read.starts),
            (book._named, read.named),
            (book._facets, read.facets),
        ):
            column.frombytes(content)
        book._numbers = None
        return book

    def __len__(self) -> int:
        return len(self._starts) - 1

    def packed(self) -> bytes:
        """The book as bytes."""
        return packed(
            _Packed(
                "\0".join(self.subjects), self._starts.tobytes(), self._named.tobytes(),
                self._facets.tobytes(), self.groups, self.answers,
            )
        )  # fmt: skip

    def trace(self, number: int) -> Trace:
        """The trace of a number."""
        start, end = self._starts[number], self._starts[number + 1]
        subjects = self.subjects
        names = (subjects[each] for each in self._named[start:end])
        return dict(zip(names, self._facets[start:end], strict=True))

    def flat(self, number: int) -> Trace:
        """A trace with those of the shared parts that it used put in."""
        found: Trace = {}
        waiting = [number]
        while waiting:
            for subject, facets in self.trace(waiting.pop()).items():
                if subject in self.groups:
                    waiting.append(self.groups[subject])
                else:
                    found[subject] = found.get(subject, 0) | facets
        return found

    def place(self, trace: Trace) -> int:
        """The number of a trace, which is added if it is not there. Old ones are not looked for."""
        names = sorted(trace)
        named = array(_NUMBERS, [self._number(name) for name in names])
        return self._placed(named, array(_BITS, [trace[name] for name in names]))

    def taking(self, other: Book) -> Callable[[int], int]:
        """A function that places the traces of another book here: from its numbers to ours.

        Books of many parts, taken in one after another, make the same book as their traces would,
        placed one by one.
        """
        subjects, starts = other.subjects, other._starts
        numbers = [-1] * len(subjects)
        taken: dict[int, int] = {}

        def number_of(subject: int) -> int:
            number = numbers[subject]
            if number < 0:
                number = numbers[subject] = self._number(subjects[subject])
            return number

        def take(number: int) -> int:
            place = taken.get(number)
            if place is None:
                run = slice(starts[number], starts[number + 1])
                named = array(_NUMBERS, map(number_of, other._named[run]))
                place = taken[number] = self._placed(named, other._facets[run])
            return place

        return take

    def _number(self, subject: str) -> int:
        numbers = self._numbers
        if numbers is None:
            numbers = {name: number for number, name in enumerate(self.subjects)}
            self._numbers = numbers
        number = numbers.get(subject)
        if number is None:
            number = numbers[subject] = len(self.subjects)
            self.subjects.append(subject)
        return number

    def _placed(self, named: array[int], facets: array[int]) -> int:
        digest = digest_of_bytes(named.tobytes(), facets.tobytes())
        key = int.from_bytes(digest[:_KEY], "little")
        place = self._places.get(key)
        if place is not None:
            run = slice(self._starts[place], self._starts[place + 1])
            if self._named[run] == named and self._facets[run] == facets:
                return place
        place = self._places[key] = len(self)
        self._named.extend(named)
        self._facets.extend(facets)
        self._starts.append(len(self._named))
        return place

    def more(self, number: int, trace: Trace) -> int:
        """The number of a trace with all that another one holds in it, too."""
        known = self.trace(number)
        joined = {name: known.get(name, 0) | facets for name, facets in trace.items()}
        if joined.items() <= known.items():
            return number
        return self.place(known | joined)

    def add_groups(self, groups: Mapping[str, Trace]) -> None:
        """Add those groups that some trace needs, when all traces are in."""
        waiting = [name for name in self.subjects if name in groups]
        done: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in done:
                done.add(name)
                known = self.groups.get(name)
                if known is None or self.trace(known) != groups[name]:
                    self.groups[name] = self.place(groups[name])
                waiting += [inner for inner in groups[name] if inner in groups]

    def add_answers(self, answers: Mapping[str, bytes]) -> None:
        """Keep the answers to those questions that some trace asks, when all are in."""
        asked = frozenset(self.subjects)
        self.answers |= {name: digest for name, digest in answers.items() if name in asked}

    def group_traces(self) -> dict[str, Trace]:
        """The traces of the shared parts, by the subjects under which others name them."""
        return {name: self.trace(number) for name, number in self.groups.items()}

    def touching(self, changed: Changed) -> dict[int, Trace]:
        """The traces that looked at what differs, or use a shared part that did, by number."""
        numbers = {name: number for number, name in enumerate(self.subjects)}
        parts: dict[int, list[str]] = {}  # equal traces of several parts are one
        for name, number in self.groups.items():
            parts.setdefault(number, []).append(name)
        wanted = {name for name, facets in changed.items() if facets and name in numbers}
        asked: set[str] = set()
        found: dict[int, Trace] = {}
        while wanted:
            asked |= wanted
            hit = self._naming({numbers[name]: changed.get(name, EXISTS) for name in wanted})
            found |= {number: self.trace(number) for number in hit if number not in found}
            used = {name for number in hit for name in parts.get(number, ())} - asked
            wanted = {name for name in used if name in numbers}
        return found

    def _naming(self, numbers: Mapping[int, int]) -> set[int]:
        """The traces that name one of the subjects with one of its facets."""
        named, facets = self._named, self._facets
        places: Iterable[int]
        if len(numbers) <= _FEW:
            places = [place for number in numbers for place in _places_of(number, named)]
        else:
            places = [place for place, number in enumerate(named) if number in numbers]
        starts = self._starts
        return {
            bisect_right(starts, place) - 1
            for place in places
            if facets[place] & numbers[named[place]]
        }


def _places_of(number: int, column: array[int]) -> Iterable[int]:
    place = -1
    while True:
        try:
            place = column.index(number, place + 1)
        except ValueError:
            return
        yield place
