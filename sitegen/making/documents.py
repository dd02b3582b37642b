"""All documents of a site: as they were kept where that is provably the same, else read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sitegen.engine.pool import Workers
from sitegen.engine.reporter import Reporter
from sitegen.engine.values import digest_of
from sitegen.making.facts import LISTED, Fact, load_facts, problems_in, save_facts
from sitegen.making.reading import ReadContext, ReadGround, names_in, read_documents
from sitegen.problems import Problem
from sitegen.source.tree import Tree


@dataclass(frozen=True, slots=True)
class Documents:
    """The facts of all documents that could be read, by path, in order."""

    facts: Mapping[str, Fact]
    problems: tuple[Problem, ...]
    """Of all of them."""
    digests: Mapping[str, str]
    """SHA-256 (hex) of the bytes of those that were read now, by path."""
    folders: tuple[Path, ...]
    """Where their packs are: the first that has a pack counts."""
    differ: bool
    """Whether the store does not hold exactly these."""

    def keep(self, store: Path) -> None:
        """Keep them in the store, if their packs are there. Raises OSError."""
        if self.differ:
            save_facts(store, self.facts.values(), f"{_next_label(store)}.pack")


def documents_of(
    paths: Sequence[str],
    tree: Tree,
    ground: ReadGround,
    content: Callable[[str], str],
    store: Path,
    packs: Path,
    *,
    cached: bool,
    workers: Workers,
    reporter: Reporter,
) -> Documents:
    """The documents at `paths` (relative to ``content/``).

    `content` gives the SHA-256 (hex) of a file, '' where there is none. What is `cached` in the
    `store` is used if it holds; new packs go to `packs`, which may be the store.
    """
    known = load_facts(store) if cached else {}

    def answer(what: str, path: str) -> bytes:
        if what == LISTED:
            return digest_of(names_in(tree, path))
        return bytes.fromhex(content(path))

    facts: dict[str, Fact] = {}
    for path in paths:
        fact = known.get(path)
        if fact is not None:
            key = ground.key_of(path, content(path))
            if fact.holds(key, ground.kind_digests, answer):
                facts[path] = fact
    missing = [path for path in paths if path not in facts]
    context = ReadContext(tree, ground, packs, _next_label(store))
    read = read_documents(missing, context, workers, reporter)
    facts |= {fact.path: fact for fact in read.facts}
    facts = {path: facts[path] for path in paths if path in facts}
    problems = [each for fact in facts.values() for each in problems_in(fact.problems)]
    differ = bool(missing) or facts.keys() != known.keys()
    return Documents(facts, (*problems, *read.problems), read.digests, (packs, store), differ)


def _next_label(store: Path) -> str:
    """A name for packs that no pack in the store begins with."""
    try:
        taken = [path.name.partition("-")[0].partition(".")[0] for path in store.glob("*.pack")]
    except OSError:
        taken = []
    return f"{max((int(name) for name in taken if name.isdigit()), default=0) + 1:08d}"
