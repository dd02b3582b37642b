"""Seconds and memory of a command with all processes below it. Linux only."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Timing:
    """One run: wall seconds, CPU seconds of all processes, resident bytes of the largest one."""

    wall: float
    cpu: float
    largest: int


def timed(command: Sequence[str], folder: Path) -> Timing:
    """Run a command to its end. Raises SystemExit with what it said when it fails."""
    timing, _ = _run(command, folder)
    return timing


def peak(command: Sequence[str], folder: Path, interval: float = 0.05) -> tuple[Timing, int]:
    """Run a command while sampling; also the largest sum of PSS of its processes, in bytes.

    Looking at memory costs the processes time: do not use these seconds.
    """
    timing, sampler = _run(command, folder, interval)
    assert sampler is not None
    return timing, sampler.pss


def _run(
    command: Sequence[str], folder: Path, interval: float = 0.0
) -> tuple[Timing, Sampler | None]:
    with tempfile.TemporaryFile() as said:
        began = time.monotonic()
        # Not `with`: the process is waited for by wait4, for the sake of its resource usage.
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said)
        sampler = Sampler(process.pid, interval) if interval else None
        if sampler:
            sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if sampler:
            sampler.stop()
        if process.returncode:
            said.seek(0)
            text = said.read().decode(errors="replace")[-4000:]
            raise SystemExit(f"{' '.join(command)} failed with {process.returncode}:\n{text}")
    timing = Timing(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)
    return timing, sampler


class Sampler(threading.Thread):
    """Watches the memory of a process and all below it; keeps the largest sums, in bytes.

    PSS counts pages that processes share once, RSS in each of them.
    """

    def __init__(self, pid: int, interval: float = 0.2) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._interval = interval
        self._over = threading.Event()
        self.pss = 0
        self.rss = 0

    def run(self) -> None:
        """Sample until stopped."""
        while not self._over.wait(self._interval):
            sums = [_memory(pid) for pid in _family(self._pid)]
            self.pss = max(self.pss, sum(pss for pss, _ in sums))
            self.rss = max(self.rss, sum(rss for _, rss in sums))

    def stop(self) -> None:
        """Sample no more."""
        self._over.set()
        self.join()


def pss_of(pid: int) -> int:
    """The present PSS of a process and all below it, in bytes."""
    return sum(_memory(member)[0] for member in _family(pid))


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            found += _family(int(child))
    return found


def _memory(pid: int) -> tuple[int, int]:
    """PSS and RSS of a process, zero when it has ended."""
    values = {"Pss:": 0, "Rss:": 0}
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0, 0
    for line in lines:
        name, _, rest = line.partition(" ")
        if name in values:
            values[name] = int(rest.split()[0]) * 1024
    return values["Pss:"], values["Rss:"]
