"""The order of Chinese texts: by pinyin where it is common, the same on every machine."""

from __future__ import annotations


def collated(text: str) -> bytes:
    """A sort key. GB 18030 keeps the 3,755 most common characters in the order of their pinyin."""
    return text.encode("gb18030", "replace")
