"""Columns: the tree, what is inherited, archived and merged ones, their lists."""

from __future__ import annotations

from making import KEPT, NEWS, card, day, made

from sitegen.config import Settings
from sitegen.site.cards import ColumnCard


def test_folders_with_a_column_file_nest_and_others_only_group() -> None:
    columns = [ColumnCard("a", "甲", **KEPT), ColumnCard("a/x/b", "乙")]
    site, problems = made([card("a/2026/one.md"), card("a/x/b/c/two.md")], columns)
    assert problems == []
    assert site.columns[""].children == ("a",)
    assert site.columns["a"].children == ("a/x/b",)
    assert site.columns["a/x/b"].parent == "a"
    assert site.columns["a/x/b"].address == "a/x/b/"
    assert site.columns["a"].documents == ("a/2026/one.md",)
    assert site.entries["a/x/b/c/two.md"].column == "a/x/b"
    assert site.entries["a/x/b/c/two.md"].address == "a/x/b/c/two.html"


def test_the_root_takes_its_name_from_the_settings() -> None:
    site, _ = made([card("one.md")], [], settings=Settings("示范经济开发区"))
    assert (site.columns[""].name, site.columns[""].address) == ("示范经济开发区", "")
    assert site.columns[""].documents == ("one.md",)


def test_owner_rule_type_and_class_are_inherited() -> None:
    top = ColumnCard("a", "甲", type="政策文件", a20_class="a20_01", **KEPT)
    site, problems = made([card("a/b/one.md")], [top, ColumnCard("a/b", "乙")])
    below = site.columns["a/b"]
    assert [p for p in problems if "A801" not in p] == []
    assert (below.owner, below.update_rule, below.type, below.a20_class) == (
        "办公室",
        "on_event",
        "政策文件",
        "a20_01",
    )


def test_order_is_by_order_then_pinyin_with_the_standard_blocks_first_in_their_order() -> None:
    columns = [
        ColumnCard("a", "长者", order=1),
        ColumnCard("b", "安全", order=1),
        ColumnCard("c", "年报", block="reports", order=0),
        ColumnCard("d", "内容", block="content", order=9),
        ColumnCard("e", "指南", block="guide", order=9),
        ColumnCard("f", "制度", block="rules", order=5),
        ColumnCard("g", "办事", order=1),
        ColumnCard("h", "要闻", order=0),
    ]
    site, _ = made([], columns)
    names = [site.columns[path].name for path in site.columns[""].children]
    assert names == ["指南", "制度", "内容", "年报", "要闻", "安全", "办事", "长者"]


def test_one_standard_block_twice_is_an_error() -> None:
    columns = [
        ColumnCard("a", "甲", block="guide"),
        ColumnCard("b", "乙", block="guide", marks={"block": (3, 8)}),
    ]
    _, problems = made([], columns)
    assert problems == [
        'content/b/_column.yaml:3:8 A007: the columns "乙" and "甲" claim the same standard block '
        '"guide"'
    ]


def test_a_column_with_documents_needs_an_owner_and_an_update_rule() -> None:
    columns = [ColumnCard("a", "甲", marks={"name": (1, 7)}), ColumnCard("b", "乙")]
    _, problems = made([card("a/one.md")], columns)
    assert problems == [
        'content/a/_column.yaml:1:7 A005 warning: the column "甲" does not say how it is kept up '
        "to date",
        'content/a/_column.yaml:1:7 A006 warning: the column "甲" does not say who keeps it up to '
        "date",
    ]


def test_the_kind_of_a_column_must_exist() -> None:
    columns = [
        ColumnCard("a", "甲", kind="polcy", marks={"kind": (2, 7)}),
        ColumnCard("b", "乙", kind="policy"),
    ]
    assert made([], columns)[1] == [
        'content/a/_column.yaml:2:7 A008: the column "甲": there is no kind "polcy"'
    ]


def test_an_archived_column_stays_reachable_and_leaves_navigation() -> None:
    archived = ColumnCard(
        "a", "甲", status="archived", archived_on=day("2025-01-01"), archived_reason="机构改革"
    )
    site, problems = made([card("a/one.md")], [archived])
    assert problems == []
    assert site.columns["a"].hidden
    assert site.columns["a"].documents == ("a/one.md",)
    assert site.columns[""].children == ("a",)


def test_a_column_is_active_until_the_day_of_its_archiving() -> None:
    archived = ColumnCard(
        "a", "甲", status="archived", archived_on=day("2025-01-01"), archived_reason="机构改革"
    )
    site, _ = made([], [archived], as_of=day("2024-12-31"))
    assert (site.columns["a"].status, site.columns["a"].hidden) == ("active", False)
    site, _ = made([], [archived], as_of=day("2025-01-01"))
    assert (site.columns["a"].status, site.columns["a"].hidden) == ("archived", True)


