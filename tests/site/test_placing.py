"""Addresses: from paths, legal, stable, and no two things the same one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import KEPT, NEWS, card, made

from sitegen.site.cards import AttachmentCard, ColumnCard, TableCard
from sitegen.site.slugs import legal, propose, reserved

NAMES = st.text("abcXY-_019.中文é（ ", min_size=1, max_size=6)


def test_addresses_come_from_paths_in_lower_case() -> None:
    site, problems = made([card("News/2026/Notice-1.md"), card("news/b.yaml")])
    assert [line for line in problems if " A009 " not in line] == []
    assert site.entries["News/2026/Notice-1.md"].address == "news/2026/notice-1.html"
    assert site.entries["news/b.yaml"].address == "news/b.html"


def test_a_slug_stands_in_for_a_name() -> None:
    columns = [ColumnCard("栏目", "栏目", slug="column", **KEPT)]
    site, problems = made([card("栏目/公告.md", slug="notice")], columns)
    assert problems == []
    assert site.columns["栏目"].address == "column/"
    assert site.entries["栏目/公告.md"].address == "column/notice.html"


def test_names_that_cannot_be_in_an_address_get_a_proposal() -> None:
    columns = [NEWS, ColumnCard("预算", "财政预算", marks={"name": (1, 1)})]
    cards = [
        card("news/关于（测试）公告.md"),
        card("news/a b.md"),
        card("news/组/x.md"),
        card("news/y.md", slug="公告", marks={"slug": (3, 7)}),
    ]
    assert made(cards, columns)[1] == [
        'content/news/a b.md:1:1 A101: "a b" cannot be part of a web address',
        'content/news/y.md:3:7 A103: the address name "公告" holds more than small letters, '
        "digits and hyphens",
        'content/news/关于（测试）公告.md:1:1 A101: "关于（测试）公告" cannot be part of a web '
        "address",
        'content/news/组 A102: the folder name "组" cannot be part of a web address',
        'content/预算/_column.yaml:1:1 A102: the folder name "预算" cannot be part of a web '
        "address",
    ]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("关于印发《办法》的通知（2026）", "guan-yu-yin-fa-ban-fa-de-tong-zhi-2026"),
        ("办事 Guide.v2", "ban-shi-guide-v2"),
        ("女", "nv"),
        ("é", "e"),
        ("index", "index-1"),
    ],
)
def test_proposals_are_pinyin(name: str, slug: str) -> None:
    assert propose(name) == slug


@given(st.text(min_size=1, max_size=30))
def test_every_proposal_is_legal_and_the_same_again(name: str) -> None:
    proposal = propose(name)
    assert legal(proposal)
    assert not reserved(proposal, at_root=False)
    assert propose(name) == proposal


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("news/index.md", "index"),
        ("news/index-2.md", "index-2"),
        ("news/year-2026.md", "year-2026"),
        ("news/feed.md", "feed"),
        ("news/Log.md", "log"),
        ("sitemap.md", "sitemap"),
        ("catalogue-2.md", "catalogue-2"),
        ("404.md", "404"),
    ],
)
def test_pages_of_the_site_itself_are_reserved(path: str, name: str) -> None:
    problems = made([card(path)])[1]
    assert f'content/{path}:1:1 A104: "{name}" is an address that the site itself uses' in problems


@pytest.mark.parametrize("path", ["news/sitemap.md", "news/catalogue.md", "news/assets.md"])
def test_names_reserved_at_the_root_are_free_below(path: str) -> None:
    assert made([card(path)])[1] == []


def test_folders_of_the_site_itself_are_reserved_at_the_root() -> None:
    _, problems = made([card("assets/a.md"), card("news/assets/b.md")])
    assert problems == ['content/assets A104: "assets" is an address that the site itself uses']


def test_two_documents_for_one_address_are_both_named() -> None:
    cards = [
        card("news/a.md"),
        card("news/A.md"),
        card("news/a.yaml"),
        card("news/b.md", slug="a", marks={"slug": (3, 7)}),
    ]
    assert made(cards)[1] == [
        "content/news/a.md:1:1 A105: news/a.html is the address of content/news/A.md already",
        "content/news/a.yaml:1:1 A105: news/a.html is the address of content/news/A.md already",
        "content/news/b.md:3:7 A105: news/a.html is the address of content/news/A.md already",
    ]


def test_two_columns_for_one_address_are_both_named() -> None:
    columns = [ColumnCard("a", "甲"), ColumnCard("b", "乙", slug="a")]
    assert made([], columns)[1] == [
        "content/b/_column.yaml A105: a/ is the address of content/a/_column.yaml already"
    ]


def test_a_document_of_the_future_holds_its_address_already() -> None:
    cards = [card("news/a.md", "2027-01-01"), card("news/a.yaml")]
    assert [p[:29] for p in made(cards)[1]] == ["content/news/a.yaml:1:1 A105:"]


def test_an_attachment_cannot_take_the_address_of_a_generated_file() -> None:
    one = card(
        "news/a.md",
        tables=(TableCard("bud_in", "收入", 2),),
        attachments=(AttachmentCard("bud-in.csv", "", mark=(5, 3)),),
    )
    _, problems = made([one], content=["news/a/bud-in.csv"])
    assert problems == [
        "content/news/a.md:5:3 A105: news/a/bud-in.csv is the address of content/news/a.md already"
    ]


def test_aliases_become_redirects() -> None:
    one = card(
        "news/a.md", title="公告", aliases=(("/old/A_1.HTML".lower(), (3, 5)), ("zwgk/", (4, 5)))
    )
    site, problems = made([one])
    assert problems == []
    assert [(r.address, r.target, r.title) for r in site.redirects] == [
        ("old/a_1.html", "news/a.html", "公告"),
        ("zwgk/index.html", "news/a.html", "公告"),
    ]


@pytest.mark.parametrize(
    "alias",
    ["https://a.example/x.html", "a.html?id=1", "../a.html", "a//b.html", "公告.html", "x.jsp", ""],
)
def test_addresses_for_which_no_page_can_stand_are_refused(alias: str) -> None:
    _, problems = made([card("news/a.md", aliases=((alias, (3, 5)),))])
    assert problems == [
        f'content/news/a.md:3:5 A106: no page can stand in for the old address "{alias}"'
    ]


def test_an_alias_collides_like_anything_else() -> None:
    cards = [
        card("news/a.md", aliases=(("news/b.html", (3, 5)), ("news/A.html", (4, 5)))),
        card("news/b.md", aliases=(("x.html", (3, 5)), ("news/", (4, 5)))),
        card("news/c.md", aliases=(("X.html", (3, 5)), ("news/c.html", (4, 5)))),
    ]
    site, problems = made(cards)
    assert problems == [
        "content/news/a.md:3:5 A105: news/b.html is the address of content/news/b.md already",
        'content/news/a.md:4:5 A107 warning: the old address "news/A.html" is the present address',
        "content/news/b.md:4:5 A105: news/index.html is the address of "
        "content/news/_column.yaml already",
        "content/news/c.md:3:5 A105: X.html is the address of content/news/b.md (x.html) already",
        'content/news/c.md:4:5 A107 warning: the old address "news/c.html" is the present address',
    ]
    assert [r.address for r in site.redirects] == ["x.html"]


def test_old_addresses_of_columns_redirect_too() -> None:
    column = ColumnCard("a", "甲", aliases=(("old/", (3, 5)), ("x y/", (4, 5))))
    site, problems = made([], [column])
    assert [(r.address, r.target) for r in site.redirects] == [("old/index.html", "a/index.html")]
    assert [p.partition(" ")[0] for p in problems] == ["content/a/_column.yaml:4:5"]


@given(st.sets(st.tuples(NAMES, NAMES, st.sampled_from([".md", ".yaml"])), max_size=8))
def test_distinct_sources_have_distinct_legal_addresses_or_a_problem(
    names: set[tuple[str, str, str]],
) -> None:
    paths = {f"{folder}/{name}{suffix}" for folder, name, suffix in names}
    site, problems = made([card(path) for path in paths], [])
    addresses = [entry.address for entry in site.entries.values()]
    assert len(addresses) == len(paths)
    if not any(re.search(r" A10\d", problem) for problem in problems):
        assert len({address.casefold() for address in addresses}) == len(addresses)
        assert all(re.fullmatch(r"[a-z0-9_/-]+\.html", address) for address in addresses)
    else:
        assert any(
            f"content/{path}" in p or path.rpartition("/")[0] in p
            for p in problems
            for path in paths
        )


@given(st.sets(NAMES, min_size=1, max_size=6), NAMES)
def test_a_new_document_moves_no_other(names: set[str], new: str) -> None:
    old = {f"a/{name}.md" for name in names}
    before, _ = made([card(path) for path in old], [])
    after, _ = made([card(path) for path in old | {f"a/{new}.md"}], [])
    for path in old:
        assert after.entries[path].address == before.entries[path].address
