"""The update log (更新日志): every public act, from the documents themselves."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

import msgspec

from sitegen.site.cards import Card, DeclaredChange
from sitegen.site.relations import Validity
from sitegen.site.site import Change

ACTS = ("发布", "修订", "移动", "废止", "撤下")
"""The public acts, in the order in which they happen on one day."""


class Place(msgspec.Struct, frozen=True):
    """Where a document stands, and whose it is when it does not say so itself."""

    address: str
    column: str
    responsible: str


def history_of(
    card: Card, place: Place, validity: Validity | None, as_of: datetime.date, language: str
) -> tuple[Change, ...]:
    """A document's own history, newest first, minor changes included and marked.

    To what the document declares are added its publication, and its repeal by another document.
    """
    acts = [change for change in card.changes if change.on <= as_of]
    published = card.published_on
    announced = acts and any(change.act == "发布" and change.on == published for change in acts)
    if published is not None and published <= as_of and not announced:
        acts.append(DeclaredChange(published, "发布"))
    if (
        validity is not None
        and validity.by is not None
        and validity.state == "废止"
        and validity.since is not None
        and not any(change.act == "废止" for change in acts)
    ):
        acts.append(DeclaredChange(validity.since, "废止", _repeal_note(validity, language)))
    if len(acts) > 1:
        acts.sort(key=lambda change: (change.on, _rank(change.act), change.note), reverse=True)
    return tuple(
        Change(
            on=change.on,
            act=change.act,
            title=card.title,
            path=card.path,
            column=place.column,
            responsible=change.responsible or place.responsible,
            note=change.note,
            address=place.address,
            minor=change.minor,
        )
        for change in acts
    )


def _rank(act: str) -> int:
    return ACTS.index(act) if act in ACTS else len(ACTS)


def _repeal_note(validity: Validity, language: str) -> str:
    assert validity.by is not None
    title = validity.by.title
    number = validity.by.doc_no
    if language.startswith("en"):
        verb = "replaced" if validity.act == "replaces" else "repealed"
        return f"{verb} by “{title}”" + (f" ({number})" if number else "")
    verb = "代替" if validity.act == "replaces" else "废止"
    return f"由《{title}》" + (f"（{number}）" if number else "") + verb


def public_log(histories: Mapping[str, Iterable[Change]]) -> tuple[Change, ...]:
    """All public changes of the site, newest first, on one day by path; without the minor ones."""
    log = [change for changes in histories.values() for change in changes if not change.minor]
    log.sort(key=lambda change: _rank(change.act), reverse=True)
    log.sort(key=lambda change: change.path)
    log.sort(key=lambda change: change.on, reverse=True)
    return tuple(log)


def revised_on(changes: Iterable[Change]) -> datetime.date | None:
    """The day of the newest revision of substance."""
    revisions = [change.on for change in changes if change.act == "修订" and not change.minor]
    return max(revisions, default=None)
