"""Fields: located values to typed values, and back to their text."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.kinds.fields import Reading, RecordReader, parse, text_of
from sitegen.kinds.formats import Fault
from sitegen.kinds.kind import TYPES, Constraints, Field
from sitegen.kinds.scalars import text_parser
from sitegen.problems import Location
from sitegen.source.nodes import Mapping, Scalar
from sitegen.source.yamlnodes import parse_yaml


def field(type: str = "string", **keys: object) -> Field:
    return Field("x", {"zh": "项"}, type, **keys)  # type: ignore[arg-type]


def value(of: Field, text: str) -> object:
    """The value of a text, or the code of its problem."""
    found, problems = parse(of, Scalar(text, 3, 5), "a/b.md")
    for problem in problems:
        assert problem.where == Location("content/a/b.md", 3, 5)
    return problems[0].code if problems else found


def hint(of: Field, text: str) -> str:
    return parse(of, Scalar(text, 1, 1))[1][0].hint()


@pytest.mark.parametrize(
    ("type", "text", "expected"),
    [
        ("integer", "1234", 1234), ("integer", "1,234", 1234), ("integer", "１２３４", 1234),
        ("integer", "-5", -5), ("integer", "1，234", 1234), ("integer", "007", 7),
        ("integer", "1,23", "K105"), ("integer", "1.0", "K105"), ("integer", "一", "K105"),
        ("integer", "1" * 19, "K105"), ("integer", "1_000", "K105"), ("integer", "٣", "K105"),
        ("number", "12.10", Decimal("12.10")), ("number", "1,234.50", Decimal("1234.50")),
        ("number", "-0.00", Decimal("0.00")), ("number", "+3", Decimal(3)),
        ("number", "1e3", "K104"), ("number", "12.", "K104"), ("number", ".5", "K104"),
        ("number", "NaN", "K104"), ("number", "Infinity", "K104"), ("number", "12,34.5", "K104"),
        ("date", "2026-03-01", datetime.date(2026, 3, 1)),
        ("date", "2026年3月1日", datetime.date(2026, 3, 1)),
        ("date", "２０２６年３月１日", datetime.date(2026, 3, 1)),
        ("date", "2026/3/1x", "K103"), ("date", "2026-02-30", "K103"),
        ("date", "2026/3/1", "K103"),
        ("date", "2026-W01-1", "K103"), ("date", "0026-03-01", "K103"),
        ("date", "20260301", "K103"),
        ("yearmonth", "2026-03", "2026-03"), ("yearmonth", "2026年3月", "2026-03"),
        ("yearmonth", "2026-13", "K106"), ("yearmonth", "2026-3", "K106"),
        ("year", "2026", 2026), ("year", "2026年度", 2026), ("year", "26", "K107"),
        ("year", "3026", "K107"),
        ("boolean", "是", True), ("boolean", "否", False), ("boolean", "TRUE", True),
        ("boolean", "no", False), ("boolean", "1", True), ("boolean", "也许", "K108"),
        ("string", "NO", "NO"), ("string", "007", "007"), ("string", " 甲 ", "甲"),
        ("string", "第一行\n第二行", "第一行第二行"), ("string", "one\ntwo", "one two"),
        ("text", "第一行\n第二行\n", "第一行\n第二行"),
        ("reference", "../c/d.md", "c/d.md"), ("reference", "/c/d.yaml", "c/d.yaml"),
        ("reference", "d.md", "a/d.md"), ("reference", "../../d.md", "K117"),
        ("reference", "d.html", "K116"), ("reference", "https://shifan.example/d.md", "K116"),
        ("reference", "..\\d.md", "K116"), ("reference", "d.md#x", "K116"),
        ("file", "表 1.pdf", "表 1.pdf"), ("file", "./x.pdf", "x.pdf"),
        ("file", "../x.pdf", "../x.pdf"),
        ("file", "../../../x.pdf", "K117"), ("file", "x/", "K118"), ("file", "a\\x.pdf", "K118"),
        ("file", "/c/x.pdf", "/c/x.pdf"), ("file", "/../x.pdf", "K117"),
        ("string", "", None), ("date", "  ", None),
    ],
)  # fmt: skip
def test_texts_become_values_of_their_type(type: str, text: str, expected: object) -> None:
    found = value(field(type), text)
    assert (found, found.__class__) == (expected, expected.__class__)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2026/3/1x", "2026-03-01"),
        ("2026.12.31", "2026-12-31"),
        ("20260301", "2026-03-01"),
        ("2026-2-30", "2026-03-01"),
        ("明天", "2026-03-01"),
        ("2025年3月", "2026-03-01"),
    ],
)
def test_a_bad_date_comes_with_the_right_form(text: str, right: str) -> None:
    assert hint(field("date"), text) == f"write it as year, month and day: {right}"


def test_spreadsheets_may_write_dates_their_way() -> None:
    in_sheet = text_parser(field("date"), in_sheet=True)
    day = datetime.date(2026, 3, 1)
    assert [in_sheet(text, "") for text in ("2026/3/1", "2026/3/1 0:00", "2026.03.01")] == [day] * 3
    assert isinstance(in_sheet("2026/2/30", ""), Fault)
    assert isinstance(in_sheet("2026/3-1", ""), Fault)


def test_an_amount_with_its_unit_is_told_to_drop_it() -> None:
    assert hint(field("number", unit="万元"), "12.5万元") == (
        "write 12.5 without the unit; the unit here is 万元"
    )
    assert value(field("number", unit="%"), "12.5％") == Decimal("12.5")
    assert value(field("number"), "12.5%") == "K104"


class TestEnum:
    """Codes, labels, and what is near them."""

    codes = field(
        "enum", labels={"01": {"zh": "行政许可", "en": "Permit"}, "20": {"zh": "公共服务"}}
    )

    @pytest.mark.parametrize("text", ["01", "行政许可", "Permit", "permit", "０１", "行政 许可"])
    def test_code_or_label_gives_the_code(self, text: str) -> None:
        assert value(self.codes, text) == "01"

    def test_an_unknown_word_is_told_the_nearest(self) -> None:
        assert hint(self.codes, "行政许").startswith("did you mean 行政许可?")
        assert hint(self.codes, "其他") == "write one of: 行政许可、公共服务"


class TestConstraints:
    """Each limit, at its border and beyond."""

    @pytest.mark.parametrize(
        ("type", "limits", "text", "code"),
        [
            ("integer", Constraints(minimum="1", maximum="9"), "1", None),
            ("integer", Constraints(minimum="1"), "0", "K111"),
            ("number", Constraints(maximum="9.5"), "9.51", "K112"),
            ("date", Constraints(minimum="2026-01-01"), "2025-12-31", "K111"),
            ("yearmonth", Constraints(maximum="2026-06"), "2026-07", "K112"),
            ("string", Constraints(max_length=2), "甲乙", None),
            ("string", Constraints(max_length=2), "甲乙丙", "K114"),
            ("string", Constraints(min_length=2), "甲", "K113"),
            ("string", Constraints(pattern="[a-z]+"), "abc", None),
            ("string", Constraints(pattern="[a-z]+"), "abc1", "K115"),
            ("string", Constraints(pattern="a", max_length=1), "b", "K115"),
            ("string", Constraints(enum=("甲", "乙")), "丙", "K109"),
            ("integer", Constraints(enum=("1", "2")), "2", None),
            ("integer", Constraints(enum=("1", "2")), "3", "K109"),
        ],
    )
    def test_limit(self, type: str, limits: Constraints, text: str, code: str | None) -> None:
        found = value(field(type, constraints=limits), text)
        assert found == code if code else not str(found).startswith("K")


def record(text: str, *fields: Field, lenient: bool = False) -> tuple[dict[str, object], list[str]]:
    """Values and problems (``line:column code``) of a YAML mapping."""
    node, problems = parse_yaml(text, "content/a.yaml")
    assert not problems
    assert isinstance(node, Mapping)
    reading = Reading("a.yaml", lenient=lenient)
    values = RecordReader(fields).read(node, reading)
    found = [f"{p.where.line}:{p.where.column} {p.code}" for p in reading.problems if p.where]
    return values, found


TITLE = Field("title", {"zh": "标题", "en": "Title"}, constraints=Constraints(required=True))
DATE = Field("published_on", {"zh": "发布日期"}, "date", aliases=("发布时间",))
WORDS = Field("keywords", {"zh": "关键词"}, "list")
FILES = Field(
    "files",
    {"zh": "附件"},
    "list",
    item=Field(
        "item",
        {"zh": ""},
        "object",
        fields=(
            Field("file", {"zh": "文件"}, "file", constraints=Constraints(required=True)),
            Field("note", {"zh": "说明"}),
        ),
    ),
)


class TestRecord:
    """A mapping whose keys are names, titles or aliases."""

    @pytest.mark.parametrize("key", ["title", "标题", "Title", "TITLE", "标 题"])
    def test_a_key_may_be_written_in_any_known_way(self, key: str) -> None:
        assert record(f"{key}: 甲", TITLE) == ({"title": "甲"}, [])

    def test_an_alias_is_as_good(self) -> None:
        values, problems = record("标题: 甲\n发布时间: 2026-03-01", TITLE, DATE)
        assert values["published_on"] == datetime.date(2026, 3, 1)
        assert problems == []

    def test_a_title_goes_before_the_alias_of_another_field(self) -> None:
        name = Field("name", {"zh": "名称"})
        other = Field("other", {"zh": "别的"}, aliases=("名称",))
        assert record("名称: 甲", other, name)[0] == {"name": "甲"}

    def test_an_unknown_key_is_told_the_nearest(self) -> None:
        node, _ = parse_yaml("标题: 甲\n发布日: 2026-03-01\ntitel: 乙", "content/a.yaml")
        assert isinstance(node, Mapping)
        reading = Reading("a.yaml")
        RecordReader((TITLE, DATE)).read(node, reading)
        assert [(p.where and p.where.line, p.hint()) for p in reading.problems] == [
            (2, "did you mean 发布日期?"),
            (3, "did you mean title?"),
        ]

    def test_one_field_under_two_keys_is_an_error_at_the_second(self) -> None:
        assert record("title: 甲\n标题: 乙", TITLE) == ({"title": "甲"}, ["2:1 K152"])

    def test_a_missing_field_is_told_at_the_beginning(self) -> None:
        assert record("发布日期: 2026-03-01", TITLE, DATE)[1] == ["1:1 K101"]

    def test_a_blank_field_is_told_at_its_key(self) -> None:
        assert record("发布日期: 2026-03-01\n标题:", TITLE, DATE)[1] == ["2:1 K101"]

    def test_a_wrong_field_is_not_called_missing_too(self) -> None:
        required = Field("on", {"zh": "日期"}, "date", constraints=Constraints(required=True))
        assert record("日期: 明天", required)[1] == ["1:5 K103"]
        assert record("日期: [a]", required)[1] == ["1:5 K102"]

    def test_drafts_may_leave_all_but_the_title_open(self) -> None:
        required = Field("on", {"zh": "日期"}, "date", constraints=Constraints(required=True))
        assert record("其他: 1", TITLE, required, Field("o", {"zh": "其他"}), lenient=True)[1] == [
            "1:1 K101"
        ]

    def test_a_single_value_is_a_list_of_one(self) -> None:
        assert record("关键词: 甲", WORDS)[0] == {"keywords": ["甲"]}
        assert record("关键词: [甲, 乙]", WORDS)[0] == {"keywords": ["甲", "乙"]}

    def test_blank_and_nested_items_are_errors_at_their_place(self) -> None:
        assert record("关键词:\n  - 甲\n  -\n  - [乙]", WORDS)[1] == ["3:4 K122", "4:5 K121"]

    def test_an_object_may_be_written_as_its_first_field(self) -> None:
        values, problems = record("附件:\n  - 表.pdf\n  - {文件: 文.pdf, 说明: 丙}", FILES)
        assert values == {"files": [{"file": "表.pdf"}, {"file": "文.pdf", "note": "丙"}]}
        assert problems == []

    def test_parts_of_objects_have_their_own_problems(self) -> None:
        text = "附件:\n  - {说明: 丙}\n  - {文件: a/, 备注: 丁}\n  - [x]"
        assert record(text, FILES)[1] == ["2:5 K101", "3:10 K118", "3:14 K150", "4:5 K121"]

    def test_a_mapping_where_a_text_is_wanted(self) -> None:
        assert record("标题: {a: b}", TITLE)[1] == ["1:5 K102"]


def _texts() -> st.SearchStrategy[str]:
    alphabet = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="；;")
    return st.text(alphabet, min_size=1, max_size=30).map(str.strip).filter(bool)


VALUES = {
    "string": _texts(),
    "text": _texts(),
    "integer": st.integers(-(10**18) + 1, 10**18 - 1),
    "number": st.decimals(-(10**12), 10**12, places=4),
    "date": st.dates(min_value=datetime.date(1900, 1, 1)),
    "yearmonth": st.dates(min_value=datetime.date(1900, 1, 1)).map(lambda day: f"{day:%Y-%m}"),
    "year": st.integers(1900, 2199),
    "boolean": st.booleans(),
}  # fmt: skip


@pytest.mark.parametrize("type", sorted(VALUES))
@given(data=st.data())
def test_the_canonical_text_reads_back_as_the_value(type: str, data: st.DataObject) -> None:
    of = field(type)
    wanted = data.draw(VALUES[type])
    found, problems = parse(of, Scalar(text_of(of, wanted), 1, 1))
    assert problems == ()
    assert found == wanted
    assert text_of(of, found) == text_of(of, wanted)  # 12.10 stays 12.10


@given(st.lists(st.dates(min_value=datetime.date(1900, 1, 1)), min_size=1, max_size=5))
def test_lists_in_cells_read_back(days: list[datetime.date]) -> None:
    of = field("list", item=field("date"))
    assert text_parser(of, in_sheet=True)(text_of(of, days), "") == days


@given(st.sampled_from(sorted(set(TYPES) - {"enum", "object"})), st.text(max_size=80))
def test_no_text_raises(type: str, text: str) -> None:
    parse(field(type), Scalar(text, 1, 1), "a/b.md")
    if type != "object" and text.strip():
        text_parser(field(type), in_sheet=True)(text.strip(), "a/b.md")
