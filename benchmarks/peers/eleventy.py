"""The equal site for Eleventy: Markdown without a template language before it, Nunjucks layouts.

Lists by column and by tag are collections cut into pages in its configuration, since its
pagination has one level; the files are copied by its passthrough copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from peers.documents import documents
from peers.peer import Peer, node_tool
from peers.sources import Written, copy_theme, plain_place, write_data, write_sources


def _install(scratch: Path) -> Sequence[str]:
    return [str(node_tool(scratch, "eleventy") / "eleventy")]


def _emit(site: Path, folder: Path) -> Written:
    written = write_sources(documents(site), folder / "content", plain_place)
    write_data(folder / "data", written)
    copy_theme("eleventy", folder)
    copy_theme("shared", folder / "includes")
    copy_theme("static", folder / "static")
    return written


ELEVENTY = Peer(
    name="eleventy",
    install=_install,
    emit=_emit,
    build=("--quiet",),
    output="public",
    layout="includes/base.html",
    source=lambda document: f"content/{plain_place(document)}",
    serve=("--serve", "--incremental", "--quiet", "--port={port}"),
)
