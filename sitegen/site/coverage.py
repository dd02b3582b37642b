"""Coverage of art. 20 (政府信息公开条例第二十条): a column, or somebody else, for each class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sitegen.config import Settings
from sitegen.kinds.kind import Kinds
from sitegen.problems import Location, Problem
from sitegen.site import codes
from sitegen.site.cards import Card, Mark
from sitegen.site.site import Column

CLASSES = tuple(f"a20_{number:02}" for number in range(1, 16))
"""The fifteen classes of the article."""

_NUMERALS = [
    "一",
    "二",
    "三",
    "四",
    "五",
    "六",
    "七",
    "八",
    "九",
    "十",
    "十一",
    "十二",
    "十三",
    "十四",
    "十五",
]


def check(
    columns: Mapping[str, Column],
    published: Iterable[Card],
    settings: Settings,
    kinds: Kinds,
    mark: Mark | None = None,
) -> Iterator[Problem]:
    """Classes for which nothing is published; sites that use no classes are left in peace.

    `mark` is where ``a20`` stands in ``site.yaml``.
    """
    if not any(column.a20_class for column in columns.values()):
        return
    covered = {card.a20_class for card in published}
    for column in columns.values():
        if column.documents or column.published_by or column.published_url:
            covered.add(column.a20_class)
    titles = _titles(kinds)
    for number, key in enumerate(CLASSES):
        if key not in covered and not settings.a20.get(key, "").strip():
            yield codes.A20_NOT_COVERED.at(
                Location("content/site.yaml", *(mark or ())),
                number=_NUMERALS[number],
                title=titles.get(key, ""),
                key=key,
            )


def _titles(kinds: Kinds) -> dict[str, str]:
    field = next((field for field in kinds.common if field.name == "a20_class"), None)
    return {key: label["zh"] for key, label in field.labels.items()} if field else {}
