"""Plan: every output that the site has, each address once."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import ModuleType

from sitegen.engine import codes
from sitegen.outputs.output import Output, Produce
from sitegen.problems import Problem
from sitegen.render.theme import Theme
from sitegen.site.site import Site

MAKERS: Mapping[str, str] = {
    "page": "pages",
    "redirect": "pages",
    "listing": "listings",
    "asset": "listings",
    "download": "downloads",
    "archive": "archive",
    "catalogue": "catalogue",
    "feed": "feeds",
    "meta": "meta",
    "signpost": "signposts",
}
"""The module of ``sitegen.outputs`` that makes the outputs of each producer, in the order in which
they are planned. Who makes one page has no need of those that make spreadsheets."""


def modules() -> tuple[ModuleType, ...]:
    """All modules of producers, in the order in which their outputs are planned."""
    return tuple(map(_module, dict.fromkeys(MAKERS.values())))


def plan(site: Site, theme: Theme) -> tuple[tuple[Output, ...], tuple[Problem, ...]]:
    """All outputs in a fixed order, and the addresses that two of them claim."""
    outputs: list[Output] = []
    problems: list[Problem] = []
    taken: dict[str, Output] = {}
    for module in modules():
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


def producer(name: str) -> Produce:
    """The function that makes the outputs of a producer, by its name. Raises KeyError."""
    produce: Produce = _module(MAKERS[name]).produce
    return produce


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"sitegen.outputs.{name}")


def _described(output: Output) -> str:
    return f"{output.producer} {output.subject}".strip()
