"""The time at places, and sums with dates."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from plugins.errors import KnownError
from plugins.tools.clock import shifted, zone_of
from tests.desktop.tools.calling import Calls


def test_the_time_is_told_here_and_elsewhere(calls: Calls) -> None:
    here, tokyo = calls.text("get_time"), calls.text("get_time", place="Tokyo")

    assert datetime.now().strftime("%A %Y-%m-") in here
    assert tokyo.endswith("in Tokyo (UTC+09:00)")


@pytest.mark.parametrize(
    "place, name",
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("San Francisco", "America/Los_Angeles"),
        ("Paris, France", "Europe/Paris"),
        ("北京", "Asia/Shanghai"),
    ],
)
def test_a_place_is_known_by_several_names(place: str, name: str) -> None:
    assert zone_of(place) == ZoneInfo(name)


def test_an_unknown_place_names_near_ones(calls: Calls) -> None:
    assert "near ones: tokyo" in calls.problem("get_time", place="Tokio City"[:5])
    with pytest.raises(KnownError):
        zone_of("../../etc/passwd")


@pytest.mark.parametrize(
    "span, day",
    [
        ("3 weeks", date(2026, 2, 21)),
        ("1 month", date(2026, 2, 28)),
        ("-1 year 2 days", date(2025, 1, 29)),
        ("- 11 months", date(2025, 2, 28)),
        ("10天", date(2026, 2, 10)),
    ],
)
def test_spans_are_added(span: str, day: date) -> None:
    assert shifted(date(2026, 1, 31), span) == day


def test_dates_are_told_with_their_day_and_their_distance(calls: Calls) -> None:
    later = calls.text("date_math", date="2026-11-29", add="3 weeks")
    between = calls.text("date_math", date="2026-11-29", until="2026-12-25")

    assert later == "2026-12-20, a Sunday"
    assert between == (
        "From 2026-11-29, a Sunday to 2026-12-25, a Friday: 26 days (3 weeks and 5 days)"
    )


@pytest.mark.parametrize(
    "given, problem",
    [
        ({"date": "soon"}, "expected a date such as"),
        ({"date": "today", "add": "a while"}, "expected a span"),
        ({"date": "today", "add": "3 weeks and more"}, "expected a span"),
        ({"date": "2026-01-01", "add": "99999 years"}, "years 1 to 9999"),
        ({"date": "2026-01-01", "until": "31.12."}, "expected a date such as"),
    ],
)
def test_what_is_no_date_is_refused(calls: Calls, given: dict[str, str], problem: str) -> None:
    assert problem in calls.problem("date_math", **given)
