"""Pages that are split into their layout and what stands inside."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from markupsafe import Markup

from sitegen.render.frames import PageView
from sitegen.render.layouts import LAID, Split
from sitegen.render.theme import Rendering, Theme, load_theme
from sitegen.render.words import Words

BLOCK = "{% block main %}{% endblock %}"
BASE = "<head>{% block head %}{% endblock %}</head>{{ page.header }}" + BLOCK + "!"
PAGE = "{% extends 'base.html' %}{% block main %}<p>{{ document }}{{ page.heading }}{% endblock %}"


class View:
    """A page or a site to be shown."""

    def __init__(self, **values: str) -> None:
        self.__dict__.update(values)


FRAME = {
    "page": View(heading="标题", header=Markup("<h>头</h>"), title="题"),
    "site": View(name="网站"),
}
VALUES = {"document": "正文", "given": "另", "shared": "共"}


def theme_of(templates: dict[str, str]) -> Theme:
    sources = {name: (f"themes/own/templates/{name}", text) for name, text in templates.items()}
    return Theme("own", Words("zh-CN", ()), {}, sources, {}, sandboxed=True)


def inside(text: str) -> str:
    """A page with that in its inner part."""
    return PAGE.replace("<p>", text)


def inner_of(rendering: Rendering) -> list[bytes]:
    return [rendering.content[start:end] for start, end in rendering.inner]


def test_every_page_of_the_shipped_theme_is_split() -> None:
    theme, _ = load_theme(None, "default", "zh-CN")
    templates = Path("themes/default/templates").glob("*.html")
    names = {path.name for path in templates} - {"base.html"}
    assert len(names) > 15
    assert {name for name in names if theme.split(name) is None} == set()
    home = theme.split("home.html")
    assert home is not None
    assert (home.layout, home.blocks) == ("base.html", ("main", "trail"))


def test_what_frames_render_is_known_as_made_from_the_layout() -> None:
    assert {name for name, kind in PageView.__annotations__.items() if kind == "Markup"} == LAID


def test_the_inner_part_fits_into_another_layout() -> None:
    before = theme_of({"base.html": BASE, "page.html": PAGE})
    after = theme_of({"base.html": "新{% block main %}{% endblock %}{{ site.name }}",
                      "page.html": PAGE})  # fmt: skip
    inner = inner_of(before.render("page.html", **FRAME, **VALUES))
    assert inner == ["<p>正文标题".encode()]
    assert after.surround("page.html", inner, **FRAME).text == "新<p>正文标题网站"
    assert before.template_digest("page.html") == after.template_digest("page.html")
    assert before.layout_digest("base.html") != after.layout_digest("base.html")


SPLIT = {
    "plain": {},
    "a block of the layout that stays as it is": {
        "base.html": BASE + "{% block end %}{{ site.name }}{% endblock %}"
    },
    "a template between": {
        "page.html": "{% extends 'between.html' %}{% block text %}{{ super() }}{% endblock %}",
        "between.html": inside("{% block text %}y{% endblock %}"),
    },
    "names of its own": {
        "page.html": PAGE + "{% set own = 1 %}{% import 'macros.html' as m %}",
        "macros.html": "{% macro a(b) %}{{ b }}{% endmacro %}",
    },
    "a layout that includes": {
        "base.html": BASE + "{% include 'end.html' %}",
        "end.html": "{{ site.name }}",
    },
    "loops and conditions in the layout": {
        "base.html": BASE + "{% for a in page.title %}{{ a }}{% if site %}s{% endif %}{% endfor %}"
    },
}
WHOLE = {
    "no layout": {"page.html": "{{ document }}"},
    "the layout's own text within": {"page.html": inside("{{ super() }}")},
    "another block by its name": {"page.html": inside("{{ self.head() }}")},
    "a block by its name in the layout": {"base.html": BASE + "{{ self.main() }}"},
    "what is made from the layout": {"page.html": PAGE.replace("page.heading", "page.header")},
    "the page by another name": {"page.html": inside("{% set p = page %}{{ p.header }}")},
    "the page looked at by a name": {"page.html": inside("{{ page['header'] }}")},
    "the page given to a macro": {
        "page.html": inside("{% macro a(b) %}{{ b.header }}{% endmacro %}{{ a(page) }}")
    },
    "a part of the inner part that looks at it": {
        "page.html": inside("{% include 'x.html' %}"),
        "x.html": "{{ page.header }}",
    },
    "a name from the layout": {
        "base.html": "{% set given = 1 %}" + BASE,
        "page.html": inside("{{ given }}"),
    },
    "a macro from the layout": {"base.html": "{% macro given() %}{% endmacro %}" + BASE},
    "an import in the layout": {"base.html": "{% import 'x.html' as given %}" + BASE, "x.html": ""},
    "a name for the layout": {
        "base.html": BASE + "{{ named }}",
        "page.html": "{% set named = 1 %}" + PAGE,
    },
    "a value in the layout": {"base.html": BASE + "{{ document }}"},
    "a value in a part of the layout": {
        "base.html": BASE + "{% include 'x.html' %}",
        "x.html": "{{ document }}",
    },
    "a value that might be there": {"base.html": BASE + "{% if document is defined %}d{% endif %}"},
    "another page for the layout": {"page.html": "{% set page = site %}" + PAGE},
    "a block in a condition": {"base.html": "{% if site.name %}" + BASE + "{% endif %}"},
    "a block in a block": {"base.html": "{% block all %}" + BASE + "{% endblock %}"},
    "a layout that is computed": {"page.html": PAGE.replace("'base.html'", "given or 'base.html'")},
    "one of two layouts": {"page.html": "{% if site %}" + PAGE.replace("<p>", "{% endif %}")},
    "a part that is computed": {"page.html": inside("{% include given %}")},
    "a layout part that is computed": {"base.html": BASE + "{% include site.name %}"},
    "a part that is missing": {"page.html": inside("{% include 'x.html' ignore missing %}")},
    "a layout that is missing": {"page.html": PAGE.replace("base", "none")},
    "layouts in a circle": {"base.html": "{% extends 'page.html' %}"},
    "a layout with a fault": {"base.html": BASE + "{% if %}"},
    "a fault": {"page.html": PAGE + "{% if %}"},
    "a template between that is included, too": {
        "page.html": "{% extends 'between.html' %}{% block main %}"
        "{% include 'between.html' %}{% endblock %}",
        "between.html": inside("y"),
    },
    "a text in front of the layout": {"page.html": "x" + PAGE},
    "a line in front of the layout": {"page.html": "\n" + PAGE},
    "a text in front of the layout, of a template between": {
        "page.html": "{% extends 'between.html' %}",
        "between.html": "x" + PAGE,
    },
    "a part beside the blocks": {"page.html": PAGE + "{% include 'x.html' %}", "x.html": "x"},
    "a call beside the blocks": {
        "page.html": PAGE + "{% macro a() %}x{% endmacro %}{% call a() %}{% endcall %}"
    },
    "a block in a loop": {
        "page.html": PAGE.replace("{% block", "{% for a in 'ab' %}{% block") + "{% endfor %}"
    },
    "worked upon by its layout": {
        "base.html": BASE.replace(BLOCK, f"{{% filter upper %}}{BLOCK}{{% endfilter %}}")
    },
    "no block that the layout has": {"page.html": PAGE.replace("main", "other")},
}


@pytest.mark.parametrize("name", SPLIT)
def test_a_template_that_fills_blocks_is_split(name: str) -> None:
    theme = theme_of({"base.html": BASE, "page.html": PAGE, **SPLIT[name]})
    split = theme.split("page.html")
    assert isinstance(split, Split)
    rendering = theme.render("page.html", **FRAME, **VALUES)
    assert rendering.problems == ()
    again = theme.surround("page.html", inner_of(rendering), **FRAME)
    assert again == rendering


@pytest.mark.parametrize("name", WHOLE)
def test_what_might_depend_on_its_layout_is_not_split(name: str) -> None:
    theme = theme_of({"base.html": BASE, "page.html": PAGE, **WHOLE[name]})
    assert theme.split("page.html") is None
    assert theme.template_digest("page.html") == theme.layout_digest("page.html")


def test_a_block_of_one_word_that_the_layout_has_too_keeps_its_place() -> None:
    theme = theme_of({"base.html": "main{% block main %}{% endblock %}main",
                      "page.html": inside("main").replace("{{ document }}", "")})  # fmt: skip
    around = theme.surround("page.html", [b"inside"], **FRAME)
    assert around.text == "maininsidemain"


def test_a_block_that_comes_twice_has_no_place() -> None:
    page = PAGE.replace("<p>", "{% block head %}x{% endblock %}")
    rendering = theme_of({"base.html": BASE, "page.html": page}).render("page.html", **FRAME,
                                                                        **VALUES)  # fmt: skip
    assert (rendering.problems, rendering.inner) == ((), ())
    assert "<head>x</head>" in rendering.text


def test_a_faulty_layout_around_an_inner_part_is_told_like_any_other() -> None:
    theme = theme_of({"base.html": BASE + "\n{{ page.none }}", "page.html": PAGE})
    whole = theme.render("page.html", **FRAME, **VALUES)
    around = theme.surround("page.html", [b"x"], **FRAME)
    assert [str(each.where) for each in around.problems] == ["themes/own/templates/base.html:2"]
    assert around == whole


def test_a_fault_without_a_place_is_told_of_the_page_template() -> None:
    theme = theme_of({"base.html": BASE + "{% include 'base.html' %}", "page.html": PAGE})
    whole = theme.render("page.html", **FRAME, **VALUES)
    assert [str(each.where) for each in whole.problems] == ["themes/own/templates/page.html"]
    assert theme.surround("page.html", [b"x"], **FRAME) == whole


LAYOUT_PIECES = (
    "", "{{ site.name }}{{ page.header }}", "{{ shared }}", "{% set shared = 7 %}",
    "{{ self.main() }}", "{% set page = site %}", "{% include 'x.html' %}",
    "{% for shared in 'ab' %}{{ shared }}{% endfor %}", "{% import 'm.html' as shared %}",
    "{% block end %}e{% endblock %}", "{% block end %}{{ shared }}{% endblock %}",
    "{% if page %}{% block end %}{% endblock %}{% endif %}",
    "{% with shared = 3 %}{% block end scoped %}{% endblock %}{% endwith %}",
)  # fmt: skip
MAIN_PIECES = (
    "{{ shared }}", "{{ super() }}", "{% block end %}{{ page.header }}{% endblock %}",
    "{% include 'x.html' %}", "{% include 'y.html' %}", "{{ m.a(page) }}", "{{ self.head() }}",
    "{% set shared = 5 %}{{ shared }}",
)  # fmt: skip
PAGE_PIECES = (
    "", "{% set shared = 1 %}", "{% set site = page %}", "{% import 'm.html' as m %}",
    "{% block head %}{{ shared }}{% endblock %}", "{% block end %}{{ shared }}{% endblock %}",
    "{% block end %}{{ super() }}{% endblock %}",
)  # fmt: skip


@pytest.mark.parametrize("main", MAIN_PIECES)
def test_whatever_is_split_fits_into_any_layout(main: str) -> None:
    """All pages that are made of the pieces, taken from each layout and put into each other."""
    seen = 0
    for page in PAGE_PIECES:
        split: list[tuple[Theme, dict[str, object], Rendering]] = []
        for number, piece in enumerate(LAYOUT_PIECES):
            theme = theme_of({
                "base.html": BASE.replace("{{", piece + "{{").replace(
                    "main %}", f"main %}}{number}"
                ),
                "page.html": inside(main) + page,
                "x.html": "{{ shared }}", "y.html": "{{ page.header }}",
                "m.html": "{% macro a(x) %}{{ x.header }}{% endmacro %}",
            })  # fmt: skip
            header = Markup("<h{}>").format(number)
            frame = {**FRAME, "page": View(heading="标题", header=header, title="题")}
            if theme.split("page.html"):
                split.append((theme, frame, theme.render("page.html", **frame, **VALUES)))
        for (before, _, whole), (after, frame, expected) in itertools.permutations(split, 2):
            if whole.inner and before.template_digest("page.html") == after.template_digest(
                "page.html"
            ):
                seen += 1
                assert after.surround("page.html", inner_of(whole), **frame) == expected
    assert (seen > 20) == (main in {"{{ shared }}", MAIN_PIECES[3], MAIN_PIECES[7]})
