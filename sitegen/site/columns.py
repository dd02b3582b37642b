"""Columns (栏目): the tree of folders that have a ``_column.yaml``, and what they inherit."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sitegen.config import Settings
from sitegen.problems import Code, Location, Problem
from sitegen.site import codes
from sitegen.site.cards import Card, ColumnCard
from sitegen.site.collation import collated
from sitegen.site.files import nearest
from sitegen.site.site import Column

BLOCKS = ("guide", "rules", "content", "reports", "request")
"""The standard blocks of 政府信息公开, in their order (国办公开办函〔2019〕61号)."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a site, by path, the root ("") among them.

    `merged` names for each merged column the one that took it in, at the end of the chain.
    `cards` holds what each ``_column.yaml`` says, unchanged.
    """

    cards: Mapping[str, ColumnCard]
    parents: Mapping[str, str | None]
    merged: Mapping[str, str]

    def of(self, path: str) -> str:
        """The column that a document or folder belongs to: the nearest one above it."""
        folder = path.rpartition("/")[0]
        while folder not in self.cards:
            folder = folder.rpartition("/")[0]
        return folder

    def shown_in(self, path: str) -> str:
        """The column that lists a document: its own, or the one that its own was merged into."""
        own = self.of(path)
        return self.merged.get(own, own)

    def inherited(self, path: str, name: str) -> str:
        """A column's value, or the first one that a column above it has."""
        at: str | None = path
        while at is not None:
            if value := str(getattr(self.cards[at], name)):
                return value
            at = self.parents[at]
        return ""


def arrange(
    cards: Iterable[ColumnCard], settings: Settings, as_of: datetime.date
) -> tuple[Columns, tuple[Problem, ...]]:
    """Join columns to a tree. The root takes its name from the settings.

    A column that is to be archived later is active until then.
    """
    known = {card.path: card for card in sorted(cards, key=lambda card: card.path)}
    for path, card in known.items():
        if card.status == "archived" and card.archived_on and card.archived_on > as_of:
            known[path] = replace(card, status="active")
    root = known.get("", ColumnCard(path="", name=settings.name))
    known[""] = replace(root, name=root.name or settings.name, status="active", merged_into="")
    parents: dict[str, str | None] = {}
    for path in known:
        folder = path
        parent: str | None = None
        while folder and parent is None:
            folder = folder.rpartition("/")[0]
            parent = folder if folder in known else None
        parents[path] = parent
    problems: list[Problem] = []
    merged = _merged(known, problems)
    columns = Columns(known, parents, merged)
    for card in known.values():
        if card.status == "archived" and not (card.archived_on and card.archived_reason):
            missing = [
                title
                for title, value in (
                    ("归档日期", card.archived_on),
                    ("归档原因", card.archived_reason),
                )
                if not value
            ]
            problems.append(
                _at(card, "status", codes.ARCHIVED_WITHOUT_REASON, missing="、".join(missing))
            )
    problems += _blocks_once(columns)
    return columns, tuple(problems)


def _at(card: ColumnCard, field: str, code: Code, /, **values: object) -> Problem:
    where = Location(column_source(card.path), *card.marks.get(field, (1, 1)))
    return code.at(where, None, name=card.name, **values)


def column_source(path: str) -> str:
    """The ``_column.yaml`` of a column, relative to the site's folder."""
    return f"content/{path}/_column.yaml" if path else "content/_column.yaml"


def _merged(known: Mapping[str, ColumnCard], problems: list[Problem]) -> dict[str, str]:
    """For each merged column the last one of its chain; broken and circular ones are left out."""
    merged: dict[str, str] = {}
    for path, card in known.items():
        if card.status != "merged":
            continue
        chain = [path]
        at = card
        while at.status == "merged":
            target = at.merged_into.strip("/")
            if not target:
                if at is card:
                    problems.append(_at(card, "status", codes.MERGED_WITHOUT_TARGET))
                break
            if target not in known:
                if at is card:
                    hint = nearest(target, known)
                    problems.append(
                        _at(
                            card,
                            "merged_into",
                            codes.MERGED_INTO_UNKNOWN,
                            value=at.merged_into,
                            nearest=f" ({hint}?)" if hint else "",
                        )
                    )
                break
            if target in chain:
                if path == min(chain[chain.index(target) :]):  # once for each circle
                    circle = " → ".join([*chain[chain.index(target) :], target])
                    problems.append(_at(card, "merged_into", codes.MERGE_LOOP, circle=circle))
                break
            chain.append(target)
            at = known[target]
        else:
            merged[path] = chain[-1]
    return merged


