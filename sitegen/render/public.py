"""The site without what kinds keep private (PRIV) of the common fields, before any view is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from msgspec import structs

from sitegen.site.cards import Card
from sitegen.site.catalogue import PrivateFields
from sitegen.site.site import Entry, Site

_EMPTY: dict[str, Any] = {
    each.name: each.default
    for each in structs.fields(Card)
    if each.default is None or each.default in ("", ())
}


def public_site(site: Site) -> Site:
    """The site with the private common fields of its cards blanked; the same one if there are none.

    The fields of a kind's own never were on the cards; `documents` leaves private ones out.
    """
    return site.once(("public",), lambda: _public_site(site))


def _public_site(site: Site) -> Site:
    private = PrivateFields(site)
    hidden = {
        name: {field: _EMPTY[field] for field in sorted(private.of(name)) if field in _EMPTY}
        for name in site.kinds.kinds
    }
    if not any(hidden.values()):
        return site
    entries = {
        path: _without(entry, found) if (found := hidden.get(entry.card.kind)) else entry
        for path, entry in site.entries.items()
    }
    return replace(site, entries=entries)


def _without(entry: Entry, blanks: Mapping[str, Any]) -> Entry:
    """An entry with other values on its card; what stands for one is looked through."""
    card = {name: getattr(entry.card, name) for name in Card.__struct_fields__}
    rest = {name: getattr(entry, name) for name in Entry.__struct_fields__ if name != "card"}
    return Entry(Card(**{**card, **blanks}), **rest)
