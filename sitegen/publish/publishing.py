"""Publish: from a commit to a release that all hosts of a target serve.

    commit → lock → build → prepare → sign → put together → send → compare → switch → try → tidy

Until the switch no host serves anything else than before, and whatever was sent lies in folders
that nobody serves; the next publisher removes them. A failure at or after the switch brings all
hosts back.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from sitegen.build import BuildOptions, BuildResult, build
from sitegen.engine.reporter import Reporter
from sitegen.engine.workspace import PRIVATE
from sitegen.problems import Location, Problem, has_errors, ordered, told
from sitegen.publish import codes
from sitegen.publish.commits import clean_commit
from sitegen.publish.compress import has_brotli
from sitegen.publish.delivering import Delivery, deliver
from sitegen.publish.manifest import (
    MANIFEST,
    SIGNATURE,
    SIGNERS,
    Manifest,
    NoManifestError,
    digest_of,
    read_manifest,
)
from sitegen.publish.news import SAME, SITE_JSON, Difference, News, difference, news
from sitegen.publish.place import HostError, Lock, Place, Standing
from sitegen.publish.preparing import Earlier, Prepared, built, prepare
from sitegen.publish.sign import NOBODY, PublicKey, Signer, public_key, sign, usable
from sitegen.publish.switching import (
    DONE,
    FAILED,
    PROBLEMS,
    SSH,
    WRONG,
    SwitchError,
    discard_everywhere,
    locked,
    look_at_all,
    not_tidy,
    places_of,
    settle_all,
    switch_all,
)
from sitegen.publish.target import Target, inside_site

OUTPUT = f"{PRIVATE}/release"
"""Where, in the site's folder, releases are built: kept, so that the next one is quick."""
_STAGES = f"{PRIVATE}/published"
"""Where releases for other machines are put together."""


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What the caller of `publish` chose."""

    root: Path
    target: Target
    as_of: datetime.date
    """The day as on which the site is built."""
    signer: Signer = NOBODY
    jobs: int = 1
    wait: int = 0
    """Seconds to wait for somebody else who is publishing."""
    owner: str = "sitegen"
    """Who is publishing, for others who want to; letters, digits and ``@.:,_-``."""
    dry_run: bool = False
    """Build and compare, and change nothing on the hosts."""
    ssh: Sequence[str] = SSH


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What became of it. `release` is empty when nothing was, or would be, switched."""

    status: int
    problems: tuple[Problem, ...] = ()
    release: str = ""
    before: str = ""
    """The release that was served before."""
    difference: Difference = SAME
    news: tuple[News, ...] = ()
    """New entries of the update log."""
    steps: tuple[tuple[str, str], ...] = ()
    """Of a dry run: what would be done, and on which host."""
    unchanged: bool = False
    """All hosts serve this already."""
    build: BuildResult | None = None


class _Refused(Exception):  # noqa: N818 - an end, not an error
    def __init__(self, status: int, build: BuildResult | None = None) -> None:
        self.status = status
        self.build = build


@dataclass(slots=True)
class _Run:
    """One run of publishing: what its steps share."""

    options: PublishOptions
    now: datetime.datetime
    reporter: Reporter
    places: tuple[Place, ...]
    problems: list[Problem] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)


def publish(options: PublishOptions, now: datetime.datetime, reporter: Reporter) -> PublishResult:
    """Publish the commit that is checked out in the site's folder. `now` is an aware time.

    Raises OSError when the disk of this machine fails; the hosts then serve what they served.
    """
    run = _Run(options, now, reporter, places_of(options.target, options.ssh))
    try:
        return _publish(run)
    except _Refused as end:
        return PublishResult(end.status, ordered(run.problems), build=end.build)
    except HostError as error:
        return PublishResult(FAILED, ordered([*run.problems, error.problem]))
    except SwitchError as error:
        return PublishResult(FAILED, ordered([*run.problems, *error.problems]))


