"""What the caller of a build chose."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What the caller chose. Without `as_of` the site is built as on today's date in its zone."""

    root: Path
    output: Path
    as_of: datetime.date | None = None
    drafts: bool = False
    release: bool = False
    base_url: str | None = None
    jobs: int = 1
    cache: bool = True
    """Whether to reuse what earlier builds made."""
    cluster: str | None = None
    """The address of the scheduler whose workers do the work, instead of processes here."""
