"""Atom and JSON Feed."""

from __future__ import annotations

import datetime
import json
import xml.etree.ElementTree as ET

from handmade import attachment, change, column, entry, outputs, site, workshop
from hypothesis import given
from hypothesis import strategies as st

from sitegen.outputs import feeds
from sitegen.render.markdown import Rendered

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(shop, address="feed.xml") -> ET.Element:
    return ET.fromstring(outputs(feeds, shop)[address])


def titles(root: ET.Element) -> list[str]:
    return [e.findtext(f"{ATOM}title") or "" for e in root.iter(f"{ATOM}entry")]


def shop_of(*entries, bodies=None, **more):
    return workshop(site(entries, **more), bodies=bodies)


def test_exact_atom():
    one = entry("xxgk/a.md", "关于<A&B>的公告", issuer="示范部门", summary="一句话")
    data = outputs(feeds, shop_of(one))["feed.xml"].decode()
    assert data == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">\n'
        "<id>https://xxgk.shifan.example/</id>\n"
        "<title>示范经济开发区政务公开</title>\n"
        "<updated>2026-03-02T00:00:00+08:00</updated>\n"
        "<author><name>示范经济开发区管理委员会</name></author>\n"
        '<link rel="alternate" type="text/html" href="https://xxgk.shifan.example/index.html"/>\n'
        '<link rel="self" type="application/atom+xml" href="https://xxgk.shifan.example/feed.xml"/>\n'
        "<entry>\n"
        "<id>https://xxgk.shifan.example/xxgk/a.html</id>\n"
        "<title>关于&lt;A&amp;B&gt;的公告</title>\n"
        "<published>2026-03-02T00:00:00+08:00</published>\n"
        "<updated>2026-03-02T00:00:00+08:00</updated>\n"
        "<author><name>示范部门</name></author>\n"
        '<category term="政府信息公开"/>\n'
        '<link rel="alternate" type="text/html" href="https://xxgk.shifan.example/xxgk/a.html"/>\n'
        "<summary>一句话</summary>\n"
        "</entry>\n"
        "</feed>\n"
    )


def test_exact_json():
    file = attachment("xxgk/a/f.pdf", b"pdf", "附表.pdf")
    one = entry("xxgk/a.md", "公告", issuer="示范部门", attachments=(file,))
    data = json.loads(outputs(feeds, shop_of(one))["feed.json"])
    assert data == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "示范经济开发区政务公开",
        "home_page_url": "https://xxgk.shifan.example/index.html",
        "feed_url": "https://xxgk.shifan.example/feed.json",
        "language": "zh-CN",
        "authors": [{"name": "示范经济开发区管理委员会"}],
        "items": [
            {
                "id": "https://xxgk.shifan.example/xxgk/a.html",
                "url": "https://xxgk.shifan.example/xxgk/a.html",
                "title": "公告",
                "content_text": "公告",
                "date_published": "2026-03-02T00:00:00+08:00",
                "date_modified": "2026-03-02T00:00:00+08:00",
                "authors": [{"name": "示范部门"}],
                "tags": ["政府信息公开"],
                "attachments": [
                    {
                        "url": "https://xxgk.shifan.example/xxgk/a/f.pdf",
                        "mime_type": "application/octet-stream",
                        "title": "附表",
                        "size_in_bytes": 3,
                    }
                ],
            }
        ],
    }


def test_the_last_public_act_decides_the_order():
    revised = entry(
        "xxgk/a.md",
        "修订过",
        changes=(
            change("2026-09-01", "修订", "xxgk/a.md", minor=True),
            change("2026-05-01", "修订", "xxgk/a.md"),
        ),
    )
    newer = entry("xxgk/b.md", "较新", published_on=datetime.date(2026, 4, 1))
    old = entry("xxgk/c.md", "旧")
    root = feed(shop_of(old, newer, revised))
    assert titles(root) == ["修订过", "较新", "旧"]
    assert root.findtext(f"{ATOM}updated") == "2026-05-01T00:00:00+08:00"


