"""Tables: rows in YAML, CSV and XLSX, with each fault at its cell."""

from __future__ import annotations

import csv
import datetime
import io
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from sitegen.kinds.document import Document
from sitegen.kinds.headings import Headings, stated_unit
from sitegen.kinds.kind import Field, Kinds, TableKind
from sitegen.kinds.loading import load_kinds
from sitegen.kinds.reading import read_document
from sitegen.problems import Problem

KIND = """\
kind: spending
title: 支出
tables:
  items:
    title: 支出表
    unit: 万元
    required: true
    schema:
      fields:
        - {name: no, title: 编号, constraints: {required: true}, aliases: [序号]}
        - {name: paid_on, title: 支付日期, type: date}
        - {name: amount, title: 金额, type: number, constraints: {required: true, minimum: 0}}
        - {name: class, title: 类别, type: enum, labels: {"1": 基本, "2": 项目}}
        - {name: tags, title: 标签, type: list}
      primaryKey: no
  notes:
    title: 说明表
    schema:
      fields: [{name: text, title: 内容}]
"""
KINDS, _ = load_kinds([("kinds/spending.yaml", KIND.encode())])
HEAD = "标题: 支出\n类型: spending\n发布日期: 2026-03-01\n"


def read(
    text: str, files: dict[str, bytes] | None = None, kinds: Kinds = KINDS, path: str = "a/b.yaml"
) -> tuple[Document, tuple[Problem, ...]]:
    have = files or {}
    document, problems = read_document(
        path,
        (HEAD + text).encode(),
        kinds,
        have.get,
        list_folder=lambda folder: have_in(have, folder),
    )
    assert document is not None
    return document, problems


def have_in(files: dict[str, bytes], folder: str) -> list[str]:
    return [path.rpartition("/")[2] for path in files if path.rpartition("/")[0] == folder]


def faults(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{p.where} {p.code}".removeprefix("content/") for p in problems]


def xlsx(rows: list[list[Any]], sheet: str = "支出表") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet(sheet)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, datetime.date):
                    page.write_datetime(r, c, cell, book.add_format({"num_format": "yyyy-mm-dd"}))
                elif cell is not None:
                    page.write(r, c, cell)
    return out.getvalue()


ROWS = (
    ("1", datetime.date(2026, 3, 1), Decimal("12.10"), "1", ["甲", "乙"]),
    ("2", None, Decimal("1234.50"), "2", None),
)


class TestRowsInYaml:
    """A list of mappings under the table's name or title."""

    @pytest.mark.parametrize(
        "text",
        [
            "支出表:\n{}", "items:\n{}", "表格:\n  支出表:\n{}", "tables:\n  items:\n{}",
        ],
    )  # fmt: skip
    def test_where_a_table_may_stand(self, text: str) -> None:
        rows = (
            "    - {编号: 1, 支付日期: 2026-03-01, 金额: 12.10, 类别: 基本, 标签: [甲, 乙]}\n"
            "    - {no: 2, 金额（万元）: '1,234.50', class: 2}\n"
        )
        document, problems = read(text.format(rows))
        assert problems == ()
        (table,) = document.tables
        assert (table.rows, table.source, table.statement) == (ROWS, "", "")

    def test_each_fault_stands_at_its_cell(self) -> None:
        text = (
            "支出表:\n"
            "  - {编号: 1, 支付日期: 2026/3/1x, 金额: 十元}\n"
            "  - {编号: 2, 金额: -1, 颜色: 红}\n"
            "  - {编号: 2, 金额: 1, no: 3}\n"
            "  - {支付日期: 2026-03-01, 金额: }\n"
            "  - [5, 6]\n"
            "  - 空\n"
        )
        _, problems = read(text)
        assert faults(problems) == [
            "a/b.yaml:5:19 K103", "a/b.yaml:5:34 K104",
            "a/b.yaml:6:17 K111", "a/b.yaml:6:21 K164",
            "a/b.yaml:7:10 K170", "a/b.yaml:7:20 K152",
            "a/b.yaml:8:5 K177", "a/b.yaml:8:24 K177",
            "a/b.yaml:9:5 K169", "a/b.yaml:10:5 K169",
        ]  # fmt: skip

    def test_an_amount_in_another_unit_is_a_fault(self) -> None:
        _, problems = read("支出表:\n  - {编号: 1, 金额（元）: 5}\n")
        assert faults(problems) == ["a/b.yaml:5:13 K167"]

    def test_a_table_given_twice(self) -> None:
        row = "  - {编号: 1, 金额: 1}\n"
        _, problems = read(f"支出表:\n{row}items:\n{row}")
        assert faults(problems) == ["a/b.yaml:6:1 K176"]

    def test_a_table_of_the_wrong_shape(self) -> None:
        assert faults(read("支出表: 没有\n")[1]) == ["a/b.yaml:4:6 K168"]
        assert faults(read("支出表: {}\n")[1]) == ["a/b.yaml:4:6 K168"]
        assert faults(read("表格: 没有\n支出表: {空表说明: 无。}\n")[1]) == ["a/b.yaml:4:5 K168"]


