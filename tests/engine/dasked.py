"""A Dask cluster on this machine for tests: a scheduler, and workers that can be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sitegen

_PROGRAM = Path(sitegen.__file__).parent.parent


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A scheduler and its workers, each in a process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.workers: list[subprocess.Popen[bytes]] = []
        place = ("--host", "127.0.0.1", "--port", str(self.port))
        self.scheduler = self._start("scheduler", *place, "--no-show")

    def start_worker(self, program: Path = _PROGRAM) -> subprocess.Popen[bytes]:
        """Start a worker that runs the sitegen in a folder."""
        number = len(self.workers)
        options = ("--nthreads", "1", "--no-nanny", "--local-directory", f"{number}")
        self.workers.append(self._start("worker", self.address, *options, program=program))
        return self.workers[-1]

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process at once, without a word."""
        process.send_signal(signal.SIGKILL)
        process.wait()

    def _start(self, role: str, *options: str, program: Path = _PROGRAM) -> subprocess.Popen[bytes]:
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{role}", *options, "--no-dashboard"],
                cwd=self._folder,
                env={**os.environ, "PYTHONPATH": str(program)},
                stdout=log,
                stderr=log,
            )

    def wait_for(self, workers: int) -> None:
        """Wait until so many workers are there."""
        import distributed

        until = time.monotonic() + 30
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5):
                break
            assert time.monotonic() < until, (self._folder / "log").read_text()
            time.sleep(0.05)
        if not workers:
            return
        with distributed.Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=30)

    def stop(self) -> None:
        """Stop all that still runs."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A cluster with so many workers, stopped at the end."""
    started = Cluster(folder)
    try:
        for _ in range(workers):
            started.start_worker()
        started.wait_for(workers)
        yield started
    finally:
        started.stop()
