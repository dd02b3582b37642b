"""One state of the previewed site, and the bytes of its pages, each made when it is asked for."""

from __future__ import annotations

import bisect
import datetime
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from msgspec import structs

from sitegen.making.plan import plan, producer
from sitegen.outputs.output import Output, Workshop
from sitegen.preview.framing import Framing
from sitegen.problems import Problem, has_errors, ordered
from sitegen.render.page import Facts
from sitegen.render.theme import Theme
from sitegen.site.assemble import assemble
from sitegen.site.cards import Card
from sitegen.site.files import Files
from sitegen.site.lifecycle import CLOSED, DRAFT, PUBLISHED, SCHEDULED, State, state_of
from sitegen.site.site import Site
from sitegen.source.history import History

_UNLIKE = (DRAFT, SCHEDULED, CLOSED)
"""States in which the preview shows a document that the built site does not."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a Site is assembled from, at one moment; the day is not among it."""

    cards: tuple[Card, ...]
    """Of the documents as they are shown: the last good ones of those with errors."""
    read: tuple[Card, ...]
    """Of the documents as they were read."""
    framing: Framing
    files: Files
    history: History

    def card(self, path: str) -> Card | None:
        """The card of one document. `cards` are sorted by path."""
        place = bisect.bisect_left(self.cards, path, key=lambda card: card.path)
        found = self.cards[place] if place < len(self.cards) else None
        return found if found is not None and found.path == path else None


@dataclass(slots=True)
class Page:
    """An output as it was made: its bytes, or the source file to copy; what was wrong with it."""

    content: bytes
    copy_of: str
    problems: tuple[Problem, ...]
    version: str
    """Another one when what a browser shows is another one."""


@dataclass(slots=True)
class Shown:
    """A state of the site on one day. Never changed, but for what is made from it and kept."""

    inputs: Inputs
    as_of: datetime.date
    site: Site
    outputs: Mapping[str, Output]
    theme: Theme
    problems: tuple[Problem, ...] = ()
    """All that is known to be wrong, but for what shows only when a page is made."""
    verdict: tuple[Problem, ...] = ()
    """What a build on that day would say of the site as a whole (`verdict`)."""
    site_problems: tuple[Problem, ...] = ()
    """What this assembly said, with drafts and all."""
    plan_problems: tuple[Problem, ...] = ()
    gone: frozenset[str] = frozenset()
    """Documents that vanished since it was assembled."""
    patches: Mapping[str, Card] = field(default_factory=dict)
    """Cards that are newer than the assembly."""
    number: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    shown_only: Mapping[str, Card] | None = None
    """See `unlike`; worked out when it is first asked for."""
    views: object = None
    """What the theme works out once for a site (``Theme.kept``)."""

    def output(self, address: str) -> Output | None:
        """What is at an address."""
        found = self.outputs.get(address)
        return None if found is None or found.subject in self.gone else found

    def with_cards(self, cards: Mapping[str, Card], gone: Iterable[str] = ()) -> Shown:
        """The same site with some cards replaced, before all is assembled again.

        Right for the pages of the documents themselves; lists follow with the next assembly.
        """
        entries = dict(self.site.entries) if cards else {}
        new = {}
        for path, card in cards.items():
            entry = entries.get(path)
            if entry is None or entry.state != PUBLISHED or entry.card.slug != card.slug:
                continue
            if state_of(_opened(card, self.as_of), self.as_of, drafts=True).name == PUBLISHED:
                entries[path], new[path] = structs.replace(entry, card=card), card
        if not new:
            return replace(self.again(), gone=self.gone.union(gone))
        return replace(
            self,
            site=replace(self.site, entries=entries),
            gone=self.gone.union(gone),
            patches={**self.patches, **new},
            pages={},
            shown_only=None,
            views=None,
        )

    def again(self) -> Shown:
        """The same site; its pages are to be made anew."""
        return replace(self, pages={})

    def state(self, card: Card) -> State:
        """What a document really is on the day, whatever the preview shows."""
        return state_of(card, self.as_of)

    def card(self, path: str) -> Card | None:
        """The card of a document as it was read, however it is shown."""
        return self.patches.get(path) or self.inputs.card(path)

    def unlike(self) -> Mapping[str, Card]:
        """By address: the documents that are shown here, but not on the built site."""
        if self.shown_only is None:
            entries = self.site.entries
            self.shown_only = {
                entries[card.path].address: card
                for card in self.inputs.cards
                if card.path in entries and state_of(card, self.as_of).name in _UNLIKE
            }
        return self.shown_only


def shown(inputs: Inputs, theme: Theme, as_of: datetime.date) -> Shown:
    """Assemble and plan a site for looking at: with drafts, with what is to come and what ended."""
    cards = [_opened(card, as_of) for card in inputs.cards]
    site, problems = _assembled(inputs, cards, as_of, drafts=True)
    outputs, clashes = plan(site, theme)
    views = theme.kept
    return Shown(
        inputs=inputs,
        as_of=as_of,
        site=site,
        outputs={output.address: output for output in outputs},
        theme=theme,
        site_problems=problems,
        plan_problems=clashes,
        views=views,
    )


def verdict(state: Shown) -> tuple[Problem, ...]:
    """What a build on that day would say of the site as a whole."""
    inputs, as_of = state.inputs, state.as_of
    if inputs.read == inputs.cards and all(
        state_of(card, as_of).name not in _UNLIKE for card in inputs.cards
    ):
        return state.site_problems
    return _assembled(inputs, list(inputs.read), as_of, drafts=False)[1]


def _assembled(
    inputs: Inputs, cards: list[Card], as_of: datetime.date, *, drafts: bool
) -> tuple[Site, tuple[Problem, ...]]:
    framing = inputs.framing
    return assemble(
        cards,
        framing.columns,
        framing.settings,
        framing.kinds,
        inputs.files,
        as_of=as_of,
        history=inputs.history,
        calendar=framing.calendar,
        drafts=drafts,
        settings_marks=framing.marks,
    )


def _opened(card: Card, as_of: datetime.date) -> Card:
    """A document whose publicity has ended is shown once more, so that it can be looked at."""
    if card.public_until is not None and state_of(card, as_of, drafts=True).name == CLOSED:
        return structs.replace(card, public_until=None)
    return card


def made(state: Shown, output: Output, facts: Facts, read: Callable[[str], bytes]) -> Page:
    """Make one output. To be called by one thread at a time: views are shared."""
    theme = state.theme
    theme.kept = state.views
    try:
        result = producer(output.producer)(output, Workshop(state.site, theme, facts, read))
    finally:
        state.views = theme.kept
    if result.copy_of:
        file = state.inputs.files.digest(result.copy_of)
        return Page(b"", result.copy_of, tuple(result.problems), file)
    problems = ordered(result.problems)
    content = b"" if has_errors(problems) else result.content
    return Page(content, "", problems, _version(state, output, content))


def _version(state: Shown, output: Output, content: bytes) -> str:
    """Digest of a page and of the pictures that its text shows."""
    digest = hashlib.sha256(content)
    entry = state.site.entries.get(output.subject) if output.producer == "page" else None
    for link in (*entry.card.links, *entry.card.files) if entry else ():
        if picture := state.site.files.get(link.target):
            digest.update(picture.sha256.encode())
    return digest.hexdigest()[:20]