class TestMissingTable:
    """A required table has rows, or a sentence why not."""

    @pytest.mark.parametrize(
        ("text", "place"), [("", "1:1"), ("支出表:\n", "4:1"), ("支出表: []\n", "4:1")]
    )
    def test_it_is_missing(self, text: str, place: str) -> None:
        assert faults(read(text)[1]) == [f"a/b.yaml:{place} K171"]

    def test_a_statement_is_enough(self) -> None:
        document, problems = read("支出表: {空表说明: 本部门2026年没有此项支出。}\n")
        assert problems == ()
        assert document.tables[0].rows == ()
        assert document.tables[0].statement == "本部门2026年没有此项支出。"

    def test_a_statement_beside_a_file_is_a_contradiction(self) -> None:
        files = {"a/b/x.csv": "编号,金额\n1,2\n".encode()}
        _, problems = read("支出表: {文件: x.csv, 空表说明: 没有。}\n", files)
        assert faults(problems) == ["a/b.yaml:4:6 K172"]

    def test_drafts_may_leave_it_out(self) -> None:
        assert read("草稿: 是\n")[1] == ()


HEADINGS = ["编号", "支付日期", "金额（万元）", "类别", "标签"]


class TestDataFiles:
    """CSV and XLSX give the same rows as YAML."""

    def test_csv(self) -> None:
        text = ",".join(HEADINGS) + '\n1,2026/3/1,12.10,基本,甲；乙\n\n2,,"1,234.50",2,\n'
        for name, data in (("utf-8", text.encode()), ("gb18030", text.encode("gb18030"))):
            document, problems = read("支出表: x.csv\n", {"a/b/x.csv": data})
            # UTF-8 goes without saying; another encoding is told.
            told = [(p.code, dict(p.values)) for p in problems]
            assert told == ([] if name == "utf-8" else [("K181", {"encoding": "GB18030"})])
            assert document.tables[0].rows == ROWS
            assert document.tables[0].source == "a/b/x.csv"

    def test_xlsx(self) -> None:
        rows = [
            ["2026年支出表"], [None, None, "单位：万元"], HEADINGS,
            [1, datetime.date(2026, 3, 1), "12.10", "基本", "甲;乙"],
            ["2", None, 1234.5, "项目", None],
            [], ["注：本表金额含税。"], ["2. 其他说明。"],
        ]  # fmt: skip
        text = "支出表:\n  文件: x.xlsx\n  工作表: 支出表\n  表头行: 3\n"
        for found in (text, "支出表: x.xlsx\n"):
            document, problems = read(found, {"a/x.xlsx": xlsx(rows)})
            assert problems == ()
            assert document.tables[0].rows == ROWS

    def test_xlsx_with_headings_over_two_rows(self) -> None:
        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as book:
            page = book.add_worksheet("支出表")
            page.merge_range("A1:A2", "编号")
            page.merge_range("B1:C1", "支付情况")
            page.write_row("B2", ["支付\n日期", "金额"])
            page.write_row("A3", ["1", "2026-03-01", 12.1])
            page.write_row("A4", ["2", "2026-02-30", 5])
        _, problems = read("支出表: x.xlsx\n", {"a/x.xlsx": out.getvalue()})
        assert faults(problems) == ["a/x.xlsx!支出表!B4 K103"]

    def test_each_fault_of_a_csv_stands_at_its_cell(self) -> None:
        text = "编号,支付日期,金额,颜色,\n1,2026/2/30,一,,\n,2026-03-01,,红,\n1,,3,,多\n"
        _, problems = read("支出表: x.csv\n", {"a/b/x.csv": text.encode()})
        assert faults(problems) == [
            "a/b/x.csv:1:12 K164",
            "a/b/x.csv:2:3 K103", "a/b/x.csv:2:13 K104",
            "a/b/x.csv:3:1 K177", "a/b/x.csv:3:13 K177",
            "a/b/x.csv:4:1 K170", "a/b/x.csv:4:7 K178",
        ]  # fmt: skip

    def test_each_fault_of_a_workbook_stands_at_its_cell(self) -> None:
        rows = [
            ["编号", "金额", "支付日期"],
            [1, "十", "2026-02-30"],
            [None, 5, None],
            [1, 2, None],
        ]
        _, problems = read("支出表: x.xlsx\n", {"a/x.xlsx": xlsx(rows)})
        assert faults(problems) == [
            "a/x.xlsx!支出表!A3 K177",
            "a/x.xlsx!支出表!A4 K170",
            "a/x.xlsx!支出表!B2 K104",
            "a/x.xlsx!支出表!C2 K103",
        ]

    def test_a_column_that_must_be_there(self) -> None:
        _, problems = read("支出表: x.csv\n", {"a/b/x.csv": "编号,日期\n1,2\n".encode()})
        assert faults(problems) == ["a/b/x.csv:1:1 K163", "a/b/x.csv:1:4 K165"]
        assert problems[1].hint() == "did you mean 支付日期?"

    def test_two_columns_for_one_field(self) -> None:
        _, problems = read("支出表: x.csv\n", {"a/b/x.csv": "编号,金额,amount\n1,2,3\n".encode()})
        assert faults(problems) == ["a/b/x.csv:1:7 K166"]

    def test_the_line_above_the_table_must_state_the_same_unit(self) -> None:
        rows = [[None, "单位：元"], ["编号", "金额"], [1, 5]]
        _, problems = read("支出表: x.xlsx\n", {"a/x.xlsx": xlsx(rows)})
        assert faults(problems) == ["a/x.xlsx!支出表!B1 K167"]

    def test_a_file_without_the_headings(self) -> None:
        _, problems = read("支出表: x.csv\n", {"a/b/x.csv": b"a,b\n1,2\n"})
        assert faults(problems) == ["a/b/x.csv:1:1 K162"]

    def test_a_missing_file_is_told_the_nearest_name(self) -> None:
        _, problems = read("支出表: zhichu.csv\n", {"a/b/zhichu1.csv": b""})
        assert faults(problems) == ["a/b.yaml:4:6 K179"]
        assert problems[0].hint() == "did you mean zhichu1.csv?"
        _, problems = read("支出表: {文件: zhichu.csv}\n", {})
        assert faults(problems) == ["a/b.yaml:4:11 K160"]

    def test_a_file_of_another_sort(self) -> None:
        _, problems = read("支出表: x.et\n", {"a/b/x.et": b""})
        assert faults(problems) == ["a/b.yaml:4:6 K161"]

    def test_wrong_options(self) -> None:
        files = {"a/b/x.csv": "编号,金额\n1,2\n".encode()}
        _, problems = read("支出表: {文件: x.csv, 表头: 0, 编码: utf8}\n", files)
        assert faults(problems) == ["a/b.yaml:4:18 K151", "a/b.yaml:4:29 K110"]

    def test_a_wrong_file_is_given_up_in_good_time(self) -> None:
        text = "编号,金额\n" + "".join(f"{number},x\n" for number in range(5000))
        _, problems = read("支出表: x.csv\n", {"a/b/x.csv": text.encode()})
        assert len(problems) < 300
        assert "a/b/x.csv:202:1 K180" in faults(problems)


