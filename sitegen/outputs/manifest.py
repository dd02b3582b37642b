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
    listed = ",\n".join(lines)
    return f"{_opening(site)}{listed}\n]}}\n".encode()


def _opening(site: Site) -> str:
    head = {
        "format": FORMAT,
        "site": site.settings.name,
        "base_url": site.settings.base_url,
        "revision": site.revision,
    }
    return json.dumps(head, ensure_ascii=False)[:-1] + ', "files": [\n'


def spliced(
    content: bytes,
    site: Site,
    changes: Iterable[tuple[tuple[str, int, str], tuple[str, int, str]]],
) -> bytes | None:
    """A manifest of the same files with other entries in it, given as pairs of old and new.

    An entry keeps its path, and so its place. None where it cannot be made out of `content`.
    """
    if not content.startswith(_opening(site).encode()):
        return None
    for old, new in changes:
        line = _line(*old).encode()
        start = content.find(line)
        if start < 0:
            return None
        content = content[:start] + _line(*new).encode() + content[start + len(line) :]
    return content


def _line(path: str, size: int, sha256: str) -> str:
    return f'{{"path": {encode_basestring(path)}, "size": {size}, "sha256": "{sha256}"}}'
