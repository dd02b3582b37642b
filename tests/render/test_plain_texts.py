"""Texts that the inline pass is spared of: the result is that of the library without the shortcut.

Tried on bodies made of the signs that Markdown knows, and on every body of the sample content.
"""

from __future__ import annotations

from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st
from markdown import Markdown

from sitegen.render.markdownlibrary import Library

CONTENT = Path(__file__).parents[2] / "content"
PIECES = (
    "一段文字",
    "word",
    " ",
    "  \n",
    "\n",
    "\n\n",
    "*",
    "**",
    "_",
    "`",
    "```\n",
    "[a](b.md)",
    "![图](a.png)",
    "[^1]",
    "\n\n[^1]: 注\n",
    "<b>",
    "</b>",
    "&amp;",
    "&",
    "\\",
    "\\*",
    "<https://a.example>",
    "# 题\n",
    "- 项\n",
    "1. 项\n",
    "| a | b |\n| --- | --- |\n| c | `d|` |\n",
    "{: .x }",
    "{#id}",
    "*[HTML]: 超文本\n",
    "HTML",
    "词\n: 义\n",
    "> ",
    "    ",
    "!",
    "]",
    "[",
    "(",
    ")",
    "\x02",
    "\x03",
    "a@b.example",
    "<",
    ">",
)


def fast() -> Markdown:
    """The renderer's Markdown."""
    return Library("返回", lambda text, taken: text)._markdown


def stock() -> Markdown:
    """The renderer's Markdown without the shortcut."""
    made = fast()
    made.treeprocessors.deregister("sitegen-plain")
    made.treeprocessors.deregister("sitegen-plain-again")
    return made


FAST, STOCK = fast(), stock()


def both(body: str) -> tuple[str, str]:
    return FAST.reset().convert(body), STOCK.reset().convert(body)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@example("第一行  \n第二行")
@example("*[HTML]: 超文本\n\nHTML 文件")
@example("| a | b |\n| --- | --- |\n| c | `d|` |\n")
def test_any_mixture_of_signs_renders_the_same(body: str) -> None:
    fast, slow = both(body)
    assert fast == slow


@given(st.text(max_size=200))
def test_any_text_renders_the_same(body: str) -> None:
    fast, slow = both(body)
    assert fast == slow


def test_the_bodies_of_the_sample_content_render_the_same() -> None:
    bodies = [path.read_text(encoding="utf-8") for path in sorted(CONTENT.rglob("*.md"))]
    assert bodies
    for body in bodies:
        fast, slow = both(body)
        assert fast == slow
