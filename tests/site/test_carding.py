"""Documents to cards."""

from __future__ import annotations

from dataclasses import dataclass

from making import day, line
from msgspec import structs

from sitegen.kinds.document import Document
from sitegen.kinds.kind import Field, Kind, Kinds, TableKind
from sitegen.kinds.loading import load_kinds
from sitegen.kinds.reading import read_document
from sitegen.site.carding import card_of
from sitegen.site.cards import (
    AttachmentCard,
    Card,
    DeclaredChange,
    LinkCard,
    Reference,
    TableCard,
)

TEXT = """\
---
标题: 关于示范事项的公告
kind: article
文号: 示开管发〔2026〕3号
发布日期: 2026-03-01
成文日期: 2026-02-20
keywords: [公告, 示范]
排序: 4
attachments:
  - 说明.pdf
  - {file: 表.xlsx, title: 汇总表, slug: hzb, note: 盖章}
changes:
  - {date: 2026-04-01, act: 修订, note: 更新, 责任部门: 建设局, minor: 是}
repeals: ../old.md
relates: [/x/y.md, z.yaml]
aliases: [old/a.html]
---
正文[链接](b.md#标题)。

## 标题
"""


@dataclass(frozen=True)
class Body:
    links: tuple[LinkCard, ...] = ()
    anchors: tuple[str, ...] = ()


def read(text: str, path: str = "news/a.md", kinds: Kinds | None = None) -> Document:
    if kinds is None:
        kinds, _ = load_kinds(())
    document, problems = read_document(path, text.encode(), kinds, lambda path: None)
    assert [line(p) for p in problems] == []
    assert document is not None
    return document


def test_a_card_holds_what_the_site_needs_with_its_places() -> None:
    kinds, _ = load_kinds(())
    body = Body((LinkCard("news/b.md", "标题", (18, 3)),), ("标题",))
    card = card_of(read(TEXT), body, kinds)
    assert structs.replace(card, marks={}) == Card(
        path="news/a.md",
        kind="article",
        title="关于示范事项的公告",
        doc_no="示开管发〔2026〕3号",
        keywords=("公告", "示范"),
        formed_on=day("2026-02-20"),
        published_on=day("2026-03-01"),
        order=4,
        attachments=(
            AttachmentCard("说明.pdf", "", mark=(10, 5)),
            AttachmentCard("表.xlsx", "汇总表", "hzb", "盖章", (11, 12)),
        ),
        changes=(DeclaredChange(day("2026-04-01"), "修订", "更新", "建设局", True, (13, 5)),),
        references=(
            Reference("repeals", "old.md", (14, 10)),
            Reference("relates", "x/y.md", (15, 11)),
            Reference("relates", "news/z.yaml", (15, 20)),
        ),
        links=body.links,
        anchors=("标题",),
        aliases=(("old/a.html", (16, 11)),),
        has_body=True,
    )
    assert card.marks["title"] == (2, 5)
    assert card.marks["doc_no"] == (4, 5)
    assert "attachments.0.file" not in card.marks


KIND = Kind(
    "guide",
    {"zh": "办事指南"},
    fields=(
        Field("issuer", {"zh": "发布机构"}, private=True),
        Field("form", {"zh": "表"}, type="file"),
        Field("secret", {"zh": "密"}, type="file", private=True),
        Field(
            "steps",
            {"zh": "步骤"},
            type="list",
            item=Field(
                "item",
                {"zh": "项"},
                type="object",
                fields=(
                    Field("sample", {"zh": "样表"}, type="file"),
                    Field(
                        "basis",
                        {"zh": "依据"},
                        type="list",
                        item=Field("i", {"zh": ""}, type="reference"),
                    ),
                ),
            ),
        ),
    ),
)


def test_files_and_references_are_found_wherever_they_are_and_private_ones_are_not() -> None:
    from sitegen.kinds.document import Table

    table = TableKind(
        "materials",
        {"zh": "材料"},
        fields=(
            Field("name", {"zh": "名称"}),
            Field("sample", {"zh": "样表"}, type="file"),
            Field("rule", {"zh": "依据"}, type="reference"),
        ),
    )
    document = Document(
        "news/a.yaml",
        "guide",
        {
            "title": "指南",
            "issuer": "张某",
            "form": "f.docx",
            "secret": "s.docx",
            "steps": [{"sample": "one.pdf", "basis": ["r.md"]}, {"sample": None}],
        },
        tables=(
            Table(
                table,
                (("甲", "m.pdf", "r.md"), ("乙", None, "r.md"), ("丙", "m.pdf", None)),
                source="news/a/m.csv",
            ),
        ),
        marks={"steps.0": (7, 3), "form": (5, 7)},
    )
    card = card_of(document, Body(), Kinds((Field("title", {"zh": "标题"}),), {"guide": KIND}))
    assert card.issuer == ""
    assert card.files == (
        LinkCard("f.docx", "", (5, 7)),
        LinkCard("one.pdf", "", (7, 3)),
        LinkCard("m.pdf"),
    )
    assert card.references == (
        Reference("steps", "r.md", (7, 3)),
        Reference("materials.rule", "r.md"),
    )
    assert card.tables == (TableCard("materials", "材料", 3, "news/a/m.csv"),)


def test_a_document_with_nothing_but_a_title_has_a_card() -> None:
    kinds, _ = load_kinds(())
    card = card_of(Document("a.md", "nosuch", {"title": "题"}), Body(), kinds)
    assert (card.title, card.kind, card.published_on, card.disclosure) == (
        "题",
        "nosuch",
        None,
        "主动公开",
    )
