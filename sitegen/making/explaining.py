"""Explaining: why an output was made or reused at the last build, in words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from sitegen.engine.recorder import EVERY, EXISTS
from sitegen.engine.store import DamagedError
from sitegen.engine.traces import Broken
from sitegen.engine.workspace import ledger_folder
from sitegen.kinds.kind import Field, Kinds
from sitegen.making.memory import ALTERED, AROUND, CHANGED, LISTED, NEW, OTHER, recall
from sitegen.making.watched import COLUMN, ENTRY, FACTS, SETTINGS, SITE, THEME
from sitegen.problems import N_, Translate

_MOST = 12
_MADE = {
    NEW: N_("It was made, because no build had made it before, or none is remembered."),
    OTHER: N_("It was made, because something else stood at this address before."),
    ALTERED: N_("It was made, because the file was gone or had been altered by someone else."),
    LISTED: N_("It was made, because it lists all files, and they are not the same."),
    CHANGED: N_("It was made, because this is not as it was:"),
    AROUND: N_("What surrounds its text was made again, because this is not as it was:"),
}
_REUSED = N_("It was reused: nothing that making it looked at has changed since it was made.")
_NAMES = {
    "address": N_("address"),
    "column": N_("column"),
    "state": N_("whether it is shown"),
    "validity": N_("validity"),
    "validity_since": N_("validity"),
    "revised_on": N_("day of the last revision"),
    "relations": N_("relations to other documents"),
    "changes": N_("changes"),
    "attachments": N_("attachments"),
    "newer": N_("next newer document"),
    "older": N_("next older document"),
    "documents": N_("list of documents"),
    "children": N_("columns below it"),
    "as_of": N_("day of the build"),
    "log": N_("update log"),
    "redirects": N_("old addresses"),
    "left_out": N_("what is left out"),
    "revision": N_("commit"),
    "words": N_("words"),
    "options": N_("options"),
    "document": N_("fields, tables or text"),
    "body": N_("text"),
    "text": N_("beginning of the text"),
}
_QUESTIONS = {
    "has_changes": N_("whether {what} has an update log"),
    "private_fields": N_("which fields of the kind {name} are private"),
    "has_feed": N_("whether {what} has feeds"),
    "all_archived": N_("which columns are archived"),
    "count_column_changes": N_("how many changes there were in {what}"),
    "last_change_below": N_("when {what} last changed"),
    "redirect_at": N_("where the old address {name} leads"),
    "lineage": N_("the path of columns to {what}"),
    "offered_columns": N_("which columns are below {what}"),
    "archived_columns": N_("which archived columns are below {what}"),
    "documents_of": N_("which documents {what} lists, and in what order"),
    "documents_of_year": N_("which documents of a year {what} lists"),
    "years_of": N_("of which years {what} has documents"),
    "count_below": N_("how many documents are in {what} and below"),
    "newest_below": N_("which documents are the newest in {what}"),
    "newest_changed": N_("which documents changed last in {what}"),
    "newest_changes": N_("the newest changes"),
    "changes_of_month": N_("the changes of {name}"),
    "log_months": N_("which months the update log has"),
    "months_around": N_("the months around {name}"),
    "column_changes": N_("the changes in {what}"),
    "rows": N_("the directory of disclosures"),
    "rows_of_page": N_("the directory of disclosures"),
    "count_rows": N_("how many documents the directory has"),
    "sitemap_pages": N_("which pages the site has, and when they changed"),
}
"""By the name of the question in ``site.questions`` and its like."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What can be said of an address: whether it is known, and the lines that say it."""

    known: bool
    lines: tuple[str, ...]


def explain(
    root: Path, output: Path, address: str, translate: Translate, language: str, full: bool = False
) -> Explanation:
    """Why the output at `address` was made or reused when `root` was last built into `output`.

    With `full`, also everything that making it looked at.
    """
    _ = translate
    memory = recall(ledger_folder(root, output), 0, cached=True)
    try:
        if memory.head is None:
            return Explanation(False, (_("No build into this folder is remembered."),))
        addresses = memory.addresses()
        if address not in addresses and (output / address).is_file():
            line = _(
                '"{address}" is not of this site: sitegen did not write it, and leaves it alone.'
            )
            return Explanation(False, (line.format(address=address),))
        if address not in addresses:
            near = difflib.get_close_matches(address, addresses, n=1)
            line = _('The last build made nothing at "{address}".').format(address=address)
            hint = [_('Did you mean "{near}"?').format(near=near[0])] if near else []
            return Explanation(False, (line, *hint))
        told = _Words(memory.ground().kinds, translate, language)
        reason = memory.reasons().get(address)
        if reason is None:
            lines = [_(_REUSED)]
        else:
            lines = [_(_MADE[reason.sort]), *_listed(told.causes(reason.broken), full, _)]
        if full:
            row = addresses.index(address)
            trace = memory.book().flat(memory.left().trace_numbers()[row])
            seen = told.causes(Broken(subject, bits) for subject, bits in sorted(trace.items()))
            lines += [_("Making it looked at:"), *(f"  {line}" for line in seen)]
    except DamagedError:
        return Explanation(False, (_("No build into this folder is remembered."),))
    return Explanation(True, tuple(lines))


