"""Templates of a site, which anybody with the right to push may write, do nothing but make text."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from types import MappingProxyType

import pytest
import wholesite
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sitegen.outputs import listings, pages
from sitegen.outputs.output import Workshop
from sitegen.render.theme import Rendering, Theme, load_theme

ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ ''|attr('__class__') }}",
    "{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ ['']|map(attribute='__class__')|first }}",
    "{{ [{'a': ''}]|sum(attribute='a.__class__', start='') }}",
    "{{ [''.format]|map(attribute='__self__')|first }}",
    "{{ '{0.__class__}'.format('') }}",
    "{{ '{a.__class__}'.format_map({'a': ''}) }}",
    "{{ ('{0.__class__}'|attr('format'))('') }}",
    "{{ '%s'|format(asset.__globals__) }}",
    "{{ _.__init__.__globals__ }}",
    "{{ words._catalogue }}",
    "{{ words.date.__func__.__globals__ }}",
    "{{ asset.__code__ }}",
    "{{ asset.func_globals }}",
    "{{ self._TemplateReference__context }}",
    "{{ self.__init__.__globals__ }}",
    "{% macro a() %}{{ a._environment }}{% endmacro %}{{ a() }}",
    "{% macro a() %}{{ caller.__globals__ }}{% endmacro %}{% call a() %}{% endcall %}",
    "{% for i in [1] %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{% for i in [1] %}{{ loop._recurse }}{% endfor %}",
    "{{ cycler }}",
    "{{ lipsum }}",
    "{{ joiner }}",
    "{{ dict }}",
    "{{ config }}",
    "{{ environ }}",
    "{{ os }}",
    "{{ open('/etc/passwd').read() }}",
    "{% import os as o %}{{ o }}",
    "{% include '/etc/passwd' %}",
    "{% include '../../../../../../etc/passwd' %}",
    "{% extends '../theme.yaml' %}",
    "{% import 'os' as o %}",
    "{{ options.update({'a': 1}) }}",
    "{{ [].append(1) }}",
    "{{ {}.clear() }}",
    "{% do [].append(1) %}",
    "{% debug %}",
    "{{ range(1000000) }}",
    "{% set n = namespace() %}{% set n.__class__ = 1 %}{{ n.__class__ }}",
    "{% autoescape false %}{{ asset['__globals__'] }}{% endautoescape %}",
]


def _theme(folder: Path, text: str) -> Theme:
    (folder / "own/templates").mkdir(parents=True)
    (folder / "own/templates/a.html").write_text(text, encoding="utf-8")
    return load_theme(folder, "own", "zh-CN")[0]


@pytest.mark.parametrize("text", ESCAPES)
def test_a_template_cannot_reach_out(text: str, tmp_path: Path) -> None:
    """It gets a located problem instead; what it got hold of, if anything, is not in the text."""
    made = _theme(tmp_path, text).render("a.html", greeting="")
    assert made.text == ""
    assert [str(problem.where).partition(":")[0] for problem in made.problems] == [
        "themes/own/templates/a.html"
    ]


def test_templates_see_values_of_the_views_and_nothing_of_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Follows everything that the sandbox lets a template follow, from every page of a site."""
    sandbox = ImmutableSandboxedEnvironment()
    seen: dict[int, object] = {}
    strange: dict[str, str] = {}

    def follow(value: object, path: str) -> None:
        if id(value) in seen:
            return
        seen[id(value)] = value
        kind = type(value)
        if kind.__module__ not in VALUES and not kind.__module__.startswith("sitegen.render."):
            strange.setdefault(f"{kind.__module__}.{kind.__qualname__}", path)
        if kind.__module__ == "builtins" and isinstance(value, (str, int, bytes, type(None))):
            return
        if isinstance(value, (dict, MappingProxyType)):
            for key, each in value.items():
                follow(each, f"{path}[{key}]")
        elif isinstance(value, (list, tuple, set, frozenset)):
            for each in value:
                follow(each, f"{path}[]")
        for name in dir(value):
            each = getattr(value, name, None)
            if sandbox.is_safe_attribute(value, name, each):
                follow(each, f"{path}.{name}")

    rendered: set[str] = set()
    real = Theme.render

    def followed(theme: Theme, template: str, /, **values: object) -> Rendering:
        rendered.add(template)
        follow(values, template)
        return real(theme, template, **values)

    monkeypatch.setattr(Theme, "render", followed)
    site = wholesite.whole_site()
    theme, _ = load_theme(None, "default", "zh-CN")
    workshop = Workshop(site, theme, wholesite.facts(site))
    for module in (pages, listings):
        for output in module.plan(site, theme):
            if output.producer != "asset":
                module.produce(output, workshop)
    for name, value in theme._environment.globals.items():
        follow(value, name)
    assert len(rendered) > 15
    assert len(seen) > 1000
    assert strange == {}


