"""The site, the theme and the facts as producers get them: stand-ins that note what is read.

Subjects, and what their facets are:

    e:PATH  a document that has a page: the attributes of its entry and card
    c:PATH  a column        F:PATH  a file that is offered, whole
    s:      the settings    K:      what all kinds have in common      k:NAME  a kind, whole
    S:      the rest of the site: its day, log, redirects …
    q:…     the answer of a question to the site; Q:… to the site without private fields
    f:PATH  a document in full: its values, its rendered body, the beginning of its text
    r:PATH  the bytes of a file of content
    t:NAME  a template with all that it may lead to, but for its layout if pages are split
    l:NAME  a layout, or a part of it;  a:NAME  a static file;  T:  words, options
    g:…     a part that many pages share
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar, cast

import msgspec

from sitegen.config import Identity, Settings
from sitegen.engine.recorder import (
    Facets,
    RecordedMapping,
    Recorder,
    UnrecordedReadError,
    attributes,
    stand_in,
)
from sitegen.engine.values import digest_of
from sitegen.kinds.document import Document
from sitegen.kinds.kind import Kinds
from sitegen.outputs.output import Desk, Workshop
from sitegen.render.layouts import Split
from sitegen.render.markdown import Rendered
from sitegen.render.page import Facts
from sitegen.render.public import public_site
from sitegen.render.statics import Static
from sitegen.render.theme import Rendering, Theme
from sitegen.render.words import Words
from sitegen.site.cards import Card
from sitegen.site.questions import name_of
from sitegen.site.site import PASSING, Column, Entry, Site

Value = TypeVar("Value")

ENTRY = Facets(*attributes(Entry, leave=frozenset({"card"})), *attributes(Card, "card."))
COLUMN = Facets(*attributes(Column))
SETTINGS = Facets(
    *attributes(Settings, leave=frozenset({"identity"})), *attributes(Identity, "identity.")
)
KINDS = Facets(*attributes(Kinds, leave=frozenset({"kinds"})))
SITE = Facets("as_of", "log", "redirects", "left_out", "revision")
FACTS = Facets("document", "body", "text")
THEME = Facets("name", "words", "options")

_NotedEntry = stand_in(Entry, ENTRY.bits, {"card": Card})
_Column = stand_in(Column, COLUMN.bits)
_Settings = stand_in(Settings, SETTINGS.bits, {"identity": Identity})
_Kinds = stand_in(Kinds, {**KINDS.bits, "kinds": 0})
_Body = stand_in(
    Rendered,
    {
        each: FACTS.bits["text" if each == "text" else "body"]
        for each in ("html", "headings", "links", "text", "anchors")
    },
)


def is_of_layout(subject: str) -> bool:
    """Whether pages look at a subject only for the layout around their inner part."""
    return subject.startswith(("l:", 'g:["part"', 'G:["part"'))


def question_subject(name: str, arguments: tuple[str | int, ...], public: bool) -> str:
    """The subject of a question by its name."""
    return ("Q:" if public else "q:") + msgspec.json.encode([name, *arguments]).decode()


class _Entry(_NotedEntry):  # type: ignore[misc, valid-type]
    __slots__ = ()

    @property
    def path(self) -> str:
        """As of the entry itself, whose subject it is; asked for at every turn."""
        self._recorder.note(self._subject, ENTRY.bits["card.path"])
        return self._value.card.path  # type: ignore[no-any-return]


class _RecordedKinds(_Kinds):  # type: ignore[misc, valid-type]
    __slots__ = ("kinds",)

    def __init__(self, value: Kinds, recorder: Recorder) -> None:
        super().__init__(value, "K:", recorder)
        object.__setattr__(self, "kinds", RecordedMapping(value.kinds, "k:", recorder))


class RecordedSite(Site):
    """A stand-in for a site."""

    _known: dict[Hashable, Any]
    _public: bool
    _recorder: Recorder
    _value: Site
    answers: dict[str, bytes]
    """Digests of the answers that were given, by subject."""

    __slots__ = ("_known", "_public", "_recorder", "_value", "answers", "columns",
                 "entries", "files", "kinds", "settings")  # fmt: skip

    def __init__(self, value: Site, recorder: Recorder, public: bool = False) -> None:
        set_ = object.__setattr__
        set_(self, "_value", value)
        set_(self, "_recorder", recorder)
        set_(self, "_public", public)
        set_(self, "_known", {})
        set_(self, "answers", {})
        set_(self, "settings", _Settings(value.settings, "s:", recorder))
        set_(self, "kinds", _RecordedKinds(value.kinds, recorder))
        set_(self, "columns", RecordedMapping(value.columns, "c:", recorder, _Column))
        set_(self, "entries", RecordedMapping(value.entries, "e:", recorder, _Entry))
        set_(self, "files", RecordedMapping(value.files, "F:", recorder))

    def ask(self, question: Callable[..., Any], *arguments: str | int) -> Any:
        """The answer of a question, noted as such; what it looks at itself is not."""
        key = (question, *arguments)
        known = self._known.get(key)
        if known is None:
            subject = question_subject(name_of(question), arguments, self._public)
            answer = self._value.ask(question, *arguments)
            if isinstance(answer, (set, frozenset)):
                raise TypeError(f"{subject}: sets have no order")
            self.answers[subject] = digest_of(answer)
            known = (subject, answer)
            if question not in PASSING:
                self._known[key] = known
        self._recorder.note(known[0])
        return known[1]

    def once(self, key: tuple[str, ...], make: Callable[[], Value]) -> Value:
        """A part that many pages share, noted as such."""
        if key in self._known:
            return cast(Value, self._known[key])
        name = ("G:" if self._public else "g:") + msgspec.json.encode(key).decode()
        return self._recorder.shared(name, make)


def _noted(name: str) -> property:
    bit = SITE.bits[name]

    def value_of(self: RecordedSite) -> Any:
        self._recorder.note("S:", bit)
        return getattr(self._value, name)

    return property(value_of)


for _name in SITE.names[1:]:
    setattr(RecordedSite, _name, _noted(_name))


class RecordedTheme(Theme):
    """A stand-in for a theme."""

    __slots__ = ("_recorder", "_value", "statics")

    def __init__(self, value: Theme, recorder: Recorder) -> None:
        self._value = value
        self._recorder = recorder
        self.kept = None
        self.statics = RecordedMapping(value.statics, "a:", recorder)  # type: ignore[assignment]
        value.on_asset = lambda name: recorder.note("a:" + name)

    @property
    def words(self) -> Words:  # type: ignore[override]
        """The theme's words."""
        self._recorder.note("T:", THEME.bits["words"])
        return self._value.words

    @property
    def options(self) -> dict[str, str]:  # type: ignore[override]
        """The theme's options."""
        self._recorder.note("T:", THEME.bits["options"])
        return self._value.options

    @property
    def name(self) -> str:  # type: ignore[override]
        """The theme's name."""
        self._recorder.note("T:", THEME.bits["name"])
        return self._value.name

    @property
    def digest(self) -> str:  # type: ignore[override]
        """Nobody who makes an output may depend on the whole theme."""
        raise UnrecordedReadError("the digest of the whole theme was read")

    def asset(self, name: str) -> str:
        """The address of a static file."""
        return self._value.asset(name)

    def has_template(self, name: str) -> bool:
        """Whether there is a template of that name."""
        self._recorder.note("t:" + name)
        return self._value.has_template(name)

    def split(self, template: str) -> Split | None:
        """How pages of a template are split."""
        self._note(template)
        return self._value.split(template)

    def template_digest(self, name: str) -> str:
        """What the text of a template depends on."""
        self._recorder.note("t:" + name)
        return self._value.template_digest(name)

    def layout_digest(self, name: str) -> str:
        """What the text of a layout depends on."""
        self._recorder.note("l:" + name)
        return self._value.layout_digest(name)

    def render(self, template: str, /, **values: object) -> Rendering:
        """Fill a template, which may use the theme's words and options."""
        self._note(template)
        return self._value.render(template, **values)

    def part(self, template: str, /, **values: object) -> Rendering:
        """Fill a part of the layout."""
        self._recorder.note("l:" + template)
        self._recorder.note("T:", THEME.all)
        return self._value.part(template, **values)

    def surround(self, template: str, inner: Sequence[bytes], /, **values: object) -> Rendering:
        """Fill the layout of a template around what the template itself gave."""
        self._note(template)
        return self._value.surround(template, inner, **values)

    def _note(self, template: str) -> None:
        recorder = self._recorder
        recorder.note("t:" + template)
        recorder.note("T:", THEME.all)
        if split := self._value.split(template):
            recorder.note("l:" + split.layout)


