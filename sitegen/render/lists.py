"""Lists as templates see them: columns with their documents, pages of a list, the update log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import msgspec
from markupsafe import Markup

from sitegen.render.documents import Banner, ChangeView, Day, Mark, change_view, day_of, mark_of
from sitegen.render.frames import column_href
from sitegen.render.outline import Outline
from sitegen.render.places import Link, Spot
from sitegen.render.values import paragraphs
from sitegen.render.words import W_
from sitegen.site import addresses
from sitegen.site.catalogue import Row
from sitegen.site.site import Change, Column, Entry

Item = TypeVar("Item")

RULES = {
    "standing": W_("kept permanently"),
    "periodic": W_("updated regularly"),
    "staged": W_("updated stage by stage"),
    "on_event": W_("updated as things happen"),
    "once": W_("published once"),
    "archived": W_("archived"),
}


class ListItem(msgspec.Struct, frozen=True):
    """A document in a list."""

    title: str
    href: str
    day: Day | None
    doc_no: str
    summary: str
    mark: Mark | None
    column: Link | None


class Shelf(msgspec.Struct, frozen=True):
    """A column in brief, with its newest documents."""

    title: str
    href: str
    description: str
    block: str
    count: int
    items: tuple[ListItem, ...] = ()
    shelves: tuple[Shelf, ...] = ()
    published_by: Link | None = None
    archived: bool = False


class Pager(msgspec.Struct, frozen=True):
    """Where one is in a list of several pages; `newer` and `older` are None at the ends."""

    number: int
    count: int
    pages: tuple[Link, ...]
    """Every page that is offered; the present one has no ``href``, a gap neither title nor href."""
    newer: Link | None
    older: Link | None


class ColumnView(msgspec.Struct, frozen=True):
    """A column for its page."""

    name: str
    description: str
    intro: Markup
    owner: str
    update_rule: str
    standard: bool
    """Whether its columns are the standard blocks of 国办公开办函〔2019〕61号."""
    count: int
    banner: Banner | None
    published_by: Link | None
    shelves: tuple[Shelf, ...]
    archived: tuple[Shelf, ...]
    items: tuple[ListItem, ...]
    recent: tuple[ListItem, ...]
    """The newest documents of the columns below, where the column has none of its own."""
    pager: Pager | None
    years: tuple[Link, ...]
    log: str
    feed: str


class MonthView(msgspec.Struct, frozen=True):
    """The changes of one month."""

    title: str
    id: str
    href: str
    count: int
    changes: tuple[ChangeView, ...] = ()


class FigureView(msgspec.Struct, frozen=True):
    """A key figure of the home page."""

    label: str
    value: str
    unit: str
    note: str
    href: str


class TombstoneView(msgspec.Struct, frozen=True):
    """What is left of a document that is no longer shown."""

    title: str
    state: str
    """withdrawn or closed."""
    banner: Banner
    reason: str
    index_no: str
    doc_no: str
    issuer: str
    day: Day | None
    history: tuple[ChangeView, ...]


class CatalogueRow(msgspec.Struct, frozen=True):
    """A row of the directory."""

    number: int
    title: str
    href: str
    index_no: str
    doc_no: str
    issuer: str
    formed: str
    published: str
    validity: str
    summary: str


class CatalogueSection(msgspec.Struct, frozen=True):
    """The rows of one column."""

    title: str
    id: str
    a20: str
    rows: tuple[CatalogueRow, ...]


def list_item(entry: Entry, spot: Spot, column: Column | None = None) -> ListItem:
    """A document in a list; with `column` when the list mixes columns."""
    card = entry.card
    return ListItem(
        title=card.title,
        href=spot.href(entry.address),
        day=day_of(card.published_on, spot.words),
        doc_no=card.doc_no,
        summary=card.summary,
        mark=mark_of(entry.validity, spot.words),
        column=Link(column.name, column_href(column, spot)) if column else None,
    )


def shelf(column: Column, outline: Outline, spot: Spot, size: int = 0, depth: int = 0) -> Shelf:
    """A column in brief: its `size` newest documents, and the columns below to `depth`."""
    return Shelf(
        title=column.name,
        href=column_href(column, spot),
        description=column.description,
        block=column.block,
        count=outline.count(column.path),
        items=tuple(list_item(each, spot) for each in outline.newest(column.path, size)),
        shelves=tuple(
            shelf(each, outline, spot, 0, depth - 1) for each in outline.children(column.path)
        )
        if depth
        else (),
        published_by=_publisher(column),
        archived=column.status == "archived",
    )


def _publisher(column: Column) -> Link | None:
    if not column.published_by:
        return None
    return Link(column.published_by, column.published_url)


def column_banner(column: Column, spot: Spot) -> Banner | None:
    """What stands above the pages of an archived column (domain 3.4)."""
    if column.status != "archived":
        return None
    words = spot.words
    if column.archived_on is None:
        text = words("This column has been archived and is no longer updated.")
    else:
        day = words.date(column.archived_on)
        text = words("This column was archived on {date} and is no longer updated.").format(
            date=day
        )
    if column.archived_reason:
        text += words(" {reason}").format(reason=column.archived_reason)
    return Banner(text, "archived")


def column_view(
    column: Column,
    outline: Outline,
    spot: Spot,
    items: Iterable[Entry],
    pager: Pager | None = None,
    fed: bool = False,
) -> ColumnView:
    """A column for its page; `items` are the documents of this page of the list.

    `fed` says whether the column has a feed.
    """
    words = spot.words
    children = outline.children(column.path)
    standard = any(each.block for each in children)
    own = outline.documents(column.path)
    years = outline.years(column.path)
    recent = () if own else outline.newest(column.path, column.page_size)
    columns = outline.site.columns
    return ColumnView(
        name=column.name,
        description=column.description,
        intro=paragraphs(column.intro) if column.intro else Markup(),
        owner=column.owner,
        update_rule=words(RULES.get(column.update_rule, column.update_rule)),
        standard=standard,
        count=len(own),
        banner=column_banner(column, spot),
        published_by=_publisher(column),
        shelves=tuple(
            shelf(each, outline, spot, 5 if standard else 3, 1 if standard else 0)
            for each in children
        ),
        archived=tuple(shelf(each, outline, spot) for each in outline.archived(column.path)),
        items=tuple(list_item(each, spot) for each in items),
        recent=tuple(list_item(each, spot, columns.get(each.column)) for each in recent),
        pager=pager,
        years=tuple(
            Link(str(year), spot.href(addresses.column_year(column.address, year)))
            for year in years
        )
        if len(years) > 1
        else (),
        log=spot.href(addresses.column_log(column.address))
        if outline.has_changes(column.path)
        else "",
        feed=spot.href(addresses.feed(column.address, "xml")) if fed else "",
    )


def pager_of(number: int, count: int, address_of: Callable[[int], str], spot: Spot) -> Pager | None:
    """The pager of page `number` of `count`; None for a single page.

    `address_of` gives the address of a page. Far pages are left out, first and last stay.
    """
    if count < 2:
        return None

    def href(page: int) -> str:
        return spot.href(address_of(page))

    words = spot.words
    offered = sorted({1, count, *range(max(1, number - 2), min(count, number + 2) + 1)})
    pages: list[Link] = []
    for place, page in enumerate(offered):
        if place and page - offered[place - 1] > 1:
            pages.append(Link("", ""))
        pages.append(Link(str(page), "" if page == number else href(page)))
    newer = Link(words("Previous page"), href(number - 1)) if number > 1 else None
    older = Link(words("Next page"), href(number + 1)) if number < count else None
    return Pager(number, count, tuple(pages), newer, older)


def pages_of(count: int, size: int) -> int:
    """How many pages a list of `count` lines takes; an empty list takes one."""
    return max(1, -(-count // size))


def slice_of(items: Sequence[Item], number: int, size: int) -> Sequence[Item]:
    """Page `number` (from 1) of a list."""
    return items[(number - 1) * size : number * size]


def months_of(changes: Iterable[Change]) -> dict[str, list[Change]]:
    """Changes by month (``2026-03``), in their order."""
    months: dict[str, list[Change]] = {}
    for change in changes:
        months.setdefault(change.on.isoformat()[:7], []).append(change)
    return months


def month_view(month: str, changes: Sequence[Change], spot: Spot) -> MonthView:
    """A month of the update log with its changes."""
    shown = tuple(change_view(each, spot) for each in changes)
    return month_named(month, len(changes), spot, shown)


def month_named(
    month: str, count: int, spot: Spot, changes: tuple[ChangeView, ...] = ()
) -> MonthView:
    """A month of the update log that is only named; `count` is how many changes it has."""
    href = spot.href(addresses.log_month(month))
    return MonthView(spot.words.month(month), f"m{month}", href, count, changes)


def catalogue_section(found: Sequence[Row], spot: Spot, place: int) -> CatalogueSection:
    """The rows of one column in the directory; `place` numbers the sections of a page."""
    first, words = found[0], spot.words
    return CatalogueSection(
        title=first.column_name or spot.site.settings.name,
        id=f"c{place}",
        a20=words.label(first.a20_title) if first.a20_title else "",
        rows=tuple(
            CatalogueRow(
                number=row.number,
                title=row.title,
                href=spot.href(row.address),
                index_no=row.index_no,
                doc_no=row.doc_no,
                issuer=row.issuer,
                formed=row.formed_on.isoformat() if row.formed_on else "",
                published=row.published_on.isoformat() if row.published_on else "",
                validity=words.term(row.validity),
                summary=row.summary,
            )
            for row in found
        ),
    )
