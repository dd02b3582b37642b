"""Bodies: right for Chinese, safe whatever the input, independent of each other."""

from __future__ import annotations

import re

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.render.markdown import Heading, Renderer
from sitegen.site.cards import LinkCard

PIECES = [
    *("<", ">", "script", "img", " onerror=", "svg", "style", "/", "a", "'", '"', "&#x6a;"),
    *("[", "](", ")", "javascript:", "*", "|", "-", "#", "{#x}", "{: onclick=x}", "!", "`"),
    *("[^1]", "[^1]: ", "    ", "> ", "\t", "\n", "中"),
]


def render(body: str, path: str = "xxgk/a.md", line: int = 1):
    return Renderer().render(body, path, line)


def html(body: str) -> str:
    return render(body)[0].html


def told(body: str, line: int = 1) -> list[str]:
    _, problems = render(body, line=line)
    return [f"{problem.where} {problem.code}" for problem in problems]


class TestChinese:
    @pytest.mark.parametrize(
        "text",
        [
            "支出**“三公”经费**共",
            "依据**《预算法》**规定",
            "**注意：**请携带",
            "**历经10年发展，**年",
        ],
    )
    def test_emphasis_next_to_punctuation(self, text: str) -> None:
        assert "**" not in html(text)
        assert "<strong>" in html(text)

    def test_a_line_break_between_han_characters_leaves_no_space(self) -> None:
        assert html("第一行\n第二行") == "<p>第一行第二行</p>"
        assert html("**第一行**\n第二行，\n“第三行”") == (
            "<p><strong>第一行</strong>第二行，“第三行”</p>"
        )

    def test_a_line_break_beside_latin_stays(self) -> None:
        assert html("word\n中文") == "<p>word\n中文</p>"

    def test_preformatted_text_keeps_its_lines(self) -> None:
        assert "第一行\n第二行" in html("    第一行\n    第二行")

    def test_underscores_between_han_characters_are_told(self) -> None:
        assert told("前文_重点_后文", line=7) == ["content/xxgk/a.md:7:3 R105"]
        assert told("文件名是 a_b_c.xlsx") == []


class TestHeadings:
    def test_ids_come_from_the_words(self) -> None:
        rendered, _ = render("## 一、总体情况\n\n## 附件\n\n## 附件\n\n### A b {#own}")
        assert rendered.headings == (
            Heading(2, "一总体情况", "一、总体情况"),
            Heading(2, "附件", "附件"),
            Heading(2, "附件-2", "附件"),
            Heading(3, "own", "A b"),
        )

    def test_a_text_that_begins_at_level_one_moves_down(self) -> None:
        assert [h.level for h in render("# 甲\n\n## 乙\n\n### 丙")[0].headings] == [2, 3, 4]

    def test_inserting_a_section_changes_no_other_id(self) -> None:
        before = {h.id for h in render("## 甲\n\n## 乙")[0].headings}
        after = {h.id for h in render("## 新\n\n## 甲\n\n## 乙")[0].headings}
        assert before < after


class TestLinks:
    def test_a_source_file_is_named_by_its_path_in_content(self) -> None:
        rendered, problems = render("见[公告](../gonggao/2026-03.md#附件)。", line=5)
        assert problems == ()
        assert 'href="sitegen:gonggao/2026-03.md#附件"' in rendered.html
        assert rendered.links == (LinkCard("gonggao/2026-03.md", "附件", (5, 7)),)

    @pytest.mark.parametrize(
        ("written", "target"),
        [
            ("/zcjd/x.md", "zcjd/x.md"),
            ("x.md", "xxgk/x.md"),
            ("./x.md?y=1", "xxgk/x.md"),
            ("%E8%AF%B4%E6%98%8E.pdf", "xxgk/说明.pdf"),
            ("../", ""),
        ],
    )
    def test_paths(self, written: str, target: str) -> None:
        assert render(f"[字]({written})")[0].links[0].target == target

    def test_a_fragment_alone_is_in_the_same_document(self) -> None:
        assert render("[字](#one)")[0].links == (LinkCard("xxgk/a.md", "one", (1, 5)),)

    def test_an_outside_link_is_marked(self) -> None:
        assert html("[字](https://a.example/)") == (
            '<p><a href="https://a.example/" rel="noopener noreferrer external">字</a></p>'
        )

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ("[字](javascript:alert(1))", "R101"),
            ("[字](JaVaScRiPt:alert(1))", "R101"),
            ("[字](file:///etc/passwd)", "R101"),
            ("![图](data:image/png;base64,xx)", "R101"),
            ("![图](https://evil.example/a.png)", "R108"),
            ("[字](../../x.md)", "R102"),
            ("[字](//evil.example/x)", "R102"),
            ("[字]()", "R107"),
            ("![](/a.png)", "R104"),
            ("<script>alert(1)</script>", "R103"),
            ("<iframe src='/x'></iframe>", "R103"),
        ],
    )
    def test_bad_ones_are_told(self, body: str, code: str) -> None:
        (place_and_code,) = told("前言\n\n" + body)
        place, _, found = place_and_code.rpartition(" ")
        assert found == code
        assert place.startswith("content/xxgk/a.md:3:")


class TestSafety:
    @given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
    @settings(max_examples=300, deadline=None)
    def test_any_text_renders_without_scripts(self, body: str) -> None:
        rendered, _ = render(body)
        self.check(rendered.html)

    @given(st.lists(st.sampled_from(PIECES), max_size=40))
    @settings(max_examples=400, deadline=None)
    def test_any_markup_renders_without_scripts(self, pieces: list[str]) -> None:
        rendered, _ = render("".join(pieces))
        self.check(rendered.html)

    def check(self, text: str) -> None:
        tree = html5lib.parse(text, namespaceHTMLElements=False)
        for element in tree.iter():
            assert element.tag not in ("script", "style", "iframe", "object", "svg", "base", "form")
            for name, value in element.attrib.items():
                assert not name.startswith("on")
                assert name != "style"
                if name in ("href", "src"):
                    scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", value, re.IGNORECASE)
                    allowed = {"http", "https", "mailto", "tel", "sitegen"}
                    assert scheme is None or scheme[1].lower() in allowed

    def test_deep_nesting_is_a_problem_not_a_crash(self) -> None:
        _, problems = render("> " * 3000 + "x")
        assert [problem.code for problem in problems] in ([], ["R106"])


class TestIndependence:
    def test_nothing_of_one_body_reaches_the_next(self) -> None:
        renderer = Renderer()
        renderer.render("[甲]: https://a.example/\n\n[^1]: 注\n\n*[HTML]: x\n\n字[^1]", "a.md")
        after, _ = renderer.render("[甲] 字[^1] HTML", "b.md")
        assert after == render("[甲] 字[^1] HTML", "b.md")[0]
        assert "a.example" not in after.html

    def test_words_of_its_own_follow_the_language(self) -> None:
        body = "字[^1]\n\n[^1]: 注\n\n|a|\n|-|\n|1|"
        assert "返回" in Renderer("zh-CN").render(body, "a.md")[0].html
        english = Renderer("en").render(body, "a.md")[0].html
        assert "Back to note 1" in english
        assert "Table 1" in english


def test_tables_keep_their_alignment_without_style() -> None:
    text = html("| 甲 | 乙 |\n|---|---:|\n| 1 | 2 |")
    assert '<td class="align-right">2</td>' in text
    assert "style" not in text


def test_the_summary_is_plain_text() -> None:
    assert (
        render("## 一\n\n依据**《法》**\n规定 &amp; 办理。")[0].text == "一 依据《法》规定 & 办理。"
    )
