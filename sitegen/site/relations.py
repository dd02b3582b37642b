"""Relations that act: interpretation, amendment, repeal, replacement, and the validity they give.

Only documents that are published on the day act on others; what repeals in a month's time leaves
the other in force until then.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sitegen.kinds.kind import Kinds
from sitegen.problems import Problem
from sitegen.site import codes
from sitegen.site.cards import Card
from sitegen.site.lifecycle import PUBLISHED, State
from sitegen.site.nearby import Nearby
from sitegen.site.placing import at_mark
from sitegen.site.site import Relation

INVERSE = {
    "interprets": "interpreted_by",
    "amends": "amended_by",
    "repeals": "repealed_by",
    "replaces": "replaced_by",
    "relates": "relates",
}
ORDER = tuple(dict.fromkeys(name for pair in INVERSE.items() for name in pair))
"""The order in which a page shows its relations."""

_ENDING = ("repeals", "replaces")
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Link:
    """A relation between two documents that both have pages."""

    name: str
    source: Card
    target: Card


@dataclass(frozen=True, slots=True)
class Validity:
    """有效性 on the day: the state, since when, and the document that brought it about, if any."""

    state: str = ""
    since: datetime.date | None = None
    by: Card | None = None
    act: str = ""
    """Which relation of `by` it was: amends, repeals or replaces."""


def references(
    cards: Mapping[str, Card], unread: Collection[str], nearby: Nearby, kinds: Kinds
) -> Iterator[Problem]:
    """What is wrong with the references of documents, whether they have pages or not.

    Documents that could not be read (`unread`) are there all the same.
    """
    titles = {field.name: field.title["zh"] for field in kinds.common}
    for kind in kinds.kinds.values():
        titles |= {field.name: field.title["zh"] for field in kind.fields}
        for table in kind.tables:
            titles |= {f"{table.name}.{f.name}": f.title["zh"] for f in table.fields}
    for card in cards.values():
        for reference in card.references:
            title = titles.get(reference.relation, reference.relation)
            if reference.target == card.path:
                yield at_mark(card, reference.mark, codes.SELF_RELATION, title=title)
            elif reference.target not in cards and reference.target not in unread:
                yield at_mark(
                    card,
                    reference.mark,
                    codes.DANGLING,
                    title=title,
                    value=reference.target,
                    nearest=nearby.hint(reference.target, card.path),
                )


def links(cards: Mapping[str, Card], states: Mapping[str, State]) -> list[Link]:
    """All acting kinds of relation between documents that have pages."""
    return [
        Link(reference.relation, card, cards[reference.target])
        for card in cards.values()
        if card.references and states[card.path].built
        for reference in card.references
        if reference.relation in INVERSE
        and reference.target in cards
        and reference.target != card.path
        and states[reference.target].built
    ]


def shown(joined: Iterable[Link]) -> dict[str, tuple[Relation, ...]]:
    """The relations that each document's page shows: both ways, each once, newest first."""
    found: dict[str, dict[tuple[str, str], tuple[int, int, str]]] = {}
    for link in joined:
        ends = (
            (link.source, link.name, link.target),
            (link.target, INVERSE[link.name], link.source),
        )
        for here, name, there in ends:
            newest = -(there.published_on or datetime.date.min).toordinal()
            key = (ORDER.index(name), newest, there.path)
            found.setdefault(here.path, {})[(name, there.path)] = key
    return {
        path: tuple(
            Relation(name, other)
            for (name, other), _ in sorted(relations.items(), key=lambda item: item[1])
        )
        for path, relations in found.items()
    }


def circles(cards: Mapping[str, Card]) -> Iterator[Problem]:
    """Documents that repeal or replace each other in a circle; each circle once."""
    ends = {
        card.path: sorted(
            r.target
            for r in card.references
            if r.relation in _ENDING and r.target in cards and r.target != card.path
        )
        for card in cards.values()
        if card.references
    }
    done: set[str] = set()
    for start in sorted(ends):
        if start in done:
            continue
        way, rest = [start], [iter(ends[start])]
        while rest:
            following = next(rest[-1], None)
            if following is None:
                done.add(way.pop())
                rest.pop()
            elif following in way:
                circle = [*way[way.index(following) :], following]
                card = cards[way[-1]]
                mark = next(
                    r.mark
                    for r in card.references
                    if r.target == following and r.relation in _ENDING
                )
                yield at_mark(card, mark, codes.REPEAL_CIRCLE, circle=" → ".join(circle))
            elif following not in done:
                way.append(following)
                rest.append(iter(ends.get(following, ())))


def validities(
    cards: Iterable[Card],
    states: Mapping[str, State],
    joined: Iterable[Link],
    kinds: Kinds,
    as_of: datetime.date,
) -> dict[str, Validity]:
    """有效性 of every published document to which it applies (domain 11.4)."""
    acting: dict[str, list[Link]] = {}
    for link in joined:
        if link.name in ("amends", *_ENDING) and states[link.source.path].name == PUBLISHED:
            acting.setdefault(link.target.path, []).append(link)
    own = {
        kind.name
        for kind in kinds.kinds.values()
        if kind.column_type == "政策文件" or any(f.name == "validity" for f in kind.fields)
    }
    found = {}
    for card in cards:
        applies = (
            card.kind in own
            or card.path in acting
            or card.validity
            or card.effective_on
            or card.expires_on
            or (card.changes and any(c.act == "废止" for c in card.changes))
        )
        if applies:
            found[card.path] = _validity(card, acting.get(card.path, []), as_of)
    return found


def _validity(card: Card, acting: list[Link], as_of: datetime.date) -> Validity:
    ends: list[Validity] = []
    amended: list[Validity] = []
    for link in acting:
        since = link.source.effective_on or link.source.published_on or as_of
        if since > as_of:
            continue
        if link.name in _ENDING:
            ends.append(Validity("废止", since, link.source, link.name))
        else:
            amended.append(Validity("已修改", since, link.source, link.name))
    ends += [Validity("废止", c.on) for c in card.changes if c.act == "废止" and c.on <= as_of]
    if card.expires_on is not None and card.expires_on < as_of:
        ends.append(Validity("失效", card.expires_on + _DAY))
    if ends:  # what came first ended it; on one day, a declared end before an implied one
        return min(
            ends, key=lambda v: (v.since, v.state != "废止", v.by.path if v.by else "", v.act)
        )
    if card.validity in ("废止", "失效"):
        return Validity(card.validity)
    if card.effective_on is not None and card.effective_on > as_of:
        return Validity("尚未施行", card.effective_on)
    if amended:
        return max(amended, key=lambda v: (v.since, v.by.path if v.by else ""))
    if card.validity in ("已修改", "尚未施行"):
        return Validity(card.validity)
    return Validity("有效", card.effective_on)
