"""A renderer's trial takes little, within the limits that it declares."""

from __future__ import annotations

from plugins.api import Parameter
from runtime.self_test.quick import quick

DECLARED = (
    Parameter("steps", "int", 50, "", 1, 500),
    Parameter("guidance", "float", 7.5, "", 1.0, 30.0),
    Parameter("width", "int", 1024, "", 512, 2048),
    Parameter("height", "int", 128, "", 16, 2048),
    Parameter("seconds", "float", 5.12, "", 0.1, 30),
    Parameter("ground", "choice", "light", "", choices=("light", "dark")),
)


def test_what_takes_long_is_lessened_and_nothing_else() -> None:
    assert quick(DECLARED) == {"steps": 2, "width": 512, "seconds": 1.0}


def test_what_has_no_such_parameters_is_left_as_it_is() -> None:
    assert quick(()) == {}
    assert quick([Parameter("steps", "int", 1, "", 1, 4)]) == {}
