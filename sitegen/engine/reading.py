"""Read: every document to a card in memory and a record on disk, in parallel."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import msgspec

from sitegen.engine import codes
from sitegen.engine.pool import SMALL, WorkerDiedError, chunks, work
from sitegen.engine.reporter import Reporter
from sitegen.engine.store import PackReader, PackWriter, Place
from sitegen.kinds.document import Document
from sitegen.kinds.encoding import decode, encode
from sitegen.kinds.kind import Kinds
from sitegen.kinds.reading import read_document
from sitegen.problems import Location, Problem
from sitegen.render.markdown import Rendered, Renderer
from sitegen.site.carding import card_of
from sitegen.site.cards import Card
from sitegen.source.calendar import Calendar
from sitegen.source.tree import Tree

_CHUNKS_PER_JOB = 8


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What reading a document needs beside its bytes."""

    tree: Tree
    kinds: Kinds
    calendar: Calendar
    default_kinds: Mapping[str, str]
    """The kind of documents that name none, by folder; the nearest one above counts."""
    language: str
    folder: Path
    """Where the packs go."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """Cards of all documents that could be read, where their records stand, and the problems."""

    cards: tuple[Card, ...]
    places: Mapping[str, Place]
    problems: tuple[Problem, ...]


def read_documents(
    paths: Sequence[str], context: ReadContext, jobs: int, reporter: Reporter
) -> ReadResult:
    """Read the documents at `paths` (relative to ``content/``), in that order."""
    reporter.stage("read", len(paths))
    jobs = jobs if len(paths) >= SMALL else 1

    def weight(path: str) -> int:
        return context.tree.file(path).size + 1000

    runs = list(enumerate(chunks(paths, weight, jobs * _CHUNKS_PER_JOB)))
    cards: list[Card] = []
    places: dict[str, Place] = {}
    problems: list[Problem] = []
    try:
        for result in work(_read_chunk, context, runs, jobs):
            cards += result.cards
            places.update(result.places)
            problems += result.problems
            reporter.advance(len(result.places))
    except WorkerDiedError as error:
        # Which file it was shows when each is read in a process of its own.
        problems += _culprits(context, runs[error.chunk :], len(runs))
    return ReadResult(tuple(cards), places, tuple(problems))


def _culprits(
    context: ReadContext, runs: Sequence[tuple[int, Sequence[str]]], number: int
) -> list[Problem]:
    problems: list[Problem] = []
    for path in (path for _, run in runs for path in run):
        number += 1
        try:
            for result in work(_read_chunk, context, [(number, (path,))], 2):
                problems += result.problems
        except WorkerDiedError:
            problems.append(codes.READER_DIED.at(Location(f"content/{path}")))
    return problems


def _read_chunk(context: ReadContext, run: tuple[int, Sequence[str]]) -> ReadResult:
    number, paths = run
    renderer = _renderer(context.language)
    cards: list[Card] = []
    places: dict[str, Place] = {}
    problems: list[Problem] = []

    def open_file(path: str) -> bytes | None:
        return context.tree.read(path) if path in context.tree else None

    def list_folder(folder: str) -> list[str]:
        parts = (file.path.rpartition("/") for file in context.tree)
        return [name for above, _, name in parts if above == folder]

    with PackWriter(context.folder, f"{number:05d}.pack") as pack:
        for path in paths:
            document, found = read_document(
                path,
                context.tree.read(path),
                context.kinds,
                open_file,
                calendar=context.calendar,
                default_kind=_default_kind(path, context.default_kinds),
                list_folder=list_folder,
            )
            problems += found
            if document is None:
                continue
            rendered, found = renderer.render(document.body, path, document.body_line)
            problems += found
            cards.append(card_of(document, rendered, context.kinds))
            record = msgspec.msgpack.encode((encode(document), rendered))
            places[path] = pack.append(record)
    return ReadResult(tuple(cards), places, tuple(problems))


@functools.cache
def _renderer(language: str) -> Renderer:
    return Renderer(language)


def _default_kind(path: str, kinds: Mapping[str, str]) -> str:
    for folder in PurePosixPath(path).parents:
        name = "" if str(folder) == "." else str(folder)
        if kind := kinds.get(name):
            return kind
    return "article"


class StoredFacts:
    """The documents of a read, fetched from their records; the last few are kept."""

    def __init__(self, folder: Path, places: Mapping[str, Place], kinds: Kinds) -> None:
        self._reader = PackReader(folder)
        self._places = places
        self._kinds = kinds
        self._record = functools.lru_cache(maxsize=8)(self._read_record)
        self.document = functools.lru_cache(maxsize=8)(self._read_document)

    def _read_record(self, path: str) -> tuple[bytes, Rendered]:
        return _RECORD.decode(self._reader.read(self._places[path]))

    def _read_document(self, path: str) -> Document:
        return decode(self._record(path)[0], self._kinds)

    def body(self, path: str) -> Rendered:
        """The rendered body of a document."""
        return self._record(path)[1]

    def close(self) -> None:
        """Close the packs."""
        self._reader.close()


_RECORD = msgspec.msgpack.Decoder(tuple[bytes, Rendered])
