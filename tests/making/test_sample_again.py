"""Clean equals incremental over the whole sample site, after edits of every sort at once."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest
from editedsite import article, difference, tree
from samplesite import DAY, Sample
from twists import Twist, twisted

from sitegen.build import BuildOptions, BuildResult, build
from sitegen.engine.reporter import Silent

NOW = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


def _built(root: Path) -> BuildResult:
    return build(BuildOptions(root, root / "build", as_of=DAY, jobs=2), NOW, Silent())


def _edit(content: Path) -> None:
    texts = sorted(content.glob("tzgg/**/*.md"))
    body, title = texts[:2]
    body.write_text(body.read_text("utf-8") + "\n另外补充一句。\n", "utf-8")
    lines = title.read_text("utf-8").splitlines(keepends=True)
    lines = [line.replace("标题: ", "标题: 补", 1) for line in lines]
    title.write_text("".join(lines), "utf-8")
    new = article("另一件事", "2026-11-20", more="责任部门: 党政办公室\n")
    (body.parent / "linglei.md").write_text(new, "utf-8")
    site = content / "site.yaml"
    site.write_text(site.read_text("utf-8") + "\nfeed_size: 7\n", "utf-8")


def _override(root: Path, name: str, anchor: str) -> None:
    """Let the site have a template of its own, which differs a little from the shipped one."""
    file = root / "themes/default/templates" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(twisted(name, [Twist(anchor, f"<!-- x -->{anchor}")]), "utf-8")


@pytest.mark.slow
def test_the_sample_site_built_again_is_as_built_from_nothing(
    sample: Sample, tmp_path: Path
) -> None:
    root = tmp_path / "site"
    shutil.copytree(sample.root, root)
    _override(root, "base.html", "</body>")
    _override(root, "parts/footer.html", "</footer>")
    around = _built(root)
    assert around.committed is not None, [problem.message() for problem in around.problems]
    assert around.committed.written > 100
    _edit(root / "content")
    _override(root, "year.html", "</h1>")
    again = _built(root)
    clean = tmp_path / "clean" / "site"
    for name in ("content", "themes"):
        shutil.copytree(root / name, clean / name)
    expected = _built(clean)
    assert (again.status, again.problems) == (expected.status, expected.problems)
    assert again.committed is not None, [problem.message() for problem in again.problems]
    assert again.committed.unchanged > again.committed.written > 10
    assert difference(tree(root / "build"), tree(clean / "build")) == []


def test_the_sample_site_is_not_made_twice(sample: Sample, tmp_path: Path) -> None:
    root = tmp_path / "site"
    shutil.copytree(sample.root, root)
    again = _built(root)
    assert again.problems == sample.result.problems
    assert again.committed is not None
    assert (again.committed.written, again.committed.removed) == (0, 0)
