"""Traces come back from a book as they were put in, and are found by what they name."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.engine.book import Book
from sitegen.engine.store import DamagedError

SUBJECTS = st.sampled_from([f"e:{name}" for name in "abcdefgh"])
TRACES = st.dictionaries(SUBJECTS, st.integers(1, 2**63), max_size=5)


@given(traces=st.lists(TRACES, max_size=12))
def test_every_trace_comes_back(traces: list[dict[str, int]]) -> None:
    book = Book()
    places = [book.place(trace) for trace in traces]
    again = Book.load(book.packed())
    assert [again.trace(place) for place in places] == traces
    assert len(again) == len({tuple(sorted(trace.items())) for trace in traces})


@given(traces=st.lists(TRACES, max_size=12), changed=st.dictionaries(SUBJECTS, st.integers(1, 7)))
def test_exactly_the_traces_that_looked_at_what_differs_are_touched(
    traces: list[dict[str, int]], changed: dict[str, int]
) -> None:
    book = Book()
    places = [book.place(trace) for trace in traces]
    expected = {
        place
        for place, trace in zip(places, traces, strict=True)
        if any(trace.get(subject, 0) & facets for subject, facets in changed.items())
    }
    assert book.touching(changed).keys() == expected


def test_a_shared_part_touches_those_that_use_it() -> None:
    book = Book()
    page, other = book.place({"g:outer": 1}), book.place({"e:x": 1})
    book.add_groups({"g:outer": {"g:inner": 1}, "g:inner": {"e:a": 2}, "g:unused": {"e:b": 1}})
    assert page in book.touching({"e:a": 2})
    assert other not in book.touching({"e:a": 2})
    assert book.flat(page) == {"e:a": 2}
    assert "g:unused" not in book.groups


def test_of_a_part_and_an_answer_the_last_are_known() -> None:
    book = Book()
    page = book.place({"g:part": 1, "q:question": 1})
    book.add_groups({"g:part": {"e:a": 1}})
    book.add_answers({"q:question": b"1"})
    again = Book.load(book.packed())
    again.add_groups({"g:part": {"e:b": 1}})
    again.add_answers({"q:question": b"2"})
    assert page in again.touching({"e:b": 1})
    assert page not in again.touching({"e:a": 1})
    assert again.answers == {"q:question": b"2"}


PARTS = [f"g:{name}" for name in "abc"]
NAMING = st.dictionaries(st.sampled_from(["e:a", *PARTS]), st.just(1), max_size=2)


@given(
    traces=st.lists(NAMING, max_size=4),
    parts=st.fixed_dictionaries(dict.fromkeys(PARTS, NAMING)),
)
@example(traces=[{"g:a": 1}, {"g:b": 1}], parts={"g:a": {"e:a": 1}, "g:b": {"e:a": 1}})
def test_whatever_uses_a_part_that_looked_at_what_differs_is_touched(
    traces: list[dict[str, int]], parts: dict[str, dict[str, int]]
) -> None:
    """Also where parts have equal traces, which stand in the book once."""
    outer = {name: [each for each in trace if each > name] for name, trace in parts.items()}
    parts = {name: dict.fromkeys([e for e in parts[name] if e < "g"] + outer[name], 1)
             for name in parts}  # fmt: skip
    book = Book()
    places = [book.place(trace) for trace in traces]
    book.add_groups(parts)
    touched = book.touching({"e:a": 1})
    for place in places:
        assert (place in touched) == ("e:a" in book.flat(place))


def test_traces_are_added_to_a_book_that_was_read_back() -> None:
    book = Book()
    first = book.place({"e:a": 1})
    again = Book.load(book.packed())
    second = again.place({"e:a": 2, "e:b": 1})
    assert again.trace(first) == {"e:a": 1}
    assert again.trace(second) == {"e:a": 2, "e:b": 1}
    assert again.subjects == ["e:a", "e:b"]


@given(traces=st.lists(TRACES, max_size=12), cuts=st.lists(st.integers(0, 12), max_size=3))
def test_a_book_is_the_same_in_how_many_parts_it_came(
    traces: list[dict[str, int]], cuts: list[int]
) -> None:
    whole, joined = Book(), Book()
    expected = [whole.place(trace) for trace in traces]
    places = []
    bounds = [0, *sorted(cuts), len(traces)]
    for start, end in pairwise(bounds):
        part = Book()
        numbers = [part.place(trace) for trace in traces[start:end]]
        take = joined.taking(Book.load(part.packed()))
        places += [take(number) for number in numbers]
    assert places == expected
    assert joined.packed() == whole.packed()


def test_a_damaged_book_says_so() -> None:
    with pytest.raises(DamagedError):
        Book.load(b"\x90")
