"""Two processes see the same files as one."""

from __future__ import annotations

import os
from array import array
from pathlib import Path

import pytest

from sitegen.engine import standing
from sitegen.engine.stamps import NO_STAMP, stamp_at
from sitegen.engine.standing import Standing


@pytest.fixture
def names(tmp_path: Path) -> list[str]:
    names = [f"{number}.html" for number in range(70)]
    for name in names[1:]:
        (tmp_path / name).write_text(name)
    return names


def expected(folder: Path, names: list[str]) -> bytes:
    return array("q", [n for name in names for n in stamp_at(folder / name)]).tobytes()


@pytest.mark.parametrize("alone", [True, False])
def test_every_file_is_seen(
    alone: bool, names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "_MANY", 1)
    seen = Standing(str(tmp_path), names, alone).stamps()
    assert seen == expected(tmp_path, names)
    assert array("q", seen[:32]).tolist() == [*NO_STAMP]


def test_a_helper_that_dies_leaves_no_gap(
    names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "_MANY", 1)
    me, look = os.getpid(), os.lstat

    def deadly(place: str) -> os.stat_result:
        if os.getpid() != me:
            os._exit(9)
        return look(place)

    monkeypatch.setattr(os, "lstat", deadly)
    assert Standing(str(tmp_path), names).stamps() == expected(tmp_path, names)


def test_nobody_is_left_behind(
    names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "_MANY", 1)
    looking = Standing(str(tmp_path), names)
    helper = looking._helper
    assert helper
    looking.forget()
    with pytest.raises(ChildProcessError):
        os.waitpid(helper, os.WNOHANG)
