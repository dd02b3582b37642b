"""Lists: pages of a long list name some pages of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sitegen.render.lists import pager_of
from sitegen.render.places import Spot
from sitegen.render.words import Words


def page(number: int) -> str:
    return f"a/index-{number}.html"


@given(st.data())
def test_a_pager_names_the_first_the_last_and_the_pages_around(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 2000))
    number = data.draw(st.integers(1, count))
    asked: list[int] = []

    def address_of(wanted: int) -> str:
        asked.append(wanted)
        return page(wanted)

    pager = pager_of(number, count, address_of, Spot(None, Words("en"), "../"))  # type: ignore[arg-type]
    if pager is None:
        assert count == 1
        return
    around = {each for each in range(number - 2, number + 3) if 1 <= each <= count}
    named = {int(each.title): each.href for each in pager.pages if each.title}
    assert named.keys() == {1, count} | around
    assert named == {each: "../" + page(each) if each != number else "" for each in named}
    assert (pager.newer.href if pager.newer else "") == ("../" + page(number - 1)) * (number > 1)
    assert (pager.older.href if pager.older else "") == ("../" + page(number + 1)) * (
        number < count
    )
    assert len(asked) <= 8  # however many there are
