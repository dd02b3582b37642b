"""The theme: Jinja templates, static files and words, with overrides by the site.

A theme is a folder with ``templates/``, ``static/``, ``locale/`` and ``theme.yaml``. A site's own
theme names its parent there (``default`` when it names none); a file of the child stands for the
file of the same name of its ancestors. Everything is read once, when the theme is loaded; rendering
touches no file. An error in a template is a located problem, never an exception.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from types import MethodType
from typing import Any

from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
    UndefinedError,
    meta,
)
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from sitegen.problems import Location, Problem
from sitegen.render import codes
from sitegen.render.layers import layers_of
from sitegen.render.shipped import built_in_themes as built_in_themes
from sitegen.render.statics import Static, fingerprinted
from sitegen.render.words import Words, is_catalogue


@dataclass(frozen=True, slots=True)
class Rendering:
    """The text of a template, or why there is none."""

    text: str
    problems: tuple[Problem, ...] = ()


class _StaticMissingError(TemplateRuntimeError):
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


class _Context(Context):
    """A context whose calls of methods and macros do without the library's preparations."""

    def call(self, called: Any, /, *arguments: Any, **named: Any) -> Any:
        if type(called) not in _SIMPLE or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *arguments, **named)
        named.pop("_loop_vars", None)  # of the template that calls, for those that ask for it
        named.pop("_block_vars", None)
        return called(*arguments, **named)


_SIMPLE = frozenset({MethodType, Macro})


class _Template(Template):
    @classmethod
    def from_code(cls, *arguments: Any, **options: Any) -> Template:
        template = super().from_code(*arguments, **options)
        template.root_render_func.__globals__["escape"] = _shown
        return template


class Theme:
    """A loaded theme in one language. Made by `load_theme`; one per process."""

    __slots__ = ("_arguments", "_dependencies", "_environment", "_references", "_sandboxed",
                 "_sources", "digest", "kept", "name", "on_asset", "options", "spoken", "statics",
                 "words")  # fmt: skip

    def __init__(
        self,
        name: str,
        words: Words,
        options: Mapping[str, str],
        sources: Mapping[str, tuple[str, str]],
        statics: Mapping[str, Static],
        sandboxed: bool,
        catalogues: bytes = b"",
    ) -> None:
        self._arguments = (name, words, options, sources, statics, sandboxed, catalogues)
        self.kept: object = None
        """What is worked out once for a site and its theme; see ``views.views_of``."""
        self.on_asset: Callable[[str], None] | None = None
        """Told of every static file that a template asks for, there or not."""
        self._sandboxed = sandboxed
        self.spoken = _digest(words.language, catalogues.hex())
        """A digest of the words."""
        self.name = name
        self.words = words
        self.options = dict(options)
        self.statics = dict(sorted(statics.items()))
        self._sources = sources
        self._dependencies: dict[str, str] = {}
        self._references: dict[str, tuple[str | None, ...]] = {}
        self._environment = _environment(sources, words, self, sandboxed)
        self.digest = _digest(
            name,
            self.spoken,
            "sandboxed" if sandboxed else "free",
            *(f"{key}={value}" for key, value in sorted(self.options.items())),
            *(f"{key}\0{shown}\0{text}" for key, (shown, text) in sorted(sources.items())),
            *(f"{each.address}\0{each.content.hex()}" for each in self.statics.values()),
        )

    def __reduce__(self) -> tuple[object, ...]:
        """Sent to another process, a theme is made anew from its sources: code cannot travel."""
        return (Theme, self._arguments)

    def prepare(self) -> None:
        """Compile every template now, so that worker processes need not do it each for itself."""
        for name in sorted(self._sources):
            with contextlib.suppress(TemplateError, RecursionError):  # reported when it is used
                self._environment.get_template(name)

    def asset(self, name: str) -> str:
        """The address of a static file. Raises KeyError for one that the theme does not have."""
        if self.on_asset is not None:
            self.on_asset(name)
        return self.statics[name].address

    def has_template(self, name: str) -> bool:
        """Whether the theme or an ancestor has the template."""
        return name in self._sources

    def template_digest(self, name: str) -> str:
        """What a template's text depends on: itself and all that it extends, includes, imports.

        Where each is found counts too, for its problems name the place; and so does one that is
        missing. Words, options and static files do not: those are in `digest`. Nor does the sandbox
        in which all templates run where the site has any of its own: the shipped ones do nothing
        that it forbids, and the site's are told by their places.
        """
        if name not in self._dependencies:
            parts: list[str] = []
            for each in sorted(self._closure(name)):
                parts += [each, *self._sources.get(each, ("missing",))]
            self._dependencies[name] = _digest(*parts)
        return self._dependencies[name]

    def render(self, template: str, /, **values: object) -> Rendering:
        """Fill a template. Whatever goes wrong in it comes back as one located problem."""
        try:
            return Rendering(self._environment.get_template(template).render(values))
        except RecursionError:
            where = Location(self._sources[template][0])
            return Rendering("", (codes.TEMPLATE_FAILED.at(where, detail="it includes itself"),))
        except Exception as error:  # a template is input; its faults are its author's
            return Rendering("", (self._problem(error, template),))

    def syntax_problems(self, names: Iterable[str]) -> tuple[Problem, ...]:
        """The templates among `names` that cannot be read, each with its first fault."""
        problems = []
        for name in names:
            try:
                self._environment.parse(self._sources[name][1], name, self._sources[name][0])
            except TemplateSyntaxError as error:
                problems.append(self._problem(error, name))
            except RecursionError:
                where = Location(self._sources[name][0])
                problems.append(codes.TEMPLATE_SYNTAX.at(where, detail="nested too deeply"))
        return tuple(problems)

    def _closure(self, name: str) -> set[str]:
        found: set[str] = set()
        waiting = [name]
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            for reference in self._referenced(name):
                # A name that is computed may be any template.
                waiting += [*self._sources] if reference is None else [reference]
        return found

    def _referenced(self, name: str) -> tuple[str | None, ...]:
        """The templates that a template names itself; None for a name that is computed."""
        if name not in self._references:
            try:
                tree = self._environment.parse(self._sources[name][1])
                self._references[name] = tuple(meta.find_referenced_templates(tree))
            except (KeyError, TemplateError):
                self._references[name] = ()
        return self._references[name]

    def _problem(self, error: Exception, template: str) -> Problem:
        shown = {path for path, _ in self._sources.values()}
        where = Location(
            self._sources.get(template, (f"themes/{self.name}/templates/{template}",))[0]
        )
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename in shown:
                where = Location(frame.filename, frame.lineno)
        if isinstance(error, TemplateSyntaxError):
            path = error.filename if error.filename in shown else where.path
            return codes.TEMPLATE_SYNTAX.at(
                Location(path or where.path, error.lineno), detail=error.message or ""
            )
        if isinstance(error, _StaticMissingError):
            return codes.STATIC_MISSING.at(where, name=error.message or "")
        if isinstance(error, TemplateNotFound):
            return codes.TEMPLATE_MISSING.at(where, name=error.message or error.name or "")
        if isinstance(error, UndefinedError):
            detail = error.message or ""
            if found := _UNDEFINED.search(detail):
                detail = found[1] or found[2]  # without the names of our own classes
            return codes.TEMPLATE_UNDEFINED.at(where, detail=detail)
        detail = str(error).partition("\n")[0] or type(error).__name__
        return codes.TEMPLATE_FAILED.at(where, detail=detail)


