"""Downloads (下载): attachments as they are, and every table as CSV, XLSX and JSON with its
description.

Only published documents have any: a withdrawn or closed one keeps its page, not its data. Private
fields are in none of the files (`tabular.public_fields`).
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from typing import Any

from sitegen.kinds.document import Table
from sitegen.outputs import activemarkup, datapackage
from sitegen.outputs.delimited import csv_bytes, texts_of
from sitegen.outputs.links import link
from sitegen.outputs.output import Made, Output, Workshop
from sitegen.outputs.records import json_bytes
from sitegen.outputs.spreadsheet import About, xlsx_bytes
from sitegen.outputs.tabular import DataTable, Flat, of_document, public_fields
from sitegen.outputs.words import word
from sitegen.render.theme import Theme
from sitegen.site import addresses
from sitegen.site.cards import TableCard
from sitegen.site.catalogue import is_private
from sitegen.site.site import Entry, Site

PRODUCERS = ("download",)
FORMATS = ("csv", "xlsx", "json")
_COPY, _PACKAGE = "copy", "datapackage"


def plan(site: Site, theme: Theme) -> Iterator[Output]:
    """Attachments and files shown in bodies (each address once), then the tables' files."""
    planned: set[str] = set()
    attached = (a for entry in site.entries.values() if is_open(entry) for a in entry.attachments)
    for file in (*attached, *site.files.values()):
        if file.address not in planned:
            planned.add(file.address)
            yield Output(file.address, PRODUCERS[0], file.source, _COPY)
    for entry in site.entries.values():
        tables = tables_of(site, entry)
        for table in tables:
            for suffix in FORMATS:
                address = addresses.table_file(entry.address, table.name, suffix)
                yield Output(address, PRODUCERS[0], entry.path, f"{suffix}:{table.name}")
        if tables:
            yield Output(addresses.data_package(entry.address), PRODUCERS[0], entry.path, _PACKAGE)


def produce(output: Output, workshop: Workshop) -> Made:
    """Make one of them."""
    if output.part == _COPY:
        return _copy(output.subject, workshop)
    site = workshop.site
    entry = site.entries[output.subject]
    if output.part == _PACKAGE:
        paths = {table.name: file_names(entry, table.name) for table in tables_of(site, entry)}
        return Made(package(entry, workshop, paths))
    suffix, _, name = output.part.partition(":")
    content = table_bytes(entry, name, suffix, workshop)
    return Made(content, sha256=table_digest(entry, name, suffix, workshop))


def _copy(source: str, workshop: Workshop) -> Made:
    """A file as it is; none that would run in the reader's browser."""
    if workshop.read is None or not activemarkup.is_markup(source):
        return Made(copy_of=source)
    try:
        problem = activemarkup.problem_in(source, workshop.read(source))
    except OSError:  # gone since the scan; copying it says so
        problem = None
    return Made(copy_of=source, problems=(problem,) if problem else ())


def is_open(entry: Entry) -> bool:
    """Whether the document's data may be downloaded: neither withdrawn nor closed."""
    return entry.state == "published"


def tables_of(site: Site, entry: Entry) -> tuple[TableCard, ...]:
    """The tables of a document that are offered: none that has only private columns.

    Tables that the document brings itself (`Kind.open_tables`) have public columns only.
    """
    if not is_open(entry):
        return ()
    kind = site.kinds.kinds.get(entry.card.kind)
    closed = {t.name for t in kind.tables if not public_fields(t)} if kind else set()
    return tuple(table for table in entry.card.tables if table.name not in closed)


def file_names(entry: Entry, table: str) -> dict[str, str]:
    """The names of a table's files within the document's folder, by suffix."""
    folder = addresses.folder_of(entry.address)
    return {
        suffix: addresses.table_file(entry.address, table, suffix).removeprefix(folder)
        for suffix in FORMATS
    }


def table_bytes(entry: Entry, name: str, suffix: str, workshop: Workshop) -> bytes:
    """One table of a document as ``csv``, ``xlsx`` or ``json``.

    The archive holds the same bytes, so they are kept until the next document's turn.
    """
    return workshop.desk.of_subject(
        entry.path, (suffix, name), lambda: _table_bytes(entry, name, suffix, workshop)
    )


def table_digest(entry: Entry, name: str, suffix: str, workshop: Workshop) -> str:
    """The SHA-256 (hex) of `table_bytes`: of the file itself, and as the description and the
    archive tell it."""

    def made() -> str:
        return hashlib.sha256(table_bytes(entry, name, suffix, workshop)).hexdigest()

    return workshop.desk.of_subject(entry.path, ("digest", suffix, name), made)


def _table_bytes(entry: Entry, name: str, suffix: str, workshop: Workshop) -> bytes:
    site = workshop.site
    language = site.settings.language
    table = data_table(entry, name, suffix, workshop)
    if suffix == "csv":
        return csv_bytes(table, language, _texts(entry, table, workshop))
    if suffix == "json":
        return json_bytes(table)
    cells = _cells(entry, table, workshop)
    return xlsx_bytes(table, _about(entry, table, workshop), language, cells)


