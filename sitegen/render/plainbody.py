"""Plain bodies to HTML without the library: paragraphs, headings, short lists and tables.

Most bodies of a disclosure site use very little of Markdown: texts, ``##``, ``-``, ``1.``, tables,
``**strong**`` and ``[links](a.md)``. Where every line is one of these, in the form that can mean
nothing else, what Python-Markdown would make of it is written down directly, in a tenth of the time
(a test holds both against each other, on all sorts of text and on the sample content). Any other
body is left to it: nothing is returned then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlainBody:
    """A body as HTML, which needs no cleaning, with its headings: level 1 to 6, id, text."""

    html: str
    headings: tuple[tuple[int, str, str], ...]
    linked: bool
    """Whether there are links in it."""
    wrapped: bool
    """Whether there are paragraphs of several lines."""


_FOREIGN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\xa0\ud800-\udfff`\\\\<>&_{}]| (?:\n|\\Z)")
"""Signs of everything else that Markdown knows, entities, controls, and breaks within lines."""

_SIGN = re.compile(r"[*\[]")
_SPAN = re.compile(
    r"(?<!\*)\*\*(?![*\s])([^*\[\]\n]+)(?<!\s)\*\*(?!\*)"
    r"|(?<!!)\[(?![\^\s])([^*\[\]\n]+)(?<!\s)\]\((?P<link>(?:https?://)?[\w./#?=%+~-]+)\)"
)
"""Strong text (1), or a link (2) with its target."""

# A line begins with a letter or digit, a sign of Chinese punctuation, or one of few others; "1. "
# would be a list. (Told by the ASCII signs that it is not: Python compiles that far faster.)
_START = r"(?!\d+\.[ ]|\s)(?:[^\x00-!#-&)-/:-@\[-\^`{-\xa0]|\*\*(?=[^\s*])|\[(?=[^\s\]]))"
_LINE = re.compile(rf"\u3000*{_START}[^|\n]*")
_HEADING = re.compile(r"(#{1,6})[ ]*([^\s|#][^|#\n]*)(?<!\s)")
_BULLET = re.compile(rf"-[ ]({_START}[^|\n]*)")
_NUMBERED = re.compile(rf"\d+\.[ ]({_START}[^|\n]*)")
_ROW = re.compile(r"\|[^\n]*\|")
_RULE = re.compile(r"[ ]*(:?)-+(:?)[ ]*")
_BLANK = re.compile("\n{2,}")

_ALIGNED = {(":", ":"): "center", (":", ""): "left", ("", ":"): "right"}


class _NotPlainError(Exception):
    """Something that is not for us."""


def plain_body(body: str, ids: Callable[[str, set[str]], str]) -> PlainBody | None:
    """The HTML of a body; None if any of it is not plain.

    `ids` makes the id of a heading, of its text and the ids that are taken.
    """
    if _FOREIGN.search(body) is not None:
        return None
    page = _Page(ids)
    try:
        for block in _BLANK.split(body.strip("\n")):
            page.block(block)
    except _NotPlainError:
        return None
    return page.body()


class _Page:
    def __init__(self, ids: Callable[[str, set[str]], str]) -> None:
        self._ids = ids
        self._taken: set[str] = set()
        self._parts: list[str] = []
        self._headings: list[tuple[int, int, str, str]] = []
        """Place among the parts, level, HTML and plain text."""
        self._linked = False
        self._wrapped = False
        self._list_above = ""

    def block(self, block: str) -> None:
        """Add what stands between two blank lines."""
        sign = block[0]
        if sign == "|":
            self._parts += self._table(block.split("\n"))
            self._list_above = ""
        elif sign == "-":
            self._list(block, _BULLET, "ul")
        elif sign.isdecimal() and _NUMBERED.match(block):
            if not block.startswith("1."):
                raise _NotPlainError
            self._list(block, _NUMBERED, "ol")
        else:
            self._lines(block.split("\n"))
            self._list_above = ""

    def body(self) -> PlainBody:
        """The whole."""
        shift = 1 if any(level == 1 for _, level, _, _ in self._headings) else 0
        headings = []
        for place, written, shown, text in self._headings:
            level = min(written + shift, 6)
            name = self._ids(text, self._taken)
            self._taken.add(name)
            headings.append((level, name, text))
            self._parts[place] = f'<h{level} id="{name}">{shown}</h{level}>'
        return PlainBody("\n".join(self._parts), tuple(headings), self._linked, self._wrapped)

    def _heading(self, line: str) -> None:
        found = _HEADING.fullmatch(line)
        if found is None:
            raise _NotPlainError
        shown, text = self._spans(found[2]), found[2]
        if shown is not text:
            text = _SPAN.sub(lambda span: span[1] or span[2], text)
        self._headings.append((len(self._parts), len(found[1]), shown, " ".join(text.split())))
        self._parts.append("")

    def _lines(self, lines: list[str]) -> None:
        """Add a paragraph, and headings in the midst of it, which end it."""
        begun: list[str] = []
        for line in lines:
            if line[:1] == "#":
                self._paragraph(begun)
                self._heading(line)
                begun = []
                continue
            if not begun:
                line = line.lstrip("\u3000")  # indentation, which Markdown takes off
            if _LINE.fullmatch(line) is None:
                raise _NotPlainError
            begun.append(line)
        self._paragraph(begun)

    def _paragraph(self, lines: list[str]) -> None:
        if lines:
            self._wrapped = self._wrapped or len(lines) > 1
            self._parts.append(f"<p>{self._spans(chr(10).join(lines))}</p>")

    def _list(self, block: str, item: re.Pattern[str], tag: str) -> None:
        items = []
        for line in block.split("\n"):
            found = item.fullmatch(line)
            if found is None:
                raise _NotPlainError
            items.append(f"<li>{self._spans(found[1])}</li>")
        if self._list_above == tag:
            # The list goes on after a blank line: the items around it become paragraphs.
            self._parts.pop()
            self._parts[-1] = _loose(self._parts[-1])
            self._parts += (_loose(items[0]), *items[1:], f"</{tag}>")
        else:
            self._parts += (f"<{tag}>", *items, f"</{tag}>")
        self._list_above = tag

    def _table(self, lines: list[str]) -> Iterator[str]:
        if len(lines) < 3 or any(_ROW.fullmatch(line) is None for line in lines):
            raise _NotPlainError
        rows = [line[1:-1].split("|") for line in lines]
        width = len(rows[0])
        if width < 2 or any(len(row) != width for row in rows):
            raise _NotPlainError
        classes = []
        for cell in rows[1]:
            found = _RULE.fullmatch(cell)
            if found is None:
                raise _NotPlainError
            align = _ALIGNED.get((found[1], found[2]))
            classes.append(f' class="align-{align}"' if align else "")
        heads = [f'<th{name} scope="col">' for name in classes]
        cells = [f"<td{name}>" for name in classes]
        yield "<table>\n<thead>\n<tr>"
        for start, cell in zip(heads, rows[0]):
            yield f"{start}{self._spans(cell.strip(' '))}</th>"
        yield "</tr>\n</thead>\n<tbody>"
        for row in rows[2:]:
            yield "<tr>"
            for start, cell in zip(cells, row):
                yield f"{start}{self._spans(cell.strip(' '))}</td>"
            yield "</tr>"
        yield "</tbody>\n</table>"

    def _spans(self, text: str) -> str:
        """A text with its strong parts and links as HTML; the same object if it has none."""
        if _SIGN.search(text) is None:
            return text
        rest: list[str] = []
        done: list[str] = []
        place = 0
        for span in _SPAN.finditer(text):
            rest.append(text[place : span.start()])
            target = span["link"]
            if target is None:
                done.append(f"<strong>{span[1]}</strong>")
            else:
                self._linked = True
                done.append(f'<a href="{target}">{span[2]}</a>')
            place = span.end()
        rest.append(text[place:])
        if any(_SIGN.search(part) is not None for part in rest):
            raise _NotPlainError
        return "".join(part for pair in zip(rest, [*done, ""]) for part in pair)


def _loose(item: str) -> str:
    return item if item.startswith("<li>\n") else f"<li>\n<p>{item[4:-5]}</p>\n</li>"
