"""The equal site for MkDocs: no plugins, a theme of its own, and a hook for lists and feeds.

Its navigation of all pages is not shown: every page would hold every other one. The hook makes what
MkDocs has nothing for, from the pages that it has read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from peers.documents import documents
from peers.peer import Peer, python_tool
from peers.sources import Written, copy_theme, plain_place, write_data, write_sources


def _install(scratch: Path) -> Sequence[str]:
    return [str(python_tool(scratch, "mkdocs") / "mkdocs")]


def _emit(site: Path, folder: Path) -> Written:
    written = write_sources(documents(site), folder / "content", plain_place)
    write_data(folder / "data", written)
    copy_theme("mkdocs", folder)
    copy_theme("shared", folder / "theme")
    (folder / "theme/feed.xml").rename(folder / "theme/atom.html")
    copy_theme("static", folder / "theme")
    return written


MKDOCS = Peer(
    name="mkdocs",
    install=_install,
    emit=_emit,
    build=("build", "--quiet"),
    output="public",
    layout="theme/base.html",
    source=lambda document: f"content/{plain_place(document)}",
)
