"""The chunks of a build go through any executor, and may be done twice."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import editedsite
import pytest
from carried import Sum
from editedsite import difference, make_site, tree

from sitegen import build
from sitegen.engine import executors
from sitegen.engine.executors import ExecutorWorkers, UnlikeProgramError
from sitegen.engine.pool import WorkerDiedError


def _add(context: Sum, item: int) -> int:
    return context.number + item


def _die(context: Sum, item: int) -> int:
    import os

    os._exit(9)


class Twice(ProcessPoolExecutor):
    """Does everything twice at the same time, as if each worker had been given up too early."""

    def __init__(self) -> None:
        super().__init__(2, multiprocessing.get_context("spawn"))

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        super().submit(function, *arguments, **named)
        return super().submit(function, *arguments, **named)


def spawning() -> Executor:
    """Processes that know nothing of this one."""
    return ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))


@pytest.mark.parametrize("executor", [lambda: ThreadPoolExecutor(3), Twice, spawning])
def test_results_come_in_order_from_any_executor(
    executor: Callable[[], Executor], tmp_path: Path
) -> None:
    with executor() as pool:
        workers = ExecutorWorkers(pool, 3, tmp_path)
        assert list(workers.work(_add, Sum(10), range(20))) == list(range(10, 30))
        assert list(workers.work(_add, Sum(20), range(20))) == list(range(20, 40))


def test_a_single_chunk_is_done_here(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.shutdown()
        assert list(ExecutorWorkers(pool, 3, tmp_path).work(_add, Sum(10), [1])) == [11]


def test_chunks_are_worth_sending(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        workers = ExecutorWorkers(pool, 10, tmp_path)
        assert [workers.chunks_for(items, 16) for items in (0, 399, 400, 100_000)] == [1, 1, 2, 160]


def test_a_dead_worker_is_told(tmp_path: Path) -> None:
    with spawning() as pool, pytest.raises(WorkerDiedError):
        list(ExecutorWorkers(pool, 2, tmp_path).work(_die, Sum(0), range(2)))


def test_a_worker_with_another_program_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = iter([b"this", b"that", b"that"])
    monkeypatch.setattr(executors, "fingerprint", lambda: next(programs))
    with ThreadPoolExecutor(1) as pool, pytest.raises(UnlikeProgramError):
        list(ExecutorWorkers(pool, 2, tmp_path).work(_add, Sum(0), range(2)))


@pytest.mark.parametrize("executor", [Twice, spawning], ids=["twice", "spawning"])
def test_any_executor_builds_the_same(
    executor: Callable[[], Executor], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_site(tmp_path / "site")
    expected, whole = editedsite.clean(root, tmp_path / "clean")

    @contextmanager
    def crew(options: object, space: Any) -> Iterator[ExecutorWorkers]:
        with executor() as pool:
            yield ExecutorWorkers(pool, 2, space.staged.parent, least=1)

    monkeypatch.setattr(build, "crew", crew)
    result = editedsite.run(root)
    assert (result.status, result.problems) == (expected.status, expected.problems)
    assert difference(tree(root / "build"), whole) == []
    kept = [path.name for path in (root / ".sitegen").rglob("*") if path.name.endswith(".new")]
    assert kept == []

    monkeypatch.undo()  # what was remembered of it is as of any other build
    again = editedsite.run(root)
    assert again.committed is not None
    assert again.committed.written == 0
