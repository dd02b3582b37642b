"""Links in bodies: every one leads to a document, a column or a file that is really there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sitegen.problems import Problem
from sitegen.site import codes
from sitegen.site.attachments import Shelf
from sitegen.site.cards import Card, LinkCard
from sitegen.site.columns import Columns
from sitegen.site.files import is_running, nearest
from sitegen.site.lifecycle import PUBLISHED, SCHEDULED, State, reason
from sitegen.site.nearby import Nearby
from sitegen.site.placing import at_mark
from sitegen.site.sources import COLUMN_FILE, is_offerable


def check(
    card: Card,
    cards: Mapping[str, Card],
    states: Mapping[str, State],
    columns: Columns,
    shelf: Shelf,
    nearby: Nearby,
) -> Iterator[Problem]:
    """Follow the links of one document; files that a published one links to are offered."""
    state = states[card.path]
    for link in card.links:
        target = link.target.rstrip("/")
        if target in cards:
            if not shelf.files.is_faulty(target) or states[target].built:
                yield from _to_document(card, state, link, cards[target], states[target])
        elif shelf.files.is_faulty(target):
            continue  # its own problems say so
        elif target.removesuffix(COLUMN_FILE).rstrip("/") in columns.cards:
            continue
        elif target in shelf.files.sizes:
            if not is_offerable(target):
                yield at_mark(card, link.mark, codes.NOT_AN_ATTACHMENT, value=link.target)
                continue
            shelf.named.add(target)
            if is_running(target):
                yield at_mark(card, link.mark, codes.RUNNING_FILE, value=link.target)
                continue
            if state.name == PUBLISHED:
                shelf.offer(card, target, link.mark)
        else:
            hint = nearby.hint(target, card.path)
            yield at_mark(card, link.mark, codes.BROKEN_LINK, value=link.target, nearest=hint)


def _to_document(
    card: Card, state: State, link: LinkCard, target: Card, target_state: State
) -> Iterator[Problem]:
    if not target_state.built:
        if state.built and target_state.name == SCHEDULED and target.published_on:
            day = target.published_on
            yield at_mark(card, link.mark, codes.LINK_TO_LATER, title=target.title, date=day)
        elif state.built:
            why = reason(target, target_state)
            yield at_mark(card, link.mark, codes.LINK_TO_LEFT_OUT, title=target.title, reason=why)
    elif link.fragment and link.fragment not in target.anchors:
        close = nearest(link.fragment, target.anchors)
        yield at_mark(
            card,
            link.mark,
            codes.BROKEN_FRAGMENT,
            value=link.fragment,
            title=target.title,
            nearest=f" (#{close}?)" if close else "",
        )
