"""Feeds: what changed last, as Atom (RFC 4287) and JSON Feed 1.1, of the site and of each column.

One item a document; its dates are those of its public acts, never the clock's. An item keeps its
identifier as long as the document keeps its address. A withdrawn document stays in the feed,
marked, so that readers who hold the old text learn of it.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from sitegen.outputs.cleaning import clean, xml
from sitegen.outputs.downloads import shown
from sitegen.outputs.links import absolute, link
from sitegen.outputs.output import Made, Output, Workshop
from sitegen.outputs.words import word
from sitegen.render.theme import Theme
from sitegen.site import addresses
from sitegen.site.newest import changed_on, feed_columns
from sitegen.site.questions import newest_changed
from sitegen.site.site import Attachment, Column, Entry, Site

PRODUCERS = ("feed",)
FORMATS = ("xml", "json")
_LONGEST = 200
"""Characters of a summary taken from the text."""
_NEVER = datetime.date(1970, 1, 1)
"""When a feed without any item was updated."""


def plan(site: Site, theme: Theme) -> Iterator[Output]:
    """The site's feeds, then those of each column with documents in it or under it."""
    for suffix in FORMATS:
        yield Output(addresses.feed("", suffix), PRODUCERS[0], "", suffix)
    for path in feed_columns(site):
        for suffix in FORMATS:
            address = addresses.feed(site.columns[path].address, suffix)
            yield Output(address, PRODUCERS[0], path, suffix)


def produce(output: Output, workshop: Workshop) -> Made:
    """Make one of them."""
    feed = _feed(output, workshop)
    return Made(_atom(feed) if output.part == "xml" else _json(feed))


@dataclass(frozen=True, slots=True)
class _Item:
    id: str
    link: str
    title: str
    summary: str
    published: str
    updated: str
    author: str
    category: str
    enclosures: tuple[tuple[Attachment, str], ...]


@dataclass(frozen=True, slots=True)
class _Feed:
    id: str
    title: str
    subtitle: str
    author: str
    language: str
    home: str
    own: str
    """Where the feed itself is; '' if the site does not know its address."""
    updated: str
    items: tuple[_Item, ...]


def _feed(output: Output, workshop: Workshop) -> _Feed:
    site = workshop.site
    settings = site.settings
    zone = ZoneInfo(settings.timezone)
    column = site.columns[output.subject] if output.subject else None
    paths = site.ask(newest_changed, output.subject, settings.feed_size)
    found = [site.entries[path] for path in paths]
    updated = max((day for entry in found if (day := changed_on(entry))), default=_NEVER)
    page = addresses.column_page(column.address) if column else addresses.HOME
    return _Feed(
        id=_id(site, column.address if column else ""),
        title=f"{column.name} - {settings.name}" if column else settings.name,
        subtitle=_subtitle(site, column),
        author=settings.identity.sponsor or settings.name,
        language=settings.language,
        home=link(site, page, output.address),
        own=absolute(site, output.address) if settings.base_url else "",
        updated=_time(updated, zone),
        items=tuple(_item(entry, output.address, workshop, zone) for entry in found),
    )


def _subtitle(site: Site, column: Column | None) -> str:
    return column.description if column else site.settings.description


def _item(entry: Entry, base: str, workshop: Workshop, zone: ZoneInfo) -> _Item:
    site = workshop.site
    card = entry.card
    updated = changed_on(entry) or _NEVER
    open_ = entry.state == "published"
    mark = "" if open_ else word("withdrawn", site.settings.language)
    column = site.columns.get(entry.column)
    return _Item(
        id=_id(site, entry.address),
        link=link(site, entry.address, base),
        title=mark + " ".join(clean(card.title).split()),
        summary=_summary(entry, workshop),
        published=_time(card.published_on or updated, zone),
        updated=_time(updated, zone),
        author=shown(site, entry, "issuer") or shown(site, entry, "responsible"),
        category=column.name if column else "",
        enclosures=tuple(
            (file, link(site, file.address, base)) for file in (entry.attachments if open_ else ())
        ),
    )


