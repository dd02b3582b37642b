"""Remaking: which outputs must be made, and making them; the others stand as they must."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sitegen.engine.book import Book
from sitegen.engine.commit import MANIFEST, Written
from sitegen.engine.pool import Workers
from sitegen.engine.reporter import Reporter
from sitegen.engine.standing import Standing
from sitegen.engine.traces import Broken, outside_only, stale
from sitegen.engine.workspace import Workspace
from sitegen.making.comparing import (
    changed_documents,
    changed_files,
    changed_in_site,
    changed_in_theme,
)
from sitegen.making.documents import Documents
from sitegen.making.facts import Places, problems_in
from sitegen.making.memory import ALTERED, AROUND, CHANGED, LISTED, NEW, OTHER, Memory, Reason
from sitegen.making.options import BuildOptions
from sitegen.making.outcome import Plan, Seen, listed, seen
from sitegen.making.produce import InnerPart, MakeContext, MakeResult, produce, stage
from sitegen.making.scene import Scene
from sitegen.making.sitestate import SiteState
from sitegen.making.watched import is_of_layout
from sitegen.outputs.manifest import manifest_bytes, spliced
from sitegen.problems import Problem
from sitegen.render.theme import Theme
from sitegen.source.tree import Tree

_SPLICED = 200
"""Up to so many entries of the manifest are replaced one by one."""


@dataclass(frozen=True, slots=True)
class Making:
    """What deciding and making need of a build."""

    memory: Memory
    scene: Scene
    space: Workspace
    standing: Standing | None
    options: BuildOptions
    workers: Workers
    reporter: Reporter
    documents: Documents
    tree: Tree
    state: SiteState
    theme: Theme
    same_site: bool
    same_theme: bool


@dataclass(frozen=True, slots=True)
class Made:
    """The outputs of a build: those that were made, staged, and those that stand as they must."""

    plan: Plan
    old_rows: Sequence[int]
    """The row that each output had in the last build, whether it was kept or not."""
    seen: Seen | None
    written: tuple[Written, ...]
    kept: Sequence[str]
    known: Mapping[str, str]
    """SHA-256 (hex) of what stands at the addresses of outputs that were made, where it is as the
    last build left it."""
    result: MakeResult
    reasons: Mapping[int, Reason]
    """Of those rows that were made."""
    book: Book
    """The traces of all of them, those of outputs that were made among them."""


def remake(plan: Plan, making: Making) -> tuple[Made, tuple[Problem, ...]]:
    """Make the outputs that are not there already as they must be, and the manifest.

    Raises WorkerDiedError and DamagedError as `produce` does.
    """
    memory = making.memory
    now = _outputs_now(making) if memory.head else None
    book = memory.book() if memory.head else Book()
    old_rows = plan.old_rows()
    reasons = _reasons(plan, old_rows, now, book, making)
    inner = _inner_parts(plan, old_rows, reasons, now, making)
    manifest_row = len(plan.addresses) - 1
    wanted = [plan.output(row) for row in sorted(reasons) if row != manifest_row]
    context = MakeContext(
        making.state.site, making.theme, making.tree, making.documents.folders,
        Places(making.documents.facts), making.space.staged, inner=inner,
        output=os.path.abspath(making.options.output),  # noqa: PTH100 - no link
    )  # fmt: skip
    result = produce(wanted, context, book, making.workers, making.reporter)
    problems = [each for made in result.made for each in made.problems]
    written = [made.written for made in result.made]
    kept = [row for row in range(len(plan.addresses)) if row not in reasons]
    if now is not None and now.left.problems:
        told = now.left.problems
        problems += (each for row in kept if old_rows[row] in told
                     for each in problems_in(told[old_rows[row]]))  # fmt: skip
    content = _manifest(plan, old_rows, kept, written, now, making)
    manifest = stage(making.space.staged, MANIFEST, content)
    known = now.left.digest(old_rows[-1]) if now is not None and old_rows[-1] >= 0 else b""
    if manifest_row not in reasons and bytes.fromhex(manifest.sha256) == known:
        (making.space.staged / MANIFEST).unlink()
    else:
        written.append(manifest)
        reasons.setdefault(manifest_row, Reason(LISTED))
    addresses = [each for row, each in enumerate(plan.addresses) if row not in reasons]
    reasons = dict(sorted(reasons.items()))
    known_there = _known(plan, old_rows, reasons, now)
    made = Made(plan, old_rows, now, tuple(written), addresses, known_there, result, reasons, book)
    return made, tuple(problems)


def _known(
    plan: Plan, old_rows: Sequence[int], rows: Iterable[int], now: Seen | None
) -> dict[str, str]:
    """See `Made.known`."""
    if now is None:
        return {}
    return {
        plan.addresses[row]: now.left.digest(old).hex()
        for row in rows
        if (old := old_rows[row]) >= 0 and old not in now.altered
    }


def _outputs_now(making: Making) -> Seen:
    """How the outputs of the last build stand."""
    addresses = making.memory.addresses()
    folder = str(making.options.output)
    standing = making.standing or Standing(folder, addresses, alone=making.options.jobs < 2)
    return seen(making.memory.left(), standing.stamps(), addresses, folder)


def _reasons(
    plan: Plan, old_rows: Sequence[int], now: Seen | None, book: Book, making: Making
) -> dict[int, Reason]:
    """Why outputs must be made, by their rows; those that are not here stand as they must."""
    if now is None:
        return dict.fromkeys(range(len(old_rows)), Reason(NEW))
    broken, around = _broken(book, making)
    altered, traces = now.altered, now.left.trace_numbers()
    reasons: dict[int, Reason] = {}
    if plan.same:
        reasons = {row: Reason(ALTERED) for row in altered}
        if broken:
            reasons |= {
                row: Reason(AROUND if trace in around else CHANGED, broken[trace])
                for row, trace in enumerate(traces)
                if trace in broken
            }
        return reasons
    for row, old in enumerate(old_rows):
        if old < 0:
            reasons[row] = Reason(OTHER if plan.had(plan.addresses[row]) else NEW)
        elif (trace := traces[old]) in broken:
            reasons[row] = Reason(AROUND if trace in around else CHANGED, broken[trace])
        elif old in altered:
            reasons[row] = Reason(ALTERED)
    return reasons


def _inner_parts(
    plan: Plan,
    old_rows: Sequence[int],
    reasons: dict[int, Reason],
    now: Seen | None,
    making: Making,
) -> dict[str, InnerPart]:
    """What stays of the pages whose layout alone is to be made; the others among them count as
    changed."""
    around = [row for row, reason in reasons.items() if reason.sort == AROUND]
    if now is None or not around:
        return {}
    known = making.memory.inner()
    found: dict[str, InnerPart] = {}
    for row in around:
        old = old_rows[row]
        if old in known and old not in now.altered:
            found[plan.addresses[row]] = InnerPart(
                known[old], now.left.digest(old), now.left.trace_number(old)
            )
        else:
            reasons[row] = Reason(CHANGED, reasons[row].broken)
    return found


def _broken(book: Book, making: Making) -> tuple[Mapping[int, tuple[Broken, ...]], frozenset[int]]:
    """The traces that do not hold any more, by number, each with what broke it; and those of them
    in which nothing but what is of layouts is broken."""
    memory, digests = making.memory, making.scene.content.digests
    changed: dict[str, int] = {}
    if not making.same_site:
        before = memory.site()
        changed |= changed_in_site(frozenset(book.subjects), before, making.state, book.answers)
    if not making.same_theme:
        changed |= changed_in_theme(memory.theme(), making.theme)
    changed |= changed_documents(memory.faces(), making.documents.facts.faces())
    if (files := making.scene.content.changed()) is not None:
        changed |= {f"r:{path}": 1 for path in files}
    else:
        before_digest = digests.befores()
        changed |= changed_files(
            book.subjects, lambda path: before_digest(path) != digests.digest(path)
        )
    touched = book.touching(changed)
    groups = {name: touched[place] for name, place in book.groups.items() if place in touched}
    broken = stale(touched, changed, groups)
    return broken, outside_only(touched, changed, groups, is_of_layout)


def _manifest(
    plan: Plan,
    old_rows: Sequence[int],
    kept: Sequence[int],
    written: Sequence[Written],
    now: Seen | None,
    making: Making,
) -> bytes:
    """The manifest: that of the last build with other entries in it, if that will do."""
    last = len(plan.addresses) - 1
    if now is not None and plan.same and last not in now.altered and len(written) <= _SPLICED:
        rows = {address: row for row, address in enumerate(plan.addresses)} if written else {}
        old = listed(now.left, [rows[each.address] for each in written], plan.addresses)
        content = (making.options.output / MANIFEST).read_bytes()
        if hashlib.sha256(content).digest() == now.left.digest(last):
            found = spliced(content, making.state.site, zip(old, written, strict=True))
            if found is not None:
                return found
    entries = [*written]
    if now is not None:
        standing = [old_rows[row] for row in kept if row != last]
        addresses = making.memory.addresses()
        entries += listed(now.left, standing, addresses)
    return manifest_bytes(entries, making.state.site)
