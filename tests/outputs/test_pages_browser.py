"""Pages in a real browser, opened from a folder: accessible, on any screen, script or no script."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from handmade import Shelf
from wholesite import facts, whole_site

from sitegen.outputs import listings, pages
from sitegen.outputs.output import Workshop
from sitegen.render.theme import load_theme

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = "/usr/bin/chromium"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium"),
]

SORTS = [
    "index.html", "xxgk/index.html", "xxgk/zhengce/index.html", "xxgk/zhengce/year-2019.html",
    "xxgk/log.html", "xxgk/shehui/index.html", "guidang/index.html", "log/index.html",
    "log/2026-11.html", "sitemap.html", "catalogue.html", "xxgk/zhengce/a.html",
    "xxgk/zhengce/b.html", "xxgk/zhengce/c.html", "xxgk/zhengce/gone.html",
    "xxgk/zhengce/closed.html", "bsfw/guide.html", "zcjd/interpretation.html",
    "xxgk/zhinan/disclosure-guide.html", "xxgk/zhengce/organisation.html",
    "xxgk/zhengce/permit-items.html", "xxgk/zhengce/permit-decisions.html",
    "xxgk/zhengce/budget.html", "xxgk/zhengce/final-accounts.html",
]  # fmt: skip
"""One page of every sort."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The handmade site, written out."""
    root = tmp_path_factory.mktemp("site")
    site = whole_site()
    theme, _ = load_theme(None, "default", "zh-CN")
    shelf: Shelf = facts(site)
    for module in (pages, listings):
        for output in module.plan(site, theme):
            made = module.produce(output, Workshop(site, theme, shelf))
            path = root / output.address
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made.content)
    (root / "xxgk/zhengce/a").mkdir(exist_ok=True)
    (root / "xxgk/zhengce/a/tu.png").write_bytes(b"")
    return root


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def axe() -> str:
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


RUN = "axe.run(document, {resultTypes: ['violations'], preload: false})"


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_on_any_sort_of_page(folder: Path, browser: object, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})  # type: ignore[attr-defined]
    source, found = axe(), []
    for address in SORTS:
        page.goto((folder / address).as_uri())
        page.evaluate(source)
        for violation in page.evaluate(RUN)["violations"]:
            nodes = [node["html"][:120] for node in violation["nodes"]]
            found.append((address, violation["id"], nodes))
    page.close()
    assert found == []


def test_axe_would_tell_a_planted_fault(folder: Path, browser: object) -> None:
    page = browser.new_page()  # type: ignore[attr-defined]
    page.goto((folder / "index.html").as_uri())
    page.evaluate("document.querySelector('.name img').removeAttribute('alt')")
    page.evaluate(axe())
    assert [each["id"] for each in page.evaluate(RUN)["violations"]] == ["image-alt"]
    page.close()


def test_pages_flow_at_320_pixels_and_in_large_text(folder: Path, browser: object) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})  # type: ignore[attr-defined]
    wide = []
    for large in (False, True):
        for address in SORTS:
            page.goto((folder / address).as_uri())
            page.evaluate(
                "large => document.documentElement.classList.toggle('large', large)", large
            )
            if page.evaluate("document.documentElement.scrollWidth") > 320:
                wide.append((address, large))
    page.close()
    assert wide == []


def test_pages_open_from_a_folder_without_a_complaint_or_a_request_elsewhere(
    folder: Path, browser: object
) -> None:
    context = browser.new_context(offline=True)  # type: ignore[attr-defined]
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    for address in SORTS:
        page.goto((folder / address).as_uri())
        assert page.evaluate(
            "getComputedStyle(document.querySelector('.bar')).backgroundColor"
        ) == ("rgb(20, 80, 140)")
    context.close()
    assert said == []
    assert [url for url in asked if not url.startswith(folder.as_uri())] == []


def test_the_strict_policy_of_a_server_is_kept(folder: Path, browser: object) -> None:
    policy = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'"
    page = browser.new_page()  # type: ignore[attr-defined]
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    def answer(route: object) -> None:
        path = folder / route.request.url.removeprefix("http://site.example/a/b/")  # type: ignore[attr-defined]
        types = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
        route.fulfill(  # type: ignore[attr-defined]
            body=path.read_bytes(),
            headers={
                "Content-Security-Policy": policy,
                "Content-Type": types.get(path.suffix, "image/svg+xml"),
            },
        )

    page.route("http://site.example/**", answer)
    for address in SORTS:
        page.goto(f"http://site.example/a/b/{address}")
    page.click("#s-size button")
    page.close()
    assert said == []


def test_large_text_is_kept_from_page_to_page(folder: Path, browser: object) -> None:
    context = browser.new_context()  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    button = page.locator("#s-size button")
    assert button.inner_text() == "长辈版"
    button.click()
    assert button.inner_text() == "标准版"
    page.goto((folder / "xxgk/zhengce/a.html").as_uri())
    size = "parseFloat(getComputedStyle(document.querySelector('.prose')).fontSize)"
    assert page.evaluate(size) >= 18
    assert button.bounding_box()["height"] >= 44
    button.click()
    page.reload()
    assert button.inner_text() == "长辈版"
    context.close()


def test_pages_work_without_scripts(folder: Path, browser: object) -> None:
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto((folder / "xxgk/zhengce/a.html").as_uri())
    assert page.locator("#s-size").is_hidden()
    assert page.locator("#s-read").is_hidden()
    page.get_by_role("link", name="政府信息公开", exact=True).first.click()
    assert page.locator("h1").inner_text() == "政府信息公开"
    context.close()


def test_the_first_tab_stop_leads_to_the_text(folder: Path, browser: object) -> None:
    page = browser.new_page()  # type: ignore[attr-defined]
    page.goto((folder / "xxgk/zhengce/a.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "s-main"
    page.close()


def test_targets_are_as_large_as_a_finger_on_touch_screens(folder: Path, browser: object) -> None:
    context = browser.new_context(  # type: ignore[attr-defined]
        viewport={"width": 375, "height": 800}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    targets = ".tools a, .bar a, .menu a, .list > li > a:first-child, .pager a, .years a, button"
    small = """names => [...document.querySelectorAll(names)]
        .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5)
        .map(e => e.outerHTML)"""
    for address in ("index.html", "xxgk/zhengce/index-2.html", "xxgk/zhengce/a.html"):
        page.goto((folder / address).as_uri())
        assert page.evaluate(small, targets) == []
    context.close()
