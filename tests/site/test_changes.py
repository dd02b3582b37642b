"""The update log: every public act, newest first."""

from __future__ import annotations

from typing import Any

from making import NEWS, card, day, made

from sitegen.config import Settings
from sitegen.site.cards import ColumnCard, DeclaredChange, Reference


def change(on: str, act: str, note: str = "", **more: Any) -> DeclaredChange:
    return DeclaredChange(day(on), act, note, **more)


def test_publication_is_the_first_act_and_needs_no_entry() -> None:
    site, _ = made([card("news/a.md", "2026-03-01", title="公告")])
    (only,) = site.log
    assert (str(only.on), only.act, only.title, only.column) == (
        "2026-03-01",
        "发布",
        "公告",
        "news",
    )
    assert (only.address, only.note, only.minor) == ("news/a.html", "", False)


def test_a_declared_publication_replaces_the_implied_one() -> None:
    one = card("news/a.md", "2026-03-01", changes=(change("2026-03-01", "发布", "首次公开"),))
    assert [(c.act, c.note) for c in made([one])[0].log] == [("发布", "首次公开")]


def test_log_is_newest_first_then_by_path_without_minor_and_future_changes() -> None:
    slip = DeclaredChange(day("2026-04-02"), "修订", "错字", minor=True)
    cards = [
        card("news/b.md", "2026-03-01", changes=(change("2026-04-01", "修订", "更新电话"), slip)),
        card("news/a.md", "2026-03-01", changes=(change("2026-12-01", "修订", "以后"),)),
        card("news/c.md", "2026-04-01", changes=(change("2026-04-01", "修订", "当日更正"),)),
    ]
    site, _ = made(cards)
    assert [(str(c.on), c.path, c.act) for c in site.log] == [
        ("2026-04-01", "news/b.md", "修订"),
        ("2026-04-01", "news/c.md", "修订"),
        ("2026-04-01", "news/c.md", "发布"),
        ("2026-03-01", "news/a.md", "发布"),
        ("2026-03-01", "news/b.md", "发布"),
    ]
    own = site.entries["news/b.md"].changes
    assert [(c.note, c.minor) for c in own] == [("错字", True), ("更新电话", False), ("", False)]
    assert site.entries["news/b.md"].revised_on == day("2026-04-01")
    assert site.entries["news/a.md"].revised_on is None


def test_who_is_responsible() -> None:
    columns = [NEWS, ColumnCard("free", "无主", update_rule="on_event", published_by="市政府")]
    cards = [
        card(
            "news/a.md",
            responsible="甲局",
            changes=(change("2026-04-01", "修订", "x", responsible="乙局"),),
        ),
        card("news/b.md", issuer="管委会"),
        card("free/c.md", issuer="管委会"),
    ]
    site, _ = made(cards, columns)
    assert {(c.path, c.act): c.responsible for c in site.log} == {
        ("news/a.md", "修订"): "乙局",
        ("news/a.md", "发布"): "甲局",
        ("news/b.md", "发布"): "办公室",
        ("free/c.md", "发布"): "管委会",
    }


def test_notes_of_ours_are_in_the_language_of_the_site() -> None:
    cards = [
        card("news/a.md"),
        card("news/b.md", title="New rules", references=(Reference("replaces", "news/a.md"),)),
    ]
    site, _ = made(cards, settings=Settings("Zone", language="en"))
    assert site.entries["news/a.md"].changes[0].note == "replaced by “New rules”"
