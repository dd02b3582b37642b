"""XLSX: typed cells, a second sheet, the same bytes every time."""

from __future__ import annotations

import datetime
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from handmade import with_table
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from sitegen.kinds.kind import Constraints, Field
from sitegen.outputs.cleaning import clean
from sitegen.outputs.downloads import table_bytes
from sitegen.outputs.spreadsheet import About, xlsx_bytes
from sitegen.outputs.tabular import DataColumn, DataTable

NOTHING = About(())


def table(rows, *types: str, title: str = "表") -> DataTable:
    columns = tuple(DataColumn(f"c{i}", f"列{i}", sort) for i, sort in enumerate(types))
    return DataTable("t", title, columns, tuple(tuple(row) for row in rows))


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def first_column(data: bytes) -> list[openpyxl.cell.Cell]:
    return [row[0] for row in opened(data).worksheets[0].iter_rows(min_row=2)]


def test_cells_have_their_types():
    row = ["007", Decimal("1234.50"), 12345, datetime.date(2026, 3, 1), "2026-03", 2026, True]
    types = ("string", "number", "integer", "date", "yearmonth", "year", "boolean")
    sheet = opened(xlsx_bytes(table([row], *types), NOTHING, "zh-CN")).worksheets[0]
    cells = sheet[2]
    assert [cell.value for cell in cells] == [
        "007", 1234.5, 12345, datetime.datetime(2026, 3, 1), "2026-03", 2026, "是",
    ]  # fmt: skip
    assert [cell.number_format for cell in cells] == [
        "@", "#,##0.00", "#,##0", "yyyy-mm-dd", "@", "0", "@",
    ]  # fmt: skip


def test_the_header_is_row_one_frozen_and_filtered():
    sheet = opened(xlsx_bytes(table([["a", "b"]] * 3, "string", "string"), NOTHING, "zh-CN"))["表"]
    assert [cell.value for cell in sheet[1]] == ["列0", "列1"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B4"
    assert sheet.dimensions == "A1:B4"


def test_an_empty_table_has_its_header():
    sheet = opened(xlsx_bytes(table([], "string"), NOTHING, "zh-CN")).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["列0"]]


def test_columns_are_as_wide_as_their_texts():
    rows = [["短", "一段较长的文字，有二十个汉字左右才好。", "很长" * 60]]
    sheet = opened(xlsx_bytes(table(rows, *["string"] * 3), NOTHING, "zh-CN")).worksheets[0]
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert widths[0] < 12 < 35 < widths[1] < 60 <= widths[2] < 62
    assert sheet["C2"].alignment.wrap_text
    assert not sheet["B2"].alignment.wrap_text


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "-5", "+1", "{=1}", "https://a.example/", "0x1F"]
)
def test_no_text_becomes_a_formula_a_link_or_a_number(text):
    cell = first_column(xlsx_bytes(table([[text]], "string"), NOTHING, "zh-CN"))[0]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_numbers_are_written_with_all_their_digits():
    data = xlsx_bytes(
        table([[Decimal("0.10")], [Decimal("-99999999999.99")]], "number"), NOTHING, "zh-CN"
    )
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"<v>0.10</v>" in sheet
    assert b"<v>-99999999999.99</v>" in sheet


def test_numbers_that_a_spreadsheet_would_round_are_texts():
    rows = [[Decimal("12345678901234567.89")], [Decimal("10000000000000000")]]
    cells = first_column(xlsx_bytes(table(rows, "number"), NOTHING, "zh-CN"))
    assert [cell.value for cell in cells] == ["12345678901234567.89", 10**16]


def test_dates_before_the_calendar_of_spreadsheets_are_texts():
    rows = [
        [datetime.date(1899, 12, 31)],
        [datetime.date(1900, 2, 28)],
        [datetime.date(1900, 3, 1)],
    ]
    cells = first_column(xlsx_bytes(table(rows, "date"), NOTHING, "zh-CN"))
    assert [cell.value for cell in cells] == [
        "1899-12-31", "1900-02-28", datetime.datetime(1900, 3, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("收支总表", "收支总表"),
        ("a/b[c]:*?", "a b c"),
        ("", "数据"),
        ("说明", "数据"),
        ("History", "数据"),
        ("'引号'", "引号"),
        ("长" * 40, "长" * 31),
    ],
)
def test_sheet_names_are_legal(title, name):
    book = opened(xlsx_bytes(table([["a"]], "string", title=title), NOTHING, "zh-CN"))
    assert book.sheetnames == [name, "说明"]


