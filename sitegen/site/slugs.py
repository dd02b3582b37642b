"""Address names: what may stand in an address, and a proposal where something may not.

An address is decided by a person, once (the path or ``slug``); pinyin is only ever proposed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_LEGAL = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?")
_RESERVED = re.compile(
    r"index(-\d+)?|year-\d+|log|feed|con|prn|aux|nul|com\d|lpt\d"
)  # generated beside documents, or devices on Windows
_RESERVED_AT_ROOT = frozenset(
    ("404", "assets", "catalogue", "manifest", "search", "site", "sitemap")
)
_LONGEST = 80


def legal(name: str) -> bool:
    """Whether a name may stand in an address as it is: lower-case ASCII, no dots."""
    return _LEGAL.fullmatch(name) is not None and len(name) <= _LONGEST


def reserved(name: str, *, at_root: bool) -> bool:
    """Whether the site itself has, or may get, a page of this name."""
    if _RESERVED.fullmatch(name):
        return True
    return at_root and (name in _RESERVED_AT_ROOT or name.startswith("catalogue-"))


def propose(name: str) -> str:
    """A legal address name for any text: pinyin for Chinese, words joined by hyphens."""
    from pypinyin import lazy_pinyin  # imported late: half of a small build's time

    plain = unicodedata.normalize("NFKC", name).strip()
    text = "-".join(lazy_pinyin(plain, errors=str))
    text = unicodedata.normalize("NFKD", text.lower())
    text = re.sub(r"[^a-z0-9]+", "-", "".join(c for c in text if not unicodedata.combining(c)))
    text = text.strip("-")[:60].strip("-")
    if not text:
        return "x" + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]
    return text + "-1" if _RESERVED.fullmatch(text) else text
