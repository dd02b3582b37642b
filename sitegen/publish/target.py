"""Targets (发布目标): where a site is published, from ``publish:`` in ``content/site.yaml``.

Host addresses go into command lines, here and on the other side; so only plain characters are let
in, and nothing that could be taken for an option.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sitegen.config import PublishTarget, Settings
from sitegen.problems import Location, Problem
from sitegen.publish import codes

_SITE_FILE = "content/site.yaml"
_SSH = re.compile(
    r"ssh://(?:(?P<user>[A-Za-z0-9_][A-Za-z0-9._-]*)@)?"
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:]+\])(?::(?P<port>\d{1,5}))?"
    r"(?P<base>(?:/[A-Za-z0-9_.-]+)+)/?"
)
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?/([^\s?#]*/)?")
Marks = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Host:
    """One machine, and the BASE folder on it; `name` is empty for this machine."""

    base: str
    name: str = ""
    user: str = ""
    port: int = 22

    @property
    def is_local(self) -> bool:
        """Whether it is this machine."""
        return not self.name

    @property
    def login(self) -> str:
        """``user@name``, as ssh wants it."""
        name = self.name.strip("[]")
        return f"{self.user}@{name}" if self.user else name

    @property
    def login_in_paths(self) -> str:
        """The same before a colon and a path, as rsync wants it."""
        return f"{self.user}@{self.name}" if self.user else self.name

    def __str__(self) -> str:
        if self.is_local:
            return self.base
        port = "" if self.port == 22 else f":{self.port}"
        user = f"{self.user}@" if self.user else ""
        return f"ssh://{user}{self.name}{port}{self.base}"


@dataclass(frozen=True, slots=True)
class Target:
    """A target: its hosts get the same releases and switch together."""

    name: str
    hosts: tuple[Host, ...]
    url: str = ""
    """Where the site answers afterwards, ending in ``/``; empty: nothing is tried."""
    keep: int = 5


def is_url(address: str) -> bool:
    """Whether an address can be tried after the switch."""
    return _URL.fullmatch(address if address.endswith("/") else address + "/") is not None


def local_target(base: Path, *, name: str = "", url: str = "", keep: int = 5) -> Target:
    """A target in a folder of this machine, as the server's own hooks use it."""
    return Target(name or base.name, (Host(os.path.abspath(base)),), url, keep)  # noqa: PTH100


def targets_of(
    settings: Settings, root: Path, marks: Marks | None = None
) -> tuple[tuple[Target, ...], tuple[Problem, ...]]:
    """All targets that the settings name, and what is wrong with them; `root` is the site's folder.

    `marks` are the places of the settings in ``site.yaml``.
    """
    targets: list[Target] = []
    problems: list[Problem] = []
    for place, given in enumerate(settings.publish_targets):
        at = f"publish.targets.{place}"
        if any(given.name == target.name for target in targets):
            problems.append(codes.SAME_TARGET.at(_where(marks, f"{at}.name", at), name=given.name))
        found = list(_faults(given, root, at, marks))
        problems += found
        if not found:
            targets.append(_target(given, root))
    return tuple(targets), tuple(problems)


def chosen_target(
    targets: Sequence[Target], name: str | None
) -> tuple[Target | None, tuple[Problem, ...]]:
    """The target of that name; without a name, the only one."""
    names = ", ".join(target.name for target in targets)
    where = Location(_SITE_FILE)
    if not targets:
        return None, (codes.NO_TARGET.at(where),)
    if name is None:
        if len(targets) == 1:
            return targets[0], ()
        return None, (codes.WHICH_TARGET.at(where, names=names),)
    for target in targets:
        if target.name == name:
            return target, ()
    return None, (codes.UNKNOWN_TARGET.at(where, name=name, names=names),)


def inside_site(target: Target, root: Path) -> Problem | None:
    """A problem if a local folder of the target lies in the sources of the site, or around them."""
    site = root.resolve()
    sources = (site / "content", site / "themes", site / ".sitegen", site / ".git")
    for host in target.hosts:
        base = Path(host.base).resolve()
        around = base == site or base in site.parents
        if host.is_local and (around or any(s == base or s in base.parents for s in sources)):
            return codes.INSIDE_SITE.at(Location(host.base), folder=host.base)
    return None


def host_of(address: str) -> Host | None:
    """The host that an ``ssh://`` address names; None if it is none."""
    match = _SSH.fullmatch(address.strip())
    if match is None or not 0 < int(match["port"] or 22) < 65536:
        return None
    if any(part in (".", "..") for part in match["base"].split("/")):
        return None
    return Host(match["base"], match["name"], match["user"] or "", int(match["port"] or 22))


def _faults(given: PublishTarget, root: Path, at: str, marks: Marks | None) -> Iterator[Problem]:
    if bool(given.path) == bool(given.hosts):
        yield codes.BAD_TARGET.at(_where(marks, at), name=given.name)
    seen: set[Host] = set()
    for place, address in enumerate(given.hosts):
        where = _where(marks, f"{at}.hosts.{place}", f"{at}.hosts", at)
        host = host_of(address)
        if host is None:
            yield codes.BAD_HOST.at(where, value=address)
        elif host in seen:
            yield codes.SAME_HOST.at(where, value=address)
        else:
            seen.add(host)
    if given.url and not is_url(given.url):
        yield codes.BAD_URL.at(_where(marks, f"{at}.url", at), value=given.url)
    if given.path and not given.hosts and inside_site(_target(given, root), root):
        yield codes.INSIDE_SITE.at(_where(marks, f"{at}.path", at), folder=given.path)


def _target(given: PublishTarget, root: Path) -> Target:
    if given.path:
        hosts: tuple[Host | None, ...] = (Host(os.path.abspath(root / given.path)),)  # noqa: PTH100
    else:
        hosts = tuple(map(host_of, given.hosts))
    url = given.url if not given.url or given.url.endswith("/") else given.url + "/"
    return Target(given.name, tuple(host for host in hosts if host), url, given.keep)


def _where(marks: Marks | None, *names: str) -> Location:
    """The place of the first of these values that has one."""
    known = marks or {}
    return Location(_SITE_FILE, *next((known[name] for name in names if name in known), ()))
