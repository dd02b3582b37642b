"""Produce: outputs into a staging folder, in parallel, with what making each of them looked at."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import msgspec

from sitegen.engine.book import Book
from sitegen.engine.commit import Written, digest_of
from sitegen.engine.pool import Workers, chunks
from sitegen.engine.recorder import Trace
from sitegen.engine.replacing import put
from sitegen.engine.reporter import Reporter
from sitegen.engine.store import DamagedError, Place
from sitegen.engine.values import packed
from sitegen.making.plan import producer
from sitegen.making.portable import packed_tree, theme_of, tree_in
from sitegen.making.reading import StoredFacts
from sitegen.making.sitestate import SiteState
from sitegen.making.watched import Watch
from sitegen.outputs.output import Made, Output
from sitegen.problems import Problem
from sitegen.render.theme import Theme
from sitegen.site.site import Site
from sitegen.source.tree import Tree

_CHUNKS_EACH = 16
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


class InnerPart(NamedTuple):
    """The inner part of a page that is there already: where it is in it, and the page's SHA-256."""

    places: bytes
    """Numbers of bytes, start and end of each block in turn, as ``array("I")`` has them."""
    sha256: bytes
    trace: int
    """The number of the trace of the whole page."""


@dataclass(frozen=True, slots=True)
class MakeContext:
    """What making outputs needs."""

    site: Site
    theme: Theme
    tree: Tree
    packs: tuple[Path, ...]
    places: Mapping[str, Place]
    staged: Path
    """Where the outputs go until all are made."""
    drafts: Path | None = None
    """Where outputs are written before they are put in place, if somebody else may be making the
    same ones at the same time."""
    inner: Mapping[str, InnerPart] = field(default_factory=dict)
    """Of the pages of which only the layout is to be made: what stands inside, by address."""
    output: str = ""
    """The folder that holds those pages."""
    _watches: list[Watch] = field(default_factory=list)

    def watch(self) -> Watch:
        """The stand-ins that producers get in this process, made once.

        Where somebody else may have to make a chunk again, each has its own, so that what it says
        that it looked at is complete in itself.
        """
        if self.drafts is not None:
            return Watch(self.site, self.theme, self.tree.read)
        if not self._watches:
            self._watches.append(Watch(self.site, self.theme, self.tree.read))
        return self._watches[0]

    def sections(self) -> Mapping[str, bytes]:
        """See `pool.Portable`."""
        packs = [os.path.abspath(folder) for folder in self.packs]  # noqa: PTH100 - no link
        drafts = str(self.staged.parent / "drafts")
        rest = _Rest(self.theme.digest, packs, str(self.staged), drafts, self.output)
        return {
            **SiteState.of(self.site, ()).sections(),
            "tree": packed_tree(self.tree),
            "places": packed(dict(self.places)),
            "making": packed(rest),
            "inner": packed(dict(self.inner)),
        }

    @classmethod
    def load(cls, section: Callable[[str], bytes]) -> MakeContext:
        """See `pool.Portable`. Raises UnlikeProgramError when there is another theme here."""
        try:
            rest = _REST.decode(section("making"))
            places = _PLACES.decode(section("places"))
            inner = _INNER.decode(section("inner"))
        except msgspec.MsgspecError:
            raise DamagedError("making") from None
        site = SiteState.load(section("site"), section("entries")).site
        tree = tree_in(section("tree"))
        theme = theme_of(site, tree, rest.theme)
        drafts = Path(rest.drafts)
        drafts.mkdir(exist_ok=True)
        packs = tuple(map(Path, rest.packs))
        staged = Path(rest.staged)
        return cls(site, theme, tree, packs, places, staged, drafts, inner, rest.output)

    def inner_of(self, address: str) -> tuple[bytes, ...] | None:
        """See `Workshop.inner`. None, too, if the page is not as it was left any more."""
        known = self.inner.get(address)
        if known is None:
            return None
        try:
            with open(f"{self.output}/{address}", "rb", 0) as file:  # noqa: PTH123 - very many
                content = file.read()
        except OSError:
            return None
        if hashlib.sha256(content).digest() != known.sha256:
            return None
        ends = array("I", known.places)
        return tuple(content[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True))


class _Rest(msgspec.Struct, array_like=True):
    """What else making outputs needs: the digest of the theme, and folders."""

    theme: str
    packs: list[str]
    staged: str
    drafts: str
    output: str


_REST = msgspec.msgpack.Decoder(_Rest)
_PLACES = msgspec.msgpack.Decoder(dict[str, Place])
_INNER = msgspec.msgpack.Decoder(dict[str, InnerPart])


class MadeOutput(NamedTuple):
    """An output that was made: the staged file, what was wrong, and the number of its trace in the
    book, which says what making it looked at."""

    written: Written
    problems: tuple[Problem, ...]
    trace: int
    inner: bytes
    """See `InnerPart.places`."""


