"""Fixing: slugs that are missing, and dates, numbers, codes and colons written almost right.

fixed = fix(frame, paths, sort=False)   # nothing is written
write(frame.tree, fixed)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import yaml

from sitegen.authoring.forms import SITE_FILE, Form, Forms
from sitegen.authoring.layout import BODY, TABLES, Edit, Source, read_source
from sitegen.authoring.mending import Mend, in_order, mend_colons, mend_values
from sitegen.authoring.paths import place_of, write_file
from sitegen.kinds.datafile import OPTIONS
from sitegen.kinds.fields import keys_of
from sitegen.kinds.kind import Field, Kinds
from sitegen.kinds.opentables import COLUMNS_KEYS, ROWS_KEYS, TABLE
from sitegen.kinds.scalars import fold
from sitegen.making.frame import Frame
from sitegen.problems import Problem, has_errors, ordered
from sitegen.site.placing import stem_of
from sitegen.site.slugs import legal, propose, reserved
from sitegen.site.sources import COLUMN_FILE, column_folder, is_document, is_nearly_document
from sitegen.source.tree import Tree

_SLUG = re.compile(rb"^(?:slug|\xe7\xbd\x91\xe5\x9d\x80\xe5\x90\x8d) *: *[\"']?([a-z0-9-]+)", re.M)
_ENDINGS = {".yml": ".yaml", ".markdown": ".md", ".mdown": ".md", ".mkd": ".md"}


@dataclass(frozen=True, slots=True)
class Fixed:
    """What fixing comes to. `files` are the new bytes by path, `renamed` old paths and new."""

    mends: tuple[Mend, ...]
    files: Mapping[str, bytes]
    renamed: Mapping[str, str]
    problems: tuple[Problem, ...]
    """Faults of the files that could not be read and were left alone."""


def fix(frame: Frame, paths: Collection[str] = (), *, sort: bool = False) -> Fixed:
    """Mend the files at or below `paths` (relative to ``content/``); all of them if none is named.

    `sort` also brings the fields into the order of the kind.
    """
    tree, forms = frame.tree, Forms(frame)
    known = frozenset(fold(word) for word in _words(frame.kinds))
    mends: list[Mend] = []
    files: dict[str, bytes] = {}
    renamed: dict[str, str] = {}
    problems: list[Problem] = []
    slugs = _Slugs(tree)
    for old in sorted(_chosen(tree, paths)):
        path = _better_name(old, tree)
        data = tree.read(old)
        source, found, faults = mend_colons(path, data, known)
        form = forms.of(source) if source is not None else None
        if source is None or form is None:
            if has_errors(faults):
                problems += faults
            continue
        if path != old:
            if source.entry(form.record, "name" if column_folder(path) else "title") is None:
                continue  # whatever it is, it is no document
            renamed[old] = path
            mends.append(Mend(old, 1, 1, "", old.rpartition("/")[2], path.rpartition("/")[2]))
        pairs = [*_slug(source, form, slugs), *mend_values(source, form)]
        now = source.edited([edit for edit, _ in pairs])
        mends += [*found, *(mend for _, mend in pairs)]
        if sort:
            again, _ = read_source(path, now)
            edit = in_order(again, form) if again is not None else None
            if again is not None and edit is not None:
                now = again.edited([edit])
                line, column = again.mark(edit.start)
                mends.append(Mend(path, line, column, "", "", ""))
        if now != data:
            files[path] = now
    return Fixed(tuple(mends), files, renamed, ordered(problems))


def write(tree: Tree, fixed: Fixed) -> None:
    """Write what `fix` found. Raises OSError; each file is then old or new, never a mixture."""
    for old, new in fixed.renamed.items():
        place = tree.file(old).disk
        place.rename(place.with_name(new.rpartition("/")[2]))
    before = {new: old for old, new in fixed.renamed.items()}
    for path, data in fixed.files.items():
        place = place_of(tree, before.get(path, path))
        write_file(place.with_name(path.rpartition("/")[2]) if path in before else place, data)


def _chosen(tree: Tree, paths: Collection[str]) -> Iterator[str]:
    for file in tree:
        path = file.path
        if paths and not any(path == p or path.startswith(p + "/") or not p for p in paths):
            continue
        name = path.rpartition("/")[2]
        if (
            is_document(path)
            or is_nearly_document(path)
            or name in (COLUMN_FILE, "_column.yml")
            or path in (SITE_FILE, "site.yml")
        ):
            yield path


def _better_name(path: str, tree: Tree) -> str:
    """The path with the ending that it should have, if that is free."""
    stem, dot, ending = path.rpartition(".")
    better = stem + _ENDINGS.get(dot + ending, dot + ending)
    twins = {stem + ".md", stem + ".yaml"} if not stem.endswith("_column") else {better}
    return path if any(twin in tree for twin in twins) else better


class _Slugs:
    """The names that are taken in each folder."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._taken: dict[str, set[str]] = {}

    def free(self, folder: str, name: str) -> str:
        """An address name for something in a folder, which then has it."""
        taken = self._taken.get(folder)
        if taken is None:
            taken = self._taken[folder] = set(self._names(folder))
        wanted = propose(name)
        if reserved(wanted, at_root=not folder):
            wanted += "-1"
        found, number = wanted, 1
        while found in taken:
            number += 1
            found = f"{wanted}-{number}"
        taken.add(found)
        return found

    def _names(self, folder: str) -> Iterator[str]:
        prefix = folder + "/" if folder else ""
        for file in self._tree:
            inner, _, rest = file.path.removeprefix(prefix).partition("/")
            if not file.path.startswith(prefix):
                continue
            if rest and rest != COLUMN_FILE:
                yield inner.lower()
            elif rest or is_document(file.path):
                yield stem_of(file.path).lower() if not rest else inner.lower()
                if said := _SLUG.search(self._tree.read(file.path)):
                    yield said[1].decode()


