"""The generated site as plain values: what every emitter writes down in its tool's own way.

Read from the very files that sitegen reads, so that all tools are given the same documents. All
values are texts; what a peer would read otherwise (``007``, ``12.10``) is quoted by the emitters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from corpus import COLUMNS

_BODY, _TABLES, _ATTACHMENTS, _CONTACT = "正文", "表格", "附件", "联系方式"
_OWN = ("标题", "关键词", "内容概述", "发布日期")
"""What the templates show in a place of its own, beside the table of fields."""

_HOMES = [(path, form) for path, _, _, form in COLUMNS if form]

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file offered for download beside a document."""

    file: Path
    title: str


@dataclass(frozen=True, slots=True)
class Document:
    """One document. `address` has no suffix; `column` is the path of its column."""

    address: str
    column: str
    form: str
    title: str
    day: str
    tags: tuple[str, ...]
    summary: str
    info: Mapping[str, str]
    tables: Mapping[str, Sequence[Row]]
    body: str
    attachment: Attachment | None

    @property
    def slug(self) -> str:
        """The last part of the address."""
        return self.address.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its path, name, depth (0: at the top), and its ancestors with itself."""

    path: str
    name: str
    depth: int
    trail: tuple[tuple[str, str], ...]
    form: str


def columns() -> list[Column]:
    """All columns in their order."""
    names = {path: name for path, name, _, _ in COLUMNS}
    found = []
    for path, name, _, form in COLUMNS:
        parts = path.split("/")
        above = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
        trail = tuple((place, names[place]) for place in above)
        found.append(Column(path, name, len(parts) - 1, trail, form))
    return found


def documents(site: Path) -> Iterator[Document]:
    """Every document of a site of sitegen's, in the order of the paths."""
    return (document_at(site, file) for file in paths_of(site))


def document_at(site: Path, file: Path) -> Document:
    """The document of one source file."""
    address = file.relative_to(site / "content").with_suffix("").as_posix()
    column, form = next(home for home in _HOMES if address.startswith(f"{home[0]}/"))
    return _document(file, address, column, form)


def paths_of(site: Path) -> list[Path]:
    """The source files of all documents, in their order."""
    content = site / "content"
    files = [*content.rglob("*.md"), *content.rglob("*.yaml")]
    return sorted(f for f in files if f.name[0] != "_" and f.parent != content)


def _document(file: Path, address: str, column: str, form: str) -> Document:
    text = file.read_text(encoding="utf-8")
    body = ""
    if file.suffix == ".md":
        _, text, body = text.split("---\n", 2)
    fields: dict[str, Any] = yaml.load(text, yaml.CBaseLoader)
    body = fields.pop(_BODY, body)
    attachments = fields.pop(_ATTACHMENTS, [])
    contact = fields.pop(_CONTACT, {})
    title, tags, summary, day = (fields.pop(name) for name in _OWN)
    tables: dict[str, list[Row]] = {}
    info: dict[str, str] = {}
    listed = fields.pop(_TABLES, {})
    for name, value in {**fields, **contact, **listed}.items():
        if isinstance(value, list) and isinstance(value[0], dict):
            tables[name] = [{key: _text(cell) for key, cell in row.items()} for row in value]
        else:
            info[name] = _text(value)
    attached = None
    if attachments:
        place = file.with_suffix("") / attachments[0]["文件"]
        attached = Attachment(place, attachments[0]["标题"])
    return Document(
        address, column, form, title, day, tuple(tags), summary, info, tables, body, attached
    )


def _text(value: object) -> str:
    """A value as a page shows it: several joined, a statement alone."""
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    if isinstance(value, dict):
        return "；".join(str(item) for item in value.values())
    return str(value)
