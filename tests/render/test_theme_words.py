"""The catalogues of the default theme: complete, without leftovers, compiled."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent.parent
THEME = ROOT / "themes" / "default"


def catalogue(language: str) -> tuple[Catalog, Path]:
    path = THEME / "locale" / language / "LC_MESSAGES" / "theme.po"
    with path.open("rb") as file:
        return read_po(file, locale=language), path


def words_of_the_theme() -> set[str]:
    """What templates and views say: ``_("…")``, ``W_("…")``, ``words("…")``."""
    found: set[str] = set()
    for path in sorted((THEME / "templates").rglob("*.html")):
        text = path.read_text("utf-8")
        found.update(match[2] for match in re.finditer(r"""\b_\((["'])(.*?)\1\)""", text))
    for path in sorted((ROOT / "sitegen" / "render").glob("*.py")):
        pattern = r"""\b(?:W_|words)\(\s*(["'])(.+?)\1\s*\)"""
        found.update(match[2] for match in re.finditer(pattern, path.read_text("utf-8")))
    return found


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_word_is_there_and_no_other(language: str) -> None:
    messages, _ = catalogue(language)
    known = {str(message.id) for message in messages if message.id}
    said = words_of_the_theme() - {"…"}
    assert sorted(said - known) == []
    assert sorted(known - said) == []
    assert [message.id for message in messages if message.id and not message.string] == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_places_in_a_message_are_the_same_in_its_translation(language: str) -> None:
    messages, _ = catalogue(language)
    places = re.compile(r"\{\w+\}")
    for message in messages:
        assert set(places.findall(str(message.id))) == set(places.findall(str(message.string)))


def test_chinese_words_are_chinese() -> None:
    messages, _ = catalogue("zh_CN")
    latin = [
        m.id
        for m in messages
        if m.id and re.search("[A-Za-z]{3,}", re.sub(r"\{\w+\}|ICP", "", str(m.string)))
    ]
    assert latin == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_compiled_catalogue_is_up_to_date(language: str) -> None:
    messages, path = catalogue(language)
    buffer = io.BytesIO()
    write_mo(buffer, messages)
    buffer.seek(0)
    with path.with_suffix(".mo").open("rb") as file:
        committed = read_mo(file)
    now = {m.id: m.string for m in read_mo(buffer) if m.id}
    assert {m.id: m.string for m in committed if m.id} == now
