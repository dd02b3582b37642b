"""Official classifications (``kinds/definitions/_*-codes.yaml``): codes and their names.

Names change from year to year, so each name may say since and until which year it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

from sitegen.source import nodes
from sitegen.source.yamlnodes import parse_yaml

CODE_LISTS = ("function-codes", "economic-codes")
"""The lists that rules may name: 支出功能分类科目, 部门预算支出经济分类科目."""


@dataclass(frozen=True, slots=True)
class CodeName:
    """A name of a code, with the first and the last year of its use (None: open)."""

    name: str
    since: int | None = None
    until: int | None = None

    def holds(self, year: int | None) -> bool:
        """Whether the name is in use in `year`; without a year any current name is."""
        if year is None:
            return self.until is None
        return (self.since or 0) <= year and (self.until is None or year <= self.until)


@dataclass(frozen=True, slots=True)
class CodeList:
    """A classification. `complete` are the code lengths at which all codes are listed."""

    title: str
    complete: frozenset[int]
    codes: Mapping[str, tuple[CodeName, ...]]

    def is_unknown(self, code: str) -> bool:
        """Whether the code, or the class that it belongs to, is certainly not in the list."""
        return any(
            len(code) >= length and code[:length] not in self.codes for length in self.complete
        )

    def names(self, code: str, year: int | None) -> tuple[str, ...]:
        """The names of a code in a year; empty when the list does not hold them."""
        return tuple(name.name for name in self.codes.get(code, ()) if name.holds(year))


@lru_cache(maxsize=8)
def code_list(name: str) -> CodeList:
    """A shipped list by its name. Raises KeyError for a name that is not in `CODE_LISTS`."""
    if name not in CODE_LISTS:
        raise KeyError(name)
    file = resources.files("sitegen.kinds") / "definitions" / f"_{name}.yaml"
    node, problems = parse_yaml(file.read_text("utf-8"), file.name)
    if problems or not isinstance(node, nodes.Mapping):
        raise ValueError(f"{file.name} is damaged: {problems}")
    parts = {key.text: value for key, value in node.entries}
    complete, title, codes = parts["complete"], parts["title"], parts["codes"]
    assert isinstance(complete, nodes.Sequence)
    assert isinstance(codes, nodes.Mapping)
    listed = {key.text: _names(value) for key, value in codes.entries}
    lengths = frozenset(int(_text(item)) for item in complete.items)
    return CodeList(_text(title), lengths, MappingProxyType(listed))


def _names(node: nodes.Node) -> tuple[CodeName, ...]:
    if isinstance(node, nodes.Sequence):
        return tuple(name for item in node.items for name in _names(item))
    if isinstance(node, nodes.Mapping):
        parts = {key.text: _text(value) for key, value in node.entries}
        since, until = parts.get("since"), parts.get("until")
        return (
            CodeName(parts["name"], int(since) if since else None, int(until) if until else None),
        )
    return (CodeName(_text(node)),)


def _text(node: nodes.Node) -> str:
    assert isinstance(node, nodes.Scalar)
    return node.text
