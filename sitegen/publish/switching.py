"""Switching all hosts of a target together, forward or back, and the releases that stand there."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from sitegen.problems import Location, Problem
from sitegen.publish import codes
from sitegen.publish.manifest import MANIFEST, Head, digest_of, stamp
from sitegen.publish.place import HostError, Lock, Place, Standing
from sitegen.publish.smoke import try_site
from sitegen.publish.target import Target

DONE, PROBLEMS, WRONG, FAILED = 0, 1, 2, 3
"""The exit statuses of what is done with releases."""
SSH = ("ssh",)


@dataclass(frozen=True, slots=True)
class Release:
    """A release that stands on hosts of a target."""

    name: str
    head: Head
    current_on: tuple[str, ...]
    """The hosts that serve it."""
    missing_on: tuple[str, ...]
    """The hosts that do not have it."""


@dataclass(frozen=True, slots=True)
class Releases:
    """All releases of a target, newest first."""

    status: int
    problems: tuple[Problem, ...] = ()
    releases: tuple[Release, ...] = ()


@dataclass(frozen=True, slots=True)
class RollbackResult:
    """What became of going back to an earlier release."""

    status: int
    problems: tuple[Problem, ...] = ()
    before: str = ""
    after: str = ""


class SwitchError(Exception):
    """Switching failed; all hosts that could be reached serve what they served before."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(*(problem.message() for problem in problems))
        self.problems = tuple(problems)


def places_of(target: Target, ssh: Sequence[str] = SSH) -> tuple[Place, ...]:
    """The hosts of a target, always in the same order, so that two publishers never deadlock."""
    return tuple(Place(host, ssh) for host in sorted(target.hosts, key=str))


@contextmanager
def locked(places: Sequence[Place], owner: str, wait: int) -> Iterator[tuple[Lock, ...]]:
    """Hold the locks of all hosts. Raises HostError."""
    with ExitStack() as stack:
        yield tuple(stack.enter_context(place.lock(owner, wait)) for place in places)


def look_at_all(places: Sequence[Place]) -> list[Standing]:
    """What stands on each of the hosts, asked at the same time. Raises HostError."""
    with ThreadPoolExecutor(len(places) or 1) as pool:
        return list(pool.map(Place.look, places))


def list_releases(target: Target, ssh: Sequence[str] = SSH) -> Releases:
    """The releases that stand on the hosts of a target. Hashes nothing, changes nothing."""
    try:
        places = places_of(target, ssh)
        hosts = [str(place.host) for place in places]
        standings = dict(zip(hosts, look_at_all(places), strict=True))
    except HostError as error:
        return Releases(FAILED, (error.problem,))
    return Releases(DONE, _differing(standings), _joined(standings))


def roll_back(
    target: Target,
    name: str | None,
    now: datetime.datetime,
    *,
    owner: str = "sitegen",
    wait: int = 0,
    dry_run: bool = False,
    ssh: Sequence[str] = SSH,
) -> RollbackResult:
    """Serve an earlier release again, on all hosts; by default the one before the current.

    `name` may be its beginning, as far as it is clear. Hashes nothing.
    """
    places = places_of(target, ssh)
    try:
        if dry_run:
            standings = look_at_all(places)
            before, after, problem = _goal(places, standings, name)
            return RollbackResult(WRONG, (problem,)) if problem else _back(before, after)
        with locked(places, owner, wait):
            standings = look_at_all(places)
            before, after, problem = _goal(places, standings, name)
            if problem is not None:
                return RollbackResult(WRONG, (problem,))
            expected = [(MANIFEST, digest_of(places[0].read(after, MANIFEST)))]
            switch_all(places, standings, after, target.url, expected)
            told = settle_all(places, "rollback", after, standings[0].releases[after].commit, now)
            return RollbackResult(DONE, told, before, after)
    except HostError as error:
        return RollbackResult(FAILED, (error.problem,))
    except SwitchError as error:
        return RollbackResult(FAILED, error.problems)


def _back(before: str, after: str) -> RollbackResult:
    return RollbackResult(DONE, (), before, after)


