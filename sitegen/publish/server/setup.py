"""Setting up a server: everything below one folder, or what would be made there.

It may be run again at any time: what is made once (repository, key, what was published) stays, what
follows from the settings (hooks, configuration, units) is written anew.
"""

from __future__ import annotations

import os
import pwd
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sitegen.problems import Location, Problem
from sitegen.publish import codes as publish_codes
from sitegen.publish.nginx import Served, configuration
from sitegen.publish.server import codes
from sitegen.publish.server.layout import (
    Layout,
    ServerSettings,
    checked_folder,
    faults,
    read_settings,
    write_settings,
)
from sitegen.publish.server.repository import GitError, make_bare
from sitegen.publish.server.units import Daily, units

DONE, WRONG, FAILED = 0, 2, 3
"""Exit statuses."""
HOOKS = ("pre-receive", "post-receive")


@dataclass(frozen=True, slots=True)
class SetUpOptions:
    """What the caller chose; None and empty values leave what an earlier run chose."""

    folder: Path
    interpreter: str
    """The absolute path of the Python that runs sitegen: the hooks call it."""
    site_url: str | None = None
    port: int | None = None
    key: Path | None = None
    language: str = "zh-CN"
    brotli: bool = False
    """Whether the web server of this machine has the module brotli_static."""
    ipv6: bool = True
    """Whether this machine speaks IPv6."""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was, or would be, done: `act` is make, write or keep."""

    act: str
    path: Path


@dataclass(frozen=True, slots=True)
class SetUpResult:
    """What became of it."""

    status: int
    problems: tuple[Problem, ...] = ()
    layout: Layout | None = None
    settings: ServerSettings = field(default_factory=ServerSettings)
    steps: tuple[Step, ...] = ()


def set_up(options: SetUpOptions) -> SetUpResult:
    """Set a server up. Raises OSError when the disk fails."""
    layout, problems = checked_folder(options.folder)
    if layout is None:
        return SetUpResult(WRONG, problems)
    settings, problems = _chosen(options, layout)
    if settings is None:
        return SetUpResult(WRONG, problems, layout)
    if problem := _not_installed(options.interpreter):
        return SetUpResult(FAILED, (problem,), layout)
    steps: list[Step] = []
    try:
        for step in _steps(options, layout, settings):
            steps.append(step)
    except GitError as error:
        return SetUpResult(FAILED, (error.problem,), layout, settings, tuple(steps))
    except _KeyNotMadeError as error:
        return SetUpResult(FAILED, (error.problem,), layout, settings, tuple(steps))
    return SetUpResult(DONE, (), layout, settings, tuple(steps))


def _not_installed(interpreter: str) -> Problem | None:
    """Why the hooks could not run sitegen: from any folder, and with nothing in the environment."""
    command = [interpreter, "-I", "-c", "import sitegen.cli"]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, env={}, cwd="/", check=False
        )
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = told[-1] if told else f"exit status {done.returncode}"
        failed = done.returncode != 0
    except OSError as error:
        reason, failed = error.strerror or str(error), True
    if not failed:
        return None
    where = Location(interpreter)
    return codes.NOT_INSTALLED.at(where, interpreter=interpreter, reason=reason)


class _KeyNotMadeError(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def _chosen(
    options: SetUpOptions, layout: Layout
) -> tuple[ServerSettings | None, tuple[Problem, ...]]:
    """The settings of an earlier run, with what was chosen now."""
    settings, problems = read_settings(layout)
    if settings is None:
        if layout.settings.exists():
            return None, problems
        where = Location(str(layout.folder))
        if layout.folder.exists() and (not layout.folder.is_dir() or any(layout.folder.iterdir())):
            return None, (codes.NOT_EMPTY.at(where, folder=layout.folder),)
        for above in layout.folder.resolve().parents:
            if (above / "content" / "site.yaml").is_file():
                return None, (codes.IN_SITE.at(where, folder=layout.folder, site=above),)
        settings = ServerSettings(language=options.language)
    if options.site_url is not None:
        url = options.site_url
        settings = replace(settings, site_url=url if url.endswith("/") or not url else url + "/")
    if options.port is not None:
        settings = replace(settings, port=options.port)
    if options.key is not None:
        key = Path(os.path.abspath(options.key))  # noqa: PTH100 - links stay as they are named
        if not key.is_file():
            return None, (publish_codes.NO_KEY.at(Location(str(key)), path=key),)
        settings = replace(settings, key=str(key))
    wrong = faults(settings, layout)
    return (None, wrong) if wrong else (settings, ())


def _steps(options: SetUpOptions, layout: Layout, settings: ServerSettings) -> Iterator[Step]:
    dry = options.dry_run
    folders = {
        layout.folder: 0o755, layout.folder / "build": 0o700, layout.key.parent: 0o700,
        layout.base: 0o755, layout.nginx: 0o755, layout.timer: 0o755, layout.log: 0o700,
    }  # fmt: skip
    for folder, mode in folders.items():
        if not folder.is_dir():
            if not dry:
                folder.mkdir(parents=True)
                folder.chmod(mode)
            yield Step("make", folder)
    if not settings.key:
        yield _key(layout.key, dry)
    yield Step("keep" if (layout.repository / "HEAD").exists() else "make", layout.repository)
    if not dry:
        make_bare(layout.repository, settings.branch, hooks(options.interpreter, layout, settings))
    for name in HOOKS:
        yield Step("write", layout.repository / "hooks" / name)
    written: Mapping[Path, str] = {
        **{
            layout.nginx / name: text
            for name, text in configuration(_served(options, layout, settings)).items()
        },
        **{
            layout.timer / name: text
            for name, text in units(_daily(options.interpreter, layout, settings)).items()
        },
        layout.settings: write_settings(layout, settings),  # last: it says that all is there
    }
    for path, text in written.items():
        if not dry:
            new = path.with_name(f".{path.name}.new")
            new.write_text(text, "utf-8")
            new.chmod(0o644)
            new.replace(path)
        yield Step("write", path)


def _served(options: SetUpOptions, layout: Layout, settings: ServerSettings) -> Served:
    return Served(
        base=str(layout.base),
        conf=str(layout.nginx),
        port=settings.port,
        site_url=settings.site_url,
        brotli=options.brotli,
        ipv6=options.ipv6,
    )


def hooks(interpreter: str, layout: Layout, settings: ServerSettings) -> dict[str, str]:
    """The texts of the hooks, by name. They refuse when sitegen is not where it was."""
    python = shlex.quote(interpreter)
    folder = shlex.quote(str(layout.folder))
    lost = (
        f"服务器上找不到 sitegen（{interpreter}），未接收本次推送。"
        f"请技术人员重新运行：sitegen server init {layout.folder}"
        if settings.language != "en"
        else f"sitegen is not at {interpreter} any more; the push is refused."
        f" Run again: sitegen server init {layout.folder}"
    )
    stopped = (
        "检查所用的时间或内存超过了上限，未接收本次推送。请检查最近改动的模板和表格，或请技术人员调整"
        f" {layout.settings} 中的 seconds 和 memory_mb。"
        if settings.language != "en"
        else "Checking took more time or memory than it may; the push is refused. Look at templates"
        f" and tables that changed, or let the technician raise seconds and memory_mb in"
        f" {layout.settings}."
    )
    start = f"""\
