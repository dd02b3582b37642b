"""The shipped policies, interpretations, profiles, guide, plans and annual reports of the zone."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from sitegen.kinds.document import Document
from sitegen.kinds.loading import load_kinds
from sitegen.kinds.reading import read_document, read_mapping
from sitegen.source.calendar import shipped_calendar

CONTENT = Path(__file__).parent.parent.parent / "content"
FOLDERS = {
    "xxgk/zhinan": "disclosure-guide",
    "xxgk/zhidu": "policy",
    "xxgk/nianbao": "article",
    "xxgk/yishenqing": "article",
    "xxgk/fdzdgk/zhengce": "policy",
    "xxgk/fdzdgk/jigou": "organisation",
    "xxgk/fdzdgk/guihua": "article",
    "zcjd": "interpretation",
}
FILES = sorted(
    (file, kind)
    for folder, kind in FOLDERS.items()
    for file in (CONTENT / folder).rglob("*")
    if file.suffix in (".md", ".yaml") and not file.name.startswith("_")
)
YEARS = (2021, 2022, 2023, 2024, 2025)
TODAY = datetime.date(2026, 11, 23)


def open_file(path: str) -> bytes | None:
    file = CONTENT / path
    return file.read_bytes() if file.is_file() else None


@cache
def documents() -> dict[str, Document]:
    kinds, _ = load_kinds(())
    read: dict[str, Document] = {}
    for file, kind in FILES:
        path = file.relative_to(CONTENT).as_posix()
        document, problems = read_document(
            path, file.read_bytes(), kinds, open_file, default_kind=kind
        )
        assert problems == (), path
        assert document is not None
        read[path] = document
    return read


def of_kind(kind: str) -> dict[str, Document]:
    return {path: doc for path, doc in documents().items() if doc.kind == kind}


def report(year: int) -> Document:
    return next(
        doc
        for path, doc in documents().items()
        if path.startswith("xxgk/nianbao/") and doc.fields["year"] == year
    )


def cells(document: Document, name: str) -> dict[str, list[int]]:
    table = next(table for table in document.tables if table.kind.name == name)
    return {str(row[0]): [int(str(cell)) for cell in row[1:]] for row in table.rows}


def amounts(document: Document) -> dict[tuple[str, str], Decimal]:
    table = next(table for table in document.tables if table.kind.name == "zhudong")
    return {(str(row[1]), str(row[2])): Decimal(str(row[3])) for row in table.rows}


def test_every_document_reads_without_a_problem() -> None:
    counts = Counter(doc.kind for doc in documents().values())
    assert counts["policy"] >= 14
    assert counts["interpretation"] >= 6
    assert counts["organisation"] >= 4
    assert counts["disclosure-guide"] == 1


def test_columns_and_settings_read_without_a_problem() -> None:
    kinds, _ = load_kinds(())
    for file in sorted(CONTENT.rglob("_column.yaml")):
        path = file.relative_to(CONTENT).as_posix()
        values, problems = read_mapping(path, file.read_bytes(), kinds.column)
        assert problems == (), path
        assert values is not None
        assert values.fields.get("owner"), path
        assert values.fields.get("update_rule"), path
    values, problems = read_mapping("site.yaml", (CONTENT / "site.yaml").read_bytes(), kinds.site)
    assert problems == ()


def test_numbers_are_given_once() -> None:
    for name in ("index_no", "doc_no"):
        numbers = [doc.fields[name] for doc in documents().values() if name in doc.fields]
        assert len(numbers) == len(set(map(str, numbers))), name


def test_all_is_published_in_time_and_on_working_days() -> None:
    calendar = shipped_calendar()
    for path, document in documents().items():
        formed, published = document.fields.get("formed_on"), document.fields.get("published_on")
        if not isinstance(formed, datetime.date) or not isinstance(published, datetime.date):
            assert document.fields.get("draft") is True, path
            continue
        assert calendar.is_workday(formed), path
        assert calendar.is_workday(published), path
        assert calendar.workdays_between(formed, published) <= 20, path


def test_relations_lead_to_documents_of_the_site() -> None:
    for path, document in documents().items():
        for relation in ("interprets", "amends", "repeals", "replaces", "relates"):
            targets: Any = document.fields.get(relation, [])
            for target in targets:
                assert target in documents(), (path, relation, target)
                assert target != path


def test_normative_documents_in_force_are_interpreted() -> None:
    interpreted = {
        target
        for document in of_kind("interpretation").values()
        for target in document.fields["interprets"]  # type: ignore[union-attr]
    }
    for path, document in of_kind("policy").items():
        fields = document.fields
        if fields.get("category") == "规范性文件" and not fields.get("draft"):
            waived = fields.get("needs_interpretation") is False or "amends" in fields
            assert path in interpreted or waived, path


def test_every_state_of_a_policy_is_there() -> None:
    policies = of_kind("policy").values()
    targets = {
        relation: {t for doc in policies for t in doc.fields.get(relation, [])}  # type: ignore[union-attr]
        for relation in ("amends", "repeals", "replaces")
    }
    assert all(targets.values())
    dates = [(doc.fields.get("effective_on"), doc.fields.get("expires_on")) for doc in policies]
    assert any(isinstance(start, datetime.date) and start > TODAY for start, _ in dates)
    assert any(isinstance(end, datetime.date) and end < TODAY for _, end in dates)
    acts = {
        change["act"]
        for doc in policies
        for change in doc.fields.get("changes", [])  # type: ignore[union-attr]
    }
    assert acts == {"修订", "撤下", "移动"}
    assert any(doc.fields.get("draft") is True for doc in policies)
    assert any(doc.fields["published_on"] > TODAY for doc in of_kind("interpretation").values())  # type: ignore[operator]


def test_the_head_of_the_zone_leads_its_offices() -> None:
    zone = documents()["xxgk/fdzdgk/jigou/guanweihui.yaml"]
    leaders, departments, _ = zone.tables
    assert zone.fields["head"] == {"name": leaders.rows[0][0], "post": leaders.rows[0][1]}
    names = {str(row[0]) for row in departments.rows}
    for document in of_kind("organisation").values():
        office = str(document.fields["name"]).removeprefix("示范经济开发区")
        phones = {str(row[0]): row[departments.column("phone")] for row in departments.rows}
        if office in names:
            assert document.fields["phone"] == phones[office]


class TestAnnualReports:
    @pytest.mark.parametrize("year", YEARS)
    def test_requests_in_are_requests_out(self, year: int) -> None:
        table = cells(report(year), "shenqing")
        new, carried, done, left = (
            next(row for label, row in table.items() if start in label)
            for start in ("本年新收", "上年结转", "（七）总计", "结转下年度")
        )
        for column in range(7):
            assert new[column] + carried[column] == done[column] + left[column]
        results = [row for label, row in table.items() if re.search(r"（[一二三四五六]）", label)]
        assert len(table) == 25
        assert len(results) == 21
        assert [sum(column) for column in zip(*results, strict=True)] == done
        assert all(row[6] == sum(row[:6]) for row in table.values())

    @pytest.mark.parametrize("year", YEARS[1:])
    def test_what_was_left_is_carried_over(self, year: int) -> None:
        before = cells(report(year - 1), "shenqing")["四、结转下年度继续办理"]
        assert cells(report(year), "shenqing")["二、上年结转政府信息公开申请数量"] == before

    @pytest.mark.parametrize("year", YEARS)
    def test_reviews_and_suits_add_up(self, year: int) -> None:
        rows = cells(report(year), "fuyi").values()
        assert len(rows) == 3
        assert all(row[4] == sum(row[:4]) for row in rows)

    @pytest.mark.parametrize("year", YEARS)
    def test_normative_documents_are_those_of_the_site(self, year: int) -> None:
        normative = [
            doc.fields
            for doc in of_kind("policy").values()
            if doc.fields.get("category") == "规范性文件" and "formed_on" in doc.fields
        ]
        made = [f for f in normative if f["formed_on"].year == year]  # type: ignore[union-attr]
        assert amounts(report(year))["行政规范性文件", "本年制发件数"] == len(made)

    @pytest.mark.parametrize("year", YEARS[1:])
    def test_documents_in_force_follow_from_the_year_before(self, year: int) -> None:
        now, before = amounts(report(year)), amounts(report(year - 1))
        name = "行政规范性文件"
        assert now[name, "现行有效件数"] == (
            before[name, "现行有效件数"] + now[name, "本年制发件数"] - now[name, "本年废止件数"]
        )

    @pytest.mark.parametrize("year", YEARS)
    def test_the_text_tells_the_figures_of_the_tables(self, year: int) -> None:
        document = report(year)
        table = cells(document, "shenqing")
        new = next(row for label, row in table.items() if "本年新收" in label)[6]
        left = next(row for label, row in table.items() if "结转下年度" in label)[6]
        assert f"新收政府信息公开申请{new}件" in document.body
        assert f"结转下年度{left}件" in document.body
        fees = amounts(document)["行政事业性收费", "本年收费金额"]
        assert f"收取行政事业性收费{fees}万元" in document.body
        assert document.fields["published_on"] <= datetime.date(year + 1, 1, 31)  # type: ignore[operator]


def test_attached_forms_and_texts_open_and_name_nobody() -> None:
    files = [file for folder in FOLDERS for file in (CONTENT / folder).rglob("*.docx")]
    assert len(files) >= 5
    for file in files:
        with zipfile.ZipFile(file) as book:
            assert book.testzip() is None
            text = "".join(ElementTree.fromstring(book.read("word/document.xml")).itertext())
            core = book.read("docProps/core.xml").decode()
        assert len(text) > 100
        assert "creator" not in core
        assert "lastModifiedBy" not in core
