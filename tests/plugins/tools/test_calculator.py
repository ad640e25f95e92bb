"""Arithmetic is exact, bounded, and nothing else."""

from __future__ import annotations

import pytest

from plugins.errors import KnownError
from plugins.tools.calculator import computed
from tests.desktop.tools.calling import Calls


@pytest.mark.parametrize(
    "expression, result",
    [
        ("0.1 + 0.2", "0.3"),
        ("6 / 2", "3"),
        ("2 ** 100", "1267650600228229401496703205376"),
        ("240 * 17.5 / 100", "42"),
        ("sqrt(2) * sqrt(2)", "2"),
        ("（3 + 4）× 2 ÷ 7 =", "2"),
        ("round(10 / 3, 2)", "3.33"),
        ("max(1, 5, 3) - -2", "7"),
        ("factorial(10)", "3628800"),
        ("2 * pi", "6.28318530717959"),
    ],
)
def test_sums_are_computed(calls: Calls, expression: str, result: str) -> None:
    assert calls.text("calculate", expression=expression) == result


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os')", "open('/etc/passwd')", "(1).__class__", "[1]", "'a' * 3", "a + 1",
        "lambda: 1", "1 if 1 else 2", "print(1)", "1;2", "", "two plus two", "True + 1", "1 = 1",
        "round(number=1)", "sqrt(-1)", "log(0)", "(-8) ** 0.5", "1 < 2", "f'{1}'",
    ],
)  # fmt: skip
def test_what_is_no_arithmetic_is_refused(expression: str) -> None:
    with pytest.raises(KnownError, match="expected arithmetic such as"):
        computed(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "9 ** 9 ** 9 ** 9", "2 ** 100000000", "factorial(100000)", "factorial(-1)", "1e308 * 10",
        "2.0 ** 5000", "-" * 200 + "1", "1" * 1001, "exp(1000)",
        "10 ** 20000 * 10 ** 20000",
    ],
)  # fmt: skip
def test_what_becomes_too_large_is_refused(expression: str) -> None:
    with pytest.raises(KnownError, match=r"become too large|expected arithmetic"):
        found = computed(expression)
        raise AssertionError(found)


def test_a_division_by_zero_has_no_result(calls: Calls) -> None:
    assert "divides by zero" in calls.problem("calculate", expression="1 / (2 - 2)")


def test_a_number_of_many_digits_is_not_written_out(calls: Calls) -> None:
    assert "become too large" in calls.problem("calculate", expression="7 ** 2000")
