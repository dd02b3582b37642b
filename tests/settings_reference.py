"""docs/settings.md from the field definitions: site.yaml, _column.yaml, the common fields.

``make references`` runs this; a test holds what it would write against what is committed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sitegen.kinds.kind import Field
from sitegen.kinds.loading import load_kinds

PATH = Path(__file__).parent.parent / "docs" / "settings.md"

_HEAD = """\
# Settings and fields 设置和字段

A key may be written in English or as its Chinese title, everywhere. Fields marked **must** 必填
have to be there. What each kind of document adds of its own: `sitegen schema KIND`, and
`sitegen/kinds/definitions/`.

This file is made by `make references`.
"""
_PARTS = (
    ("site", "content/site.yaml", "The settings of the site. 网站设置。"),
    ("column", "_column.yaml", "What a column says of itself. 栏目说明。"),
    (
        "common",
        "Every document 每条信息",
        "The fields of every kind of document. 各类信息共有的字段。",
    ),
)
_TYPES = {
    "string": "text 文字", "text": "Markdown", "integer": "whole number 整数",
    "number": "number 数", "date": "date 日期", "yearmonth": "month 月份", "year": "year 年份",
    "boolean": "yes or no 是否", "enum": "one of 其一", "list": "list 列表",
    "object": "group 一组", "reference": "source file 源文件", "file": "file 文件",
}  # fmt: skip


def text() -> str:
    """The whole file."""
    kinds, problems = load_kinds()
    assert not problems
    parts = [_HEAD]
    for name, title, note in _PARTS:
        parts.append(f"## {title}\n\n{note}\n\n| key | 中文 | type | |\n|---|---|---|---|")
        parts += [*_rows(getattr(kinds, name), ""), ""]
    return "\n".join(parts)


def _rows(fields: tuple[Field, ...], above: str) -> Iterator[str]:
    for field in fields:
        key = f"{above}{field.name}"
        inner = field.fields or (field.item.fields if field.item else ())
        names = "、".join(dict.fromkeys((field.title.get("zh", ""), *field.aliases)))
        yield f"| `{key}` | {names} | {_type(field)} | {_cell(_note(field))} |"
        yield from _rows(inner, f"{key}[]." if field.type == "list" else f"{key}.")


def _type(field: Field) -> str:
    told = _TYPES[field.type]
    if field.type == "list" and field.item and field.item.type not in ("string", "object"):
        told += f": {_TYPES[field.item.type]}"
    return told + (f" ({field.format})" if field.format else "")


def _note(field: Field) -> str:
    limits = field.constraints
    notes = [
        "**must 必填**" if limits.required else "",
        "never published 不公开" if field.private else "",
        field.description.get("zh", ""),
        f"单位：{field.unit}" if field.unit else "",
        "；".join(_choices(field)),
    ]
    notes += [f"≥ {limits.minimum}"] if limits.minimum is not None else []
    notes += [f"≤ {limits.maximum}"] if limits.maximum is not None else []
    return " ".join(filter(None, notes))


def _choices(field: Field) -> Iterator[str]:
    for code in field.constraints.enum or field.labels:
        label = field.labels.get(code, {}).get("zh", "")
        yield f"`{code}` {label}".strip() if label != code else f"`{code}`"


def _cell(note: str) -> str:
    return note.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
