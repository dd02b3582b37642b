"""JSON Schema of kinds, sites and columns."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft7Validator

from sitegen.authoring.schema import json_schema
from sitegen.kinds.loading import load_kinds

KINDS, _ = load_kinds()
NAMES = [*KINDS.kinds, "site", "column"]

GOOD: dict[str, Any] = {
    "标题": "关于试行的通知",
    "published_on": "2026-03-01",
    "类型": "信息",
    "成文日期": "2026年2月27日",
    "关键词": ["甲", "乙"],
    "附件": ["表.docx", {"文件": "文.pdf", "title": "丙"}],
    "changes": [{"日期": "2026-04-01", "act": "修订"}],
    "年度": 2026,
    "草稿": "否",
    "正文": "# 标题",
    "表格": {"a": {"标题": "甲", "字段": ["事项", {"数量": "integer"}], "数据": [["一", 2]]}},
}


def errors(name: str, data: Any) -> list[str]:
    """Where the data do not fit the schema."""
    found = Draft7Validator(json_schema(KINDS, name)).iter_errors(data)
    return sorted("/".join(map(str, error.absolute_path)) for error in found)


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_is_a_valid_schema(name: str) -> None:
    Draft7Validator.check_schema(json_schema(KINDS, name))


def test_a_good_article_fits() -> None:
    assert errors("article", GOOD) == []


@pytest.mark.parametrize(
    ("key", "value", "where"),
    [
        ("标题", None, "标题"),
        ("不知道", 1, ""),
        ("成文日期", "2026/2/27", "成文日期"),
        ("类型", "policy", "类型"),
        ("草稿", "也许", "草稿"),
        ("changes", [{"日期": "2026-04-01", "act": "改"}], "changes"),
        ("附件", [{"title": "丙"}], "附件"),
        ("年度", "去年", "年度"),
        ("网址名", "Zhinan", "网址名"),
        ("文号", "示开管发[2026]3号", "文号"),
    ],
)
def test_a_fault_is_found(key: str, value: Any, where: str) -> None:
    assert errors("article", GOOD | {key: value}) == [where]


def test_required_fields_may_be_written_in_any_known_way_but_not_left_out() -> None:
    assert errors("article", {"名称": "甲", "公开日期": "2026-03-01"}) == []
    assert errors("article", {"标题": "甲"}) == [""]
    assert errors("article", {"标题": "甲", "草稿": True}) == []
    assert errors("article", {"草稿": True}) == [""]


def test_titles_and_descriptions_are_shown() -> None:
    shown = json_schema(KINDS, "article")["definitions"]["index_no"]
    assert shown["title"] == "索引号"
    assert "统一社会信用代码" in shown["description"]


def test_codes_and_labels_of_an_enum_are_offered() -> None:
    rule = json_schema(KINDS, "column")["definitions"]["update_rule"]
    assert {"standing", "长期", "on_event", "随时"} <= set(rule["enum"])


@pytest.mark.parametrize("name", [n for n, kind in KINDS.kinds.items() if kind.tables])
def test_tables_may_stand_under_name_or_title_as_rows_or_file(name: str) -> None:
    table = KINDS.kinds[name].tables[0]
    schema = json_schema(KINDS, name)
    assert schema["properties"][table.name] == schema["properties"][table.title["zh"]]
    assert table.title["zh"] in schema["properties"]["表格"]["properties"]
    one = Draft7Validator(schema | {"$ref": f"#/definitions/table:{table.name}"})
    assert one.is_valid("a.xlsx")
    assert one.is_valid({"文件": "a.csv", "工作表": "甲", "表头行": 3})
    assert one.is_valid({"空表说明": "没有。"})
    assert not one.is_valid([{"没有这一列": 1}])
    assert not one.is_valid("a.doc")


def test_site_and_column() -> None:
    assert errors("column", {"名称": "政策", "更新方式": "随时", "最长更新间隔": 90}) == []
    assert errors("column", {"更新方式": "有时"}) == ["", "更新方式"]
    assert errors("site", {"name": "示范", "标识": {"网站标识码": "0000000001"}}) == []
    assert errors("site", {"name": "示范", "标识": {"电话号": "1"}}) == ["标识"]


def test_an_unknown_kind_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        json_schema(KINDS, "nothing")
