"""History: what git knows of the content folder, read in one pass.

`read_history` runs git; everything after it is pure. Dates are the committer's, as calendar dates
in the site's time zone. Renames come from git's own rename detection commit by commit and are
joined into one trail per file; ``--follow`` is not used, because it takes near-identical pages
for copies of each other. Merges count as one commit, compared with their first parent.
"""

from __future__ import annotations

import datetime
import os
import subprocess
import unicodedata
import zoneinfo
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sitegen.problems import N_, Location, Problem, Severity, code

NOT_TRUSTED = code(
    "H101",
    Severity.NOTICE,
    N_("git does not trust this repository, because it belongs to another user"),
    N_("the update log is made without history; allow it with: git config --global"
       " --add safe.directory FOLDER"),
)  # fmt: skip
GIT_FAILED = code(
    "H102",
    Severity.WARNING,
    N_("git could not read the history of the content folder: {reason}"),
    N_("the update log is made without history; try: git log -- content"),
)

_DOCUMENTS = (".md", ".yaml", ".yml")
_PATIENCE = 120
_FORMAT = "--format=%x02%H %ct"

_Commit = tuple[str, datetime.date, list[tuple[str, str, str]]]
"""A commit: its identifier, its day, and for each file a status letter, old path and path."""


@dataclass(frozen=True, slots=True)
class Touch:
    """What one commit did to one file: `act` is added, edited, moved or deleted.

    `path` is the file's path after the commit, `old` the one before a move; both relative to
    ``content/``.
    """

    commit: str
    on: datetime.date
    act: str
    path: str
    old: str = ""
    first: bool = False
    """Whether it was the first commit with content: what was there from the start is no news."""


@dataclass(frozen=True, slots=True)
class Trail:
    """The life of one file through its renames, oldest first."""

    path: str
    touches: tuple[Touch, ...]
    last_text: bytes | None = None
    """For a deleted document: its last committed bytes, if git still has them."""


@dataclass(frozen=True, slots=True)
class History:
    """The record of the content folder. `present` is false without git, repository or commits."""

    present: bool = False
    shallow: bool = False
    """The clone is cut off: the oldest commits are missing, so first dates are wrong."""
    head: str = ""
    """The commit that is checked out."""
    files: Mapping[str, Trail] = field(default_factory=dict)
    """Every file that the newest commit holds, by path relative to ``content/``."""
    gone: tuple[Trail, ...] = ()
    """Every file that some commit deleted and none restored, by path."""
    uncommitted: tuple[str, ...] | None = None
    """Files that differ from the newest commit; None when nobody asked."""


NO_HISTORY = History()


@dataclass(frozen=True, slots=True)
class Look:
    """A first look at the repository: what git answers in a few milliseconds."""

    answered: bool
    ok: bool = False
    shallow: bool = False
    prefix: str = ""
    head: str = ""
    complaint: bytes = b""

    @property
    def key(self) -> str:
        """Looks with the same key see the same history; '' if that cannot be told."""
        if self.shallow:  # it may be deepened any time
            return ""
        parts = (self.answered, self.ok, self.prefix, self.head, self.complaint.hex())
        return "\0".join(map(str, parts))


def look_at(content: Path) -> Look:
    """Look at the repository that the folder `content` is in, if it is in one."""
    return looking_at(content)()


def looking_at(content: Path) -> Callable[[], Look]:
    """Begin to look at a repository; what is given back waits for the answer."""
    asked = ("rev-parse", "--is-shallow-repository", "--show-prefix", "HEAD")
    running = _started(content, *asked)

    def answer() -> Look:
        known = _ended(running)
        if known is None:
            return Look(False)
        if known.returncode:
            return Look(True, complaint=known.stderr)
        shallow, prefix, head = known.stdout.decode("utf-8", "replace").split("\n")[:3]
        return Look(True, True, shallow == "true", prefix, head)

    return answer


