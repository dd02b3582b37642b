"""The session shows what the sources say now, the same as a build would make."""

from __future__ import annotations

import datetime
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from smallsite import (
    DAY,
    FILES,
    NOW,
    Told,
    commit,
    copy_of,
    edit,
    save_by_backup,
    save_by_rename,
    small_site,
    started,
    write,
)

from sitegen.build import BuildOptions, build
from sitegen.engine.reporter import Silent
from sitegen.preview.overlay import about, source_of
from sitegen.preview.session import Session
from sitegen.problems import Severity

PAGE = "tzgg/kaifang.html"
SOURCE = "tzgg/kaifang.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_site(tmp_path / "site")


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def session(root: Path, told: Told) -> Iterator[Session]:
    session = started(root, told)
    yield session
    session.close()


def text(session: Session, address: str, as_of: datetime.date | None = None) -> str:
    """The text of a page; empty when there is none."""
    answer = session.answer(address, as_of)
    return answer.page.content.decode() if answer.found else ""


class TestSameAsABuild:
    def _built(self, root: Path, folder: Path, *, drafts: bool) -> tuple[dict[str, bytes], object]:
        copy_of(root, folder)
        options = BuildOptions(folder, folder / "build", as_of=DAY, drafts=drafts)
        result = build(options, NOW, Silent())
        found = {
            file.relative_to(folder / "build").as_posix(): file.read_bytes()
            for file in (folder / "build").rglob("*")
            if file.is_file() and file.name != "manifest.json"
        }
        return found, result

    def _shown(self, session: Session) -> dict[str, bytes]:
        shown = {}
        for address in session.state().outputs:
            page = session.answer(address).page
            place = session.file(page.copy_of) if page.copy_of else None
            shown[address] = place.read_bytes() if place else page.content
        return shown

    def test_every_address_has_the_bytes_of_a_build_after_any_edits(
        self, root: Path, session: Session, tmp_path: Path
    ) -> None:
        (root / "content/tzgg/jieman.md").unlink()  # a build with drafts still shows its end
        session.refresh()
        chance = random.Random(7)
        edits = [
            lambda: edit(root, SOURCE, "照常", "正常"),
            lambda: edit(root, SOURCE, "关于周六", "关于周六和周日"),
            lambda: edit(root, "shoufei/2026/2026.csv", "12.50", "13.50"),
            lambda: write(root, "tzgg/xin.md", FILES[SOURCE].replace("周六", "节日")),
            lambda: write(root, "tzgg/xin/biao.txt", "新表\n"),
            lambda: write(root, "tzgg/kaifang/biao.txt", "姓名（必填）：\n"),
            lambda: (root / "content/tzgg/guoqi.md").unlink(),
            lambda: edit(root, "tzgg/_column.yaml", "通知公告", "公告公示"),
            lambda: edit(root, "site.yaml", "政务公开", "信息公开"),
            lambda: edit(root, "kinds/charges.yaml", "title: 收费标准", "title: 收费金额"),
            lambda: edit(root, "shoufei/2026/2026.csv", "收费标准", "收费金额"),
            lambda: write(
                root, "xin/_column.yaml", FILES["tzgg/_column.yaml"].replace("通知", "新")
            ),
            lambda: write(root, "calendar/2026.yaml", "year: 2026\noff: []\nmakeup: []\n"),
        ]
        for number, change in enumerate(edits):
            change()
            if chance.random() < 0.5:
                session.answer(PAGE)  # the short path goes first
            session.refresh()
            if number % 4 == 0 or number == len(edits) - 1:
                built, result = self._built(root, tmp_path / str(number), drafts=True)
                assert result.committed, result.problems
                assert self._shown(session) == built

    def test_the_problems_are_those_of_a_build_without_drafts(
        self, root: Path, session: Session, told: Told, tmp_path: Path
    ) -> None:
        edit(root, SOURCE, "../shoufei/2026.yaml", "caogao.md")  # a link to a draft
        edit(root, "shoufei/2026/2026.csv", "12.50", "十二元")
        write(root, "tzgg/_column.yaml", "名称: 通知公告\n")
        session.refresh()
        _, result = self._built(root, tmp_path / "copy", drafts=False)
        assert [p for p in result.problems if p.severity is Severity.ERROR]
        assert told.problems == result.problems


