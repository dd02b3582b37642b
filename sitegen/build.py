"""Build: from a site's folder to its output. This module is the table of contents of the program.

    scan → settings, kinds, calendar, columns → read → assemble → plan → produce → commit

Every stage gives its value and its problems. Errors are collected over all that can still be
examined; the output folder is touched only by the last stage, and only when there are none.
"""

from __future__ import annotations

import datetime
import hashlib
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sitegen import codes
from sitegen.config import Settings
from sitegen.engine import codes as engine_codes
from sitegen.engine.commit import MANIFEST, Committed, commit
from sitegen.engine.pool import WorkerDiedError
from sitegen.engine.reporter import Reporter
from sitegen.engine.workspace import BusyError, Workspace, workspace
from sitegen.kinds.kind import Kinds
from sitegen.problems import Location, Problem, Severity, has_errors, ordered
from sitegen.site.cards import ColumnCard
from sitegen.site.files import Files
from sitegen.site.site import LeftOut
from sitegen.site.sources import column_folder, is_document
from sitegen.source.calendar import Calendar, load_calendar
from sitegen.source.tree import Tree, scan

DONE, CONTENT_ERRORS, WRONG_SETTINGS, FAILED = 0, 1, 2, 3
"""The exit statuses of a build."""

_SITE_FILE = "site.yaml"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What the caller chose. Without `as_of` the site is built as on today's date in its zone."""

    root: Path
    output: Path
    as_of: datetime.date | None = None
    drafts: bool = False
    release: bool = False
    base_url: str | None = None
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What became of it. `committed` is None when nothing was written."""

    status: int
    problems: tuple[Problem, ...]
    documents: int = 0
    left_out: tuple[LeftOut, ...] = ()
    committed: Committed | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What is known of a site before any document is read."""

    tree: Tree
    settings: Settings
    kinds: Kinds
    calendar: Calendar
    columns: tuple[ColumnCard, ...]
    marks: Mapping[str, tuple[int, int]]
    """Where the settings stand in ``site.yaml``."""
    documents: tuple[str, ...]
    """Source paths of the documents, relative to ``content/``."""


def build(options: BuildOptions, now: datetime.datetime, reporter: Reporter) -> BuildResult:
    """Build the site. `now` (aware) only says which day it is, unless ``options.as_of`` does.

    Raises OSError when the disk fails; the output folder then still holds whole files.
    """
    if problem := _misplaced(options):
        return BuildResult(WRONG_SETTINGS, (problem,))
    try:
        with workspace(options.root, options.output) as space:
            return _build(options, now, reporter, space)
    except BusyError:
        busy = engine_codes.BUSY.at(Location(options.root.name or str(options.root)))
        return BuildResult(FAILED, (busy,))


def _build(
    options: BuildOptions, now: datetime.datetime, reporter: Reporter, space: Workspace
) -> BuildResult:
    # Imported here, so that a wrong command line or a missing folder is told at once.
    from sitegen.making.plan import plan
    from sitegen.making.produce import MakeContext, produce, stage
    from sitegen.making.reading import ReadContext, read_documents
    from sitegen.outputs.manifest import manifest_bytes
    from sitegen.render.theme import load_theme
    from sitegen.site.assemble import assemble
    from sitegen.source.history import read_history

    problems: list[Problem] = []

    # Everything that documents are read against.
    frame = _told(read_frame(options.root, options.base_url), problems)
    zone = zoneinfo.ZoneInfo(frame.settings.timezone)
    as_of = options.as_of or now.astimezone(zone).date()
    chosen = Location(f"content/{_SITE_FILE}", *frame.marks.get("theme", ()))
    settings = frame.settings
    theme = _told(
        load_theme(options.root / "themes", settings.theme, settings.language, chosen), problems
    )

    # All documents: cards in memory, the rest on disk.
    defaults = {column.path: column.kind for column in frame.columns if column.kind}
    context = ReadContext(
        frame.tree, frame.kinds, frame.calendar, defaults, frame.settings.language, space.packs
    )
    documents = read_documents(frame.documents, context, options.jobs, reporter)
    problems += documents.problems

    # One Site, on one day.
    reporter.stage("assemble", 1)
    content = options.root / "content"
    history = _told(
        read_history(content, frame.settings.timezone, uncommitted=options.release), problems
    )
    site = _told(
        assemble(
            documents.cards,
            frame.columns,
            frame.settings,
            frame.kinds,
            _files(frame.tree, problems),
            as_of=as_of,
            history=history,
            calendar=frame.calendar,
            drafts=options.drafts,
            release=options.release,
            settings_marks=frame.marks,
        ),
        problems,
    )
    if has_errors(problems):
        return _refused(_told_once(problems), site.left_out, len(frame.documents))

    # Every output that it has.
    outputs = _told(plan(site, theme), problems)
    making = MakeContext(site, theme, frame.tree, space.packs, documents.places, space.staged)
    try:
        made = produce(outputs, making, options.jobs, reporter)
    except WorkerDiedError:
        return BuildResult(FAILED, ordered([*problems, engine_codes.MAKER_DIED.at(None)]))
    problems += made.problems
    if has_errors(problems):
        return _refused(problems, site.left_out, len(frame.documents))

    # The last stage, and the only one that touches the output.
    listed = [(file.address, file.size, file.sha256) for file in made.written]
    manifest = stage(space.staged, MANIFEST, manifest_bytes(listed, site))
    committed, blocked = commit(
        space.staged, (*made.written, manifest), options.output, space.record, reporter
    )
    status = DONE if committed else CONTENT_ERRORS
    problems += blocked
    return BuildResult(status, ordered(problems), len(site.entries), site.left_out, committed)


