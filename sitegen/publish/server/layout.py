"""Where everything of a server lies, and what it was set up with."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

from sitegen.problems import Location, Problem
from sitegen.publish.server import codes

_FOLDER = re.compile(r"(?:/[\w.@+-]+)+")
"""No blanks and none of the characters that mean something to a shell, nginx, systemd or cron."""
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~-]+)*/?")
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_ZONE = re.compile(r"[A-Za-z0-9_+/-]+")
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Layout:
    """The folder of a server, and its parts."""

    folder: Path

    @property
    def settings(self) -> Path:
        """What the server was set up with."""
        return self.folder / "server.json"

    @property
    def repository(self) -> Path:
        """The bare repository."""
        return self.folder / "repo.git"

    @property
    def area(self) -> Path:
        """The build area: a working copy of what was pushed last."""
        return self.folder / "build" / "site"

    @property
    def base(self) -> Path:
        """The target's folder."""
        return self.folder / "www"

    @property
    def key(self) -> Path:
        """The server's own signing key."""
        return self.folder / "keys" / "signing_key"

    @property
    def nginx(self) -> Path:
        """The folder of the web server's configuration."""
        return self.folder / "nginx"

    @property
    def names(self) -> Path:
        """Holds the digest of the list of names that nginx should have read."""
        return self.folder / "nginx" / "names-changed"

    @property
    def timer(self) -> Path:
        """The folder of what rebuilds daily."""
        return self.folder / "timer"

    @property
    def log(self) -> Path:
        """The folder of logs."""
        return self.folder / "log"

    @property
    def lock(self) -> Path:
        """The file that who checks or publishes holds."""
        return self.folder / "lock"


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """``server.json``. Every value may be edited; then run ``sitegen server init DIR`` again."""

    branch: str = "main"
    """The publishing branch; pushes to others are taken and not looked at."""
    site_url: str = ""
    """The public address, for the web server's configuration."""
    port: int = 80
    language: str = "zh-CN"
    """Of what pushers read."""
    timezone: str = "Asia/Shanghai"
    """In which the daily rebuild comes shortly after midnight."""
    key: str = ""
    """Path of the signing key; empty: the server's own."""
    keep: int = 5
    """How many releases stay."""
    check_url: str = ""
    """Where the site is tried after each switch, such as ``http://127.0.0.1/``; empty: nowhere."""
    seconds: int = 900
    """Processor time that a process may take to judge a push: what never ends must end."""
    memory_mb: int = 8192
    """Address space that such a process may take, in megabytes."""
    reload: tuple[str, ...] = ()
    """The command that reloads the web server, in words; run when names of attachments change."""


def checked_folder(folder: Path) -> tuple[Layout | None, tuple[Problem, ...]]:
    """The layout of a server's folder; a problem if a configuration could not name it."""
    absolute = os.path.abspath(folder)  # noqa: PTH100 - links stay as they are named
    if not _FOLDER.fullmatch(absolute) or absolute == "/":
        return None, (codes.BAD_FOLDER.at(Location(str(folder)), folder=absolute),)
    return Layout(Path(absolute)), ()


def faults(settings: ServerSettings, layout: Layout) -> tuple[Problem, ...]:
    """What is wrong with settings, however they were given."""
    problems: list[Problem] = []
    for name, value in (("site_url", settings.site_url), ("check_url", settings.check_url)):
        if value and (not _ADDRESS.fullmatch(value) or not _port(value)):
            where = Location(str(layout.settings)) if name == "check_url" else None
            problems.append(codes.BAD_SITE_URL.at(where, value=value))
    wrong = [
        ("branch", _BRANCH.fullmatch(settings.branch) and ".." not in settings.branch),
        ("port", 0 < settings.port < 65536),
        ("timezone", _ZONE.fullmatch(settings.timezone)),
        ("keep", settings.keep > 0),
        ("seconds", settings.seconds > 0),
        ("memory_mb", settings.memory_mb >= 512),
        ("key", not settings.key or os.path.isabs(settings.key)),  # noqa: PTH117
        ("language", settings.language in ("zh-CN", "en")),
    ]
    problems += [_bad(layout, name) for name, right in wrong if not right]
    return tuple(problems)


def write_settings(layout: Layout, settings: ServerSettings) -> str:
    """The text of ``server.json``."""
    told = {"format": FORMAT, **asdict(settings)}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def read_settings(layout: Layout) -> tuple[ServerSettings | None, tuple[Problem, ...]]:
    """The settings of a server; None, with the reason, where there is none or it is damaged."""
    try:
        data = layout.settings.read_bytes()
    except FileNotFoundError:
        where = Location(str(layout.folder))
        return None, (codes.NO_SERVER.at(where, folder=layout.folder),)
    try:
        values = json.loads(data)
    except ValueError as error:
        return None, (_bad(layout, str(error)),)
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        return None, (_bad(layout, "format"),)
    settings = ServerSettings()
    for field in fields(ServerSettings):
        default = getattr(settings, field.name)
        value = values.get(field.name, default)
        if field.name == "reload" and isinstance(value, list) and all(map(_is_text, value)):
            value = tuple(value)
        if type(value) is not type(default):
            return None, (_bad(layout, field.name),)
        settings = replace(settings, **{field.name: value})
    if wrong := faults(settings, layout):
        return None, wrong
    return settings, ()


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _bad(layout: Layout, reason: str) -> Problem:
    where = Location(str(layout.settings))
    return codes.BAD_SETTINGS.at(where, file=layout.settings, reason=reason, folder=layout.folder)


def _port(address: str) -> bool:
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False
