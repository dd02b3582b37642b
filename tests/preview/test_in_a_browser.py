"""A clerk's day in a real browser: save, and see it; make a mistake, and read what to write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from serving import Served, serving
from smallsite import FILES, edit, save_by_backup, save_by_rename, small_site, write
from visiting import Visitor, visitor

pytestmark = pytest.mark.browser

PAGE, SOURCE = "tzgg/kaifang.html", "tzgg/kaifang.md"
expect.set_options(timeout=10_000)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_site(tmp_path_factory.mktemp("browsed") / "site")


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Served]:
    with serving(root, "--as-of", "2026-06-01") as served:
        yield served


@pytest.fixture
def window(browser: Browser, root: Path) -> Iterator[Visitor]:
    """A fresh window; the page's source is as it was before each test."""
    write(root, SOURCE, FILES[SOURCE])
    with visitor(browser) as window:
        yield window


def ready(page: Page) -> Page:
    """The page, once its bar is there."""
    expect(page.locator("#sitegen-preview .bar")).to_be_visible()
    return page


def test_a_saved_edit_is_shown_and_the_reader_stays_where_they_were(
    root: Path, served: Served, window: Visitor
) -> None:
    write(root, SOURCE, FILES[SOURCE] + "\n\n长段。\n" * 200)
    page = ready(window.open(served.url + PAGE))
    page.evaluate("scrollTo(0, 1500)")
    edit(root, SOURCE, "照常", "正常")
    expect(page.get_by_text("周六上午正常受理")).to_be_attached()
    ready(page)
    page.wait_for_function("scrollY === 1500")
    assert window.noted() == []


@pytest.mark.parametrize("save", [save_by_rename, save_by_backup])
def test_however_the_editor_saves(
    root: Path, served: Served, window: Visitor, save: object
) -> None:
    page = ready(window.open(served.url + PAGE))
    save(root, SOURCE, FILES[SOURCE].replace("照常", "停止"))  # type: ignore[operator]
    expect(page.get_by_text("周六上午停止受理")).to_be_attached()


def test_a_page_that_did_not_change_is_not_loaded_again(
    root: Path, served: Served, window: Visitor
) -> None:
    page = ready(window.open(served.url + "shoufei/2026.html"))
    page.evaluate("window.stayed = true")
    state = page.locator("#sitegen-preview").get_attribute("data-state")
    edit(root, SOURCE, "照常", "正常")
    expect(page.locator("#sitegen-preview")).not_to_have_attribute("data-state", state or "")
    assert page.evaluate("window.stayed")


def test_a_mistake_is_told_in_words_over_the_last_good_page(
    root: Path, served: Served, window: Visitor
) -> None:
    page = ready(window.open(served.url + PAGE))
    edit(root, SOURCE, "发布日期: 2026-03-02", "发布日期: 2026/3/2x")
    told = page.locator("#sitegen-preview .overlay")
    expect(told).to_be_visible()
    expect(told).to_contain_text("需要改正的问题：1 处")
    expect(told).to_contain_text(f"content/{SOURCE}:5:")
    expect(told).to_contain_text("不是日期")
    expect(told.locator(".line.here")).to_contain_text("发布日期: 2026/3/2x")
    expect(told.locator(".hint")).to_contain_text("2026-03-02")
    expect(page.get_by_role("heading", name="关于周六开放的通知")).to_be_attached()
    told.get_by_role("button", name="收起").click()
    expect(told.locator(".problem")).to_be_hidden()
    told.get_by_role("button", name="展开").click()
    edit(root, SOURCE, "2026/3/2x", "2026-03-02")
    expect(told).to_be_hidden()
    assert window.noted() == []


def test_a_deleted_document_is_gone_and_comes_back(
    root: Path, served: Served, window: Visitor
) -> None:
    page = ready(window.open(served.url + PAGE))
    (root / "content" / SOURCE).unlink()
    expect(page).to_have_title(re.compile("找不到"))
    write(root, SOURCE, FILES[SOURCE])
    expect(page.get_by_role("heading", name="关于周六开放的通知")).to_be_attached()


def test_a_burst_of_files_and_a_renamed_folder(root: Path, served: Served, window: Visitor) -> None:
    page = ready(window.open(served.url + "pi/index.html", status=404))
    write(root, "pi/_column.yaml", "名称: 成批信息\n责任部门: 党政办公室\n更新方式: 随时\n")
    for number in range(200):
        text = f"---\n标题: 成批第{number}件\n发布日期: 2026-05-01\n---\n\n甲\n"
        write(root, f"pi/jian-{number}.md", text)
    expect(page.get_by_role("heading", name="成批信息")).to_be_attached()
    expect(page.locator("main").get_by_text(re.compile("成批第"))).to_have_count(20)
    (root / "content/pi").rename(root / "content/pi2")
    expect(page).to_have_title(re.compile("找不到"))
    page.goto(served.url + "pi2/index.html")
    expect(page.get_by_role("heading", name="成批信息")).to_be_attached()


def test_drafts_and_scheduled_documents_are_marked(served: Served, window: Visitor) -> None:
    page = ready(window.open(served.url + "tzgg/caogao.html"))
    expect(page.locator("#sitegen-preview .status")).to_have_text("草稿")
    ready(window.open(served.url + "tzgg/index.html"))
    link = page.locator("main a[href$='jianglai.html']").first
    expect(link).to_contain_text("[定于 2026-12-01 发布]")
    assert window.noted() == []


def test_another_day_goes_along_with_links(served: Served, window: Visitor) -> None:
    page = ready(window.open(served.url + "tzgg/index.html?as-of=2026-12-31"))
    page.locator("main a[href*='jianglai.html']").first.click()
    ready(page)
    assert page.url.endswith("?as-of=2026-12-31")
    expect(page.locator("#sitegen-preview .status")).to_have_text("已发布")
    page.locator("#sitegen-preview input[type=date]").fill("2026-06-02")
    expect(page.locator("#sitegen-preview .status")).to_have_text("定于 2026-12-01 发布")


def test_warnings_wait_in_a_badge(root: Path, served: Served, window: Visitor) -> None:
    page = ready(window.open(served.url + PAGE))
    write(root, "tzgg/kaifang/wuren.pdf", "没有人用到")
    badge = page.locator("#sitegen-preview .warnings")
    expect(badge).to_contain_text("提醒：")
    badge.locator("summary").click()
    expect(badge.locator(".place").first).to_contain_text("wuren.pdf")
    (root / "content/tzgg/kaifang/wuren.pdf").unlink()
    expect(badge).to_have_count(0)


def test_the_bar_and_the_overlay_are_accessible(
    root: Path, served: Served, window: Visitor
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = ready(window.open(served.url + PAGE))
    edit(root, SOURCE, "发布日期: 2026-03-02", "发布日期: 2026/3/2x")
    expect(page.locator("#sitegen-preview .overlay")).to_be_visible()
    page.evaluate("document.querySelector('meta[http-equiv]')?.remove()")
    found = axe.Axe().run(page, context="#sitegen-preview").response
    assert [each["id"] for each in found["violations"]] == []


def test_it_says_when_the_preview_has_ended(tmp_path: Path, browser: Browser) -> None:
    with visitor(browser) as window:
        with serving(small_site(tmp_path)) as served:
            ready(window.open(served.url))
        gone = window.page.locator("#sitegen-preview .gone")
        expect(gone).to_contain_text("预览已结束")