def _publish(run: _Run) -> PublishResult:
    options = run.options
    commit, key = _checked(run)
    lock = locked(run.places, options.owner, options.wait)
    with nullcontext(()) if options.dry_run else lock as locks:
        run.standings = look_at_all(run.places)
        earlier, current = _earlier(run)
        made = _built(run, commit)
        prepared = _prepared(run, key, earlier, current)

        differs = difference(current, prepared.manifest)
        before = _current(run.standings)
        if _stands_already(run, earlier, prepared):
            if not options.dry_run:
                run.problems += _finished(run, before)
            return PublishResult(
                DONE, ordered(run.problems), before=before, unchanged=True, build=made
            )
        result = PublishResult(
            DONE,
            ordered(run.problems),
            release=prepared.name,
            before=before,
            difference=differs,
            news=_news(run, before, current, prepared),
            build=made,
        )
        if options.dry_run:
            return replace(result, steps=_steps(run, prepared.name))
        signature = _signature(run, prepared)
        _deliver(run, prepared, signature, earlier)
        _switch(run, prepared, locks)
        try:
            run.problems += _tidied(run, prepared.name)
        except KeyboardInterrupt:  # too late to stop: the site is public
            hosts = ", ".join(str(place.host) for place in run.places)
            run.problems.append(codes.NOT_TIDY.at(None, host=hosts, reason="interrupted"))
        return replace(result, problems=ordered(run.problems))


def _checked(run: _Run) -> tuple[str, PublicKey | None]:
    """The commit and the public key; what cannot be published is refused before anything else."""
    options = run.options
    wrong = [inside_site(options.target, options.root), usable(options.signer, options.root)]
    run.problems += [problem for problem in wrong if problem is not None]
    if run.problems:
        raise _Refused(WRONG)
    commit = told(clean_commit(options.root), run.problems)
    if not commit:
        raise _Refused(PROBLEMS)
    key = told(public_key(options.signer), run.problems)
    if has_errors(run.problems):
        raise _Refused(WRONG)
    if not options.signer.signs:
        run.problems.append(codes.UNSIGNED.at(None))
    if not has_brotli():
        run.problems.append(codes.NO_BROTLI.at(None))
    return commit, key


def _earlier(run: _Run) -> tuple[Earlier | None, Manifest | None]:
    """The newest release that was ever public on any host, and the manifest of the current one."""
    heads = {
        standing.newest_public: standing.releases[standing.newest_public]
        for standing in run.standings
        if standing.newest_public
    }
    newest = max(heads, key=lambda name: heads[name].released, default="")
    earlier = _whole(run, newest) if newest else None
    current = _current(run.standings)
    if earlier is not None and earlier.name == current:
        return earlier, earlier.manifest
    serving = _whole(run, current) if current else None
    return earlier, serving.manifest if serving else None


def _whole(run: _Run, name: str) -> Earlier | None:
    """A release with its manifest, from the first host that has it as it was published."""
    altered: list[Problem] = []
    for host, standing in zip(run.places, run.standings, strict=True):
        if name not in standing.releases:
            continue
        data = host.read(name, MANIFEST)
        if digest_of(data).startswith(name.rpartition("-")[2]):
            with suppress(NoManifestError):
                signature, signers = host.read(name, SIGNATURE), host.read(name, SIGNERS)
                return Earlier(name, data, read_manifest(data), signature, signers)
        where = str(host.host)
        altered.append(codes.CHAIN_RESTARTED.at(Location(where), name=name, host=where))
    run.problems += altered
    return None


def _built(run: _Run, commit: str) -> BuildResult:
    """Build the site, and see that what was built is the commit."""
    options = run.options
    chosen = BuildOptions(
        root=options.root,
        output=options.root / OUTPUT,
        as_of=options.as_of,
        release=True,
        jobs=options.jobs,
    )
    result = build(chosen, run.now, run.reporter)
    run.problems += result.problems
    if result.status:
        raise _Refused(result.status, result)
    if clean_commit(options.root) != (commit, ()) or built(chosen.output).commit != commit:
        run.problems.append(codes.MOVED_ON.at(Location("content")))
        raise _Refused(PROBLEMS, result)
    return result


def _prepared(
    run: _Run, key: PublicKey | None, earlier: Earlier | None, current: Manifest | None
) -> Prepared:
    options = run.options
    output = options.root / OUTPUT
    times = [head.released for standing in run.standings for head in standing.releases.values()]
    released = run.now.astimezone(datetime.UTC).replace(microsecond=0)
    if times:  # no two have the same time, so that no two have the same ETag
        released = max(released, max(times) + datetime.timedelta(seconds=1))
    others = [current] if current else []
    prepared = told(
        prepare(built(output), key, options.as_of, released, earlier, others), run.problems
    )
    if has_errors(run.problems):
        raise _Refused(PROBLEMS)
    return prepared


def _stands_already(run: _Run, earlier: Earlier | None, prepared: Prepared) -> bool:
    """Whether every host serves the same files of the same commit, signed or not as they would be.

    Then there is nothing to publish: a release every day that only says so would help nobody.
    """
    if earlier is None or any(s.current != earlier.name for s in run.standings):
        return False
    old, new = earlier.manifest, prepared.manifest
    return (
        old.head.commit == new.head.commit
        and [(f.path, f.sha256) for f in old.files] == [(f.path, f.sha256) for f in new.files]
        and bool(earlier.signature) == run.options.signer.signs
    )