def switch_all(
    places: Sequence[Place],
    standings: Sequence[Standing],
    release: str,
    url: str = "",
    expected: Sequence[tuple[str, str]] = (),
) -> None:
    """Serve a release on all hosts, and try it at `url`; if anything fails, bring all hosts back.

    `expected` are (address, SHA-256) pairs that must be served then. Raises SwitchError.
    """
    tried: list[tuple[Place, str]] = []
    try:
        for place, standing in zip(places, standings, strict=True):
            if standing.current != release:
                tried.append((place, standing.current))
                place.switch(release, standing.current)
        if url and (problem := try_site(url, expected)):
            raise SwitchError([problem])
    except HostError as error:
        raise SwitchError([error.problem, *_all_back(tried, release)]) from None
    except SwitchError as error:
        raise SwitchError([*error.problems, *_all_back(tried, release)]) from None
    except BaseException:
        _all_back(tried, release)
        raise


def settle_all(
    places: Sequence[Place], act: str, release: str, commit: str, now: datetime.datetime
) -> tuple[Problem, ...]:
    """Write what was done into the log of every host; a host that cannot is told of."""
    problems: list[Problem] = []
    for place in places:
        try:
            place.settle(act, release, commit, stamp(now.astimezone(datetime.UTC)))
        except HostError as error:
            problems.append(not_tidy(place, error))
    return tuple(problems)


def not_tidy(place: Place, error: HostError) -> Problem:
    """Something failed on a host after all was switched."""
    host = str(place.host)
    reason = dict(error.problem.values).get("reason", error.problem.message())
    return codes.NOT_TIDY.at(Location(host), host=host, reason=reason)


def _all_back(tried: Sequence[tuple[Place, str]], release: str) -> list[Problem]:
    """Bring hosts back to what they served before `release`; what became of the last is unsure."""
    problems: list[Problem] = []
    for place, before in reversed(tried):
        try:
            if place.look().current == release:
                place.switch(before, release)
        except HostError as error:
            host = str(place.host)
            reason = dict(error.problem.values).get("reason", "")
            problems.append(codes.NOT_BACK.at(Location(host), host=host, reason=reason))
    return problems


def _goal(
    places: Sequence[Place], standings: Sequence[Standing], name: str | None
) -> tuple[str, str, Problem | None]:
    """The newest current release, and the one to go back to."""
    listed = _joined({str(p.host): s for p, s in zip(places, standings, strict=True)})
    never = {name for standing in standings for name in standing.never_public}
    everywhere = [r.name for r in listed if not r.missing_on and r.name not in never]
    current = next((release.name for release in listed if release.current_on), "")
    if name is None:
        order = [release.name for release in listed]
        later = order[order.index(current) + 1 :] if current else []
        after = next((name for name in later if name in everywhere), "")
        return current, after, None if after else codes.NOTHING_EARLIER.at(None)
    found = [release for release in everywhere if release.startswith(name)] if name else []
    if name in found:
        found = [name]
    if not found:
        return current, "", codes.NO_RELEASE.at(None, name=name)
    if len(found) > 1:
        names = ", ".join(found)
        return current, "", codes.SEVERAL_RELEASES.at(None, name=name, names=names)
    return current, found[0], None


def _joined(standings: Mapping[str, Standing]) -> tuple[Release, ...]:
    heads = {name: head for s in standings.values() for name, head in s.releases.items()}
    return tuple(
        Release(
            name,
            heads[name],
            tuple(host for host, s in standings.items() if s.current == name),
            tuple(host for host, s in standings.items() if name not in s.releases),
        )
        for name in sorted(heads, key=lambda name: heads[name].released, reverse=True)
    )


def _differing(standings: Mapping[str, Standing]) -> tuple[Problem, ...]:
    if len({standing.current for standing in standings.values()}) < 2:
        return ()
    told = ", ".join(f"{host}: {s.current or '-'}" for host, s in standings.items())
    return (codes.DIFFERENT.at(None, releases=told),)


def discard_everywhere(places: Sequence[Place], release: str) -> None:
    """Take away, as far as it can be done, a release that never became public."""
    for place in places:
        with suppress(HostError):
            place.clean([release])
