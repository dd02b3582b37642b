"""Whether a tool has made the site that it was given: before anything is measured."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from peers.documents import Document
from peers.sources import Written

_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")
_MAIN = re.compile(r"<main.*</main>", re.DOTALL)


def faults(
    output: Path, documents: Iterable[Document], written: Written, *, exactly: bool
) -> Iterator[str]:
    """What is missing or wrong, in words.

    `exactly` holds a peer to every value of every document, and to the number of pages; sitegen
    shows dates and codes in words of its own, and has other lists.
    """
    pages = sum(1 for _ in output.rglob("*.html"))
    if exactly and pages != written.pages():
        yield f"{pages} pages instead of {written.pages()}"
    attached = sum(1 for _ in output.rglob("*.pdf"))
    if attached != written.attachments:
        yield f"{attached} attachments instead of {written.attachments}"
    if not (output / "sitemap.xml").is_file():
        yield "no site map"
    if not any((output / name).is_file() for name in ("feed.xml", "index.xml")):
        yield "no feed"
    for document in documents:
        yield from _of_document(output, document, exactly)


def text_of(page: str) -> str:
    """What a reader sees of the main part, without spaces."""
    found = _MAIN.search(page)
    return _SPACE.sub("", html.unescape(_TAG.sub("", found[0] if found else "")))


def _of_document(output: Path, document: Document, exactly: bool) -> Iterator[str]:
    page = output / f"{document.address}.html"
    if not page.is_file():
        yield f"{document.address}: no page"
        return
    text = text_of(page.read_text(encoding="utf-8"))
    rows = [row for rows in document.tables.values() for row in rows]
    wanted = [document.title, *document.tags]
    if exactly:
        wanted += [*document.info.values(), *(cell for row in rows for cell in row.values())]
    missing = [value for value in wanted if _SPACE.sub("", value) not in text]
    if missing:
        yield f"{document.address}: does not show {missing[0]}"
    if document.attachment is not None:
        copied = output / document.address / document.attachment.file.name
        if copied.read_bytes() != document.attachment.file.read_bytes():
            yield f"{document.address}: another attachment"
