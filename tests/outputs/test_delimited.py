"""CSV: exact bytes, no formulas, nothing lost."""

from __future__ import annotations

import csv
import datetime
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.outputs.cleaning import clean, protected
from sitegen.outputs.delimited import csv_bytes, undone
from sitegen.outputs.tabular import DataColumn, DataTable

TYPED = (
    DataColumn("no", "编号"),
    DataColumn("amount", "金额（万元）", "number"),
    DataColumn("people", "人数", "integer"),
    DataColumn("on", "日期", "date"),
    DataColumn("month", "月份", "yearmonth"),
    DataColumn("year", "年度", "year"),
    DataColumn("open", "公开", "boolean"),
)


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def of_texts(*texts: str) -> DataTable:
    return DataTable(
        "t",
        "表",
        (DataColumn("a", "甲"), DataColumn("b", "乙")),
        tuple((text, "x") for text in texts),
    )


def test_exact_bytes():
    row = ("007", Decimal("-12.50"), 3, datetime.date(2026, 3, 1), "2026-03", 2026, True)
    table = DataTable("t", "表", TYPED, (row, (None,) * 7))
    assert (
        csv_bytes(table, "zh-CN")
        == (
            "\ufeff编号,金额（万元）,人数,日期,月份,年度,公开\r\n"
            "007,-12.50,3,2026-03-01,2026-03,2026,是\r\n"
            ",,,,,,\r\n"
        ).encode()
    )


def test_an_empty_table_is_its_header():
    assert csv_bytes(of_texts(), "zh-CN") == "\ufeff甲,乙\r\n".encode()


def test_a_column_of_one_blank_cell_keeps_its_row():
    table = DataTable("t", "表", (DataColumn("a", "甲"),), ((None,),))
    assert read(csv_bytes(table, "zh-CN")) == [["甲"], [""]]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+86", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A",
        "=cmd|' /C calc'!A0", "'=1", "''=1",
    ],
)  # fmt: skip
def test_texts_that_look_like_formulas_are_protected(text):
    cell = read(csv_bytes(of_texts(text), "zh-CN"))[1][0]
    assert cell == "'" + clean(text)
    assert undone(cell) == clean(text)


@pytest.mark.parametrize("text", ["-", "—", "007", "'quoted'", "a=b", " =1", "<=5", "12-3"])
def test_other_texts_are_as_written(text):
    assert read(csv_bytes(of_texts(text), "zh-CN"))[1][0] == text


def test_negative_numbers_of_number_columns_are_numbers():
    table = DataTable("t", "表", (DataColumn("n", "数", "number"),), ((Decimal("-0.10"),),))
    assert csv_bytes(table, "zh-CN").endswith(b"\r\n-0.10\r\n")


def test_numbers_have_no_exponent():
    rows = ((Decimal("1E+3"),), (Decimal("1E-7"),))
    table = DataTable("t", "表", (DataColumn("n", "数", "number"),), rows)
    assert read(csv_bytes(table, "zh-CN"))[1:] == [["1000"], ["0.0000001"]]


def test_control_characters_do_not_get_out():
    assert read(csv_bytes(of_texts("a\x00b\x1b\x9fc\ufeff\ud800"), "zh-CN"))[1][0] == "abc"


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_any_text_survives(texts):
    cells = [row[0] for row in read(csv_bytes(of_texts(*texts), "zh-CN"))[1:]]
    assert [undone(cell) for cell in cells] == [clean(text) for text in texts]
    assert not any(len(cell) > 1 and cell[0] in "=+-@\t\r\n" for cell in cells)


@given(st.text())
def test_protection_comes_off_exactly(text):
    assert undone(protected(text)) == text
