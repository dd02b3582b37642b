"""Keeping: what a build leaves for the next one to know."""

from __future__ import annotations

from dataclasses import dataclass

from sitegen.engine.book import Book
from sitegen.engine.stamps import moment_in, stamp_at
from sitegen.engine.values import packed
from sitegen.engine.workspace import Workspace
from sitegen.making.comparing import theme_face
from sitegen.making.facts import Facts
from sitegen.making.frame import Frame
from sitegen.making.idle import record_digest
from sitegen.making.memory import FORMAT, Head, Memory
from sitegen.making.options import BuildOptions
from sitegen.making.outcome import Columns
from sitegen.making.remaking import Made
from sitegen.making.scene import Scene
from sitegen.making.sitestate import Ground, SiteState
from sitegen.problems import Problem
from sitegen.render.theme import Theme
from sitegen.source.history import History

_SLACK = 20_000
"""So many traces that nobody needs may stand in a book before it is written anew."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known at the end of a build. What is the `same` as before is kept already."""

    memory: Memory
    scene: Scene
    space: Workspace
    options: BuildOptions
    frame: Frame
    state: SiteState
    theme: Theme
    facts: Facts
    choices: bytes
    history_key: str
    history: tuple[History, tuple[Problem, ...]]
    problems: tuple[Problem, ...]
    frame_found: tuple[Problem, ...]
    theme_found: tuple[Problem, ...]
    same_frame: bool
    same_site: bool
    same_theme: bool


def keep(made: Made, kept: Kept) -> None:
    """Write down all that the next build may want to know. Raises OSError."""
    frame, state, theme = kept.frame, kept.state, kept.theme
    columns, book = _outcome(made, kept)
    head = Head(
        FORMAT, kept.memory.code, kept.choices, frame.settings.timezone, kept.history_key,
        kept.scene.content.limits, kept.facts.identity, record_digest(kept.space.record),
        len(state.site.entries),
    )  # fmt: skip
    sections: dict[str, bytes | None] = {
        "content": packed(kept.scene.content.record()),
        "themes": packed(kept.scene.themes_record()),
        "program": packed(kept.memory.program),
        "problems": packed(kept.problems),
        "left": packed(columns.left()),
        "book": book.packed(),
        "inner": packed(columns.inner),
        "faces": packed(kept.facts.faces()),
        "reasons": packed({made.plan.addresses[row]: why for row, why in made.reasons.items()}),
        "addresses": None,
        "plan": None,
        "ground": None,
        "theme-problems": None,
        "theme": None,
        "history": None,
        "left-out": None,
        "site": None,
        "entries": None,
    }
    if made.plan.columns is not None:
        sections["addresses"], sections["plan"] = made.plan.columns
    if not kept.same_frame:
        ground = Ground(
            frame.settings, frame.kinds, frame.calendar, frame.columns, dict(frame.marks),
            kept.frame_found, kept.options.base_url,
        )  # fmt: skip
        sections["ground"] = packed(ground)
    known = kept.memory.theme().parts if kept.same_theme else {}
    face = theme_face(theme, book.subjects, known)
    if not (kept.same_theme and face.parts.keys() <= known.keys()):
        sections |= {"theme": packed(face), "theme-problems": packed(kept.theme_found)}
    if not kept.same_site:
        sections |= {
            "history": packed(kept.history),
            "left-out": packed(state.site.left_out),
            **state.sections(),
        }
    sections["head"] = packed(head)
    kept.memory.ledger.save(sections)


def _outcome(made: Made, kept: Kept) -> tuple[Columns, Book]:
    """The outputs as they are left now, and the book of their traces."""
    plan, folder = made.plan, str(kept.options.output)
    left = made.seen.left if made.seen else None
    columns = Columns(left, kept.memory.inner() if left else {}, made.old_rows)
    if made.seen is not None and made.seen.fresh:
        rows = {old: row for row, old in enumerate(made.old_rows) if old >= 0}
        for old, stamp in made.seen.fresh.items():
            if old in rows:
                columns.stamp(rows[old], stamp, kept.scene.moment)
    book = made.book
    results = {each.written.address: each for each in made.result.made}
    fresh = {file.address: file for file in made.written}
    moment = moment_in(kept.space.staged)
    for row in made.reasons:
        address = plan.addresses[row]
        result = results.get(address)  # the manifest has none: nothing that it lists is noted
        if result is None:
            columns.made(row, fresh[address], book.place({}), b"", b"")
        else:
            found = packed(result.problems) if result.problems else b""
            columns.made(row, fresh[address], result.trace, found, result.inner)
        columns.stamp(row, stamp_at(f"{folder}/{address}"), moment)
    book.add_groups(made.result.groups)
    book.add_answers(made.result.answers)
    living = columns.traces()
    if len(book) > 2 * len(living) + _SLACK:
        book, numbers = _anew(book, living)
        columns.renumbered(numbers)
    return columns, book


def _anew(book: Book, living: frozenset[int]) -> tuple[Book, dict[int, int]]:
    """A book of those traces alone, and the new number of each."""
    new = Book()
    numbers = {number: new.place(book.trace(number)) for number in sorted(living)}
    new.add_groups(book.group_traces())
    new.add_answers(book.answers)
    return new, numbers
