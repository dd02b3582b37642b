"""The equal site for Hugo: page bundles where there is an attachment, single files elsewhere.

Its manual's advice for speed is followed: parts that several pages share are `partialCached`, no
page asks for all others, lists are paginated by the tool's own `.Paginate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from peers.documents import Document, columns, documents
from peers.peer import Peer, python_tool
from peers.sources import NAME, Written, copy_theme, write_data, write_sources


def _install(scratch: Path) -> Sequence[str]:
    binary = next((python_tool(scratch, "hugo").parent / "lib").rglob("hugo/binaries/hugo*"))
    return [str(binary)]


def _place(document: Document) -> str:
    return f"{document.address}{'/index' if document.attachment else ''}.md"


def _emit(site: Path, folder: Path) -> Written:
    written = write_sources(documents(site), folder / "content", _place)
    (folder / "content/_index.md").write_text(f"---\ntitle: {NAME}\n---\n", encoding="utf-8")
    for weight, column in enumerate(columns(), 1):
        index = folder / "content" / column.path / "_index.md"
        index.parent.mkdir(parents=True, exist_ok=True)
        head = f"---\ntitle: {column.name}\nweight: {weight}\n---\n"
        index.write_text(head, encoding="utf-8")
    write_data(folder / "data", written)
    copy_theme("hugo", folder)
    copy_theme("static", folder / "static")
    return written


HUGO = Peer(
    name="hugo",
    install=_install,
    emit=_emit,
    build=("build", "--quiet"),
    output="public",
    layout="layouts/baseof.html",
    source=lambda document: f"content/{_place(document)}",
    serve=("server", "--renderToMemory", "--port", "{port}", "--bind", "127.0.0.1"),
)

HUGO_FULL = replace(HUGO, name="hugo-full", serve=(*HUGO.serve, "--disableFastRender"))
"""Hugo whose server makes all pages again: its default leaves lists as they were."""
