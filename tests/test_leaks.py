"""Nothing leaves by accident: each secret below is looked for in every published byte."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from samplesite import everything_in

from sitegen.authoring.starting import start_site
from sitegen.build import BuildOptions, BuildResult, build
from sitegen.engine.reporter import Silent
from sitegen.terminal import problem_text

NOW = datetime.datetime(2026, 11, 23, 4, tzinfo=datetime.UTC)
NOTICE = """\
---
标题: {title}
发布日期: {day}
责任部门: 党政办公室
内容概述: {title}。
{more}---

{title}。
"""
PERMITS = """\
类型: permit-decisions
标题: 行政许可决定公示
发布日期: 2026-01-05
责任部门: 行政审批局
内容概述: 一月份作出的行政许可决定。
发布机构: 某某经济开发区行政审批局
许可决定:
  - 行政相对人名称: 某某公司
    行政相对人类别: 法人及非法人组织
    统一社会信用代码: 110000001234567883
    法定代表人: 赵某
    法定代表人证件号码: SECRET-id-number
    行政许可决定文书名称: 准予许可决定书
    行政许可决定文书号: 某审批〔2026〕1号
    许可类别: 普通
    许可内容: 准予取水
    许可决定日期: 2026-01-04
    有效期自: 2026-01-04
    有效期至: 2027-01-03
    许可机关: 某某经济开发区行政审批局
    许可机关统一社会信用代码: 110000001234567883
    当前状态: 1
    数据来源单位: 某某经济开发区行政审批局
    数据来源单位统一社会信用代码: 110000001234567883
    公示日期: 2026-01-05
    事项实施编码: "000000110111001000"
    许可事项: 取水许可
"""


def _notice(title: str, day: str = "2026-01-05", more: str = "") -> str:
    return NOTICE.format(title=title, day=day, more=more)


def _workbook(file: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "公开"
    sheet.append(["事项", "数量"])
    sheet.append(["窗口", 3])
    sheet["A2"].comment = Comment("SECRET-cell-comment", "SECRET-cell-author")
    hidden = book.create_sheet("底稿")
    hidden.append(["SECRET-hidden-sheet"])
    hidden.sheet_state = "hidden"
    book.properties.creator = "SECRET-creator"
    book.save(file)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[BuildResult, dict[str, bytes]]:
    """A site with a secret in every place from which nothing may leave, and its output."""
    root = tmp_path_factory.mktemp("leaks") / "site"
    assert start_site(root) is None
    tzgg = root / "content" / "tzgg"
    texts = {
        "caogao.md": _notice("SECRET-draft", more="草稿: 是\n附件: [fujian.pdf]\n"),
        "yugao.md": _notice("SECRET-scheduled", "2026-11-24"),
        "yishenqing.md": _notice("SECRET-on-request", more="公开方式: 依申请公开\n"),
        "buyu.md": _notice("SECRET-withheld", more="公开方式: 不予公开\n"),
        "gongkai.md": _notice("公开的通知", more="审核: {起草: SECRET-drafter}\n# SECRET-comment\n")
        + "\n<!-- SECRET-html-comment -->\n\n[//]: # (SECRET-markdown-comment)\n",
        "xuke.yaml": PERMITS + "# SECRET-yaml-comment\n",
        "biao.yaml": "标题: 窗口情况\n发布日期: 2026-01-05\n责任部门: 党政办公室\n"
        "内容概述: 窗口情况。\n表格:\n  qingkuang:\n    标题: 窗口情况\n    字段: [事项, 数量]\n"
        "    文件: biao.xlsx\n    工作表: 公开\n",
        "chexia.md": _notice(
            "撤下的通知",
            more="变更:\n  - {日期: 2026-02-01, 事项: 撤下, 说明: 发布有误}\n",
        )
        + "\nSECRET-withdrawn-text\n",
    }
    for name, text in texts.items():
        (tzgg / name).write_text(text, encoding="utf-8")
    (tzgg / "biao").mkdir()
    _workbook(tzgg / "biao" / "biao.xlsx")
    (tzgg / "caogao").mkdir()
    (tzgg / "caogao" / "fujian.pdf").write_bytes(b"%PDF-1.4 SECRET-attachment-of-draft")
    (tzgg / "caogao" / "lingjian.pdf").write_bytes(b"%PDF-1.4 SECRET-unlisted-file")
    (tzgg / ".SECRET-hidden-file.md").write_text("SECRET-hidden-file")
    (tzgg / "gongkai.md~").write_text("SECRET-backup-file")
    (tzgg / "_beiwang.md").write_text("SECRET-underscore-file")
    result = build(BuildOptions(root, root / "build", jobs=1), NOW, Silent())
    assert result.committed is not None, [problem_text(p, root, str) for p in result.problems]
    return result, everything_in(root / "build")


def test_the_site_is_published(built: tuple[BuildResult, dict[str, bytes]]) -> None:
    result, files = built
    for page in ("gongkai", "xuke", "biao", "chexia"):
        assert f"tzgg/{page}.html" in files
    assert "准予取水".encode() in files["tzgg/xuke.html"]
    assert {left.reason for left in result.left_out} == {
        "draft", "scheduled", "on-request", "withheld",
    }  # fmt: skip


def test_no_secret_is_in_it(built: tuple[BuildResult, dict[str, bytes]]) -> None:
    _, files = built
    leaked = {
        (name, data[max(place - 20, 0) : place + 40])
        for name, data in files.items()
        if (place := data.lower().find(b"secret-")) >= 0
    }
    assert leaked == set()


def test_no_address_tells_of_one(built: tuple[BuildResult, dict[str, bytes]]) -> None:
    _, files = built
    for name in ("caogao", "yugao", "yishenqing", "buyu", "beiwang", "SECRET"):
        assert [address for address in files if name in address] == []
