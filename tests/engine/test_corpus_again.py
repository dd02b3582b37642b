"""Clean equals incremental over a generated site of many documents, after one edit upon another.

Ten thousand of them in the thorough form, a few hundred otherwise.
"""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import twists
from editedsite import difference
from edits import digests

from sitegen.build import DONE, BuildOptions, BuildResult, build
from sitegen.engine.reporter import Silent

DOCUMENTS = 10_000 if os.environ.get("SITEGEN_THOROUGH") else 250
CORPUS = Path(__file__).parents[2] / "benchmarks" / "corpus.py"
DAY = datetime.date(2026, 12, 1)
NOW = datetime.datetime(2026, 12, 1, 12, tzinfo=datetime.UTC)


def built(root: Path, day: datetime.date = DAY) -> BuildResult:
    return build(BuildOptions(root, root / "build", as_of=day, jobs=2), NOW, Silent())


def documents(root: Path, pattern: str) -> list[Path]:
    found = sorted((root / "content").glob(pattern))
    assert len(found) > 2
    return found


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def edit_a_body(root: Path) -> None:
    file = documents(root, "gzdt/**/*.md")[1]
    file.write_text(file.read_text("utf-8") + "\n另外补充一句。\n", "utf-8")


def edit_a_title(root: Path) -> None:
    replaced(documents(root, "tzgg/**/*.md")[1], "标题: ", "标题: 补")


def edit_a_permit(root: Path) -> None:
    replaced(documents(root, "xxgk/fdzdgk/xuke/**/*.yaml")[1], "标题: ", "标题: 补")


def edit_an_attachment(root: Path) -> None:
    with documents(root, "tzgg/**/*.pdf")[0].open("ab") as file:
        file.write(b"\n")


def delete_a_document(root: Path) -> None:
    documents(root, "xxgk/fdzdgk/guihua/**/*.md")[2].unlink()


def rename_a_document(root: Path) -> None:
    file = documents(root, "gzdt/**/*.md")[2]
    folder = file.with_suffix("")
    if folder.exists():
        folder.rename(folder.with_name("999999"))
    file.rename(file.with_name("999999.md"))


def name_a_column(root: Path) -> None:
    file = root / "content/tzgg/_column.yaml"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    changed = ["名称: 公告公示\n" if each.startswith("名称:") else each for each in lines]
    assert changed != lines
    file.write_text("".join(changed), "utf-8")


def name_the_site(root: Path) -> None:
    replaced(root / "content/site.yaml", "示范经济开发区政务公开", "示范经济开发区信息公开")


def override(root: Path, name: str, anchor: str, text: str) -> None:
    file = root / "themes/default/templates" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(twists.shipped(name).replace(anchor, text + anchor, 1), "utf-8")


def edit_the_layout(root: Path) -> None:
    override(root, "base.html", "</body>", "<!-- {{ page.name }} -->")


def edit_the_template_of_articles(root: Path) -> None:
    override(root, "document.html", "</article>", "<!-- {{ document.kind }} -->")


def edit_the_footer_and_a_body(root: Path) -> None:
    override(root, "parts/footer.html", "</footer>", "<p>1</p>")
    edit_a_body(root)


def drop_the_overrides(root: Path) -> None:
    shutil.rmtree(root / "themes")


def lose_outputs(root: Path) -> None:
    shutil.rmtree(root / "build/gzdt")
    (root / "build/index.html").write_text("x")
    (root / "build/tzgg/index.html").unlink()


EDITS: tuple[Callable[[Path], None], ...] = (
    edit_a_body, edit_a_title, edit_a_permit, edit_an_attachment, delete_a_document,
    rename_a_document, edit_the_layout, name_a_column, edit_the_template_of_articles, lose_outputs,
    edit_the_footer_and_a_body, name_the_site, drop_the_overrides,
)  # fmt: skip


@pytest.mark.slow
def test_a_large_site_built_again_and_again_is_as_built_from_nothing(tmp_path: Path) -> None:
    root = tmp_path / "site"
    command = [sys.executable, CORPUS, root, "--documents", str(DOCUMENTS)]
    subprocess.run(command, check=True, capture_output=True)
    assert built(root).status == DONE
    half = len(EDITS) // 2
    for edits in (EDITS[:half], EDITS[half:]):
        for edit in edits:
            edit(root)
            again = built(root)
            assert again.committed is not None, [each.message() for each in again.problems]
            assert again.committed.written > 0
        clean = tmp_path / "clean"
        shutil.copytree(root / "content", clean / "content")
        if (root / "themes").exists():
            shutil.copytree(root / "themes", clean / "themes")
        expected = built(clean)
        assert (again.status, again.problems) == (expected.status, expected.problems)
        assert difference(digests(root / "build"), digests(clean / "build")) == []
        shutil.rmtree(clean)