@dataclass(frozen=True, slots=True)
class MakeResult:
    """What was made, in the order of the addresses."""

    made: tuple[MadeOutput, ...]
    groups: Mapping[str, Trace]
    """The traces of parts that outputs share, by subject."""
    answers: Mapping[str, bytes]
    """Digests of the answers that questions to the site had, by subject."""


class _MadePart(NamedTuple):
    """An output of a chunk, whose address is that of its plan."""

    size: int
    sha256: str
    problems: tuple[Problem, ...]
    trace: int
    inner: bytes
    around: bool
    """Whether only what surrounds the inner part of a page was made; the trace tells of no more."""


class _MadeChunk(NamedTuple):
    """What making a chunk gave: as little as there may be, for very many of them come together."""

    parts: tuple[_MadePart, ...]
    """In the order of the outputs."""
    book: bytes
    """The traces of these parts alone."""
    groups: Mapping[str, Trace]
    answers: Mapping[str, bytes]


def produce(
    outputs: Sequence[Output],
    context: MakeContext,
    book: Book,
    workers: Workers,
    reporter: Reporter,
) -> MakeResult:
    """Make outputs, and put what making them looked at into the book as they come.

    Raises WorkerDiedError when a process is killed, DamagedError when the record of a document is
    not what was stored.
    """
    reporter.stage("produce", len(outputs))
    # What is made from one document is made together, so that its record is read once.
    ordered = sorted(outputs, key=lambda output: output.subject)
    made: list[MadeOutput] = []
    groups: dict[str, Trace] = {}
    answers: dict[str, bytes] = {}

    def weight(output: Output) -> int:
        place = context.places.get(output.subject)
        return (place.length if place else 0) + 2000

    runs = chunks(ordered, weight, workers.chunks_for(len(ordered), _CHUNKS_EACH))
    for run, result in zip(runs, workers.work(_make_chunk, context, runs), strict=True):
        traces = Book.load(result.book)
        take = book.taking(traces)
        for output, part in zip(run, result.parts, strict=True):
            written = Written(output.address, part.size, part.sha256)
            if part.around:
                whole = context.inner[output.address].trace
                trace = book.more(whole, traces.trace(part.trace))
            else:
                trace = take(part.trace)
            made.append(MadeOutput(written, part.problems, trace, part.inner))
        groups |= result.groups
        answers |= result.answers
        reporter.advance(len(run))
    return MakeResult(tuple(sorted(made, key=lambda each: each.written)), groups, answers)


def stage(folder: Path, address: str, content: bytes, draft: str = "", sha256: str = "") -> Written:
    """Write one staged output, by way of the file `draft` if there is one; `sha256` if known."""
    if draft:
        _write(draft, content)
        put(draft, f"{folder}/{address}")
    else:
        _write(f"{folder}/{address}", content)
    return Written(address, len(content), sha256 or hashlib.sha256(content).hexdigest())


def _write(target: str, content: bytes) -> None:
    # Plain strings and system calls: there may be 100,000 files.
    try:
        file = os.open(target, _NEW_FILE, 0o666)
    except FileNotFoundError:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        file = os.open(target, _NEW_FILE, 0o666)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
    finally:
        os.close(file)


def _make_chunk(context: MakeContext, outputs: Sequence[Output]) -> _MadeChunk:
    facts = StoredFacts(context.packs, context.places, context.site.kinds)
    watch = context.watch()
    recorder = watch.recorder
    workshop = watch.workshop(facts, context.inner_of)
    parts: list[_MadePart] = []
    book = Book()
    own = tempfile.mkdtemp(dir=context.drafts) if context.drafts else ""
    draft = f"{own}/draft" if own else ""

    def made_of(output: Output) -> Made:
        made = producer(output.producer)(output, workshop)
        if made.copy_of:
            recorder.note("r:" + made.copy_of)
        return made

    for output in outputs:
        made, trace = recorder.record(lambda output=output: made_of(output))  # type: ignore[misc]
        if made.copy_of:
            written = _copied(context, output.address, made.copy_of, draft)
        else:
            written = stage(context.staged, output.address, made.content, draft, made.sha256)
        inner = array("I", chain.from_iterable(made.inner)).tobytes()
        parts.append(
            _MadePart(
                written.size, written.sha256, made.problems, book.place(trace), inner, made.around
            )
        )
    facts.close()
    groups, answers = recorder.take_groups(), watch.take_answers()
    return _MadeChunk(tuple(parts), book.packed(), groups, answers)


def _copied(context: MakeContext, address: str, source: str, draft: str) -> Written:
    target = context.staged / address
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(context.tree.file(source).disk, draft or target)
    if draft:
        put(draft, str(target))
    return Written(address, target.stat().st_size, digest_of(target))
