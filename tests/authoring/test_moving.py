"""Withdrawing and moving keep the file, the history, the old address and every link."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from writing import TODAY, commit, errors_of_build, frame, get, git, make_site, put

from sitegen.authoring.moving import carry_out, move_document
from sitegen.authoring.withdraw import withdrawn
from sitegen.cli import main

HEAD = "标题: 甲\n发布日期: 2026-03-01\n"
DAY = ("--as-of", str(TODAY))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_site(tmp_path / "mysite")


def withdraw(site: Path, path: str, *words: str) -> int:
    return main(["withdraw", path, "-C", str(site), "--quiet", *DAY, *words])


def move(site: Path, old: str, new: str, *words: str) -> int:
    return main(["move", old, new, "-C", str(site), "--quiet", *DAY, *words])


def page(site: Path, address: str) -> str:
    assert errors_of_build(site, *DAY) == 0
    return (site.parent / f"{site.name}-out" / address).read_text(encoding="utf-8")


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


class TestWithdraw:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (
                f"---\n{HEAD}---\n秘密\n",
                f"---\n{HEAD}变更:\n  - {{日期: 2026-11-23, 事项: 撤下, 说明: 有误}}\n---\n秘密\n",
            ),
            (
                crlf(f"---\n{HEAD}---\n秘密"),
                crlf(
                    f"---\n{HEAD}变更:\n  - {{日期: 2026-11-23, 事项: 撤下, 说明: 有误}}\n---\n秘密"
                ),
            ),
            (
                f"---\n{HEAD}变更:   # 空\n关键词: [a]\n---\n秘密\n",
                f"---\n{HEAD}变更:   # 空\n  - {{日期: 2026-11-23, 事项: 撤下, 说明: 有误}}\n"
                "关键词: [a]\n---\n秘密\n",
            ),
            (
                f"---\n{HEAD}变更: []  # 空\n---\n秘密\n",
                f"---\n{HEAD}变更: [{{日期: 2026-11-23, 事项: 撤下, 说明: 有误}}]  # 空\n"
                "---\n秘密\n",
            ),
            (
                f"---\n{HEAD}变更: [{{日期: 2026-04-01, 事项: 修订}}, ] # 尾\n---\n秘密\n",
                f"---\n{HEAD}变更: [{{日期: 2026-04-01, 事项: 修订}}"
                ", {日期: 2026-11-23, 事项: 撤下, 说明: 有误}, ] # 尾\n---\n秘密\n",
            ),
            (
                f"---\n{HEAD}变更: {{日期: 2026-04-01, 事项: 修订}}\n---\n秘密\n",
                f"---\n{HEAD}变更: [{{日期: 2026-04-01, 事项: 修订}}"
                ", {日期: 2026-11-23, 事项: 撤下, 说明: 有误}]\n---\n秘密\n",
            ),
            (
                f"---\n{HEAD}变更:\n- 日期: 2026-04-01\n  事项: 修订  # 甲\n\n# 乙\n关键词: [a]\n"
                "---\n秘密\n",
                f"---\n{HEAD}变更:\n- 日期: 2026-04-01\n  事项: 修订  # 甲\n- 日期: 2026-11-23\n"
                "  事项: 撤下\n  说明: 有误\n\n# 乙\n关键词: [a]\n---\n秘密\n",
            ),
            (
                "---\ntitle: x\npublished_on: 2026-03-01\n---\n秘密\n",
                "---\ntitle: x\npublished_on: 2026-03-01\nchanges:\n"
                "  - {date: 2026-11-23, act: 撤下, note: 有误}\n---\n秘密\n",
            ),
            (
                "---\n{标题: 甲, 发布日期: 2026-03-01}\n---\n秘密\n",
                "---\n{标题: 甲, 发布日期: 2026-03-01"
                ", 变更: [{日期: 2026-11-23, 事项: 撤下, 说明: 有误}]}\n---\n秘密\n",
            ),
        ],
    )
    def test_a_change_joins_the_others_in_their_manner(
        self, site: Path, before: str, after: str
    ) -> None:
        put(site, "tzgg/a.md", before)
        assert withdraw(site, "tzgg/a.md", "--note", "有误") == 0
        assert get(site, "tzgg/a.md") == after
        shown = page(site, "tzgg/a.html")
        assert "有误" in shown
        assert "秘密" not in shown

    def test_in_yaml_it_goes_before_nothing_that_it_would_break(self, site: Path) -> None:
        put(site, "tzgg/a.yaml", f"{HEAD}正文: |\n  秘密\n\n  尾")
        assert withdraw(site, "tzgg/a.yaml", "--note", "一: 二, {三}") == 0
        assert get(site, "tzgg/a.yaml") == (
            f'{HEAD}变更:\n  - {{日期: 2026-11-23, 事项: 撤下, 说明: "一: 二, {{三}}"}}\n'
            "正文: |\n  秘密\n\n  尾"
        )
        assert "一: 二, {三}" in page(site, "tzgg/a.html")

    @pytest.mark.parametrize(
        ("text", "note", "code"),
        [
            (f"---\n{HEAD}---\n", "", "N306"),
            (f"---\n{HEAD}草稿: 是\n---\n", "有误", "N302"),
            ("---\n标题: 甲\n发布日期: 2026-12-01\n---\n", "有误", "N302"),
            (f"---\n{HEAD}变更: [{{日期: 2026-05-01, 事项: 撤下, 说明: 旧}}]\n---\n", "x", "N303"),
            (f"---\n{HEAD}变更:\n  日期: 2026-05-01\n  事项: 修订\n---\n", "有误", "N304"),
            ("---\n标题: [甲\n---\n", "有误", "S215"),
        ],
    )
    def test_a_refusal_changes_nothing(
        self, site: Path, text: str, note: str, code: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        put(site, "tzgg/a.md", text)
        assert withdraw(site, "tzgg/a.md", "--note", note) == 2
        assert code in capsys.readouterr().err
        assert get(site, "tzgg/a.md") == text

    def test_what_is_no_document_is_not_found(self, site: Path) -> None:
        put(site, "tzgg/a/b.pdf", "x")
        for path in ("tzgg/x.md", "tzgg", "tzgg/a/b.pdf", "site.yaml", "tzgg/_column.yaml"):
            data, problems = withdrawn(frame(site), path, "有误", TODAY)
            assert data is None
            assert [problem.code for problem in problems] == ["N301"]

    def test_a_document_that_came_back_can_be_withdrawn_again(self, site: Path) -> None:
        acts = "{日期: 2026-05-01, 事项: 撤下, 说明: 旧}, {日期: 2026-06-01, 事项: 发布}"
        put(site, "tzgg/a.md", f"---\n{HEAD}变更: [{acts}]\n---\n文\n")
        assert withdraw(site, "tzgg/a.md", "--note", "有误", "--responsible", "办公室") == 0
        assert "说明: 有误, 责任部门: 办公室}]" in get(site, "tzgg/a.md")


LINKS = """\
见[甲](a.md)、[甲](./a.md#一 "题")、[甲](<a.md>)、[甲](/tzgg/a.md?x=1#y)
[表](a/表.pdf)、[表](a/%E8%A1%A8.pdf)。
[乙](b.md) [外](https://shifan.example/a.md) [锚](#a.md) `[码](a.md)` ![图](a/t.png)

```
[码](a.md)
```

[定义]: a.md "题"
"""


class TestMove:
    def test_file_folder_address_and_log(self, site: Path) -> None:
        put(site, "tzgg/a.md", f"---\n{HEAD}附件: [表.pdf]\n---\n文\n")
        put(site, "tzgg/a/表.pdf", "%PDF-1.4 x")
        assert move(site, "tzgg/a.md", "zhengce/2026/") == 0
        assert get(site, "zhengce/2026/a.md") == (
            f"---\n{HEAD}附件: [表.pdf]\n旧地址:\n  - tzgg/a.html\n变更:\n"
            "  - {日期: 2026-11-23, 事项: 移动, 说明: 由“通知公告”移至“政策文件”}\n---\n文\n"
        )
        assert not (site / "content/tzgg/a.md").exists()
        assert (site / "content/zhengce/2026/a/表.pdf").exists()
        assert not (site / "content/tzgg/a").exists()
        assert "zhengce/2026/a.html" in page(site, "tzgg/a.html")
        assert "由“通知公告”移至“政策文件”" in page(site, "log/2026-11.html")

    def test_links_of_others_follow(self, site: Path) -> None:
        put(site, "tzgg/a.md", f"---\n{HEAD}---\n# 一\n")
        put(site, "tzgg/a/表.pdf", "%PDF-1.4 x")
        put(site, "tzgg/a/t.png", "x")
        put(site, "tzgg/b.md", f"---\n{HEAD}相关: [a.md, /tzgg/a.md]\n---\n{LINKS}")
        put(site, "tzgg/c.yaml", f"{HEAD}解读: a.md # 注\n正文: |\n  [甲](a.md)\n")
        put(
            site,
            "site.yaml",
            get(site, "site.yaml") + "figures: [{label: a, value: 1, link: tzgg/a.md}]\n",
        )
        put(site, "tzgg/d.md", f"---\n{HEAD}---\n[丁](ba.md) a.md\n")
        untouched = get(site, "tzgg/d.md")
        assert move(site, "tzgg/a.md", "zhengce/甲.md") == 0
        change = "变更:\n  - {日期: 2026-11-23, 事项: 修订, 说明: 更新链接, 仅改错字: 是}\n"
        head = f"---\n{HEAD}相关: [../zhengce/甲.md, /zhengce/甲.md]\n{change}---\n"
        assert get(site, "tzgg/b.md") == head + (
            LINKS.replace("(a.md)、", "(../zhengce/甲.md)、")
            .replace("(./a.md#", "(../zhengce/甲.md#")
            .replace("<a.md>", "<../zhengce/甲.md>")
            .replace("(/tzgg/a.md?x", "(/zhengce/甲.md?x")
            .replace("(a/表.pdf)", "(../zhengce/甲/表.pdf)")
            .replace("a/%E8%A1%A8.pdf", "../zhengce/%E7%94%B2/%E8%A1%A8.pdf")
            .replace("(a/t.png)", "(../zhengce/甲/t.png)")
            .replace("[定义]: a.md", "[定义]: ../zhengce/甲.md")
        )
        assert "解读: ../zhengce/甲.md # 注\n" in get(site, "tzgg/c.yaml")
        assert "  [甲](../zhengce/甲.md)\n" in get(site, "tzgg/c.yaml")
        assert "link: zhengce/甲.md}" in get(site, "site.yaml")
        assert get(site, "tzgg/d.md") == untouched
        assert "\n网址名: jia\n" in get(site, "zhengce/甲.md")

    def test_its_own_links_follow(self, site: Path) -> None:
        put(
            site,
            "tzgg/a.md",
            f"---\n{HEAD}相关: b.md\n附件: [旁.pdf, 里.pdf]\n表格:\n  t:\n    标题: 表\n"
            "    字段: [甲]\n    文件: 数.csv\n---\n"
            "[乙](b.md) [己](a.md#一) [里](a/里.pdf) [栏](../zhengce/_column.yaml)\n\n# 一\n",
        )
        put(site, "tzgg/b.md", f"---\n{HEAD}---\n乙\n")
        put(site, "tzgg/a/里.pdf", "%PDF-1.4 x")
        put(site, "tzgg/旁.pdf", "%PDF-1.4 x")
        put(site, "tzgg/数.csv", "甲\n1\n")
        assert errors_of_build(site) == 0
        assert move(site, "tzgg/a.md", "zhengce/2026/c.md") == 0
        text = get(site, "zhengce/2026/c.md")
        assert "相关: ../../tzgg/b.md\n附件: [/tzgg/旁.pdf, 里.pdf]\n" in text
        assert "    文件: /tzgg/数.csv\n" in text
        assert "[乙](../../tzgg/b.md) [己](c.md#一) [里](c/里.pdf) [栏](../_column.yaml)\n" in text
        assert errors_of_build(site) == 0

    def test_a_draft_leaves_no_trace(self, site: Path) -> None:
        put(site, "tzgg/a.md", f"---\n{HEAD}草稿: 是\n---\n文\n")
        assert move(site, "tzgg/a.md", "zhengce/b") == 0
        assert get(site, "zhengce/b.md") == f"---\n{HEAD}草稿: 是\n---\n文\n"

    def test_the_same_address_needs_no_redirect(self, site: Path) -> None:
        put(site, "tzgg/通知.md", f"---\n{HEAD}网址名: tongzhi\n---\n文\n")
        assert move(site, "tzgg/通知.md", "tzgg/公告.md") == 0
        assert get(site, "tzgg/公告.md") == f"---\n{HEAD}网址名: tongzhi\n---\n文\n"

    def test_there_and_back_again(self, site: Path) -> None:
        put(site, "tzgg/a.md", f"---\n{HEAD}旧地址: [x.html, zhengce/a.html]  # 注\n---\n文\n")
        assert move(site, "tzgg/a.md", "zhengce/") == 0
        assert "旧地址: [x.html, tzgg/a.html]  # 注\n" in get(site, "zhengce/a.md")
        assert move(site, "zhengce/a.md", "tzgg/") == 0
        assert "旧地址: [x.html, zhengce/a.html]  # 注\n" in get(site, "tzgg/a.md")
        assert get(site, "tzgg/a.md").count("事项: 移动") == 2
        assert errors_of_build(site) == 0

    def test_git_knows_of_it_and_the_build_is_content(
        self, site: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        put(site, "tzgg/a.md", f"---\n{HEAD}---\n" + "长长的正文。\n" * 20)
        put(site, "tzgg/a/表.txt", "x" * 100)
        put(site, "tzgg/b.md", f"---\n{HEAD}---\n" + "别的正文。\n" * 20 + "[甲](a.md)\n")
        commit(site, "2026-10-01")
        assert move(site, "tzgg/a.md", "zhengce/") == 0
        staged = git(site, "status", "--porcelain", "--", "content").split("\n")
        assert any(line.startswith("R") and "tzgg/a.md ->" in line for line in staged)
        assert any(line.startswith("R") and "tzgg/a/表.txt ->" in line for line in staged)
        commit(site, "2026-11-23")
        output = site.parent / "out"
        assert main(["build", "-C", str(site), "--output", str(output), *DAY]) == 0
        assert "H20" not in capsys.readouterr().err
        put(site, "tzgg/b.md", get(site, "tzgg/b.md").replace("2026-11-23", "2026-10-02"))
        commit(site, "2026-11-23")
        assert main(["build", "-C", str(site), "--output", str(output), *DAY]) == 0
        assert "H201" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("tzgg/x.md", "zhengce/", "N301"),
            ("tzgg/_column.yaml", "zhengce/", "N301"),
            ("tzgg/a.md", "tzgg/a.md", "N305"),
            ("tzgg/a.md", "tzgg/", "N305"),
            ("tzgg/a.md", "tzgg/b.md", "N203"),
            ("tzgg/a.md", "zhengce/c.yaml", "N202"),
            ("tzgg/a.md", "zhengce/_c.md", "N202"),
            ("tzgg/a.md", "zhengce/公/c.md", "N204"),
            ("tzgg/a.md", "../c.md", "N201"),
            ("tzgg/bad.md", "zhengce/", "S215"),
        ],
    )
    def test_a_refusal_changes_nothing(
        self, site: Path, old: str, new: str, code: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        put(site, "tzgg/a.md", f"---\n{HEAD}---\n")
        put(site, "tzgg/b.yaml", HEAD)
        put(site, "tzgg/bad.md", "---\n标题: [甲\n---\n")
        before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
        assert move(site, old, new) == 2
        assert code in capsys.readouterr().err
        assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before

    def test_a_file_that_cannot_be_read_is_named(self, site: Path) -> None:
        put(site, "tzgg/a.md", f"---\n{HEAD}---\n")
        put(site, "tzgg/bad.md", "---\n标题: [甲\n---\n[甲](a.md)\n")
        known = frame(site)
        moved, problems = move_document(known, "tzgg/a.md", "zhengce/", TODAY)
        assert moved is not None
        carry_out(known, moved)
        assert [(p.code, str(p.where)) for p in problems] == [("N307", "content/tzgg/bad.md")]

    def test_dry_run_and_json(self, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
        put(site, "tzgg/a.md", f"---\n{HEAD}---\n")
        put(site, "tzgg/b.md", f"---\n{HEAD}---\n[甲](a.md)\n")
        assert move(site, "tzgg/a.md", "zhengce/", "--dry-run", "--format", "json") == 0
        assert json.loads(capsys.readouterr().out) == {
            "old": "content/tzgg/a.md",
            "new": "content/zhengce/a.md",
            "old_address": "tzgg/a.html",
            "new_address": "zhengce/a.html",
            "redirect": True,
            "links": ["content/tzgg/b.md"],
        }
        assert (site / "content/tzgg/a.md").exists()
