"""Memory: what the last build into an output folder knew and did.

It is true as a whole or not at all: everything in it is of one build that ended well, and it is
replaced at the end of the next one. What the output folder holds is not believed but looked at.
What there is much of is kept in columns: addresses in one text, stamps in one row of numbers.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from sitegen.engine.fingerprint import Program, program_now
from sitegen.engine.ledger import Ledger
from sitegen.engine.sources import DIGEST, FileRecord
from sitegen.engine.store import DamagedError
from sitegen.engine.traces import Broken
from sitegen.engine.values import packed
from sitegen.problems import Problem

if TYPE_CHECKING:  # where nothing is to be done, none of these is needed
    from sitegen.engine.book import Book
    from sitegen.making.faces import ThemeFace
    from sitegen.making.sitestate import Ground, SiteState
    from sitegen.outputs.output import Output
    from sitegen.site.site import LeftOut
    from sitegen.source.history import History

FORMAT = 7
NEW, OTHER, ALTERED, LISTED = "new", "other", "altered", "listed"
CHANGED, AROUND = "changed", "around"
"""Why an output is made: never made before; another thing stood at its address; somebody altered
the file; it lists files that differ; something that making it looked at is not as it was; what
differs shows only around the inner part of a page, which stayed."""
Value = TypeVar("Value")
_STAMP = 32


class Head(msgspec.Struct, array_like=True, frozen=True):
    """What tells, with the files, whether anything at all is different."""

    format: int
    code: bytes
    choices: bytes
    """A digest of what the caller chose, the day among it."""
    timezone: str
    history: str
    limits: tuple[int, int]
    """The sizes in bytes that files, and texts that are parsed, may have."""
    facts: bytes
    """The identity of the facts that were known at the end."""
    record: bytes
    """The digest of the record of what was written."""
    documents: int


class ContentRecord(msgspec.Struct, array_like=True, frozen=True):
    """The content folder: what was in it, and what was wrong with the files themselves."""

    names: str
    """Of the listing; '' if it does not tell what is there."""
    files: FileRecord
    """In the order of the listing; files that are none for us have no path."""
    found: tuple[Problem, ...]


class ThemesRecord(msgspec.Struct, array_like=True, frozen=True):
    """The files that a theme may be made of."""

    names: str
    files: FileRecord


class Left(msgspec.Struct, array_like=True):
    """The outputs as they were left, in columns in the order of the addresses."""

    stamps: bytes
    settled: bytes
    digests: bytes
    """SHA-256."""
    traces: bytes
    """The number of each one's trace in the book."""
    problems: dict[int, bytes]
    """Of those rows that have any."""

    def digest(self, row: int) -> bytes:
        """The SHA-256 of an output."""
        return self.digests[row * DIGEST : (row + 1) * DIGEST]

    def size(self, row: int) -> int:
        """Its size in bytes."""
        return int.from_bytes(self.stamps[row * _STAMP : row * _STAMP + 8], sys.byteorder)

    def trace_number(self, row: int) -> int:
        """The number of an output's trace."""
        return int.from_bytes(self.traces[row * 4 : row * 4 + 4], sys.byteorder)

    def trace_numbers(self) -> array[int]:
        """The numbers of the traces."""
        return array("I", self.traces)


class Planned(msgspec.Struct, array_like=True, frozen=True):
    """What was planned for each address: columns with NUL between the values."""

    producers: str
    subjects: str
    parts: str


class PlannedOutput(NamedTuple):
    """Which output stands at an address, as it was planned."""

    address: str
    producer: str
    subject: str
    part: str


class PlannedOutputs(Sequence[PlannedOutput]):
    """What was planned, in the order of the addresses."""

    def __init__(self, addresses: bytes, plan: bytes) -> None:
        """Of `columns_of`. Raises DamagedError."""
        columns = _decoded(_PLANNED, plan)
        self.addresses = _texts(addresses.decode())
        self._producers = [*map(sys.intern, _texts(columns.producers))]
        self._subjects, self._parts = _texts(columns.subjects), _texts(columns.parts)

    def __len__(self) -> int:
        return len(self.addresses)

    def __getitem__(self, row: int) -> PlannedOutput:  # type: ignore[override]
        """The output of a row."""
        return PlannedOutput(
            self.addresses[row], self._producers[row], self._subjects[row], self._parts[row]
        )

    def __iter__(self) -> Iterator[PlannedOutput]:
        columns = (self._producers, self._subjects, self._parts)
        return map(PlannedOutput, self.addresses, *columns)


class Reason(msgspec.Struct, array_like=True, frozen=True):
    """Why an output was made: `sort` is one of NEW, OTHER …; `broken` is what differs, if it is
    CHANGED or AROUND."""

    sort: str
    broken: tuple[Broken, ...] = ()


