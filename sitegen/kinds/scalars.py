"""Texts to typed values: one small parser for each type, compiled once for a field.

A parser takes a text (stripped, not empty) and the path of the document that it stands in (for
references), and returns the value or a `Fault`. Nothing here knows of lines and columns.
"""

from __future__ import annotations

import datetime
import difflib
import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from sitegen.kinds import codes
from sitegen.kinds.document import Value
from sitegen.kinds.formats import FORMATS, Fault, half_width
from sitegen.kinds.kind import Constraints, Field
from sitegen.problems import Code

TextParser = Callable[[str, str], "Value | Fault"]

_INTEGER = re.compile(r"[+-]?(?:[0-9]{1,18}|[0-9]{1,3}(?:,[0-9]{3}){1,5})")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,18}|[0-9]{1,3}(?:,[0-9]{3}){1,5})(?:\.[0-9]{1,20})?")
_HAN_DATE = re.compile(r"([0-9]{4})\s?年\s?([0-9]{1,2})\s?月\s?([0-9]{1,2})\s?日")
_SHEET_DATE = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[ T]0?0:00(?::00)?)?")
_ANY_DATE = re.compile(r"([0-9]{4})\D{0,3}([0-9]{1,2})\D{0,3}([0-9]{1,2})")
_YEARMONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_HAN_YEARMONTH = re.compile(r"([0-9]{4})\s?年\s?([0-9]{1,2})\s?月份?")
_ANY_YEARMONTH = re.compile(r"([0-9]{4})\D{0,3}([0-9]{1,2})")
_YEAR = re.compile(r"((?:19|20|21)[0-9]{2})\s?(?:年度?)?")
_WITH_UNIT = re.compile(r"[^0-9+-]{0,3}([+-]?[0-9][0-9,]*(?:\.[0-9]+)?)\s*[^0-9.,\s].{0,9}")
_LINE_BREAK = re.compile(r"[ \t]*\n[ \t\n]*")
_YES = frozenset(["true", "yes", "y", "on", "1", "是", "有", "对", "√", "✓"])
_NO = frozenset(["false", "no", "n", "off", "0", "否", "无", "不", "×", "✗"])
BOOLEANS = ("是", "否", "有", "无", "true", "false", "yes", "no")
"""What people usually write for yes and no, for editors; more is accepted."""

_SEPARATORS = re.compile(r"\s*[;；\n]\s*")
_FIRST_YEAR = 1900


def text_parser(field: Field, *, in_sheet: bool = False) -> TextParser:
    """The parser of a field's texts, with its format and constraints.

    `in_sheet`: for cells of CSV and XLSX files, where spreadsheets write ``2026/3/1``.
    """
    if field.type == "list":
        return _list_parser(field, in_sheet)
    return _constrained(field, _plain_parser(field, in_sheet))


def nearest(written: str, known: Iterable[str]) -> str:
    """The known word most like the written one; "" when none is near."""
    key = fold(written)
    folded: dict[str, str] = {}
    for word in known:
        folded.setdefault(fold(word), word)
    if key in folded:
        return folded[key]
    found = difflib.get_close_matches(key, folded, 1, 0.6)
    return folded[found[0]] if found else ""


