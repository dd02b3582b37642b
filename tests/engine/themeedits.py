"""Edits of the theme of a site, as rules of a machine."""

from __future__ import annotations

import io
import shutil

import twists
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from edits import Building, edit
from hypothesis import strategies as st

WORDS = {"Home": "门户", "On this page": "本页目录", "Update log": "更新记录"}
layers = st.sampled_from(["local", "local", "local", "middle"])


class ThemeEdits(Building):
    """Edits of templates, static files, options and words, of the theme and of its parent."""

    def template(self, theme: str, name: str) -> str:
        return f"themes/{theme}/templates/{name}"

    @edit(theme=layers, override=twists.layouts)
    def override_the_layout(self, theme: str, override: tuple[str, str]) -> None:
        self.put(self.template(theme, override[0]), override[1])

    @edit(theme=layers, override=twists.pages)
    def override_a_page(self, theme: str, override: tuple[str, str]) -> None:
        self.put(self.template(theme, override[0]), override[1])

    @edit(theme=layers, template=twists.own)
    def write_a_template_of_its_own(self, theme: str, template: tuple[str, str]) -> None:
        self.put(self.template(theme, template[0]), template[1])

    @edit(layout=twists.layouts, page=twists.pages, own=twists.own)
    def override_several(self, **overrides: tuple[str, str]) -> None:
        for name, text in overrides.values():
            self.put(self.template("local", name), text)

    @edit(name=st.sampled_from(sorted(twists.TWISTS)))
    def override_with_the_same(self, name: str) -> None:
        """The text that is shipped, at a place of the site."""
        self.put(self.template("local", name), twists.shipped(name))

    @edit(place=st.integers(0, 20))
    def drop_an_override(self, place: int) -> None:
        found = sorted(self.root.glob("themes/*/templates/**/*.html"))
        if found:
            found[place % len(found)].unlink()

    @edit()
    def drop_the_overrides(self) -> None:
        for templates in self.root.glob("themes/*/templates"):
            shutil.rmtree(templates)

    @edit(
        place=st.integers(0, 20), text=st.sampled_from(["\n<!-- -->", "{{ nothing }}", "{% if %}"])
    )
    def add_to_an_override(self, place: int, text: str) -> None:
        found = sorted(self.root.glob("themes/*/templates/**/*.html"))
        if found:
            with found[place % len(found)].open("a", encoding="utf-8") as file:
                file.write(text)

    @edit(
        name=st.sampled_from(["site.css", "own.css", "mark.svg"]),
        text=st.sampled_from(["body { color: red; }\n", "body { color: blue; }\n"]),
    )
    def override_a_static_file(self, name: str, text: str) -> None:
        self.put(f"themes/local/static/{name}", text)

    @edit()
    def drop_the_static_files(self) -> None:
        shutil.rmtree(self.root / "themes/local/static", ignore_errors=True)

    @edit(
        text=st.sampled_from(
            ["parent: default\n", "parent: middle\n", "parent: default\noptions: {banner: 甲}\n",
             "parent: middle\noptions: {banner: 乙, other: 丙}\n", "parent: none\n", "x: y\n"]
        )
    )  # fmt: skip
    def describe_the_theme(self, text: str) -> None:
        self.put("themes/local/theme.yaml", text)

    @edit(word=st.sampled_from(sorted(WORDS)))
    def translate_a_word(self, word: str) -> None:
        catalogue = Catalog(locale="zh_CN")
        catalogue.add(word, WORDS[word])
        file = io.BytesIO()
        write_mo(file, catalogue)
        self.put("themes/local/locale/zh_CN/LC_MESSAGES/theme.mo", file.getvalue())

    @edit()
    def drop_the_words(self) -> None:
        shutil.rmtree(self.root / "themes/local/locale", ignore_errors=True)
