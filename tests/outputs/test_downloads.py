"""Which downloads there are, and their bytes."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from handmade import attachment, entry, outputs, site, with_table, workshop

from sitegen.kinds.document import Document, Table
from sitegen.kinds.kind import Field, Kind, Kinds, TableKind
from sitegen.outputs import downloads
from sitegen.site.cards import TableCard

FIELDS = (
    Field("no", {"zh": "文书号"}),
    Field("fee", {"zh": "金额"}, type="number", unit="元"),
    Field("on", {"zh": "日期"}, type="date"),
)
ROWS = (("=a", Decimal("12.50"), datetime.date(2026, 3, 1)), ("b", None, None))


def test_a_table_is_offered_in_three_forms_with_a_description():
    shop, _ = with_table(FIELDS, ROWS)
    assert sorted(outputs(downloads, shop)) == [
        "xxgk/permits/datapackage.json",
        "xxgk/permits/decisions.csv",
        "xxgk/permits/decisions.json",
        "xxgk/permits/decisions.xlsx",
    ]


def test_json_is_exact():
    shop, _ = with_table(FIELDS, ROWS)
    data = outputs(downloads, shop)["xxgk/permits/decisions.json"]
    assert data == (
        b'[\n{"no":"=a","fee":12.50,"on":"2026-03-01"},\n{"no":"b","fee":null,"on":null}\n]\n'
    )
    assert json.loads(data, parse_float=Decimal)[0]["fee"] == Decimal("12.50")


def test_json_of_an_empty_table_is_an_empty_array():
    shop, _ = with_table(FIELDS, ())
    assert outputs(downloads, shop)["xxgk/permits/decisions.json"] == b"[]\n"


def test_csv_is_exact():
    shop, _ = with_table(FIELDS, ROWS)
    assert outputs(downloads, shop)["xxgk/permits/decisions.csv"] == (
        "\ufeff文书号,金额（元）,日期\r\n'=a,12.50,2026-03-01\r\nb,,\r\n".encode()
    )


@pytest.mark.parametrize("state", ["withdrawn", "closed"])
def test_withdrawn_and_closed_documents_have_none(state):
    file = attachment("xxgk/permits/f.pdf", b"f", "批复.pdf")
    shop, _ = with_table(FIELDS, ROWS, state=state, attachments=(file,))
    assert outputs(downloads, shop) == {}


def test_a_table_of_private_columns_is_not_offered():
    shop, _ = with_table([Field("id_no", {"zh": "证件号"}, private=True)], [["secret"]])
    assert outputs(downloads, shop) == {}


def test_private_columns_are_in_no_file():
    fields = [*FIELDS, Field("id_no", {"zh": "证件号"}, private=True)]
    shop, _ = with_table(fields, [(*ROWS[0], "secret")])
    for data in outputs(downloads, shop).values():
        assert b"secret" not in data
        assert b"id_no" not in data
        assert "证件号".encode() not in data


def test_private_fields_of_the_document_are_in_no_file():
    shop, one = with_table(FIELDS, ROWS, source="secret")
    table = shop.site.kinds.kinds["permits"].tables
    kind = Kind("permits", {"zh": "许可"}, (Field("source", {"zh": "来源"}, private=True),), table)
    hidden = workshop(
        site([one], kinds=Kinds((), {"permits": kind})), [shop.facts.document(one.path)]
    )
    assert all(b"secret" not in data for data in outputs(downloads, hidden).values())


def test_attachments_are_copied_once_for_each_address():
    a = attachment("xxgk/a/表.pdf", b"1", "表.pdf", "xxgk/a/biao.pdf")
    b = attachment("xxgk/a/b.png", b"2", "b.png")
    made = site([entry("xxgk/a.md", "甲", attachments=(a, b))])
    files = {b.source: b, "img/c.png": attachment("img/c.png", b"3", "c.png")}
    made = replace(made, files=files)
    assert outputs(downloads, workshop(made)) == {
        "xxgk/a/biao.pdf": "copy of xxgk/a/表.pdf".encode(),
        "xxgk/a/b.png": b"copy of xxgk/a/b.png",
        "img/c.png": b"copy of img/c.png",
    }


def test_tables_that_a_document_brings_are_offered():
    own = TableKind("own", {"zh": "自带"}, (FIELDS[0],), open=True, description={"zh": "截至三月"})
    one = entry("a.md", "甲", tables=(TableCard("own", "自带", 0),))
    shop = workshop(site([one]), [Document("a.md", "article", {}, (Table(own, ()),))])
    made = outputs(downloads, shop)
    assert "a/own.csv" in made
    assert "截至三月" in json.loads(made["a/datapackage.json"])["resources"][0]["description"]


def test_each_table_of_a_document_is_described():
    tables = tuple(TableKind(name, {"zh": name}, (FIELDS[0],)) for name in ("bud_in", "bud_out"))
    kind = Kind("budget", {"zh": "预算"}, tables=tables)
    cards = tuple(TableCard(table.name, table.name, 0) for table in tables)
    one = entry("ys/2026.md", "预算", kind="budget", tables=cards)
    document = Document("ys/2026.md", "budget", {}, tuple(Table(t, ()) for t in tables))
    made = outputs(downloads, workshop(site([one], kinds=Kinds((), {"budget": kind})), [document]))
    assert "ys/2026/bud-in.csv" in made
    package = json.loads(made["ys/2026/datapackage.json"])
    assert [r["path"] for r in package["resources"]] == ["bud-in.csv", "bud-out.csv"]
    assert [r["name"] for r in package["resources"]] == ["bud-in", "bud-out"]
