"""The manifest: every file of the output with its size and digest, for comparing and signing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from json.encoder import encode_basestring

from sitegen.site.site import Site

ADDRESS = "manifest.json"
FORMAT = 1


def manifest_bytes(entries: Iterable[tuple[str, int, str]], site: Site) -> bytes:
    """``manifest.json`` for files given as (path, size in bytes, SHA-256 in hex).

    The files are sorted by path; the manifest itself is never among them. It names the site and
    the commit, and no date of the build: equal content gives an equal manifest.
    """
    lines = [_line(*entry) for entry in sorted(entry for entry in entries if entry[0] != ADDRESS)]
    head = {
        "format": FORMAT,
        "site": site.settings.name,
        "base_url": site.settings.base_url,
        "revision": site.revision,
    }
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    listed = ",\n".join(lines)
    return f'{opening}, "files": [\n{listed}\n]}}\n'.encode()


def spliced(
    content: bytes, changes: Iterable[tuple[tuple[str, int, str], tuple[str, int, str]]]
) -> bytes | None:
    """A manifest with other entries in it, as pairs of old and new; None if one is not there.

    An entry keeps its path, and so its place.
    """
    for old, new in changes:
        line = _line(*old).encode()
        start = content.find(line)
        if start < 0:
            return None
        content = content[:start] + _line(*new).encode() + content[start + len(line) :]
    return content


def _line(path: str, size: int, sha256: str) -> str:
    return f'{{"path": {encode_basestring(path)}, "size": {size}, "sha256": "{sha256}"}}'
