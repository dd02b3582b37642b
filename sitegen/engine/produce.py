"""Produce: the planned outputs into a staging folder, in parallel."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sitegen.engine.commit import Written, digest_of
from sitegen.engine.plan import producers
from sitegen.engine.pool import SMALL, chunks, work
from sitegen.engine.reading import StoredFacts
from sitegen.engine.reporter import Reporter
from sitegen.engine.store import Place
from sitegen.outputs.output import Output, Workshop
from sitegen.problems import Problem
from sitegen.render.theme import Theme
from sitegen.site.site import Site
from sitegen.source.tree import Tree

_CHUNKS_PER_JOB = 16
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class MakeContext:
    """What making outputs needs."""

    site: Site
    theme: Theme
    tree: Tree
    packs: Path
    places: Mapping[str, Place]
    staged: Path
    """Where the outputs go until all are made."""


@dataclass(frozen=True, slots=True)
class MakeResult:
    """What was made."""

    written: tuple[Written, ...]
    problems: tuple[Problem, ...]


def produce(
    outputs: Sequence[Output], context: MakeContext, jobs: int, reporter: Reporter
) -> MakeResult:
    """Make all outputs. Raises WorkerDiedError when a process is killed."""
    reporter.stage("produce", len(outputs))
    jobs = jobs if len(outputs) >= SMALL else 1
    # What is made from one document is made together, so that its record is read once.
    ordered = sorted(outputs, key=lambda output: output.subject)
    written: list[Written] = []
    problems: list[Problem] = []

    def weight(output: Output) -> int:
        place = context.places.get(output.subject)
        return (place.length if place else 0) + 2000

    for result in work(_make_chunk, context, chunks(ordered, weight, jobs * _CHUNKS_PER_JOB), jobs):
        written += result.written
        problems += result.problems
        reporter.advance(len(result.written))
    return MakeResult(tuple(sorted(written)), tuple(problems))


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
    workshop = Workshop(context.site, context.theme, facts, context.tree.read)
    written: list[Written] = []
    problems: list[Problem] = []
    for output in outputs:
        made = make[output.producer](output, workshop)
        problems += made.problems
        if made.copy_of:
            written.append(_copied(context, output.address, made.copy_of))
        else:
            written.append(stage(context.staged, output.address, made.content))
    facts.close()
    return MakeResult(tuple(written), tuple(problems))


def _copied(context: MakeContext, address: str, source: str) -> Written:
    target = context.staged / address
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(context.tree.file(source).disk, target)
    return Written(address, target.stat().st_size, digest_of(target))