def _summary(entry: Entry, workshop: Workshop) -> str:
    """The document's own summary, else how its text begins; of a withdrawn one, the reason."""
    if entry.state != "published":
        return next((c.note for c in entry.changes if c.act == "撤下" and c.note), "")
    summary = shown(workshop.site, entry, "summary")
    if not summary and entry.card.has_body:
        text = " ".join(workshop.facts.body(entry.path).text.split())
        summary = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return clean(summary)


def _id(site: Site, address: str) -> str:
    """A lasting identifier: the full address, or a UUID made of name and address without one."""
    if site.settings.base_url:
        return absolute(site, address)
    return uuid.uuid5(uuid.NAMESPACE_URL, f"sitegen:{site.settings.name}/{address}").urn


def _time(day: datetime.date, zone: ZoneInfo) -> str:
    """The beginning of a day in the site's zone (RFC 3339)."""
    return datetime.datetime(day.year, day.month, day.day, tzinfo=zone).isoformat()


def _atom(feed: _Feed) -> bytes:
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{xml(feed.language)}">',
        f"<id>{xml(feed.id)}</id>",
        f"<title>{xml(feed.title)}</title>",
    ]
    if feed.subtitle:
        lines.append(f"<subtitle>{xml(feed.subtitle)}</subtitle>")
    lines += [
        f"<updated>{feed.updated}</updated>",
        f"<author><name>{xml(feed.author)}</name></author>",
        f'<link rel="alternate" type="text/html" href="{xml(feed.home)}"/>',
    ]
    if feed.own:
        lines.append(f'<link rel="self" type="application/atom+xml" href="{xml(feed.own)}"/>')
    for item in feed.items:
        lines += _atom_entry(item)
    lines.append("</feed>\n")
    return "\n".join(lines).encode()


def _atom_entry(item: _Item) -> list[str]:
    lines = [
        "<entry>",
        f"<id>{xml(item.id)}</id>",
        f"<title>{xml(item.title)}</title>",
        f"<published>{item.published}</published>",
        f"<updated>{item.updated}</updated>",
    ]
    if item.author:
        lines.append(f"<author><name>{xml(item.author)}</name></author>")
    if item.category:
        lines.append(f'<category term="{xml(item.category)}"/>')
    lines.append(f'<link rel="alternate" type="text/html" href="{xml(item.link)}"/>')
    lines += [
        f'<link rel="enclosure" type="{xml(file.media_type)}" length="{file.size}"'
        f' title="{xml(file.title)}" href="{xml(target)}"/>'
        for file, target in item.enclosures
    ]
    lines.append(f"<summary>{xml(item.summary or item.title)}</summary>")
    lines.append("</entry>")
    return lines


def _json(feed: _Feed) -> bytes:
    described: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean(feed.title),
        "home_page_url": feed.home,
        "feed_url": feed.own,
        "description": clean(feed.subtitle),
        "language": feed.language,
        "authors": [{"name": clean(feed.author)}],
        "items": [_json_item(item) for item in feed.items],
    }
    described = {key: value for key, value in described.items() if value or key == "items"}
    return msgspec.json.format(msgspec.json.encode(described), indent=1) + b"\n"


def _json_item(item: _Item) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": item.id,
        "url": item.link,
        "title": item.title,
        "content_text": item.summary or item.title,
        "summary": item.summary,
        "date_published": item.published,
        "date_modified": item.updated,
        "authors": [{"name": clean(item.author)}] if item.author else [],
        "tags": [clean(item.category)] if item.category else [],
        "attachments": [
            {
                "url": target,
                "mime_type": file.media_type,
                "title": clean(file.title),
                "size_in_bytes": file.size,
            }
            for file, target in item.enclosures
        ],
    }
    return {key: value for key, value in described.items() if value}
