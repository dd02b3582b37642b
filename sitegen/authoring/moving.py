"""Moving a document: its file and folder, its old address, and every link that leads to it.

moved, problems = move_document(frame, "a/b.md", "c/d.md", today)   # nothing is written
carry_out(frame, moved)
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import yaml
from msgspec import structs

from sitegen.authoring import codes, repository
from sitegen.authoring.forms import SITE_FILE, Form, Forms
from sitegen.authoring.layout import Edit, Source, read_source
from sitegen.authoring.paths import place_of, write_file
from sitegen.authoring.relinking import Move, names, relinked
from sitegen.authoring.withdraw import cannot_edit, card_at, change
from sitegen.kinds.fields import CONTENT
from sitegen.making.frame import Frame
from sitegen.problems import Location, Problem
from sitegen.site.cards import Card
from sitegen.site.lifecycle import state_of
from sitegen.site.placing import Folders, document_address, stem_of
from sitegen.site.slugs import legal, propose
from sitegen.site.sources import column_folder, is_document


@dataclass(frozen=True, slots=True)
class Moved:
    """What moving comes to. Paths are relative to ``content/``."""

    old: str
    new: str
    folder: tuple[str, str] | None
    """The folder of its own files, before and after."""
    files: Mapping[str, bytes]
    """New bytes, by the path afterwards; the document itself among them if it changed."""
    old_address: str
    new_address: str
    alias: bool
    """Whether the old address leads to the new one from now on."""


def move_document(
    frame: Frame, old: str, new: str, today: datetime.date, note: str = ""
) -> tuple[Moved | None, tuple[Problem, ...]]:
    """Work out the move of a document to another path, folder (``c/``) or name."""
    tree = frame.tree
    where = Location(CONTENT + old)
    if not is_document(old) or old not in tree:
        return None, (codes.NOT_FOUND.at(where, path=CONTENT + old),)
    new = _target(frame, old, new)
    if problem := _refused(frame, old, new):
        return None, (problem,)
    data = tree.read(old)
    forms = Forms(frame)
    source, problems = read_source(old, data)
    form = forms.of(source) if source is not None else None
    card = card_at(frame, forms, old, data)
    if source is None or form is None or card is None:
        return None, problems or (codes.NOT_FOUND.at(where, path=CONTENT + old),)

    known = frozenset(file.path for file in tree)
    own = old.rpartition(".")[0] + "/"
    inner = [path for path in known if path.startswith(own)]
    along = bool(inner) and not any(is_document(p) or column_folder(p) for p in inner)
    move = Move(old, new, known, with_folder=along)

    edits = list(relinked(source, form, move))
    folders = Folders({column.path: column for column in frame.columns})
    address, _ = document_address(card, folders)
    slug = "" if card.slug or legal(stem_of(new).lower()) else propose(stem_of(new))
    if slug:
        edits.append(source.inserted(form.record, "slug", slug, ("title",)))
    goal, _ = document_address(structs.replace(card, path=new, slug=card.slug or slug), folders)
    kept = state_of(card, today).built and address != goal
    if kept:
        told = _history(source, form, card, address, goal, today, note or _note(frame, old, new))
        if isinstance(told, Problem):
            return None, (told,)
        edits += told
    files = {new: source.edited(edits)} if edits else {}
    left: list[Problem] = []
    for file in tree:
        path = file.path
        if path == old or not (is_document(path) or path == SITE_FILE):
            continue
        data = tree.read(path)
        if not names(data, move):
            continue
        other, _ = read_source(path, data)
        other_form = forms.of(other) if other is not None else None
        if other is None or other_form is None:
            left.append(codes.LINKS_LEFT.at(Location(CONTENT + path), old=CONTENT + old))
        elif links := list(relinked(other, other_form, move)):
            said = _link_change(frame, forms, other, other_form, data, today)
            files[path] = other.edited([*links, *said])
    folder = (own[:-1], new.rpartition(".")[0]) if along else None
    return Moved(old, new, folder, files, address, goal, kept), tuple(left)


def carry_out(frame: Frame, moved: Moved) -> None:
    """Move and write, in git's index too where the files are tracked. Raises OSError."""
    content = frame.tree.root
    repository.move(content, moved.old, moved.new)
    if moved.folder is not None:
        repository.move(content, *moved.folder)
    for path, data in moved.files.items():
        write_file(place_of(frame.tree, path), data)


