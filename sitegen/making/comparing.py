"""Comparing: which of the things that outputs looked at are not as they were.

Everything here is about the subjects of ``watched``: what was recorded of them at the last build is
held against how they are now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from sitegen.engine.recorder import EVERY, EXISTS, Facets
from sitegen.engine.values import digest_of, packed
from sitegen.making.faces import ThemeFace, faces_that_differ
from sitegen.making.plan import modules
from sitegen.making.sitestate import SiteState
from sitegen.making.watched import (
    COLUMN,
    ENTRY,
    FACTS,
    KINDS,
    SETTINGS,
    SITE,
    THEME,
)
from sitegen.render.public import public_site
from sitegen.render.theme import Theme
from sitegen.site.catalogue import PrivateFields
from sitegen.site.questions import QUESTIONS
from sitegen.site.site import Site

_MISSING = b""


def theme_face(
    theme: Theme, subjects: Iterable[str], known: Mapping[str, bytes] | None = None
) -> ThemeFace:
    """The face of a theme for these subjects (``t: l: a:``); `known` are parts of it."""
    known = known or {}
    parts = {
        name: known[name] if name in known else _theme_part(theme, name)
        for name in subjects
        if name[:2] in ("t:", "l:", "a:")
    }
    return ThemeFace(theme.name, theme.spoken, dict(sorted(theme.options.items())), parts)


def _theme_part(theme: Theme, subject: str) -> bytes:
    name = subject[2:]
    if subject[0] == "t":
        return theme.template_digest(name).encode()
    if subject[0] == "l":
        return theme.layout_digest(name).encode()
    static = theme.statics.get(name)
    return digest_of(static.address, static.content) if static else _MISSING


def changed_in_site(
    subjects: Iterable[str], old: SiteState, new: SiteState, answers: Mapping[str, bytes]
) -> dict[str, int]:
    """The subjects of the site (``e: c: F: s: K: k: S: q: Q:``) that differ, with their facets.

    `answers` are the digests of the old site's answers.
    """
    changed: dict[str, int] = {}
    before, now = old.site, new.site
    whole = {
        "s:": (SETTINGS, before.settings, now.settings),
        "K:": (KINDS, before.kinds, now.kinds),
        "S:": (SITE, before, now),
    }
    for subject, (facets, one, other) in whole.items():
        changed[subject] = facets.changed(one, other)
    mappings: tuple[tuple[str, Facets | None, Mapping[str, Any], Mapping[str, Any]], ...] = (
        ("c:", COLUMN, before.columns, now.columns),
        ("F:", None, before.files, now.files),
        ("k:", None, before.kinds.kinds, now.kinds.kinds),
    )
    for prefix, known, ones, others in mappings:
        changed |= _changed_in_mapping(prefix, known, ones, others)
    changed |= _changed_entries(old, new)
    if _private(before) != _private(now):  # then documents may look other where they are public
        changed |= dict.fromkeys((s for s in subjects if s.startswith("e:")), ENTRY.all)
    public = public_site(now)
    modules()  # those who make outputs have questions of their own
    for subject in subjects:
        if subject[:2] in ("q:", "Q:"):
            site = now if subject[0] == "q" else public
            changed[subject] = int(answer_digest(site, subject) != answers.get(subject))
    return {subject: facets for subject, facets in changed.items() if facets}


def _changed_in_mapping(
    prefix: str, facets: Facets | None, old: Mapping[str, Any], new: Mapping[str, Any]
) -> dict[str, int]:
    changed: dict[str, int] = {}
    every = EXISTS if list(old) != list(new) else 0
    for key in dict.fromkeys((*old, *new)):
        one, other = old.get(key), new.get(key)
        differing = facets.changed(one, other) if facets else int(packed(one) != packed(other))
        if differing:
            changed[prefix + key] = differing
            if one is not None and other is not None:
                every |= differing
    changed[prefix + EVERY] = every
    return changed


def _changed_entries(old: SiteState, new: SiteState) -> dict[str, int]:
    """As `_changed_in_mapping`, but only entries whose bytes differ are looked at."""
    ones, others = old.entries, new.entries
    differing = others.differing(ones)
    changed = _changed_in_mapping(
        "e:",
        ENTRY,
        {path: old.site.entries[path] for path in differing if path in ones},
        {path: new.site.entries[path] for path in differing if path in others},
    )
    if list(ones) != list(others):
        changed["e:" + EVERY] |= EXISTS
    return changed


def _private(site: Site) -> dict[str, frozenset[str]]:
    private = PrivateFields(site)
    return {name: private.of(name) for name in site.kinds.kinds}


def answer_digest(site: Site, subject: str) -> bytes | None:
    """The digest of the answer to a question now; None if it makes no sense any more."""
    name, *arguments = msgspec.json.decode(subject[2:])
    try:
        return digest_of(site.ask(QUESTIONS[name], *arguments))
    except (LookupError, ValueError):  # such as a column that is gone
        return None


def changed_in_theme(old: ThemeFace, theme: Theme) -> dict[str, int]:
    """The subjects of the theme (``t: l: a: T:``) that differ."""
    new = theme_face(theme, old.parts)
    changed = {name: EXISTS for name, digest in old.parts.items() if new.parts[name] != digest}
    if differing := THEME.changed(old, new):
        changed["T:"] = differing
    return changed


def changed_documents(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> dict[str, int]:
    """The documents (``f:``) that differ, by their faces."""
    changed = {}
    if old != new:
        for path in {*old, *new}:
            if old.get(path) == new.get(path):
                continue
            if path not in old or path not in new:
                changed[f"f:{path}"] = FACTS.all
            else:
                names = faces_that_differ(old[path], new[path])
                changed[f"f:{path}"] = sum(FACTS.bits[name] for name in names)
    return changed


def changed_files(subjects: Iterable[str], differs: Callable[[str], bool]) -> dict[str, int]:
    """The files (``r:``) that differ. `differs` tells of one by its path."""
    return {
        subject: EXISTS for subject in subjects if subject.startswith("r:") and differs(subject[2:])
    }
