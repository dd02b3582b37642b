"""Kind files: the shipped ones hold, a site's own are read strictly."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.kinds.formats import FORMATS
from sitegen.kinds.kind import TYPES, Field, Kinds
from sitegen.kinds.loading import built_in, load_kinds
from sitegen.problems import Problem, Severity

BASE = """\
kind: visit
title: 走访记录
fields:
  - {name: place, title: 地点}
tables:
  visits:
    title: 走访
    schema:
      fields:
        - {name: no, title: 编号}
        - {name: cost, title: 费用, type: number}
      primaryKey: no
"""


def load(text: str, path: str = "kinds/visit.yaml") -> tuple[Kinds, tuple[Problem, ...]]:
    return load_kinds([(path, text.encode())])


def faults(text: str) -> list[str]:
    return [f"{p.where} {p.code}" for p in load(text)[1]]


def test_the_shipped_kinds_have_no_faults() -> None:
    kinds, problems = built_in()
    assert problems == ()
    assert "article" in kinds.kinds
    assert all(kind.name == name for name, kind in kinds.kinds.items())


def test_the_common_fields_are_those_of_the_design() -> None:
    common = {field.name: field for field in built_in()[0].common}
    wanted = """title kind slug draft order index_no doc_no issuer formed_on published_on
        effective_on expires_on public_until validity disclosure summary topic genre keywords
        source responsible contact attachments changes review interprets amends repeals
        replaces relates aliases a20_class catalogue_ref"""
    assert list(common) == wanted.split()
    assert [n for n, f in common.items() if f.constraints.required] == ["title", "published_on"]
    assert [n for n, f in common.items() if f.private] == ["review"]
    assert all(field.title.get("zh") for field in common.values())
    assert common["interprets"].item is not None
    assert common["interprets"].item.type == "reference"


def test_loading_gives_the_same_values_every_time() -> None:
    assert load(BASE)[0] == load(BASE)[0]
    assert built_in()[0].digest != load(BASE)[0].digest != load(BASE + "\n")[0].digest


def test_a_site_adds_a_kind() -> None:
    kinds, problems = load(BASE)
    assert problems == ()
    kind = kinds.kinds["visit"]
    assert kind.title == {"zh": "走访记录"}
    assert [field.name for field in kind.fields] == ["place"]
    (table,) = kind.tables
    assert table.primary_key == ("no",)
    assert [field.type for field in table.fields] == ["string", "number"]
    assert kind.template == "document.html"
    assert set(built_in()[0].kinds) < set(kinds.kinds)


def test_a_site_replaces_a_kind() -> None:
    kinds, problems = load("kind: article\ntitle: 文章\n")
    assert problems == ()
    assert kinds.kinds["article"].title == {"zh": "文章"}
    assert set(kinds.kinds) == set(built_in()[0].kinds)


def test_every_kind_has_the_common_rules() -> None:
    names = [rule.name for rule in load(BASE)[0].kinds["visit"].rules]
    assert names == ["not-before"] * 3


def test_a_redefined_common_field_keeps_what_is_not_written_again() -> None:
    text = "kind: visit\ntitle: 走访\nfields:\n  - {name: doc_no, constraints: {required: true}}\n"
    kinds, problems = load(text)
    assert problems == ()
    fields = {field.name: field for field in kinds.fields_of(kinds.kinds["visit"])}
    assert fields["doc_no"].format == "cn-doc-no"
    assert fields["doc_no"].title["zh"] == "文号"
    assert fields["doc_no"].aliases == ("发文字号",)
    assert fields["doc_no"].constraints.required
    assert list(fields) == [field.name for field in kinds.common]


def test_rules_are_read_with_their_parameters() -> None:
    text = BASE + "rules:\n  - {rule: not-before, field: published_on, other: formed_on, "
    text += "severity: warning, basis: 条例}\n"
    kinds, problems = load(text)
    assert problems == ()
    rule = kinds.kinds["visit"].rules[-1]
    assert rule.params == {"field": "published_on", "other": "formed_on"}
    assert (rule.severity, rule.basis) == (Severity.WARNING, "条例")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kind: visit\n", "", "1:1 K002"),
        ("kind: visit", "kind: Visit", "1:7 K010"),
        ("title: 走访记录\n", "", "1:1 K002"),
        ("title: 走访记录", "titel: 走访记录\ntitle: 甲", "2:1 K013"),
        ("title: 地点", "title: 地点, colour: red", "4:30 K001"),
        ("title: 地点", "title: 地点, type: strng", "4:36 K004"),
        ("title: 地点", "title: 地点, format: cn-usc", "4:38 K009"),
        ("title: 地点", "title: 地点, type: date, format: email", "4:50 K010"),
        ("title: 地点", "title: 地点, constraints: {pattern: '('}", "4:43 K005"),
        ("title: 地点", "title: 地点, type: date, constraints: {minimum: 明天}", "4:55 K010"),
        ("title: 地点", "title: 地点, constraints: {minimum: 1}", "4:43 K010"),
        ("title: 地点", "title: 地点, constraints: {required: ja}", "4:54 K010"),
        ("title: 地点", "title: 地点, constraints: {maxLength: -1}", "4:55 K010"),
        ("title: 地点", "title: 地点, type: enum", "4:5 K002"),
        ("title: 地点", "title: 地点, type: object", "4:5 K002"),
        ("name: place", "name: Place", "4:12 K010"),
        ("title: 地点}", "title: 地点}\n  - {name: place, title: 别的}", "4:3 K006"),
        ("title: 地点}", "title: 地点}\n  - {name: spot, title: 地点}", "4:3 K006"),
        ("title: 地点}", "title: 标题}", "4:3 K006"),
        ("  - {name: place, title: 地点}", "  place: 地点", "4:3 K003"),
        ("primaryKey: no", "primaryKey: [no, yes]", "12:24 K011"),
        ("visits:\n", "走访:\n", "6:3 K010"),
        ("    schema:\n", "    scheme:\n", "7:5 K002 8:5 K013"),
    ],
)
def test_a_fault_is_located(old: str, new: str, expected: str) -> None:
    assert old in BASE
    found = faults(BASE.replace(old, new, 1))
    assert found == [
        f"content/kinds/visit.yaml:{place} {code}"
        for place, code in zip(*[iter(expected.split())] * 2, strict=True)
    ]


def test_an_unknown_rule_and_an_unknown_field_of_a_rule_are_faults() -> None:
    text = BASE + "rules:\n  - {rule: not-befor, field: a}\n"
    text += "  - {rule: not-before, field: place, other: nowhere}\n"
    places = [fault.split()[0] for fault in faults(text)]
    assert [place.split(":")[1] for place in places] == ["14", "15"]


def test_two_files_for_one_kind_are_an_error() -> None:
    _, problems = load_kinds([("kinds/a.yaml", BASE.encode()), ("kinds/b.yaml", BASE.encode())])
    assert [str(p.where) for p in problems] == ["content/kinds/b.yaml:1:1"]


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"- a\n", b"kind: [a]\n", b"a: b: c\n", b"text"]
)
def test_a_file_that_is_no_kind_is_a_problem(data: bytes) -> None:
    kinds, problems = load_kinds([("kinds/a.yaml", data)])
    assert problems
    assert set(kinds.kinds) == {*built_in()[0].kinds, "a"}, "a stand-in is called like the file"
    assert kinds.faulty == {"a"}


_KEYS = (
    "kind", "title", "fields", "name", "type", "constraints", "enum", "labels", "item", "tables",
    "t", "schema", "rules", "rule", "field", "primaryKey", "pattern", "minimum", "zh", "aliases",
)  # fmt: skip
_YAML = st.recursive(
    st.sampled_from(["a", "''", "true", "7", "string", "enum", "not-before", "["]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(
            st.sampled_from(_KEYS),
            inner,
            max_size=4,
        ).map(lambda parts: "{" + ", ".join(f"{k}: {v}" for k, v in parts.items()) + "}"),
    ),
    max_leaves=12,
)


@given(_YAML)
def test_no_kind_file_raises(text: str) -> None:
    load_kinds([("kinds/a.yaml", f"kind: a\ntitle: 甲\nfields: {text}\ntables: {text}\n".encode())])
    load_kinds([("kinds/a.yaml", text.encode())])


def test_the_format_reference_names_every_type_format_and_key() -> None:
    text = (Path(__file__).parents[2] / "docs" / "kinds.md").read_text(encoding="utf-8")
    words = [*TYPES, *FORMATS, *(field.name for field in fields(Field)), "open_tables"]
    assert [word for word in words if f"`{word}`" not in text and f"{word}:" not in text] == []
