"""Produce: outputs into a staging folder, in parallel, with what making each of them looked at."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sitegen.engine.commit import Written, digest_of
from sitegen.engine.pool import Workers, chunks
from sitegen.engine.recorder import Trace
from sitegen.engine.reporter import Reporter
from sitegen.engine.store import Place
from sitegen.making.plan import producers
from sitegen.making.reading import StoredFacts
from sitegen.making.watched import Watch
from sitegen.outputs.output import Made, Output
from sitegen.problems import Problem
from sitegen.render.theme import Theme
from sitegen.site.site import Site
from sitegen.source.tree import Tree

_CHUNKS_EACH = 16
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


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
    _watches: list[Watch] = field(default_factory=list)

    def watch(self) -> Watch:
        """The stand-ins that producers get in this process, made once."""
        if not self._watches:
            self._watches.append(Watch(self.site, self.theme, self.tree.read))
        return self._watches[0]


class MadeOutput(NamedTuple):
    """An output that was made: the staged file, what was wrong, what making it looked at."""

    written: Written
    problems: tuple[Problem, ...]
    trace: Trace


@dataclass(frozen=True, slots=True)
class MakeResult:
    """What was made."""

    made: tuple[MadeOutput, ...]
    groups: Mapping[str, Trace]
    """The traces of parts that outputs share, by subject."""
    answers: Mapping[str, bytes]
    """Digests of the answers that questions to the site had, by subject."""


def produce(
    outputs: Sequence[Output], context: MakeContext, workers: Workers, reporter: Reporter
) -> MakeResult:
    """Make outputs. Raises WorkerDiedError when a process is killed, DamagedError when the record
    of a document is not what was stored."""
    reporter.stage("produce", len(outputs))
    # What is made from one document is made together, so that its record is read once.
    ordered = sorted(outputs, key=lambda output: output.subject)
    made: list[MadeOutput] = []
    groups: dict[str, Trace] = {}
    answers: dict[str, bytes] = {}

    def weight(output: Output) -> int:
        place = context.places.get(output.subject)
        return (place.length if place else 0) + 2000

    number = workers.chunks_for(len(ordered), _CHUNKS_EACH)
    for result in workers.work(_make_chunk, context, chunks(ordered, weight, number)):
        made += result.made
        groups |= result.groups
        answers |= result.answers
        reporter.advance(len(result.made))
    return MakeResult(tuple(sorted(made, key=lambda each: each.written)), groups, answers)


def stage(folder: Path, address: str, content: bytes) -> Written:
    """Write one staged output."""
    target = f"{folder}/{address}"  # plain strings and system calls: there may be 100,000 files
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
    return Written(address, len(content), hashlib.sha256(content).hexdigest())


def _make_chunk(context: MakeContext, outputs: Sequence[Output]) -> MakeResult:
    make = producers()
    facts = StoredFacts(context.packs, context.places, context.site.kinds)
    watch = context.watch()
    recorder = watch.recorder
    workshop = watch.workshop(facts)
    finished: list[MadeOutput] = []

    def made_of(output: Output) -> Made:
        made = make[output.producer](output, workshop)
        if made.copy_of:
            recorder.note("r:" + made.copy_of)
        return made

    for output in outputs:
        made, trace = recorder.record(lambda output=output: made_of(output))  # type: ignore[misc]
        if made.copy_of:
            written = _copied(context, output.address, made.copy_of)
        else:
            written = stage(context.staged, output.address, made.content)
        finished.append(MadeOutput(written, made.problems, trace))
    facts.close()
    return MakeResult(tuple(finished), recorder.take_groups(), watch.take_answers())


def _copied(context: MakeContext, address: str, source: str) -> Written:
    target = context.staged / address
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(context.tree.file(source).disk, target)
    return Written(address, target.stat().st_size, digest_of(target))
