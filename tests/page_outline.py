"""A page as a few lines of text: what a reader sees and where its links lead, without the markup.

Golden pages are kept in this form, so that they change with what a page says, not with its style.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    ("address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl",
     "dt", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
     "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
     "tfoot", "th", "thead", "tr", "ul")
)  # fmt: skip
_SILENT = frozenset(("script", "style"))
_FINGERPRINT = re.compile(r"\.[0-9a-f]{8,}(?=\.[a-z0-9]+$)")


class _Outliner(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.words: list[str] = []
        self.head: list[str] = []
        self.mark = ""
        self.targets: list[str] = []
        self.silent = 0
        self.in_head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "head":
            self.in_head = True
        elif tag == "meta" and values.get("name") and values["name"] != "viewport":
            self.head.append(f"{values['name']}: {values.get('content', '')}")
        elif tag == "meta" and values.get("http-equiv") == "refresh":
            self.head.append(f"refresh: {values.get('content', '')}")
        elif tag == "link" and values.get("rel") in ("alternate", "canonical"):
            self.head.append(f"{values['rel']}: {values.get('href', '')}")
        elif tag in _SILENT:
            self.silent += 1
        elif tag == "a":
            self.targets.append(values.get("href", ""))
            self.words.append("[")
        elif tag == "img":
            source = _FINGERPRINT.sub("", values.get("src", ""))
            self.words.append(f"![{values.get('alt', '')}]({source})")
        elif tag in _BLOCKS or tag == "br":
            self._break()
            self.mark = "#" * int(tag[1]) + " " if re.fullmatch("h[1-6]", tag) else self.mark
            self.mark = "- " if tag == "li" else self.mark

    def handle_endtag(self, tag: str) -> None:
        if tag == "head":
            self.in_head = False
        elif tag in _SILENT:
            self.silent -= 1
        elif tag == "a" and self.targets:
            self.words.append(f"]({self.targets.pop()})")
        elif tag in _BLOCKS or tag == "title":
            self._break()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)

    def _break(self) -> None:
        text = " ".join("".join(self.words).split())
        if text:
            (self.head if self.in_head else self.lines).append(self.mark + text)
        self.words, self.mark = [], ""


def outline(page: str) -> str:
    """What a page says: title and tags, then one line for each block of text."""
    outliner = _Outliner()
    outliner.feed(page)
    outliner.close()
    return "\n".join([*outliner.head, "", *outliner.lines, ""])


def body(page: str) -> str:
    """What the main part of a page says, without header, navigation and footer."""
    found = re.search(r"<main\b.*?</main>", page, re.DOTALL)
    return outline(found[0] if found else page)
