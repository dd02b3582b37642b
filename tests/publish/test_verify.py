"""Verifying: whatever somebody did to a published site shows, in a folder and on the web."""

from __future__ import annotations

import functools
import gzip
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from loopback import make_key
from once import once
from publishedsite import PublishedSite, copied, make_published

from sitegen.engine.reporter import Silent
from sitegen.publish.manifest import CHAIN, MANIFEST, SIGNATURE, SUMS
from sitegen.publish.manifest import digest_of as digest
from sitegen.publish.publishing import PublishOptions, publish
from sitegen.publish.sign import Signer, Trust, sign, trusted
from sitegen.publish.target import local_target
from sitegen.publish.verify import Folder, Published, UnreachableError, Verified, verify
from sitegen.publish.web import Website


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a site and its third release."""

    def make(folder: Path) -> int:
        site = make_published(folder)
        for _ in range(2):
            site.edit()
            assert site.publish().status == 0
        return site.number

    return once(tmp_path_factory, "thrice", make)[0]


@pytest.fixture
def site(three: Path, tmp_path: Path) -> PublishedSite:
    """A copy of it, in which everything may be altered."""
    made = copied(three, tmp_path / "site")
    for path in (_release(made), *_release(made).rglob("*")):
        path.chmod(0o755)
    return made


def _release(site: PublishedSite) -> Path:
    return Path(site.target.hosts[0].base, "current").resolve()


def _verified(place: Published, trust: Trust | None = None) -> Verified:
    return verify(place, "site", trust, Silent())


def _found(result: Verified) -> list[tuple[str, str]]:
    """Codes and paths of what is wrong; warnings and notices are not."""
    return [
        (problem.code, problem.where.path if problem.where else "")
        for problem in result.problems
        if problem.severity == "error"
    ]


def test_a_release_is_as_it_was_released(site: PublishedSite) -> None:
    result = _verified(Folder(Path(site.target.hosts[0].base, "current")))
    assert result.status == 0
    assert _found(result) == []
    assert result.files > 20
    assert len(result.chain) == 2
    assert [key.fingerprint[:7] for key in result.signers] == ["SHA256:"]


ALTERATIONS: dict[str, tuple[Callable[[Path], object], list[tuple[str, str]]]] = {
    "a page": (lambda r: (r / "index.html").write_text("x"), [("P302", "index.html")]),
    "a page that grew": (
        lambda r: (r / "index.html").open("a").write("x"),
        [("P302", "index.html")],
    ),
    "what browsers are sent": (
        lambda r: (r / "index.html.gz").write_bytes(gzip.compress(b"x")),
        [("P302", "index.html.gz")],
    ),
    "what newer browsers are sent": (
        lambda r: (r / "index.html.br").write_bytes(b"x"),
        [("P302", "index.html.br")],
    ),
    "a file taken away": (lambda r: (r / "robots.txt").unlink(), [("P303", "robots.txt")]),
    "a file put in": (lambda r: (r / "x.html").write_text("x"), [("P304", "x.html")]),
    "a hidden file": (lambda r: (r / ".env").write_text("x"), [("P304", ".env")]),
    "a sibling of nothing": (lambda r: (r / "x.gz").write_text("x"), [("P304", "x.gz")]),
    "a link": (
        lambda r: ((r / "robots.txt").unlink(), (r / "robots.txt").symlink_to("/etc/passwd")),
        [("P302", "robots.txt")],
    ),
    "a folder put in as a link": (lambda r: (r / "x").symlink_to("/etc"), [("P304", "x")]),
    "the sums": (lambda r: (r / SUMS).write_text("x"), [("P309", SUMS)]),
    "the packed manifest": (
        lambda r: (r / (MANIFEST + ".gz")).write_bytes(gzip.compress(b"{}")),
        [("P302", MANIFEST + ".gz")],
    ),
    "no signature": (lambda r: (r / SIGNATURE).unlink(), [("P306", MANIFEST)]),
    "another signature": (
        lambda r: (r / SIGNATURE).write_text("-----BEGIN SSH SIGNATURE-----\n"),
        [("P307", MANIFEST)],
    ),
    "some other scheme": (lambda r: (r / SIGNATURE).write_text("x"), [("P315", MANIFEST)]),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_every_alteration_shows(site: PublishedSite, name: str) -> None:
    alter, expected = ALTERATIONS[name]
    alter(_release(site))
    result = _verified(Folder(_release(site)))
    assert result.status == 1
    assert _found(result) == expected


def test_who_alters_the_manifest_as_well_needs_the_key(site: PublishedSite) -> None:
    release = _release(site)
    data = (release / MANIFEST).read_bytes()
    old = digest((release / "robots.txt").read_bytes())
    size = (release / "robots.txt").stat().st_size
    (release / "robots.txt").write_bytes(b"#" * size)
    new = digest(b"#" * size)
    forged = data.replace(old.encode(), new.encode())
    (release / MANIFEST).write_bytes(forged)
    sums = (release / SUMS).read_bytes().replace(old.encode(), new.encode())
    (release / SUMS).write_bytes(sums.replace(digest(data).encode(), digest(forged).encode()))
    for suffix in (".gz", ".br"):
        (release / (MANIFEST + suffix)).unlink()
    assert _found(_verified(Folder(release))) == [("P307", MANIFEST)]


def test_who_replaces_the_key_as_well_is_found_by_whoever_has_the_right_one(
    site: PublishedSite, tmp_path: Path
) -> None:
    release = _release(site)
    public = site.key.with_suffix(".pub").read_text()
    signers = trusted(public)
    assert signers is not None
    assert _verified(Folder(release), Trust(signers)).status == 0

    forger = Signer(make_key(tmp_path / "forger"))
    signature, _ = sign(forger, (release / MANIFEST).read_bytes())
    assert signature is not None
    (release / SIGNATURE).write_bytes(signature)
    assert _found(_verified(Folder(release), Trust(signers))) == [("P307", MANIFEST)]


def test_a_manifest_taken_out_of_the_chain_shows(site: PublishedSite) -> None:
    result = _verified(Folder(_release(site)))
    previous = result.head.previous if result.head else ""
    path = _release(site) / f"{CHAIN}{previous}.json.gz"
    whole = path.read_bytes()
    path.write_bytes(gzip.compress(gzip.decompress(whole) + b" "))
    assert _found(_verified(Folder(_release(site))))[0][0] == "P314"
    path.write_bytes(b"x")
    assert _found(_verified(Folder(_release(site))))[0][0] == "P314"
    path.unlink()
    assert _found(_verified(Folder(_release(site))))[0][0] == "P308"


def test_a_folder_that_is_no_release_is_told_of(tmp_path: Path) -> None:
    assert _found(_verified(Folder(tmp_path))) == [("P301", "site")]
    (tmp_path / MANIFEST).write_text('{"format": 1, "files": []}')
    assert _found(_verified(Folder(tmp_path))) == [("P301", "site")]
    (tmp_path / MANIFEST).write_text("[" * 100_000)
    assert _found(_verified(Folder(tmp_path))) == [("P301", "site")]


def test_without_a_signature_that_is_said(site: PublishedSite, tmp_path: Path) -> None:
    target = local_target(tmp_path / "unsigned")
    options = PublishOptions(site.root, target, site.time.date())
    assert publish(options, site.time, Silent()).status == 0
    result = _verified(Folder(tmp_path / "unsigned/current"))
    assert result.status == 0
    assert [problem.code for problem in result.problems] == ["P305"]
    assert result.signers == ()


def test_names_from_a_stranger_are_printed_harmlessly(site: PublishedSite) -> None:
    (_release(site) / "x\x1b[31m").write_text("x")
    ((code, path),) = _found(_verified(Folder(_release(site))))
    assert code == "P304"
    assert path.isprintable()


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: object) -> None:
        """Be quiet."""

    def send_head(self):  # type: ignore[no-untyped-def]
        """Serve compressed siblings to who asks for them, as nginx does."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        for name, suffix in (("br", ".br"), ("gzip", ".gz")):
            packed = path.with_name(path.name + suffix)
            if name == self.headers.get("Accept-Encoding") and packed.is_file():
                self.send_response(200)
                self.send_header("Content-Encoding", name)
                self.send_header("Content-Length", str(packed.stat().st_size))
                self.end_headers()
                return packed.open("rb")
        return super().send_head()


