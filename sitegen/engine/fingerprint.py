"""The fingerprint of the program: another one, and nothing that was kept counts any more."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import sitegen
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
_INSTALLED = re.compile(r"(.+?)-([^-]+)\.dist-info")


def fingerprint() -> bytes:
    """A digest of the program's own files, of the libraries' versions and of the interpreter's."""
    return digest_of_bytes(sys.version.encode(), *_versions(), *_own_files())


def portrait() -> dict[str, str]:
    """What the fingerprint is taken of, by name, to say in which parts two programs differ."""
    libraries = (_INSTALLED.fullmatch(name.decode()) for name in _versions())
    return {
        "Python": sys.version,
        "sitegen": f"{sitegen.__version__}-{digest_of_bytes(*_own_files()).hex()[:8]}",
        **{match[1].lower(): match[2] for match in libraries if match},
    }


def _own_files() -> list[bytes]:
    package = Path(sitegen.__file__).parent
    parts: list[bytes] = []
    for folder, folders, files in os.walk(package):
        folders[:] = sorted(name for name in folders if name not in ("__pycache__", "themes"))
        for name in sorted(files):
            if name.endswith(_SOURCES):
                path = f"{folder}/{name}"
                with open(path, "rb") as file:  # noqa: PTH123 - many files
                    parts += (path.removeprefix(str(package)).encode(), file.read())
    return parts


def _versions() -> list[bytes]:
    """The folders in which installed libraries say their versions; metadata is slow to read."""
    found: dict[str, str] = {}
    for place in sys.path:
        try:
            names = sorted(os.listdir(place or "."))  # noqa: PTH208 - names only
        except OSError:
            continue
        for name in names:
            match = _INSTALLED.fullmatch(name)
            if match and (library := match[1].lower().replace("-", "_")) in _LIBRARIES:
                found.setdefault(library, name)
    return [found[library].encode() for library in sorted(found)]
