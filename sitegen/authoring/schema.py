"""JSON Schema of a kind, of ``site.yaml`` or of ``_column.yaml``, for editors' completion.

Every field may be written under its name, its Chinese title or an alias, so each is a property
under all of them. The schema is lenient where YAML's own types differ from ours (``2026`` is a
number to an editor), and strict about unknown keys and allowed values. Draft-07, which editors know
best.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from sitegen.kinds.datafile import OPTIONS
from sitegen.kinds.fields import keys_of
from sitegen.kinds.kind import Field, Kind, Kinds, Label, TableKind
from sitegen.kinds.opentables import COLUMN, COLUMNS_KEYS, ROWS_KEYS, TABLE
from sitegen.kinds.scalars import BOOLEANS

Schema: TypeAlias = dict[str, Any]

_DRAFT = "http://json-schema.org/draft-07/schema#"
_PATTERNS: Mapping[str, str] = {
    "cn-uscc": "^[0-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$",
    "cn-doc-no": "^.{1,20}(〔[0-9]{4}〕|令.{0,3}第|年第)[1-9][0-9]{0,4}号.?$",
    "cn-site-id": "^[0-9N][0-9]{9}$",
    "slug": "^[a-z0-9]+(-[a-z0-9]+)*$",
}
_STANDARD = {"email": "email", "uri": "uri"}
_DIGITS = "^[+-]?[0-9０-９][0-9０-９,，]*"


def json_schema(kinds: Kinds, name: str) -> Schema:
    """The schema of the documents of a kind, or of ``site`` or ``column``.

    Raises KeyError when there is no such kind.
    """
    if name == "site":
        return _file_schema("site.yaml", kinds.site)
    if name == "column":
        return _file_schema("_column.yaml", kinds.column)
    kind = kinds.kinds[name]
    fields = kinds.fields_of(kind)
    schema = _file_schema(_text(kind.title), fields, drafts=True)
    schema["description"] = _text(kind.description)
    schema["definitions"]["kind"] |= {"enum": [kind.name, *dict.fromkeys(kind.title.values())]}
    _add_tables(schema, kind)
    body = {"type": "string", "title": "正文", "description": "Markdown。"}
    schema["properties"] |= {"body": body, "正文": body}
    return schema


def schema_names(kinds: Kinds) -> dict[str, str]:
    """What `json_schema` can be asked for, with official titles: kinds, ``site`` and ``column``."""
    files = {"site": "site.yaml", "column": "_column.yaml"}
    return {name: kind.title["zh"] for name, kind in sorted(kinds.kinds.items())} | files


def _file_schema(title: str, fields: Iterable[Field], *, drafts: bool = False) -> Schema:
    fields = tuple(fields)
    schema: Schema = {
        "$schema": _DRAFT,
        "title": title,
        **_object(fields, drafts=drafts, refer=True),
        "definitions": {field.name: _field(field) for field in fields},
    }
    return schema


def _object(fields: Iterable[Field], *, drafts: bool = False, refer: bool = False) -> Schema:
    """A mapping whose keys are names, titles or aliases of the fields."""
    fields = tuple(fields)
    schemas = [
        {"$ref": f"#/definitions/{field.name}"} if refer else _field(field) for field in fields
    ]
    words: dict[int, list[str]] = {}
    for word, place in keys_of(fields).items():
        words.setdefault(place, []).append(word)
    schema: Schema = {
        "type": "object",
        "properties": {
            word: _offered(schemas[place], word == each.title.get("zh", each.name))
            for place, each in enumerate(fields)
            for word in words.get(place, ())
        },
        "additionalProperties": False,
    }
    required = [
        {
            "anyOf": [
                {"required": [word]}
                for word in (*words[place], *(_drafts(field) if drafts else ()))
            ]
        }
        for place, field in enumerate(fields)
        if field.constraints.required
    ]
    return schema | ({"allOf": required} if required else {})


def _offered(schema: Schema, official: bool) -> Schema:
    """Of all the keys of a field, editors offer only the official one; they know the others."""
    return schema if official else schema | {"doNotSuggest": True}


def _drafts(field: Field) -> tuple[str, ...]:
    """A draft may leave a required field open, but for its title."""
    return () if field.name == "title" else ("draft", "草稿")


def _field(field: Field) -> Schema:
    """One value, with what an editor shows of it."""
    shown: Schema = {"title": _text(field.title)}
    notes = [_text(field.description)]
    if field.unit:
        notes.append(f"单位：{field.unit}。")
    if labels := [f"{code} {_text(label)}" for code, label in field.labels.items() if label]:
        notes.append("；".join(labels) + "。")
    if text := " ".join(filter(None, notes)):
        shown["description"] = text
    return shown | _value(field)


def _value(field: Field) -> Schema:
    limits = field.constraints
    if field.type == "list":
        item = _value(field.item) if field.item else _string(Field("", {}))
        items: Schema = {"type": "array", "items": item}
        if limits.min_length is not None:
            items["minItems"] = limits.min_length
        if limits.max_length is not None:
            items["maxItems"] = limits.max_length
        return {"anyOf": [items, item]}
    if field.type == "object":
        whole = _object(field.fields)
        if field.fields and not any(part.constraints.required for part in field.fields[1:]):
            return {"anyOf": [whole, _value(field.fields[0])]}
        return whole
    if field.type == "enum":
        return {"enum": list(_choices(field))}
    if field.type == "boolean":
        return {"enum": [True, False, *(word for word in BOOLEANS if not word.isascii())]}
    if field.type in ("integer", "number", "year"):
        return _numeric(field)
    if field.type == "date":
        pattern = "^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)$"
        return {"type": "string", "pattern": pattern}
    if field.type == "yearmonth":
        return {"type": "string", "pattern": "^([0-9]{4}-[0-9]{2}|[0-9]{4}年[0-9]{1,2}月)$"}
    return _string(field)


def _string(field: Field) -> Schema:
    limits = field.constraints
    schema: Schema = {"type": ["string", "number", "boolean"]}
    if limits.enum:
        return {"enum": list(_choices(field))}
    if field.type in ("reference", "file"):
        schema = {"type": "string"}
        if field.type == "reference":
            schema["pattern"] = r"\.(md|yaml)$"
    if limits.min_length is not None:
        schema["minLength"] = limits.min_length
    if limits.max_length is not None:
        schema["maxLength"] = limits.max_length
    if limits.pattern is not None:
        schema["pattern"] = f"^(?:{limits.pattern})$"
    elif field.format and field.format in _PATTERNS:
        schema["pattern"] = _PATTERNS[field.format]
    if field.format and field.format in _STANDARD:
        schema["format"] = _STANDARD[field.format]
    return schema


def _numeric(field: Field) -> Schema:
    number: Schema = {"type": "number" if field.type == "number" else "integer"}
    for key, limit in (
        ("minimum", field.constraints.minimum),
        ("maximum", field.constraints.maximum),
    ):
        if limit is not None and limit.isascii():
            value = Decimal(limit.replace(",", ""))
            number[key] = int(value) if value == value.to_integral_value() else float(value)
    tail = {"integer": "$", "year": "年?度?$", "number": r"([.．][0-9０-９]+)?[%％]?$"}[field.type]
    return {"anyOf": [number, {"type": "string", "pattern": _DIGITS + tail}]}


def _choices(field: Field) -> Iterable[str | int]:
    """Codes and labels; a code of digits is a number to an editor."""
    codes = field.constraints.enum or tuple(field.labels)
    words = [*codes, *(word for code in codes for word in field.labels.get(code, {}).values())]
    for word in dict.fromkeys(word for word in words if word):
        yield word
        if word.isascii() and word.isdigit() and str(int(word)) == word:
            yield int(word)


def _add_tables(schema: Schema, kind: Kind) -> None:
    """The tables at the top level and under 表格."""
    tables: Schema = {}
    for table in kind.tables:
        name = f"table:{table.name}"
        schema["definitions"][name] = _table(table)
        words = dict.fromkeys((table.name, *table.title.values()))
        tables |= {word: {"$ref": f"#/definitions/{name}"} for word in words if word}
    if not tables and not kind.open_tables:
        return
    schema["properties"] |= tables
    group: Schema = {"type": "object", "properties": tables, "additionalProperties": False}
    if kind.open_tables:
        schema["definitions"]["table"] = _open_table()
        group["additionalProperties"] = {"$ref": "#/definitions/table"}
    schema["properties"] |= {"tables": group, "表格": group}


def _table(table: TableKind) -> Schema:
    rows: Schema = {"type": "array", "items": _object(table.fields)}
    file: Schema = {"type": "string", "pattern": r"\.(csv|xlsx|CSV|XLSX)$"}
    notes = [_text(table.description), f"单位：{table.unit}。" if table.unit else ""]
    return {
        "title": _text(table.title),
        "description": " ".join(filter(None, notes)),
        "anyOf": [rows, file, _object(OPTIONS)],
    }


def _open_table() -> Schema:
    columns: Schema = {
        "type": "array",
        "items": {
            "anyOf": [
                {"type": "string"},
                _object(COLUMN),
                {"type": "object", "maxProperties": 1, "additionalProperties": {"type": "string"}},
            ]
        },
    }
    rows: Schema = {"type": "array", "items": {"type": ["array", "object"]}}
    schema = _object(TABLE)
    schema["properties"] |= dict.fromkeys(COLUMNS_KEYS, columns)
    schema["properties"] |= dict.fromkeys(ROWS_KEYS, rows)
    return schema


def _text(label: Label) -> str:
    return label.get("zh", "")
