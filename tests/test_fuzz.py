"""Whatever stands in the files: no traceback, an honest exit status, an output that is whole.

Every file that people write is replaced by noise, by YAML-like noise, or by a mutation of a good
one, and the whole site is built. ``FUZZ=20`` in the environment tries twenty times as much.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odd_files import HEADINGS, workbook

from sitegen.cli import main

BASE = Path(__file__).parent / "invalid/_base"
TIMES = int(os.environ.get("FUZZ", "1"))


def some(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """So many examples, always the same ones unless more are asked for."""
    return settings(
        max_examples=examples * TIMES,
        derandomize=TIMES == 1,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


class Built:
    """A good site, built; one file at a time is replaced and the site built again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(BASE, root)
        fee = root / "content/shoufei/2026.yaml"
        fee.write_text(
            "标题: 2026年收费目录清单\n发布日期: 2026-01-08\n收费项目: 2026.csv\n", encoding="utf-8"
        )
        (root / "content/shoufei/2026").mkdir()
        row = "01,占道费,12.50,2026-01-01,行政事业性收费,是"
        csv = f"{','.join(HEADINGS)}\r\n{row}\r\n"
        (root / "content/shoufei/2026/2026.csv").write_text(csv, encoding="utf-8", newline="")
        book = fee.with_name("2027.yaml")
        book.write_text(fee.read_text("utf-8").replace(": 2026.csv", ": 2027.xlsx"), "utf-8")
        (root / "content/shoufei/2027").mkdir()
        data = workbook([HEADINGS, ("01", "占道费", 12.5, "2026-01-01", "行政事业性收费", "是")])
        (root / "content/shoufei/2027/2027.xlsx").write_bytes(data)
        template = root / "themes/zone/templates/404.html"
        template.parent.mkdir(parents=True)
        template.write_text(
            "<!doctype html>\n<title>{{ page.title }}</title>\n"
            "{% for tag in page.tags if tag.name != 'x' %}{{ loop.index }}{% endfor %}\n"
            "{% if page.heading|length > 2 %}{{ page.heading|upper }}{% endif %}\n",
            encoding="utf-8",
        )
        (root / "themes/zone/theme.yaml").write_text("parent: default\n", encoding="utf-8")
        with (root / "content/site.yaml").open("a", encoding="utf-8") as site:
            site.write("theme: zone\n")
        calendar = root / "content/calendar/2026.yaml"
        calendar.parent.mkdir()
        calendar.write_text(
            "year: 2026\noff:\n  - {name: 元旦, from: 2026-01-01, to: 2026-01-03}\n"
            "makeup: [2026-01-04]\n",
            encoding="utf-8",
        )
        assert self.build() == 0

    def build(self) -> int:
        """Build; raises whatever the program lets out."""
        told = io.StringIO()
        with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
            status = main(["build", "-C", str(self.root), "--as-of", "2026-11-01", "--jobs", "1"])
        text = told.getvalue()
        assert "Traceback" not in text
        assert status in (0, 1), text
        assert (status == 1) == (" 错误 " in text), text
        return status

    def with_file(self, path: str, data: bytes) -> None:
        """Build with other bytes in a file: the output is whole, or it is the one from before."""
        file = self.root / path
        good = file.read_bytes() if file.exists() else None
        file.parent.mkdir(parents=True, exist_ok=True)
        before = _digest(self.root / "build")
        try:
            file.write_bytes(data)
            status = self.build()
        finally:
            if good is None:
                file.unlink()
            else:
                file.write_bytes(good)
        if status == 1:
            assert _digest(self.root / "build") == before
        _check_whole(self.root / "build")
        assert not list(self.root.glob(".*.part"))


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _check_whole(output: Path) -> None:
    """The manifest lists every file, and every file is as it says."""
    listed = json.loads((output / "manifest.json").read_bytes())["files"]
    there = {p.relative_to(output).as_posix() for p in output.rglob("*") if p.is_file()}
    assert {file["path"] for file in listed} == there - {"manifest.json"}
    for file in listed:
        data = (output / file["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["size"], file["sha256"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The site that all tests of this file disturb, one after the other."""
    return Built(tmp_path_factory.mktemp("fuzz") / "site")


# What may stand in a file --------------------------------------------------------------------

_PIECES = (
    "标题", "发布日期", "类型", "附件", "变更", "表格", "收费项目", "正文", "name", "kind",
    "fields", "tables", "rules", "template", "parent", "slug", "year", "off", ": ", "：", ":",
    "- ", "－ ", "[", "]", "{", "}", ", ", "，", "\n", "\n  ", "\n    ", "\n\t", "\r\n", "\r",
    "|", "|-\n  ", ">\n ", "#", " # ", "&a ", "*a", "!", "!!binary ", "<<: ", "'", '"', "“", "”",
    "\\", "%", "@", "`", "---\n", "...\n", "? ", "~", "null", "2026-03-01", "2026-02-30", "1e999",
    "-1", "0x1F", "1_000", "九", "是", "false", "../", "a.md", "/", "C:\\", "\0", "\x0b",
    "\ufeff", "\u2028", "\u3000", "\xa0", "é", "\U0001f600", "\ud7ff", "{{", "}}", "{%", "%}",
    "{# ", " #}", "=1+1", "[a](b)", "](", "**", "> " * 40, "<p ", "<script>", "&#", "&amp;",
    "```", "|a|b|\n|-|-|\n", "[^1]", "{#id}", "1. ", "* * ",
)  # fmt: skip
noise = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
    st.lists(st.sampled_from(_PIECES), max_size=40).map("".join).map(str.encode),
)
front_matter = st.lists(st.sampled_from(_PIECES), max_size=30).map(
    lambda pieces: f"---\n标题: 甲\n发布日期: 2026-03-01\n{''.join(pieces)}\n---\n{''.join(pieces)}"
)


@st.composite
def mutations(draw: st.DrawFn, good: bytes, lines: bool = True) -> bytes:
    """A good file with up to four things deleted, doubled, swapped or put in."""
    data = bytearray(good)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        act = draw(st.sampled_from(("delete", "insert", "replace", "line out", "line twice")))
        if act == "delete":
            del data[place : place + draw(st.integers(1, 9))]
        elif act == "insert":
            data[place:place] = draw(st.sampled_from(_PIECES)).encode()
        elif act == "replace":
            data[place : place + 1] = draw(st.binary(min_size=1, max_size=3))
        elif lines:
            rows = bytes(data).split(b"\n")
            row = draw(st.integers(0, len(rows) - 1))
            rows[row : row + 1] = [rows[row]] * 2 if act == "line twice" else []
            data = bytearray(b"\n".join(rows))
    return bytes(data)


TEXTS = (
    "content/tzgg/kaifang.md",
    "content/shoufei/2025.yaml",
    "content/shoufei/2026/2026.csv",
    "content/tzgg/_column.yaml",
    "content/site.yaml",
    "content/kinds/charges.yaml",
    "content/calendar/2026.yaml",
    "themes/zone/theme.yaml",
    "themes/zone/templates/404.html",
)


@some(35)
@given(path=st.sampled_from((*TEXTS, "content/shoufei/2027/2027.xlsx")), data=noise)
def test_noise_in_any_file(site: Built, path: str, data: bytes) -> None:
    """Any bytes in place of any file."""
    site.with_file(path, data)


@some(40)
@given(data=st.data(), path=st.sampled_from(TEXTS))
def test_mutations_of_good_files(site: Built, data: st.DataObject, path: str) -> None:
    """A file that was good before a cat walked over the keyboard."""
    site.with_file(path, data.draw(mutations((site.root / path).read_bytes())))


@some(25)
@given(text=front_matter)
def test_noise_among_good_fields(site: Built, text: str) -> None:
    """A document whose title and date are good."""
    site.with_file("content/tzgg/new.md", text.encode())


@some(15)
@given(data=st.data())
def test_mutations_of_workbooks(site: Built, data: st.DataObject) -> None:
    """A workbook with some bytes of it changed."""
    path = "content/shoufei/2027/2027.xlsx"
    site.with_file(path, data.draw(mutations((site.root / path).read_bytes(), lines=False)))


@some(25)
@given(
    rows=st.lists(
        st.lists(
            st.one_of(
                st.none(), st.booleans(), st.integers(), st.floats(), st.dates(),
                st.sampled_from((*HEADINGS, "01", "=1/0", "#REF!", "2026-13-01", "合计", "1,0")),
                st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=9),
            ),
            max_size=8,
        ),
        max_size=6,
    )
)  # fmt: skip
def test_any_cells(site: Built, rows: list[list[object]]) -> None:
    """Workbooks of cells of every type, under headings or not."""
    site.with_file("content/shoufei/2027/2027.xlsx", workbook([HEADINGS, *rows]))


@some(8)
@given(
    name=st.text(
        st.one_of(
            st.sampled_from("aA0._-~ 中文：é\u0301ﬁ\u200b$#%&+;=@"),
            st.characters(exclude_categories=("Cs",), exclude_characters="/\0"),
        ),
        min_size=1,
        max_size=12,
    ),
    suffix=st.sampled_from((".md", ".yaml", ".yml", "", ".txt", ".MD")),
)
def test_any_name(site: Built, name: str, suffix: str) -> None:
    """A good document under any name that the system allows."""
    full = name + suffix
    if full in (".", "..") or len(full.encode()) > 250:
        return
    text = "---\n标题: 甲\n发布日期: 2026-03-01\n---\n\n正文。\n"
    site.with_file(f"content/tzgg/{full}", text.encode())
