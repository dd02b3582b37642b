"""What the comparison has to know of a tool."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from peers.documents import Document
from peers.sources import Written

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Peer:
    """A site generator, and how the equal site looks in its folder.

    Paths are relative to the site's folder; `address` is that of a document, without suffix.
    """

    name: str
    install: Callable[[Path], Sequence[str]]
    """Puts the tool into a scratch folder; returns the words that start it."""
    emit: Callable[[Path, Path], Written]
    """Writes the equal of a site of sitegen's into an empty folder."""
    build: Sequence[str]
    """The words after the tool's own that build the site in the current folder."""
    output: str
    layout: str
    """The template that every page uses; it holds ``</body>``."""
    source: Callable[[Document], str]
    """The source file of a document."""
    page: str = "{address}.html"
    """Where a document's page is in the output."""
    caches: Sequence[str] = ()
    """What a cold build must not find, beside the output."""
    serve: Sequence[str] = ()
    """The words that start its development server, with ``{port}``; none: not measured."""


def python_tool(scratch: Path, name: str) -> Path:
    """The scripts of an environment with the packages that ``NAME.txt`` pins."""
    environment = scratch / name
    scripts = environment / "bin"
    if not (environment / "ready").is_file():
        _run(sys.executable, "-m", "venv", str(environment))
        pip = [str(scripts / "python"), "-m", "pip", "install", "--quiet"]
        pip += ["--disable-pip-version-check", "--requirement", str(HERE / f"{name}.txt")]
        _run(*pip)
        # As any installer for daily use does: no compiling while it is measured.
        _run(str(scripts / "python"), "-m", "compileall", "-q", str(environment / "lib"))
        (environment / "ready").touch()
    return scripts


def node_tool(scratch: Path, name: str) -> Path:
    """The scripts of a folder with the packages that ``NAME.package.json`` pins."""
    folder = scratch / name
    if not (folder / "ready").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_bytes((HERE / f"{name}.package.json").read_bytes())
        npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"]
        _run(*npm, "--ignore-scripts", cwd=folder)
        (folder / "ready").touch()
    return folder / "node_modules" / ".bin"


def _run(*command: str, cwd: Path | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
