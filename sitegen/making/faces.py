"""Digests of what outputs look at: by them things are compared without being read."""

from __future__ import annotations

import msgspec


class Faces(msgspec.Struct, array_like=True, frozen=True):
    """Of a document in full: itself, its rendered body, the beginning of its text."""

    document: bytes
    body: bytes
    text: bytes


class ThemeFace(msgspec.Struct, array_like=True, frozen=True):
    """What templates may show of a theme as a whole, and digests of what was asked of its parts."""

    name: str
    words: str
    options: dict[str, str]
    parts: dict[str, bytes]
