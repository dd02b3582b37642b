"""Python-Markdown with what we add to it, and the sanitiser.

Imported when a body is not plain (``plainbody``): most builds after an edit need neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

Ids = Callable[[str, set[str]], str]
"""Makes the id of a heading, of its text and the ids that are taken."""


class Library:
    """Converts bodies one after another; each is independent of those before it."""

    def __init__(self, backlink: str, ids: Ids) -> None:
        """`backlink` is what the link from a footnote back to the text is called."""
        self._headings = _Headings(ids)
        self._markdown = Markdown(
            extensions=[
                "tables",
                "footnotes",
                "attr_list",
                "def_list",
                "abbr",
                "sane_lists",
                _Sitegen(self._headings),
            ],
            extension_configs={
                "tables": {"use_align_attribute": True},
                "footnotes": {"BACKLINK_TITLE": backlink},
            },
        )

    def convert(self, body: str) -> tuple[str, tuple[tuple[int, str, str], ...]]:
        """The HTML of a body, not yet safe, and its headings: level 1 to 6, id, text.

        Raises RecursionError for what is nested too deeply.
        """
        self._markdown.reset()
        self._headings.found = ()
        return self._markdown.convert(body), self._headings.found


def cleaned(
    raw: str,
    tags: Collection[str],
    attributes: Mapping[str, Collection[str]],
    schemes: Collection[str],
) -> str:
    """HTML with nothing in it but these tags, attributes and schemes of links."""
    return nh3.clean(
        raw,
        tags=set(tags),
        attributes={tag: set(names) for tag, names in attributes.items()},
        url_schemes=set(schemes),
        link_rel=None,
        clean_content_tags={"script", "style"},
        strip_comments=True,
    )


class _Headings(Treeprocessor):
    """Gives headings ids that survive edits (from their words, never a running number), and moves
    a text that begins at level 1 down by one, for the page's own title is the only ``h1``."""

    def __init__(self, ids: Ids) -> None:
        super().__init__()
        self._ids = ids
        self.found: tuple[tuple[int, str, str], ...] = ()
        """Those of the last body: level, id, text."""

    def run(self, root: Element) -> None:
        headings = [element for element in root.iter() if element.tag in _HEADING_TAGS]
        shift = 1 if any(element.tag == "h1" for element in headings) else 0
        taken = {element.get("id", "") for element in root.iter() if element.get("id")}
        found = []
        for element in headings:
            level = min(int(element.tag[1]) + shift, 6)
            element.tag = f"h{level}"
            text = " ".join("".join(element.itertext()).split())
            anchor = element.get("id") or self._ids(text, taken)
            taken.add(anchor)
            element.set("id", anchor)
            found.append((level, anchor, text))
        self.found = tuple(found)
        for element in root.iter():
            # The sanitiser drops styles: alignment travels as a class.
            if element.tag == "th":
                element.set("scope", "col")  # a Markdown table has no other headers
            if element.tag in ("td", "th") and (align := element.attrib.pop("align", None)):
                element.set("class", f"align-{align}")


_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class _PlainTexts(Treeprocessor):
    """Keeps texts without a sign of inline markup out of the inline pass, which would try every
    pattern on each of them and change nothing: most of a body, and most of the time."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self._kept: list[tuple[Element, str]] = []

    def run(self, root: Element) -> None:
        self._kept = [
            (element, text)
            for element in root.iter()
            if type(text := element.text) is str and text and not _INLINE_SIGN.search(text)
        ]
        for element, text in self._kept:
            element.text = AtomicString(text)

    def undo(self) -> None:
        """The texts as they were, for the processors after the inline pass."""
        for element, text in self._kept:
            element.text = text
        self._kept = []


class _PlainTextsAgain(Treeprocessor):
    def __init__(self, md: Markdown, plain: _PlainTexts) -> None:
        super().__init__(md)
        self._plain = plain

    def run(self, root: Element) -> None:
        self._plain.undo()


_INLINE_SIGN = re.compile(r"[`\\\[<&*_\x02]|  \n")
"""What every inline pattern that we use needs: of the library itself and of ``footnotes``. 0x02
begins the marks that the library puts in the place of things already done."""


class _Sitegen(Extension):
    def __init__(self, headings: _Headings) -> None:
        super().__init__()
        self._headings = headings

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        plain = _PlainTexts(md)
        md.treeprocessors.register(plain, "sitegen-plain", 21)  # just before "inline", 20
        md.treeprocessors.register(_PlainTextsAgain(md, plain), "sitegen-plain-again", 19.5)
        md.treeprocessors.register(self._headings, "sitegen-headings", 5)
