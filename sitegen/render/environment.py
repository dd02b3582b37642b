"""The environment in which templates run: Jinja, made stricter, and faster for our pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from types import MethodType
from typing import Any

from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateRuntimeError,
)
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from sitegen.render.words import Words


class StaticMissingError(TemplateRuntimeError):
    """A template asked for a static file that the theme does not have."""


class _Sources(BaseLoader):
    """Templates from memory. `sources` maps a name to its shown path and text."""

    def __init__(self, sources: Mapping[str, tuple[str, str]]) -> None:
        self._sources = sources

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Any]:
        if template not in self._sources:
            raise TemplateNotFound(template)
        shown, text = self._sources[template]
        return text, shown, None

    def list_templates(self) -> list[str]:
        return sorted(self._sources)


class _Translated(Extension):
    """Puts the translation of ``_("…")`` in while a template is compiled, at no cost afterwards."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        translate: Words = self.environment.globals["_"]  # type: ignore[assignment]
        held: list[Token] = []
        for token in stream:
            held.append(token)
            place = len(held)
            expected = ("name", "lparen", "string", "rparen")[place - 1]
            if token.type != expected or (place == 1 and token.value != "_"):
                last = held.pop()
                yield from held
                # What broke off a match may itself begin one: `_(_("…"))`.
                held = [last] if last.type == "name" and last.value == "_" else []
                if not held:
                    yield last
            elif place == 4:
                yield Token(held[2].lineno, "string", translate(held[2].value))
                held = []
        yield from held


_ACTIVE = re.compile("[&<>\"']")
"""The characters that `markupsafe.escape` replaces."""


def _shown(value: Any) -> str:
    """A value as a template puts it out: what `markupsafe.escape` gives, as a plain text.

    Templates only join what they put out, so that most of it, texts without any sign of markup,
    need not be wrapped.
    """
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    if kind is str and _ACTIVE.search(value) is None:
        return value  # type: ignore[no-any-return]
    return escape(value)


class PageContext(Context):
    """A context whose calls of methods and macros do without the library's preparations."""

    def call(self, called: Any, /, *arguments: Any, **named: Any) -> Any:
        if type(called) not in _SIMPLE or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *arguments, **named)
        named.pop("_loop_vars", None)  # of the template that calls, for those that ask for it
        named.pop("_block_vars", None)
        return called(*arguments, **named)

    def let_go(self) -> None:
        """Let go of what the template has set: macros and their context hold each other, and all
        that a page shows would stay until Python looks for such circles."""
        self.vars.clear()


_SIMPLE = frozenset({MethodType, Macro})


class _Template(Template):
    @classmethod
    def from_code(cls, *arguments: Any, **options: Any) -> Template:
        template = super().from_code(*arguments, **options)
        template.root_render_func.__globals__["escape"] = _shown
        return template


def environment_of(
    sources: Mapping[str, tuple[str, str]],
    words: Words,
    options: Mapping[str, str],
    asset: Callable[[str], str],
    sandboxed: bool,
) -> Environment:
    """The environment of a theme's templates; `asset` raises KeyError for missing files."""
    # Our own templates see nothing but views; only a site's templates need the (slower) sandbox.
    make = ImmutableSandboxedEnvironment if sandboxed else Environment
    environment = make(
        loader=_Sources(sources),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )

    def address_of(name: str) -> str:
        try:
            return asset(name)
        except KeyError:
            raise StaticMissingError(name) from None

    environment.globals = {"_": words, "words": words, "options": options, "asset": address_of,
                           "range": environment.globals["range"],
                           "namespace": environment.globals["namespace"]}  # fmt: skip
    environment.add_extension(_Translated)
    environment.template_class = _Template
    environment.context_class = PageContext
    # A chain of mappings is slow, and is gone through for every page and every import in it.
    known = environment.globals

    def make_globals(d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**known, **(d or {})}

    environment.make_globals = make_globals  # type: ignore[method-assign]
    return environment
