"""Markdown bodies to safe HTML, without knowing where anything will be published.

Python-Markdown renders (it gets emphasis next to Chinese punctuation right, where CommonMark does
not), nh3 makes the result safe whatever the input. Links to source files become ``sitegen:`` links
and are resolved when the page is made, so that a rendered body never depends on the rest of the
site.
"""

from __future__ import annotations

import html
import posixpath
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sitegen.problems import Code, Location, Problem
from sitegen.render import codes
from sitegen.render.plainbody import plain_body
from sitegen.site.cards import LinkCard

if TYPE_CHECKING:
    from sitegen.render.markdownlibrary import Library


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a body: `level` 2 to 6, its stable id, its plain text."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered body.

    In `html`, links and pictures that name source files read ``sitegen:path#fragment`` with the
    path relative to ``content/``; ``views`` puts the relative address in when the page is made.
    """

    html: str
    headings: tuple[Heading, ...] = ()
    links: tuple[LinkCard, ...] = ()
    text: str = ""
    """The beginning of the plain text (500 characters), for summaries and feeds."""
    anchors: tuple[str, ...] = ()
    """Every id that a link may point to: headings, ``{#id}`` and footnotes."""


SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_INLINE = """
    a abbr b bdi br cite code del dfn em i img ins kbd mark q s samp small span strong sub sup u var
    wbr rp rt ruby"""
_BLOCKS = """
    blockquote caption col colgroup dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre
    table tbody td tfoot th thead tr ul details summary"""
_TAGS = frozenset((_INLINE + _BLOCKS).split())
_ATTRIBUTES = {
    "*": {"id", "class", "title", "lang"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
}
_SUMMARY_LENGTH = 500

_HAN = "\u2e80-\u303f\u3040-\u30ff\u31c0-\u31ef\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_WIDE = f"[{_HAN}“”‘’…—·\U00020000-\U0003134f]"
_INLINE_TAG = (
    r"(?:</?(?:a|abbr|b|cite|code|del|em|i|ins|mark|q|s|small|span|strong|sub|sup|u)\b[^<>]*>)"
)
_SOFT_BREAK = re.compile(f"(?<={_WIDE})({_INLINE_TAG}*)\n({_INLINE_TAG}*)(?={_WIDE})")
_PRE = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)
_LINKING_TAG = re.compile(r'<(a|img)((?:\s+[\w:-]+="[^"]*")*)\s*>')
_LINK_ATTRIBUTE = re.compile(r'\b(href|src)="([^"]*)"')
_DESCRIBED = re.compile(r'\balt="[^"]*[^"\s][^"]*"')
_TAG_NAME = re.compile(r"<([a-zA-Z][a-zA-Z0-9:-]*)")
_RAW_SCHEME = re.compile(r"""\b(?:href|src)\s*=\s*["']?\s*([a-zA-Z][a-zA-Z0-9+.-]*)\s*:""")
_ID = re.compile(r'\sid="([^"]+)"')
_MARKUP = re.compile(r"<[^>]*>")
_UNDERSCORES = re.compile(rf"(?<={_WIDE})(_{{1,2}})[^_\s`](?:[^_\n`]*[^_\s`])?\1(?!_)")
_NOT_A_WORD = re.compile(r"[^\w\s-]+")


def _slug(text: str) -> str:
    words = _NOT_A_WORD.sub("", unicodedata.normalize("NFC", text)).strip().lower()
    return re.sub(r"\s+", "-", words) or "section"


def _id_of(text: str, taken: set[str]) -> str:
    return _free(_slug(text), taken)


def _free(id: str, taken: set[str]) -> str:
    number, free = 1, id
    while free in taken:
        number += 1
        free = f"{id}-{number}"
    return free


_BACKLINK = {"zh": "返回正文中的脚注 {}", "en": "Back to note {} in the text"}
_TABLE = {"zh": "表格 {}（可左右滚动）", "en": "Table {} (scrolls sideways)"}


class Renderer:
    """Renders bodies one after another; each is independent of those before it.

    `language` (``zh-CN`` or ``en``) is that of the few words that rendering adds itself. Plain
    bodies are written down directly, unless `direct` is false: the result is the same.
    """

    def __init__(self, language: str = "zh-CN", direct: bool = True) -> None:
        self._direct = direct
        language = "en" if language.startswith("en") else "zh"
        self._table_label = _TABLE[language]
        self._backlink = _BACKLINK[language]
        self._library: Library | None = None

    def render(self, body: str, path: str, line: int = 1) -> tuple[Rendered, tuple[Problem, ...]]:
        """Render the body of the document at `path` (relative to ``content/``).

        `line` is the line of the source file on which the body begins.
        """
        if not body.strip():
            return Rendered(""), ()
        source = _Source(body, path, line)
        plain = plain_body(body, _id_of) if self._direct else None
        links: list[LinkCard] = []
        problems: list[Problem] = []
        if plain is not None:
            safe = _joined_lines(plain.html) if plain.wrapped else plain.html
            headings = plain.headings
        else:
            from sitegen.render.markdownlibrary import Library, cleaned  # late: see there

            self._library = self._library or Library(self._backlink, _id_of)
            try:
                raw, headings = self._library.convert(body)
            except RecursionError:
                return Rendered(""), (codes.TOO_NESTED.at(source.location(line, 1)),)
            problems += (*_removed_tags(raw, source), *_unsafe_links(raw, source))
            if "_" in body:
                problems += _underscores(source)
            safe = _joined_lines(cleaned(raw, _TAGS, _ATTRIBUTES, SCHEMES))
        safe = self._scrolling_tables(safe)
        if plain is None or plain.linked:
            safe = _LINKING_TAG.sub(lambda tag: _resolved(tag, source, links, problems), safe)
        start = re.sub(_INLINE_TAG, "", safe[: _SUMMARY_LENGTH * 8])
        text = " ".join(html.unescape(_MARKUP.sub(" ", start)).split())
        anchors = tuple(dict.fromkeys(html.unescape(anchor) for anchor in _ID.findall(safe)))
        named = tuple(Heading(*each) for each in headings)
        rendered = Rendered(safe, named, tuple(links), text[:_SUMMARY_LENGTH], anchors)
        return rendered, tuple(problems)

    def _scrolling_tables(self, text: str) -> str:
        if "<table" not in text:
            return text
        number = 0

        def wrapped(table: re.Match[str]) -> str:
            nonlocal number
            number += 1
            label = self._table_label.format(number)
            box = f'<div class="table-scroll" role="group" tabindex="0" aria-label="{label}">'
            return f"{box}{table[0]}</div>"

        return re.sub(r"<table\b.*?</table>", wrapped, text, flags=re.DOTALL)


class _Source:
    """The text of a body with its place in the file; finds where a piece of it stands."""

    def __init__(self, body: str, path: str, line: int) -> None:
        self.body = body
        self.path = path
        self.line = line
        self._next: dict[str, int] = {}

    def location(self, line: int, column: int) -> Location:
        return Location(f"content/{self.path}", line, column)

    def mark(self, piece: str) -> tuple[int, int]:
        """Line and column of the next standing of `piece`, which is then behind us."""
        mark = self.next_mark(piece)
        place = self.body.find(piece, self._next.get(piece, 0))
        self._next[piece] = max(place, 0) + max(len(piece), 1)
        return mark

    def next_mark(self, piece: str) -> tuple[int, int]:
        """Line and column of the next standing of `piece`."""
        place = self.body.find(piece, self._next.get(piece, 0))
        return self.mark_at(place if place >= 0 else max(self.body.find(piece), 0))

    def mark_at(self, place: int) -> tuple[int, int]:
        line = self.body.count("\n", 0, place)
        return self.line + line, place - (self.body.rfind("\n", 0, place) + 1) + 1

    def problem(self, code: Code, piece: str, **values: str) -> Problem:
        return code.at(self.location(*self.mark(piece)), None, **values)


def _removed_tags(raw: str, source: _Source) -> Iterator[Problem]:
    names = {name.lower() for name in _TAG_NAME.findall(raw)} - _TAGS
    for name in sorted(names):
        if (place := re.search(f"<{re.escape(name)}", source.body, re.IGNORECASE)) is not None:
            mark = source.mark_at(place.start())
            yield codes.HTML_REMOVED.at(source.location(*mark), tag=name)


def _unsafe_links(raw: str, source: _Source) -> Iterator[Problem]:
    for match in _RAW_SCHEME.finditer(raw):
        scheme = html.unescape(match[1]).lower()
        if scheme not in SCHEMES:
            yield source.problem(
                codes.UNSAFE_LINK, f"{match[1]}:", link=f"{match[1]}:…", scheme=scheme
            )


def _underscores(source: _Source) -> Iterator[Problem]:
    for match in _UNDERSCORES.finditer(source.body):
        mark = source.mark_at(match.start())
        yield codes.UNDERSCORE_EMPHASIS.at(source.location(*mark), text=match[0])


def _joined_lines(text: str) -> str:
    """Without the line breaks between two wide characters, which browsers show as a space."""
    if "<pre" not in text:
        return _SOFT_BREAK.sub(r"\1\2", text)
    parts = _PRE.split(text)
    return "".join(
        part if part.startswith("<pre") else _SOFT_BREAK.sub(r"\1\2", part) for part in parts
    )


def _resolved(
    tag: re.Match[str], source: _Source, links: list[LinkCard], problems: list[Problem]
) -> str:
    name, attributes = tag[1], tag[2]
    found = _LINK_ATTRIBUTE.search(attributes)
    if name == "img" and not _DESCRIBED.search(attributes):
        link = html.unescape(found[2]) if found else ""
        where = source.location(*source.next_mark(link or "!["))
        problems.append(codes.PICTURE_WITHOUT_TEXT.at(where, link=link))
    if found is None:
        return tag[0]
    written = html.unescape(found[2])
    if not written.strip():
        problems.append(source.problem(codes.EMPTY_LINK, "]()"))
        return tag[0]
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", written)
    if scheme is not None and name == "img":
        where = source.location(*source.mark(written))
        folder = f"content/{source.path.rpartition('.')[0]}/"
        problems.append(codes.PICTURE_ELSEWHERE.at(where, link=written, folder=folder))
        return ""
    if scheme is not None:
        extra = (
            ' rel="noopener noreferrer external"' if scheme[1].lower().startswith("http") else ""
        )
        return f"<{name}{attributes}{extra}>"
    path, _, fragment = written.partition("#")
    mark = (0, 0)
    if fragment.startswith(("fn:", "fnref:")) and not path:
        return tag[0]
    mark = source.mark(written) if written in source.body else source.mark(unquote(written))
    target = _target(unquote(path.partition("?")[0]), source.path) if path else source.path
    if target is None or path.startswith("//"):
        where = source.location(*mark)
        problems.append(codes.LINK_LEAVES_SITE.at(where, link=written))
        return f"<{name}>" if name == "a" else ""
    fragment = unquote(fragment)
    links.append(LinkCard(target, fragment, mark))
    address = "sitegen:" + target + (f"#{fragment}" if fragment else "")
    start, end = found.span(2)
    return f"<{name}{attributes[:start]}{html.escape(address)}{attributes[end:]}>"


def _target(written: str, path: str) -> str | None:
    """The source path that a link names, relative to ``content/``; None when it leaves it."""
    base = "" if written.startswith("/") else posixpath.dirname(path)
    joined = posixpath.normpath(posixpath.join(base, written.lstrip("/")))
    joined = unicodedata.normalize("NFC", joined.replace("\\", "/"))
    if joined == ".." or joined.startswith("../"):
        return None
    return "" if joined == "." else joined
