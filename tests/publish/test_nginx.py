"""What citizens get from nginx with the configuration that sitegen writes."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from webserver import BROTLI, Running, serving

from sitegen.outputs.signposts import GONE, MOVED, NAMES
from sitegen.publish.nginx import SITE, Served, configuration

BYTES = "<p>示范经济开发区</p>".encode() * 200
NAME = "占道申请表（空白）$; .docx"
FILES: dict[str, bytes] = {
    "index.html": BYTES,
    "404.html": "<p>没有这个页面</p>".encode(),
    "xxgk/index.html": BYTES,
    "xxgk/chehui.html": "<p>已撤下</p>".encode(),
    "xxgk/2024/rencai.html": b"new",
    "xxgk/rencai.html": b"<meta http-equiv=refresh>",
    "zhaoshang/index.html": b"<meta http-equiv=refresh>",
    "Old/art_12.htm": b"<meta http-equiv=refresh>",
    "to-home.html": b"<meta http-equiv=refresh>",
    "xxgk/rencai/shenqing.docx": b"PK" * 100,
    "xxgk/rencai/tu.pdf": b"%PDF",
    "xxgk/rencai/biao.csv": "项目,金额\r\n".encode(),
    "xxgk/rencai/biao.json": b"{}",
    "xxgk/rencai/kan.txt": "说明".encode(),
    "xxgk/zwgk/index.html": b"the column",
    "feed.xml": b"<feed/>",
    "site.json": b"{}",
    "assets/site.0a1b2c3d.css": b"p{}",
    "SHA256SUMS": b"00  index.html\n",
    ".hidden/secret.html": b"secret",
    ".env": b"secret",
    GONE + "xxgk/chehui.html.410": b"",
    MOVED + "xxgk/rencai.html.301/xxgk.2024.rencai": b"",
    MOVED + "zhaoshang/index.html.301/xxgk.index": b"",
    MOVED + "Old/art_12.htm.301/xxgk.2024.rencai": b"",
    MOVED + "to-home.html.301/index": b"",
    NAMES: f'/xxgk/rencai/shenqing.docx "{quote(NAME, safe="")}";\n'
    f'/xxgk/rencai/tu.pdf "{quote("图.pdf", safe="")}";\n'.encode(),
}


def lay_out(base: Path, name: str, files: dict[str, bytes], time: int = 1_780_000_000) -> None:
    """Make a release and switch to it."""
    release = base / "releases" / name
    for address, content in files.items():
        path = release / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (time, time))
    link = base / f".{name}"
    link.symlink_to(f"releases/{name}")
    link.replace(base / "current")


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    base = tmp_path_factory.mktemp("www")
    packed = {
        "index.html.gz": gzip.compress(BYTES, mtime=0),
        "index.html.br": b"brotli stands here",
    }
    lay_out(base, "r1", FILES | packed)
    shared = base / "shared/assets"
    shared.mkdir(parents=True)
    (shared / "site.99999999.css").write_bytes(b"of the release before")
    (base / "releases/r1/out.html").symlink_to("/etc/passwd")
    with serving(base, tmp_path_factory.mktemp("nginx") / "run") as running:
        yield running


def test_a_page_comes_with_its_charset_and_is_asked_for_again(nginx: Running):
    answer = nginx.ask("/xxgk/")
    assert (answer.status, answer.body) == (200, BYTES)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    again = nginx.ask("/xxgk/index.html", if_none_match=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("", None)],
)
def test_what_was_compressed_beforehand_is_sent_as_it_is(nginx: Running, accepted, encoding):
    if "br" in str(encoding) and not BROTLI.exists():
        pytest.skip("nginx has no brotli module here")
    answer = nginx.ask("/", accept_encoding=accepted)
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/xxgk/rencai.html", "/xxgk/2024/rencai.html"),
        ("/zhaoshang/index.html", "/xxgk/"),
        ("/zhaoshang/", "/xxgk/"),
        ("/Old/art_12.htm", "/xxgk/2024/rencai.html"),
        ("/Old/art_12.htm?from=portal", "/xxgk/2024/rencai.html?from=portal"),
        ("/to-home.html", "/"),
    ],
)
def test_an_old_address_leads_to_the_new_one(nginx: Running, old: str, new: str):
    for method in ("GET", "HEAD"):
        answer = nginx.ask(old, method)
        assert (answer.status, answer.headers["location"]) == (301, new)


def test_a_withdrawn_document_is_gone_and_says_why(nginx: Running):
    answer = nginx.ask("/xxgk/chehui.html")
    assert (answer.status, answer.body) == (410, "<p>已撤下</p>".encode())
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    head = nginx.ask("/xxgk/chehui.html", "HEAD")
    assert (head.status, head.body) == (410, b"")


@pytest.mark.parametrize(
    "path",
    ["/keine", "/keine.html", "/xxgk/keine/", "/assets/", "/assets/none.css", "/keine.docx",
     "/.env", "/.hidden/secret.html", "/.git/config", "/xxgk/.hidden.html", "/releases/",
     "/.sitegen-gone/index.html", "/.sitegen-moved/zhaoshang/index.html.301/", "/.sitegen-moved/",
     "/.well-known/", "/.well-known/sitegen-signs/moved/", "/xxgk/../.env", "/%2e%65nv", "//.env"],
)  # fmt: skip
def test_what_is_not_public_is_not_found(nginx: Running, path: str):
    answer = nginx.ask(path)
    assert (answer.status, answer.body) == (404, FILES["404.html"])


def test_signposts_and_proofs_are_public_themselves(nginx: Running):
    for address in (GONE + "xxgk/chehui.html.410", NAMES, "SHA256SUMS"):
        answer = nginx.ask("/" + address)
        assert (answer.status, answer.body) == (200, FILES[address])
    assert nginx.ask("/" + NAMES).headers["content-type"] == "text/plain; charset=utf-8"
    assert nginx.ask("/SHA256SUMS").headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("path", ["/", "/keine", "/xxgk/chehui.html", "/xxgk/rencai.html",
     "/zhaoshang/", "/assets/site.0a1b2c3d.css", "/assets/none.css", "/xxgk/rencai/shenqing.docx",
     "/xxgk/rencai/tu.pdf", "/feed.xml", "/.env", f"/{NAMES}", "/SHA256SUMS",
     "/xxgk"])  # fmt: skip
def test_every_answer_has_the_security_headers_once(nginx: Running, path: str):
    headers = nginx.ask(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert ("unsafe" in policy) == path.endswith(".pdf")
    assert "unsafe-eval" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["permissions-policy"] == "camera=(), microphone=(), geolocation=()"
    assert headers["server"] == "nginx"


@pytest.mark.parametrize(("path", "status"), [("/", 405), ("/xxgk/biao.csv", 405)])
def test_only_reading_is_answered(nginx: Running, path: str, status: int):
    assert nginx.ask(path, "POST").status == status
    assert nginx.ask(path, "DELETE").status == status


def test_assets_are_kept_for_ever_and_those_of_earlier_releases_are_still_there(nginx: Running):
    for name in ("site.0a1b2c3d.css", "site.99999999.css"):
        answer = nginx.ask(f"/assets/{name}")
        assert answer.status == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" not in nginx.ask("/assets/none.css").headers["cache-control"]


def test_a_download_is_saved_under_its_chinese_name(nginx: Running):
    answer = nginx.ask("/xxgk/rencai/shenqing.docx")
    expected = f"attachment; filename=\"shenqing.docx\"; filename*=UTF-8''{quote(NAME, safe='')}"
    assert answer.headers["content-disposition"] == expected
    assert answer.headers["content-type"].endswith("wordprocessingml.document")
    csv = nginx.ask("/xxgk/rencai/biao.csv")
    assert csv.headers["content-disposition"] == "attachment"
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"


def test_what_browsers_can_show_is_shown_and_knows_its_name(nginx: Running):
    pdf = nginx.ask("/xxgk/rencai/tu.pdf").headers
    assert pdf["content-disposition"] == (
        "inline; filename=\"tu.pdf\"; filename*=UTF-8''%E5%9B%BE.pdf"
    )
    assert pdf["content-type"] == "application/pdf"
    text = nginx.ask("/xxgk/rencai/kan.txt").headers
    assert text["content-type"] == "text/plain; charset=utf-8"
    assert "content-disposition" not in text


def test_feeds_may_be_kept_for_some_minutes(nginx: Running):
    for path in ("/feed.xml", "/site.json"):
        assert nginx.ask(path).headers["cache-control"] == "public, max-age=300"
    assert nginx.ask("/feed.xml").headers["content-type"] == "application/xml; charset=utf-8"


def test_a_switch_is_seen_at_once_with_its_redirects_and_etags_differ(tmp_path: Path):
    base = tmp_path / "www"
    lay_out(base, "r1", {"a.html": b"old text", "b.html": b"same"}, 1_780_000_000)
    with serving(base, tmp_path / "run") as nginx:
        before, same = nginx.ask("/a.html"), nginx.ask("/b.html")
        changed = {"a.html": b"new text", "c.html": b"moved", MOVED + "c.html.301/a": b""}
        lay_out(base, "r2", changed, 1_780_000_060)
        kept = base / "releases/r2/b.html"
        kept.hardlink_to(base / "releases/r1/b.html")
        after = nginx.ask("/a.html", if_none_match=before.headers["etag"])
        assert (after.status, after.body) == (200, b"new text")
        assert after.headers["etag"] != before.headers["etag"]
        assert nginx.ask("/b.html", if_none_match=same.headers["etag"]).status == 304
        assert nginx.ask("/c.html").headers["location"] == "/a.html"
        lay_out(base, "r3", {"a.html": b"new text", GONE + "a.html.410": b""}, 1_780_000_120)
        assert nginx.ask("/a.html").status == 410
        assert nginx.ask("/c.html").status == 404


def test_names_of_new_attachments_are_known_after_a_reload(tmp_path: Path):
    base = tmp_path / "www"
    (base / "releases").mkdir(parents=True)
    with serving(base, tmp_path / "run") as nginx:  # before anything was published
        lay_out(base, "r1", {"a.zip": b"PK", NAMES: b'/a.zip "%E7%94%B2.zip";\n'})
        assert nginx.ask("/a.zip").headers["content-disposition"] == "attachment"
        nginx.reload()
        told = nginx.ask("/a.zip").headers["content-disposition"]
        assert told == "attachment; filename=\"a.zip\"; filename*=UTF-8''%E7%94%B2.zip"


def test_a_site_below_a_path_works_there_also_when_a_column_has_the_same_name(tmp_path: Path):
    base = tmp_path / "www"
    files = FILES | {"zwgk/index.html": b"a column", "zwgk/zwgk/index.html": b"below"}
    files |= {MOVED + "zwgk/old.html.301/zwgk.index": b"", "zwgk/old.html": b""}
    lay_out(base, "r1", files)
    with serving(base, tmp_path / "run", "https://www.shifan.example/zwgk/") as nginx:
        assert nginx.ask("/zwgk").headers["location"] == "/zwgk/"
        assert nginx.ask("/zwgk/").body == BYTES
        assert nginx.ask("/zwgk/zwgk/").body == b"a column"
        assert nginx.ask("/zwgk/zwgk/zwgk/").body == b"below"
        assert nginx.ask("/zwgk/zwgk/old.html").headers["location"] == "/zwgk/zwgk/"
        assert nginx.ask("/zwgk/xxgk").headers["location"] == "/zwgk/xxgk/"
        assert nginx.ask("/zwgk/xxgk/chehui.html").status == 410
        assert nginx.ask("/zwgk/zhaoshang/").headers["location"] == "/zwgk/xxgk/"
        assert nginx.ask("/zwgk/keine").status == 404
        assert "warn" not in nginx.errors()


def test_one_nginx_serves_several_sites(tmp_path: Path):
    """Variables of two sites never meet: each configuration names its own."""
    first = configuration(Served("/srv/a/www", "/srv/a/nginx", 80, "https://a.example/"))[SITE]
    second = configuration(Served("/srv/b/www", "/srv/b/nginx", 80, "https://a.example/b/"))[SITE]

    def variables(text: str) -> set[str]:
        return {word.rstrip(" {;") for word in text.split() if word.startswith("$sitegen_")}

    assert variables(first)
    assert not variables(first) & variables(second)


def test_paths_with_odd_characters_stay_one_word():
    served = Served('/srv/政务 "a"\\b', "/srv/c d", 80)
    assert 'root "/srv/政务 \\"a\\"\\\\b/current";' in configuration(served)[SITE]
