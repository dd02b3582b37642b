"""The command of the server: ``server init`` sets one up; hooks and timers call the other acts."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from sitegen.arguments import MISUSE, port, processors
from sitegen.commands.showing import show
from sitegen.problems import Location, Problem, Translate

if TYPE_CHECKING:
    from sitegen.publish.server.layout import Layout, ServerSettings
    from sitegen.publish.server.receiving import Desk, Received
    from sitegen.publish.server.setup import SetUpResult

AddCommand = Callable[..., argparse.ArgumentParser]
ACTS = ("init", "rebuild")
HOOKS = ("pre-receive", "post-receive")
FAILED = 3
_BROTLI = "ngx_http_brotli_static_module.so"
_MODULES = (
    "/usr/lib/nginx/modules",
    "/usr/lib64/nginx/modules",
    "/usr/share/nginx/modules",
    "/etc/nginx/modules",
)


def add_command(command: AddCommand, _: Translate) -> None:
    """Add the parser; `command` makes one from a name, a function, a help and an example."""
    server = command(
        "server",
        run,
        _("set up a server that publishes what is pushed to it (init), or rebuild it (rebuild)"),
        "sitegen server init /srv/xxgk --site-url https://xxgk.shifan.example/",
    )

    def act(text: str) -> str:
        if text in ACTS + HOOKS:
            return text
        message = _('"{text}" is not known; choose from {names}')
        raise argparse.ArgumentTypeError(message.format(text=text, names=", ".join(ACTS)))

    add = server.add_argument
    add("act", type=act, metavar=_("ACT"), help=_("init: set up; rebuild: as on today's date"))
    add("folder", metavar=_("FOLDER"), help=_("the server's folder: all of it lies below"))
    add("--site-url", metavar="URL", help=_("the site's public address"))
    add("--port", type=port(_), metavar="N", help=_("the web server listens there (default: 80)"))
    add("--key", metavar=_("FILE"), help=_("the key that signs, instead of a new one"))
    add("--dry-run", action="store_true", help=_("say what would be made, and make nothing"))


def run(options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO) -> int:
    """Set up a server, or do what a hook or the timer asks for."""
    os.umask(0o022)  # what is published is for everybody's eyes
    if options.act == "init":
        return _init(options, _, out, err)
    err = cast(TextIO, _Steady(err))
    layout, settings, problems = _server(Path(options.folder))
    if layout is None or settings is None:
        show(problems, Path(options.folder), options, _, out, err)
        return MISUSE
    return _act(options, layout, settings, _, err)


def _init(options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO) -> int:
    from sitegen.publish.server.setup import SetUpOptions, set_up

    folder = Path(options.folder)
    if problem := _other_owner(folder):
        show([problem], folder, options, _, out, err)
        return MISUSE
    chosen = SetUpOptions(
        folder=folder,
        interpreter=sys.executable,
        site_url=options.site_url,
        port=options.port,
        key=Path(options.key).expanduser() if options.key else None,
        language=options.lang,
        brotli=any(Path(modules, _BROTLI).exists() for modules in _MODULES),
        ipv6=_speaks_ipv6(),
        dry_run=options.dry_run,
    )
    result = set_up(chosen)
    show(result.problems, folder, options, _, out, err)
    if options.format == "json":
        told = {"steps": [{"act": step.act, "path": str(step.path)} for step in result.steps]}
        print(json.dumps(told, ensure_ascii=False, indent=2), file=out)
    elif result.status == 0 and not options.quiet:
        _print_set_up(result, options, _, out, err)
    return result.status


def _speaks_ipv6() -> bool:
    import socket  # late, as all commands are loaded to show what there is

    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::", 0))
    except OSError:
        return False
    return True


def _print_set_up(
    result: SetUpResult, options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO
) -> None:
    acts = {"make": _("new"), "write": _("written"), "keep": _("kept")}
    if options.dry_run:
        acts |= {"make": _("would be new"), "write": _("would be written")}
    for step in result.steps:
        print(f"{acts[step.act]}  {step.path}", file=out)
    layout = result.layout
    if options.dry_run or layout is None:
        return
    branch = result.settings.branch
    lines = (
        _("The server is set up. What comes next:"),
        _("1. In the site's folder: git push {repository} HEAD:{branch}").format(
            repository=layout.repository, branch=branch
        ),
        _(
            "2. In the http block of nginx: include {folder}/once.conf; and {folder}/site.conf;"
        ).format(folder=layout.nginx),
        _("3. The daily rebuild: copy {folder}/*.service, *.timer and *.path to systemd").format(
            folder=layout.timer
        ),
        _("See docs/server.md for each of them."),
    )
    for line in lines:
        print(line, file=err)


def _act(
    options: argparse.Namespace,
    layout: Layout,
    settings: ServerSettings,
    _: Translate,
    err: TextIO,
) -> int:
    from sitegen.engine.reporter import Silent
    from sitegen.publish.server import receiving
    from sitegen.terminal import Progress

    now = datetime.datetime.now(datetime.UTC)
    progress = Progress(err, _)
    reporter = Silent() if options.quiet else progress

    def waiting() -> None:
        if not options.quiet:
            print(_("Another push is being published; yours comes next. Please wait …"), file=err)

    desk = receiving.Desk(
        layout, settings, reporter, waiting, processors(), f"push,{now:%Y-%m-%dT%H:%M:%SZ}"
    )
    pushed = os.environ.get("GIT_QUARANTINE_PATH") or os.environ.get("GIT_OBJECT_DIRECTORY")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        del os.environ[name]  # they speak of the repository; what follows has its own
    try:
        received = _done(options.act, desk, Path(pushed) if pushed else None, now)
    except OSError as error:
        received = receiving.refused_by_system(error)
    reporter.finish()
    from sitegen.commands.servertext import log_text, received_text, write_log

    log = write_log(layout, options.act, received, log_text(received.problems, layout, _), now)
    for line in received_text(options.act, received, desk, log, _, quiet=options.quiet):
        print(line, file=err)
    return received.status


def _done(act: str, desk: Desk, pushed: Path | None, now: datetime.datetime) -> Received:
    from sitegen.publish.server.receiving import check, go_public, rebuild, updates_of

    if act == "rebuild":
        return rebuild(desk, now)
    updates = updates_of(sys.stdin)
    if act == "pre-receive":
        return check(desk, updates, pushed, now)
    for each in (signal.SIGINT, signal.SIGHUP):  # it is let in: whoever goes away, it goes on
        signal.signal(each, signal.SIG_IGN)
    return go_public(desk, updates, now)


def _server(
    folder: Path,
) -> tuple[Layout | None, ServerSettings | None, tuple[Problem, ...]]:
    """The server in a folder, if this user may work in it."""
    from sitegen.publish.server.layout import checked_folder, read_settings

    layout, problems = checked_folder(folder)
    if layout is None:
        return None, None, problems
    settings, problems = read_settings(layout)
    if settings is not None and (problem := _other_owner(layout.folder)):
        return layout, None, (problem,)
    return layout, settings, problems


def _other_owner(folder: Path) -> Problem | None:
    """A problem if an existing folder is somebody else's: files of two users would be mixed up."""
    from sitegen.publish.server import codes
    from sitegen.publish.server.setup import user_name

    try:
        owner = folder.stat().st_uid
    except OSError:
        return None
    if owner == os.geteuid():
        return None
    where = Location(str(folder))
    user = user_name(os.geteuid())
    return codes.OTHER_OWNER.at(where, folder=folder, owner=user_name(owner), user=user)


class _Steady:
    """A stream that goes on when nobody reads it any more: a publication must not stop for that."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, if anybody is there."""
        try:
            return self._stream.write(text)
        except (OSError, ValueError):
            return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write all of them."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Send on what was written, if anybody is there."""
        try:
            self._stream.flush()
        except (OSError, ValueError):
            return

    def isatty(self) -> bool:
        """Never: the pusher's terminal is at the other end of git."""
        return False
