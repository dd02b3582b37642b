"""Themes: overriding file by file, located problems, words, static files."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from sitegen.problems import Problem
from sitegen.render.theme import Theme, built_in_themes, load_theme


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def loaded(folder: Path, name: str = "own", language: str = "zh-CN") -> Theme:
    theme, problems = load_theme(folder, name, language)
    assert problems == ()
    return theme


def told(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{problem.where}: {problem.code} {problem.message()}" for problem in problems]


class TestTheBuiltInTheme:
    def test_loads_without_problems_in_both_languages(self) -> None:
        for language in ("zh-CN", "en"):
            theme, problems = load_theme(None, "default", language)
            assert problems == ()
            assert theme.has_template("document.html")

    def test_has_a_template_for_every_kind(self) -> None:
        from sitegen.kinds.loading import load_kinds

        theme, _ = load_theme(None, "default", "zh-CN")
        kinds, _ = load_kinds(())
        assert [k.name for k in kinds.kinds.values() if not theme.has_template(k.template)] == []

    def test_is_the_same_when_the_site_folder_is_the_checkout(self) -> None:
        here, problems = load_theme(built_in_themes(), "default", "zh-CN")
        assert problems == ()
        assert here.digest == load_theme(None, "default", "zh-CN")[0].digest

    def test_keeps_its_style_sheet_small_and_without_foreign_addresses(self) -> None:
        theme, _ = load_theme(None, "default", "zh-CN")
        css = theme.statics["site.css"].content
        assert len(css) <= 22 * 1024
        assert b"http" not in css.replace(b'href^="http"', b"")
        assert b"@import" not in css

    def test_templates_hold_no_inline_script_style_or_handler(self) -> None:
        for path in sorted((built_in_themes() / "default" / "templates").rglob("*.html")):
            text = path.read_text("utf-8")
            assert "style=" not in text, path
            assert "<style" not in text, path
            assert not any(f" on{event}=" in text for event in ("click", "load", "error")), path
            assert "<script>" not in text, path


class TestOverriding:
    def test_a_file_of_the_site_stands_for_the_one_of_the_same_name(self, tmp_path: Path) -> None:
        write(tmp_path, {
            "own/theme.yaml": "title: 本站\nparent: default\n",
            "own/templates/parts/footer.html": "<footer>本站</footer>",
            "own/static/mark.svg": "<svg/>",
        })  # fmt: skip
        theme, default = loaded(tmp_path), load_theme(None, "default", "zh-CN")[0]
        assert theme.render("parts/footer.html").text == "<footer>本站</footer>"
        assert theme.asset("mark.svg") != default.asset("mark.svg")
        assert theme.asset("reader.js") == default.asset("reader.js")
        assert theme.digest != default.digest

    def test_the_parent_is_the_default_theme_when_none_is_named(self, tmp_path: Path) -> None:
        write(tmp_path, {"own/templates/extra.html": "{% extends 'redirect.html' %}"})
        assert loaded(tmp_path).has_template("document.html")

    def test_themes_form_a_chain(self, tmp_path: Path) -> None:
        write(tmp_path, {
            "own/theme.yaml": "parent: middle\noptions:\n  colour: red\n",
            "middle/theme.yaml": "options:\n  colour: blue\n  wide: 是\n",
            "middle/templates/a.html": "{{ options.colour }} {{ options.wide }}",
        })  # fmt: skip
        assert loaded(tmp_path).render("a.html").text == "red 是"

    def test_a_site_theme_called_default_builds_on_the_shipped_one(self, tmp_path: Path) -> None:
        write(tmp_path, {"default/templates/parts/footer.html": "eigen"})
        theme = loaded(tmp_path, "default")
        assert theme.render("parts/footer.html").text == "eigen"
        assert theme.has_template("document.html")

    def test_links_within_the_folder_of_themes_are_followed(self, tmp_path: Path) -> None:
        write(tmp_path, {"other/static/a.txt": "shared", "own/static/b.txt": ""})
        (tmp_path / "own/static/c.txt").symlink_to("../../other/static/a.txt")
        assert loaded(tmp_path).statics["c.txt"].content == b"shared"

    def test_templates_of_the_site_run_in_a_sandbox(self, tmp_path: Path) -> None:
        write(tmp_path, {"own/templates/a.html": "{{ ''.__class__.__mro__ }}"})
        problems = loaded(tmp_path).render("a.html").problems
        assert [problem.code for problem in problems] == ["R209"]


class TestProblems:
    @pytest.mark.parametrize(
        ("text", "told_"),
        [
            ("a\n{% if %}", "themes/own/templates/a.html:2: R206"),
            ("a\nb\n{{ missing }}", "themes/own/templates/a.html:3: R207"),
            ("{% extends 'nowhere.html' %}", "themes/own/templates/a.html:1: R208"),
            ("\n{{ asset('no.css') }}", "themes/own/templates/a.html:2: R210"),
            ("\n\n{{ 1 // 0 }}", "themes/own/templates/a.html:3: R209"),
            ("{% include 'a.html' %}", "themes/own/templates/a.html: R209"),
            ("{% for i in range(10 ** 9) %}x{% endfor %}", "themes/own/templates/a.html:1: R209"),
            ("{{ words.nothing }}", "themes/own/templates/a.html:1: R207"),
        ],
    )
    def test_a_fault_in_a_template_is_located(self, tmp_path: Path, text: str, told_: str) -> None:
        write(tmp_path, {"own/templates/a.html": text})
        theme, _ = load_theme(tmp_path, "own", "zh-CN")
        (line,) = told(theme.render("a.html").problems)
        assert line.startswith(told_ + " ")

    def test_a_fault_in_an_included_template_is_located_there(self, tmp_path: Path) -> None:
        write(tmp_path, {
            "own/templates/a.html": "{% include 'b.html' %}",
            "own/templates/b.html": "\n{{ missing.part }}",
        })  # fmt: skip
        (line,) = told(loaded(tmp_path).render("a.html").problems)
        assert line == (
            "themes/own/templates/b.html:2: R207"
            " the template uses a value that does not exist here: missing"
        )

    def test_syntax_is_checked_when_the_theme_is_loaded(self, tmp_path: Path) -> None:
        write(tmp_path, {"own/templates/a.html": "{{", "own/templates/b.html": "\n{% for %}"})
        _, problems = load_theme(tmp_path, "own", "zh-CN")
        assert [(str(p.where), p.code) for p in problems] == [
            ("themes/own/templates/a.html:1", "R206"),
            ("themes/own/templates/b.html:2", "R206"),
        ]

    def test_an_unknown_theme_is_named_with_the_known_ones(self, tmp_path: Path) -> None:
        write(tmp_path, {"blau/theme.yaml": "title: x\n"})
        theme, (problem,) = load_theme(tmp_path, "gruen", "zh-CN")
        assert str(problem.where) == "content/site.yaml"
        assert problem.hint() == "themes that can be used: blau, default"
        assert theme.has_template("document.html")

    @pytest.mark.parametrize("name", ["", "..", "../default", "a/b", "a\\b"])
    def test_a_name_that_is_a_path_is_no_theme(self, tmp_path: Path, name: str) -> None:
        assert [p.code for p in load_theme(tmp_path, name, "zh-CN")[1]] == ["R201"]

    def test_a_theme_may_not_be_its_own_ancestor(self, tmp_path: Path) -> None:
        write(tmp_path, {"a/theme.yaml": "parent: b\n", "b/theme.yaml": "parent: a\n"})
        _, problems = load_theme(tmp_path, "a", "zh-CN")
        assert [(str(p.where), p.code) for p in problems] == [("themes/b/theme.yaml:1:9", "R202")]

    def test_theme_yaml_is_checked(self, tmp_path: Path) -> None:
        write(tmp_path, {"own/theme.yaml": "titel: x\nparent: [a]\noptions:\n  a: {b: c}\n"})
        _, problems = load_theme(tmp_path, "own", "zh-CN")
        assert [(str(p.where), p.code) for p in problems] == [
            ("themes/own/theme.yaml:1:1", "R203"),
            ("themes/own/theme.yaml:2:9", "R204"),
            ("themes/own/theme.yaml:4:6", "R204"),
        ]

    def test_files_in_another_encoding_are_refused(self, tmp_path: Path) -> None:
        write(tmp_path, {
            "own/templates/a.html": "政务".encode("gb18030"),
            "own/theme.yaml": "title: 政务".encode("gb18030"),
        })  # fmt: skip
        _, problems = load_theme(tmp_path, "own", "zh-CN")
        assert [(str(p.where), p.code) for p in problems] == [
            ("themes/own/theme.yaml", "R205"),
            ("themes/own/templates/a.html", "R205"),
        ]


class TestTemplates:
    def test_words_are_translated_when_the_template_is_compiled(self, tmp_path: Path) -> None:
        write(tmp_path, {"own/templates/a.html": (
            "{{ _('Home') }}|{{ _('Page {number}').format(number='<2>') }}|{{ _(name) }}|"
            "{% set _x = (_) %}{{ _x('Home') }}"
        )})  # fmt: skip
        assert loaded(tmp_path).render("a.html", name="Site map").text == (
            "首页|第&lt;2&gt;页|站点地图|首页"
        )
        assert loaded(tmp_path, language="en").render("a.html", name="Site map").text == (
            "Home|Page &lt;2&gt;|Site map|Home"
        )

    def test_values_are_escaped(self, tmp_path: Path) -> None:
        write(tmp_path, {"own/templates/a.html": "{{ x }}"})
        assert loaded(tmp_path).render("a.html", x="<b>&\"'").text == "&lt;b&gt;&amp;&#34;&#39;"

    def test_the_digest_of_a_template_covers_what_it_includes(self, tmp_path: Path) -> None:
        files = {"own/templates/a.html": "{% include 'b.html' %}", "own/templates/b.html": "1"}
        before = loaded(write(tmp_path, files))
        write(tmp_path, {"own/templates/b.html": "2"})
        after = loaded(tmp_path)
        assert before.template_digest("a.html") != after.template_digest("a.html")
        assert before.template_digest("404.html") == after.template_digest("404.html")

    def test_a_theme_can_be_sent_to_another_process(self, tmp_path: Path) -> None:
        write(tmp_path, {"own/templates/a.html": "{{ _('Home') }}"})
        theme = loaded(tmp_path)
        theme.prepare()
        copy = pickle.loads(pickle.dumps(theme))
        assert copy.digest == theme.digest
        assert copy.render("a.html").text == "首页"


class TestStaticFiles:
    def test_names_carry_a_fingerprint_and_style_sheets_follow(self, tmp_path: Path) -> None:
        write(tmp_path, {
            "own/static/img/a.svg": "<svg/>",
            "own/static/img/b.css": "a{background:url(a.svg)}b{background:url('#x')}",
            "own/static/site.css": "a { background: url( 'img/a.svg' ) }",
        })  # fmt: skip
        theme = loaded(tmp_path)
        picture = theme.asset("img/a.svg")
        assert re.fullmatch(r"assets/img/a\.[0-9a-f]{8}\.svg", picture)
        name = picture.rpartition("/")[2]
        assert (
            theme.statics["site.css"].content.decode() == f'a {{ background: url("img/{name}") }}'
        )
        assert f'url("{name}")' in theme.statics["img/b.css"].content.decode()

    def test_a_reference_to_nothing_is_located(self, tmp_path: Path) -> None:
        write(tmp_path, {"own/static/site.css": "a{}\nb{background:url(no.svg)}"})
        _, problems = load_theme(tmp_path, "own", "zh-CN")
        assert [(str(p.where), p.code) for p in problems] == [
            ("themes/own/static/site.css:2", "R210")
        ]
