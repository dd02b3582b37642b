"""The directory of all disclosures (信息公开目录) as CSV, XLSX and JSON, with its description.

The rows are those of the page (`site.catalogue.rows`).
"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.kinds.kind import Constraints
from sitegen.outputs import datapackage
from sitegen.outputs.delimited import csv_bytes, texts_of
from sitegen.outputs.links import link
from sitegen.outputs.output import Made, Output, Workshop
from sitegen.outputs.records import json_bytes
from sitegen.outputs.spreadsheet import About, xlsx_bytes
from sitegen.outputs.tabular import DataColumn, DataTable
from sitegen.outputs.words import label_text, word
from sitegen.render.theme import Theme
from sitegen.site import addresses
from sitegen.site.catalogue import rows
from sitegen.site.site import Site

PRODUCERS = ("catalogue",)
PACKAGE = "catalogue/datapackage.json"
FORMATS = ("csv", "xlsx", "json")

_COLUMNS = (
    ("number", "序号", "No.", "integer"),
    ("index_no", "索引号", "Index number", "string"),
    ("title", "名称", "Title", "string"),
    ("summary", "内容概述", "Summary", "string"),
    ("formed_on", "生成日期", "Formed on", "date"),
    ("doc_no", "文号", "Document number", "string"),
    ("issuer", "发布机构", "Issuer", "string"),
    ("published_on", "发布日期", "Published on", "date"),
    ("disclosure", "公开方式", "Disclosure", "string"),
    ("validity", "有效性", "Validity", "string"),
    ("column", "栏目", "Column", "string"),
    ("a20_class", "公开类别", "Class of art. 20", "string"),
    ("genre", "体裁分类", "Genre", "string"),
    ("topic", "主题分类", "Topic", "string"),
    ("url", "链接", "Link", "string"),
)
"""Name, Chinese and English heading, type (政府信息公开条例 art. 12 asks for 索引, 名称, 内容概述,
生成日期)."""


def plan(site: Site, theme: Theme) -> Iterator[Output]:
    """The data files of the directory, if there is any document."""
    if any(entry.state == "published" for entry in site.entries.values()):
        for suffix in FORMATS:
            yield Output(addresses.catalogue_file(suffix), PRODUCERS[0], part=suffix)
        yield Output(PACKAGE, PRODUCERS[0], part="datapackage")


def produce(output: Output, workshop: Workshop) -> Made:
    """Make one of them."""
    site = workshop.site
    language = site.settings.language
    if output.part == "datapackage":
        return Made(_package(workshop))
    if output.part == "csv":
        return Made(_csv(workshop))
    table = _table(workshop)
    if output.part == "json":
        return Made(json_bytes(table))
    return Made(xlsx_bytes(table, _about(site, table, output.address), language))


# All of them are made one after another: what they share is made once.


def _table(workshop: Workshop) -> DataTable:
    """The table of all of them, which stand in one folder."""
    base = addresses.catalogue_file("csv")
    return workshop.desk.of_subject("", ("catalogue",), lambda: data_table(workshop.site, base))


def _texts(workshop: Workshop) -> list[list[str]]:
    language = workshop.site.settings.language
    table = _table(workshop)
    return workshop.desk.of_subject("", ("catalogue texts",), lambda: texts_of(table, language))


def _csv(workshop: Workshop) -> bytes:
    language = workshop.site.settings.language
    return workshop.desk.of_subject(
        "", ("catalogue csv",), lambda: csv_bytes(_table(workshop), language, _texts(workshop))
    )


def data_table(site: Site, base: str) -> DataTable:
    """The directory as a table; links are relative to `base` if the site has no ``base_url``."""
    language = site.settings.language
    english = language.startswith("en")
    return DataTable(
        name="catalogue",
        title="Directory of disclosures" if english else "信息公开目录",
        columns=tuple(
            DataColumn(
                name=name,
                heading=other if english else heading,
                type=sort,
                constraints=Constraints(required=name in {"number", "title", "url"}),
            )
            for name, heading, other, sort in _COLUMNS
        ),
        rows=tuple(
            (
                row.number,
                row.index_no or None,
                row.title,
                row.summary or None,
                row.formed_on,
                row.doc_no or None,
                row.issuer or None,
                row.published_on,
                row.disclosure or None,
                row.validity or None,
                row.column_name or None,
                label_text(row.a20_title, language) or row.a20_class or None,
                row.genre or None,
                row.topic or None,
                link(site, row.address, base),
            )
            for row in site.ask(rows)
        ),
        primary_key=("number",),
    )


def _about(site: Site, table: DataTable, base: str) -> About:
    language = site.settings.language
    named = [
        ("title", table.title),
        ("rows", str(len(table.rows))),
        ("issuer", site.settings.identity.sponsor),
        ("site", site.settings.name),
        ("page", link(site, addresses.CATALOGUE, base)),
        ("notice", word("notice_text", language)),
    ]
    return About(
        facts=tuple((word(key, language), value) for key, value in named if value),
        title=f"{site.settings.name} {table.title}",
        author=site.settings.identity.sponsor,
    )


def _package(workshop: Workshop) -> bytes:
    site = workshop.site
    language = site.settings.language
    table, content = _table(workshop), _csv(workshop)
    paths = {suffix: f"catalogue.{suffix}" for suffix in FORMATS}
    sponsor = site.settings.identity.sponsor
    facts = {
        "homepage": link(site, addresses.CATALOGUE, PACKAGE) if site.settings.base_url else "",
        "sources": [{"title": sponsor}] if sponsor else [],
        "notice": word("notice_text", language),
    }
    resources = [datapackage.resource(table, content, paths, language, _texts(workshop))]
    title = f"{site.settings.name} {table.title}"
    return datapackage.package_bytes("catalogue", title, facts, resources)
