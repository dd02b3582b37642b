"""The documents of a site, each read when it or a file that it asked for changed.

Cards are in memory; documents and rendered bodies are in one nameless temporary file, which the
system removes with the process. A document with errors keeps the last good text it had.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from sitegen.engine import codes as engine_codes
from sitegen.engine.pool import SMALL, WorkerDiedError, chunks, work
from sitegen.engine.reporter import Reporter
from sitegen.kinds.document import Document
from sitegen.kinds.encoding import decode, encode
from sitegen.kinds.kind import Kinds
from sitegen.kinds.reading import read_document
from sitegen.making.reading import default_kind, renderer_in
from sitegen.preview.files import SourceFiles, digest_of
from sitegen.preview.framing import Framing
from sitegen.problems import Location, Problem, has_errors
from sitegen.render.markdown import Rendered
from sitegen.site.carding import card_of
from sitegen.site.cards import Card
from sitegen.source import codes as source_codes
from sitegen.source.calendar import Calendar
from sitegen.source.tree import Tree

_CHUNKS_PER_JOB = 8
_RECORD = msgspec.msgpack.Decoder(tuple[bytes, Rendered])


@dataclass(frozen=True, slots=True)
class Ground:
    """What reading a document needs beside its bytes."""

    tree: Tree
    kinds: Kinds
    calendar: Calendar
    default_kinds: Mapping[str, str]
    language: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one document gave. `asked` are the data files it wanted, there or not."""

    path: str
    card: Card | None
    record: bytes
    problems: tuple[Problem, ...]
    asked: tuple[str, ...]
    digests: Mapping[str, bytes]
    """Of all that was read for it."""


@dataclass(frozen=True, slots=True)
class Known:
    """A document as it is shown: `place` and `length` of its record, and what is wrong with it.

    `read` is its card as it was read last; `card` is another one while that has errors.
    """

    card: Card | None
    read: Card | None
    place: int
    length: int
    problems: tuple[Problem, ...]
    asked: tuple[str, ...]
    sound: bool
    """Whether what is shown was read without errors."""


def read_one(ground: Ground, path: str, read: Callable[[str], bytes | None]) -> Reading:
    """Read and render one document; nothing is raised for bad input."""
    asked: dict[str, None] = {}
    digests: dict[str, bytes] = {}

    def taken(name: str) -> bytes | None:
        data = read(name)
        if data is not None:
            digests[name] = digest_of(data)
        return data

    def open_file(name: str) -> bytes | None:
        asked[name] = None
        return taken(name)

    def list_folder(folder: str) -> list[str]:
        parts = (file.path.rpartition("/") for file in ground.tree)
        return [name for above, _, name in parts if above == folder]

    data = taken(path)
    if data is None:
        where = Location(f"content/{path}")
        gone = source_codes.UNREADABLE.at(where, reason="no such file")
        return Reading(path, None, b"", (gone,), (), {})
    document, problems = read_document(
        path,
        data,
        ground.kinds,
        open_file,
        calendar=ground.calendar,
        default_kind=default_kind(path, ground.default_kinds),
        list_folder=list_folder,
    )
    if document is None:
        return Reading(path, None, b"", tuple(problems), tuple(asked), digests)
    rendered, found = renderer_in(ground.language).render(document.body, path, document.body_line)
    return Reading(
        path,
        card_of(document, rendered, ground.kinds),
        msgspec.msgpack.encode((encode(document), rendered)),
        (*problems, *found),
        tuple(asked),
        digests,
    )


def _read_run(ground: Ground, paths: Sequence[str]) -> list[Reading]:
    def read(path: str) -> bytes | None:
        return ground.tree.load(path)[0] if path in ground.tree else None

    return [read_one(ground, path, read) for path in paths]


