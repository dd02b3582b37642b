"""Kinds (类型): what sort of document something is, as data.

A kind is one YAML file under ``kinds/definitions`` (or a site's ``content/kinds``), in the
vocabulary of Frictionless Table Schema. This module holds the immutable values; ``loading`` reads
the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sitegen.problems import Severity

Label = Mapping[str, str]
"""A text in several languages: ``{"zh": 标题, "en": "Title"}``; ``zh`` is always there."""

TYPES = (
    "string", "text", "integer", "number", "date", "yearmonth", "year", "boolean", "enum",
    "list", "object", "reference", "file",
)  # fmt: skip
"""Field types. ``text`` is a string that may hold line breaks; ``reference`` names another document
by the path of its source file; ``file`` names an attachment beside the document."""


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a value must satisfy (Table Schema, "constraints")."""

    required: bool = False
    unique: bool = False
    minimum: str | None = None
    maximum: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    enum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field (字段) of a document or one column of a table."""

    name: str
    title: Label
    type: str = "string"
    format: str | None = None
    unit: str | None = None
    description: Label = field(default_factory=dict)
    constraints: Constraints = Constraints()
    labels: Mapping[str, Label] = field(default_factory=dict)
    """For an enum whose values are codes: what each code means."""
    item: Field | None = None
    """For a list: what it is a list of."""
    fields: tuple[Field, ...] = ()
    """For an object: its parts."""
    private: bool = False
    """Never leaves the build: not on pages, in downloads, in search or in feeds (PRIV)."""
    aliases: tuple[str, ...] = ()
    """Other headings and keys under which staff know it, such as ``XK_WSH``."""
    scale: int | None = None
    """Decimals to show for a number; None shows what was written."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A named check with its parameters, as written in the kind."""

    name: str
    params: Mapping[str, object]
    severity: Severity
    basis: str = ""
    """The article, standard or practice that it comes from."""


@dataclass(frozen=True, slots=True)
class TableKind:
    """One table (表) that documents of a kind hold."""

    name: str
    title: Label
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    required: bool = False
    unit: str | None = None
    code: str = ""
    """The official number of the table, such as 公开01表."""
    description: Label = field(default_factory=dict)
    open: bool = False
    """Defined by the document itself, not by its kind (see `Kind.open_tables`)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of document: its fields, tables, rules and template."""

    name: str
    title: Label
    fields: tuple[Field, ...] = ()
    """The kind's own fields, without the common ones (see `Kinds.common`)."""
    tables: tuple[TableKind, ...] = ()
    rules: tuple[Rule, ...] = ()
    template: str = "document.html"
    source: str = ""
    description: Label = field(default_factory=dict)
    column_type: str = ""
    open_tables: bool = False
    """Documents may bring tables with columns of their own."""

    def table(self, name: str) -> TableKind | None:
        """The table of that name, or None."""
        return next((table for table in self.tables if table.name == name), None)


@dataclass(frozen=True, slots=True)
class Kinds:
    """All kinds of a site, with the fields that every document has."""

    common: tuple[Field, ...]
    kinds: Mapping[str, Kind]
    digest: str = ""
    """Of everything that the definitions say: changes when any of them does."""
    site: tuple[Field, ...] = ()
    """The fields of ``content/site.yaml``."""
    column: tuple[Field, ...] = ()
    """The fields of ``_column.yaml``."""
    faulty: frozenset[str] = frozenset()
    """Kinds whose own files have errors: of their documents only the common fields are read."""

    def fields_of(self, kind: Kind) -> tuple[Field, ...]:
        """Common fields, with those that the kind redefines replaced in place, then its own."""
        own = {f.name: f for f in kind.fields}
        common = tuple(own.pop(f.name, f) for f in self.common)
        return common + tuple(own.values())