def fold(text: str) -> str:
    """A key or heading without what people vary: width, case, blanks, a colon at its end."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(":")


def listed(words: Iterable[str], most: int = 16) -> str:
    """Words for a message, with … when there are many."""
    words = list(words)
    return "、".join(words[:most]) + ("…" if len(words) > most else "")


def _plain_parser(field: Field, in_sheet: bool) -> TextParser:
    if field.type == "date":
        return _sheet_date if in_sheet else _date
    if field.type == "number":
        return _number_parser(field)
    if field.type == "integer":
        return _integer_parser(field)
    if field.type == "enum":
        return _choice_parser(field)
    if field.type == "string" and field.format:
        return _format_parser(field)
    return _PARSERS[field.type]


def _string(text: str, path: str) -> str | Fault:
    return text if "\n" not in text else _LINE_BREAK.sub(_joined, text)


def _joined(match: re.Match[str]) -> str:
    """A line break within one line of text: no blank next to Chinese."""
    before, after = match.string[match.start() - 1], match.string[match.end()]
    return " " if before.isascii() and after.isascii() else ""


def _text(text: str, path: str) -> str | Fault:
    return text


def _date(text: str, path: str) -> datetime.date | Fault:
    if len(text) == 10 and text[4] == "-" == text[7]:
        try:
            found = datetime.date.fromisoformat(text)
        except ValueError:
            return _not_a_date(text)
        return found if found.year >= _FIRST_YEAR else _not_a_date(text)
    match = _HAN_DATE.fullmatch(half_width(text))
    return (match and _real_date(*match.groups())) or _not_a_date(text)


def _sheet_date(text: str, path: str) -> datetime.date | Fault:
    match = _SHEET_DATE.fullmatch(half_width(text))
    if match:
        return _real_date(match[1], match[3], match[4]) or _not_a_date(text)
    return _date(text, path)


def _real_date(year: str, month: str, day: str) -> datetime.date | None:
    if int(year) < _FIRST_YEAR:
        return None
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _not_a_date(text: str) -> Fault:
    match = _ANY_DATE.search(half_width(text[:40]))
    guess = match and _real_date(*match.groups())
    return Fault(codes.BAD_DATE, {"example": guess or "2026-03-01"})


def _yearmonth(text: str, path: str) -> str | Fault:
    written = half_width(text)
    if _YEARMONTH.fullmatch(written):
        return written
    match = _HAN_YEARMONTH.fullmatch(written)
    if match and 1 <= int(match[2]) <= 12:
        return f"{match[1]}-{int(match[2]):02d}"
    match = _ANY_YEARMONTH.match(written)
    if match and 1 <= int(match[2]) <= 12:
        return Fault(codes.BAD_YEARMONTH, {"example": f"{match[1]}-{int(match[2]):02d}"})
    return Fault(codes.BAD_YEARMONTH, {"example": "2026-03"})


def _year(text: str, path: str) -> int | Fault:
    match = _YEAR.fullmatch(half_width(text))
    if match:
        return int(match[1])
    guess = re.search(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", half_width(text[:40]))
    return Fault(codes.BAD_YEAR, {"example": guess[0] if guess else "2026"})


def _boolean(text: str, path: str) -> bool | Fault:
    word = half_width(text).lower()
    if word in _YES:
        return True
    return False if word in _NO else Fault(codes.BAD_BOOLEAN, {})


def _integer_parser(field: Field) -> TextParser:
    def integer(text: str, path: str) -> int | Fault:
        written = half_width(text)
        if _INTEGER.fullmatch(written):
            return int(written.replace(",", ""))
        return _not_a_number(field, codes.BAD_INTEGER, written)

    return integer


def _number_parser(field: Field) -> TextParser:
    percent = field.unit == "%"

    def number(text: str, path: str) -> Decimal | Fault:
        written = half_width(text)
        if percent and written.endswith("%"):
            written = written[:-1].rstrip()
        if not _NUMBER.fullmatch(written):
            return _not_a_number(field, codes.BAD_NUMBER, written)
        value = Decimal(written.replace(",", ""))
        return value if value else abs(value)

    return number


def _not_a_number(field: Field, code: Code, written: str) -> Fault:
    match = _WITH_UNIT.fullmatch(written[:60])
    if match and field.unit:
        return Fault(codes.UNIT_WRITTEN, {"example": match[1], "unit": field.unit})
    return Fault(code, {"example": "1234" if code is codes.BAD_INTEGER else "1234.50"})


def _choice_parser(field: Field) -> TextParser:
    values = field.constraints.enum or tuple(field.labels)
    exact: dict[str, str] = {value: value for value in values}
    for value in values:
        for label in field.labels.get(value, {}).values():
            exact.setdefault(label, value)
    folded: dict[str, str] = {}
    for word, value in exact.items():
        folded.setdefault(fold(word), value)
    shown = [field.labels.get(value, {}).get("zh", value) for value in values]

    def choice(text: str, path: str) -> str | Fault:
        found = exact.get(text)
        if found is None:
            found = folded.get(fold(text))
        if found is not None:
            return found
        known = listed(shown)
        near = nearest(text, exact) if len(text) <= 100 else ""
        if near:
            return Fault(codes.BAD_CHOICE_NEAR, {"near": near, "known": known})
        return Fault(codes.BAD_CHOICE, {"known": known})

    return choice


def _format_parser(field: Field) -> TextParser:
    check = FORMATS[field.format or ""]

    def formatted(text: str, path: str) -> str | Fault:
        return check(text)

    return formatted


def _reference(text: str, path: str) -> str | Fault:
    if "\\" in text or "://" in text or "#" in text or not text.endswith((".md", ".yaml")):
        return Fault(codes.BAD_REFERENCE, {})
    target = inside(posixpath.dirname(path), text)
    return Fault(codes.OUTSIDE, {}) if target is None else target


def _file(text: str, path: str) -> str | Fault:
    if "\\" in text or "://" in text or "\n" in text or text.endswith(("/", "/..", "/.")):
        return Fault(codes.BAD_FILE, {})
    if inside(document_folder(path), text) is None:
        return Fault(codes.OUTSIDE, {})
    name = unicodedata.normalize("NFC", posixpath.normpath(text))
    return Fault(codes.BAD_FILE, {}) if name in (".", "..", "/") else name


def document_folder(path: str) -> str:
    """The folder of a document's own files: ``a/b.md`` → ``a/b``."""
    return posixpath.splitext(path)[0]


