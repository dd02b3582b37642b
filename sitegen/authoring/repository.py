"""The site's git repository, as writing aids use it: what is tracked, what differs, moving files.

Every function works where there is no git or no repository: it then answers with nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_PATIENCE = 120
_ACTS = {"A": "added", "C": "added", "D": "deleted", "R": "moved"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One file that differs from the newest commit: `act` is added, edited, moved or deleted.

    Paths are relative to ``content/``; `old` is the one before a move.
    """

    act: str
    path: str
    old: str = ""


def is_tracked(content: Path, path: str) -> bool:
    """Whether git knows a file, or something in a folder, below ``content/``."""
    done = _git(content, "ls-files", "-z", "--", f":(literal){path}")
    return done is not None and done.returncode == 0 and bool(done.stdout)


def move(content: Path, old: str, new: str) -> None:
    """Move a file or folder, in git's index too when it is tracked. Raises OSError."""
    target = content / new
    target.parent.mkdir(parents=True, exist_ok=True)
    if is_tracked(content, old):
        done = _git(content, "mv", "--", old, new, reading=False)
        if done is not None and done.returncode == 0:
            return
    (content / old).rename(target)


def differences(content: Path) -> tuple[Difference, ...] | None:
    """What differs from the newest commit, moved files recognised; None without a repository.

    An index of our own is used, and objects go to a folder of our own, so that nothing of the
    repository changes, whatever is staged in it.
    """
    known = _git(content, "rev-parse", "--git-path", "index", "--git-path", "objects")
    if known is None or known.returncode:
        return None
    index, objects = (content / line for line in known.stdout.decode().splitlines()[:2])
    with tempfile.TemporaryDirectory() as folder:
        own = {
            "GIT_INDEX_FILE": f"{folder}/index",
            "GIT_OBJECT_DIRECTORY": folder,
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(objects.resolve()),
        }
        if index.is_file():
            # With its time: by that, git tells edits of the same second from what is staged.
            shutil.copy2(index, own["GIT_INDEX_FILE"])
        _git(content, "add", "--all", "--", ".", own=own, reading=False)
        head = _git(content, "rev-parse", "--verify", "-q", "HEAD^{tree}")
        base = head.stdout.decode().strip() if head is not None else ""
        if not base:
            made = _git(content, "mktree", own=own)
            base = made.stdout.decode().strip() if made is not None else ""
        done = _git(
            content, "diff-index", "--cached", "-z", "-M", "-l4000", "--name-status", "--relative",
            base, "--", ".", own=own,
        )  # fmt: skip
    if done is None or done.returncode:
        return None
    return tuple(sorted(_parsed(done.stdout), key=lambda each: each.path))


def committed(content: Path, path: str) -> bytes | None:
    """A file as the newest commit has it; None where it does not."""
    done = _git(content, "cat-file", "blob", f"HEAD:./{path}")
    return done.stdout if done is not None and done.returncode == 0 else None


def _parsed(stream: bytes) -> Iterator[Difference]:
    tokens = iter(stream.decode("utf-8", "replace").split("\0"))
    for status in tokens:
        if not status:
            continue
        old = _name(next(tokens, "")) if status[0] in "RC" else ""
        path = _name(next(tokens, ""))
        yield Difference(_ACTS.get(status[0], "edited"), path, old if status[0] == "R" else "")


def _name(path: str) -> str:
    return unicodedata.normalize("NFC", path)


def _git(
    folder: Path, *arguments: str, own: Mapping[str, str] | None = None, reading: bool = True
) -> subprocess.CompletedProcess[bytes] | None:
    """Run git with nothing of the user's taste in it; None when it cannot be run."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"} | dict(own or {})
    if reading:
        environment["GIT_OPTIONAL_LOCKS"] = "0"
    settings = ("core.quotepath=off", "core.fsmonitor=false", "core.pager=cat", "color.ui=never")
    command = ["git", "--no-pager"]
    for setting in settings:
        command += ["-c", setting]
    try:
        return subprocess.run(
            [*command, *arguments],
            cwd=folder,
            env=environment,
            input=b"",
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