VALUES = frozenset({"builtins", "markupsafe", "sitegen.config"})
"""Where the types of plain values are at home; ``sitegen.config`` for the site's identity."""


def test_the_environment_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITEGEN_MARKER", "marker-of-the-environment")
    theme = _theme(tmp_path, "{% for n in ['os', 'environ', 'env'] %}{{ n }}{% endfor %}")
    assert theme.render("a.html").text == "osenvironenv"
    assert os.environ["SITEGEN_MARKER"] not in str(theme._environment.globals)


class TestLinks:
    """A commit can hold symbolic links; a theme is not the way to publish what they lead to."""

    @pytest.mark.parametrize("part", ["static/a.txt", "templates/a.html"])
    def test_a_linked_file_is_refused_at_its_place(self, part: str, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("SECRET")
        link = tmp_path / "themes/own" / part
        link.parent.mkdir(parents=True)
        link.symlink_to(tmp_path / "secret")
        theme, problems = load_theme(tmp_path / "themes", "own", "zh-CN")
        assert [(p.code, str(p.where)) for p in problems] == [("R211", f"themes/own/{part}")]
        assert "a.txt" not in theme.statics
        assert not theme.has_template("a.html")

    @pytest.mark.parametrize("part", ["static", "templates", ""])
    def test_a_linked_folder_is_refused(self, part: str, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        for name in ("static", "templates"):
            (secret / name).mkdir(parents=True)
            (secret / name / "key.html").write_text("SECRET")
        link = tmp_path / "themes/own" / part
        link.parent.mkdir(parents=True)
        link.symlink_to(secret / part)
        theme, problems = load_theme(tmp_path / "themes", "own", "zh-CN")
        assert [p.code for p in problems] == ["R211"]
        assert not theme.has_template("key.html")
        assert "key.html" not in theme.statics

    def test_a_description_and_a_catalogue_are_not_read_through_a_link(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "secret").write_text("SECRET: [")
        own = tmp_path / "themes/own"
        (own / "locale/zh_CN/LC_MESSAGES").mkdir(parents=True)
        (own / "theme.yaml").symlink_to(tmp_path / "secret")
        (own / "locale/zh_CN/LC_MESSAGES/theme.mo").symlink_to(tmp_path / "secret")
        problems = load_theme(tmp_path / "themes", "own", "zh-CN")[1]
        assert [p.code for p in problems] == ["R211"]
        assert "SECRET" not in "".join(p.message() for p in problems)

    def test_links_in_a_circle_are_refused(self, tmp_path: Path) -> None:
        own = tmp_path / "own/static"
        own.mkdir(parents=True)
        (own / "a.txt").symlink_to("b.txt")
        (own / "b.txt").symlink_to("a.txt")
        (tmp_path / "round").symlink_to("round")
        assert load_theme(tmp_path, "own", "zh-CN")[0].statics.keys() >= {"site.css"}
        assert [p.code for p in load_theme(tmp_path, "round", "zh-CN")[1]] == ["R201"]


def test_a_name_that_would_write_over_a_terminal_is_shown_escaped(tmp_path: Path) -> None:
    static = tmp_path / "own/static"
    static.mkdir(parents=True)
    (static / "a\x1b[2J\n.txt").write_text("")
    _, problems = load_theme(tmp_path, "own", "zh-CN")
    assert [p.code for p in problems] == ["R212"]
    assert str(problems[0].where).isprintable()


_PLURAL = b"Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=%s;\n"


def _catalogue(header: bytes) -> bytes:
    head = struct.pack("<7I", 0x950412DE, 0, 1, 28, 36, 0, 0)
    return head + struct.pack("<2I", 0, 44) + struct.pack("<2I", len(header), 45) + b"\0" + header


@pytest.mark.parametrize(
    "content",
    [
        b"junk",
        b"",
        b"\xde\x12\x04\x95",
        _catalogue(_PLURAL % b"__import__('os').system('true')")[:-4],
        _catalogue(_PLURAL % b"__import__('os').system('true')"),
        _catalogue(_PLURAL % (b"(" * 5000 + b"n" + b")" * 5000)),
        _catalogue(b"Content-Type: text/plain\n"),
        _catalogue(b"Content-Type: text/plain; charset=nothing\n"),
        _catalogue(b"Plural-Forms: nplurals=2\n"),
    ],
)
def test_a_damaged_catalogue_of_words_is_a_located_problem(content: bytes, tmp_path: Path) -> None:
    """Its plural rule is an expression that gettext turns into code: only arithmetic is let in."""
    path = tmp_path / "own/locale/zh_CN/LC_MESSAGES/theme.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    theme, problems = load_theme(tmp_path, "own", "zh-CN")
    assert [p.code for p in problems] == ["R213"]
    assert theme.words("Home") == load_theme(None, "default", "zh-CN")[0].words("Home")
