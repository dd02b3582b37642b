"""Whole documents: front matter, YAML, kinds, bodies, rules; all problems in one run."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.kinds.document import Document
from sitegen.kinds.encoding import decode, encode
from sitegen.kinds.loading import load_kinds
from sitegen.kinds.reading import Values, read_document, read_mapping
from sitegen.problems import Problem

KINDS, _ = load_kinds()
MD = """\
---
标题: 关于试行的通知
发布日期: 2026年3月2日
成文日期: 2026-03-01
索引号: 110000001234567883/2026-00001
文号: 示开管发〔2026〕3号
责任部门: 党政办公室
关键词: 通知
附件:
  - 申请表.docx
  - {文件: 说明.pdf, 标题: 填表说明}
变更:
  - {日期: 2026-04-01, 事项: 修订, 说明: 更正附件}
相关: ../b/c.md
联系方式: {电话: 0999-86660001}
---

# 正文

第一段。
"""


def read(
    text: str | bytes, path: str = "a/d.md", default_kind: str = "article"
) -> tuple[Document | None, tuple[Problem, ...]]:
    data = text if isinstance(text, bytes) else text.encode()
    return read_document(path, data, KINDS, lambda _: None, default_kind=default_kind)


def faults(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{str(p.where).removeprefix('content/')} {p.code}" for p in problems]


class TestMarkdown:
    """A document with front matter and a body."""

    def test_all_of_it(self) -> None:
        document, problems = read(MD)
        assert problems == ()
        assert document is not None
        assert document.fields == {
            "title": "关于试行的通知",
            "published_on": datetime.date(2026, 3, 2),
            "formed_on": datetime.date(2026, 3, 1),
            "index_no": "110000001234567883/2026-00001",
            "doc_no": "示开管发〔2026〕3号",
            "responsible": "党政办公室",
            "keywords": ["通知"],
            "attachments": [{"file": "申请表.docx"}, {"file": "说明.pdf", "title": "填表说明"}],
            "changes": [{"date": datetime.date(2026, 4, 1), "act": "修订", "note": "更正附件"}],
            "relates": ["b/c.md"],
            "contact": {"phone": ["0999-86660001"]},
        }
        assert (document.path, document.kind) == ("a/d.md", "article")
        assert document.body == "\n# 正文\n\n第一段。\n"
        assert document.body_line == 17

    def test_marks_are_lines_of_the_file(self) -> None:
        document, _ = read(MD)
        assert document is not None
        marks = document.marks or {}
        lines = MD.split("\n")
        for key, text in (
            ("title", "关于"), ("attachments.0.file", "申请表"), ("attachments.1.title", "填表"),
            ("changes.0.act", "修订"), ("relates.0", "../b"), ("contact.phone.0", "0999"),
        ):  # fmt: skip
            line, column = marks[key]
            assert lines[line - 1][column - 1 :].startswith(text), key

    def test_english_and_chinese_keys_give_the_same(self) -> None:
        english = (
            MD.replace("标题: 关", "title: 关").replace("发布日期", "published_on")
            .replace("成文日期", "formed_on").replace("变更", "changes").replace("{日期", "{date")
        )  # fmt: skip
        one, two = read(MD)[0], read(english)[0]
        assert one is not None
        assert two is not None
        assert one.fields == two.fields

    def test_windows_line_ends_and_a_byte_order_mark_change_nothing(self) -> None:
        one, two = read(MD)[0], read(b"\xef\xbb\xbf" + MD.replace("\n", "\r\n").encode())[0]
        assert one == two

    def test_all_problems_come_in_one_run_in_the_order_of_the_file(self) -> None:
        text = (
            "---\ntitel: 甲\n发布日期: 2026-02-30\n文号: 示开管发[2026]3号\n"
            "公开方式: 主动\n附件: [a/]\n变更:\n  - {日期: 明天, 事项: 改}\n---\n"
        )
        assert faults(read(text)[1]) == [
            "a/d.md:2:1 K151",
            "a/d.md:3:7 K103",
            "a/d.md:4:5 K136",
            "a/d.md:5:7 K110",
            "a/d.md:6:6 K118",
            "a/d.md:8:10 K103",
            "a/d.md:8:18 K109",
        ]


class TestYamlDocument:
    """A document of fields only, with its text under 正文."""

    def test_the_body_is_a_block_and_knows_its_line(self) -> None:
        text = "标题: 甲\n发布日期: 2026-03-01\n正文: |\n  第一段。\n\n  第二段。\n"
        document, problems = read(text, "a/d.yaml")
        assert problems == ()
        assert document is not None
        assert (document.body, document.body_line) == ("第一段。\n\n第二段。\n", 4)

    def test_a_body_must_be_text(self) -> None:
        _, problems = read("标题: 甲\n发布日期: 2026-03-01\n正文: [a]\n", "a/d.yaml")
        assert faults(problems) == ["a/d.yaml:3:5 K102"]

    def test_a_body_in_front_matter_is_unknown(self) -> None:
        _, problems = read("---\n标题: 甲\n发布日期: 2026-03-01\n正文: 乙\n---\n")
        assert [fault.split()[0] for fault in faults(problems)] == ["a/d.md:4:1"]

    @pytest.mark.parametrize(
        ("text", "expected"), [("", "1 K155"), ("- a\n", "1:1 K154"), ("# 无\n", "1 K155")]
    )
    def test_what_holds_no_fields(self, text: str, expected: str) -> None:
        document, problems = read(text, "a/d.yaml")
        assert document is None
        assert len(problems) == 1
        assert faults(problems)[0].startswith("a/d.yaml:" + expected.split()[0])
        assert faults(problems)[0].endswith(expected.split()[1])


class TestKindOfADocument:
    """By name, by title, or by the column's default."""

    @pytest.mark.parametrize("written", ["article", "信息", "Article"])
    def test_name_or_title(self, written: str) -> None:
        text = f"---\n类型: {written}\n标题: 甲\n发布日期: 2026-03-01\n---\n"
        document, problems = read(text, default_kind="policy")
        assert problems == ()
        assert document is not None
        assert document.kind == "article"
        assert "kind" not in document.fields

    def test_the_default_may_be_a_title_too(self) -> None:
        document, _ = read("---\n标题: 甲\n---\n", default_kind="政策文件")
        assert document is not None
        assert document.kind == "policy"

    def test_an_unknown_kind_does_not_hide_other_problems(self) -> None:
        text = "---\n类型: polcy\n标题: 甲\n发布日期: 昨天\n不知道: 1\n---\n"
        document, problems = read(text)
        assert faults(problems) == ["a/d.md:2:5 K156", "a/d.md:4:7 K103"]
        assert problems[0].hint() == "did you mean policy?"
        assert document is not None


