"""Files for machines about the whole site: ``sitemap.xml``, ``robots.txt``, ``site.json``.

A site map may hold full addresses only (sitemaps.org), so a site without ``base_url`` has none, and
one warning says so.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import msgspec

from sitegen.outputs import codes
from sitegen.outputs.cleaning import xml
from sitegen.outputs.downloads import FORMATS, is_open, tables_of
from sitegen.outputs.links import absolute
from sitegen.outputs.output import Made, Output, Workshop
from sitegen.problems import Location
from sitegen.render.theme import Theme
from sitegen.site import addresses
from sitegen.site.catalogue import PrivateFields, a20_class, column_order
from sitegen.site.newest import days
from sitegen.site.questions import has_feed, last_change_below, passing, question
from sitegen.site.site import Attachment, Column, Entry, Site

PRODUCERS = ("meta",)
SITEMAP, ROBOTS, MACHINE = "sitemap.xml", "robots.txt", "site.json"
LARGEST_SITEMAP = 50_000
"""Addresses that one site map may hold (sitemaps.org)."""
MACHINE_FORMAT = "sitegen-site/1"

_CARD_TEXTS = (
    "index_no", "doc_no", "issuer", "formed_on", "published_on", "effective_on", "expires_on",
    "disclosure", "summary", "topic", "genre", "keywords", "source", "responsible",
)  # fmt: skip
"""Common fields in ``site.json``, under their own names."""
_SITEMAP_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def plan(site: Site, theme: Theme) -> Iterator[Output]:
    """The site map (in parts, with an index, if it is too large for one), then the others."""
    if site.settings.base_url:
        parts = sitemap_parts(site)
        yield Output(SITEMAP, PRODUCERS[0], part="1" if parts == 1 else "index")
        if parts > 1:
            for number in range(1, parts + 1):
                yield Output(_part_address(number), PRODUCERS[0], part=str(number))
    yield Output(ROBOTS, PRODUCERS[0], part="robots")
    yield Output(MACHINE, PRODUCERS[0], part="machine")


def produce(output: Output, workshop: Workshop) -> Made:
    """Make one of them."""
    site = workshop.site
    match output.part:
        case "robots":
            return _robots(site)
        case "machine":
            return Made(_machine(site))
        case "index":
            return Made(_sitemap_index(site))
        case number:
            return Made(_sitemap(site, int(number)))


@question
def sitemap_parts(site: Site) -> int:
    """Into how many files the site map goes."""
    return -(-sum(1 for _ in _pages(site)) // LARGEST_SITEMAP)


def _part_address(number: int) -> str:
    return f"sitemap-{number}.xml"


def _pages(site: Site) -> Iterator[tuple[str, Entry | Column | None]]:
    """Every page that searchers should find, with what it is about; tombstones are not."""
    yield addresses.HOME, None
    yield addresses.CATALOGUE, None
    yield addresses.LOG, None
    yield addresses.SITE_MAP, None
    for path in column_order(site):
        column = site.columns[path]
        if column.parent is not None and column.status != "merged":
            yield addresses.column_page(column.address), column
    for entry in site.entries.values():
        if is_open(entry):
            yield entry.address, entry


@passing
@question
def sitemap_pages(site: Site, part: int) -> tuple[tuple[str, str], ...]:
    """The addresses of one part of the site map, each with the day of its last change or ''."""
    pages = [*_pages(site)][(part - 1) * LARGEST_SITEMAP : part * LARGEST_SITEMAP]
    days = ((address, _last_change(site, subject)) for address, subject in pages)
    return tuple((address, day.isoformat() if day else "") for address, day in days)


def _sitemap(site: Site, part: int) -> bytes:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<urlset xmlns="{_SITEMAP_SPACE}">']
    for address, day in site.ask(sitemap_pages, part):
        modified = f"<lastmod>{day}</lastmod>" if day else ""
        lines.append(f"<url><loc>{xml(_located(site, address))}</loc>{modified}</url>")
    lines.append("</urlset>\n")
    return "\n".join(lines).encode()


def _located(site: Site, address: str) -> str:
    """The full address of a page; the home page is the folder itself."""
    return absolute(site, "" if address == addresses.HOME else address)


def _last_change(site: Site, subject: Entry | Column | None) -> datetime.date | None:
    if subject is None or isinstance(subject, Column):
        return site.ask(last_change_below, subject.path if subject else "")
    return site.ask(days).get(subject.path)


def _sitemap_index(site: Site) -> bytes:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<sitemapindex xmlns="{_SITEMAP_SPACE}">']
    for number in range(1, site.ask(sitemap_parts) + 1):
        lines.append(f"<sitemap><loc>{xml(absolute(site, _part_address(number)))}</loc></sitemap>")
    lines.append("</sitemapindex>\n")
    return "\n".join(lines).encode()


def _robots(site: Site) -> Made:
    lines = ["User-agent: *", "Allow: /"]
    if not site.settings.base_url:
        problem = codes.NO_BASE_URL.at(Location("content/site.yaml"))
        return Made(_lines(lines), problems=(problem,))
    return Made(_lines([*lines, f"Sitemap: {absolute(site, SITEMAP)}"]))


def _lines(lines: list[str]) -> bytes:
    return "".join(line + "\n" for line in lines).encode()


def _machine(site: Site) -> bytes:
    """Columns and documents, one on a line, with the names of their fields as keys.

    What 国办公开办函〔2019〕61号 calls uniform names and format, for platforms that gather from
    many sites. Addresses are relative to the site.
    """
    settings = site.settings
    identity = settings.identity
    head = {
        "format": MACHINE_FORMAT,
        "name": settings.name,
        "description": settings.description,
        "language": settings.language,
        "base_url": settings.base_url,
        "sponsor": identity.sponsor,
        "operator": identity.operator,
        "site_id_code": identity.site_id_code,
        "uscc": identity.uscc,
    }
    encode = msgspec.json.Encoder().encode
    fed = {path for path in column_order(site) if site.ask(has_feed, path)}
    private = PrivateFields(site)
    columns = [encode(_column(site, path, path in fed)) for path in column_order(site)]
    documents = [encode(_document(site, entry, private)) for entry in site.entries.values()]
    opening = encode({key: value for key, value in head.items() if value})[:-1]
    return b"%b,\n%b,\n%b}\n" % (
        opening,
        b'"columns":[\n%b\n]' % b",\n".join(columns),
        b'"documents":[\n%b\n]' % b",\n".join(documents),
    )


def _column(site: Site, path: str, fed: bool) -> dict[str, Any]:
    column = site.columns[path]
    above = site.columns.get(column.parent) if column.parent is not None else None
    target = site.columns.get(column.merged_into) if column.merged_into else None
    described: dict[str, Any] = {
        "address": addresses.column_page(column.address),
        "name": column.name,
        "parent": addresses.column_page(above.address) if above else None,
        "description": column.description,
        "type": column.type,
        "keywords": column.keywords,
        "owner": column.owner,
        "update_rule": column.update_rule,
        "max_gap_days": column.max_gap_days,
        "a20_class": a20_class(site, path),
        "status": column.status,
        "archived_on": column.archived_on,
        "merged_into": addresses.column_page(target.address) if target else None,
        "published_by": column.published_by,
        "published_url": column.published_url,
        "feed": addresses.feed(column.address, "xml") if fed else None,
    }
    return _filled(described)


def _document(site: Site, entry: Entry, private: PrivateFields) -> dict[str, Any]:
    """A document as its fields; of a withdrawn or closed one, only that it is so."""
    card = entry.card
    column = site.columns.get(entry.column)
    described: dict[str, Any] = {
        "address": entry.address,
        "title": card.title,
        "kind": card.kind,
        "column": addresses.column_page(column.address) if column else None,
        "state": entry.state,
    }
    if is_open(entry):
        hidden = private.of(card.kind)
        described |= {name: getattr(card, name) for name in _CARD_TEXTS if name not in hidden}
        described |= {
            "validity": None if "validity" in hidden else entry.validity,
            "attachments": [_attachment(file) for file in entry.attachments],
            "tables": [_table(entry, table.name, table.title) for table in tables_of(site, entry)],
            "relations": [
                {"relation": relation.name, "address": site.entries[relation.path].address}
                for relation in entry.relations
                if relation.path in site.entries
            ],
        }
    described["changes"] = [
        _filled({"date": change.on, "act": change.act, "note": change.note})
        for change in entry.changes
        if not change.minor
    ]
    return _filled(described)


def _attachment(file: Attachment) -> dict[str, Any]:
    return {
        "address": file.address,
        "title": file.title,
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "media_type": file.media_type,
    }


def _table(entry: Entry, name: str, title: str) -> dict[str, Any]:
    files = {suffix: addresses.table_file(entry.address, name, suffix) for suffix in FORMATS}
    return {"name": name, "title": title, **files}


def _filled(described: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in described.items() if value not in (None, "", (), [])}
