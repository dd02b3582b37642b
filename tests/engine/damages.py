"""What may go wrong around builds, as rules of a machine: damage, kills, two builds at once."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import editedsite
import twists
from edits import FOREIGN, Building, edit
from hypothesis import strategies as st
from hypothesis.stateful import rule

from sitegen.build import DONE, FAILED
from sitegen.engine import commit as commits
from sitegen.engine import ledger, store
from sitegen.making import facts, keeping, produce, reading, remaking
from sitegen.site import assemble

POINTS: list[tuple[object, str]] = [
    (reading, "fact_of"),
    (assemble, "assemble"),
    (produce, "stage"),
    (remaking, "manifest_bytes"),
    (commits, "_remember"),
    (commits, "_remove"),
    (Path, "replace"),
    (facts.Facts, "save"),
    (store, "save_checked"),
    (store, "sweep"),
    (keeping, "stamp_at"),
    (ledger, "save_checked"),
]
"""Functions of a build at whose call something may happen."""

hows = st.sampled_from(["gone", "empty", "cut", "flipped", "flipped, at the same time", "other"])
points = st.sampled_from(POINTS)
works = st.integers(0, 1000)


def damage(file: Path, how: str) -> None:
    """Do something to a file that nobody should."""
    content, times = file.read_bytes(), file.stat()
    if how == "gone":
        file.unlink()
    elif how == "empty":
        file.write_bytes(b"")
    elif how == "cut":
        file.write_bytes(content[: len(content) // 2])
    elif how.startswith("flipped") and content:
        middle = len(content) // 2
        file.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        if how != "flipped":
            os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    else:
        file.write_bytes(b"\x90other")


def at_call(where: object, name: str, call: int, happens: Callable[[], None]) -> Callable[[], None]:
    """Let something happen before a call of a function; what is returned undoes that."""
    real = getattr(where, name)
    calls = iter(range(call))
    done = False

    def with_it(*arguments: object, **named: object) -> object:
        nonlocal done
        if not done and next(calls, None) is None:
            done = True
            happens()
        return real(*arguments, **named)

    setattr(where, name, with_it)
    return lambda: setattr(where, name, real)


def die() -> None:
    """Kill this process."""
    os.kill(os.getpid(), signal.SIGKILL)


class Damages(Building):
    """Damage of everything that builds leave, and builds that do not end."""

    # Files

    @edit(place=st.integers(0, 40), how=hows)
    def damage_the_cache(self, place: int, how: str) -> None:
        kept = (self.root / ".sitegen").rglob("*")
        files = sorted(path for path in kept if path.is_file() and path.name != "lock")
        if files:
            damage(files[place % len(files)], how)

    @edit()
    def lose_the_cache(self) -> None:
        shutil.rmtree(self.root / ".sitegen", ignore_errors=True)

    @edit(part=st.sampled_from(["built-*", "facts"]))
    def keep_a_copy_of_the_cache(self, part: str) -> None:
        for folder in (self.root / ".sitegen").glob(part):
            shutil.copytree(folder, self.folder / "copies" / folder.name, dirs_exist_ok=True)

    @edit(part=st.sampled_from(["built-*", "facts"]))
    def put_an_old_cache_back(self, part: str) -> None:
        for copy in (self.folder / "copies").glob(part):
            shutil.rmtree(self.root / ".sitegen" / copy.name, ignore_errors=True)
            shutil.copytree(copy, self.root / ".sitegen" / copy.name)

    @edit(places=st.lists(st.integers(0, 200), min_size=1, max_size=4), how=hows)
    def damage_outputs(self, places: list[int], how: str) -> None:
        files = sorted(path for path in self.output.rglob("*") if path.is_file())
        for place in {place % len(files) for place in places if files}:
            if files[place] != self.output / FOREIGN:
                damage(files[place], how)

    @edit(place=st.integers(0, 20))
    def lose_a_folder_of_outputs(self, place: int) -> None:
        folders = sorted(path for path in self.output.rglob("*") if path.is_dir())
        if folders:
            shutil.rmtree(folders[place % len(folders)])

    @edit()
    def lose_all_outputs(self) -> None:
        shutil.rmtree(self.output, ignore_errors=True)

    @edit()
    def put_a_foreign_file_there(self) -> None:
        with suppress(OSError):
            editedsite.write(self.output, FOREIGN, "x")

    # Builds

    @edit()
    def build_into_another_folder(self) -> None:
        self.build(output="other")

    def give_work(self, number: int) -> None:
        """Edit something, so that a build has something to do."""
        self.line("content/tzgg/b.md", "标题", f"忙{number}")
        self.put("content/tzgg/f.md", editedsite.article(f"新{number}", "2026-04-08"))

    @edit(point=points, call=st.sampled_from([0, 0, 1, 2, 3, 5, 8, 13, 30]), number=works)
    def kill_a_build_at_a_call(self, point: tuple[object, str], call: int, number: int) -> None:
        self.give_work(number)

        def killed() -> None:
            at_call(*point, call, die)
            self.build()

        process = get_context("fork").Process(target=killed)
        process.start()
        process.join(60)
        assert process.exitcode in (-signal.SIGKILL, 0)
        self.reached["builds that were killed"] += process.exitcode != 0

    @edit(part=st.integers(0, 12), number=works)
    def kill_a_build_at_a_moment(self, part: int, number: int) -> None:
        self.give_work(number)
        process = get_context("fork").Process(target=self.build)
        process.start()
        time.sleep(part / 80)
        process.kill()
        process.join(60)
        self.reached["builds that were killed"] += process.exitcode != 0

    @edit(
        point=points,
        call=st.sampled_from([0, 0, 1, 2, 5]),
        number=works,
        text=st.sampled_from(["新", "<b>新", "标题: x"]),
    )
    def edit_while_a_build_runs(
        self, point: tuple[object, str], call: int, number: int, text: str
    ) -> None:
        self.give_work(number)

        def happens() -> None:
            self.reached["edits in a build"] += 1
            for path in ("content/tzgg/a.md", "content/tzgg/f.md"):
                self.add_to(path, text)
            self.put("themes/local/templates/parts/mine.html", text)
            self.put("themes/local/templates/base.html", twists.shipped("base.html") + text)
            self.line("content/tzgg/b.md", "标题", text)

        undo = at_call(*point, call, happens)
        try:
            self.build()
        finally:
            undo()

    @rule(number=works)
    def build_twice_at_once(self, number: int) -> None:
        """One of them may be told that another one is running."""
        self.give_work(number)
        self.reached["build_twice_at_once"] += 1
        expected, whole = self.clean()
        both = [get_context("fork").Process(target=self._build_and_exit) for _ in range(2)]
        for process in both:
            process.start()
        for process in both:
            process.join(60)
        codes = {process.exitcode for process in both}
        assert codes <= {expected.status, FAILED}
        assert expected.status in codes
        if expected.status == DONE:
            assert self.standing() == whole
        self.check()

    def _build_and_exit(self) -> None:
        os._exit(self.build().status)
