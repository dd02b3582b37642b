"""``site.yaml`` and ``_column.yaml``: typed values to `Settings` and `ColumnCard`.

The files are read by ``kinds.reading.read_mapping`` with the fields of ``_site.yaml`` and
``_column.yaml``; what arrives here is typed already. Checks that need only the file are made here,
those that need the whole site in `check_settings`.
"""

from __future__ import annotations

import dataclasses
import re
import zoneinfo
from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast

from sitegen.config import Figure, Identity, PublishTarget, Settings
from sitegen.kinds.document import Mark, Value
from sitegen.problems import Location, Problem
from sitegen.site import codes
from sitegen.site.cards import ColumnCard
from sitegen.site.files import nearest

SITE_FILE = "content/site.yaml"

_BASE_URL = re.compile(
    r"(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:\d+)?/([^\s?#]*/)?", re.IGNORECASE
)
"""Always https, but for trying things out on one's own machine."""
_THEME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_PLAIN = (
    "name",
    "short_name",
    "description",
    "language",
    "base_url",
    "timezone",
    "theme",
    "page_size",
    "feed_size",
)
_LIMITS = ("max_file_bytes", "max_source_bytes", "publish_days")


def settings_of(
    values: Mapping[str, Value], marks: Mapping[str, Mark] | None = None
) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings that ``site.yaml`` gives; defaults for all that it leaves out.

    A value that cannot be used (a time zone that does not exist) is a problem, and its default
    stands in, so that the rest of the site can be examined in the same run.
    """
    given = cast(Mapping[str, Any], values)
    marks = marks or {}
    chosen: dict[str, Any] = {name: given[name] for name in _PLAIN if _is_given(given, name)}
    chosen.setdefault("name", "")
    problems = list(_checked(chosen, marks))
    limits = _part(given, "limits")
    chosen |= {name: limits[name] for name in _LIMITS if _is_given(limits, name)}
    history = _part(given, "history")
    if _is_given(history, "start"):
        chosen["history_start"] = history["start"]
    if _is_given(history, "tolerance_days"):
        chosen["history_tolerance_days"] = history["tolerance_days"]
    calendar = _part(given, "calendar")
    for name in ("extra_holidays", "extra_workdays"):
        if _is_given(calendar, name):
            chosen[name] = tuple(sorted(calendar[name]))
    chosen["identity"] = _filled(Identity, _part(given, "identity"))
    chosen["figures"] = tuple(_filled(Figure, figure) for figure in given.get("figures") or ())
    for name in ("home_columns", "service_columns"):
        folders = given.get(name) or ()
        chosen[name] = tuple(str(folder).strip().strip("/") for folder in folders)
    chosen["a20"] = {key: str(text) for key, text in sorted(_part(given, "a20").items()) if text}
    publish = _part(given, "publish")
    if _is_given(publish, "key"):
        chosen["publish_key"] = str(publish["key"])
    chosen["publish_targets"] = tuple(map(_target, publish.get("targets") or ()))
    return Settings(**chosen), tuple(problems)


def _target(given: Mapping[str, Any]) -> PublishTarget:
    filled = {name: given[name] for name in ("name", "path", "url", "keep") if given.get(name)}
    filled.setdefault("name", "")
    return PublishTarget(**filled, hosts=tuple(map(str, given.get("hosts") or ())))


def _is_given(values: Mapping[str, Any], name: str) -> bool:
    return values.get(name) not in (None, "")


def _part(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = values.get(name)
    return part if isinstance(part, dict) else {}


def _filled(made: Any, values: Mapping[str, Any]) -> Any:
    names = {field.name for field in dataclasses.fields(made)}
    return made(**{n: str(v) for n, v in values.items() if n in names and v is not None})


def _checked(chosen: dict[str, Any], marks: Mapping[str, Mark]) -> Iterator[Problem]:
    """Take out what cannot be used, and say so."""

    def where(name: str) -> Location:
        return Location(SITE_FILE, *marks.get(name, (1, 1)))

    if "timezone" in chosen and not _is_zone(chosen["timezone"]):
        yield codes.NO_TIMEZONE.at(where("timezone"), value=chosen.pop("timezone"))
    if "base_url" in chosen and not _BASE_URL.fullmatch(chosen["base_url"]):
        value = chosen.pop("base_url")
        yield codes.BAD_BASE_URL.at(where("base_url"), value=value, proposal=_mended(value))
    if "theme" in chosen and not _THEME.fullmatch(chosen["theme"]):
        yield codes.BAD_THEME_NAME.at(where("theme"), value=chosen.pop("theme"))


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _mended(address: str) -> str:
    rest = re.split(r"[?#\s]", re.sub(r"^[a-z]*:?/+", "", address.strip(), flags=re.I))[0]
    rest = rest.strip("/")
    return f"https://{rest}/" if re.match(r"[A-Za-z0-9-]+\.", rest) else "https://www.example/"


def column_of(
    path: str, values: Mapping[str, Value], marks: Mapping[str, Mark] | None = None
) -> ColumnCard:
    """What the ``_column.yaml`` of the folder `path` (relative to ``content/``) says."""
    given = cast(Mapping[str, Any], values)
    known: dict[str, Mark] = dict(marks or {})
    chosen: dict[str, Any] = {}
    for field in dataclasses.fields(ColumnCard):
        if field.name not in ("path", "aliases", "marks") and _is_given(given, field.name):
            chosen[field.name] = given[field.name]
    chosen.setdefault("name", path.rpartition("/")[2])
    if isinstance(chosen.get("type"), list):
        chosen["type"] = ",".join(chosen["type"])
    chosen["keywords"] = tuple(str(word) for word in chosen.get("keywords", ()))
    if "merged_into" in chosen:
        chosen["merged_into"] = chosen["merged_into"].strip().strip("/")
    aliases = tuple(
        (str(alias), known.get(f"aliases.{place}", known.get("aliases", (1, 1))))
        for place, alias in enumerate(given.get("aliases") or ())
    )
    return ColumnCard(path=path, aliases=aliases, marks=known, **chosen)


def check_settings(
    settings: Settings,
    columns: Mapping[str, ColumnCard],
    documents: Collection[str],
    marks: Mapping[str, Mark],
) -> Iterator[Problem]:
    """What the settings name must exist: columns of the home page, sources of key figures."""
    for name, title in (("home_columns", "首页栏目"), ("service_columns", "服务栏目")):
        for place, path in enumerate(getattr(settings, name)):
            if path not in columns:
                where = _where(marks, f"{name}.{place}", name)
                close = nearest(path, columns)
                yield codes.UNKNOWN_COLUMN.at(
                    where, title=title, value=path, nearest=f" ({close}?)" if close else ""
                )
    for place, figure in enumerate(settings.figures):
        link = figure.link.strip("/")
        if link and link not in documents:
            where = _where(marks, f"figures.{place}.link", f"figures.{place}", "figures")
            close = nearest(link, documents)
            yield codes.UNKNOWN_FIGURE.at(
                where, label=figure.label, value=link, nearest=f" ({close}?)" if close else ""
            )


def _where(marks: Mapping[str, Mark], *names: str) -> Location:
    """The place of the first of these values that has one."""
    return Location(SITE_FILE, *next((marks[name] for name in names if name in marks), ()))
