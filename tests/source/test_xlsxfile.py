"""XLSX as grids: values as saved, cells in their places, and files that must not be opened."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sitegen.source import xlsxguard
from sitegen.source.tables import EMPTY, Cell, Grid, find_header
from sitegen.source.xlsxfile import number_text, read_xlsx

SHEET = "xl/worksheets/sheet1.xml"


def book(fill: Callable[[openpyxl.Workbook], object]) -> bytes:
    """A workbook with a sheet 表."""
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active.title = "表"
    fill(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def sheet(*rows: list[object], formats: dict[str, str] | None = None) -> bytes:
    """A workbook whose sheet 表 holds these rows."""

    def fill(workbook: openpyxl.Workbook) -> None:
        for row in rows:
            workbook["表"].append(row)
        for cell, number_format in (formats or {}).items():
            workbook["表"][cell].number_format = number_format

    return book(fill)


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one part changed; the part is added if there is none."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
        if part not in old.namelist():
            new.writestr(part, change(b""))
    return stream.getvalue()


def with_row(data: bytes, row: str) -> bytes:
    """A workbook with one more row at the end of its sheet's XML."""
    end = b"</sheetData>"
    return changed(data, SHEET, lambda xml: xml.replace(end, row.encode() + end))


def grid(data: bytes, name: str | None = None) -> Grid:
    found, problems = read_xlsx(data, "content/a.xlsx", name)
    assert [problem.message() for problem in problems] == []
    assert found is not None
    return found


def fault(data: bytes, name: str | None = None, path: str = "content/a.xlsx") -> tuple[str, str]:
    found, (problem,) = read_xlsx(data, path, name)
    assert found is None
    return str(problem.where), problem.code


PLAIN = sheet(["名称", "数量"], ["建设许可", 7])


class TestValues:
    @pytest.mark.parametrize(
        ("value", "cell"),
        [
            ("文本", Cell("文本")),
            ("007", Cell("007")),
            ("91330000000123456X", Cell("91330000000123456X")),
            (" a\nb ", Cell(" a\nb ")),
            (7, Cell("7", "number")),
            (-7, Cell("-7", "number")),
            (12.10, Cell("12.1", "number")),
            (0.29, Cell("0.29", "number")),
            (1234567.89, Cell("1234567.89", "number")),
            (1e-7, Cell("0.0000001", "number")),
            (True, Cell("true", "boolean")),
            (False, Cell("false", "boolean")),
            (datetime.date(2026, 3, 1), Cell("2026-03-01", "date")),
            (datetime.datetime(2026, 3, 1), Cell("2026-03-01", "date")),
            (datetime.datetime(2026, 3, 1, 12, 30), Cell("2026-03-01 12:30:00", "date")),
            (datetime.time(8, 30), Cell("08:30", "text")),
            (datetime.timedelta(hours=30, minutes=5), Cell("30:05", "text")),
        ],
    )
    def test_each_is_text_with_the_type_of_the_file(self, value: object, cell: Cell) -> None:
        assert grid(sheet(["x", value])).rows == ((Cell("x"), cell),)

    @pytest.mark.parametrize(
        ("number_format", "text"),
        [("0.0%", "0.125"), ("#,##0.00", "0.125"), ("0.0E+00", "0.125"), ("@", "0.125")],
    )
    def test_a_number_is_read_whatever_its_format(self, number_format: str, text: str) -> None:
        assert grid(sheet([0.125], formats={"A1": number_format})).rows[0][0].text == text

    @pytest.mark.parametrize("number_format", ["yyyy/m/d", 'yyyy"年"m"月"d"日"', "mm-dd-yy"])
    def test_a_date_is_read_whatever_its_format(self, number_format: str) -> None:
        data = sheet([datetime.date(2026, 3, 1)], formats={"A1": number_format})
        assert grid(data).rows[0][0] == Cell("2026-03-01", "date")

    def test_rows_and_columns_count_from_a1(self) -> None:
        def fill(workbook: openpyxl.Workbook) -> None:
            workbook["表"]["C3"] = "x"

        found = grid(book(fill))
        assert found.cell(2, 2).text == "x"
        assert found.cell(0, 0) is EMPTY
        assert str(found.location(2, 2)) == "content/a.xlsx!表!C3"

    def test_a_formula_has_its_saved_result(self) -> None:
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream) as workbook:
            workbook.add_worksheet("表").write_formula("A1", "=1+1", None, 2)
            workbook.worksheets()[0].write_formula("A2", '="a"', None, "a")
        assert grid(stream.getvalue()).rows == ((Cell("2", "number"),), (Cell("a"),))

    def test_a_formula_whose_result_is_an_empty_text_is_blank(self) -> None:
        row = '<row r="3"><c r="A3" t="str"><f>""</f><v></v></c></row>'
        assert grid(with_row(PLAIN, row)).cell(2, 0).text == ""

    def test_merged_cells_are_told(self) -> None:
        def fill(workbook: openpyxl.Workbook) -> None:
            table = workbook["表"]
            for row in (["项目", "小计", ""], ["", "行政", "事业"], ["甲", 1, 2]):
                table.append(row)
            table.merge_cells("A1:A2")
            table.merge_cells("B1:C1")

        found = grid(book(fill))
        assert found.merged == ((0, 0, 1, 0), (0, 1, 0, 2))
        header = find_header(found, [{"项目"}, {"小计/行政"}, {"小计/事业"}])
        assert header is not None
        assert header.titles == ("项目", "小计/行政", "小计/事业")
        assert header.first == 2


