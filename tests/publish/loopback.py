"""A site in a git repository, and real ssh servers on loopback to publish it to."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from webserver import free_port

SSHD = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
_PLAIN = ("PATH", "LANG", "TMPDIR")


def environment(home: Path) -> dict[str, str]:
    """An environment in which git and ssh know nothing of whoever runs the tests."""
    kept = {name: os.environ[name] for name in _PLAIN if name in os.environ}
    return kept | {
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "示例",
        "GIT_AUTHOR_EMAIL": "a@shifan.example",
        "GIT_COMMITTER_NAME": "示例",
        "GIT_COMMITTER_EMAIL": "a@shifan.example",
    }


def git(root: Path, *words: str) -> str:
    """Run git in a folder; it must succeed. Returns what it said on either stream."""
    done = subprocess.run(
        ["git", "-c", "commit.gpgsign=false", *words],
        cwd=root,
        env=environment(root),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def commit(root: Path, message: str = "内容") -> str:
    """Commit everything in the site's folder; returns the commit."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD").strip()


def make_key(path: Path) -> Path:
    """A key without a passphrase, for ssh or for signing; its public half is beside it."""
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)], check=True
    )
    return path


@dataclass
class SshServer:
    """An ssh server that lets the holder of one key in, as whoever runs the tests."""

    folder: Path
    port: int
    key: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def ssh(self) -> tuple[str, ...]:
        """The ssh command with which the server can be reached."""
        return ("ssh", "-F", str(self.folder / "client.conf"))

    def address(self, base: Path) -> str:
        """The address of a folder behind it, as the settings name it."""
        return f"ssh://127.0.0.1:{self.port}{base}"

    def run(self, command: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Run a command there."""
        words = [*self.ssh, "-p", str(self.port), *options, "127.0.0.1", command]
        return subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False
        )

    def start(self) -> None:
        """Begin to listen."""
        assert SSHD, "sshd is missing: make system-packages"
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        self.process = subprocess.Popen(
            [SSHD, "-D", "-e", "-f", str(self.folder / "sshd.conf")],
            stderr=(self.folder / "sshd.log").open("ab"),
            start_new_session=True,
        )
        end = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert time.monotonic() < end, (self.folder / "sshd.log").read_text()
                time.sleep(0.02)

    def cut(self) -> None:
        """Stop listening and end every connection at once, as a network does that fails."""
        if self.process is None:
            return
        for pid in (*_descendants(self.process.pid), self.process.pid):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait(10)
        self.process = None


def _descendants(pid: int) -> list[int]:
    """The sshd processes below a process: their commands may go on, as on a host far away."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            try:
                name = Path(f"/proc/{child}/comm").read_text().strip()
            except FileNotFoundError:
                continue
            if name.startswith("sshd"):
                found += [*_descendants(child), child]
    return found


@contextmanager
def ssh_server(
    folder: Path, *, restriction: str = "", settings: Sequence[str] = ()
) -> Iterator[SshServer]:
    """A server that runs until the context ends. `restriction` stands before the key in
    ``authorized_keys``, `settings` are further lines of ``sshd_config``."""
    folder.mkdir(parents=True)
    port = free_port()
    host_key, key = make_key(folder / "host_key"), make_key(folder / "key")
    public = (folder / "key.pub").read_text()
    (folder / "authorized_keys").write_text(f"{restriction} {public}".strip() + "\n")
    known = f"[127.0.0.1]:{port} {(folder / 'host_key.pub').read_text()}"
    (folder / "known_hosts").write_text(known)
    server = [
        f"Port {port}", "ListenAddress 127.0.0.1", f"HostKey {host_key}", f"PidFile {folder}/pid",
        f"AuthorizedKeysFile {folder}/authorized_keys", "StrictModes no", "UsePAM no",
        "PasswordAuthentication no", "KbdInteractiveAuthentication no",
        "PermitRootLogin prohibit-password", "PermitUserEnvironment no",
        "SetEnv SHLVL=2",  # so that bash does not read the .bashrc of whoever runs the tests
        *settings,
    ]  # fmt: skip
    (folder / "sshd.conf").write_text("\n".join(server) + "\n")
    client = [
        "Host *", f"IdentityFile {key}", "IdentitiesOnly yes", "IdentityAgent none",
        f"UserKnownHostsFile {folder}/known_hosts", "StrictHostKeyChecking yes", "LogLevel ERROR",
    ]  # fmt: skip
    (folder / "client.conf").write_text("\n".join(client) + "\n")
    running = SshServer(folder, port, key)
    running.start()
    try:
        yield running
    finally:
        running.cut()


@contextmanager
def ssh_servers(folder: Path, count: int) -> Iterator[tuple[list[SshServer], tuple[str, ...]]]:
    """Several servers, and one ssh command that reaches each of them."""
    with ExitStack() as stack:
        servers = [
            stack.enter_context(ssh_server(folder / f"host{number}"))
            for number in range(1, count + 1)
        ]
        known = " ".join(f"{server.folder}/known_hosts" for server in servers)
        lines = (servers[0].folder / "client.conf").read_text().splitlines()
        lines = [line for line in lines if not line.startswith(("UserKnown", "IdentityFile"))]
        lines += [f"UserKnownHostsFile {known}", *(f"IdentityFile {s.key}" for s in servers)]
        (folder / "client.conf").write_text("\n".join(lines) + "\n")
        yield servers, ("ssh", "-F", str(folder / "client.conf"))
