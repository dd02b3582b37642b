"""Traces: what making each output looked at, and the decision which outputs must be made again.

`stale` is the whole decision, and pure: an output must be made again exactly if something that
making it looked at is not as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sitegen.engine.recorder import Trace

Changed = Mapping[str, int]
"""Subjects that are not as they were, each with the bits of the facets that differ."""


class Broken(NamedTuple):
    """Why an output is stale: a subject that it looked at, and the facets that differ."""

    subject: str
    facets: int


def stale(
    traces: Mapping[str, Trace], changed: Changed, groups: Mapping[str, Trace] | None = None
) -> dict[str, tuple[Broken, ...]]:
    """The outputs that must be made again, each with what broke it, in the order of the traces.

    `groups` are the traces of shared parts, by the subject under which outputs name them.
    """
    spread = _with_groups(changed, groups or {})
    if not spread:
        return {}
    found: dict[str, tuple[Broken, ...]] = {}
    for output, trace in traces.items():
        if broken := _broken(trace, spread):
            found[output] = broken
    return found


def _broken(trace: Trace, changed: Changed) -> tuple[Broken, ...]:
    small, large = (trace, changed) if len(trace) < len(changed) else (changed, trace)
    return tuple(
        Broken(subject, differing)
        for subject in small
        if subject in large and (differing := trace[subject] & changed[subject])
    )


def _with_groups(changed: Changed, groups: Mapping[str, Trace]) -> dict[str, int]:
    """`changed`, with the shared parts that are not as they were; parts may hold parts."""
    spread = dict(changed)
    waiting = True
    while waiting:
        fresh = [
            name for name, trace in groups.items() if name not in spread and _broken(trace, spread)
        ]
        spread |= dict.fromkeys(fresh, 1)
        waiting = bool(fresh)
    return spread


def causes(broken: Iterable[Broken], changed: Changed, groups: Mapping[str, Trace]) -> set[Broken]:
    """What broke an output in the end: shared parts replaced by what broke them."""
    found: set[Broken] = set()
    seen: set[str] = set()
    waiting = list(broken)
    spread = _with_groups(changed, groups)
    while waiting:
        each = waiting.pop()
        if each.subject in groups and each.subject not in changed:
            if each.subject not in seen:
                seen.add(each.subject)
                waiting += _broken(groups[each.subject], spread)
        else:
            found.add(each)
    return found
