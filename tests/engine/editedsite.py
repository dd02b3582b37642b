"""A small site with something of everything, to be edited and damaged in tests."""

from __future__ import annotations

import datetime
import shutil
import subprocess
from pathlib import Path

from odd_files import workbook

from sitegen.build import BuildOptions, BuildResult, build
from sitegen.engine.reporter import Silent

DAY = datetime.date(2026, 11, 1)
NOW = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)

_ARTICLE = """---
标题: {title}
发布机构: 示范经济开发区管理委员会
发布日期: {day}
{more}---

{body}
"""


def article(title: str, day: str, body: str = "正文。", more: str = "") -> str:
    """An article's source."""
    return _ARTICLE.format(title=title, day=day, body=body, more=more)


def column(name: str, more: str = "") -> str:
    """A ``_column.yaml``."""
    return f"名称: {name}\n责任部门: 党政办公室\n更新方式: 随时\n{more}"


KIND = """kind: charges
title: {zh: 收费目录清单, en: Charges}
fields:
  - {name: note, title: 备注}
tables:
  items:
    title: 收费项目
    required: true
    schema:
      fields:
        - {name: code, title: 项目编码, constraints: {required: true}}
        - {name: name, title: 项目名称, constraints: {required: true}}
        - {name: price, title: 收费标准, type: number, unit: 元, scale: 2}
      primaryKey: [code]
"""

ROWS = [["项目编码", "项目名称", "收费标准"], ["A1", "工本费", 12.5], ["A2", "检测费", 30]]

FILES: dict[str, str | bytes] = {
    "content/site.yaml": (
        "name: 示范经济开发区政务公开\nbase_url: https://xxgk.shifan.example/\ntheme: local\n"
        "identity:\n  sponsor: 示范经济开发区管理委员会\n  phone: 0999-86660001\n"
        "home_columns: [tzgg]\nservice_columns: [shoufei]\n"
    ),
    "content/xxgk/_column.yaml": column("政府信息公开"),
    "content/xxgk/zhengce/_column.yaml": column("政策文件"),
    "content/tzgg/_column.yaml": column("通知公告", "每页条数: 3\n"),
    "content/shoufei/_column.yaml": column("收费目录", "缺省类型: charges\n"),
    "content/kinds/charges.yaml": KIND,
    "content/xxgk/zhengce/banfa.md": article(
        "管理办法", "2026-02-03", "## 总则\n\n见[清单](../../shoufei/qingdan.yaml)。",
        "文号: 示管〔2026〕3号\n",
    ),
    "content/xxgk/zhengce/jiedu.md": article(
        "《管理办法》解读", "2026-02-05", "说明。", "解读: [banfa.md]\n"
    ),
    "content/xxgk/zhengce/jiu.md": article("旧办法", "2025-01-05", "旧。"),
    "content/tzgg/a.md": article(
        "关于甲的通知", "2026-03-02", "正文甲。见[办法](../xxgk/zhengce/banfa.md#总则)。",
        "附件: [{文件: biao.txt, 标题: 附表}]\n",
    ),
    "content/tzgg/a/biao.txt": "附表\n",
    "content/tzgg/b.md": article("关于乙的通知", "2026-03-05", "正文乙。", "内容概述: 乙的概述\n"),
    "content/tzgg/c.md": article("关于丙的通知", "2026-04-05", "正文丙。"),
    "content/tzgg/d.md": article("关于丁的通知", "2025-12-05", "正文丁。"),
    "content/tzgg/e.md": article("关于戊的通知", "2026-12-05", "未到时间。"),
    "content/shoufei/qingdan.yaml": (
        "标题: 收费目录清单\n发布机构: 财政局\n发布日期: 2026-01-08\n"
        "收费项目: {文件: shoufei.xlsx, 工作表: 清单}\n"
    ),
    "content/shoufei/qingdan/shoufei.xlsx": workbook(ROWS, "清单"),
    "themes/local/theme.yaml": "parent: default\n",
}  # fmt: skip


def write(root: Path, path: str, content: str | bytes) -> None:
    """Write a file of the site."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content if isinstance(content, bytes) else content.encode())


def make_site(root: Path, *, repository: bool = False) -> Path:
    """Make the site in the folder `root`, in a repository of its own if asked for."""
    for path, content in FILES.items():
        write(root, path, content)
    if repository:
        git(root, "init", "-q")
        commit_all(root, "2026-10-01")
    return root


def git(root: Path, *arguments: str, day: str = "2026-10-01") -> None:
    """Run git as nobody in particular, on a day."""
    when = f"{day}T12:00:00+0800"
    subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@shifan.example", *arguments],
        cwd=root,
        check=True,
        capture_output=True,
        env={"PATH": "/usr/bin:/bin", "GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": when,
             "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"},
    )  # fmt: skip


def commit_all(root: Path, day: str) -> None:
    """Commit everything but what builds make."""
    write(root, ".gitignore", "/build/\n/.sitegen/\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "x", day=day)


def run(
    root: Path,
    *,
    cache: bool = True,
    as_of: datetime.date = DAY,
    jobs: int = 1,
    drafts: bool = False,
    output: str = "build",
) -> BuildResult:
    """Build the site in this process."""
    options = BuildOptions(root, root / output, as_of=as_of, jobs=jobs, cache=cache, drafts=drafts)
    return build(options, NOW, Silent())


def clean(root: Path, folder: Path, **options: object) -> tuple[BuildResult, dict[str, bytes]]:
    """What a build from nothing gives for the same sources, made in a new folder."""
    copy = folder / root.name
    if copy.exists():
        shutil.rmtree(copy)
    copy.mkdir(parents=True)
    for name in ("content", "themes", ".git"):
        if (root / name).exists():
            shutil.copytree(root / name, copy / name, symlinks=True)
    result = run(copy, **options)  # type: ignore[arg-type]
    return result, tree(copy / "build")


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def difference(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """The paths at which two trees differ."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))
