"""Plain bodies, written down without the library: always what the library makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sitegen.render.markdown import Renderer
from sitegen.render.plainbody import plain_body

CONTENT = Path(__file__).parents[2] / "content"
LINES = (
    "一段文字，有“引号”。", "word 中文", "　　缩进的段落", "- 项", "- 项 **强**", "1. 一", "2. 二",
    "# 题", "## 1. 题", "### 题 ###", "#题", "## **强** [x](y)", "**强** 后 **二**", "**a****b**",
    "** a **", "[链接](a.md)", "前[链接](../b/c.md#题)后", "[x](http://a.example/b?c=d)", "[^1]",
    "[x]: y", "---", "===", "> 引", "    code", "  缩进", "* 项", "***x***", "a * b", "2026. 年",
    ": 义", "![图](a.png)", "!**x**", "[a](b)[c](d)", "[**a**](b)", "**[a](b)**", "(括号)", "a|b",
    "- a | b", "- # x", "- 1. x", "-", "1.", "　- x", "　# x", "- 　x", "x ", "a\tb", "&amp;",
    "{#x}", "[a](javascript:x)", "[a]( b )", "[ ](b)", "_a_", "`c`", "<b>x</b>", "\xa0x", "🎉",
    "\x02", "| a | 中 |\n| --- | ---: |\n| c | [x](a.md) |", "| a |\n| --- |\n| b |",
    "| a | b |\n|---|:-:|",
    "|甲|乙|\n|:--|:-:|\n|**丙**||\n|丁|戊|", "| a | b |\n| --- | --- |\n| c |", "| a | b |\n| c |",
)  # fmt: skip
GOOD = (*LINES[:8], "## 题\n", "\n第二段。", LINES[-6], LINES[-3], "**强** 后 [x](a.md)。")
ENDS = st.sampled_from(["\n", "\n\n", "\n\n", "\n\n\n"])
DIRECT, LIBRARY = Renderer(), Renderer(direct=False)


def assert_same(body: str) -> None:
    assert DIRECT.render(body, "xxgk/a.md", 7) == LIBRARY.render(body, "xxgk/a.md", 7)


def bodies(*choices: str) -> st.SearchStrategy[str]:
    lines = st.lists(st.builds(str.__add__, st.sampled_from(choices), ENDS), max_size=10)
    return lines.map("".join)


@settings(max_examples=300)
@given(bodies(*GOOD))
@example("- 一\n\n- 二\n- 三\n\n- 四\n\n1. 五\n\n- 六\n")
@example("# 一\n## 二\n第一行\n# 三\n# 二\n")
@example("# 一\n" * 3000)
def test_what_is_plain_renders_as_the_library_renders_it(body: str) -> None:
    assert_same(body)


@settings(max_examples=300)
@given(bodies(*LINES))
def test_any_lines_render_as_the_library_renders_them(body: str) -> None:
    assert_same(body)


@given(st.text("-#*[]()|:. 1a中\n!“\u3000='\"", max_size=40))
def test_any_signs_render_as_the_library_renders_them(body: str) -> None:
    assert_same(body)


def test_the_bodies_of_the_sample_content_render_the_same() -> None:
    texts = [path.read_text("utf-8") for path in sorted(CONTENT.rglob("*.md"))]
    parts = [text.split("\n---\n", 1)[-1] for text in texts]
    assert parts
    for body in parts:
        assert_same(body)


@pytest.mark.parametrize(
    "body",
    [
        "第一段。\n\n## 一、目的\n\n第二段，**注意**：见[附件](a/b.pdf)。\n",
        "- 一\n- 二\n\n1. 一\n2. 二\n",
        "| 项目 | 数量 |\n| --- | ---: |\n| 甲 | 1 |\n",
        "　　开头空两格。\n接着一行。\n",
    ],
)
def test_what_clerks_write_is_plain(body: str) -> None:
    assert plain_body(body, lambda text, taken: text) is not None
    assert_same(body)


@pytest.mark.parametrize("body", ["`代码`", "a & b", "<b>x</b>", "> 引文", "[^1]", "题 {#a}"])
def test_other_markup_is_left_to_the_library(body: str) -> None:
    assert plain_body(body, lambda text, taken: text) is None