@pytest.fixture
def url(site: PublishedSite) -> Iterator[str]:
    """The site on a web server."""
    handler = functools.partial(_Handler, directory=str(_release(site)))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_site_on_the_web_is_as_it_was_released(url: str) -> None:
    for address in (url, url + "index.html"):
        result = _verified(Website(address))
        assert _found(result) == []
        assert len(result.chain) == 2


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("index.html", b"x", "P302"),
        ("index.html.gz", gzip.compress(b"x", mtime=0), "P302"),
        ("index.html.br", b"x", "P302"),
        ("robots.txt", None, "P303"),
        (SIGNATURE, None, "P306"),
        (SUMS, b"x", "P309"),
    ],
)
def test_alterations_show_on_the_web(
    site: PublishedSite, url: str, name: str, content: bytes | None, expected: str
) -> None:
    path = _release(site) / name
    path.write_bytes(content) if content is not None else path.unlink()
    result = _verified(Website(url))
    assert result.status == 1
    assert {code for code, _ in _found(result)} == {expected}


def test_who_sends_the_visitors_of_a_page_elsewhere_is_found(site: PublishedSite, url: str) -> None:
    page = _release(site) / "404.html"
    page.unlink()
    page.mkdir()  # the server then redirects to the folder
    assert ("P310", "404.html") in _found(_verified(Website(url)))


def test_a_server_that_does_not_answer_is_told_of() -> None:
    result = _verified(Website("http://127.0.0.1:9/"))
    assert result.status == 3
    assert _found(result) == [("P301", "site")]
    for address in ("ftp://127.0.0.1/", "http:///x", "file:///etc/passwd"):
        with pytest.raises(UnreachableError):
            Website(address)
