"""Every type of page in a browser: from a server, from a folder, on a phone, without scripts."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from samplesite import Sample, page_types
from visiting import Windows, served

pytestmark = pytest.mark.browser

TYPES = (
    "catalogue", "column", "column-2", "column-log", "home", "kind-article", "kind-budget",
    "kind-disclosure-guide", "kind-final-accounts", "kind-government-budget", "kind-guide",
    "kind-interpretation", "kind-organisation", "kind-permit-decisions", "kind-permit-items",
    "kind-policy", "log", "log-month", "map", "missing", "redirect", "tombstone", "year",
)  # fmt: skip
STANDING = tuple(name for name in TYPES if name != "redirect")
"""Pages that one can look at: a redirect leads on at once."""
MOVABLE = tuple(name for name in STANDING if name != "missing")
"""Pages with relative links only: a server shows 404.html at any address."""

PHONE = {"width": 320, "height": 640}
_WIDER = """() => {
  const room = document.documentElement.clientWidth;
  return document.documentElement.scrollWidth <= room ? [] :
    [...document.querySelectorAll("body *")]
      .filter((each) => each.getBoundingClientRect().right > room + 1 &&
                        !each.parentElement.closest(".scroll"))
      .map((each) => each.outerHTML.slice(0, 120));
}"""


def test_every_type_of_page_is_looked_at(sample: Sample) -> None:
    assert sorted(page_types(sample)) == sorted(TYPES)


@pytest.mark.parametrize("name", STANDING)
class TestOnAServer:
    def test_it_opens_without_a_complaint(
        self, name: str, windows: Windows, address: str, types: dict[str, list[str]]
    ) -> None:
        window = windows()
        for page in types[name]:
            shown = window.open(address + page)
            assert window.noted() == [], page
            expect(shown.locator("h1")).to_have_count(1)
            assert shown.title().endswith("示范经济开发区政务公开"), page
            assert shown.locator("html").get_attribute("lang") == "zh-CN"

    def test_it_fits_a_phone(
        self, name: str, windows: Windows, address: str, types: dict[str, list[str]]
    ) -> None:
        window = windows(viewport=PHONE)
        for page in types[name]:
            assert window.open(address + page).evaluate(_WIDER) == [], page

    def test_it_breaks_no_rule_of_accessibility(
        self, name: str, windows: Windows, address: str, types: dict[str, list[str]]
    ) -> None:
        assert _broken_rules(windows().open(address + types[name][0])) == [], types[name][0]

    def test_it_says_the_same_without_scripts(
        self, name: str, windows: Windows, address: str, types: dict[str, list[str]]
    ) -> None:
        texts = []
        for scripts in (True, False):
            window = windows(java_script_enabled=scripts)
            shown = window.open(address + types[name][0])
            assert window.noted() == []
            buttons = shown.locator("main button:visible")
            labels = buttons.all_inner_texts()
            texts.append(shown.locator("main").inner_text())
            assert scripts or not labels, "a button that does nothing"
            for label in labels:
                texts[0] = texts[0].replace(label, "")
        assert texts[0].split() == texts[1].split()
        assert len(texts[0]) > 10


@pytest.mark.parametrize("name", MOVABLE)
def test_it_opens_from_a_folder(
    name: str, windows: Windows, sample: Sample, types: dict[str, list[str]]
) -> None:
    window = windows(offline=True)
    for page in types[name]:
        shown = window.open((sample.output / page).as_uri())
        assert window.noted() == [], page
        assert _is_styled(shown), page


def test_every_type_opens_under_any_path(
    windows: Windows, sample: Sample, types: dict[str, list[str]]
) -> None:
    window = windows()
    with served(sample.output, "/a/b/") as address:
        for name in MOVABLE:
            shown = window.open(address + types[name][0])
            assert window.noted() == [], name
            assert _is_styled(shown), name


def test_every_tenth_page_opens_without_a_complaint(
    windows: Windows, sample: Sample, address: str, types: dict[str, list[str]]
) -> None:
    pages = [page for page in sample.pages() if page not in types["redirect"]]
    window = windows(viewport=PHONE)
    for page in pages[::10]:
        shown = window.open(address + page)
        assert window.noted() == [], page
        assert shown.evaluate(_WIDER) == [], page


def test_pages_break_no_rule_of_accessibility_on_a_phone(
    windows: Windows, address: str, types: dict[str, list[str]]
) -> None:
    window = windows(viewport=PHONE)
    for name in ("home", "column-2", "kind-guide", "kind-permit-items"):
        assert _broken_rules(window.open(address + types[name][-1])) == [], name


def test_a_broken_rule_of_accessibility_would_be_told(windows: Windows, address: str) -> None:
    shown = windows().open(address)
    shown.evaluate("document.querySelector('.name img').removeAttribute('alt')")
    assert [rule for rule, _, _ in _broken_rules(shown)] == ["image-alt"]


def _broken_rules(shown: Page) -> list[tuple[str, str, str]]:
    results = Axe().run(shown, options={"resultTypes": ["violations"], "preload": False})
    return [
        (rule["id"], node["html"][:200], node["failureSummary"])
        for rule in results.response["violations"]
        for node in rule["nodes"]
    ]


def _is_styled(shown: Page) -> bool:
    background = "getComputedStyle(document.querySelector('.bar')).backgroundColor"
    return shown.evaluate(background) not in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")
