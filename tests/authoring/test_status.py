"""Status says what changed since the last commit, what the log will say, and what is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from writing import TODAY, commit, errors_of_build, frame, get, git, make_site, put

from sitegen.authoring.status import Status, site_status
from sitegen.cli import main

HEAD = "标题: {title}\n发布日期: 2026-03-01\n"
DAY = ("--as-of", str(TODAY))


def document(title: str, more: str = "", body: str = "正文。") -> str:
    return f"---\n{HEAD.format(title=title)}{more}---\n{body}\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with four public documents and a draft, committed."""
    root = make_site(tmp_path / "mysite")
    for name in "abcd":
        put(root, f"tzgg/{name}.md", document(name.upper(), body=f"正文{name}。" * 30))
    put(root, "tzgg/d/表.csv", "甲\n1\n")
    put(root, "tzgg/e.md", document("E", "草稿: 是\n"))
    commit(root)
    return root


def status(root: Path) -> Status:
    return site_status(frame(root), TODAY)


def acts(found: Status) -> list[tuple[str, str]]:
    return [(change.act, change.path) for change in found.changes or ()]


def codes(found: Status) -> list[tuple[str, str]]:
    return [(p.code, p.where.path if p.where else "") for p in found.problems]


class TestChanges:
    def test_nothing_changed(self, site: Path) -> None:
        found = status(site)
        assert (found.changes, found.others, found.log, found.problems) == ((), (), (), ())

    def test_every_act_has_its_word(self, site: Path) -> None:
        put(site, "tzgg/f.md", document("F").replace("2026-03-01", "2026-11-23"))
        put(site, "tzgg/g.md", document("G").replace("2026-03-01", "2026-12-24"))
        put(site, "tzgg/h.md", document("H", "草稿: 是\n"))
        put(site, "tzgg/a.md", get(site, "tzgg/a.md") + "改\n")
        (site / "content/tzgg/b.md").unlink()
        assert (
            main(["withdraw", "tzgg/c.md", "-C", str(site), "--quiet", "--note", "有误", *DAY]) == 0
        )
        assert main(["move", "tzgg/d.md", "zhengce/", "-C", str(site), "--quiet", *DAY]) == 0
        put(site, "tzgg/e.md", document("E", "变更: [{日期: 2026-11-23, 事项: 修订}]\n"))
        put(site, "tzgg/_column.yaml", get(site, "tzgg/_column.yaml") + "导语: 一\n")
        found = status(site)
        assert acts(found) == [
            ("edited", "tzgg/a.md"),
            ("deleted", "tzgg/b.md"),
            ("withdrawn", "tzgg/c.md"),
            ("published", "tzgg/e.md"),
            ("added", "tzgg/f.md"),
            ("added", "tzgg/g.md"),
            ("added", "tzgg/h.md"),
            ("moved", "zhengce/d.md"),
        ]
        assert found.changes is not None
        states = {change.path: (change.state, str(change.on or "")) for change in found.changes}
        assert states["tzgg/g.md"] == ("scheduled", "2026-12-24")
        assert states["tzgg/h.md"] == ("draft", "")
        assert states["tzgg/b.md"] == ("", "")
        assert found.changes[-1].old == "tzgg/d.md"
        assert found.changes[-1].files == ()  # they only went along
        assert [(each.act, each.path) for each in found.others] == [("edited", "tzgg/_column.yaml")]

    def test_files_of_a_document_count_as_its_change(self, site: Path) -> None:
        put(site, "tzgg/d/表.csv", "甲\n2\n")
        put(site, "tzgg/d/新.pdf", "x")
        found = status(site)
        assert acts(found) == [("edited", "tzgg/d.md")]
        assert found.changes is not None
        assert found.changes[0].files == ("新.pdf", "表.csv")
        assert codes(found) == [("N401", "content/tzgg/d.md")]

    def test_staged_or_not_is_all_one_and_the_repository_stays_as_it_was(self, site: Path) -> None:
        put(site, "tzgg/a.md", get(site, "tzgg/a.md") + "改\n")
        put(site, "tzgg/f.md", document("F"))
        (site / "content/tzgg/b.md").rename(site / "content/zhengce/b.md")
        git(site, "add", "content/tzgg/f.md")
        before = git(site, "status", "--porcelain"), git(site, "count-objects")
        first = status(site)
        assert (git(site, "status", "--porcelain"), git(site, "count-objects")) == before
        git(site, "add", "-A")
        assert status(site) == first
        assert ("moved", "zhengce/b.md") in acts(first)

    def test_a_site_inside_a_repository_of_more(self, tmp_path: Path) -> None:
        (tmp_path / "repo").mkdir()
        root = make_site(tmp_path / "repo" / "网站")
        put(root, "tzgg/a.md", document("A"))
        commit(tmp_path / "repo")
        put(root, "tzgg/a.md", document("A", body="改"))
        (tmp_path / "repo" / "other.md").write_text("x")
        assert acts(status(root)) == [("edited", "tzgg/a.md")]

    def test_before_the_first_commit_everything_is_new(self, tmp_path: Path) -> None:
        root = make_site(tmp_path / "mysite")
        put(root, "tzgg/a.md", document("A"))
        git(root, "init", "-q")
        assert acts(status(root)) == [("added", "tzgg/a.md")]

    def test_without_a_repository_it_only_looks_ahead(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
        root = make_site(tmp_path / "mysite")
        put(root, "tzgg/a.md", document("A").replace("2026-03-01", "2026-12-24"))
        assert main(["status", "-C", str(root), *DAY]) == 0
        out = capsys.readouterr().out
        assert "没有 git 仓库" in out
        assert "2026-12-24  公开  A  content/tzgg/a.md" in out

    def test_what_cannot_be_read_is_still_listed(self, site: Path) -> None:
        put(site, "tzgg/a.md", "---\n标题: [\n---\n")
        put(site, "tzgg/f.md", b"\xff")
        assert acts(status(site)) == [("edited", "tzgg/a.md"), ("added", "tzgg/f.md")]


class TestLog:
    def test_it_is_what_the_site_will_say(self, site: Path) -> None:
        put(site, "tzgg/f.md", document("F").replace("2026-03-01", "2026-11-23"))
        put(site, "tzgg/g.md", document("G").replace("2026-03-01", "2026-12-24"))
        change = "变更:\n  - {日期: 2026-11-22, 事项: 修订, 说明: 更新电话}\n"
        slip = "  - {日期: 2026-11-23, 事项: 修订, 说明: 错字, 仅改错字: 是}\n"
        put(site, "tzgg/a.md", document("A", change + slip))
        put(
            site,
            "zhengce/n.md",
            document("新", "类型: article\n废止: [../tzgg/b.md]\n").replace(
                "2026-03-01", "2026-11-20"
            ),
        )
        found = status(site)
        assert [(str(line.on), line.act, line.title, line.note) for line in found.log] == [
            ("2026-11-23", "发布", "F", ""),
            ("2026-11-22", "修订", "A", "更新电话"),
            ("2026-11-20", "废止", "B", "由《新》废止"),
            ("2026-11-20", "发布", "新", ""),
        ]
        assert errors_of_build(site, *DAY) == 0
        page = (site.parent / "mysite-out/log/2026-11.html").read_text(encoding="utf-8")
        for line in found.log:
            assert line.title in page
            assert line.note in page


class TestMissing:
    def test_an_edit_that_nothing_tells_of(self, site: Path) -> None:
        text = get(site, "tzgg/a.md")
        put(site, "tzgg/a.md", text + "改\n")
        found = status(site)
        assert codes(found) == [("N401", "content/tzgg/a.md")]
        assert dict(found.problems[0].values)["on"] == "2026-11-23"
        told = "变更: [{日期: 2026-11-21, 事项: 修订, 说明: 改了}]\n---\n正"
        put(site, "tzgg/a.md", text.replace("---\n正", told) + "改\n")
        assert codes(status(site)) == []
        put(site, "tzgg/a.md", text.replace("---\n正", told).replace("11-21", "11-01") + "改\n")
        assert codes(status(site)) == [("N401", "content/tzgg/a.md")]

    def test_a_change_without_a_word(self, site: Path) -> None:
        put(site, "tzgg/a.md", document("A", "变更: [{日期: 2026-11-23, 事项: 修订}]\n"))
        assert codes(status(site)) == [("N402", "content/tzgg/a.md")]

    def test_deleting_and_moving_by_hand(self, site: Path) -> None:
        (site / "content/tzgg/a.md").unlink()
        (site / "content/tzgg/b.md").rename(site / "content/zhengce/b.md")
        (site / "content/tzgg/e.md").unlink()  # a draft: nobody misses it
        assert codes(status(site)) == [
            ("N403", "content/tzgg/a.md"),
            ("N401", "content/zhengce/b.md"),
            ("N404", "content/zhengce/b.md"),
        ]
        put(site, "tzgg/c.md", get(site, "tzgg/c.md").replace("---\n正", ALIASES, 1))
        assert [code for code, _ in codes(status(site))] == ["N401"]

    def test_before_the_record_begins_nothing_is_missing(self, site: Path) -> None:
        put(site, "site.yaml", get(site, "site.yaml") + "history: {start: 2026-12-01}\n")
        put(site, "tzgg/a.md", get(site, "tzgg/a.md") + "改\n")
        assert status(site).problems == ()


ALIASES = (
    "旧地址: [tzgg/a.html, tzgg/b.html]\n"
    "变更: [{日期: 2026-11-23, 事项: 修订, 说明: 合并}]\n---\n正"
)


class TestAhead:
    def test_what_happens_by_itself_is_listed_by_day(self, site: Path) -> None:
        put(site, "tzgg/g.md", document("G").replace("2026-03-01", "2026-12-24"))
        put(site, "tzgg/h.md", document("H", "草稿: 是\n").replace("2026-03-01", "2026-12-24"))
        put(site, "tzgg/i.md", document("I", "施行日期: 2027年1月1日\n失效日期: 2027-12-31\n"))
        put(site, "tzgg/j.md", document("J", "公开截止日期: 2026-11-23\n", "将于2030-01-01"))
        put(
            site,
            "tzgg/k.md",
            document("K", "变更: [{日期: 2026-12-01, 事项: 废止, 说明: 到期}]\n"),
        )
        found = [(str(u.on), u.what, u.title, u.note) for u in status(site).upcoming]
        assert found == [
            ("2026-11-24", "closing", "J", ""),
            ("2026-12-01", "change", "K", "废止 到期"),
            ("2026-12-24", "publish", "G", ""),
            ("2027-01-01", "effect", "I", ""),
            ("2028-01-01", "expiry", "I", ""),
        ]


class TestCommand:
    def test_in_words(self, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["status", "-C", str(site), *DAY]) == 0
        assert capsys.readouterr().out == "自上次提交以来没有改动。\n"
        put(site, "tzgg/a.md", get(site, "tzgg/a.md") + "改\n")
        put(site, "tzgg/f.md", document("F").replace("2026-03-01", "2026-12-24"))
        assert main(["status", "-C", str(site), *DAY]) == 0
        out = capsys.readouterr().out
        assert out.startswith(
            "自上次提交以来的改动（2 项）：\n"
            "  修改  content/tzgg/a.md  A\n"
            "  新增  content/tzgg/f.md  F  — "
        )
        assert "公开的更新日志将增加：\n  没有新内容\n" in out
        assert "还缺少（1 项）：\n  content/tzgg/a.md:2:5: 警告 N401: “A”" in out
        assert "到期自动发生（1 项）：\n  2026-12-24  公开  F  content/tzgg/f.md" in out

    def test_for_machines(self, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
        put(site, "tzgg/a.md", get(site, "tzgg/a.md") + "改\n")
        assert main(["status", "-C", str(site), "--format", "json", *DAY]) == 0
        out, err = capsys.readouterr()
        told = json.loads(out)
        assert err == ""
        assert told["changes"][0]["act"] == "edited"
        assert told["missing"][0]["code"] == "N401"
        assert told["missing"][0]["path"] == "content/tzgg/a.md"
        assert (told["others"], told["log"], told["upcoming"]) == ([], [], [])
