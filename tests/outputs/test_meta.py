"""The site map, robots.txt, the machine feed and the manifest."""

from __future__ import annotations

import datetime
import hashlib
import json
import xml.etree.ElementTree as ET

import pytest
from handmade import attachment, change, column, entry, outputs, site, with_table, workshop

from sitegen.kinds.kind import Field, Kind, Kinds
from sitegen.outputs import meta
from sitegen.outputs.manifest import manifest_bytes
from sitegen.problems import Severity
from sitegen.site.site import Relation

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def located(data: bytes) -> dict[str, str | None]:
    root = ET.fromstring(data)
    return {url.findtext(f"{SPACE}loc"): url.findtext(f"{SPACE}lastmod") for url in root}


def test_the_site_map_lists_every_page_once():
    columns = (
        column("", "首页", None, children=("xxgk", "old")),
        column("old", "旧栏目", status="merged"),
        column("xxgk", "公开", documents=("xxgk/a.md", "xxgk/b.md", "xxgk/c.md")),
    )
    entries = [
        entry("xxgk/a.md", "甲", changes=(change("2026-05-01", "修订", "xxgk/a.md"),)),
        entry("xxgk/b.md", "乙", state="withdrawn"),
        entry("xxgk/c.md", "丙", state="closed"),
    ]
    data = outputs(meta, workshop(site(entries, columns=columns)))
    assert located(data["sitemap.xml"]) == {
        "https://xxgk.shifan.example/": "2026-05-01",
        "https://xxgk.shifan.example/catalogue.html": "2026-05-01",
        "https://xxgk.shifan.example/log/index.html": "2026-05-01",
        "https://xxgk.shifan.example/sitemap.html": "2026-05-01",
        "https://xxgk.shifan.example/xxgk/index.html": "2026-05-01",
        "https://xxgk.shifan.example/xxgk/a.html": "2026-05-01",
    }
    assert data["robots.txt"] == (
        b"User-agent: *\nAllow: /\nSitemap: https://xxgk.shifan.example/sitemap.xml\n"
    )


def test_addresses_are_percent_encoded_and_escaped():
    shop = workshop(site([], base_url="https://xxgk.shifan.example/公开/a&b/"))
    assert (
        b"<loc>https://xxgk.shifan.example/%E5%85%AC%E5%BC%80/a&amp;b/</loc>"
        in (outputs(meta, shop)["sitemap.xml"])
    )


def test_a_large_site_map_has_parts_and_an_index(monkeypatch):
    monkeypatch.setattr(meta, "LARGEST_SITEMAP", 3)
    shop = workshop(site([entry("xxgk/a.md", "甲"), entry("xxgk/b.md", "乙")]))
    data = outputs(meta, shop)
    parts = [f"sitemap-{n}.xml" for n in (1, 2, 3)]
    assert [*data] == ["sitemap.xml", *parts, "robots.txt", "site.json"]
    assert [*located(data["sitemap.xml"])] == [f"https://xxgk.shifan.example/{p}" for p in parts]
    assert [len(located(data[part])) for part in parts] == [3, 3, 1]


def test_without_a_base_url_there_is_one_warning_and_no_site_map():
    shop = workshop(site([entry("xxgk/a.md", "甲")], base_url=""))
    made = [meta.produce(output, shop) for output in meta.plan(shop.site, None)]
    assert [*outputs(meta, shop)] == ["robots.txt", "site.json"]
    (problem,) = [problem for one in made for problem in one.problems]
    assert (problem.code, problem.severity) == ("O101", Severity.WARNING)
    assert outputs(meta, shop)["robots.txt"] == b"User-agent: *\nAllow: /\n"


def machine(shop) -> dict:
    return json.loads(outputs(meta, shop)["site.json"])


