"""On every document of the sample site: what an edit does not concern stays as it was."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from writing import TODAY

from sitegen.authoring.forms import Form, Forms
from sitegen.authoring.layout import Source, read_source
from sitegen.authoring.mending import in_order, mend_values
from sitegen.authoring.withdraw import change
from sitegen.making.frame import Frame, read_frame
from sitegen.source.nodes import Mapping, Node, Scalar, Sequence
from sitegen.source.yamlnodes import parse_yaml

ROOT = Path(__file__).parents[2]
_DATED = re.compile(r"^(\S*日期: )(\d{4})-0?(\d+)-0?(\d+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def frame() -> Frame:
    return read_frame(ROOT)[0]


def bare(node: Node | None) -> object:
    """What nodes say, without places."""
    if isinstance(node, Mapping):
        return {key.text: bare(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [bare(item) for item in node.items]
    return node.text if isinstance(node, Scalar) else None


def fields(source: Source) -> dict[str, object]:
    node, problems = parse_yaml(source.text[source.start : source.end], "")
    assert problems == ()
    said = bare(node)
    assert isinstance(said, dict)
    return said


def opened(forms: Forms, path: str, data: bytes) -> tuple[Source, Form]:
    source, _ = read_source(path, data)
    assert source is not None
    form = forms.of(source)
    assert form is not None
    return source, form


def test_dates_written_wrongly_come_back_as_they_were(frame: Frame) -> None:
    forms, mended = Forms(frame), 0
    for path in frame.documents:
        for newline in ("\n", "\r\n"):
            right = frame.tree.read(path).decode().replace("\n", newline)
            head = right.partition(f"{newline}---{newline}")[0] if path.endswith(".md") else right
            head = head.partition("正文:")[0]
            wrong = _DATED.sub(r"\1\2/\3/\4", head.replace("\r\n", "\n")).replace("\n", newline)
            wrong += right[len(head) :]
            source, form = opened(forms, path, wrong.encode())
            edits = [edit for edit, _ in mend_values(source, form)]
            assert source.edited(edits).decode() == right
            mended += len(edits)
    assert mended > 500


def test_a_change_adds_lines_and_nothing_else(frame: Frame) -> None:
    forms = Forms(frame)
    for path in frame.documents:
        data = frame.tree.read(path)
        source, form = opened(forms, path, data)
        item = change(form, source, TODAY, "撤下", "有误: 另行发布")
        edit = source.appended(form.record, "changes", item)
        assert edit is not None, path
        after = source.edited([edit])
        assert edit.start == edit.end, path  # nothing is taken out
        assert after.decode().replace(edit.text, "", 1) == data.decode()
        before, now = fields(source), fields(opened(forms, path, after)[0])
        key = source.key_of(next(r.field for r in form.record.readers if r.field.name == "changes"))
        old = before.pop(key, [])
        assert isinstance(old, list)
        assert now.pop(key) == [*old, dict(item)]
        assert now == before


def test_sorting_moves_entries_and_changes_none(frame: Frame) -> None:
    forms, moved = Forms(frame), 0
    for path in frame.documents:
        data = frame.tree.read(path)
        source, form = opened(forms, path, data)
        edit = in_order(source, form)
        if edit is None:
            continue
        moved += 1
        after = source.edited([edit])
        again, _ = opened(forms, path, after)
        assert sorted(after.splitlines()) == sorted(data.splitlines())
        assert fields(again) == fields(source)
        assert again.text[again.end :] == source.text[source.end :]
        assert in_order(again, form) is None
    assert moved > 10
