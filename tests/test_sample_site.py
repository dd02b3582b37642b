"""The sample site as an inspector, a reader's browser and a careful clerk would see it."""

from __future__ import annotations

import datetime
import hashlib
import itertools
import json
import posixpath
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib
import pytest
from samplesite import DAY, PageFacts, Sample, documents_of, everything_in, facts_of, page_types

from sitegen.build import BuildOptions, build
from sitegen.engine.reporter import Silent
from sitegen.kinds.document import Document
from sitegen.problems import Severity
from sitegen.terminal import problem_text

_PLAIN = re.compile(r"[\u3400-\u9fff，。、；：（）《》]{14,}")
"""A run of text that neither Markdown nor HTML writes differently."""


@pytest.fixture(scope="session")
def pages(sample: Sample) -> dict[str, PageFacts]:
    """What every page of the sample site says."""
    return {address: facts_of(sample.text(address)) for address in sample.pages()}


@pytest.fixture(scope="session")
def documents(sample: Sample) -> dict[str, Document]:
    """Every document of the sample site, also those that are left out."""
    return documents_of(sample.root)


class TestContent:
    def test_it_builds_without_errors_and_warnings(self, sample: Sample) -> None:
        told = [
            problem_text(problem, sample.root, str)
            for problem in sample.result.problems
            if problem.severity is not Severity.NOTICE
        ]
        assert told == []
        assert sample.result.committed is not None

    @pytest.mark.parametrize("day", ["2026-11-01", "2027-06-30"])
    def test_it_builds_as_on_other_days(self, day: str, sample: Sample, tmp_path: Path) -> None:
        root = tmp_path / "site"
        shutil.copytree(sample.root / "content", root / "content")
        as_of = datetime.date.fromisoformat(day)
        options = BuildOptions(root, tmp_path / "build", as_of=as_of, jobs=2)
        result = build(options, datetime.datetime.now(datetime.UTC), Silent())
        told = [problem_text(problem, root, str) for problem in result.problems]
        assert result.committed is not None, told

    def test_it_has_the_documents_and_rows_of_a_whole_zone(
        self, documents: dict[str, Document]
    ) -> None:
        rows = sum(len(table.rows) for one in documents.values() for table in one.tables)
        workbooks = {
            path
            for path, one in documents.items()
            if any(table.source.endswith(".xlsx") for table in one.tables)
        }
        assert len(documents) >= 90
        assert rows >= 250
        assert len(workbooks) >= 3

    def test_it_shows_every_first_kind(self, documents: dict[str, Document]) -> None:
        kinds = Counter(one.kind for one in documents.values())
        assert {
            "article", "policy", "interpretation", "guide", "permit-items", "permit-decisions",
            "budget", "final-accounts", "organisation", "disclosure-guide",
        } <= set(kinds)  # fmt: skip
        assert kinds["budget"] >= 2
        assert kinds["final-accounts"] >= 2

    def test_it_lists_the_34_permit_items(self, documents: dict[str, Document]) -> None:
        counts = {
            len(table.rows)
            for one in documents.values()
            for table in one.tables
            if "事项" in one.fields["title"]
        }
        assert 34 in counts

    def test_every_class_of_article_20_has_something(self, sample: Sample) -> None:
        site = json.loads(sample.text("site.json"))
        columns = {column["address"]: column for column in site["columns"]}
        used = {document["column"] for document in site["documents"]}
        classes = {columns[address].get("a20_class") for address in used}
        assert {f"a20_{number:02}" for number in range(1, 16)} <= classes

    def test_it_shows_what_can_become_of_a_document_and_a_column(
        self, sample: Sample, documents: dict[str, Document]
    ) -> None:
        site = json.loads(sample.text("site.json"))
        validity = {document.get("validity") for document in site["documents"]}
        acts = {change["act"] for one in site["documents"] for change in one.get("changes", ())}
        assert {"有效", "已修改", "废止"} <= validity
        assert {"发布", "修订", "废止", "撤下", "移动"} <= acts
        assert "withdrawn" in {document["state"] for document in site["documents"]}
        assert "archived" in {column["status"] for column in site["columns"]}
        assert {"draft", "scheduled"} <= {left.reason for left in sample.result.left_out}
        assert {"tombstone", "redirect", "column-2", "year"} <= set(page_types(sample))


