"""Faulty YAML: every fault on its own line, in words that tell what to write instead."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.problems import CODES, ordered
from sitegen.source import codes
from sitegen.source.nodes import Mapping, Node, Scalar, Sequence
from sitegen.source.yamlnodes import parse_yaml


def found(text: str, first_line: int = 1) -> list[tuple[int, int, str]]:
    """Line, column and code of each problem, the same from both parsers."""
    _, problems = parse_yaml(text, "content/a.yaml", first_line)
    _, again = parse_yaml(text, "content/a.yaml", first_line, pure=True)
    assert problems == again
    result = []
    for problem in problems:
        assert problem.where is not None
        assert problem.where.path == "content/a.yaml"
        assert problem.where.line is not None
        assert problem.where.column is not None
        assert not re.search(r"\{\w", problem.message() + problem.hint())
        result.append((problem.where.line, problem.where.column, problem.code))
    return result


CASES = {
    "tab": ("a:\n\tb: 1\n", [(2, 1, "S201")]),
    "tab after spaces": ("a:\n  b: 1\n  \tc: 1\n", [(3, 3, "S201")]),
    "several runs of tabs": (
        "a:\n\tb: 1\n\tc: 1\nd: 1\ne:\n\tf: 1\n",
        [(2, 1, "S201"), (6, 1, "S201")],
    ),
    "tab in a block": ("a: |\n\tx\n", [(2, 1, "S201")]),
    "full-width colon alone": ("标题：测试\n", [(1, 3, "S202")]),
    "full-width colon before other lines": ("标题：测试\na: 1\n", [(1, 3, "S202")]),
    "full-width colon last": ("a: 1\n标题：测试\n", [(2, 3, "S202")]),
    "full-width colons": (
        "标题：测试\na: 1\n发布日期：2026-03-01\n文号：\n",
        [(1, 3, "S202"), (3, 5, "S202"), (4, 3, "S202")],
    ),
    "full-width colon and a second colon": ("标题：测试: 一\n", [(1, 3, "S202")]),
    "full-width colon and tab": (
        "标题：测试\nb:\n\tc: 1\nd：2\n",
        [(1, 3, "S202"), (3, 1, "S201"), (4, 2, "S202")],
    ),
    "full-width colons swallowed into a text": (
        "联系方式:\n  电话：0999\n  地址：某路\nb: 1\n",
        [(2, 5, "S202"), (3, 5, "S202")],
    ),
    "full-width colon in a list": (
        "附件:\n  - 文件：a.docx\n    标题: b\n",
        [(2, 7, "S202")],
    ),
    "full-width colon swallowed below an item": (
        "附件:\n  - file: a.docx\n      标题：b\n",
        [(3, 9, "S202")],
    ),
    "no space": ("标题:测试\nb: 1\n", [(1, 3, "S203")]),
    "no space, swallowed": ("a:\n  电话:0999\n", [(2, 5, "S203")]),
    "duplicate": ("a: 1\nb: 2\na: 3\n", [(3, 1, "S204")]),
    "duplicate below": ("x:\n  - a: 1\n    a: 2\n  - a: 1\n", [(3, 5, "S204")]),
    "duplicate on one line": ("{a: 1, a: 2}\n", [(1, 8, "S204")]),
    "duplicate beside a syntax error": (
        "a: 1\nb：2\na: 3\n",
        [(2, 2, "S202"), (3, 1, "S204")],
    ),
    "anchor": ("a: &x 1\n", [(1, 4, "S205")]),
    "anchor without a name": ("a: &\n", [(1, 4, "S205")]),
    "alias": ("a: &x 1\nb: *x\n", [(1, 4, "S205"), (2, 4, "S206")]),
    "alias that was meant as text": ("a: *重要*\n", [(1, 4, "S206")]),
    "alias as a key": ("*x : 1\n", [(1, 1, "S206")]),
    "merge key": ("<<: 1\n", [(1, 1, "S207")]),
    "tag": ("a: !!str 1\n", [(1, 4, "S208")]),
    "tag on a list": ("a: !x [1]\n", [(1, 4, "S208")]),
    "tag that was meant as text": ("a: !{重要\nb: 1\n", [(1, 4, "S208")]),
    "unclosed quote": ('a: 1\nb: "x\nc: 3\n', [(2, 4, "S209")]),
    "unclosed quotes": ("a: 'x\nb: 2\nc: 'y\n", [(1, 4, "S209"), (3, 4, "S209")]),
    "unclosed quote last": ("a: 1\nb: 'x", [(2, 4, "S209")]),
    "text after a quote": ('a: "一网通办"改革\nb: 1\n', [(1, 10, "S210")]),
    "wrong indentation, deeper": ("a: 1\n  b: 2\n", [(2, 3, "S211")]),
    "wrong indentation, back": ("a:\n    b: 1\n  c: 2\n", [(3, 3, "S211")]),
    "wrong indentation, first line": ("  a: 1\nb: 2\n", [(2, 1, "S211")]),
    "wrong indentation in an item": ("a:\n  - b: 1\n     c: 2\n", [(3, 6, "S211")]),
    "colon in a value": ("a: b: c\n", [(1, 5, "S212")]),
    "colon in a value of a list": ("x:\n  - a: b: c\n", [(2, 9, "S212")]),
    "special starts": (
        "a: @b\nc: `d`\ne: %f\ng: >5000\nh: |abc\ni: ]j\n",
        [(line, 4, "S213") for line in range(1, 7)],
    ),
    "no colon": ("a: 1\n一段文字\nb: 2\n", [(2, 1, "S214")]),
    "no colon last": ("a: 1\n一段文字\n", [(2, 1, "S214")]),
    "unclosed bracket": ("a: [x, y\nb: 1\n", [(1, 4, "S215")]),
    "unclosed bracket last": ("a: 1\nb: {x: 1\n", [(2, 4, "S215")]),
    "full-width comma between entries": ("{a: 1，b: 2}\n", [(1, 1, "S215")]),
    "text after a bracket": ("a: [通知]关于\n", [(1, 8, "S216")]),
    "list on the line of its name": ("a: - b\n", [(1, 4, "S217")]),
    "backslash": ('a: "C:\\文件"\n', [(1, 7, "S218")]),
    "full-width dashes": ("a:\n  － x\n  － y\nb: 1\n", [(2, 3, "S219"), (3, 3, "S219")]),
    "full-width comma in a list": ("a: [x，y]\n", [(1, 6, "S220")]),
    "enumeration comma in a list": ("a: [x, y、z]\n", [(1, 9, "S220")]),
    "nested too deeply": ("[" * 31 + "]" * 31, [(1, 31, "S221")]),
    "nested far too deeply": ("[" * 50_000, [(1, 31, "S221")]),
    "second document": ("a: 1\n---\nb: 2\n", [(2, 1, "S222")]),
    "end of document": ("a: 1\n...\n", [(2, 1, "S222")]),
    "directive": ("%YAML 1.1\n---\na: 1\n", [(1, 1, "S223")]),
    "list as a key": ("[a]: 1\n", [(1, 1, "S224")]),
    "mapping as a key": ("? {a: 1}\n: 2\n", [(1, 3, "S224")]),
    "no key": (": 1\n", [(1, 1, "S225")]),
    "colon inside Chinese quotes": ("a: “b: c”\n", [(1, 6, "S226")]),
    "full-width closing bracket": ("a: [b】\nc: 1\n", [(1, 4, "S227")]),
    "full-width spaces": ("a:\n  b: 1\n　　c: 2\n", [(3, 1, "S228")]),
    "non-breaking space": ("\xa0a: 1\n", [(1, 1, "S228")]),
    "control characters": ("a: \x00b\n", [(1, 4, "S104")]),
    "line separator": ("a: b\u2028c\n", [(1, 5, "S106")]),
    "byte order mark inside": ("a: 1\n\ufeffb: 2\n", [(2, 1, "S105")]),
    "surrogate": ("a: \ud800\n", [(1, 4, "S104")]),
}


@pytest.mark.parametrize("name", CASES)
def test_each_fault_is_found_in_its_place(name: str) -> None:
    text, expected = CASES[name]
    assert found(text) == expected


@pytest.mark.parametrize("name", CASES)
def test_places_shift_with_the_first_line_and_not_with_line_ends(name: str) -> None:
    text, expected = CASES[name]
    shifted = [(line + 6, column, code) for line, column, code in expected]
    assert found(text.replace("\n", "\r\n"), first_line=7) == shifted


def test_every_code_of_yaml_has_a_case() -> None:
    seen = {code for _, expected in CASES.values() for _, _, code in expected}
    assert {code for code in CODES if code.startswith("S2")} - {"S299"} <= seen


LEAVES = [
    (" 测试: 一", "S212"), (" @x", "S213"), (' "x', "S209"), (" [x", "S215"), (" *重", "S206"),
]  # fmt: skip


def test_every_faulty_entry_is_reported_and_no_sound_one() -> None:
    chance = random.Random(7)
    for _ in range(40):
        lines, expected = [], []
        for number in range(1, 31):
            key = f"key{number}"
            if chance.random() < 0.2:
                tail, code = chance.choice(LEAVES)
                lines.append(f"{key}:{tail}")
                expected.append((number, code))
            elif chance.random() < 0.1:
                lines.append(f"{key}：x")
                expected.append((number, "S202"))
            else:
                lines.append(f"{key}: 内容{number}")
        # An unclosed quote or bracket before a closing one further down would swallow lines.
        opened = [code for _, code in expected if code in ("S209", "S215")]
        if not expected or len(opened) > 1:
            continue
        assert [(line, code) for line, _, code in found("\n".join(lines) + "\n")] == expected


def test_faults_of_entries_inside_a_list_are_all_reported() -> None:
    text = (
        "附件:\n  - file: a.docx\n    title：甲\n  - file: b: c\n    title: 乙\n"
        "  - file: c.docx\n     title: 丙\n标题: 通知\n"
    )
    assert found(text) == [(3, 10, "S202"), (4, 12, "S212"), (7, 6, "S211")]


def test_the_message_names_the_key_and_both_lines() -> None:
    _, (problem,) = parse_yaml("标题: 1\n标题: 2\n", "content/a.yaml")
    assert problem.message() == '"标题" is written twice, first in line 1'
    _, (problem,) = parse_yaml("发布日期：2026-03-01\n", "content/a.yaml")
    assert problem.message() == 'after "发布日期" stands a full-width colon'


def test_the_first_of_duplicate_keys_counts() -> None:
    node, problems = parse_yaml("a: 1\na: 2\nb: 3\n", "content/a.yaml")
    assert [problem.code for problem in problems] == [codes.DUPLICATE_KEY.id]
    assert isinstance(node, Mapping)
    assert node.entries == (
        (Scalar("a", 1, 1), Scalar("1", 1, 4)),
        (Scalar("b", 3, 1), Scalar("3", 3, 4)),
    )


def saved(text: str) -> object:
    """What is saved of a faulty text: texts, or the types of other values."""
    node, problems = parse_yaml(text, "content/a.yaml")
    assert problems
    assert parse_yaml(text, "content/a.yaml", pure=True)[0] == node
    return None if node is None else plain(node)


def plain(node: Node) -> object:
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.text


class TestWhatIsSaved:
    """The other faults of a document are to be found in the same run, and no false ones."""

    @pytest.mark.parametrize(
        ("line", "value"),
        [
            ("标题：关于通知", "关于通知"),
            ("标题:关于通知", "关于通知"),
            ("标题: 通知: 关于", "通知: 关于"),
            ('标题: "关于通知', "关于通知"),
            ('标题: "一网"改革', '一网"改革'),
            ("标题: @通知", "@通知"),
            ("标题: [通知】", "[通知】"),
        ],
    )
    def test_the_value_that_seems_to_be_meant(self, line: str, value: str) -> None:
        assert saved(f"a: 1\n{line}\nb: 2\n") == {"a": "1", "标题": value, "b": "2"}

    def test_sound_entries_keep_their_places(self) -> None:
        node, _ = parse_yaml("a：1\nb: 2\n", "content/a.yaml", 5)
        assert isinstance(node, Mapping)
        assert node.entries == (
            (Scalar("a", 5, 1), Scalar("1", 5, 3)),
            (Scalar("b", 6, 1), Scalar("2", 6, 4)),
        )

    def test_entries_below_a_key_and_in_a_list(self) -> None:
        text = "附件:\n  - file: a.docx\n    title：甲\n  - file: b.docx\n审核:\n\t拟稿: 科员\n"
        assert saved(text) == {
            "附件": [{"file": "a.docx", "title": "甲"}, {"file": "b.docx"}],
            "审核": {"拟稿": "科员"},
        }

    def test_entries_that_yaml_takes_for_a_text(self) -> None:
        text = "联系方式:\n  电话：0999-86660001\n  地址：某路 1 号\n"
        assert saved(text) == {"联系方式": {"电话": "0999-86660001", "地址": "某路 1 号"}}

    def test_a_single_entry(self) -> None:
        assert saved("标题：测试\n") == {"标题": "测试"}

    @pytest.mark.parametrize("text", ["[a, b\n", "- a\n- @b\n", "  － x\n"])
    def test_nothing_of_a_text_that_is_no_mapping(self, text: str) -> None:
        assert saved(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "说明:\n  本办法分为：总则、分则，详见附件内容的说明文字部分\n",
        "网址:\n  https://xxgk.shifan.example/\n",
        "时间:\n  14:30开始\n",
        "引文:\n  ——摘自公告\n",
        "表: [{备注: 一，二}]\n",
        "表:\n  - {备注: 甲、乙}\n",
        "a: ['x，y']\n",
        "a: 1\n\t\nb: 2\n",
    ],
)
def test_healthy_texts_have_no_problems(text: str) -> None:
    assert found(text) == []


PIECES = st.sampled_from(
    ["标题", "a", ":", ": ", "：", "- ", "\n", "\n  ", "\n\t", "\n    ", '"', "'", "[", "]", "{",
     "}", ",", "，", "&x", "*x", "!", "|", ">", "%", "@", "`", "#", " #", "---\n", "...", "? ",
     "<<", "\\", "\r\n", "\r", "\u3000", "\ufeff", "\x00", "\u2028", "\x85", "\ud800", "𠀀",
     "~", "=", "1", "—"]
)  # fmt: skip


KEPT = re.compile(r"标题|[a𠀀]")  # what cannot vanish: it is a value, or it is a fault


@given(st.lists(PIECES, max_size=40).map("".join), st.booleans())
@example("- - - - :\n- : -", False)
@example("? ? ? :", True)
@example("a: |\n b\n", False)
def test_no_text_raises(text: str, pure: bool) -> None:
    node, problems = parse_yaml(text, "content/a.yaml", 3, pure)
    assert node is not None or problems or "#" in text or not KEPT.search(text)
    assert node is None or isinstance(node.line, int)
    assert problems == ordered(problems)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for problem in problems:
        assert problem.where is not None
        assert 3 <= (problem.where.line or 0) <= 3 + lines
        assert (problem.where.column or 0) >= 1


@given(st.text())
def test_no_arbitrary_text_raises(text: str) -> None:
    parse_yaml(text, "content/a.yaml")


@pytest.mark.parametrize(
    "text",
    ["a: 1\n" * 20_000, "- " * 20_000, "a：\n" * 5_000, "x: 'y\n" * 3_000, '"' * 30_001,
     "\t\n" * 30_000, "a:\n" + "  - [\n" * 3_000, "{a: " * 10_000, "a\n" * 10_000],
)  # fmt: skip
def test_large_faulty_texts_are_explained_in_time(text: str) -> None:
    parse_yaml(text, "content/a.yaml")
