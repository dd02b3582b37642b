"""Files that are offered: found, named, placed, and none forgotten."""

from __future__ import annotations

import hashlib

import pytest
from making import card, made

from sitegen.site.cards import AttachmentCard, LinkCard, TableCard
from sitegen.site.files import address_name, candidates, human_name, media_type, offered


def test_an_attachment_lies_in_the_documents_own_folder_and_keeps_a_human_name() -> None:
    item = AttachmentCard("部门预算.XLSX", "2026年部门预算表", note="已盖章")
    site, problems = made(
        [card("news/公告.md", slug="gonggao", attachments=(item,))],
        content={"news/公告/部门预算.XLSX": 2048, "news/公告.md": 1},
    )
    assert problems == []
    (found,) = site.entries["news/公告.md"].attachments
    name = hashlib.sha256("部门预算.XLSX".encode()).hexdigest()[:8]
    assert found.source == "news/公告/部门预算.XLSX"
    assert found.address == f"news/gonggao/fujian-{name}.xlsx"
    assert (found.title, found.name, found.note) == (
        "2026年部门预算表",
        "2026年部门预算表.XLSX",
        "已盖章",
    )
    assert (found.size, found.sha256) == (
        2048,
        hashlib.sha256(found.source.encode()).hexdigest(),
    )
    assert found.media_type.endswith("spreadsheetml.sheet")


def test_the_own_folder_comes_before_the_folder_of_the_document() -> None:
    items = (
        AttachmentCard("x.pdf", ""),
        AttachmentCard("y.pdf", ""),
        AttachmentCard("/z/z.pdf", ""),
    )
    site, problems = made(
        [card("news/a.md", attachments=items)],
        content=["news/a/x.pdf", "news/x.pdf", "news/y.pdf", "z/z.pdf"],
    )
    sources = [a.source for a in site.entries["news/a.md"].attachments]
    assert sources == ["news/a/x.pdf", "news/y.pdf", "z/z.pdf"]
    assert [a.address for a in site.entries["news/a.md"].attachments] == [
        "news/a/x.pdf",
        "news/a/y.pdf",
        "news/a/z.pdf",
    ]
    assert problems == [
        "content/news/x.pdf A207 warning: this file belongs to no document; it is not published"
    ]


@pytest.mark.parametrize(
    ("document", "written", "places"),
    [
        ("a/b.md", "x.pdf", ("a/b/x.pdf", "a/x.pdf", "x.pdf")),
        ("b.md", "x.pdf", ("b/x.pdf", "x.pdf")),
        ("a/b.md", "../x.pdf", ("a/x.pdf", "x.pdf")),
        ("a/b.md", "/x.pdf", ("x.pdf",)),
        ("a/b.md", "..\\..\\..\\x.pdf", ()),
    ],
)
def test_places_where_a_file_may_lie(document: str, written: str, places: tuple[str, ...]) -> None:
    assert candidates(document, written) == places


@pytest.mark.parametrize(
    ("name", "slug", "address"),
    [
        ("Plan-2026.PDF", "", "plan-2026.pdf"),
        ("申请表.docx", "shenqing", "shenqing.docx"),
        ("申请表.docx", "shenqing.docx", "shenqing.docx"),
        ("a b.pdf", "", "fujian-" + hashlib.sha256(b"a b.pdf").hexdigest()[:8] + ".pdf"),
        ("README", "", "fujian-" + hashlib.sha256(b"README").hexdigest()[:8]),
        ("表.数据", "", "fujian-" + hashlib.sha256("表.数据".encode()).hexdigest()[:8]),
    ],
)
def test_address_names_are_ascii(name: str, slug: str, address: str) -> None:
    assert address_name(name, slug) == address


@pytest.mark.parametrize(
    ("name", "title", "shown"),
    [
        ("1.pdf", "申请表", "申请表.pdf"),
        ("1.pdf", "申请表.PDF", "申请表.PDF"),
        ("申请表.pdf", "", "申请表.pdf"),
        ("1.pdf", "甲/乙：丙?", "甲_乙：丙_.pdf"),
        ("README", "说明", "说明"),
    ],
)
def test_human_names(name: str, title: str, shown: str) -> None:
    assert human_name(name, title) == shown


def test_media_types_are_our_own() -> None:
    assert media_type("a/B.OFD") == "application/ofd"
    assert media_type("a.exe") == "application/octet-stream"


def test_a_missing_attachment_names_the_nearest_file() -> None:
    item = AttachmentCard("申请书.docx", "", mark=(6, 11))
    one = card("news/a.md", attachments=(item,))
    site, problems = made([one], content=["news/a/申请表.docx"])
    assert problems[0] == 'content/news/a.md:6:11 A201: there is no file "申请书.docx"'
    assert site.entries["news/a.md"].attachments == ()


