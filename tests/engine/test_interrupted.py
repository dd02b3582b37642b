"""A build that is killed anywhere, and two builds at once, leave nothing that misleads the next."""

from __future__ import annotations

import datetime
import multiprocessing
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import editedsite
import pytest
from damages import POINTS, at_call, die
from editedsite import article, difference, tree, write

from sitegen.build import BuildResult
from sitegen.engine import pool, standing, workspace
from sitegen.making import facts, produce
from sitegen.making.memory import recall


def _killed(root: Path, where: object, name: str, call: int) -> None:
    at_call(where, name, call, die)
    editedsite.run(root)


def build_and_die(root: Path, where: object, name: str, call: int) -> int | None:
    """Build in another process that is killed at a call; its exit code."""
    process = multiprocessing.get_context("fork").Process(
        target=_killed, args=(root, where, name, call)
    )
    process.start()
    process.join(60)
    return process.exitcode


def edit(root: Path) -> None:
    """Alter, add and delete a document."""
    write(root, "content/tzgg/b.md", article("改过的通知", "2026-03-05", "另一段。"))
    write(root, "content/tzgg/f.md", article("新的通知", "2026-03-06"))
    (root / "content/tzgg/d.md").unlink()


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> tuple[BuildResult, dict[str, bytes]]:
    """What a build from nothing gives for the site after these edits."""
    folder = tmp_path_factory.mktemp("edited")
    root = editedsite.make_site(folder / "site")
    edit(root)
    return editedsite.clean(root, folder / "clean")


@pytest.mark.parametrize(("where", "name"), POINTS, ids=[name for _, name in POINTS])
@pytest.mark.parametrize("call", [0, 3])
def test_a_killed_build_misleads_nobody(
    where: object,
    name: str,
    call: int,
    edited: tuple[BuildResult, dict[str, bytes]],
    tmp_path: Path,
) -> None:
    root = editedsite.make_site(tmp_path / "site")
    editedsite.run(root)
    edit(root)
    code = build_and_die(root, where, name, call)
    assert code in (-signal.SIGKILL, 0)
    result = editedsite.run(root)
    expected, whole = edited
    assert (result.status, result.problems) == (expected.status, expected.problems)
    assert difference(tree(root / "build"), whole) == []
    assert not list(tmp_path.glob("site/.build-*"))
    kept = [path.name for path in (root / ".sitegen").rglob("*") if path.name.endswith(".new")]
    assert kept == []


def test_a_build_that_is_killed_at_any_moment_misleads_nobody(tmp_path: Path) -> None:
    root = editedsite.make_site(tmp_path / "site")
    for number in range(4):
        write(root, "content/tzgg/b.md", article(f"题目{number}", "2026-03-05"))
        process = multiprocessing.get_context("fork").Process(target=editedsite.run, args=(root,))
        process.start()
        time.sleep(0.04 + 0.11 * number)
        process.kill()
        process.join()
    result = editedsite.run(root)
    expected, whole = editedsite.clean(root, tmp_path / "clean")
    assert result.problems == expected.problems
    assert difference(tree(root / "build"), whole) == []


def test_a_second_build_of_the_site_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    root = editedsite.make_site(tmp_path / "site")
    with workspace.workspace(root, root / "build"):
        refused = editedsite.run(root)
        assert [problem.code for problem in refused.problems] == ["B203"]
    assert editedsite.run(root).status == 0
    assert difference(tree(root / "build"), editedsite.clean(root, tmp_path / "clean")[1]) == []


def test_a_copy_of_site_and_cache_goes_on_elsewhere(tmp_path: Path) -> None:
    root = editedsite.make_site(tmp_path / "one" / "site")
    editedsite.run(root)
    copy = tmp_path / "two" / "site"
    shutil.copytree(root, copy)
    write(copy, "content/tzgg/b.md", article("改过的通知", "2026-03-05"))
    done = editedsite.run(copy).committed
    assert done is not None
    assert 0 < done.written < 30
    assert difference(tree(copy / "build"), editedsite.clean(copy, tmp_path / "clean")[1]) == []


