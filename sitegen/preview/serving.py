"""Serve: the session, the watcher and the server put together, until somebody stops them."""

from __future__ import annotations

import datetime
import errno
import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from sitegen.engine.reporter import Reporter
from sitegen.preview.addresses import is_loopback
from sitegen.preview.server import Server
from sitegen.preview.session import Session
from sitegen.preview.watcher import Watcher
from sitegen.problems import Problem, Severity, Translate
from sitegen.terminal import problem_text

_SWITCH = 0.0005
"""Seconds after which a thread lets others go on. A page is asked for while the site is assembled
in another thread; with the usual 5 ms, each of its dozen system calls would wait that long."""
_PORTS = 20
"""How many ports after a busy one are tried."""


class NoPortError(OSError):
    """None of the ports that were tried is free."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What the caller chose."""

    root: Path
    bind: str = "127.0.0.1"
    port: int = 8000
    poll: bool = False
    open: bool = True
    as_of: datetime.date | None = None
    jobs: int = 1
    quiet: bool = False
    verbose: bool = False


class Terminal:
    """Tells each problem once, when it appears, and that all is well when the last has gone."""

    def __init__(self, options: ServeOptions, translate: Translate, stream: TextIO) -> None:
        self._options = options
        self._translate = translate
        self._stream = stream
        self._known: frozenset[Problem] = frozenset()

    def problems(self, problems: tuple[Problem, ...]) -> None:
        """All problems as they are now."""
        _, now = self._translate, frozenset(problems)
        for problem in problems:
            if problem not in self._known and self._wanted(problem):
                self.say(problem_text(problem, self._options.root, _))
        before, after = _errors(self._known), _errors(now)
        if after and before != after:
            self.say(_("Problems to mend: {count}").format(count=after))
        elif before and not after:
            self.say(_("All problems are mended."))
        self._known = now

    def _wanted(self, problem: Problem) -> bool:
        if problem.severity is Severity.NOTICE:
            return self._options.verbose
        return problem.severity is Severity.ERROR or not self._options.quiet

    def failed(self, error: Exception) -> None:
        """A fault of the program, in one line; with --verbose, all that is known of it."""
        _ = self._translate
        fault = f"{type(error).__name__}: {error}"
        self.say(_("A fault of the preview itself: {fault}").format(fault=fault))
        if self._options.verbose:
            import traceback

            self.say("".join(traceback.format_exception(error)))

    def say(self, text: str) -> None:
        """One message."""
        with suppress(OSError, ValueError):  # the terminal may be gone; the preview goes on
            print(text, file=self._stream, flush=True)


def _errors(problems: frozenset[Problem]) -> int:
    return sum(problem.severity is Severity.ERROR for problem in problems)


def serve(
    options: ServeOptions,
    now: Callable[[], datetime.datetime],
    reporter: Reporter,
    translate: Translate,
    out: TextIO,
    err: TextIO,
) -> None:
    """Preview a site until interrupted (KeyboardInterrupt ends it; nothing is raised for that).

    Raises NoPortError when no port is free, OSError when the address cannot be bound.
    """
    _ = translate
    terminal = Terminal(options, translate, err)
    session = Session(options.root, now, terminal.problems, options.as_of)
    server: Server | None = None
    thread: threading.Thread | None = None
    watcher = Watcher(session, options.root, terminal.failed, poll=options.poll)
    sys.setswitchinterval(_SWITCH)
    try:
        server = _bound(options, session, terminal, _)
        session.start(options.jobs, reporter)
        reporter.finish()
        session.on_glance = watcher.poke
        watching = watcher.start()
        if watching.reason:
            text = _(
                "Changes are not announced here ({reason}); looking every half second instead."
            )
            terminal.say(text.format(reason=watching.reason))
        if not is_loopback(options.bind):
            terminal.say(
                _("Anybody who reaches this machine can read the preview, drafts included.")
            )
        thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
        thread.start()
        print(_("Preview: {address}").format(address=server.url), file=out, flush=True)
        if not options.quiet:
            terminal.say(_("Save a file and look. End with Ctrl-C."))
        if options.open:
            with suppress(webbrowser.Error, OSError):
                webbrowser.open(server.url)
        while thread.is_alive():
            thread.join(3600)
    except KeyboardInterrupt:
        terminal.say("\n" + _("The preview has ended."))
    finally:
        if thread is not None and server is not None:
            server.end()
        elif server is not None:
            server.server_close()
        watcher.stop()
        session.close()


def _bound(
    options: ServeOptions, session: Session, terminal: Terminal, translate: Translate
) -> Server:
    """The server on the wanted port, or on the next free one."""
    _ = translate
    last = min(options.port + _PORTS, 65535)
    for port in range(options.port, last + 1):
        try:
            server = Server(options.bind, port, session, _, terminal.failed)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            continue
        if port != options.port:
            text = _("Port {wanted} is taken by another program; using {port}.")
            terminal.say(text.format(wanted=options.port, port=port))
        return server
    raise NoPortError(errno.EADDRINUSE, f"{options.port}-{last}")