def _news(run: _Run, before: str, current: Manifest | None, prepared: Prepared) -> tuple[News, ...]:
    new = prepared.manifest.by_path().get(SITE_JSON)
    old = current.by_path().get(SITE_JSON) if current else None
    if new is None or old is None or old.sha256 == new.sha256:
        return ()
    for host, standing in zip(run.places, run.standings, strict=True):
        if before in standing.releases:
            written = (run.options.root / OUTPUT / SITE_JSON).read_bytes()
            return news(host.read(before, SITE_JSON), written)
    return ()


def _signature(run: _Run, prepared: Prepared) -> bytes:
    if not run.options.signer.signs:
        return b""
    run.reporter.stage("sign", 1)
    signature = told(sign(run.options.signer, prepared.data), run.problems)
    if signature is None:
        raise _Refused(FAILED)
    return signature


def _deliver(run: _Run, prepared: Prepared, signature: bytes, earlier: Earlier | None) -> None:
    """Put the release together, and bring it to all hosts, where nobody serves it yet."""
    delivery = Delivery(
        places=run.places,
        standings=run.standings,
        prepared=prepared,
        earlier=earlier,
        current=_current(run.standings),
        output=run.options.root / OUTPUT,
        stages=run.options.root / _STAGES,
    )
    altered = deliver(delivery, signature, run.options.jobs, run.reporter)
    if altered:
        run.problems += altered
        raise _Refused(FAILED)


def _switch(run: _Run, prepared: Prepared, locks: Sequence[Lock]) -> None:
    """Let all hosts serve the release, or none."""
    for host, lock in zip(run.places, locks, strict=True):
        if not lock.is_held:
            where = str(host.host)
            raise HostError(codes.LOCK_LOST.at(Location(where), host=where))
    run.reporter.stage("switch", len(run.places))
    try:
        for host in run.places:
            host.arrive(prepared.name)
        expected = [(MANIFEST, prepared.digest)]
        switch_all(run.places, run.standings, prepared.name, run.options.target.url, expected)
    except BaseException:
        discard_everywhere(run.places, prepared.name)
        raise


def _tidied(run: _Run, name: str) -> list[Problem]:
    """Write the log, and remove what is not kept; the site is public whatever happens here."""
    commit = built(run.options.root / OUTPUT).commit
    problems = list(settle_all(run.places, "publish", name, commit, run.now))
    run.reporter.stage("tidy", len(run.places))
    for host, standing in zip(run.places, run.standings, strict=True):
        kept = {standing.current, *list(standing.releases)[: run.options.target.keep - 1]}
        try:
            host.clean([old for old in standing.releases if old not in kept])
        except HostError as error:
            problems.append(not_tidy(host, error))
        run.reporter.advance(1)
    return problems


def _finished(run: _Run, name: str) -> list[Problem]:
    """Do what is left of publishing a release, should its publisher have been stopped."""
    problems: list[Problem] = []
    late = [
        host
        for host, standing in zip(run.places, run.standings, strict=True)
        if standing.latest != name
    ]
    commit = run.standings[0].releases[name].commit
    problems += settle_all(late, "publish", name, commit, run.now)
    for host, standing in zip(run.places, run.standings, strict=True):
        kept = {standing.current, *list(standing.releases)[: run.options.target.keep]}
        try:
            host.clean([old for old in standing.releases if old not in kept])
        except HostError as error:
            problems.append(not_tidy(host, error))
    return problems


def _current(standings: Sequence[Standing]) -> str:
    """The newest release that some host serves."""
    heads = {s.current: s.releases[s.current] for s in standings if s.current in s.releases}
    return max(heads, key=lambda name: heads[name].released, default="")


def _steps(run: _Run, name: str) -> tuple[tuple[str, str], ...]:
    """What publishing would do from here on."""
    hosts = [str(place.host) for place in run.places]
    steps = [("sign", name)] if run.options.signer.signs else []
    steps += [("send", host) for host in hosts]
    steps += [("compare", host) for host in hosts]
    steps += [("switch", host) for host in hosts]
    steps += [("try", run.options.target.url)] if run.options.target.url else []
    for host, standing in zip(hosts, run.standings, strict=True):
        kept = {standing.current, *list(standing.releases)[: run.options.target.keep - 1]}
        steps += [
            ("remove", f"{host}/releases/{old}") for old in standing.releases if old not in kept
        ]
    return tuple(steps)
