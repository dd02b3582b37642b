"""YAML to located nodes: what is right is kept as written, and found where it stands."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.source.nodes import Mapping, Node, Scalar, Sequence
from sitegen.source.yamlnodes import parse_yaml


def nodes(text: str, first_line: int = 1) -> Node | None:
    """The nodes of a text that has no faults, the same from both parsers."""
    node, problems = parse_yaml(text, "content/a.yaml", first_line)
    assert problems == ()
    assert parse_yaml(text, "content/a.yaml", first_line, pure=True) == (node, ())
    return node


def value(text: str, key: str) -> Node:
    node = nodes(text)
    assert isinstance(node, Mapping)
    found = node.get(key)
    assert found is not None
    return found


class TestScalars:
    """A scalar is its source text; nothing is guessed."""

    @pytest.mark.parametrize(
        "text", ["007", "12.10", "NO", "on", "12:30", "1e3", "0x1F", "=", "null", "~", "2026-02-30"]
    )
    def test_texts_that_look_like_something_else_stay_as_written(self, text: str) -> None:
        assert value(f"a: {text}\n", "a") == Scalar(text, 1, 4, "plain")

    def test_eighteen_digits_stay_exact(self) -> None:
        assert value("a: 110101199003070000\n", "a") == Scalar("110101199003070000", 1, 4)

    def test_quoted_text_loses_its_quotes(self) -> None:
        assert value("a: '重要: 通知'\n", "a") == Scalar("重要: 通知", 1, 4, "quoted")
        assert value('a: "x\\ny"\n', "a") == Scalar("x\ny", 1, 4, "quoted")
        assert value("a: ''\n", "a") == Scalar("", 1, 4, "quoted")

    def test_nothing_written_is_told_from_an_empty_text(self) -> None:
        assert value("a:\nb: 1\n", "a") == Scalar("", 1, 3, "none")

    def test_a_comment_is_no_value(self) -> None:
        empty = value("a: # later\n", "a")
        assert isinstance(empty, Scalar)
        assert (empty.text, empty.style) == ("", "none")

    def test_columns_count_characters(self) -> None:
        assert value("标题: 通知\n", "标题") == Scalar("通知", 1, 5)
        assert value("{𠀀: 1, b: 2}\n", "b") == Scalar("2", 1, 11)

    def test_a_full_width_colon_inside_a_value_is_text(self) -> None:
        assert value("说明: 注意：请携带证件\n", "说明") == Scalar("注意：请携带证件", 1, 5)

    def test_a_plain_text_may_go_on_below(self) -> None:
        assert value("a: x\n  y，见附件\n", "a") == Scalar("x y，见附件", 1, 4)


class TestBlockScalars:
    """A block scalar is placed at its first line, so that its own lines can be located."""

    def test_place_is_the_first_content_character(self) -> None:
        assert value("a: 1\nb: |\n  x\n  y\n", "b") == Scalar("x\ny\n", 3, 3, "block")

    def test_blank_lines_before_the_content_count(self) -> None:
        assert value("b: |\n\n\n    x\n", "b") == Scalar("\n\nx\n", 2, 5, "block")

    def test_an_explicit_indentation_leaves_spaces_in_the_text(self) -> None:
        assert value("b: |2\n    x\n", "b") == Scalar("  x\n", 2, 3, "block")

    def test_nothing_inside_is_a_fault(self) -> None:
        text = "b: |\n  标题：x\n  \tq\n  & * ! @ `\n  — y\n"
        assert value(text, "b") == Scalar("标题：x\n\tq\n& * ! @ `\n— y\n", 2, 3, "block")

    def test_folded(self) -> None:
        assert value("b: >-\n  x\n  y\n", "b") == Scalar("x y", 2, 3, "block")

    def test_empty(self) -> None:
        assert value("b: |\nc: 1\n", "b") == Scalar("", 2, 1, "block")


class TestCollections:
    def test_lists_and_mappings_know_their_places(self) -> None:
        assert nodes("a:\n  - x\n  - b: [1, 2]\n") == Mapping(
            (
                (
                    Scalar("a", 1, 1),
                    Sequence(
                        (
                            Scalar("x", 2, 5),
                            Mapping(
                                (
                                    (
                                        Scalar("b", 3, 5),
                                        Sequence((Scalar("1", 3, 9), Scalar("2", 3, 12)), 3, 8),
                                    ),
                                ),
                                3,
                                5,
                            ),
                        ),
                        2,
                        3,
                    ),
                ),
            ),
            1,
            1,
        )

    def test_a_list_may_stand_under_its_key(self) -> None:
        assert value("a:\n- x\nb: 1\n", "a") == Sequence((Scalar("x", 2, 3),), 2, 1)

    def test_quotes_and_brackets_may_close_further_down(self) -> None:
        text = 'a: "x\ny"\nb: [1,\n2]\nc: 3\n'
        node = nodes(text)
        assert isinstance(node, Mapping)
        assert [key.text for key, _ in node.entries] == ["a", "b", "c"]

    def test_thirty_levels_are_allowed(self) -> None:
        assert isinstance(nodes("[" * 30 + "]" * 30), Sequence)


class TestWholeTexts:
    @pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "---\n", "\n---\n# x\n"])
    def test_nothing_written_is_none(self, text: str) -> None:
        assert nodes(text) is None

    def test_a_leading_document_marker_is_allowed(self) -> None:
        assert value("---\na: 1\n", "a") == Scalar("1", 2, 4)

    def test_the_top_level_is_left_to_the_caller(self) -> None:
        assert nodes("- a\n") == Sequence((Scalar("a", 1, 3),), 1, 1)
        assert nodes("a text\n") == Scalar("a text", 1, 1)

    def test_lines_count_from_the_first_line_given(self) -> None:
        assert nodes("a: 1\nb: |\n  x\n", first_line=2) == Mapping(
            (
                (Scalar("a", 2, 1), Scalar("1", 2, 4)),
                (Scalar("b", 3, 1), Scalar("x\n", 4, 3, "block")),
            ),
            2,
            1,
        )

    def test_line_ends_do_not_matter(self) -> None:
        text = "a: 1\nb:\n  - c\nd: |\n  x\n  y\n"
        assert nodes(text.replace("\n", "\r\n")) == nodes(text)
        assert nodes(text.replace("\n", "\r")) == nodes(text)


WORDS = st.text(
    st.sampled_from(
        string.ascii_letters + "标题发布日期〔〕（）·，。：“”—－ 0123456789-._/#'\"[]{}&*!|>%@`"
    ),
    max_size=12,
)
KEYS = st.text(st.sampled_from("abcxyz标题发布日期_"), min_size=1, max_size=6)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def written(tree: object, level: int = 0) -> str:
    """YAML of nested lists, mappings and texts, one entry a line."""
    pad = "  " * level
    if isinstance(tree, dict):
        return "".join(f"{pad}{key}:{below(child, level)}" for key, child in tree.items())
    assert isinstance(tree, list)
    return "".join(f"{pad}-{below(child, level)}" for child in tree)


def below(tree: object, level: int) -> str:
    if isinstance(tree, str):
        return f" {quoted(tree)}\n"
    if not tree:
        return " {}\n" if isinstance(tree, dict) else " []\n"
    return "\n" + written(tree, level + 1)


def plain(node: Node | None) -> object:
    """The nodes as lists, mappings and texts."""
    if isinstance(node, Mapping):
        return {key.text: plain(child) for key, child in node.entries}
    if isinstance(node, Sequence):
        return [plain(child) for child in node.items]
    assert node is not None
    return node.text


def scalars(node: Node) -> list[Scalar]:
    if isinstance(node, Mapping):
        return [s for key, child in node.entries for s in (key, *scalars(child))]
    if isinstance(node, Sequence):
        return [s for child in node.items for s in scalars(child)]
    return [node]


TREES = st.dictionaries(
    KEYS,
    st.recursive(
        WORDS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
        max_leaves=12,
    ),
    min_size=1,
    max_size=5,
)


@given(TREES)
def test_what_is_written_is_read_and_stands_where_it_says(tree: dict[str, object]) -> None:
    text = written(tree)
    node = nodes(text)
    assert node is not None
    assert plain(node) == tree
    lines = text.split("\n")
    for scalar in scalars(node):
        source = lines[scalar.line - 1][scalar.column - 1 :]
        shown = quoted(scalar.text) if scalar.style == "quoted" else scalar.text
        assert source.startswith(shown)


@given(WORDS.filter(lambda text: text.strip(" ")))
def test_a_block_scalar_says_where_each_line_is(word: str) -> None:
    text = f"a:\n  b: |\n    {word.strip()}\n\n    end\n"
    node = nodes(text)
    assert isinstance(node, Mapping)
    inner = node.get("a")
    assert isinstance(inner, Mapping)
    block = inner.get("b")
    assert isinstance(block, Scalar)
    for offset, line in enumerate(block.text.rstrip("\n").split("\n")):
        source = text.split("\n")[block.line - 1 + offset]
        assert source[block.column - 1 :] == line
