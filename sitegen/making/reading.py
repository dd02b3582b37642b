"""Read: every document to a fact in memory and a record on disk, in parallel."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from sitegen.engine import codes
from sitegen.engine.pool import WorkerDiedError, Workers, chunks, work
from sitegen.engine.reporter import Reporter
from sitegen.engine.store import DamagedError, PackReader, PackWriter, Place
from sitegen.engine.values import digest_of, digest_of_bytes, packed
from sitegen.kinds.document import Document
from sitegen.kinds.encoding import decode, encode
from sitegen.kinds.kind import Kinds
from sitegen.kinds.reading import read_document
from sitegen.making.faces import faces_of
from sitegen.making.facts import LISTED, OPENED, Asked, Fact
from sitegen.making.portable import packed_tree, tree_in
from sitegen.problems import Location, Problem
from sitegen.render.markdown import Rendered, Renderer
from sitegen.site.carding import card_of
from sitegen.source.calendar import Calendar
from sitegen.source.tree import Tree

_CHUNKS_EACH = 8


@dataclass(frozen=True, slots=True)
class ReadGround:
    """What documents are read against; made by `ground_of`."""

    kinds: Kinds
    calendar: Calendar
    default_kinds: Mapping[str, str]
    """The kind of documents that name none, by folder; the nearest one above counts."""
    language: str
    digest: bytes
    """Of all that every document is read against: not the kinds, but what kinds there are."""
    kind_digests: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What a process that reads documents needs beside their paths."""

    tree: Tree
    ground: ReadGround
    folder: Path
    """Where the packs go."""
    label: str
    """Begins the names of the packs: no older pack in the folder has it."""

    def sections(self) -> Mapping[str, bytes]:
        """See `pool.Portable`."""
        rest = (self.ground, os.path.abspath(self.folder), self.label)  # noqa: PTH100 - no link
        return {"tree": packed_tree(self.tree), "reading": packed(rest)}

    @classmethod
    def load(cls, section: Callable[[str], bytes]) -> ReadContext:
        """See `pool.Portable`."""
        try:
            ground, folder, label = _CONTEXT.decode(section("reading"))
        except msgspec.MsgspecError:
            raise DamagedError("reading") from None
        return cls(tree_in(section("tree")), ground, Path(folder), label)


