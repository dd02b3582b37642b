"""Pages of documents: the text itself, what stands in its place when it is gone, and redirects."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.outputs.output import Made, Output, Workshop
from sitegen.render.theme import Theme
from sitegen.render.views import Page, views_of
from sitegen.site.questions import redirect_at
from sitegen.site.site import Site

PRODUCERS = ("page", "redirect")


def plan(site: Site, theme: Theme) -> Iterator[Output]:
    """A page for every document that has one, tombstones among them; then the old addresses."""
    for path, entry in site.entries.items():
        yield Output(entry.address, "page", path)
    for redirect in site.redirects:
        yield Output(redirect.address, "redirect", redirect.target)


def produce(output: Output, workshop: Workshop) -> Made:
    """Make one of them."""
    views = views_of(workshop.site, workshop.theme)
    if output.producer == "redirect":
        redirect = workshop.site.ask(redirect_at, output.address)
        return made(views.redirect(redirect), workshop.theme)
    return made(views.document(output.subject, workshop.facts), workshop.theme)


def made(page: Page, theme: Theme) -> Made:
    """Fill the template of a page."""
    rendering = theme.render(page.template, **page.values)
    return Made(rendering.text.encode(), problems=(*page.problems, *rendering.problems))