NUMBERS = st.decimals(-(10**9), 10**9, places=2, allow_nan=False) | st.integers(-(10**14), 10**14)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufeff\u2028\u2029"), min_size=1, max_size=8)  # fmt: skip  # noqa: E501
DATES = st.dates(datetime.date(1950, 1, 1), datetime.date(2099, 12, 31))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(NUMBERS | TEXTS | DATES, min_size=1, max_size=4), min_size=1, max_size=5))
def test_what_is_written_is_read(rows: list[list[object]]) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        table = workbook.add_worksheet("表")
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for row, line in enumerate(rows):
            for column, value in enumerate(line):
                if isinstance(value, str):
                    table.write_string(row, column, value)
                elif isinstance(value, datetime.date):
                    table.write_datetime(row, column, value, day)
                else:
                    table.write_number(row, column, value)
    found = grid(stream.getvalue())
    for row, line in enumerate(rows):
        for column, value in enumerate(line):
            cell = found.cell(row, column)
            if isinstance(value, str):
                assert cell == Cell(value, "text")
            elif isinstance(value, datetime.date):
                assert cell == Cell(value.isoformat(), "date")
            else:
                assert cell.type == "number"
                assert Decimal(cell.text) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(-0.0)
@example(1e22)
@example(1e15)
def test_the_text_of_a_number_is_exact_and_has_no_exponent(value: float) -> None:
    text = number_text(value)
    assert float(text) == value
    assert set(text) <= set("-.0123456789")
    assert not text.endswith(".0")


class TestSheets:
    @staticmethod
    def three() -> bytes:
        def fill(workbook: openpyxl.Workbook) -> None:
            for name, state in (("说明", "hidden"), ("Data", "visible"), ("内", "veryHidden")):
                workbook.create_sheet(name).append([name])
                workbook[name].sheet_state = state
            workbook["表"].append(["表"])
            workbook.move_sheet("说明", -1)

        return book(fill)

    def test_the_first_visible_one_by_default(self) -> None:
        assert grid(self.three()).sheet == "表"

    def test_by_name(self) -> None:
        assert grid(self.three(), "Data").rows == ((Cell("Data"),),)

    def test_excel_ignores_case_and_so_do_we(self) -> None:
        assert grid(self.three(), " data ").sheet == "Data"

    def test_a_missing_sheet(self) -> None:
        found, (problem,) = read_xlsx(self.three(), "content/a.xlsx", "总表")
        assert found is None
        assert problem.message() == 'there is no sheet "总表"; the workbook has: 表、Data'

    @pytest.mark.parametrize("name", ["说明", "内"])
    def test_a_hidden_sheet_is_never_read(self, name: str) -> None:
        assert fault(self.three(), name) == ("content/a.xlsx", "S508")

    def test_no_visible_sheet(self) -> None:
        hidden = b'state="hidden"'
        data = changed(
            PLAIN, "xl/workbook.xml", lambda xml: xml.replace(b'state="visible"', hidden)
        )
        assert fault(data) == ("content/a.xlsx", "S509")

    def test_a_chart_is_no_sheet(self) -> None:
        def fill(workbook: openpyxl.Workbook) -> None:
            workbook["表"].append(["x"])
            workbook.create_chartsheet("图", 0)

        assert grid(book(fill)).sheet == "表"

    def test_an_empty_sheet(self) -> None:
        assert fault(sheet()) == ("content/a.xlsx!表", "S408")


