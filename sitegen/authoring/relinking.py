"""Links to files that move: where a source names them, and how it must name them afterwards."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

import yaml

from sitegen.authoring.forms import SITE_FILE, Form
from sitegen.authoring.layout import BODY, Edit, Source, texts_below
from sitegen.kinds.scalars import inside
from sitegen.site.files import find

_CODE = re.compile(
    r"^(?P<fence>`{3,}|~{3,}).*?(?:^(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?P<tick>`+)(?!`).+?(?<!`)(?P=tick)(?!`)",
    re.MULTILINE | re.DOTALL,
)
_LINK = re.compile(
    r"\]\(\s*<(?P<angled>[^<>\n]+)>"
    r"|\]\(\s*(?P<bare>(?:[^\s()<>]|\([^\s()]*\))+)"
    r"|^ {0,3}\[[^\]\n]+\]:[ \t]*<?(?P<defined>[^\s<>]+)"
    r"|<(?:a|img)\b[^<>]*?\b(?:href|src)=[\"'](?P<tag>[^\"'<>]+)",
    re.MULTILINE,
)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|#")


@dataclass(frozen=True, slots=True)
class Move:
    """Files that move together: a document, and the folder of its own files."""

    old: str
    new: str
    known: Collection[str]
    """All files of the content, as they are before."""
    with_folder: bool = True

    def after(self, path: str) -> str:
        """Where a file lies afterwards."""
        if path == self.old:
            return self.new
        own = _stem(self.old) + "/"
        if self.with_folder and path.startswith(own):
            return f"{_stem(self.new)}/{path.removeprefix(own)}"
        return path

    def exists(self, path: str) -> bool:
        """Whether a file or folder is there before."""
        return path in self.known or f"{path.rstrip('/')}/_column.yaml" in self.known


def relinked(source: Source, form: Form, move: Move) -> Iterator[Edit]:
    """The edits by which a source names everything where it will lie."""
    yield from _in_fields(source, form, move)
    if source.path.endswith(".md"):
        yield from _in_text(source, source.end, len(source.text), move)
    for key, value in source.entries:
        if key.value in BODY and isinstance(value, yaml.ScalarNode):
            yield from _in_text(source, *source.span(value), move)


def names(data: bytes, move: Move) -> bool:
    """Whether a file may name something that moves; quick, and never wrongly no."""
    stem = posixpath.basename(_stem(move.old))
    return stem.encode() in data or any(
        word in data
        for word in (
            quote(stem).encode(),
            quote(stem).lower().encode(),
            unicodedata.normalize("NFD", stem).encode(),
        )
    )


def _in_fields(source: Source, form: Form, move: Move) -> Iterator[Edit]:
    done: set[int] = set()
    for field, node in form.values(source):
        if not isinstance(node, yaml.ScalarNode) or not (text := node.value.strip()):
            continue
        better = None
        if field.type == "reference":
            better = _renamed(text, source.path, move)
        elif field.type == "file":
            better = _file_renamed(text, source.path, move)
        if better is not None and (edit := source.replaced(node, better)) is not None:
            done.add(edit.start)
            yield edit
    if source.path == SITE_FILE:
        return
    for _, value in source.entries:  # data files of tables are named in several ways
        for node in texts_below(value):
            text = node.value.strip()
            if "\n" in text or not text.lower().endswith((".csv", ".xlsx")):
                continue
            better = _file_renamed(text, source.path, move)
            edit = source.replaced(node, better) if better is not None else None
            if edit is not None and edit.start not in done:
                done.add(edit.start)
                yield edit


def _renamed(written: str, path: str, move: Move) -> str | None:
    """How a reference must be written; None when it may stay."""
    target = inside(posixpath.dirname(path), written)
    if target is None or not move.exists(target):
        return None
    return _differs(written, _from(written, move.after(path), move.after(target)))


def _file_renamed(written: str, path: str, move: Move) -> str | None:
    """How a file must be named so that it is found from the new place."""
    target = find(path, written, move.known)
    if target is None:
        return None
    after = {move.after(each) for each in move.known}
    wanted = move.after(target)
    if find(move.after(path), written, after) == wanted:
        return None
    return "/" + wanted


def _in_text(source: Source, start: int, end: int, move: Move) -> Iterator[Edit]:
    """Links of a Markdown text; code is no link."""
    text = source.text[start:end]
    bare = _CODE.sub(lambda found: re.sub(r"[^\n]", "\0", found[0]), text)
    for found in _LINK.finditer(bare):
        group = found.lastgroup or "bare"
        written = found[group]
        if _SCHEME.match(written):
            continue
        way = re.split(r"[?#]", written, maxsplit=1)[0]
        plain = unquote(way)
        base = "" if plain.startswith("/") else posixpath.dirname(source.path)
        target = posixpath.normpath(posixpath.join(base, plain.lstrip("/").replace("\\", "/")))
        target = unicodedata.normalize("NFC", target)
        if target.startswith("../") or not move.exists(target):
            continue
        better = _from(plain, move.after(source.path), move.after(target))
        if better == plain:
            continue
        if plain != way or (group != "angled" and re.search(r"[\s()<>]", better)):
            better = quote(better, safe="/._-~")
        at = start + found.start(group)
        yield Edit(at, at + len(way), better)


def _from(written: str, path: str, target: str) -> str:
    """The target as named in the file at `path`, in the manner in which it was written."""
    if written.startswith("/"):
        named = "/" + target
    else:
        named = posixpath.relpath(target, posixpath.dirname(path) or ".")
        if written.startswith("./") and not named.startswith("."):
            named = "./" + named
    if written.endswith("/"):
        named += "/"
    same = posixpath.normpath(written) == posixpath.normpath(named)
    return written if same else named


def _differs(old: str, new: str) -> str | None:
    return new if new != old else None


def _stem(path: str) -> str:
    return path.rpartition(".")[0]
