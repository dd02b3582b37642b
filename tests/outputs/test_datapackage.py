"""Data packages that the reference validator accepts, over all types of fields."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path

import frictionless
import pytest
from handmade import entry, outputs, site, with_table, workshop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sitegen.kinds.kind import Constraints, Field
from sitegen.outputs import catalogue, downloads
from sitegen.site.site import Attachment

REQUIRED = Constraints(required=True)
EVERY_TYPE = (
    Field(
        "no", {"zh": "文书号"}, constraints=Constraints(required=True, unique=True, max_length=20)
    ),
    Field("code", {"zh": "编码"}, constraints=Constraints(pattern="a|[0-9]{3}")),
    Field("text", {"zh": "内容"}, type="text"),
    Field("count", {"zh": "件数"}, type="integer", constraints=Constraints(minimum="0")),
    Field(
        "fee", {"zh": "金额"}, type="number", unit="万元", scale=2, description={"zh": "实收金额"}
    ),
    Field(
        "rate", {"zh": "增减"}, type="number", unit="%", constraints=Constraints(minimum="-100.0")
    ),
    Field("on", {"zh": "日期"}, type="date", constraints=Constraints(minimum="2020-01-01")),
    Field("month", {"zh": "月份"}, type="yearmonth", constraints=Constraints(minimum="2020-01")),
    Field("year", {"zh": "年度"}, type="year", constraints=Constraints(maximum="2100")),
    Field("open", {"zh": "是否公开"}, type="boolean"),
    Field("state", {"zh": "状态"}, type="enum", constraints=Constraints(enum=("有效", "撤销"))),
    Field("sort", {"zh": "类别"}, type="enum", labels={"1": {"zh": "普通"}, "2": {"zh": "特许"}}),
    Field("tags", {"zh": "标签"}, type="list", item=Field("", {})),
    Field("who", {"zh": "联系"}, type="object", fields=(Field("post", {"zh": "岗位"}),)),
    Field("basis", {"zh": "依据"}, type="reference", constraints=REQUIRED),
    Field("doc", {"zh": "文书"}, type="file"),
    Field("uscc", {"zh": "统一社会信用代码"}, format="cn-uscc"),
    Field("id_no", {"zh": "证件号"}, private=True),
)
ROW = (
    "示许〔2026〕1号", "007", "第一行\n第二行，有“引号”和,逗号\"", 3, Decimal("1234.5"),
    Decimal("-12.50"),
    datetime.date(2026, 3, 1), "2026-03", 2026, True, "有效", "1", ["甲", "乙"], {"post": "窗口"},
    "xxgk/basis.md", "f.pdf", "91000000000000000X", "secret",
)  # fmt: skip
FILE = Attachment("xxgk/permits/f.pdf", "xxgk/permits/f.pdf", "批复", "批复.pdf", 1, "", "x/y")


def rows(*changes: dict[int, object]) -> list[list[object]]:
    made = []
    for number, change in enumerate(changes, 1):
        row = list(ROW)
        row[0] = f"示许〔2026〕{number}号"
        for place, value in change.items():
            row[place] = value
        made.append(row)
    return made


def written(made: dict[str, bytes], folder: Path) -> Path:
    for address, data in made.items():
        path = folder / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def problems(descriptor: Path) -> list[object]:
    report = frictionless.validate(str(descriptor))
    return report.flatten(["type", "fieldName", "note"]) + list(report.errors)


def built(tmp_path: Path, some_rows: list[list[object]], **more: object) -> Path:
    shop, _ = with_table(
        EVERY_TYPE, some_rows, primary_key=("no",), others=[entry("xxgk/basis.md", "办法")],
        attachments=(FILE,), **more,
    )  # fmt: skip
    made = outputs(downloads, shop)
    return written(made, tmp_path) / "xxgk/permits/datapackage.json"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("base_url", ["", "https://xxgk.shifan.example/"])
def test_every_type_is_valid(tmp_path, language, base_url):
    blank = {place: None for place in range(1, len(ROW)) if place != 14}
    package = built(tmp_path, rows({}, blank), language=language, base_url=base_url)
    assert problems(package) == []


def test_an_empty_table_is_valid(tmp_path):
    package = built(tmp_path, [], statement="本月没有作出许可决定。")
    assert problems(package) == []
    described = json.loads(package.read_text("utf-8"))["resources"][0]["description"]
    assert described.startswith("本月没有作出许可决定。CSV 文件")


def test_protected_texts_and_missing_references_are_valid(tmp_path):
    package = built(tmp_path, rows({1: "=1+1", 14: "xxgk/draft.md"}, {0: "-1-", 2: "@x"}))
    assert problems(package) == []


def test_it_reads_back_with_types(tmp_path):
    package = frictionless.Package(str(built(tmp_path, rows({}))))
    row = package.resources[0].read_rows()[0].to_dict()
    assert row["金额（万元）"] == Decimal("1234.50")
    assert row["增减（%）"] == Decimal("-12.50")
    assert row["日期"] == datetime.date(2026, 3, 1)
    assert row["编码"] == "007"
    assert row["是否公开"] is True
    assert row["类别"] == "1 普通"
    assert row["内容"] == ROW[2]
    assert "证件号" not in row


def test_it_tells_a_broken_file(tmp_path):
    package = built(tmp_path, rows({}))
    table = tmp_path / "xxgk/permits/decisions.csv"
    table.write_bytes(table.read_bytes().replace(b"2026-03-01", b"2026-13-01"))
    assert problems(package) != []


def test_the_descriptor_says_all_that_the_kind_says(tmp_path):
    package = json.loads(built(tmp_path, rows({})).read_text("utf-8"))
    assert package["name"] == "xxgk/permits"
    assert package["title"] == "三月行政许可决定公示"
    assert package["homepage"] == "https://xxgk.shifan.example/xxgk/permits.html"
    assert package["sources"] == [{"title": "示范经济开发区行政审批局"}]
    assert package["published_on"] == "2026-03-02"
    resource = package["resources"][0]
    assert (resource["name"], resource["path"]) == ("decisions", "decisions.csv")
    assert [other["path"] for other in resource["alternatives"]] == [
        "decisions.xlsx",
        "decisions.json",
    ]
    assert resource["schema"]["primaryKey"] == ["文书号"]
    fields = {field["jsonName"]: field for field in resource["schema"]["fields"]}
    assert fields["no"]["constraints"] == {"required": True, "unique": True, "maxLength": 20}
    assert fields["fee"] == {
        "name": "金额（万元）",
        "type": "number",
        "jsonName": "fee",
        "description": "实收金额",
        "unit": "万元",
    }
    assert fields["rate"]["constraints"] == {"minimum": -100.0}
    assert fields["state"]["constraints"] == {"enum": ["有效", "撤销"]}
    assert fields["sort"]["labels"] == {"1": "普通", "2": "特许"}
    assert fields["sort"]["constraints"] == {"enum": ["1 普通", "2 特许"]}
    assert "id_no" not in fields


def test_the_directory_is_valid(tmp_path):
    entries = [
        entry("xxgk/a.md", "=办法", summary="一\n二", formed_on=datetime.date(2026, 1, 2)),
        entry("xxgk/b.md", "公告", doc_no="示开管发〔2026〕3号", validity="有效"),
    ]
    made = outputs(catalogue, workshop(site(entries)))
    package = written(made, tmp_path) / catalogue.PACKAGE
    assert problems(package) == []


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_any_texts_are_valid(tmp_path, texts):
    shop, _ = with_table(
        [Field("a", {"zh": "甲"}), Field("b", {"zh": "乙"})], [[text, "x"] for text in texts]
    )
    made = outputs(downloads, shop)
    assert problems(written(made, tmp_path) / "xxgk/permits/datapackage.json") == []
