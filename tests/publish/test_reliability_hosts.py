"""Three hosts as one target, behind real ssh servers: when one fails, all go on as they were.

Disks that are full or read-only are here, too.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from loopback import SshServer, ssh_servers
from publishedsite import (
    KILLED,
    PublishedSite,
    faults,
    killed,
    left_over,
    make_published,
    make_site,
    verified,
    version_of,
)

from sitegen.publish import publishing
from sitegen.publish.place import Place
from sitegen.publish.publishing import PublishResult
from sitegen.publish.target import Target, host_of, local_target


class Cluster:
    """Three hosts that a site is published to; each is a folder behind an ssh server of its own."""

    def __init__(self, folder: Path, servers: list[SshServer], ssh: tuple[str, ...]) -> None:
        self.servers = sorted(servers, key=lambda server: str(server.port))
        self.bases = [folder / f"srv{number}" for number in range(1, len(servers) + 1)]
        hosts = map(SshServer.address, self.servers, self.bases)
        target = Target("three", tuple(host for each in hosts if (host := host_of(each))))
        self.site = replace(make_site(folder), target=target, ssh=ssh)

    @property
    def versions(self) -> list[int]:
        """The version that each host serves; every host serves a whole release."""
        assert [faults(base) for base in self.bases] == [[], [], []]
        return [version_of(base) for base in self.bases]

    def told(self, result: PublishResult) -> str:
        """What a publish that failed has told."""
        assert result.status == 3
        return "\n".join(problem.message() for problem in result.problems)

    def restarted(self) -> None:
        """All servers are there again."""
        for server in self.servers:
            if server.process is None:
                server.start()


@pytest.mark.slow
def test_whatever_becomes_of_one_host_of_three_each_serves_a_whole_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Down from the beginning, cut off during the upload, lost before and after its switch; or the
    publisher itself is killed between two. And the next publish makes all good."""
    with ssh_servers(tmp_path / "ssh", 3) as (servers, ssh):
        cluster = Cluster(tmp_path / "site", servers, ssh)
        assert cluster.site.publish().status == 0
        assert cluster.versions == [1, 1, 1]
        site, last = cluster.site, cluster.servers[-1]

        site.edit()
        last.cut()
        assert f":{last.port}/" in cluster.told(site.publish())
        assert cluster.versions == [1, 1, 1]

        cluster.restarted()
        (site.root / "themes/own/static/large.bin").write_bytes(os.urandom(400_000))
        site.edit()
        with _slow_upload(last.port, cluster.bases[-1], last.cut):
            assert f":{last.port}/" in cluster.told(site.publish())
        assert cluster.versions == [1, 1, 1]
        assert any(cluster.bases[-1].glob("releases/.partial-*")), "cut in the middle"
        (site.root / "themes/own/static/large.bin").unlink()

        real = Place.switch
        for when, expected in (("before", [1, 1, 1]), ("after", [1, 1, 5])):
            cluster.restarted()
            site.edit()

            def switch(place: Place, release: str, before: str, when: str = when) -> None:
                if place.host.port == last.port:
                    if when == "after":
                        real(place, release, before)
                    last.cut()
                real(place, release, before)

            monkeypatch.setattr(Place, "switch", switch)
            assert f":{last.port}/" in cluster.told(site.publish())
            monkeypatch.undo()
            # Lost after its switch, it goes on with the new release, which is whole; that is told.
            assert cluster.versions == expected

        cluster.restarted()
        site.edit()
        done = site.publish()
        assert done.status == 0, [problem.message() for problem in done.problems]
        assert cluster.versions == [6, 6, 6]
        assert [left_over(base) for base in cluster.bases] == [[], [], []]
        assert [verified(site, base) for base in cluster.bases] == [[], [], []]

        # Killed when one host has switched: nobody is there to bring it back, but the next is.
        site.edit()

        def act() -> None:
            calls = iter(range(1))

            def deadly(place: Place, release: str, before: str) -> None:
                if next(calls, None) is None:
                    os.kill(os.getpid(), signal.SIGKILL)
                real(place, release, before)

            Place.switch = deadly  # type: ignore[method-assign]
            tempfile.tempdir = str(tmp_path)  # who is killed leaves a folder there
            site.publish()

        assert killed(act) == KILLED
        assert cluster.versions == [7, 6, 6]
        done = site.publish(wait=30)
        assert done.status == 0, [problem.message() for problem in done.problems]
        assert cluster.versions == [7, 7, 7]
        assert [left_over(base) for base in cluster.bases] == [[], [], []]


@contextmanager
def _slow_upload(port: int, base: Path, cut: Callable[[], None]) -> Iterator[None]:
    """Uploading to one host takes so long that it can be interrupted, and is."""
    real = subprocess.run

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        if command[0] == "rsync" and any(f"-p {port}" in word for word in command):
            command = [*command[:1], "--bwlimit=100", *command[1:]]
        return real(command, **options)  # type: ignore[call-overload, no-any-return]

    def watch() -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end and not any(base.glob("releases/.partial-*/assets/.large*")):
            time.sleep(0.01)
        cut()

    thread = threading.Thread(target=watch)
    thread.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sitegen.publish.place.subprocess.run", run)
        yield
    thread.join()


# Disks ------------------------------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A file system of its own in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting needs the rights of root")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def site(tmp_path: Path) -> PublishedSite:
    return make_published(tmp_path / "site")


def test_a_full_disk_leaves_the_old_release_and_is_told(
    site: PublishedSite, tmp_path: Path
) -> None:
    base = tmp_path / "disk"
    with small_disk(base, "3m"):
        site.target = local_target(base / "www")
        assert site.publish().status == 0
        (site.root / "themes/own/static/large.bin").write_bytes(os.urandom(4_000_000))
        site.edit()
        failed = _status(site)
        assert failed == 3
        assert faults(base / "www") == []
        (site.root / "themes/own/static/large.bin").unlink()
        site.edit()
        done = site.publish()
        assert done.status == 0, [problem.message() for problem in done.problems]
        assert faults(base / "www") == []
        assert left_over(base / "www") == []


def test_a_disk_that_takes_no_larger_files_leaves_the_old_release(site: PublishedSite) -> None:
    """A limit in the place of a full disk: it needs no rights."""
    base = Path(site.target.hosts[0].base)
    (site.root / "themes/own/static/large.bin").write_bytes(os.urandom(400_000))
    site.edit()
    real = publishing.deliver

    def limited(*arguments: object, **named: object) -> object:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        return real(*arguments, **named)  # type: ignore[arg-type]

    def act() -> None:
        publishing.deliver = limited  # type: ignore[assignment]
        os._exit(_status(site))

    assert killed(act) == 3
    assert faults(base) == []
    done = site.publish()
    assert done.status == 0
    assert left_over(base) == []


def test_a_target_that_cannot_be_written_keeps_what_it_serves(
    site: PublishedSite, tmp_path: Path
) -> None:
    base = tmp_path / "disk"
    with small_disk(base, "20m"):
        site.target = local_target(base / "www")
        assert site.publish().status == 0
        site.edit()
        subprocess.run(["mount", "-o", "remount,ro", str(base)], check=True)
        assert _status(site) == 3
        assert faults(base / "www") == []
        subprocess.run(["mount", "-o", "remount,rw", str(base)], check=True)
        assert site.publish().status == 0
        assert left_over(base / "www") == []


def _status(site: PublishedSite) -> int:
    """The exit status of the command: an OSError of this machine's disk is 3 as well."""
    try:
        return site.publish().status
    except OSError:
        return 3