def test_faults_of_attachments() -> None:
    items = (
        AttachmentCard("x.pdf", "", mark=(5, 3)),
        AttachmentCard("a/x.pdf", "", mark=(6, 3)),
        AttachmentCard("/news/b.md", "", mark=(7, 3)),
        AttachmentCard("/site.yaml", "", mark=(8, 3)),
        AttachmentCard("X.PDF", "", mark=(9, 3)),
    )
    sizes = {"news/a/x.pdf": 0, "news/a/X.PDF": 5, "news/b.md": 5, "site.yaml": 5}
    _, problems = made([card("news/a.md", attachments=items), card("news/b.md")], content=sizes)
    assert problems == [
        'content/news/a.md:5:3 A205 warning: the file "x.pdf" is empty',
        'content/news/a.md:6:3 A202: the attachment "a/x.pdf" is listed twice',
        'content/news/a.md:6:3 A205 warning: the file "a/x.pdf" is empty',
        'content/news/a.md:7:3 A204: "/news/b.md" is a source of the site and cannot be offered '
        "for download",
        'content/news/a.md:8:3 A204: "/site.yaml" is a source of the site and cannot be offered '
        "for download",
        "content/news/a.md:9:3 A105: news/a/x.pdf is the address of content/news/a/x.pdf already",
    ]


def test_a_file_of_a_document_that_is_left_out_is_neither_offered_nor_forgotten() -> None:
    one = card(
        "news/a.md",
        draft=True,
        attachments=(AttachmentCard("x.pdf", ""),),
        files=(LinkCard("y.pdf"),),
        links=(LinkCard("news/a/z.png"),),
        tables=(TableCard("t", "表", 1, "news/a/t.csv"),),
    )
    content = [f"news/a/{name}" for name in ("x.pdf", "y.pdf", "z.png", "t.csv")]
    site, problems = made([one], content=content)
    assert (problems, site.files) == ([], {})


def test_files_that_nobody_names_are_told() -> None:
    content = [
        "news/a/note.docx", "news/loose.txt", "_drafts.txt", "kinds/k.yaml",
        "calendar/2026.yaml", "site.yaml", "news/b.yml", "news/_column.yaml",
    ]  # fmt: skip
    _, problems = made([card("news/a.md")], content=content)
    assert problems == [
        "content/news/a/note.docx A203 warning: no document names this file; it is not published",
        'content/news/b.yml A206: "b.yml" is not read: the names of documents end in .md or .yaml',
        "content/news/loose.txt A207 warning: this file belongs to no document;"
        " it is not published",
    ]


def test_files_of_other_fields_and_pictures_are_offered_once() -> None:
    cards = [
        card("news/a.md", files=(LinkCard("表.docx"),), links=(LinkCard("news/a/图.png"),)),
        card("news/b.md", links=(LinkCard("news/a/图.png"), LinkCard("shared/p.png"))),
    ]
    content = ["news/a/表.docx", "news/a/图.png", "shared/p.png"]
    site, problems = made(cards, content=content)
    assert problems == []
    form = hashlib.sha256("表.docx".encode()).hexdigest()[:8]
    picture = hashlib.sha256("图.png".encode()).hexdigest()[:8]
    assert {source: file.address for source, file in site.files.items()} == {
        "news/a/图.png": f"news/a/fujian-{picture}.png",
        "news/a/表.docx": f"news/a/fujian-{form}.docx",
        "shared/p.png": "shared/p.png",
    }
    assert offered(site, "news/a.md", "表.docx") == site.files["news/a/表.docx"]
    assert offered(site, "news/b.md", "表.docx") is None


def test_files_in_folders_of_their_own_need_no_slugs() -> None:
    links = tuple(
        LinkCard(path) for path in ("news/公告/图/1.png", "news/Shared/2.png", "图/3.png")
    )
    site, problems = made(
        [card("news/公告.md", slug="gg", links=links)], content=[link.target for link in links]
    )
    folder = "fujian-" + hashlib.sha256("图".encode()).hexdigest()[:8]
    assert problems == []
    assert [file.address for file in site.files.values()] == [
        "news/shared/2.png",
        f"news/gg/{folder}/1.png",
        f"{folder}/3.png",
    ]


def test_a_linked_attachment_is_not_offered_twice() -> None:
    one = card(
        "news/a.md",
        attachments=(AttachmentCard("x.pdf", "表", slug="biao"),),
        links=(LinkCard("news/a/x.pdf"),),
    )
    site, problems = made([one], content=["news/a/x.pdf"])
    assert (problems, site.files) == ([], {})
    assert site.entries["news/a.md"].attachments[0].address == "news/a/biao.pdf"
    assert offered(site, "news/a.md", "x.pdf") == site.entries["news/a.md"].attachments[0]


def test_documents_that_could_not_be_read_hide_no_and_cause_no_problems() -> None:
    one = card(
        "news/a.md",
        links=(LinkCard("news/broken.md"),),
        attachments=(),
    )
    content = ["news/broken.md", "news/broken/x.pdf", "news/a.md"]
    assert made([one], content=content)[1] == []
