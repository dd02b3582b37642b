"""The wheel: everything that a site needs is in it, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from once import once
from samplesite import ROOT, everything_in

from sitegen import __version__
from sitegen.cli import main

pytestmark = pytest.mark.slow

DAY = "2026-11-23"


def _run(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    hidden = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def _installed(folder: Path) -> str:
    """Build the wheel and install it, with what it depends on, into a new environment."""
    wheels, venv = folder / "dist", folder / "venv"
    commands = [
        (sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", wheels),
        (sys.executable, "-m", "venv", venv),
    ]
    for words in commands:
        done = _run(*words, cwd=ROOT)
        assert done.returncode == 0, done.stderr
    (wheel,) = wheels.glob("*.whl")
    pip = (venv / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet")
    done = _run(*pip, "install", wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    return wheel.name


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel, and the folder of the commands of the environment it is installed in."""
    folder, wheel = once(tmp_path_factory, "package", _installed)
    return folder / "dist" / wheel, folder / "venv" / "bin"


def test_the_wheel_carries_what_a_site_needs(installed: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(installed[0]) as wheel:
        names = set(wheel.namelist())
    for folder in ("themes/default", "sitegen"):
        for file in (ROOT / folder).rglob("*"):
            path = file.relative_to(ROOT).as_posix()
            if file.is_file() and "__pycache__" not in path:
                inside = f"sitegen/{path}" if folder.startswith("themes") else path
                assert inside in names, path


def test_the_wheel_carries_nothing_else(installed: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(installed[0]) as wheel:
        names = wheel.namelist()
    others = {name.split("/")[0] for name in names} - {"sitegen"}
    assert others == {f"sitegen-{__version__}.dist-info"}
    assert not any("__pycache__" in name for name in names)


def test_a_new_site_is_built_outside_the_repository(
    installed: tuple[Path, Path], tmp_path: Path
) -> None:
    _, commands = installed
    begun = _run(commands / "sitegen", "init", "mysite", cwd=tmp_path)
    assert begun.returncode == 0, begun.stderr
    site = tmp_path / "mysite"
    done = _run(commands / "sitegen", "build", "--format", "json", "--as-of", DAY, cwd=site)
    assert done.returncode == 0
    assert json.loads(done.stderr) == {"problems": []}

    ours = tmp_path / "ours"
    assert main(["init", str(ours), "--quiet"]) == 0
    assert main(["build", "-C", str(ours), "--quiet", "--as-of", DAY]) == 0
    assert everything_in(site / "build") == everything_in(ours / "build")


def test_it_runs_as_a_module_from_its_own_files(
    installed: tuple[Path, Path], tmp_path: Path
) -> None:
    _, commands = installed
    told = _run(commands / "python", "-m", "sitegen", "--version", cwd=tmp_path)
    assert told.stdout == f"sitegen {__version__}\n"
    place = _run(commands / "python", "-c", "import sitegen; print(sitegen.__file__)", cwd=tmp_path)
    assert Path(place.stdout.strip()).is_relative_to(commands.parent)


def test_its_requirements_are_all_there(installed: tuple[Path, Path], tmp_path: Path) -> None:
    done = _run(installed[1] / "python", "-m", "pip", "check", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
