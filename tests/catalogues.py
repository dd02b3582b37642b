"""The gettext catalogues: extract the messages, keep the .po files in order, compile the .mo files.

``make catalogues`` runs this; a test holds what it would write against what is committed.
"""

from __future__ import annotations

import datetime
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PROGRAM = ROOT / "sitegen"
THEME = ROOT / "themes" / "default"

Keywords = dict[str, tuple[int, ...] | None]
_MESSAGES: Keywords = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
_WORDS: Keywords = {"W_": None, "words": None}
_HEAD = """\
# The messages of {name} ({locale}). Sorted and compiled by: make catalogues
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: {locale}\\n"
"Plural-Forms: {plural}\\n"

"""
_NO_DATE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
_TEMPLATES = [("**.html", "jinja2"), ("**.xml", "jinja2"), ("**.txt", "jinja2")]


@dataclass(frozen=True)
class Book:
    """One catalogue: its .po file, and the messages that it must have."""

    path: Path
    wanted: frozenset[str]

    @property
    def locale(self) -> str:
        """Its language, from the folder: ``zh_CN``."""
        return self.path.parts[-3]

    def read(self) -> Catalog:
        """What the file holds."""
        return _catalogue(self.path.read_bytes(), self.locale)

    def missing(self) -> list[str]:
        """Messages without a translation."""
        catalogue = self.read()
        return sorted(m for m in self.wanted if not (catalogue.get(m) and catalogue.get(m).string))

    def ordered(self) -> bytes:
        """The file in good order: sorted, without unused entries, under a head that says so."""
        plural = (
            "nplurals=1; plural=0;" if self.locale == "zh_CN" else "nplurals=2; plural=(n != 1);"
        )
        head = _HEAD.format(name=self.path.stem, locale=self.locale, plural=plural).encode()
        new = Catalog(locale=self.locale)
        for message in sorted(self.read(), key=lambda m: str(m.id)):
            names = message.id if isinstance(message.id, tuple) else (message.id,)
            if names[0] in self.wanted:
                new.add(message.id, message.string)
        buffer = io.BytesIO()
        write_po(buffer, new, width=98, omit_header=True)
        return head + buffer.getvalue().rstrip() + b"\n"

    def compiled(self) -> bytes:
        """The .mo file; the moment at which it is made is not in it."""
        catalogue = self.read()
        catalogue.creation_date = catalogue.revision_date = _NO_DATE
        buffer = io.BytesIO()
        write_mo(buffer, catalogue)
        return buffer.getvalue()


def books() -> Iterator[Book]:
    """All catalogues: the program's, and those of the default theme."""
    program = _extracted(PROGRAM, [("**.py", "python")], _MESSAGES)
    words = _extracted(THEME, _TEMPLATES, _MESSAGES) | _extracted(
        PROGRAM / "render", [("**.py", "python")], _WORDS
    )
    for folder, wanted in ((PROGRAM, program), (THEME, words)):
        for path in sorted((folder / "locale").glob("*/LC_MESSAGES/*.po")):
            yield Book(path, frozenset(wanted))


def _extracted(folder: Path, methods: list[tuple[str, str]], keywords: Keywords) -> set[str]:
    options = {name: {"trimmed": "true", "silent": "false"} for name, _ in methods}
    found: set[str] = set()
    for _, _, message, _, _ in extract_from_dir(folder, methods, options, keywords):
        found.update([message] if isinstance(message, str) else [m for m in message if m])
    return found - {""}


def _catalogue(text: bytes, locale: str) -> Catalog:
    return read_po(io.BytesIO(text), locale=locale)


def main() -> int:
    """Bring the catalogues in order; tells what has no translation yet."""
    status = 0
    for book in books():
        book.path.write_bytes(book.ordered())
        book.path.with_suffix(".mo").write_bytes(book.compiled())
        for message in book.missing():
            print(f"{book.locale} {book.path.name}: not translated: {message!r}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
