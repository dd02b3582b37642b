"""What a citizen's own check of the site says, in words, when somebody was at the web server."""

from __future__ import annotations

import gzip
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback import make_key
from publishedsite import PublishedSite, make_published
from pushing import run
from webserver import Running, serving

from sitegen.publish.manifest import CHAIN


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> PublishedSite:
    site = make_published(tmp_path_factory.mktemp("site") / "site")
    site.edit()
    assert site.publish().status == 0
    return site


@pytest.fixture(scope="module")
def nginx(site: PublishedSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(Path(site.target.hosts[0].base), tmp_path_factory.mktemp("nginx") / "run") as it:
        yield it


@pytest.fixture
def release(site: PublishedSite) -> Iterator[Path]:
    """The folder that is served; what a test does there is undone."""
    served = (Path(site.target.hosts[0].base) / "current").resolve()
    kept = served.with_name("kept")
    subprocess.run(["cp", "-a", str(served), str(kept)], check=True)
    for folder in (served, *(path for path in served.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    yield served
    subprocess.run(["rm", "-rf", str(served)], check=True)
    kept.rename(served)


def _replace(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)  # its other links are other releases
    path.write_bytes(content)


def _verify(nginx: Running, site: PublishedSite, *more: str) -> tuple[int, str, str]:
    """The exit status, and what is said in Chinese and in English."""
    url = f"http://127.0.0.1:{nginx.port}/"
    key = ("--key", f"{site.key}.pub") if "--key" not in more else ()
    told = [run("verify", url, *key, *more, "--lang", lang) for lang in ("zh-CN", "en")]
    (status, *chinese), (again, *english) = told
    assert status == again
    return status, "".join(chinese), "".join(english)


def test_a_site_as_it_was_released(nginx: Running, site: PublishedSite) -> None:
    status, chinese, english = _verify(nginx, site)
    assert status == 0, english
    assert "全部内容与发布时一致。" in chinese
    assert "Everything is as it was released." in english


@pytest.mark.parametrize("name", ["index.html", "index.html.gz", "tzgg/banben.html"])
def test_an_altered_page_is_named(
    nginx: Running, site: PublishedSite, release: Path, name: str
) -> None:
    content = "<p>换过的内容</p>".encode()
    _replace(release / name, gzip.compress(content) if name.endswith(".gz") else content)
    status, chinese, english = _verify(nginx, site)
    assert status == 1
    page = name.removesuffix(".gz")  # its compressed form is what most readers are sent
    assert f"被改：“{page}”" in chinese
    assert f'altered: "{page}"' in english
    assert "This is not what was released." in english


def test_a_missing_page_is_named(nginx: Running, site: PublishedSite, release: Path) -> None:
    (release / "tzgg/banben.html").unlink()
    status, chinese, english = _verify(nginx, site)
    assert status == 1
    assert "“tzgg/banben.html”" in chinese
    assert 'missing: "tzgg/banben.html"' in english


def test_an_added_page_shows_in_the_folder_and_not_over_the_web(
    nginx: Running, site: PublishedSite, release: Path
) -> None:
    """No web server lists what it has: an outsider sees a new page only by an altered one."""
    (release / "tzgg/xinjia.html").write_text("<p>新加的</p>", "utf-8")
    assert _verify(nginx, site)[0] == 0
    status, out, err = run("verify", str(release), "--key", f"{site.key}.pub", "--lang", "zh-CN")
    assert status == 1
    assert "tzgg/xinjia.html" in out + err


def test_another_key_is_told_of(nginx: Running, site: PublishedSite, tmp_path: Path) -> None:
    other = make_key(tmp_path / "other")
    status, chinese, english = _verify(nginx, site, "--key", f"{other}.pub")
    assert status == 1
    assert "签名" in chinese
    assert "sign" in english


def test_a_broken_chain_is_told_of(nginx: Running, site: PublishedSite, release: Path) -> None:
    (kept,) = (release / CHAIN).glob("*.json.gz")
    _replace(kept, gzip.compress(gzip.decompress(kept.read_bytes()) + b" "))
    status, chinese, english = _verify(nginx, site)
    assert status == 1
    assert kept.name.removesuffix(".gz") in english
    assert "清单" in chinese
