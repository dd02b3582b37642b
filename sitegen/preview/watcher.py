"""When to look again: events of the file system where there are any, the clock where not.

An event never says what happened, only that looking is worth while; what it names is looked at
first. Events are known to get lost (network drives, WSL, full queues), so there is a slow look at
everything in any case.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

QUIET = 0.025
"""Seconds without events after which a burst is taken to be over …"""
CEILING = 0.25
"""… and the longest that a burst is waited for."""
POLL = 0.5
SLOW = 3.0
"""Seconds between looks when polling, and between the looks for lost events."""
_SHARE = 15
"""Looking at a large site takes at most one part in so many of the time (polling: in four)."""
_MOST_HINTS = 20
_SAYING = frozenset({"created", "modified", "moved", "deleted", "closed"})


class Looking(Protocol):
    """What is asked to look (``session.Session``)."""

    def refresh(self, hints: Iterable[str] = ()) -> bool:
        """Look at everything, at the hinted paths first."""


@dataclass(frozen=True, slots=True)
class Watching:
    """How a site is watched: by events, or (also because events failed) by the clock."""

    events: bool
    reason: str = ""
    """Why there are no events, if they were wanted."""


class Watcher:
    """Looks again whenever there is reason to, in a thread of its own.

    `failed` is told what went wrong in a look; the next one is made all the same.
    """

    def __init__(
        self,
        session: Looking,
        root: Path,
        failed: Callable[[Exception], None],
        *,
        poll: bool = False,
    ) -> None:
        self._session = session
        self._content = (root / "content").resolve()
        self._folders = [self._content, (root / "themes").resolve()]
        self._failed = failed
        self._poll = poll
        self._wake = threading.Condition()
        self._hints: set[str] = set()
        self._poked = 0.0
        self._ended = False
        self._observer = None if poll else Observer()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> Watching:
        """Begin watching; says how."""
        how = Watching(False)
        if self._observer is not None:
            how = self._observe()
        self._thread.start()
        return how

    def _observe(self) -> Watching:
        observer = self._observer
        assert observer is not None
        handler = _Handler(self.poke)
        try:
            for folder in self._folders:
                if folder.is_dir():
                    observer.schedule(handler, str(folder), recursive=True)
            observer.start()
        except (OSError, RuntimeError) as error:  # too many watches, or none on this system
            self._observer, self._poll = None, True
            if observer.is_alive():
                observer.stop()
            return Watching(False, getattr(error, "strerror", None) or str(error))
        return Watching(True)

    def poke(self, *paths: str) -> None:
        """Look again soon. `paths` may say where something happened."""
        with self._wake:
            for path in paths:
                name = self._name(path)
                if name and len(self._hints) < _MOST_HINTS:
                    self._hints.add(name)
            self._poked = time.monotonic()
            self._wake.notify_all()

    def _name(self, path: str) -> str:
        try:
            return Path(path).relative_to(self._content).as_posix()
        except ValueError:
            return ""

    def stop(self) -> None:
        """End watching; a look that is under way is finished."""
        with self._wake:
            self._ended = True
            self._wake.notify_all()
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(2)
        if self._thread.is_alive():
            self._thread.join(5)

    def _run(self) -> None:
        pause = POLL if self._poll else SLOW
        while True:
            with self._wake:
                if not self._poked and not self._ended:
                    self._wake.wait(pause)
                self._calm()
                if self._ended:
                    return
                hints, self._hints = sorted(self._hints), set()
                self._poked = 0.0
            began = time.monotonic()
            try:
                self._session.refresh(hints)
            except Exception as error:  # a fault of ours must not end the watching
                self._failed(error)
            took = time.monotonic() - began
            pause = max(POLL, took * 3) if self._poll else max(SLOW, took * _SHARE)

    def _calm(self) -> None:
        """Wait until a burst of events is over. The lock is held, and let go while waiting."""
        first = self._poked
        while self._poked and not self._ended:
            rest = min(self._poked + QUIET, first + CEILING) - time.monotonic()
            if rest <= 0:
                return
            self._wake.wait(rest)


class _Handler(FileSystemEventHandler):
    """Pokes for every event that changes something; reading a file is none."""

    def __init__(self, poke: Callable[..., None]) -> None:
        self._poke = poke

    def on_any_event(self, event: FileSystemEvent) -> None:
        """One event; folders count, for what is in them moves along."""
        if event.event_type in _SAYING:
            named = (event.src_path, event.dest_path)
            self._poke(*(str(path) for path in named if path))