class Memory:
    """The parts of a ledger, decoded.

    Without a `head` there is no memory; with one, all parts are there, or it is damaged: then
    whoever asks for them raises DamagedError.
    """

    def __init__(self, ledger: Ledger, program: Program, head: Head | None, cached: bool) -> None:
        self.ledger = ledger
        self.cached = cached
        self.program = program
        self.head = head
        self._addresses: list[str] | None = None

    @property
    def code(self) -> bytes:
        """The fingerprint of the program."""
        return self.program.code

    def content(self) -> ContentRecord:
        """The content folder."""
        return _decoded(_CONTENT, self.ledger["content"])

    def themes(self) -> ThemesRecord:
        """The files of themes."""
        return _decoded(_THEMES, self.ledger["themes"])

    def problems(self) -> tuple[Problem, ...]:
        """What was wrong, all in all."""
        return _decoded(_PROBLEMS, self.ledger["problems"])

    def left_out(self) -> tuple[LeftOut, ...]:
        """The documents that had no page."""
        from sitegen.site.leftout import LeftOut

        return _decoded(msgspec.msgpack.Decoder(tuple[LeftOut, ...]), self.ledger["left-out"])

    def addresses(self) -> list[str]:
        """The addresses of the outputs, in the order of the plan, then the manifest."""
        if self._addresses is None:
            self._addresses = _texts(self.ledger["addresses"].decode())
        return self._addresses

    def left(self) -> Left:
        """The outputs as they were left."""
        return _decoded(_LEFT, self.ledger["left"])

    def planned(self) -> PlannedOutputs:
        """The outputs, in the order of the addresses."""
        return PlannedOutputs(self.ledger["addresses"], self.ledger["plan"])

    def ground(self) -> Ground:
        """Settings, kinds, calendar, columns."""
        from sitegen.making.sitestate import Ground

        return _decoded(msgspec.msgpack.Decoder(Ground), self.ledger["ground"])

    def theme_problems(self) -> tuple[Problem, ...]:
        """What loading the theme found."""
        return _decoded(_PROBLEMS, self.ledger["theme-problems"])

    def theme(self) -> ThemeFace:
        """The face of the theme."""
        from sitegen.making.faces import ThemeFace

        return _decoded(msgspec.msgpack.Decoder(ThemeFace), self.ledger["theme"])

    def history(self) -> tuple[History, tuple[Problem, ...]]:
        """What git said."""
        from sitegen.source.history import History

        decoder = msgspec.msgpack.Decoder(tuple[History, tuple[Problem, ...]])
        return _decoded(decoder, self.ledger["history"])

    def site(self) -> SiteState:
        """The site."""
        from sitegen.making.sitestate import SiteState

        return SiteState.load(self.ledger["site"], self.ledger["entries"])

    def book(self) -> Book:
        """The traces of the outputs."""
        from sitegen.engine.book import Book

        return Book.load(self.ledger["book"])

    def faces(self) -> dict[str, bytes]:
        """The faces of the documents, by path; see ``Fact.faces``."""
        return _decoded(_FACES, self.ledger["faces"])

    def inner(self) -> dict[int, bytes]:
        """Where the inner parts of pages are, by row; see ``Made.inner`` of outputs."""
        return _decoded(_INNER, self.ledger["inner"])

    def reasons(self) -> dict[str, Reason]:
        """Why outputs were made at the last build, by address; the others were reused."""
        return _decoded(_REASONS, self.ledger["reasons"])


def recall(folder: Path, moment: int, cached: bool) -> Memory:
    """What is remembered in a folder, if the program as it is now wrote it.

    `moment` is that of now by the clock of the disk. Unless `cached`, nothing is remembered.
    """
    ledger = Ledger(folder)
    head = known = None
    if "head" in ledger:
        with suppress(msgspec.MsgspecError, DamagedError):
            known = _PROGRAM.decode(ledger["program"])
            head = _HEAD.decode(ledger["head"])
    program = program_now(known, moment)
    if not cached or head is None or head.format != FORMAT or head.code != program.code:
        ledger.forget()
        head = None
    return Memory(ledger, program, head, cached)


def columns_of(planned: Sequence[Output]) -> tuple[bytes, bytes]:
    """Addresses and plan as they are kept."""
    plan = Planned(
        "\0".join([each.producer for each in planned]),
        "\0".join([each.subject for each in planned]),
        "\0".join([each.part for each in planned]),
    )
    return "\0".join([each.address for each in planned]).encode(), packed(plan)


def _texts(joined: str) -> list[str]:
    return joined.split("\0")


def _decoded(decoder: msgspec.msgpack.Decoder[Value], data: bytes) -> Value:
    try:
        return decoder.decode(data)
    except msgspec.MsgspecError:
        raise DamagedError from None


_HEAD = msgspec.msgpack.Decoder(Head)
_PROGRAM = msgspec.msgpack.Decoder(Program)
_CONTENT = msgspec.msgpack.Decoder(ContentRecord)
_THEMES = msgspec.msgpack.Decoder(ThemesRecord)
_PROBLEMS = msgspec.msgpack.Decoder(tuple[Problem, ...])
_LEFT = msgspec.msgpack.Decoder(Left)
_PLANNED = msgspec.msgpack.Decoder(Planned)
_FACES = msgspec.msgpack.Decoder(dict[str, bytes])
_INNER = msgspec.msgpack.Decoder(dict[int, bytes])
_REASONS = msgspec.msgpack.Decoder(dict[str, Reason])
