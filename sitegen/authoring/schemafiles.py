"""Schemas as files, for editors: under ``.sitegen/schemas``, named by the first line of a file."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable
from pathlib import Path

from sitegen.authoring.paths import write_file
from sitegen.authoring.schema import json_schema, schema_names
from sitegen.engine.workspace import PRIVATE
from sitegen.kinds.kind import Kinds

FOLDER = f"{PRIVATE}/schemas"
"""Where schemas lie, relative to the site's folder."""


def schema_bytes(kinds: Kinds, name: str) -> bytes:
    """The schema of a kind, of ``site`` or of ``column``, as a file."""
    text = json.dumps(json_schema(kinds, name), ensure_ascii=False, indent=1)
    return text.encode() + b"\n"


def write_schemas(root: Path, kinds: Kinds, names: Iterable[str] | None = None) -> list[str]:
    """Write schemas (all, unless some are named) where they differ; their paths in the site.

    Raises OSError.
    """
    written = []
    for name in names if names is not None else schema_names(kinds):
        path = f"{FOLDER}/{name}.json"
        data, place = schema_bytes(kinds, name), root / path
        if not place.is_file() or place.read_bytes() != data:
            write_file(place, data)
        written.append(path)
    return written


def modeline(path: str, name: str) -> str:
    """The comment by which an editor finds the schema of a file at `path` below ``content/``."""
    folder = posixpath.dirname(f"content/{path}")
    return f"# yaml-language-server: $schema={posixpath.relpath(f'{FOLDER}/{name}.json', folder)}"
