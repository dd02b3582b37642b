"""Equations between the rows of a table: ``收入总计 = 本年收入合计 + 上年结转``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sitegen.kinds.rules.text import label_of

_SIGNED = re.compile(r"\s*([+\-＋－]?)\s*([^+\-＋－]+)")


@dataclass(frozen=True, slots=True)
class Term:
    """One summand: rows with one of these labels, or the lines of a classification code."""

    sign: int
    labels: tuple[str, ...] = ()
    code: str = ""
    """``[301]`` in the text; ``[*]`` stands for all lines with a code."""


@dataclass(frozen=True, slots=True)
class Equation:
    """Two sums that must be equal. `text` is the equation as the kind file writes it."""

    left: tuple[Term, ...]
    right: tuple[Term, ...]
    text: str

    @classmethod
    def read(cls, raw: Any) -> Equation:
        """The equation of a text: labels (``a|b`` for other wordings) and codes in brackets.

        Raises ValueError for anything else.
        """
        if not isinstance(raw, str):
            raise ValueError
        sides = raw.replace("＝", "=").split("=")
        if len(sides) != 2:
            raise ValueError
        return cls(_terms(sides[0]), _terms(sides[1]), " ".join(raw.split()))

    @property
    def formula(self) -> str:
        """The right side, as a message shows it: the first wording of every label."""
        side = self.text.replace("＝", "=").split("=")[1].strip()
        return re.sub(r"\|[^+\-＋－|]+?(?=\s*(?:[+\-＋－|]|$))", "", side)


def _terms(side: str) -> tuple[Term, ...]:
    terms: list[Term] = []
    place = 0
    while place < len(side.rstrip()):
        match = _SIGNED.match(side, place)
        text = match[2].strip() if match else ""
        if match is None or not text or (terms and not match[1]):
            raise ValueError
        sign = -1 if match[1] in ("-", "－") and match[1] else 1
        code = re.fullmatch(r"\[(\d+|\*)\]", text)
        if code:
            terms.append(Term(sign, code=code[1]))
        elif text.startswith("["):
            raise ValueError
        else:
            labels = tuple(label_of(label) for label in text.split("|"))
            if not all(labels):
                raise ValueError
            terms.append(Term(sign, labels))
        place = match.end()
    if not terms:
        raise ValueError
    return tuple(terms)
