"""One kind file's nodes to a `Kind`, strictly: every fault of the file is a located problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sitegen.kinds import codes
from sitegen.kinds.formats import FORMATS, Fault
from sitegen.kinds.kind import TYPES, Constraints, Field, Kind, Label, Rule, TableKind
from sitegen.kinds.rules import check_rule
from sitegen.kinds.scalars import text_parser
from sitegen.kinds.shapes import Shapes, is_blank
from sitegen.problems import Location, Severity
from sitegen.source.nodes import Mapping as MappingNode
from sitegen.source.nodes import Node, Scalar, Sequence

_KIND_KEYS = (
    "kind", "title", "source", "description", "column_type", "template", "open_tables", "fields",
    "tables", "rules",
)  # fmt: skip
_TABLE_KEYS = ("title", "description", "code", "unit", "required", "schema", "rules")
_FIELD_KEYS = (
    "name", "title", "type", "format", "unit", "description", "constraints", "labels", "item",
    "fields", "private", "aliases", "scale",
)  # fmt: skip
_CONSTRAINT_KEYS = {
    "required": "required", "unique": "unique", "minimum": "minimum", "maximum": "maximum",
    "minLength": "min_length", "maxLength": "max_length", "pattern": "pattern", "enum": "enum",
}  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KIND_NAME = re.compile(r"[a-z][a-z0-9-]*")
_TABLE_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_TEXTUAL = ("string", "text", "enum", "reference", "file")
_ORDERED = ("integer", "number", "date", "yearmonth", "year")


class KindFile(Shapes):
    """A kind file being read."""

    def kind(self, root: Node, common: tuple[Field, ...], rules: tuple[Rule, ...]) -> Kind | None:
        """The kind that the file defines; None when it does not even say its name.

        `common` and `rules` are those of every document.
        """
        parts = self.mapping(root, _KIND_KEYS, "kind file")
        if parts is None:
            return None
        name = self.text(parts, "kind", required=root)
        if name and not _KIND_NAME.fullmatch(name):
            self.value_fault(parts["kind"], "kind", name, "a-z 0-9 -")
        if not name:
            return None
        own = self.fields(parts.get("fields"), {each.name: each for each in common})
        tables = tuple(self.tables(parts.get("tables")))
        kind = Kind(
            name=name,
            title=self.label(parts, "title", required=root),
            fields=own,
            tables=tables,
            template=self.text(parts, "template") or "document.html",
            source=self.text(parts, "source"),
            description=self.label(parts, "description"),
            column_type=self.text(parts, "column_type"),
            open_tables=self.flag(parts, "open_tables"),
        )
        names = {each.name for each in own}
        every = (*(each for each in common if each.name not in names), *own)
        self.clashes(every, parts.get("fields", root))
        kind = replace(kind, tables=tuple(self.table_rules(kind, parts, every)))
        mine = self.rules(parts.get("rules"), None, every, kind.tables)
        return replace(kind, rules=rules + mine)

    def common(self, root: Node) -> tuple[tuple[Field, ...], tuple[Rule, ...]]:
        """The fields and rules of a file such as ``_common.yaml``."""
        parts = self.mapping(root, ("source", "fields", "rules"), "kind file") or {}
        fields = self.fields(parts.get("fields"), {})
        self.clashes(fields, root)
        return fields, self.rules(parts.get("rules"), None, fields, ())

    # Fields.

    def fields(self, node: Node | None, inherited: Mapping[str, Field]) -> tuple[Field, ...]:
        """A list of fields. A field of an inherited name takes from it what is not written."""
        found: list[Field] = []
        for item in self.items(node, "fields"):
            each = self.field(item, inherited)
            if each is not None:
                found.append(each)
        return tuple(found)

    def field(self, node: Node, inherited: Mapping[str, Field], item: str = "") -> Field | None:
        """One field; `item`: the name of the list whose item it describes."""
        parts = self.mapping(node, _FIELD_KEYS, "fields")
        if parts is None:
            return None
        name = self.text(parts, "name", required=None if item else node) or item
        if not name:
            return None
        if "name" in parts and not _NAME.fullmatch(name):
            self.value_fault(parts["name"], "name", name, "a-z 0-9 _")
        base = inherited.get(name) or Field(name, {})
        wanted = None if item or base.title else node
        kind = self.choice(parts, "type", TYPES, codes.KIND_TYPE) or base.type
        made = Field(
            name=name,
            title=self.label(parts, "title", required=wanted) or base.title or {"zh": name},
            type=kind,
            format=self.choice(parts, "format", tuple(FORMATS), codes.KIND_FORMAT) or base.format,
            unit=self.text(parts, "unit") or base.unit,
            description=self.label(parts, "description") or base.description,
            constraints=self.constraints(parts.get("constraints"), base.constraints),
            labels=self.labels(parts.get("labels")) or base.labels,
            item=self.field(parts["item"], {}, name) if "item" in parts else base.item,
            fields=self.fields(parts["fields"], {}) if "fields" in parts else base.fields,
            private=self.flag(parts, "private") if "private" in parts else base.private,
            aliases=tuple(self.texts(parts.get("aliases"), "aliases")) or base.aliases,
            scale=self.number(parts, "scale") if "scale" in parts else base.scale,
        )
        self.clashes(made.fields, node)
        return made if self.is_sound(made, parts, node) else None

    def is_sound(self, made: Field, parts: Mapping[str, Node], node: Node) -> bool:
        """Whether type and constraints fit together, so that the field can be compiled."""
        before = len(self.problems)
        if made.type == "enum" and not (made.constraints.enum or made.labels):
            self.problems.append(codes.KIND_MISSING_KEY.at(self.at(node), key="constraints.enum"))
        if made.type == "object" and not made.fields:
            self.problems.append(codes.KIND_MISSING_KEY.at(self.at(node), key="fields"))
        if made.format and made.type != "string":
            self.value_fault(parts.get("format", node), "format", made.format, "type: string")
        where = parts.get("constraints", node)
        limits = made.constraints
        if limits.pattern is not None:
            self.check_pattern(limits.pattern, made, where)
        if (limits.minimum or limits.maximum) and made.type not in _ORDERED:
            self.value_fault(where, "minimum, maximum", made.type, ", ".join(_ORDERED))
        elif len(self.problems) == before:
            self.check_limits(made, where)
        return len(self.problems) == before

    def check_pattern(self, pattern: str, made: Field, where: Node) -> None:
        """A pattern must compile, and belongs to texts."""
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError) as error:
            problem = codes.KIND_PATTERN.at(self.at(where), value=pattern, reason=error)
            self.problems.append(problem)
        if made.type not in _TEXTUAL and made.type != "yearmonth":
            self.value_fault(where, "pattern", made.type, ", ".join(_TEXTUAL))

    def check_limits(self, made: Field, where: Node) -> None:
        """Limits and allowed values must themselves be values of the field's type."""
        limits = made.constraints
        texts = [("minimum", limits.minimum), ("maximum", limits.maximum)]
        if made.type not in ("enum", "list", "object"):
            texts += [("enum", value) for value in limits.enum]
        bare = replace(made, constraints=Constraints(), format=None)
        for key, text in texts:
            if text is not None and isinstance(text_parser(bare)(text, ""), Fault):
                self.value_fault(where, key, text, made.type)

    def constraints(self, node: Node | None, base: Constraints) -> Constraints:
        """The constraints of a field, over those that it inherits."""
        if node is None:
            return base
        parts = self.mapping(node, tuple(_CONSTRAINT_KEYS), "constraints") or {}
        found: dict[str, Any] = {}
        for key in parts:
            if key in ("required", "unique"):
                found[key] = self.flag(parts, key)
            elif key in ("minLength", "maxLength"):
                found[_CONSTRAINT_KEYS[key]] = self.number(parts, key)
            elif key == "enum":
                found[key] = tuple(self.texts(parts[key], key))
            else:
                found[key] = self.text(parts, key) or None
        return replace(base, **found)

    def labels(self, node: Node | None) -> dict[str, Label]:
        """Codes and what they mean."""
        if node is None:
            return {}
        if not isinstance(node, MappingNode):
            self.shape_fault(node, "labels", "{code: label}")
            return {}
        return {key.text: self.label_of(value, "labels") for key, value in node.entries}

    def clashes(self, fields: Iterable[Field], node: Node) -> None:
        """Report two fields that answer to one name or one Chinese title."""
        every = tuple(fields)
        names = [(each.name, each.name) for each in every]
        titles = [(each.title.get("zh", ""), each.name) for each in every]
        for words in (names, titles):
            seen: dict[str, str] = {}
            for word, name in words:
                if word in seen:
                    problem = codes.KIND_DUPLICATE.at(
                        self.at(node), key=word, one=seen[word], other=name
                    )
                    self.problems.append(problem)
                seen.setdefault(word, name)

    # Tables and rules.

    def tables(self, node: Node | None) -> Iterator[TableKind]:
        """The tables of a kind, without their rules."""
        if node is None or is_blank(node):
            return
        if not isinstance(node, MappingNode):
            self.shape_fault(node, "tables", "{name: table}")
            return
        for key, value in node.entries:
            if not _TABLE_NAME.fullmatch(key.text):
                self.value_fault(key, "tables", key.text, "a-z 0-9 _ -")
            parts = self.mapping(value, _TABLE_KEYS, "tables")
            if parts is None:
                continue
            schema = self.mapping(parts.get("schema"), ("fields", "primaryKey"), "schema")
            if schema is None or "fields" not in schema:
                problem = codes.KIND_MISSING_KEY.at(self.at(value), key="schema.fields")
                self.problems.append(problem)
                continue
            fields = self.fields(schema["fields"], {})
            self.clashes(fields, schema["fields"])
            yield TableKind(
                name=key.text,
                title=self.label(parts, "title", required=value),
                fields=fields,
                primary_key=self.primary_key(schema.get("primaryKey"), fields),
                required=self.flag(parts, "required"),
                unit=self.text(parts, "unit") or None,
                code=self.text(parts, "code"),
                description=self.label(parts, "description"),
            )

    def primary_key(self, node: Node | None, fields: tuple[Field, ...]) -> tuple[str, ...]:
        """The fields that tell rows apart."""
        names = {each.name for each in fields}
        key: list[str] = []
        for item in self.items(node, "primaryKey", single=True):
            if isinstance(item, Scalar) and item.text in names:
                key.append(item.text)
            else:
                value = item.text if isinstance(item, Scalar) else "…"
                problem = codes.KIND_UNKNOWN_FIELD.at(self.at(item), key="primaryKey", value=value)
                self.problems.append(problem)
        return tuple(key)

    def table_rules(
        self, kind: Kind, parts: Mapping[str, Node], fields: tuple[Field, ...]
    ) -> Iterator[TableKind]:
        """The tables with their rules, which may name fields of the document and other tables."""
        node = parts.get("tables")
        entries = node.entries if isinstance(node, MappingNode) else ()
        written = {key.text: value for key, value in entries}
        for table in kind.tables:
            value = written[table.name]
            rules = value.get("rules") if isinstance(value, MappingNode) else None
            yield replace(table, rules=self.rules(rules, table, fields, kind.tables))

    def rules(
        self,
        node: Node | None,
        table: TableKind | None,
        fields: tuple[Field, ...],
        tables: tuple[TableKind, ...],
    ) -> tuple[Rule, ...]:
        """A list of rules; those that cannot be applied are reported and left out."""
        found: list[Rule] = []
        for item in self.items(node, "rules"):
            if not isinstance(item, MappingNode):
                self.shape_fault(item, "rules", "{rule: name, …}")
                continue
            places = {key.text: self.at(value) for key, value in item.entries}
            parts = {key.text: value for key, value in item.entries}
            name = self.text(parts, "rule", required=item)
            if not name:
                continue
            severities = tuple(str(severity) for severity in Severity)
            severity = self.choice(parts, "severity", severities, codes.KIND_VALUE)
            params = {
                key: _plain(value)
                for key, value in parts.items()
                if key not in ("rule", "severity", "basis")
            }
            rule = Rule(name, params, Severity(severity or "error"), self.text(parts, "basis"))
            here = self.at(item)
            faults = check_rule(rule, table, fields, tables, _places(places, here))
            self.problems += faults
            if not faults:
                found.append(rule)
        return tuple(found)


def _plain(node: Node) -> Any:
    """A rule's parameter as plain lists, mappings and texts."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return {key.text: _plain(value) for key, value in node.entries}


def _places(places: Mapping[str, Location], here: Location) -> Any:
    return lambda name: places.get(name or "", here)
