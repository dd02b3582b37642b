"""The bare repository that is pushed to, and the build area that its commits are checked out in.

The build area is a repository of its own that borrows the objects of the bare one, and, while a
push is being checked, those of the push, which git keeps apart until it is let in (quarantine). So
a checkout never writes into the repository, and sitegen reads the whole history in the area as it
does anywhere, without a variable in its environment.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from sitegen.engine.workspace import PRIVATE
from sitegen.problems import Problem
from sitegen.publish import codes as publish_codes
from sitegen.publish.server import codes

NOTHING = "0" * 40
"""What git calls a commit that is none, when a branch is made or deleted."""
_PATIENCE = 600
_SOURCES = ("content", "themes")
_RECEIVING = {
    "core.logAllRefUpdates": "always",
    "core.quotePath": "false",
    "receive.fsckObjects": "true",
    # What old tools wrote, and what harms nobody.
    "receive.fsck.zeroPaddedFilemode": "warn",
    "receive.fsck.badTimezone": "warn",
    "receive.fsck.missingSpaceBeforeDate": "warn",
    "receive.denyDeleteCurrent": "ignore",  # the hook says it better
}
_ATTRIBUTES = "* -filter -diff -text -ident -working-tree-encoding\n"
"""Bytes are checked out as they were committed: a commit may neither choose one of the programs
that the account has set up as filters, nor alter line ends. It overrules the commit's own file."""
_AREA = {
    "core.autocrlf": "false",
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.quotePath": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
}


class GitError(Exception):
    """Git could not do something; `problem` says what."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message())
        self.problem = problem


def git(folder: Path, *words: str) -> str:
    """What git prints; nothing of anybody's configuration or environment plays a part.

    Raises GitError.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment |= {
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
    }
    try:
        done = subprocess.run(
            ["git", *words],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except FileNotFoundError:
        raise GitError(publish_codes.NO_TOOL.at(None, name="git")) from None
    except subprocess.TimeoutExpired:
        raise GitError(codes.GIT_REFUSED.at(None, step=words[0], reason="timeout")) from None
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = told[-1] if told else f"exit status {done.returncode}"
        raise GitError(codes.GIT_REFUSED.at(None, step=words[0], reason=reason))
    return done.stdout.decode("utf-8", "replace")


def make_bare(repository: Path, branch: str, hooks: dict[str, str]) -> None:
    """Make the bare repository, or bring an existing one up to date. Raises GitError, OSError.

    The folder of the hooks is named in its configuration: so that of the pusher, which may name
    another one, does not switch them off. It is named as seen from the repository: in one that was
    moved the hooks run as well, and refuse, because the server is not where they were told.
    """
    if not (repository / "HEAD").exists():
        repository.mkdir(parents=True, exist_ok=True)
        git(repository, "init", "--quiet", "--bare", "--template=", ".")
    git(repository, "symbolic-ref", "HEAD", f"refs/heads/{branch}")
    folder = repository / "hooks"
    for name, value in {**_RECEIVING, "core.hooksPath": folder.name}.items():
        git(repository, "config", name, value)
    folder.mkdir(exist_ok=True)
    for name, text in hooks.items():
        made = folder / f".{name}.new"
        made.write_text(text, "utf-8")
        made.chmod(0o755)
        made.replace(folder / name)


def head_of(repository: Path, branch: str) -> str:
    """The newest commit of a branch; empty if there is none."""
    try:
        return git(repository, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}").strip()
    except GitError:
        return ""


def open_area(area: Path, repository: Path, pushed: Path | None = None) -> None:
    """Make the build area if there is none, and let it see the objects of the repository.

    `pushed` holds objects that are not let in yet. Raises GitError, OSError.
    """
    if not (area / ".git" / "HEAD").exists():
        area.mkdir(parents=True, exist_ok=True)
        git(area, "init", "--quiet", "--template=", ".")
        for name, value in _AREA.items():
            git(area, "config", name, value)
    (area / ".git" / "info").mkdir(exist_ok=True)
    (area / ".git" / "info" / "exclude").write_text(f"/{PRIVATE}/\n", "utf-8")
    (area / ".git" / "info" / "attributes").write_text(_ATTRIBUTES, "utf-8")
    sources = [repository / "objects", *([pushed] if pushed else [])]
    alternates = area / ".git" / "objects" / "info" / "alternates"
    alternates.parent.mkdir(parents=True, exist_ok=True)
    alternates.write_text("".join(f"{source}\n" for source in sources), "utf-8")


def check_out(area: Path, repository: Path, commit: str, pushed: Path | None = None) -> None:
    """Bring the build area to a commit that `odd_folders` has nothing against.

    What sitegen keeps there to be quick stays; everything else is as in the commit afterwards. An
    area that is damaged is made anew. Raises GitError, OSError.
    """
    try:
        _check_out(area, commit)
    except (GitError, OSError):
        _empty(area)
        open_area(area, repository, pushed)
        _check_out(area, commit)


def follows(area: Path, old: str, new: str) -> bool:
    """Whether a commit has the other one among its forebears; both as the build area knows them."""
    try:
        git(area, "merge-base", "--is-ancestor", old, new)
    except GitError:
        return False
    return True


def odd_folders(area: Path, commit: str) -> Iterable[Problem]:
    """What the root of a commit must not hold: a cache, which it could forge, or a link where the
    sources should be, which could lead out of it.
    """
    for entry in git(area, "ls-tree", "-z", "--full-tree", commit).split("\0"):
        about, _, name = entry.partition("\t")
        if name in _SOURCES and not about.startswith("040000 "):
            yield codes.NO_FOLDER.at(None, name=name)
        elif name == PRIVATE:
            yield publish_codes.TRACKED.at(None, path=name)


def is_commit(area: Path, name: str) -> bool:
    """Whether an object that the area can see is a commit."""
    try:
        return git(area, "cat-file", "-t", name).strip() == "commit"
    except GitError:
        return False


def _check_out(area: Path, commit: str) -> None:
    for left in (area / ".git").glob("*.lock"):  # of a checkout that was killed; we hold the queue
        left.unlink()
    git(area, "read-tree", "--reset", "-u", commit)
    git(area, "update-ref", "--no-deref", "HEAD", commit)
    git(area, "clean", "-ffdxq", "-e", f"/{PRIVATE}/")


def _empty(area: Path) -> None:
    """Remove everything but what sitegen keeps."""
    for path in area.iterdir():
        if path.name == PRIVATE:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
