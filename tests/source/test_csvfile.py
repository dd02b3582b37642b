"""CSV as grids: encodings, located cells, and located faults."""

from __future__ import annotations

import csv
import io
import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.problems import Severity
from sitegen.source.csvfile import read_csv
from sitegen.source.tables import EMPTY, Cell, Grid

TABLE = "事项名称,许可机关,数量\n建设许可,建设局,007\n排污许可,生态环境局,12.10\n"


def grid(data: bytes | str, encoding: str | None = None) -> Grid:
    if isinstance(data, str):
        data = data.encode()
    found, problems = read_csv(data, "content/a.csv", encoding)
    assert problems == ()
    assert found is not None
    return found


def texts(found: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in found.rows]


def fault(data: bytes | str, encoding: str | None = None) -> tuple[str, str]:
    if isinstance(data, str):
        data = data.encode()
    found, (problem,) = read_csv(data, "content/a.csv", encoding)
    assert found is None
    assert problem.severity is Severity.ERROR
    return str(problem.where), problem.code


class TestEncodings:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_each_is_detected_and_named(self, encoding: str, end: str) -> None:
        found = grid(TABLE.replace("\n", end).encode(encoding))
        assert found.encoding == encoding
        assert texts(found) == [line.split(",") for line in TABLE.split()]

    @pytest.mark.parametrize("name", ["gb18030", "GBK", "gb2312", "ANSI", "cp936"])
    def test_gb18030_may_be_declared(self, name: str) -> None:
        assert grid(TABLE.encode("gb18030"), name).encoding == "gb18030"

    def test_utf8_may_be_declared_with_and_without_mark(self) -> None:
        assert grid(TABLE, "UTF_8").encoding == "utf-8"
        assert grid(TABLE.encode("utf-8-sig"), "utf-8").encoding == "utf-8-sig"

    def test_a_mark_outweighs_what_was_declared(self) -> None:
        assert grid(TABLE.encode("utf-8-sig"), "gb18030").encoding == "utf-8-sig"

    def test_short_words_of_gb18030_that_look_like_utf8_can_be_declared(self) -> None:
        data = "通知\n".encode("gb18030")
        assert texts(grid(data, "gb18030")) == [["通知"]]

    def test_another_encoding_than_declared(self) -> None:
        assert fault(TABLE.encode("gb18030"), "utf-8") == ("content/a.csv:1:1", "S404")
        data = "名称,数量\n一,".encode("gb18030") + b"\xff\n"
        assert fault(data, "gb18030") == ("content/a.csv:2:3", "S404")

    def test_unknown_encoding(self) -> None:
        assert fault(TABLE, "utf-7") == ("content/a.csv", "S405")

    def test_neither_encoding(self) -> None:
        assert fault(TABLE.encode()[:-1] + b"\xff\n") == ("content/a.csv:3:17", "S101")

    def test_utf16(self) -> None:
        assert fault(TABLE.encode("utf-16")) == ("content/a.csv", "S103")


class TestCells:
    def test_everything_is_text_and_blank_cells_are_empty(self) -> None:
        found = grid("a,,c\n007,12.10, \n")
        assert found.rows == (
            (Cell("a"), EMPTY, Cell("c")),
            (Cell("007"), Cell("12.10"), Cell(" ")),
        )
        assert found.cell(1, 2).blank
        assert found.cell(9, 9) is EMPTY

    def test_ragged_rows_and_blank_lines_stay(self) -> None:
        assert texts(grid("a,b\n1\n\n1,2,3\n")) == [["a", "b"], ["1"], [], ["1", "2", "3"]]

    def test_quotes(self) -> None:
        assert texts(grid('a,"b,c"\n"x""y","一\n二"\n')) == [["a", "b,c"], ['x"y', "一\n二"]]

    def test_quotes_inside_a_plain_cell_stay(self) -> None:
        assert texts(grid('a,5"钢管\n')) == [["a", '5"钢管']]

    def test_one_column(self) -> None:
        assert texts(grid("名称\n建设许可\n")) == [["名称"], ["建设许可"]]

    def test_control_characters_are_located(self) -> None:
        found, (problem,) = read_csv(b"a,b\n1,\x00x\n", "content/a.csv")
        assert (str(problem.where), problem.code) == ("content/a.csv:2:3", "S104")
        assert found is not None
        assert texts(found) == [["a", "b"], ["1", " x"]]


