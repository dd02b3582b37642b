"""Whatever templates do: an inner part that is put into another layout gives the page as a whole.

Templates are made at random from everything by which one may depend on another.
"""

from __future__ import annotations

import os
from random import Random

from markupsafe import Markup
from test_layouts import VALUES, View, inner_of, theme_of

TRIALS = 20_000 if os.environ.get("SITEGEN_THOROUGH") else 600

SAID = (
    "{{ site.name }}", "{{ page.title }}", "{{ page.header }}", '{{ page["title"] }}',
    "{{ page.none }}", "{{ document }}", "{{ shared }}", "{{ mark }}", '{{ mark | default("-") }}',
    '{{ m.a(page) if m is defined else "" }}', "{{ m.b() if m is defined }}", "{{ given }}",
    "{{ 1 // 0 }}", "{{ nothing }}", "{{ options.x }}", '{{ asset("none.css") }}',
    "{{ page | string | length }}", '{{ page | attr("header") }}',
    '{{ [page] | map(attribute="header") | join }}', "{{ self.head() }}", "{{ self.main() }}",
    "{{ self.end() if self.end is defined }}", "{{ super() }}",
    "{{ ns.n if ns is defined else 0 }}", "{{ loop.index if loop is defined }}", '{{ _("Home") }}',
    "{{ page.title if mark is defined }}", "text <b>", "\n",
)  # fmt: skip
DONE = (
    "{% set mark = 1 %}", "{% set mark = page.title %}", "{% set page = site %}",
    "{% set mark %}{{ site.name }}{% endset %}", "{% set ns = namespace(n=1) %}",
    "{% if ns is defined %}{% set ns.n = ns.n + 1 %}{% endif %}", '{% import "m.html" as m %}',
    '{% import "m.html" as m with context %}', '{% import "base.html" as m with context %}',
    '{% from "m.html" import a, b as mark %}', '{% include "x.html" %}', '{% include "y.html" %}',
    '{% include "z.html" ignore missing %}', '{% include "x.html" without context %}',
    "{% include given %}", '{% include "base.html" %}',
    "{% macro mark() %}{{ page.header }}{% endmacro %}",
    "{% macro mark(page) %}{{ page.header }}{% endmacro %}{{ mark(page) }}",
    "{% macro q() %}q{{ caller() }}{% endmacro %}{% call q() %}c{{ mark }}{% endcall %}",
    "{% if false %}{% set mark = 3 %}{% endif %}", "{% if page %}{% set mark = 3 %}{% endif %}",
    '{% for mark in "ab" %}{{ mark }}{% endfor %}',
    "{% for p in [page] %}{{ p.header }}{% endfor %}",
    "{% with p = page %}{{ p.header }}{% endwith %}", "{% with mark = 9 %}{{ mark }}{% endwith %}",
    "{% filter upper %}f{{ mark }}{% endfilter %}", "{% if mark is defined %}d{% endif %}",
    "{% autoescape false %}{{ document }}<b>{% endautoescape %}", "",
)  # fmt: skip
BLOCKS = (
    "{% block head %}…{% endblock %}", "{% block end %}…{% endblock %}",
    "{% block main %}…{% endblock %}", "{% block end scoped %}…{% endblock %}",
    "{% block main required %}{% endblock %}", "{% block other %}…{% endblock %}",
    "{% block end %}…{% block deep %}…{% endblock %}{% endblock %}",
    '{% for i in "ab" %}{% block end scoped %}…{{ i }}{% endblock %}{% endfor %}',
    "{% if site.name %}{% block end %}…{% endblock %}{% endif %}",
    "{% filter upper %}{% block end %}…{% endblock %}{% endfilter %}",
)  # fmt: skip
PARTS = (
    "", "{{ shared }}", "{{ page.header }}", "{{ mark }}", '{% include "x.html" %}',
    '{% macro a(x="") %}[{{ x.header }}]{% endmacro %}{% macro b() %}{{ mark }}{% endmacro %}',
    "{% set mark = 4 %}{% macro a(x) %}{% endmacro %}{% macro b() %}b{% endmacro %}",
    '{% extends "base.html" %}{% block main %}included{% endblock %}',
)  # fmt: skip
PARENTS = (
    *["{% extends 'base.html' %}"] * 8, *["{% extends 'between.html' %}"] * 3,
    "{% extends given or 'base.html' %}", "{% extends 'other.html' %}",
)  # fmt: skip


class Writer:
    """Writes templates."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def some(self, most: int) -> str:
        number = self.random.choice((0, 0, 1, 1, 1, 2)[: most * 2])
        return "".join(self.random.choice(self.random.choice((SAID, DONE))) for _ in range(number))

    def block(self) -> str:
        text = self.random.choice(BLOCKS)
        while "…" in text:
            text = text.replace("…", self.some(2), 1)
        return text

    def often(self, chance: float, text: str) -> str:
        return text if self.random.random() < chance else ""

    def layout(self) -> str:
        return (
            f"<head>{self.often(0.9, f'{{% block head %}}{self.some(1)}{{% endblock %}}')}</head>"
            + self.some(1)
            + self.random.choice(("{{ page.header }}", "{{ site.name }}", ""))
            + self.often(0.93, "{% block main %}" + self.often(0.3, "x") + "{% endblock %}")
            + self.some(2)
            + self.often(0.4, self.block())
            + "!"
        )

    def page(self) -> str:
        main = "{% block main %}<p>" + self.some(2) + "{{ page.heading }}{% endblock %}"
        return (
            self.often(0.15, self.some(1))
            + self.random.choice(PARENTS)
            + self.often(0.3, self.some(1))
            + self.often(0.95, main)
            + self.often(0.4, self.block())
        )

    def theme(self) -> dict[str, str]:
        parts = {f"{name}.html": self.random.choice(PARTS) for name in "xym"}
        return {"page.html": self.page(), "between.html": self.page(),
                "base.html": self.layout(), "other.html": self.layout(), **parts}  # fmt: skip

    def edited(self, theme: dict[str, str]) -> dict[str, str]:
        """The same theme with other layouts, or with another part in it."""
        name = self.random.choice(("base.html", "base.html", "other.html", "x.html", "m.html"))
        text = self.layout() if name in {"base.html", "other.html"} else self.random.choice(PARTS)
        return {**theme, "base.html": self.layout(), name: text}


def frame(number: int) -> dict[str, object]:
    header = Markup("<h{}>头</h>").format(number)
    return {"page": View(heading="标题", header=header, title="题"), "site": View(name="网站")}


def test_an_inner_part_in_another_layout_gives_the_page_as_a_whole() -> None:
    writer = Writer(1)
    surrounded = 0
    for _ in range(TRIALS):
        texts = writer.theme()
        changed = writer.edited(texts)
        one, other = theme_of(texts), theme_of(changed)
        before = one.render("page.html", **frame(1), **VALUES)
        if not before.inner or other.split("page.html") is None:
            continue
        if one.template_digest("page.html") != other.template_digest("page.html"):
            continue
        around = other.surround("page.html", inner_of(before), **frame(2))
        whole = other.render("page.html", **frame(2), **VALUES)
        assert (around.text, around.problems) == (whole.text, whole.problems), (texts, changed)
        surrounded += 1
    assert surrounded > TRIALS // 50
