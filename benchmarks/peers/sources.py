"""Sources that all peers understand: Markdown with YAML front matter, and attachments.

The tables stay in the front matter, row by row, as they are in sitegen's own sources; the themes
show them. What a site needs beside that (names of columns, labels in their order) goes into two
JSON files.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from peers.documents import Document, columns

PAGE_SIZE = 20
"""Documents on one page of a list, as in sitegen."""
NAME = "示范经济开发区政务公开"
BASE_URL = "https://xxgk.shifan.example/"
_PLAIN = re.compile(r"[\u3007\u4e00-\u9fff（）、，。；]+")
"""What YAML reads as a text without quotation marks."""


@dataclass(slots=True)
class Written:
    """What was written: for the labels of the themes, and to know how many pages there must be."""

    labels: dict[str, dict[str, dict[str, dict[str, None]]]] = field(default_factory=dict)
    columns: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    attachments: int = 0

    def note(self, document: Document) -> None:
        """One more document."""
        known = self.labels.setdefault(document.form, {"info": {"": {}}, "tables": {}})
        known["info"][""] |= dict.fromkeys(document.info)
        for name, rows in document.tables.items():
            titles = known["tables"].setdefault(name, {})
            for row in rows:
                titles |= dict.fromkeys(row)
        self.columns[document.column] += 1
        self.tags.update(document.tags)
        self.attachments += document.attachment is not None

    def pages(self) -> int:
        """How many HTML files a peer makes of it: documents, lists, tags, columns above, home."""
        lists = sum(-(-count // PAGE_SIZE) for count in self.columns.values())
        tags = sum(-(-count // PAGE_SIZE) for count in self.tags.values())
        holders = sum(1 for column in columns() if not self.columns[column.path])
        return sum(self.columns.values()) + lists + tags + holders + 2

    def forms(self) -> dict[str, dict[str, object]]:
        """The labels of each kind: fields, and the columns of each table."""
        return {
            form: {
                "info": list(known["info"][""]),
                "tables": [
                    {"title": title, "columns": list(titles)}
                    for title, titles in known["tables"].items()
                ],
            }
            for form, known in self.labels.items()
        }


def write_sources(
    documents: Iterable[Document], content: Path, place: Callable[[Document], str]
) -> Written:
    """A Markdown file for each document at ``place(document)``, attachments beside it."""
    written = Written()
    for document in documents:
        written.note(document)
        target = content / place(document)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source(document), encoding="utf-8")
        if document.attachment is not None:
            folder = content / document.address
            folder.mkdir(exist_ok=True)
            shutil.copyfile(document.attachment.file, folder / document.attachment.file.name)
    return written


def plain_place(document: Document) -> str:
    """The usual place of a document's source, relative to the content."""
    return f"{document.address}.md"


def source(document: Document) -> str:
    """The Markdown file of a document."""
    lines = [
        "---",
        f"title: {_scalar(document.title)}",
        f"date: {document.day}",
        f"category: {document.column}",
        f"form: {document.form}",
        f"tags: [{', '.join(document.tags)}]",
        f"summary: {_scalar(document.summary)}",
    ]
    if document.attachment is not None:
        file = f"/{document.address}/{document.attachment.file.name}"
        lines.append(f"attachment: {_flow({'file': file, 'title': document.attachment.title})}")
    lines.append("info:")
    lines += [f"  {_scalar(name)}: {_scalar(value)}" for name, value in document.info.items()]
    if document.tables:
        lines.append("tables:")
    for name, rows in document.tables.items():
        lines.append(f"  {_scalar(name)}:")
        lines += [f"    - {_flow(row)}" for row in rows]
    return "\n".join([*lines, "---", document.body.strip(), ""])


def write_data(folder: Path, written: Written) -> None:
    """``columns.json`` and ``forms.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    tree = [
        {
            "path": column.path,
            "name": column.name,
            "depth": column.depth,
            "trail": [{"path": path, "name": name} for path, name in column.trail],
            "below": [
                {"path": other.path, "name": other.name}
                for other in columns()
                if other.path.rpartition("/")[0] == column.path
            ],
        }
        for column in columns()
    ]
    for name, value in (("columns", tree), ("forms", written.forms())):
        text = json.dumps(value, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


def copy_theme(name: str, folder: Path) -> None:
    """The files of a theme into `folder`."""
    shutil.copytree(Path(__file__).parent / "themes" / name, folder, dirs_exist_ok=True)


def _scalar(text: str) -> str:
    """A text that every YAML reader takes for that text."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _flow(row: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_scalar(key)}: {_scalar(value)}" for key, value in row.items()) + "}"
