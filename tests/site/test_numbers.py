"""Numbers that must be unique, limits in working days, and the coverage of art. 20."""

from __future__ import annotations

import pytest
from making import KEPT, NEWS, card, day, made

from sitegen.config import Settings
from sitegen.site.cards import ColumnCard
from sitegen.source.calendar import shipped_calendar

CALENDAR = shipped_calendar()


def test_a_number_belongs_to_one_document() -> None:
    cards = [
        card("news/a.md", title="甲", index_no="X/2026-00001", doc_no="示开管发〔2026〕3号"),
        card(
            "news/b.md",
            index_no="X/2026-00001",
            doc_no="示开管发〔2026〕3号",
            marks={"index_no": (4, 5), "doc_no": (5, 5)},
        ),
        card("news/c.md", index_no="X/2026-00002"),
    ]
    assert made(cards, calendar=CALENDAR)[1] == [
        "content/news/b.md:4:5 A701: the index number X/2026-00001 also belongs to "
        '"甲" (content/news/a.md)',
        "content/news/b.md:5:5 A702: the document number 示开管发〔2026〕3号 also belongs to "
        '"甲" (content/news/a.md)',
    ]


def test_a_draft_may_still_have_the_number_of_its_model() -> None:
    cards = [card("news/a.md", doc_no="X"), card("news/b.md", doc_no="X", draft=True)]
    (problem,) = made(cards, calendar=CALENDAR)[1]
    assert problem.startswith("content/news/b.md:1:1 A702 warning:")


@pytest.mark.parametrize(
    ("number", "right"),
    [("110000001234567883/2026-00001", True), ("110000001234567883/2025-00001", False),
     ("FZ-2025-1", True), ("x/20250104-00012", False)],
)  # fmt: skip
def test_an_index_number_is_of_the_year_of_its_document(number: str, right: bool) -> None:
    one = card("news/a.md", index_no=number, formed_on=day("2026-02-27"))
    problems = made([one], calendar=CALENDAR)[1]
    assert [" A703 warning: " in p for p in problems] == ([] if right else [True])


@pytest.mark.parametrize(
    ("formed", "published", "late"),
    [
        ("2026-03-02", "2026-03-30", False),
        ("2026-03-02", "2026-03-31", True),
        ("2026-02-10", "2026-03-16", False),  # the Spring Festival lies between
        (None, "2026-03-31", False),
    ],
)
def test_publication_within_twenty_working_days(
    formed: str | None, published: str, late: bool
) -> None:
    one = card("news/a.md", published, formed_on=day(formed) if formed else None)
    problems = made([one], calendar=CALENDAR)[1]
    assert ["A704" in p for p in problems] == ([True] if late else [])


def test_a_site_may_set_a_shorter_limit() -> None:
    one = card(
        "news/a.md", "2026-03-13", formed_on=day("2026-03-02"), marks={"published_on": (3, 7)}
    )
    settings = Settings("示范", publish_days=5)
    assert made([one], settings=settings, calendar=CALENDAR)[1] == [
        "content/news/a.md:3:7 A704 warning: published on 2026-03-13, more than 5 working days "
        "after 2026-03-02"
    ]


def test_classes_of_art_20_without_anything_are_told() -> None:
    columns = [
        ColumnCard("a", "甲", a20_class="a20_01", **KEPT),
        ColumnCard("b", "乙", a20_class="a20_02", **KEPT),
        ColumnCard("c", "丙", a20_class="a20_03", published_by="市统计局", **KEPT),
    ]
    elsewhere = {f"a20_{n:02}": "不适用" for n in range(6, 16)}
    cards = [card("a/x.md"), card("a/y.md", a20_class="a20_04")]
    _, problems = made(cards, columns, settings=Settings("示范", a20=elsewhere))
    assert problems == [
        "content/site.yaml A801 warning: nothing is published for art. 20 (二) ",
        "content/site.yaml A801 warning: nothing is published for art. 20 (五) ",
    ]


def test_a_site_without_classes_is_left_in_peace() -> None:
    assert made([card("news/a.md")], [NEWS])[1] == []


def test_what_is_not_there_for_its_faults_is_not_missed() -> None:
    columns = [ColumnCard("a", "甲", a20_class="a20_01", **KEPT)]
    assert made([], columns, content=["a/broken.md"])[1] == []
