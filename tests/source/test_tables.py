"""Finding the headings of a table, and naming its cells."""

from __future__ import annotations

import pytest
from openpyxl.utils import get_column_letter

from sitegen.source.tables import Cell, Grid, Header, a1, find_header, heading_keys

WANTED = [{"收入", "项目"}, {"预算数"}, {"小计"}]


def grid(*rows: str, merged: tuple[tuple[int, int, int, int], ...] = ()) -> Grid:
    """A sheet from rows of cells separated by bars."""
    cells = tuple(tuple(Cell(text) for text in row.split("|")) for row in rows)
    return Grid("content/a.xlsx", "表", cells, merged=merged)


class TestOneRow:
    def test_the_first_row(self) -> None:
        assert find_header(grid("项目|预算数", "a|1"), WANTED) == Header(0, 1, ("项目", "预算数"))

    def test_below_a_title_and_a_unit(self) -> None:
        found = find_header(grid("收支总表|", "|单位：万元", "项目|预算数", "a|1"), WANTED)
        assert found == Header(2, 1, ("项目", "预算数"))
        assert found is not None
        assert found.first == 3

    @pytest.mark.parametrize(
        "heading",
        [
            "预 算 数",
            "预算\n数",
            "预算数（万元）",
            "预算数(万元)",
            "*预算数",
            "预算数：",
            "　预算数",
        ],
    )
    def test_blanks_breaks_and_remarks_do_not_count(self, heading: str) -> None:
        found = find_header(grid(f"项目|{heading}", "a|1"), WANTED)
        assert found is not None
        assert found.row == 0
        assert "预算数" in heading_keys(found.titles[1])

    def test_remarks_of_the_wanted_heading_do_not_count_either(self) -> None:
        assert find_header(grid("x|y", "收费标准|z"), [{"收费标准（元）"}]) is not None

    def test_the_row_with_most_headings_wins(self) -> None:
        found = find_header(grid("项目|说明", "项目|预算数|小计", "a|1|2"), WANTED)
        assert found is not None
        assert found.row == 1

    def test_of_equal_rows_the_upper_one_wins(self) -> None:
        found = find_header(grid("项目|预算数", "项目|预算数"), WANTED)
        assert found is not None
        assert found.row == 0

    def test_no_heading(self) -> None:
        assert find_header(grid("a|b", "1|2"), WANTED) is None
        assert find_header(Grid("content/a.csv", "", ()), WANTED) is None

    def test_a_given_row(self) -> None:
        table = grid("项目|预算数", "收入|小计", "a|1")
        assert find_header(table, WANTED, 2) == Header(1, 1, ("收入", "小计"))

    def test_a_given_row_without_any_heading_is_taken_as_it_is(self) -> None:
        assert find_header(grid("a|b", "1|2"), WANTED, 1) == Header(0, 1, ("a", "b"))

    def test_a_given_row_outside(self) -> None:
        assert find_header(grid("a|b"), WANTED, 9) is None
        assert find_header(grid("a|b"), WANTED, 0) is None


TWO = [{"项目"}, {"合计"}, {"小计/行政"}, {"小计/事业"}, {"备注"}]


class TestTwoRows:
    def test_merged_cells_are_joined(self) -> None:
        table = grid(
            "项目|合计|小计||备注", "||行政|事业|", "a|1|2|3|",
            merged=((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4)),
        )  # fmt: skip
        titles = ("项目", "合计", "小计/行政", "小计/事业", "备注")
        assert find_header(table, TWO) == Header(0, 2, titles)

    def test_csv_has_no_merged_cells(self) -> None:
        table = grid("项目|合计|小计||备注", "||行政|事业|", "a|1|2|3|")
        titles = ("项目", "合计", "小计/行政", "小计/事业", "备注")
        assert find_header(table, TWO) == Header(0, 2, titles)

    def test_the_lower_heading_alone_may_be_wanted(self) -> None:
        table = grid("项目|其中|", "|行政|事业", "a|1|2", merged=((0, 1, 0, 2),))
        found = find_header(table, [{"项目"}, {"行政"}, {"事业"}])
        assert found == Header(0, 2, ("项目", "行政", "事业"))

    def test_unknown_headings_are_joined_too(self) -> None:
        table = grid("项目|其中|", "|行政|其他", "a|1|2", merged=((0, 1, 0, 2),))
        found = find_header(table, [{"项目"}, {"行政"}])
        assert found == Header(0, 2, ("项目", "行政", "其中/其他"))

    def test_data_is_no_second_row_of_headings(self) -> None:
        found = find_header(grid("项目|合计", "甲|12"), TWO)
        assert found == Header(0, 1, ("项目", "合计"))


def test_cells_are_named_as_in_excel() -> None:
    for column in (0, 25, 26, 51, 52, 701, 702, 16383):
        assert a1(6, column) == f"{get_column_letter(column + 1)}7"


def test_merged_cells_show_their_first() -> None:
    table = grid("a||c", "||d", merged=((0, 0, 1, 1),))
    assert [table.filled(1, column).text for column in range(3)] == ["a", "a", "d"]
    assert table.cell(1, 1).text == ""
    assert str(table.location(1, 2)) == "content/a.xlsx!表!C2"
    assert table.width == 3
