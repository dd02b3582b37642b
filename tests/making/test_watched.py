"""What is recorded of making an output is all that it looked at, whatever was made before it."""

from __future__ import annotations

import ast
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

import editedsite
import pytest

import sitegen
from sitegen.engine.recorder import EXISTS, Recorder, UnrecordedReadError
from sitegen.engine.traces import stale
from sitegen.making import remaking
from sitegen.making.plan import producer
from sitegen.making.produce import MakeContext
from sitegen.making.reading import StoredFacts
from sitegen.making.watched import RecordedSite, RecordedTheme, Watch
from sitegen.site.site import Site


class Kept(Exception):  # noqa: N818 - not an error
    """Carries the making of a build out of it."""


def context_of(root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[tuple, MakeContext]:
    """The outputs of a site and what making them needs, as a build would have it."""

    def caught(outputs, context, book, workers, reporter):
        raise Kept(outputs, context)

    monkeypatch.setattr(remaking, "produce", caught)
    with pytest.raises(Kept) as caught_one:
        editedsite.run(root)
    return caught_one.value.args


def flat(trace: Mapping[str, int], groups: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """A trace with the shared parts put in."""
    found: dict[str, int] = {}
    for subject, bits in trace.items():
        inner = flat(groups[subject], groups) if subject in groups else {subject: bits}
        for each, more in inner.items():
            found[each] = found.get(each, 0) | more
    return found


def traces_of(outputs, context: MakeContext, alone: bool) -> Iterator[tuple[str, dict[str, int]]]:
    """The traces of outputs, each made by itself or all in a row; from the last to the first."""
    facts = StoredFacts(context.packs, context.places, context.site.kinds)
    watch, groups = None, {}
    for output in reversed(outputs):
        if watch is None or alone:
            context.theme.kept = None
            watch = Watch(context.site, context.theme, context.tree.read)
            workshop, groups = watch.workshop(facts), {}
        _, trace = watch.recorder.record(lambda: producer(output.producer)(output, workshop))  # noqa: B023
        groups |= watch.recorder.take_groups()
        yield output.address, flat(trace, groups)


def test_a_trace_does_not_depend_on_what_was_made_before(tmp_path, monkeypatch) -> None:
    """Nothing that producers keep among them hides a look: made alone, each sees the same."""
    outputs, context = context_of(editedsite.make_site(tmp_path), monkeypatch)
    assert dict(traces_of(outputs, context, alone=True)) == dict(
        traces_of(outputs, context, alone=False)
    )


def test_every_output_looks_at_something(tmp_path, monkeypatch) -> None:
    outputs, context = context_of(editedsite.make_site(tmp_path), monkeypatch)
    traces = dict(traces_of(outputs, context, alone=False))
    copies = {output.address for output in outputs if output.part == "copy"}
    assert [address for address, trace in traces.items() if not trace] == sorted(copies)
    everything = {subject: -1 for trace in traces.values() for subject in trace}
    assert stale(traces, everything).keys() == traces.keys() - copies


def test_a_stand_in_shows_every_part_of_a_site(tmp_path, monkeypatch) -> None:
    """A field that is new on `Site` must be given a stand-in."""
    _, context = context_of(editedsite.make_site(tmp_path), monkeypatch)
    recorder = Recorder()
    site = RecordedSite(context.site, recorder)
    for name in (field.name for field in fields(Site) if not field.name.startswith("_")):
        value, _ = recorder.record(lambda: getattr(site, name))  # noqa: B023
        whole = isinstance(value, (tuple, str, datetime.date))
        assert whole or value is not getattr(context.site, name)
    with pytest.raises(UnrecordedReadError):
        _ = site.log
    with pytest.raises(UnrecordedReadError):
        _ = RecordedTheme(context.theme, recorder).digest


def test_a_missing_template_is_an_answer(tmp_path, monkeypatch) -> None:
    _, context = context_of(editedsite.make_site(tmp_path), monkeypatch)
    recorder = Recorder()
    theme = RecordedTheme(context.theme, recorder)
    found, trace = recorder.record(lambda: theme.has_template("none.html"))
    assert (found, trace) == (False, {"t:none.html": EXISTS})


def test_producers_and_views_do_not_look_behind_stand_ins() -> None:
    package = Path(sitegen.__file__).parent
    for room in ("outputs", "render"):
        for path in sorted((package / room).glob("*.py")):
            names = {
                node.attr
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Attribute)
            }
            assert not names & {"_value", "_recorder", "_answers", "__wrapped__"}, path
