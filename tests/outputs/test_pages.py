"""Pages of documents: exactly what a reader sees, and nothing that is not meant for readers."""

# ruff: noqa: E501 - expected lines of HTML

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from handmade import entry, site, workshop
from wholesite import LEFT_OUT, SECRET, facts, made, whole_site

from sitegen.kinds.kind import Field, Kind, Kinds
from sitegen.outputs import pages
from sitegen.outputs.output import Output, Workshop
from sitegen.render.theme import load_theme
from sitegen.render.views import Views


def text(html: str) -> str:
    """The words of a page, one element after the other."""
    body = re.sub(r"<[^>]+>", "\n", html[html.index("<main") : html.index("</main>")])
    return "\n".join(line.strip() for line in body.splitlines() if line.strip())


def page(address: str, language: str = "zh-CN") -> str:
    return made(language)[0][address]


class TestADocument:
    def test_has_the_page_tags_of_the_national_rules(self) -> None:
        tags = re.findall(
            r'<meta name="([A-Z]\w+)" content="([^"]*)">', page("xxgk/zhengce/a.html")
        )
        assert dict(tags) == {
            "SiteName": "示范经济开发区政务公开",
            "SiteDomain": "xxgk.shifan.example",
            "SiteIDCode": "0000000001",
            "ColumnName": "法定主动公开内容",
            "ColumnType": "信息公开",
            "ColumnKeywords": "法定主动公开内容",
            "ArticleTitle": "关于印发《&lt;垃圾分类&gt;管理办法》的通知",
            "PubDate": "2026-11-10 00:00",
            "ContentSource": "示范经济开发区管理委员会",
            "Keywords": "垃圾,分类",
            "Author": "综合执法局",
            "Description": "四类投放。",
            "Url": "https://xxgk.shifan.example/zw/xxgk/zhengce/a.html",
        }
        assert len(tags) == len(dict(tags))

    def test_is_titled_page_column_site(self) -> None:
        title = re.search("<title>(.*)</title>", page("xxgk/zhengce/b.html"))
        assert title
        assert title[1] == "旧办法-法定主动公开内容-示范经济开发区政务公开"

    def test_identifies_itself_as_official_pages_do(self) -> None:
        identity = (
            page("xxgk/zhengce/a.html").partition('<dl class="identity">')[2].partition("</dl>")[0]
        )
        assert re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", identity) == [
            ("索引号", "110000001234567883/2026-10001"),
            ("主题分类", "城乡建设、环境保护 / 城乡建设（含住房）"),
            ("发布机构", "示范经济开发区管理委员会"),
            ("成文日期", "2026年11月5日"),
            ("文号", "示开管发〔2026〕13号"),
            ("发布日期", "2026年11月10日"),
            ("体裁分类", "办法"),
            ("有效性", "尚未施行"),
            ("施行日期", "2027年1月1日"),
            ("公开方式", "主动公开"),
            ("责任部门", "综合执法局"),
            ("关键词", "垃圾、分类"),
        ]

    def test_says_what_became_of_it(self) -> None:
        assert "本文件自2027年1月1日起施行，目前尚未施行。" in page("xxgk/zhengce/a.html")
        banner = (
            page("xxgk/zhengce/b.html")
            .partition('class="banner repealed"')[2]
            .partition("</div>")[0]
        )
        assert "本文件已于2026年11月10日废止。" in banner
        assert 'href="../../xxgk/zhengce/a.html"' in banner

    def test_shows_relations_both_ways(self) -> None:
        assert (
            text(page("xxgk/zhengce/a.html"))
            .partition("相关文件\n")[2]
            .startswith("政策解读\n示例：政策解读\n本文件废止的文件\n旧办法\n示开管发〔2019〕4号\n")
        )
        assert "废止本文件的文件" in page("xxgk/zhengce/b.html")

    def test_resolves_the_links_of_its_text(self) -> None:
        html = page("xxgk/zhengce/a.html")
        assert '<a href="../../xxgk/zhengce/b.html#附件">旧办法</a>' in html
        assert '<a href="../../bsfw/index.html">办事服务</a>' in html
        assert "<a>内部</a>" in html
        assert '<a href="../../xxgk/zhengce/a/quanwen.pdf" download="办法全文.pdf">全文</a>' in html
        assert '<img src="../../xxgk/zhengce/a/tu.png" alt="流程">' in html
        assert "sitegen:" not in html

    def test_offers_its_files_with_type_size_and_digest(self) -> None:
        html = page("xxgk/zhengce/a.html")
        assert (
            '<a href="../../xxgk/zhengce/a/quanwen.pdf" download="办法全文.pdf">办法全文</a> <span class="size">PDF 4 B</span>'
            in html
        )
        assert re.search(r"SHA-256 <code>[0-9a-f]{64}</code>", html)
        assert 'href="../../xxgk/zhengce/a/a.zip"' in html

    def test_shows_its_history_without_slips_of_the_pen(self) -> None:
        history = text(page("xxgk/zhengce/a.html")).partition("变更记录\n")[2]
        assert history.startswith(
            "2026-11-12\n修订\n改正第三条\n示范部门\n2026-11-10\n发布\n示范部门\n"
        )

    def test_names_its_neighbours_and_its_sections(self) -> None:
        html = page("xxgk/zhengce/a.html")
        assert '<a rel="next" href="../../xxgk/zhengce/b.html">旧办法</a>' in html
        assert '<li class="h3"><a href="#三">一节</a></li>' in html

    def test_of_an_archived_column_says_so(self) -> None:
        assert "本栏目已于2021年12月31日归档，不再更新。任务已经完成。" in page("guidang/old.html")

    def test_shows_the_way_to_it(self) -> None:
        trail = page("xxgk/zhengce/a.html").partition("<ol>")[2].partition("</ol>")[0]
        assert re.findall(r">([^<>\n]+)<", trail) == [
            "首页",
            "政府信息公开",
            "法定主动公开内容",
            "正文",
        ]


