"""Lists of documents, and what holds for every page of a site."""

# ruff: noqa: E501 - expected lines of HTML

from __future__ import annotations

import datetime
import itertools
import posixpath
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib
import pytest
from handmade import change, column, entry, site
from html5lib.html5parser import HTMLParser
from wholesite import facts, made, other_files, whole_site

from sitegen.outputs import listings
from sitegen.outputs.output import Output, Workshop
from sitegen.render.theme import Theme, built_in_themes, load_theme

PAGES = sorted(made()[0])
THEME = load_theme(None, "default", "zh-CN")[0]


def page(address: str, language: str = "zh-CN") -> str:
    return made(language)[0][address]


def titles(html: str) -> list[str]:
    """The titles of the documents that a page lists."""
    lists = "".join(re.findall(r'<ul class="list">(.*?)</ul>', html, re.DOTALL))
    return re.findall(r'<li><a href="[^"]*">(.*?)</a>', lists)


class TestEveryPage:
    @pytest.mark.parametrize("address", PAGES)
    def test_is_html_without_a_parse_error(self, address: str) -> None:
        parser = HTMLParser(strict=False)
        parser.parse(page(address))
        errors = [
            error for error in parser.errors if error[1] != "expected-named-closing-tag-but-got-eof"
        ]
        assert errors == []

    @pytest.mark.parametrize("address", PAGES)
    def test_has_unique_ids_one_h1_and_the_landmarks(self, address: str) -> None:
        html = page(address)
        ids = Counter(re.findall(r'\sid="([^"]+)"', html))
        assert [each for each, count in ids.items() if count > 1] == []
        assert html.count("<h1") == 1
        assert (
            html.count("<main") == html.count('<footer class="foot"') == html.count("</body>") == 1
        )
        assert html.index('class="skip" href="#s-main"') < html.index("<header")
        for named in re.findall(r'aria-labelledby="([^"]+)"', html):
            assert all(each in ids for each in named.split())

    @pytest.mark.parametrize("address", PAGES)
    def test_headings_leave_out_no_level(self, address: str) -> None:
        levels = [int(level) for level in re.findall(r"<h([1-6])", page(address))]
        main = levels[levels.index(1) :]
        assert all(after - before <= 1 for before, after in itertools.pairwise(main))

    def test_links_only_to_what_the_site_has(self) -> None:
        all_pages, _ = made()
        assets = {static.address for static in THEME.statics.values()}
        known = set(all_pages) | other_files(whole_site()) | assets
        dead = []
        for address, html in all_pages.items():
            for link in re.findall(r'\s(?:href|src)="([^"]*)"', html):
                parts = urlsplit(link)
                if parts.scheme in {"http", "https", "mailto", "tel"} or not parts.path:
                    continue
                if address == "404.html":
                    assert link.startswith("/zw/")
                    target = unquote(parts.path).removeprefix("/zw/")
                else:
                    target = posixpath.normpath(
                        posixpath.join(posixpath.dirname(address), unquote(parts.path))
                    )
                if target not in known:
                    dead.append((address, link))
        assert dead == []

    def test_links_within_a_page_have_their_target(self) -> None:
        dead = [
            (address, fragment)
            for address, html in made()[0].items()
            for fragment in re.findall(r'href="#([^"]+)"', html)
            if f'id="{fragment}"' not in html
        ]
        assert dead == []

    def test_loads_nothing_from_elsewhere_and_runs_nothing_inline(self) -> None:
        for address, html in made()[0].items():
            assert not re.search(
                r'<(?:script|img|link rel="stylesheet")[^>]*(?:src|href)="(?:https?:)?//', html
            ), address
            assert not re.search(r"<script>|<style|\sstyle=|\son\w+=", html), address
            assert html.index("Content-Security-Policy") < html.index('rel="stylesheet"')

    def test_has_a_footer_with_the_required_identity(self) -> None:
        for html in made()[0].values():
            footer = html.partition('<footer class="foot">')[2]
            for words in ("主办单位", "承办单位", "0000000001", "示ICP备00000000号", "示公网安备1号",
                          "政府网站找错", "党政机关网站标识", "0999-86660001", "站点地图"):  # fmt: skip
                assert words in footer
            assert "传真" not in footer  # the site has none

    def test_speaks_english_on_an_english_site(self) -> None:
        """With the content taken out, an English page holds no Chinese of the theme's own."""
        chinese, english = made("zh-CN")[0], made("en")[0]
        assert chinese.keys() == english.keys()
        kept = re.compile("[㐀-鿿〇“”…、。，；：（）？]+")
        shown = {
            word for html in english.values() for word in kept.findall(html.replace("示例：", ""))
        }
        content = "".join(
            path.read_text("utf-8")
            for path in (
                Path(__file__).parent / "wholesite.py",
                Path(__file__).parent / "handmade.py",
            )
        ) + "".join(
            path.read_text("utf-8")
            for path in sorted(
                (built_in_themes().parent / "sitegen/kinds/definitions").glob("*.yaml")
            )
        )
        assert sorted(word for word in shown if word not in content) == []

    def test_templates_and_script_hold_no_chinese(self) -> None:
        """All words come from the catalogues."""
        folder = built_in_themes() / "default"
        for path in sorted([*folder.rglob("*.html"), folder / "static" / "site.css"]):
            text = re.sub(r"\{#.*?#\}|/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
            assert not re.search("[㐀-鿿]", text), path


class TestTheHomePage:
    def test_shows_changes_services_figures_and_columns(self) -> None:
        html = page("index.html")
        assert "<b>34</b> 项" in html
        assert 'href="xxgk/zhengce/permit-items.html"' in html
        newest = html.partition('<section class="newest">')[2].partition("</section>")[0]
        assert re.findall(r'<span class="act \w+">(\w+)</span>', newest) == ["修订", "发布", "撤下"]
        assert "错字" not in newest
        assert html.index("政府信息公开指南") < html.index("最新公开")

    def test_lists_documents_that_stand_in_no_column(self) -> None:
        assert '<a href="about.html">关于本站</a>' in page("index.html")

    def test_does_not_offer_archived_and_merged_columns(self) -> None:
        bar = page("index.html").partition('<nav class="bar"')[2].partition("</nav>")[0]
        assert re.findall(r">([^<\n]+)</a>", bar) == [
            "首页",
            "政府信息公开",
            "办事服务",
            "政策解读",
        ]


class TestAColumn:
    def test_shows_the_standard_blocks_in_order(self) -> None:
        html = page("xxgk/index.html")
        assert re.findall(r'<section class="block (\w+)">', html) == ["guide", "content"]

    def test_pages_its_list_and_leaves_out_what_is_gone(self) -> None:
        found = [title for number in (1, 2, 3) for title in titles(page(
            "xxgk/zhengce/index.html" if number == 1 else f"xxgk/zhengce/index-{number}.html"
        ))]  # fmt: skip
        assert found[0] == "关于印发《&lt;垃圾分类&gt;管理办法》的通知"
        assert len(found) == len(set(found)) == 8
        assert found[-2:] == ["旧办法", "一般通知"]
        assert "xxgk/zhengce/index-4.html" not in made()[0]

    def test_leads_from_page_to_page(self) -> None:
        html = page("xxgk/zhengce/index-2.html")
        assert '<a rel="prev" href="../../xxgk/zhengce/index.html">上一页</a>' in html
        assert '<a rel="next" href="../../xxgk/zhengce/index-3.html">下一页</a>' in html
        assert '<span aria-current="page">2</span>' in html
        assert "<h1>法定主动公开内容（第2页）</h1>" in html

    def test_has_an_archive_by_year(self) -> None:
        assert titles(page("xxgk/zhengce/year-2019.html")) == ["旧办法", "一般通知"]
        assert 'href="../../xxgk/zhengce/year-2019.html"' in page("xxgk/zhengce/index.html")
        assert "bsfw/year-2026.html" not in made()[0]

    def test_marks_documents_that_are_no_longer_in_force(self) -> None:
        assert '<span class="mark repealed">废止</span>' in page("xxgk/zhengce/year-2019.html")

    def test_says_who_publishes_instead(self) -> None:
        html = page("xxgk/shehui/index.html")
        assert (
            '公开机关：<a href="https://mz.shifan.example/" rel="noopener">示范市民政局</a>' in html
        )
        assert "本栏目尚未公开信息" not in html

    def test_says_that_it_is_archived(self) -> None:
        assert "本栏目已于2021年12月31日归档，不再更新。任务已经完成。" in page(
            "guidang/index.html"
        )

    def test_that_was_merged_is_a_redirect_only(self) -> None:
        assert "页面已移动" in page("jiu/index.html")

    def test_carries_the_column_tags(self) -> None:
        tags = dict(re.findall(r'<meta name="(\w+)" content="([^"]*)">', page("xxgk/index.html")))
        assert {name: tags[name] for name in ("ColumnName", "ColumnType", "ColumnDescription", "ColumnKeywords")} == {
            "ColumnName": "政府信息公开", "ColumnType": "信息公开",
            "ColumnDescription": "本区的政府信息", "ColumnKeywords": "公开",
        }  # fmt: skip
        assert "ArticleTitle" not in tags

    def test_opens_its_menu_along_the_way(self) -> None:
        menu = (
            page("xxgk/zhengce/index.html").partition('<nav class="menu"')[2].partition("</nav>")[0]
        )
        assert re.findall(r">([^<\n]+)</a>", menu) == [
            "政府信息公开",
            "政府信息公开指南",
            "法定主动公开内容",
            "社会救助",
        ]
        assert '<a href="../../xxgk/zhengce/index.html" aria-current="page">' in menu


class TestTheLog:
    def test_stands_by_month_with_an_index(self) -> None:
        html = page("log/index.html")
        assert re.findall(r'<h2 id="(m[\d-]+)">(.*?)</h2>', html) == [
            ("m2026-11", "2026年11月"),
            ("m2026-07", "2026年7月"),
        ]
        assert '<a href="../log/2026-07.html">2026年7月</a> <span class="count">1</span>' in html
        assert "起止点有误" in page("log/2026-07.html")
        assert 'rel="prev" href="../log/2026-11.html"' in page("log/2026-07.html")

    def test_of_a_column_holds_the_changes_below_it(self) -> None:
        assert "xxgk/log.html" in made()[0]
        assert "bsfw/log.html" not in made()[0]

    def test_of_a_long_lived_column_is_cut_and_says_so(self) -> None:
        days = [f"20{year:02}-01-01" for year in range(99)] + ["2099-05-01", "2099-06-01"]
        changes = tuple(change(day, "修订", "xxgk/a.md") for day in days)
        one = entry("xxgk/a.md", "标题", changes=changes)
        html = listing(site([one]), "xxgk/log.html")
        assert "此处列出最近100条" in html
        assert html.count('class="act revised"') == 100


def listing(of: object, address: str, theme: Theme = THEME) -> str:
    for output in listings.plan(of, theme):  # type: ignore[arg-type]
        if output.address == address:
            return listings.produce(
                output, Workshop(of, theme, facts(whole_site()))
            ).content.decode()  # type: ignore[arg-type]
    raise AssertionError(address)


class TestTheDirectory:
    def test_lists_every_published_document_once_by_column(self) -> None:
        html = page("catalogue.html")
        assert html.count('<th scope="row">') == 13
        assert "撤下的通告" not in html
        assert "公示期满的名单" not in html
        assert "公开类别：行政法规、规章和规范性文件" in html
        assert 'href="catalogue/catalogue.xlsx"' in html

    def test_is_paged_when_long(self) -> None:
        many = [entry(f"xxgk/d{number:04}.md", f"第{number}号") for number in range(1001)]
        planned = [
            o.address for o in listings.plan(site(many), THEME) if o.part.startswith("catalogue")
        ]
        assert planned == ["catalogue.html", "catalogue-2.html", "catalogue-3.html"]
        assert listing(site(many), "catalogue-3.html").count('<th scope="row">') == 1


class TestPlaces:
    def test_an_unknown_address_gets_absolute_links(self) -> None:
        html = page("404.html")
        assert 'href="/zw/index.html"' in html
        assert f'href="/zw/{THEME.asset("site.css")}"' in html
        bare = listing(whole_site(base_url=""), "404.html")
        assert 'href="/index.html"' in bare

    def test_without_an_address_of_its_own_the_site_says_none(self) -> None:
        html = listing(whole_site(base_url=""), "index.html")
        assert "SiteDomain" not in html
        assert "canonical" not in html

    def test_an_empty_site_has_its_pages_too(self) -> None:
        empty = site([], columns=[column("", "首页", None)])
        for output in listings.plan(empty, THEME):
            made_ = listings.produce(output, Workshop(empty, THEME, facts(whole_site())))
            assert made_.problems == ()
            assert made_.content

    def test_static_files_are_planned_under_their_fingerprints(self) -> None:
        planned = [o for o in listings.plan(whole_site(), THEME) if o.producer == "asset"]
        assert [o.subject for o in planned] == ["mark.svg", "reader.js", "site.css"]
        one = listings.produce(planned[2], Workshop(whole_site(), THEME, facts(whole_site())))
        assert one.content == THEME.statics["site.css"].content

    def test_the_plan_has_every_address_once_and_in_a_fixed_order(self) -> None:
        first = [*listings.plan(whole_site(), THEME)]
        assert first == [*listings.plan(whole_site(), THEME)]
        assert len({o.address for o in first}) == len(first)


def test_a_change_of_a_document_without_a_page_is_logged_without_a_link() -> None:
    one = entry("xxgk/a.md", "标题")
    logged = replace(site([one]), log=(change("2026-03-01", "撤下", "消失的文件"),))
    html = listing(logged, "log/index.html")
    assert "<div>消失的文件" in html


def test_dates_beyond_the_usual_are_no_obstacle() -> None:
    one = entry("xxgk/a.md", "标题", published_on=datetime.date(1, 1, 1))
    other = entry("xxgk/b.md", "另一", published_on=None)
    html = listing(site([one, other]), "xxgk/index.html")
    assert titles(html) == ["标题", "另一"]


def test_html5lib_would_tell_a_planted_fault() -> None:
    parser = html5lib.HTMLParser()
    parser.parse("<!DOCTYPE html><title>x</title><p><div></p>")
    assert parser.errors


def test_the_name_of_a_producer_leads_to_its_page() -> None:
    output = Output("index.html", "listing", part="home")
    site_ = whole_site()
    assert b"<h1>" in listings.produce(output, Workshop(site_, THEME, facts(site_))).content