class TestFaultySites:
    CASES = Path(__file__).parents[1] / "invalid"

    @pytest.mark.parametrize(
        "name",
        [
            "address-two-sources", "calendar-bad", "column-bad-yaml", "everything-at-once",
            "kind-bad-field", "address-reserved", "settings-bad-yaml",
            "settings-unknown-theme", "theme-syntax", "yaml-tab-indent",
        ],
    )  # fmt: skip
    def test_the_preview_of_one_says_what_a_build_says_and_recovers(
        self, tmp_path: Path, told: Told, name: str
    ) -> None:
        root = tmp_path / "site"
        shutil.copytree(self.CASES / "_base", root)
        session = Session(root, lambda: NOW, told, datetime.date(2026, 11, 1))
        session.start(1, Silent())
        assert told.codes() == []
        faulty = tmp_path / "faulty"
        shutil.copytree(root, faulty)
        shutil.copytree(self.CASES / name, faulty, dirs_exist_ok=True)
        options = BuildOptions(faulty, faulty / "build", as_of=datetime.date(2026, 11, 1))
        fresh = Told()
        other = Session(faulty, lambda: NOW, fresh, options.as_of)
        other.start(1, Silent())
        assert fresh.problems == build(options, NOW, Silent()).problems
        other.close()

        shutil.copytree(self.CASES / name, root, dirs_exist_ok=True)
        session.refresh()
        assert told.codes()
        for address in session.state().outputs:
            session.answer(address)
        for folder in ("content", "themes"):
            shutil.rmtree(root / folder, ignore_errors=True)
        shutil.copytree(self.CASES / "_base", root, dirs_exist_ok=True)
        session.refresh()
        assert told.codes() == []
        session.close()


class TestEdits:
    @pytest.mark.parametrize("save", [write, save_by_rename, save_by_backup])
    def test_a_page_shows_what_was_saved_without_anybody_looking_again(
        self, root: Path, session: Session, save: object
    ) -> None:
        assert "照常" in text(session, PAGE)
        save(root, SOURCE, FILES[SOURCE].replace("照常", "正常"))  # type: ignore[operator]
        assert "正常" in text(session, PAGE)

    def test_a_new_title_is_on_the_page_at_once_and_in_lists_after_a_look(
        self, root: Path, session: Session
    ) -> None:
        edit(root, SOURCE, "关于周六开放", "关于全周开放")
        assert "关于全周开放" in text(session, PAGE)
        session.refresh()
        assert "关于全周开放" in text(session, "index.html")

    def test_an_edit_within_one_tick_of_the_clock_and_of_equal_length_is_seen(
        self, root: Path, session: Session
    ) -> None:
        file = root / "content" / SOURCE
        before = file.stat()
        edit(root, SOURCE, "照常", "正常")
        assert "正常" in text(session, PAGE)
        with file.open("r+b") as same:  # same inode, size and times; only ctime may tell
            same.write(FILES[SOURCE].replace("照常", "停止").encode())
        os.utime(file, ns=(before.st_atime_ns, file.stat().st_mtime_ns))
        assert "停止" in text(session, PAGE)

    def test_a_data_file_changes_the_page_and_downloads_of_its_document(
        self, root: Path, session: Session
    ) -> None:
        assert "12.50" in text(session, "shoufei/2026.html")
        edit(root, "shoufei/2026/2026.csv", "12.50", "99.50")
        assert "99.50" in text(session, "shoufei/2026.html")
        assert "99.50" in text(session, "shoufei/2026/items.csv")

    def test_a_missing_data_file_that_appears_is_read(
        self, root: Path, session: Session, told: Told
    ) -> None:
        file = root / "content/shoufei/2026/2026.csv"
        kept = file.read_text(encoding="utf-8")
        file.unlink()
        session.refresh()
        assert any(problem.severity is Severity.ERROR for problem in told.problems)
        file.write_text(kept.replace("12.50", "77.70"), encoding="utf-8")
        session.refresh()
        assert told.codes() == []
        assert "77.70" in text(session, "shoufei/2026.html")

    def test_a_deleted_document_is_gone_at_once(self, root: Path, session: Session) -> None:
        (root / "content" / SOURCE).unlink()
        assert not session.answer(PAGE).found
        session.refresh()
        assert not session.answer(PAGE).found
        assert "周六开放" not in text(session, "tzgg/index.html")
        assert not session.answer("tzgg/kaifang/kaifang.zip").found

    def test_a_renamed_folder_takes_its_pages_along(self, root: Path, session: Session) -> None:
        (root / "content/tzgg").rename(root / "content/gonggao")
        assert not session.answer(PAGE).found
        session.refresh()
        assert "照常" in text(session, "gonggao/kaifang.html")
        assert not session.answer("tzgg/index.html").found

    def test_many_files_at_once(self, root: Path, session: Session) -> None:
        for number in range(200):
            write(
                root,
                f"tzgg/duo-{number}.md",
                f"---\n标题: 第{number}件\n发布日期: 2026-05-01\n---\n\n甲\n",
            )
        session.refresh()
        assert "第199件" in text(session, "tzgg/duo-199.html")
        for number in range(0, 200, 2):
            (root / f"content/tzgg/duo-{number}.md").unlink()
        session.refresh()
        assert not session.answer("tzgg/duo-0.html").found
        assert session.answer("tzgg/duo-1.html").found

    def test_a_new_column_has_a_page(self, root: Path, session: Session) -> None:
        assert not session.answer("renshi/index.html").found
        write(root, "renshi/_column.yaml", "名称: 人事信息\n责任部门: 党政办公室\n更新方式: 随时\n")
        session.refresh()
        assert "人事信息" in text(session, "renshi/index.html")
        assert "人事信息" in text(session, PAGE)

    def test_a_theme_of_the_sites_own_is_used_when_it_appears(
        self, root: Path, session: Session
    ) -> None:
        edit(root, "site.yaml", "base_url", "theme: mine\nbase_url")
        folder = root / "themes/mine/templates"
        folder.mkdir(parents=True)
        (folder / "404.html").write_text("<html>没有这一页</html>", encoding="utf-8")
        session.refresh()
        assert session.answer("x.html").page.content == "<html>没有这一页</html>".encode()

    def test_looking_without_changes_changes_nothing(self, session: Session) -> None:
        number = session.number
        assert not session.refresh()
        assert session.number == number


