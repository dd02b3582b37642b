"""Pages that list others: home, columns, years, update log, directory, site map; and 404.

The theme's static files are planned here too, for these pages and all others need them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sitegen.outputs.output import Made, Output, Workshop
from sitegen.outputs.pages import made
from sitegen.render.lists import pages_of
from sitegen.render.page import Page
from sitegen.render.theme import Theme
from sitegen.render.views import CATALOGUE_PAGE, Views, views_of
from sitegen.site import addresses
from sitegen.site.questions import log_months
from sitegen.site.site import Column, Site

PRODUCERS = ("listing", "asset")


def plan(site: Site, theme: Theme) -> Iterator[Output]:
    """Every listing of the site, then the theme's static files."""
    views = views_of(site, theme)
    yield Output(addresses.HOME, "listing", part="home")
    for column in site.columns.values():
        # The root is the home page; a merged column is a redirect.
        if column.path and column.status != "merged":
            yield from _of_column(column, views)
    yield Output(addresses.LOG, "listing", part="log")
    for month, _ in site.ask(log_months):
        yield Output(addresses.log_month(month), "listing", part=f"month:{month}")
    count = sum(entry.state == "published" for entry in site.entries.values())
    for number in range(1, pages_of(count, CATALOGUE_PAGE) + 1):
        yield Output(addresses.catalogue_page(number), "listing", part=f"catalogue:{number}")
    yield Output(addresses.SITE_MAP, "listing", part="map")
    yield Output(addresses.NOT_FOUND, "listing", part="missing")
    for static in theme.statics.values():
        yield Output(static.address, "asset", static.name)


def _of_column(column: Column, views: Views) -> Iterator[Output]:
    path, folder = column.path, column.address
    outline = views.outline
    for number in range(1, pages_of(len(outline.documents(path)), column.page_size) + 1):
        yield Output(addresses.column_page(folder, number), "listing", path, f"column:{number}")
    years = outline.years(path)
    if len(years) > 1:
        for year in years:
            yield Output(addresses.column_year(folder, year), "listing", path, f"year:{year}")
    if outline.has_changes(path):
        yield Output(addresses.column_log(folder), "listing", path, "column-log")


def produce(output: Output, workshop: Workshop) -> Made:
    """Make one of them."""
    if output.producer == "asset":
        return Made(workshop.theme.statics[output.subject].content)
    name, _, detail = output.part.partition(":")
    page = _PAGES[name](views_of(workshop.site, workshop.theme), output.subject, detail)
    return made(output, page, workshop)


_PAGES: dict[str, Callable[[Views, str, str], Page]] = {
    "home": lambda views, path, detail: views.home(),
    "column": lambda views, path, detail: views.column(path, int(detail)),
    "year": lambda views, path, detail: views.year(path, int(detail)),
    "column-log": lambda views, path, detail: views.column_log(path),
    "log": lambda views, path, detail: views.log(),
    "month": lambda views, path, detail: views.log_month(detail),
    "catalogue": lambda views, path, detail: views.catalogue(int(detail)),
    "map": lambda views, path, detail: views.site_map(),
    "missing": lambda views, path, detail: views.not_found(),
}
