"""The XLSX package: what spreadsheets insist on."""

from __future__ import annotations

import datetime
import io
import re
import xml.etree.ElementTree as ET
import zipfile

import openpyxl
import pytest

from sitegen.outputs import workbook
from sitegen.outputs.workbook import Sheet, workbook_bytes

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ORDER = [
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "autoFilter",
    "pageMargins", "pageSetup",
]  # fmt: skip
"""Of the parts of a worksheet, by ECMA-376; Excel refuses another."""
DAY = datetime.date(2026, 3, 1)


def made(*sheets: Sheet, title: str = "标题", author: str = "作者") -> dict[str, bytes]:
    data = workbook_bytes(sheets, title, author, DAY)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def row(number: int, *cells: tuple[str, int]) -> str:
    inside = "".join(
        f'<c r="{workbook.letters(place)}{number}" s="{style}"><v>{value}</v></c>'
        for place, (value, style) in enumerate(cells)
    )
    return f'<row r="{number}">{inside}</row>'


TABLE = Sheet(
    "表 '一'&二", [row(1, ("1", workbook.HEADER)), row(2, ("2", 1))], [10, 12.5], table=True
)
NOTES = Sheet("说明", [row(1, ("1", workbook.LABEL))], [8])


def test_every_part_is_xml_with_a_type_and_a_relation():
    parts = made(TABLE, NOTES)
    types = ET.fromstring(parts["[Content_Types].xml"])
    named = {e.get("PartName") for e in types if e.get("PartName")}
    assert named == {f"/{name}" for name in parts if name.endswith(".xml")} - {
        "/[Content_Types].xml"
    }
    targets = set()
    for name, folder in (("_rels/.rels", ""), ("xl/_rels/workbook.xml.rels", "xl/")):
        targets |= {folder + str(e.get("Target")) for e in ET.fromstring(parts[name])}
    assert {f"/{target}" for target in targets} == named
    for data in parts.values():
        ET.fromstring(data)


def test_the_parts_of_a_sheet_are_in_their_order():
    for name, data in made(TABLE, NOTES).items():
        if "worksheets" in name:
            tags = [e.tag.removeprefix(MAIN) for e in ET.fromstring(data)]
            assert tags == sorted(tags, key=ORDER.index)
            assert ("autoFilter" in tags) == name.endswith("1.xml")


def test_the_filter_and_the_printed_header_are_named():
    text = made(TABLE, NOTES)["xl/workbook.xml"].decode()
    assert (
        '<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'
        "'表 ''一''&amp;二'!$A$1:$B$2</definedName>"
        '<definedName name="_xlnm.Print_Titles" localSheetId="0">'
        "'表 ''一''&amp;二'!$1:$1</definedName>"
    ) in text


def test_styles_are_counted_right():
    root = ET.fromstring(made(TABLE)["xl/styles.xml"])
    for name in ("numFmts", "fonts", "fills", "borders", "cellXfs"):
        part = root.find(MAIN + name)
        assert part is not None
        assert int(str(part.get("count"))) == len(part)
    formats = root.find(f"{MAIN}cellXfs")
    assert formats is not None
    assert len(formats) == workbook.number_style(workbook.MOST_DECIMALS) + 1


@pytest.mark.parametrize("decimals", range(workbook.MOST_DECIMALS + 1))
def test_numbers_show_their_decimals(decimals):
    data = workbook_bytes([Sheet("a", [row(1, ("1", workbook.number_style(decimals)))], [9])],
                          "", "", DAY)  # fmt: skip
    cell = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]["A1"]
    assert cell.number_format == "#,##0" + ("." + "0" * decimals if decimals else "")


@pytest.mark.parametrize(
    ("style", "look"),
    [
        (workbook.TEXT, ("@", False, None)),
        (workbook.WRAPPED, ("@", False, True)),
        (workbook.HEADER, ("@", True, True)),
        (workbook.LABEL, ("@", True, None)),
        (workbook.DATE, ("yyyy-mm-dd", False, None)),
        (workbook.PLAIN, ("0", False, None)),
    ],
)
def test_styles_look_as_they_are_named(style, look):
    data = workbook_bytes([Sheet("a", [row(1, ("1", style))], [9])], "", "", DAY)
    cell = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]["A1"]
    assert (cell.number_format, cell.font.bold, cell.alignment.wrap_text) == look


def test_properties_are_escaped_and_dated():
    data = workbook_bytes([NOTES], "<a> & b", '"c"', DAY)
    properties = openpyxl.load_workbook(io.BytesIO(data)).properties
    assert (properties.title, properties.creator) == ("<a> & b", '"c"')
    assert properties.created == datetime.datetime(2026, 3, 1)


def test_letters():
    names = [workbook.letters(place) for place in (0, 25, 26, 51, 52, 701, 702)]
    assert names == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_no_part_names_a_time_of_making():
    assert not re.search(
        rb"20(2[5-9]|3)", b"".join(made(NOTES).values()).replace(b"2026-03-01", b"")
    )