def _slug(source: Source, form: Form, slugs: _Slugs) -> Iterator[tuple[Edit, Mend]]:
    """The slug of a document or column whose name cannot stand in an address."""
    folder = column_folder(source.path)
    if folder == "" or source.path == SITE_FILE:
        return
    name = stem_of(source.path) if folder is None else folder.rpartition("/")[2]
    if legal(name.lower()):
        return
    entry = source.entry(form.record, "slug")
    if entry is not None and not (
        isinstance(entry[1], yaml.ScalarNode) and not entry[1].value.strip()
    ):
        return
    above = (source.path if folder is None else folder).rpartition("/")[0]
    slug = slugs.free(above, name)
    if entry is None:
        edit = source.inserted(form.record, "slug", slug, ("title", "name"))
    else:
        colon = source.text.index(":", source.span(entry[0])[1]) + 1
        edit = Edit(colon, colon, f" {slug}")
    field = next(reader.field for reader in form.record.readers if reader.field.name == "slug")
    line, _ = source.mark(edit.start)
    line += edit.text.startswith("\n")
    yield edit, Mend(source.path, line, 1, source.key_of(field), "", slug)


def _words(kinds: Kinds) -> Iterator[str]:
    """Every key that may stand in some file."""
    yield from (*BODY, *TABLES, *COLUMNS_KEYS, *ROWS_KEYS)
    for kind in kinds.kinds.values():
        yield from _names((*kinds.fields_of(kind), *TABLE, *OPTIONS))
        for table in kind.tables:
            yield from (table.name, *table.title.values())
            yield from _names(table.fields)
    yield from _names((*kinds.site, *kinds.column))


def _names(fields: Iterable[Field]) -> Iterator[str]:
    fields = tuple(fields)
    yield from keys_of(fields)
    for field in fields:
        yield from _names(field.fields)
        if field.item is not None:
            yield from _names(field.item.fields)
