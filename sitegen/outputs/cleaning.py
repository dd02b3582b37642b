"""Texts made safe for the formats that carry them; nothing here knows of documents."""

from __future__ import annotations

import re

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_RISKY = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def clean(text: str) -> str:
    """`text` without control characters and others that XML forbids; line ends are ``\\n``."""
    if text.isprintable():
        return text
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def xml(text: str) -> str:
    """`text` cleaned and escaped, for XML elements and for attributes in double quotes."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")


def protected(text: str) -> str:
    """`text` as a CSV cell that no spreadsheet takes for a formula.

    A text that begins with one of ``= + - @``, a tab or a line end (or their full-width forms)
    gets an apostrophe before it, and so does one that looks as if it already had one: so a reader
    takes exactly one apostrophe off. A single character (a dash for "nothing") is no formula.
    """
    if len(text) > 1 and _RISKY.match(text):
        return "'" + text
    return text
