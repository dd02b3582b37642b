"""Markdown bodies to safe HTML, without knowing where anything will be published."""

from __future__ import annotations

from dataclasses import dataclass

from sitegen.site.cards import LinkCard


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a body: `level` 2 to 6, its stable id, its plain text."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered body.

    In `html`, links and pictures that name source files read ``sitegen:path#fragment`` with the
    path relative to ``content/``; ``views`` puts the relative address in when the page is made.
    """

    html: str
    headings: tuple[Heading, ...] = ()
    links: tuple[LinkCard, ...] = ()
    text: str = ""
    """The plain text, for summaries and feeds."""