class TestKinds:
    def test_a_guide_shows_the_limits_at_a_glance_and_its_steps_in_order(self) -> None:
        words = text(page("bsfw/guide.html"))
        assert (
            words.index("承诺办结时限\n10个工作日")
            < words.index("受理条件")
            < words.index("申请材料")
        )
        assert words.index("申请材料") < words.index("办理流程\n受理") < words.index("决定\n")
        assert "企业法人、其他组织" in words
        assert "常见问题\n紧急抢修怎么办？" in words

    def test_the_contents_of_a_guide_name_its_parts_in_their_order(self) -> None:
        html = page("bsfw/guide.html")
        listed = re.findall(r'href="#([^"]+)"', html[html.index("s-contents") :].split("</nav>")[0])
        headings = re.findall(r'<h2 id="([^"]+)"', html)
        assert {"t-materials", "t-steps", "s-ways"} <= set(listed)
        assert listed == [each for each in headings if each in listed]

    def test_a_form_in_a_table_is_a_link_to_its_file(self) -> None:
        assert (
            '<td><a href="../bsfw/guide/shenqingbiao.docx" download="申请表.docx">申请表</a>'
            in page("bsfw/guide.html")
        )

    def test_a_list_of_items_links_to_the_guides(self) -> None:
        assert '<a href="../../bsfw/guide.html">' in page("xxgk/zhengce/permit-items.html")

    def test_a_budget_is_drawn_and_tabled(self) -> None:
        html = page("xxgk/zhengce/budget.html")
        assert '<svg class="chart" viewBox="0 0 460 108" role="img"' in html
        assert '<tr class="total"><td class="d">合计</td>' in html
        assert '<th scope="row" class="l2">政府办公厅（室）及相关机构事务</th>' in html
        assert '<span class="unit">单位：万元</span>' in html
        assert 'href="../../xxgk/zhengce/budget/bud-expense.xlsx" download' in html


class TestWhatIsGone:
    def test_a_withdrawn_document_leaves_its_name_and_the_reason(self) -> None:
        html = page("xxgk/zhengce/gone.html")
        assert "本信息已于2026年7月10日撤下。" in html
        assert "原因：</b>起止点有误" in html
        assert '<meta name="robots" content="noindex">' in html
        assert "附件和下载" not in html

    def test_a_closed_one_says_that_the_time_is_over(self) -> None:
        assert "本信息的公开期限已于2026年5月1日届满。" in page("xxgk/zhengce/closed.html")

    def test_an_old_address_leads_on_at_once_and_has_a_plain_link(self) -> None:
        html = page("old/page.html")
        assert '<meta http-equiv="refresh" content="0; url=../xxgk/zhengce/a.html">' in html
        assert (
            '<link rel="canonical" href="https://xxgk.shifan.example/zw/xxgk/zhengce/a.html">'
            in html
        )
        assert '<a href="../xxgk/zhengce/a.html">' in html


