"""Where the shipped themes are."""

from __future__ import annotations

from pathlib import Path


def built_in_themes() -> Path:
    """Their folder: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "themes"
    return installed if installed.is_dir() else package.parent / "themes"
