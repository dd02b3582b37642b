"""Documents to cards: the small face that assembling looks at, made where a document is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, cast

from sitegen.kinds.document import Document, Mark, Table, Value
from sitegen.kinds.kind import Field, Kind, Kinds
from sitegen.site.cards import (
    AttachmentCard,
    Card,
    DeclaredChange,
    LinkCard,
    Reference,
    TableCard,
)

_TEXTS = (
    "slug",
    "index_no",
    "doc_no",
    "issuer",
    "responsible",
    "source",
    "summary",
    "topic",
    "genre",
    "disclosure",
    "validity",
    "a20_class",
)
_DATES = ("formed_on", "published_on", "effective_on", "expires_on", "public_until")
_SHOWN = frozenset((*_TEXTS, "keywords")) - {"slug", "disclosure"}
"""What is on a card only to be shown; the rest decides where and whether a page is made."""

_KEPT_MARKS = frozenset({"title", "draft", "changes", "aliases", *_TEXTS, *_DATES})


class Body(Protocol):
    """What is taken from a rendered body (``render.markdown.Rendered``)."""

    @property
    def links(self) -> tuple[LinkCard, ...]:
        """Links to source files."""

    @property
    def anchors(self) -> tuple[str, ...]:
        """Every id that a link may point to."""


def card_of(document: Document, body: Body, kinds: Kinds) -> Card:
    """The card of a document with its rendered body. Private fields leave nothing on it."""
    values = cast(Mapping[str, Any], document.fields)
    marks = document.marks or {}
    kind = kinds.kinds.get(document.kind, Kind(document.kind, {"zh": document.kind}))
    fields = [field for field in kinds.fields_of(kind) if not field.private]
    hidden = {field.name for field in kinds.fields_of(kind) if field.private} & _SHOWN
    chosen: dict[str, Any] = {
        name: values[name]
        for name in (*_TEXTS, *_DATES)
        if values.get(name) is not None and name not in hidden
    }
    files = list(_files(fields, values, marks))
    references = list(_references(fields, values, marks))
    for table in document.tables:
        _of_table(table, marks, files, references)
    return Card(
        path=document.path,
        kind=document.kind,
        title=str(values.get("title") or ""),
        keywords=tuple(
            str(word) for word in values.get("keywords") or () if "keywords" not in hidden
        ),
        draft=bool(values.get("draft")),
        order=int(values.get("order") or 0),
        year=values["year"] if isinstance(values.get("year"), int) else None,
        changes=tuple(_changes(values, marks)),
        references=tuple(dict.fromkeys(references)),
        attachments=tuple(_attachments(values, marks)),
        links=tuple(dict.fromkeys(body.links)),
        anchors=body.anchors,
        tables=tuple(_tables(document.tables)),
        files=tuple(dict.fromkeys(files)),
        aliases=tuple(
            (str(alias), _mark(marks, "aliases", place))
            for place, alias in enumerate(values.get("aliases") or ())
        ),
        has_body=bool(document.body.strip()),
        marks={name: mark for name, mark in marks.items() if name in _KEPT_MARKS},
        **chosen,
    )


def _mark(marks: Mapping[str, Mark], *way: object) -> Mark:
    """The mark of the innermost part that has one."""
    for end in range(len(way), 0, -1):
        if (mark := marks.get(".".join(str(step) for step in way[:end]))) is not None:
            return mark
    return (1, 1)


def _changes(values: Mapping[str, Any], marks: Mapping[str, Mark]) -> Iterator[DeclaredChange]:
    for place, change in enumerate(values.get("changes") or ()):
        if change.get("date") is not None and change.get("act"):
            yield DeclaredChange(
                on=change["date"],
                act=change["act"],
                note=change.get("note") or "",
                responsible=change.get("responsible") or "",
                minor=bool(change.get("minor")),
                mark=_mark(marks, "changes", place),
            )


def _attachments(values: Mapping[str, Any], marks: Mapping[str, Mark]) -> Iterator[AttachmentCard]:
    for place, item in enumerate(values.get("attachments") or ()):
        if file := item.get("file"):
            yield AttachmentCard(
                file=file,
                title=item.get("title") or "",
                slug=item.get("slug") or "",
                note=item.get("note") or "",
                mark=_mark(marks, "attachments", place, "file"),
            )


def _tables(tables: Iterable[Table]) -> Iterator[TableCard]:
    for table in tables:
        title = table.kind.title
        yield TableCard(
            name=table.kind.name,
            title=title.get("zh") or next(iter(title.values()), table.kind.name),
            rows=len(table.rows),
            source=table.source,
        )


def _leaves(
    fields: Iterable[Field], values: Mapping[str, Any], wanted: str, way: tuple[object, ...] = ()
) -> Iterator[tuple[Field, str, tuple[object, ...]]]:
    """Every value of one type in fields, lists and objects, with its way from the top."""
    for field in fields:
        value = values.get(field.name)
        if value is not None and not field.private:
            yield from _inside(field, value, wanted, (*way, field.name))


def _inside(
    field: Field, value: Any, wanted: str, way: tuple[object, ...]
) -> Iterator[tuple[Field, str, tuple[object, ...]]]:
    if field.type == wanted and value:
        yield field, str(value), way
    elif field.type == "list" and field.item is not None and isinstance(value, list):
        for place, item in enumerate(value):
            if item is not None:
                yield from _inside(field.item, item, wanted, (*way, place))
    elif field.type == "object" and isinstance(value, dict):
        yield from _leaves(field.fields, value, wanted, way)


def _references(
    fields: Iterable[Field], values: Mapping[str, Value], marks: Mapping[str, Mark]
) -> Iterator[Reference]:
    for _, target, way in _leaves(fields, values, "reference"):
        yield Reference(str(way[0]), target, _mark(marks, *way))


def _files(
    fields: Iterable[Field], values: Mapping[str, Value], marks: Mapping[str, Mark]
) -> Iterator[LinkCard]:
    for _, file, way in _leaves(fields, values, "file"):
        if way[0] != "attachments":
            yield LinkCard(file, "", _mark(marks, *way))


def _of_table(
    table: Table, marks: Mapping[str, Mark], files: list[LinkCard], references: list[Reference]
) -> None:
    """Files and documents that the cells of a table name.

    Cells of a data file have no place in the document: the line that names the file stands for it.
    """
    name = table.kind.name
    source = marks.get(f"{name}.file", (1, 1))
    for place, field in enumerate(table.kind.fields):
        if field.private or not _may_hold(field):
            continue
        for number, row in enumerate(table.rows):
            if (value := row[place]) is not None:
                mark = marks.get(f"{name}.{number}.{field.name}", source)
                for _, file, _ in _inside(field, value, "file", (field.name,)):
                    files.append(LinkCard(file, "", mark))
                for _, target, _ in _inside(field, value, "reference", (field.name,)):
                    references.append(Reference(f"{name}.{field.name}", target, mark))


def _may_hold(field: Field) -> bool:
    """Whether a field, or a part of it, can name a file or a document."""
    parts = [*field.fields, *([field.item] if field.item else [])]
    return field.type in ("file", "reference") or any(_may_hold(part) for part in parts)
