"""The ZIP of everything of one document: attachments, tables with their description, the text.

The same document gives the same bytes: fixed times, sorted names, and parts stored as they are
(the bytes of deflate differ between versions of zlib, and attachments are mostly compressed
already).
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator

from sitegen.outputs import downloads, stored
from sitegen.outputs.cleaning import clean
from sitegen.outputs.links import absolute
from sitegen.outputs.output import Made, Output, Workshop
from sitegen.outputs.words import label_text, word
from sitegen.render.theme import Theme
from sitegen.site import addresses
from sitegen.site.files import offered
from sitegen.site.site import Attachment, Entry, Site

PRODUCERS = ("archive",)
_MODE = 0o644
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
"""Characters that some system refuses in a file name."""
_LONGEST_NAME = 80
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HIDDEN_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]*\]:[ \t]*(?:#|<>)(?:[ \t].*)?$\n?", re.MULTILINE)
"""``[//]: # (a note)``: a definition that shows nothing, used for remarks."""
_LINK = re.compile(r"(\]\()([^)\s#]+)(#[^)\s]*)?(?=[)\s])")


def plan(site: Site, theme: Theme) -> Iterator[Output]:
    """One archive for each published document with attachments or tables."""
    for entry in site.entries.values():
        if has_archive(site, entry):
            yield Output(addresses.archive(entry.address), PRODUCERS[0], entry.path)


def has_archive(site: Site, entry: Entry) -> bool:
    """Whether the document has anything to put into an archive."""
    attached = downloads.is_open(entry) and bool(entry.attachments)
    return attached or bool(downloads.tables_of(site, entry))


def produce(output: Output, workshop: Workshop) -> Made:
    """Make one of them."""
    entry = workshop.site.entries[output.subject]
    contents = sorted(_contents(entry, workshop), key=lambda part: part[0])
    parts = ((name, _read(workshop, content)) for name, content in contents)
    return Made(stored.zip_bytes(parts, stored.UNIX, _MODE))


def _read(workshop: Workshop, content: bytes | str) -> bytes:
    """The bytes of a part: as made, or read from a source file."""
    if isinstance(content, bytes):
        return content
    if workshop.read is None:
        raise ValueError("this workshop cannot read source files")
    return workshop.read(content)


def _contents(entry: Entry, workshop: Workshop) -> Iterator[tuple[str, bytes | str]]:
    """Name and content of each part; the content of an attachment is its source path."""
    language = workshop.site.settings.language
    listed: list[tuple[str, int, str]] = []
    names: set[str] = set()
    for file in _files(entry, workshop.site):
        name = _free(f"{word('attachments', language)}/{_file_name(file.name)}", names)
        listed.append((name, file.size, file.sha256))
        yield name, file.source
    for name, content, digest in _data(entry, workshop, names):
        listed.append((name, len(content), digest))
        yield name, content
    text = _text(entry, workshop)
    if text:
        name = word("text", language) + ".md"
        listed.append((name, len(text), hashlib.sha256(text).hexdigest()))
        yield name, text
    yield word("about", language) + ".txt", _about(entry, workshop, sorted(listed))


def _files(entry: Entry, site: Site) -> Iterator[Attachment]:
    """Attachments, forms and samples that fields name, pictures of the body; each once."""
    own = entry.path.rpartition(".")[0] + "/"
    named = [offered(site, entry.path, link.target) for link in entry.card.files]
    shown = [
        site.files.get(link.target) for link in entry.card.links if link.target.startswith(own)
    ]
    seen: set[str] = set()
    for file in (*entry.attachments, *named, *shown):
        if file is not None and file.source not in seen:
            seen.add(file.source)
            yield file


def _data(entry: Entry, workshop: Workshop, names: set[str]) -> Iterator[tuple[str, bytes, str]]:
    """The tables' files under their titles, and the description that names them, with digests."""
    site = workshop.site
    tables = downloads.tables_of(site, entry)
    if not tables:
        return
    language = site.settings.language
    folder = word("data", language) + "/"
    package = folder + "datapackage.json"
    names.add(package.casefold())
    kind = site.kinds.kinds.get(entry.card.kind)
    titles = {t.name: label_text(t.title, language) for t in kind.tables} if kind else {}
    paths: dict[str, dict[str, str]] = {}
    for table in tables:
        stem = _file_name(titles.get(table.name) or table.title or table.name)
        paths[table.name] = {}
        for suffix in downloads.FORMATS:
            name = _free(f"{folder}{stem}.{suffix}", names)
            paths[table.name][suffix] = name.removeprefix(folder)
            content = downloads.table_bytes(entry, table.name, suffix, workshop)
            yield name, content, downloads.table_digest(entry, table.name, suffix, workshop)
    content = downloads.package(entry, workshop, paths)
    yield package, content, hashlib.sha256(content).hexdigest()


def _file_name(name: str) -> str:
    """A name that every system takes: without separators, reserved characters or end dots."""
    safe = _UNSAFE.sub("_", clean(name)).strip(" .") or "_"
    if len(safe) <= _LONGEST_NAME:
        return safe
    stem, dot, suffix = safe.rpartition(".")
    if not dot or len(suffix) > 8:
        return safe[:_LONGEST_NAME]
    return stem[: _LONGEST_NAME - len(suffix) - 1] + "." + suffix


def _free(name: str, names: set[str]) -> str:
    """`name`, or the next free one like it; systems that fold case are thought of."""
    stem, dot, suffix = name.rpartition(".")
    number, free = 1, name
    while free.casefold() in names:
        number += 1
        free = f"{stem} ({number}){dot}{suffix}" if dot else f"{name} ({number})"
    names.add(free.casefold())
    return free


def _text(entry: Entry, workshop: Workshop) -> bytes:
    """The body as Markdown, under its title; remarks that no page shows are left out."""
    if not entry.card.has_body:
        return b""
    body = workshop.facts.document(entry.path).body
    body = _HIDDEN_DEFINITION.sub("", _COMMENT.sub("", body))
    body = _LINK.sub(lambda found: _relinked(found, entry, workshop.site), clean(body))
    return f"# {entry.card.title}\n\n{body.strip()}\n".encode()


def _relinked(found: re.Match[str], entry: Entry, site: Site) -> str:
    """A link to a source file as a link to what is published; other links as they are."""
    opening, target, fragment = found[1], found[2], found[3] or ""
    if target.startswith("/"):
        path = posixpath.normpath(target).lstrip("/")
    else:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), target))
    address = _address(path, entry, site)
    if address is None:
        return found[0]
    return opening + (absolute(site, address) if site.settings.base_url else address) + fragment


def _address(path: str, entry: Entry, site: Site) -> str | None:
    if path in site.entries:
        return site.entries[path].address
    if path in site.files:
        return site.files[path].address
    for file in entry.attachments:
        if file.source == path:
            return file.address
    column = site.columns.get(path.removesuffix("/_column.yaml"))
    return addresses.column_page(column.address) if column else None


def _about(entry: Entry, workshop: Workshop, listed: list[tuple[str, int, str]]) -> bytes:
    """What the archive holds and where it comes from, as plain text with CRLF."""
    site = workshop.site
    language = site.settings.language
    colon = word("colon", language)
    facts = downloads.facts_of(site, entry, addresses.archive(entry.address))
    lines = [f"{label}{colon}{clean(value)}" for label, value in facts]
    lines += ["", word("notice_text", language), "", word("files", language) + colon.rstrip()]
    lines += [f"{name}  {size:,} B  SHA-256 {digest}" for name, size, digest in listed]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")
