"""A page to be made: the name of its template and the values to fill it with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sitegen.kinds.document import Document
from sitegen.problems import Problem
from sitegen.render.frames import Frames, Meta
from sitegen.render.markdown import Rendered
from sitegen.render.outline import Outline
from sitegen.render.places import Spot
from sitegen.render.public import public_site
from sitegen.render.theme import Theme
from sitegen.site.site import Column, Site


class Facts(Protocol):
    """Single documents in full, fetched when a page needs them; the Site holds only cards."""

    def document(self, path: str) -> Document:
        """The typed document of a source path (relative to ``content/``)."""

    def body(self, path: str) -> Rendered:
        """Its rendered body."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be made: a template, its values, and what was wrong with shared parts."""

    template: str
    frame: dict[str, object]
    """The values of its layout."""
    inner: Callable[[], dict[str, object]]
    """Gives the other values, where the page is not only put into another layout."""
    problems: tuple[Problem, ...] = ()


class PageViews:
    """What the pages of one site in one theme have in common."""

    def __init__(self, site: Site, theme: Theme) -> None:
        self.source = site
        self.site = public_site(site)
        self.theme = theme
        self.words = theme.words
        self.outline = Outline(self.site)
        self.frames = Frames(self.site, theme, self.outline)

    def _spot(self, address: str) -> Spot:
        return Spot(self.site, self.words, "../" * address.count("/"))

    def _page(
        self,
        template: str,
        spot: Spot,
        name: str,
        heading: str,
        *,
        inner: Callable[[], dict[str, object]],
        column: Column | None = None,
        tags: tuple[Meta, ...] = (),
        address: str = "",
        trail: str | None = None,
        last: str | None = None,
        index: bool = True,
        menu: bool = False,
    ) -> Page:
        site, page, problems = self.frames.page(
            spot, name, heading, column=column, tags=tags, address=address, trail=trail,
            last=last, index=index, menu=menu,
        )  # fmt: skip
        return Page(template, {"site": site, "page": page}, inner, problems)
