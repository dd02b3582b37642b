"""The equal site for Pelican, with its cache of read content, and a plugin for nested front matter.

Columns are categories; those that only hold others are template pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from peers.documents import columns, documents
from peers.peer import Peer, python_tool
from peers.sources import Written, copy_theme, plain_place, write_data, write_sources


def _install(scratch: Path) -> Sequence[str]:
    return [str(python_tool(scratch, "pelican") / "pelican")]


def _emit(site: Path, folder: Path) -> Written:
    written = write_sources(documents(site), folder / "content", plain_place)
    for column in columns():
        if not column.form:
            page = (
                '{% extends "holder.html" %}\n'
                f'{{% set here = BY_PATH["{column.path}"] %}}\n'
                f'{{% set heading = "{column.name}" %}}\n'
            )
            holder = folder / "content/holders" / f"{column.path}.html"
            holder.parent.mkdir(parents=True, exist_ok=True)
            holder.write_text(page, encoding="utf-8")
    write_data(folder / "data", written)
    copy_theme("pelican", folder)
    copy_theme("shared", folder / "theme/templates")
    copy_theme("static", folder / "theme/static")
    return written


PELICAN = Peer(
    name="pelican",
    install=_install,
    emit=_emit,
    build=("--quiet", "--settings", "pelicanconf.py"),
    output="public",
    layout="theme/templates/base.html",
    source=lambda document: f"content/{plain_place(document)}",
    caches=("cache", "__pycache__"),
)
