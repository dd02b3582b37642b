"""Compressed siblings, ``x.html.gz`` and ``x.html.br``: made once, so that no server has to.

Only what shrinks gets one. Workbooks and archives of ours are stored uncompressed, so they shrink,
too. The bytes depend on nothing but the content and the version of the encoder; they are not part
of the manifest, but whoever verifies a release unpacks and compares them.
"""

from __future__ import annotations

import gzip
import zlib
from typing import Any

try:
    import brotli
except ImportError:  # an extra: without it there are no .br files, and a notice says so
    brotli = None

ENCODINGS = {".gz": "gzip", ".br": "br"}
"""Suffixes of compressed siblings, with their names in HTTP."""
_SUFFIXES = frozenset(
    (".html", ".xml", ".json", ".csv", ".txt", ".md", ".css", ".js", ".svg", ".ico", ".xlsx",
     ".zip", ".webmanifest")
)  # fmt: skip
_SMALLEST = 256
"""Bytes; below that a packet is a packet."""
_WORTH = 0.95
_GZIP_LEVEL, _BROTLI_QUALITY = 6, 5


def has_brotli() -> bool:
    """Whether ``.br`` files can be made and read."""
    return brotli is not None


def is_compressible(path: str, size: int) -> bool:
    """Whether compressing a file may be worth it."""
    return size >= _SMALLEST and path[path.rfind(".") :] in _SUFFIXES


def compressed(content: bytes, suffix: str) -> bytes | None:
    """`content` as its sibling with this suffix; None where that saves next to nothing."""
    if suffix == ".gz":
        packed = gzip.compress(content, _GZIP_LEVEL, mtime=0)
    elif brotli is None:
        return None
    else:
        packed = brotli.compress(content, quality=_BROTLI_QUALITY)
    return packed if len(packed) < len(content) * _WORTH else None


def unpacked(packed: bytes, suffix: str, size: int) -> bytes | None:
    """What is in a sibling; None if it is damaged, or larger than the `size` it should have."""
    try:
        if suffix == ".gz":
            stream = zlib.decompressobj(wbits=31)
            content = stream.decompress(packed, size + 1)
            whole = stream.eof and not stream.unused_data
        else:
            content, whole = _unbrotli(packed, size)
    except zlib.error:
        return None
    return content if whole and len(content) == size else None


def _unbrotli(packed: bytes, size: int) -> tuple[bytes, bool]:
    assert brotli is not None
    decoder: Any = brotli.Decompressor()
    try:
        content: bytes = decoder.process(packed, output_buffer_limit=size + 1)
        while len(content) <= size and not decoder.is_finished():
            more = decoder.process(b"", output_buffer_limit=size + 1)
            if not more:
                break
            content += more
    except brotli.error:
        return b"", False
    return content, bool(decoder.is_finished())
