"""Faults of rules in kind files, and the shipped lists, kinds and sample documents."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rulebench import faults, table

from sitegen.kinds.document import Document
from sitegen.kinds.kind import Kind, Rule
from sitegen.kinds.loading import load_kinds
from sitegen.kinds.reading import read_document
from sitegen.kinds.rules import RULES, apply_rules
from sitegen.kinds.rules.codelists import CODE_LISTS, code_list
from sitegen.kinds.rules.equation import Equation
from sitegen.kinds.rules.text import depth_of, holds, label_of
from sitegen.problems import Location, Severity, has_errors

CONTENT = Path(__file__).parent.parent.parent / "content"
DEPARTMENTS = sorted(
    file
    for file in (CONTENT / "xxgk/fdzdgk/yusuan").glob("bumen-*/*/*")
    if file.suffix in (".md", ".yaml") and file.name != "_column.yaml"
)
FIELDS = "fields: [{name: a, title: 甲, type: date}, {name: b, title: 乙, type: date}]\n"


class TestFaultsOfKindFiles:
    @pytest.mark.parametrize(
        ("rule", "told"),
        [
            (
                "{rule: not-befor, field: a, other: b}",
                'K590 there is no rule "not-befor" | the nearest known rule is not-before',
            ),
            (
                "{rule: not-before, field: a, other: b, day: 3}",
                'K591 rule "not-before" has no parameter "day" | its parameters are: field, other',
            ),
            (
                "{rule: not-before, field: a}",
                'K592 rule "not-before" needs the parameter "other" | ',
            ),
            (
                "{rule: within-days, from: a, to: b, days: -1}",
                'K593 rule "within-days": the parameter "days" cannot be "-1" '
                "| write it like this: days: 20",
            ),
            (
                "{rule: required-if, field: a, when: {c: x}}",
                'K594 rule "required-if": there is no field "c" here | the fields are: ',
            ),
            (
                "{rule: min-rows, table: rows, rows: 1}",
                'K595 rule "min-rows": there is no table "rows" | the tables are: ',
            ),
            (
                "{rule: total-row, key: a, amounts: [b]}",
                'K596 rule "total-row" works on the rows of a table | ',
            ),
        ],
    )
    def test_each_is_told(self, rule, told):
        (fault,) = faults(f"{FIELDS}rules: [{rule}]\n")
        assert fault.startswith(told)

    def test_cells_of_tables_are_looked_up(self):
        kind = table("- {name: n, title: 数, type: number}", "[]")
        rule = "rules: [{rule: cells-equal, left: {table: %s, field: %s}, right: {field: title}}]\n"
        assert faults(kind + rule % ("rows", "n")) == []
        assert faults(kind + rule % ("rows", "m"))[0].startswith("K594")
        assert faults(kind + rule % ("columns", "n"))[0].startswith("K595")

    @pytest.mark.parametrize(
        "cells",
        ["n", "{table: rows}", "{field: n, where: {n: 1}}", "{table: rows, field: n, codes: x}"],
    )
    def test_cells_that_are_not_understood(self, cells):
        kind = table("- {name: n, title: 数, type: number}", "[]")
        rule = f"rules: [{{rule: positive-together, left: {cells}, right: {{field: title}}}}]\n"
        assert faults(kind + rule)[0].startswith('K593 rule "positive-together"')

    def test_a_table_may_use_the_documents_fields(self):
        assert (
            faults(
                FIELDS
                + table(
                    "- {name: n, title: 数, type: date}", "- {rule: not-before, field: a, other: n}"
                )
            )
            == []
        )


@pytest.mark.parametrize(
    "rule",
    [
        Rule("no-such-rule", {}, Severity.ERROR),
        Rule("not-before", {"field": "a"}, Severity.ERROR),
        Rule("within-days", {"from": "a", "to": "b", "days": "soon"}, Severity.ERROR),
        Rule("total-row", {"key": "a", "amounts": ["b"]}, Severity.ERROR),
    ],
    ids=lambda rule: rule.name,
)
def test_faulty_rules_are_passed_over(rule):
    document = Document("a.md", "probe", {"a": "x"})
    assert apply_rules(Kind("probe", {"zh": "试验"}, rules=(rule,)), document, where) == []


@pytest.mark.parametrize(
    "text", ["", "a", "a =", "= b", "a = b = c", "a = b c + ", "a = [3x", "a = b + + c"]
)
def test_equations_that_are_not_understood(text):
    with pytest.raises(ValueError, match=r"^$"):
        Equation.read(text)


@pytest.mark.parametrize(
    ("text", "formula"),
    [("总计 = 甲|乙 + 丙", "甲 + 丙"), ("总计 ＝ 甲（一）|乙 - [301]", "甲（一） - [301]")],
)
def test_formulas_show_the_first_wording(text, formula):
    assert Equation.read(text).formula == formula


@pytest.mark.parametrize(
    ("text", "label", "depth"),
    [
        ("一、本年收入", "本年收入", 0),
        ("（二） 政府性基金", "政府性基金", 1),
        ("(二)政府性基金", "政府性基金", 1),
        ("1.甲", "甲", 2),
        ("（1）甲", "甲", 3),
        ("其中：甲", "甲", None),
        ("合  计", "合计", None),
        ("2.5升", "2.5升", None),
        ("一、", "一、", 0),
    ],
)
def test_labels_of_rows(text, label, depth):
    assert (label_of(text), depth_of(text)) == (label, depth)


@pytest.mark.parametrize(
    ("value", "wanted", "answer"),
    [
        (Decimal("1.00"), "1", True),
        (Decimal("1.00"), ">=1", True),
        (Decimal("0.99"), "≥1", False),
        (3, "<4", True),
        (3, "!=3", False),
        (None, "!=3", False),
        (None, "", True),
        ("x", "", False),
        ("x", "*", True),
        ([], "*", False),
        (["a", "b"], "b", True),
        (True, "是", True),
        (False, "true", False),
        ("一、甲", "甲", True),
        ("many", ">1", False),
        (2, ">few", False),
    ],
)
def test_conditions(value, wanted, answer):
    assert holds(value, [wanted]) is answer


@pytest.mark.parametrize("name", CODE_LISTS)
def test_lists_hold_the_parents_of_their_codes(name):
    listed = code_list(name)
    assert all(code[:n] in listed.codes for code in listed.codes for n in (3, 5) if n < len(code))
    assert all(len(listed.names(code, 2026)) == 1 for code in listed.codes)


def test_every_rule_says_what_it_demands():
    assert [name for name, rule in sorted(RULES.items()) if not rule.check.__doc__] == []


def test_every_rule_is_described_with_its_parameters():
    described = (CONTENT.parent / "docs/rules.md").read_text("utf-8")
    rows = [line for line in described.split("\n") if line.startswith("| `")]
    for name, rule in sorted(RULES.items()):
        (row,) = [row for row in rows if f"`{name}`" in row.split("|")[1]]
        if "as `" not in row:
            told = re.findall(r"[\w-]+\??", row.split("|")[2])
            wanted = [p.name if p.required else f"{p.name}?" for p in rule.parameters]
            assert sorted(told) == sorted(wanted), f"describe {name} in docs/rules.md"


@pytest.mark.parametrize(
    "name", ["budget", "final-accounts", "government-budget", "government-accounts"]
)
def test_shipped_kinds_give_a_basis_for_each_rule(name):
    kinds, problems = load_kinds(())
    assert [p for p in problems if p.where and f"/{name}.yaml" in p.where.path] == []
    kind = kinds.kinds[name]
    rules = [*kind.rules, *(rule for table_kind in kind.tables for rule in table_kind.rules)]
    assert len(kind.tables) >= 11
    assert [rule for rule in rules if not rule.basis] == []


def read(file: Path) -> tuple[Document, Kind, list[str]]:
    kinds, _ = load_kinds(())

    def open_file(path: str) -> bytes | None:
        return (CONTENT / path).read_bytes() if (CONTENT / path).is_file() else None

    path = file.relative_to(CONTENT).as_posix()
    document, problems = read_document(path, file.read_bytes(), kinds, open_file)
    assert document is not None
    told = [p for p in problems if p.severity is not Severity.NOTICE]
    told = [p for p in problems if p.severity is not Severity.NOTICE]
    return document, kinds.kinds[document.kind], [f"{p.where} {p.message()}" for p in told]


GOVERNMENT = CONTENT / "xxgk/fdzdgk/yusuan/zhengfu-yusuan/2026.yaml"


@pytest.mark.parametrize(
    "file", [*DEPARTMENTS, GOVERNMENT], ids=lambda file: f"{file.parent.name}-{file.name}"
)
def test_sample_documents_read_without_problems(file):
    document, kind, problems = read(file)
    assert problems == []
    assert {table.kind.name for table in document.tables} == {table.name for table in kind.tables}


def test_the_sample_covers_two_years_of_each():
    assert len(DEPARTMENTS) == 8
    kinds = {(file.parent.parent.name, file.parent.name) for file in DEPARTMENTS}
    assert kinds == {
        ("bumen-yusuan", "2025"), ("bumen-yusuan", "2026"),
        ("bumen-juesuan", "2024"), ("bumen-juesuan", "2025"),
    }  # fmt: skip


def where(table: str | None, row: int | None, field: str | None) -> Location:
    return Location("x.yaml", row, sheet=table, cell=field)


@pytest.mark.parametrize(
    "name", ["bumen-yusuan/2026/jianshe-ju.md", "bumen-juesuan/2025/jianshe-ju.md"]
)
def test_one_cent_in_any_column_of_money_is_noticed(name):
    document, kind, _ = read(CONTENT / "xxgk/fdzdgk/yusuan" / name)
    assert apply_rules(kind, document, where) == []
    missed = []
    for number, table_ in enumerate(document.tables):
        for place, field in enumerate(table_.kind.fields):
            rows = [n for n, row in enumerate(table_.rows) if isinstance(row[place], Decimal)]
            if field.unit != "万元" or table_.kind.name == "fin_selfeval" or not rows:
                continue
            changed = rows[len(rows) // 2]
            row = table_.rows[changed]
            row = (*row[:place], row[place] + Decimal("0.01"), *row[place + 1 :])
            all_rows = (*table_.rows[:changed], row, *table_.rows[changed + 1 :])
            tables = list(document.tables)
            tables[number] = replace(table_, rows=all_rows)
            problems = apply_rules(kind, replace(document, tables=tuple(tables)), where)
            if not problems:
                missed.append((table_.kind.name, field.name))
    assert missed == []


def test_a_budget_with_nothing_in_it_says_what_is_missing():
    kinds, _ = load_kinds(())
    text = (
        "标题: 某部门2026年部门预算\n类型: budget\n发布日期: 2026-03-20\n批复日期: 2026-02-05\n"
        "批复机关: 某财政局\n预算年度: 2026\n公开层级: 部门\n编制单位: 某部门\n"
    )
    _, problems = read_document("a.yaml", text.encode(), kinds, lambda path: None)
    assert has_errors(problems)
    codes = [problem.code for problem in problems]
    assert codes.count("K511") == 4  # four tables that every department has
    assert codes.count("K543") == 7  # seven that may be empty, with a sentence
    assert codes.count("K503") == 1  # published later than twenty days


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.sampled_from(["yusuan/2026", "juesuan/2025"]))
def test_no_gaps_in_a_document_make_a_rule_fail(random, name):
    document, kind, _ = read(CONTENT / f"xxgk/fdzdgk/yusuan/bumen-{name}/jianshe-ju.md")
    tables = []
    for table_ in document.tables:
        if random.random() < 0.2:
            continue
        gaps = random.random() / 2
        rows = [
            tuple(None if random.random() < gaps else cell for cell in row) for row in table_.rows
        ]
        tables.append(replace(table_, rows=tuple(row for row in rows if random.random() > 0.1)))
    fields = {key: value for key, value in document.fields.items() if random.random() > 0.2}
    problems = apply_rules(kind, replace(document, fields=fields, tables=tuple(tables)), where)
    assert all(problem.message() and "{" not in problem.message() for problem in problems)
