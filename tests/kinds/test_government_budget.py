"""Budgets and accounts of a government with its own treasury (财预〔2016〕143号)."""

from __future__ import annotations

import pytest

from sitegen.kinds.loading import load_kinds
from sitegen.kinds.reading import read_document

HEAD = """\
标题: 某区2026年政府预算
类型: 政府预算公开
发布日期: 2026-02-10
预算年度: 2026
编制机关: 某区财政局
批准日期: 2026-01-30
批准机关: 某区人民代表大会
"""
BODY = """\
一般公共预算收入表:
  - {科目编码: 101, 项目: 税收收入, 上年执行数: 80.00, 本年预算数: 90.00, 增减: 12.50}
  - {科目编码: 103, 项目: 非税收入, 上年执行数: 0, 本年预算数: 10.00}
  - {科目编码: 110, 项目: 转移性收入, 本年预算数: 20.00}
  - {项目: 收入总计, 上年执行数: 80.00, 本年预算数: 120.00}
一般公共预算支出表:
  - {科目编码: 212, 项目: 城乡社区支出, 本年预算数: 100.00}
  - {科目编码: 21201, 项目: 城乡社区管理事务, 本年预算数: 100.00}
  - {科目编码: 231, 项目: 债务还本支出, 本年预算数: 20.00}
  - {项目: 支出总计, 本年预算数: 120.00}
一般公共预算本级支出表:
  - {科目编码: 2120101, 项目: 行政运行, 本年预算数: 100.00}
  - {项目: 合计, 本年预算数: 100.00}
一般公共预算本级基本支出表:
  - {科目编码: 501, 项目: 机关工资福利支出, 本年预算数: 60.00}
  - {科目编码: 50101, 项目: 工资奖金津补贴, 本年预算数: 60.00}
  - {项目: 合计, 本年预算数: 60.00}
一般公共预算税收返还和转移支付表: {空表说明: 本区没有下级财政，没有转移支付支出。}
政府一般债务限额和余额情况表:
  - {地区: 某区, 债务限额: 500.00, 上年末余额: 400.00, 当年新增: 50.00, 当年还本: 20.00, 年末余额: 430.00}
政府性基金收入表: {空表说明: 本区没有政府性基金收入。}
政府性基金支出表: {空表说明: 本区没有政府性基金支出。}
政府性基金转移支付表: {空表说明: 本区没有政府性基金转移支付。}
政府专项债务限额和余额情况表: {空表说明: 本区没有专项债务。}
国有资本经营收入表: {空表说明: 本区没有国有资本经营收入。}
国有资本经营支出表: {空表说明: 本区没有国有资本经营支出。}
社会保险基金收入表: {空表说明: 社会保险基金由上级统筹管理。}
社会保险基金支出表: {空表说明: 社会保险基金由上级统筹管理。}
“三公”经费汇总表:
  - {口径: 本年预算数, “三公”经费合计: 5.00, 因公出国（境）费: 0, 公务用车购置及运行费: 4.00, 公务用车购置费: 0, 公务用车运行费: 4.00, 公务接待费: 1.00}
"""  # noqa: E501 - rows as a clerk writes them


def told(text: str) -> list[str]:
    kinds, faults = load_kinds(())
    assert [fault for fault in faults if "government" in str(fault.where)] == []
    _, problems = read_document("a.yaml", text.encode(), kinds, lambda path: None)
    return [f"{p.severity} {p.code} {p.message()}" for p in problems]


def test_a_full_budget_has_no_problems():
    assert told(HEAD + BODY) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "非税收入, 上年执行数: 0, 本年预算数: 10.00",
            "非税收入, 上年执行数: 0, 本年预算数: 11.00",
            'error K521 "收入总计·本年预算数" is 120.00, '
            "but the lines add up to 121.00 (difference 1.00)",
        ),
        (
            "增减: 12.50",
            "增减: 11.11",
            'warning K547 "101·增减" is 11.11, but from 80.00 to 90.00 it is 12.50 percent',
        ),
        (
            "管理事务, 本年预算数: 100.00",
            "管理事务, 本年预算数: 90.00",
            'error K520 "212·本年预算数" is 100.00, '
            "but the lines under it add up to 90.00 (difference 10.00)",
        ),
        (
            "债务限额: 500.00",
            "债务限额: 420.00",
            'error K508 "某区·年末余额" is 430.00, more than "债务限额" (420.00)',
        ),
        (
            "当年还本: 20.00",
            "当年还本: 10.00",
            'warning K530 "某区·上年末余额 + 当年新增" is 450.00, '
            "but 当年还本 + 年末余额 gives 440.00 (difference 10.00)",
        ),
        (
            "{空表说明: 本区没有专项债务。}",
            "{空表说明: 本表无数据。}",
            'warning K544 the sentence of the empty table "政府专项债务限额和余额情况表" '
            "does not mention 专项债务",
        ),
        (
            "批准日期: 2026-01-30",
            "批准日期: 2026-01-20",
            'error K503 "发布日期" is 2026-02-10, '
            'but the limit after "批准日期" (2026-01-20) ended on 2026-02-09',
        ),
    ],
)
def test_one_fault_is_told_once(old, new, problem):
    assert told((HEAD + BODY).replace(old, new, 1)) == [problem]


def test_income_and_expenditure_are_equal():
    text = (HEAD + BODY).replace(
        "债务还本支出, 本年预算数: 20.00", "债务还本支出, 本年预算数: 19.00"
    )
    text = text.replace("支出总计, 本年预算数: 120.00", "支出总计, 本年预算数: 119.00")
    assert told(text) == [
        'warning K540 "一般公共预算收入表·收入总计·本年预算数" is 120.00, '
        'but "一般公共预算支出表·支出总计·本年预算数" is 119.00 (difference 1.00)'
    ]


def test_accounts_show_how_much_of_the_budget_was_used():
    head = HEAD.replace("政府预算", "政府决算").replace("预算年度", "决算年度")
    tables = (
        "一般公共预算收入决算表:\n"
        "  - {科目编码: 101, 项目: 税收收入, 预算数: 90, 调整预算数: 80, 决算数: 60, "
        "决算为预算的: 70.00}\n"
        "  - {项目: 收入总计, 预算数: 90, 调整预算数: 80, 决算数: 60}\n"
    )
    assert 'notice K546 "101·决算为预算的" is 70.00, but 60 of 80 is 75.00 percent' in told(
        head + tables
    )
