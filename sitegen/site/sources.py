"""Which files of content are what: documents, columns, settings; all others are only files."""

from __future__ import annotations

COLUMN_FILE = "_column.yaml"
DOCUMENTS = (".md", ".yaml")
"""The extensions of documents."""

_TECHNICAL = ("kinds/", "calendar/")
_SETTINGS = ("site.yaml", "site.yml")
_NEARLY = (".yml", ".markdown", ".mdown", ".mkd")


def is_document(path: str) -> bool:
    """Whether a file (relative to ``content/``) is the source of a document."""
    return path.endswith(DOCUMENTS) and not is_technical(path)


def is_technical(path: str) -> bool:
    """Whether a file is of the site's own making and never shown: settings, kinds, ``_…``."""
    name = path.rpartition("/")[2]
    return name.startswith(("_", ".")) or path in _SETTINGS or path.startswith(_TECHNICAL)


def is_nearly_document(path: str) -> bool:
    """Whether somebody meant a document, but wrote another extension."""
    return path.endswith(_NEARLY) and not is_technical(path)


def is_offerable(path: str) -> bool:
    """Whether a file may be offered as it is."""
    return not (is_technical(path) or path.endswith(DOCUMENTS) or path.endswith(_NEARLY))


def column_folder(path: str) -> str | None:
    """The folder of a ``_column.yaml``; None for any other file."""
    folder, _, name = path.rpartition("/")
    return folder if name == COLUMN_FILE else None
