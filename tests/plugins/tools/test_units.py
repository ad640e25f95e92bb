"""Units as people write them."""

from __future__ import annotations

import pytest

from plugins.errors import KnownError
from plugins.tools.units import converted
from tests.desktop.tools.calling import Calls


@pytest.mark.parametrize(
    "value, source, target, result",
    [
        (10, "km", "miles", 6.21371192),
        (100, "F", "C", 37.7777778),
        (37, "celsius", "Fahrenheit", 98.6),
        (0, "℃", "K", 273.15),
        (5, "feet", "m", 1.524),
        (60, "mph", "km/h", 96.56064),
        (3, "斤", "公斤", 1.5),
        (1, "GB", "MB", 1000),
        (1, "KG", "lbs", 2.20462262),
        (1, "light year", "km", 9.4607304725808e12),
        (1, "acre", "square meters", 4046.87261),
    ],
)
def test_numbers_are_converted(value: float, source: str, target: str, result: float) -> None:
    assert converted(value, source, target) == pytest.approx(result, rel=1e-6)


def test_both_amounts_are_told(calls: Calls) -> None:
    text = calls.text("convert_units", value=2.5, **{"from": "hours", "to": "minutes"})

    assert text == "2.5 hours = 150 minutes"


@pytest.mark.parametrize(
    "source, target, problem",
    [
        ("foo", "km", "near ones: foot"),
        ("km", "kg", "that measure the same"),
        ("m**99999999", "m", "expected a unit"),
        ("__import__('os').system('true')", "m", "expected a unit"),
        ("1e9 m", "km", "expected a unit"),
        ("", "m", "expected a unit"),
    ],
)
def test_what_is_no_unit_is_refused(source: str, target: str, problem: str) -> None:
    with pytest.raises(KnownError, match=problem):
        converted(1, source, target)