def read_history(
    content: Path, timezone: str, *, uncommitted: bool = False, look: Look | None = None
) -> tuple[History, tuple[Problem, ...]]:
    """The history of the folder `content`, which may lie anywhere inside a repository.

    Works without git, without a repository and without commits: then `History.present` is false.
    With `uncommitted`, also lists what differs from the newest commit (for releases).
    """
    look = look or look_at(content)
    if not look.ok:
        return NO_HISTORY, _complaint(look.complaint) if look.answered else ()
    log = _run(
        content, "log", "-z", "-M", "-l4000", "--name-status", "-m", "--first-parent",
        "--relative", "--no-ext-diff", "--no-textconv", _FORMAT, look.head, "--",
    )  # fmt: skip
    if log is None or log.returncode:
        return NO_HISTORY, _complaint(log.stderr if log else b"timeout", expected=False)
    living, gone = _trails(_commits(log.stdout, _zone(timezone)))
    if not living and not gone:
        return NO_HISTORY, ()
    changed = _uncommitted(content, look.prefix) if uncommitted else None
    history = History(
        present=True,
        shallow=look.shallow,
        head=look.head,
        files=living,
        gone=_with_last_texts(content, gone),
        uncommitted=changed,
    )
    return history, ()


def since_commit(content: Path, path: str) -> str:
    """Whether a document, or a file in its folder, is ``new`` or ``edited`` since the last commit.

    `path` is relative to `content`; '' if it is as committed, or if git cannot tell.
    """
    own = path.rpartition(".")[0]
    status = _run(
        content, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--", path, own
    )
    if status is None or status.returncode or not status.stdout:
        return ""
    lines = status.stdout.decode("utf-8", "replace").split("\0")[:-1]
    name = path.rpartition("/")[2]
    new = any(line[:2] in ("??", "A ", "AM") and line.endswith(name) for line in lines)
    return "new" if new else "edited"


def uncommitted_in(root: Path, folders: Sequence[str]) -> tuple[str, ...] | None:
    """Files of these folders of `root` that no commit holds as they are, ignored ones included.

    Paths are relative to `root`; None without a repository.
    """
    known = _run(root, "rev-parse", "--show-prefix")
    if known is None or known.returncode:
        return None
    prefix = known.stdout.decode("utf-8", "replace").rstrip("\n")
    status = _run(
        root, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--ignored=traditional",
        "--", *folders,
    )  # fmt: skip
    if status is None or status.returncode:
        return None
    lines = status.stdout.decode("utf-8", "replace").split("\0")[:-1]
    return tuple(sorted(_name(line[3:].removeprefix(prefix)) for line in lines))


def tracked_in(root: Path, folders: Sequence[str]) -> tuple[str, ...]:
    """Files of these folders of `root` that git tracks, relative to `root`."""
    listed = _run(root, "ls-files", "-z", "--", *folders)
    if listed is None or listed.returncode:
        return ()
    return tuple(listed.stdout.decode("utf-8", "replace").split("\0")[:-1])


def _zone(name: str) -> datetime.tzinfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return datetime.timezone(datetime.timedelta(hours=8))  # settings report a bad name


def _run(
    folder: Path, *arguments: str, given: bytes = b""
) -> subprocess.CompletedProcess[bytes] | None:
    """Run git; None when it cannot be run at all."""
    return _ended(_started(folder, *arguments), given)


