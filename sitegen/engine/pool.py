"""Work in chunks, in this process or in several, with the same result.

A chunk is a handful of items of similar total weight. Results come back in the order of the
chunks, however many processes there are. A worker process holds one context: those of this machine
get it as they are forked, those of others fetch it from shared storage (see ``executors``).
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from sitegen.problems import Problem

if TYPE_CHECKING:  # imported late: most builds need no second process
    from concurrent.futures import Executor

Item = TypeVar("Item")
Result = TypeVar("Result")
Context = TypeVar("Context")
Carried = TypeVar("Carried", bound="Portable")

_RARELY = (50_000, 20, 50)
"""When a worker looks for garbage: most of what it makes goes by itself."""
SMALL = 60
"""Below so many items, starting processes costs more than it saves."""


def chunks(
    items: Sequence[Item], weight: Callable[[Item], int], number: int
) -> tuple[tuple[Item, ...], ...]:
    """Neighbouring items cut into about `number` runs of similar total weight, in order."""
    if not items:
        return ()
    total = sum(weight(item) for item in items)
    share = max(total // max(number, 1), 1)
    runs: list[tuple[Item, ...]] = []
    run: list[Item] = []
    filled = 0
    for item in items:
        run.append(item)
        filled += weight(item)
        if filled >= share:
            runs.append(tuple(run))
            run, filled = [], 0
    if run:
        runs.append(tuple(run))
    return tuple(runs)


class WorkerDiedError(Exception):
    """A worker process ended by itself (killed, or out of memory); `chunk` is its place."""

    def __init__(self, chunk: int) -> None:
        super().__init__(f"a worker process died in chunk {chunk}")
        self.chunk = chunk


class NoWorkersError(Exception):
    """Those who should do the work cannot be had; `problems` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*(problem.message() for problem in problems))
        self.problems = problems


class Portable(Protocol):
    """A context that workers on other machines can have: without any body of a document."""

    def sections(self) -> Mapping[str, bytes]:
        """All of it as bytes, in named parts."""

    @classmethod
    def load(cls, section: Callable[[str], bytes]) -> Self:
        """The context of these parts. Raises DamagedError when they make none."""


class Workers(Protocol):
    """Those who do the work of a build: processes of this machine, or of a cluster."""

    def chunks_for(self, items: int, each: int) -> int:
        """Into how many chunks to cut so many items, where `each` chunks a worker are right."""

    def work(
        self,
        function: Callable[[Carried, Item], Result],
        context: Carried,
        items: Iterable[Item],
    ) -> Iterator[Result]:
        """``function(context, item)`` for every item, in order.

        Raises WorkerDiedError when a worker ends without an answer.
        """


class LocalWorkers:
    """So many processes of this machine; one works in the process that asks."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def chunks_for(self, items: int, each: int) -> int:
        """See `Workers`; so few items that this process makes them alone are one chunk."""
        return self._jobs * each if items >= SMALL else 1

    def work(
        self,
        function: Callable[[Carried, Item], Result],
        context: Carried,
        items: Iterable[Item],
    ) -> Iterator[Result]:
        """See `Workers`."""
        chunked = list(items)
        return work(function, context, chunked, self._jobs if len(chunked) > 1 else 1)


_context: object = None


def _enter(context: object) -> None:
    global _context  # one per worker process, set once before any work
    _context = context
    # What came with the fork stays: looking through it for garbage would copy every page of it.
    gc.freeze()
    gc.set_threshold(*_RARELY)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this worker when the process that wants its work is killed: nobody else would do it.

    Until then it would hold the lock of the site, which it got with the fork.
    """
    from multiprocessing import connection, parent_process

    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _call(function: Callable[[Context, Item], Result], item: Item) -> Result:
    return function(_context, item)  # type: ignore[arg-type]


@contextmanager
def _executor(context: object, jobs: int) -> Iterator[Executor]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    methods = multiprocessing.get_all_start_methods()
    start = multiprocessing.get_context("fork" if "fork" in methods else None)
    executor = ProcessPoolExecutor(jobs, start, initializer=_enter, initargs=(context,))
    try:
        yield executor
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def work(
    function: Callable[[Context, Item], Result],
    context: Context,
    items: Iterable[Item],
    jobs: int,
) -> Iterator[Result]:
    """``function(context, item)`` for every item, in order, on `jobs` processes.

    With one job everything runs here. Raises WorkerDiedError when a process ends without an answer.
    """
    if jobs <= 1:
        yield from (function(context, item) for item in items)
        return
    from concurrent.futures.process import BrokenProcessPool

    with _executor(context, jobs) as executor:
        futures = [executor.submit(_call, function, item) for item in items]
        for place, future in enumerate(futures):
            try:
                yield future.result()
            except BrokenProcessPool as error:
                raise WorkerDiedError(place) from error
            futures[place] = None  # type: ignore[call-overload]
