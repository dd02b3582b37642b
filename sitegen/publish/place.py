"""One host of a target, and what can be done there: all of it by `remote.sh`, here or over ssh.

Every step is one command that leaves the host in a state that the next publisher understands.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from sitegen.problems import Location, Problem
from sitegen.publish import codes
from sitegen.publish.manifest import Head, NoManifestError, is_release_name, printable, read_head
from sitegen.publish.target import Host

PARTIAL = ".partial-"
_SCRIPT = Path(__file__).with_name("remote.sh")
_BUSY, _WENT_ON, _NO_SSH = 75, 76, 255
_PATIENCE = 900
"""Seconds for one step; uploading may take longer."""
_LONGEST_SOCKET = 80
"""Characters; with what ssh appends, the system takes no more than about 100."""
_HEARTBEAT = 5
"""Seconds; a lock that hears nothing for 30 lets go (`remote.sh`)."""
_SSH_OPTIONS = (
    "-o", "BatchMode=yes", "-o", "ConnectTimeout=15", "-o", "ServerAliveInterval=10",
    "-o", "ServerAliveCountMax=2", "-T",
)  # fmt: skip


class HostError(Exception):
    """A step on a host failed; `problem` says which and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message())
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on a host. Releases are the whole ones, newest first."""

    current: str = ""
    latest: str = ""
    releases: dict[str, Head] = field(default_factory=dict)

    @property
    def newest_public(self) -> str:
        """The newest release that was ever public: where the chain of manifests goes on."""
        known = [name for name in (self.latest, self.current) if name in self.releases]
        return max(known, key=lambda name: self.releases[name].released, default="")

    @property
    def never_public(self) -> tuple[str, ...]:
        """Releases that were made ready, but never switched to: their publisher was stopped."""
        head = self.newest_public
        return tuple(
            name
            for name, told in self.releases.items()
            if name != self.current and (not head or told.released > self.releases[head].released)
        )


class Place:
    """A host, reached by `ssh` (a command with its options) unless it is this machine."""

    def __init__(self, host: Host, ssh: Sequence[str] = ("ssh",)) -> None:
        self.host = host
        port = ("-p", str(host.port)) if host.port != 22 else ()
        self._ssh_command = tuple(ssh)
        self._options = (*_SSH_OPTIONS, *port)
        self._ssh: tuple[str, ...] = (*ssh, "-o", "ControlPath=none", *self._options)

    def look(self) -> Standing:
        """What stands there; nothing, where nothing was ever published. Raises HostError."""
        standing: dict[str, str] = {}
        releases: dict[str, Head] = {}
        for line in self._do("look").decode("utf-8", "replace").splitlines():
            word, _, rest = line.partition(" ")
            if word != "release":
                standing[word] = rest
                continue
            name, _, told = rest.partition(" ")
            if is_release_name(name):
                with contextlib.suppress(NoManifestError):
                    releases[name] = read_head(told.encode())
        ordered = sorted(releases, key=lambda name: releases[name].released, reverse=True)
        return Standing(
            standing.get("current", ""),
            standing.get("latest", ""),
            {name: releases[name] for name in ordered},
        )

    @contextlib.contextmanager
    def lock(self, owner: str, wait: int) -> Iterator[Lock]:
        """Hold the host's lock; whoever else wants it waits, or is told `owner`.

        It is freed when this process ends, however it ends, and half a minute after the network.
        Its connection carries all other steps as well. Raises HostError.
        """
        with tempfile.TemporaryFile() as complaints, self._shared_connection():
            process = self._start(("lock", str(wait), owner), complaints)
            lock = Lock(process)
            try:
                assert process.stdout is not None
                answer = process.stdout.readline().decode("utf-8", "replace").strip()
                if answer != "locked":
                    status = process.wait(_PATIENCE)
                    complaints.seek(0)
                    told = complaints.read().decode("utf-8", "replace")
                    raise self._failed("lock", status, answer.partition(" ")[2] or told)
                lock.keep()
                yield lock
            finally:
                lock.release()

    @contextlib.contextmanager
    def _shared_connection(self) -> Iterator[None]:
        """Let the first connection carry the later ones, which saves half a second each."""
        if self.host.is_local:
            yield
            return
        with tempfile.TemporaryDirectory(prefix="sitegen-", ignore_cleanup_errors=True) as folder:
            before, socket = self._ssh, str(Path(folder, "ssh"))
            if len(socket) < _LONGEST_SOCKET:
                self._ssh = (*self._ssh_command, "-o", f"ControlPath={socket}", *self._options)
            try:
                yield
            finally:
                self._ssh = before

    def read(self, release: str, path: str) -> bytes:
        """A file of a release; empty when there is none. Raises HostError."""
        return self._do("read", release, path)

    def begin(self, release: str, latest: str) -> None:
        """Make room for a release. Raises HostError."""
        self._do("begin", release, latest or "-")

    def upload(self, folder: Path, release: str, known: Sequence[str]) -> None:
        """Send a folder; what the releases `known` hold as well is linked. Raises HostError."""
        links = [f"--link-dest=../{name}" for name in known]
        target = self._there(f"{PARTIAL}{release}/")
        self._rsync("upload", "-rlptc", "--timeout=120", *links, f"{folder}/", target)

    def download(self, release: str, path: str, folder: Path) -> None:
        """Fetch the files right in a folder of a release. Raises HostError."""
        self._rsync("read", "-dt", "--timeout=120", self._there(f"{release}/{path}"), f"{folder}/")

    def _there(self, path: str) -> str:
        """A path below ``releases/`` as rsync names it."""
        place = f"{self.host.base}/releases/{path}"
        return place if self.host.is_local else f"{self.host.login_in_paths}:{place}"

    def _rsync(self, step: str, *words: str) -> None:
        shell = () if self.host.is_local else ("-e", shlex.join(self._ssh))
        command = ["rsync", *shell, *words]
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True
            )
        except FileNotFoundError:
            raise HostError(codes.NO_TOOL.at(None, name=command[0])) from None
        if done.returncode:
            told = done.stderr.decode("utf-8", "replace")
            raise self._failed(step, done.returncode, told)

    def check(self, release: str, sums: bytes) -> None:
        """Compare what arrived with the digests of everything that was sent. Raises HostError."""
        self._do("check", release, given=sums)

    def arrive(self, release: str) -> None:
        """Let a whole, checked upload be a release. Raises HostError."""
        self._do("arrive", release)

    def switch(self, release: str, expected: str) -> None:
        """Serve a release instead of the `expected` one; '' is none. Raises HostError."""
        self._do("switch", release or "-", expected or "-")

    def settle(self, act: str, release: str, commit: str, time: str) -> None:
        """Remember in the log that a release was published or rolled back to. Raises HostError."""
        self._do("settle", act, release, commit or "-", time)

    def clean(self, releases: Sequence[str] = ()) -> None:
        """Remove these releases, what is left of stopped uploads, and assets of neither.

        Raises HostError.
        """
        self._do("clean", *releases)

    def _do(self, verb: str, *arguments: str, given: bytes = b"") -> bytes:
        try:
            done = subprocess.run(
                self._command((verb, *arguments)),
                input=given,
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            raise HostError(codes.NO_TOOL.at(None, name=error.filename)) from None
        except subprocess.TimeoutExpired:
            raise self._failed(verb, _NO_SSH, "timeout") from None
        told = done.stdout if verb == "check" else b""
        if done.returncode or told:
            complaint = (told + done.stderr).decode("utf-8", "replace")
            raise self._failed(verb, done.returncode, complaint)
        return done.stdout

    def _start(self, words: tuple[str, ...], complaints: IO[bytes]) -> subprocess.Popen[bytes]:
        command = self._command(words, "-o", "ControlMaster=yes")
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            raise HostError(codes.NO_TOOL.at(None, name=error.filename)) from None

    def _command(self, words: tuple[str, ...], *options: str) -> list[str]:
        verb, *arguments = words
        line = shlex.join(("set", "--", verb, self.host.base, *arguments))
        script = f"{line}\n{_SCRIPT.read_text('utf-8')}"
        if self.host.is_local:
            return ["sh", "-c", script]
        return [*self._ssh, *options, "--", self.host.login, script]

    def _failed(self, step: str, status: int, told: str) -> HostError:
        host = str(self.host)
        where = Location(host)
        lines = [printable(line.strip()) for line in told.splitlines() if line.strip()]
        reason = lines[-1] if lines else f"exit status {status}"
        if status == _BUSY and step == "lock":
            return HostError(codes.BUSY.at(where, host=host, owner=reason))
        if status == _WENT_ON and step == "switch":
            return HostError(codes.WENT_ON.at(where, host=host))
        if status == _NO_SSH and not self.host.is_local:
            return HostError(codes.UNREACHABLE.at(where, host=host, reason=reason))
        if step == "check":
            files = [
                line.rpartition(": ")[0] for line in lines if line.endswith(("FAILED", "read"))
            ]
            shown = ", ".join(files[:5]) + (" …" if len(files) > 5 else "")
            return HostError(codes.ARRIVED_ALTERED.at(where, host=host, files=shown or reason))
        return HostError(codes.HOST_FAILED.at(where, host=host, step=step, reason=reason))


class Lock:
    """A lock that is held on a host, by a process that has to hear from us."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._over = threading.Event()
        self._beat: threading.Thread | None = None

    @property
    def is_held(self) -> bool:
        """Whether it is still ours."""
        return self._process.poll() is None

    def keep(self) -> None:
        """Begin to be heard from."""
        self._beat = threading.Thread(target=self._tick, daemon=True)
        self._beat.start()

    def release(self) -> None:
        """Let go."""
        self._over.set()
        if self._beat is not None:
            self._beat.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _tick(self) -> None:
        assert self._process.stdin is not None
        while not self._over.wait(_HEARTBEAT):
            try:
                os.write(self._process.stdin.fileno(), b"x")
            except OSError:
                return
