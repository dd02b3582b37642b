"""What ``sitegen explain`` says: why an output was made or reused, in words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import editedsite
import pytest
from editedsite import article, write

from sitegen.cli import main


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    """A site that was built, then built again after somebody edited one text."""
    root = editedsite.make_site(tmp_path / "site")
    editedsite.run(root)
    write(root, "content/tzgg/b.md", article("关于乙的新通知", "2026-03-05", "正文乙。"))
    editedsite.run(root)
    return root


def told(root: Path, address: str, language: str = "zh-CN", *more: str) -> tuple[int, str]:
    """What the command prints of an address, and its exit status."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with redirect_stdout(out), redirect_stderr(out):
        status = main(["-C", str(root), "--lang", language, "explain", address, *more])
    out.flush()
    return status, out.buffer.getvalue().decode()


def test_a_page_is_made_because_its_title_changed(site: Path) -> None:
    status, text = told(site, "tzgg/b.html")
    assert status == 0
    assert "下列内容有变化" in text
    assert "content/tzgg/b.md: " in text
    assert "标题" in text
    status, text = told(site, "tzgg/b.html", "en")
    assert "because this is not as it was" in text
    assert "Title" in text or "title" in text


def test_a_page_that_shows_nothing_of_it_is_reused(site: Path) -> None:
    assert "沿用原文件" in told(site, "xxgk/zhengce/jiu.html")[1]
    assert "It was reused" in told(site, "xxgk/zhengce/jiu.html", "en")[1]


def test_after_a_build_with_nothing_to_do_everything_is_reused(site: Path) -> None:
    editedsite.run(site)
    assert "沿用原文件" in told(site, "tzgg/b.html")[1]


def test_a_file_that_somebody_altered_was_made_again(site: Path) -> None:
    (site / "build/tzgg/c.html").write_text("x")
    editedsite.run(site)
    assert "被别人改动过" in told(site, "tzgg/c.html")[1]
    assert "altered by someone else" in told(site, "tzgg/c.html", "en")[1]


def test_the_first_build_had_made_nothing_before(tmp_path: Path) -> None:
    root = editedsite.make_site(tmp_path / "site")
    assert told(root, "index.html")[0] == 2
    editedsite.run(root)
    assert "以前没有生成过" in told(root, "index.html")[1]
    assert "no build had made it before" in told(root, "index.html", "en")[1]


def test_an_address_that_is_none_is_told_with_the_nearest(site: Path) -> None:
    status, text = told(site, "tzgg/bb.html")
    assert status == 2
    assert "没有在“tzgg/bb.html”生成文件" in text
    assert "是不是“tzgg/b.html”" in text


def test_a_foreign_file_is_not_of_this_site(site: Path) -> None:
    (site / "build/foreign.txt").write_text("x")
    status, text = told(site, "foreign.txt")
    assert status == 2
    assert "不是本网站的文件" in text
    assert "not of this site" in told(site, "foreign.txt", "en")[1]


def test_a_template_is_named(site: Path) -> None:
    shipped = Path(editedsite.__file__).parents[2] / "themes/default/templates/year.html"
    write(site, "themes/local/templates/year.html", shipped.read_text("utf-8") + "<!-- x -->")
    editedsite.run(site)
    assert "year.html" in told(site, "tzgg/year-2026.html")[1]
    assert "沿用原文件" in told(site, "tzgg/a.html")[1]


def test_all_that_was_looked_at_is_listed_when_asked(site: Path) -> None:
    status, text = told(site, "tzgg/b.html", "zh-CN", "--verbose")
    assert status == 0
    assert "生成时用到" in text
    assert "content/tzgg/b.md" in text.split("生成时用到")[1]
