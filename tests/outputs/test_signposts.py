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
        ".well-known/sitegen-signs/gone/xxgk/b.html.410",
        ".well-known/sitegen-signs/gone/xxgk/c.html.410",
    ]


def test_an_old_address_holds_the_new_one_in_the_name_of_a_file():
    redirects = (Redirect("Old/1.htm", "xxgk/2026/a.html"), Redirect("b/index.html", "index.html"))
    assert sorted(made([], redirects)) == [
        ".well-known/sitegen-signs/moved/Old/1.htm.301/xxgk.2026.a",
        ".well-known/sitegen-signs/moved/b/index.html.301/index",
    ]


def test_what_no_file_name_can_hold_is_left_to_the_page():
    redirects = (
        Redirect("a.html", "x" * 256 + ".html"),
        Redirect("x" * 250 + ".htm", "a.html"),
        Redirect("c.html", "a/b.v2.html"),
        Redirect("d.html", "a/b.pdf"),
        Redirect("b.html", "d/" * 17 + "b.html"),
    )
    assert made([], redirects) == {}


def test_signposts_say_what_they_say():
    made_of = made(
        [entry("a/b.md", "甲", state="closed")], (Redirect("o/1.htm", "n/i/index.html"),)
    )
    gone, moved = sorted(made_of)
    assert signposts.gone_at(gone) == "a/b.html"
    assert signposts.moved_at(moved) == ("o/1.htm", "n/i/index.html")
    for path in (moved, "a/b.html", "a/b.html.410", signposts.NAMES):
        assert signposts.gone_at(path) == ""
    for path in (gone, "a/old.html.301/a", signposts.NAMES):
        assert signposts.moved_at(path) == ("", "")


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
