"""Build: from a site's folder to its output. This module is the table of contents of the program.

    look → scan → settings, kinds, calendar, columns → read → assemble → plan → produce → commit

Every stage gives its value and its problems. Errors are collected over all that can still be
examined; the output folder is touched only by the last stage, and only when there are none. Each
stage reuses what an earlier build made, where that is provably the same; what a build gives never
depends on it.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass

from sitegen import codes
from sitegen.engine import codes as engine_codes
from sitegen.engine.commit import Committed, commit
from sitegen.engine.garbage import little_garbage
from sitegen.engine.pool import NoWorkersError, WorkerDiedError, Workers
from sitegen.engine.reporter import Reporter
from sitegen.engine.stamps import moment_in
from sitegen.engine.standing import Standing
from sitegen.engine.store import DamagedError
from sitegen.engine.values import digest_of
from sitegen.engine.workspace import BusyError, Workspace, workspace
from sitegen.making.crew import crew
from sitegen.making.memory import Memory, recall
from sitegen.making.options import BuildOptions as BuildOptions
from sitegen.making.scene import look_around
from sitegen.problems import Location, Problem, Severity, has_errors, ordered, told
from sitegen.site.leftout import LeftOut

DONE, CONTENT_ERRORS, WRONG_SETTINGS, FAILED = 0, 1, 2, 3
"""The exit statuses of a build."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What became of it. `committed` is None when nothing was written."""

    status: int
    problems: tuple[Problem, ...]
    documents: int = 0
    left_out: tuple[LeftOut, ...] = ()
    committed: Committed | None = None


def build(options: BuildOptions, now: datetime.datetime, reporter: Reporter) -> BuildResult:
    """Build the site. `now` (aware) only says which day it is, unless ``options.as_of`` does.

    Raises OSError when the disk fails; the output folder then still holds whole files.
    """
    if problem := _misplaced(options):
        return BuildResult(WRONG_SETTINGS, (problem,))
    try:
        with (
            little_garbage(),
            workspace(options.root, options.output) as space,
            crew(options, space) as workers,
        ):
            try:
                return _build(options, now, reporter, space, workers, options.cache)
            except DamagedError:  # what was kept is damaged: then without it
                space.clear()
                return _build(options, now, reporter, space, workers, cached=False)
    except NoWorkersError as error:
        return BuildResult(FAILED, error.problems)
    except DamagedError:
        return BuildResult(FAILED, (engine_codes.NOT_READ_BACK.at(None),))
    except BusyError:
        busy = engine_codes.BUSY.at(Location(options.root.name or str(options.root)))
        return BuildResult(FAILED, (busy,))


def _build(
    options: BuildOptions,
    now: datetime.datetime,
    reporter: Reporter,
    space: Workspace,
    workers: Workers,
    cached: bool,
) -> BuildResult:
    moment = moment_in(space.record.parent)
    memory = recall(space.ledger, moment, cached)
    # Whether somebody altered the outputs takes longest to find out, so that is begun first.
    standing = None
    if memory.head:
        standing = Standing(str(options.output), memory.addresses(), alone=options.jobs < 2)
    try:
        return _from_scene(options, now, reporter, space, workers, memory, standing, moment)
    finally:
        if standing is not None:
            standing.forget()


def _from_scene(
    options: BuildOptions,
    now: datetime.datetime,
    reporter: Reporter,
    space: Workspace,
    workers: Workers,
    memory: Memory,
    standing: Standing | None,
    moment: int,
) -> BuildResult:
    scene = look_around(options.root, memory, moment)

    def choices(timezone: str) -> bytes:
        as_of = options.as_of or now.astimezone(zoneinfo.ZoneInfo(timezone)).date()
        return digest_of(as_of, options.drafts, options.release, options.base_url)

    # Nothing is different: then nothing more is read, not even the program.
    head = memory.head
    same_choices = head is not None and head.choices == choices(head.timezone)
    if head and standing and same_choices and not options.release:
        from sitegen.making.idle import nothing_differs

        if nothing_differs(memory, scene, standing, space):
            done = Committed(0, len(memory.addresses()), 0)
            return BuildResult(DONE, memory.problems(), head.documents, memory.left_out(), done)

    from sitegen.making.session import Session

    session = Session(options, memory, scene, standing, space, workers, reporter, same_choices)
    problems: list[Problem] = []

    # Everything that documents are read against.
    frame = told(session.frame(), problems)
    as_of = options.as_of or now.astimezone(zoneinfo.ZoneInfo(frame.settings.timezone)).date()
    theme = told(session.theme(frame), problems)

    # All documents: cards in memory, the rest on disk.
    documents = told(session.documents(frame), problems)

    # One Site, on one day.
    reporter.stage("assemble", 1)
    history = told(session.history(frame), problems)
    state = told(session.site(frame, documents, history, as_of, problems), problems)
    if has_errors(problems):
        session.keep_facts()
        return _refused(told_once(problems), state.site.left_out, len(frame.documents))

    # Every output that it has; those whose making saw nothing that differs are there already.
    outputs = told(session.outputs(state, theme), problems)
    state = session.lightened(state, theme)
    site = state.site
    try:
        made = told(session.make(outputs, frame, state, theme), problems)
    except WorkerDiedError:
        return BuildResult(FAILED, ordered([*problems, engine_codes.MAKER_DIED.at(None)]))
    if has_errors(problems):
        session.keep_facts()
        return _refused(problems, site.left_out, len(frame.documents))

    # The last stage, and the only one that touches the output.
    committed, blocked = commit(
        space.staged, made.written, options.output, space.record, reporter, made.kept, made.known
    )
    if committed is None:
        every = ordered([*problems, *blocked])
        return BuildResult(CONTENT_ERRORS, every, len(site.entries), site.left_out)
    result = BuildResult(DONE, ordered(problems), len(site.entries), site.left_out, committed)
    session.keep(made, frame, state, theme, choices(frame.settings.timezone), result.problems)
    return result


def _misplaced(options: BuildOptions) -> Problem | None:
    """Why the output cannot go there, or the site is none."""
    root, output = options.root.resolve(), options.output.resolve()
    if not (root / "content").is_dir():
        return codes.NO_CONTENT.at(Location(str(options.root)), folder=options.root)
    sources = (root / "content", root / "themes")
    if (
        output == root
        or output in root.parents
        or any(output == source or source in output.parents for source in sources)
    ):
        where = Location(str(options.output))
        return engine_codes.OUTPUT_INSIDE.at(where, folder=options.output)
    return None


def told_once(problems: Sequence[Problem]) -> list[Problem]:
    """Of a line that could not be understood only that: what else seems wrong there follows."""
    lines = {
        (problem.where.path, problem.where.line)
        for problem in problems
        if problem.code.startswith("S") and problem.severity is Severity.ERROR
        if problem.where is not None and problem.where.line
    }
    return [
        problem
        for problem in problems
        if problem.where is None
        or problem.code.startswith("S")
        or (problem.where.path, problem.where.line) not in lines
    ]


def _refused(
    problems: Sequence[Problem], left_out: tuple[LeftOut, ...], documents: int
) -> BuildResult:
    return BuildResult(CONTENT_ERRORS, ordered(problems), documents, left_out)
