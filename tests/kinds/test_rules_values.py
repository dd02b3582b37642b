"""Rules about dates and single values, each with a case that passes and one that fails."""

from __future__ import annotations

import pytest
from rulebench import brief, found, table


class TestNotBefore:
    kind = """
        fields:
          - {name: from, title: 开始, type: date}
          - {name: to, title: 结束, type: date}
        rules: [{rule: not-before, field: to, other: from, severity: warning}]
    """

    @pytest.mark.parametrize("text", ["开始: 2026-03-01\n结束: 2026-03-01\n", "开始: 2026-03-01\n"])
    def test_passes(self, text):
        assert found(self.kind, text) == []

    def test_fails_at_the_later_field(self):
        problems = found(self.kind, "开始: 2026-03-02\n结束: 2026-03-01\n")
        assert brief(problems) == ['2:5 K501 "结束" is 2026-03-01, before "开始" (2026-03-02)']
        assert problems[0].severity == "warning"

    def test_a_row_may_look_at_the_document(self):
        kind = table(
            "- {name: no, title: 编号}\n- {name: done, title: 办结, type: date}",
            "- {rule: not-before, field: published_on, other: done}",
            "no",
        )
        problems = found(
            kind, "明细:\n  - {编号: 甲, 办结: 2026-03-01}\n  - {编号: 乙, 办结: 2026-03-03}\n"
        )
        assert brief(problems) == ['0:7 K501 "发布日期" is 2026-03-02, before "办结" (2026-03-03)']


class TestWithinWorkingDays:
    kind = table(
        "- {name: no, title: 文号}\n- {name: on, title: 决定日期, type: date}",
        "- {rule: within-working-days, from: on, to: published_on, days: 7}",
        "no",
    )

    def test_passes_on_the_last_day_over_the_spring_festival(self):
        # 2026-02-14 is a working Saturday and the first of the seven days.
        assert found(self.kind, "明细: [{文号: 甲, 决定日期: 2026-02-13}]\n") == []

    def test_fails_a_day_later(self):
        problems = found(self.kind, "明细: [{文号: 甲, 决定日期: 2026-02-12}]\n")
        assert brief(problems) == [
            '0:7 K502 "发布日期" is 2026-03-02, but the limit after "决定日期" (2026-02-12) '
            "ended on 2026-02-28"
        ]
        assert problems[0].hint().startswith("the limit is 7 working days")

    def test_an_estimated_limit_is_only_a_notice(self):
        kind = """
            fields:
              - {name: from, title: 受理, type: date}
              - {name: to, title: 答复, type: date}
            rules: [{rule: within-working-days, from: from, to: to, days: 20}]
        """
        problems = found(kind, "受理: 2026-12-10\n答复: 2027-01-11\n")
        assert brief(problems) == [
            '2:5 K504 "答复" is 2027-01-11; the limit after "受理" (2026-12-10) '
            "probably ended on 2027-01-08"
        ]
        assert problems[0].severity == "notice"


class TestWithinDays:
    kind = """
        fields: [{name: replied, title: 批复日期, type: date}]
        rules: [{rule: within-days, from: replied, to: published_on, days: 20%s}]
    """

    def test_counts_calendar_days(self):
        problems = found(self.kind % "", "批复日期: 2026-02-05\n")
        assert brief(problems) == [
            '0:7 K503 "发布日期" is 2026-03-02, but the limit after "批复日期" (2026-02-05) '
            "ended on 2026-02-25"
        ]

    def test_rolls_over_days_off_unless_told_not_to(self):
        assert found(self.kind % "", "批复日期: 2026-02-09\n") == []  # Sunday 1 March
        strict = found(self.kind % ", roll: false", "批复日期: 2026-02-09\n")
        assert [p.code for p in strict] == ["K503"]


class TestRequiredIf:
    kind = """
        fields:
          - {name: fee, title: 是否收费, type: boolean}
          - {name: visits, title: 到场次数, type: integer}
          - {name: basis, title: 依据}
        rules:
          - {rule: required-if, field: basis, when: [{fee: true}, {visits: ">1"}]}
    """

    @pytest.mark.parametrize(
        "text",
        ["是否收费: 否\n到场次数: 1\n", "是否收费: 是\n依据: 某文件\n", "到场次数: 2\n依据: 某\n"],
    )
    def test_passes(self, text):
        assert found(self.kind, text) == []

    def test_fails_and_says_why(self):
        (problem,) = found(self.kind, "是否收费: 是\n")
        assert problem.code == "K505"
        assert problem.message() == (
            '"依据" is missing; it is needed because 是否收费 = 是, 到场次数 = (空)'
        )


class TestAbsentIf:
    kind = """
        fields: [{name: fee, title: 是否收费, type: boolean}, {name: basis, title: 收费依据}]
        rules: [{rule: absent-if, field: basis, when: {fee: false}}]
    """

    def test_passes(self):
        assert found(self.kind, "是否收费: 是\n收费依据: 某\n") == []

    def test_fails(self):
        assert brief(found(self.kind, "是否收费: 否\n收费依据: 某文件\n")) == [
            '2:7 K506 "收费依据" is "某文件", but must be empty because 是否收费 = 否'
        ]