class TestLinks:
    def test_every_link_leads_somewhere(self, sample: Sample, pages: dict[str, PageFacts]) -> None:
        files = set(sample.files())
        broken = [
            f"{page}: {href}"
            for page, facts in pages.items()
            for href, target, fragment in _internal(page, facts)
            if target not in files or (fragment and fragment not in _ids(pages, target))
        ]
        assert broken == []

    def test_links_are_relative(self, pages: dict[str, PageFacts]) -> None:
        absolute = [
            f"{page}: {href}"
            for page, facts in pages.items()
            for _, href, _ in facts.links
            if href.startswith("/") and page != "404.html"
        ]
        assert absolute == []

    def test_nothing_is_loaded_from_elsewhere(self, pages: dict[str, PageFacts]) -> None:
        loaded = [
            f"{page}: <{tag}> {href}"
            for page, facts in pages.items()
            for tag, href, given in facts.links
            if (tag != "a" and given.get("rel") != "canonical") and urlsplit(href).scheme
        ]
        assert loaded == []

    def test_every_page_can_be_reached_from_the_home_page(
        self, sample: Sample, pages: dict[str, PageFacts]
    ) -> None:
        reached = _reached(pages)
        lost = {page for page in pages if page not in reached} - {"404.html"}
        assert lost == set(page_types(sample)["redirect"])

    def test_every_download_can_be_reached(
        self, sample: Sample, pages: dict[str, PageFacts]
    ) -> None:
        linked = {
            target for page, facts in pages.items() for _, target, _ in _internal(page, facts)
        }
        offered = {
            file
            for file in sample.files()
            if file.endswith((".csv", ".xlsx", ".zip", ".pdf", ".docx", ".xml"))
        } - {"sitemap.xml"}
        assert sorted(offered - linked) == []

    def test_a_download_says_how_the_file_is_to_be_named(
        self, sample: Sample, pages: dict[str, PageFacts]
    ) -> None:
        for page, facts in pages.items():
            for href, target, given in _downloads(page, facts):
                suffix = posixpath.splitext(target)[1]
                assert (sample.output / target).is_file(), f"{page}: {href}"
                assert not given or given.endswith(suffix), f"{page}: {href} as {given}"

    def test_redirects_lead_to_pages(self, sample: Sample, pages: dict[str, PageFacts]) -> None:
        redirects = page_types(sample)["redirect"]
        assert redirects
        for page in redirects:
            target = posixpath.normpath(
                posixpath.join(posixpath.dirname(page), pages[page].refresh)
            )
            assert target in pages, page
            assert pages[target].body != "redirect", page


class TestMarkup:
    def test_pages_have_no_parse_errors(self, sample: Sample) -> None:
        faults = {}
        for page in sample.pages():
            parser = html5lib.HTMLParser(namespaceHTMLElements=False)
            parser.parse(sample.text(page))
            if parser.errors:
                faults[page] = [(place, code) for place, code, _ in parser.errors]
        assert faults == {}

    def test_ids_are_unique(self, pages: dict[str, PageFacts]) -> None:
        twice = {
            page: [name for name, number in Counter(facts.ids).items() if number > 1]
            for page, facts in pages.items()
            if len(facts.ids) != len(set(facts.ids))
        }
        assert twice == {}

    def test_nothing_stands_inline_that_the_policy_forbids(
        self, pages: dict[str, PageFacts]
    ) -> None:
        assert {page: facts.inline for page, facts in pages.items() if facts.inline} == {}

    def test_a_page_has_one_first_heading_and_skips_no_level(
        self, pages: dict[str, PageFacts]
    ) -> None:
        odd = {}
        for page, facts in pages.items():
            levels = [level for level, _ in facts.headings]
            skips = any(after > before + 1 for before, after in itertools.pairwise(levels))
            if levels.count(1) != 1 or levels[0] != 1 or skips:
                odd[page] = facts.headings
        assert odd == {}

    def test_titles_tell_pages_apart(self, sample: Sample, pages: dict[str, PageFacts]) -> None:
        titles = Counter(
            facts.title for facts in pages.values() if facts.body not in ("redirect", "missing")
        )
        assert [title for title, number in titles.items() if number > 1] == []
        assert all(title.endswith("示范经济开发区政务公开") for title in titles)


class TestPageTags:
    """国办发〔2017〕47号, the page tags (网页标签规范)."""

    SITE = ("SiteName", "SiteDomain", "SiteIDCode")
    COLUMN = ("ColumnName", "ColumnType", "ColumnDescription", "ColumnKeywords")
    CONTENT = ("ArticleTitle", "PubDate", "ContentSource")

    def test_every_page_names_the_site(self, pages: dict[str, PageFacts]) -> None:
        wanted = {
            "SiteName": ["示范经济开发区政务公开"],
            "SiteDomain": ["xxgk.shifan.example"],
            "SiteIDCode": ["0000000001"],
        }
        for page, facts in pages.items():
            assert {name: facts.metas.get(name) for name in self.SITE} == wanted, page

    def test_columns_and_documents_name_their_column(
        self, sample: Sample, pages: dict[str, PageFacts]
    ) -> None:
        for kind, addresses in page_types(sample).items():
            if not kind.startswith(("column", "year", "kind-")):
                continue
            for page in addresses:
                for name in self.COLUMN:
                    assert _single(pages[page], name), f"{page}: {name}"

    def test_documents_say_what_they_are(self, sample: Sample, pages: dict[str, PageFacts]) -> None:
        published = {
            one["address"]: one for one in json.loads(sample.text("site.json"))["documents"]
        }
        for kind, addresses in page_types(sample).items():
            for page in addresses if kind.startswith("kind-") else ():
                facts, document = pages[page], published[page]
                heading = next(text for level, text in facts.headings if level == 1)
                tags = {name: _single(facts, name) for name in self.CONTENT}
                assert tags["ArticleTitle"] == heading.strip() == document["title"], page
                assert re.fullmatch(
                    r"\d{4}-\d{2}-\d{2} ([01]\d|2[0-3]):[0-5]\d", tags["PubDate"]
                ), page
                assert tags["PubDate"].startswith(document["published_on"]), page
                assert tags["PubDate"][:10] in facts.text, page
                assert tags["ContentSource"], page