class TestOpenTables:
    """Tables whose columns an article gives itself."""

    def test_rows_as_lists(self) -> None:
        text = (
            "类型: 信息\n表格:\n  shenqing:\n    标题: 申请情况\n    单位: 件\n"
            "    字段: [事项, {数量: integer}, "
            "{标题: 占比, 字段名: share, 类型: 数字, 单位: '%'}]\n"
            "    主键: 事项\n"
            "    数据:\n      - [自然人, 3, 12.5]\n      - [法人, '', 50%]\n"
        )
        document, problems = read_text(text)
        assert problems == ()
        (table,) = document.tables
        assert table.rows == (("自然人", 3, Decimal("12.5")), ("法人", None, Decimal("50")))
        assert [f.name for f in table.kind.fields] == ["事项", "数量", "share"]
        assert (table.kind.title["zh"], table.kind.unit) == ("申请情况", "件")
        assert table.kind.primary_key == ("事项",)
        assert table.kind.open

    def test_rows_as_mappings_name_the_columns(self) -> None:
        text = (
            "表格:\n  a:\n    标题: 甲\n    数据:\n      - {事项: 一, 数量: 2}\n      - {数量: 3}\n"
        )
        document, problems = read_text(text)
        assert problems == ()
        assert document.tables[0].rows == (("一", "2"), (None, "3"))

    def test_rows_from_a_file(self) -> None:
        text = "表格:\n  a:\n    标题: 甲\n    字段: [事项, {数量: integer}]\n    文件: x.csv\n"
        document, problems = read_text(text, {"a/b/x.csv": "事项,数量\n一,2\n".encode()})
        assert problems == ()
        assert document.tables[0].rows == (("一", 2),)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("  表一: {标题: 甲, 字段: [a], 数据: [[1]]}\n", "5:3 K175"),
            ("  a: {字段: [a], 数据: [[1]]}\n", "5:6 K101"),
            ("  a: {标题: 甲}\n", "5:3 K174"),
            ("  a: [1]\n", "5:6 K168"),
            ("  a: {标题: 甲, 字段: [a, a], 数据: [[1]]}\n", "5:22 K166"),
            ("  a: {标题: 甲, 字段: [{a: nubmer}], 数据: [[1]]}\n", "5:23 K110"),
            ("  a: {标题: 甲, 字段: [a, b], 数据: [[1]]}\n", "5:31 K169"),
            ("  a: {标题: 甲, 字段: [{a: integer}], 数据: [[x]]}\n", "5:40 K105"),
            ("  a: {标题: 甲, 字段: [a], 主键: b, 数据: [[1]]}\n", "5:6 K164"),
            ("  a: {标题: 甲, 字段: [a], 主键: a, 数据: [[1], [1]]}\n", "5:41 K170"),
            ("  a: {标题: 甲, 字段: [a], 数据: x}\n", "5:27 K168"),
        ],
    )
    def test_faults(self, text: str, expected: str) -> None:
        assert faults(read_text("表格:\n" + text)[1]) == [f"a/b.yaml:{expected}"]

    def test_other_kinds_have_only_their_own_tables(self) -> None:
        _, problems = read("表格:\n  支出表: {空表说明: 无。}\n  支出: {标题: 甲}\n")
        assert faults(problems) == ["a/b.yaml:6:3 K151"]


