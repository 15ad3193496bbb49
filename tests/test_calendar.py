"""Periods as a person writes them, fiscal years, ISO weeks, 29 February, working days, like with like."""

import datetime as dt
import itertools

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmkpi.calendar import ALL, DAY, GRAINS, WorkingDays, comparable, parse, to_date, unit
from crmkpi.errors import UsageError

D = dt.date
FR = WorkingDays("FR")


@pytest.mark.parametrize(
    ("text", "start", "end", "grain", "label"),
    [
        ("2026", D(2026, 1, 1), D(2027, 1, 1), "year", "2026"),
        ("2026-Q4", D(2026, 10, 1), D(2027, 1, 1), "quarter", "2026-Q4"),
        ("2026-q1", D(2026, 1, 1), D(2026, 4, 1), "quarter", "2026-Q1"),
        ("2026-10", D(2026, 10, 1), D(2026, 11, 1), "month", "2026-10"),
        ("2026-12", D(2026, 12, 1), D(2027, 1, 1), "month", "2026-12"),
        ("2026-10-23", D(2026, 10, 23), D(2026, 10, 24), "day", "2026-10-23"),
        ("2026-W47", D(2026, 11, 16), D(2026, 11, 23), "week", "2026-W47"),
        ("2026-w5", D(2026, 1, 26), D(2026, 2, 2), "week", "2026-W05"),
        ("FY2026", D(2026, 1, 1), D(2027, 1, 1), "year", "FY2026"),
        ("FY2026-Q1", D(2026, 1, 1), D(2026, 4, 1), "quarter", "FY2026-Q1"),
        ("2026-01-01/2026-04-01", D(2026, 1, 1), D(2026, 4, 1), "range", "2026-01-01/2026-04-01"),
        ("all", ALL.start, ALL.end, "all", "all"),
        (" 2026-10 ", D(2026, 10, 1), D(2026, 11, 1), "month", "2026-10"),
    ],
)
def test_every_form(text, start, end, grain, label):
    period = parse(text)
    assert (period.start, period.end, period.grain, period.label) == (start, end, grain, label)
    assert period.last_day == end - DAY


@pytest.mark.parametrize(
    ("text", "fiscal", "start", "end"),
    [
        ("FY2026", 4, D(2025, 4, 1), D(2026, 4, 1)),  # named after the year it ends in
        ("FY2026-Q1", 4, D(2025, 4, 1), D(2025, 7, 1)),
        ("FY2026-Q4", 4, D(2026, 1, 1), D(2026, 4, 1)),
        ("FY2026-Q1", 10, D(2025, 10, 1), D(2026, 1, 1)),
        ("FY2026-Q4", 12, D(2026, 9, 1), D(2026, 12, 1)),
        ("FY2026", 2, D(2025, 2, 1), D(2026, 2, 1)),
        ("2026", 4, D(2026, 1, 1), D(2027, 1, 1)),  # without FY: the calendar year
        ("2026-Q1", 4, D(2026, 1, 1), D(2026, 4, 1)),
        ("2026-10", 4, D(2026, 10, 1), D(2026, 11, 1)),
    ],
)
def test_fiscal_years(text, fiscal, start, end):
    period = parse(text, fiscal)
    assert (period.start, period.end) == (start, end)


def test_fiscal_units_follow_each_other():
    quarter = parse("FY2026-Q1", 4)
    assert (quarter.previous().label, quarter.last_year().label) == ("FY2025-Q4", "FY2025-Q1")
    assert (parse("FY2026", 4).previous().label, parse("FY2026", 4).last_year().label) == ("FY2025", "FY2025")
    assert [part.label for part in parse("2026", 4).split("year", 4)] == ["FY2026", "FY2027"]
    assert [part.label for part in parse("FY2026", 4).split("quarter", 4)] == [f"FY2026-Q{n}" for n in (1, 2, 3, 4)]


HOSTILE = [
    "", " ", "0000", "0000-01", "0000-Q1", "FY0000", "2026-00", "2026-13", "2026-Q0", "2026-Q5", "2026-W00", "2026-W54",
    "2025-W53", "2026-02-30", "2026-02-29", "2026-1", "2026-10-1", "202", "20260", "2026-10-23T10:00", "26-10",
    "2026/10", "10/2026", "FY26", "FY2026-Q5", "FY2026-10", "Q4 2026", "last month", "ALLL", "2026-10-01/2026-10-01",
    "2026-10-02/2026-10-01", "2026-10-01/", "/2026-10-01", "2026-10-01/2026-13-01", "2026-10/2026-11", "-2026", "2026-",
    "0001", "0001-01-01", "1899-12-31", "2200", "2200-01-01", "9998-12-31",
    "0001-01-01/9998-01-01", "9999", "9999-12", "9999-12-31", "9999-Q4", "9999-W52", "99999", "9" * 400, "²⁰²⁶", "2026\n-10", "٢٠٢٦٠",
    "nan", "None", "'; drop table orders; --", "2026-10-01/2026-10-05/2026-10-09", "\x00",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=[repr(text)[:30] for text in HOSTILE])
