"""The same chunks through any ``concurrent.futures.Executor``, whose workers may be far away.

A context is not sent to the workers: it is laid down once on storage that all of them see, and a
worker process fetches it when the first chunk that needs it arrives, and keeps it until another one
is asked for. Chunks are names and paths; what workers make they write to the shared storage. A
chunk may be begun, abandoned with its worker, and done again by another, even while the first still
runs: whatever it writes must appear whole or not at all, and be the same every time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sitegen.engine.fingerprint import fingerprint
from sitegen.engine.ledger import Ledger
from sitegen.engine.pool import Carried, Item, Portable, Result, WorkerDiedError

LEAST = 200
"""Items of a chunk at least, where sending one costs some milliseconds."""
_PATIENCE = 2.0
"""Seconds after which whoever waits for a chunk looks whether there is still hope."""

Value = TypeVar("Value")


class UnlikeProgramError(Exception):
    """A worker runs another version of this program, of its libraries or of Python.

    The argument names what is another.
    """


class Ticket(NamedTuple):
    """Where a worker finds a context, and which program it was made by."""

    kind: type[Portable]
    folder: str
    program: bytes


class ExecutorWorkers:
    """The workers of an executor, `number` at once, that all see the folder `shared`."""

    def __init__(self, executor: Executor, number: int, shared: Path, least: int = LEAST) -> None:
        self._executor = executor
        self._number = number
        self._shared = shared
        self._least = least
        self._contexts = 0

    def chunks_for(self, items: int, each: int) -> int:
        """See `pool.Workers`; no chunk is so small that sending it costs more than it saves."""
        return max(min(self._number * each, items // self._least), 1)

    def work(
        self,
        function: Callable[[Carried, Item], Result],
        context: Carried,
        items: Iterable[Item],
    ) -> Iterator[Result]:
        """See `pool.Workers`; a single chunk is done here, in this process.

        Raises UnlikeProgramError, and what the executor raises when it fails as a whole.
        """
        chunked = list(items)
        if len(chunked) <= 1:
            yield from (function(context, item) for item in chunked)
            return
        ticket = self._laid_down(context)
        futures = [self._executor.submit(_call, function, ticket, item) for item in chunked]
        try:
            for place, future in enumerate(futures):
                try:
                    yield self._result(future)
                except BrokenExecutor as error:
                    raise WorkerDiedError(place) from error
                futures[place] = None  # type: ignore[call-overload]
        finally:
            for future in futures:
                if future is not None:
                    future.cancel()

    def hope(self) -> None:
        """Called now and then while a chunk is waited for; raises if there is no use in waiting."""

    def _laid_down(self, context: Portable) -> Ticket:
        self._contexts += 1
        ledger = Ledger(self._shared / f"context-{self._contexts}")
        ledger.save(dict(context.sections()))
        return Ticket(type(context), str(ledger.folder), fingerprint())

    def _result(self, future: Future[Value]) -> Value:
        while True:
            try:
                return future.result(_PATIENCE)
            except TimeoutError:
                if future.done():  # then it is what the chunk raised, or it came just now
                    return future.result()
                self.hope()


class _Held:
    """The context that a worker process holds; chunks are done one at a time."""

    lock = threading.Lock()
    ticket: Ticket | None = None
    context: Any = None


def _call(function: Callable[[Any, Item], Result], ticket: Ticket, item: Item) -> Result:
    with _Held.lock:  # recorders and renderers of a process serve one chunk at a time
        if _Held.ticket != ticket:
            _Held.ticket = _Held.context = None
            if ticket.program != fingerprint():
                raise UnlikeProgramError("sitegen")
            _Held.context = ticket.kind.load(Ledger(Path(ticket.folder)).__getitem__)
            _Held.ticket = ticket
        return function(_Held.context, item)


def let_go() -> None:
    """Forget the context that this process holds, when a build is over.

    It waits for nobody: a chunk that is being done, such as one of another build, keeps it.
    """
    if _Held.lock.acquire(blocking=False):
        _Held.ticket = _Held.context = None
        _Held.lock.release()
