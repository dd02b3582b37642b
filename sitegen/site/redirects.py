"""Redirects: old addresses of documents and columns, each leading straight to the present one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sitegen.problems import Location, Problem
from sitegen.site import codes
from sitegen.site.addresses import column_page
from sitegen.site.cards import Card
from sitegen.site.columns import Columns, column_source
from sitegen.site.placing import Claims, alias_address, at_mark
from sitegen.site.site import Redirect


class Redirects:
    """Collects old addresses. Targets are present pages, so there are no chains to follow."""

    def __init__(
        self, claims: Claims, cards: Mapping[str, Card], places: Mapping[str, str]
    ) -> None:
        self._claims = claims
        self._cards = cards
        self._places = places
        self._made: dict[str, Redirect] = {}

    def of_documents(self, cards: Iterable[Card]) -> Iterator[Problem]:
        """The aliases of documents that have pages."""
        for card in cards:
            own = self._places[card.path]
            for written, mark in card.aliases:
                address = alias_address(written)
                if not address:
                    yield at_mark(card, mark, codes.BAD_ALIAS, value=written)
                elif address.lower() == own:
                    yield at_mark(card, mark, codes.ALIAS_IS_OWN, value=written)
                elif first := self._claims.take(address, f"content/{card.path} ({written})"):
                    yield at_mark(card, mark, codes.COLLISION, address=address, other=first)
                else:
                    self._made[address] = Redirect(address, own, card.title)

    def of_columns(self, columns: Columns, places: Mapping[str, str]) -> Iterator[Problem]:
        """Merged columns, which lead to the one that took them in, and old addresses of columns."""
        for path, card in columns.cards.items():
            target_path = columns.merged.get(path, path)
            target = column_page(places[target_path])
            title = columns.cards[target_path].name
            if target_path != path:
                address = column_page(places[path])
                self._made[address] = Redirect(address, target, title)
            for written, mark in card.aliases:
                where = Location(column_source(path), *mark)
                address = alias_address(written)
                if not address:
                    yield codes.BAD_ALIAS.at(where, value=written)
                elif address.lower() == target:
                    yield codes.ALIAS_IS_OWN.at(where, value=written)
                elif first := self._claims.take(address, f"{column_source(path)} ({written})"):
                    yield codes.COLLISION.at(where, address=address, other=first)
                else:
                    self._made[address] = Redirect(address, target, title)

    def made(self) -> tuple[Redirect, ...]:
        """All redirects, by old address."""
        return tuple(self._made[address] for address in sorted(self._made))
