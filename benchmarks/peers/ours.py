"""sitegen itself, beside its peers: a copy of the program, so that work on it disturbs no run.

Two copies. ``sitegen`` makes what the peers make as well: pages, lists, feeds, site map and
attachments. ``downloads`` is the whole program, which also makes every table as XLSX, CSV and JSON,
data packages, archives, the downloadable directory, the whole site as JSON, and what web servers
need; the difference is what those cost.
"""

from __future__ import annotations

import compileall
import shutil
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from corpus import AS_OF

from peers.documents import Document
from peers.peer import Peer
from peers.sources import Written

ROOT = Path(__file__).resolve().parents[2]
_ONLY_PAGES = {
    "sitegen/making/plan.py": """
_EQUAL = ("pages", "listings", "downloads", "feeds", "meta")
MAKERS = {name: module for name, module in MAKERS.items() if module in _EQUAL}
""",
    "sitegen/outputs/downloads.py": """
def tables_of(site: Site, entry: Entry) -> tuple[TableCard, ...]:
    return ()
""",
    "sitegen/outputs/meta.py": """
_everything = plan


def plan(site: Site, theme: Theme) -> Iterator[Output]:
    return (output for output in _everything(site, theme) if output.part != "machine")
""",
}
"""What is added to the end of files of the copy that makes no downloads of tables."""


def _install(additions: dict[str, str], name: str, scratch: Path) -> Sequence[str]:
    program = scratch / name
    shutil.rmtree(program, ignore_errors=True)
    for folder in ("sitegen", "themes"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, program / folder, ignore=ignored)
    for file, text in additions.items():
        with (program / file).open("a", encoding="utf-8") as opened:
            opened.write(f"\n{text}")
    compileall.compile_dir(program, quiet=1)
    words = [sys.executable, "-P", "-m", "sitegen"]
    return ["env", f"PYTHONPATH={program}", *words]


def _emit(site: Path, folder: Path) -> Written:
    content = folder / "content"
    shutil.copytree(site / "content", content)
    return Written(attachments=sum(1 for _ in content.rglob("*.pdf")))


def _source(document: Document) -> str:
    suffix = "md" if document.form == "article" else "yaml"
    return f"content/{document.address}.{suffix}"


def _peer(name: str, additions: dict[str, str], scratch: Path) -> Peer:
    return Peer(
        name=name,
        install=partial(_install, additions, name),
        emit=_emit,
        build=("build", "--quiet", "--as-of", AS_OF.isoformat()),
        output="build",
        layout=str(scratch / name / "themes/default/templates/base.html"),
        source=_source,
        caches=(".sitegen",),
        serve=("serve", "--no-open", "--quiet", "--port", "{port}", "--as-of", AS_OF.isoformat()),
    )


def sitegen(scratch: Path) -> Peer:
    """The program without the downloads of tables; installed below `scratch`."""
    return _peer("sitegen", _ONLY_PAGES, scratch)


def whole(scratch: Path, name: str = "downloads") -> Peer:
    """The whole program; installed below `scratch`."""
    return _peer(name, {}, scratch)
