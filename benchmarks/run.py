"""Measure cold builds of generated sites, and print a table of medians.

    python benchmarks/run.py --documents 1000 10000 --runs 3

Each build runs in a fresh process, into a folder that is not there yet. Reported are wall and CPU
seconds of the build with all its processes, the largest sum of their memory (PSS: shared pages are
counted once; RSS: in each process), and where the wall time went. Linux only.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from corpus import AS_OF, write_corpus  # noqa: E402
from measuring import Sampler  # noqa: E402

STAGES = ("start", "read", "assemble", "produce", "commit")


@dataclass(frozen=True, slots=True)
class Run:
    """One build: seconds, bytes, and what it made."""

    wall: float
    cpu: float
    pss: int
    rss: int
    documents: int
    outputs: int
    stages: dict[str, float]


@dataclass(slots=True)
class Clock:
    """A reporter that notes when each stage began; `began` is when the process was started."""

    began: float
    seconds: dict[str, float] = field(default_factory=dict)
    name: str = "start"
    since: float = 0.0

    def stage(self, name: str, total: int) -> None:
        """The stage before has ended."""
        self.finish()
        self.name = name

    def advance(self, steps: int) -> None:
        """Ignored."""

    def finish(self) -> None:
        """The last stage has ended."""
        now = time.monotonic()
        passed = now - (self.since or self.began)
        self.seconds[self.name] = self.seconds.get(self.name, 0.0) + passed
        self.since = now


def build_once(site: Path, output: Path, jobs: int, began: float) -> None:
    """Build in this process and print the figures that only it knows, as JSON."""
    import sitegen.cli  # as the command does
    from sitegen.build import BuildOptions, build

    clock = Clock(began)
    options = BuildOptions(site, output, as_of=AS_OF, jobs=jobs)
    result = build(options, datetime.datetime.now(datetime.UTC), clock)
    clock.finish()
    for problem in result.problems[:5]:
        print(problem.where, problem.message(), file=sys.stderr)
    if result.committed is None or result.problems:
        raise SystemExit(f"{sitegen.cli.__name__}: the generated site has problems")
    made = {"documents": result.documents, "outputs": result.committed.written}
    print(json.dumps({**made, "stages": clock.seconds}))


def measure(site: Path, output: Path, jobs: int) -> Run:
    """Build `site` once in a process of its own, into a folder that is not there yet."""
    shutil.rmtree(site / ".sitegen", ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    command = [sys.executable, str(HERE / "run.py"), "--once", str(site), str(output)]
    command += ["--jobs", str(jobs), "--began", repr(began)]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        sampler = Sampler(process.pid)
        sampler.start()
        answer, _ = process.communicate()
        wall = time.monotonic() - began
        sampler.stop()
    if process.returncode:
        raise SystemExit("the build failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = json.loads(answer)
    return Run(
        wall, cpu, sampler.pss, sampler.rss, told["documents"], told["outputs"], told["stages"]
    )


def table(rows: Sequence[tuple[int, Sequence[Run]]]) -> str:
    """The medians as a Markdown table."""
    head = ["documents", "outputs", "wall s", "CPU s", "PSS MB", "RSS MB"]
    head += [f"{stage} s" for stage in STAGES]
    lines = ["| " + " | ".join(head) + " |", "|" + " ---: |" * len(head)]
    for documents, runs in rows:

        def median(values: Sequence[float]) -> float:
            return statistics.median(values)

        cells = [
            f"{documents}",
            f"{runs[0].outputs}",
            f"{median([run.wall for run in runs]):.2f}",
            f"{median([run.cpu for run in runs]):.2f}",
            f"{median([run.pss for run in runs]) / 1e6:.0f}",
            f"{median([run.rss for run in runs]) / 1e6:.0f}",
        ]
        cells += [f"{median([run.stages.get(stage, 0.0) for run in runs]):.2f}" for stage in STAGES]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="measure cold builds of generated sites")
    parser.add_argument("--documents", type=int, nargs="+", default=[1000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keep the generated sites here")
    parser.add_argument("--once", type=Path, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--began", type=float, default=0.0, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.once:
        build_once(chosen.once[0], chosen.once[1], chosen.jobs, chosen.began)
        return
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{os.cpu_count()} cores, {python}, {chosen.jobs} jobs, {chosen.runs} runs\n")
    rows = []
    with tempfile.TemporaryDirectory(prefix="sitegen-corpus-") as temporary:
        for documents in chosen.documents:
            site = (chosen.folder or Path(temporary)) / f"site-{documents}"
            write_corpus(site, documents, chosen.seed)
            runs = []
            for number in range(chosen.runs):
                # Outputs are deleted at the end: a file system that has just freed many files
                # makes new ones several times slower, which is not the build's doing.
                output = Path(temporary) / f"build-{documents}-{number}"
                runs.append(measure(site, output, chosen.jobs))
                latest = runs[-1]
                told = f"{documents} documents, run {number + 1}: {latest.wall:.2f} s wall, "
                print(told + f"{latest.cpu:.2f} s CPU", file=sys.stderr)
            rows.append((documents, runs))
    print(table(rows))


if __name__ == "__main__":
    main()