class TestCellsWithoutValue:
    def test_errors_are_located(self) -> None:
        data = with_row(PLAIN, '<row r="3"><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>')
        found, (problem,) = read_xlsx(data, "content/a.xlsx")
        assert (str(problem.where), problem.code) == ("content/a.xlsx!表!B3", "S510")
        assert problem.message() == "the cell holds the error #DIV/0!"
        assert found is not None
        assert found.cell(2, 1) == Cell("#DIV/0!", "error")

    def test_a_formula_that_was_never_calculated(self) -> None:
        found, (problem,) = read_xlsx(sheet(["x", "=1+1"]), "content/a.xlsx")
        assert (str(problem.where), problem.code) == ("content/a.xlsx!表!B1", "S511")
        assert found is not None
        assert found.cell(0, 1) == Cell("", "error")

    def test_numbers_that_excel_has_cut_off(self) -> None:
        _, (problem,) = read_xlsx(sheet(["编号", 913300000001234567]), "content/a.xlsx")
        assert (str(problem.where), problem.code) == ("content/a.xlsx!表!B1", "S513")

    def test_control_characters(self) -> None:
        data = with_row(
            PLAIN, '<row r="3"><c r="A3" t="inlineStr"><is><t>a&#x85;b</t></is></c></row>'
        )
        found, (problem,) = read_xlsx(data, "content/a.xlsx")
        assert (str(problem.where), problem.code) == ("content/a.xlsx!表!A3", "S104")
        assert found is not None
        assert found.cell(2, 0).text == "a b"

    def test_infinite_numbers(self) -> None:
        data = with_row(PLAIN, '<row r="3"><c r="A3"><v>1e999</v></c></row>')
        found, (problem,) = read_xlsx(data, "content/a.xlsx")
        assert (str(problem.where), problem.code) == ("content/a.xlsx!表!A3", "S510")
        assert found is not None
        assert found.cell(2, 0).type == "error"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class TestOtherFiles:
    @pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"<table></table>", b"%PDF-1.7"])
    def test_no_workbook(self, data: bytes) -> None:
        assert fault(data) == ("content/a.xlsx", "S501")

    def test_another_archive(self) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("a.txt", "x")
        assert fault(stream.getvalue()) == ("content/a.xlsx", "S501")

    @pytest.mark.parametrize(
        ("path", "shown"),
        [("a.xls", ".xls"), ("a.xlsx", ".xls"), ("a.et", ".et")],
    )
    def test_old_formats(self, path: str, shown: str) -> None:
        found, (problem,) = read_xlsx(OLE + bytes(600), f"content/{path}")
        assert found is None
        assert problem.message() == f"this is a {shown} file, not an .xlsx workbook"

    def test_a_password(self) -> None:
        data = OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(100)
        assert fault(data) == ("content/a.xlsx", "S502")

    @pytest.mark.parametrize(
        ("part", "content", "shown"),
        [
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet", ".ods"),
            ("xl/workbook.bin", b"", ".xlsb"),
            ("word/document.xml", b"<a/>", ".docx"),
        ],
    )
    def test_other_formats(self, part: str, content: bytes, shown: str) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(part, content)
        _, (problem,) = read_xlsx(stream.getvalue(), "content/a.xlsx")
        assert problem.message() == f"this is a {shown} file, not an .xlsx workbook"