class TestMistakes:
    def test_a_broken_document_keeps_its_last_good_page_and_tells(
        self, root: Path, session: Session, told: Told
    ) -> None:
        good = session.answer(PAGE).page
        write(root, SOURCE, "---\n标题: x\n发布日期: 2026/3/1x\n---\n\n坏了。\n")
        answer = session.answer(PAGE)
        assert answer.page.content == good.content
        assert any(problem.code == "K103" for problem in answer.state.problems)
        session.refresh()
        assert session.answer(PAGE).page.content == good.content
        assert "K103" in told.codes()

    def test_mending_it_clears_the_problem(self, root: Path, session: Session, told: Told) -> None:
        edit(root, SOURCE, "2026-03-02", "三月二日x")
        session.refresh()
        assert told.codes()
        edit(root, SOURCE, "三月二日x", "2026-03-02")
        session.refresh()
        assert told.codes() == []

    def test_a_broken_settings_file_leaves_the_site_standing(
        self, root: Path, session: Session, told: Told
    ) -> None:
        write(root, "site.yaml", "name: [\n")
        session.refresh()
        assert told.codes()
        assert "示范经济开发区政务公开" in text(session, "index.html")

    def test_a_broken_column_keeps_its_name(self, root: Path, session: Session, told: Told) -> None:
        write(root, "tzgg/_column.yaml", "名称：通知\n")
        session.refresh()
        assert told.codes()
        assert "通知公告" in text(session, "tzgg/index.html")

    def test_a_broken_template_keeps_the_last_theme(
        self, root: Path, session: Session, told: Told
    ) -> None:
        shutil.copytree(Path(__file__).parents[2] / "themes/default", root / "themes/mine")
        edit(root, "site.yaml", "base_url", "theme: mine\nbase_url")
        session.refresh()
        template = root / "themes/mine/templates/document.html"
        template.write_text("{% if %}", encoding="utf-8")
        session.refresh()
        assert told.codes()
        assert "照常" in text(session, PAGE)

    def test_a_template_that_fails_leaves_the_last_good_page(
        self, root: Path, session: Session
    ) -> None:
        shutil.copytree(Path(__file__).parents[2] / "themes/default", root / "themes/mine")
        edit(root, "site.yaml", "base_url", "theme: mine\nbase_url")
        session.refresh()
        good = session.answer(PAGE).page.content
        template = root / "themes/mine/templates/document.html"
        template.write_text("{{ nothing.at_all }}", encoding="utf-8")
        session.refresh()
        answer = session.answer(PAGE)
        assert answer.stale
        assert answer.page.content == good
        assert answer.page.problems

    def test_a_document_that_was_never_good_has_no_page(
        self, root: Path, session: Session, told: Told
    ) -> None:
        write(root, "tzgg/huai.md", "没有字段\n")
        session.refresh()
        assert not session.answer("tzgg/huai.html").found
        assert told.codes()


