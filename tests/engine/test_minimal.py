"""An edit makes exactly the outputs that show it, and no others."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import editedsite
import pytest
from editedsite import ROWS, article, difference, tree, write
from odd_files import workbook

from sitegen.config import Settings
from sitegen.engine import pool
from sitegen.engine.workspace import ledger_folder
from sitegen.making import reading, remaking, session
from sitegen.making.frame import read_frame
from sitegen.making.memory import AROUND, CHANGED, recall
from sitegen.making.produce import MakeResult
from sitegen.making.reading import StoredFacts
from sitegen.render.shipped import built_in_themes

Edit = Callable[[Path], None]

LISTS = frozenset(
    [f"catalogue/catalogue.{suffix}" for suffix in ("csv", "json", "xlsx")]
    + ["catalogue.html", "catalogue/datapackage.json", "site.json"]
)
"""The directory in its forms, and the file for machines: they show every title."""
FEEDS = frozenset(["feed.json", "feed.xml", "tzgg/feed.json", "tzgg/feed.xml"])
MANIFEST = frozenset({"manifest.json"})
PAGES_OF_COLUMNS = {
    "tzgg": ["a", "b", "c", "d", "index", "index-2", "log", "year-2025", "year-2026"],
    "xxgk": ["index", "log"],
    "xxgk/zhengce": ["banfa", "jiedu", "jiu", "index", "log", "year-2025", "year-2026"],
    "shoufei": ["index", "log", "qingdan"],
    "log": ["index", "2025-01", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04"],
}
EVERY_PAGE = frozenset(
    ["404.html", "catalogue.html", "index.html", "sitemap.html"]
    + [f"{folder}/{page}.html" for folder, pages in PAGES_OF_COLUMNS.items() for page in pages]
)


def replaced(path: str, old: str, new: str) -> Edit:
    """An edit of a text."""

    def edit(root: Path) -> None:
        text = (root / path).read_text(encoding="utf-8")
        assert old in text
        write(root, path, text.replace(old, new))

    return edit


def put(path: str, content: str | bytes) -> Edit:
    """An edit that writes a file."""
    return lambda root: write(root, path, content)


def made_by_last_build(root: Path) -> set[str]:
    """The addresses that the last build made, as it remembers."""
    return set(recall(ledger_folder(root, root / "build"), 0, True).reasons())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = editedsite.make_site(tmp_path_factory.mktemp("minimal") / "site")
    write(root, "themes/local/templates/tombstone.html", _shipped("tombstone.html"))
    assert editedsite.run(root).status == 0
    return root


def _shipped(name: str) -> str:
    return (built_in_themes() / "default/templates" / name).read_text(encoding="utf-8")


def marked(name: str) -> Edit:
    """An edit of a template that shows."""
    return marked_in(name, "</h1>")


def marked_in(name: str, place: str) -> Edit:
    """An edit of a template that shows before a place."""
    text = _shipped(name)
    assert place in text
    return put(f"themes/local/templates/{name}", text.replace(place, f"<!-- x -->{place}"))


TABLE: dict[str, tuple[Edit, frozenset[str]]] = {
    "a body that nothing quotes": (
        replaced("content/tzgg/b.md", "正文乙", "正文乙乙"),
        MANIFEST | {"tzgg/b.html"},
    ),
    "a body that feeds quote": (
        replaced("content/tzgg/c.md", "正文丙", "正文丙丙"),
        MANIFEST | FEEDS | {"tzgg/c.html"},
    ),
    "a body with downloads": (
        replaced("content/tzgg/a.md", "正文甲", "正文甲甲"),
        MANIFEST | FEEDS | {"tzgg/a.html", "tzgg/a/a.zip"},
    ),
    "a title: the page, its lists, its neighbour": (
        replaced("content/tzgg/c.md", "丙的", "丙丙的"),
        MANIFEST | LISTS | FEEDS
        | {"tzgg/c.html", "tzgg/b.html", "tzgg/index.html", "tzgg/year-2026.html", "tzgg/log.html",
           "index.html", "log/index.html", "log/2026-04.html"},
    ),
    "the name of a column: every page, for all lead to it": (
        replaced("content/tzgg/_column.yaml", "通知公告", "公告公示"),
        MANIFEST | LISTS | FEEDS | EVERY_PAGE | {"sitemap.xml"},
    ),
    "a cell: the page, the table's files, their archive": (
        put("content/shoufei/qingdan/shoufei.xlsx", workbook([*ROWS[:2], ["A2", "x", 1]], "清单")),
        MANIFEST
        | {"shoufei/qingdan.html", "shoufei/qingdan/items.csv", "shoufei/qingdan/items.xlsx",
           "shoufei/qingdan/items.json", "shoufei/qingdan/datapackage.json",
           "shoufei/qingdan/qingdan.zip"},
    ),
    "an attachment": (
        put("content/tzgg/a/biao.txt", "附表二\n"),
        MANIFEST | FEEDS | {"site.json", "tzgg/a.html", "tzgg/a/biao.txt", "tzgg/a/a.zip"},
    ),
    "a template that no page uses": (
        put("themes/local/templates/tombstone.html", _shipped("tombstone.html") + "<!-- x -->"),
        frozenset(),
    ),
    "a template": (
        marked("year.html"),
        MANIFEST | {"tzgg/year-2025.html", "tzgg/year-2026.html", "xxgk/zhengce/year-2025.html",
                    "xxgk/zhengce/year-2026.html"},
    ),
    "a part of the log": (
        marked("log-month.html"),
        MANIFEST | {f"log/{month}.html" for month in
                    ("2025-01", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04")},
    ),
    "a setting that only feeds show": (
        replaced("content/site.yaml", "home_columns", "feed_size: 29\nhome_columns"),
        frozenset({"feed.json", "feed.xml", "tzgg/feed.json", "tzgg/feed.xml", "xxgk/feed.json",
                   "xxgk/feed.xml", "xxgk/zhengce/feed.json", "xxgk/zhengce/feed.xml",
                   "shoufei/feed.json", "shoufei/feed.xml"}),
    ),
    "the title of a field": (
        replaced("content/kinds/charges.yaml", "title: 备注", "title: 说明"),
        frozenset({"shoufei/qingdan.html", "shoufei/qingdan/datapackage.json",
                   "shoufei/qingdan/items.csv", "shoufei/qingdan/items.json",
                   "shoufei/qingdan/items.xlsx", "shoufei/qingdan/qingdan.zip", "site.json"}),
    ),
    "a draft": (
        put("content/tzgg/x.md", article("草稿", "2026-03-03", more="草稿: true\n")),
        frozenset(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_an_edit_makes_what_shows_it(name: str, built: Path, tmp_path: Path) -> None:
    edit, expected = TABLE[name]
    root = tmp_path / "site"
    shutil.copytree(built, root)
    editedsite.run(root)  # the copy's files are other ones: they are looked at once
    edit(root)
    assert editedsite.run(root).status == 0
    assert made_by_last_build(root) == expected


LAYOUT: dict[str, Edit] = {
    "the layout": marked_in("base.html", "</body>"),
    "a part of it": marked_in("parts/footer.html", "</footer>"),
    "a style sheet": put("themes/local/static/site.css", "body { color: black }\n"),
}


@pytest.mark.parametrize("name", LAYOUT)
def test_a_layout_is_put_around_pages_that_stay_inside(
    name: str, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "site"
    shutil.copytree(built, root)
    editedsite.run(root)
    LAYOUT[name](root)

    def never(*_: object) -> None:
        raise AssertionError("a document was fetched")

    with monkeypatch.context() as patch:
        patch.setattr(StoredFacts, "_read_record", never)
        assert editedsite.run(root).status == 0
    reasons = recall(ledger_folder(root, root / "build"), 0, True).reasons()
    pages = {path.relative_to(root / "build").as_posix() for path in root.glob("build/**/*.html")}
    assert {address for address, why in reasons.items() if why.sort == AROUND} == pages
    assert reasons.keys() - pages <= {"manifest.json"} | {
        address for address in reasons if address.startswith("assets/")
    }
    assert difference(tree(root / "build"), editedsite.clean(root, tmp_path / "clean")[1]) == []
    marked_in("base.html", "<body")(root)  # what was put around once is put around again
    assert editedsite.run(root).status == 0
    reasons = recall(ledger_folder(root, root / "build"), 0, True).reasons()
    assert {address for address, why in reasons.items() if why.sort == AROUND} == pages
    assert difference(tree(root / "build"), editedsite.clean(root, tmp_path / "clean2")[1]) == []


def test_what_pages_need_whole_is_made_whole_with_the_layout(built: Path, tmp_path: Path) -> None:
    """A body, a file that somebody altered, and a layout that is not for putting around."""
    root = tmp_path / "site"
    shutil.copytree(built, root)
    editedsite.run(root)
    marked_in("base.html", "</body>")(root)
    replaced("content/tzgg/b.md", "正文乙", "正文乙乙")(root)
    (root / "build/tzgg/c.html").write_bytes(b"x")
    assert editedsite.run(root).status == 0
    reasons = recall(ledger_folder(root, root / "build"), 0, True).reasons()
    sorts = {name: reasons[f"tzgg/{name}.html"].sort for name in "abc"}
    assert sorts == {"a": AROUND, "b": CHANGED, "c": CHANGED}
    assert difference(tree(root / "build"), editedsite.clean(root, tmp_path / "clean")[1]) == []
    base = _shipped("base.html").replace("</body>", "{{ document.title if document }}</body>")
    put("themes/local/templates/base.html", base.replace("<html", "{% set own = 1 %}<html"))(root)
    assert editedsite.run(root).status == 1  # lists have no document: nothing is replaced
    base = base.replace("if document }}", "if document is defined }}")
    put("themes/local/templates/base.html", base)(root)
    assert editedsite.run(root).status == 0
    reasons = recall(ledger_folder(root, root / "build"), 0, True).reasons()
    assert reasons["tzgg/a.html"].sort == CHANGED
    assert difference(tree(root / "build"), editedsite.clean(root, tmp_path / "clean2")[1]) == []


def test_touching_every_file_makes_nothing(built: Path, tmp_path: Path) -> None:
    root = tmp_path / "site"
    shutil.copytree(built, root)
    for path in sorted(root.rglob("*")):
        if ".sitegen" not in path.parts:
            os.utime(path)
    done = editedsite.run(root).committed
    assert done is not None
    assert (done.written, done.removed) == (0, 0)


def test_a_template_edit_runs_no_markdown(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "site"
    shutil.copytree(built, root)
    write(
        root,
        "themes/local/templates/document.html",
        _shipped("document.html").replace("</h1>", "<!-- x --></h1>"),
    )

    def never(*_: object) -> None:
        raise AssertionError("a document was read")

    monkeypatch.setattr(reading, "_read_chunk", never)
    assert editedsite.run(root).status == 0
    assert b"<!-- x -->" in (root / "build/tzgg/a.html").read_bytes()


def test_a_build_with_nothing_to_do_makes_nothing(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "site"
    shutil.copytree(built, root)
    first = editedsite.run(root)

    def never(*_: object) -> None:
        raise AssertionError("something was begun")

    for module, name in ((session, "Session"), (pool, "work")):
        monkeypatch.setattr(module, name, never)
    again = editedsite.run(root)
    assert (again.problems, again.left_out) == (first.problems, first.left_out)
    assert again.committed == first.committed


def test_the_first_override_of_a_site_makes_what_uses_it(tmp_path: Path) -> None:
    """Though from then on the site's templates run in a sandbox."""
    root = editedsite.make_site(tmp_path / "site")
    editedsite.run(root)
    marked("year.html")(root)
    assert editedsite.run(root).status == 0
    assert made_by_last_build(root) == TABLE["a template"][1]
    assert difference(tree(root / "build"), editedsite.clean(root, tmp_path / "clean")[1]) == []