def test_an_archived_column_says_when_and_why() -> None:
    archived = ColumnCard("a", "甲", status="archived", marks={"status": (4, 9)})
    _, problems = made([], [archived])
    assert problems == [
        'content/a/_column.yaml:4:9 A004 warning: the column "甲" is archived, but does not say '
        "归档日期、归档原因"
    ]


def test_a_merged_column_redirects_and_its_documents_keep_their_addresses() -> None:
    columns = [
        ColumnCard("a", "甲", status="merged", merged_into="b"),
        ColumnCard("b", "乙", status="merged", merged_into="c/d"),
        ColumnCard("c", "丙", **KEPT),
        ColumnCard("c/d", "丁"),
        ColumnCard("a/e", "戊"),
    ]
    site, problems = made([card("a/one.md", "2026-01-01"), card("c/d/two.md")], columns)
    assert problems == []
    assert [(r.address, r.target, r.title) for r in site.redirects] == [
        ("a/index.html", "c/d/index.html", "丁"),
        ("b/index.html", "c/d/index.html", "丁"),
    ]
    assert site.columns["c/d"].documents == ("c/d/two.md", "a/one.md")
    assert site.columns["a"].documents == ()
    assert site.columns["a"].merged_into == "c/d"
    assert site.entries["a/one.md"].address == "a/one.html"
    assert site.entries["a/one.md"].column == "c/d"
    assert site.columns["a/e"].parent == "c/d"
    assert site.columns["c/d"].children == ("a/e",)
    assert site.columns[""].children == ("c",)


def test_a_column_merged_into_one_below_itself_makes_no_circle() -> None:
    columns = [
        ColumnCard("a", "甲", status="merged", merged_into="a/b/c"),
        ColumnCard("a/b", "乙"),
        ColumnCard("a/b/c", "丙"),
    ]
    site, problems = made([], columns)
    assert problems == []
    for path in site.columns:
        seen = []
        at: str | None = path
        while at is not None:
            assert at not in seen
            seen.append(at)
            at = site.columns[at].parent


def test_faulty_mergers_are_told_once() -> None:
    columns = [
        ColumnCard("a", "甲", status="merged", merged_into="b"),
        ColumnCard("b", "乙", status="merged", merged_into="a"),
        ColumnCard("c", "丙", status="merged"),
        ColumnCard(
            "tzgg", "公告", status="merged", merged_into="tzg", marks={"merged_into": (5, 1)}
        ),
        ColumnCard("tzga", "公告"),
    ]
    _, problems = made([], columns)
    assert problems == [
        "content/a/_column.yaml:1:1 A003: columns are merged in a circle: a → b → a",
        'content/c/_column.yaml:1:1 A001: the column "丙" is merged, but does not say into which',
        'content/tzgg/_column.yaml:5:1 A002: the column "公告" is merged into "tzg", which is not '
        "a column",
    ]


def test_lists_are_newest_first_and_neighbours_follow_them() -> None:
    cards = [
        card("news/a.md", "2026-01-01", title="乙"),
        card("news/b.md", "2026-03-01", title="甲"),
        card("news/c.md", "2026-01-01", title="安"),
        card("news/d.md", "2026-01-01", title="最", order=-1),
    ]
    site, _ = made(cards)
    assert site.columns["news"].documents == ("news/b.md", "news/d.md", "news/c.md", "news/a.md")
    middle = site.entries["news/d.md"]
    assert (middle.newer, middle.older) == ("news/b.md", "news/c.md")
    assert site.entries["news/b.md"].newer is None
    assert site.entries["news/a.md"].older is None


def test_a_list_may_follow_order() -> None:
    columns = [ColumnCard("a", "甲", sort="order", **KEPT)]
    cards = [card("a/x.md", "2026-01-01", order=2), card("a/y.md", "2026-02-01", order=10)]
    site, _ = made([*cards, card("a/z.md", "2025-01-01", order=1)], columns)
    assert site.columns["a"].documents == ("a/z.md", "a/x.md", "a/y.md")


def test_page_size_falls_back_to_the_settings() -> None:
    columns = [NEWS, ColumnCard("a", "甲", page_size=5)]
    site, _ = made([], columns, settings=Settings("示范", page_size=30))
    assert (site.columns["news"].page_size, site.columns["a"].page_size) == (30, 5)


def test_the_order_of_what_is_given_changes_nothing() -> None:
    columns = [NEWS, ColumnCard("a", "甲", **KEPT)]
    cards = [card(f"news/{n}.md", title="同") for n in range(9)]
    assert made(cards, columns) == made(cards[::-1], columns[::-1])


def test_a_folder_without_a_column_file_is_told_once() -> None:
    cards = [card("gonggao/a.md"), card("gonggao/2026/b.md"), card("news/c.md"), card("d.md")]
    assert made(cards)[1] == [
        'content/gonggao A009 warning: the folder "gonggao" is no column: '
        "no list shows its documents"
    ]
