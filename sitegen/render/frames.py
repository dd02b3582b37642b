"""What surrounds every page: header, navigation, breadcrumbs, page tags, footer.

Header, menu and footer are the same on very many pages: each is rendered once for a column and a
depth, and put into the pages as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec
from markupsafe import Markup

from sitegen.config import Identity
from sitegen.problems import Problem
from sitegen.render.outline import Outline
from sitegen.render.places import Link, Spot
from sitegen.render.theme import Theme
from sitegen.site import addresses
from sitegen.site.questions import has_feed
from sitegen.site.site import Column, Entry, Site

CONTENT_POLICY = "; ".join(
    ["default-src 'none'"]
    + [f"{kind} 'self' file:" for kind in ("style-src", "img-src", "script-src")]
    + ["base-uri 'none'", "form-action 'none'"]
)
"""The policy in the page. ``file:`` says nothing over HTTP; from a folder, where browsers differ on
what 'self' is, it keeps the style sheet working. Servers send the policy without it."""

_NOT_DIALLED = re.compile(r"[^0-9+]")


class Meta(msgspec.Struct, frozen=True):
    """A page tag (网页标签) of 国办发〔2017〕47号."""

    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that announces changes of what the page shows."""

    title: str
    href: str
    type: str


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of the navigation."""

    title: str
    href: str
    current: bool = False
    open: bool = False
    items: tuple[MenuItem, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteView:
    """The site as every template sees it; links lead from the page that is being made."""

    name: str
    short_name: str
    description: str
    language: str
    identity: Identity
    phone_link: str
    home: str
    log: str
    map: str
    catalogue: str
    feed: str
    navigation: tuple[MenuItem, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """The frame of one page."""

    name: str
    """What sort of page: a class of ``body``."""
    title: str
    """Text of ``title``: page, column, site."""
    heading: str
    language: str
    base: str
    """Leads to the root of the output: put it before ``asset("…")``."""
    tags: tuple[Meta, ...]
    """The page's own tags; those of the site and the column are in `head`."""
    canonical: str
    index: bool
    """Whether search engines may list the page."""
    here: str
    """The last of the breadcrumbs."""
    head: Markup
    """parts/head.html, trail.html, header.html, menu.html and footer.html, each rendered once for
    all pages that share it."""
    trail: Markup
    header: Markup
    menu: Markup
    footer: Markup


