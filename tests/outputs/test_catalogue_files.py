"""The directory of all disclosures: its rows and its data files."""

from __future__ import annotations

import csv
import datetime
import io
import json

import openpyxl
from handmade import column, entry, outputs, site, workshop

from sitegen.kinds.kind import Field, Kind, Kinds
from sitegen.outputs import catalogue
from sitegen.site.catalogue import column_order, rows

COLUMNS = (
    column("", "首页", None, children=("xxgk", "tzgg")),
    column("tzgg", "通知公告", documents=("tzgg/c.md",)),
    column("xxgk", "政府信息公开", children=("xxgk/ys",), a20_class="a20_15"),
    column("xxgk/ys", "财政预决算", "xxgk", a20_class="a20_07", documents=("xxgk/ys/a.md",)),
)
A20 = Field("a20_class", {"zh": "公开类别"}, labels={"a20_07": {"zh": "财政预算、决算信息"}})


def made(*entries, **more):
    return site(entries, columns=COLUMNS, **more)


def budget(**more):
    return entry(
        "xxgk/ys/a.md", "2026年部门预算", "xxgk/ys", index_no="110000001234567883/2026-00001",
        summary="收支预算", formed_on=datetime.date(2026, 1, 9), doc_no="示财〔2026〕1号",
        issuer="财政局", validity="有效", genre="报告", topic="财政", **more,
    )  # fmt: skip


def test_every_cell_of_a_row():
    kinds = Kinds((A20,), {"article": Kind("article", {"zh": "信息"})})
    data = outputs(catalogue, workshop(made(budget(), kinds=kinds)))
    assert data["catalogue/catalogue.csv"].decode("utf-8-sig") == (
        "序号,索引号,名称,内容概述,生成日期,文号,发布机构,发布日期,公开方式,有效性,栏目,公开类别,体裁分类,主题分类,链接\r\n"
        "1,110000001234567883/2026-00001,2026年部门预算,收支预算,2026-01-09,示财〔2026〕1号,财政局,"
        "2026-03-02,主动公开,有效,政府信息公开 / 财政预决算,财政预算、决算信息,报告,财政,"
        "https://xxgk.shifan.example/xxgk/ys/a.html\r\n"
    )


def test_all_forms_hold_the_same_rows():
    data = outputs(catalogue, workshop(made(budget(), entry("tzgg/c.md", "公告", "tzgg"))))
    texts = list(csv.reader(io.StringIO(data["catalogue/catalogue.csv"].decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(data["catalogue/catalogue.xlsx"])).worksheets[0]
    records = json.loads(data["catalogue/catalogue.json"])
    assert [row[2] for row in texts[1:]] == [record["title"] for record in records]
    assert [row[2].value for row in sheet.iter_rows(min_row=2)] == [r["title"] for r in records]
    assert [*data] == [
        "catalogue/catalogue.csv",
        "catalogue/catalogue.xlsx",
        "catalogue/catalogue.json",
        "catalogue/datapackage.json",
    ]


def test_order_is_by_column_then_newest():
    old = entry("tzgg/a.md", "旧", "tzgg", published_on=datetime.date(2025, 1, 1))
    new = entry("tzgg/b.md", "新", "tzgg")
    same = entry("tzgg/c.md", "新二", "tzgg")
    found = rows(made(old, same, new, budget()))
    assert [row.path for row in found] == ["xxgk/ys/a.md", "tzgg/b.md", "tzgg/c.md", "tzgg/a.md"]
    assert [row.number for row in found] == [1, 2, 3, 4]


def test_the_class_comes_from_the_nearest_column():
    below = entry("xxgk/b.md", "乙", "xxgk")
    own = entry("xxgk/c.md", "丙", "xxgk", a20_class="a20_04")
    found = {row.path: row.a20_class for row in rows(made(budget(), below, own))}
    assert found == {"xxgk/ys/a.md": "a20_07", "xxgk/b.md": "a20_15", "xxgk/c.md": "a20_04"}


def test_only_published_documents_are_listed():
    hidden = [entry(f"tzgg/{s}.md", s, "tzgg", state=s) for s in ("withdrawn", "closed")]
    assert rows(made(*hidden)) == ()
    assert outputs(catalogue, workshop(made(*hidden))) == {}


def test_private_fields_are_left_out():
    kind = Kind("article", {"zh": "信息"}, (Field("summary", {"zh": "内容概述"}, private=True),))
    (row,) = rows(made(budget(), kinds=Kinds((), {"article": kind})))
    assert row.summary == ""
    assert row.issuer == "财政局"


def test_links_without_a_base_url_are_relative_to_the_file():
    data = outputs(catalogue, workshop(made(budget(), base_url="")))
    assert json.loads(data["catalogue/catalogue.json"])[0]["url"] == "../xxgk/ys/a.html"


def test_headings_of_an_english_site():
    data = outputs(catalogue, workshop(made(budget(), language="en")))
    header = data["catalogue/catalogue.csv"].decode("utf-8-sig").splitlines()[0]
    assert header.startswith("No.,Index number,Title,Summary,Formed on")


def test_columns_are_in_the_order_of_navigation():
    assert [*column_order(made())] == ["", "xxgk", "xxgk/ys", "tzgg"]
