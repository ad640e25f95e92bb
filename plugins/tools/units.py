"""Conversion of units, by pint's tables."""

from __future__ import annotations

import difflib
import math
import re
import threading
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from plugins.api import Tool, ToolOutput, ToolStage
from plugins.errors import KnownError

if TYPE_CHECKING:
    import pint

_TEMPERATURES = {"c": "degC", "f": "degF", "k": "kelvin", "°c": "degC", "°f": "degF"}
_ALIASES = {
    "celsius": "degC", "centigrade": "degC", "fahrenheit": "degF", "degrees celsius": "degC",
    "degrees fahrenheit": "degF", "degree celsius": "degC", "degree fahrenheit": "degF",
    "℃": "degC", "℉": "degF", "摄氏度": "degC", "华氏度": "degF", "kmh": "km/h", "km/hr": "km/h",
    "kmph": "km/h", "kilometers per hour": "km/h", "kilometres per hour": "km/h",
    "miles per hour": "mph", "meters per second": "m/s", "metres per second": "m/s",
    "lbs": "pound", "feet": "foot", "inches": "inch", "cups": "cup", "tbsp": "tablespoon",
    "tsp": "teaspoon", "fl oz": "fluid_ounce", "fluid ounces": "fluid_ounce",
    "fluid ounce": "fluid_ounce", "sq ft": "foot**2", "square feet": "foot**2",
    "square meters": "meter**2", "square metres": "meter**2", "square miles": "mile**2",
    "square kilometers": "km**2", "mpg": "mile/gallon", "kcal": "kilocalorie",
    "calories": "calorie", "nautical miles": "nautical_mile", "公里": "km", "千米": "km",
    "米": "m", "厘米": "cm", "毫米": "mm", "英里": "mile", "英尺": "foot", "英寸": "inch",
    "公斤": "kg", "千克": "kg", "克": "g", "斤": "jin", "两": "liang", "吨": "tonne", "磅": "pound",
    "盎司": "ounce", "升": "liter", "毫升": "milliliter", "加仑": "gallon", "小时": "hour",
    "分钟": "minute", "秒": "second", "天": "day", "亩": "mu", "公顷": "hectare",
    "平方米": "meter**2",
}  # fmt: skip
"""What people and models write that pint does not know."""
_OWN = ("jin = 500 gram", "liang = 50 gram", "mu = 2000 / 3 * meter ** 2")
_UNIT = re.compile(r"[^\W\d_]{1,30}[\w°µμ%/*^ .²³-]{0,40}|[°µμ%][\w/*^ .²³]{0,40}")
_MANY_DIGITS = re.compile(r"\d\d|\*\*\s*\*|\^.*\^")
_LOCK = threading.Lock()
"""A registry fills its caches while it is used."""


class ConvertUnits(Tool):
    """Converts a number from one unit into another."""

    name = "convert_units"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """Both amounts."""
        value, source, target = float(arguments["value"]), arguments["from"], arguments["to"]
        found = converted(value, str(source), str(target))
        return ToolOutput(f"{_written(value)} {source} = {_written(found)} {target}")


def converted(value: float, source: str, target: str) -> float:
    """A number of one unit in another.

    Raises:
        KnownError: a unit is not known, or they do not measure the same.
    """
    import pint

    both = {source.strip().casefold(), target.strip().casefold()}
    short = both <= set(_TEMPERATURES)
    with _LOCK:
        registry = _registry()
        given, wanted = (_unit(one, short, registry) for one in (source, target))
        try:
            found = float(registry.Quantity(value, given).to(wanted).magnitude)
        except (pint.errors.PintError, ArithmeticError, TypeError, ValueError) as error:
            raise KnownError(
                "{source} and {target}: expected units that measure the same. Choose others.",
                "request",
                source=source[:40],
                target=target[:40],
            ) from error
    if not math.isfinite(found):
        raise KnownError("The number becomes too large. Give a smaller one.", "request")
    return found


def _unit(text: str, short: bool, registry: pint.UnitRegistry[Any]) -> pint.Unit:
    import pint

    plain = " ".join(text.split())
    name = _ALIASES.get(plain.casefold(), plain)
    if short:
        name = _TEMPERATURES[plain.casefold()]
    try:
        if not _UNIT.fullmatch(name) or _MANY_DIGITS.search(name):
            raise ValueError(name)
        return registry.parse_units(name)
    except (pint.errors.PintError, ArithmeticError, TypeError, ValueError, SyntaxError):
        pass
    try:
        return registry.parse_units(name.casefold().removesuffix(".").replace(" ", "_"))
    except Exception as error:  # its parser raises whatever Python's tokenizer does
        near = difflib.get_close_matches(plain, [*_ALIASES, *dir(registry)], n=3)
        raise KnownError(
            "{unit}: expected a unit such as km or pound, found none of this name; near ones: "
            "{near}. Use one of these.",
            "request",
            unit=text[:40],
            near=", ".join(near) or "-",
        ) from error


@cache
def _registry() -> pint.UnitRegistry[Any]:
    import pint

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    for one in _OWN:
        registry.define(one)
    return registry


def _written(value: float) -> str:
    return f"{value:.10g}"
