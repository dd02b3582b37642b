"""The ZIP of everything of one document."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest
from handmade import attachment, entry, outputs, site, with_table, workshop

from sitegen.kinds.document import Document
from sitegen.kinds.kind import Field
from sitegen.outputs import archive
from sitegen.site.cards import LinkCard

FIELDS = (Field("no", {"zh": "文书号"}), Field("id_no", {"zh": "证件号"}, private=True))
PDF = b"%PDF-1.4 small"


def everything(body: str = "", **more):
    file = attachment("xxgk/permits/f.pdf", PDF, "批复.pdf")
    shop, one = with_table(
        FIELDS, [["a", "secret"]], attachments=(file,), has_body=bool(body), **more
    )
    document = replace(shop.facts.document(one.path), body=body)
    return workshop(shop.site, [document], files={"xxgk/permits/f.pdf": PDF})


def opened(shop) -> dict[str, bytes]:
    (data,) = outputs(archive, shop).values()
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        assert zipped.testzip() is None
        return {name: zipped.read(name) for name in zipped.namelist()}


def test_it_holds_everything_under_names_for_people():
    parts = opened(everything("正文。"))
    assert [*parts] == [
        "数据/datapackage.json",
        "数据/许可决定.csv",
        "数据/许可决定.json",
        "数据/许可决定.xlsx",
        "正文.md",
        "说明.txt",
        "附件/批复.pdf",
    ]
    assert parts["附件/批复.pdf"] == PDF
    assert parts["正文.md"].decode() == "# 三月行政许可决定公示\n\n正文。\n"


def test_its_description_names_the_files_beside_it():
    package = json.loads(opened(everything())["数据/datapackage.json"])
    resource = package["resources"][0]
    assert resource["path"] == "许可决定.csv"
    assert [other["path"] for other in resource["alternatives"]] == [
        "许可决定.xlsx",
        "许可决定.json",
    ]


def test_the_note_lists_the_files():
    note = opened(everything())["说明.txt"].decode("utf-8-sig")
    assert note.startswith(
        "标题：三月行政许可决定公示\r\n索引号：110000001234567883/2026-30001\r\n"
    )
    assert "附件/批复.pdf  14 B  SHA-256 " in note
    assert "网页：https://xxgk.shifan.example/xxgk/permits.html\r\n" in note


def test_private_fields_are_not_in_it():
    assert all(b"secret" not in part for part in opened(everything()).values())


def test_remarks_in_the_text_are_not_in_it():
    body = "甲<!-- 内部 -->乙\n\n[//]: # (内部)\n[r]: #frag\n\n丙\n<!-- 内部，没有结束"
    assert opened(everything(body))["正文.md"].decode().endswith("\n\n甲乙\n\n[r]: #frag\n\n丙\n")


def test_links_in_the_text_lead_to_the_site():
    body = "[办法](zhengce/a.md#一) [批复](permits/f.pdf '注') [栏目](/xxgk) [外](https://a.example/b.md)"
    shop = everything(body, others=[entry("xxgk/zhengce/a.md", "办法")])
    base = "https://xxgk.shifan.example/xxgk/"
    assert opened(shop)["正文.md"].decode().splitlines()[2] == (
        f"[办法]({base}zhengce/a.html#一) [批复]({base}permits/f.pdf '注') "
        f"[栏目]({base}index.html) [外](https://a.example/b.md)"
    )


def test_the_same_document_gives_the_same_bytes():
    assert outputs(archive, everything("正文")) == outputs(archive, everything("正文"))


def test_parts_have_a_fixed_time_and_are_stored():
    (data,) = outputs(archive, everything()).values()
    parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    assert {part.date_time for part in parts} == {(1980, 1, 1, 0, 0, 0)}
    assert {part.compress_type for part in parts} == {zipfile.ZIP_STORED}
    assert all(part.flag_bits & 0x800 for part in parts if not part.filename.isascii())


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (["表.pdf", "表.pdf", "表.PDF"], ["表 (2).pdf", "表 (3).PDF", "表.pdf"]),
        (["../../etc/x.txt"], ["_.._etc_x.txt"]),
        (["a:b*c?.doc", "..."], ["_", "a_b_c_.doc"]),
        (["长" * 200 + ".xlsx"], ["长" * 75 + ".xlsx"]),
    ],
)
def test_names_are_safe_and_distinct(names, kept):
    files = tuple(attachment(f"xxgk/a/{n}", b"x", name) for n, name in enumerate(names))
    one = entry("xxgk/a.md", "甲", attachments=files)
    documents = [Document("xxgk/a.md", "article", {})]
    parts = opened(workshop(site([one]), documents, files={f.source: b"x" for f in files}))
    assert [name.removeprefix("附件/") for name in parts if name.startswith("附件/")] == kept


def test_forms_that_fields_name_are_in_it_once():
    form = attachment("xxgk/a/申请表.docx", b"form", "申请表.docx", "xxgk/a/form.docx")
    picture = attachment("xxgk/a/p.png", b"picture", "p.png")
    links = (LinkCard("xxgk/a/p.png"), LinkCard("xxgk/b.md"), LinkCard("xxgk/a/申请表.docx"))
    one = entry("xxgk/a.md", "甲", files=(LinkCard("申请表.docx"),), links=links,
                attachments=(attachment("xxgk/a/f.pdf", b"f", "f.pdf"),))  # fmt: skip
    made = replace(site([one]), files={f.source: f for f in (form, picture)})
    files = {"xxgk/a/申请表.docx": b"form", "xxgk/a/p.png": b"picture", "xxgk/a/f.pdf": b"f"}
    parts = opened(workshop(made, [Document("xxgk/a.md", "article", {})], files=files))
    assert [*parts] == ["说明.txt", "附件/f.pdf", "附件/p.png", "附件/申请表.docx"]


@pytest.mark.parametrize(
    ("more", "planned"),
    [
        ({}, 0),
        ({"attachments": (attachment("f", b"", "f.pdf"),)}, 1),
        ({"attachments": (attachment("f", b"", "f.pdf"),), "state": "withdrawn"}, 0),
    ],
)
def test_only_published_documents_with_files_have_one(more, planned):
    made = site([entry("xxgk/a.md", "甲", **more)])
    assert [o.address for o in archive.plan(made, None)] == ["xxgk/a/a.zip"] * planned


def test_names_of_an_english_site():
    shop, _ = with_table(FIELDS, [["a", "b"]], language="en")
    assert [*opened(shop)] == [
        "About.txt",
        "Data/Decisions.csv",
        "Data/Decisions.json",
        "Data/Decisions.xlsx",
        "Data/datapackage.json",
    ]
