"""Measure sitegen beside its peers on the same documents, and print medians and ratios.

    python benchmarks/compare.py --documents 1000 10000 --runs 5 --peers hugo eleventy

The peers are installed into a scratch folder from the registries (versions in ``peers/``); each is
given the equal site, checked to have made it, and timed in turn with sitegen: sitegen, peer,
sitegen, peer. Builds run in fresh processes; a cold one finds neither output nor cache. After each
edit the output is looked at for it. Linux only; the first time needs the registries, and npm for
Eleventy.
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
from peers.documents import Document, documents, paths_of
from peers.ours import sitegen, whole
from peers.peer import Peer

WHOLE = "downloads"
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
) -> Results:
    """All cases on a site of so many documents, for sitegen and each of the peers.

    Sites are written into `scratch`; what is installed goes into `tools`, and may be there already.
    After cold builds there are `rest` seconds and a build that is not counted, after which no tool
    may distrust the times of files that it has just written.
    """
    site = scratch / f"corpus-{number}"
    write_corpus(site, number)
    results = Results(number)
    task = task_of(site)
    ours = prepare(sitegen(tools), task, scratch, tools)
    for peer in peers:
        theirs = prepare(peer, task, scratch, tools)
        for case in cases:
            for run in range(runs):
                pair = ours.run(case), theirs.run(case)
                results.add(peer.name, case, pair)
                seconds = " / ".join(f"{timing.wall:.2f} ({timing.cpu:.2f})" for timing in pair)
                _tell(f"{number} documents, {peer.name}, {case}, run {run + 1}: {seconds}")
            if case == "cold":
                time.sleep(rest)
                for bench in (ours, theirs):
                    results.made[bench.peer.name] = bench.made()
                    bench.run("nothing")
        _remember(results, theirs)
    _remember(results, ours)
    return results


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
    number = sum(1 for _ in paths_of(site))
    step = max(number // _CHECKED, 1)
    newest: Document | None = None
    checked = []
    for place, document in enumerate(documents(site)):
        if place % step == 0:
            checked.append(document)
        if document.column == _COLUMN and (newest is None or newest.day < document.day):
            newest = document
    assert newest is not None
    return Task(site, number, newest, checked)


def prepare(peer: Peer, task: Task, scratch: Path, tools: Path) -> Bench:
    """Install a tool, write its site, build it once and see that nothing is missing.

    That first build also warms what the operating system keeps of files.
    """
    _tell(f"{peer.name}: installing, writing the site, checking")
    command = peer.install(tools)
    folder = scratch / f"{peer.name}-{task.number}"
    folder.mkdir()
    written = peer.emit(task.site, folder)
    bench = Bench(peer, command, folder, task.edited, scratch / "trash")
    bench.run("cold")
    exactly = peer.name not in (OURS, WHOLE)
    if wrong := list(faults(bench.output, task.checked, written, exactly=exactly)):
        raise SystemExit(f"{peer.name} did not make the equal site: {'; '.join(wrong[:5])}")
    return bench


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
    parser.add_argument("--scratch", type=Path, help="keep the tools installed in this folder")
    parser.add_argument("--save", type=Path, help="also write every single run as JSON")
    chosen = parser.parse_args()
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    print(f"{datetime.date.today()}, {machine}, {chosen.runs} pairs\n", flush=True)
    every = []
    for number in chosen.documents:
        with tempfile.TemporaryDirectory(prefix="sitegen-compare-", dir=chosen.scratch) as folder:
            scratch = Path(folder).resolve()
            tools = (chosen.scratch or scratch).resolve() / "tools"
            available = {**known, WHOLE: whole(tools)}
            peers = [available[name] for name in chosen.peers]
            results = compare(number, chosen.runs, peers, scratch, tools, chosen.cases)
        print(report(results), flush=True)
        every.append(asdict(results))
    if chosen.save:
        chosen.save.write_text(json.dumps(every, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
