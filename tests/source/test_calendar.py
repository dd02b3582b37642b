"""Working days: the vectors of the holiday notices, estimates, and calendars of a site."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.problems import Severity
from sitegen.source.calendar import Calendar, load_calendar, shipped_calendar

day = datetime.date.fromisoformat
CALENDAR = shipped_calendar()
KNOWN_DAYS = st.dates(day("2021-01-01"), day("2026-12-31"))


@pytest.mark.parametrize(
    ("start", "days", "deadline"),
    [
        ("2026-01-30", 20, "2026-03-05"),
        ("2026-02-13", 7, "2026-03-02"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-02-16", 7, "2026-03-03"),
        ("2026-02-28", 5, "2026-03-06"),
        ("2026-04-03", 1, "2026-04-07"),
        ("2026-04-30", 7, "2026-05-13"),
        ("2026-09-18", 20, "2026-10-22"),
        ("2026-09-24", 1, "2026-09-28"),
        ("2026-09-30", 7, "2026-10-15"),
        ("2026-10-09", 1, "2026-10-10"),
        ("2026-11-23", 20, "2026-12-21"),
        ("2026-12-01", 20, "2026-12-29"),
        ("2026-03-02", 0, "2026-03-02"),
    ],
)
def test_limits_end_on_the_day_that_the_notice_makes_a_working_day(start, days, deadline):
    assert CALENDAR.add_workdays(day(start), days) == (day(deadline), False)


def test_working_days_of_each_month_of_2026():
    months = [
        sum(CALENDAR.is_workday(datetime.date(2026, month, d)) for d in range(1, last + 1))
        for month, last in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1)
    ]
    assert months == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]


@pytest.mark.parametrize(
    ("year", "workdays"), [(2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248)]
)
def test_working_days_of_earlier_years(year, workdays):
    before = datetime.date(year - 1, 12, 31)
    assert CALENDAR.workdays_between(before, datetime.date(year, 12, 31)) == workdays


class TestUnknownYears:
    def test_a_limit_that_runs_into_one_is_an_estimate(self):
        assert CALENDAR.add_workdays(day("2026-12-10"), 20) == (day("2027-01-08"), True)

    def test_legal_holidays_count_but_not_their_swaps(self):
        off = [d for d in range(1, 15) if not CALENDAR.is_workday(datetime.date(2027, 2, d))]
        # 除夕 Friday 5 to 初三 Monday 8 February, and ordinary week-ends.
        assert off == [5, 6, 7, 8, 13, 14]

    def test_far_past_and_future_never_fail(self):
        assert CALENDAR.add_workdays(day("1990-05-01"), 3).estimated
        assert CALENDAR.add_workdays(datetime.date.max, 3) == (datetime.date.max, True)
        assert CALENDAR.add_days(datetime.date.max, 3) == (datetime.date.max, True)

    def test_the_known_part_stays_certain(self):
        assert CALENDAR.add_workdays(day("2026-12-01"), 20).estimated is False


class TestCalendarDays:
    def test_a_limit_on_a_day_off_moves_to_the_next_working_day(self):
        # 2026-02-16 lies in the Spring Festival block, which ends on the 23rd.
        assert CALENDAR.add_days(day("2026-01-27"), 20) == (day("2026-02-24"), False)

    def test_or_stays_where_that_is_wanted(self):
        assert CALENDAR.add_days(day("2026-01-27"), 20, roll=False) == (day("2026-02-16"), False)


@given(KNOWN_DAYS, st.integers(0, 40))
def test_counting_back_gives_the_number_of_days(start, days):
    deadline, _ = CALENDAR.add_workdays(start, days)
    assert CALENDAR.workdays_between(start, deadline) == days


@given(KNOWN_DAYS, st.integers(1, 40))
def test_a_limit_ends_on_a_working_day(start, days):
    assert CALENDAR.is_workday(CALENDAR.add_workdays(start, days).date)


def test_negative_limits_are_a_bug():
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_workdays(day("2026-03-02"), -1)


def test_extra_days_of_a_site_go_before_the_table():
    local = CALENDAR.with_extra([day("2026-03-03")], [day("2026-03-07")])
    assert not local.is_workday(day("2026-03-03"))
    assert local.is_workday(day("2026-03-07"))
    assert CALENDAR.is_workday(day("2026-03-03"))


def load(text: str, name: str = "2027.yaml") -> tuple[Calendar, list[str]]:
    calendar, problems = load_calendar([(f"content/calendar/{name}", text.encode())])
    return calendar, [f"{p.where}: {p.severity} {p.code} {p.message()}" for p in problems]


class TestFilesOfASite:
    def test_a_year_may_be_written_in_chinese(self):
        calendar, problems = load(
            "年份: 2027\n依据: 示范〔2026〕1号\n"
            "放假:\n  - {名称: 元旦, 自: 2027-01-01, 至: 2027-01-03}\n  - 2027-02-05\n"
            "调休上班: [2027-01-09]\n"
        )
        assert problems == []
        assert calendar.add_workdays(day("2026-12-31"), 1) == (day("2027-01-04"), False)
        assert calendar.is_workday(day("2027-01-09"))
        assert not calendar.is_workday(day("2027-02-05"))
        assert calendar.years[2027].basis == "示范〔2026〕1号"

    def test_it_replaces_the_shipped_year(self):
        calendar, problems = load("year: 2026\noff: [2026-03-02]\n", "2026.yaml")
        assert problems == []
        assert not calendar.is_workday(day("2026-03-02"))
        assert calendar.is_workday(day("2026-10-01"))
        assert shipped_calendar().is_workday(day("2026-03-02"))

    def test_all_faults_are_told_with_their_places(self):
        _, problems = load(
            "year: 2027\n"
            "holidays: 3\n"
            "off:\n"
            "  - {from: 2027-01-03, to: 2027-01-01}\n"
            "  - {from: 2027/5/1, to: 2027-05-03}\n"
            "  - 2028-01-01\n"
            "makeup: [2027-01-04, 2027-02-30]\n"
        )
        assert problems == [
            'content/calendar/2027.yaml:2:1: error S801 "holidays" is not a key of a calendar',
            "content/calendar/2027.yaml:4:5: error S805 "
            "calendar: the days off from 2027-01-03 to 2027-01-01 end before they begin",
            'content/calendar/2027.yaml:5:12: error S802 calendar: "2027/5/1" is not a date',
            "content/calendar/2027.yaml:6:5: error S803 "
            "calendar of 2027: 2028-01-01 lies in another year",
            "content/calendar/2027.yaml:7:10: warning S807 "
            "calendar: make-up working day 2027-01-04 is an ordinary weekday",
            'content/calendar/2027.yaml:7:22: error S802 calendar: "2027-02-30" is not a date',
        ]

    def test_a_day_cannot_be_off_and_made_up(self):
        _, problems = load("year: 2027\noff: [2027-01-09]\nmakeup: [2027-01-09]\n")
        assert [p.split()[2] for p in problems] == ["S806"]

    @pytest.mark.parametrize("text", ["off: []\n", "year: soon\n", "- 2027-01-01\n", "\x00\t{"])
    def test_a_file_without_a_year_changes_nothing(self, text):
        calendar, problems = load(text)
        assert problems
        assert set(calendar.years) == set(shipped_calendar().years)

    def test_shapes_that_are_not_expected(self):
        _, problems = load("year: 2027\noff: {from: 2027-01-01}\nmakeup:\n  - [2027-01-09]\n")
        assert [p.split()[2] for p in problems] == ["S809", "S809"]

    def test_a_second_file_of_a_year_is_told(self):
        files = [(f"content/calendar/{name}.yaml", b"year: 2027\n") for name in ("b", "a")]
        _, problems = load_calendar(files)
        assert [(p.code, str(p.where), p.hint()) for p in problems] == [
            ("S808", "content/calendar/b.yaml:1", "the first is content/calendar/a.yaml")
        ]

    @given(st.binary(max_size=80))
    def test_no_bytes_raise(self, data):
        _, problems = load_calendar([("content/calendar/2027.yaml", data)])
        assert all(isinstance(p.severity, Severity) for p in problems)
