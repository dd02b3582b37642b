"""Fixing mends what was certainly meant, shows it, and touches nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from writing import errors_of_build, frame, get, make_site, put

from sitegen.authoring.fix import Fixed, fix, write
from sitegen.authoring.layout import read_source, scalar, spliced
from sitegen.authoring.mending import mended
from sitegen.cli import main
from sitegen.kinds.kind import Field


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_site(tmp_path / "mysite")


def fixed(root: Path, *paths: str, sort: bool = False) -> Fixed:
    """Fix the files, and see that a second time finds nothing."""
    known = frame(root)
    found = fix(known, paths, sort=sort)
    write(known.tree, found)
    again = fix(frame(root), paths, sort=sort)
    assert (again.mends, again.files, again.renamed) == ((), {}, {})
    return found


HEAD = "标题: 甲\n发布日期: 2026-03-01\n"


class TestValues:
    @pytest.mark.parametrize(
        ("type", "format", "written", "meant"),
        [
            ("date", None, "2026/3/1", "2026-03-01"),
            ("date", None, "2026.03.1", "2026-03-01"),
            ("date", None, "2026-3-1", "2026-03-01"),
            ("date", None, "２０２６／３／１", "2026-03-01"),
            ("date", None, "２０２６年３月１日", "2026年3月1日"),
            ("yearmonth", None, "2026/3", "2026-03"),
            ("integer", None, "１２", "12"),
            ("number", None, "１，２３４．５０", "1,234.50"),
            ("string", "cn-doc-no", "示开管发[2026]03号", "示开管发〔2026〕3号"),
            ("string", "cn-doc-no", "示开管发（２０２６）第3号", "示开管发〔2026〕3号"),
            ("string", "cn-phone", "（0999）86660001", "0999-86660001"),
            ("string", "cn-uscc", "１１00 0000 1234 5678 83", "110000001234567883"),
        ],
    )
    def test_what_was_meant_is_written(
        self, type: str, format: str | None, written: str, meant: str
    ) -> None:
        field = Field("f", {"zh": "甲"}, type, format)
        assert mended(field, written) == meant
        assert mended(field, meant) is None

    @pytest.mark.parametrize(
        ("type", "format", "written"),
        [
            ("date", None, "3/1/2026"),
            ("date", None, "2026/2/30"),
            ("date", None, "2026/3/1x"),
            ("date", None, "2026年3月1日"),
            ("date", None, "三月一日"),
            ("number", None, "12.5万"),
            ("string", "cn-doc-no", "示开管发3号"),
            ("string", "cn-uscc", "11000000123456788O"),
            ("string", None, "２０２６／３／１"),
            ("text", None, "示开管发[2026]03号"),
        ],
    )
    def test_what_is_not_certain_stays(self, type: str, format: str | None, written: str) -> None:
        assert mended(Field("f", {"zh": "甲"}, type, format), written) is None

    def test_everything_else_stays_byte_for_byte(self, site: Path) -> None:
        before = (
            "\ufeff---\r\n"
            "# 说明： 2026/3/1\r\n"
            "标题:   甲 # 2026/3/1\r\n"
            "发布日期: '2026/3/1'   # 日期\r\n"
            "\r\n"
            '成文日期:\t"2026/2/27"\r\n'
            "联系方式: {电话: [（0999）86660001,  0999-86660002 ], 地址: 2026/3/1}\r\n"
            "变更:\r\n"
            "  -   日期: 2026/4/1   \r\n"
            "      事项: 修订\r\n"
            "---\r\n"
            "正文 2026/3/1\n没有回车。"
        )
        put(site, "tzgg/a.md", before)
        found = fixed(site)
        after = before
        for old, new in (
            ("'2026/3/1'", "'2026-03-01'"),
            ('"2026/2/27"', '"2026-02-27"'),
            ("（0999）86660001", "0999-86660001"),
            ("日期: 2026/4/1", "日期: 2026-04-01"),
        ):
            after = after.replace(old, new)
        assert get(site, "tzgg/a.md") == after
        assert [(m.line, m.column, m.title, m.before) for m in found.mends] == [
            (4, 8, "发布日期", "2026/3/1"),
            (6, 8, "成文日期", "2026/2/27"),
            (7, 13, "联系电话", "（0999）86660001"),
            (9, 11, "日期", "2026/4/1"),
        ]

    def test_rows_in_the_file_are_mended_too(self, site: Path) -> None:
        put(
            site,
            "tzgg/a.yaml",
            HEAD + "表格:\n  t:\n    标题: 乙\n    字段: [{日: date}, 名]\n"
            "    数据:\n      - [2026/3/1, 2026/3/1]\n      - {日: 2026.3.2, 名: 2026/3/1}\n",
        )
        fixed(site)
        assert "- [2026-03-01, 2026/3/1]\n" in get(site, "tzgg/a.yaml")
        assert "- {日: 2026-03-02, 名: 2026/3/1}\n" in get(site, "tzgg/a.yaml")
        assert errors_of_build(site) == 0

    def test_settings_and_columns_are_mended_too(self, site: Path) -> None:
        put(site, "tzgg/_column.yaml", get(site, "tzgg/_column.yaml") + "开设日期: 2026/1/1\n")
        put(site, "site.yaml", get(site, "site.yaml") + "history: {start: 2026/12/1}\n")
        fixed(site)
        assert get(site, "tzgg/_column.yaml").endswith("开设日期: 2026-01-01\n")
        assert get(site, "site.yaml").endswith("history: {start: 2026-12-01}\n")


class TestColons:
    def test_after_a_known_key_they_are_mended(self, site: Path) -> None:
        put(
            site,
            "tzgg/a.md",
            "---\n标题：关于“甲：乙”的通知\n发布日期:2026-03-01 # 日\n内容概述： 有: 冒号  \n"
            "联系方式:\n  电话：0999-86660001\n变更:\n- 日期：2026-04-01\n  事项：修订\n"
            "---\n文：字\n",
        )
        found = fixed(site)
        assert get(site, "tzgg/a.md") == (
            '---\n标题: 关于“甲：乙”的通知\n发布日期: 2026-03-01 # 日\n内容概述: "有: 冒号"  \n'
            "联系方式:\n  电话: 0999-86660001\n变更:\n- 日期: 2026-04-01\n  事项: 修订\n"
            "---\n文：字\n"
        )
        assert len(found.mends) == 6
        assert errors_of_build(site) == 0

    def test_after_an_unknown_key_nothing_is_touched(self, site: Path) -> None:
        put(site, "tzgg/a.md", "---\n标题：甲\n发布日期: 2026/3/1\n不认识：乙\n---\n")
        found = fix(frame(site))
        assert (found.mends, found.files) == ((), {})
        assert [p.where.line for p in found.problems if p.where] == [2, 4]


class TestUnreadable:
    @pytest.mark.parametrize(
        "data",
        [
            "---\n标题: [甲\n发布日期: 2026/3/1\n---\n".encode(),
            "---\n标题: 甲\n发布日期: 2026/3/1\n".encode(),
            "---\n标题: 甲\n标题: 乙\n发布日期: 2026/3/1\n---\n".encode(),
            "---\n标题: 甲\x07\n发布日期: 2026/3/1\n---\n".encode(),
            "---\n标题: 甲\n发布日期: 2026/3/1\n---\n".encode("gb18030"),
            b"\xff\xfe\x00",
            b"",
        ],
    )
    def test_what_cannot_be_read_is_never_touched(self, site: Path, data: bytes) -> None:
        put(site, "tzgg/a.md", data)
        found = fix(frame(site), sort=True)
        assert "tzgg/a.md" not in found.files
        write(frame(site).tree, found)
        assert (site / "content/tzgg/a.md").read_bytes() == data
        assert main(["fix", "-C", str(site), "--quiet"]) == (1 if data else found.problems != ())

    def test_a_document_of_an_unknown_kind_is_left_alone(self, site: Path) -> None:
        put(site, "tzgg/a.yaml", HEAD + "类型: 怪\n成文日期: 2026/3/1\n")
        assert fix(frame(site)).files == {}


class TestSlugs:
    def test_missing_ones_are_written_below_the_title(self, site: Path) -> None:
        put(site, "tzgg/关于停水的通知.md", "---\n标题: 停水 # 注\n发布日期: 2026-03-01\n---\n文\n")
        put(site, "tzgg/b.yaml", "published_on: 2026-03-01\ntitle: x\n")
        put(site, "tzgg/乙.yaml", "published_on: 2026-03-01\ntitle: x")
        put(site, "公告/_column.yaml", COLUMN_WITHOUT_SLUG)
        fixed(site)
        assert get(site, "tzgg/关于停水的通知.md").startswith(
            "---\n标题: 停水 # 注\n网址名: guan-yu-ting-shui-de-tong-zhi\n发布日期"
        )
        assert get(site, "tzgg/乙.yaml") == "published_on: 2026-03-01\ntitle: x\nslug: yi"
        assert get(site, "公告/_column.yaml").startswith("名称: 公告\n网址名: gong-gao\n")
        assert errors_of_build(site) == 0

    def test_no_two_are_the_same(self, site: Path) -> None:
        put(site, "tzgg/通知.md", f"---\n{HEAD}---\n文\n")
        put(site, "tzgg/同志.md", f"---\n{HEAD}网址名:\n---\n文\n")
        put(site, "tzgg/tong-zhi.md", f"---\n{HEAD}---\n文\n")
        put(site, "tzgg/a.md", f"---\n{HEAD}网址名: tong-zhi-2\n---\n文\n")
        fixed(site)
        slugs = {
            yaml.safe_load(get(site, f"tzgg/{n}.md").split("---")[1])["网址名"]
            for n in ("通知", "同志")
        }
        assert slugs == {"tong-zhi-3", "tong-zhi-4"}
        assert errors_of_build(site) == 0


class TestEndings:
    def test_yml_becomes_yaml_where_it_is_a_document(self, site: Path) -> None:
        put(site, "tzgg/a.yml", "标题: 甲\n发布日期: 2026/3/1\n")
        put(site, "tzgg/b.yml", HEAD)
        put(site, "tzgg/b.md", f"---\n{HEAD}---\n")
        put(site, "tzgg/c.yml", "version: 1\n")
        found = fixed(site)
        assert found.renamed == {"tzgg/a.yml": "tzgg/a.yaml"}
        assert get(site, "tzgg/a.yaml") == HEAD
        assert (site / "content/tzgg/b.yml").exists()
        assert (site / "content/tzgg/c.yml").exists()
        assert not (site / "content/tzgg/a.yml").exists()


class TestSort:
    def test_only_when_asked_and_with_the_comments(self, site: Path) -> None:
        before = (
            "# 头\n发布日期: 2026-03-01\n# 属于正文\n正文: |\n  文\n\n  字\n"
            "# 属于附件\n变更:\n  # 内\n  - {日期: 2026-04-01, 事项: 修订}\n标题: 甲"
        )
        put(site, "tzgg/a.yaml", before)
        fixed(site)
        assert get(site, "tzgg/a.yaml") == before
        fixed(site, sort=True)
        assert get(site, "tzgg/a.yaml") == (
            "# 头\n标题: 甲\n发布日期: 2026-03-01\n# 属于附件\n变更:\n  # 内\n"
            "  - {日期: 2026-04-01, 事项: 修订}\n# 属于正文\n正文: |\n  文\n\n  字"
        )


class TestCommand:
    def test_it_shows_what_it_does_and_dry_run_writes_nothing(
        self, site: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = "---\n标题: 甲\n发布日期: 2026/3/1\n---\n"
        place = put(site, "tzgg/a.md", before)
        put(site, "tzgg/b.md", before)
        assert main(["fix", "-C", str(site), "tzgg/a.md", "--dry-run"]) == 0
        out, err = capsys.readouterr()
        assert out == "content/tzgg/a.md:3:7: 发布日期: 2026/3/1 → 2026-03-01\n"
        assert err == "将改正 1 个文件中的 1 处。\n"
        assert place.read_text() == before
        assert main(["fix", "-C", str(site), str(place), "--format", "json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["files"] == ["content/tzgg/a.md"]
        assert told["mended"][0]["after"] == "2026-03-01"
        assert get(site, "tzgg/b.md") == before

    def test_a_path_that_is_not_there_is_said(
        self, site: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["fix", "-C", str(site), "tzgg/x.md"]) == 2
        assert "N301" in capsys.readouterr().err
        assert main(["fix", "-C", str(site), "../x.md"]) == 2
        assert "N201" in capsys.readouterr().err

    def test_files_keep_their_mode_and_links_stay_links(self, site: Path) -> None:
        place = put(site, "tzgg/a.md", "---\n标题: 甲\n发布日期: 2026/3/1\n---\n")
        place.chmod(0o640)
        (site / "content/tzgg/b.md").symlink_to("a.md")
        assert main(["fix", "-C", str(site), "tzgg/b.md", "--quiet"]) == 0
        assert (site / "content/tzgg/b.md").is_symlink()
        assert "2026-03-01" in place.read_text()
        assert place.stat().st_mode & 0o777 == 0o640


COLUMN_WITHOUT_SLUG = "名称: 公告\n更新方式: 随时\n责任部门: 党政办公室\n"

LINE = st.text(st.sampled_from("甲a：: #'\"[]{},-|>&*!%@`\\\n\t2/"), max_size=12)


class TestText:
    @given(LINE, st.booleans())
    def test_a_scalar_reads_back_as_itself(self, text: str, flow: bool) -> None:
        written = scalar(text, flow=flow)
        whole = f"[{written}]" if flow else f"k: {written}"
        read = yaml.load(whole, yaml.BaseLoader)
        assert (read[0] if flow else read["k"]) == text

    @settings(max_examples=60)
    @given(st.lists(st.sampled_from(["甲", "\r\n", "\n", "b", "\r"]), max_size=12))
    def test_no_edits_give_the_same_bytes(self, parts: list[str]) -> None:
        for raw in ("".join(parts), "\ufeff" + "".join(parts)):
            assert spliced(raw, []) == raw.encode()

    def test_a_source_knows_which_language_its_keys_are_in(self) -> None:
        chinese, _ = read_source("a.yaml", "标题: a\nkind: x\n".encode())
        english, _ = read_source("a.yaml", "title: a\nkind: x\n标题: b\n".encode())
        assert chinese is not None
        assert english is not None
        assert (chinese.chinese, english.chinese) == (True, False)
