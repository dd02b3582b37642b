"""Plain YAML without a parser: never anything else than the parser would give."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sitegen.source.nodes import Mapping
from sitegen.source.plainyaml import plain_nodes
from sitegen.source.yamlevents import Composer

LINES = (
    "a:", "b: 1", "标题: 通知 一", "c: 8:30", "https: //x", "d: 'x'", 'e: "x y"', "f: |", "g: >",
    "h: [x, y, 2026-01-01]", "i: {a: 1, b: x}", 'j: {a: [x], b: "，", c: {d: e}}', "k: [x， y]",
    "l: [、x]", "m: [{a: b}, [c], d]", "n: -5.0", "o: - x", "p: x # y", "q: x#y", "r：x", "s :x",
    "“三公”经费: 0.00", "<<: x", "t: &x y", "u: *x", "v: !x y", "w: /x/y.md", "x: ...", "y: {a: 1,",
    "z: [a: b]", "{a: b}", "[a]", "text", "text: and: more", "more\tthan", "", " ", "# note", "---",
    "...", "%YAML 1.2", "? a", "b:", "b: [a, a]", "i: {a: 1, a: 2}", "i: {a: 1 }", "a: b ", "-",
)  # fmt: skip
MARGINS = st.sampled_from(["", "", "", "  ", "  ", "    ", "   ", " "])
DASHES = st.sampled_from(["", "", "- ", "-  ", "- - "])
TEXTS = st.builds(
    lambda lines, end: "\n".join(lines) + end,
    st.lists(st.builds(lambda *parts: "".join(parts), MARGINS, DASHES, st.sampled_from(LINES))),
    st.sampled_from(["", "\n", "\n\n"]),
)
SIGNS = st.text(" \n-:#[]{},\"'|a中，？", max_size=30)


def assert_same(text: str) -> None:
    """Where anything is returned, it is what the events of YAML give, without problems."""
    plain = plain_nodes(text, 3)
    if plain is not None:
        composer = Composer(text, "content/a.yaml", 3)
        assert plain == composer.compose()
        assert composer.problems == []


@settings(max_examples=400)
@given(TEXTS)
@example("a:\n  - b: |\n      x\n\n       y\n\n    c: 1\n  -  d: {e: f}\ng:\n- h\n- i:\nj: k")
@example("a: |\n  x")
@example("a: |\n  x\n# y\n")
@example("a:\n  b:\n c: 1\n")
def test_lines_of_all_sorts_are_read_as_yaml_reads_them(text: str) -> None:
    assert_same(text)


@given(st.sampled_from(["a: ", "a:\n  - ", "a: {b: ", "a: [", ""]), SIGNS)
def test_signs_of_all_sorts_are_read_as_yaml_reads_them(start: str, text: str) -> None:
    assert_same(start + text)


@pytest.mark.parametrize(
    "text",
    [
        "标题: 通知\n关键词: [规划, 公示]\n联系方式: {联系人: 办公室, 联系电话: 0999-86660033}\n",
        "许可决定:\n  - {文书号: 示审许〔2026〕1号, 附图: [a.png]}\n  - 文书号: 二\n    备注:\n",
        "正文: |\n  第一段。\n\n  第二段。\n来源: 本站\n",
        "字段: [{序号: integer}, 名称, {name: rate, title: 比例, unit: \"%\"}]\n",
        "相关: ../2026/a.md\n网址: https://xxgk.shifan.example/a\n",
    ],
)  # fmt: skip
def test_what_clerks_write_is_plain(text: str) -> None:
    assert isinstance(plain_nodes(text), Mapping)
    assert_same(text)


def test_deep_brackets_are_left_to_yaml() -> None:
    assert plain_nodes("a: " + "[" * 40 + "b" + "]" * 40) is None
    assert plain_nodes("\n".join("  " * depth + "a:" for depth in range(40))) is None


@pytest.mark.parametrize("text", ["", "\n", "text", "- a\n", "a: 1\na: 2\n", "a: b\n  c: d\n"])
def test_what_is_no_plain_mapping_is_left_to_yaml(text: str) -> None:
    assert plain_nodes(text) is None
