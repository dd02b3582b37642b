"""Several hosts as one target, over real ssh and rsync on loopback: all of them switch, or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback import SshServer, ssh_server
from publishedsite import PublishedSite, faults, left_over, make_published, verified

from sitegen.publish.place import Place
from sitegen.publish.switching import list_releases, roll_back
from sitegen.publish.target import Target, host_of


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    """An ssh server, whose folders stand for so many machines."""
    with ssh_server(tmp_path_factory.mktemp("ssh") / "server") as running:
        yield running


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, server: SshServer) -> PublishedSite:
    """A site with a target of two hosts, where one version is published."""
    folder = tmp_path_factory.mktemp("hosts")
    made = make_published(folder)
    hosts = [host_of(server.address(folder / name)) for name in ("web1", "web2")]
    made.target = Target("both", tuple(host for host in hosts if host))
    made.ssh = server.ssh
    result = made.publish()
    assert result.status == 0, [problem.message() for problem in result.problems]
    return made


def _bases(site: PublishedSite) -> list[Path]:
    return [Path(host.base) for host in site.target.hosts]


def _served(site: PublishedSite) -> list[str]:
    return [(base / "current").readlink().name for base in _bases(site)]


def _codes(problems: object) -> set[str]:
    return {p.code for p in problems if p.severity == "error"}  # type: ignore[attr-defined]


def test_all_hosts_serve_the_same_whole_release(site: PublishedSite) -> None:
    site.edit()
    result = site.publish()
    assert result.status == 0
    assert _served(site) == [result.release] * 2
    for base in _bases(site):
        assert faults(base) == []
        assert left_over(base) == []
        assert (base / "shared/assets").is_dir()


def test_what_a_host_has_is_not_sent_again(site: PublishedSite) -> None:
    (old,) = {base / "releases" / name for base, name in zip(_bases(site)[:1], _served(site))}
    site.edit()
    new = Path(old.parent, site.publish().release)
    assert (new / "robots.txt").samefile(old / "robots.txt")
    assert (new / "robots.txt.gz").exists() == (old / "robots.txt.gz").exists()
    assert not (new / "index.html").samefile(old / "index.html")


def test_what_somebody_altered_on_a_host_is_sent_again(site: PublishedSite) -> None:
    altered = _bases(site)[1] / "current/robots.txt"
    time, right = altered.stat().st_mtime_ns, altered.read_bytes()
    altered.chmod(0o644)
    altered.write_bytes(b"#" * len(right))
    os.utime(altered, ns=(time, time))
    altered.chmod(0o444)
    site.edit()
    assert site.publish().status == 0
    assert all(faults(base) == [] for base in _bases(site))


def test_when_one_host_cannot_switch_none_does(
    site: PublishedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _served(site)
    second = sorted(_bases(site))[1]
    real = Place.arrive

    def blocked(self: Place, release: str) -> None:
        real(self, release)
        if self.host.base == str(second):  # as if something else were there all at once
            (second / "current").unlink()
            (second / "current").mkdir()

    site.edit()
    with monkeypatch.context() as patch:
        patch.setattr(Place, "arrive", blocked)
        result = site.publish()
    (second / "current").rmdir()
    (second / "current").symlink_to(f"releases/{before[0]}")
    assert result.status == 3
    assert _codes(result.problems) & {"P203", "P206"}
    assert _served(site) == before
    assert not any(
        (base / "releases").glob("*" + result.release) for base in [second] if result.release
    )
    assert site.publish().status == 0


def test_when_one_host_is_down_the_others_stay(site: PublishedSite) -> None:
    before = _served(site)
    down = host_of(f"ssh://127.0.0.1:9{_bases(site)[0]}x")
    assert down is not None
    site.edit()
    result = site.publish(Target("three", (*site.target.hosts, down)))
    assert result.status == 3
    assert _codes(result.problems) == {"P202"}
    assert _served(site) == before
    assert site.publish().status == 0


def test_a_host_that_was_put_in_later_gets_everything(
    site: PublishedSite, server: SshServer, tmp_path: Path
) -> None:
    fresh = host_of(server.address(tmp_path / "web3"))
    assert fresh is not None
    result = site.publish(Target("three", (*site.target.hosts, fresh)))
    assert result.status == 0
    assert (tmp_path / "web3/current").readlink().name == result.release
    assert faults(tmp_path / "web3") == []
    assert verified(site, tmp_path / "web3") == []  # with the manifests of before


def test_hosts_that_differ_are_told_of_and_brought_together(site: PublishedSite) -> None:
    site.edit()
    site.publish()
    alone = Target("alone", site.target.hosts[:1])
    assert roll_back(alone, None, site.time, ssh=site.ssh).status == 0
    listed = list_releases(site.target, site.ssh)
    assert [problem.code for problem in listed.problems] == ["P209"]
    assert site.publish().status == 0
    assert len(set(_served(site))) == 1


def test_all_hosts_go_back_together(site: PublishedSite) -> None:
    before = _served(site)
    site.edit()
    site.publish()
    result = roll_back(site.target, None, site.time, ssh=site.ssh)
    assert result.status == 0
    assert _served(site) == before
    missing = sorted(_bases(site))[1] / "releases" / result.before
    for path in (missing, *missing.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(missing)
    there = roll_back(site.target, result.before, site.time, ssh=site.ssh)
    assert _codes(there.problems) == {"P221"}
    assert _served(site) == before


def test_a_host_whose_publisher_is_busy_is_left_alone(site: PublishedSite) -> None:
    before = _served(site)
    site.edit()
    with Place(site.target.hosts[1], site.ssh).lock("other@desk", 0):
        result = site.publish()
    assert _codes(result.problems) == {"P201"}
    assert _served(site) == before


def test_an_unknown_host_key_is_not_accepted(site: PublishedSite, server: SshServer) -> None:
    config = (server.folder / "client.conf").read_text()
    other = server.folder / "other.conf"
    other.write_text(config.replace("known_hosts", "unknown_hosts"))
    listed = list_releases(site.target, ("ssh", "-F", str(other)))
    assert _codes(listed.problems) == {"P202"}
