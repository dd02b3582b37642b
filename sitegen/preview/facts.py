"""The documents of a site, each read when it or a file that it asked for changed.

Cards are in memory; documents and rendered bodies are in one nameless temporary file, which the
system removes with the process. A document with errors keeps the last good text it had.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from sitegen.engine.fingerprint import fingerprint
from sitegen.engine.pool import LocalWorkers
from sitegen.engine.reporter import Reporter
from sitegen.engine.store import DamagedError, PackReader, Place
from sitegen.engine.values import packed
from sitegen.kinds.document import Document
from sitegen.kinds.encoding import decode
from sitegen.kinds.kind import Kinds
from sitegen.making.documents import Documents, documents_of
from sitegen.making.facts import LISTED, Asked, Fact, card_in, problems_in
from sitegen.making.reading import ReadGround, fact_of, ground_of, record_in
from sitegen.preview.files import SourceFiles
from sitegen.preview.framing import Framing
from sitegen.problems import Location, Problem, has_errors
from sitegen.render.markdown import Rendered
from sitegen.site.cards import Card
from sitegen.source import codes as source_codes


@dataclass(frozen=True, slots=True)
class Known:
    """A document as it is shown: `place` of its record, and what is wrong with it.

    `read` is its card as it was read last; `card` is another one while that has errors.
    """

    card: Card | None
    read: Card | None
    place: Place | None
    problems: tuple[Problem, ...]
    asked: tuple[Asked, ...]
    sound: bool
    """Whether what is shown was read without errors."""

    @property
    def files(self) -> tuple[str, ...]:
        """The data files that it wanted, there or not."""
        return tuple(each.path for each in self.asked if each.what != LISTED)


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
        self._ground: tuple[Framing, ReadGround] | None = None

    # Reading

    def read_all(self, framing: Framing, store: Path, jobs: int, reporter: Reporter) -> None:
        """Read all documents, in several processes, but those that are in the `store` of facts.

        To be done before any thread is started. Raises OSError when the store cannot be written.
        """
        files = self._files
        found = documents_of(
            framing.documents, files.tree, self._ground_of(framing), files.digest_or_none,
            store, store, cached=True, workers=LocalWorkers(jobs), reporter=reporter,
        )  # fmt: skip
        for path in found.read:
            files.noted(path, found.facts[path].digest)
        found.keep(store)
        reporter.finish()
        self._take_all(framing, found, store)

    def _take_all(self, framing: Framing, found: Documents, store: Path) -> None:
        reader, cards = PackReader(store), found.facts.cards_by_path()
        for path in framing.documents:
            fact = found.facts.get(path)
            if fact is None:  # whoever read it died of it
                where = f"content/{path}"
                told = [p for p in found.problems if p.where is not None and p.where.path == where]
                self._take(_unread(path), None, None, tuple(told))
                continue
            try:
                place = self._write(reader.read(fact.place)) if fact.place else None
            except DamagedError:
                self.read(path, framing)
            else:
                self._take(fact, cards.get(path), place)
        reader.close()

    def read(self, path: str, framing: Framing) -> bool:
        """Read one document again; returns whether the site as a whole must know."""
        before = self.known.get(path)
        data = self._files.read(path)
        if data is None:
            gone = source_codes.UNREADABLE.at(Location(f"content/{path}"), reason="no such file")
            self._take(_unread(path), None, None, (gone,))
        else:
            ground, files = self._ground_of(framing), self._files
            fact, card = fact_of(path, data, ground, files.tree, files.read, self._write)
            self._take(fact, card_in(card) if card else None, fact.place)
        now = self.known[path]
        return (
            before is None
            or (before.card, before.read) != (now.card, now.read)
            or has_errors(before.problems) != has_errors(now.problems)
        )

    def drop(self, path: str) -> None:
        """Forget a document that is gone."""
        known = self.known.pop(path, None)
        for name in _wishes(known.asked) if known else ():
            self._wanted_by[name].discard(path)

    def wanting(self, paths: Iterable[str]) -> set[str]:
        """The documents that asked for any of these files, there or not, or for their folders."""
        return {
            document
            for path in paths
            for wish in (path, _listing(path.rpartition("/")[0]))
            for document in self._wanted_by.get(wish, ())
        }

    def _ground_of(self, framing: Framing) -> ReadGround:
        if self._ground is None or self._ground[0] is not framing:
            ground = ground_of(
                framing.kinds, framing.calendar, framing.default_kinds,
                framing.settings.language, fingerprint(),
            )  # fmt: skip
            self._ground = (framing, ground)
        self.kinds = framing.kinds
        return self._ground[1]

    def _take(
        self,
        fact: Fact,
        card: Card | None,
        place: Place | None,
        told: tuple[Problem, ...] = (),
    ) -> None:
        for each in fact.asked:
            if each.what != LISTED and each.answer:
                self._files.noted(each.path, each.answer)
        problems = told or problems_in(fact.problems)
        old = self.known.get(fact.path)
        sound = not has_errors(problems)
        for name in _wishes(old.asked) if old else ():
            self._wanted_by[name].discard(fact.path)
        for name in _wishes(fact.asked):
            self._wanted_by.setdefault(name, set()).add(fact.path)
        if not sound and old is not None and old.sound and old.card is not None:
            known = replace(old, read=card, problems=problems, asked=fact.asked)
        else:
            known = Known(card, card, place, problems, fact.asked, sound)
        self.known[fact.path] = known

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
        place = self.known[path].place
        if place is None:
            raise KeyError(path)
        with self._lock:
            self._disk.seek(place.offset)
            data = self._disk.read(place.length)
        return record_in(data)

    def _write(self, record: bytes) -> Place:
        with self._lock:
            place = Place("", self._end, len(record), b"")
            self._disk.seek(place.offset)
            self._disk.write(record)
            self._end += len(record)
        return place


def _unread(path: str) -> Fact:
    return Fact(path, b"", "", "", b"", (), packed(()))


def _wishes(asked: Iterable[Asked]) -> list[str]:
    return [_listing(each.path) if each.what == LISTED else each.path for each in asked]


def _listing(folder: str) -> str:
    return f"{folder}/"
