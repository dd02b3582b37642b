"""What an output is: a planned file, and who makes it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import msgspec

from sitegen.problems import Problem
from sitegen.render.page import Facts
from sitegen.render.theme import Theme
from sitegen.site.site import Site


class Output(msgspec.Struct, frozen=True):
    """A planned file. `address` is its path in the output folder.

    `producer` names the function that makes it (``page``, ``listing`` …); `subject` is what it is
    about (a document's path, a column's path …); `part` says which piece (a page number, a table).
    """

    address: str
    producer: str
    subject: str = ""
    part: str = ""


Value = TypeVar("Value")


class Desk:
    """What outputs share while they are made one after another: pure functions' results, kept.

    Outputs of one document come together, so what belongs to a document is kept until another
    one's turn; what belongs to the site is kept as long as the workshop.
    """

    __slots__ = ("_site", "_subject", "_this")

    def __init__(self) -> None:
        self._subject = ""
        self._this: dict[Hashable, object] = {}
        self._site: dict[Hashable, object] = {}

    def of_subject(self, subject: str, key: Hashable, make: Callable[[], Value]) -> Value:
        """What `make` gave for that key of that subject, made now if it is not here."""
        if subject != self._subject:
            self._subject, self._this = subject, {}
        if key not in self._this:
            self._this[key] = make()
        return self._this[key]  # type: ignore[return-value]

    def of_site(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What `make` gave for that key, made now if it is not here. For few and small things."""
        if key not in self._site:
            self._site[key] = make()
        return self._site[key]  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a producer may use: the site, the theme, and the facts of single documents."""

    site: Site
    theme: Theme
    facts: Facts
    read: Callable[[str], bytes] | None = None
    """The bytes of a source file, by its path relative to ``content/``."""
    desk: Desk = field(default_factory=Desk, compare=False, repr=False)
    inner: Callable[[str], tuple[bytes, ...] | None] = lambda address: None
    """The inner part of the page at an address as it was made before, in the order of its split,
    if only what surrounds it is to be made; see ``render.layouts``."""


Produce = Callable[[Output, Workshop], "Made"]


@dataclass(frozen=True, slots=True)
class Made:
    """The bytes of an output, or the source file to copy (relative to ``content/``)."""

    content: bytes = b""
    copy_of: str = ""
    problems: tuple[Problem, ...] = ()
    sha256: str = ""
    """The digest of the content (hex), where it is known already."""
    inner: tuple[tuple[int, int], ...] = ()
    """Where in the content the inner part of a page is, in bytes."""
    around: bool = False
    """Whether only what surrounds that part was made."""


class Producer(Protocol):
    """A module of ``outputs``: what it plans, and how each is made."""

    PRODUCERS: tuple[str, ...]
    """The names under which its outputs call for `produce` (`Output.producer`)."""

    def plan(self, site: Site, theme: Theme) -> Iterator[Output]:
        """Every output of this sort that the site has, in a fixed order."""

    def produce(self, output: Output, workshop: Workshop) -> Made:
        """Make one of them."""