def test_a_site_with_limits_of_its_own_is_remembered_too(tmp_path: Path) -> None:
    root = editedsite.make_site(tmp_path / "site")
    site = root / "content/site.yaml"
    site.write_text(site.read_text("utf-8") + "limits: {max_file_bytes: 90000}\n", "utf-8")
    editedsite.run(root)
    replaced("content/tzgg/b.md", "正文乙", "正文乙乙")(root)
    assert editedsite.run(root).status == 0
    assert made_by_last_build(root) == MANIFEST | {"tzgg/b.html"}
    site.write_text(site.read_text("utf-8").replace("90000", "3"), "utf-8")
    assert editedsite.run(root).problems == editedsite.clean(root, tmp_path / "clean")[0].problems


def test_a_site_may_allow_larger_files(tmp_path: Path) -> None:
    root = editedsite.make_site(tmp_path / "site")
    with (root / "content/tzgg/a/biao.txt").open("r+b") as file:
        file.truncate(Settings(name="").max_file_bytes + 1)
    assert "biao.txt" not in read_frame(root)[0].tree
    assert [problem.code for problem in read_frame(root)[1]] == ["S006"]
    site = root / "content/site.yaml"
    site.write_text(site.read_text("utf-8") + "limits: {max_file_bytes: 999000000}\n", "utf-8")
    frame, problems = read_frame(root)
    assert "tzgg/a/biao.txt" in frame.tree
    assert problems == ()