class TestRules:
    """Rules are applied once the values stand."""

    def test_the_common_ones(self) -> None:
        text = "---\n标题: 甲\n发布日期: 2026-03-01\n成文日期: 2026-03-02\n---\n"
        assert faults(read(text)[1]) == ["a/d.md:3:7 K501"]

    def test_not_over_values_that_are_wrong_already(self) -> None:
        text = "---\n标题: 甲\n发布日期: 2026-03-01\n成文日期: 2026-02-30\n---\n"
        assert faults(read(text)[1]) == ["a/d.md:4:7 K103"]

    def test_drafts_may_be_unfinished(self) -> None:
        document, problems = read("---\n标题: 甲\n草稿: 是\n---\n", default_kind="policy")
        assert problems == ()
        assert document is not None
        assert document.fields == {"title": "甲", "draft": True}

    def test_but_what_a_draft_says_must_be_right(self) -> None:
        assert faults(read("---\n标题: 甲\ndraft: true\n发布日期: 某天\n---\n")[1]) == [
            "a/d.md:4:7 K103"
        ]


class TestMapping:
    """``site.yaml`` and ``_column.yaml`` are read with the same vocabulary."""

    def test_a_column(self) -> None:
        text = (
            "名称: 政策文件\n更新方式: 随时\n最长更新间隔: 90\n归档日期: 2026-03-01\n类型: policy\n"
        )
        values, problems = read_mapping("a/_column.yaml", text.encode(), KINDS.column)
        assert problems == ()
        assert isinstance(values, Values)
        assert values.fields == {
            "name": "政策文件",
            "update_rule": "on_event",
            "max_gap_days": 90,
            "archived_on": datetime.date(2026, 3, 1),
            "kind": "policy",
        }
        assert values.marks["update_rule"] == (2, 7)

    def test_a_site(self) -> None:
        text = (
            "网站名称: 示范\n网址: https://xxgk.shifan.example/\n标识: {网站标识码: '0000000001'}\n"
            "变更记录: {起始日期: 2026-12-01}\n数说: [{名称: 事项, 数值: '34', 来源: /b/c.yaml}]\n"
        )
        values, problems = read_mapping("site.yaml", text.encode(), KINDS.site)
        assert problems == ()
        assert values is not None
        assert values.fields["identity"] == {"site_id_code": "0000000001"}
        assert values.fields["history"] == {"start": datetime.date(2026, 12, 1)}
        assert values.fields["figures"] == [{"label": "事项", "value": "34", "link": "b/c.yaml"}]

    def test_problems_are_located(self) -> None:
        text = "名称: 甲\n更新方式: 有时\norder: 一\n"
        _, problems = read_mapping("a/_column.yaml", text.encode(), KINDS.column)
        assert faults(problems) == ["a/_column.yaml:2:7 K109", "a/_column.yaml:3:8 K105"]


