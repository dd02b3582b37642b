"""Values as people read them, tables of many rows, words and dates."""

# ruff: noqa: E501 - cases read best as one line each

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config import Settings
from sitegen.kinds.document import Table
from sitegen.kinds.kind import Field, Kinds, TableKind
from sitegen.render.places import Spot
from sitegen.render.tables import TableView
from sitegen.render.theme import load_theme
from sitegen.render.values import block, cell_texts, inline, number_text
from sitegen.render.words import TERMS
from sitegen.site.cards import Card
from sitegen.site.site import Attachment, Column, Entry, Site

WORDS = {language: load_theme(None, "default", language)[0].words for language in ("zh-CN", "en")}


def field(type: str = "string", name: str = "x", **more: Any) -> Field:
    return Field(name, {"zh": more.pop("zh", "栏"), "en": "Column"}, type, **more)


def spot(language: str = "zh-CN") -> Spot:
    policy = Card(path="zc/a.md", kind="policy", title="办法 <1>", doc_no="示开管发〔2026〕1号")
    form = Attachment(
        "zc/b/表.docx", "zc/b/biao.docx", "申请表", "申请表.docx", 2048, "00", "application/x"
    )
    site = Site(
        Settings(name="站"), Kinds((), {}), datetime.date(2026, 11, 23),
        {"zc": Column("zc", "zc/", "政策", None)},
        {"zc/a.md": Entry(policy, "zc/a.html", "zc")},
    )  # fmt: skip
    return Spot(site, WORDS[language], "../", ("zc/b", "zc"), (form,))


class TestNumbers:
    @pytest.mark.parametrize(
        ("written", "shown"),
        [("0.00", "0.00"), ("999", "999"), ("1000", "1,000"), ("-1234567.80", "-1,234,567.80"),
         ("1E+3", "1,000"), ("-0.50", "-0.50"), ("12345678901234567890.12", "12,345,678,901,234,567,890.12")],
    )  # fmt: skip
    def test_show_what_was_written_with_separators(self, written: str, shown: str) -> None:
        assert number_text(Decimal(written)) == shown

    def test_are_filled_up_to_their_scale_and_never_rounded(self) -> None:
        assert number_text(Decimal("3"), 2) == "3.00"
        assert number_text(Decimal("3.14159"), 2) == "3.14159"

    @given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
    def test_keep_their_value(self, number: Decimal) -> None:
        assert Decimal(number_text(number).replace(",", "")) == number


class TestValues:
    @pytest.mark.parametrize(
        ("of", "value", "html"),
        [
            (field(), "<b>", "&lt;b&gt;"),
            (field("boolean"), True, "是"),
            (field("boolean"), False, "否"),
            (field("date"), datetime.date(2026, 3, 1),
             '<time datetime="2026-03-01">2026年3月1日</time>'),
            (field("yearmonth"), "2026-03", '<time datetime="2026-03">2026年3月</time>'),
            (field("year"), 2026, "2026"),
            (field("enum", labels={"01": {"zh": "行政许可"}}), "01", "行政许可"),
            (field("enum"), "废止", "废止"),
            (field("list", item=field()), ["a", "<b>"], "a、&lt;b&gt;"),
            (field("reference"), "zc/a.md", '<a href="../zc/a.html">办法 &lt;1&gt;</a>'),
            (field("reference"), "zc/secret.md", ""),
            (field("file"), "表.docx", '<a href="../zc/b/biao.docx" download="申请表.docx">申请表</a>'
             ' <span class="size">DOCX 2.0 KB</span>'),
            (field("file"), "没有.docx", ""),
            (field(format="uri"), "https://a.example/?x=1&y=2",
             '<a href="https://a.example/?x=1&amp;y=2" rel="noopener">'
             "https://a.example/?x=1&amp;y=2</a>"),
            (field(format="uri"), "javascript:alert(1)", "javascript:alert(1)"),
            (field("object", fields=(field(name="a", zh="甲"), field("integer", "b", zh="乙", unit="份"),
                                     field(name="c", private=True))),
             {"a": "一", "b": 2, "c": "身份证号"}, "甲：一；乙：2 份"),
        ],
    )  # fmt: skip
    def test_within_a_line(self, of: Field, value: Any, html: str) -> None:
        assert inline(of, value, spot()) == html

    def test_are_english_on_an_english_site(self) -> None:
        of = field("enum", labels={"1": {"zh": "即办件", "en": "At once"}})
        assert inline(of, "1", spot("en")) == "At once"
        assert inline(field("enum"), "废止", spot("en")) == "Repealed"
        assert "1 March 2026" in inline(field("date"), datetime.date(2026, 3, 1), spot("en"))

    def test_a_text_with_line_breaks_becomes_paragraphs(self) -> None:
        assert block(field("text"), "一\n\n<二>\n", spot()) == "<p>一</p><p>&lt;二&gt;</p>"

    def test_a_list_of_objects_leaves_out_private_parts(self) -> None:
        of = field("list", item=field("object", fields=(
            field(name="a", zh="甲"), field(name="b", private=True),
        )))  # fmt: skip
        html = block(of, [{"a": "一", "b": "私"}, {"b": "私"}], spot())
        assert html == (
            '<ul class="values"><li><dl class="terms"><div><dt>甲</dt><dd>一</dd></div></dl></li></ul>'
        )

    @given(st.lists(st.text()))
    def test_whole_columns_are_escaped_like_single_cells(self, texts: list[str]) -> None:
        here = spot()
        assert cell_texts(field(), texts, here) == [str(inline(field(), t, here)) for t in texts]


