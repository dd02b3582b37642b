"""Links in bodies lead somewhere."""

from __future__ import annotations

from typing import Any

from making import card, day, made

from sitegen.site.cards import ColumnCard, LinkCard


def problems_of(*links: LinkCard, **values: Any) -> list[str]:
    cards = [
        card("news/a.md", links=links, anchors=("一、范围",), **values),
        card("news/b.md", title="乙", anchors=("附件", "联系方式")),
        card("news/draft.md", title="草稿", draft=True),
        card("news/later.md", "2027-01-01", title="以后"),
        card("news/x/c.md", title="丙"),
    ]
    files = [link.target for link in links if link.target.endswith((".png", ".txt"))]
    return made(cards, content=files)[1]


def test_documents_columns_files_and_headings_are_found() -> None:
    links = (
        LinkCard("news/b.md"), LinkCard("news/b.md", "附件"), LinkCard("news/a.md", "一、范围"),
        LinkCard("news"), LinkCard("news/"), LinkCard("news/_column.yaml"), LinkCard(""),
        LinkCard("news/p.png"), LinkCard("news/x/c.md"),
    )  # fmt: skip
    assert problems_of(*links) == []


def test_a_broken_link_names_the_nearest_source() -> None:
    cards = [card("news/a.md", links=(LinkCard("news/c.md", mark=(9, 4)),)), card("news/x/c.md")]
    problems = made(cards)[1]
    assert problems == [
        'content/news/a.md:9:4 A301: the link leads to "news/c.md", which does not exist'
    ]


def test_links_to_what_is_not_published_are_errors_and_to_what_will_be_warnings() -> None:
    assert problems_of(LinkCard("news/draft.md", mark=(9, 4)), LinkCard("news/later.md")) == [
        'content/news/a.md:1:1 A304 warning: the link leads to "以后", which is published only on '
        "2027-01-01; until then it is no link",
        'content/news/a.md:9:4 A302: the link leads to "草稿", which is not published '
        "(draft: true)",
    ]


def test_a_missing_heading_is_an_error() -> None:
    assert problems_of(LinkCard("news/b.md", "附件1", (9, 4))) == [
        'content/news/a.md:9:4 A303: there is no heading "#附件1" in "乙"'
    ]


def test_sources_are_not_linked_as_files() -> None:
    assert problems_of(LinkCard("news/_x.txt", mark=(9, 4))) == [
        'content/news/a.md:9:4 A204: "news/_x.txt" is a source of the site and cannot be offered '
        "for download"
    ]


def test_a_drafts_broken_link_is_a_warning() -> None:
    lines = problems_of(LinkCard("nowhere.md", mark=(9, 4)), draft=True)
    assert lines == [
        'content/news/a.md:9:4 A301 warning: the link leads to "nowhere.md", which does not exist'
    ]


def test_a_link_between_two_left_out_documents_is_nobodys_business() -> None:
    assert problems_of(LinkCard("news/later.md"), draft=True) == []


def test_hints_are_paths_as_one_would_write_them() -> None:
    from sitegen.site.nearby import Nearby

    nearby = Nearby(["a/b/notice.md", "a/guide.md", "x/guide-2.md"])
    assert nearby.hint("a/notice.md", "a/z.md") == " (b/notice.md?)"
    assert nearby.hint("a/giude.md", "x/y.md") == " (../a/guide.md?)"
    assert nearby.hint("zzz/qqq.pdf", "x/y.md") == ""


def test_the_hint_knows_where_a_file_was_moved() -> None:
    from sitegen.site.nearby import Nearby
    from sitegen.source.history import History, Touch, Trail

    moved = Touch("c", day("2026-03-01"), "moved", "new/other.md", "news/b.md")
    history = History(present=True, files={"new/other.md": Trail("new/other.md", (moved,))})
    nearby = Nearby(["new/other.md", "x/b.md"], history)
    assert nearby.hint("news/b.md", "news/a.md") == " (../new/other.md?)"
    assert Nearby(["x/b.md"], history).hint("news/b.md", "news/a.md") == " (../x/b.md?)"


def test_a_column_that_could_not_be_read_is_there_all_the_same() -> None:
    cards = [card("坏栏目/a.md"), card("news/b.md", links=(LinkCard("坏栏目"),))]
    columns = [ColumnCard("news", "公告", owner="办公室", update_rule="on_event")]
    content = ["坏栏目/_column.yaml", "坏栏目/a.md", "news/b.md"]
    assert made(cards, columns, content=content)[1] == []
