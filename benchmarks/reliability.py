"""Publish under load, and kill publishers everywhere: the long form of the tests of reliability.

    python benchmarks/reliability.py --switches 50 --connections 32

First a site is published and rolled back again and again behind a real nginx, while wrk reads it
as fast as it can and visitors keep everything that they are sent; afterwards every answer must be,
byte for byte, a file of some release, and every page must have had its assets. Then publishers are
killed together with the step on the host, before each call of a program there, one after another:
each time the host must serve one whole release, and the next publish must repair what was left.

Prints the figures that docs/reliability.md holds. Needs nginx, wrk, git and ssh-keygen; Linux.
"""

from __future__ import annotations

import argparse
import gzip
import os
import platform
import stat
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "publish")]

from publishedsite import (  # noqa: E402
    KILLED,
    PublishedSite,
    faults,
    killed,
    left_over,
    make_published,
    manifest_of,
    verified,
)
from visitors import Load, Seen, Visitors, Wrk, stale  # noqa: E402
from webserver import serving  # noqa: E402

from sitegen.publish.manifest import CHAIN, read_manifest  # noqa: E402
from sitegen.publish.switching import roll_back  # noqa: E402

TOOLS = ("cat", "chmod", "cmp", "cp", "find", "flock", "head", "ln", "mkdir", "mv", "readlink",
         "rm", "sed", "sha256sum", "sort", "sync", "timeout")  # fmt: skip
"""Programs that the steps on a host call."""

_WATCHED = """\
#!/bin/sh
PATH=${{PATH#*:}}
echo "{name} $*" >>"$SITEGEN_CALLS"
if [ "$(wc -l <"$SITEGEN_CALLS")" -gt "$SITEGEN_LAST" ]; then
  kill -9 "$SITEGEN_PUBLISHER" $PPID
  exit 1
fi
exec {name} "$@"
"""


@dataclass(frozen=True)
class Switched:
    """What a run under load came to."""

    seconds: float
    publishes: list[float]
    rollbacks: list[float]
    load: Load
    seen: list[Seen]
    bad: int
    """Answers that failed, or that no release has."""
    without_assets: int
    """Assets that a page asked for in vain."""
    stale: int
    """Answers that a browser would keep though the site has something else."""
    errors: str


def switched(site: PublishedSite, folder: Path, switches: int, connections: int) -> Switched:
    """Publish and roll back, `switches` times in all, while the site is read."""
    base = Path(site.target.hosts[0].base)
    pages = [f.path for f in manifest_of(base / "current").files if f.path.endswith(".html")]
    pages = [page for page in pages if not page.startswith(".")]
    publishes, rollbacks = [], []
    with serving(base, folder / "nginx") as nginx:
        visitors = Visitors(nginx.port, pages, count=8)
        visitors.start()
        wrk = Wrk(folder, nginx.port, pages, connections)
        began = time.monotonic()
        for _ in range(switches // 2):
            site.edit(everywhere=True)
            start = time.monotonic()
            assert site.publish().status == 0
            publishes.append(time.monotonic() - start)
            start = time.monotonic()
            assert roll_back(site.target, None, site.time).status == 0
            rollbacks.append(time.monotonic() - start)
        seconds = time.monotonic() - began
        load, seen = wrk.stop(), visitors.stop()
        errors = nginx.errors()
        kept = stale(nginx.port, seen)
    known: dict[str, set[str]] = defaultdict(set)
    newest = (base / "latest").resolve()
    chain = [read_manifest(gzip.decompress(p.read_bytes())) for p in (newest / CHAIN).glob("*.gz")]
    for manifest in (manifest_of(newest), *chain):
        for file in manifest.files:
            known[file.path].add(file.sha256)
    bad = visitors.failed(known)
    return Switched(
        seconds, publishes, rollbacks, load, seen, len(bad),
        sum(1 for one in bad if one.page), len(kept), errors,
    )  # fmt: skip


def killed_everywhere(site: PublishedSite, folder: Path) -> tuple[int, dict[str, int], list[str]]:
    """Kill a publisher at each call of a program on the host.

    Returns how often, how often before which program, and what was broken afterwards.
    """
    base = Path(site.target.hosts[0].base)
    tools = folder / "tools"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).write_text(_WATCHED.format(name=name))
        (tools / name).chmod(stat.S_IRWXU)
    calls = folder / "calls"
    count, before, broken = 0, defaultdict(int), []
    while True:
        site.edit()
        calls.write_text("")

        def act(last: int = count) -> None:
            os.environ["PATH"] = f"{tools}:{os.environ['PATH']}"
            os.environ["SITEGEN_CALLS"] = str(calls)
            os.environ["SITEGEN_LAST"] = str(last)
            os.environ["SITEGEN_PUBLISHER"] = str(os.getpid())
            site.publish()

        if killed(act) != KILLED:
            broken += verified(site, base)
            return count, dict(before), broken
        name = calls.read_text().splitlines()[-1].split(" ")[0]
        before[name] += 1
        count += 1
        broken += [f"{name} {count}: {fault}" for fault in faults(base)]
        done = site.publish()
        broken += [f"{name} {count}: {p.message()}" for p in done.problems if done.status]
        broken += [f"{name} {count}: left {left}" for left in (*left_over(base), *faults(base))]


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--switches", type=int, default=50)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--no-kills", action="store_true", help="only the part under load")
    options = parser.parse_args()
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{platform.system()}, {os.cpu_count()} processors, Python {platform.python_version()}, "
          f"load before: {load}")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="sitegen-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        site = make_published(folder / "load")
        result = switched(
            replace(site, target=replace(site.target, keep=5)),
            folder, options.switches, options.connections,
        )  # fmt: skip
        pages = [one for one in result.seen if not one.page]
        print(f"switches:                        {options.switches} in {result.seconds:.0f} s")
        print(f"seconds a publish (median, max): {statistics.median(result.publishes):.2f}, "
              f"{max(result.publishes):.2f}")  # fmt: skip
        print(f"seconds a rollback:              {statistics.median(result.rollbacks):.2f}, "
              f"{max(result.rollbacks):.2f}")  # fmt: skip
        print(f"wrk: requests, p99:              {result.load.requests}, {result.load.p99:.1f} ms")
        print(f"wrk: socket errors, not 2xx:     {result.load.socket_errors}, "
              f"{result.load.bad_answers}")  # fmt: skip
        print(f"visitors: pages, assets:         {len(pages)}, {len(result.seen) - len(pages)}")
        print(f"different pages that they saw:   {len({(o.path, o.sha256) for o in pages})}")
        print(f"failed or mixed answers:         {result.bad}")
        print(f"pages that lacked an asset:      {result.without_assets}")
        print(f"answers that would stay stale:   {result.stale}")
        print(f"lines in the error log:          {len(result.errors.splitlines())}")
        if not options.no_kills:
            site = make_published(folder / "kills")
            count, before, broken = killed_everywhere(site, folder)
            told = ", ".join(f"{name} {times}" for name, times in sorted(before.items()))
            print(f"publishers killed:               {count} ({told})")
            print(f"broken or not repaired:          {len(broken)}")
            print("\n".join(broken))


if __name__ == "__main__":
    main()