def read_text(
    text: str, files: dict[str, bytes] | None = None
) -> tuple[Document, tuple[Problem, ...]]:
    """Read an article."""
    document, problems = read_document(
        "a/b.yaml",
        (
            "标题: 甲\n发布日期: 2026-03-01\n责任部门: 乙\n" + text.removeprefix("类型: 信息\n")
        ).encode(),
        KINDS,
        (files or {}).get,
    )
    assert document is not None
    return document, problems


class TestHeadings:
    """Which column a heading means."""

    headings = Headings(
        TableKind(
            "t",
            {"zh": "表"},
            (
                Field("amount", {"zh": "金额"}, "number"),
                Field("people", {"zh": "人数"}, "integer", unit="人"),
                Field("fine", {"zh": "罚款金额（万元）"}, "number", unit="万元"),
            ),
            unit="万元",
        )
    )

    @pytest.mark.parametrize(
        ("heading", "expected"),
        [
            ("金额", (0, "")), ("金 额", (0, "")), ("金额（万元）", (0, "")),
            ("金额(万元)", (0, "")),
            ("金额（元）", (0, "元")), ("金额（亿元）", (0, "亿元")), ("*金额", (0, "")),
            ("AMOUNT", (0, "")), ("人数（人）", (1, "")), ("人数(单位：人)", (1, "")),
            ("罚款金额（万元）", (2, "")), ("罚款金额(万元)", (2, "")),
            ("金额（含税）", (None, "")), ("数额", (None, "")), ("", (None, "")),
        ],
    )  # fmt: skip
    def test_heading(self, heading: str, expected: tuple[int | None, str]) -> None:
        assert self.headings.find(heading) == expected

    @pytest.mark.parametrize(
        ("text", "unit"),
        [
            ("单位：万元", "万元"),
            ("金额单位: 元", "元"),
            ("编制单位：建设局", "建设局"),
            ("表1", ""),
        ],
    )
    def test_stated_unit(self, text: str, unit: str) -> None:
        assert stated_unit([text]) == unit


_CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.tuples(_CELL, _CELL, _CELL, _CELL, _CELL), max_size=6))
def test_whatever_the_cells_each_fault_is_in_the_file(rows: list[tuple[str, ...]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([HEADINGS, *rows])
    document, problems = read("支出表: x.csv\n", {"a/b/x.csv": out.getvalue().encode()})
    lines = out.getvalue().count("\n") + 1
    for problem in problems:
        assert problem.where is not None
        assert problem.where.path in ("content/a/b/x.csv", "content/a/b.yaml")
        assert (problem.where.line or 1) <= lines or problem.where.path.endswith(".yaml")
    if document.tables and document.tables[0].rows:
        assert all(len(row) == 5 for row in document.tables[0].rows)


def test_without_a_sheet_the_one_named_like_the_table_is_read() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("封面").write_row(0, 0, ["说明"])
        page = book.add_worksheet("支出表")
        for number, row in enumerate([HEADINGS, ["1", "2026-03-01", "12.10", "基本", "甲;乙"]]):
            page.write_row(number, 0, row)
    document, problems = read("支出表: x.xlsx\n", {"a/x.xlsx": out.getvalue()})
    assert problems == ()
    assert document.tables[0].rows == ROWS[:1]
