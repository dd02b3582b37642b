"""A preview session: the site as its sources stand now, and every page of it on demand.

    look → read what changed → assemble if the whole is another → make the page that is asked for

Two paths lead to new bytes. The short one looks only at the files behind the page that somebody
asks for (or that an event names), reads those again and shows them at once. The long one looks at
everything, assembles and plans anew when need be, and is what makes lists, addresses and problems
right. The short one may be wrong for less than a second; the long one always follows.
"""

from __future__ import annotations

import datetime
import threading
import time
import zoneinfo
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from sitegen.build import told_once
from sitegen.engine.reporter import Reporter
from sitegen.engine.workspace import facts_store
from sitegen.outputs.output import Output
from sitegen.preview.facts import DocumentFacts
from sitegen.preview.files import Changes, SourceFiles
from sitegen.preview.framing import FrameKeeper, Framing
from sitegen.preview.showing import Inputs, Page, Shown, made, shown, verdict
from sitegen.preview.staleness import concerns_the_whole, stale_documents
from sitegen.preview.surroundings import Surroundings
from sitegen.problems import Problem, Severity, has_errors, ordered
from sitegen.render.theme import Theme
from sitegen.site import addresses
from sitegen.site.cards import Card
from sitegen.site.files import Files
from sitegen.site.sources import is_document
from sitegen.source.history import History, since_commit

_OTHER_DAYS = 3
"""How many other days are kept assembled."""
_LAST_GOOD = 64
"""How many pages are kept for the case that they can no longer be made."""

