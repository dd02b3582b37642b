"""The thin values that templates see, and where single documents come from."""

from __future__ import annotations

from typing import Protocol

from sitegen.kinds.document import Document
from sitegen.render.markdown import Rendered


class Facts(Protocol):
    """Single documents in full, fetched when a page needs them; the Site holds only cards."""

    def document(self, path: str) -> Document:
        """The typed document of a source path (relative to ``content/``)."""

    def body(self, path: str) -> Rendered:
        """Its rendered body."""