def data_table(entry: Entry, name: str, suffix: str, workshop: Workshop) -> DataTable:
    """One table of a document, with links as seen from its files: they stand in one folder."""

    def made() -> DataTable:
        table = _table(entry, name, workshop)
        base = addresses.table_file(entry.address, name, suffix)
        return of_document(workshop.site, entry, table, base, workshop.desk)

    return workshop.desk.of_subject(entry.path, ("table", name), made)


def _texts(entry: Entry, table: DataTable, workshop: Workshop) -> list[list[str]]:
    language = workshop.site.settings.language
    cells = _cells(entry, table, workshop)
    return workshop.desk.of_subject(
        entry.path, ("texts", table.name), lambda: texts_of(table, language, cells)
    )


def _cells(entry: Entry, table: DataTable, workshop: Workshop) -> tuple[tuple[Flat, ...], ...]:
    return workshop.desk.of_subject(entry.path, ("cells", table.name), table.cells)


def _table(entry: Entry, name: str, workshop: Workshop) -> Table:
    document = workshop.facts.document(entry.path)
    for table in document.tables:
        if table.kind.name == name:
            return table
    raise KeyError(f"{entry.path} has no table {name}")


def package(entry: Entry, workshop: Workshop, names: dict[str, dict[str, str]]) -> bytes:
    """The ``datapackage.json`` of a document's tables.

    `names` are the files of each table, by suffix, relative to the description's folder.
    """
    site = workshop.site
    language = site.settings.language
    resources = [
        datapackage.placed(_resource(entry, name, workshop), paths) for name, paths in names.items()
    ]
    card, base = entry.card, addresses.data_package(entry.address)
    facts = {
        "description": shown(site, entry, "summary"),
        "homepage": link(site, entry.address, base) if site.settings.base_url else "",
        "keywords": list(card.keywords),
        "sources": [{"title": source}] if (source := issuer_of(site, entry)) else [],
        "index_no": shown(site, entry, "index_no"),
        "doc_no": shown(site, entry, "doc_no"),
        "issuer": shown(site, entry, "issuer"),
        "formed_on": _iso(card.formed_on),
        "published_on": _iso(card.published_on),
        "revised_on": _iso(entry.revised_on),
        "notice": word("notice_text", language),
    }
    name = entry.address.removesuffix(".html")
    return datapackage.package_bytes(name, card.title, facts, resources)


def _resource(entry: Entry, name: str, workshop: Workshop) -> dict[str, Any]:
    """The description of one table, but for where its files are."""

    def made() -> dict[str, Any]:
        table = data_table(entry, name, "csv", workshop)
        content = table_bytes(entry, name, "csv", workshop)
        digest = table_digest(entry, name, "csv", workshop)
        texts = _texts(entry, table, workshop)
        language = workshop.site.settings.language
        return datapackage.resource(table, content, {}, language, texts, digest)

    return workshop.desk.of_subject(entry.path, ("resource", name), made)


def shown(site: Site, entry: Entry, name: str) -> str:
    """A text of the document's card, or '' if its kind keeps that field private."""
    return "" if is_private(site, entry.card.kind, name) else str(getattr(entry.card, name))


def issuer_of(site: Site, entry: Entry) -> str:
    """Who the data come from: 信息来源, else 发布机构, else the site's sponsor."""
    named = shown(site, entry, "source") or shown(site, entry, "issuer")
    return named or site.settings.identity.sponsor


def facts_of(site: Site, entry: Entry, base: str) -> list[tuple[str, str]]:
    """What identifies a document, as labels and values, for sheets and texts beside its data."""
    card = entry.card
    named = [
        ("title", card.title),
        ("index_no", shown(site, entry, "index_no")),
        ("doc_no", shown(site, entry, "doc_no")),
        ("issuer", issuer_of(site, entry)),
        ("formed_on", _iso(card.formed_on)),
        ("published_on", _iso(card.published_on)),
        ("revised_on", _iso(entry.revised_on)),
        ("validity", entry.validity),
        ("site", site.settings.name),
        ("page", link(site, entry.address, base)),
    ]
    language = site.settings.language
    return [(word(key, language), value) for key, value in named if value]


def _about(entry: Entry, table: DataTable, workshop: Workshop) -> About:
    site = workshop.site
    language = site.settings.language
    base = addresses.table_file(entry.address, table.name, "xlsx")
    # The files of all tables stand in one folder, from which the page is linked in one way.
    facts = workshop.desk.of_subject(entry.path, ("facts",), lambda: facts_of(site, entry, base))
    title, rest = facts[:1], facts[1:]
    of_table = table_facts(table, language)
    notice = [(word("notice", language), word("notice_text", language))]
    return About(
        facts=(*title, *of_table, *rest, *notice),
        title=f"{entry.card.title} {table.title}" if table.title else entry.card.title,
        author=issuer_of(site, entry),
        created=entry.card.published_on,
    )


def table_facts(table: DataTable, language: str) -> list[tuple[str, str]]:
    """What identifies a table, as labels and values."""
    named = [
        ("table", table.title),
        ("table_code", table.code),
        ("unit", table.unit),
        ("rows", str(len(table.rows))),
        ("description", table.description),
        ("statement", table.statement),
    ]
    return [(word(key, language), value) for key, value in named if value]


def _iso(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""