def table(fields: list[Field], rows: list[tuple[Any, ...]], **more: Any) -> Table:
    return Table(TableKind("fees", {"zh": "收费"}, tuple(fields), **more), tuple(rows))


class TestTables:
    def test_columns_of_texts_get_room_by_their_longest_text(self) -> None:
        fields = tuple(Field(name, {"zh": name}) for name in ("short", "link", "long"))
        view = TableView(Table(
            TableKind("t", {"zh": "表"}, fields),
            [("是", "施工许可证申请表", "字" * 30), ("<&<&<&", "", None)],
        ), spot())  # fmt: skip
        assert [h.css for h in view.grid().headings] == ["", "m", "l"]

    def test_name_their_rows_and_align_their_numbers(self) -> None:
        view = TableView(table(
            [field("integer", "seq", zh="序号"), field(name="name", zh="项目"),
             field("number", "amount", zh="金额", unit="元"), field("date", "on", zh="日期")],
            [(1, "占<道>费", Decimal("1234.50"), datetime.date(2026, 3, 1)), (2, "挖掘费", None, None)],
        ), spot())  # fmt: skip
        grid = view.grid()
        assert [(h.label, h.unit, h.css) for h in grid.headings] == [
            ("序号", "", "n"), ("项目", "", ""), ("金额", "元", "n"), ("日期", "", "d"),
        ]  # fmt: skip
        assert grid.body.splitlines() == [
            '<tr><td class="n">1</td><th scope="row">占&lt;道&gt;费</th>'
            '<td class="n">1,234.50</td><td class="d">2026-03-01</td></tr>',
            '<tr><td class="n">2</td><th scope="row">挖掘费</th>'
            '<td class="n">—</td><td class="d">—</td></tr>',
        ]

    def test_leave_out_private_columns_and_those_without_any_entry(self) -> None:
        view = TableView(table(
            [field(name="name"), field(name="id_no", private=True), field(name="note")],
            [("甲", "110101199003070011", None), ("乙", None, "")],
        ), spot())  # fmt: skip
        assert [h.name for h in view.grid().headings] == ["name"]
        assert "110101" not in view.grid().body
        assert view.records[0].get("id_no") is None
        assert [cell.text for cell in view.records[0].cells()] == ["甲"]
        assert view.rows == (("甲",), ("乙",))

    def test_indent_classified_rows_and_mark_totals(self) -> None:
        view = TableView(table(
            [field(name="func_code"), field(name="func_name"), field("number", "total")],
            [("201", "一般公共服务支出", Decimal(3)), ("20103", "办公厅", Decimal(3)),
             ("2010301", "行政运行", Decimal(3)), ("208", "社会保障", Decimal(1)),
             ("合计", None, Decimal(4))],
        ), spot())  # fmt: skip
        lines = view.grid().body.splitlines()
        assert [line.partition('class="l')[2][:1] for line in lines[:3]] == ["1", "2", "3"]
        assert lines[4].startswith('<tr class="total">')
        assert view.chart is not None
        assert "行政运行" not in view.chart.svg
        assert view.chart.svg.index("一般公共服务支出") < view.chart.svg.index("社会保障")

    def test_a_template_may_choose_columns(self) -> None:
        view = TableView(table([field(name="a"), field(name="b")], [("1", "2")]), spot())
        assert [h.name for h in view.grid("b", "nothing", "a").headings] == ["b", "a"]

    def test_an_empty_table_keeps_its_heads(self) -> None:
        empty = Table(TableKind("fees", {"zh": "收费"}, (field(name="a"),)), (), "本年无数据")
        view = TableView(empty, spot())
        assert (len(view.grid().headings), view.grid().body, view.statement) == (
            1,
            "",
            "本年无数据",
        )


class TestWords:
    def test_every_fixed_term_keeps_its_official_name_in_chinese(self) -> None:
        assert [WORDS["zh-CN"].term(term) for term in TERMS] == [*TERMS]

    def test_sizes(self) -> None:
        shown = [WORDS["en"].size(count) for count in (0, 1023, 1024, 1536, 5 << 20, 3 << 30)]
        assert shown == ["0 B", "1023 B", "1.0 KB", "1.5 KB", "5.0 MB", "3.0 GB"]

    def test_months(self) -> None:
        assert WORDS["zh-CN"].month("2026-03") == "2026年3月"
        assert WORDS["en"].month("2026-11") == "November 2026"
        assert WORDS["en"].month("2026-13") == "2026-13"
