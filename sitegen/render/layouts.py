"""Layouts: what templates refer to, and which pages can be split.

A template that extends a layout fills some of its blocks. Where what it puts there cannot depend on
the layout, nor the layout on what else the template does, the blocks of a page that was made before
fit into another version of the layout as they are. Whatever is doubtful is not split: then the page
is made as a whole, which is slower and never wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from jinja2 import Environment, TemplateError, meta, nodes

LAID = frozenset({"head", "trail", "header", "menu", "footer"})
"""What of `page` is made from templates of the layout."""
_GIVEN = frozenset({"page", "site"})
"""The values of a page that its layout may use. All others belong to its inner part."""
_NAMING = (nodes.Assign, nodes.AssignBlock, nodes.Import, nodes.FromImport, nodes.Macro)
"""What gives names to the templates that extend the one in which it stands."""


Kind = TypeVar("Kind", bound=nodes.Node)


@dataclass(frozen=True, slots=True)
class Split:
    """A page's template, split: the layout that it extends in the end, and those of the layout's
    blocks that it fills, sorted. `inner` are all templates that these may lead to."""

    layout: str
    blocks: tuple[str, ...]
    inner: frozenset[str]


class Layouts:
    """The templates of a theme as they refer to each other; see `Theme`."""

    __slots__ = ("_alone", "_environment", "_references", "_sources", "_splits", "_trees", "_used")

    def __init__(self, environment: Environment, sources: Mapping[str, tuple[str, str]]) -> None:
        """`sources` has the place and the text of each template, by name."""
        self._environment = environment
        self._sources = sources
        self._trees: dict[str, nodes.Template | None] = {}
        self._references: dict[str, tuple[str | None, ...]] = {}
        self._splits: dict[str, Split | None] = {}
        self._alone: dict[str, bool] = {}
        self._used: dict[str, frozenset[str] | None] = {}

    def closure(self, name: str) -> frozenset[str]:
        """A template with all that it may lead to, whether they are there or not."""
        return self._reach([name])

    def split(self, name: str) -> Split | None:
        """How to split the pages of a template; None if that might go wrong."""
        if name not in self._splits:
            try:
                self._splits[name] = self._split(name)
            except (TemplateError, RecursionError):  # told when it is used
                self._splits[name] = None
        return self._splits[name]

    def _split(self, name: str) -> Split | None:
        own = self._chain(name)
        if len(own) < 2:
            return None
        layout = own.pop()
        trees = [self._tree(each) for each in own]
        last = self._tree(layout)
        around = self._reach([layout])
        # One of its own that is included somewhere leads to the layout all the same.
        inner = self._reach([ref for each in own for ref in self._beside_parent(each)]) | {*own}
        if last is None or None in trees or not around | inner <= self._sources.keys():
            return None
        offered = {block.name for block in last.body if isinstance(block, nodes.Block)}
        filling = [
            block for tree in trees for block in _all(tree, nodes.Block) if block.name in offered
        ]
        if not filling or not (
            self._layout_sees_only_its_own(around, own)
            and all(block in last.body and not block.scoped for block in _all(last, nodes.Block))
            and not any(isinstance(node, _NAMING) for node in _outside_blocks(last))
            and not any(_names(block, "super") for block in filling)
            and all(map(self._leaves_layout_alone, inner))
            and all(map(_says_nothing_beside_blocks, trees))
        ):
            return None
        return Split(layout, tuple(sorted({block.name for block in filling})), inner)

    def _layout_sees_only_its_own(self, around: Iterable[str], own: Iterable[str]) -> bool:
        """Whether no name that the layout uses comes from the inner part."""
        given: set[str] = set()
        for each in own:
            given |= _given_names(self._tree(each))
        known = _GIVEN | self._environment.globals.keys()
        for each in around:
            used = self._names_from_outside(each)
            if used is None or not used <= known:
                return False
        return not given & known

    def _names_from_outside(self, name: str) -> frozenset[str] | None:
        """What a template uses and does not name itself; None where that is not known."""
        if name not in self._used:
            tree = self._tree(name)
            plain = tree is not None and not _names(tree, "self")
            self._used[name] = (
                frozenset(meta.find_undeclared_variables(tree)) if tree and plain else None
            )
        return self._used[name]

    def _leaves_layout_alone(self, name: str) -> bool:
        """Whether a template of the inner part uses nothing that is made from the layout."""
        if name not in self._alone:
            self._alone[name] = _leaves_layout_alone(self._tree(name))
        return self._alone[name]

    def _chain(self, name: str) -> list[str]:
        """A template, the one that it extends, and so on; empty where that is not plain."""
        found = [name]
        while True:
            tree = self._tree(found[-1])
            if tree is None:
                return []
            extending = [*_all(tree, nodes.Extends)]
            if not extending:
                return found
            parent = extending[0].template
            if (
                len(extending) > 1
                or extending[0] not in tree.body
                or not isinstance(parent, nodes.Const)
                or parent.value in found
            ):
                return []
            found.append(parent.value)

    def _beside_parent(self, name: str) -> list[str | None]:
        """What a template refers to, but for the one that it extends."""
        references = [*self._referenced(name)]
        tree = self._tree(name)
        for each in _all(tree, nodes.Extends) if tree else ():
            assert isinstance(each.template, nodes.Const)
            references.remove(each.template.value)
        return references

    def _reach(self, references: Iterable[str | None]) -> frozenset[str]:
        """All templates that some may lead to."""
        reached: set[str] = set()
        waiting: list[str | None] = [*references]
        while waiting:
            name = waiting.pop()
            if name is None:  # a name that is computed may be any template
                waiting += self._sources.keys() - reached
            elif name not in reached:
                reached.add(name)
                waiting += self._referenced(name)
        return frozenset(reached)

    def _referenced(self, name: str) -> tuple[str | None, ...]:
        """The templates that a template names itself; None for a name that is computed."""
        if name not in self._references:
            tree = self._tree(name)
            found = () if tree is None else meta.find_referenced_templates(tree)
            self._references[name] = tuple(found)
        return self._references[name]

    def _tree(self, name: str) -> nodes.Template | None:
        """A template, read; None if it is missing or faulty."""
        if name not in self._trees:
            try:
                self._trees[name] = self._environment.parse(self._sources[name][1])
            except (KeyError, TemplateError, RecursionError):
                self._trees[name] = None
        return self._trees[name]


def _all(tree: nodes.Node | None, kind: type[Kind]) -> Iterator[Kind]:
    return iter(()) if tree is None else tree.find_all(kind)


def _names(tree: nodes.Node, name: str) -> bool:
    return any(each.name == name for each in tree.find_all(nodes.Name))


def _given_names(tree: nodes.Node | None) -> set[str]:
    """The names that a template gives to others, and some that it does not."""
    if tree is None:
        return set()
    found = {each.name for each in tree.find_all(nodes.Name) if each.ctx != "load"}
    found |= {each.name for each in tree.find_all(nodes.Macro)}
    found |= {each.target for each in tree.find_all(nodes.Import)}
    for each in tree.find_all(nodes.FromImport):
        found |= {name if isinstance(name, str) else name[1] for name in each.names}
    return found


def _outside_blocks(tree: nodes.Node) -> Iterator[nodes.Node]:
    for each in tree.iter_child_nodes():
        if not isinstance(each, nodes.Block):
            yield each
            yield from _outside_blocks(each)


def _says_nothing_beside_blocks(tree: nodes.Node | None) -> bool:
    """Whether a template puts out nothing but blocks: what stands before ``extends`` comes out in
    front of the layout, and so does what is included or called beside the blocks."""
    if not isinstance(tree, nodes.Template):
        return False
    extended = False
    for each in tree.body:
        if isinstance(each, nodes.Extends):
            extended = True
        elif not isinstance(each, _NAMING) and not (
            extended and isinstance(each, (nodes.Block, nodes.Output))
        ):
            return False
    return True


def _leaves_layout_alone(tree: nodes.Node | None) -> bool:
    if tree is None or _names(tree, "self"):
        return False
    harmless = {
        id(each.node)
        for each in tree.find_all(nodes.Getattr)
        if isinstance(each.node, nodes.Name) and each.attr not in LAID
    }
    pages = [each for each in tree.find_all(nodes.Name) if each.name == "page"]
    return all(id(each) in harmless for each in pages)
