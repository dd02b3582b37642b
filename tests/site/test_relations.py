"""Relations act both ways and decide on validity (有效性)."""

from __future__ import annotations

import pytest
from making import card, day, made

from sitegen.site.cards import Card, DeclaredChange, Reference
from sitegen.site.site import Change, Relation, Site


def policy(
    name: str, published: str = "2026-01-01", /, *references: tuple[str, str], **values: object
) -> Card:
    made_of = tuple(Reference(name, f"news/{target}.md", (8, 3)) for name, target in references)
    return card(
        f"news/{name}.md",
        published,
        kind="policy",
        title=name.upper(),
        references=made_of,
        **values,
    )


def validity(site: Site, name: str) -> tuple[str, str]:
    entry = site.entries[f"news/{name}.md"]
    return entry.validity, str(entry.validity_since or "")


def relations(site: Site, name: str) -> list[tuple[str, str]]:
    return [(r.name, r.path[5:-3]) for r in site.entries[f"news/{name}.md"].relations]


def test_relations_are_shown_both_ways_in_a_fixed_order() -> None:
    cards = [
        policy("a"),
        policy("b", "2026-02-01", ("amends", "a")),
        policy("c", "2026-03-01", ("interprets", "a"), ("relates", "b")),
        policy("d", "2026-04-01", ("interprets", "a"), ("relates", "b")),
        policy("b2", "2026-01-01", ("relates", "b"), ("relates", "b")),
    ]
    site, problems = made(cards)
    assert problems == []
    assert relations(site, "a") == [
        ("interpreted_by", "d"),
        ("interpreted_by", "c"),
        ("amended_by", "b"),
    ]
    assert relations(site, "b") == [
        ("amends", "a"),
        ("relates", "d"),
        ("relates", "c"),
        ("relates", "b2"),
    ]
    assert site.entries["news/b2.md"].relations == (Relation("relates", "news/b.md"),)


def test_a_relation_to_or_from_a_left_out_document_is_not_shown() -> None:
    cards = [
        policy("a", "2026-01-01", ("relates", "later")),
        policy("later", "2027-01-01", ("repeals", "a")),
    ]
    site, problems = made(cards)
    assert problems == []
    assert site.entries["news/a.md"].relations == ()
    assert validity(site, "a") == ("有效", "")


def test_dangling_and_self_relations_are_errors() -> None:
    cards = [
        policy("bf-2026", "2026-01-01", ("repeals", "bf-2026"), ("interprets", "nowhere")),
        card("news/x.md", references=(Reference("consultations", "news/bf-2025.md", (4, 2)),)),
    ]
    assert made(cards)[1] == [
        'content/news/bf-2026.md:8:3 A401: interprets: there is no document "news/nowhere.md"',
        "content/news/bf-2026.md:8:3 A402: 废止: the document names itself",
        'content/news/x.md:4:2 A401: consultations: there is no document "news/bf-2025.md"',
    ]


def test_repeals_in_a_circle_are_an_error_once() -> None:
    cards = [
        policy("a", "2026-01-01", ("repeals", "b")),
        policy("b", "2026-01-01", ("replaces", "c"), ("repeals", "d")),
        policy("c", "2026-01-01", ("repeals", "a")),
        policy("d"),
    ]
    assert [p for p in made(cards)[1] if "A403" in p] == [
        "content/news/c.md:8:3 A403: documents repeal each other in a circle: "
        "news/a.md → news/b.md → news/c.md → news/a.md"
    ]


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        ("2026-01-31", ("尚未施行", "2026-02-01")),
        ("2026-02-01", ("有效", "2026-02-01")),
        ("2026-06-30", ("有效", "2026-02-01")),
        ("2026-07-01", ("失效", "2026-07-01")),
    ],
)
def test_validity_follows_the_calendar(as_of: str, state: tuple[str, str]) -> None:
    one = policy("a", effective_on=day("2026-02-01"), expires_on=day("2026-06-30"))
    site, _ = made([one], as_of=day(as_of))
    assert validity(site, "a") == state


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        ("2026-03-09", ("有效", "")),
        ("2026-03-10", ("已修改", "2026-03-10")),
        ("2026-05-31", ("已修改", "2026-03-10")),
        ("2026-06-01", ("废止", "2026-06-01")),
    ],
)
def test_amendments_and_repeals_act_from_the_day_they_take_effect(
    as_of: str, state: tuple[str, str]
) -> None:
    cards = [
        policy("a"),
        policy("b", "2026-03-10", ("amends", "a")),
        policy("c", "2026-05-01", ("repeals", "a"), effective_on=day("2026-06-01")),
    ]
    site, _ = made(cards, as_of=day(as_of))
    assert validity(site, "a") == state


def test_what_ended_a_document_first_counts() -> None:
    cards = [
        policy("a", expires_on=day("2026-02-28")),
        policy("b", "2026-03-10", ("repeals", "a")),
        policy("x", expires_on=day("2026-12-31")),
        policy("y", "2026-03-10", ("replaces", "x")),
    ]
    site, _ = made(cards)
    assert validity(site, "a") == ("失效", "2026-03-01")
    assert validity(site, "x") == ("废止", "2026-03-10")


def test_a_withdrawn_document_repeals_nothing() -> None:
    gone = (DeclaredChange(day("2026-05-01"), "撤下", "发布有误"),)
    cards = [policy("a"), policy("b", "2026-03-10", ("repeals", "a"), changes=gone)]
    assert validity(made(cards)[0], "a") == ("有效", "")
    assert validity(made(cards, as_of=day("2026-04-30"))[0], "a") == ("废止", "2026-03-10")


def test_declared_ends_count_when_nothing_else_tells() -> None:
    cards = [
        policy("a", validity="失效"),
        policy("b", validity="有效", expires_on=day("2026-02-01")),
        policy("c", changes=(DeclaredChange(day("2026-04-01"), "废止", "清理"),)),
        policy("d", changes=(DeclaredChange(day("2026-12-01"), "废止", "清理"),)),
    ]
    site, _ = made(cards)
    states = {name: validity(site, name) for name in "abcd"}
    assert states == {
        "a": ("失效", ""),
        "b": ("失效", "2026-02-02"),
        "c": ("废止", "2026-04-01"),
        "d": ("有效", ""),
    }


def test_validity_does_not_apply_to_news() -> None:
    cards = [
        card("news/news.md"),
        card("news/rule.md", effective_on=day("2026-01-01")),
        card("news/old.md"),
        policy("b", "2026-03-10", ("repeals", "old")),
    ]
    site, _ = made(cards)
    assert validity(site, "news") == ("", "")
    assert validity(site, "rule") == ("有效", "2026-01-01")
    assert validity(site, "old") == ("废止", "2026-03-10")


def test_a_repeal_is_an_act_in_the_history_of_the_repealed() -> None:
    cards = [
        policy("a", "2026-01-01", responsible="建设局"),
        policy("b", "2026-03-10", ("repeals", "a"), doc_no="示开管发〔2026〕3号"),
        policy("c", "2026-03-10", changes=(DeclaredChange(day("2026-04-01"), "废止", "清理"),)),
        policy("d", "2026-05-01", ("replaces", "c")),
    ]
    site, _ = made(cards)
    assert site.entries["news/a.md"].changes[0] == Change(
        on=day("2026-03-10"),
        act="废止",
        title="A",
        path="news/a.md",
        column="news",
        responsible="建设局",
        note="由《B》（示开管发〔2026〕3号）废止",
        address="news/a.html",
    )
    assert [c.note for c in site.entries["news/c.md"].changes] == ["清理", ""]