def _listed(causes: Iterable[str], full: bool, _: Translate) -> Iterator[str]:
    found = [*causes]
    shown = found if full else found[:_MOST]
    yield from (f"  {line}" for line in shown)
    if len(shown) < len(found):
        yield _("  … and {count} more (--verbose shows all)").format(count=len(found) - len(shown))


class _Words:
    """Names what outputs look at."""

    def __init__(self, kinds: Kinds, translate: Translate, language: str) -> None:
        self._ = translate
        english = language.startswith("en")

        def titles(fields: Iterable[Field]) -> Mapping[str, str]:
            keys = ("en", "zh") if english else ("zh", "en")
            return {f.name: f.title.get(keys[0]) or f.title.get(keys[1], "") for f in fields}

        self._card, self._column = titles(kinds.common), titles(kinds.column)
        self._site = titles(kinds.site)
        self._separator = ", " if english else "、"

    def causes(self, broken: Iterable[Broken]) -> list[str]:
        """A line for each."""
        return [self._cause(each) for each in broken]

    def _cause(self, broken: Broken) -> str:
        _, name, bits = self._, broken.subject[2:], broken.facets
        match broken.subject[:2]:
            case "e:" if name == EVERY:
                return _("documents: {names}").format(names=self._facets(ENTRY.named(bits)))
            case "e:" if bits == ENTRY.all:
                return _("{path}: the document appeared, or went").format(path=f"content/{name}")
            case "e:" if bits == EXISTS:
                return _("{path}: whether it is a document").format(path=f"content/{name}")
            case "e:":
                return f"content/{name}: {self._facets(ENTRY.named(bits & ~EXISTS))}"
            case "c:" if name == EVERY:
                return _("columns: {names}").format(names=self._facets(COLUMN.named(bits)))
            case "c:" if bits == COLUMN.all:
                return _("{path}: the column appeared, or went").format(path=f"content/{name}/")
            case "c:" if bits == EXISTS:
                return _("{path}: whether it is a column").format(path=f"content/{name}")
            case "c:":
                names = self._facets(COLUMN.named(bits & ~EXISTS), self._column)
                return f"{self._where(name)}: {names}"
            case "f:":
                return f"content/{name}: {self._facets(FACTS.named(bits & ~EXISTS))}"
            case "F:" | "r:":
                return _("{path}: the file").format(path=f"content/{name}")
            case "k:" | "K:":
                return _("the kind {name}").format(name=name) if name else _("the kinds")
            case "t:" | "l:":
                return _("template {name}, or one that it uses").format(name=name)
            case "a:":
                return _("static file {name} of the theme").format(name=name)
            case "T:":
                names = self._facets(THEME.named(bits & ~EXISTS))
                return _("theme: {names}").format(names=names)
            case "s:":
                names = self._facets(SETTINGS.named(bits & ~EXISTS), self._site)
                return f"content/site.yaml: {names}"
            case "S:":
                return self._facets(SITE.named(bits & ~EXISTS))
            case "q:" | "Q:":
                return self._question(name)
            case _:
                return broken.subject

    def _facets(self, names: Iterable[str], titles: Mapping[str, str] | None = None) -> str:
        found: dict[str, None] = {}
        for name in names:
            short = name.rpartition(".")[2]
            known = (titles or self._card).get(short)
            found[known or self._(_NAMES.get(short, short))] = None
        return self._separator.join(found) or self._("which of them there are")

    def _question(self, asked: str) -> str:
        name, *arguments = msgspec.json.decode(asked)
        short = str(name).rpartition(".")[2]
        what = self._where(str(arguments[0])) if arguments else ""
        phrase = _QUESTIONS.get(short)
        if phrase is None:
            return " ".join(map(str, (short, *arguments)))
        return self._(phrase).format(what=what, name=arguments[0] if arguments else "")

    def _where(self, column: str) -> str:
        return f"content/{column}/" if column else "content/"