class TestHostileFiles:
    """Each of these would end the process, or take all its memory, if it were opened."""

    def test_a_far_cell(self) -> None:
        data = with_row(PLAIN, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
        assert fault(data) == ("content/a.xlsx!表!XFD1048576", "S505")

    def test_a_far_cell_with_a_prefix_in_its_names(self) -> None:
        def prefixed(xml: bytes) -> bytes:
            row = b'<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
            names = b' xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
            xml = xml.replace(b"<sheetData>", b"<sheetData" + names + b">")
            return xml.replace(b"</sheetData>", row + b"</sheetData>")

        assert fault(changed(PLAIN, SHEET, prefixed)) == ("content/a.xlsx!表!XFD1048576", "S505")

    def test_a_far_cell_by_counting(self) -> None:
        row = '<row r="1048576">' + "<c><v>1</v></c>" * 50 + "</row>"
        assert fault(with_row(PLAIN, row)) == ("content/a.xlsx!表!AX1048576", "S505")

    @pytest.mark.parametrize(
        "name", ["A0", "0", "A", "ZZZZZ1", "１", "A-1", "", "A99999999999999999"]
    )
    def test_impossible_cells(self, name: str) -> None:
        _, code = fault(with_row(PLAIN, f'<row r="9"><c r="{name}"><v>1</v></c></row>'))
        assert code in ("S505", "S506")

    def test_a_far_cell_with_only_a_format_does_no_harm(self) -> None:
        data = with_row(PLAIN, '<row r="1048576"><c r="XFD1048576" s="0"/></row>')
        assert len(grid(data).rows) == 2

    def test_a_bomb(self) -> None:
        bomb = changed(PLAIN, "xl/media/a.xml", lambda _: b" " * (20 * 1024 * 1024))
        assert fault(bomb) == ("content/a.xlsx", "S504")

    def test_many_large_parts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(xlsxguard, "MAX_UNPACKED", 1000)
        assert fault(PLAIN) == ("content/a.xlsx", "S504")

    def test_many_parts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(xlsxguard, "MAX_PARTS", 3)
        assert fault(PLAIN) == ("content/a.xlsx", "S504")

    def test_entities(self) -> None:
        def dtd(xml: bytes) -> bytes:
            return b'<!DOCTYPE a [<!ENTITY b "x">]>' + xml

        assert fault(changed(PLAIN, "xl/sharedStrings.xml", dtd)) == ("content/a.xlsx", "S512")

    def test_a_part_that_is_there_twice(self) -> None:
        data = changed(PLAIN, SHEET.replace("sheet1", "Sheet1"), lambda _: b"<worksheet/>")
        assert fault(data) == ("content/a.xlsx", "S506")

    def test_a_part_that_is_larger_than_it_says(self) -> None:
        with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
            size = archive.getinfo(SHEET).file_size
        small = (size - 100).to_bytes(4, "little")
        assert fault(PLAIN.replace(size.to_bytes(4, "little"), small)) == ("content/a.xlsx", "S506")

    @pytest.mark.parametrize(
        "part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET, "xl/styles.xml"]
    )
    @pytest.mark.parametrize("content", [b"", b"<a>", b"\x00\xff", b"<a/>"])
    def test_parts_that_are_no_xml(self, part: str, content: bytes) -> None:
        found, problems = read_xlsx(changed(PLAIN, part, lambda _: content), "content/a.xlsx")
        assert found is not None or problems

    def test_a_truncated_file(self) -> None:
        assert fault(PLAIN[: len(PLAIN) // 2]) == ("content/a.xlsx", "S506")


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    assert read_xlsx(data, "content/a.xlsx")[0] is None
    assert read_xlsx(b"PK\x03\x04" + data, "content/a.xlsx")[0] is None


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(PLAIN) - 1), st.binary(min_size=1, max_size=6))
def test_no_damage_raises(place: int, damage: bytes) -> None:
    found, problems = read_xlsx(PLAIN[:place] + damage + PLAIN[place + len(damage) :], "c.xlsx")
    assert found is not None or problems


XML = b'<row><c r="B2" t="s"><v>1</v></c></row><mergeCell ref="A1:B2"/><is><t>x</t></is><f>'


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([XML[i : i + 9] for i in range(0, len(XML), 3)]), max_size=6))
def test_no_damage_inside_a_sheet_raises(pieces: list[bytes]) -> None:
    def damage(xml: bytes) -> bytes:
        return xml.replace(b"</row>", b"".join(pieces) + b"</row>", 1)

    found, problems = read_xlsx(changed(PLAIN, SHEET, damage), "c.xlsx")
    assert found is not None or problems
