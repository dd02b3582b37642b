"""What the tests of the writing aids share: small sites with real files and real git."""

from __future__ import annotations

import datetime
import os
import subprocess
from pathlib import Path

from sitegen.cli import main
from sitegen.making.frame import Frame, read_frame

TODAY = datetime.date(2026, 11, 23)
USCC = "110000001234567883"
SITE = f"""\
name: 示范区政务公开
base_url: https://xxgk.shifan.example/
identity: {{sponsor: 示范经济开发区管理委员会, uscc: {USCC}}}
"""
COLUMN = "名称: {name}\n更新方式: 随时\n责任部门: 党政办公室\n"


def make_site(root: Path) -> Path:
    """A site with two columns, 通知公告 (``tzgg``) and 政策文件 (``zhengce``)."""
    put(root, "site.yaml", SITE)
    put(root, "tzgg/_column.yaml", COLUMN.format(name="通知公告"))
    put(root, "zhengce/_column.yaml", COLUMN.format(name="政策文件"))
    return root


def put(root: Path, path: str, text: str | bytes) -> Path:
    """Write a file below ``content/``."""
    place = root / "content" / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return place


def get(root: Path, path: str) -> str:
    """A file below ``content/``, line ends as they are."""
    return (root / "content" / path).read_bytes().decode()


def frame(root: Path) -> Frame:
    return read_frame(root)[0]


def errors_of_build(root: Path, *words: str) -> int:
    """The exit status of a build of the site."""
    output = root.parent / f"{root.name}-out"
    return main(["build", "-C", str(root), "--output", str(output), "--quiet", *words])


def git(root: Path, *words: str, day: str = "") -> str:
    """Run git in the site as nobody in particular."""
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        **{f"GIT_{who}_{what}": "x@shifan.example"
           for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }  # fmt: skip
    if day:
        environment |= dict.fromkeys(
            ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"{day}T12:00:00+0800"
        )
    done = subprocess.run(
        ["git", "-c", "core.quotepath=off", *words],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def commit(root: Path, day: str = "2026-11-01") -> None:
    """Commit everything, making the repository at the first time."""
    if not (root / ".git").exists():
        git(root, "init", "-q")
        (root / ".gitignore").write_text(".sitegen/\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "x", day=day)
