"""Tables whose columns a document gives itself (for kinds with ``open_tables``).

    表格:
      shenqing:
        标题: 收到和处理申请情况
        字段: [事项, {数量: integer}]
        数据:
          - [自然人, 3]

Nothing is guessed: a column is text unless its type is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sitegen.kinds import codes
from sitegen.kinds.datafile import OPTIONS
from sitegen.kinds.fields import Reading, RecordReader
from sitegen.kinds.formats import FORMATS
from sitegen.kinds.kind import Constraints, Field, Label, TableKind
from sitegen.kinds.scalars import fold
from sitegen.source.nodes import Mapping as MappingNode
from sitegen.source.nodes import Node, Scalar, Sequence

_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TYPES: dict[str, Label] = {
    "string": {"zh": "文本"},
    "text": {"zh": "多行文本"},
    "integer": {"zh": "整数"},
    "number": {"zh": "数字"},
    "date": {"zh": "日期"},
    "yearmonth": {"zh": "年月"},
    "year": {"zh": "年份"},
    "boolean": {"zh": "是否"},
}
_TYPE = Field("type", {"zh": "类型", "en": "Type"}, "enum", labels=_TYPES)
COLUMN = (
    Field("title", {"zh": "标题", "en": "Title"}, aliases=("名称",)),
    Field("name", {"zh": "字段名", "en": "Name"}),
    _TYPE,
    Field("unit", {"zh": "单位", "en": "Unit"}),
    Field(
        "format",
        {"zh": "格式", "en": "Format"},
        "enum",
        constraints=Constraints(enum=tuple(FORMATS)),
    ),
    Field("scale", {"zh": "小数位", "en": "Decimals"}, "integer"),
    Field("required", {"zh": "必填", "en": "Required"}, "boolean"),
    Field("description", {"zh": "说明", "en": "Description"}),
)
"""What may be said of a column."""

TABLE = (
    Field("title", {"zh": "标题", "en": "Title"}, constraints=Constraints(required=True)),
    Field("unit", {"zh": "单位", "en": "Unit"}),
    Field("description", {"zh": "说明", "en": "Description"}, aliases=("备注",)),
    Field("primary_key", {"zh": "主键", "en": "Primary key"}, "list", aliases=("primaryKey",)),
    *OPTIONS,
)
"""What may be said of a table beside its columns and rows."""

COLUMNS_KEYS = ("fields", "字段", "Fields")
ROWS_KEYS = ("rows", "数据", "Rows")

_TABLE = RecordReader(TABLE, ("字段", "数据", "fields", "rows"))
_COLUMN = RecordReader(COLUMN)


def read_open_table(
    key: Scalar, node: Node, reading: Reading
) -> tuple[TableKind, dict[str, object], Node | None] | None:
    """A table's definition, its options, and the node of its rows; None when it has no columns."""
    if not _NAME.fullmatch(key.text):
        reading.problems.append(codes.TABLE_NAME.at(reading.at(key), value=key.text))
    if not isinstance(node, MappingNode):
        reading.problems.append(codes.TABLE_SHAPE.at(reading.at(node), title=key.text))
        return None
    columns, rows = _part(node, COLUMNS_KEYS), _part(node, ROWS_KEYS)
    skip = frozenset((*COLUMNS_KEYS, *ROWS_KEYS))
    options = _TABLE.read(node, reading, f"{key.text}.", skip)
    title = str(options.get("title", key.text))
    if columns is not None:
        fields = tuple(_columns(columns, title, reading))
    else:
        fields = _columns_of_rows(rows)
    if not fields:
        if not options.get("empty"):
            reading.problems.append(codes.NO_COLUMNS.at(reading.at(key), title=title))
        return None
    kind = TableKind(
        name=key.text,
        title={"zh": title},
        fields=fields,
        primary_key=_primary_key(options.get("primary_key"), fields, title, node, reading),
        unit=str(options["unit"]) if "unit" in options else None,
        description={"zh": str(options["description"])} if "description" in options else {},
        open=True,
    )
    return kind, options, rows


def _part(node: MappingNode, keys: tuple[str, ...]) -> Node | None:
    folded = {fold(key) for key in keys}
    return next((value for key, value in node.entries if fold(key.text) in folded), None)


def _columns(node: Node, title: str, reading: Reading) -> Iterable[Field]:
    seen: set[str] = set()
    for item in node.items if isinstance(node, Sequence) else (node,):
        field = _column(item, reading)
        if field is None:
            continue
        words = {field.name, field.title["zh"]}
        if words & seen:
            where = reading.at(item)
            problem = codes.COLUMN_TWICE.at(where, title=title, column=field.title["zh"])
            reading.problems.append(problem)
            continue
        seen |= words
        yield field


def _column(node: Node, reading: Reading) -> Field | None:
    """A column: its title, ``{title: type}``, or a mapping with title, type, unit …"""
    if isinstance(node, Scalar) and node.text.strip():
        return Field(node.text.strip(), {"zh": node.text.strip()})
    if not isinstance(node, MappingNode):
        return None
    if len(node.entries) == 1 and _COLUMN.place_of(node.entries[0][0].text) is None:
        key, value = node.entries[0]
        kind = _COLUMN.readers[COLUMN.index(_TYPE)].read(value, reading, "")
        return Field(key.text, {"zh": key.text}, str(kind or "string"))
    scratch = Reading(reading.path, reading.problems)
    said = _COLUMN.read(node, scratch)
    title = str(said.get("title") or said.get("name") or "")
    name = str(said.get("name") or title)
    if not name:
        problem = codes.REQUIRED.at(reading.at(node), title=_COLUMN.readers[0].title)
        reading.problems.append(problem)
        return None
    if "name" in said and not _FIELD_NAME.fullmatch(name):
        reading.problems.append(codes.TABLE_NAME.at(reading.at(node), value=name))
    plain = said.get("type", "string") == "string"
    return Field(
        name=name,
        title={"zh": title},
        type=said.get("type", "string"),
        format=said.get("format") if plain else None,
        unit=said.get("unit"),
        scale=said.get("scale"),
        description={"zh": said["description"]} if "description" in said else {},
        constraints=Constraints(required=said.get("required", False)),
    )


def _columns_of_rows(node: Node | None) -> tuple[Field, ...]:
    """The columns of rows that are mappings, all text, in the order of their first appearance."""
    names: dict[str, None] = {}
    for row in node.items if isinstance(node, Sequence) else ():
        if isinstance(row, MappingNode):
            names.update((key.text, None) for key, _ in row.entries)
    return tuple(Field(name, {"zh": name}) for name in names)


def _primary_key(
    said: object, fields: tuple[Field, ...], title: str, node: Node, reading: Reading
) -> tuple[str, ...]:
    if not isinstance(said, list):
        return ()
    names = {word: field.name for field in fields for word in (field.title["zh"], field.name)}
    found: list[str] = []
    for word in said:
        if word in names:
            found.append(names[word])
        else:
            known = "、".join(field.title["zh"] for field in fields)
            problem = codes.UNKNOWN_COLUMN.at(
                reading.at(node), title=title, column=word, known=known
            )
            reading.problems.append(problem)
    return tuple(found)
