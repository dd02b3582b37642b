"""Policies, interpretations, organisations, the disclosure guide: good samples, planted faults."""

from __future__ import annotations

import datetime
from functools import cache

import pytest

from sitegen.kinds.document import Document
from sitegen.kinds.kind import Kinds
from sitegen.kinds.loading import load_kinds
from sitegen.kinds.reading import read_document
from sitegen.problems import Problem, Severity

ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE
Found = list[tuple[str, int | None, Severity]]

POLICY = """---
标题: 关于印发《示范办法》的通知
索引号: 110000001234567883/2026-00001
文号: 示开管发〔2026〕3号
发布机构: 示范经济开发区管理委员会
成文日期: 2026-03-10
发布日期: 2026-03-12
施行日期: 2026-04-10
失效日期: 2031-04-09
内容概述: 规定一件事。
主题分类: 综合政务\\政务公开
体裁分类: 办法
文件类别: 规范性文件
起草单位: 党政办公室
合法性审核: {审核意见编号: 示开法审〔2026〕1号, 审核日期: 2026-03-01}
公开事由: [涉及群众利益, 需要社会监督]
---
各部门：

现予印发。

2026年3月10日

**第一条** 本办法自2026年4月10日起施行，有效期5年。
"""

INTERPRETATION = """---
标题: 《示范办法》解读
发布日期: 2026-03-13
解读: ../policy.md
解读形式: 问答
解读机关: 党政办公室
解读人职务: 党政办公室主任
咨询电话: 0999-86660011
问答:
  - {问题: 适用范围是什么？, 回答: 适用于在本区登记的企业和居住的个人，可以选择是否采用。}
  - {问题: 有哪些注意事项？, 回答: 应当如实填写，逾期不改正的依照规定处理。}
---
办法的依据是国家有关规定，目标任务是减少材料、缩短时间，方便企业和群众办事。执行标准以正文为准。
"""

ORGANISATION = """标题: 示范局机构简介
发布日期: 2026-04-28
机构名称: 示范局
主要职责: [管理一件事, 管理另一件事]
办公地址: 创新大道1号
办公时间: 工作日上午8:30至12:00
联系电话: 0999-86660031
负责人: {姓名: 示例一, 职务: 局长}
核对日期: 2026-09-16
领导信息:
  - {姓名: 示例一, 职务: 局长, 工作分工: 主持全面工作, 手机号码: 不公开}
内设机构:
  - {机构名称: 综合科, 主要职责: 文电, 联系电话: 0999-86660032}
"""

GUIDE = """标题: 示范经济开发区政府信息公开指南
发布日期: 2026-04-22
更新日期: 2026-09-18
政府信息的分类: [政策文件, 机构职能]
编排体系: 按照类别编排。
获取方式: 在本网站查阅。
工作机构名称: 党政办公室
办公地址: 创新大道1号
办公时间: 工作日上午8:30至12:00
联系电话: 0999-86660011
传真号码: 0999-86660012
互联网联系方式: xxgk@shifan.example
依申请公开办理流程:
  - {序号: 1, 环节: 接收, 工作内容: 登记编号}
  - {序号: 2, 环节: 答复, 工作内容: 书面答复, 时限: 20}
"""


@cache
def kinds() -> Kinds:
    found, problems = load_kinds(())
    ours = {"policy.yaml", "interpretation.yaml", "organisation.yaml", "disclosure-guide.yaml"}
    assert not [p for p in problems if p.where and p.where.path.rpartition("/")[2] in ours]
    return found


def read(name: str, text: str) -> tuple[Document, tuple[Problem, ...]]:
    kind, _, suffix = name.rpartition(".")
    document, problems = read_document(
        f"a/b/one.{suffix}", text.encode(), kinds(), lambda path: None, default_kind=kind
    )
    assert document is not None
    return document, problems


def found(problems: tuple[Problem, ...]) -> Found:
    return [(p.code, p.where.line if p.where else None, p.severity) for p in problems]


