"""Where everything of the site is to be found from one page.

A `Spot` is a page's place: it turns source paths and addresses into links that are relative to it.
Only what is published has a link: documents that are left out are unknown here.
"""

from __future__ import annotations

import html
import posixpath
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

import msgspec
from markupsafe import Markup

from sitegen.render.words import Words
from sitegen.site import addresses
from sitegen.site.site import Attachment, Site

_SOURCE_LINK = re.compile(r'\s(href|src)="sitegen:([^"#]*)(#[^"]*)?"')
_SAFE = "/-._~"
_LEGAL = re.compile(r"[A-Za-z0-9/._~-]*").fullmatch


class Link(msgspec.Struct, frozen=True):
    """A link as templates see it; `href` is empty for the page that one is on."""

    title: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file for download: human name, type, size and digest beside the link."""

    title: str
    href: str
    name: str
    """For the ``download`` attribute."""
    type: str
    """``PDF``, ``XLSX`` …"""
    size: str
    sha256: str = ""
    note: str = ""


class Spot:
    """A page's place. `prefix` leads from it to the root of the output (``../../``, or ``/a/``)."""

    __slots__ = ("_files", "folders", "prefix", "site", "words")

    def __init__(
        self,
        site: Site,
        words: Words,
        prefix: str,
        folders: tuple[str, ...] = (),
        attachments: tuple[Attachment, ...] = (),
    ) -> None:
        """`folders` are where file fields look (relative to ``content/``), nearest first."""
        self.site = site
        self.words = words
        self.prefix = prefix
        self.folders = folders
        self._files = {each.source: each for each in attachments}

    def href(self, address: str) -> str:
        """A link to an address of the output."""
        if not _LEGAL(address):  # hardly ever: addresses are lower-case ASCII
            address = quote(address, safe=_SAFE)
        return self.prefix + address

    def file(self, source: str) -> FileLink | None:
        """A published file by its path below ``content/``, or as a file field names it."""
        found = self._attachment(source)
        return None if found is None else self.file_link(found)

    def _attachment(self, source: str) -> Attachment | None:
        plain = source.lstrip("/")
        for path in (*(posixpath.join(folder, plain) for folder in self.folders), plain):
            found = self._files.get(path) or self.site.files.get(path)
            if found is not None:
                return found
        return None

    def file_link(self, file: Attachment) -> FileLink:
        """What a page says of a file."""
        return FileLink(
            title=file.title or file.name,
            href=self.href(file.address),
            name=file.name,
            type=posixpath.splitext(file.address)[1].lstrip(".").upper(),
            size=self.words.size(file.size),
            sha256=file.sha256,
            note=file.note,
        )

    def document(self, source: str) -> Link | None:
        """A document that has a page, or a column, by its source path."""
        entry = self.site.entries.get(source)
        if entry is not None:
            return Link(entry.card.title, self.href(entry.address), entry.card.doc_no)
        column = self.site.columns.get(source.removesuffix("/_column.yaml").strip("/"))
        if column is None:
            return None
        return Link(column.name, self.href(addresses.column_page(column.address)))

    def linked(self, body: str) -> Markup:
        """A rendered body with its ``sitegen:`` links turned into relative ones.

        A link that leads nowhere (its problem is reported when the site is assembled) loses its
        target, never its words.
        """
        if "sitegen:" not in body:
            return Markup(body)
        return Markup(_SOURCE_LINK.sub(self._link, body))

    def _link(self, match: re.Match[str]) -> str:
        attribute, source, fragment = match[1], html.unescape(match[2]), match[3] or ""
        for path in (source, unquote(source)):
            if not path:
                break
            document = self.document(path)
            if document is not None:
                return f' {attribute}="{html.escape(document.href)}{fragment}"'
            file = self._attachment(path)
            if file is not None:
                href = html.escape(self.href(file.address))
                if attribute == "src":
                    return f' src="{href}"'
                return f' href="{href}" download="{html.escape(file.name)}"'
        return ""
