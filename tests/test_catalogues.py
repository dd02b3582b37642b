"""Every message is said in Chinese, with the same values; the compiled files are current."""

from __future__ import annotations

import re
import string

import pytest
from catalogues import Book, books

from sitegen.language import translator

BOOKS = list(books())
_NAMES = [f"{book.locale} {book.path.stem}" for book in BOOKS]


def _places(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def test_there_is_a_catalogue_for_every_language() -> None:
    assert sorted(_NAMES) == ["en theme", "zh_CN sitegen", "zh_CN theme"]


@pytest.mark.parametrize("book", BOOKS, ids=_NAMES)
class TestCatalogue:
    def test_it_translates_every_message(self, book: Book) -> None:
        assert len(book.wanted) > 50
        assert book.missing() == []

    def test_translations_have_the_values_of_their_messages(self, book: Book) -> None:
        different = []
        for message in book.read():
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            wanted = set.union(*map(_places, ids))
            if any(_places(text) != wanted for text in texts if text):
                different.append((message.id, message.string))
        assert different == []

    def test_it_is_in_order(self, book: Book) -> None:
        assert book.ordered() == book.path.read_bytes(), "run: make catalogues"

    def test_the_compiled_file_is_current(self, book: Book) -> None:
        assert book.path.with_suffix(".mo").read_bytes() == book.compiled(), "run: make catalogues"


def test_the_program_speaks_chinese() -> None:
    translate = translator("zh-CN")
    assert translate("error") == "错误"
    assert translator("en")("error") == "error"


def test_chinese_is_written_with_chinese_punctuation() -> None:
    (book,) = (book for book in BOOKS if book.path.stem == "sitegen")
    half = []
    for message in book.read():
        prose = re.sub(r"\[.*?\]|\{\{.*?\}\}", "", str(message.string))  # YAML keeps its own
        if re.search("[\u4e00-\u9fff][,;!?]", prose):
            half.append(message.string)
    assert half == []
