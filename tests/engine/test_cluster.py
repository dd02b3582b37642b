"""Work on a Dask cluster gives the bytes of a local build, also when workers are killed."""

from __future__ import annotations

import asyncio
import datetime
import re
import shutil
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from carried import Sum
from dasked import cluster, free_port
from distributed.scheduler import KilledWorker
from editedsite import difference, make_site, tree

from sitegen.build import BuildOptions, BuildResult, build
from sitegen.cli import main
from sitegen.engine import cluster as engine_cluster
from sitegen.engine import executors
from sitegen.engine.cluster import DaskWorkers, Greeting, greet, look_at
from sitegen.engine.pool import NoWorkersError, WorkerDiedError
from sitegen.engine.reporter import Silent

ROOT = Path(__file__).parent.parent.parent
DAY = datetime.date(2026, 11, 1)
NOW = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)
DOCUMENTS = 420


class At(Silent):
    """A reporter that does something when the first chunk of a stage is done."""

    def __init__(self, acts: dict[str, Callable[[], object]]) -> None:
        self._acts = acts
        self._stage = ""

    def stage(self, name: str, total: int) -> None:
        self._stage = name

    def advance(self, steps: int) -> None:
        if act := self._acts.pop(self._stage, None):
            act()


def run(
    site: Path, output: Path, cluster: str | None = None, reporter: Silent | None = None
) -> BuildResult:
    options = BuildOptions(site, output, as_of=DAY, jobs=2, cache=False, cluster=cluster)
    return build(options, NOW, reporter or Silent())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from corpus import write_corpus

    folder = tmp_path_factory.mktemp("cluster") / "site"
    write_corpus(folder, DOCUMENTS, 1)
    return folder


@pytest.fixture(scope="module")
def expected(site: Path) -> tuple[BuildResult, dict[str, bytes]]:
    """What a local build makes of the site."""
    output = site.parent / "local"
    result = run(site, output)
    assert result.status == 0
    return result, tree(output)


def _in_a_loop(make: Callable[[], BuildResult]) -> BuildResult:
    """As in a notebook, where events are waited for in the thread that calls."""

    async def within() -> BuildResult:
        return make()

    with ThreadPoolExecutor(1) as pool:  # another test may have a loop in this thread
        return pool.submit(lambda: asyncio.run(within())).result()


@pytest.mark.slow
def test_a_cluster_makes_the_same_although_workers_are_killed(
    site: Path, expected: tuple[BuildResult, dict[str, bytes]], tmp_path: Path
) -> None:
    """Each of the two is killed while it works; a third comes late, and has to fetch everything."""
    output = tmp_path / "output"
    with cluster(tmp_path, 2) as two:

        def first_dies() -> None:
            two.kill(two.workers[0])
            two.start_worker()

        acts = {"read": first_dies, "produce": lambda: two.kill(two.workers[1])}
        result = _in_a_loop(lambda: run(site, output, two.address, At(acts)))
        assert acts == {}
        assert [worker.poll() is None for worker in two.workers] == [False, False, True]
    assert result.problems == expected[0].problems
    assert difference(tree(output), expected[1]) == []
    assert not list(tmp_path.glob(".*.part"))