def _ended(
    running: subprocess.Popen[bytes] | None, given: bytes = b""
) -> subprocess.CompletedProcess[bytes] | None:
    if running is None:
        return None
    with running:
        try:
            out, err = running.communicate(given, timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            running.kill()
            return None
    return subprocess.CompletedProcess(running.args, running.returncode, out, err)


def _started(folder: Path, *arguments: str) -> subprocess.Popen[bytes] | None:
    """Start git with nothing of the user's taste in it; None when it cannot be run at all.

    The user's configuration file stays readable, because only there may a repository be declared
    safe; whatever could change the output is set on the command line, which wins.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment |= {
        "LC_ALL": "C",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
    }
    settings = (
        "core.quotepath=off", "core.fsmonitor=false", "core.pager=cat", "color.ui=never",
        "log.showSignature=false", "log.follow=false", "log.showRoot=true", "log.mailmap=false",
        "log.diffMerges=separate",
        "status.relativePaths=false", "status.renames=false",
    )  # fmt: skip
    command = ["git", "--no-pager"]
    for setting in settings:
        command += ["-c", setting]
    try:
        return subprocess.Popen(
            [*command, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except OSError:
        return None


def _complaint(stderr: bytes, *, expected: bool = True) -> tuple[Problem, ...]:
    text = stderr.decode("utf-8", "replace").strip()
    if "dubious ownership" in text or "unsafe repository" in text:
        return (NOT_TRUSTED.at(Location("content")),)
    if expected:  # no repository, or one without commits: nothing to complain of
        return ()
    return (GIT_FAILED.at(Location("content"), reason=text.partition("\n")[0]),)


def _commits(log: bytes, zone: datetime.tzinfo) -> list[_Commit]:
    """The commits of ``git log -z --name-status``, newest first.

    The stream is a row of NUL-ended tokens: a header (marked by 0x02), then for each file a status
    and its one or two paths. A path may hold any character, so tokens are taken by position.
    """
    commits: list[_Commit] = []
    days: dict[str, datetime.date] = {}
    tokens = iter(log.decode("utf-8", "replace").split("\0"))
    for token in tokens:
        word = token.lstrip("\n")
        if word.startswith("\x02"):
            commit, _, seconds = word[1:].strip().partition(" ")
            if seconds not in days:
                days[seconds] = _day(seconds, zone)
            commits.append((commit, days[seconds], []))
        elif word and commits:
            old = next(tokens, "") if word[0] in "RC" else ""
            commits[-1][2].append((word[0], old, next(tokens, "")))
    return commits


def _day(seconds: str, zone: datetime.tzinfo) -> datetime.date:
    try:
        return datetime.datetime.fromtimestamp(int(seconds), zone).date()
    except (OverflowError, ValueError, OSError):
        return datetime.date(1970, 1, 1)


def _trails(commits: list[_Commit]) -> tuple[dict[str, Trail], list[Trail]]:
    """Follow every file from its first commit to its last: those that live, those deleted."""
    living: dict[str, list[Touch]] = {}
    gone: dict[str, list[Touch]] = {}
    acts = {"A": "added", "C": "added", "D": "deleted", "R": "moved"}
    first = True
    for commit, on, changes in reversed(commits):
        before = living
        taken: dict[str, list[Touch]] = {}  # moves within one commit may swap two names
        for status, old, path in changes:
            if status == "R":
                taken[path] = before.pop(_name(old), [])
            elif status == "D":
                taken[path] = before.pop(_name(path), [])
        for status, old, path in changes:
            name = _name(path)
            touches = taken[path] if status in "RD" else before.get(name)
            if touches is None:  # a file that comes back goes on where it ended
                touches = gone.pop(name, [])
            act = acts.get(status, "edited")
            touches.append(Touch(commit, on, act, name, _name(old) if old else "", first))
            (gone if status == "D" else living)[name] = touches
        first = first and not changes
    return (
        {path: Trail(path, tuple(living[path])) for path in sorted(living)},
        [Trail(path, tuple(gone[path])) for path in sorted(gone) if path not in living],
    )


def _name(path: str) -> str:
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def _with_last_texts(content: Path, gone: list[Trail]) -> tuple[Trail, ...]:
    """Fetch what deleted documents said last, so that a deleted draft is no cause for alarm."""
    wanted = [t for t in gone if t.path.endswith(_DOCUMENTS) and "\n" not in t.path]
    if not wanted:
        return tuple(gone)
    asked = "".join(f"{t.touches[-1].commit}^1:./{t.path}\n" for t in wanted)
    answer = _run(content, "cat-file", "--batch", given=asked.encode())
    if answer is None:
        return tuple(gone)
    texts = dict(zip((t.path for t in wanted), _blobs(answer.stdout), strict=False))
    return tuple(Trail(t.path, t.touches, texts.get(t.path)) for t in gone)


def _blobs(stream: bytes) -> Iterator[bytes | None]:
    """The objects of ``git cat-file --batch``, in order; None for one that is missing."""
    start = 0
    while start < len(stream):
        end = stream.index(b"\n", start)
        words = stream[start:end].split(b" ")
        start = end + 1
        if len(words) == 3 and words[1] == b"blob" and words[2].isdigit():
            size = int(words[2])
            yield stream[start : start + size]
            start += size + 1
        else:
            yield None


def _uncommitted(content: Path, prefix: str) -> tuple[str, ...]:
    status = _run(content, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--", ".")
    if status is None or status.returncode:
        return ()
    lines = status.stdout.decode("utf-8", "replace").split("\0")[:-1]
    return tuple(sorted(_name(line[3:].removeprefix(prefix)) for line in lines))