@pytest.mark.parametrize("fiscal", [1, 4])
def test_what_is_no_period_is_an_error_in_one_line(text, fiscal):
    with pytest.raises(UsageError) as error:
        parse(text, fiscal)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["1900", "1900-01", "1900-01-01", "1900-Q1", "2199", "2199-12-31", "2199-W52"])
def test_the_ends_of_time_have_neighbours_or_none(text):
    """The first and last periods that can be written are compared with what there is, or with nothing."""
    period = parse(text)
    assert period.start < period.end
    for other in (period.previous, period.last_year):
        try:
            assert other() is None or other().start < period.start
        except (ValueError, OverflowError):
            pytest.fail(f"{other.__name__} of {text} is a traceback")


# --- neighbours ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "previous", "last_year"),
    [
        ("2026", "2025", "2025"),
        ("2026-Q1", "2025-Q4", "2025-Q1"),
        ("2026-01", "2025-12", "2025-01"),
        ("2026-03-01", "2026-02-28", "2025-03-01"),
        ("2024-03-01", "2024-02-29", "2023-03-01"),
        ("2024-02-29", "2024-02-28", "2023-02-28"),  # 29 February as the 28th
        ("2024-02", "2024-01", "2023-02"),
        ("2026-W01", "2025-W52", "2025-W01"),
        ("2021-W01", "2020-W53", "2020-W01"),  # 2020 has 53 weeks
        ("2026-W53", "2026-W52", None),  # 2026 has 53 weeks, 2025 has not
        ("2026-01-11/2026-01-21", "2026-01-01/2026-01-11", "2025-01-11/2025-01-21"),
        ("2024-02-29/2024-03-01", "2024-02-28/2024-02-29", "2023-02-28/2023-03-01"),
        ("2024-02-01/2024-03-01", "2024-01-03/2024-02-01", "2023-02-01/2023-03-01"),  # 29 days before; 28 of 2023
    ],
)
def test_previous_and_last_year(text, previous, last_year):
    period = parse(text)
    assert period.previous().label == previous
    assert (period.last_year() and period.last_year().label) == last_year


@pytest.mark.parametrize(
    ("week", "start"),
    [
        ("2020-W53", D(2020, 12, 28)),
        ("2026-W53", D(2026, 12, 28)),
        ("2021-W01", D(2021, 1, 4)),
        ("2024-W01", D(2024, 1, 1)),
        ("2027-W01", D(2027, 1, 4)),
    ],
)
def test_iso_weeks_at_the_turn_of_a_year(week, start):
    assert parse(week).start == start
    assert unit(start + 3 * DAY, "week").label == week


def test_parts_of_a_cut_period_keep_their_label():
    parts = list(parse("2026-10-20/2026-12-05").split("month"))
    assert [(part.label, part.start, part.end, part.grain) for part in parts] == [
        ("2026-10", D(2026, 10, 20), D(2026, 11, 1), "range"),
        ("2026-11", D(2026, 11, 1), D(2026, 12, 1), "month"),
        ("2026-12", D(2026, 12, 1), D(2026, 12, 5), "range"),
    ]


DAYS = st.dates(D(1990, 1, 1), D(2060, 12, 31))


@given(DAYS, st.sampled_from(GRAINS), st.integers(1, 12))
def test_a_unit_holds_its_day_and_touches_the_one_before(day, grain, fiscal):
    found = unit(day, grain, fiscal)
    assert found.start <= day < found.end
    assert found.previous().end == found.start
    assert found.previous().grain == grain
    assert unit(found.last_day, grain, fiscal) == found


@given(DAYS, st.integers(1, 400), st.sampled_from(GRAINS), st.integers(1, 12))
def test_a_split_covers_the_period_once(start, days, grain, fiscal):
    period = parse(f"{start}/{start + days * DAY}")
    parts = list(period.split(grain, fiscal))
    assert (parts[0].start, parts[-1].end) == (period.start, period.end)
    assert all(one.end == other.start for one, other in itertools.pairwise(parts))