def test_what_was_wrong_with_an_output_is_told_until_it_is_made_again(tmp_path: Path) -> None:
    root = editedsite.make_site(tmp_path / "site")
    without = replaced("content/site.yaml", "base_url: https://xxgk.shifan.example/\n", "")
    without(root)
    assert [problem.code for problem in editedsite.run(root).problems] == ["O101"]
    replaced("content/tzgg/b.md", "正文乙", "正文乙乙")(root)
    assert [problem.code for problem in editedsite.run(root).problems] == ["O101"]
    assert made_by_last_build(root) == MANIFEST | {"tzgg/b.html"}
    assert [problem.code for problem in editedsite.run(root).problems] == ["O101"]
    (root / "content/tzgg/d.md").unlink()  # then it is in another row, and an output made in its
    assert [problem.code for problem in editedsite.run(root).problems] == ["O101"]
    assert "robots.txt" not in made_by_last_build(root)
    write(root, "content/site.yaml", editedsite.FILES["content/site.yaml"])
    assert editedsite.run(root).problems == ()
    replaced("content/tzgg/b.md", "正文乙乙", "正文")(root)
    assert editedsite.run(root).problems == ()


def test_an_output_that_was_altered_is_mended_whatever_else_there_is_to_do(tmp_path: Path) -> None:
    """Also where there are other outputs than before, and where one only gets another layout."""
    root = editedsite.make_site(tmp_path / "site")
    editedsite.run(root)
    left = [root / "build" / name for name in ("tzgg/d.html", "shoufei/qingdan/items.csv")]
    for number, edit in enumerate(
        (
            put("content/tzgg/f.md", article("新通知", "2026-04-08")),
            put("themes/local/templates/base.html", _shipped("base.html") + "<!-- x -->"),
        )
    ):
        left[0].write_text(f"x{number}")
        left[1].unlink()
        edit(root)
        editedsite.run(root)
        assert difference(tree(root / "build"), editedsite.clean(root, tmp_path / "clean")[1]) == []


