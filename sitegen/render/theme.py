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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from jinja2 import (
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.runtime import Context

from sitegen.problems import Location, Problem
from sitegen.render import codes
from sitegen.render.environment import PageContext, StaticMissingError, environment_of
from sitegen.render.layers import layers_of
from sitegen.render.layouts import Layouts, Split
from sitegen.render.shipped import built_in_themes as built_in_themes
from sitegen.render.statics import Static, fingerprinted
from sitegen.render.words import Words, is_catalogue


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a template gives, in UTF-8, or why it gives nothing."""

    content: bytes
    problems: tuple[Problem, ...] = ()
    inner: tuple[tuple[int, int], ...] = ()
    """Where in it the blocks of its split stand, in bytes and in their order; empty if there is
    none."""

    @property
    def text(self) -> str:
        """The same as text."""
        return self.content.decode()


class Theme:
    """A loaded theme in one language. Made by `load_theme`; one per process."""

    __slots__ = ("_arguments", "_dependencies", "_environment", "_layout_dependencies", "_layouts",
                 "_sandboxed", "_sources", "digest", "kept", "name", "on_asset", "options",
                 "spoken", "statics", "words")  # fmt: skip

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
        self._layout_dependencies: dict[str, str] = {}
        self._environment = environment_of(sources, words, self.options, self.asset, sandboxed)
        self._layouts = Layouts(self._environment, sources)
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

    def split(self, template: str) -> Split | None:
        """How pages of a template are split into their layout and what stands inside, if they
        are."""
        return self._layouts.split(template)

    def template_digest(self, name: str) -> str:
        """What a template's text depends on: itself and all that it extends, includes, imports;
        for one whose pages are split, without what belongs to the layout alone.

        Where each is found counts too, for its problems name the place; and so does one that is
        missing. Words, options and static files do not: those are in `digest`. Nor does the sandbox
        in which all templates run where the site has any of its own: the shipped ones do nothing
        that it forbids, and the site's are told by their places.
        """
        split = self.split(name)
        if split is None:
            return self.layout_digest(name)
        if name not in self._dependencies:
            self._dependencies[name] = self._digest_of(split.inner, split.layout, *split.blocks)
        return self._dependencies[name]

    def layout_digest(self, name: str) -> str:
        """What the text of a layout, or of one of its parts, depends on, as a whole."""
        if name not in self._layout_dependencies:
            self._layout_dependencies[name] = self._digest_of(self._layouts.closure(name))
        return self._layout_dependencies[name]

    def _digest_of(self, templates: Iterable[str], *more: str) -> str:
        parts = [*more]
        for each in sorted(templates):
            parts += [each, *self._sources.get(each, ("missing",))]
        return _digest(*parts)

    def render(self, template: str, /, **values: object) -> Rendering:
        """Fill a template. Whatever goes wrong in it comes back as one located problem."""
        split = self.split(template)
        return self._filled(template, values, dict.fromkeys(split.blocks) if split else {})

    def part(self, template: str, /, **values: object) -> Rendering:
        """Fill a part of the layout; see `frames`."""
        return self._filled(template, values, {})

    def surround(self, template: str, inner: Sequence[bytes], /, **values: object) -> Rendering:
        """A page of a template whose pages are split, with `inner` as what its blocks give."""
        split = self.split(template)
        assert split is not None
        blocks = dict(zip(split.blocks, inner, strict=True))
        return self._filled(split.layout, values, blocks, template)

    def _filled(
        self,
        template: str,
        values: Mapping[str, object],
        blocks: Mapping[str, bytes | None],
        page: str = "",
    ) -> Rendering:
        """Fill a template; of some of its blocks their places, or what stands there, are given.

        `page` is the template whose layout this is: faults that have no place are told of it.
        """
        try:
            return self._marked(self._environment.get_template(template), values, blocks)
        except RecursionError:
            where = Location(self._sources[page or template][0])
            return Rendering(b"", (codes.TEMPLATE_FAILED.at(where, detail="it includes itself"),))
        except Exception as error:  # a template is input; its faults are its author's
            return Rendering(b"", (self._problem(error, page or template),))

    def _marked(
        self,
        template: Template,
        values: Mapping[str, object],
        blocks: Mapping[str, bytes | None],
    ) -> Rendering:
        found: list[tuple[str, str]] = []
        # What is known is put in at the end, as bytes; until then a text stands for it that is like
        # no other. A layout that is split gives every block once and does nothing to it.
        texts = {name: None if known is None else f"{name}\0" for name, known in blocks.items()}
        return _joined(self._pieces(template, values, texts, found), found, blocks)

    def _pieces(
        self,
        template: Template,
        values: Mapping[str, object],
        blocks: Mapping[str, str | None],
        found: list[tuple[str, str]],
    ) -> Sequence[str]:
        """What a template gives, piece by piece; blocks that are given a text give that. Notes
        what each of the blocks gave, as one piece."""

        def marking(name: str, known: str | None) -> Callable[[Context], Iterator[str]]:
            def text_of(context: Context) -> Iterator[str]:
                text = "".join(context.blocks[name][1](context)) if known is None else known
                found.append((name, text))
                yield text

            return text_of

        context = cast(PageContext, template.new_context(dict(values)))
        for name, known in blocks.items():
            context.blocks.setdefault(name, []).insert(0, marking(name, known))
        try:
            return [*template.root_render_func(context)]
        except Exception:
            self._environment.handle_exception()
        finally:
            context.let_go()

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
        if isinstance(error, StaticMissingError):
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


def _joined(
    pieces: Sequence[str], found: Sequence[tuple[str, str]], blocks: Mapping[str, bytes | None]
) -> Rendering:
    """The pieces of a page, with what is known of blocks in its place.

    Where blocks stand is told if each came out as one piece; those that are known must have.
    """
    places: dict[str, tuple[int, int]] = {}
    content: list[bytes] = []
    size = since = 0
    waiting = iter(found)
    name, text = next(waiting, ("", None))
    for number, piece in enumerate(pieces if blocks else ()):
        if piece is text:
            known = blocks[name]
            block = text.encode() if known is None else known
            before = "".join(pieces[since:number]).encode()
            content += (before, block)
            size += len(before) + len(block)
            places[name] = size - len(block), size
            since = number + 1
            name, text = next(waiting, ("", None))
    content.append("".join(pieces[since:]).encode())
    if len(found) == len(blocks) and places.keys() == blocks.keys():
        return Rendering(b"".join(content), (), tuple(places[name] for name in blocks))
    if any(known is not None for known in blocks.values()):
        raise ValueError("the layout altered what stands inside")
    return Rendering(b"".join(content))


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


def _digest(*parts: str) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()