KEYS = st.sampled_from(
    [
        "标题",
        "title",
        "发布日期",
        "附件",
        "变更",
        "联系方式",
        "表格",
        "正文",
        "类型",
        "a",
        "草稿",
        "相关",
    ]
)
NODES = st.recursive(
    st.sampled_from(["甲", "2026-03-01", "''", "是", "../a.md", "x.csv", "article", "1"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(
            KEYS | st.sampled_from(["字段", "数据", "日期", "文件"]), inner, max_size=3
        ).map(lambda parts: "{" + ", ".join(f"{k}: {v}" for k, v in parts.items()) + "}"),
    ),
    max_leaves=10,
)


@given(st.dictionaries(KEYS, NODES, max_size=6), st.sampled_from(["a/d.md", "d.yaml"]))
def test_well_formed_nonsense_gives_problems_not_exceptions(
    parts: dict[str, str], path: str
) -> None:
    yaml = "".join(f"{key}: {value}\n" for key, value in parts.items())
    document, problems = read(f"---\n{yaml}---\n" if path.endswith(".md") else yaml, path)
    assert document is not None or problems
    if document is not None:
        assert decode(encode(document), KINDS) == document


@given(st.binary(max_size=200), st.sampled_from(["a/d.md", "d.yaml"]))
def test_no_bytes_raise(data: bytes, path: str) -> None:
    document, problems = read(data, path)
    assert document is not None or problems
    read(b"---\n" + data, path)


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    for document, _ in (read(data, "d.yaml"), read(b"---\n" + data + b"\n---\n")):
        if document is not None:
            assert decode(encode(document), KINDS) == document


def test_numbers_keep_their_decimals_through_the_whole_way() -> None:
    text = "标题: 甲\n发布日期: 2026-03-01\n表格:\n"
    text += "  a: {标题: 乙, 字段: [{数: number}], 数据: [[12.10]]}\n"
    document, problems = read(text, "a/d.yaml")
    assert problems == ()
    assert document is not None
    again = decode(encode(document), KINDS)
    assert again == document
    value = again.tables[0].rows[0][0]
    assert isinstance(value, Decimal)
    assert str(value) == "12.10"
