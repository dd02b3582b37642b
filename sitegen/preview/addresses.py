"""From what a browser asks for to an address of the site, or to nothing at all."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import unquote_to_bytes

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::(?P<port>[0-9]{1,5}))?")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


def address_of(path: str) -> str | None:
    """The address that a request's path names: decoded once, with nothing clever in it.

    None for whatever could mean more than one thing: dot segments, backslashes, empty segments,
    control characters, text that is not UTF-8. A folder means its ``index.html``.
    """
    if not path.startswith("/"):
        return None
    try:
        text = unquote_to_bytes(path[1:]).decode()
    except UnicodeDecodeError:
        return None
    if "\\" in text or any(ord(character) < 32 or ord(character) == 127 for character in text):
        return None
    folders, _, name = text.rpartition("/")
    parts = [*folders.split("/"), name] if folders or "/" in text else [name]
    if any(part in (".", "..") for part in parts) or "" in parts[:-1]:
        return None
    return text if name else text + "index.html"


def is_ours(host: str | None, port: int, bound: str) -> bool:
    """Whether a Host header names this server, and not a name that somebody made point here.

    `bound` is the address that the server listens on. Beyond loopback, its own name and plain IP
    addresses are taken: rebinding needs a name.
    """
    found = _HOST.fullmatch(host or "")
    if found is None or int(found["port"] or 80) != port:
        return False
    name = found["name"].lower()
    if name in LOOPBACK or name.strip("[]") == bound.lower():
        return True
    return not is_loopback(bound) and _is_ip(name)


def is_loopback(bound: str) -> bool:
    """Whether only this machine can reach an address."""
    if bound == "localhost":
        return True
    try:
        return ipaddress.ip_address(bound.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def without_prefix(address: str, prefix: str, known: Collection[str]) -> str:
    """An address without the path of the site's public address, which the 404 page links with."""
    if prefix and address not in known and address.startswith(prefix):
        return address.removeprefix(prefix) or "index.html"
    return address