def inside(folder: str, written: str) -> str | None:
    """A path as written in a file of `folder`, relative to ``content/``; None if it leads out.

    A leading ``/`` means ``content/``.
    """
    joined = written.lstrip("/") if written.startswith("/") else posixpath.join(folder, written)
    found = unicodedata.normalize("NFC", posixpath.normpath(joined))
    return None if found == ".." or found.startswith("../") else found


_PARSERS: dict[str, TextParser] = {
    "string": _string,
    "text": _text,
    "yearmonth": _yearmonth,
    "year": _year,
    "boolean": _boolean,
    "reference": _reference,
    "file": _file,
}


def _list_parser(field: Field, in_sheet: bool) -> TextParser:
    item = text_parser(field.item or Field("item", {"zh": ""}), in_sheet=in_sheet)
    check = length_check(field.constraints)

    def items(text: str, path: str) -> list[Any] | Fault:
        values: list[Any] = []
        for part in _SEPARATORS.split(text):
            if not part:
                continue
            value = item(part, path)
            if type(value) is Fault:
                if value.kept is None:
                    return Fault(value.code, {"value": part, **value.values})
                value = value.kept
            values.append(value)
        return check(values) or values

    return items


def _constrained(field: Field, parse: TextParser) -> TextParser:
    """The parser with the field's constraints; the same parser when it has none."""
    checks = list(_checks(field))
    if not checks:
        return parse
    if len(checks) == 1:
        (only,) = checks

        def with_check(text: str, path: str) -> Value | Fault:
            value = parse(text, path)
            return value if type(value) is Fault else (only(value) or value)

        return with_check

    def with_checks(text: str, path: str) -> Value | Fault:
        value = parse(text, path)
        if type(value) is Fault:
            return value
        for check in checks:
            fault = check(value)
            if fault:
                return fault
        return value

    return with_checks


def _checks(field: Field) -> Iterable[Callable[[Any], Fault | None]]:
    limits = field.constraints
    if limits.minimum is not None or limits.maximum is not None:
        yield _range_check(field)
    if limits.min_length is not None or limits.max_length is not None:
        yield length_check(limits)
    if limits.pattern is not None:
        yield _pattern_check(limits.pattern)
    if limits.enum and field.type != "enum":
        yield _enum_check(limits.enum, text_parser(Field(field.name, field.title, field.type)))


def _range_check(field: Field) -> Callable[[Any], Fault | None]:
    bare = text_parser(Field(field.name, field.title, field.type, unit=field.unit))
    low: Any = None if field.constraints.minimum is None else bare(field.constraints.minimum, "")
    high: Any = None if field.constraints.maximum is None else bare(field.constraints.maximum, "")

    def in_range(value: Any) -> Fault | None:
        if low is not None and value < low:
            return Fault(codes.TOO_SMALL, {"limit": low})
        if high is not None and value > high:
            return Fault(codes.TOO_LARGE, {"limit": high})
        return None

    return in_range


def length_check(limits: Constraints) -> Callable[[Any], Fault | None]:
    """A check of the characters of a text, or the items of a list."""
    least, most = limits.min_length, limits.max_length

    def long_enough(value: Any) -> Fault | None:
        if least is not None and len(value) < least:
            return Fault(codes.TOO_SHORT, {"length": len(value), "limit": least})
        if most is not None and len(value) > most:
            return Fault(codes.TOO_LONG, {"length": len(value), "limit": most})
        return None

    return long_enough


def _pattern_check(pattern: str) -> Callable[[Any], Fault | None]:
    compiled = re.compile(pattern)

    def of_pattern(value: Any) -> Fault | None:
        return None if compiled.fullmatch(value) else Fault(codes.PATTERN, {"pattern": pattern})

    return of_pattern


def _enum_check(enum: tuple[str, ...], parse: TextParser) -> Callable[[Any], Fault | None]:
    allowed = [parse(text, "") for text in enum]

    def one_of(value: Any) -> Fault | None:
        return None if value in allowed else Fault(codes.BAD_CHOICE, {"known": listed(enum)})

    return one_of
