"""What a reader does: follows links, prints, enlarges the text, downloads, uses the keyboard."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from samplesite import Sample
from visiting import Visitor, served, visitor

from sitegen.authoring.starting import start_site
from sitegen.build import BuildOptions, build
from sitegen.engine.reporter import Silent

pytestmark = pytest.mark.browser

GUIDE = "bsfw/gcjs/shigong-xuke.html"
BUDGET = "xxgk/fdzdgk/yusuan/bumen-yusuan/2026/guanweihui.html"


@pytest.fixture
def window(browser: Browser) -> Iterator[Visitor]:
    """A fresh browser window."""
    with visitor(browser, accept_downloads=True) as window:
        yield window
        assert window.noted() == []


def test_from_the_home_page_to_a_document(window: Visitor, address: str) -> None:
    page = window.open(address)
    page.locator("nav.bar a", has_text="政府信息公开").click()
    page.locator("main a", has_text="政府信息公开指南").first.click()
    page.locator("main .list a").first.click()
    expect(page.locator("h1")).to_contain_text("指南")
    page.locator(".crumbs a").first.click()
    assert page.url in (address, address + "index.html")


def test_a_redirect_leads_to_where_the_document_is_now(
    window: Visitor, address: str, types: dict[str, list[str]]
) -> None:
    for old in types["redirect"]:
        window.page.goto(address + old)
        window.page.wait_for_url(lambda url, old=old: url != address + old)
        expect(window.page.locator("body.on-redirect")).to_have_count(0)


def test_a_redirect_works_from_a_folder_and_without_scripts(
    browser: Browser, sample: Sample, types: dict[str, list[str]]
) -> None:
    with visitor(browser, java_script_enabled=False) as window:
        old = (sample.output / types["redirect"][0]).as_uri()
        window.page.goto(old)
        window.page.wait_for_url(lambda url: url != old)
        expect(window.page.locator("h1")).to_have_count(1)


class TestLargeText:
    @pytest.mark.parametrize("place", ["server", "folder"])
    def test_it_is_kept_from_page_to_page(
        self, place: str, window: Visitor, address: str, sample: Sample
    ) -> None:
        base = address if place == "server" else sample.output.as_uri() + "/"
        page = window.open(base + "index.html")
        before = _size(page)
        page.get_by_role("button", name="长辈版").click()
        assert _size(page) >= before * 1.2
        window.open(base + GUIDE)
        assert _size(page) >= before * 1.2
        page.get_by_role("button", name="标准版").click()
        assert _size(page) == before
        page.reload()
        assert _size(page) == before

    def test_it_still_fits_a_phone(self, browser: Browser, address: str) -> None:
        with visitor(browser, viewport={"width": 320, "height": 640}) as window:
            page = window.open(address + "index.html")
            page.get_by_role("button", name="长辈版").click()
            for target in ("index.html", GUIDE, BUDGET):
                window.open(address + target)
                wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
                assert not page.evaluate(wide), target


def test_print_leaves_out_what_paper_cannot_use(window: Visitor, address: str) -> None:
    page = window.open(address + GUIDE)
    expect(page.locator("nav.bar")).to_be_visible()
    page.emulate_media(media="print")
    for gone in ("nav.bar", "nav.menu", ".tools", ".skip"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main")).to_contain_text("申请材料")


def test_a_page_prints_whole_tables(window: Visitor, address: str, tmp_path: Path) -> None:
    page = window.open(address + BUDGET)
    page.emulate_media(media="print")
    cut = """() => [...document.querySelectorAll(".scroll")]
        .filter((each) => getComputedStyle(each).overflowX !== "visible").length"""
    assert page.evaluate(cut) == 0


def test_downloads_have_names_that_people_know(window: Visitor, address: str) -> None:
    page = window.open(address + GUIDE)
    link = page.locator('main a[download$=".docx"]').first
    name = link.get_attribute("download")
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == name
    assert any("\u4e00" <= character <= "\u9fff" for character in name or "")
    assert Path(download.value.path()).read_bytes().startswith(b"PK")


def test_the_keyboard_skips_to_the_text(window: Visitor, address: str) -> None:
    page = window.open(address + GUIDE)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_finger_hits_what_it_aims_at(
    browser: Browser, address: str, types: dict[str, list[str]]
) -> None:
    small = """names => [...document.querySelectorAll(names)]
        .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 43.5)
        .map((each) => each.outerHTML.slice(0, 120))"""
    targets = ".tools a, .bar a, .menu a, .list > li > a:first-child, .pager a, .years a, button"
    phone = {"width": 375, "height": 800}
    with visitor(browser, viewport=phone, has_touch=True, is_mobile=True) as window:
        for name in ("home", "column-2", "kind-guide"):
            page = window.open(address + types[name][0])
            assert page.evaluate(small, targets) == [], name


@pytest.mark.parametrize("prefix", ["/", "/a/b/"])
def test_a_page_that_is_not_there_shows_the_way(
    prefix: str, browser: Browser, tmp_path: Path
) -> None:
    root = tmp_path / "mysite"
    assert start_site(root) is None
    options = BuildOptions(root, root / "build", base_url=f"https://www.shifan.example{prefix}")
    day = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
    assert build(options, day, Silent()).status == 0
    with served(options.output, prefix) as address, visitor(browser) as window:
        page = window.open(address + "not/here.html", status=404)
        expect(page.locator("h1")).to_have_count(1)
        loaded = "[...document.styleSheets].length"
        assert page.evaluate(loaded) == 1
        page.locator("main a").first.click()
        assert page.url.startswith(address)
        expect(page.locator("body.on-home")).to_have_count(1)


def _size(page: Page) -> float:
    return float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)"))
