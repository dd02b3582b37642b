"""A preview with drafts says on each of their pages that it is not public."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from sitegen.build import BuildOptions, build
from sitegen.engine.reporter import Silent

DOCUMENT = """---
标题: 通知
发布日期: {date}
责任部门: 办公室
{more}
---
正文。
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    content = root / "content"
    content.mkdir()
    (content / "site.yaml").write_text("网站名称: 示范\n", "utf-8")
    for name, date, more in (
        ("public", "2026-03-01", ""),
        ("draft", "2026-03-01", "draft: true"),
        ("later", "2026-12-01", ""),
    ):
        (content / f"{name}.md").write_text(DOCUMENT.format(date=date, more=more), "utf-8")
    options = BuildOptions(root, root / "build", datetime.date(2026, 11, 1), drafts=True)
    result = build(options, datetime.datetime.now(datetime.UTC), Silent())
    assert result.committed
    return root / "build"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("draft", "这是草稿，尚未公开。"),
        ("later", "定于2026年12月1日发布，目前尚未公开。"),
    ],
)
def test_a_page_that_is_not_public_says_so(pages: Path, name: str, sentence: str) -> None:
    assert sentence in (pages / f"{name}.html").read_text("utf-8")


def test_a_public_page_does_not(pages: Path) -> None:
    assert "尚未公开" not in (pages / "public.html").read_text("utf-8")
