"""All documents of a site: as they were kept where that is provably the same, else read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sitegen.engine.pool import Workers
from sitegen.engine.reporter import Reporter
from sitegen.engine.values import digest_of
from sitegen.making.facts import LISTED, Facts
from sitegen.making.reading import ReadContext, ReadGround, default_kind, names_in, read_documents
from sitegen.problems import Problem
from sitegen.source.tree import Tree


@dataclass(frozen=True, slots=True)
class Documents:
    """The facts of all documents that could be read, by path, in order."""

    facts: Facts
    problems: tuple[Problem, ...]
    """Of all of them."""
    read: tuple[str, ...]
    """The paths of those that were read now."""
    folders: tuple[Path, ...]
    """Where their packs are: the first that has a pack counts."""
    known: Facts
    """What the store holds."""

    def keep(self, store: Path) -> Facts:
        """Keep them in the store, if their packs are there, and give them as they are then.

        Raises OSError.
        """
        if self.facts is self.known:
            return self.known
        return self.facts.save(store, f"{_next_label(store)}.pack")


def documents_of(
    paths: Sequence[str],
    tree: Tree,
    ground: ReadGround,
    content: Callable[[str], bytes],
    store: Path,
    packs: Path,
    *,
    cached: bool,
    workers: Workers,
    reporter: Reporter,
    doubtful: Callable[[Facts], Iterable[str]] | None = None,
) -> Documents:
    """The documents at `paths` (relative to ``content/``).

    `content` gives the SHA-256 of a file, empty where there is none. What is `cached` in the
    `store` is used if it holds; new packs go to `packs`, which may be the store. Of what is known,
    only `doubtful` documents may not hold any more; without it, all may.
    """
    known = Facts.load(store, ground.digest) if cached else Facts.none(ground.digest)

    def answer(what: str, path: str) -> bytes:
        return digest_of(names_in(tree, path)) if what == LISTED else content(path)

    def holds(path: str) -> bool:
        if path not in known:
            return False
        default = default_kind(path, ground.default_kinds)
        return known[path].holds(content(path), default, ground.kind_digests, answer)

    missing = [path for path in (doubtful(known) if doubtful else paths) if not holds(path)]
    context = ReadContext(tree, ground, packs, _next_label(store))
    read = read_documents(missing, context, workers, reporter)
    facts = known
    if missing or len(known) != len(paths):
        facts = known.changed_to(paths, read.facts, read.cards)
    problems = (*facts.problems(), *read.problems)
    were_read = tuple(fact.path for fact in read.facts)
    return Documents(facts, problems, were_read, (packs, store), known)


def _next_label(store: Path) -> str:
    """A name for packs that no pack in the store begins with."""
    try:
        taken = [path.name.partition("-")[0].partition(".")[0] for path in store.glob("*.pack")]
    except OSError:
        taken = []
    return f"{max((int(name) for name in taken if name.isdigit()), default=0) + 1:08d}"
