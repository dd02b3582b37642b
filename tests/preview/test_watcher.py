"""When the watcher looks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from watchdog.observers import Observer

from sitegen.preview.watcher import CEILING, Watcher


class Looks:
    """Counts the looks; may fail."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.hints: set[str] = set()
        self.fault: Exception | None = None

    def refresh(self, hints: Iterable[str] = ()) -> bool:
        self.times.append(time.monotonic())
        self.hints.update(hints)
        if self.fault:
            raise self.fault
        return True


@pytest.fixture
def looks() -> Looks:
    return Looks()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "content/a").mkdir(parents=True)
    return tmp_path


def soon(true: Callable[[], object], seconds: float = 5) -> bool:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.01)
    return bool(true())


def failures() -> tuple[list[Exception], Callable[[Exception], None]]:
    failed: list[Exception] = []
    return failed, failed.append


def test_a_saved_file_makes_it_look_and_is_named(root: Path, looks: Looks) -> None:
    watcher = Watcher(looks, root, failures()[1])
    assert watcher.start().events
    (root / "content/a/b.md").write_text("甲", encoding="utf-8")
    assert soon(lambda: "a/b.md" in looks.hints)
    watcher.stop()


def test_a_burst_is_looked_at_few_times(root: Path, looks: Looks) -> None:
    watcher = Watcher(looks, root, failures()[1], poll=True)
    watcher.start()
    began = time.monotonic()
    for number in range(200):
        watcher.poke(str(root / f"content/{number}.md"))
        time.sleep(0.001)
    took = time.monotonic() - began
    assert soon(lambda: looks.times)
    time.sleep(0.1)
    assert len(looks.times) <= 3 + 2 * took / CEILING
    watcher.stop()


def test_an_endless_burst_is_not_waited_for(root: Path, looks: Looks) -> None:
    watcher = Watcher(looks, root, failures()[1])
    watcher.start()
    end = time.monotonic() + 5
    while time.monotonic() < end and not looks.times:
        watcher.poke()
        time.sleep(0.005)
    assert looks.times, "events without a pause kept it from looking"
    watcher.stop()


def test_reading_files_is_no_reason_to_look(root: Path, looks: Looks) -> None:
    file = root / "content/a/b.md"
    file.write_text("甲", encoding="utf-8")
    watcher = Watcher(looks, root, failures()[1])
    watcher.start()
    time.sleep(0.2)
    before = len(looks.times)
    for _ in range(20):
        file.read_text(encoding="utf-8")
    time.sleep(0.3)
    assert len(looks.times) == before
    watcher.stop()


def test_without_events_it_looks_all_the_same(root: Path, looks: Looks) -> None:
    watcher = Watcher(looks, root, failures()[1], poll=True)
    assert not watcher.start().events
    assert soon(lambda: len(looks.times) >= 2)
    watcher.stop()


def test_when_watching_fails_it_says_why_and_polls(
    root: Path, looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(Observer, "start", refuse)
    watcher = Watcher(looks, root, failures()[1])
    how = watcher.start()
    assert (how.events, how.reason) == (False, "inotify watch limit reached")
    assert soon(lambda: len(looks.times) >= 2)
    watcher.stop()


def test_a_look_that_fails_is_told_and_not_the_last(root: Path, looks: Looks) -> None:
    failed, tell = failures()
    looks.fault = ValueError("a fault")
    watcher = Watcher(looks, root, tell, poll=True)
    watcher.start()
    assert soon(lambda: len(failed) >= 2)
    watcher.stop()
