"""Digests of what outputs look at: by them things are compared without being read."""

from __future__ import annotations

import msgspec

from sitegen.engine.values import SIZE, digest_of_bytes

FACES = ("document", "body", "text")
"""What a document's faces are digests of: itself, its rendered body, the beginning of its text."""


def faces_of(document: bytes, body: bytes, text: bytes) -> bytes:
    """The faces of a document: the digests of three byte strings in a row."""
    return b"".join(map(digest_of_bytes, (document, body, text)))


def faces_that_differ(one: bytes | None, other: bytes | None) -> list[str]:
    """The names of the faces in which two documents differ; both are there."""
    one, other = one or b"", other or b""
    parts = (slice(place * SIZE, (place + 1) * SIZE) for place in range(len(FACES)))
    return [name for name, part in zip(FACES, parts, strict=True) if one[part] != other[part]]


class ThemeFace(msgspec.Struct, array_like=True, frozen=True):
    """What templates may show of a theme as a whole, and digests of what was asked of its parts."""

    name: str
    words: str
    options: dict[str, str]
    parts: dict[str, bytes]