def test_the_second_sheet_says_what_the_data_are():
    fields = [
        Field("no", {"zh": "文书号"}, constraints=Constraints(required=True)),
        Field("k", {"zh": "类别"}, type="enum", labels={"1": {"zh": "普通"}, "2": {"zh": "特许"}}),
        Field("fee", {"zh": "费用"}, type="number", unit="元", description={"zh": "实收"}),
        Field("id_no", {"zh": "证件号"}, private=True),
    ]
    shop, one = with_table(fields, [["a", "1", Decimal("5.00"), "secret"]])
    data = table_bytes(one, "decisions", "xlsx", shop)
    book = opened(data)
    assert book.sheetnames == ["许可决定", "说明"]
    rows = [[cell.value for cell in row] for row in book["说明"].iter_rows()]
    facts = {row[0]: row[1] for row in rows[: rows.index([None] * 7)]}
    assert facts["标题"] == "三月行政许可决定公示"
    assert facts["表名"] == "许可决定"
    assert facts["发布机构"] == "示范经济开发区行政审批局"
    assert facts["索引号"] == "110000001234567883/2026-30001"
    assert facts["成文日期"] == "2026-03-01"
    assert facts["发布日期"] == "2026-03-02"
    assert facts["网页"] == "https://xxgk.shifan.example/xxgk/permits.html"
    assert facts["使用说明"]
    assert rows[rows.index([None] * 7) + 1 :] == [
        ["列名", "英文名", "类型", "计量单位", "必填", "说明", "取值"],
        ["文书号", "no", "文本", None, "是", None, None],
        ["类别", "k", "文本", None, None, None, "1 普通；2 特许"],
        ["费用（元）", "fee", "数值", "元", None, "实收", None],
    ]
    assert book.properties.creator == "示范经济开发区行政审批局"
    assert book.properties.created == datetime.datetime(2026, 3, 2)
    assert b"secret" not in data  # its parts are stored, not deflated


def test_the_statement_of_an_empty_table_is_said():
    shop, one = with_table([Field("a", {"zh": "甲"})], [], statement="本月没有作出许可决定。")
    rows = opened(table_bytes(one, "decisions", "xlsx", shop))["说明"].iter_rows(values_only=True)
    assert {row[0]: row[1] for row in rows}["空表说明"] == "本月没有作出许可决定。"


def test_the_same_table_gives_the_same_bytes():
    made = table([["a", Decimal("1.5"), datetime.date(2026, 3, 1)]], "string", "number", "date")
    assert xlsx_bytes(made, NOTHING, "zh-CN") == xlsx_bytes(made, NOTHING, "zh-CN")


def test_the_parts_are_stored_with_a_fixed_time():
    data = xlsx_bytes(table([["a"]], "string"), NOTHING, "zh-CN")
    parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    assert {part.date_time for part in parts} == {(1980, 1, 1, 0, 0, 0)}
    assert {part.compress_type for part in parts} == {zipfile.ZIP_STORED}


def test_a_text_longer_than_a_cell_is_cut_with_a_mark():
    cell = first_column(xlsx_bytes(table([["长" * 40000]], "string"), NOTHING, "zh-CN"))[0]
    assert len(cell.value) == 32767
    assert cell.value.endswith("长…")


def test_many_columns_have_the_right_letters():
    data = xlsx_bytes(table([["x"] * 60], *["string"] * 60), NOTHING, "zh-CN")
    assert opened(data).worksheets[0]["BH2"].value == "x"


@settings(max_examples=50)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_any_text_survives(texts):
    data = xlsx_bytes(table([[text, "x"] for text in texts], "string", "string"), NOTHING, "zh-CN")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    assert [row[0] for row in sheet.to_python()[1:]] == [clean(text) for text in texts]
    cells = first_column(data)
    assert [cell.value or "" for cell in cells] == [clean(text) for text in texts]


@settings(max_examples=50)
@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=2, min_value=-(10**11), max_value=10**11
    )
)
def test_any_amount_survives(amount):
    cell = first_column(xlsx_bytes(table([[amount]], "number"), NOTHING, "zh-CN"))[0]
    assert Decimal(str(round(cell.value, 2))) == amount
    assert cell.number_format == "#,##0.00"


def test_long_facts_have_rows_as_high_as_their_lines():
    about = About((("标题", "短"), ("使用说明", "长" * 40)))
    sheet = opened(xlsx_bytes(table([["a"]], "string"), about, "zh-CN")).worksheets[1]
    assert sheet.row_dimensions[1].height is None
    assert sheet.row_dimensions[2].height == 3 * 15
