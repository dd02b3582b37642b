"""Static files of a theme under fingerprinted names, with the references in style sheets rewritten.

A name that changes with its content may be cached for ever, and a page always finds the style
sheet that it was made for.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sitegen.problems import Location, Problem
from sitegen.render import codes

_REFERENCE = re.compile(r"""url\(\s*(["']?)([^"')]+)\1\s*\)""")


@dataclass(frozen=True, slots=True)
class Static:
    """A static file of the theme: `name` as in ``static/``, `address` as published."""

    name: str
    address: str
    content: bytes


def fingerprinted(
    files: Mapping[str, tuple[str, bytes]],
) -> tuple[dict[str, Static], tuple[Problem, ...]]:
    """Give every file its address ``assets/<stem>.<8 hex>.<ext>``.

    `files` maps a name to its path for problems (relative to the site folder) and its bytes.
    Style sheets may refer to other files, but not to style sheets.
    """
    done: dict[str, Static] = {}
    problems: list[Problem] = []
    for name in sorted(files, key=lambda name: (name.endswith(".css"), name)):
        shown, content = files[name]
        if name.endswith(".css"):
            content, found = _rewritten(name, shown, content, done)
            problems += found
        done[name] = Static(name, _address(name, content), content)
    return done, tuple(problems)


def _address(name: str, content: bytes) -> str:
    stem, extension = posixpath.splitext(name)
    return f"assets/{stem}.{hashlib.sha256(content).hexdigest()[:8]}{extension}"


def _rewritten(
    name: str, shown: str, content: bytes, done: Mapping[str, Static]
) -> tuple[bytes, list[Problem]]:
    folder = posixpath.dirname(name)
    problems: list[Problem] = []
    text = content.decode("utf-8", "replace")

    def replacement(match: re.Match[str]) -> str:
        reference = match[2].strip()
        if ":" in reference or reference.startswith(("#", "/")):
            return match[0]
        target = done.get(posixpath.normpath(posixpath.join(folder, reference)))
        if target is None:
            line = text.count("\n", 0, match.start()) + 1
            problems.append(codes.STATIC_MISSING.at(Location(shown, line), name=reference))
            return match[0]
        address = posixpath.relpath(target.address, posixpath.dirname(_address(name, b"")))
        return f'url("{address}")'

    return _REFERENCE.sub(replacement, text).encode(), problems
