"""The sample zone's services and permits agree with one another, row by row."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from service_samples import CONTENT, column, shipped, table

GUIDES = sorted(
    file
    for folder in ("gcjs", "msbz", "qyfw")
    for file in (CONTENT / "bsfw" / folder).glob("[a-z]*.yaml")
)
LISTS = CONTENT / "xxgk/fdzdgk/xuke/shixiang"
ALL = sorted(
    file
    for folder in ("bsfw", "xxgk/fdzdgk/xuke")
    for file in (CONTENT / folder).rglob("*.yaml")
    if file.name != "_column.yaml"
)
BATCHES = sorted((CONTENT / "xxgk/fdzdgk/xuke/jueding").rglob("2026-??.yaml"))


def _default_kind(file: Path) -> str:
    if file in GUIDES:
        return "guide"
    return "permit-decisions" if file in BATCHES else "article"


class TestShippedContent:
    @pytest.mark.parametrize("file", ALL, ids=lambda file: file.stem)
    def test_it_reads_without_problems(self, file: Path) -> None:
        assert shipped(file, _default_kind(file)).fields["responsible"]

    @pytest.mark.parametrize("file", GUIDES, ids=lambda file: file.stem)
    def test_a_guide_agrees_with_the_list_of_items(self, file: Path) -> None:
        guide = shipped(file, "guide")
        items = shipped(LISTS / "2026-shixiang-qingdan.yaml", "article")
        path = file.relative_to(CONTENT).as_posix()
        row = column(items, "items", "guide").index(path)
        told = {name: column(items, "items", name)[row] for name in (
            "name", "task_code", "catalog_code", "item_type", "dept_name", "after_days",
            "after_materials", "after_steps", "visits",
        )}  # fmt: skip
        inner = [s for s in column(guide, "steps", "step") if s not in ("制证", "送达")]
        if inner[-1] == "办结" and len(inner) > told["after_steps"]:
            inner.pop()
        assert told == {
            "name": guide.fields["item_name"],
            "task_code": guide.fields["task_code"],
            "catalog_code": guide.fields["catalog_code"],
            "item_type": guide.fields["item_type"],
            "dept_name": guide.fields["dept_name"],
            "after_days": guide.fields["promised_days"],
            "after_materials": len(table(guide, "materials").rows),
            "after_steps": len(inner),
            "visits": guide.fields["visits"],
        }

    @pytest.mark.parametrize("file", GUIDES, ids=lambda file: file.stem)
    def test_forms_and_samples_open_and_are_offered(self, file: Path) -> None:
        guide = shipped(file, "guide")
        offered = {a["file"] for a in guide.fields["attachments"]}  # type: ignore[union-attr,index]
        samples = {*column(guide, "materials", "sample_form")}
        if any(t.kind.name == "result_samples" for t in guide.tables):
            samples |= {*column(guide, "result_samples", "file")}
        blank = {*column(guide, "materials", "blank_form")}
        assert (samples | blank) - {None} == offered
        for name in sorted((samples | blank) - {None}):
            whole = _found(file, name)
            words = _words(whole)
            assert ("样本" in words) == (name in samples), name

    def test_the_lists_add_up_to_the_figures_told(self) -> None:
        whole = shipped(LISTS / "2026-shixiang-qingdan.yaml", "article")
        assert len(table(whole, "items").rows) == 34
        sums = {f: sum(column(whole, "items", f)) for f in (
            "before_materials", "after_materials", "before_days", "after_days", "before_steps",
            "after_steps",
        )}  # fmt: skip
        assert list(sums.values()) == [217, 179, 373, 274, 135, 102]
        assert set(column(whole, "items", "no_meeting")) == {True}
        part = shipped(LISTS / "2026-chengjie-qingdan.yaml", "article")
        assert Counter(column(part, "items", "item_type")) == {"01": 6, "07": 3, "10": 8}
        assert set(column(part, "items", "task_code")) < set(column(whole, "items", "task_code"))

    def test_statistics_count_the_decisions_row_by_row(self) -> None:
        codes = Counter[str]()
        names = {}
        for file in BATCHES:
            batch = shipped(file, "permit-decisions")
            codes.update(column(batch, "decisions", "item_code"))
            names.update(zip(column(batch, "decisions", "item_code"),
                             column(batch, "decisions", "item_name"), strict=True))  # fmt: skip
        assert codes.total() == 66
        counted = {names[code]: count for code, count in codes.items()}
        report = shipped(CONTENT / "xxgk/fdzdgk/xuke/tongji/2026-zhi-11yue.yaml", "article")
        told = {}
        for rows in report.tables:
            body, total = rows.rows[:-1], rows.rows[-1]
            assert sum(row[4] for row in body) == total[4]  # type: ignore[misc]
            told.update({row[1]: row[4] for row in body})
        assert {name: count for name, count in told.items() if count} == counted
        assert sum(row[4] for row in report.tables[0].rows[:-1]) == 36  # type: ignore[misc]
        assert sum(1 for count in told.values() if count == 0) == 4

    def test_batches_come_from_every_sort_of_source(self) -> None:
        sources = [table(shipped(f, "permit-decisions"), "decisions").source for f in BATCHES]
        assert {Path(source).suffix for source in sources} == {"", ".csv", ".xlsx"}
        encoded = (CONTENT / "xxgk/fdzdgk/xuke/jueding/2026/2026-05/xuke-2026-05.csv").read_bytes()
        assert "行政相对人名称" in encoded.decode("gb18030")
        with pytest.raises(UnicodeDecodeError):
            encoded.decode("utf-8")

    def test_index_numbers_are_unique(self) -> None:
        found = []
        for root in (CONTENT / "bsfw", CONTENT / "xxgk/fdzdgk/xuke"):
            for file in root.rglob("*.yaml"):
                found += re.findall(r"^索引号: (\S+)$", file.read_text("utf-8"), re.MULTILINE)
        assert len(found) == len(set(found)) >= 30


def _found(guide: Path, name: str) -> Path:
    places = (CONTENT / name, guide.parent / name, guide.with_suffix("") / name)
    return next(place for place in places if place.is_file())


def _words(file: Path) -> str:
    if file.suffix == ".pdf":
        data = file.read_bytes()
        assert data.startswith(b"%PDF-")
        assert b"%%EOF" in data[-32:]
        return _pdf_title(data)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        texts = []
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                root = ElementTree.fromstring(archive.read(name))
                texts += [e.text or "" for e in root.iter()]
        return "".join(texts)


def _pdf_title(data: bytes) -> str:
    match = re.search(rb"/Title <([0-9A-Fa-f]+)>", data)
    assert match is not None
    return bytes.fromhex(match[1].decode()).decode("utf-16")