class Frames:
    """Makes the frames of one site's pages, each shared part once."""

    def __init__(self, site: Site, theme: Theme, outline: Outline) -> None:
        """`site` without private values; see ``public.public_site``."""
        self._site = site
        self._theme = theme
        self._outline = outline

    def site_view(self, prefix: str, top: str = "") -> SiteView:
        """The site, seen from a page; `top` is the top-level column that the page belongs to."""
        return self._site.once(("site-view", prefix, top), lambda: self._site_view(prefix, top))

    def _site_view(self, prefix: str, top: str) -> SiteView:
        settings = self._site.settings
        spot = Spot(self._site, self._theme.words, prefix)
        return SiteView(
            name=settings.name,
            short_name=settings.short_name or settings.name,
            description=settings.description,
            language=settings.language,
            identity=settings.identity,
            phone_link=dialled(settings.identity.phone),
            home=spot.href(addresses.HOME),
            log=spot.href(addresses.LOG),
            map=spot.href(addresses.SITE_MAP),
            catalogue=spot.href(addresses.CATALOGUE),
            feed=spot.href(addresses.feed("", "xml")),
            navigation=tuple(
                MenuItem(each.name, column_href(each, spot), current=each.path == top)
                for each in self._outline.children("")
            ),
        )

    def page(
        self,
        spot: Spot,
        name: str,
        heading: str,
        *,
        column: Column | None = None,
        tags: tuple[Meta, ...] = (),
        address: str = "",
        trail: str | None = None,
        last: str | None = None,
        index: bool = True,
        menu: bool = False,
    ) -> tuple[SiteView, PageView, tuple[Problem, ...]]:
        """The frame of a page, with the problems of the theme's shared parts.

        The breadcrumbs lead to the column `trail` (the page's own if None) and end with `last` (the
        heading if None). `address` is the page's own, for the canonical link.
        """
        own = column.path if column else ""
        line = self._outline.lineage(own)
        top = line[0].path if line else ""
        site = self.site_view(spot.prefix, top)
        problems: list[Problem] = []

        def part(template: str, subject: str, **values: Callable[[], object]) -> Markup:
            html, found = self._part(template, spot.prefix, subject, values)
            problems.extend(found)
            return html

        led = own if trail is None else trail
        names = dict.fromkeys([heading, *([column.name] if column else []), site.name])
        page = PageView(
            name=name,
            title="-".join(names),
            heading=heading,
            language=site.language,
            base=spot.prefix,
            tags=tags,
            canonical=self.absolute(address) if index else "",
            index=index,
            here=heading if last is None else last,
            head=part(
                "head.html",
                own,
                metas=lambda: (
                    *self._tags_of_site(),
                    *(self._column_tags(column) if column else ()),
                ),
                feeds=lambda: self._feeds(column, spot),
            ),
            trail=part("trail.html", led, links=lambda: self._trail(led, spot)),
            header=part("header.html", top),
            menu=part("menu.html", own, menu=lambda: self._menu(line, spot))
            if menu and line
            else Markup(),
            footer=part("footer.html", ""),
        )
        return site, page, tuple(problems)

    def absolute(self, address: str) -> str:
        """The public address of a page; empty when the site does not say where it will be."""
        base = self._site.settings.base_url
        if not base or not address:
            return ""
        if address == addresses.HOME:
            return base
        return base + address.removesuffix("index.html")

    def _column_tags(self, column: Column | None) -> tuple[Meta, ...]:
        """The four tags of a column (ColumnName … ColumnKeywords)."""
        if column is None:
            return ()
        return metas(
            ("ColumnName", column.name),
            ("ColumnType", column.type or self._inherited_type(column)),
            ("ColumnDescription", column.description),
            ("ColumnKeywords", ",".join(column.keywords) or column.name),
        )

    def _inherited_type(self, column: Column) -> str:
        line = self._outline.lineage(column.path)
        return next((each.type for each in reversed(line) if each.type), "")

    def _tags_of_site(self) -> tuple[Meta, ...]:
        settings = self._site.settings
        return metas(
            ("SiteName", settings.name),
            ("SiteDomain", urlsplit(settings.base_url).hostname or ""),
            ("SiteIDCode", settings.identity.site_id_code),
        )

    def _part(
        self,
        template: str,
        prefix: str,
        subject: str,
        values: Mapping[str, Callable[[], object]],
    ) -> tuple[Markup, tuple[Problem, ...]]:
        def make() -> tuple[Markup, tuple[Problem, ...]]:
            rendering = self._theme.part(
                f"parts/{template}",
                site=self.site_view(prefix, subject if template == "header.html" else ""),
                base=prefix,
                policy=CONTENT_POLICY,
                **{name: value() for name, value in values.items()},
            )
            return Markup(rendering.text), rendering.problems

        return self._site.once(("part", template, prefix, subject), make)

    def _feeds(self, column: Column | None, spot: Spot) -> tuple[Feed, ...]:
        """The feeds that a page announces: its column's, if that has one, then the site's."""
        name = self._site.settings.name
        found = feeds_of("", name, spot)
        if column is not None and self._site.ask(has_feed, column.path):
            found = (*feeds_of(column.address, f"{column.name}-{name}", spot), *found)
        return found

    def _trail(self, path: str, spot: Spot) -> tuple[Link, ...]:
        home = Link(self._theme.words("Home"), spot.href(addresses.HOME))
        line = self._outline.lineage(path)
        return (home, *(Link(each.name, column_href(each, spot)) for each in line))

    def _menu(self, line: tuple[Column, ...], spot: Spot) -> MenuItem:
        """The tree of the section that a column belongs to, opened along the way to it."""
        path = {each.path for each in line}

        def item(column: Column) -> MenuItem:
            opened = column.path in path
            below = self._outline.children(column.path) if opened else ()
            return MenuItem(
                column.name,
                column_href(column, spot),
                current=column.path == line[-1].path,
                open=opened,
                items=tuple(item(each) for each in below),
            )

        return item(line[0])


def column_href(column: Column, spot: Spot) -> str:
    """A link to a column's first page."""
    return spot.href(addresses.column_page(column.address))


def feeds_of(folder: str, name: str, spot: Spot) -> tuple[Feed, ...]:
    """The two feeds of a column, or of the site (``""``)."""
    return (
        Feed(name, spot.href(addresses.feed(folder, "xml")), "application/atom+xml"),
        Feed(name, spot.href(addresses.feed(folder, "json")), "application/feed+json"),
    )


def dialled(phone: str) -> str:
    """A phone number as a ``tel:`` link; empty unless it is one plain number."""
    number = _NOT_DIALLED.sub("", phone)
    return f"tel:{number}" if 3 <= len(number) <= 14 else ""


def metas(*pairs: tuple[str, str]) -> tuple[Meta, ...]:
    """Page tags without the empty ones."""
    return tuple(Meta(name, " ".join(content.split())) for name, content in pairs if content)


def article_tags(entry: Entry, url: str) -> tuple[Meta, ...]:
    """The tags of an article (ArticleTitle, PubDate, ContentSource …).

    The time of PubDate is 00:00, for documents are published on a day.
    """
    card = entry.card
    published = f"{card.published_on.isoformat()} 00:00" if card.published_on else ""
    return metas(
        ("ArticleTitle", card.title),
        ("PubDate", published),
        ("ContentSource", card.source or card.issuer or card.responsible),
        ("Keywords", ",".join(card.keywords)),
        ("Author", card.responsible or card.issuer),
        ("Description", card.summary),
        ("Url", url),
    )
