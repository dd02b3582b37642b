"""Traces: what making each output looked at, and the decision which outputs must be made again.

`stale` is the whole decision, and pure: an output must be made again exactly if something that
making it looked at is not as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import NamedTuple, TypeVar

from sitegen.engine.recorder import Trace

Key = TypeVar("Key", bound=Hashable)
Changed = Mapping[str, int]
"""Subjects that are not as they were, each with the bits of the facets that differ."""


class Broken(NamedTuple):
    """Why an output is stale: a subject that it looked at, and the facets that differ."""

    subject: str
    facets: int


def stale(
    traces: Mapping[Key, Trace], changed: Changed, groups: Mapping[str, Trace] | None = None
) -> dict[Key, tuple[Broken, ...]]:
    """The outputs that must be made again, each with what broke it, in the order of the traces.

    `groups` are the traces of shared parts, by the subject under which outputs name them; what
    broke a shared part is told for those that use it.
    """
    broken_groups = _broken_groups(changed, groups or {})
    spread = {**changed, **dict.fromkeys(broken_groups, 1)}
    if not spread:
        return {}
    found: dict[Key, tuple[Broken, ...]] = {}
    for output, trace in traces.items():
        if broken := _broken(trace, spread):
            found[output] = _resolved(broken, broken_groups)
    return found


def outside_only(
    traces: Mapping[Key, Trace],
    changed: Changed,
    groups: Mapping[str, Trace],
    outside: Callable[[str], bool],
) -> frozenset[Key]:
    """Of some stale outputs, those of which nothing but the outside must be made again.

    `outside` says of a subject, or of a shared part, whether outputs look at it for their outside
    alone; all else may show anywhere in them.
    """
    broken_groups = _broken_groups(changed, groups)
    spread = {**changed, **dict.fromkeys(broken_groups, 1)}
    inside = {subject: facets for subject, facets in spread.items() if not outside(subject)}
    if len(inside) == len(spread):
        return frozenset()
    return frozenset(output for output, trace in traces.items() if not _broken(trace, inside))


def _broken(trace: Trace, changed: Changed) -> tuple[Broken, ...]:
    small, large = (trace, changed) if len(trace) < len(changed) else (changed, trace)
    return tuple(
        Broken(subject, differing)
        for subject in small
        if subject in large and (differing := trace[subject] & changed[subject])
    )


def _broken_groups(changed: Changed, groups: Mapping[str, Trace]) -> dict[str, tuple[Broken, ...]]:
    """The shared parts that are not as they were, each with what broke it; parts hold parts."""
    found: dict[str, tuple[Broken, ...]] = {}
    spread = dict(changed)
    waiting = bool(changed)
    while waiting:
        fresh = {
            name: broken
            for name, trace in groups.items()
            if name not in found and (broken := _broken(trace, spread))
        }
        found |= {name: _resolved(broken, found) for name, broken in fresh.items()}
        spread |= dict.fromkeys(fresh, 1)
        waiting = bool(fresh)
    return found


def _resolved(
    broken: tuple[Broken, ...], groups: Mapping[str, tuple[Broken, ...]]
) -> tuple[Broken, ...]:
    """What broke something in the end: broken parts replaced by what broke them; sorted."""
    if not any(each.subject in groups for each in broken):
        return tuple(sorted(broken))
    found: dict[str, int] = {}
    for each in broken:
        for cause in groups.get(each.subject, (each,)):
            found[cause.subject] = found.get(cause.subject, 0) | cause.facets
    return tuple(Broken(subject, found[subject]) for subject in sorted(found))