def test_a_file_that_differs_is_noticed_beside_one_that_is_new(tmp_path: Path) -> None:
    root = editedsite.make_site(tmp_path / "site")
    editedsite.run(root)
    put("content/tzgg/a/biao.txt", "另表\n")(root)
    put("content/tzgg/f.md", article("新通知", "2026-04-08"))(root)
    editedsite.run(root)
    assert difference(tree(root / "build"), editedsite.clean(root, tmp_path / "clean")[1]) == []


def test_a_manifest_that_is_altered_while_outputs_are_made_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = editedsite.make_site(tmp_path / "site")
    editedsite.run(root)
    manifest = root / "build/manifest.json"
    produce = remaking.produce

    def altering(*arguments: Any) -> MakeResult:
        manifest.write_text(manifest.read_text("utf-8").replace("tzgg/c.html", "tzgg/x.html"))
        return produce(*arguments)

    monkeypatch.setattr(remaking, "produce", altering)
    replaced("content/tzgg/b.md", "正文乙", "正文乙乙")(root)
    assert editedsite.run(root).status == 0
    assert difference(tree(root / "build"), editedsite.clean(root, tmp_path / "clean")[1]) == []


def test_a_page_in_another_layout_still_shows_every_edit(tmp_path: Path) -> None:
    """What its inner part looked at is not forgotten, nor what the new layout looks at."""
    root = editedsite.make_site(tmp_path / "site")
    put("themes/local/static/own.css", "body { color: blue; }\n")(root)
    editedsite.run(root)
    layout = _shipped("base.html").replace("</body>", "{{ asset('own.css') }}</body>")
    put("themes/local/templates/base.html", layout)(root)
    editedsite.run(root)
    for edit in (
        replaced("content/tzgg/c.md", "正文丙", "正文丙丙"),
        replaced("content/tzgg/c.md", "丙的", "丙丙的"),
        put("themes/local/static/own.css", "body { color: red; }\n"),
        put("themes/local/templates/base.html", layout + "<!-- x -->"),
    ):
        edit(root)
        editedsite.run(root)
        assert difference(tree(root / "build"), editedsite.clean(root, tmp_path / "clean")[1]) == []


def test_an_empty_folder_is_noticed_for_its_name(tmp_path: Path) -> None:
    root = editedsite.make_site(tmp_path / "site")
    before = editedsite.run(root)
    (root / "content/tzgg/con").mkdir()
    after = editedsite.run(root)
    assert after.problems == editedsite.clean(root, tmp_path / "clean")[0].problems
    assert len(after.problems) == len(before.problems) + 1
