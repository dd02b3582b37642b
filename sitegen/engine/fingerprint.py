"""The fingerprint of the program: another one, and nothing that was kept counts any more."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import msgspec

import sitegen
from sitegen.engine.listing import Listing, listing_of
from sitegen.engine.sources import settled_column
from sitegen.engine.values import digest_of_bytes

_LIBRARIES = frozenset(
    [
        "jinja2",
        "markdown",
        "markupsafe",
        "msgspec",
        "nh3",
        "pypinyin",
        "python_calamine",
        "python_stdnum",
        "pyyaml",
        "tzdata",
    ]
)
"""What the bytes of outputs may depend on."""
_SOURCES = (".py", ".yaml", ".json", ".mo", ".css", ".js")
_LEFT_OUT = frozenset({"__pycache__", "themes"})
_INSTALLED = re.compile(r"(.+?)-([^-]+)\.dist-info")


class Program(msgspec.Struct, array_like=True, frozen=True):
    """What is remembered of the program: its files as they stood, and the fingerprint."""

    versions: list[bytes]
    names: str
    stamps: bytes
    settled: bool
    """Whether the stamps will tell of later changes."""
    code: bytes


def program_now(remembered: Program | None, moment: int) -> Program:
    """The program as it is; its files are read only where they are not as `remembered`.

    `moment` is that of now, by the clock of the disk; at 0, nothing will be taken for settled.
    """
    package = str(Path(sitegen.__file__).parent)
    listing = listing_of(package, _LEFT_OUT)
    versions = [sys.version.encode(), *_versions()]
    names, stamps = listing.names, listing.stamps.tobytes()
    if (
        remembered is not None
        and remembered.settled
        and names
        and (versions, names, stamps) == (remembered.versions, remembered.names, remembered.stamps)
    ):
        return remembered
    settled = all(settled_column(listing.stamps, moment))
    return Program(versions, names, stamps, settled, _digest(package, listing, versions))


def fingerprint() -> bytes:
    """A digest of the program's own files, of the libraries' versions and of the interpreter's."""
    return program_now(None, 0).code


def portrait() -> dict[str, str]:
    """What the fingerprint is taken of, by name, to say in which parts two programs differ."""
    libraries = (_INSTALLED.fullmatch(name.decode()) for name in _versions())
    package = str(Path(sitegen.__file__).parent)
    own = _digest(package, listing_of(package, _LEFT_OUT), [])
    return {
        "Python": sys.version,
        "sitegen": f"{sitegen.__version__}-{own.hex()[:8]}",
        **{match[1].lower(): match[2] for match in libraries if match},
    }


def _digest(package: str, listing: Listing, versions: list[bytes]) -> bytes:
    parts: list[bytes] = [*versions]
    for name in sorted(listing.files):
        if name.endswith(_SOURCES):
            with open(f"{package}/{name}", "rb") as file:  # noqa: PTH123 - many files
                parts += (name.encode(), file.read())
    return digest_of_bytes(*parts)


def _versions() -> list[bytes]:
    """The folders in which installed libraries say their versions; metadata is slow to read."""
    found: dict[str, str] = {}
    for place in sys.path:
        try:
            names = sorted(os.listdir(place or "."))  # noqa: PTH208 - names only
        except OSError:
            continue
        for name in names:
            if not name.endswith(".dist-info"):
                continue
            match = _INSTALLED.fullmatch(name)
            if match and (library := match[1].lower().replace("-", "_")) in _LIBRARIES:
                found.setdefault(library, name)
    return [found[library].encode() for library in sorted(found)]
