"""Typed values as people read them: the cells of tables and the values of fields, as safe HTML.

A number shows what was written, with thousands separators; nothing is rounded. Private parts of
objects are left out. A blank is an empty string here; tables show it as a dash.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from sitegen.kinds.document import Value
from sitegen.kinds.kind import Field
from sitegen.render.places import FileLink, Spot

_PLAIN = frozenset({"string", "text"})
_LINKED_FORMATS = frozenset({"uri", "email"})
NUMERIC = frozenset({"integer", "number"})
"""Types whose cells are aligned to the right."""


def number_text(value: Decimal | int, scale: int | None = None) -> str:
    """``1234567.50`` as ``1,234,567.50``: the decimals written, at least `scale` of them."""
    text = str(value)
    if "E" in text:
        text = format(value, "f")
    whole, point, decimals = text.partition(".")
    sign = ""
    if whole[0] == "-":
        sign, whole = "-", whole[1:]
    if len(whole) > 3:
        whole = f"{int(whole):,}" if whole.isdigit() else whole
    if scale is not None and len(decimals) < scale:
        point, decimals = ".", decimals.ljust(scale, "0")
    return f"{sign}{whole}{point}{decimals}"


def enum_text(field: Field, value: str, spot: Spot) -> str:
    """An enum's label, or the value itself, in the site's language."""
    label = field.labels.get(value)
    return spot.words.label(label) if label else spot.words.term(value)


def cell_texts(field: Field, values: Sequence[Value | None], spot: Spot) -> list[str]:
    """One column of a table as HTML; an empty string for a blank.

    Works on whole columns: plain texts are escaped in one go, for tables may be long.
    """
    kind = field.type
    if kind in _PLAIN and field.format not in _LINKED_FORMATS:
        return _escaped([value if isinstance(value, str) else "" for value in values])
    if kind in NUMERIC:
        scale = field.scale
        return [
            number_text(value, scale) if isinstance(value, (Decimal, int)) else ""
            for value in values
        ]
    if kind == "date":
        return [value.isoformat() if isinstance(value, datetime.date) else "" for value in values]
    if kind == "enum":
        codes = {str(value) for value in values if value is not None}  # few, in many rows
        known = {code: str(inline(field, code, spot)) for code in codes}
        return ["" if value is None else known[str(value)] for value in values]
    return ["" if value is None else str(inline(field, value, spot)) for value in values]


def _escaped(texts: list[str]) -> list[str]:
    parts = str(escape("\0".join(texts))).split("\0")
    return parts if len(parts) == len(texts) else [str(escape(text)) for text in texts]


def is_blank(value: Value | None) -> bool:
    """Whether there is nothing to show."""
    return value is None or value == "" or value == [] or value == {}


def inline(field: Field, value: Value, spot: Spot) -> Markup:
    """A value as it stands within a line or a cell."""
    maker = _INLINE.get(field.type)
    if maker is None or is_blank(value):
        return escape("" if is_blank(value) else value)
    return maker(field, value, spot)


def _string(field: Field, value: Any, spot: Spot) -> Markup:
    text = str(value)
    if field.format == "uri" and text.startswith(("https://", "http://")):
        return Markup(f'<a href="{escape(text)}" rel="noopener">{escape(text)}</a>')
    if field.format == "email":
        return Markup(f'<a href="mailto:{escape(text)}">{escape(text)}</a>')
    return escape(text)


def _number(field: Field, value: Any, spot: Spot) -> Markup:
    return escape(number_text(value, field.scale))


def _date(field: Field, value: Any, spot: Spot) -> Markup:
    return Markup(f'<time datetime="{value.isoformat()}">{spot.words.date(value)}</time>')


def _yearmonth(field: Field, value: Any, spot: Spot) -> Markup:
    return Markup(f'<time datetime="{escape(value)}">{escape(spot.words.month(value))}</time>')


def _boolean(field: Field, value: Any, spot: Spot) -> Markup:
    return escape(spot.words("Yes") if value is True else spot.words("No"))


def _enum(field: Field, value: Any, spot: Spot) -> Markup:
    return escape(enum_text(field, str(value), spot))


def _list(field: Field, value: Any, spot: Spot) -> Markup:
    item = field.item or _TEXT
    if item.private:
        return Markup()
    shown = [inline(item, each, spot) for each in value if not is_blank(each)]
    return Markup(spot.words(", ").join(shown))


def _object(field: Field, value: Any, spot: Spot) -> Markup:
    words = spot.words
    parts = [
        escape(words.label(part.title) + words(": ")) + measured(part, value[part.name], spot)
        for part in public_parts(field, value)
    ]
    return Markup(words("; ").join(parts))


def _reference(field: Field, value: Any, spot: Spot) -> Markup:
    link = spot.document(str(value))
    # The path of a document that has no page says something of it: show nothing instead.
    return Markup(f'<a href="{escape(link.href)}">{escape(link.title)}</a>') if link else Markup()


def _file(field: Field, value: Any, spot: Spot) -> Markup:
    file = spot.file(str(value))
    return Markup() if file is None else file_html(file)


def file_html(file: FileLink) -> Markup:
    """A link to a file with its type and size."""
    return Markup(
        f'<a href="{escape(file.href)}" download="{escape(file.name)}">{escape(file.title)}</a>'
        f' <span class="size">{escape(file.type)} {file.size}</span>'
    )


_TEXT = Field("", {"zh": ""})
_INLINE: dict[str, Callable[[Field, Any, Spot], Markup]] = {
    "string": _string,
    "text": _string,
    "integer": _number,
    "number": _number,
    "date": _date,
    "yearmonth": _yearmonth,
    "boolean": _boolean,
    "enum": _enum,
    "list": _list,
    "object": _object,
    "reference": _reference,
    "file": _file,
}


def public_parts(field: Field, value: dict[str, Value]) -> list[Field]:
    """The parts of an object that are shown: given, not blank, not private."""
    return [
        part for part in field.fields if not part.private and not is_blank(value.get(part.name))
    ]


def block(field: Field, value: Value, spot: Spot) -> Markup:
    """A value as a block of its own: paragraphs, a list, or a list of terms."""
    if field.type == "text" and isinstance(value, str):
        return paragraphs(value)
    if field.type == "list" and isinstance(value, list):
        item = field.item or _TEXT
        if item.private:
            return Markup()
        shown = [inside for each in value if (inside := _item(item, each, spot))]
        if len(shown) == 1 and item.type != "object":
            return shown[0]
        items = "".join(f"<li>{each}</li>" for each in shown)
        return Markup(f'<ul class="values">{items}</ul>' if items else "")
    if field.type == "object" and isinstance(value, dict):
        return _terms(field, value, spot)
    return measured(field, value, spot)


def measured(field: Field, value: Value, spot: Spot) -> Markup:
    """A value within a line, a number with its unit."""
    text = inline(field, value, spot)
    if field.unit and text and field.type in NUMERIC:
        return Markup(f"{text} {escape(spot.words(field.unit))}")
    return text


def _item(item: Field, value: Value, spot: Spot) -> Markup:
    if item.type == "object" and isinstance(value, dict):
        return _terms(item, value, spot)
    return inline(item, value, spot)


def _terms(field: Field, value: dict[str, Value], spot: Spot) -> Markup:
    label = spot.words.label
    shown = [
        f"<div><dt>{escape(label(part.title))}</dt><dd>{inside}</dd></div>"
        for part in public_parts(field, value)
        if (inside := block(part, value[part.name], spot))
    ]
    return Markup(f'<dl class="terms">{"".join(shown)}</dl>' if shown else "")


def paragraphs(text: str) -> Markup:
    """Plain text with its line breaks as paragraphs."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == 1:
        return escape(lines[0])
    return Markup("".join(f"<p>{escape(line)}</p>" for line in lines))
