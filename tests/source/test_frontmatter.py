"""Front matter and body, each with the line on which it begins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.source.frontmatter import FrontMatter, split_front_matter


def parts(text: str) -> FrontMatter:
    front, problems = split_front_matter(text, "content/a.md")
    assert problems == ()
    assert front is not None
    return front


def fault(text: str) -> tuple[str, str]:
    front, (problem,) = split_front_matter(text, "content/a.md")
    assert front is None
    return str(problem.where), problem.code


class TestSplitting:
    def test_fields_and_body(self) -> None:
        text = "---\n标题: 通知\n---\n\n正文\n"
        assert parts(text) == FrontMatter("标题: 通知\n", 2, "\n正文\n", 4)

    def test_no_body(self) -> None:
        assert parts("---\na: 1\n---") == FrontMatter("a: 1\n", 2, "", 4)

    def test_no_fields(self) -> None:
        assert parts("---\n---\nbody") == FrontMatter("", 2, "body", 3)

    def test_blanks_after_a_fence_do_not_matter(self) -> None:
        assert parts("--- \na: 1\n---\t\nbody") == FrontMatter("a: 1\n", 2, "body", 4)

    def test_a_rule_in_the_body_stays(self) -> None:
        assert parts("---\na: 1\n---\nx\n\n---\n\ny\n").body == "x\n\n---\n\ny\n"

    def test_hyphens_inside_the_fields_are_no_fence(self) -> None:
        text = "---\na: |\n  ---\n  x\nb: ---x\n---\n"
        assert parts(text).yaml == "a: |\n  ---\n  x\nb: ---x\n"

    @given(st.lists(st.sampled_from(["a: 1", "", "# x", "  - y"])), st.text())
    def test_the_lines_are_those_of_the_file(self, fields: list[str], body: str) -> None:
        text = "\n".join(["---", *fields, "---", body])
        front = parts(text)
        assert front.body == body
        assert front.yaml.split("\n")[:-1] == fields
        lines = text.split("\n")
        assert lines[front.body_line - 1] == body.split("\n")[0]
        assert not fields or lines[front.yaml_line - 1] == fields[0]


class TestFaults:
    @pytest.mark.parametrize("text", ["", "标题: 通知\n", "# 通知\n", "\n---\na: 1\n---\n"])
    def test_no_opening_fence(self, text: str) -> None:
        assert fault(text) == ("content/a.md:1:1", "S301")

    @pytest.mark.parametrize("fence", ["———", "——", "—", "－－－", "--", "----", " ---", "一一一"])
    def test_wrong_opening_fence(self, fence: str) -> None:
        assert fault(f"{fence}\na: 1\n---\n") == ("content/a.md:1:1", "S303")

    @pytest.mark.parametrize("fence", ["———", "——", "－－－", "--", "----", "---　"])
    def test_wrong_closing_fence(self, fence: str) -> None:
        assert fault(f"---\na: 1\n{fence}\n正文\n") == ("content/a.md:3:1", "S303")

    def test_an_indented_closing_fence(self) -> None:
        assert fault("---\na: 1\n  ---\n正文\n") == ("content/a.md:3:3", "S303")

    def test_the_body_begins_without_a_fence(self) -> None:
        text = "---\n标题: 通知\n附件:\n  - a.docx\n\n各单位：\n正文\n"
        assert fault(text.replace("各单位：", "各有关单位应当认真贯彻执行")) == (
            "content/a.md:6:1",
            "S302",
        )
        assert fault("---\na: 1\n\n## 一、总则\n") == ("content/a.md:4:1", "S302")

    def test_nothing_follows_the_fields(self) -> None:
        assert fault("---\na: 1\nb: 2\n") == ("content/a.md:4:1", "S302")
        assert fault("---") == ("content/a.md:2:1", "S302")


@given(
    st.lists(st.sampled_from(["---", "—", "-", "a: 1", "\n", "\n", "# x", "　", "一"])).map("".join)
)
def test_no_text_raises(text: str) -> None:
    front, problems = split_front_matter(text, "content/a.md")
    assert (front is None) == bool(problems)
