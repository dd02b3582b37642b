"""Bringing a release to all hosts: put together here, sent, and compared on the other side.

Nothing of this is served by anybody yet. For a folder of this machine the release is put together
where it belongs; for other hosts in a stage of our own, which keeps the last one, so that the next
is quick to make. What the hosts have already is linked there, not sent.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sitegen.engine.reporter import Reporter
from sitegen.problems import Problem
from sitegen.publish.chain import missing_chain
from sitegen.publish.manifest import digest_of, sums_bytes
from sitegen.publish.place import PARTIAL, Place, Standing
from sitegen.publish.preparing import Earlier, Prepared
from sitegen.publish.release import Bench, assemble, write_dated


@dataclass(frozen=True, slots=True)
class Delivery:
    """What goes where."""

    places: Sequence[Place]
    standings: Sequence[Standing]
    """What stands on each of the places."""
    prepared: Prepared
    earlier: Earlier | None
    current: str
    """The release that is served now."""
    output: Path
    """The output of the build."""
    stages: Path
    """The folder of stages on this machine."""

    @property
    def is_here(self) -> bool:
        """Whether the only host is this machine."""
        return len(self.places) == 1 and self.places[0].host.is_local


def deliver(
    delivery: Delivery, signature: bytes, jobs: int, reporter: Reporter
) -> tuple[Problem, ...]:
    """Bring the release to all hosts, as a folder that waits to be the release.

    Returns files that are not what the build made; then nothing was sent. Raises HostError, and
    OSError when the disk of this machine fails.
    """
    name, earlier = delivery.prepared.name, delivery.earlier
    for host, standing in zip(delivery.places, delivery.standings, strict=True):
        host.clean(standing.never_public)
        host.begin(name, earlier.name if earlier and earlier.name in standing.releases else "")
    stage = _stage(delivery)
    folder = stage / f"{PARTIAL}{name}"
    folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(folder, delivery.output, delivery.prepared.extra, _known(delivery, stage))
    files = delivery.prepared.manifest.files
    made, altered = assemble(bench, files, jobs, reporter)
    if altered:
        shutil.rmtree(delivery.output, ignore_errors=True)  # to be made again from nothing
        return altered
    for path, (data, time) in delivery.prepared.beside(signature, earlier).items():
        write_dated(folder / path, data, time)
        made.new.append((path, digest_of(data)))
    for path, data, time in missing_chain(delivery.places, delivery.standings, earlier):
        write_dated(folder / path, data, time)
        made.new.append((path, digest_of(data)))

    if not delivery.is_here:
        reporter.stage("send", len(delivery.places))
        for host, standing in zip(delivery.places, delivery.standings, strict=True):
            known = dict.fromkeys((standing.newest_public, standing.current))
            host.upload(folder, name, [release for release in known if release])
            reporter.advance(1)
    reporter.stage("compare", len(delivery.places))
    sums = made.new if delivery.is_here else sorted([*made.linked, *made.new])
    for host in delivery.places:
        host.check(name, sums_bytes(sums))
        reporter.advance(1)
    if not delivery.is_here:
        _keep(stage, name)
    return ()


def _stage(delivery: Delivery) -> Path:
    """Where the release is put together; elsewhere than on its host, nothing partial is left."""
    if delivery.is_here:
        return Path(delivery.places[0].host.base, "releases")
    hosts = "\n".join(str(place.host) for place in delivery.places)
    stage = delivery.stages / digest_of(hosts.encode())[:16]
    stage.mkdir(parents=True, exist_ok=True)
    for left in stage.glob(f"{PARTIAL}*"):
        shutil.rmtree(left, ignore_errors=True)
    return stage


def _known(delivery: Delivery, stage: Path) -> tuple[Path, ...]:
    """Folders of earlier releases on the disk of the stage, the likeliest first."""
    if not delivery.is_here:
        return tuple(sorted(p for p in stage.iterdir() if not p.name.startswith(".")))
    names = dict.fromkeys((delivery.earlier.name if delivery.earlier else "", delivery.current))
    return tuple(stage / name for name in names if name)


def _keep(stage: Path, name: str) -> None:
    """Keep what was sent, and only that: the next release is linked from it."""
    (stage / f"{PARTIAL}{name}").rename(stage / name)
    for path in stage.iterdir():
        if path.name != name:
            shutil.rmtree(path, ignore_errors=True)
