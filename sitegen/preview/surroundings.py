"""What stands around the content: the theme and the history, asked for again when they changed."""

from __future__ import annotations

from pathlib import Path

from sitegen.preview import repository
from sitegen.preview.files import Stamp, stamp_of
from sitegen.preview.framing import Framing
from sitegen.problems import Location, Problem, has_errors
from sitegen.render.theme import Theme, load_theme
from sitegen.source.history import NO_HISTORY, History, read_history


class Surroundings:
    """The theme and the history of one site as they were found last."""

    def __init__(self, root: Path) -> None:
        self.history: History = NO_HISTORY
        self.problems: tuple[Problem, ...] = ()
        """Of both."""
        self._content = root / "content"
        self._themes = root / "themes"
        self._theme: tuple[object, Theme, tuple[Problem, ...]] | None = None
        self._asked: tuple[object, tuple[Problem, ...]] = ((), ())

    def look(self, framing: Framing) -> Theme:
        """Look at both; returns the theme: the last good one in the place of one with errors."""
        theme, faults = self._load_theme(framing)
        self.problems = (*faults, *self._read_history(framing))
        return theme

    def _load_theme(self, framing: Framing) -> tuple[Theme, tuple[Problem, ...]]:
        settings, mark = framing.settings, framing.marks.get("theme", ())
        key = (settings.theme, settings.language, mark, _stamps_below(self._themes))
        kept = self._theme
        if kept is None or kept[0] != key:
            chosen = Location("content/site.yaml", *mark)
            theme, problems = load_theme(self._themes, settings.theme, settings.language, chosen)
            if has_errors(problems) and kept is not None:
                theme = kept[1]
            kept = self._theme = (key, theme, problems)
        return kept[1], kept[2]

    def _read_history(self, framing: Framing) -> tuple[Problem, ...]:
        zone = framing.settings.timezone
        key = (repository.signature(self._content), zone)
        if self._asked[0] != key:
            history, problems = read_history(self._content, zone)
            if history != self.history:
                self.history = history
            self._asked = (key, problems)
        return self._asked[1]


def _stamps_below(folder: Path) -> tuple[tuple[str, Stamp | None], ...]:
    if not folder.is_dir():
        return ()
    files = (path for path in folder.rglob("*") if path.is_file())
    return tuple(sorted((str(path), stamp_of(path)) for path in files))