@given(DAYS, st.sampled_from(("day", "week", "month", "quarter", "year")), st.integers(1, 12))
def test_a_label_can_be_written_again(day, grain, fiscal):
    found = unit(day, grain, fiscal)
    again = parse(found.label, fiscal)
    assert (again.start, again.end) == (found.start, found.end)


# --- working days -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "n"),
    [
        (D(2026, 10, 1), D(2026, 11, 1), 22),
        (D(2026, 11, 1), D(2026, 12, 1), 20),  # 21 weekdays less the 11th; the 1st is a Sunday
        (D(2026, 5, 1), D(2026, 6, 1), 17),  # 1, 8, 14 and 25 May
        (D(2026, 10, 3), D(2026, 10, 5), 0),  # a weekend
        (D(2026, 10, 5), D(2026, 10, 5), 0),  # nothing
        (D(2026, 10, 9), D(2026, 10, 1), 0),  # the wrong way round
        (D(2025, 12, 29), D(2026, 1, 3), 4),  # over the turn of the year, less 1 January
    ],
)
def test_working_days_of_france(start, end, n):
    assert FR.count(start, end) == n
    assert len(FR.days(start, end)) == n


def test_the_holidays_of_france_are_those_of_the_package():
    for year in range(2008, 2100):
        package = holidays.country_holidays("FR", years=year)
        assert FR.days(D(year, 1, 1), D(year + 1, 1, 1)) == [
            day for n in range(D(year, 1, 1).toordinal(), D(year + 1, 1, 1).toordinal())
            if (day := D.fromordinal(n)).weekday() < 5 and day not in package
        ]  # fmt: skip


def test_another_country_has_other_holidays():
    independence, bastille = D(2025, 7, 4), D(2025, 7, 14)
    us = WorkingDays("US")
    assert (us.count(independence, independence + DAY), FR.count(independence, independence + DAY)) == (0, 1)
    assert (us.count(bastille, bastille + DAY), FR.count(bastille, bastille + DAY)) == (1, 0)


@pytest.mark.parametrize("country", ["XX", "", "France ", "fr;"])
def test_a_country_without_holidays_is_an_error(country):
    with pytest.raises(UsageError, match="country"):
        WorkingDays(country).count(D(2026, 10, 1), D(2026, 11, 1))


def test_to_date():
    october = parse("2026-10")
    assert to_date(october, D(2026, 10, 15)) == D(2026, 10, 16)
    assert to_date(october, D(2026, 10, 31)) == to_date(october, D(2027, 1, 1)) == D(2026, 11, 1)
    assert to_date(ALL, D(2026, 10, 15)) == D(2026, 10, 16)


@pytest.mark.parametrize(
    ("as_of", "stop"),
    [
        (D(2026, 10, 15), D(2026, 9, 16)),  # 11 days elapsed: the 11th of September is the 15th
        (D(2026, 10, 1), D(2026, 9, 2)),  # the first
        (D(2026, 10, 30), D(2026, 10, 1)),  # 22 elapsed, September has 22: all of it
        (D(2026, 10, 31), D(2026, 10, 1)),  # finished: whole
        (D(2026, 12, 1), D(2026, 10, 1)),
    ],
)
def test_like_with_like(as_of, stop):
    assert comparable(parse("2026-10"), as_of, parse("2026-09"), FR) == stop


def test_nothing_compares_before_the_first_working_day():
    assert comparable(parse("2026-11"), D(2026, 11, 1), parse("2026-10"), FR) is None  # a Sunday
    assert comparable(parse("2026-11"), D(2026, 10, 15), parse("2026-10"), FR) is None  # not begun


def test_a_shorter_period_is_compared_whole():
    """Of 22 days of October elapsed, November has but 20: it counts whole."""
    assert comparable(parse("2026-10"), D(2026, 10, 30), parse("2025-11"), FR) == D(2025, 12, 1)


@given(st.dates(D(2020, 1, 1), D(2029, 12, 31)), st.sampled_from(("month", "quarter", "year")), st.integers(0, 365))
def test_a_comparison_holds_as_many_working_days(day, grain, later):
    period = unit(day, grain)
    as_of = min(day + later * DAY, D(2030, 12, 31))
    other = period.previous()
    stop = comparable(period, as_of, other, FR)
    elapsed = FR.count(period.start, to_date(period, as_of))
    if as_of >= period.last_day:
        assert stop == other.end
    elif elapsed == 0:
        assert stop is None
    else:
        assert FR.count(other.start, stop) == min(elapsed, FR.count(other.start, other.end))
        assert other.start < stop <= other.end