def _blocks_once(columns: Columns) -> list[Problem]:
    problems = []
    seen: dict[tuple[str | None, str], ColumnCard] = {}
    for path, card in columns.cards.items():
        if not card.block or card.status == "merged":
            continue
        first = seen.setdefault((columns.parents[path], card.block), card)
        if first is not card:
            problems.append(
                _at(card, "block", codes.BLOCK_TWICE, other=first.name, block=card.block)
            )
    return problems


def built(
    columns: Columns,
    addresses: Mapping[str, str],
    lists: Mapping[str, tuple[str, ...]],
    settings: Settings,
) -> dict[str, Column]:
    """The columns as the site shows them; `lists` are the documents of each, in order.

    Owner, update rule, type and class of art. 20 are the column's own or else inherited. A column
    below a merged one stands below the column that took that one in.
    """
    parents = _parents_shown(columns)
    children: dict[str, list[str]] = {path: [] for path in columns.cards}
    for path, parent in parents.items():
        if parent is not None and path not in columns.merged:
            children[parent].append(path)
    shown: dict[str, Column] = {}
    for path, card in columns.cards.items():
        merged = path in columns.merged
        shown[path] = Column(
            path=path,
            address=addresses[path],
            name=card.name,
            parent=parents[path],
            children=tuple(sorted(children[path], key=lambda p: _order(columns.cards[p]))),
            description=card.description,
            type=columns.inherited(path, "type"),
            keywords=card.keywords,
            owner=columns.inherited(path, "owner"),
            update_rule=columns.inherited(path, "update_rule"),
            max_gap_days=card.max_gap_days,
            a20_class=columns.inherited(path, "a20_class"),
            status=card.status,
            archived_on=card.archived_on,
            archived_reason=card.archived_reason,
            merged_into=columns.merged.get(path, ""),
            block=card.block,
            order=card.order,
            page_size=card.page_size or settings.page_size,
            sort=card.sort,
            hidden=card.hidden or card.status == "archived" or merged,
            intro=card.intro,
            published_by=card.published_by,
            published_url=card.published_url,
            documents=lists.get(path, ()),
        )
    return shown


def _parents_shown(columns: Columns) -> dict[str, str | None]:
    """The column above each; what stood below a merged column stands below its successor."""
    parents: dict[str, str | None] = {}
    for path, parent in columns.parents.items():
        parents[path] = None if parent is None else columns.merged.get(parent, parent)
    for path in parents if columns.merged else ():
        passed = {path}
        above = parents[path]
        while above is not None and above not in passed:
            passed.add(above)
            above = parents[above]
        if above is not None:  # merged into a column below itself
            parents[path] = ""
    return parents


def _order(card: ColumnCard) -> tuple[int, int, bytes, str]:
    block = BLOCKS.index(card.block) if card.block in BLOCKS else len(BLOCKS)
    return (block, card.order, collated(card.name), card.path)


def sort_key(column: ColumnCard, card: Card) -> tuple[object, ...]:
    """Where a document stands in the list of its column."""
    title = (collated(card.title), card.path)
    if column.sort == "order":
        return (card.order, *title)
    newest = -(card.published_on or datetime.date.min).toordinal()
    return (newest, card.order, *title)


def unknown_kinds(columns: Columns, known: Iterable[str]) -> list[Problem]:
    """Columns whose documents are of a kind that there is not."""
    kinds = sorted(known)
    return [
        _at(card, "kind", codes.UNKNOWN_KIND, value=card.kind, known="、".join(kinds))
        for card in columns.cards.values()
        if card.kind and card.kind not in kinds
    ]


def without_column(
    columns: Columns, lists: Mapping[str, tuple[str, ...]], told: Iterable[Problem]
) -> list[Problem]:
    """Folders of documents that stand in no column, because their ``_column.yaml`` is forgotten.

    `told`: what is known to be wrong with folders; those are left out here.
    """
    places = {problem.where.path for problem in told if problem.where}
    folders = {path.partition("/")[0] for path in lists.get("", ()) if "/" in path}
    return [
        codes.NO_COLUMN.at(Location(f"content/{name}"), name=name, folder=f"content/{name}")
        for name in sorted(folders)
        if name not in columns.cards and f"content/{name}" not in places
    ]


def upkeep(columns: Columns, lists: Mapping[str, tuple[str, ...]]) -> list[Problem]:
    """Columns with documents that nobody is named to keep up to date (国办发〔2017〕47号)."""
    problems = []
    for path, card in columns.cards.items():
        if not path or not lists.get(path) or card.status != "active" or card.published_by:
            continue
        if not columns.inherited(path, "update_rule"):
            problems.append(_at(card, "name", codes.NO_UPDATE_RULE))
        if not columns.inherited(path, "owner"):
            problems.append(_at(card, "name", codes.NO_OWNER))
    return problems