class TestFaultsOfOurs:
    def test_a_look_that_fails_leaves_the_site_standing_and_is_made_good(
        self, root: Path, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*arguments: object) -> None:
            raise ValueError("a fault")

        edit(root, SOURCE, "照常", "正常")
        write(root, "renshi/_column.yaml", FILES["tzgg/_column.yaml"].replace("通知", "人事"))
        with monkeypatch.context() as patched:
            patched.setattr("sitegen.preview.session.shown", fail)
            with pytest.raises(ValueError, match="a fault"):
                session.refresh()
        assert text(session, PAGE)
        session.refresh()
        assert "正常" in text(session, PAGE)
        assert "人事" in text(session, "renshi/index.html")


class TestDays:
    def test_drafts_and_what_is_to_come_and_what_ended_are_shown_and_marked(
        self, session: Session
    ) -> None:
        wanted = {
            "caogao": "draft",
            "jianglai": "scheduled",
            "guoqi": "expired",
            "jieman": "closed",
        }
        for name, status in wanted.items():
            answer = session.answer(f"tzgg/{name}.html")
            assert answer.found
            assert "内容。" in answer.page.content.decode()
            bar = about(answer, session.root, session.history, "", str)["bar"]
            assert isinstance(bar, dict)
            assert bar["status"] == status

    def test_links_to_them_are_marked(self, session: Session) -> None:
        said = about(session.answer("tzgg/index.html"), session.root, session.history, "", str)
        assert said["marks"] == {
            "tzgg/caogao.html": "draft",
            "tzgg/jianglai.html": "scheduled for 2026-12-01",
            "tzgg/jieman.html": "publicity ended on 2025-06-30",
        }

    def test_another_day_is_another_state(self, root: Path, session: Session) -> None:
        later = datetime.date(2026, 12, 2)
        bar = about(session.answer("tzgg/jianglai.html", later), root, session.history, "", str)
        assert bar["bar"]["status"] == "published"  # type: ignore[index]
        edit(root, "tzgg/jianglai.md", "以后的内容", "将来的内容")
        assert "将来的内容" in text(session, "tzgg/jianglai.html", later)
        assert session.state().as_of == DAY

    def test_a_new_day_comes_by_itself(self, root: Path) -> None:
        clock = [NOW]
        session = Session(root, lambda: clock[0], Told())
        session.start(1, Silent())
        assert session.state().as_of == datetime.date(2026, 6, 1)
        clock[0] += datetime.timedelta(hours=16)  # past midnight in Shanghai
        assert session.refresh()
        assert session.state().as_of == datetime.date(2026, 6, 2)
        session.close()


class TestHistory:
    def test_what_is_not_committed_is_told(self, root: Path) -> None:
        commit(root)
        session = started(root)
        source = source_of(session.answer(PAGE))
        assert source == f"content/{SOURCE}"
        assert session.committed(source) == ""
        edit(root, SOURCE, "照常", "正常")
        session.refresh()
        assert session.committed(source) == "edited"
        write(
            root,
            "tzgg/xin.md",
            FILES[SOURCE].replace("附件:\n  - 文件: biao.txt\n    标题: 预约申请表\n", ""),
        )
        session.refresh()
        assert session.committed("content/tzgg/xin.md") == "new"
        head = session.history.head
        commit(root)
        assert session.refresh()
        assert session.history.head != head
        assert session.committed(source) == ""
        session.close()


class TestFiles:
    def test_a_link_that_leaves_the_content_after_the_look_is_not_followed(
        self, root: Path, session: Session, tmp_path: Path
    ) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("秘密", encoding="utf-8")
        file = root / "content/tzgg/kaifang/biao.txt"
        assert session.file("tzgg/kaifang/biao.txt") == file.resolve()
        file.unlink()
        file.symlink_to(secret)
        assert session.file("tzgg/kaifang/biao.txt") is None

    def test_files_that_are_not_content_have_no_place(self, session: Session) -> None:
        assert session.file("../site.yaml") is None
        assert session.file("/etc/passwd") is None
