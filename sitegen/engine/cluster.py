"""A Dask cluster as the workers of a build. The only place that knows Dask; imported where used.

Before any work every worker is asked what program it runs and whether it sees the folders of the
build: what does not fit is told at once, for all workers together. Workers that join later are
asked by the tickets of their chunks (see ``executors``).
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from sitegen.engine import codes
from sitegen.engine.executors import ExecutorWorkers, UnlikeProgramError, Value, let_go
from sitegen.engine.fingerprint import portrait
from sitegen.engine.pool import Carried, Item, NoWorkersError, Result
from sitegen.problems import Location, Problem, ordered

_CONNECT = 10.0
"""Seconds in which the scheduler should answer, and a first worker be there."""
_LOUD = ("distributed", "distributed.client", "tornado")
_LOOKS = 30
"""How often in a row a cluster may be found without workers, about two seconds apart."""


class ClusterWorkers:
    """The workers of the cluster whose scheduler is at `address` (``tcp://HOST:PORT``).

    They are sought when they are first asked for. `folders` are those that all must see and write
    to, `shared` one in which contexts are laid down.
    """

    def __init__(self, address: str, folders: Sequence[Path], shared: Path) -> None:
        self._address = address
        self._folders = folders
        self._shared = shared
        self._workers: DaskWorkers | None = None

    def chunks_for(self, items: int, each: int) -> int:
        """See `pool.Workers`. Raises NoWorkersError."""
        return self._found().chunks_for(items, each)

    def work(
        self,
        function: Callable[[Carried, Item], Result],
        context: Carried,
        items: Iterable[Item],
    ) -> Iterator[Result]:
        """See `pool.Workers`. Raises NoWorkersError."""
        return self._found().work(function, context, items)

    def close(self) -> None:
        """Let go of the cluster, which stays."""
        if self._workers is not None:
            self._workers.close()
            self._workers = None

    def _found(self) -> DaskWorkers:
        if self._workers is None:
            self._workers = _connected(self._address, self._folders, self._shared)
        return self._workers


class DaskWorkers(ExecutorWorkers):
    """The workers of a cluster that a Dask client is connected to."""

    def __init__(self, client: Any, address: str, shared: Path) -> None:
        super().__init__(client.get_executor(), len(client.nthreads()), shared)
        self._client = client
        self._address = address
        self._empty = 0

    def hope(self) -> None:
        """Wait for ever only while there is somebody to wait for."""
        with self._translated():
            self._empty = 0 if self._client.nthreads() else self._empty + 1
        if self._empty > _LOOKS:
            raise NoWorkersError(
                codes.NO_WORKERS.at(Location(self._address), address=self._address)
            )

    def _result(self, future: Future[Value]) -> Value:
        with self._translated():
            return super()._result(future)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        from distributed.client import ClosedClientError
        from distributed.comm import CommClosedError
        from distributed.scheduler import KilledWorker

        where = Location(self._address)
        try:
            yield
        except KilledWorker as error:  # one chunk has ended several of them
            raise BrokenExecutor from error
        except (CommClosedError, ClosedClientError, CancelledError) as error:
            raise NoWorkersError(codes.CLUSTER_LOST.at(where, address=self._address)) from error
        except UnlikeProgramError as error:
            difference = str(error)
            raise NoWorkersError(codes.WORKER_UNLIKE.at(where, difference=difference)) from error

    def close(self) -> None:
        """Let the workers forget what they hold, and close the connection."""
        with suppress(Exception):  # whatever it is, the build is over
            if self._client.status == "running":
                self._client.run(let_go)
        with suppress(Exception):
            self._client.close(timeout=5)


class Greeting(NamedTuple):
    """What a worker says before work begins."""

    program: Mapping[str, str]
    blind: tuple[str, ...]
    """The folders that it does not see, or cannot write to."""


def greet(folders: Sequence[str], sign: str) -> Greeting:
    """Run by a worker: in every folder there should be a file named `sign` that holds its name."""
    return Greeting(_program(), tuple(each for each in folders if not _is_shared(each, sign)))


def _program() -> dict[str, str]:
    import distributed

    return {**portrait(), "distributed": distributed.__version__}


def _is_shared(folder: str, sign: str) -> bool:
    mine = Path(folder) / f"{sign}-{secrets.token_hex(4)}"
    try:
        seen = (Path(folder) / sign).read_text() == sign
        mine.write_bytes(b"")
        mine.unlink()
    except OSError:
        return False
    return seen


def _connected(address: str, folders: Sequence[Path], shared: Path) -> DaskWorkers:
    where = Location(address)
    try:
        import distributed
    except ImportError:
        raise NoWorkersError(codes.NO_DASK.at(where)) from None
    for name in _LOUD:  # what there is to say is said in our words
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            _knock(address)
            _meet(address)
            client = distributed.Client(address, timeout=f"{_CONNECT} s", set_as_default=False)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or str(error).strip().partition("\n")[0]
            problem = codes.NO_SCHEDULER.at(where, address=address, reason=reason)
            raise NoWorkersError(problem) from None
    try:
        look_at(client, address, folders)
        return DaskWorkers(client, address, shared)
    except BaseException:
        with suppress(Exception):
            client.close(timeout=5)
        raise


def _knock(address: str) -> None:
    """Whether anybody is there; Dask itself would go on trying for a while. Raises OSError."""
    host, _, port = address.partition("://")[2].rpartition(":")
    socket.create_connection((host.strip("[]"), int(port)), _CONNECT).close()


def _meet(address: str) -> None:
    # In a thread of its own: whoever calls may have a loop of events running in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(_shake_hands(address))).result()


async def _shake_hands(address: str) -> None:
    """Whether certificates fit; a client that fails to connect is not easily got rid of."""
    from distributed.comm import connect
    from distributed.security import Security

    comm = await connect(address, _CONNECT, **Security().get_connection_args("client"))
    await comm.close()


def look_at(client: Any, address: str, folders: Sequence[Path]) -> None:
    """Ask every worker what it runs and sees. Raises NoWorkersError with all that does not fit."""
    try:
        client.wait_for_workers(1, timeout=f"{_CONNECT} s")
    except TimeoutError:
        problem = codes.NO_WORKERS.at(Location(address), address=address)
        raise NoWorkersError(problem) from None
    sign = f".greeting-{secrets.token_hex(4)}"
    signs = [folder / sign for folder in folders]
    places = [os.path.realpath(folder) for folder in folders]
    try:
        for path in signs:
            path.write_text(sign)
        answers = client.run(greet, places, sign, on_error="return")
    finally:
        for path in signs:
            path.unlink(missing_ok=True)
    here = _program()
    problems: list[Problem] = []
    for worker, answer in answers.items():
        where = Location(worker)
        if isinstance(answer, Greeting):
            problems += (codes.WORKER_BLIND.at(where, folder=each) for each in answer.blind)
            difference = _difference(here, answer.program)
        else:  # it has no sitegen at all, or one that cannot be asked
            difference = f"{type(answer).__name__}: {answer}"
        if difference:
            problems.append(codes.WORKER_UNLIKE.at(where, difference=difference))
    if problems:
        raise NoWorkersError(*ordered(problems))


def _difference(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """``markdown 3.7 (3.8)``: what differs there, with what it is here."""
    return "; ".join(
        f"{name} {there.get(name, '–')} ({here.get(name, '–')})"
        for name in sorted({*here, *there})
        if here.get(name) != there.get(name)
    )