def test_without_a_place_to_keep_anything_the_site_is_built_all_the_same(tmp_path: Path) -> None:
    root = editedsite.make_site(tmp_path / "site")
    (root / ".sitegen").write_text("a file where the folder should be")
    for _ in range(2):
        assert editedsite.run(root).status == 0
    assert difference(tree(root / "build"), editedsite.clean(root, tmp_path / "clean")[1]) == []


def test_what_a_killed_build_wrote_and_nobody_wants_is_removed(tmp_path: Path) -> None:
    """Also when the sources went back to what they were: then nothing else is different."""
    root = editedsite.make_site(tmp_path / "site")
    editedsite.run(root)
    write(root, "content/tzgg/f.md", article("新的通知", "2026-03-06"))
    assert build_and_die(root, facts.Facts, "save", 0) == -signal.SIGKILL
    assert (root / "build/tzgg/f.html").exists()
    (root / "content/tzgg/f.md").unlink()
    editedsite.run(root)
    assert not (root / "build/tzgg/f.html").exists()
    assert difference(tree(root / "build"), editedsite.clean(root, tmp_path / "clean")[1]) == []


def test_the_day_goes_on_by_itself(tmp_path: Path) -> None:
    root = editedsite.make_site(tmp_path / "site")
    editedsite.run(root, as_of=datetime.date(2026, 12, 4))
    assert not (root / "build/tzgg/e.html").exists()
    editedsite.run(root, as_of=datetime.date(2026, 12, 5))
    assert (root / "build/tzgg/e.html").exists()


def test_two_builds_at_once_end_like_one(tmp_path: Path) -> None:
    """One of them may be told to wait; neither harms the other."""
    root = editedsite.make_site(tmp_path / "site")
    command = [sys.executable, "-m", "sitegen", "-C", str(root), "build", "--lang", "en"]
    for number in range(2):  # from nothing, then after an edit
        write(root, "content/tzgg/b.md", article(f"题目{number}", "2026-03-05"))
        running = [
            subprocess.Popen([*command, "--as-of", editedsite.DAY.isoformat()],
                             stderr=subprocess.PIPE, text=True)
            for _ in range(2)
        ]  # fmt: skip
        ended = sorted((each.communicate()[1], each.returncode) for each in running)
        codes = sorted(code for _, code in ended)
        assert codes in ([0, 0], [0, 3])
        assert all("another build" in said for said, code in ended if code == 3)
        whole = editedsite.clean(root, tmp_path / "clean")[1]
        assert difference(tree(root / "build"), whole) == []


def _slow_build(root: Path) -> None:
    """Build with two workers that never finish."""
    produce._make_chunk = lambda context, outputs: time.sleep(60)
    pool.SMALL = 1
    editedsite.run(root, jobs=2)


def _workers_of(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children")
    return [int(each) for each in found.read_text().split()] if found.exists() else []


def test_the_workers_of_a_killed_build_end_with_it(tmp_path: Path) -> None:
    """Else they would hold the lock for ever."""
    root = editedsite.make_site(tmp_path / "site")
    process = multiprocessing.get_context("fork").Process(target=_slow_build, args=(root,))
    process.start()
    assert process.pid
    until = time.monotonic() + 30
    while len(workers := _workers_of(process.pid)) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.1)
    process.kill()
    process.join()
    while any(map(_is_alive, workers)) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(map(_is_alive, workers))
    assert editedsite.run(root).status == 0


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_record_that_is_lost_is_written_anew_although_nothing_differs(tmp_path: Path) -> None:
    root = editedsite.make_site(tmp_path / "site")
    editedsite.run(root)
    with workspace.workspace(root, root / "build") as space:
        record = space.record
    written = record.read_bytes()
    record.unlink()
    editedsite.run(root)
    assert record.read_bytes() == written


def test_an_output_that_was_altered_within_a_tick_of_the_clock_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its stamp is the same, but was not old enough to be believed."""
    root = editedsite.make_site(tmp_path / "site")
    editedsite.run(root)
    home = root / "build/index.html"
    whole = home.read_bytes()
    left = recall(workspace.ledger_folder(root, root / "build"), 0, True).left()
    assert 0 in left.settled
    home.write_bytes(whole[:-1] + b" ")
    monkeypatch.setattr(standing.Standing, "stamps", lambda self: left.stamps)
    editedsite.run(root)
    assert home.read_bytes() == whole
