"""What has no page, and why."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A document that has no page, and why: draft, scheduled, on-request, withheld, closed."""

    path: str
    title: str
    reason: str
    on: datetime.date | None = None
