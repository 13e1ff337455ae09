"""When a project will be done at the pace of late, and what is said where nobody can tell."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.pace import Outlook, Why, outlook
from annotator.views.chart import BOTTOM, LEFT, RIGHT, TOP, Scale, chart_of, ticks

TODAY = date(2026, 11, 28)
past = st.integers(0, 400).map(lambda ago: TODAY - timedelta(days=ago))
days = st.dictionaries(past, st.integers(1, 90), max_size=30)


def ago(number: int) -> date:
    return TODAY - timedelta(days=number)


def test_days_off_count_as_they_fell():
    # 20 in the ten days from 19 November on: two a day, so seven more take four days.
    ahead = outlook({ago(9): 12, ago(2): 8}, 7, TODAY)
    assert (ahead.per_day, ahead.end) == (2.0, date(2026, 12, 2))


def test_only_the_last_fourteen_days_with_work_tell_the_pace():
    early = {ago(number): 100 for number in range(200, 230)}
    of_late = {ago(number): 3 for number in range(14)}
    assert outlook(early | of_late, 30, TODAY).per_day == 3.0


@pytest.mark.parametrize(
    ("by_day", "left", "why"),
    [
        ({ago(1): 5}, 0, Why.DONE),
        ({ago(1): 5}, None, Why.UNLIMITED),
        ({}, 5, Why.NOTHING),
        ({ago(15): 5}, 5, Why.SILENT),
        ({ago(9): 1}, 100_000, Why.FAR),
    ],
)
def test_where_no_day_can_be_named_it_says_why(by_day, left, why):
    ahead = outlook(by_day, left, TODAY)
    assert (ahead.end, ahead.why) == (None, why)


@given(days, st.integers(0, 5000) | st.none())
def test_there_is_a_day_or_a_reason(by_day, left):
    ahead = outlook(by_day, left, TODAY)
    assert (ahead.end is None) == (ahead.why is not None)
    assert ahead.end is None or ahead.end > TODAY


@given(days, days, st.integers(0, 5000), st.none() | st.integers(-500, 500))
def test_whatever_is_drawn_lies_in_the_picture(submitted, adjudicated, left, until):
    planned = None if until is None else TODAY + timedelta(days=until)
    ahead = outlook(submitted, left, TODAY)
    chart = chart_of(submitted, adjudicated, left, planned, ahead, TODAY)
    for line in (chart.submitted, chart.adjudicated, chart.plan, chart.pace):
        points = [tuple(map(float, point.split(","))) for point in line.split()]
        assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in points)
        assert points == sorted(points, key=lambda point: point[0])


def test_the_line_of_the_pace_ends_where_the_words_say():
    submitted = {ago(9): 5, ago(1): 5}
    ahead = outlook(submitted, 2, TODAY)
    chart = chart_of(submitted, {}, 2, TODAY + timedelta(days=30), ahead, TODAY)
    _now, end, last = chart.pace.split()
    assert float(end.split(",")[0]) == Scale(chart.first, chart.last, 12).x(ahead.end)
    assert end.split(",")[1] == last.split(",")[1] == str(float(TOP))


def test_an_empty_project_has_a_picture_too():
    chart = chart_of({}, {}, 0, None, Outlook(why=Why.NOTHING), TODAY)
    assert (chart.submitted_now.number, chart.plan, chart.pace, chart.days) == (0, "", "", [])


def test_the_table_says_what_the_lines_show():
    chart = chart_of({ago(3): 2, ago(1): 1}, {ago(1): 1}, 9, None, Outlook(why=Why.NOTHING), TODAY)
    assert chart.days == [(ago(3), 2, 0), (ago(1), 3, 1)]


def test_the_axis_has_round_numbers():
    assert [list(ticks(most)) for most in (1, 9, 340)] == [[0, 1], [0, 5], [0, 100, 200, 300]]
