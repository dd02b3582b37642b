"""Nobody looks at a stand-in without being seen."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from sitegen.engine.recorder import (
    EXISTS,
    Facets,
    RecordedMapping,
    Recorder,
    UnrecordedReadError,
    attributes,
    stand_in,
)


@dataclass(frozen=True, slots=True)
class Face:
    title: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Thing:
    face: Face
    place: str

    @property
    def name(self) -> str:
        return self.face.title + self.place


FACETS = Facets("place", *attributes(Face, "face."))
Recorded = stand_in(Thing, FACETS.bits, {"face": Face})
PLACE, TITLE, SIZE = (FACETS.bits[name] for name in ("place", "face.title", "face.size"))
THING = Thing(Face("a", 1), "b")


def traced(look):
    recorder = Recorder()
    things = RecordedMapping({"x": THING, "y": THING}, "t:", recorder, Recorded)
    return recorder.record(lambda: look(things, recorder))


@pytest.mark.parametrize(
    ("look", "value", "trace"),
    [
        (lambda t, r: t["x"].place, "b", {"t:x": EXISTS | PLACE}),
        (lambda t, r: t["x"].face.title, "a", {"t:x": EXISTS | TITLE}),
        (lambda t, r: t["x"].name, "ab", {"t:x": EXISTS | PLACE | TITLE}),
        (lambda t, r: t.get("z"), None, {"t:z": EXISTS}),
        (lambda t, r: "z" in t, False, {"t:z": EXISTS}),
        (lambda t, r: len(t), 2, {"t:*": EXISTS}),
        (lambda t, r: [*t], ["x", "y"], {"t:*": EXISTS}),
        (lambda t, r: [e.place for e in t.values()], ["b", "b"], {"t:*": EXISTS | PLACE}),
        (lambda t, r: [e.face.size for _, e in t.items()], [1, 1], {"t:*": EXISTS | SIZE}),
        (lambda t, r: t["x"] == t["y"], True, {"t:x": FACETS.all, "t:y": FACETS.all}),
        (lambda t, r: isinstance(t["x"], Thing), True, {"t:x": EXISTS}),
    ],
)
def test_a_look_is_noted(look, value, trace) -> None:
    assert traced(look) == (value, trace)


def test_a_look_without_a_trace_is_refused() -> None:
    recorder = Recorder()
    things = RecordedMapping({"x": THING}, "t:", recorder, Recorded)
    kept = recorder.record(lambda: things["x"])[0]
    for look in (
        lambda: things["x"],
        lambda: kept.place,
        lambda: len(things),
        lambda: "z" in things,
    ):
        with pytest.raises(UnrecordedReadError):
            look()


def test_a_shared_part_is_noted_by_its_name_and_made_once() -> None:
    recorder = Recorder()
    things = RecordedMapping({"x": THING}, "t:", recorder, Recorded)
    made = []

    def part() -> str:
        made.append(1)
        return things["x"].place

    for _ in range(2):
        assert recorder.record(lambda: recorder.shared("g:one", part)) == ("b", {"g:one": EXISTS})
    assert made == [1]
    assert recorder.take_groups() == {"g:one": {"t:x": EXISTS | PLACE}}
    assert recorder.take_groups() == {}


def test_a_failure_leaves_the_outer_trace_open() -> None:
    recorder = Recorder()

    def fails() -> None:
        recorder.note("in")
        raise ValueError

    def outer() -> None:
        recorder.note("before")
        with pytest.raises(ValueError):  # noqa: PT011 - any
            recorder.record(fails)
        recorder.note("after")

    assert recorder.record(outer)[1] == {"before": EXISTS, "after": EXISTS}


def test_facets_that_differ_are_named() -> None:
    other = Thing(Face("A", 1), "b")
    assert FACETS.named(FACETS.changed(THING, other)) == ["face.title"]
    assert FACETS.changed(THING, THING) == 0
    assert FACETS.changed(None, THING) == FACETS.changed(THING, None) == FACETS.all
    assert FACETS.changed(None, None) == 0
