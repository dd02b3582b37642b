"""One build: each stage with what is remembered of it, and what is to be remembered at the end."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence

from sitegen.engine.garbage import give_back
from sitegen.engine.pool import Workers
from sitegen.engine.reporter import Reporter
from sitegen.engine.standing import Standing
from sitegen.engine.workspace import Workspace
from sitegen.making.contents import Limits, documents_in, is_of_frame
from sitegen.making.documents import Documents, documents_of
from sitegen.making.facts import Facts
from sitegen.making.frame import Frame, read_frame
from sitegen.making.keeping import Kept, keep
from sitegen.making.memory import Memory
from sitegen.making.options import BuildOptions
from sitegen.making.outcome import Plan
from sitegen.making.plan import plan
from sitegen.making.reading import ground_of
from sitegen.making.remaking import Made, Making, remake
from sitegen.making.scene import Scene, history_key, look_at_content
from sitegen.making.sitestate import SiteState
from sitegen.problems import Location, Problem, Severity, has_errors
from sitegen.render.theme import Theme, load_theme
from sitegen.site.files import Files
from sitegen.site.sources import is_document
from sitegen.source.history import History, read_history
from sitegen.source.tree import Tree

Found = tuple[Problem, ...]
_LARGE = 20_000
"""Up to so many documents, a site of objects needs little memory, and decoding takes longer."""


class Session:
    """The stages of one build. What is the same as at the last build is taken from memory."""

    def __init__(
        self,
        options: BuildOptions,
        memory: Memory,
        scene: Scene,
        standing: Standing | None,
        space: Workspace,
        workers: Workers,
        reporter: Reporter,
        same_choices: bool,
    ) -> None:
        self._options = options
        self._memory = memory
        self._scene = scene
        self._standing = standing
        self._space = space
        self._workers = workers
        self._reporter = reporter
        self._same_choices = same_choices
        self._content = scene.content
        self._changed = scene.content.changed()
        self._same_frame = False
        self._same_facts = False
        self._same_documents = False
        self._same_site = False
        self._same_theme = False
        self._light = False
        self._frame_found: Found = ()
        self._theme_found: Found = ()
        self._history: tuple[History, Found] | None = None
        self._documents: Documents | None = None

    # Everything that documents are read against

    def frame(self) -> tuple[Frame, Found]:
        """Settings, kinds, calendar and columns."""
        content, base_url = self._content, self._options.base_url
        if self._changed is not None and not any(map(is_of_frame, self._changed)):
            ground = self._memory.ground()
            if ground.base_url == base_url:
                self._same_frame = True
                self._frame_found = ground.problems
                frame = Frame(
                    content.tree, ground.settings, ground.kinds, ground.calendar, ground.columns,
                    ground.marks, documents_in(content.tree),
                )  # fmt: skip
                return frame, (*content.found, *ground.problems)

        def look(limits: Limits) -> tuple[Tree, Found]:
            if limits != self._content.limits:
                scene, root = self._scene, self._options.root
                scene.content = look_at_content(root, self._memory, scene.moment, limits)
                self._content, self._changed = scene.content, None
            return self._content.tree, self._content.found

        frame, found = read_frame(self._options.root, base_url, look)
        known = frozenset(self._content.found)
        self._frame_found = tuple(each for each in found if each not in known)
        return frame, found

    def theme(self, frame: Frame) -> tuple[Theme, Found]:
        """The theme that the settings name."""
        settings = frame.settings
        chosen = Location("content/site.yaml", *frame.marks.get("theme", ()))
        folder = self._options.root / "themes"
        theme, self._theme_found = load_theme(folder, settings.theme, settings.language, chosen)
        self._same_theme = self._same_frame and self._scene.same_themes
        return theme, self._theme_found

    # All documents

    def documents(self, frame: Frame) -> tuple[Facts, Found]:
        """A fact of every document that could be read, by path."""
        memory, digests = self._memory, self._content.digests
        store = packs = self._space.facts
        if self._space.lasting:
            store.mkdir(parents=True, exist_ok=True)
        else:
            packs = self._space.packs
        ground = ground_of(
            frame.kinds, frame.calendar, frame.default_kinds, frame.settings.language, memory.code
        )

        def doubtful(known: Facts) -> Sequence[str]:
            head = memory.head
            self._same_facts = (
                self._same_frame and head is not None and head.facts == known.identity
            )
            if not self._same_facts or self._changed is None:
                return frame.documents
            # The facts are those that the last build left: only what came after can differ.
            return sorted({*filter(is_document, self._changed), *known.askers(self._changed)})

        found = self._documents = documents_of(
            frame.documents, frame.tree, ground, digests.digest, store, packs,
            cached=memory.cached, workers=self._workers, reporter=self._reporter,
            doubtful=doubtful,
        )  # fmt: skip
        digests.take({path: found.facts[path].digest for path in found.read})
        self._same_documents = self._same_facts and found.facts.same_cards(found.known)
        return found.facts, found.problems

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
                look=self._scene.repository(),
            )
        return self._history

    def site(
        self,
        frame: Frame,
        facts: Facts,
        history: History,
        as_of: datetime.date,
        problems: Sequence[Problem],
    ) -> tuple[SiteState, Found]:
        """The site on the day `as_of`; `problems` are those that were found so far."""
        options, head = self._options, self._memory.head
        self._content.digests.fill()
        self._same_site = (
            self._same_choices
            and self._same_documents
            and all(map(is_document, self._changed or ()))
            and head is not None
            and head.history == self._history_key(frame) != ""
            and not has_errors(problems)
        )
        if self._same_site:
            state = self._memory.site()
            return state, state.problems
        from sitegen.site.assemble import assemble  # late: an edit of a text needs none of it

        assert self._documents is not None
        cards = facts.cards()
        facts.put_cards_away(self._documents.folders[0])
        site, found = assemble(
            cards,
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
        del cards
        return SiteState.of(site, found), found

    # Every output

    def outputs(self, state: SiteState, theme: Theme) -> tuple[Plan, Found]:
        """Every output that the site has."""
        if self._same_site and self._same_theme:
            return Plan(self._memory), ()
        outputs, found = plan(state.site, theme)
        return Plan(self._memory, outputs), found

    def lightened(self, state: SiteState, theme: Theme) -> SiteState:
        """The site as bytes where it is large and all outputs will be made: before workers are
        begun, each of which would copy what it looks at."""
        self._light = self._memory.head is None and len(state.entries) > _LARGE
        if self._light:
            theme.kept = None  # views of the site as it was
            return state.light()
        return state

    def make(
        self, planned: Plan, frame: Frame, state: SiteState, theme: Theme
    ) -> tuple[Made, Found]:
        """Make the outputs that are not there already as they must be, and the manifest."""
        assert self._documents is not None
        if self._light:
            give_back()
            state.settle()
            give_back()
        making = Making(
            self._memory, self._scene, self._space, self._standing, self._options, self._workers,
            self._reporter, self._documents, frame.tree, state, theme, self._same_site,
            self._same_theme,
        )  # fmt: skip
        return remake(planned, making)

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
        assert self._documents is not None
        facts = self._documents.keep(self._space.facts)
        if self._scene.is_still_so():  # else what was read may be of two moments
            assert self._history is not None
            same = (self._same_frame, self._same_site, self._same_theme)
            history = self._history_key(frame)
            kept = Kept(
                self._memory, self._scene, self._space, self._options, frame, state, theme, facts,
                choices, history, self._history, problems, self._frame_found, self._theme_found,
                *same,
            )  # fmt: skip
            keep(made, kept)

    def _history_key(self, frame: Frame) -> str:
        if self._options.release:  # then what is not committed counts, too
            return ""
        return history_key(self._scene.repository(), frame.settings.timezone)

    def _files(self, problems: Iterable[Problem]) -> Files:
        faulty = frozenset(
            problem.where.path.removeprefix("content/")
            for problem in problems
            if problem.severity is Severity.ERROR and problem.where is not None
        )
        sizes: Mapping[str, int] = {file.path: file.size for file in self._content.tree}
        return Files(sizes, self._content.digests, faulty)
