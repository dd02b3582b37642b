"""A small site to be previewed, and the ways in which editors change it."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
from pathlib import Path

from sitegen.engine.reporter import Silent
from sitegen.preview.session import Session
from sitegen.problems import Problem

DAY = datetime.date(2026, 6, 1)
NOW = datetime.datetime(2026, 6, 1, 1, 0, tzinfo=datetime.UTC)

FILES = {
    "site.yaml": "name: 示范经济开发区政务公开\nbase_url: https://xxgk.shifan.example/\n",
    "kinds/charges.yaml": """\
kind: charges
title: {zh: 收费目录清单, en: Charges}
source: 示范
tables:
  items:
    title: 收费项目
    schema:
      fields:
        - {name: code, title: 项目编码, constraints: {required: true}}
        - {name: price, title: 收费标准, type: number}
""",
    "tzgg/_column.yaml": "名称: 通知公告\n责任部门: 党政办公室\n更新方式: 随时\n",
    "tzgg/kaifang.md": """\
---
标题: 关于周六开放的通知
发布机构: 示范经济开发区管理委员会
成文日期: 2026-03-01
发布日期: 2026-03-02
附件:
  - 文件: biao.txt
    标题: 预约申请表
---

周六上午照常受理，见[收费目录](../shoufei/2026.yaml)。
""",
    "tzgg/kaifang/biao.txt": "姓名：\n",
    "tzgg/caogao.md": """\
---
标题: 尚未定稿的通知
草稿: 是
发布日期: 2026-05-01
---

草稿内容。
""",
    "tzgg/jianglai.md": "---\n标题: 以后才发布的通知\n发布日期: 2026-12-01\n---\n\n以后的内容。\n",
    "tzgg/guoqi.md": """\
---
标题: 已经失效的通知
成文日期: 2025-01-02
发布日期: 2025-01-02
失效日期: 2025-12-31
---

旧的内容。
""",
    "tzgg/jieman.md": """\
---
标题: 公示期满的通知
成文日期: 2025-01-02
发布日期: 2025-01-02
公开截止日期: 2025-06-30
---

公示的内容。
""",
    "shoufei/_column.yaml": (
        "名称: 收费目录\n责任部门: 财政局\n更新方式: 定期\n缺省类型: charges\n"
    ),
    "shoufei/2026.yaml": ("标题: 2026年收费目录清单\n发布日期: 2026-01-08\n收费项目: 2026.csv\n"),
    "shoufei/2026/2026.csv": "项目编码,收费标准\n01,12.50\n02,4\n",
}


def write(root: Path, path: str, text: str) -> None:
    """Write a file of the content as a plain editor does."""
    file = root / "content" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def save_by_rename(root: Path, path: str, text: str) -> None:
    """Write a file as careful editors do: beside it, then over it."""
    file = root / "content" / path
    beside = file.with_name(f".{file.name}.swp~")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)


def save_by_backup(root: Path, path: str, text: str) -> None:
    """Write a file as vim does: the old one is moved away first."""
    file = root / "content" / path
    backup = file.with_name(file.name + "~")
    file.replace(backup)
    file.write_text(text, encoding="utf-8")
    backup.unlink()


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Replace a text in a file of the content."""
    file = root / "content" / path
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{path} does not hold {old}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def small_site(root: Path) -> Path:
    """Write the site; returns its folder."""
    for path, text in FILES.items():
        write(root, path, text)
    return root


def copy_of(root: Path, other: Path) -> Path:
    """A copy of the sources."""
    for name in ("content", "themes"):
        if (root / name).is_dir():
            shutil.copytree(root / name, other / name)
    return other


def commit(root: Path) -> None:
    """Put the site under version control, or commit what changed."""
    who = {"GIT_AUTHOR_NAME": "某人", "GIT_AUTHOR_EMAIL": "a@shifan.example"}
    who |= {"GIT_COMMITTER_NAME": "某人", "GIT_COMMITTER_EMAIL": "a@shifan.example"}
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull}
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "改"]):
        subprocess.run(["git", *words], cwd=root, env=environment, check=True)


class Told:
    """Notes the problems that a session tells."""

    def __init__(self) -> None:
        self.problems: tuple[Problem, ...] = ()

    def __call__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems

    def codes(self) -> list[str]:
        """The codes of errors and warnings, in order."""
        return [problem.code for problem in self.problems if problem.severity != "notice"]


def started(root: Path, told: Told | None = None) -> Session:
    """A session of a site on a fixed day."""
    session = Session(root, lambda: datetime.datetime.now(datetime.UTC), told or Told(), DAY)
    session.start(1, Silent())
    return session
