"""One build: each stage with what is remembered of it, and what is to be remembered at the end."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from sitegen.engine.commit import MANIFEST, Written, record_bytes
from sitegen.engine.pool import Workers
from sitegen.engine.recorder import Trace
from sitegen.engine.reporter import Reporter
from sitegen.engine.sources import FileDigests
from sitegen.engine.stamps import moment_in, stamp_at
from sitegen.engine.traces import Broken, stale
from sitegen.engine.values import digest_of, packed
from sitegen.engine.workspace import Workspace
from sitegen.making.comparing import (
    changed_documents,
    changed_files,
    changed_in_site,
    changed_in_theme,
    theme_face,
)
from sitegen.making.contents import documents_in, has_own_limits
from sitegen.making.documents import Documents, documents_of
from sitegen.making.faces import Faces
from sitegen.making.facts import Fact, card_in, problems_in
from sitegen.making.frame import Frame, read_frame
from sitegen.making.idle import outputs_as_left
from sitegen.making.memory import (
    ALTERED,
    CHANGED,
    FORMAT,
    LISTED,
    NEW,
    OTHER,
    Binder,
    Book,
    Head,
    Memory,
    Reason,
    Row,
)
from sitegen.making.options import BuildOptions
from sitegen.making.plan import plan
from sitegen.making.produce import MakeContext, MakeResult, produce, stage
from sitegen.making.reading import ground_of
from sitegen.making.scene import Scene, content_digests, history_key
from sitegen.making.sitestate import Ground, SiteState
from sitegen.outputs.manifest import manifest_bytes
from sitegen.outputs.output import Output
from sitegen.problems import Location, Problem, Severity, has_errors
from sitegen.render.theme import Theme, load_theme
from sitegen.site.assemble import assemble
from sitegen.site.files import Files
from sitegen.site.sources import is_document
from sitegen.source.history import History, read_history

Found = tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """The outputs of a build: those that were made, staged, and those that stand as they must."""

    written: tuple[Written, ...]
    kept: tuple[str, ...]
    rows: Mapping[str, Row]
    """Of the kept ones, as they were left."""
    result: MakeResult
    reasons: Mapping[str, Reason]
    book: Book | None
    outputs: Mapping[str, Output]


class Session:
    """The stages of one build."""

    def __init__(
        self,
        options: BuildOptions,
        memory: Memory,
        scene: Scene,
        space: Workspace,
        workers: Workers,
        reporter: Reporter,
    ) -> None:
        self._options = options
        self._memory = memory
        self._scene = scene
        self._space = space
        self._workers = workers
        self._reporter = reporter
        self._keys = memory.keys() if memory.head else None
        self._own_limits = False
        self._content = scene.content
        self._tree = scene.tree
        self._frame_key = digest_of(memory.code, options.base_url, scene.frame_key())
        self._theme_key = b""
        self._theme_files = scene.themes_key() or b""
        self._theme_found: Found = ()
        self._site_key = b""
        self._frame_found: Found = ()
        self._history: tuple[History, Found] | None = None
        self._documents: Documents | None = None

    # Everything that documents are read against

    def frame(self) -> tuple[Frame, Found]:
        """Settings, kinds, calendar and columns."""
        scene = self._scene
        if self._keys and self._keys.ground == self._frame_key:
            ground = self._memory.ground()
            if not has_own_limits(ground.settings):
                self._frame_found = ground.problems
                frame = Frame(
                    scene.tree, ground.settings, ground.kinds, ground.calendar, ground.columns,
                    ground.marks, documents_in(scene.tree),
                )  # fmt: skip
                return frame, (*scene.found, *ground.problems)
        frame, found = read_frame(
            self._options.root, self._options.base_url, (scene.tree, scene.found)
        )
        if frame.tree is not scene.tree:  # scanned again, with limits of the site's own
            self._own_limits = True
            self._tree = frame.tree
            self._content = content_digests(frame.tree, self._memory.head, scene.moment)
        self._frame_found = tuple(each for each in found if each not in frozenset(scene.found))
        return frame, found

    def theme(self, frame: Frame) -> tuple[Theme, Found]:
        """The theme that the settings name."""
        settings = frame.settings
        chosen = Location("content/site.yaml", *frame.marks.get("theme", ()))
        folder = self._options.root / "themes"
        theme, self._theme_found = load_theme(folder, settings.theme, settings.language, chosen)
        return theme, self._theme_found

    # All documents

    def documents(self, frame: Frame) -> tuple[Mapping[str, Fact], Found]:
        """A fact of every document that could be read, by path."""
        store, packs = self._space.facts, self._space.packs
        if self._space.lasting:
            store.mkdir(parents=True, exist_ok=True)
            packs = store
        ground = ground_of(
            frame.kinds, frame.calendar, frame.default_kinds, frame.settings.language,
            self._memory.code,
        )  # fmt: skip
        self._documents = documents_of(
            frame.documents, frame.tree, ground, self._content, store, packs,
            cached=self._memory.cached, workers=self._workers, reporter=self._reporter,
        )  # fmt: skip
        self._content.take(self._documents.digests)
        return self._documents.facts, self._documents.problems

    # One Site

    def history(self, frame: Frame) -> tuple[History, Found]:
        """What git knows of the content."""
        key = self._history_key(frame)
        head = self._memory.head
        if key and head and head.history == key:
            self._history = self._memory.history()
        else:
            self._history = read_history(
                self._options.root / "content",
                frame.settings.timezone,
                uncommitted=self._options.release,
                look=self._scene.repository,
            )
        return self._history

    def site(
        self,
        frame: Frame,
        facts: Mapping[str, Fact],
        history: History,
        as_of: datetime.date,
        problems: Sequence[Problem],
    ) -> tuple[SiteState, Found]:
        """The site on the day `as_of`; `problems` are those that were found so far."""
        others = [
            (file.path, "" if is_document(file.path) else self._content(file.path))
            for file in frame.tree
        ]
        cards = [(path, fact.card and digest_of(fact.card)) for path, fact in facts.items()]
        options = self._options
        self._site_key = digest_of(
            self._frame_key, as_of, options.drafts, options.release, others, cards,
            self._history_key(frame) or digest_of(history),
        )  # fmt: skip
        if self._keys and self._keys.site == self._site_key and not has_errors(problems):
            state = self._memory.site()
            return state, state.problems
        site, found = assemble(
            [card_in(fact.card) for fact in facts.values() if fact.card is not None],
            frame.columns,
            frame.settings,
            frame.kinds,
            self._files(problems),
            as_of=as_of,
            history=history,
            calendar=frame.calendar,
            drafts=options.drafts,
            release=options.release,
            settings_marks=frame.marks,
        )
        return SiteState.of(site, found), found

    # Every output

    def outputs(self, state: SiteState, theme: Theme) -> tuple[tuple[Output, ...], Found]:
        """Every output that the site has."""
        self._theme_key = theme.digest.encode()
        return plan(state.site, theme)

    def make(
        self, outputs: Sequence[Output], frame: Frame, state: SiteState, theme: Theme
    ) -> tuple[Made, Found]:
        """Make the outputs that are not there already as they must be, and the manifest."""
        rows = self._memory.rows() if self._memory.head else {}
        book = self._memory.book(rows.values()) if self._memory.head else None
        moment = moment_in(self._space.staged)
        left = outputs_as_left(rows.values(), self._options.output, moment)
        broken = self._broken(book, state, theme) if book else {}
        reasons: dict[str, Reason] = {}
        kept: dict[str, Row] = {}
        for output in outputs:
            reason = _reason(output, rows, broken, left)
            if reason is None:
                kept[output.address] = rows[output.address]
            else:
                reasons[output.address] = reason
        documents = self._documents
        assert documents is not None
        places = {path: fact.place for path, fact in documents.facts.items() if fact.place}
        making = MakeContext(
            state.site, theme, frame.tree, documents.folders, places, self._space.staged
        )
        wanted = [output for output in outputs if output.address in reasons]
        result = produce(wanted, making, self._workers, self._reporter)
        problems = [each for made in result.made for each in made.problems]
        problems += (
            each for row in kept.values() if row.problems for each in problems_in(row.problems)
        )
        written = [made.written for made in result.made]
        listed = [(row.address, row.size, row.sha256) for row in kept.values()]
        content = manifest_bytes([*listed, *written], state.site)
        manifest = stage(self._space.staged, MANIFEST, content)
        row = rows.get(MANIFEST)
        if row and row.sha256 == manifest.sha256 and left(MANIFEST) == row.sha256:
            kept[MANIFEST] = row
            (self._space.staged / MANIFEST).unlink()
        else:
            written.append(manifest)
            reasons[MANIFEST] = Reason(LISTED)
        now = {address: _restamped(row, left, moment) for address, row in kept.items()}
        planned = {output.address: output for output in outputs}
        made = Made(
            tuple(written), tuple(kept), now, result, reasons, book,
            {**planned, MANIFEST: Output(MANIFEST, "manifest")},
        )  # fmt: skip
        return made, tuple(problems)

    def _broken(
        self, book: Book, state: SiteState, theme: Theme
    ) -> Mapping[str, tuple[Broken, ...]]:
        keys = self._keys
        head = self._memory.head
        assert keys is not None
        assert head is not None
        subjects = book.subjects()
        changed: dict[str, int] = {}
        if keys.site != self._site_key:
            changed |= changed_in_site(subjects, self._memory.site(), state, book.answers)
        if keys.theme != self._theme_key:
            changed |= changed_in_theme(book.theme, theme)
        changed |= changed_documents(subjects, book.faces, self._faces())
        before = {row.path: row.digest for row in head.sources}
        changed |= changed_files(subjects, before, self._content)
        return stale(book.traces, changed, book.groups)

    # What is remembered

    def keep_facts(self) -> None:
        """Keep what was read; nobody need read it again once the rest is mended."""
        if self._space.lasting and self._documents is not None:
            self._documents.keep(self._space.facts)

    def keep(
        self,
        made: Made,
        frame: Frame,
        state: SiteState,
        theme: Theme,
        choices: bytes,
        problems: Found,
    ) -> None:
        """Remember this build, whose outputs have just been put in place."""
        if not self._space.lasting:
            return
        self.keep_facts()
        scene = self._scene
        if self._own_limits or not scene.is_still_so():
            return  # what was read may be of two moments: the next build finds out
        binder = Binder()
        rows = self._new_rows(made, binder)
        groups = {**(made.book.groups if made.book else {}), **made.result.groups}
        answers = {**(made.book.answers if made.book else {}), **made.result.answers}
        binder.close(groups)
        theme_now = theme_face(theme, binder.subjects)
        head = Head(
            FORMAT, self._memory.code, choices, frame.settings.timezone, self._content.rows(),
            scene.themes.rows(), scene.found, self._history_key(frame), problems,
            len(state.site.entries), len(rows), state.site.left_out, _sha256(record_bytes(rows)),
        )  # fmt: skip
        ground = Ground(
            frame.settings, frame.kinds, frame.calendar, frame.columns, dict(frame.marks),
            self._frame_found,
        )  # fmt: skip
        keys = (self._frame_key, self._site_key, self._theme_files, self._theme_key)
        sections: dict[str, bytes | None] = {
            "keys": packed(keys),
            "ground": packed(ground),
            "theme": packed(self._theme_found),
            "history": packed(self._history),
            **state.sections(),
            "outputs": packed(list(rows.values())),
            "book": binder.packed(answers, theme_now, self._faces()),
            "reasons": packed(made.reasons),
            "head": packed(head),
        }
        self._memory.ledger.save(sections)

    def _new_rows(self, made: Made, binder: Binder) -> dict[str, Row]:
        folder = str(self._options.output)
        moment = moment_in(self._space.staged)
        traces: dict[str, Trace] = {each.written.address: each.trace for each in made.result.made}
        problems = {each.written.address: each.problems for each in made.result.made}
        fresh = {file.address: file for file in made.written}
        old = made.book.traces if made.book else {}
        rows: dict[str, Row] = {}
        for address, output in made.outputs.items():
            row = made.rows.get(address)
            if row is not None:
                place = binder.place(old[address])
                rows[address] = replace(row, trace=place)
                continue
            file = fresh[address]
            stamp = stamp_at(f"{folder}/{address}")
            found = problems.get(address, ())
            rows[address] = Row(
                address, output.producer, output.subject, output.part, file.size, file.sha256,
                stamp, stamp.settled(moment), packed(found) if found else b"",
                binder.place(traces.get(address, {})),
            )  # fmt: skip
        return rows

    def _faces(self) -> dict[str, Faces]:
        facts = self._documents.facts if self._documents else {}
        return {path: fact.faces for path, fact in facts.items() if fact.faces}

    def _history_key(self, frame: Frame) -> str:
        if self._options.release:  # then what is not committed counts, too
            return ""
        return history_key(self._scene.repository, frame.settings.timezone)

    def _files(self, problems: Iterable[Problem]) -> Files:
        faulty = frozenset(
            problem.where.path.removeprefix("content/")
            for problem in problems
            if problem.severity is Severity.ERROR and problem.where is not None
        )
        return Files({file.path: file.size for file in self._tree}, self._content, faulty)


def _reason(
    output: Output,
    rows: Mapping[str, Row],
    broken: Mapping[str, tuple[Broken, ...]],
    left: FileDigests,
) -> Reason | None:
    """Why an output must be made; None if it stands as it must."""
    row = rows.get(output.address)
    if row is None:
        return Reason(NEW)
    if not row.stands_for(output):
        return Reason(OTHER)
    if output.address in broken:
        return Reason(CHANGED, broken[output.address])
    if left(output.address) != row.sha256:
        return Reason(ALTERED)
    return None


def _restamped(row: Row, left: FileDigests, moment: int) -> Row:
    stamp = left.files[row.address][1]
    return replace(row, stamp=stamp, settled=stamp.settled(moment))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