class RecordedFacts:
    """A stand-in for the facts of single documents."""

    def __init__(self, value: Facts, recorder: Recorder) -> None:
        self._value = value
        self._recorder = recorder

    def document(self, path: str) -> Document:
        """The typed document."""
        self._recorder.note("f:" + path, FACTS.bits["document"])
        return self._value.document(path)

    def body(self, path: str) -> Rendered:
        """Its rendered body."""
        return _Body(self._value.body(path), "f:" + path, self._recorder)  # type: ignore[no-any-return]


class RecordedDesk(Desk):
    """A desk that adds to every output what the shared things on it were made from."""

    __slots__ = ("_recorder",)

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder

    def of_subject(self, subject: str, key: Hashable, make: Callable[[], Value]) -> Value:
        """See `Desk`."""
        recorder = self._recorder
        value, trace = super().of_subject(subject, key, lambda: recorder.record(make))
        recorder.add(trace)
        return value

    def of_site(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """See `Desk`."""
        recorder = self._recorder
        value, trace = super().of_site(key, lambda: recorder.record(make))
        recorder.add(trace)
        return value


class Watch:
    """The stand-ins of one site and theme, for as long as a process makes their outputs."""

    def __init__(self, site: Site, theme: Theme, read: Callable[[str], bytes]) -> None:
        self.recorder = Recorder()
        self._read = read
        self._theme = RecordedTheme(theme, self.recorder)
        self._site = RecordedSite(site, self.recorder)
        shown = public_site(site)
        public = self._site if shown is site else RecordedSite(shown, self.recorder, public=True)
        for each in (self._site, public):
            each._known[("public",)] = public
        self._sites = (self._site,) if public is self._site else (self._site, public)

    def workshop(
        self, facts: Facts, inner: Callable[[str], tuple[bytes, ...] | None] = lambda address: None
    ) -> Workshop:
        """What a producer may use; nothing in it leads to the values themselves."""

        def read(path: str) -> bytes:
            self.recorder.note("r:" + path)
            return self._read(path)

        recorded = RecordedFacts(facts, self.recorder)
        desk = RecordedDesk(self.recorder)
        return Workshop(self._site, self._theme, recorded, read, desk, inner)

    def take_answers(self) -> Mapping[str, bytes]:
        """The digests of the answers that were given since the last call, by subject."""
        taken: dict[str, bytes] = {}
        for site in self._sites:
            taken |= site.answers
            site.answers.clear()
        return taken


def static_digest(static: Static) -> bytes:
    """What an output that uses a static file may depend on."""
    return digest_of(static.name, static.address, static.content)
