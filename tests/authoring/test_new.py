"""A new document builds at once, as far as it is filled in, and says what is missing."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from writing import TODAY, USCC, errors_of_build, frame, get, make_site, put

from sitegen.authoring.new import begin, next_index_no, read_answer, required, write_down
from sitegen.cli import main
from sitegen.kinds.loading import load_kinds

KINDS = sorted(load_kinds()[0].kinds)
DAY = ("--as-of", str(TODAY), "--no-ask")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_site(tmp_path / "mysite")


def new(site: Path, *words: str) -> int:
    return main(["new", "-C", str(site), "--quiet", *words, *DAY])


class TestFile:
    def test_one_of_every_kind_builds_as_a_draft(self, site: Path) -> None:
        for kind in KINDS:
            assert new(site, kind, f"tzgg/{kind}", "--set", "标题=甲") == 0
            assert new(site, kind, f"tzgg/{kind}-csv", "--set", "标题=甲", "--csv") == 0
        assert errors_of_build(site) == 0
        assert errors_of_build(site, "--drafts") == 0

    @pytest.mark.parametrize("kind", ["guide", "permit-decisions"])
    def test_without_the_draft_line_the_build_says_what_to_fill_in(
        self, site: Path, kind: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        new(site, kind, "tzgg/a", "--set", "标题=甲")
        text = get(site, "tzgg/a.yaml")
        lines = [line for line in text.split("\n") if not line.startswith("草稿")]
        put(site, "tzgg/a.yaml", "\n".join(lines))
        assert errors_of_build(site) == 1
        told = capsys.readouterr().err
        for number, line in enumerate(lines, 1):
            if "# 必填" in line and not line.startswith("#") and line.rstrip()[-1] != ":":
                if "每行数据一组" in line:
                    continue  # the table is there; its cells are told
                assert f"content/tzgg/a.yaml:{number}:" in told, line

    def test_with_everything_given_it_is_public_today(self, site: Path) -> None:
        assert (
            new(site, "信息", "tzgg/a", "--set", "标题=甲", "--set", "正文=第一段\n\n第二段") == 0
        )
        text = get(site, "tzgg/a.md")
        assert text.startswith(
            "---\n# yaml-language-server: $schema=../../.sitegen/schemas/article.json\n"
        )
        for line in (
            "标题: 甲",
            "类型: 信息",
            f"索引号: {USCC}/2026-00001",
            "成文日期: 2026-11-23",
            "发布日期: 2026-11-23",
            "发布机构: 示范经济开发区管理委员会",
        ):
            assert f"\n{line}\n" in text
        assert "草稿" not in text
        assert text.endswith("---\n\n第一段\n\n第二段\n")
        assert errors_of_build(site) == 0
        assert (site.parent / "mysite-out/tzgg/a.html").exists()

    def test_the_schema_that_it_names_is_there(self, site: Path) -> None:
        new(site, "permit-decisions", "tzgg/2026/q1/a", "--set", "标题=甲")
        first = get(site, "tzgg/2026/q1/a.yaml").split("\n")[0]
        named = first.partition("$schema=")[2]
        schema = json.loads((site / "content/tzgg/2026/q1" / named).read_text())
        assert schema["title"] == "行政许可决定公示"
        assert (site / ".sitegen/schemas/site.json").exists()
        assert (site / ".sitegen/schemas/column.json").exists()

    def test_values_are_written_as_yaml_reads_them(self, site: Path) -> None:
        for value in ("甲: 乙", "a # b", '“甲”"乙"', "[甲]", "- 甲", "007", "C:\\甲"):
            start, _ = begin(frame(site), "article", "tzgg/x")
            assert start is not None
            title = next(field for field in required(start) if field.name == "title")
            written, problem = read_answer(start, title, value)
            assert problem is None
            made = write_down(start, {"title": written, "body": "文"}, TODAY)
            put(site, "tzgg/x.md", made.files["tzgg/x.md"])
            assert errors_of_build(site) == 0
            page = (site.parent / "mysite-out/tzgg/x.html").read_text()
            shown = value.replace('"', "&#34;").replace("&#34;", '"')
            assert shown in page.replace("&#34;", '"').replace("&quot;", '"')
            (site / "content/tzgg/x.md").unlink()

    def test_lists_are_split_and_dates_normal(self, site: Path) -> None:
        given = ("标题=甲", "关键词=停水；检修, 管网;", "成文日期=2025年2月3日", "草稿=是")
        words = [word for each in given for word in ("--set", each)]
        assert new(site, "article", "tzgg/a", *words) == 0
        text = get(site, "tzgg/a.md")
        assert '\n关键词: [停水, "检修, 管网"]\n' in text
        assert "\n成文日期: 2025-02-03\n" in text
        assert f"\n索引号: {USCC}/2025-00001\n" in text
        assert text.count("草稿:") == 1

    def test_tables_as_csv_files_open_in_excel(self, site: Path) -> None:
        new(site, "permit-decisions", "tzgg/a", "--set", "标题=甲", "--csv")
        data = (site / "content/tzgg/a/decisions.csv").read_bytes()
        assert data.startswith("\ufeff行政相对人名称,".encode())
        assert data.endswith(b"\r\n")
        assert "\n许可决定: decisions.csv\n" in get(site, "tzgg/a.yaml")

    def test_a_name_that_no_address_can_have_gets_a_slug(self, site: Path) -> None:
        new(site, "article", "tzgg/关于停水", "--set", "标题=甲", "--set", "正文=乙")
        assert "\n网址名: guan-yu-ting-shui\n" in get(site, "tzgg/关于停水.md")
        assert errors_of_build(site) == 0

    def test_the_kind_of_the_site_and_of_the_column_are_known(self, site: Path) -> None:
        put(site, "kinds/zhaobiao.yaml", "kind: zhaobiao\ntitle: {zh: 招标公告}\nfields: []\n")
        assert new(site, "招标公告", "tzgg/a", "--set", "标题=甲", "--set", "正文=乙") == 0
        assert errors_of_build(site) == 0


class TestIndexNumber:
    def test_it_follows_the_highest_of_the_year_drafts_and_all(self, site: Path) -> None:
        head = "标题: 甲\n发布日期: 2026-03-01\n"
        put(site, "tzgg/a.md", f"---\n{head}索引号: {USCC}/2026-00007\n草稿: 是\n---\n")
        put(site, "zhengce/b.yaml", f"{head}index_no: '{USCC}/2026-00012'\n")
        put(site, "zhengce/c.yaml", f"{head}index_no: {USCC}/2025-00099\n")
        put(site, "zhengce/d.yaml", f"{head}index_no: 110000009876543211/2026-00500\n")
        tree = frame(site).tree
        assert next_index_no(tree, USCC, 2026) == f"{USCC}/2026-00013"
        assert next_index_no(tree, USCC, 2025) == f"{USCC}/2025-00100"
        assert next_index_no(tree, USCC, 2027) == f"{USCC}/2027-00001"
        assert next_index_no(tree, "", 2026) == ""

    def test_two_in_a_row_differ(self, site: Path) -> None:
        for name in "ab":
            new(site, "article", f"tzgg/{name}", "--set", "标题=甲", "--set", "正文=乙")
        assert f"{USCC}/2026-00002" in get(site, "tzgg/b.md")
        assert errors_of_build(site) == 0


class TestRefusal:
    @pytest.mark.parametrize("name", ["tzgg/a", "tzgg/a.md", "tzgg/a.yaml"])
    def test_nothing_is_overwritten(
        self, site: Path, name: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        put(site, "tzgg/a.md", "旧")
        assert new(site, "article", name, "--set", "标题=甲") == 2
        assert "N203" in capsys.readouterr().err
        assert get(site, "tzgg/a.md") == "旧"
        assert not (site / "content/tzgg/a.yaml").exists()

    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("../a", "N201"),
            ("/etc/a", "N201"),
            ("tzgg/../../a", "N201"),
            ("tzgg/a.txt", "N202"),
            ("tzgg/", "N202"),
            ("tzgg/2026/", "N202"),
            ("tzgg", "N202"),
            ("tzgg/_a.md", "N202"),
            ("kinds/a.yaml", "N202"),
            ("site.yaml", "N202"),
            ("tzgg/公告/a", "N204"),
        ],
    )
    def test_a_place_that_is_none(
        self, site: Path, name: str, code: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = sorted(site.rglob("*"))
        assert new(site, "article", name, "--set", "标题=甲") == 2
        assert code in capsys.readouterr().err
        assert sorted(site.rglob("*")) == before

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ("没有=1", "N205"),
            ("发布日期=昨天", "K103"),
            ("联系方式=甲", "N206"),
            ("附件=a.pdf", "N206"),
            ("标题", "N207"),
        ],
    )
    def test_a_value_that_is_none(
        self, site: Path, given: str, code: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert new(site, "article", "tzgg/a", "--set", given) == 2
        assert code in capsys.readouterr().err
        assert not (site / "content/tzgg/a.md").exists()

    def test_a_kind_that_is_none(self, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert new(site, "nope", "tzgg/a") == 2
        assert "permit-decisions" in capsys.readouterr().err

    def test_where_there_is_no_site(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for words in (["new", "article", "a"], ["fix"], ["status"], ["move", "a", "b"]):
            assert main([words[0], "-C", str(tmp_path), *words[1:]]) == 2
            assert "content" in capsys.readouterr().err


class TestAsking:
    def test_on_a_terminal_it_asks_until_the_answer_is_good(
        self, site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        answers = "示范办法\n一句话\n财政、金融、审计\n怪\n通知\n\n"
        monkeypatch.setattr("sys.stdin", Terminal(answers))
        words = ["new", "policy", "zhengce/a", "-C", str(site), "--as-of", str(TODAY)]
        assert main(words) == 0
        out, err = capsys.readouterr()
        assert out == "content/zhengce/a.md\n"
        text = get(site, "zhengce/a.md")
        assert "\n标题: 示范办法\n" in text
        assert "\n体裁分类: 通知\n" in text
        assert err.count("体裁分类（") == 2
        assert "怪" in err
        assert "还要填写：" in err
        assert "文件类别" in err.partition("还要填写：")[2]
        assert "索引号" not in err.partition("还要填写：")[2]

    def test_json_tells_scripts(self, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
        words = ["new", "article", "tzgg/a", "-C", str(site), "--format", "json", *DAY]
        assert main(words) == 0
        told = json.loads(capsys.readouterr().out)
        assert told == {
            "path": "content/tzgg/a.md",
            "files": ["content/tzgg/a.md"],
            "unfilled": ["标题", "正文"],
            "index_no": f"{USCC}/2026-00001",
        }

    def test_paths_may_be_given_from_where_one_is(
        self, site: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(site)
        assert main(["new", "article", "content/tzgg/a", "--quiet", *DAY]) == 0
        assert main(["new", "article", "tzgg/b", "--quiet", *DAY]) == 0
        monkeypatch.chdir(site / "content" / "tzgg")
        assert main(["new", "article", "c", "-C", "../..", "--quiet", *DAY]) == 0
        assert sorted(place.name for place in (site / "content/tzgg").glob("*.md")) == [
            "a.md",
            "b.md",
            "c.md",
        ]
