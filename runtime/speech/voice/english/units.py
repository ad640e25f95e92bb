"""Names of money and units, by the signs that stand for them."""

from __future__ import annotations

MONEY = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "US$": ("dollar", "dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "¥": ("yen", "yen", "sen", "sen"),
    "￥": ("yuan", "yuan", "fen", "fen"),
    "₹": ("rupee", "rupees", "paisa", "paise"),
}
"""By sign: one, several, the small coin, several of it."""
LARGE = {
    "thousand": "thousand", "million": "million", "billion": "billion", "trillion": "trillion",
    "k": "thousand", "K": "thousand", "m": "million", "M": "million", "bn": "billion",
    "B": "billion",
}  # fmt: skip
_BYTES = {
    "KB": "kilobyte", "kB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte",
    "KiB": "kibibyte", "MiB": "mebibyte", "GiB": "gibibyte", "Mbit/s": "megabit per second",
    "MB/s": "megabyte per second", "GB/s": "gigabyte per second",
}  # fmt: skip
_MEASURES = {
    "km": "kilometer", "m": "meter", "cm": "centimeter", "mm": "millimeter", "nm": "nanometer",
    "μm": "micrometer", "mi": "mile", "ft": "foot", "yd": "yard", "kg": "kilogram", "g": "gram",
    "mg": "milligram", "lb": "pound", "lbs": "pound", "oz": "ounce", "t": "ton", "l": "liter",
    "L": "liter", "ml": "milliliter", "mL": "milliliter", "h": "hour", "hr": "hour", "hrs": "hour",
    "min": "minute", "mins": "minute", "s": "second", "sec": "second", "secs": "second",
    "ms": "millisecond", "W": "watt", "kW": "kilowatt", "kWh": "kilowatt hour", "V": "volt",
    "mAh": "milliamp hour", "dB": "decibel", "px": "pixel", "m²": "square meter",
    "km²": "square kilometer", "m³": "cubic meter", "m2": "square meter", "°": "degree",
    "cal": "calorie", "kcal": "kilocalorie",
}  # fmt: skip
_SPEEDS = {
    "km/h": ("kilometer per hour", "kilometers per hour"),
    "kph": ("kilometer per hour", "kilometers per hour"),
    "mph": ("mile per hour", "miles per hour"),
    "m/s": ("meter per second", "meters per second"),
    "fps": ("frame per second", "frames per second"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "℃": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "ft": ("foot", "feet"),
}
_SAME = {
    "%": "percent", "％": "percent", "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz",
    "GHz": "gigahertz", "USD": "U S dollars", "EUR": "euros", "GBP": "pounds", "CNY": "yuan",
    "RMB": "yuan", "JPY": "yen", "bn": "billion",
}  # fmt: skip


def _several(one: str) -> str:
    head, per, tail = one.partition(" per ")
    return f"{head}s{per}{tail}"


UNITS = {
    **{sign: (one, _several(one)) for sign, one in (_BYTES | _MEASURES).items()},
    **{sign: (name, name) for sign, name in _SAME.items()},
    **_SPEEDS,
}
"""By sign: one and several."""


def one_or_more(number: str, one: str, many: str) -> str:
    """The form that fits a number as it is written."""
    return one if number.lstrip("-−+") == "1" else many
