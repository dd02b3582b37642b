"""Hand-made cards and sites for the tests of assembly."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from sitegen.config import Settings
from sitegen.kinds.kind import Field, Kind, Kinds
from sitegen.problems import Problem
from sitegen.site.assemble import assemble
from sitegen.site.cards import Card, ColumnCard
from sitegen.site.files import Files
from sitegen.site.site import Site

TODAY = datetime.date(2026, 11, 23)
KINDS = Kinds(
    common=(Field("title", {"zh": "标题"}), Field("repeals", {"zh": "废止"}, type="list")),
    kinds={
        "article": Kind("article", {"zh": "信息"}),
        "policy": Kind("policy", {"zh": "政策文件"}, column_type="政策文件"),
    },
)
KEPT: dict[str, Any] = {"owner": "办公室", "update_rule": "on_event"}
"""What every column should say of its upkeep."""
NEWS = ColumnCard("news", "通知公告", **KEPT)


def day(text: str) -> datetime.date:
    """A date from its ISO form."""
    return datetime.date.fromisoformat(text)


def card(path: str, published: str | None = "2026-03-01", **values: Any) -> Card:
    """An article with nothing but what is said."""
    values.setdefault("title", path)
    values.setdefault("kind", "article")
    return Card(path=path, published_on=day(published) if published else None, **values)


def files(names: Iterable[str] | Mapping[str, int] = ()) -> Files:
    """Files of ten bytes each (or of given sizes) whose digest is that of their path."""
    sizes = dict(names) if isinstance(names, Mapping) else dict.fromkeys(names, 10)
    return Files(sizes, lambda path: hashlib.sha256(path.encode()).hexdigest())


def made(
    cards: Iterable[Card],
    columns: Iterable[ColumnCard] = (NEWS,),
    *,
    settings: Settings | None = None,
    content: Iterable[str] | Mapping[str, int] = (),
    as_of: datetime.date = TODAY,
    **more: Any,
) -> tuple[Site, list[str]]:
    """A site, and its problems as lines of place, code and values."""
    site, problems = assemble(
        cards, columns, settings or Settings("示范"), KINDS, files(content), as_of=as_of, **more
    )
    return site, [line(problem) for problem in problems]


def line(problem: Problem) -> str:
    """A problem as one line: place, code, message."""
    severity = "" if problem.severity == "error" else f" {problem.severity}"
    return f"{problem.where} {problem.code}{severity}: {problem.message()}"