class TestValueIf:
    kind = table(
        "- {name: grade, title: 等级, type: enum, labels: {a: 优, b: 良}}\n"
        "- {name: score, title: 得分, type: number}",
        "- {rule: value-if, field: grade, values: [a], when: {score: '>=90'}}",
    )

    @pytest.mark.parametrize(
        "row", ["{等级: 优, 得分: 90}", "{等级: 良, 得分: 89.9}", "{得分: 95}"]
    )
    def test_passes(self, row):
        assert found(self.kind, f"明细:\n  - {row}\n") == []

    def test_fails(self):
        assert brief(found(self.kind, "明细:\n  - {等级: 良, 得分: 90.5}\n")) == [
            '2:10 K513 "良·等级" is "良", but must be 优 because 得分 = 90.5'
        ]

    def test_without_a_condition(self):
        kind = """
            fields: [{name: n, title: 份数, type: integer}]
            rules: [{rule: value-if, field: n, values: ['>0']}]
        """
        assert found(kind, "份数: 1\n") == []
        assert brief(found(kind, "份数: 0\n")) == ['1:5 K514 "份数" is "0", but must be >0']


class TestNotEqual:
    kind = """
        fields: [{name: a, title: 咨询电话}, {name: b, title: 投诉电话}]
        rules: [{rule: not-equal, field: b, other: a}]
    """

    def test_passes(self):
        assert found(self.kind, "咨询电话: 0999-1\n投诉电话: 0999-2\n") == []

    def test_fails(self):
        assert brief(found(self.kind, "咨询电话: 0999-1\n投诉电话: 0999-1\n")) == [
            '2:7 K507 "投诉电话" and "咨询电话" are the same: 0999-1'
        ]


class TestAtMost:
    kind = """
        fields:
          - {name: all, title: 总额, type: number}
          - name: money
            title: 采购
            type: object
            fields: [{name: sme, title: 中小企业, type: number}]
        rules: [{rule: at-most, field: money.sme, other: all}]
    """

    @pytest.mark.parametrize(
        "text", ["总额: 10\n采购: {中小企业: 10.00}\n", "采购: {中小企业: 3}\n"]
    )
    def test_passes(self, text):
        assert found(self.kind, text) == []

    def test_fails_inside_an_object(self):
        assert brief(found(self.kind, "总额: 1000\n采购: {中小企业: 1000.01}\n")) == [
            '2:12 K508 "采购·中小企业" is 1,000.01, more than "总额" (1,000)'
        ]


class TestVagueWords:
    kind = table("- {name: name, title: 材料}", "- {rule: vague-words, fields: [name]}")

    @pytest.mark.parametrize(
        "text", ["职业技能等级证书", "平等协议", "等额缴费凭证", "中等学校毕业证", "营业执照"]
    )
    def test_passes(self, text):
        assert found(self.kind, f"明细:\n  - {{材料: {text}}}\n") == []

    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("营业执照等", "等"),
            ("身份证明等材料", "等材料"),
            ("法律、法规规定的其他条件", "法律、法规规定的其他”“其他条件"),
            ("需要提供的其他文件", "需要提供的其他"),
        ],
    )
    def test_fails_with_the_longest_word(self, text, word):
        (problem,) = found(self.kind, f"明细:\n  - {{材料: {text}}}\n")
        assert (problem.code, dict(problem.values)["word"].split("”")[0]) == (
            "K510",
            word.split("”")[0],
        )
        assert (problem.where.line, problem.where.column) == (5, 10)

    def test_words_may_be_the_kinds_own(self):
        kind = table(
            "- {name: name, title: 材料}",
            "- {rule: vague-words, fields: [name], words: [大概], allowed: [大概念]}",
        )
        assert found(kind, "明细:\n  - {材料: 大概念}\n  - {材料: 若干}\n") == []
        assert [p.code for p in found(kind, "明细:\n  - {材料: 大概}\n")] == ["K510"]


class TestMinRows:
    kind = table("- {name: name, title: 环节}", "[]") + (
        "fields: [{name: permit, title: 是否许可, type: boolean}]\n"
        "rules: [{rule: min-rows, table: rows, rows: 2, when: {permit: true}}]\n"
    )

    @pytest.mark.parametrize(
        "text", ["是否许可: 否\n", "是否许可: 是\n明细: [{环节: 受理}, {环节: 决定}]\n"]
    )
    def test_passes(self, text):
        assert found(self.kind, text) == []

    def test_fails_at_the_table_or_the_document(self):
        assert brief(found(self.kind, "是否许可: 是\n明细:\n  - {环节: 受理}\n")) == [
            '2:1 K511 table "明细" has 1 rows; at least 2 are needed'
        ]
        (problem,) = found(self.kind, "是否许可: 是\n")
        assert problem.message() == 'table "明细" has 0 rows; at least 2 are needed'


class TestRequiredRows:
    kind = table(
        "- {name: m, title: 口径, type: enum, constraints: {enum: [预算数, 决算数]}}",
        "- {rule: required-rows, key: m, values: [预算数, 决算数]}",
    )

    def test_passes(self):
        assert found(self.kind, "明细: [{口径: 预算数}, {口径: 决算数}]\n") == []
        assert found(self.kind, "明细: {空表说明: 没有支出}\n") == []

    def test_fails(self):
        assert brief(found(self.kind, "明细:\n  - {口径: 决算数}\n")) == [
            '1:1 K512 table "明细" has no row "预算数"'
        ]


class TestRequiredSections:
    kind = "rules: [{rule: required-sections, words: [三公, 机关运行经费|机构运行经费]}]\n"

    @pytest.mark.parametrize(
        "body",
        [
            "## （一）“三公”经费\n\n文字\n\n**二、机构运行经费**\n",
            "一、三公经费\n二、机关运行经费\n",
        ],
    )
    def test_passes(self, body):
        assert (
            found(self.kind, "正文: |\n" + "".join(f"  {line}\n" for line in body.splitlines()))
            == []
        )

    def test_a_document_without_text_is_not_asked(self):
        assert found(self.kind, "") == []

    def test_a_mention_outside_headings_is_not_enough(self):
        problems = found(self.kind, "正文: |\n  ## 三公\n\n  机关运行经费为零。\n")
        assert [p.message() for p in problems] == ['the text has no section "机关运行经费"']
