"""Small good sites, one for each subject, built and compared with the trees that are expected.

``tests/sites/<case>/expected`` holds chosen files of the output as they are, pages as outlines
(``page_outline``: what they say, not how they look; ``.main`` for the main part alone), and
``files.txt``, the list of all. ``expected@DATE`` is the same site on another day. With
``UPDATE_GOLDEN=1`` in the environment the files that are there are written anew; to choose one
more, create it empty.
"""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from odd_files import workbook
from page_outline import body, outline

from sitegen.cli import main

SITES = Path(__file__).parent / "sites"
UPDATE = bool(os.environ.get("UPDATE_GOLDEN"))
DAY = "2026-11-01"
CASES = [
    (folder.name, expected.name)
    for folder in sorted(SITES.iterdir())
    for expected in sorted(folder.glob("expected*"))
]


def build(root: Path, *options: str) -> tuple[int, str]:
    """Build a site in this process; its exit status and standard error."""
    stream = io.StringIO()
    with contextlib.redirect_stderr(stream):
        status = main(["build", "-C", str(root), "--lang", "en", *options])
    return status, stream.getvalue()


def tree_of(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def site(case: str, root: Path) -> Path:
    """A copy of a case's site in the new folder `root`."""
    for part in ("content", "themes"):
        if (SITES / case / part).is_dir():
            shutil.copytree(SITES / case / part, root / part)
    if case == "tables":
        _data_files(root / "content/shoufei")
    return root


def _data_files(folder: Path) -> None:
    """The rows of ``csv.yaml`` once more: in GB18030, and in the second sheet of a workbook."""
    text = (folder / "csv/shoufei.csv").read_bytes().decode("utf-8")
    (folder / "gbk").mkdir()
    (folder / "gbk/shoufei.csv").write_bytes(text.encode("gb18030"))
    rows = [
        ["收费目录清单"],
        ["项目编码", "项目名称", "收费标准\n（元）", "执行日期", "网上缴费"],
        ["01", "占道费", 12.5, "2026-01-01", "是"],
        ["007", "'=SUM(A1)", 1_000_000, "2026-02-28", "否"],
        ["03", "含“引号”, 逗号", -0.1, None, None],
    ]
    rows[3][1] = "=SUM(A1)"
    (folder / "xlsx").mkdir()
    data = workbook(rows, "清单", texts=True)
    (folder / "xlsx/shoufei.xlsx").write_bytes(data)


def _shown(name: str, output: Path) -> str:
    """A golden file's present text."""
    if name == "files.txt":
        return "".join(f"{path}\n" for path in _stable(tree_of(output)))
    if name.endswith(".html.main.txt"):
        return body((output / name.removesuffix(".main.txt")).read_text(encoding="utf-8"))
    if name.endswith(".html.txt"):
        return outline((output / name.removesuffix(".txt")).read_text(encoding="utf-8"))
    return (output / name).read_bytes().decode("utf-8")


def _stable(tree: dict[str, bytes]) -> list[str]:
    """Addresses without the theme's fingerprints."""
    return sorted(path for path in tree if not path.startswith("assets/"))


@pytest.mark.parametrize(("case", "expected"), CASES)
def test_site_is_built_as_expected(case: str, expected: str, tmp_path: Path) -> None:
    """Every golden file of the case, with a unified diff of what differs."""
    root = site(case, tmp_path)
    _, _, day = expected.partition("@")
    status, told = build(root, "--as-of", day or DAY, "--jobs", "1")
    assert status == 0, told
    assert "No errors, no warnings." in told
    folder = SITES / case / expected
    differences = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        shown = _shown(name, root / "build")
        if UPDATE:
            file.write_bytes(shown.encode())
        wanted = file.read_bytes().decode("utf-8")
        differences += difflib.unified_diff(
            wanted.splitlines(),
            shown.splitlines(),
            f"expected/{name}",
            f"built/{name}",
            lineterm="",
        )
        if not differences:
            assert shown == wanted, "only the line ends differ"
    assert not differences, "\n".join(differences)


def test_same_rows_give_the_same_downloads_whatever_they_came_from(tmp_path: Path) -> None:
    """A table in YAML, CSV (UTF-8 and GB18030) and XLSX: the downloads hold the same bytes."""
    root = site("tables", tmp_path)
    assert build(root, "--as-of", DAY, "--jobs", "1")[0] == 0
    tree = tree_of(root / "build")
    csv = {name: data for name, data in tree.items() if name.endswith("items.csv")}
    assert len(csv) == 4
    assert len(set(csv.values())) == 1
    (text,) = {data.decode("utf-8-sig") for data in csv.values()}
    assert "01,占道费,12.50,2026-01-01," in text
    assert "\r\n007," in text
    rows = {data for name, data in tree.items() if name.endswith("items.json")}
    assert len(rows) == 1
    sheets = {
        zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
        for name, data in tree.items()
        if name.endswith("items.xlsx")
    }
    assert len(sheets) == 1


# The same bytes ------------------------------------------------------------------------------


def _many(root: Path, count: int = 70) -> Path:
    """A site with, by default, enough documents for worker processes to be used."""
    site("moves", root)
    for name in ("relations", "lifecycle"):
        shutil.copytree(SITES / name / "content", root / "content", dirs_exist_ok=True)
    for number in range(count):
        day = f"2026-{number % 9 + 1:02}-0{number % 7 + 1}"
        fields = f"标题: 第{number}号通知\n发布日期: {day}\n关键词: [通知, 第{number % 5}类]\n"
        body = f"见[下一条](n{(number + 1) % count:02}.md)。\n"
        file = root / f"content/tzgg/2026/n{number:02}.md"
        file.write_text(f"---\n{fields}---\n\n{body}", encoding="utf-8")
    return root


def _digests(output: Path) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in tree_of(output).items()}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The large site, and the digests of its output, built here with one job."""
    root = _many(tmp_path_factory.mktemp("many") / "site")
    status, told = build(root, "--as-of", DAY, "--jobs", "1")
    assert status == 0, told
    return root, _digests(root / "build")


@pytest.mark.parametrize(
    ("jobs", "zone", "language", "seed"),
    [("1", "UTC", "C", "1"), ("2", "America/Los_Angeles", "zh_CN.UTF-8", "2")],
)
def test_same_bytes_everywhere(
    jobs: str,
    zone: str,
    language: str,
    seed: str,
    many: tuple[Path, dict[str, str]],
    tmp_path: Path,
) -> None:
    """Workers, time zone, locale, hash seed, folder: nothing of it is in the output."""
    root = tmp_path / "elsewhere" / "网站"
    root.mkdir(parents=True)
    shutil.copytree(many[0] / "content", root / "content")
    done = subprocess.run(
        [sys.executable, "-m", "sitegen", "build", "--as-of", DAY, "--jobs", jobs, "-C", str(root)],
        env={"PATH": os.environ["PATH"], "TZ": zone, "LANG": language, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert _digests(root / "build") == many[1]


def test_problems_are_the_same_with_workers(
    many: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    """Faults in many documents, found by one process or by two: the same text in the same order."""
    root = tmp_path / "site"
    shutil.copytree(many[0] / "content", root / "content")
    for number in range(0, 70, 7):
        file = root / f"content/tzgg/2026/n{number:02}.md"
        text = file.read_text(encoding="utf-8")
        file.write_text(
            text.replace("标题: ", "标题：", number % 2).replace("通知]", "通知] 见"), "utf-8"
        )
    one = build(root, "--as-of", DAY, "--jobs", "1", "--quiet")
    two = build(root, "--as-of", DAY, "--jobs", "2", "--quiet")
    assert one[0] == 1
    assert one == two


# Again and again -----------------------------------------------------------------------------


def test_builds_after_edits_equal_builds_from_nothing(tmp_path: Path) -> None:
    """Edit, add, move, remove, and restore: the output is always that of a clean build."""
    root = _many(tmp_path / "site", 14)
    content = root / "content/tzgg/2026"

    def title() -> None:
        file = content / "n10.md"
        file.write_text(file.read_text("utf-8").replace("第10号通知", "改了标题"), "utf-8")

    def removal() -> None:
        (content / "n11.md").unlink()
        file = content / "n10.md"
        file.write_text(file.read_text("utf-8").replace("n11.md", "n12.md"), "utf-8")

    def addition() -> None:
        shutil.copy(content / "n12.md", content / "zz.md")

    def rename() -> None:
        (content / "zz.md").rename(content / "aa.md")

    def owner() -> None:
        file = content / "_column.yaml"
        file.write_text(file.read_text("utf-8").replace("党政办公室", "综合办公室"), "utf-8")

    def attachment() -> None:
        (root / "content/tzgg/值班安排/值班表.txt").write_text("丙。\n", "utf-8")

    for number, edit in enumerate((title, removal, addition, rename, owner, attachment)):
        edit()
        status, told = build(root, "--as-of", DAY, "--jobs", "1")
        assert status == 0, (edit.__name__, told)
        if number % 2:
            clean = tmp_path / f"clean-{number}"
            shutil.copytree(root / "content", clean / "content")
            assert build(clean, "--as-of", DAY, "--jobs", "1")[0] == 0
            assert _digests(root / "build") == _digests(clean / "build"), edit.__name__


def test_second_build_writes_nothing(many: tuple[Path, dict[str, str]]) -> None:
    """Built once more without a change, no file of the output is written."""
    root, digests = many
    stamps = {path: path.stat().st_mtime_ns for path in (root / "build").rglob("*.html")}
    status, told = build(root, "--as-of", DAY, "--jobs", "1")
    assert status == 0
    assert " 0 written, " in told
    assert _digests(root / "build") == digests
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in stamps.items())


def test_failed_build_leaves_the_last_good_one(tmp_path: Path) -> None:
    """After a fault the output stands as it was; mended, it is that of the mended site."""
    root = site("moves", tmp_path / "site")
    assert build(root, "--as-of", DAY, "--jobs", "1")[0] == 0
    good = _digests(root / "build")
    file = root / "content/tzgg/2026/tongzhi.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("发布日期: 2026", "发布日期: 二〇二六"), encoding="utf-8")
    status, told = build(root, "--as-of", DAY, "--jobs", "1")
    assert status == 1
    assert "Nothing was written; the last good site stays as it was." in told
    assert _digests(root / "build") == good
    file.write_text(text, encoding="utf-8")
    assert build(root, "--as-of", DAY, "--jobs", "1")[0] == 0
    assert _digests(root / "build") == good
    assert sorted(path.name for path in root.iterdir()) == [".sitegen", "build", "content"]


def test_other_peoples_files_in_the_output_stay(tmp_path: Path) -> None:
    """What the program did not write it neither removes nor replaces."""
    root = site("minimal", tmp_path / "site")
    (root / "build/tzgg").mkdir(parents=True)
    (root / "build/tzgg/mine.html").write_text("mine", encoding="utf-8")
    (root / "build/CNAME").write_text("xxgk.shifan.example", encoding="utf-8")
    assert build(root, "--as-of", DAY, "--jobs", "1")[0] == 0
    (root / "content/tzgg/kaifang.md").unlink()
    assert build(root, "--as-of", DAY, "--jobs", "1")[0] == 0
    assert (root / "build/tzgg/mine.html").read_text(encoding="utf-8") == "mine"
    assert (root / "build/CNAME").exists()
    assert not (root / "build/tzgg/kaifang.html").exists()
