"""Where progress goes: an observer that the command line, the preview and the tests implement."""

from __future__ import annotations

from typing import Protocol


class Reporter(Protocol):
    """Told what the build is doing; never asked anything."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins: ``read``, ``assemble``, ``produce`` or ``commit``, with its steps."""

    def advance(self, steps: int) -> None:
        """So many more steps of the stage are done."""

    def finish(self) -> None:
        """The last stage is over, well or not."""


class Silent:
    """A reporter that tells nobody."""

    def stage(self, name: str, total: int) -> None:
        """Ignored."""

    def advance(self, steps: int) -> None:
        """Ignored."""

    def finish(self) -> None:
        """Ignored."""
