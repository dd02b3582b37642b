"""The sample site, built once for all tests that look at its output, and what its pages hold."""

from __future__ import annotations

import datetime
import io
import json
import re
import shutil
import zipfile
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

from sitegen.build import BuildOptions, BuildResult, build
from sitegen.engine.reporter import Silent
from sitegen.kinds.document import Document
from sitegen.kinds.reading import read_document
from sitegen.making.frame import read_frame

ROOT = Path(__file__).parent.parent
DAY = datetime.date(2026, 11, 23)
"""The day as on which the sample site is built; documents for later days are in its content."""


@dataclass(frozen=True)
class Sample:
    """A copy of the sample site's sources, its output, and what the build said."""

    root: Path
    output: Path
    result: BuildResult

    def text(self, address: str) -> str:
        """A file of the output."""
        return (self.output / address).read_text(encoding="utf-8")

    def pages(self) -> list[str]:
        """Addresses of all HTML pages."""
        return sorted(p.relative_to(self.output).as_posix() for p in self.output.rglob("*.html"))

    def files(self) -> list[str]:
        """Addresses of all files."""
        found = (p for p in self.output.rglob("*") if p.is_file())
        return sorted(p.relative_to(self.output).as_posix() for p in found)


def build_sample(folder: Path) -> BuildResult:
    """Copy the sources of the sample site into the folder ``site``, and build it there."""
    root = folder / "site"
    shutil.copytree(ROOT / "content", root / "content")
    now = datetime.datetime.now(datetime.UTC)
    options = BuildOptions(root, root / "build", as_of=DAY, jobs=2)
    return build(options, now, Silent())


@dataclass
class PageFacts:
    """What a page says, as far as tests ask."""

    title: str = ""
    body: str = ""
    """The class of the body element, which names the sort of page."""
    metas: dict[str, list[str]] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    links: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """Element, address and attributes of everything that names another address."""
    headings: list[tuple[int, str]] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    """What a strict Content Security Policy forbids."""
    refresh: str = ""
    text: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.facts = PageFacts()
        self._open = ""
        self._texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts, given = self.facts, {name: value or "" for name, value in attrs}
        for name, value in given.items():
            if name == "style" or name.startswith("on") or value.startswith("javascript:"):
                facts.inline.append(f'<{tag} {name}="{value}">')
        if tag == "style" or (tag == "script" and "src" not in given):
            facts.inline.append(f"<{tag}>")
        if "id" in given:
            facts.ids.append(given["id"])
        for name in ("href", "src", "data", "action", "poster", "xlink:href"):
            if name in given:
                facts.links.append((tag, given[name], given))
        if tag == "meta" and "name" in given:
            facts.metas.setdefault(given["name"], []).append(given.get("content", ""))
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            facts.refresh = given["content"].partition("url=")[2]
        if tag == "body":
            facts.body = given.get("class", "").removeprefix("on-")
        if re.fullmatch("h[1-6]", tag):
            facts.headings.append((int(tag[1]), ""))
            self._open = tag
        if tag == "title":
            self._open = tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            self._open = ""

    def handle_data(self, data: str) -> None:
        facts = self.facts
        self._texts.append(data)
        if self._open == "title" and not facts.body:
            facts.title += data
        elif self._open and facts.headings:
            level, text = facts.headings[-1]
            facts.headings[-1] = (level, text + data)

    def close(self) -> None:
        super().close()
        self.facts.text = "".join(self._texts)


def facts_of(html: str) -> PageFacts:
    """What a page says."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.facts


def page_types(sample: Sample) -> dict[str, list[str]]:
    """All pages by type: home, column, column-2, year, log-month, kind-guide, tombstone …"""
    listed = json.loads(sample.text("site.json"))["documents"]
    documents = {document["address"]: document for document in listed}
    types: dict[str, list[str]] = {}
    for address in sample.pages():
        name = re.search(r'<body class="on-([a-z-]+)', sample.text(address))
        assert name, f"{address} does not say what sort of page it is"
        types.setdefault(_type(address, name[1], documents.get(address)), []).append(address)
    return dict(sorted(types.items()))


def _type(address: str, body: str, document: dict[str, str] | None) -> str:
    stem = address.rpartition("/")[2].removesuffix(".html")
    if body == "document" and document:
        return f"kind-{document['kind']}"
    if body == "column":
        return "year" if stem.startswith("year-") else "column" if stem == "index" else "column-2"
    if body == "log":
        if address.startswith("log/"):
            return "log" if stem == "index" else "log-month"
        return "column-log"
    return body


def documents_of(root: Path) -> dict[str, Document]:
    """Every document of a site by its source path, whatever becomes of it; none has errors."""
    frame, _ = read_frame(root)
    defaults = {column.path: column.kind for column in frame.columns if column.kind}
    documents = {}
    for path in frame.documents:
        parents = [parent.as_posix() for parent in PurePosixPath(path).parents]
        document, _ = read_document(
            path,
            frame.tree.read(path),
            frame.kinds,
            lambda file: frame.tree.read(file) if file in frame.tree else None,
            calendar=frame.calendar,
            default_kind=next((defaults[p] for p in parents if p in defaults), "article"),
        )
        assert document is not None, path
        documents[path] = document
    return documents


def everything_in(output: Path) -> dict[str, bytes]:
    """Every published file by its address, with what is packed in archives and workbooks."""
    found = {}
    for file in sorted(output.rglob("*")):
        if file.is_file():
            found |= _unpacked(file.relative_to(output).as_posix(), file.read_bytes())
    return found


def _unpacked(name: str, data: bytes) -> dict[str, bytes]:
    if not data.startswith(b"PK\x03\x04"):
        return {name: data}
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.namelist():
            found |= _unpacked(f"{name}!{member}", archive.read(member))
    return found
