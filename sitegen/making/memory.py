"""Memory: what the last build into an output folder knew and did.

It is true as a whole or not at all: everything in it is of one build that ended well, and it is
replaced at the end of the next one. What the output folder holds is not believed but looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from sitegen.engine.ledger import Ledger
from sitegen.engine.recorder import Trace
from sitegen.engine.sources import FileRow
from sitegen.engine.stamps import Stamp
from sitegen.engine.store import DamagedError
from sitegen.engine.traces import Broken
from sitegen.engine.values import packed
from sitegen.making.faces import Faces, ThemeFace
from sitegen.problems import Problem
from sitegen.site.site import LeftOut
from sitegen.source.history import History

if TYPE_CHECKING:  # where nothing is to be done, none of these is needed
    from sitegen.making.sitestate import Ground, SiteState
    from sitegen.outputs.output import Output

FORMAT = 2
NEW, OTHER, ALTERED, LISTED, CHANGED = "new", "other", "altered", "listed", "changed"
"""Why an output is made: never made before; another thing stood at its address; somebody altered
the file; it lists files that differ; something that making it looked at is not as it was."""
Value = TypeVar("Value")


class Head(msgspec.Struct, array_like=True):
    """What tells whether anything at all is different, and what to say if not."""

    format: int
    code: bytes
    choices: bytes
    """A digest of what the caller chose, the day among it."""
    timezone: str
    sources: list[FileRow]
    themes: list[FileRow]
    found: tuple[Problem, ...]
    """What was wrong with the files themselves."""
    history: str
    problems: tuple[Problem, ...]
    documents: int
    outputs: int
    left_out: tuple[LeftOut, ...]
    record: str
    """SHA-256 (hex) of the record of what was written."""


class Row(msgspec.Struct, array_like=True, frozen=True):
    """An output as it was left: `trace` is the place of its trace in the book."""

    address: str
    producer: str
    subject: str
    part: str
    size: int
    sha256: str
    stamp: Stamp
    settled: bool
    problems: bytes
    trace: int

    def stands_for(self, output: Output) -> bool:
        """Whether it is the same output, made in the same way."""
        return (self.address, self.producer, self.subject, self.part) == (
            output.address,
            output.producer,
            output.subject,
            output.part,
        )


class _Book(msgspec.Struct, array_like=True):
    """Traces by number: subjects by their places in `subjects`, each followed by its facets."""

    subjects: list[str]
    traces: list[list[int]]
    groups: dict[str, int]
    answers: dict[str, bytes]
    theme: ThemeFace
    faces: dict[str, Faces]


@dataclass(frozen=True, slots=True)
class Book:
    """The traces of the last build, and what its questions were answered."""

    traces: Mapping[str, Trace]
    """By address."""
    groups: Mapping[str, Trace]
    answers: Mapping[str, bytes]
    theme: ThemeFace
    faces: Mapping[str, Faces]

    def flat(self, address: str) -> Trace:
        """The trace of an output, with those of the shared parts that it used."""
        found: Trace = {}
        waiting = [self.traces[address]]
        while waiting:
            for subject, facets in waiting.pop().items():
                if subject in self.groups:
                    waiting.append(self.groups[subject])
                else:
                    found[subject] = found.get(subject, 0) | facets
        return found

    def subjects(self) -> set[str]:
        """Everything that some output looked at."""
        found: set[str] = set()
        for trace in self.traces.values():
            found.update(trace)
        for trace in self.groups.values():
            found.update(trace)
        return found


class Reason(msgspec.Struct, array_like=True, frozen=True):
    """Why an output was made: `sort` is NEW, OTHER, ALTERED, or CHANGED, then with what differs."""

    sort: str
    broken: tuple[Broken, ...] = ()


@dataclass(frozen=True, slots=True)
class Keys:
    """Digests of what the stored parts were made from."""

    ground: bytes
    site: bytes
    theme_files: bytes
    theme: bytes


class Memory:
    """The parts of a ledger, decoded.

    Without a `head` there is no memory; with one, all parts are there, or it is damaged: then
    whoever asks for them raises DamagedError.
    """

    def __init__(self, ledger: Ledger, code: bytes, head: Head | None, cached: bool) -> None:
        self.ledger = ledger
        self.cached = cached
        self.code = code
        self.head = head

    def keys(self) -> Keys:
        """What the other parts were made from."""
        return Keys(*_decoded(_KEYS, self.ledger["keys"]))

    def ground(self) -> Ground:
        """Settings, kinds, calendar, columns."""
        from sitegen.making.sitestate import Ground

        return _decoded(msgspec.msgpack.Decoder(Ground), self.ledger["ground"])

    def theme_problems(self) -> tuple[Problem, ...]:
        """What loading the theme found."""
        return _decoded(_PROBLEMS, self.ledger["theme"])

    def history(self) -> tuple[History, tuple[Problem, ...]]:
        """What git said."""
        return _decoded(_HISTORY, self.ledger["history"])

    def site(self) -> SiteState:
        """The site."""
        from sitegen.making.sitestate import SiteState

        return SiteState.load(self.ledger["site"], self.ledger["entries"])

    def rows(self) -> dict[str, Row]:
        """The outputs by address, in the order of the plan."""
        return {row.address: row for row in _decoded(_ROWS, self.ledger["outputs"])}

    def book(self, rows: Iterable[Row]) -> Book:
        """The traces of these outputs."""
        book = _decoded(_BOOK, self.ledger["book"])
        subjects = book.subjects

        def trace(number: int) -> Trace:
            flat = book.traces[number]
            return {subjects[flat[i]]: flat[i + 1] for i in range(0, len(flat), 2)}

        known: dict[int, Trace] = {}
        for row in rows:
            if row.trace not in known:
                known[row.trace] = trace(row.trace)
        return Book(
            {row.address: known[row.trace] for row in rows},
            {name: trace(number) for name, number in book.groups.items()},
            book.answers,
            book.theme,
            book.faces,
        )

    def reasons(self) -> dict[str, Reason]:
        """Why outputs were made at the last build, by address; the others were reused."""
        return _decoded(_REASONS, self.ledger["reasons"])


def recall(folder: Path, code: bytes, cached: bool) -> Memory:
    """What is remembered in a folder, if the program whose fingerprint is `code` wrote it.

    Unless `cached`, nothing is.
    """
    ledger = Ledger(folder)
    head = None
    if cached and "head" in ledger:
        with suppress(msgspec.MsgspecError, DamagedError):
            head = _HEAD.decode(ledger["head"])
    if head is None or head.format != FORMAT or head.code != code:
        ledger.forget()
        head = None
    return Memory(ledger, code, head, cached)


class Binder:
    """Puts traces into a book, equal ones once."""

    def __init__(self) -> None:
        self._subjects: dict[str, int] = {}
        self._traces: dict[tuple[int, ...], int] = {}
        self._groups: dict[str, int] = {}

    def place(self, trace: Trace) -> int:
        """The place of a trace."""
        subjects = self._subjects
        flat: list[int] = []
        for subject in sorted(trace):
            flat += (subjects.setdefault(subject, len(subjects)), trace[subject])
        return self._traces.setdefault(tuple(flat), len(self._traces))

    def close(self, groups: Mapping[str, Trace]) -> None:
        """Put in those groups that some trace needs, when all traces are in."""
        places = self._groups
        waiting = [name for name in self._subjects if name in groups]
        while waiting:
            name = waiting.pop()
            if name not in places:
                places[name] = self.place(groups[name])
                waiting += [inner for inner in groups[name] if inner in groups]

    def packed(
        self, answers: Mapping[str, bytes], theme: ThemeFace, faces: Mapping[str, Faces]
    ) -> bytes:
        """The book as bytes, after `close`."""
        known = {name: digest for name, digest in answers.items() if name in self._subjects}
        return packed(
            _Book(
                list(self._subjects), [list(trace) for trace in self._traces],
                self._groups, known,
                theme, dict(faces),
            )
        )  # fmt: skip

    @property
    def subjects(self) -> Iterable[str]:
        """Everything that some trace names."""
        return self._subjects


def _decoded(decoder: msgspec.msgpack.Decoder[Value], data: bytes) -> Value:
    try:
        return decoder.decode(data)
    except msgspec.MsgspecError:
        raise DamagedError from None


_HEAD = msgspec.msgpack.Decoder(Head)
_KEYS = msgspec.msgpack.Decoder(tuple[bytes, bytes, bytes, bytes])
_PROBLEMS = msgspec.msgpack.Decoder(tuple[Problem, ...])
_HISTORY = msgspec.msgpack.Decoder(tuple[History, tuple[Problem, ...]])
_ROWS = msgspec.msgpack.Decoder(list[Row])
_BOOK = msgspec.msgpack.Decoder(_Book)
_REASONS = msgspec.msgpack.Decoder(dict[str, Reason])