def test_workers_that_do_not_fit_and_a_lost_scheduler_are_told(
    site: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One cluster for all of it, since starting one takes seconds."""
    output = tmp_path / "output"
    other = tmp_path / "other"
    shutil.copytree(ROOT / "sitegen", other / "sitegen")
    shutil.copytree(ROOT / "themes", other / "themes")
    with (other / "sitegen/__init__.py").open("a") as file:
        file.write("# another one\n")
    with cluster(tmp_path, 1) as started:
        stranger = started.start_worker(other)
        started.wait_for(2)
        command = ["build", "-C", str(site), "--output", str(output), "--cluster", started.address]
        assert main(command) == 3
        said = capsys.readouterr().err
        assert re.findall(r"^tcp://127.0.0.1:\d+: 错误 B305: .*", said, re.MULTILINE) != []
        assert "sitegen 0." in said
        assert said.count("B305") == 1

        started.kill(stranger)
        monkeypatch.setattr(engine_cluster, "_CONNECT", 2.0)
        lost = At({"read": lambda: started.kill(started.scheduler)})
        result = run(site, output, started.address, lost)
        assert (result.status, [each.code for each in result.problems]) == (3, ["B306"])
    assert not output.exists()
    assert not list(tmp_path.glob(".*.part"))


def test_a_scheduler_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_site(tmp_path / "site")
    address = f"tcp://127.0.0.1:{free_port()}"
    assert main(["build", "-C", str(root), "--cluster", address, "--lang", "zh-CN"]) == 3
    said = capsys.readouterr().err
    assert f"{address}: 错误 B302: 连不上集群的调度器 {address}" in said
    assert not (root / "build").exists()


def test_the_missing_package_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_site(tmp_path / "site")
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = run(root, root / "build", "tcp://127.0.0.1:8786")
    assert (result.status, [each.code for each in result.problems]) == (3, ["B301"])


def test_an_address_that_is_none_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    for address in ("10.0.0.5:8786", "http://10.0.0.5:8786", "tcp://10.0.0.5"):
        assert main(["build", "--cluster", address]) == 2
        assert "tcp://10.0.0.5:8786" in capsys.readouterr().err


def test_a_worker_knows_whether_a_folder_is_the_shared_one(tmp_path: Path) -> None:
    shared, other, closed = (tmp_path / name for name in ("shared", "other", "closed"))
    for folder in (shared, other, closed):
        folder.mkdir()
    (shared / "sign").write_text("sign")
    (other / "sign").write_text("another build's")
    places = [str(folder) for folder in (shared, other, closed, tmp_path / "none")]
    assert greet(places, "sign").blind == tuple(places[1:])
    assert [path.name for path in shared.iterdir()] == ["sign"]


class Connected:
    """Stands for the connection to a cluster of so many workers; its chunks are done here."""

    def __init__(self, pool: ThreadPoolExecutor, *counts: int) -> None:
        self._pool = pool
        self._counts = list(counts)

    def get_executor(self) -> ThreadPoolExecutor:
        return self._pool

    def nthreads(self) -> dict[str, int]:
        count = self._counts.pop(0) if len(self._counts) > 1 else self._counts[0]
        return dict.fromkeys(map(str, range(count)), 1)


def _killing(context: Sum, item: int) -> int:
    raise KilledWorker("chunk", None, 3)


def _slow(context: Sum, item: int) -> int:
    time.sleep(0.3)
    return context.number + item


def test_a_chunk_that_ends_one_worker_after_another_is_told(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        workers = DaskWorkers(Connected(pool, 2), "tcp://10.0.0.9:8786", tmp_path)
        with pytest.raises(WorkerDiedError):
            list(workers.work(_killing, Sum(1), range(2)))


def test_workers_are_waited_for_a_while_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "_PATIENCE", 0.01)
    monkeypatch.setattr(engine_cluster, "_LOOKS", 3)
    with ThreadPoolExecutor(1) as pool:
        restarted = DaskWorkers(Connected(pool, 2, 0, 0, 2), "tcp://10.0.0.9:8786", tmp_path / "1")
        assert list(restarted.work(_slow, Sum(1), range(2))) == [1, 2]
        gone = DaskWorkers(Connected(pool, 2, 0), "tcp://10.0.0.9:8786", tmp_path / "2")
        with pytest.raises(NoWorkersError) as caught:
            list(gone.work(_slow, Sum(1), range(2)))
    assert [each.code for each in caught.value.problems] == ["B303"]


class Answering:
    """Stands for the connection to a cluster whose workers give these answers."""

    def __init__(self, answers: dict[str, object]) -> None:
        self._answers = answers

    def wait_for_workers(self, number: int, timeout: str) -> None:
        """They are there."""

    def run(self, *arguments: object, on_error: str) -> dict[str, object]:
        return self._answers


def test_everything_that_does_not_fit_is_told_at_once(tmp_path: Path) -> None:
    program = greet((), "sign").program
    older = {**program, "markdown": "3.0", "Python": "3.11.0"}
    answers = {
        "tcp://10.0.0.1:1": Greeting(program, ()),
        "tcp://10.0.0.2:1": Greeting(older, (str(tmp_path),)),
        "tcp://10.0.0.3:1": ModuleNotFoundError("No module named 'sitegen'"),
    }
    with pytest.raises(NoWorkersError) as caught:
        look_at(Answering(answers), "tcp://10.0.0.9:8786", [tmp_path])
    told = [(str(each.where), each.code, each.message()) for each in caught.value.problems]
    assert [each[:2] for each in told] == [
        ("tcp://10.0.0.2:1", "B304"),
        ("tcp://10.0.0.2:1", "B305"),
        ("tcp://10.0.0.3:1", "B305"),
    ]
    assert "markdown 3.0 (3." in told[1][2]
    assert "jinja2" not in told[1][2]
    assert "No module named 'sitegen'" in told[2][2]
    assert list(tmp_path.iterdir()) == []
