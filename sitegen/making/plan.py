"""Plan: every output that the site has, each address once."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from sitegen.engine import codes
from sitegen.outputs import (
    archive,
    catalogue,
    downloads,
    feeds,
    listings,
    meta,
    pages,
    signposts,
)
from sitegen.outputs.output import Output, Produce
from sitegen.problems import Problem
from sitegen.render.theme import Theme
from sitegen.site.site import Site

MODULES: tuple[ModuleType, ...] = (
    pages,
    listings,
    downloads,
    archive,
    catalogue,
    feeds,
    meta,
    signposts,
)
"""The producers, in the order in which their outputs are planned."""


def plan(site: Site, theme: Theme) -> tuple[tuple[Output, ...], tuple[Problem, ...]]:
    """All outputs in a fixed order, and the addresses that two of them claim."""
    outputs: list[Output] = []
    problems: list[Problem] = []
    taken: dict[str, Output] = {}
    for module in MODULES:
        for output in module.plan(site, theme):
            other = taken.setdefault(output.address.casefold(), output)
            if other is output:
                outputs.append(output)
                continue
            problems.append(
                codes.TWO_PRODUCERS.at(
                    None, address=output.address, first=_described(other), second=_described(output)
                )
            )
    return tuple(outputs), tuple(problems)


def producers() -> Mapping[str, Produce]:
    """The function that makes the outputs of each producer, by its name."""
    return {name: module.produce for module in MODULES for name in module.PRODUCERS}


def _described(output: Output) -> str:
    return f"{output.producer} {output.subject}".strip()
