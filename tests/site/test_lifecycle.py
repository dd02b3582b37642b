"""What a document is on a given day, and what of it is to be seen."""

from __future__ import annotations

from typing import Any

import pytest
from making import card, day, made

from sitegen.site.cards import AttachmentCard, DeclaredChange, TableCard
from sitegen.site.site import LeftOut, Site


def change(on: str, act: str, note: str = "说明", **more: Any) -> DeclaredChange:
    return DeclaredChange(day(on), act, note, **more)


def test_documents_without_a_page_are_listed_with_the_reason() -> None:
    cards = [
        card("news/a.md", draft=True, title="草稿"),
        card("news/b.md", "2026-11-24", title="预定"),
        card("news/c.md", disclosure="依申请公开", title="依申请"),
        card("news/d.md", disclosure="不予公开", title="不予"),
        card("news/e.md", None, draft=True, title="空"),
        card("news/f.md", "2026-11-23", title="今日"),
    ]
    site, problems = made(cards)
    assert problems == []
    assert list(site.entries) == ["news/f.md"]
    assert site.left_out == (
        LeftOut("news/a.md", "草稿", "draft"),
        LeftOut("news/b.md", "预定", "scheduled", day("2026-11-24")),
        LeftOut("news/c.md", "依申请", "on-request"),
        LeftOut("news/d.md", "不予", "withheld"),
        LeftOut("news/e.md", "空", "draft"),
    )


def test_drafts_and_scheduled_documents_are_built_on_demand_but_never_what_is_not_public() -> None:
    cards = [
        card("news/a.md", None, draft=True),
        card("news/b.md", "2027-01-01"),
        card("news/c.md", disclosure="不予公开", draft=True),
    ]
    site, _ = made(cards, drafts=True)
    assert {path: entry.state for path, entry in site.entries.items()} == {
        "news/a.md": "published",
        "news/b.md": "published",
    }
    assert [out.reason for out in site.left_out] == ["withheld"]
    assert site.log == ()


def withdrawn(**more: Any) -> tuple[Site, list[str]]:
    changes = (change("2026-05-01", "撤下", "数据有误"),)
    return made(
        [
            card(
                "news/a.md",
                "2026-03-01",
                changes=changes,
                summary="秘密",
                keywords=("秘密",),
                attachments=(AttachmentCard("a.pdf", "附件"),),
                tables=(TableCard("t", "表", 3),),
                has_body=True,
            ),
            card("news/b.md"),
        ],
        content=["news/a/a.pdf"],
        **more,
    )


def test_a_withdrawn_document_keeps_its_address_and_nothing_else() -> None:
    site, problems = withdrawn()
    entry = site.entries["news/a.md"]
    assert problems == []
    assert (entry.state, entry.address) == ("withdrawn", "news/a.html")
    assert (entry.card.summary, entry.card.keywords, entry.card.has_body) == ("", (), False)
    assert (entry.card.tables, entry.card.attachments, entry.attachments) == ((), (), ())
    assert [c.note for c in entry.changes] == ["数据有误", ""]
    assert site.columns["news"].documents == ("news/b.md",)


def test_before_its_withdrawal_a_document_is_there_in_full() -> None:
    site, _ = withdrawn(as_of=day("2026-04-30"))
    entry = site.entries["news/a.md"]
    assert (entry.state, entry.card.summary, len(entry.attachments)) == ("published", "秘密", 1)


def test_a_document_may_come_back_after_its_withdrawal() -> None:
    changes = (change("2026-05-01", "撤下"), change("2026-06-01", "发布", "重新发布"))
    site, _ = made([card("news/a.md", changes=changes)])
    assert site.entries["news/a.md"].state == "published"
    site, _ = made([card("news/a.md", changes=changes)], as_of=day("2026-05-31"))
    assert site.entries["news/a.md"].state == "withdrawn"


def test_a_withdrawal_needs_a_reason() -> None:
    changes = (change("2026-05-01", "撤下", " ", mark=(7, 5)),)
    _, problems = made([card("news/a.md", changes=changes)])
    assert problems == ["content/news/a.md:7:5 A501: the document is withdrawn without a reason"]


@pytest.mark.parametrize(
    ("as_of", "state"), [("2026-06-30", "published"), ("2026-07-01", "closed")]
)
def test_after_its_public_period_a_document_is_a_tombstone(as_of: str, state: str) -> None:
    one = card("news/a.md", public_until=day("2026-06-30"), summary="张某")
    site, _ = made([one], as_of=day(as_of))
    assert site.entries["news/a.md"].state == state
    assert (site.entries["news/a.md"].card.summary == "") == (state == "closed")
    assert site.left_out == ()


def test_changes_lie_after_publication_and_not_far_ahead() -> None:
    changes = (
        change("2026-02-01", "修订", mark=(7, 5)),
        change("2028-02-01", "修订", mark=(8, 5)),
        change("2026-12-31", "修订", mark=(9, 5)),
    )
    site, problems = made([card("news/a.md", "2026-03-01", changes=changes)])
    assert problems == [
        "content/news/a.md:7:5 A502: the change 修订 of 2026-02-01 lies before the date of "
        "publication, 2026-03-01",
        "content/news/a.md:8:5 A503 warning: the change 修订 of 2028-02-01 lies more than a year "
        "ahead",
    ]
    assert "2026-12-31" not in [str(c.on) for c in site.log]


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"draft": True}, "content/news/a.md:4:1 A504: the document has been public since "
         "2026-03-01, but is now left out (draft: true)"),
        ({"disclosure": "依申请公开"}, "content/news/a.md:6:1 A504: the document has been public "
         "since 2026-03-01, but is now left out (disclosure: 依申请公开)"),
    ],
)  # fmt: skip
def test_what_was_public_is_withdrawn_not_hidden(values: dict[str, Any], line: str) -> None:
    marks = {"draft": (4, 1), "disclosure": (6, 1)}
    one = card("news/a.md", changes=(change("2026-05-01", "修订"),), marks=marks, **values)
    assert made([one])[1] == [line]