class TestMachineFiles:
    def test_the_site_map_lists_exactly_the_public_pages(self, sample: Sample) -> None:
        base = "https://xxgk.shifan.example/"
        located = re.findall("<loc>(.*?)</loc>", sample.text("sitemap.xml"))
        types = page_types(sample)
        public = {
            page
            for kind, addresses in types.items()
            for page in addresses
            if kind in ("column", "catalogue", "log", "map") or kind.startswith("kind-")
        }
        assert sorted(located) == sorted([base, *(base + page for page in public)])

    def test_the_manifest_knows_every_file(self, sample: Sample) -> None:
        manifest = json.loads(sample.text("manifest.json"))
        told = {file["path"]: (file["size"], file["sha256"]) for file in manifest["files"]}
        found = {}
        for file in sample.files():
            data = (sample.output / file).read_bytes()
            found[file] = (len(data), hashlib.sha256(data).hexdigest())
        del found["manifest.json"]
        assert told == found

    def test_attachments_are_as_described(self, sample: Sample) -> None:
        described = [
            file
            for document in json.loads(sample.text("site.json"))["documents"]
            for file in document.get("attachments", ())
        ]
        assert len(described) >= 20
        for file in described:
            data = (sample.output / file["address"]).read_bytes()
            assert file["size"] == len(data), file["address"]
            assert file["sha256"] == hashlib.sha256(data).hexdigest(), file["address"]

    def test_addresses_are_plain(self, sample: Sample) -> None:
        assert [a for a in sample.files() if not re.fullmatch(r"[a-z0-9._/-]+", a)] == []


class TestNothingLeaves:
    def test_of_documents_that_are_left_out(
        self, sample: Sample, documents: dict[str, Document]
    ) -> None:
        out = {left.path for left in sample.result.left_out}
        assert out
        public = "\n".join(_source(sample, path) for path in documents if path not in out)
        hidden = {
            text
            for path in out
            for text in _PLAIN.findall(_source(sample, path))
            if text not in public
        }
        assert len(hidden) >= 10
        published = everything_in(sample.output)
        leaked = {
            (name, text)
            for text in hidden
            for name, content in published.items()
            if text.encode() in content
        }
        assert leaked == set()

    def test_of_documents_that_are_not_yet_due(self, sample: Sample) -> None:
        later = [
            document["address"]
            for document in json.loads(sample.text("site.json"))["documents"]
            if document.get("published_on", "") > DAY.isoformat()
        ]
        assert later == []


def _source(sample: Sample, path: str) -> str:
    return (sample.root / "content" / path).read_text(encoding="utf-8")


def _single(facts: PageFacts, name: str) -> str:
    """The content of a tag that stands once; empty if it is missing, repeated or a placeholder."""
    given = facts.metas.get(name, [])
    return given[0] if len(given) == 1 and given[0] not in ("null", "None") else ""


def _internal(page: str, facts: PageFacts) -> Iterator[tuple[str, str, str]]:
    """Links within the site: as written, the file they lead to, the fragment."""
    for _, href, _ in facts.links:
        parts = urlsplit(href)
        if parts.scheme or parts.netloc:
            continue
        path = unquote(parts.path)
        if path.startswith("/"):
            target = path[1:] or "index.html"
        elif path:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
        else:
            target = page
        yield href, target, unquote(parts.fragment)


def _downloads(page: str, facts: PageFacts) -> Iterator[tuple[str, str, str]]:
    """Downloads: as written, the file, the name that it is to have."""
    targets = [target for _, target, _ in _internal(page, facts)]
    inner = [link for link in facts.links if not (urlsplit(link[1]).scheme)]
    for (_, href, given), target in zip(inner, targets, strict=True):
        if "download" in given:
            yield href, target, given["download"]


def _ids(pages: dict[str, PageFacts], target: str) -> set[str]:
    return set(pages[target].ids) if target in pages else set()


def _reached(pages: dict[str, PageFacts]) -> set[str]:
    reached, waiting = {"index.html"}, ["index.html"]
    while waiting:
        page = waiting.pop()
        for _, target, _ in _internal(page, pages[page]):
            if target in pages and target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached
