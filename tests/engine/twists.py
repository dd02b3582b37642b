"""Edits of templates: of the layout, of its parts, of what stands in it, sound ones and faulty."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

TEMPLATES = Path(__file__).parents[2] / "themes/default/templates"


class Twist(NamedTuple):
    """One text of a template for another."""

    old: str
    new: str


def _at(anchor: str, *texts: str) -> list[Twist]:
    """Twists that put a text in before an anchor."""
    return [Twist(anchor, text + anchor) for text in texts]


def _for(anchor: str, *texts: str) -> list[Twist]:
    """Twists that put a text in the place of another."""
    return [Twist(anchor, text) for text in texts]


SOUND = (
    "<!-- 1 -->", "<!-- 2 -->", "<b>{{ _('Home') }}</b>", "{{ words.language }}",
    "{{ site.name }}{{ site.description }}{{ site.identity.phone }}",
    "{{ options.banner | default('none') }}", "{{ asset('site.css') }}",
    '{% include "parts/mine.html" ignore missing %}',
)  # fmt: skip
"""Fits every template."""
FAULTY = (
    "{% if %}", "{% endblock %}", "{{ nothing }}", "{{ 1 // 0 }}", "{{ options.banner }}",
    "{{ asset('own.css') }}", '{% include "parts/mine.html" %}', "{{ site.nothing }}",
    "{{ page.title }}", "{{ document.title }}", "{{ menu.title }}",
    '{% from "parts/mine.html" import mine %}{{ mine(base) }}',
)  # fmt: skip
"""Faults in some templates, or as long as some other file is not there."""

_MAIN = "{% block main %}{% endblock %}"
_HEAD = "{% block head %}{% endblock %}"
_ARTICLE = "</article>"
_BASE = '{% extends "base.html" %}'
_OF_LAYOUT = (
    "{{ page.name }}|{{ page.heading }}|{{ page.tags | length }}|{{ page.canonical }}",
    "{{ page.here }}{{ page.base }}{{ page.index }}{{ page.language }}",
    "{{ page.title | length }}{% if page.menu %}<!-- sided -->{% endif %}",
    "{{ site.phone_link }}{{ site.navigation | map(attribute='title') | join(',') }}",
    "{% if document is defined %}{{ document.kind }}: {{ document.title }}{% endif %}",
    "{% if document is defined and document.body %}{{ document.body | length }}{% endif %}",
    "{% if document is defined %}{{ document.tables | length }}{% endif %}",
    "{{ column.items | length if column is defined else 0 }}",
    "{{ mark | default('none') }}", "{{ own | default([]) | length }}",
    "{% if counted is defined %}{{ counted.n }}{% endif %}",
    "{{ self.main() | length }}", "{{ self.head() }}", "{{ self.trail() | length }}",
    '{% include "parts/" ~ page.name ~ ".html" ignore missing %}',
    '{% include ["parts/" ~ page.name ~ ".html", "parts/mine.html"] ignore missing %}',
    '{% include "parts/mine.html" ignore missing without context %}',
    '{% import "parts/macros.html" as mm %}{{ mm.publisher({"title": "x"}) }}',
    '{% import "parts/mine.html" as mine with context %}',
    "{% if page.name == 'column' %}{{ 1 // 0 }}{% endif %}",
    "{% if page.menu %}{{ nothing }}{% endif %}",
    "{% if document is defined and document.newer %}{{ nothing }}{% endif %}",
    "{% block foot %}{% endblock %}",
    "{% block mine scoped %}{% endblock %}",
)  # fmt: skip

TWISTS: dict[str, list[Twist]] = {
    "base.html": [
        *_at("</body>", *SOUND, *_OF_LAYOUT),
        *_at("</head>", *_OF_LAYOUT),
        *_at("</body>", *FAULTY),
        *_at("<!DOCTYPE html>", "{% set mark = 'one' %}", "{% set mark = page.title %}",
             "{% set counted = namespace(n=0) %}", '{% extends "skeleton.html" %}',
             '{% import "parts/macros.html" as mm %}', "{% macro own() %}x{% endmacro %}"),
        *_for(
            _MAIN,
            "{% set inner = 'x' %}" + _MAIN,
            "{{ self.main() }}" + _MAIN,
            "{% filter upper %}" + _MAIN + "{% endfilter %}",
            "{% set all %}" + _MAIN + "{% endset %}{{ all | length }}{{ all }}",
            "{% for n in range(2) %}{% block main scoped %}{% endblock %}{% endfor %}",
            "{% with side = page.name %}{% block main scoped %}{% endblock %}{% endwith %}",
            "{% if page.index %}" + _MAIN + "{% endif %}",
            "{% block main required %}{% endblock %}",
            "{% block main %}nothing{% endblock %}",
            "{% block outer %}" + _MAIN + "{% endblock %}",
            "",
            "</main><!-- --><main>" + _MAIN,
            _MAIN + "{{ counted.n if counted is defined }}",
        ),
        *_for(
            _HEAD, "", "{% block head %}<!-- 1 -->{% endblock %}", _HEAD + "{{ self.head() }}",
            "{% block head %}{{ self.main() | length }}{% endblock %}",
        ),
        *_for("{{ page.footer }}", "", "{{ page.footer }}{{ page.footer }}",
              '{% include "parts/footer.html" %}'),
        *_for("{{ page.header }}", "{{ page.header | replace('s', 'z') }}"),
        *_for("{{ page.trail }}", "{{ page.trail | upper }}"),
        *_for("{{ page.menu }}", ""),
        *_for("{% block trail %}", "{% block trail %}<!-- trail -->"),
    ],
    "document.html": [
        *_at(_ARTICLE, *SOUND, *FAULTY, *_OF_LAYOUT),
        *_at(
            _ARTICLE, "{{ page.menu }}{{ page.footer }}", "{{ page.head | length }}",
            "{{ n | default('-') }}{{ side | default('-') }}{{ inner | default('-') }}",
            "{{ mm is defined }}",
            "{% if counted is defined %}{% set counted.n = counted.n + 1 %}{% endif %}",
            "{% set mark = 'inner' %}", "<main></main></body>",
        ),
        *_at(
            "{% block main %}",
            '{% block head %}{{ super() }}<meta name="x" content="{{ document.title }}">'
            "{% endblock %}",
            "{% block head %}<!-- {{ page.title }} -->{% endblock %}",
            "{% block head %}{{ document.body | length }}{% endblock %}",
            "{% block head %}{{ nothing }}{% endblock %}",
            "{% block trail %}{% endblock %}",
            "{% block trail %}{{ super() }}{{ document.title }}{% endblock %}",
            "{% block outer %}[{{ super() }}]{% endblock %}",
            "{% block foot %}<!-- foot of {{ document.title }} -->{% endblock %}",
            "{% block mine %}{{ page.title }}{% endblock %}",
            "{% set mark = document.title %}", "{% set own = document.tables %}",
        ),
        *_for(
            _BASE, "", "{% set mark = 'own' %}" + _BASE, '{% extends "skeleton.html" %}',
            '{% extends "base.html" if document.kind == "article" else "skeleton.html" %}',
            '{% if document.newer %}{% extends "base.html" %}{% endif %}',
            "in front" + _BASE, "\n" + _BASE, _BASE + '{% include "parts/mine.html" %}',
            _BASE + '{% include "parts/footer.html" %}', "{{ document.title }}" + _BASE,
            _BASE + "{% macro o() %}<!-- -->{% endmacro %}{% call o() %}{% endcall %}",
            '{% extends ["skeleton.html", "base.html"] %}',
        ),
        *_for("{{ document.body }}", "{{ document.body | upper }}", "",
              "{{ document.body }}{{ document.body }}"),
    ],
    "guide.html": [
        *_at("{% block contents %}", "<!-- out of any block -->", "{% set mark = 'guide' %}",
             "{% block head %}<!-- guide {{ document.title }} -->{% endblock %}",
             "{% block heading %}{{ super() }}<!-- guide -->{% endblock %}",
             "{% block main %}{{ super() }}{{ super() }}{% endblock %}",
             "{% block trail %}{{ self.main() | length }}{% endblock %}"),
        *_for("{% block fields %}", "{% block fields %}{{ nothing }}",
              "{% block fields %}<!-- guide -->{{ super() }}"),
    ],
    "column.html": [
        *_at("<h1>", *SOUND, *FAULTY, *_OF_LAYOUT),
        *_at("{% block main %}",
             "{% block head %}<!-- {{ column.items | length }} -->{% endblock %}",
             "{% set mark = page.heading %}", "{% block foot %}column{% endblock %}"),
        *_for(_BASE, '{% extends "skeleton.html" %}'),
    ],
    "home.html": [
        *_at("<h1>", *SOUND, *_OF_LAYOUT),
        *_for("{% block trail %}{% endblock %}", "", "{% block trail %}home{% endblock %}"),
    ],
    "redirect.html": [*_at("</h1>", *SOUND), *_at("</p>", "{{ nothing }}")],
    "tombstone.html": [*_at("</h1>", *SOUND, *FAULTY)],
    "year.html": [*_at("</h1>", *SOUND, *_OF_LAYOUT)],
    "404.html": [*_at("</h1>", *SOUND, *_OF_LAYOUT)],
    "log.html": [*_at("</h1>", *SOUND, *_OF_LAYOUT)],
    "log-month.html": [*_at("</h1>", *SOUND)],
    "catalogue.html": [*_at("</h1>", *SOUND)],
    "sitemap.html": [*_at("</h1>", *SOUND, *FAULTY)],
    "parts/macros.html": [
        Twist("<ul class=\"list\"", "<ul class=\"list x\""), Twist("<table", '<table class="x"'),
        *_at("{% macro list(", "<!-- -->", "{% if %}"),
        *_for("{% macro changes(items, titles=true) %}",
              "{% macro changes(items, titles=true) %}{{ nothing }}",
              "{% macro changes(items, titles=true) %}{{ items | length }}"),
    ],
    "parts/upkeep.html": [Twist("", "<!-- 1 -->"), Twist("", "{{ column.nothing }}")],
    "parts/footer.html": [*_at("</footer>", *SOUND, *FAULTY, "{{ base }}")],
    "parts/header.html": [*_at("</header>", *SOUND, *FAULTY, "{{ site.navigation | length }}")],
    "parts/head.html": [
        *_at('<meta name="viewport"', *SOUND, *FAULTY, "{{ metas | length }}", "{{ policy }}",
             "{% if metas | length > 3 %}{{ nothing }}{% endif %}"),
    ],
    "parts/trail.html": [
        *_at("{% for link", *SOUND, *FAULTY, "{{ links | length }}",
             "{% if links | length > 2 %}{{ nothing }}{% endif %}"),
    ],
    "parts/menu.html": [*_at("</nav>", *SOUND, *FAULTY, "{{ menu.items | length }}")],
}  # fmt: skip
"""What may become of the shipped templates, by their names."""

LAYOUT = ("base.html", *sorted(name for name in TWISTS if name.startswith("parts/")))

OWN: dict[str, list[str]] = {
    "parts/mine.html": [
        "<!-- mine 1 -->", "<!-- mine 2 -->", "{{ page.title }}", "{{ document.title }}",
        "{{ nothing }}", "{% if %}", '{% include "parts/mine.html" %}', "{{ asset('own.css') }}",
        "{% macro mine(x) %}[{{ x }}]{% endmacro %}", "{% set mark = 'mine' %}",
        "{% if counted is defined %}{% set counted.n = counted.n + 10 %}{% endif %}",
        '{% include "parts/footer.html" %}',
    ],
    "parts/document.html": ["<!-- of documents -->", "{{ document.title }}", "{{ nothing }}"],
    "parts/column.html": ["<!-- of columns -->", "{{ page.heading }}", "{% if %}"],
    "skeleton.html": [
        "<html>{% block main %}{% endblock %}</html>",
        "<html>{{ page.title }}{% block head %}{% endblock %}{% block main %}{% endblock %}</html>",
        "<html>{% block foot %}{% endblock %}</html>",
        '{% extends "base.html" %}{% block foot %}skeleton{% endblock %}',
        '{% extends "base.html" %}{% block main %}skeleton{% endblock %}',
    ],
    "own.html": [
        '{% extends "document.html" %}{% block text %}{{ super() }}<!-- own -->{% endblock %}',
        '{% extends "base.html" %}{% block main %}{{ document.title }}{% endblock %}',
        "{{ document.title }}{{ page.footer }}",
    ],
}  # fmt: skip
"""Templates that only the site has, with texts that they may have."""


def shipped(name: str) -> str:
    """The text of a template as it is shipped."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def twisted(name: str, twists: list[Twist]) -> str:
    """The text of a shipped template, edited."""
    text = shipped(name)
    for twist in twists:
        text = text.replace(twist.old, twist.new, 1)
    return text


def _overrides(names: list[str]) -> st.SearchStrategy[tuple[str, str]]:
    def texts(name: str) -> st.SearchStrategy[tuple[str, str]]:
        edits = st.lists(st.sampled_from(TWISTS[name]), min_size=1, max_size=3, unique=True)
        return st.tuples(st.just(name), edits.map(lambda twists: twisted(name, twists)))

    return st.sampled_from(names).flatmap(texts)


def _own() -> st.SearchStrategy[tuple[str, str]]:
    return st.sampled_from([(name, text) for name, texts in OWN.items() for text in texts])


layouts = _overrides(list(LAYOUT))
"""Names and texts of templates that surround pages."""
pages = _overrides([name for name in TWISTS if name not in LAYOUT])
"""The same of those that make pages."""
own = _own()
"""The same of those that no theme ships."""
