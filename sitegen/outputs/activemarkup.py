"""SVG and XML files that are offered as they are: whether a browser would run something in them.

Shown by itself, such a file is a page of the site: its scripts would act in the site's name, its
style sheet would make any page of it, and what it fetches would tell others who reads it. The web
server's headers forbid that too, but a site may lie on a host without them, or be opened from a
folder.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from sitegen.outputs import codes
from sitegen.problems import Location, Problem
from sitegen.site.files import extension

_MARKUP = ("svg", "xml")
_XHTML = "http://www.w3.org/1999/xhtml"
_SHOWN = ("http://www.w3.org/2000/svg", "http://www.w3.org/1998/math/mathml")
"""Namespaces whose elements mean something to a browser; of any other it shows the text."""
_ELEMENTS = frozenset({"script", "handler", "listener", "foreignobject", "iframe", "embed",
                       "object", "audio", "video"})  # fmt: skip
_ANIMATIONS = frozenset({"set", "animate", "animatemotion", "animatetransform", "animatecolor"})
_REFERENCES = frozenset({"href", "src", "data", "action"})
_FETCHING = re.compile(r"@import|url\(\s*[\"']?\s*(?!#|data:image/)[^)\s]", re.IGNORECASE)
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*)\s*:|\s*//", re.IGNORECASE)
_HARMLESS_LINK = frozenset({"http", "https", "mailto"})
_SEPARATOR = " "
"""Between namespace and name; stands in no namespace."""


class _ActiveError(Exception):
    """Something was found that a browser would run or fetch."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def is_markup(path: str) -> bool:
    """Whether a file is of a type that `problem_in` looks into."""
    return extension(path) in _MARKUP


def problem_in(path: str, content: bytes) -> Problem | None:
    """What is dangerous in an SVG or XML file at `path` (relative to ``content/``), if anything.

    A file that is not well-formed is refused as well: browsers show it up to the fault.
    """
    line = 1
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    parser.ProcessingInstructionHandler = _instruction
    parser.EntityDeclHandler = _entity
    _Watch(parser)
    try:
        parser.Parse(content, True)
        return None
    except _ActiveError as error:
        line = parser.CurrentLineNumber
        what = error.what
    except expat.ExpatError as error:
        where = Location(f"content/{path}", error.lineno)
        return codes.MARKUP_DAMAGED.at(where, reason=expat.ErrorString(error.code))
    except (ValueError, LookupError):  # an encoding that cannot be had
        return codes.MARKUP_DAMAGED.at(Location(f"content/{path}", line), reason="encoding")
    return codes.MARKUP_ACTIVE.at(Location(f"content/{path}", line), what=what)


class _Watch:
    """Looks at the elements of a file, and at the text of ``<style>``."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self._styles = 0
        self._sheet: list[str] = []
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace = name.rpartition(_SEPARATOR)[0].casefold()
        local = _local(name)
        if namespace == _XHTML:
            raise _ActiveError(f"<{local}>")
        if namespace in _SHOWN:
            self._styles += local == "style"
            _check(local, attributes)

    def _end(self, name: str) -> None:
        if self._styles and _local(name) == "style":
            self._styles -= 1
            _check_style("".join(self._sheet))

    def _text(self, text: str) -> None:
        if self._styles:
            self._sheet.append(text)


def _check(element: str, attributes: dict[str, str]) -> None:
    if element in _ELEMENTS:
        raise _ActiveError(f"<{element}>")
    for key, value in attributes.items():
        attribute = _local(key)
        if attribute.startswith("on"):
            raise _ActiveError(f"{attribute}=")
        if attribute == "attributename" and element in _ANIMATIONS:
            animated = value.strip().rpartition(":")[2].casefold()
            if animated == "href" or animated.startswith("on"):
                raise _ActiveError(f"<{element} attributeName={value[:40]}>")
        if attribute in _REFERENCES:
            if not _is_harmless(element, value):
                raise _ActiveError(f"{attribute}={value[:40]}")
        else:
            _check_style(value, escapes=attribute == "style")


def _check_style(text: str, *, escapes: bool = True) -> None:
    """Nothing may be fetched; nor escaped, for then it cannot be told."""
    if found := _FETCHING.search(text):
        raise _ActiveError(found[0])
    if escapes and "\\" in text:
        raise _ActiveError("\\")


def _is_harmless(element: str, value: str) -> bool:
    """Whether what an attribute refers to neither runs nor is fetched when the file is shown."""
    found = _SCHEME.match("".join(value.split()))
    if found is None:
        return True
    scheme = (found[1] or "").casefold()
    if scheme == "data":
        return re.match(r"\s*data:image/(png|jpeg|gif|webp)[;,]", value, re.IGNORECASE) is not None
    return element == "a" and scheme in _HARMLESS_LINK


def _instruction(target: str, data: str) -> None:
    if target.casefold() == "xml-stylesheet":
        raise _ActiveError("<?xml-stylesheet?>")


def _entity(*declared: object) -> None:
    raise _ActiveError("<!ENTITY>")


def _local(name: str) -> str:
    return name.rpartition(_SEPARATOR)[2].rpartition(":")[2].casefold()
