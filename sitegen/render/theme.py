"""The theme: Jinja templates, static files and words, with overrides by the site."""

from __future__ import annotations


class Theme:
    """Placeholder until the theme room is built."""
