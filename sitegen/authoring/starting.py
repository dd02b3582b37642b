"""Starting a site: a small, complete one that builds at once and shows where things go."""

from __future__ import annotations

import shutil
from pathlib import Path

from sitegen.authoring import codes
from sitegen.problems import Location, Problem

_STARTER = Path(__file__).parent.parent / "starter"


def start_site(folder: Path) -> Problem | None:
    """Fill a new or empty folder with the starter content.

    Files whose names begin with a dot (``.git``) may be there already. Returns the problem that
    kept it from starting, in which case nothing was written; raises OSError when the disk fails.
    """
    if folder.exists():
        if not folder.is_dir():
            return codes.NOT_A_FOLDER.at(Location(str(folder)), folder=folder)
        if any(not entry.name.startswith(".") for entry in folder.iterdir()):
            return codes.FOLDER_NOT_EMPTY.at(Location(str(folder)), folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(_STARTER / "content", folder / "content", dirs_exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        shutil.copyfile(_STARTER / "gitignore", ignore)
    return None
