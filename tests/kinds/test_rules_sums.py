"""Rules of arithmetic: inside rows, between rows, by code, across tables."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rulebench import brief, found, table

from sitegen.kinds.document import Document, Table
from sitegen.kinds.kind import Field, Kind, Rule, TableKind
from sitegen.kinds.rules import apply_rules
from sitegen.problems import Location, Severity

MONEY = "- {name: %s, title: %s, type: number}"


class TestSum:
    kind = table(
        "\n".join(
            [
                "- {name: item, title: 项目}",
                MONEY % ("t", "合计"),
                MONEY % ("a", "基本"),
                MONEY % ("b", "项目支出"),
            ]
        ),
        "- {rule: sum, total: t, of: [a, b]}",
        "item",
    )

    @pytest.mark.parametrize(
        "row",
        [
            "{项目: 甲, 合计: 3.30, 基本: 1.10, 项目支出: 2.20}",
            "{项目: 甲, 合计: 1, 基本: 1.00}",
            "{项目: 甲}",
        ],
    )
    def test_passes(self, row):
        assert found(self.kind, f"明细:\n  - {row}\n") == []

    def test_fails_with_both_figures_and_the_parts(self):
        problems = found(
            self.kind, "明细:\n  - {项目: 甲, 合计: 1234.50, 基本: 1230.50, 项目支出: 0}\n"
        )
        assert brief(problems) == [
            '2:17 K509 "甲·合计" is 1,234.50, but the parts add up to 1,230.50 (difference 4.00)'
        ]
        assert problems[0].hint() == "the parts are: 基本 1,230.50"

    def test_a_tolerance_must_be_given(self):
        row = "明细:\n  - {项目: 甲, 合计: 1.00, 基本: 0.99}\n"
        assert [p.code for p in found(self.kind, row)] == ["K509"]
        lenient = self.kind.replace("of: [a, b]", "of: [a, b], tolerance: 0.01")
        assert found(lenient, row) == []

    def test_parts_that_are_not_shown(self):
        row = "明细:\n  - {项目: 甲, 合计: 5.00}\n"
        assert [p.code for p in found(self.kind, row)] == ["K509"]
        assert found(self.kind.replace("of: [a, b]", "of: [a, b], if-shown: true"), row) == []

    def test_only_where_a_condition_holds(self):
        kind = self.kind.replace("of: [a, b]", "of: [a, b], when: {item: 甲}")
        text = "明细:\n  - {项目: %s, 合计: 5.00, 基本: 1}\n"
        assert [p.code for p in found(kind, text % "甲")] == ["K509"]
        assert found(kind, text % "乙") == []


class TestBalance:
    kind = table(
        "\n".join(
            MONEY % pair for pair in [("o", "年初"), ("i", "收入"), ("e", "支出"), ("c", "年末")]
        ),
        "- {rule: balance, left: [o, i], right: [e, c]}",
    )

    def test_passes(self):
        assert found(self.kind, "明细: [{年初: 1, 收入: 5, 支出: 4.5, 年末: 1.5}]\n") == []

    def test_fails(self):
        assert brief(found(self.kind, "明细:\n  - {年初: 1, 收入: 5, 支出: 4, 年末: 1}\n")) == [
            '2:10 K530 "#1·年初 + 收入" is 6, but 支出 + 年末 gives 5 (difference 1)'
        ]


class TestTotalRow:
    kind = table(
        "\n".join(["- {name: item, title: 项目}", MONEY % ("n", "数量")]),
        "- {rule: total-row, key: item, amounts: [n]%s}",
    )

    @pytest.mark.parametrize("total", ["合  计", "总计", "合计"])
    def test_passes(self, total):
        rows = (
            f"明细:\n  - {{项目: {total}, 数量: 3}}\n"
            "  - {项目: 一、甲, 数量: 3}\n  - {项目: 其中：乙, 数量: 2}\n"
        )
        assert found(self.kind % "", rows) == []

    def test_fails(self):
        rows = (
            "明细:\n  - {项目: 甲, 数量: 1}\n  - {项目: 乙, 数量: 2}\n  - {项目: 合计, 数量: 4}\n"
        )
        assert brief(found(self.kind % "", rows)) == [
            '4:18 K521 "合计·数量" is 4, but the lines add up to 3 (difference 1)'
        ]

    def test_a_missing_total_counts_only_where_it_is_required(self):
        rows = "明细:\n  - {项目: 甲, 数量: 1}\n"
        assert found(self.kind % "", rows) == []
        assert brief(found(self.kind % ", required: true", rows)) == [
            '1:1 K512 table "明细" has no row "合计"'
        ]

    def test_above_ends_at_the_total(self):
        rows = (
            "明细:\n  - {项目: 甲, 数量: 1}\n"
            "  - {项目: 本年合计, 数量: 1}\n  - {项目: 年末结余, 数量: 7}\n"
        )
        assert found(self.kind % ", total: 本年合计, above: true", rows) == []
        assert len(found(self.kind % ", total: 本年合计", rows)) == 1


class TestColumnSum:
    kind = table("- {name: item, title: 项目}\n" + MONEY % ("n", "件数"), "[]") + (
        "fields: [{name: all, title: 总件数, type: integer}]\n"
        "rules: [{rule: column-sum, table: rows, total: all, of: n}]\n"
    )

    def test_passes(self):
        rows = "明细: [{项目: 甲, 件数: 2}, {项目: 乙, 件数: 3}, {项目: 合计, 件数: 5}]\n"
        assert found(self.kind, "总件数: 5\n" + rows) == []
        assert found(self.kind, rows) == []

    def test_fails(self):
        assert brief(found(self.kind, "总件数: 6\n明细: [{项目: 甲, 件数: 2}]\n")) == [
            '1:6 K521 "总件数" is 6, but the lines add up to 2 (difference 4)'
        ]


class TestGroupSum:
    kind = table(
        "- {name: project, title: 项目}\n" + MONEY % ("w", "分值"),
        "- {rule: group-sum, by: project, of: w, equals: ['100', '90']}",
    )

    def test_passes(self):
        rows = "[{项目: 甲, 分值: 60}, {项目: 乙, 分值: 100}, {项目: 甲, 分值: 30}, {项目: 丙}]"
        assert found(self.kind, f"明细: {rows}\n") == []

    def test_fails(self):
        assert brief(
            found(self.kind, "明细:\n  - {项目: 甲, 分值: 60}\n  - {项目: 甲, 分值: 35}\n")
        ) == ['2:17 K545 "分值" adds up to 95 for "甲", not to 100 / 90']


class TestRatio:
    kind = table(
        "\n".join(MONEY % pair for pair in [("r", "执行率"), ("p", "执行数"), ("w", "预算数")]),
        "- {rule: ratio, field: r, part: p, whole: w}",
    )

    @pytest.mark.parametrize(
        "row",
        [
            "{执行率: 66.67, 执行数: 2, 预算数: 3}",
            "{执行率: 67, 执行数: 2, 预算数: 3}",
            "{预算数: 3}",
        ],
    )
    def test_passes(self, row):
        assert found(self.kind, f"明细: [{row}]\n") == []

    @pytest.mark.parametrize(
        ("row", "computed"),
        [
            ("{执行率: 68.00, 执行数: 2, 预算数: 3}", "66.67"),
            ("{执行率: 1, 执行数: 2, 预算数: 0}", "-"),
        ],
    )
    def test_fails(self, row, computed):
        (problem,) = found(self.kind, f"明细:\n  - {row}\n")
        assert problem.code == "K546"
        assert dict(problem.values)["computed"] == computed


class TestGrowth:
    kind = table(
        "\n".join(MONEY % pair for pair in [("g", "增减"), ("c", "本年"), ("p", "上年")]),
        "- {rule: growth, field: g, current: c, previous: p}",
    )

    @pytest.mark.parametrize(
        "row",
        [
            "{增减: 25.00, 本年: 5, 上年: 4}",
            "{增减: -33.3, 本年: 2, 上年: 3}",
            "{本年: 2, 上年: 0}",
        ],
    )
    def test_passes(self, row):
        assert found(self.kind, f"明细: [{row}]\n") == []

    def test_fails(self):
        assert brief(found(self.kind, "明细:\n  - {增减: 20.00, 本年: 5, 上年: 4}\n")) == [
            '2:10 K547 "#1·增减" is 20.00, but from 4 to 5 it is 25.00 percent'
        ]

    def test_there_is_no_growth_from_nothing(self):
        (problem,) = found(self.kind, "明细: [{增减: 100, 本年: 5, 上年: 0}]\n")
        assert dict(problem.values)["computed"] == "-"


class TestRowEquation:
    kind = table(
        "\n".join(
            [
                "- {name: side, title: 收支}",
                "- {name: item, title: 项目}",
                "- {name: code, title: 编码}",
                MONEY % ("n", "预算数"),
            ]
        ),
        "- {rule: row-equation, key: item, code: code, amounts: [n], equation: '%s'%s}",
    )

    def equation(self, text: str, more: str = "") -> str:
        return self.kind % (text, more)

    rows = (
        "明细:\n"
        "  - {收支: 收入, 项目: 一、本年收入合计, 预算数: 1230.50}\n"
        "  - {收支: 收入, 项目: （二）上年结转（结余）, 预算数: %s}\n"
        "  - {收支: 收入, 项目: 收入 总计, 预算数: 1234.50}\n"
        "  - {收支: 支出, 项目: 人员, 编码: '301', 预算数: 5}\n"
        "  - {收支: 支出, 项目: 工资, 编码: '30101', 预算数: 5}\n"
        "  - {收支: 支出, 项目: 补助, 编码: '303', 预算数: 2}\n"
        "  - {收支: 支出, 项目: 支出合计, 预算数: 7}\n"
    )

    def test_passes_without_regard_to_numbering_and_blanks(self):
        kind = self.equation("收入总计 = 本年收入合计 + 上年结转|上年结转(结余) + 使用结余")
        assert found(kind, self.rows % "4.00") == []

    def test_fails_at_the_left_row(self):
        kind = self.equation("收入总计 = 本年收入合计 + 上年结转|上年结转（结余）")
        assert brief(found(kind, self.rows % "0")) == [
            '4:30 K530 "收入 收入总计·预算数" is 1,234.50, '
            "but 本年收入合计 + 上年结转 gives 1,230.50 (difference 4.00)"
        ]

    @pytest.mark.parametrize("right", ["[301] + [303]", "[*]"])
    def test_codes_stand_for_their_uppermost_lines(self, right):
        assert found(self.equation(f"支出合计 = {right}"), self.rows % "4.00") == []

    def test_a_minus_takes_away(self):
        problems = found(
            self.equation("支出合计 = 收入总计 - 本年收入合计 + [303]"), self.rows % "0"
        )
        assert dict(problems[0].values)["computed"] == "6.00"
        kind = self.equation("支出合计 - 人员 = [303]")
        assert found(kind, self.rows % "0") == []

    def test_the_left_row_must_be_there(self):
        problems = found(self.equation("总计 = 支出合计"), self.rows % "0")
        assert brief(problems) == ['1:1 K512 table "明细" has no row "总计"']
        assert found(self.equation("总计 = 支出合计", ", optional: true"), self.rows % "0") == []

    def test_a_table_without_the_rows_named_is_passed_over(self):
        kind = self.equation("总计 = 支出合计", ", where: {side: 其他}")
        assert found(kind, self.rows % "0") == []


class TestOutlineSum:
    kind = table(
        "- {name: item, title: 项目}\n" + MONEY % ("n", "预算数"),
        "- {rule: outline-sum, key: item, amounts: [n]}",
    )

    def test_passes(self):
        rows = (
            "明细:\n  - {项目: 一、收入, 预算数: 6}\n"
            "  - {项目: （一）拨款, 预算数: 4}\n  - {项目: 1.甲, 预算数: 1}\n"
            "  - {项目: 2.乙, 预算数: 3}\n  - {项目: （二）其他, 预算数: 2}\n"
            "  - {项目: 二、结转, 预算数: 9}\n  - {项目: 总计, 预算数: 15}\n"
            "  - {项目: （一）说明, 预算数: 1}\n"
        )
        assert found(self.kind, rows) == []

    def test_fails_at_the_upper_line(self):
        rows = "明细:\n  - {项目: 一、收入, 预算数: 6}\n  - {项目: （一）拨款, 预算数: 4}\n"
        assert brief(found(self.kind, rows)) == [
            '2:21 K520 "一、收入·预算数" is 6, but the lines under it add up to 4 (difference 2)'
        ]


CODED = "\n".join(
    ["- {name: code, title: 编码}", "- {name: name, title: 名称}", MONEY % ("n", "合计")]
)


def coded(rule: str) -> str:
    return table(CODED, f"- {{{rule}}}", "code")


def lines(*rows: tuple[str, str, str]) -> str:
    return "明细:\n" + "".join(f"  - {{编码: '{c}', 名称: {n}, 合计: {v}}}\n" for c, n, v in rows)


GOOD = lines(
    ("合计", "''", "12.00"), ("201", "甲", "7.00"), ("20103", "乙", "7.00"),
    ("2010301", "丙", "3.00"), ("2010302", "丁", "4.00"),
    ("208", "戊", "5.00"), ("2080505", "己", "5.00"),
)  # fmt: skip


class TestCodes:
    @pytest.mark.parametrize(
        "rule",
        [
            "rule: code-children-sum, code: code, amounts: [n]",
            "rule: code-total, code: code, name: name, amounts: [n]",
            "rule: code-depth, code: code, digits: 7",
        ],
    )
    def test_pass_with_levels_left_out(self, rule):
        assert found(coded(rule), GOOD) == []

    def test_children_that_do_not_add_up(self):
        text = GOOD.replace("丁, 合计: 4.00", "丁, 合计: 4.01")
        problems = found(coded("rule: code-children-sum, code: code, amounts: [n]"), text)
        assert brief(problems) == [
            '4:30 K520 "20103·合计" is 7.00, '
            "but the lines under it add up to 7.01 (difference 0.01)"
        ]
        assert problems[0].hint() == "the lines under it are: 2010301 3.00 + 2010302 4.01"

    def test_a_total_that_does_not_add_up(self):
        text = GOOD.replace("合计: 12.00", "合计: 12.10")
        problems = found(coded("rule: code-total, code: code, amounts: [n]"), text)
        assert brief(problems) == [
            '2:28 K521 "合计·合计" is 12.10, but the lines add up to 12.00 (difference 0.10)'
        ]

    def test_a_total_that_is_not_there(self):
        problems = found(
            coded("rule: code-total, code: code, amounts: [n]"), lines(("201", "甲", "1"))
        )
        assert brief(problems) == ['1:1 K512 table "明细" has no row "合计"']
        rule = "rule: code-total, code: code, amounts: [n], required: false"
        assert found(coded(rule), lines(("201", "甲", "1"))) == []

    def test_a_total_for_each_group(self):
        rule = (
            "rule: code-total, code: code, name: name, amounts: [n], total: 小计, "
            "where: {code: ['', '301']}"
        )
        text = (
            "明细:\n  - {编码: 301, 合计: 2}\n  - {编码: 302, 合计: 9}\n  - {名称: 小计, 合计: 2}\n"
        )
        assert found(coded(rule), text) == []
        assert len(found(coded(rule), text.replace("小计, 合计: 2", "小计, 合计: 3"))) == 1

    def test_a_code_that_is_not_taken_down(self):
        text = lines(("201", "甲", "1"), ("20103", "乙", "1"))
        problems = found(coded("rule: code-depth, code: code, digits: 7"), text)
        assert brief(problems) == [
            '3:10 K522 "20103": code 20103 has no lines under it; it must be given to 7 digits'
        ]

    def test_a_code_that_has_no_finer_ones(self):
        rule = "rule: code-depth, code: code, digits: 7, except: ['227']"
        assert found(coded(rule), lines(("227", "预备费", "1"))) == []

    def test_codes_that_do_not_belong(self):
        rule = (
            "rule: codes-absent, code: code, codes: ['309', '311'], amounts: [n], severity: notice"
        )
        assert found(coded(rule), lines(("310", "甲", "1"), ("309", "乙", "0"))) == []
        problems = found(coded(rule), lines(("30901", "甲", "1.50")))
        assert brief(problems) == [
            '2:30 K525 "30901·合计" is 1.50: code 30901 does not belong in this table'
        ]


class TestKnownCode:
    kind = "fields: [{name: y, title: 年度, type: year}]\n" + coded(
        "rule: known-code, code: code, name: name, list: function-codes, year: y, severity: warning"
    )

    @pytest.mark.parametrize(
        ("year", "code", "name"),
        [
            ("2026", "210", "卫生健康支出"),
            ("2018", "210", "医疗卫生与计划生育支出"),
            ("2026", "2010399", "名称不在清单里"),
            ("2026", "205", "五、教育支出"),
        ],
    )
    def test_passes(self, year, code, name):
        assert found(self.kind, f"年度: {year}\n" + lines((code, name, "1"))) == []

    def test_a_name_of_another_year(self):
        problems = found(self.kind, "年度: 2026\n" + lines(("210", "医疗卫生与计划生育支出", "1")))
        assert brief(problems) == [
            '3:21 K524 "210": 210 is called "卫生健康支出" in 2026, not "医疗卫生与计划生育支出"'
        ]
        assert problems[0].severity == "warning"

    def test_an_unknown_class(self):
        problems = found(self.kind, "年度: 2026\n" + lines(("2180101", "某支出", "1")))
        assert brief(problems) == [
            '3:10 K523 "2180101": 2180101 is not in the list "支出功能分类科目"'
        ]

    def test_economic_codes_are_known_to_the_second_level(self):
        kind = coded("rule: known-code, code: code, name: name, list: economic-codes")
        assert found(kind, lines(("30217", "公务接待费", "1"))) == []
        assert [p.code for p in found(kind, lines(("30277", "某", "1")))] == ["K523"]


def test_same_names():
    kind = (
        "tables:\n"
        "  a: {title: 表甲, schema: {fields: "
        "[{name: code, title: 编码}, {name: name, title: 名称}]}}\n"
        "  b: {title: 表乙, schema: {fields: "
        "[{name: code, title: 编码}, {name: name, title: 名称}]}}\n"
        "rules: [{rule: same-names, tables: [a, b], code: code, name: name}]\n"
    )
    text = "表甲: [{编码: 201, 名称: 行政运行}]\n表乙:\n  - {编码: 201, 名称: %s}\n"
    assert found(kind, text % "行政运行") == []
    assert brief(found(kind, text % "运行行政")) == [
        '3:19 K526 code 201 is called "运行行政" here and "行政运行" in table "表甲"'
    ]


class TestAcrossTables:
    kind = (
        "fields: [{name: op, title: 运行经费, type: number}]\n"
        "tables:\n"
        "  a: {title: 总表, schema: {fields: [{name: item, title: 项目}, "
        "{name: code, title: 编码}, {name: n, title: 金额, type: number}]}}\n"
        "  b: {title: 支出表, schema: {fields: [{name: code, title: 编码}, "
        "{name: n, title: 合计, type: number}, {name: m, title: 其中, type: number}]}}\n"
        "rules:\n  - {rule: %s}\n"
    )
    total = (
        "left: {table: a, where: {item: 支出合计}, field: n}, "
        "right: {table: b, rows: total, field: n}"
    )
    text = (
        "总表:\n  - {项目: 一、甲, 编码: 201, 金额: 3}\n  - {项目: 二、乙, 编码: 208, 金额: 4}\n"
        "  - {项目: 支出合计, 金额: 7}\n"
        "支出表:\n  - {编码: 合计, 合计: 7.00, 其中: 2}\n"
        "  - {编码: 201, 合计: 3.00}\n  - {编码: 208, 合计: 4.00, 其中: 2}\n"
    )

    def test_equal_cells_pass(self):
        assert found(self.kind % f"cells-equal, {self.total}", self.text) == []

    def test_cells_that_differ(self):
        text = self.text.replace("支出合计, 金额: 7", "支出合计, 金额: 7.5")
        assert brief(found(self.kind % f"cells-equal, {self.total}", text)) == [
            '4:20 K540 "总表·支出合计·金额" is 7.5, '
            'but "支出表·合计·合计" is 7.00 (difference 0.50)'
        ]

    def test_a_missing_or_empty_table_counts_as_nothing(self):
        rule = self.kind % f"cells-equal, {self.total}"
        text = "总表:\n  - {项目: 支出合计, 金额: %s}\n"
        assert found(rule, text % "0.00") == []
        assert found(rule, text % "0" + "支出表: {空表说明: 本年没有支出}\n") == []
        assert [p.message() for p in found(rule, text % "2")] == [
            "the table 支出表 is missing; figures elsewhere say that it has rows"
        ]

    def test_per_code(self):
        rule = self.kind % (
            "cells-equal, left: {table: a, field: n}, right: {table: b, field: n}, "
            "per: code, digits: 3"
        )
        assert found(rule, self.text) == []
        assert brief(found(rule, self.text.replace("201, 合计: 3.00", "201, 合计: 3.20"))) == [
            '2:28 K540 "总表·一、甲 201·金额" is 3, but "支出表·201·合计" is 3.20 (difference 0.20)'
        ]
        assert len(found(rule, self.text.replace("编码: 208, 合计", "编码: 210, 合计"))) == 2

    def test_codes_add_up_their_lines(self):
        rule = self.kind % (
            "cells-equal, left: {table: b, rows: total, field: n}, "
            "right: {table: b, code: code, codes: ['201', '208'], field: n}"
        )
        text = self.text + "  - {编码: 20103, 合计: 3.00}\n"
        assert found(rule, text) == []

    def test_fields_may_be_taken_off(self):
        rule = "cells-equal, left: {table: b, rows: total, field: n, minus: m}, right: {field: op}"
        assert found(self.kind % rule, "运行经费: 5\n" + self.text) == []
        assert [p.message() for p in found(self.kind % rule, "运行经费: 6\n" + self.text)] == [
            '"支出表·合计·合计 - 其中" is 5.00, but "运行经费" is 6 (difference 1.00)'
        ]

    def test_a_field_that_is_not_written_is_not_compared(self):
        rule = "cells-equal, left: {field: op}, right: {table: b, rows: total, field: n}"
        assert found(self.kind % rule, self.text) == []

    def test_a_part_is_not_larger_than_the_whole(self):
        rule = self.kind % (
            "cells-at-most, left: {table: b, rows: total, field: m}, "
            "right: {table: b, rows: total, field: n}"
        )
        assert found(rule, self.text) == []
        assert brief(
            found(rule, self.text.replace("其中: 2}\n  - {编码: 201", "其中: 8}\n  - {编码: 201"))
        ) == ['6:28 K541 "支出表·合计·其中" is 8, more than "支出表·合计·合计" (7.00)']

    @pytest.mark.parametrize(
        ("op", "money", "count"), [("0", "0", 0), ("3", "1", 0), ("3", "0", 1), ("0", "1", 1)]
    )
    def test_positive_together(self, op, money, count):
        rule = self.kind % (
            "positive-together, left: {field: op}, right: {table: b, rows: total, field: n}"
        )
        problems = found(rule, f"运行经费: {op}\n支出表: [{{编码: 合计, 合计: {money}}}]\n")
        assert [p.code for p in problems] == ["K542"] * count


class TestEmptyStatement:
    kind = table("- {name: item, title: 项目}", "[]") + (
        "rules: [{rule: empty-statement, table: rows, mentions: [基金], example: 没有基金支出。}]\n"
    )

    @pytest.mark.parametrize(
        "text", ["明细: [{项目: 甲}]\n", "明细: {空表说明: 本年没有基金支出。}\n"]
    )
    def test_passes(self, text):
        assert found(self.kind, text) == []

    def test_a_table_that_is_not_there(self):
        (problem,) = found(self.kind, "")
        assert problem.message() == 'table "明细" has no rows and does not say why'
        assert problem.hint().endswith("没有基金支出。")

    def test_a_sentence_about_something_else(self):
        (problem,) = found(self.kind, "明细: {空表说明: 本表无数据。}\n")
        assert (problem.code, problem.severity) == ("K544", Severity.WARNING)
        assert problem.where.line == 4


amounts = st.decimals(0, 99999, places=2, allow_nan=False, allow_infinity=False)
leaves = st.dictionaries(
    st.tuples(st.sampled_from(["201", "208", "212"]), st.integers(1, 3), st.integers(1, 4)).map(
        lambda parts: f"{parts[0]}{parts[1]:02}{parts[2]:02}"
    ),
    amounts,
    min_size=1,
    max_size=12,
)
FIELDS = (Field("code", {"zh": "编码"}), Field("n", {"zh": "合计"}, "number"))
RULES = tuple(
    Rule(name, {"code": "code", "amounts": ["n"], **more}, Severity.ERROR)
    for name, more in [
        ("code-children-sum", {}),
        ("code-total", {}),
        ("code-depth", {"digits": "7"}),
    ]
)
KIND = TableKind("t", {"zh": "表"}, FIELDS, ("code",), RULES)


def check(rows: list[tuple[str, Decimal]]) -> list[str]:
    kind = Kind("probe", {"zh": "试验"}, tables=(KIND,))
    document = Document("a.yaml", "probe", {}, (Table(KIND, tuple(rows)),))
    where = lambda name, row, field: Location("a.yaml", (row or 0) + 1)  # noqa: E731
    return [problem.code for problem in apply_rules(kind, document, where)]


def rolled_up(tree: dict[str, Decimal]) -> list[tuple[str, Decimal]]:
    sums: dict[str, Decimal] = {}
    for code, amount in tree.items():
        for length in (3, 5, 7):
            sums[code[:length]] = sums.get(code[:length], Decimal(0)) + amount
    return [("合计", sum(tree.values(), Decimal(0))), *sorted(sums.items())]


@given(leaves)
def test_sums_rolled_up_exactly_are_never_complained_of(tree):
    assert check(rolled_up(tree)) == []


@settings(max_examples=60)
@given(leaves, st.data())
def test_a_cent_anywhere_is_noticed(tree, data):
    rows = rolled_up(tree)
    place = data.draw(st.integers(0, len(rows) - 1))
    rows[place] = (rows[place][0], rows[place][1] + Decimal("0.01"))
    assert {"K520", "K521"} & set(check(rows))
