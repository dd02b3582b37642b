"""What the hooks and the timer do: check what is pushed, publish what was let in, rebuild daily.

    push → queue → rules of the branch → check out → build as for publishing → let in → publish

Whatever goes wrong before the commit is let in refuses the push; the site stays as it is. What goes
wrong afterwards leaves the last good release, and the next push or the next day tries again.
"""

from __future__ import annotations

import datetime
import shlex
import subprocess
import time
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sitegen.engine.reporter import Reporter
from sitegen.outputs.signposts import NAMES
from sitegen.problems import Location, Problem
from sitegen.publish.manifest import digest_of
from sitegen.publish.place import HostError
from sitegen.publish.publishing import PublishOptions, PublishResult, publish
from sitegen.publish.server import codes
from sitegen.publish.server.layout import Layout, ServerSettings
from sitegen.publish.server.repository import (
    GitError,
    check_out,
    follows,
    head_of,
    is_commit,
    odd_folders,
    open_area,
)
from sitegen.publish.sign import Signer
from sitegen.publish.switching import places_of
from sitegen.publish.target import Target, local_target

DONE, PROBLEMS, WRONG, FAILED = 0, 1, 2, 3
"""Exit statuses."""
_STEP = 0.2
"""Seconds between two looks at the queue."""
_LONGEST_QUEUE = 30 * 60
"""Seconds after which a push does not wait any more."""
_LONGEST_RELOAD = 60
_LONGEST_LOCK = 60
"""Seconds; only a technician's rollback holds the target's own lock beside the queue."""
_BUILDING = ("read", "assemble", "produce", "commit")
"""The stages of a build."""


@dataclass(frozen=True, slots=True)
class Update:
    """What a push does to one branch or tag: git tells the hooks a line for each."""

    old: str
    new: str
    ref: str

    @property
    def deletes(self) -> bool:
        """Whether it takes the branch away."""
        return set(self.new) == {"0"}

    @property
    def creates(self) -> bool:
        """Whether there was none of this name."""
        return set(self.old) == {"0"}


@dataclass(frozen=True, slots=True)
class Desk:
    """What all of it needs: the server, and the one who is told."""

    layout: Layout
    settings: ServerSettings
    reporter: Reporter
    waiting: Callable[[], None]
    """Called once when another push has to be waited for."""
    jobs: int = 1
    owner: str = "sitegen"

    @property
    def target(self) -> Target:
        """The server's own target."""
        return local_target(self.layout.base, url=self.settings.check_url, keep=self.settings.keep)


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a push, or of a day."""

    status: int = DONE
    problems: tuple[Problem, ...] = ()
    commit: str = ""
    """The commit that was looked at; empty if the push did not concern the site."""
    published: PublishResult | None = None
    held: str = ""
    """The release that the site was taken back to, and stays at until the next push."""


def refused_by_system(error: OSError) -> Received:
    """What became of it when the disk failed: before the switch, so that the site is as it was."""
    reason = error.strerror or str(error)
    where = Location(str(error.filename)) if error.filename else None
    return Received(FAILED, (codes.SYSTEM_REFUSED.at(where, reason=reason),))


def updates_of(lines: Iterable[str]) -> tuple[Update, ...]:
    """The lines that git gives a hook: old, new and name, for each branch and tag."""
    words = (line.rstrip("\n").split(" ", 2) for line in lines)
    return tuple(Update(each[0], each[1], each[2]) for each in words if len(each) == 3)


def check(
    desk: Desk, updates: Iterable[Update], pushed: Path | None, now: datetime.datetime
) -> Received:
    """Whether a push may be let in; `pushed` holds its objects until then.

    Only the publishing branch is looked at. It can go on, and nothing else. Then the commit is
    built as for publishing, with everything but the switch. Raises OSError when the disk fails.
    """
    update = _of_branch(desk, updates)
    if update is None:
        return Received()
    branch = desk.settings.branch
    if update.deletes:
        return Received(PROBLEMS, (codes.DELETED.at(None, branch=branch),), update.old)
    with _queue(desk) as turn:
        if not turn:
            return _too_long(update.new)
        try:
            if problem := _rules(desk, update, pushed):
                return Received(PROBLEMS, (problem,), update.new)
            return _published(desk, update.new, now, pushed, dry_run=True)
        except GitError as error:
            return Received(FAILED, (error.problem,), update.new)
        finally:
            with suppress(GitError, OSError):  # the push is apart no longer, or gone
                open_area(desk.layout.area, desk.layout.repository)


def go_public(desk: Desk, updates: Iterable[Update], now: datetime.datetime) -> Received:
    """Publish what was let in: the newest commit of the branch, even if a later push was faster.

    Raises OSError when the disk fails.
    """
    if _of_branch(desk, updates) is None:
        return Received()
    with _queue(desk) as turn:
        if not turn:
            return _too_long("")
        return _newest(replace(desk, reporter=_Afterwards(desk.reporter)), now)


def rebuild(desk: Desk, now: datetime.datetime) -> Received:
    """Publish the newest commit as on today's date, if anything differs.

    A site that somebody took back to an earlier release stays there until the next push. Raises
    OSError when the disk fails.
    """
    with _queue(desk) as turn:
        if not turn:
            return _too_long("")
        try:
            standing = places_of(desk.target)[0].look()
        except HostError as error:
            return Received(FAILED, (error.problem,))
        if standing.current and standing.latest and standing.current != standing.latest:
            return Received(held=standing.current)
        return _newest(desk, now)


def _of_branch(desk: Desk, updates: Iterable[Update]) -> Update | None:
    ref = f"refs/heads/{desk.settings.branch}"
    return next((update for update in updates if update.ref == ref), None)


def _rules(desk: Desk, update: Update, pushed: Path | None) -> Problem | None:
    """Why the branch may not go there."""
    layout, branch = desk.layout, desk.settings.branch
    open_area(layout.area, layout.repository, pushed)
    if not is_commit(layout.area, update.new):
        return codes.NOT_A_COMMIT.at(None, branch=branch)
    if not update.creates and not follows(layout.area, update.old, update.new):
        return codes.REWOUND.at(None, branch=branch)
    return None


def _newest(desk: Desk, now: datetime.datetime) -> Received:
    commit = head_of(desk.layout.repository, desk.settings.branch)
    if not commit:
        return Received()
    try:
        received = _published(desk, commit, now)
    except GitError as error:
        return Received(FAILED, (error.problem,), commit)
    if received.status:
        return received
    told = _names_told(desk)
    return replace(received, problems=(*received.problems, *told))


def _published(
    desk: Desk,
    commit: str,
    now: datetime.datetime,
    pushed: Path | None = None,
    *,
    dry_run: bool = False,
) -> Received:
    """Check the commit out and publish it, or only try. Raises GitError, OSError."""
    layout, settings = desk.layout, desk.settings
    open_area(layout.area, layout.repository, pushed)
    if odd := tuple(odd_folders(layout.area, commit)):
        return Received(PROBLEMS, odd, commit)
    check_out(layout.area, layout.repository, commit, pushed)
    options = PublishOptions(
        root=layout.area,
        target=desk.target,
        as_of=_today(layout.area, now),
        signer=Signer(Path(settings.key) if settings.key else layout.key),
        jobs=desk.jobs,
        wait=_LONGEST_LOCK,
        owner=desk.owner,
        dry_run=dry_run,
    )
    result = publish(options, now, desk.reporter)
    status = PROBLEMS if result.status == WRONG else result.status
    return Received(status, result.problems, commit, result)


def _today(area: Path, now: datetime.datetime) -> datetime.date:
    """The day that it is in the site's time zone."""
    from sitegen.making.frame import read_frame

    if not (area / "content").is_dir():
        return now.date()  # the build says what is missing
    frame, _problems = read_frame(area)
    return now.astimezone(zoneinfo.ZoneInfo(frame.settings.timezone)).date()