class TestLocations:
    def test_line_and_column_in_characters(self) -> None:
        found = grid(TABLE)
        assert str(found.location(0, 0)) == "content/a.csv:1:1"
        assert str(found.location(1, 1)) == "content/a.csv:2:6"
        assert str(found.location(2, 2)) == "content/a.csv:3:12"
        assert str(found.location(2)) == "content/a.csv:3:1"

    def test_cells_after_quotes_and_line_breaks(self) -> None:
        found = grid('a,b,c\n"x\n""y,",二,"三\n"\n1,2,3\n')
        assert str(found.location(1, 0)) == "content/a.csv:2:1"
        assert str(found.location(1, 1)) == "content/a.csv:3:7"
        assert str(found.location(1, 2)) == "content/a.csv:3:9"
        assert str(found.location(2, 1)) == "content/a.csv:5:3"

    def test_a_missing_cell_is_located_at_the_end_of_its_row(self) -> None:
        assert str(grid("a,b,c\n1,2\n").location(1, 2)) == "content/a.csv:2:4"
        assert str(grid("a,b,c\n1,2").location(1, 2)) == "content/a.csv:2:4"

    def test_a_missing_row_is_located_at_the_end(self) -> None:
        assert str(grid("a,b\n1,2\n").location(5, 0)) == "content/a.csv:3:1"


CELLS = st.text(st.sampled_from('ab一二,"\n ，。0'), max_size=6)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=5), min_size=1, max_size=6)


@given(ROWS, st.sampled_from(["\n", "\r\n"]), st.booleans())
@example([["", ""]], "\n", False)
def test_what_is_written_is_read_and_stands_where_it_says(
    rows: list[list[str]], end: str, all_quoted: bool
) -> None:
    stream = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
    csv.writer(stream, lineterminator=end, quoting=quoting).writerows(rows)
    written = stream.getvalue()
    found = grid(written)
    assert texts(found) == rows
    lines = written.replace("\r\n", "\n").split("\n")
    for row, column in itertools.product(range(len(rows)), range(5)):
        where = found.location(row, column)
        assert where.line is not None
        assert where.column is not None
        if column < len(rows[row]):
            rest = "\n".join([lines[where.line - 1][where.column - 1 :], *lines[where.line :]])
            quoted = rest.startswith('"')
            assert rest.startswith(rows[row][column].replace('"', '""'), quoted)
            assert where.column == 1 or lines[where.line - 1][where.column - 2] == ","


class TestFaults:
    def test_unclosed_quote(self) -> None:
        assert fault('a,b\n1,"x\n2,y\n3,z\n') == ("content/a.csv:2:3", "S401")

    def test_unclosed_quote_of_a_large_file(self) -> None:
        assert fault('a,b\n1,"x\n' + "2,y\n" * 50_000) == ("content/a.csv:2:3", "S401")

    def test_text_after_a_quote(self) -> None:
        assert fault('a,b\n1,"x" y\n') == ("content/a.csv:2:6", "S402")

    @pytest.mark.parametrize("limit", [131_072, 10_000_000])
    def test_a_large_cell(self, limit: int) -> None:
        before = csv.field_size_limit(limit)  # of the whole process: other libraries change it
        try:
            assert fault("a,b\n1," + "x" * 200_000 + "\n") == ("content/a.csv:2:3", "S406")
        finally:
            csv.field_size_limit(before)

    @pytest.mark.parametrize("delimiter", ["\t", ";", "，", "；", "|", "、"])
    def test_another_delimiter(self, delimiter: str) -> None:
        assert fault(TABLE.replace(",", delimiter)) == ("content/a.csv:1:5", "S403")

    @pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"\r\n"])
    def test_nothing(self, data: bytes) -> None:
        assert fault(data) == ("content/a.csv", "S408")


@given(st.binary(), st.sampled_from([None, "utf-8", "gb18030", "?"]))
def test_no_bytes_raise(data: bytes, encoding: str | None) -> None:
    found, problems = read_csv(data, "content/a.csv", encoding)
    assert (found is not None) or problems


@given(st.text(st.sampled_from('",\n\r\tab，；;一\x00\ufeff'), max_size=30))
def test_no_text_raises(text: str) -> None:
    found, problems = read_csv(text.encode(), "content/a.csv")
    assert (found is not None) or problems
    if found is not None:
        for row, cells in enumerate(found.rows):
            for column in range(len(cells)):
                assert found.location(row, column).line is not None
