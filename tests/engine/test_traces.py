"""The decision which outputs must be made again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sitegen.engine.traces import Broken, outside_only, stale

ADDRESS, TITLE, BODY = 2, 4, 8


def test_what_saw_a_facet_that_differs_is_stale() -> None:
    traces = {"a.html": {"e:a": TITLE | BODY}, "list.html": {"e:a": TITLE}, "b.html": {"e:b": 1}}
    assert [*stale(traces, {"e:a": TITLE})] == ["a.html", "list.html"]
    assert [*stale(traces, {"e:a": BODY})] == ["a.html"]
    assert stale(traces, {"e:a": ADDRESS}) == {}
    assert stale(traces, {}) == {}


def test_it_is_told_what_broke_an_output() -> None:
    traces = {"a.html": {"e:a": TITLE | BODY, "e:b": TITLE}}
    assert stale(traces, {"e:a": TITLE | ADDRESS}) == {"a.html": (Broken("e:a", TITLE),)}


def test_what_used_a_shared_part_is_stale_with_it() -> None:
    traces = {"a.html": {"g:menu": 1}, "b.html": {"e:b": 1}}
    groups = {"g:menu": {"g:inner": 1, "c:x": TITLE}, "g:inner": {"c:y": TITLE}}
    assert [*stale(traces, {"c:y": TITLE}, groups)] == ["a.html"]
    assert [*stale(traces, {"c:y": BODY}, groups)] == []
    assert stale(traces, {"c:y": TITLE}, groups) == {"a.html": (Broken("c:y", TITLE),)}


def test_a_look_that_found_nothing_is_broken_by_what_appears() -> None:
    assert [*stale({"a.html": {"t:x.html": 1}}, {"t:x.html": 1})] == ["a.html"]


def test_what_differs_around_an_output_alone_is_told_apart() -> None:
    traces = {"a.html": {"e:a": TITLE, "l:base": 1, "g:part": 1}, "b.html": {"g:mixed": 1}}
    groups = {"g:part": {"l:part": 1, "c:x": TITLE}, "g:mixed": {"g:part": 1}}

    def around(*changed: str) -> list[str]:
        subjects = dict.fromkeys(changed, TITLE | 1)
        broken = stale(traces, subjects, groups)
        found = outside_only(traces, subjects, groups, lambda s: s in {"l:base", "g:part"})
        return sorted(found & broken.keys())

    assert around("l:base") == around("l:part") == around("c:x") == ["a.html"]
    assert around("e:a", "l:base") == around("e:a") == around("e:b") == []


facets = st.integers(1, 15)
some_traces = st.dictionaries(
    st.sampled_from("abcd"), st.dictionaries(st.sampled_from("uvwxyz"), facets, max_size=4)
)


@given(some_traces, st.dictionaries(st.sampled_from("uvwxyz"), facets))
def test_exactly_what_saw_a_difference_is_stale(traces, changed) -> None:
    expected = [
        output
        for output, trace in traces.items()
        if any(trace.get(subject, 0) & bits for subject, bits in changed.items())
    ]
    assert [*stale(traces, changed)] == expected