Tell = Callable[[tuple[Problem, ...]], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is at an address: the page, the output it is, and the state that it was made in."""

    page: Page
    output: Output
    state: Shown
    found: bool = True
    """False for the page that stands in for an unknown address."""
    stale: bool = False
    """Whether this is the last good page, because the present one cannot be made."""


class Session:
    """One previewed site. All methods may be called from any thread.

    `now` gives the present moment (aware); `tell` is told all problems whenever they change.
    `as_of` fixes the day; without it, it is today in the site's time zone.
    """

    def __init__(
        self,
        root: Path,
        now: Callable[[], datetime.datetime],
        tell: Tell,
        as_of: datetime.date | None = None,
    ) -> None:
        self.root = root
        self.content = root / "content"
        self._now = now
        self._tell = tell
        self._fixed = as_of
        self._files = SourceFiles(self.content, lambda: int(now().timestamp() * 1e9))
        self._frame = FrameKeeper(self._files)
        self._facts = DocumentFacts(self._files)
        self._lock = threading.RLock()
        """Guards files, facts, framing and which state is the present one; held briefly."""
        self._looking = threading.Lock()
        self._making = threading.Lock()
        self._days = threading.Lock()
        self._changed = threading.Condition()
        self._number = 0
        self._framing: Framing | None = None
        self._shown: Shown | None = None
        self._other_days: dict[datetime.date, Shown] = {}
        self._around = Surroundings(root)
        self._dirty = True
        """Whether the site must be assembled anew."""
        self._late: dict[str, bool] = {}
        """Documents that the short path has read since the last assembly began, and whether it
        found them gone."""
        self._last_good: dict[str, Page] = {}
        self._told: tuple[Problem, ...] | None = None
        self._committed: dict[tuple[str, int], str] = {}
        self.on_glance: Callable[[], None] = lambda: None
        """Called when the short path found something, so that somebody calls `refresh` soon."""

    # Looking

    def start(self, jobs: int, reporter: Reporter) -> None:
        """Read everything for the first time, in `jobs` processes. Before any other call."""
        self._look()
        framing = self._framing = self._frame.read()
        settings = framing.settings
        if (settings.max_file_bytes, settings.max_source_bytes) != _LIMITS:
            self._look()
            framing = self._framing = self._frame.read()
        with facts_store(self.root) as store:
            self._facts.read_all(framing, store, jobs, reporter)
        self.refresh()

    def _look(self) -> Changes:
        settings = self._framing.settings if self._framing else None
        limits = (settings.max_file_bytes, settings.max_source_bytes) if settings else _LIMITS
        listing = self._files.listing(*limits)
        with self._lock:
            return self._files.compare(listing)

    def refresh(self, hints: Iterable[str] = ()) -> bool:
        """Look at everything; returns whether anything that is shown changed.

        `hints` are paths (relative to ``content/``) to be looked at first.
        """
        with self._looking:
            before = self._number
            try:
                self._refresh(hints)
            except BaseException:
                self._files.forget()  # whatever was found and not dealt with is found again
                raise
            return self._number != before

    def _refresh(self, hints: Iterable[str]) -> None:
        self._glance(hints)
        changes = self._look()
        with self._lock:
            old, framing = self._framing, self._frame.read()
            assert old is not None
            self._framing = framing
            todo = stale_documents(changes, old, framing, self._facts)
            documents = frozenset(framing.documents)
            removed = [path for path in self._facts.known if path not in documents]
            self._dirty |= concerns_the_whole(changes, old, framing) or bool(removed)
            touched = bool(todo or removed)
        for path in sorted(todo):
            with self._lock:  # let go between documents: pages are asked for meanwhile
                self._dirty |= self._facts.read(path, framing)
        theme = self._around.look(framing)
        self._conclude(framing, theme, removed, touched)

    def _glance(self, paths: Iterable[str]) -> None:
        """The short path: look at some files, and show at once what their documents say now."""
        with self._lock:
            state, framing = self._shown, self._framing
            changes = self._files.look_at(paths)
            if state is None or framing is None or not changes:
                return
            gone = {path for path in changes.removed if path in self._facts.known}
            todo = {path for path in changes.changed if path in self._facts.known}
            todo |= self._facts.wanting(changes.changed)
            self._dirty |= any(not is_document(path) for path in changes.changed) or bool(gone)
            if not todo and not gone:
                return
            for path in sorted(todo):
                self._dirty |= self._facts.read(path, framing)
            self._late |= dict.fromkeys(todo, False) | dict.fromkeys(gone, True)
            self._install(self._patched(state, todo, gone))
        self.on_glance()

    def _patched(self, state: Shown, paths: Iterable[str], gone: Iterable[str] = ()) -> Shown:
        """A state with what some documents say now, and without those that are gone."""
        cards: dict[str, Card] = {}
        for path in paths:
            known, entry = self._facts.known.get(path), state.site.entries.get(path)
            if known and known.card and entry and entry.card != known.card:
                cards[path] = known.card
        return state.with_cards(cards, gone)

    # Assembling

    def _conclude(self, framing: Framing, theme: Theme, removed: list[str], touched: bool) -> None:
        """Show what was found: assemble if need be, and tell the problems."""
        as_of = self.today()
        with self._lock:
            present = self._shown
            around = (as_of, theme, self._around.history)
            if present is None or around != (present.as_of, present.theme, present.inputs.history):
                self._dirty = True
            inputs = self._inputs(framing, frozenset(removed)) if self._dirty else None
            self._dirty = False
            self._late.clear()
        if inputs is None:
            with self._lock:
                assert self._shown is not None
                self._show(self._shown.again() if touched else self._shown)
        else:
            try:
                state = shown(inputs, theme, as_of)
            except BaseException:
                self._dirty = True
                raise
            with self._lock:
                if self._late:  # newer than what was assembled
                    gone = [path for path, is_gone in self._late.items() if is_gone]
                    state = self._patched(state, self._late, gone)
                state.verdict = self._shown.verdict if self._shown else ()
                self._install(state)
                for path in removed:
                    self._facts.drop(path)
            found = verdict(state)
            with self._lock:
                assert self._shown is not None
                self._shown.verdict = found
                self._show(self._shown)
        problems = self._shown.problems if self._shown else ()
        if problems != self._told:
            self._told = problems
            self._tell(problems)

    def _inputs(self, framing: Framing, without: frozenset[str]) -> Inputs:
        facts, files = self._facts, self._files
        sizes = {file.path: file.size for file in files.tree}
        faulty = frozenset(
            problem.where.path.removeprefix("content/")
            for problem in self._before_the_site()
            if problem.severity is Severity.ERROR and problem.where is not None
        )
        return Inputs(
            tuple(card for card in facts.cards() if card.path not in without),
            tuple(card for card in facts.cards_read() if card.path not in without),
            framing,
            Files(sizes, files.sha256, faulty),
            self._around.history,
        )

    def _show(self, state: Shown) -> None:
        """Make a state the present one, if it or its problems differ from what is shown."""
        if state is not self._shown or self._problems(state) != state.problems:
            self._install(replace(state))

    def _problems(self, state: Shown) -> tuple[Problem, ...]:
        """What a build would say, in its order: of a later stage only if those before are well."""
        problems = told_once([*self._before_the_site(), *state.verdict])
        if not has_errors(problems):
            problems += state.plan_problems
        return ordered(problems)

    def _before_the_site(self) -> list[Problem]:
        """What is wrong with settings, kinds, theme, history and documents."""
        framed = self._framing.problems if self._framing else ()
        return [*framed, *self._around.problems, *self._facts.problems()]

    def _install(self, state: Shown) -> None:
        state.problems = self._problems(state)
        self._number += 1
        state.number = self._number
        self._shown = state
        with self._changed:
            self._changed.notify_all()

    def today(self) -> datetime.date:
        """The day as on which the site is shown."""
        if self._fixed is not None:
            return self._fixed
        assert self._framing is not None
        zone = zoneinfo.ZoneInfo(self._framing.settings.timezone)
        return self._now().astimezone(zone).date()

    # Asking

    @property
    def number(self) -> int:
        """The number of the present state."""
        return self._number

    def wait(self, number: int, seconds: float) -> int:
        """Wait until the state is another than `number`, at most so long; returns its number."""
        with self._changed:
            self._changed.wait_for(lambda: self._number != number, seconds)
        return self._number

    def state(self, as_of: datetime.date | None = None) -> Shown:
        """The present state, or the same site on another day."""
        present = self._shown
        assert present is not None, "the session has not started"
        if as_of is None or as_of == present.as_of:
            return present
        with self._days:
            kept = self._other_days.pop(as_of, None)
            if kept is None or kept.number != present.number:
                if kept is None or kept.inputs is not present.inputs:
                    kept = shown(present.inputs, present.theme, as_of)
                    kept.verdict = verdict(kept)
                kept = kept.with_cards(present.patches, present.gone)
                kept.number, kept.problems = present.number, self._problems(kept)
            self._other_days[as_of] = kept
            if len(self._other_days) > _OTHER_DAYS:
                del self._other_days[next(iter(self._other_days))]
        return kept

    def answer(self, address: str, as_of: datetime.date | None = None) -> Answer:
        """What is at an address now; the page for unknown addresses where there is nothing."""
        output = self.state(as_of).output(address)
        if output is not None:
            self._glance(self._behind(output))
        while True:
            state = self.state(as_of)
            try:
                return self._answered(state, address)
            except (KeyError, OSError):  # what it was made from has just gone
                if state is self.state(as_of):
                    raise

    def _answered(self, state: Shown, address: str) -> Answer:
        output = state.output(address)
        found = output is not None
        if output is None:
            address = addresses.NOT_FOUND
            output = state.outputs[address]
        page, stale = self._page(state, address, output)
        return Answer(page, output, state, found, stale)

    def _behind(self, output: Output) -> tuple[str, ...]:
        """The source files that say what one output shows, apart from the site as a whole."""
        known = self._facts.known.get(output.subject)
        if known is None:
            return ()
        if not self._files.is_there(output.subject):
            time.sleep(_A_MOMENT)  # some editors save by moving the old file away first
        return (output.subject, *known.files)

    def _page(self, state: Shown, address: str, output: Output) -> tuple[Page, bool]:
        page = state.pages.get(address)
        if page is None:
            with self._making:
                page = state.pages.get(address)
                if page is None:
                    page = made(state, output, self._facts, self._bytes)
                    if len(state.pages) >= _MOST_KEPT:
                        state.pages.clear()
                    if len(page.content) < _LARGEST_KEPT:
                        state.pages[address] = page
        if not has_errors(page.problems):
            if address.endswith(".html"):
                self._last_good.pop(address, None)
                self._last_good[address] = page
                if len(self._last_good) > _LAST_GOOD:
                    self._last_good.pop(next(iter(self._last_good)), None)
            return page, False
        last = self._last_good.get(address)
        if last is None:
            return page, False
        return Page(last.content, last.copy_of, page.problems, last.version), True

    def _bytes(self, path: str) -> bytes:
        return self._files.tree.read(path)

    def file(self, path: str) -> Path | None:
        """Where a source file that is offered lies, if it really lies in the content folder."""
        tree = self._files.tree
        if path not in tree:
            return None
        place = Path(tree.file(path).place)
        real = place.resolve()
        return real if real.is_relative_to(self.content.resolve()) and real.is_file() else None

    @property
    def history(self) -> History:
        """What git knew at the last look."""
        return self._around.history

    def committed(self, source: str) -> str:
        """Whether a source file, or what belongs to it, is ``new`` or ``edited`` since the last
        commit; '' if neither. `source` is relative to the site's folder.
        """
        key, path = (source, self._number), source.removeprefix("content/")
        if not self.history.present or path == source:
            return ""
        if key not in self._committed:
            self._committed.clear()
            self._committed[key] = since_commit(self.content, path)
        return self._committed[key]

    def close(self) -> None:
        """Give everything back."""
        self._facts.close()


_LIMITS = (50 * 1024 * 1024, 5 * 1024 * 1024)
_A_MOMENT = 0.03
_MOST_KEPT, _LARGEST_KEPT = 128, 512 * 1024
"""Pages of a state that are kept, and the bytes of the largest."""
