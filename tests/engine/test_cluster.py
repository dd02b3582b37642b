"""Work on a Dask cluster gives the bytes of a local build, also when workers are killed."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dasked import Cluster, cluster, free_port
from editedsite import difference, make_site, tree

from sitegen.build import BuildOptions, BuildResult, build
from sitegen.cli import main
from sitegen.engine.reporter import Silent

ROOT = Path(__file__).parent.parent.parent
DAY = datetime.date(2026, 11, 1)
NOW = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)
DOCUMENTS = 420

pytestmark = pytest.mark.xdist_group("cluster")


class At(Silent):
    """A reporter that does something when the first chunk of a stage is done."""

    def __init__(self, stage: str, act: Callable[[], object]) -> None:
        self._stage = stage
        self._act = act
        self._now = ""

    def stage(self, name: str, total: int) -> None:
        self._now = name

    def advance(self, steps: int) -> None:
        if self._now == self._stage:
            self._now = ""
            self._act()


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


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Cluster]:
    with cluster(tmp_path, 2) as started:
        yield started


def test_a_cluster_makes_the_same_although_workers_are_killed(
    site: Path, expected: tuple[BuildResult, dict[str, bytes]], two: Cluster
) -> None:
    first = two.workers[0]
    output = site.parent / "killed"
    result = run(site, output, two.address, At("produce", lambda: two.kill(first)))
    assert first.returncode
    assert result.problems == expected[0].problems
    assert difference(tree(output), expected[1]) == []
    assert not list(site.parent.glob(".*.part"))

    two.start_worker()
    two.wait_for(2)
    second = two.workers[1]
    output = site.parent / "again"
    result = run(site, output, two.address, At("read", lambda: two.kill(second)))
    assert second.returncode
    assert result.problems == expected[0].problems
    assert difference(tree(output), expected[1]) == []
