"""What a web server reads off the release: moved and withdrawn pages, names of attachments."""

from __future__ import annotations

import dataclasses

from handmade import attachment, entry, outputs, site, workshop

from sitegen.outputs import signposts
from sitegen.site.site import Redirect


def made(entries, redirects=()):
    return outputs(signposts, workshop(dataclasses.replace(site(entries), redirects=redirects)))


def test_a_site_without_such_things_has_no_signposts():
    assert made([entry("xxgk/a.md", "甲")]) == {}


def test_withdrawn_and_closed_documents_are_gone():
    entries = [
        entry("xxgk/a.md", "甲"),
        entry("xxgk/b.md", "乙", state="withdrawn"),
        entry("xxgk/c.md", "丙", state="closed"),
    ]
    assert sorted(made(entries)) == [
        ".well-known/sitegen-signs/gone/xxgk/b.html",
        ".well-known/sitegen-signs/gone/xxgk/c.html",
    ]


def test_an_old_address_holds_the_new_one_in_the_name_of_a_file():
    redirects = (Redirect("Old/1.htm", "xxgk/2026/a.html"), Redirect("b/index.html", "index.html"))
    assert sorted(made([], redirects)) == [
        ".well-known/sitegen-signs/moved/Old/1.htm/xxgk,2026,a.html",
        ".well-known/sitegen-signs/moved/b/index.html/index.html",
    ]


def test_what_no_file_name_can_hold_is_left_to_the_page():
    redirects = (
        Redirect("a.html", "x" * 251 + ".html"),
        Redirect("b.html", "d/" * 17 + "b.html"),
    )
    assert made([], redirects) == {}


def test_names_are_harmless_in_a_configuration_and_in_a_header():
    name = '预算表"; } $x\n%.xlsx'
    files = (
        attachment("xxgk/a/b.xlsx", b"1", name),
        attachment("xxgk/a/a.pdf", b"2", "图.pdf"),
        attachment("x.pdf", b"3", "长.pdf", address="d/" * 300 + "x.pdf"),
    )
    withdrawn = entry("xxgk/b.md", "乙", state="withdrawn", attachments=files)
    public = entry("xxgk/a.md", "甲", attachments=files)
    assert made([public, withdrawn])[".well-known/sitegen-signs/names.map"].decode() == (
        '/xxgk/a/a.pdf "%E5%9B%BE.pdf";\n'
        '/xxgk/a/b.xlsx "%E9%A2%84%E7%AE%97%E8%A1%A8%22%3B%20%7D%20%24x%0A%25.xlsx";\n'
    )
    assert ".well-known/sitegen-signs/names.map" not in made([withdrawn])
