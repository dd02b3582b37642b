"""The theme's own words: messages, dates, sizes and the fixed terms of the trade, in one language.

The catalogues are gettext files of the theme (``locale/<language>/LC_MESSAGES/theme.mo``); message
ids are English. Values that documents hold in Chinese (有效性, 公开方式, acts of the log) go
through `Words.term`, so that an English site shows English ones.
"""

from __future__ import annotations

import datetime
import gettext
import struct
from collections.abc import Iterable
from pathlib import Path

from sitegen.kinds.kind import Label

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def W_(word: str) -> str:  # noqa: N802 - after gettext's marker
    """Mark a word of the theme; it goes to the theme's catalogues, not to the program's."""
    return word


TERMS = {
    "发布": W_("Published"),
    "修订": W_("Revised"),
    "废止": W_("Repealed"),
    "撤下": W_("Withdrawn"),
    "移动": W_("Moved"),
    "尚未施行": W_("Not yet in force"),
    "有效": W_("In force"),
    "已修改": W_("Amended"),
    "失效": W_("Lapsed"),
    "主动公开": W_("Published proactively"),
    "依申请公开": W_("Disclosed on request"),
    "不予公开": W_("Not disclosed"),
}
"""Fixed values of documents and of the update log, with their message ids."""


def is_catalogue(path: Path) -> bool:
    """Whether a file is a compiled catalogue that can be read. Raises OSError if it is not there.

    The plural rule in it is an expression, but gettext admits nothing but arithmetic of ``n``.
    """
    with path.open("rb") as file:
        try:
            gettext.GNUTranslations(file)
        except (OSError, ValueError, LookupError, struct.error):
            return False
    return True


class Words:
    """The words of one language. `language` is ``zh-CN`` or ``en``."""

    __slots__ = ("_catalogue", "_paths", "_terms", "language")

    def __init__(self, language: str, catalogues: Iterable[Path] = ()) -> None:
        """`catalogues` are compiled files, the most specific first; absent ones are skipped."""
        self.language = language
        self._paths = tuple(catalogues)
        self._catalogue: gettext.NullTranslations = gettext.NullTranslations()
        for path in reversed(self._paths):
            if path.is_file():
                with path.open("rb") as file:
                    catalogue = gettext.GNUTranslations(file)
                catalogue.add_fallback(self._catalogue)
                self._catalogue = catalogue
        self._terms = {term: self._catalogue.gettext(message) for term, message in TERMS.items()}

    def __reduce__(self) -> tuple[object, ...]:
        return (Words, (self.language, self._paths))

    def __call__(self, message: str) -> str:
        """The message in this language; the message itself when it is not in the catalogues."""
        return self._catalogue.gettext(message) if message else ""

    def term(self, value: str) -> str:
        """A fixed value (废止, 主动公开 …) in this language; any other text as it is."""
        return self._terms.get(value, value)

    def label(self, label: Label) -> str:
        """A kind's label in this language, else in Chinese."""
        if self.language == "en":
            return label.get("en") or label.get("zh", "")
        return label.get("zh") or label.get("en", "")

    def date(self, day: datetime.date) -> str:
        """A day in words: 2026年3月1日, or 1 March 2026."""
        if self.language == "en":
            return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        return f"{day.year}年{day.month}月{day.day}日"

    def month(self, month: str) -> str:
        """A month in words: ``2026-03`` is 2026年3月, or March 2026."""
        year, _, number = month.partition("-")
        if not (number.isdigit() and 1 <= int(number) <= 12):
            return month
        if self.language == "en":
            return f"{_MONTHS[int(number) - 1]} {year}"
        return f"{year}年{int(number)}月"

    def size(self, count: int) -> str:
        """A file size for people: ``812 B``, ``35.4 KB``, ``2.1 MB`` (1024 bytes to the KB)."""
        if count < 1024:
            return f"{count} B"
        amount = count / 1024
        for unit in ("KB", "MB"):
            if amount < 1024:
                return f"{amount:.1f} {unit}"
            amount /= 1024
        return f"{amount:.1f} GB"
