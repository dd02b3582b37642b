"""A key that may push, and nothing else: the line of docs/security.md, with a real ssh server."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback import SshServer, environment, git, ssh_server
from pushing import Clerk, make_both

DOCUMENT = Path(__file__).parents[2] / "docs/security.md"


def _restriction(repository: Path) -> str:
    """What stands before the key in ``authorized_keys``, as the document says."""
    found = re.search(r"^(restrict,command=.*) ssh-ed25519 ", DOCUMENT.read_text("utf-8"), re.M)
    assert found, "docs/security.md shows the line"
    return found[1].replace("/srv/xxgk/repo.git", str(repository))


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Clerk:
    return make_both(tmp_path_factory.mktemp("both"))


@pytest.fixture(scope="module")
def server(clerk: Clerk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    folder = tmp_path_factory.mktemp("ssh") / "server"
    settings = ("Subsystem sftp internal-sftp", "AllowTcpForwarding yes", "PermitTTY yes")
    with ssh_server(
        folder, restriction=_restriction(clerk.server.repository), settings=settings
    ) as running:
        yield running


def _git(clerk: Clerk, server: SshServer, *words: str) -> subprocess.CompletedProcess[str]:
    variables = environment(clerk.root.parent / "home")
    variables["GIT_SSH_COMMAND"] = shlex.join(server.ssh)
    return subprocess.run(
        ["git", *words], cwd=clerk.root, env=variables, capture_output=True, text=True, check=False
    )


def test_it_may_push_and_fetch(clerk: Clerk, server: SshServer) -> None:
    clerk.write("tongzhi.md")
    address = server.address(clerk.server.repository)
    done = _git(clerk, server, "push", "--quiet", address, "HEAD:main")
    assert done.returncode == 0, done.stderr
    assert clerk.server.page("tzgg/tongzhi.html")
    told = _git(clerk, server, "ls-remote", address, "main")
    assert told.stdout.startswith(git(clerk.root, "rev-parse", "HEAD").strip())


@pytest.mark.parametrize(
    "command",
    [
        "",
        "id",
        "cat /etc/passwd",
        "git-receive-pack '/other.git'",
        "git-upload-pack '{repository}/../repo.git'",
        "git-receive-pack '{repository}'\nid",
        "git-receive-pack '{repository}'; id",
        "git-receive-pack '{repository}' `id`",
        "git-upload-archive '{repository}'",
        "git-shell",
        "scp -f /etc/passwd",
        "rsync --server --sender -e.LsfxCIvu . /etc/passwd",
    ],
)
def test_no_other_command_is_run(clerk: Clerk, server: SshServer, command: str) -> None:
    done = server.run(command.format(repository=clerk.server.repository))
    assert done.returncode != 0
    assert done.stdout == ""
    assert "只能推送" in done.stderr


def test_there_is_no_terminal_and_no_file_transfer(clerk: Clerk, server: SshServer) -> None:
    terminal = server.run("", "-tt")
    assert terminal.returncode != 0
    assert "PTY allocation request failed" in terminal.stderr
    transfer = server.run("sftp", "-s")  # a server of files would end well, with nothing to do
    assert (transfer.returncode, transfer.stdout) == (1, "")


def test_nothing_is_forwarded(server: SshServer) -> None:
    through = subprocess.run(
        [*server.ssh, "-p", str(server.port), "-W", f"127.0.0.1:{server.port}", "127.0.0.1"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert through.returncode != 0
    assert through.stdout == "", "not even the greeting of the server that was asked for"
    back = server.run("", "-N", "-R", "0:127.0.0.1:1", "-o", "ExitOnForwardFailure=yes")
    assert back.returncode != 0
    assert "forwarding" in back.stderr
