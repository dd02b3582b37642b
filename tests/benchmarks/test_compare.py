"""The comparison as a whole, with a stand-in for a peer: nothing is downloaded."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from cases import Bench, Made
from compare import Task, compare, prepare, task_of
from comparison import Results, ratio, report
from corpus import write_corpus
from measuring import Timing, peak, timed
from peers.documents import columns, documents
from peers.peer import Peer
from peers.sources import Written, plain_place, write_sources

STAND_IN = Path(__file__).with_name("standin.py")


def emit(site: Path, folder: Path) -> Written:
    (folder / "layout.html").write_text("<html><body>MAIN</body></html>", encoding="utf-8")
    holders = [f"{column.path}/index" for column in columns() if not column.form]
    (folder / "holders").write_text("\n".join(holders), encoding="utf-8")
    return write_sources(documents(site), folder / "content", plain_place)


def stand_in(build: Sequence[str] = ()) -> Peer:
    return Peer(
        name="stand-in",
        install=lambda tools: [sys.executable, str(STAND_IN)],
        emit=emit,
        build=build,
        output="public",
        layout="layout.html",
        source=lambda document: f"content/{plain_place(document)}",
    )


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> Task:
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, 40)
    return task_of(folder)


@pytest.mark.slow
def test_pairs_are_run_and_told_as_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = ("cold", "title")
    results = compare(40, 1, [stand_in()], tmp_path, tmp_path / "tools", cases, rest=0.0)
    assert list(results.pairs["stand-in"]) == ["cold", "title"]
    assert all(len(pairs) == 1 for pairs in results.pairs["stand-in"].values())
    # Both made all documents; sitegen's copy for the comparison makes no files of tables.
    assert min(made.pages for made in results.made.values()) > 40
    made = {file.suffix for file in (tmp_path / "sitegen-40/build").rglob("*") if file.is_file()}
    assert ".pdf" in made
    assert not made & {".csv", ".xlsx", ".zip"}
    told = report(results)
    assert "### 40 documents" in told
    assert "| stand-in | " in told
    assert "stand-in, title, run 1" in capsys.readouterr().err


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The builds of the comparison; sitegen's part is played by the stand-in as well."""
    every: list[tuple[str, str]] = []
    run = Bench.run

    def noted(bench: Bench, case: str, pause: float = 0.0) -> Timing:
        every.append((bench.peer.name, case))
        return run(bench, case, pause)

    monkeypatch.setattr(Bench, "run", noted)
    monkeypatch.setattr("compare.sitegen", lambda tools: replace(stand_in(), name="sitegen"))
    return every


def test_a_large_site_is_built_only_to_be_measured_and_to_settle(
    tmp_path: Path,
    builds: list[tuple[str, str]],
    synced: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    cases = ("cold", "body")
    results = compare(
        40, 1, [stand_in()], tmp_path, tmp_path, cases, rest=0.0, large=True, memory=False
    )
    assert [case for _, case in builds] == ["cold", "cold", "nothing", "nothing", "body", "body"]
    assert len(synced) == len(builds)
    said = capsys.readouterr().err
    assert said.count("the equal site, 40 documents looked at") == 2
    # The largest process is known of every run; the sum of all takes a run of its own.
    *_, pss, largest = report(results).splitlines()[-2].strip(" |").split(" | ")
    assert pss == "–"
    assert int(largest) > 0


def test_a_large_site_that_lacks_something_ends_the_comparison(
    tmp_path: Path, builds: list[tuple[str, str]]
) -> None:
    with pytest.raises(SystemExit, match=r"stand-in did not make the equal site: .*does not show"):
        compare(40, 3, [stand_in(["broken"])], tmp_path, tmp_path, ("cold",), rest=0.0, large=True)
    assert builds == [("sitegen", "cold"), ("stand-in", "cold")]


def test_edits_alone_are_measured_on_a_build_that_was_checked(
    tmp_path: Path, builds: list[tuple[str, str]]
) -> None:
    results = compare(
        40, 1, [stand_in()], tmp_path, tmp_path, ("body",), rest=0.0, large=True, memory=False
    )
    assert [case for _, case in builds] == ["cold", "cold", "nothing", "nothing", "body", "body"]
    assert list(results.pairs["stand-in"]) == ["body"]
    assert "| stand-in | – | – | " in report(results)


def test_every_case_shows_its_edit(task: Task, tmp_path: Path) -> None:
    bench = prepare(stand_in(), task, tmp_path, tmp_path / "tools")
    page = bench.output / f"{bench.document.address}.html"
    before = page.read_text(encoding="utf-8")
    bench.run("nothing")
    assert page.read_text(encoding="utf-8") == before
    for case in ("body", "title", "template"):
        bench.run(case)
        shown = page.read_text(encoding="utf-8")
        assert shown != before
        before = shown


def test_a_build_without_the_edit_is_not_measured(task: Task, tmp_path: Path) -> None:
    bench = prepare(stand_in(), task, tmp_path, tmp_path / "tools")
    bench.command = [sys.executable, "-c", "pass"]
    with pytest.raises(SystemExit, match="does not show the edit"):
        bench.run("title")


def test_a_cold_build_finds_no_output_of_an_earlier_one(task: Task, tmp_path: Path) -> None:
    bench = prepare(stand_in(), task, tmp_path, tmp_path / "tools")
    (bench.output / "stale.html").touch()
    bench.run("cold")
    assert not (bench.output / "stale.html").exists()


def test_a_tool_that_leaves_something_out_is_not_measured(task: Task, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"stand-in did not make the equal site: .*does not show"):
        prepare(stand_in(["broken"]), task, tmp_path, tmp_path / "tools")


def test_a_ratio_is_the_median_of_the_pairs() -> None:
    def run(wall: float) -> Timing:
        return Timing(wall, wall, 1)

    pairs = [(run(1.0), run(2.0)), (run(9.0), run(3.0)), (run(1.0), run(1.0))]
    assert ratio(pairs, lambda timing: timing.wall) == 1.0


def test_cases_that_were_not_run_leave_a_dash() -> None:
    results = Results(40)
    results.add("other", "cold", (Timing(1.0, 1.5, 1), Timing(2.0, 2.0, 1)))
    for tool in ("sitegen", "other"):
        results.memory[tool] = (50_000_000, 40_000_000)
        results.made[tool] = Made(50, 500_000, 60)
    lines = report(results).splitlines()
    assert "| sitegen | 1.00 | – | – | – | – |" in lines
    assert "| other | 0.50 | – | – | – | – |" in lines
    assert "| sitegen | 50 | 0.5 | 60 | 20.00 | 50 | 40 |" in lines


def test_seconds_are_those_of_all_processes(tmp_path: Path) -> None:
    burn = "sum(range(3_000_000))"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{burn}']); {burn}"
    alone = timed([sys.executable, "-c", burn], tmp_path)
    both = timed([sys.executable, "-c", child], tmp_path)
    assert both.cpu > alone.cpu
    assert both.wall > 0


def test_memory_is_that_of_all_processes(tmp_path: Path) -> None:
    hold = "x = bytes([1]) * 60_000_000; import time; time.sleep(0.5)"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{hold}'])"
    timing, pss = peak([sys.executable, "-c", child], tmp_path)
    assert pss > 60_000_000
    assert timing.largest > 60_000_000


def test_a_build_that_fails_ends_the_comparison_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no such theme"):
        timed([sys.executable, "-c", "raise SystemExit('no such theme')"], tmp_path)
