"""Compiling a template of the same text once: tests build very many sites with the same theme."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any

from jinja2 import Environment

_WORD = re.compile(r"""\b_\(\s*(["'])(.*?)\1""")

_MOST = 2000
"""So many are kept, which is far more than all themes have."""


@contextmanager
def compiled_once() -> Iterator[None]:
    """As long as this lasts, the code of a template is kept by all that it is made from.

    Templates are still read, parsed where the program asks for it, and run anew in every build.
    What the library works out while it compiles are filters of constants, which are pure, and
    translations, which are part of the key.
    """
    real = Environment.compile
    known: dict[tuple[object, ...], CodeType] = {}

    def compiled(self: Environment, source: Any, *where: Any, **more: Any) -> Any:
        translate = self.globals.get("_")
        if not isinstance(source, str) or more or translate is None:
            return real(self, source, *where, **more)
        words = tuple(translate(found[2]) for found in _WORD.finditer(source))
        made = (type(self), self.code_generator_class, *sorted(self.extensions))
        key = (made, source, where, words)
        if key not in known:
            if len(known) == _MOST:
                known.clear()
            known[key] = real(self, source, *where)
        return known[key]

    Environment.compile = compiled  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Environment.compile = real  # type: ignore[method-assign]
