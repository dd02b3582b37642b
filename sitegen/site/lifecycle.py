"""Lifecycle: what a document is on a given day, and whether it has a page."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import msgspec

from sitegen.problems import Problem
from sitegen.site import codes
from sitegen.site.cards import Card, DeclaredChange
from sitegen.site.placing import at, at_mark
from sitegen.site.site import LeftOut

PUBLISHED, WITHDRAWN, CLOSED = "published", "withdrawn", "closed"
DRAFT, SCHEDULED, ON_REQUEST, WITHHELD = "draft", "scheduled", "on-request", "withheld"
BUILT = frozenset({PUBLISHED, WITHDRAWN, CLOSED})
"""The states in which a document has a page, be it a tombstone."""

_A_YEAR = datetime.timedelta(days=366)


class State(msgspec.Struct, frozen=True):
    """What a document is on the day: one of the names above, and since (or until) when."""

    name: str
    on: datetime.date | None = None

    @property
    def built(self) -> bool:
        """Whether it has a page."""
        return self.name in BUILT


def state_of(card: Card, as_of: datetime.date, *, drafts: bool = False) -> State:
    """The state of a document at the end of the day `as_of`.

    With `drafts`, drafts and documents of the future count as published; what is not for the
    public never does.
    """
    if card.disclosure == "依申请公开":
        return State(ON_REQUEST)
    if card.disclosure == "不予公开":
        return State(WITHHELD)
    if not drafts:
        if card.draft or card.published_on is None:
            return State(DRAFT)
        if card.published_on > as_of:
            return State(SCHEDULED, card.published_on)
    if card.changes and (withdrawal := withdrawal_of(card, as_of)):
        return State(WITHDRAWN, withdrawal.on)
    if card.public_until is not None and card.public_until < as_of:
        return State(CLOSED, card.public_until)
    return State(PUBLISHED, card.published_on)


def withdrawal_of(card: Card, as_of: datetime.date) -> DeclaredChange | None:
    """The change that took a document off the site, unless a later one brought it back."""
    last: DeclaredChange | None = None
    for change in sorted(card.changes, key=lambda change: change.on):
        if change.on <= as_of and change.act in ("撤下", "发布"):
            last = change
    return last if last is not None and last.act == "撤下" else None


def left_out(card: Card, state: State) -> LeftOut:
    """The entry of the build's summary for a document without a page."""
    return LeftOut(card.path, card.title, state.name, state.on)


def reason(card: Card, state: State) -> str:
    """Why a document has no page, as the line of its source that says so."""
    if state.name == SCHEDULED:
        return f"published_on: {card.published_on}"
    if state.name in (ON_REQUEST, WITHHELD):
        return f"disclosure: {card.disclosure}"
    return "draft: true"


def tombstone(card: Card) -> Card:
    """A card without anything that the page of a withdrawn or closed document no longer shows."""
    return msgspec.structs.replace(
        card,
        summary="",
        keywords=(),
        attachments=(),
        links=(),
        anchors=(),
        tables=(),
        files=(),
        has_body=False,
    )


def problems_of(card: Card, state: State, as_of: datetime.date) -> Iterator[Problem]:
    """What is wrong with a document's changes and dates, seen from the day `as_of`."""
    if state.name == WITHDRAWN:
        withdrawal = withdrawal_of(card, as_of)
        if withdrawal is not None and not withdrawal.note.strip():
            yield at_mark(card, withdrawal.mark, codes.WITHDRAWN_WITHOUT_NOTE)
    for change in card.changes:
        published = card.published_on
        if published is not None and change.on < published and not card.draft:
            yield at_mark(
                card,
                change.mark,
                codes.CHANGE_BEFORE_PUBLICATION,
                act=change.act,
                on=change.on,
                published_on=published,
            )
        elif change.on > as_of + _A_YEAR:
            yield at_mark(card, change.mark, codes.CHANGE_FAR_AHEAD, act=change.act, on=change.on)
    if state.name in (DRAFT, ON_REQUEST, WITHHELD) and card.published_on is not None:
        acted = [c.on for c in card.changes if card.published_on <= c.on <= as_of]
        if acted:  # a document with a public past cannot become a draft again
            yield at(
                card,
                "draft" if state.name == DRAFT else "disclosure",
                codes.TAKEN_BACK,
                on=card.published_on,
                reason=reason(card, state),
            )
