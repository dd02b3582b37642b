"""Content that means harm does none: it is data, and what it tries is told or made harmless.

What single readers refuse is held in ``tests/source``, ``tests/render`` and ``tests/invalid``; here
the whole program reads everything at once, watched by the interpreter.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from odd_files import workbook

from sitegen.authoring.starting import start_site

AUDITED = Path(__file__).with_name("audited.py")
MARKER = "marker-of-the-machine-4711"
HEAD = """\
---
标题: {title}
发布日期: 2026-01-05
责任部门: 党政办公室
内容概述: 概述。
{more}---

{body}
"""

HARMLESS_AFTER_ALL = """\
<script>alert(1)</script><style>@import "http://127.0.0.1:9/a.css"</style>
<img onerror="alert(1)" alt="图"><iframe src="http://127.0.0.1:9/"></iframe>
<svg onload="alert(1)"><script>alert(1)</script></svg>
<a href="https://www.shifan.example/" onclick="alert(1)" style="position:fixed">链接</a>
<form action="http://127.0.0.1:9/"><input name="a"></form><base href="http://127.0.0.1:9/">
<meta http-equiv="refresh" content="0; url=http://127.0.0.1:9/">

{{ ''.__class__ }} {% include '/etc/passwd' %} --8<-- "/etc/passwd"

[尖括号]: <data:text/html,x>
"""

REFUSED = {
    "jiaoben.md": HEAD.format(title="甲", more="", body="[看](javascript:alert(1))"),
    "shuju.md": HEAD.format(title="乙", more="", body='<a href="data:text/html,x">看</a>'),
    "wenjian.md": HEAD.format(title="丙", more="", body="![图](file:///etc/passwd)"),
    "lujing.md": HEAD.format(title="丁", more="", body="[看](../../../../../../etc/passwd)"),
    "fujian.md": HEAD.format(title="戊", more="附件: [../../../../../../etc/passwd]\n", body="文"),
    "juedui.md": HEAD.format(title="己", more="附件: [/etc/passwd]\n", body="文"),
    "tupian.md": HEAD.format(title="庚", more="", body="![图](http://127.0.0.1:9/a.png)"),
    "kongzhi.md": HEAD.format(
        title="\x1b]0;标题\x07", more="坏: \x1b[2J\n", body="\x1b[31m[看](x.md)"
    ),
    "duixiang.yaml": '标题: !!python/object/apply:os.system ["touch was-run"]\n',
    "mingling.yaml": "标题: !!python/name:os.system\n发布日期: 2026-01-05\n",
    "maodian.yaml": "标题: &a [x]\n内容概述: *a\n",
    "biao.yaml": "标题: 庚\n发布日期: 2026-01-05\n表格:\n  a:\n    标题: 表\n    字段: [一]\n"
    "    文件: ../../../../../../etc/passwd\n",
}


def _run(root: Path, folder: Path, *more: str) -> tuple[int, str, list[str]]:
    """Build the site under watch; the exit status, what was said, and what was reported."""
    report = folder / "report"
    done = subprocess.run(
        [sys.executable, str(AUDITED), str(report), str(root), "build", "--jobs", "1", *more],
        cwd=root,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": str(AUDITED.parents[2]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "SITEGEN_SECRET": MARKER,
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, report.read_text().splitlines()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    assert start_site(root) is None
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    return root


def test_a_good_build_touches_nothing_but_the_site(root: Path, tmp_path: Path) -> None:
    """No network, no program but git, no file elsewhere: read or written."""
    (root / "content/tzgg/tupian.md").write_text(
        HEAD.format(title="图", more="", body="[看](http://127.0.0.1:9/a)\n\n<https://a.example/>"),
        "utf-8",
    )
    (root / "content/tzgg/biao.yaml").write_text(
        "标题: 表\n发布日期: 2026-01-05\n责任部门: 党政办公室\n内容概述: 表。\n"
        "表格:\n  a:\n    标题: 表\n    字段: [一, 二]\n    文件: biao.xlsx\n",
        "utf-8",
    )
    (root / "content/tzgg/biao").mkdir()
    (root / "content/tzgg/biao/biao.xlsx").write_bytes(workbook([["一", "二"], [1, 2]], "表"))
    status, said, reported = _run(root, tmp_path, "--lang", "en")
    assert (status, reported) == (0, []), said


def test_everything_that_is_refused_is_told_and_nothing_else_happens(
    root: Path, tmp_path: Path
) -> None:
    tzgg = root / "content/tzgg"
    for name, text in REFUSED.items():
        (tzgg / name).write_text(text, "utf-8")
    (tzgg / "lianjie.md").symlink_to("/etc/passwd")
    (tzgg / "wenjianjia").symlink_to("/etc")
    (tzgg / "换\n行\x1b[2J.md").write_text(HEAD.format(title="辛", more="", body="文"), "utf-8")
    (tzgg / "xianjing.md").symlink_to("../../../secret.md")
    (tmp_path / "secret.md").write_text(HEAD.format(title=MARKER, more="", body="文"), "utf-8")
    status, said, reported = _run(root, tmp_path, "--lang", "en", "--verbose")
    assert status == 1
    assert reported == []
    assert not (root / "build").exists()
    assert not list(tmp_path.rglob("was-run"))
    for name in (*REFUSED, "lianjie.md", "wenjianjia", "xianjing.md"):
        assert f"content/tzgg/{name}" in said, name
    assert "\x1b" not in said
    assert "root:" not in said
    assert MARKER not in said


def test_what_is_tolerated_is_published_without_its_teeth(root: Path, tmp_path: Path) -> None:
    page = HEAD.format(title="<script>alert(1)</script>", more="", body=HARMLESS_AFTER_ALL)
    (root / "content/tzgg/jia.md").write_text(page, "utf-8")
    for name in (".gitattributes", ".gitmodules", ".lfsconfig"):
        (root / "content" / name).write_text("* filter=evil\n", "utf-8")
    status, said, reported = _run(root, tmp_path, "--lang", "en")
    assert (status, reported) == (0, []), said
    text = (root / "build/tzgg/jia.html").read_text("utf-8")
    main = text.partition("<main")[2].partition("</main>")[0].lower()
    for sign in ("<script", "<style", "<iframe", "<svg", "<form", "<base", "<meta", "onerror",
                 "onclick", "onload", "style=", "root:x"):  # fmt: skip
        assert sign not in main, sign
    assert "&lt;script&gt;alert(1)" in text
    assert "{% include" in main, "templates are not filled in a text"
    for path in (root / "build").rglob("*"):
        assert not path.is_file() or MARKER.encode() not in path.read_bytes(), path
