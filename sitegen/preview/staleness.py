"""What has to be done again after a change: which documents are read, and whether the site is
assembled. Pure; what is not named here stays as it is.
"""

from __future__ import annotations

from sitegen.making.reading import default_kind
from sitegen.preview.facts import DocumentFacts
from sitegen.preview.files import Changes
from sitegen.preview.framing import Framing
from sitegen.site.sources import is_document


def stale_documents(changes: Changes, old: Framing, new: Framing, facts: DocumentFacts) -> set[str]:
    """The documents to be read again: they, their data files, or what they are read against."""
    documents = set(new.documents)
    if (old.calendar, old.settings.language) != (new.calendar, new.settings.language):
        return documents
    known = facts.known
    stale = {path for path in documents if path not in known or path in changes.all}
    stale |= facts.wanting(changes.all)
    if old.kinds != new.kinds:
        stale |= _of_changed_kinds(old, new, facts)
    if old.default_kinds != new.default_kinds:
        before, now = old.default_kinds, new.default_kinds
        stale |= {p for p in documents if default_kind(p, before) != default_kind(p, now)}
    return stale & documents


def _of_changed_kinds(old: Framing, new: Framing, facts: DocumentFacts) -> set[str]:
    if old.kinds.common != new.kinds.common:
        return set(new.documents)
    before = old.kinds.kinds
    same = {name for name, kind in new.kinds.kinds.items() if before.get(name) == kind}
    return {
        path
        for path, known in facts.known.items()
        if known.card is None or known.problems or known.card.kind not in same
    }


def concerns_the_whole(changes: Changes, old: Framing, new: Framing) -> bool:
    """Whether the site must be assembled anew, whatever the cards of its documents say."""
    if changes.added or changes.removed:
        return True
    if any(not is_document(path) for path in changes.changed):
        return True
    return (old.settings, old.columns, old.calendar, old.marks, old.kinds) != (
        new.settings, new.columns, new.calendar, new.marks, new.kinds
    )  # fmt: skip