def test_the_machine_feed_uses_the_names_of_the_fields():
    file = attachment("xxgk/permits/f.pdf", b"f", "批复.pdf")
    shop, _ = with_table(
        [Field("no", {"zh": "文书号"})], [["a"]], attachments=(file,), keywords=("许可",),
        relations=(Relation("interprets", "xxgk/b.md"), Relation("relates", "xxgk/gone.md")),
        others=[entry("xxgk/b.md", "办法")], changes=(change("2026-05-01", "修订", "x", "补充"),),
    )  # fmt: skip
    data = machine(shop)
    assert (data["format"], data["sponsor"]) == ("sitegen-site/1", "示范经济开发区管理委员会")
    assert data["columns"][1] == {
        "address": "xxgk/index.html",
        "name": "政府信息公开",
        "parent": "index.html",
        "status": "active",
        "feed": "xxgk/feed.xml",
    }
    assert data["documents"][0] == {
        "address": "xxgk/permits.html",
        "title": "三月行政许可决定公示",
        "kind": "permits",
        "column": "xxgk/index.html",
        "state": "published",
        "index_no": "110000001234567883/2026-30001",
        "issuer": "示范经济开发区行政审批局",
        "formed_on": "2026-03-01",
        "published_on": "2026-03-02",
        "disclosure": "主动公开",
        "keywords": ["许可"],
        "attachments": [
            {
                "address": "xxgk/permits/f.pdf",
                "title": "批复",
                "name": "批复.pdf",
                "size": 1,
                "sha256": hashlib.sha256(b"f").hexdigest(),
                "media_type": "application/octet-stream",
            }
        ],
        "tables": [
            {
                "name": "decisions",
                "title": "许可决定",
                "csv": "xxgk/permits/decisions.csv",
                "xlsx": "xxgk/permits/decisions.xlsx",
                "json": "xxgk/permits/decisions.json",
            }
        ],
        "relations": [{"relation": "interprets", "address": "xxgk/b.html"}],
        "changes": [{"date": "2026-05-01", "act": "修订", "note": "补充"}],
    }


@pytest.mark.parametrize("state", ["withdrawn", "closed"])
def test_the_machine_feed_says_no_more_of_a_tombstone_than_that_it_is_one(state):
    one = entry("xxgk/a.md", "甲", state=state, summary="内容", doc_no="示〔2026〕1号")
    assert machine(workshop(site([one])))["documents"] == [
        {
            "address": "xxgk/a.html",
            "title": "甲",
            "kind": "article",
            "column": "xxgk/index.html",
            "state": state,
        }
    ]


def test_private_fields_are_not_in_the_machine_feed():
    kind = Kind("article", {"zh": "信息"}, (Field("source", {"zh": "来源"}, private=True),))
    shop = workshop(
        site([entry("xxgk/a.md", "甲", source="secret")], kinds=Kinds((), {"article": kind}))
    )
    assert b"secret" not in outputs(meta, shop)["site.json"]


def test_source_paths_are_not_in_the_machine_feed():
    assert b".md" not in outputs(meta, workshop(site([entry("xxgk/a.md", "甲")])))["site.json"]


def test_the_manifest_is_sorted_and_without_itself():
    entries = [("b.html", 2, "bb"), ("manifest.json", 9, "99"), ("a/说明.txt", 1, "aa")]
    data = manifest_bytes(entries, site([]))
    assert data == manifest_bytes(reversed(entries), site([]))
    assert data.decode() == (
        '{"format": 1, "site": "示范经济开发区政务公开", '
        '"base_url": "https://xxgk.shifan.example/", "revision": "", "files": [\n'
        '{"path": "a/说明.txt", "size": 1, "sha256": "aa"},\n'
        '{"path": "b.html", "size": 2, "sha256": "bb"}\n'
        "]}\n"
    )
    assert len(json.loads(data)["files"]) == 2


def test_an_empty_manifest_is_json():
    assert json.loads(manifest_bytes([], site([])))["files"] == []


def test_nothing_depends_on_the_day_of_the_build():
    import dataclasses

    one = site([entry("xxgk/a.md", "甲")])
    later = dataclasses.replace(one, as_of=datetime.date(2027, 1, 1))
    assert outputs(meta, workshop(one)) == outputs(meta, workshop(later))
