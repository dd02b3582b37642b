"""Documents to bytes and back."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.kinds.document import Document, Table
from sitegen.kinds.encoding import decode, encode
from sitegen.kinds.kind import Constraints, Field, Kind, Kinds, TableKind

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_DAYS = st.dates()
_AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=3)
_INTEGERS = st.integers(-(10**18), 10**18)
VALUES = {
    "string": _TEXT,
    "integer": _INTEGERS,
    "number": _AMOUNTS,
    "date": _DAYS,
    "boolean": st.booleans(),
    "list": st.lists(_TEXT | _DAYS | _AMOUNTS, max_size=3),
}
FIELDS = tuple(Field(name, {"zh": name}, name) for name in VALUES)
TABLE = TableKind("t", {"zh": "表"}, FIELDS)
KINDS = Kinds((), {"k": Kind("k", {"zh": "类"}, tables=(TABLE,))})
OPEN = TableKind(
    "own",
    {"zh": "自带"},
    (
        Field("甲", {"zh": "甲"}, "number", unit="万元", scale=2, description={"zh": "说明"}),
        Field("b", {"zh": "乙"}, format="email", constraints=Constraints(required=True)),
    ),
    primary_key=("b",),
    unit="万元",
    description={"zh": "注"},
    open=True,
)

_ROWS = st.lists(st.tuples(*(st.none() | values for values in VALUES.values())), max_size=4)
_FIELDS: st.SearchStrategy[Any] = st.recursive(
    _TEXT | _DAYS | _AMOUNTS | _INTEGERS | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)


def exactly(value: Any) -> Any:
    """A value in which 12.10 and 12.1, and True and 1, are different."""
    if isinstance(value, list | tuple):
        return [exactly(item) for item in value]
    if isinstance(value, dict):
        return {name: exactly(item) for name, item in value.items()}
    return type(value), str(value)


@given(
    st.dictionaries(_TEXT, _FIELDS, max_size=4),
    _ROWS,
    st.lists(st.tuples(_AMOUNTS, _TEXT), max_size=3),
    _TEXT,
    st.none() | st.dictionaries(_TEXT, st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=3),
)
def test_what_was_encoded_comes_back_exactly(
    fields: dict[str, Any], rows: list[Any], own: list[Any], body: str, marks: Any
) -> None:
    tables = (Table(TABLE, tuple(rows), "无", "a/t.csv"), Table(OPEN, tuple(own)))
    document = Document("a/b.md", "k", fields, tables, body, 7, marks)
    again = decode(encode(document), KINDS)
    assert again == document
    assert exactly(dict(again.fields)) == exactly(fields)
    assert exactly(again.tables[0].rows) == exactly(rows)
    assert again.tables[0].kind is TABLE


def test_the_same_document_gives_the_same_bytes() -> None:
    document = Document("a.md", "k", {"on": datetime.date(2026, 3, 1), "n": Decimal("1.0")})
    assert encode(document) == encode(document)


@given(st.binary(max_size=60))
def test_damaged_bytes_are_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match="record"):
        decode(data, KINDS)


def test_a_table_that_the_kind_does_not_have_any_more_is_a_value_error() -> None:
    data = encode(Document("a.md", "k", {}, (Table(TABLE, (("甲", 1, None, None, None, None),)),)))
    with pytest.raises(ValueError, match="no table t"):
        decode(data, Kinds((), {"k": Kind("k", {"zh": "类"})}))
    narrow = TableKind("t", {"zh": "表"}, FIELDS[:2])
    with pytest.raises(ValueError, match="other columns"):
        decode(data, Kinds((), {"k": Kind("k", {"zh": "类"}, tables=(narrow,))}))