_SETTINGS = Location("content/site.yaml")
_UNDEFINED = re.compile(r"has no attribute '(\w+)'|^'(\w+)' is undefined")


def load_theme(
    site_themes: Path | None, name: str, language: str, where: Location = _SETTINGS
) -> tuple[Theme, tuple[Problem, ...]]:
    """Load a theme with its ancestors; `where` the settings name it.

    `site_themes` is the site's ``themes`` folder, if it has one. An unknown theme is a problem, and
    the built-in one stands in, so that all other problems can still be found.
    """
    layers, options, problems = layers_of(site_themes, name, where)
    sources: dict[str, tuple[str, str]] = {}
    statics: dict[str, tuple[str, bytes]] = {}
    own: list[str] = []
    catalogues: list[Path] = []
    for layer in reversed(layers):  # ancestors first: descendants replace
        templates, found = layer.files("templates")
        problems += found
        for path, file in templates:
            shown = f"{layer.shown}/templates/{path}"
            try:
                text = file.read_bytes().decode("utf-8-sig")
            except UnicodeDecodeError:
                problems.append(codes.TEMPLATE_ENCODING.at(Location(shown)))
                continue
            sources[path] = (shown, text.replace("\r\n", "\n"))
            if layer.own:
                own.append(path)
        files, found = layer.files("static")
        problems += found
        for path, file in files:
            statics[path] = (f"{layer.shown}/static/{path}", file.read_bytes())
        spoken_in = f"locale/{'en' if language == 'en' else 'zh_CN'}/LC_MESSAGES/theme.mo"
        if catalogue := layer.file(spoken_in):
            if is_catalogue(catalogue):
                catalogues.insert(0, catalogue)
            else:
                where = Location(f"{layer.shown}/{spoken_in}")
                problems.append(codes.CATALOGUE_DAMAGED.at(where))
    published, faults = fingerprinted(statics)
    problems += faults
    spoken = b"".join(path.read_bytes() for path in catalogues)
    words = Words(language, catalogues)
    theme = Theme(name, words, options, sources, published, bool(own), spoken)
    problems += theme.syntax_problems(sorted(set(own)))
    return theme, tuple(problems)


def _environment(
    sources: Mapping[str, tuple[str, str]], words: Words, theme: Theme, sandboxed: bool
) -> Environment:
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

    def asset(name: str) -> str:
        try:
            return theme.asset(name)
        except KeyError:
            raise _StaticMissingError(name) from None

    environment.globals = {"_": words, "words": words, "options": theme.options, "asset": asset,
                           "range": environment.globals["range"],
                           "namespace": environment.globals["namespace"]}  # fmt: skip
    environment.add_extension(_Translated)
    environment.template_class = _Template
    environment.context_class = _Context
    # A chain of mappings is slow, and is gone through for every page and every import in it.
    known = environment.globals

    def make_globals(d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**known, **(d or {})}

    environment.make_globals = make_globals  # type: ignore[method-assign]
    return environment


def _digest(*parts: str) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()