def test_a_withdrawn_document_is_marked_with_the_reason():
    file = attachment("xxgk/a/f.pdf", b"pdf", "附表.pdf")
    gone = entry("xxgk/a.md", "公告", state="withdrawn", summary="旧内容", attachments=(file,),
                 changes=(change("2026-05-01", "撤下", "xxgk/a.md", "内容有误"),))  # fmt: skip
    data = outputs(feeds, shop_of(gone))["feed.xml"].decode()
    assert "<title>〔已撤下〕公告</title>" in data
    assert "<summary>内容有误</summary>" in data
    assert "旧内容" not in data
    assert "f.pdf" not in data


def test_closed_documents_are_not_in_it():
    assert titles(feed(shop_of(entry("xxgk/a.md", "公示", state="closed")))) == []


def test_it_holds_the_newest_only():
    entries = [entry(f"xxgk/{n}.md", f"第{n}条", published_on=datetime.date(2026, 1, n))
               for n in range(1, 9)]  # fmt: skip
    assert titles(feed(shop_of(*entries, feed_size=3))) == ["第8条", "第7条", "第6条"]


def test_each_column_with_documents_has_feeds_of_all_below_it():
    columns = (
        column("", "首页", None, children=("xxgk", "tzgg")),
        column("tzgg", "通知公告", documents=()),
        column("xxgk", "公开", children=("xxgk/ys", "xxgk/old"), documents=("xxgk/a.md",)),
        column("xxgk/ys", "预算", "xxgk", documents=("xxgk/ys/b.md",)),
        column("xxgk/old", "旧栏目", "xxgk", status="merged", documents=("xxgk/old/c.md",)),
    )
    entries = [entry("xxgk/a.md", "甲"), entry("xxgk/ys/b.md", "乙", "xxgk/ys")]
    shop = shop_of(*entries, columns=columns)
    assert [*outputs(feeds, shop)] == [
        "feed.xml", "feed.json", "xxgk/feed.xml", "xxgk/feed.json",
        "xxgk/ys/feed.xml", "xxgk/ys/feed.json",
    ]  # fmt: skip
    assert titles(feed(shop, "xxgk/feed.xml")) == ["甲", "乙"]
    root = feed(shop, "xxgk/ys/feed.xml")
    assert titles(root) == ["乙"]
    assert root.findtext(f"{ATOM}title") == "预算 - 示范经济开发区政务公开"
    assert root.findtext(f"{ATOM}id") == "https://xxgk.shifan.example/xxgk/ys/"


def test_without_a_base_url_links_are_relative_and_ids_lasting():
    shop = shop_of(entry("xxgk/a.md", "甲"), base_url="")
    root = feed(shop, "xxgk/feed.xml")
    one = root.find(f"{ATOM}entry")
    assert one.find(f"{ATOM}link").get("href") == "../xxgk/a.html"
    assert one.findtext(f"{ATOM}id").startswith("urn:uuid:")
    assert one.findtext(f"{ATOM}id") == feed(shop).find(f"{ATOM}entry").findtext(f"{ATOM}id")
    assert root.find(f"{ATOM}link[@rel='self']") is None


def test_a_summary_is_taken_from_the_text_if_there_is_none():
    shop = shop_of(entry("xxgk/a.md", "甲", has_body=True),
                   bodies={"xxgk/a.md": Rendered("", text="一 二\n" + "长" * 300)})  # fmt: skip
    summary = feed(shop).find(f"{ATOM}entry").findtext(f"{ATOM}summary")
    assert summary == "一 二 " + "长" * 195 + "…"
    assert len(summary) == 200


def test_an_empty_feed_is_valid():
    root = feed(shop_of())
    assert titles(root) == []
    assert root.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+08:00"


def test_times_are_in_the_zone_of_the_site():
    one = entry("xxgk/a.md", "甲", published_on=datetime.date(2026, 7, 1))
    root = feed(shop_of(one, timezone="Europe/Paris"))
    assert root.findtext(f"{ATOM}updated") == "2026-07-01T00:00:00+02:00"


@given(st.text(), st.text())
def test_any_title_and_summary_give_valid_atom_with_what_it_needs(title, summary):
    root = feed(shop_of(entry("xxgk/a.md", title, summary=summary)))
    for element in (root, *root.iter(f"{ATOM}entry")):
        assert element.findtext(f"{ATOM}id")
        assert element.find(f"{ATOM}title") is not None
        assert element.findtext(f"{ATOM}updated")
        assert element.find(f"{ATOM}link[@rel='alternate']") is not None
    assert root.findtext(f"{ATOM}author/{ATOM}name")