def _names_told(desk: Desk) -> tuple[Problem, ...]:
    """Let the web server know when attachments have other names than it has read."""
    try:
        names = (desk.layout.base / "current" / NAMES).read_bytes()
    except OSError:
        names = b""
    stamp = digest_of(names) + "\n"
    known = desk.layout.names
    if known.exists() and known.read_text("utf-8", "replace") == stamp:
        return ()
    known.write_text(stamp, "utf-8")
    command = desk.settings.reload
    if not command:
        return ()
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LONGEST_RELOAD,
            check=False,
        )
        reason = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        failed = done.returncode != 0
    except (OSError, subprocess.TimeoutExpired) as error:
        reason, failed = str(error), True
    if not failed:
        return ()
    known.unlink()  # so that it is tried again
    where = Location(shlex.join(command))
    return (codes.RELOAD_FAILED.at(where, reason=reason or shlex.join(command)),)


def _too_long(commit: str) -> Received:
    problem = codes.QUEUE_TOO_LONG.at(None, minutes=_LONGEST_QUEUE // 60)
    return Received(FAILED, (problem,), commit)


class _Afterwards:
    """Tells only what comes after the build: before a push was let in, the same was built."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._tells = False

    def stage(self, name: str, total: int) -> None:
        """Told, unless it is a stage of the build."""
        self._tells = name not in _BUILDING
        if self._tells:
            self._reporter.stage(name, total)

    def advance(self, steps: int) -> None:
        """Told, if the stage was."""
        if self._tells:
            self._reporter.advance(steps)

    def finish(self) -> None:
        """Told."""
        self._reporter.finish()


@contextmanager
def _queue(desk: Desk) -> Iterator[bool]:
    """Wait for one's turn; False when it took too long. The system frees the lock at our end."""
    import fcntl  # imported late: the rest of the program runs where there is none

    with desk.layout.lock.open("a") as file:
        for attempt in range(int(_LONGEST_QUEUE / _STEP)):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not attempt:
                    desk.waiting()
                time.sleep(_STEP)
                continue
            yield True
            return
        yield False
