"""A small context that workers can fetch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Sum:
    """A context: a number to be added."""

    number: int

    def sections(self) -> Mapping[str, bytes]:
        return {"number": b"%d" % self.number}

    @classmethod
    def load(cls, section: Callable[[str], bytes]) -> Sum:
        return cls(int(section("number")))
