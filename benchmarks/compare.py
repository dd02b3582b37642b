"""Measure sitegen beside its peers on the same documents, and print medians and ratios.

    python benchmarks/compare.py --documents 1000 10000 --runs 5 --peers hugo eleventy

The peers are installed into a scratch folder from the registries (versions in ``peers/``); each is
given the equal site, checked to have made it, and timed in turn with sitegen: sitegen, peer,
sitegen, peer. Builds run in fresh processes; a cold one finds neither output nor cache. After each
edit the output is looked at for it. Up to 20,000 documents each tool builds once more before, to be
checked, and once after, for its memory; above, where a build takes minutes, the first counted one
is checked. Linux only; the first time needs the registries, and npm for Eleventy.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from cases import CASES, Bench
from comparison import OURS, Results, report
from corpus import write_corpus
from peers import PEERS
from peers.checking import faults
from peers.documents import Document, document_at, paths_of
from peers.ours import sitegen, whole
from peers.peer import Peer

WHOLE = "downloads"
LARGE = 20_000
"""Documents. Above, no build is made only to be checked or for memory: each takes minutes."""
_COLUMN = "tzgg"
_CHECKED = 500


def compare(
    number: int,
    runs: int,
    peers: Sequence[Peer],
    scratch: Path,
    tools: Path,
    cases: Sequence[str] = CASES,
    rest: float = 2.5,
    large: bool = False,
    memory: bool = True,
    pause: float = 0.0,
) -> Results:
    """All cases on a site of so many documents, for sitegen and each of the peers.

    Sites are written into `scratch`; what is installed goes into `tools`, and may be there already.
    Before edits there are `rest` seconds and a build that is not counted, after which no tool may
    distrust the times of files that it has just written; before each build that is counted there
    are `pause` seconds. Of a `large` site the first counted cold build is the one that is checked.
    Without `memory` there is no build in which it is sampled.
    Raises SystemExit when a tool did not make the equal site, or does not show an edit.
    """
    site = scratch / f"corpus-{number}"
    write_corpus(site, number)
    results = Results(number)
    task = task_of(site)
    ahead = not large or "cold" not in cases
    ours = prepare(sitegen(tools), task, scratch, tools, ahead)
    for peer in peers:
        both = (ours, prepare(peer, task, scratch, tools, ahead))
        if "cold" in cases:
            _pairs(results, both, "cold", runs, task, pause)
        for bench in both:
            results.made[bench.peer.name] = bench.made()
        if edits := [case for case in cases if case != "cold"]:
            time.sleep(rest)
            for bench in both:
                bench.run("nothing")
            for case in edits:
                _pairs(results, both, case, runs, task, pause)
        if memory:
            _remember(results, both[1])
    if memory:
        _remember(results, ours)
    return results


def _pairs(
    results: Results, both: tuple[Bench, Bench], case: str, runs: int, task: Task, pause: float
) -> None:
    """Run one case in turn; check the outputs after the first pair, unless that has been done."""
    for run in range(runs):
        pair = both[0].run(case, pause), both[1].run(case, pause)
        results.add(both[1].peer.name, case, pair)
        seconds = " / ".join(f"{timing.wall:.2f} ({timing.cpu:.2f})" for timing in pair)
        _tell(f"{task.number} documents, {both[1].peer.name}, {case}, run {run + 1}: {seconds}")
        for bench in both:
            check(bench, task)


@dataclass(frozen=True, slots=True)
class Task:
    """The site that all tools are given."""

    site: Path
    number: int
    edited: Document
    """The newest of its column, so that lists and feeds show its title."""
    checked: Sequence[Document]
    """Those that are looked for in every tool's output: every document of a small site."""


def task_of(site: Path) -> Task:
    """Read a site, and choose what is edited and what is checked."""
    paths = paths_of(site)
    checked = [document_at(site, file) for file in paths[:: max(len(paths) // _CHECKED, 1)]]
    column = site / "content" / _COLUMN
    listed = (document_at(site, file) for file in paths if column in file.parents)
    return Task(site, len(paths), max(listed, key=lambda document: document.day), checked)


def prepare(peer: Peer, task: Task, scratch: Path, tools: Path, build: bool = True) -> Bench:
    """Install a tool and write its site; with `build`, make it once and check it.

    That first build also warms what the operating system keeps of files.
    """
    _tell(f"{peer.name}: installing, writing the site")
    command = peer.install(tools)
    folder = scratch / f"{peer.name}-{task.number}"
    folder.mkdir()
    written = peer.emit(task.site, folder)
    bench = Bench(peer, command, folder, task.edited, scratch / "trash", written)
    if build:
        bench.run("cold")
        check(bench, task)
    return bench


def check(bench: Bench, task: Task) -> None:
    """See that a tool has made the equal site, once. Raises SystemExit with what is wrong."""
    if bench.checked:
        return
    exactly = bench.peer.name not in (OURS, WHOLE)
    if wrong := list(faults(bench.output, task.checked, bench.written, exactly=exactly)):
        raise SystemExit(f"{bench.peer.name} did not make the equal site: {'; '.join(wrong[:5])}")
    bench.checked = True
    _tell(f"{bench.peer.name}: the equal site, {len(task.checked)} documents looked at")


def _remember(results: Results, bench: Bench) -> None:
    timing, pss = bench.memory()
    results.memory[bench.peer.name] = (pss, timing.largest)
    _tell(f"{bench.peer.name}: {pss / 1e6:.0f} MB, largest process {timing.largest / 1e6:.0f} MB")


def _tell(text: str) -> None:
    load = os.getloadavg()[0]
    print(f"{datetime.datetime.now():%H:%M:%S} [{load:.1f}] {text}", file=sys.stderr, flush=True)


def main(known: Mapping[str, Peer] = PEERS) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, nargs="+", default=[1000])
    parser.add_argument("--runs", type=int, default=3)
    names = [*known, WHOLE]
    parser.add_argument("--peers", nargs="+", default=names, choices=names, metavar="PEER")
    parser.add_argument("--cases", nargs="+", default=CASES, choices=CASES, metavar="CASE")
    parser.add_argument(
        "--pause", type=float, default=0.0, metavar="S", help="seconds before each counted build"
    )
    parser.add_argument("--scratch", type=Path, help="keep the tools installed in this folder")
    parser.add_argument("--save", type=Path, help="also write every single run as JSON")
    parser.add_argument(
        "--large",
        type=int,
        default=LARGE,
        metavar="N",
        help="above N documents, check the first counted build and do not sample memory",
    )
    chosen = parser.parse_args()
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    print(f"{datetime.date.today()}, {machine}, {chosen.runs} pairs\n", flush=True)
    every = []
    # One folder for all sizes: nothing is deleted before everything has been measured.
    with tempfile.TemporaryDirectory(prefix="sitegen-compare-", dir=chosen.scratch) as folder:
        scratch = Path(folder).resolve()
        tools = (chosen.scratch or scratch).resolve() / "tools"
        available = {**known, WHOLE: whole(tools)}
        peers = [available[name] for name in chosen.peers]
        for number in chosen.documents:
            large = number > chosen.large
            cases = [case for case in CASES if case in chosen.cases]
            results = compare(
                number,
                chosen.runs,
                peers,
                scratch,
                tools,
                cases,
                large=large,
                memory=not large,
                pause=chosen.pause,
            )
            print(report(results), flush=True)
            every.append(asdict(results))
    if chosen.save:
        chosen.save.write_text(json.dumps(every, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