def read_frame(root: Path, base_url: str | None = None) -> tuple[Frame, tuple[Problem, ...]]:
    """Settings, kinds, calendar and columns of the site in `root`, and which documents it has."""
    from sitegen.kinds.loading import load_kinds
    from sitegen.kinds.reading import read_mapping
    from sitegen.site.settings import column_of, settings_of

    content = root / "content"
    problems: list[Problem] = []
    limits = Settings(name="")
    tree = _told(scan(content, limits.max_file_bytes, limits.max_source_bytes), problems)
    kinds = _told(load_kinds(_files_in(tree, "kinds/")), problems)

    settings, marks = limits, {}
    if _SITE_FILE in tree:
        read = _told(read_mapping(_SITE_FILE, tree.read(_SITE_FILE), kinds.site), problems)
        values = {**read.fields, **({"base_url": base_url} if base_url else {})} if read else {}
        marks = dict(read.marks) if read else {}
        settings = _told(settings_of(values, marks), problems)
    elif content.is_dir():
        problems.append(codes.NO_SITE_FILE.at(Location(f"content/{_SITE_FILE}")))

    if settings.max_file_bytes != limits.max_file_bytes or (
        settings.max_source_bytes != limits.max_source_bytes
    ):
        tree, again = scan(content, settings.max_file_bytes, settings.max_source_bytes)
        problems = [problem for problem in problems if problem not in again] + list(again)

    calendar = _told(load_calendar(_files_in(tree, "calendar/", "content/")), problems)
    calendar = calendar.with_extra(settings.extra_holidays, settings.extra_workdays)

    columns = []
    for file in tree:
        folder = column_folder(file.path)
        if folder is not None:
            read = _told(read_mapping(file.path, tree.read(file.path), kinds.column), problems)
            columns.append(column_of(folder, *((read.fields, read.marks) if read else ({},))))
    documents = tuple(file.path for file in tree if is_document(file.path))
    frame = Frame(tree, settings, kinds, calendar, tuple(columns), marks, documents)
    return frame, tuple(problems)


def site_kinds(root: Path) -> tuple[Kinds, tuple[Problem, ...]]:
    """The kinds of the site in `root`, or the built-in ones where there is no site."""
    from sitegen.kinds.loading import load_kinds

    content = root / "content"
    if not content.is_dir():
        return load_kinds(())
    limits = Settings(name="")
    tree, _ = scan(content, limits.max_file_bytes, limits.max_source_bytes)
    return load_kinds(_files_in(tree, "kinds/"))


def _files_in(tree: Tree, folder: str, above: str = "") -> Sequence[tuple[str, bytes]]:
    return [
        (above + file.path, tree.read(file.path))
        for file in tree
        if file.path.startswith(folder) and file.path.endswith(".yaml")
    ]


def _files(tree: Tree, problems: Iterable[Problem]) -> Files:
    def digest(path: str) -> str:
        with tree.file(path).disk.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    faulty = frozenset(
        problem.where.path.removeprefix("content/")
        for problem in problems
        if problem.severity is Severity.ERROR and problem.where is not None
    )
    return Files({file.path: file.size for file in tree}, digest, faulty)


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


def _told_once(problems: Sequence[Problem]) -> list[Problem]:
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


def _told(outcome: tuple[Value, Sequence[Problem]], problems: list[Problem]) -> Value:
    """The value of a stage; its problems join the others."""
    value, found = outcome
    problems += found
    return value