class TestNothingLeaves:
    def test_private_fields_are_on_no_page(self) -> None:
        assert [address for address, html in made()[0].items() if SECRET in html] == []

    def test_documents_that_are_left_out_are_on_no_page(self) -> None:
        stem = LEFT_OUT.partition(".")[0]
        assert [address for address, html in made()[0].items() if stem in html] == []

    def test_a_common_field_that_a_kind_keeps_private_is_blanked_everywhere(self) -> None:
        number = "示开密〔2026〕1号"
        kind = Kind("internal", {"zh": "内部"}, (Field("doc_no", {"zh": "文号"}, private=True),))
        one = entry("xxgk/a.md", "标题", kind="internal", doc_no=number)
        small = site([one], kinds=Kinds((Field("doc_no", {"zh": "文号"}),), {"internal": kind}))
        views = Views(small, load_theme(None, "default", "zh-CN")[0])
        assert views.site.entries["xxgk/a.md"].card.doc_no == ""
        assert views.site.entries["xxgk/a.md"].card.title == "标题"


class TestThemes:
    def test_one_template_of_a_site_changes_one_part(self, tmp_path: Path) -> None:
        folder = tmp_path / "own" / "templates"
        folder.mkdir(parents=True)
        (folder / "policy.html").write_text(
            "{% extends 'document.html' %}{% block text %}<p>本站：{{ document.title }}</p>{% endblock %}",
            "utf-8",
        )
        changed, problems = made("zh-CN", tmp_path, "own")
        assert problems == ()
        assert "<p>本站：旧办法</p>" in changed["xxgk/zhengce/b.html"]
        assert "示开管发〔2019〕4号" in changed["xxgk/zhengce/b.html"]
        assert changed["bsfw/guide.html"] == made()[0]["bsfw/guide.html"]

    def test_a_fault_in_a_shared_part_is_told_by_every_page_alike(self, tmp_path: Path) -> None:
        folder = tmp_path / "own" / "templates" / "parts"
        folder.mkdir(parents=True)
        (folder / "footer.html").write_text("<footer>\n{{ site.nothing }}</footer>", "utf-8")
        _, problems = made("zh-CN", tmp_path, "own")
        (problem,) = set(problems)
        assert str(problem.where) == "themes/own/templates/parts/footer.html:2"
        assert problem.code == "R207"

    def test_a_kind_without_its_template_is_a_problem_of_the_page(self) -> None:
        kind = Kind("odd", {"zh": "怪"}, template="odd.html")
        small = site([entry("xxgk/a.md", "标题", kind="odd")], kinds=Kinds((), {"odd": kind}))
        theme, _ = load_theme(None, "default", "zh-CN")
        of = workshop(small)
        of = replace(of, theme=theme, facts=facts(whole_site()))
        of.facts.documents["xxgk/a.md"] = of.facts.documents["about.md"]  # type: ignore[attr-defined]
        (problem,) = pages.produce(Output("xxgk/a.html", "page", "xxgk/a.md"), of).problems
        assert (problem.code, problem.message()) == ("R208", 'there is no template "odd.html"')

    def test_views_are_made_once_for_a_site(self) -> None:
        from sitegen.render.views import views_of

        theme, _ = load_theme(None, "default", "zh-CN")
        one, other = whole_site(), whole_site()
        assert views_of(one, theme) is views_of(one, theme)
        assert views_of(other, theme) is not views_of(one, theme)


def test_pages_do_not_depend_on_what_was_made_before() -> None:
    site_ = whole_site()
    theme, _ = load_theme(None, "default", "zh-CN")
    of = Workshop(site_, theme, facts(site_))
    for output in reversed([*pages.plan(site_, theme)]):
        assert pages.produce(output, of).content.decode() == made()[0][output.address]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_is_made_without_a_problem(language: str) -> None:
    assert made(language)[1] == ()
