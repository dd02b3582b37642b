"""Tables as data files show them."""

from __future__ import annotations

import datetime
from decimal import Decimal

from handmade import entry, with_table

from sitegen.kinds.kind import Constraints, Field
from sitegen.outputs.downloads import data_table
from sitegen.site.site import Attachment


def made(fields, rows, **more):
    shop, one = with_table(fields, rows, **more)
    return data_table(one, "decisions", "csv", shop)


def test_private_columns_are_gone():
    fields = [Field("a", {"zh": "甲"}), Field("id_no", {"zh": "证件号"}, private=True)]
    table = made(fields, [["x", "secret"]], primary_key=("id_no",))
    assert [c.name for c in table.columns] == ["a"]
    assert table.rows == (("x",),)
    assert table.primary_key == ()


def test_private_parts_of_objects_are_gone():
    parts = (Field("post", {"zh": "岗位"}), Field("mobile", {"zh": "手机"}, private=True))
    fields = [
        Field("a", {"zh": "甲"}),
        Field("who", {"zh": "联系人"}, type="object", fields=parts),
        Field("all", {"zh": "全部"}, type="list", item=Field("", {}, type="object", fields=parts)),
    ]
    person = {"post": "科长", "mobile": "13900000000"}
    table = made(fields, [["x", person, [person, {"post": "科员"}]]])
    assert table.cells() == (("x", "岗位：科长", "岗位：科长；岗位：科员"),)
    assert table.records() == [
        {"a": "x", "who": {"post": "科长"}, "all": [{"post": "科长"}, {"post": "科员"}]}
    ]


def test_private_items_of_lists_are_gone():
    field = Field("ids", {"zh": "证件"}, type="list", item=Field("", {}, private=True))
    table = made([field, Field("b", {"zh": "乙"})], [[["secret"], "x"]])
    assert table.cells() == ((None, "x"),)
    assert table.records() == [{"ids": [], "b": "x"}]


def test_headings_hold_the_unit_once():
    fields = [
        Field("a", {"zh": "金额"}, type="number", unit="万元"),
        Field("b", {"zh": "面积（亩）"}, type="number", unit="亩"),
        Field("c", {"zh": "合计"}, type="number"),
        Field("d", {"zh": "备注"}),
    ]
    table = made(fields, [], unit="元")
    assert [c.heading for c in table.columns] == [
        "金额（万元）",
        "面积（亩）",
        "合计（元）",
        "备注",
    ]


def test_equal_headings_are_told_apart():
    table = made([Field("a", {"zh": "金额"}), Field("b", {"zh": "金额"})], [])
    assert [c.heading for c in table.columns] == ["金额", "金额 [b]"]


def test_headings_of_an_english_site():
    field = Field("a", {"zh": "金额", "en": "Amount"}, type="number", unit="CNY")
    table = made([field, Field("b", {"zh": "备注"})], [], language="en")
    assert [c.heading for c in table.columns] == ["Amount (CNY)", "备注"]
    assert table.title == "Decisions"


def test_enum_codes_stand_with_their_labels():
    labels = {"1": {"zh": "普通"}, "2": {"zh": "特许"}, "其他": {"zh": "其他"}}
    table = made(
        [Field("k", {"zh": "类别"}, type="enum", labels=labels)], [["1"], ["其他"], [None]]
    )
    assert table.cells() == (("1 普通",), ("其他",), (None,))
    assert table.records() == [{"k": "1"}, {"k": "其他"}, {"k": None}]
    assert table.columns[0].choices == ("1 普通", "2 特许", "其他")


def test_enum_keys_give_way_to_their_labels():
    labels = {
        "income": {"zh": "收入"},
        "expense": {"zh": "支出"},
        "a": {"zh": "同"},
        "b": {"zh": "同"},
    }
    rows = [["income"], ["a"], ["b"]]
    table = made([Field("k", {"zh": "收支"}, type="enum", labels=labels)], rows)
    assert table.cells() == (("收入",), ("a 同",), ("b 同",))
    assert [record["k"] for record in table.records()] == ["income", "a", "b"]


def test_references_read_as_title_and_link():
    other = entry("xxgk/zhengce/a.md", "示范办法")
    field = Field("basis", {"zh": "依据"}, type="reference")
    table = made([field], [["xxgk/zhengce/a.md"]], others=[other])
    assert table.cells() == (("示范办法 <https://xxgk.shifan.example/xxgk/zhengce/a.html>",),)
    assert table.records() == [
        {"basis": {"title": "示范办法", "url": "https://xxgk.shifan.example/xxgk/zhengce/a.html"}}
    ]


def test_references_without_a_base_url_are_relative_to_the_file():
    other = entry("xxgk/zhengce/a.md", "示范办法")
    field = Field("basis", {"zh": "依据"}, type="reference")
    table = made([field], [["xxgk/zhengce/a.md"]], others=[other], base_url="")
    assert table.cells() == (("示范办法 <../../xxgk/zhengce/a.html>",),)


def test_a_reference_to_a_document_without_a_page_says_nothing():
    field = Field("basis", {"zh": "依据"}, type="reference")
    table = made([field, Field("b", {"zh": "乙"})], [["xxgk/draft.md", "x"]])
    assert table.cells() == ((None, "x"),)
    assert table.records() == [{"basis": None, "b": "x"}]


def test_files_read_as_the_attachment_that_they_are():
    file = Attachment("xxgk/permits/f.pdf", "xxgk/permits/f.pdf", "批复", "批复.pdf", 1, "", "x/y")
    field = Field("doc", {"zh": "文书"}, type="file")
    rows = [["xxgk/permits/f.pdf"], ["f.pdf"], ["xxgk/permits/hidden.pdf"]]
    table = made([field], rows, attachments=(file,), base_url="")
    assert table.cells() == (("批复 <../../xxgk/permits/f.pdf>",),) * 2 + ((None,),)


def test_scale_adds_decimals_and_never_rounds():
    field = Field("n", {"zh": "数"}, type="number", scale=2)
    rows = [[Decimal("1")], [Decimal("1.5")], [Decimal("1.2345")], [Decimal("1" * 40)]]
    cells = [str(row[0]) for row in made([field], rows).cells()]
    assert cells == ["1.00", "1.50", "1.2345", "1" * 40 + ".00"]


def test_lists_of_dates_and_numbers_are_texts_and_json_arrays():
    items = Field("", {}, type="date")
    field = Field("days", {"zh": "日期"}, type="list", item=items)
    days = [datetime.date(2026, 3, 1), datetime.date(2026, 3, 2)]
    table = made([field], [[days]])
    assert table.cells() == (("2026-03-01；2026-03-02",),)
    assert table.records() == [{"days": days}]


def test_constraints_of_texts_do_not_speak_of_flattened_cells():
    limit = Constraints(required=True, pattern="[a-z/]+", max_length=20)
    table = made([Field("r", {"zh": "依据"}, type="reference", constraints=limit)], [])
    assert table.columns[0].constraints == Constraints(required=True)