def _target(frame: Frame, old: str, new: str) -> str:
    """The path that was meant: a folder takes the old name, a bare name the old ending."""
    if new.endswith("/") or new == "" or (frame.tree.root / new).is_dir():
        new = f"{new.rstrip('/')}/{old.rpartition('/')[2]}".lstrip("/")
    ending = "." + old.rpartition(".")[2]
    return new if new.endswith((".md", ".yaml")) else new + ending


def _refused(frame: Frame, old: str, new: str) -> Problem | None:
    where, root = Location(CONTENT + new), frame.tree.root
    if new == old:
        return codes.SAME_PLACE.at(where)
    if not is_document(new) or new.rpartition(".")[2] != old.rpartition(".")[2]:
        return codes.NOT_A_DOCUMENT_NAME.at(where, path=new)
    stem = new.rpartition(".")[0]
    for twin in (f"{stem}.md", f"{stem}.yaml", stem):
        same = twin.lower() in (old.lower(), old.rpartition(".")[0].lower())  # only its case
        if (root / twin).exists() and not same:
            return codes.ALREADY_THERE.at(where, path=CONTENT + twin)
    columns = {column.path for column in frame.columns}
    folder = new.rpartition("/")[0]
    while folder and folder not in columns:
        folder, _, name = folder.rpartition("/")
        if not legal(name.lower()):
            return codes.FOLDER_NAME.at(where, name=name, proposal=propose(name))
    return None


def _note(frame: Frame, old: str, new: str) -> str:
    """What the log says of a move from one column to another; nothing within one."""
    columns = {column.path: column.name for column in frame.columns}

    def column(path: str) -> str:
        while path and path not in columns:
            path = path.rpartition("/")[0]
        return columns.get(path, "")

    before, after = column(old), column(new)
    if before == after or not (before and after):
        return ""
    if frame.settings.language.startswith("en"):
        return f"moved from “{before}” to “{after}”"
    return f"由“{before}”移至“{after}”"


def _link_change(
    frame: Frame, forms: Forms, source: Source, form: Form, data: bytes, today: datetime.date
) -> list[Edit]:
    """A minor change, so that an edit of a public document is not taken for a silent one."""
    card = card_at(frame, forms, source.path, data) if source.path != SITE_FILE else None
    settings = frame.settings
    if card is None or not state_of(card, today).built or card.published_on is None:
        return []
    if card.published_on >= today or (settings.history_start or today) > today:
        return []
    near = datetime.timedelta(days=settings.history_tolerance_days)
    if any(abs(each.on - today) <= near for each in card.changes):
        return []
    note = "links updated" if settings.language.startswith("en") else "更新链接"
    item = change(form, source, today, "修订", note, minor=True)
    edit = source.appended(form.record, "changes", item)
    return [] if edit is None else [edit]


def _history(
    source: Source,
    form: Form,
    card: Card,
    address: str,
    goal: str,
    today: datetime.date,
    note: str,
) -> list[Edit] | Problem:
    """The old address among the aliases, without the new one, and the change 移动."""
    back = next((each for each, _ in card.aliases if each.strip("/").lower() == goal), None)
    alias = _replaced_alias(source, form, back, address) if back is not None else None
    alias = alias or source.appended(form.record, "aliases", address)
    if alias is None:
        return cannot_edit(form, source, "aliases", address)
    item = change(form, source, today, "移动", note)
    made = source.appended(form.record, "changes", item)
    if made is None:
        return cannot_edit(form, source, "changes", f"{{{today}, 移动, {note}}}")
    return [alias, made]


def _replaced_alias(source: Source, form: Form, old: str | None, new: str) -> Edit | None:
    """The new alias in the place of one that is the document's address again."""
    entry = source.entry(form.record, "aliases")
    if entry is None:
        return None
    value = entry[1]
    items = value.value if isinstance(value, yaml.SequenceNode) else [value]
    for item in items:
        if isinstance(item, yaml.ScalarNode) and item.value == old:
            return source.replaced(item, new)
    return None
