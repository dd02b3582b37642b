"""``site.yaml`` and ``_column.yaml`` as settings and columns."""

from __future__ import annotations

import pytest
from making import KEPT, card, day, line, made

from sitegen.config import Figure, Settings
from sitegen.kinds.loading import load_kinds
from sitegen.kinds.reading import read_mapping
from sitegen.site.cards import ColumnCard
from sitegen.site.settings import column_of, settings_of

SITE = """\
网站名称: 示范经济开发区政务公开
short_name: 示范经开区
网址: https://xxgk.shifan.example/a/
语言: en
标识:
  主办单位: 管委会
  电话: 0999-86660001
限制: {publish_days: 15, max_file_bytes: 1000}
变更记录: {起始日期: 2026-12-01, 允许相差天数: 0}
日历: {extra_holidays: [2026-07-02, 2026-07-01]}
home_columns: [/tzgg/, xxgk]
数说:
  - {名称: 行政审批事项, 数值: "34", 单位: 项, 来源: /xxgk/a.md}
a20: {a20_14: 由市人社局公开}
"""


def read(text: str) -> tuple[Settings, list[str]]:
    kinds, _ = load_kinds(())
    values, problems = read_mapping("site.yaml", text.encode(), kinds.site)
    assert values is not None
    assert [line(p) for p in problems] == []
    settings, found = settings_of(values.fields, values.marks)
    return settings, [line(p) for p in found]


def test_everything_that_site_yaml_says() -> None:
    settings, problems = read(SITE)
    assert problems == []
    assert (settings.name, settings.short_name) == ("示范经济开发区政务公开", "示范经开区")
    assert (settings.base_url, settings.language) == ("https://xxgk.shifan.example/a/", "en")
    assert (settings.identity.sponsor, settings.identity.phone) == ("管委会", "0999-86660001")
    assert (settings.publish_days, settings.max_file_bytes) == (15, 1000)
    assert (settings.history_start, settings.history_tolerance_days) == (day("2026-12-01"), 0)
    assert settings.extra_holidays == (day("2026-07-01"), day("2026-07-02"))
    assert settings.home_columns == ("tzgg", "xxgk")
    assert settings.figures == (Figure("行政审批事项", "34", "项", "", "xxgk/a.md"),)
    assert settings.a20 == {"a20_14": "由市人社局公开"}
    assert (settings.timezone, settings.theme) == ("Asia/Shanghai", "default")


def test_defaults_stand_in_for_all_that_is_left_out() -> None:
    assert settings_of({"name": "示范"}) == (Settings("示范"), ())
    assert settings_of({}) == (Settings(""), ())


def test_values_that_cannot_be_used_are_located_and_replaced() -> None:
    settings, problems = read(
        "name: 示范\ntimezone: Asia/Beijing\nbase_url: http://xxgk.shifan.example\ntheme: ../x\n"
    )
    assert problems == [
        'content/site.yaml:2:11 C101: "Asia/Beijing" is not a time zone',
        'content/site.yaml:3:11 C102: the address of the site "http://xxgk.shifan.example" must '
        "begin with https:// and end in /",
        'content/site.yaml:4:8 C105: "../x" cannot be the name of a theme',
    ]
    assert (settings.timezone, settings.base_url, settings.theme) == (
        "Asia/Shanghai",
        "",
        "default",
    )


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("https://a.example/", True),
        ("https://a.example:8443/x/y/", True),
        ("http://localhost:8000/", True),
        ("https://a.example/x", False),
        ("https://a.example", False),
        ("https://a.example/?x=/", False),
        ("https://", False),
        ("//a.example/", False),
    ],
)
def test_addresses_of_sites(value: str, right: bool) -> None:
    settings, problems = settings_of({"name": "x", "base_url": value})
    assert (settings.base_url == value, problems == ()) == (right, right)


def test_the_hint_mends_the_address() -> None:
    _, (problem,) = settings_of({"name": "x", "base_url": "http://xxgk.shifan.example/a"})
    assert problem.hint() == "write https://xxgk.shifan.example/a/"


def test_columns_and_sources_that_the_settings_name_must_exist() -> None:
    settings = Settings(
        "示范",
        home_columns=("news", "tzg"),
        service_columns=("bsfw",),
        figures=(Figure("事项", "34", link="/news/b.md"), Figure("户", "1", link="news/a.md")),
    )
    columns = [ColumnCard("news", "要闻", **KEPT), ColumnCard("tzgg", "公告", **KEPT)]
    marks = {"home_columns.1": (7, 20), "service_columns": (8, 18), "figures.0.link": (10, 3)}
    assert made([card("news/a.md")], columns, settings=settings, settings_marks=marks)[1] == [
        'content/site.yaml:7:20 C103: 首页栏目: there is no column "tzg"',
        'content/site.yaml:8:18 C103: 服务栏目: there is no column "bsfw"',
        'content/site.yaml:10:3 C104: key figure "事项": there is no document "news/b.md" '
        "(news/a.md?)",
    ]


COLUMN = """\
名称: 政策文件
slug: zcwj
type: [信息公开, 政策文件]
关键词: [政策]
责任部门: 党政办公室
update_rule: 归档
最长更新间隔: 183
a20_class: a20_01
status: archived
归档日期: 2026-01-01
归档原因: 机构改革
block: content
order: 3
page_size: 10
sort: 按排序
hidden: 是
kind: policy
aliases: [zwgk/zcwj/, old.html]
"""


def test_everything_that_a_column_says() -> None:
    kinds, _ = load_kinds(())
    values, problems = read_mapping("a/_column.yaml", COLUMN.encode(), kinds.column)
    assert values is not None
    assert [line(p) for p in problems] == []
    column = column_of("a", values.fields, values.marks)
    assert column.marks["slug"] == (2, 7)
    assert column == ColumnCard(
        path="a",
        name="政策文件",
        slug="zcwj",
        type="信息公开,政策文件",
        keywords=("政策",),
        owner="党政办公室",
        update_rule="archived",
        max_gap_days=183,
        a20_class="a20_01",
        status="archived",
        archived_on=day("2026-01-01"),
        archived_reason="机构改革",
        block="content",
        order=3,
        page_size=10,
        sort="order",
        hidden=True,
        kind="policy",
        aliases=(("zwgk/zcwj/", (18, 11)), ("old.html", (18, 23))),
        marks=column.marks,
    )


def test_a_column_that_says_nothing_has_the_name_of_its_folder() -> None:
    assert column_of("a/b", {}) == ColumnCard("a/b", "b")
