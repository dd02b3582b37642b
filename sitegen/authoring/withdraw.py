"""Withdrawing: a change 撤下 with today's date and the reason; the file stays.

The site then shows a page with the reason in place of the text, for ever.
"""

from __future__ import annotations

import datetime

from sitegen.authoring import codes
from sitegen.authoring.forms import Form, Forms
from sitegen.authoring.layout import Source, read_source
from sitegen.kinds.document import Document
from sitegen.kinds.fields import CONTENT
from sitegen.kinds.kind import Field
from sitegen.kinds.reading import read_document
from sitegen.making.frame import Frame
from sitegen.problems import Location, Problem
from sitegen.render.markdown import Rendered
from sitegen.site.carding import card_of
from sitegen.site.cards import Card
from sitegen.site.lifecycle import PUBLISHED, state_of, withdrawal_of
from sitegen.site.sources import is_document


def withdrawn(
    frame: Frame, path: str, note: str, today: datetime.date, responsible: str = ""
) -> tuple[bytes | None, tuple[Problem, ...]]:
    """The bytes of the document at `path` (relative to ``content/``), withdrawn as of today."""
    where = Location(CONTENT + path)
    if not is_document(path) or path not in frame.tree:
        return None, (codes.NOT_FOUND.at(where, path=CONTENT + path),)
    if not note.strip():
        return None, (codes.NO_NOTE.at(where),)
    data = frame.tree.read(path)
    source, problems = read_source(path, data)
    forms = Forms(frame)
    form = forms.of(source) if source is not None else None
    card = card_at(frame, forms, path, data)
    if source is None or form is None or card is None:
        return None, problems or (codes.NOT_FOUND.at(where, path=CONTENT + path),)
    if withdrawal := withdrawal_of(card, today):
        place = Location(CONTENT + path, *withdrawal.mark)
        return None, (codes.ALREADY_WITHDRAWN.at(place, on=withdrawal.on),)
    if state_of(card, today).name != PUBLISHED:
        return None, (codes.NOT_PUBLIC.at(where),)
    edit = source.appended(
        form.record, "changes", change(form, source, today, "撤下", note, responsible)
    )
    if edit is None:
        return None, (cannot_edit(form, source, "changes", f"{{{today}, 撤下, {note}}}"),)
    return source.edited([edit]), ()


def change(
    form: Form,
    source: Source,
    on: datetime.date,
    act: str,
    note: str,
    responsible: str = "",
    *,
    minor: bool = False,
) -> list[tuple[str, str]]:
    """An entry of 变更, in the file's own language, for `Source.appended`."""
    item = field_named(form, "changes").item
    parts = {part.name: part for part in (item.fields if item is not None else ())}
    said = {"date": str(on), "act": act, "note": note.strip(), "responsible": responsible}
    if minor:
        said["minor"] = "是" if source.chinese else "true"
    return [(source.key_of(parts[name]), text) for name, text in said.items() if text]


def field_named(form: Form, name: str) -> Field:
    """A field of a form. Raises StopIteration for one that it does not have."""
    return next(reader.field for reader in form.record.readers if reader.field.name == name)


def cannot_edit(form: Form, source: Source, name: str, item: str) -> Problem:
    """The problem that a list is written in a way that cannot be continued."""
    entry = source.entry(form.record, name)
    mark = source.mark(source.span(entry[0])[0]) if entry is not None else (1, 1)
    title = field_named(form, name).title.get("zh", name)
    return codes.CANNOT_EDIT.at(Location(CONTENT + source.path, *mark), title=title, item=item)


def card_at(frame: Frame, forms: Forms, path: str, data: bytes) -> Card | None:
    """The card of a document's bytes, without what only its body tells."""
    document = document_at(frame, forms, path, data)
    return None if document is None else card_of(document, Rendered(""), frame.kinds)


def document_at(frame: Frame, forms: Forms, path: str, data: bytes) -> Document | None:
    """A document's bytes read; None when nothing of it can be understood."""

    def open_file(name: str) -> bytes | None:
        return None  # what the tables hold does not matter here

    kind = forms.default_kind(path)
    document, _ = read_document(path, data, frame.kinds, open_file, default_kind=kind)
    return document
