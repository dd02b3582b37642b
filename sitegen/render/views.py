"""The thin values that templates see.

`Views` makes, for each page of a site, the name of its template and the values to fill it with.
Templates never see `Site`, `Card` or `Document`; private fields and documents that are left out
reach no view.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from urllib.parse import urlsplit

from sitegen.render.documents import change_view
from sitegen.render.documentviews import DocumentViews
from sitegen.render.lists import (
    FigureView,
    Shelf,
    catalogue_section,
    column_view,
    list_item,
    month_named,
    month_view,
    months_of,
    pager_of,
    pages_of,
    shelf,
    slice_of,
)
from sitegen.render.page import Page
from sitegen.render.places import Link, Spot
from sitegen.render.theme import Theme
from sitegen.site import addresses, questions
from sitegen.site.catalogue import Row, count_rows, rows_of_page
from sitegen.site.site import Column, Site

NEWEST = 8
"""Changes on the home page."""
LOG_NEWEST = 100
"""Changes on the first page of the update log, and in the log of a column."""
CATALOGUE_PAGE = 500
"""Rows on one page of the directory."""


class Views(DocumentViews):
    """The pages of one site in one theme. Made once for all pages; see `views_of`."""

    # Columns

    def column(self, path: str, number: int = 1) -> Page:
        """Page `number` of a column."""
        column = self.site.columns[path]
        address = addresses.column_page(column.address, number)
        spot = self._spot(address)

        def inner() -> dict[str, object]:
            own = self.outline.documents(path)
            count = pages_of(len(own), column.page_size)
            view = column_view(
                column,
                self.outline,
                spot,
                self.outline.entries(slice_of(own, number, column.page_size)),
                pager_of(number, count, partial(addresses.column_page, column.address), spot),
                fed=self.site.ask(questions.has_feed, path),
            )
            return {"column": view, "year": None}

        heading = column.name
        if number > 1:
            heading = self.words("{name} (page {number})").format(name=column.name, number=number)
        return self._page(
            "column.html", spot, "column", heading, column=column, address=address, menu=True,
            trail=column.parent or "", last=heading, inner=inner,
        )  # fmt: skip

    def year(self, path: str, year: int) -> Page:
        """A column's documents of one year."""
        column = self.site.columns[path]
        address = addresses.column_year(column.address, year)
        spot = self._spot(address)

        def inner() -> dict[str, object]:
            items = self.outline.entries(self.site.ask(questions.documents_of_year, path, year))
            fed = self.site.ask(questions.has_feed, path)
            view = column_view(column, self.outline, spot, items, fed=fed)
            return {"column": view, "year": str(year)}

        label = self.words("{year}").format(year=year)
        heading = self.words("{name} in {year}").format(name=column.name, year=year)
        return self._page(
            "year.html", spot, "column", heading, column=column, address=address, menu=True,
            last=label, inner=inner,
        )  # fmt: skip

    def column_log(self, path: str) -> Page:
        """A column's own update log."""
        column = self.site.columns[path]
        address = addresses.column_log(column.address)
        spot = self._spot(address)

        def inner() -> dict[str, object]:
            months = months_of(self.outline.changes(path, LOG_NEWEST))
            return {
                "months": tuple(month_view(each, found, spot) for each, found in months.items()),
                "more": self.site.ask(questions.count_column_changes, path) > LOG_NEWEST,
                "shown": LOG_NEWEST,
            }

        heading = self.words("{name}: update log").format(name=column.name)
        return self._page(
            "column-log.html", spot, "log", heading, column=column, address=address, menu=True,
            last=self.words("Update log"), inner=inner,
        )  # fmt: skip

    # The site

    def home(self) -> Page:
        """The home page."""
        settings = self.site.settings
        spot = self._spot(addresses.HOME)

        def inner() -> dict[str, object]:
            columns = self.site.columns
            lists = [columns[path] for path in settings.home_columns if path in columns]
            services = [columns[path] for path in settings.service_columns if path in columns]
            top = self.outline.children("")
            root = self.outline.entries(self.outline.documents("")) if "" in columns else ()
            return {
                "changes": tuple(
                    change_view(each, spot)
                    for each in self.site.ask(questions.newest_changes, NEWEST)
                ),
                "lists": self._shelves(lists, spot, 6),
                "services": self._shelves(services, spot, 4, depth=1),
                "columns": self._shelves(top, spot, 0, depth=2),
                "blocks": self._shelves(self._blocks(top), spot, 0),
                "documents": tuple(list_item(each, spot) for each in root),
                "figures": tuple(
                    FigureView(each.label, each.value, each.unit, each.note,
                               link.href if (link := spot.document(each.link)) else "")
                    for each in settings.figures
                ),
            }  # fmt: skip

        return self._page(
            "home.html", spot, "home", settings.name, address=addresses.HOME, inner=inner
        )

    def _blocks(self, top: Sequence[Column]) -> Sequence[Column]:
        """The standard blocks of disclosure (国办公开办函〔2019〕61号), in their order."""
        below = [each for column in top for each in self.outline.children(column.path)]
        return [each for each in below if each.block]

    def log(self) -> Page:
        """The newest changes, and the months of the update log."""
        spot = self._spot(addresses.LOG)
        heading = self.words("Update log")

        def inner() -> dict[str, object]:
            newest = months_of(self.site.ask(questions.newest_changes, LOG_NEWEST))
            return {
                "newest": tuple(month_view(each, found, spot) for each, found in newest.items()),
                "months": tuple(
                    month_named(each, count, spot)
                    for each, count in self.site.ask(questions.log_months)
                ),
            }

        return self._page("log.html", spot, "log", heading, address=addresses.LOG, inner=inner)

    def log_month(self, month: str) -> Page:
        """The changes of one month (``2026-03``)."""
        address = addresses.log_month(month)
        spot = self._spot(address)
        heading = self.words("Update log, {month}").format(month=self.words.month(month))

        def inner() -> dict[str, object]:
            newer, older = self.site.ask(questions.months_around, month)
            return {
                "month": month_view(month, self.site.ask(questions.changes_of_month, month), spot),
                "log": Link(self.words("Update log"), spot.href(addresses.LOG)),
                "newer": month_named(*newer, spot) if newer[0] else None,
                "older": month_named(*older, spot) if older[0] else None,
            }

        return self._page("log-month.html", spot, "log", heading, address=address, inner=inner)

    def site_map(self) -> Page:
        """Every column and every service page on one page."""
        spot = self._spot(addresses.SITE_MAP)
        heading = self.words("Site map")

        def inner() -> dict[str, object]:
            paths = self.site.ask(questions.all_archived)
            archived = [self.site.columns[path] for path in paths]
            return {
                "columns": self._shelves(self.outline.children(""), spot, 0, depth=9),
                "archived": self._shelves(archived, spot, 0),
            }

        return self._page(
            "sitemap.html", spot, "map", heading, address=addresses.SITE_MAP, inner=inner
        )

    def not_found(self) -> Page:
        """The page for unknown addresses; its links are absolute, for it stands in for any page."""
        base = urlsplit(self.site.settings.base_url).path or "/"
        spot = Spot(self.site, self.words, base if base.endswith("/") else base + "/")
        heading = self.words("The page cannot be found")

        def inner() -> dict[str, object]:
            return {"columns": self._shelves(self.outline.children(""), spot, 0)}

        return self._page("404.html", spot, "missing", heading, index=False, inner=inner)

    def catalogue(self, number: int = 1) -> Page:
        """Page `number` of the directory of disclosures (政府信息公开目录)."""
        address = addresses.catalogue_page(number)
        spot = self._spot(address)
        heading = self.words("Directory of disclosures")
        if number > 1:
            heading = self.words("{name} (page {number})").format(name=heading, number=number)

        def inner() -> dict[str, object]:
            total = self.site.ask(count_rows)
            count = pages_of(total, CATALOGUE_PAGE)
            sections: dict[str, list[Row]] = {}
            for row in rows_of_page(self.site, number, CATALOGUE_PAGE):
                sections.setdefault(row.column, []).append(row)
            return {
                "sections": tuple(
                    catalogue_section(found, spot, place)
                    for place, found in enumerate(sections.values(), 1)
                ),
                "count": total,
                "pager": pager_of(number, count, addresses.catalogue_page, spot),
                "files": tuple(
                    Link(suffix.upper(), spot.href(addresses.catalogue_file(suffix)))
                    for suffix in ("csv", "xlsx", "json")
                ) if total else (),
            }  # fmt: skip

        return self._page(
            "catalogue.html", spot, "catalogue", heading, address=address, inner=inner
        )

    # Shared

    def _shelves(
        self, columns: Sequence[Column], spot: Spot, size: int, depth: int = 0
    ) -> tuple[Shelf, ...]:
        return tuple(shelf(each, self.outline, spot, size, depth) for each in columns)


def views_of(site: Site, theme: Theme) -> Views:
    """The views of a site, made once for a theme and kept with it."""
    kept = theme.kept
    if not isinstance(kept, Views) or kept.source is not site:
        kept = theme.kept = Views(site, theme)
    return kept
