"""A key that may publish to one folder of a host: it can, and can do nothing else there."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from loopback import SshServer, ssh_server
from publishedsite import PublishedSite, faults, make_site

import sitegen.publish
from sitegen.publish.manifest import CHAIN
from sitegen.publish.place import Place
from sitegen.publish.switching import list_releases, roll_back
from sitegen.publish.target import Target, host_of

NAME = "20261123T0901-000000000000"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("host") / "srv"


@pytest.fixture(scope="module")
def server(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    """A host with the two scripts, as a technician has put them there."""
    folder = tmp_path_factory.mktemp("lib")
    for name in ("gate.sh", "remote.sh"):
        shutil.copy(Path(sitegen.publish.__file__).with_name(name), folder)
    (folder / "gate.sh").chmod(0o755)
    restriction = f'restrict,command="{folder}/gate.sh {base}"'
    with ssh_server(folder / "ssh", restriction=restriction) as running:
        yield running


@pytest.fixture(scope="module")
def site(base: Path, server: SshServer, tmp_path_factory: pytest.TempPathFactory) -> PublishedSite:
    """A site with two releases there."""
    host = host_of(server.address(base))
    assert host is not None
    made = make_site(tmp_path_factory.mktemp("site") / "site")
    site = replace(made, target=Target("www", (host,)), ssh=server.ssh)
    for _ in range(2):
        done = site.publish()
        assert done.status == 0, [problem.message() for problem in done.problems]
        site.edit()
    return site


def test_publishing_works_through_it(site: PublishedSite, base: Path) -> None:
    assert faults(base) == []
    assert len(list_releases(site.target, site.ssh).releases) == 2
    assert roll_back(site.target, None, site.time, ssh=site.ssh).status == 0
    assert site.publish().status == 0
    assert faults(base) == []


def test_the_chain_of_manifests_can_be_fetched_for_a_host_that_lacks_it(
    site: PublishedSite, tmp_path: Path
) -> None:
    release = list_releases(site.target, site.ssh).releases[0].name
    Place(site.target.hosts[0], site.ssh).download(release, CHAIN, tmp_path)
    assert list(tmp_path.glob("*.json.gz"))


@pytest.mark.parametrize(
    "command",
    [
        "",
        "id",
        "cat /etc/passwd",
        "set -- look {base}",  # no script: somebody tries by hand
        "set -- look /etc\n:",
        "set -- look {base}/../x\n:",
        "set -- look {base} ; id\n:",
        "set -- look {base} $(id)\n:",
        "set -- other {base}\n:",
        f"set -- read {{base}} {NAME} ../../../../etc/passwd\n:",
        "set -- read {base} ../.. manifest.json\n:",
        f"set -- clean {{base}} {NAME} ..\n:",
        "set -- begin {base} ../../x -\n:",
        f"rsync --server --sender -ltprce.iLsfxCIvu . {{base}}/releases/.partial-{NAME}/",
        f"rsync --server --sender -ltprce.iLsfxCIvu . {{base}}/releases/{NAME}/",
        "rsync --server -ltprce.iLsfxCIvu . {base}/releases/",
        f"rsync --server -ltprce.iLsfxCIvu . {{base}}/releases/.partial-{NAME}/../../../x/",
        f"rsync --server -ltpr --link-dest ../../../etc . {{base}}/releases/.partial-{NAME}/",
        f"rsync --server -ltpr --log-file=/tmp/x . {{base}}/releases/.partial-{NAME}/",
        f"rsync --server -ltpr . {{base}}/releases/.partial-{NAME}/\nid",
    ],
)
def test_nothing_else_does(site: PublishedSite, server: SshServer, base: Path, command: str):
    before = sorted(base.rglob("*"))
    done = server.run(command.format(base=base))
    assert done.returncode == 2
    assert done.stdout == ""
    assert "may only publish" in done.stderr
    assert sorted(base.rglob("*")) == before


def test_a_link_that_is_sent_leads_nowhere(
    site: PublishedSite, server: SshServer, base: Path, tmp_path: Path
) -> None:
    """Or a stolen key could read files of the account, or have them served."""
    (tmp_path / "sent").mkdir()
    (tmp_path / "sent/manifest.json").symlink_to("/etc/passwd")
    shell = " ".join((*server.ssh, "-p", str(server.port)))
    target = f"127.0.0.1:{base}/releases/.partial-{NAME}/"
    sent = subprocess.run(
        ["rsync", "-rlptc", "-e", shell, f"{tmp_path}/sent/", target], capture_output=True
    )
    assert sent.returncode == 0, sent.stderr
    link = base / "releases" / f".partial-{NAME}" / "manifest.json"
    assert link.is_symlink()
    assert not link.exists()
    assert site.publish().status == 0
    assert not link.is_symlink()
