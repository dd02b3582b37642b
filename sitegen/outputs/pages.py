"""Pages of documents: the text itself, what stands in its place when it is gone, and redirects."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.outputs.output import Made, Output, Workshop
from sitegen.render.page import Page
from sitegen.render.theme import Theme
from sitegen.render.views import views_of
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
        return made(output, views.redirect(redirect), workshop)
    return made(output, views.document(output.subject, workshop.facts), workshop)


def made(output: Output, page: Page, workshop: Workshop) -> Made:
    """Fill the template of a page, or only its layout where its inner part is there already."""
    theme, inner = workshop.theme, workshop.inner(output.address)
    if inner is None:
        rendering = theme.render(page.template, **page.frame, **page.inner())
    else:
        rendering = theme.surround(page.template, inner, **page.frame)
    return Made(
        rendering.content,
        problems=(*page.problems, *rendering.problems),
        inner=rendering.inner,
        around=inner is not None,
    )
