"""What outputs share while they are made, and descriptions as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from sitegen.outputs.output import Desk
from sitegen.outputs.records import indented


def counting() -> tuple[list[int], Callable[[], int]]:
    calls: list[int] = []

    def make() -> int:
        calls.append(1)
        return len(calls)

    return calls, make


def test_what_belongs_to_a_document_is_made_once_until_another_ones_turn() -> None:
    desk, (calls, make) = Desk(), counting()
    assert [desk.of_subject("a.md", "csv", make) for _ in range(3)] == [1, 1, 1]
    assert desk.of_subject("a.md", "json", make) == 2
    assert desk.of_subject("b.md", "csv", make) == 3
    assert desk.of_subject("a.md", "csv", make) == 4
    assert len(calls) == 4


def test_what_belongs_to_the_site_stays() -> None:
    desk, (_, make) = Desk(), counting()
    assert desk.of_site("columns", make) == 1
    assert desk.of_subject("a.md", "columns", make) == 2
    assert desk.of_site("columns", make) == 1


def test_a_result_of_none_is_kept_too() -> None:
    desk, calls = Desk(), []
    for _ in range(2):
        desk.of_subject("a.md", "x", lambda: calls.append(1))
    assert calls == [1]


WHOLE = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
VALUES = st.recursive(
    WHOLE,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES)
def test_descriptions_are_written_as_the_standard_library_writes_them(value: object) -> None:
    written = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    assert indented(value) == written.encode()
