"""What a build keeps is enough for the next one to see all that differs."""

from __future__ import annotations

from pathlib import Path

import pytest
from editedsite import article, clean, column, difference, make_site, run, tree, write

from sitegen.making import keeping


def unlike_clean(root: Path, folder: Path) -> list[str]:
    """Build a site again; the outputs that a build from nothing makes in another way."""
    result = run(root)
    assert result.status == 0
    expected, files = clean(root, folder)
    assert result.problems == expected.problems
    return difference(tree(root / "build"), files)


def test_what_parts_were_made_from_is_known_when_a_book_has_been_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Menus are parts that pages share: what they looked at stands in the book with the pages."""
    monkeypatch.setattr(keeping, "_SLACK", -1_000_000)
    anew = []
    again = keeping._anew
    monkeypatch.setattr(keeping, "_anew", lambda *given: anew.append(1) or again(*given))
    root = make_site(tmp_path / "site")
    assert run(root).status == 0
    write(root, "content/tzgg/a.md", article("关于甲的通知", "2026-03-02", "另一正文。"))
    assert unlike_clean(root, tmp_path / "clean") == []
    write(root, "content/tzgg/_column.yaml", column("公告", "每页条数: 3\n"))
    assert unlike_clean(root, tmp_path / "clean") == []
    assert len(anew) > 1


def test_a_template_that_is_used_for_the_first_time_is_known_from_then_on(tmp_path: Path) -> None:
    root = make_site(tmp_path / "site")
    page = "themes/local/templates/redirect.html"
    write(root, page, "一{{ target.href }}")
    assert run(root).status == 0
    moved = article("关于丙的通知", "2026-04-05", "正文丙。", "旧地址: [tzgg/ji.html]\n")
    write(root, "content/tzgg/c.md", moved)
    assert run(root).status == 0
    write(root, page, "二{{ target.href }}")
    assert unlike_clean(root, tmp_path / "clean") == []
    assert (root / "build/tzgg/ji.html").read_text(encoding="utf-8") == "二../tzgg/c.html"