_CONTEXT = msgspec.msgpack.Decoder(tuple[ReadGround, str, str])


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The facts of documents, and problems of those that could not be read at all."""

    facts: tuple[Fact, ...]
    cards: Mapping[str, bytes]
    """The card of each document that could be understood, by path."""
    problems: tuple[Problem, ...] = ()


def ground_of(
    kinds: Kinds,
    calendar: Calendar,
    default_kinds: Mapping[str, str],
    language: str,
    code: bytes,
) -> ReadGround:
    """What documents are read against; `code` is the fingerprint of the program."""
    known = [(name, dict(kind.title)) for name, kind in kinds.kinds.items()]
    digest = digest_of(code, language, calendar.face(), kinds.common, known)
    kind_digests = {name: digest_of(kind) for name, kind in kinds.kinds.items()}
    return ReadGround(kinds, calendar, default_kinds, language, digest, kind_digests)


def read_documents(
    paths: Sequence[str], context: ReadContext, workers: Workers, reporter: Reporter
) -> ReadResult:
    """Read the documents at `paths` (relative to ``content/``), in that order."""
    reporter.stage("read", len(paths))

    def weight(path: str) -> int:
        return context.tree.file(path).size + 1000

    number = workers.chunks_for(len(paths), _CHUNKS_EACH)
    runs = list(enumerate(chunks(paths, weight, number)))
    facts: list[Fact] = []
    cards: dict[str, bytes] = {}
    problems: list[Problem] = []
    try:
        for result in workers.work(_read_chunk, context, runs):
            facts += result.facts
            cards.update(result.cards)
            reporter.advance(len(result.facts))
    except WorkerDiedError as error:
        # Which file it was shows when each is read in a process of its own.
        found, problems = _culprits(context, runs[error.chunk :], len(runs))
        facts += found.facts
        cards.update(found.cards)
    return ReadResult(tuple(facts), cards, tuple(problems))


def _culprits(
    context: ReadContext, runs: Sequence[tuple[int, Sequence[str]]], number: int
) -> tuple[ReadResult, list[Problem]]:
    facts: list[Fact] = []
    cards: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in (path for _, run in runs for path in run):
        number += 1
        try:
            for result in work(_read_chunk, context, [(number, (path,))], 2):
                facts += result.facts
                cards.update(result.cards)
        except WorkerDiedError:
            problems.append(codes.READER_DIED.at(Location(f"content/{path}")))
    return ReadResult(tuple(facts), cards), problems


def _read_chunk(context: ReadContext, run: tuple[int, Sequence[str]]) -> ReadResult:
    number, paths = run
    tree = context.tree
    facts: list[Fact] = []
    cards: dict[str, bytes] = {}

    def read(wanted: str) -> bytes | None:
        return tree.read(wanted) if wanted in tree else None

    with PackWriter(context.folder, f"{context.label}-{number:05d}.pack") as pack:
        for path in paths:
            fact, card = fact_of(path, tree.read(path), context.ground, tree, read, pack.append)
            facts.append(fact)
            if card:
                cards[path] = card
    return ReadResult(tuple(facts), cards)


def fact_of(
    path: str,
    data: bytes,
    ground: ReadGround,
    tree: Tree,
    read: Callable[[str], bytes | None],
    keep: Callable[[bytes], Place],
) -> tuple[Fact, bytes]:
    """Read and render one document, whose bytes are `data`: a fact, and the card ('' for none).

    `read` gives the bytes of a data file, None where there is none; `keep` is given the record of
    the document, if it could be understood. Nothing is raised for bad input.
    """
    asked: dict[tuple[str, str], Asked] = {}

    def open_file(wanted: str) -> bytes | None:
        content = read(wanted)
        found = b"" if content is None else hashlib.sha256(content).digest()
        asked[OPENED, wanted] = Asked(OPENED, wanted, found)
        return content

    def list_folder(folder: str) -> list[str]:
        names = names_in(tree, folder)
        asked[LISTED, folder] = Asked(LISTED, folder, digest_of(names))
        return names

    document, problems = read_document(
        path,
        data,
        ground.kinds,
        open_file,
        calendar=ground.calendar,
        default_kind=default_kind(path, ground.default_kinds),
        list_folder=list_folder,
    )
    digest, default = hashlib.sha256(data).digest(), default_kind(path, ground.default_kinds)
    if document is None:
        return Fact(path, digest, default, "", b"", (*asked.values(),), packed(problems)), b""
    rendered, found = _renderer(ground.language).render(document.body, path, document.body_line)
    kind_digest = ground.kind_digests.get(document.kind, b"")
    values, body = encode(document), packed(rendered)
    card = packed(card_of(document, rendered, ground.kinds))
    fact = Fact(
        path,
        digest,
        default,
        document.kind,
        kind_digest,
        tuple(asked.values()),
        packed((*problems, *found)),
        keep(packed((values, msgspec.Raw(body)))),
        digest_of_bytes(card),
        faces_of(values + kind_digest, body, rendered.text.encode()),
    )
    return fact, card


def names_in(tree: Tree, folder: str) -> list[str]:
    """The names of the files in a folder of the content, in order."""
    parts = (file.path.rpartition("/") for file in tree)
    return [name for above, _, name in parts if above == folder]


@functools.cache
def _renderer(language: str) -> Renderer:
    """The renderer of this process for a language."""
    return Renderer(language)


def default_kind(path: str, kinds: Mapping[str, str]) -> str:
    """The kind of a document that names none: that of the nearest column above."""
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        if kind := kinds.get(folder):
            return kind
    return "article"


class StoredFacts:
    """The documents of a read, fetched from their records; the last few are kept."""

    def __init__(self, folders: Iterable[Path], places: Mapping[str, Place], kinds: Kinds) -> None:
        self._reader = PackReader(*folders)
        self._places = places
        self._kinds = kinds
        self._record = functools.lru_cache(maxsize=8)(self._read_record)
        self.document = functools.lru_cache(maxsize=8)(self._read_document)

    def _read_record(self, path: str) -> tuple[bytes, Rendered]:
        try:
            return record_in(self._reader.read(self._places[path]))
        except msgspec.MsgspecError:
            raise DamagedError(path) from None

    def _read_document(self, path: str) -> Document:
        return decode(self._record(path)[0], self._kinds)

    def body(self, path: str) -> Rendered:
        """The rendered body of a document."""
        return self._record(path)[1]

    def close(self) -> None:
        """Close the packs, and let go of the last few now: the caches and this hold each other."""
        self._record.cache_clear()
        self.document.cache_clear()
        self._reader.close()


def record_in(data: bytes) -> tuple[bytes, Rendered]:
    """A record of `fact_of`: the document, still encoded, and its rendered body."""
    return _RECORD.decode(data)


_RECORD = msgspec.msgpack.Decoder(tuple[bytes, Rendered])
