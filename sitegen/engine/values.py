"""Plain values as bytes, and their digests: equal values give equal bytes in every process."""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import Any

import msgspec

SIZE = 16
"""Bytes of a digest."""


def _plain(value: Any) -> Any:
    if isinstance(value, MappingProxyType):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not a plain value")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_plain)


def packed(value: object) -> bytes:
    """A plain value (texts, numbers, dates, tuples, mappings, dataclasses) as MessagePack.

    Mappings keep their order. There must be no sets, which have none. Raises TypeError for what is
    not plain.
    """
    return _ENCODER.encode(value)


def packed_into(value: object, content: bytearray) -> None:
    """Add `packed` of a value at the end of `content`. Raises TypeError for what is not plain."""
    _ENCODER.encode_into(value, content, -1)


def digest_of_bytes(*parts: bytes) -> bytes:
    """A digest of byte strings, each counted for itself."""
    digest = hashlib.blake2b(digest_size=SIZE)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def digest_of(*values: object) -> bytes:
    """A digest of plain values, or of sets of them."""
    return digest_of_bytes(
        *(packed(sorted(each) if isinstance(each, frozenset) else each) for each in values)
    )