class DocumentFacts:
    """All documents of a preview; also hands out single ones to those who make pages."""

    def __init__(self, files: SourceFiles) -> None:
        self.known: dict[str, Known] = {}
        self.kinds = Kinds((), {})
        self._files = files
        self._disk = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._end = 0
        self._lock = threading.Lock()
        self._wanted_by: dict[str, set[str]] = {}

    # Reading

    def read_all(self, framing: Framing, jobs: int, reporter: Reporter) -> None:
        """Read all documents, in several processes; to be done before any thread is started."""
        paths = framing.documents
        self.kinds = framing.kinds
        ground = self._ground(framing)
        reporter.stage("read", len(paths))
        jobs = jobs if len(paths) >= SMALL else 1
        tree = self._files.tree
        runs = chunks(paths, lambda path: tree.file(path).size + 1000, jobs * _CHUNKS_PER_JOB)
        try:
            for readings in work(_read_run, ground, runs, jobs):
                for reading in readings:
                    self._take(reading)
                reporter.advance(len(readings))
        except WorkerDiedError as error:
            # Which file it was shows when each is read in a process of its own.
            for path in (path for run in runs[error.chunk :] for path in run):
                try:
                    for readings in work(_read_run, ground, [(path,)], 2):
                        self._take(readings[0])
                except WorkerDiedError:
                    died = engine_codes.READER_DIED.at(Location(f"content/{path}"))
                    self._take(Reading(path, None, b"", (died,), (), {}))
        reporter.finish()

    def read(self, path: str, framing: Framing) -> bool:
        """Read one document again; returns whether the site as a whole must know."""
        self.kinds = framing.kinds
        before = self.known.get(path)
        self._take(read_one(self._ground(framing), path, self._files.read))
        now = self.known[path]
        return (
            before is None
            or (before.card, before.read) != (now.card, now.read)
            or has_errors(before.problems) != has_errors(now.problems)
        )

    def drop(self, path: str) -> None:
        """Forget a document that is gone."""
        known = self.known.pop(path, None)
        for name in known.asked if known else ():
            self._wanted_by[name].discard(path)

    def wanting(self, paths: Iterable[str]) -> set[str]:
        """The documents that asked for any of these files, there or not."""
        return {document for path in paths for document in self._wanted_by.get(path, ())}

    def _ground(self, framing: Framing) -> Ground:
        return Ground(
            self._files.tree,
            framing.kinds,
            framing.calendar,
            framing.default_kinds,
            framing.settings.language,
        )

    def _take(self, reading: Reading) -> None:
        for path, digest in reading.digests.items():
            self._files.noted(path, digest)
        old = self.known.get(reading.path)
        sound = not has_errors(reading.problems)
        for name in old.asked if old else ():
            self._wanted_by[name].discard(reading.path)
        for name in reading.asked:
            self._wanted_by.setdefault(name, set()).add(reading.path)
        if not sound and old is not None and old.sound and old.card is not None:
            known = replace(old, read=reading.card, problems=reading.problems, asked=reading.asked)
        else:
            known = Known(
                card=reading.card,
                read=reading.card,
                place=self._write(reading.record),
                length=len(reading.record),
                problems=reading.problems,
                asked=reading.asked,
                sound=sound,
            )
        self.known[reading.path] = known

    # What pages are made from

    def cards(self) -> list[Card]:
        """The cards of all documents of which anything can be shown, by path."""
        return [known.card for _, known in sorted(self.known.items()) if known.card is not None]

    def cards_read(self) -> list[Card]:
        """The cards as they were read last, whatever is shown, by path."""
        return [known.read for _, known in sorted(self.known.items()) if known.read is not None]

    def problems(self) -> list[Problem]:
        """What is wrong with the documents as they are now."""
        return [problem for known in self.known.values() for problem in known.problems]

    def document(self, path: str) -> Document:
        """The typed document. Raises KeyError for an unknown path."""
        return decode(self._record(path)[0], self.kinds)

    def body(self, path: str) -> Rendered:
        """The rendered body of a document. Raises KeyError for an unknown path."""
        return self._record(path)[1]

    def close(self) -> None:
        """Give the temporary file back."""
        self._disk.close()

    def _record(self, path: str) -> tuple[bytes, Rendered]:
        known = self.known[path]
        with self._lock:
            self._disk.seek(known.place)
            data = self._disk.read(known.length)
        return _RECORD.decode(data)

    def _write(self, record: bytes) -> int:
        with self._lock:
            place = self._end
            self._disk.seek(place)
            self._disk.write(record)
            self._end += len(record)
        return place