def faults(name: str, text: str, *changes: tuple[str, str]) -> Found:
    """What is found after some parts of the text are replaced, each of which must stand there."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return found(read(name, text)[1])


class TestPolicy:
    def test_a_full_one_reads_without_problems(self) -> None:
        document, problems = read("policy.md", POLICY)
        assert problems == ()
        assert document.fields["effective_on"] == datetime.date(2026, 4, 10)
        assert document.fields["topic"] == "综合政务\\政务公开"
        assert document.fields["publish_reason"] == ["涉及群众利益", "需要社会监督"]

    def test_what_the_directory_needs_is_required(self) -> None:
        for line in (
            "索引号: ",
            "发布机构: ",
            "成文日期: ",
            "内容概述: ",
            "主题分类: ",
            "文件类别: ",
        ):
            text = "".join(x for x in POLICY.splitlines(True) if not x.startswith(line))
            assert [code for code, _, severity in faults("policy.md", text) if severity is ERROR]

    @pytest.mark.parametrize(
        ("line", "severity"),
        [
            ("文号: 示开管发〔2026〕3号\n", ERROR),
            ("失效日期: 2031-04-09\n", WARNING),
            ("起草单位: 党政办公室\n", NOTICE),
        ],
    )
    def test_a_normative_document_needs_number_and_term(
        self, line: str, severity: Severity
    ) -> None:
        text = POLICY.replace("，有效期5年", "")
        assert faults("policy.md", text, (line, "")) == [("K505", 2, severity)]
        assert (
            faults("policy.md", text, (line, ""), ("文件类别: 规范性文件", "文件类别: 其他文件"))
            == []
        )

    def test_a_decision_that_repeals_has_no_term_of_its_own(self) -> None:
        changes = [
            ("失效日期: 2031-04-09\n", ""),
            ("，有效期5年", ""),
            ("体裁分类: 办法", "体裁分类: 决定"),
        ]
        assert faults("policy.md", POLICY, *changes) == []

    def test_a_draft_may_lack_everything_but_its_title(self) -> None:
        head = "---\n标题: 关于印发《示范办法》的通知\n草稿: 是\n文件类别: 规范性文件\n---\n"
        text = head + "自印发之日起施行，有效期2年。\n"
        assert faults("policy.md", text) == []

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("主题分类: 综合政务\\政务公开", "主题分类: 综合政务\\没有这一类", ("K", 11, ERROR)),
            ("体裁分类: 办法", "体裁分类: 请示", ("K506", 12, WARNING)),
            ("文号: 示开管发〔2026〕3号", "文号: 示开管发〔2025〕3号", ("K574", 4, WARNING)),
            ("\n2026年3月10日\n", "\n2026年3月9日\n", ("K575", 22, WARNING)),
            ("自2026年4月10日起施行", "自2026年4月11日起施行", ("K572", 24, WARNING)),
            ("自2026年4月10日起施行", "自公布之日起施行", ("K572", 24, WARNING)),
            ("有效期5年", "有效期三年", ("K572", 24, WARNING)),
            ("失效日期: 2031-04-09", "失效日期: 2026-04-09", ("K501", 9, ERROR)),
            ("各部门：", "机密★一年\n各部门：", ("K570", 18, ERROR)),
            ("现予印发。", "（此件依申请公开）", ("K570", 20, ERROR)),
            ("关于印发《示范办法》的通知", "示范的有关情况", ("K579", 2, NOTICE)),
        ],
    )  # fmt: skip
    def test_a_planted_fault_is_found_in_its_place(
        self, old: str, new: str, expected: tuple[str, int, Severity]
    ) -> None:
        found = faults("policy.md", POLICY, (old, new))
        assert [(code[: len(expected[0])], line, s) for code, line, s in found][:1] == [expected]

    def test_a_term_is_at_most_five_years_and_two_on_trial(self) -> None:
        changes = [("失效日期: 2031-04-09", "失效日期: 2032-04-09"), ("，有效期5年", "")]
        assert faults("policy.md", POLICY, *changes) == [("K571", 9, WARNING)]
        trial = ("《示范办法》的通知", "《示范办法（试行）》的通知")
        assert faults("policy.md", POLICY, trial) == [("K571", 9, WARNING)]
        two = [("失效日期: 2031-04-09", "失效日期: 2028-04-09"), ("有效期5年", "有效期2年")]
        assert faults("policy.md", POLICY, trial, *two) == []

    def test_the_message_says_what_the_text_would_give(self) -> None:
        text = POLICY.replace("有效期5年", "有效期3年")
        problem = read("policy.md", text)[1][0]
        assert problem.where is not None
        assert (problem.where.line, problem.where.column) == (24, 27)
        assert problem.message() == 'the text says "有效期3年", but "失效日期" is 2031-04-09'
        assert problem.hint() == "by the text it would be 2029-04-09; correct one of the two"

    def test_a_term_in_the_text_without_a_field_is_told(self) -> None:
        change = ("失效日期: 2031-04-09\n", "")
        assert faults("policy.md", POLICY, change) == [("K505", 2, WARNING), ("K573", 23, WARNING)]


class TestInterpretation:
    def test_a_full_one_reads_without_problems(self) -> None:
        document, problems = read("interpretation.md", INTERPRETATION)
        assert problems == ()
        assert document.fields["interprets"] == ["a/policy.md"]
        assert len(document.tables[0].rows) == 2

    def test_it_names_at_least_one_policy(self) -> None:
        for new in ("", "解读: []\n"):
            got = faults("interpretation.md", INTERPRETATION, ("解读: ../policy.md\n", new))
            assert [severity for _, _, severity in got] == [ERROR]

    def test_the_post_of_the_interpreter_is_required(self) -> None:
        got = faults("interpretation.md", INTERPRETATION, ("解读人职务: 党政办公室主任\n", ""))
        assert [(line, severity) for _, line, severity in got] == [(2, ERROR)]

    def test_a_picture_alone_is_not_enough(self) -> None:
        head = INTERPRETATION.partition("问答:\n")[0].replace("形式: 问答", "形式: 图解")
        got = faults("interpretation.md", head + "---\n![图](a.png)\n")
        assert got == [("K576", 2, ERROR), ("K577", 2, NOTICE)]

    def test_a_mobile_number_is_refused(self) -> None:
        change = ("0999-86660011", "13800138000")
        got = faults("interpretation.md", INTERPRETATION, change)
        assert [(line, severity) for _, line, severity in got] == [(8, ERROR)]


class TestOrganisation:
    def test_a_full_one_reads_without_problems(self) -> None:
        document, problems = read("organisation.yaml", ORGANISATION)
        assert problems == ()
        assert document.fields["head"] == {"name": "示例一", "post": "局长"}

    @pytest.mark.parametrize(
        "key", ["主要职责", "办公地址", "办公时间", "联系电话", "负责人", "核对日期"]
    )
    def test_what_art_20_names_is_required(self, key: str) -> None:
        text = "".join(x for x in ORGANISATION.splitlines(True) if not x.startswith(key))
        assert [severity for _, _, severity in faults("organisation.yaml", text)] == [ERROR]

    def test_the_head_is_the_first_of_the_leaders(self) -> None:
        change = ("负责人: {姓名: 示例一", "负责人: {姓名: 示例二")
        assert faults("organisation.yaml", ORGANISATION, change) == [("K578", 8, WARNING)]

    def test_personal_columns_are_private(self) -> None:
        leaders = next(t for t in kinds().kinds["organisation"].tables if t.name == "leaders")
        private = {field.name for field in leaders.fields if field.private}
        assert private == {"mobile", "id_number", "home_address"}

    def test_two_departments_of_one_name_are_an_error(self) -> None:
        twice = ORGANISATION + ORGANISATION.splitlines(True)[-1]
        assert [(line, s) for _, line, s in faults("organisation.yaml", twice)] == [(14, ERROR)]


class TestDisclosureGuide:
    def test_a_full_one_reads_without_problems(self) -> None:
        document, problems = read("disclosure-guide.yaml", GUIDE)
        assert problems == ()
        assert document.fields["categories"] == ["政策文件", "机构职能"]

    @pytest.mark.parametrize(
        "key",
        [
            "工作机构名称", "办公地址", "办公时间", "联系电话", "传真号码", "互联网联系方式",
            "政府信息的分类", "编排体系", "获取方式", "更新日期",
        ],
    )  # fmt: skip
    def test_what_art_12_names_is_required(self, key: str) -> None:
        text = "".join(x for x in GUIDE.splitlines(True) if not x.startswith(key))
        assert [severity for _, _, severity in faults("disclosure-guide.yaml", text)] == [ERROR]

    def test_the_online_contact_is_a_mailbox_or_an_address(self) -> None:
        for good in ("https://xxgk.shifan.example/", "a@b.example"):
            assert faults("disclosure-guide.yaml", GUIDE, ("xxgk@shifan.example", good)) == []
        got = faults("disclosure-guide.yaml", GUIDE, ("xxgk@shifan.example", "见网站"))
        assert [(line, severity) for _, line, severity in got] == [(12, ERROR)]


class TestTopics:
    def test_the_tree_has_22_classes_and_their_parts(self) -> None:
        fields = {field.name: field for field in kinds().kinds["policy"].fields}
        topics = fields["topic"].constraints.enum
        classes = [topic for topic in topics if "\\" not in topic]
        assert len(classes) == 22
        assert {topic.partition("\\")[0] for topic in topics} == set(classes)
        assert len(topics) == len(set(topics)) == 143

    def test_a_site_may_have_its_own(self) -> None:
        own = b"kind: policy\ntitle: \xe6\x94\xbf\xe7\xad\x96\nfields: []\n"
        replaced, problems = load_kinds([("kinds/policy.yaml", own)])
        assert problems == ()
        text = "标题: 一\n发布日期: 2026-03-10\n主题分类: 自己的分类\n"
        document, problems = read_document(
            "a.yaml", text.encode(), replaced, lambda path: None, default_kind="policy"
        )
        assert problems == ()
        assert document is not None
        assert document.fields["topic"] == "自己的分类"
