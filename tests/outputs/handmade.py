"""Small hand-made sites for the tests of producers."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sitegen.config import Identity, Settings
from sitegen.kinds.document import Document, Table
from sitegen.kinds.kind import Field, Kind, Kinds, TableKind
from sitegen.outputs.output import Workshop
from sitegen.render.markdown import Rendered
from sitegen.site.cards import Card, TableCard
from sitegen.site.site import Attachment, Change, Column, Entry, Site

BASE = "https://xxgk.shifan.example/"


class Shelf:
    """Documents and bodies by source path, as `Facts` gives them."""

    def __init__(self, documents: Mapping[str, Document], bodies: Mapping[str, Rendered]) -> None:
        self.documents = documents
        self.bodies = bodies

    def document(self, path: str) -> Document:
        return self.documents[path]

    def body(self, path: str) -> Rendered:
        return self.bodies.get(path, Rendered(html=""))


def attachment(source: str, data: bytes, name: str, address: str = "") -> Attachment:
    return Attachment(
        source=source,
        address=address or source,
        title=name.rpartition(".")[0],
        name=name,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        media_type="application/octet-stream",
    )


def column(path: str, name: str, parent: str | None = "", **more: Any) -> Column:
    return Column(path=path, address=f"{path}/" if path else "", name=name, parent=parent, **more)


def entry(path: str, title: str, column: str = "xxgk", **more: Any) -> Entry:
    """An entry; fields of the card and of the entry may be given together."""
    of_card = {
        name: more.pop(name)
        for name in [*more]
        if name in Card.__struct_fields__ and name not in {"validity", "attachments", "changes"}
    }
    of_card.setdefault("published_on", datetime.date(2026, 3, 2))
    of_card.setdefault("kind", "article")
    card = Card(path=path, title=title, **of_card)
    address = path.rpartition(".")[0] + ".html"
    return Entry(card=card, address=address, column=column, **more)


def change(on: str, act: str, path: str, note: str = "", **more: Any) -> Change:
    return Change(
        on=datetime.date.fromisoformat(on),
        act=act,
        title=path,
        path=path,
        column="xxgk",
        responsible="示范部门",
        note=note,
        **more,
    )


def site(
    entries: Sequence[Entry],
    *,
    columns: Sequence[Column] = (),
    kinds: Kinds | None = None,
    base_url: str = BASE,
    language: str = "zh-CN",
    **settings: Any,
) -> Site:
    """A site of these entries; without columns, all stand in ``xxgk``."""
    given = columns or (
        column("", "首页", None, children=("xxgk",)),
        column("xxgk", "政府信息公开", documents=tuple(e.path for e in entries)),
    )
    return Site(
        settings=Settings(
            name="示范经济开发区政务公开",
            base_url=base_url,
            language=language,
            identity=Identity(sponsor="示范经济开发区管理委员会"),
            **settings,
        ),
        kinds=kinds or Kinds((), {"article": Kind("article", {"zh": "信息"})}),
        as_of=datetime.date(2026, 11, 23),
        columns={c.path: c for c in given},
        entries={e.path: e for e in entries},
        log=tuple(
            sorted((c for e in entries for c in e.changes), key=lambda c: c.on, reverse=True)
        ),
    )


def workshop(
    site: Site,
    documents: Sequence[Document] = (),
    bodies: Mapping[str, Rendered] | None = None,
    files: Mapping[str, bytes] | None = None,
) -> Workshop:
    shelf = Shelf({d.path: d for d in documents}, bodies or {})
    return Workshop(site, theme=None, facts=shelf, read=(files or {}).__getitem__)  # type: ignore[arg-type]


def with_table(
    fields: Sequence[Field],
    rows: Sequence[Sequence[Any]],
    *,
    path: str = "xxgk/permits.yaml",
    primary_key: tuple[str, ...] = (),
    statement: str = "",
    unit: str | None = None,
    base_url: str = BASE,
    language: str = "zh-CN",
    others: Sequence[Entry] = (),
    **more: Any,
) -> tuple[Workshop, Entry]:
    """A site with one document that holds one table ``decisions``."""
    table = TableKind(
        "decisions", {"zh": "许可决定", "en": "Decisions"}, tuple(fields), primary_key, unit=unit
    )
    kind = Kind("permits", {"zh": "许可"}, tables=(table,))
    one = entry(
        path,
        "三月行政许可决定公示",
        kind="permits",
        tables=(TableCard("decisions", "许可决定", len(rows)),),
        index_no="110000001234567883/2026-30001",
        issuer="示范经济开发区行政审批局",
        formed_on=datetime.date(2026, 3, 1),
        **more,
    )
    made = site(
        [one, *others],
        kinds=Kinds((), {"permits": kind, "article": Kind("article", {"zh": "信息"})}),
        base_url=base_url,
        language=language,
    )
    document = Document(
        path, "permits", {}, (Table(table, tuple(tuple(r) for r in rows), statement),)
    )
    return workshop(made, [document]), one


def outputs(module: Any, of: Workshop) -> dict[str, bytes]:
    """Everything that a producer plans, made: address to bytes (copies as ``copy of …``)."""
    made = {}
    for output in module.plan(of.site, of.theme):
        assert output.address not in made
        assert output.producer in module.PRODUCERS
        result = module.produce(output, of)
        made[output.address] = result.content or f"copy of {result.copy_of}".encode()
    return made