#!/bin/sh
# Written by: sitegen server init {layout.folder}
umask 022
if [ ! -x {python} ]; then
  echo {shlex.quote(lost)} >&2
  exit 1
fi
"""
    call = f"{python} -I -m sitegen server"
    with_language = f"{folder} --lang {settings.language}"
    return {
        # What was pushed is not trusted yet. What ends at a limit is killed, and cannot say so.
        "pre-receive": f"""{start}\
ulimit -t {settings.seconds}
ulimit -v {settings.memory_mb * 1024}
{call} pre-receive {with_language}
status=$?
[ $status -lt 128 ] || echo {shlex.quote(stopped)} >&2
exit $status
""",
        "post-receive": f"""{start}\
exec {call} post-receive {with_language}
""",
    }


def _daily(interpreter: str, layout: Layout, settings: ServerSettings) -> Daily:
    command = (interpreter, "-I", "-m", "sitegen", "server", "rebuild", str(layout.folder))
    owner = layout.folder.stat().st_uid if layout.folder.exists() else os.geteuid()
    return Daily(
        str(layout.folder),
        (*command, "--lang", settings.language),
        user_name(owner),
        settings.timezone,
        str(layout.names),
    )


def user_name(number: int) -> str:
    """The name of a user of this machine, or the number if it has none."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _key(key: Path, dry: bool) -> Step:
    if key.exists():
        return Step("keep", key)
    if not dry:
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "sitegen", "-f", str(key)]
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, check=False
            )
        except FileNotFoundError:
            raise _KeyNotMadeError(publish_codes.NO_TOOL.at(None, name="ssh-keygen")) from None
        if done.returncode or not key.exists():
            raise _KeyNotMadeError(publish_codes.NO_KEY.at(Location(str(key)), path=key))
        key.chmod(0o600)
    return Step("make", key)
