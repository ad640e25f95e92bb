"""The time, here and elsewhere, and sums with dates."""

from __future__ import annotations

import calendar
import difflib
import re
import zoneinfo
from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from typing import Any

from plugins.api import Tool, ToolOutput, ToolStage
from plugins.errors import KnownError

_CITIES = {
    "beijing": "Asia/Shanghai", "peking": "Asia/Shanghai", "shenzhen": "Asia/Shanghai",
    "guangzhou": "Asia/Shanghai", "china": "Asia/Shanghai", "北京": "Asia/Shanghai",
    "上海": "Asia/Shanghai", "香港": "Asia/Hong_Kong", "台北": "Asia/Taipei", "东京": "Asia/Tokyo",
    "首尔": "Asia/Seoul", "新加坡": "Asia/Singapore", "伦敦": "Europe/London",
    "巴黎": "Europe/Paris", "柏林": "Europe/Berlin", "莫斯科": "Europe/Moscow",
    "纽约": "America/New_York", "洛杉矶": "America/Los_Angeles", "旧金山": "America/Los_Angeles",
    "悉尼": "Australia/Sydney", "japan": "Asia/Tokyo", "osaka": "Asia/Tokyo",
    "india": "Asia/Kolkata", "delhi": "Asia/Kolkata", "new delhi": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata", "bangalore": "Asia/Kolkata", "germany": "Europe/Berlin",
    "munich": "Europe/Berlin", "hamburg": "Europe/Berlin", "france": "Europe/Paris",
    "uk": "Europe/London", "england": "Europe/London", "geneva": "Europe/Zurich",
    "barcelona": "Europe/Madrid", "milan": "Europe/Rome", "washington": "America/New_York",
    "boston": "America/New_York", "miami": "America/New_York", "nyc": "America/New_York",
    "san francisco": "America/Los_Angeles", "seattle": "America/Los_Angeles",
    "california": "America/Los_Angeles", "dallas": "America/Chicago", "houston": "America/Chicago",
    "montreal": "America/Toronto", "rio": "America/Sao_Paulo", "beirut": "Asia/Beirut",
    "melbourne": "Australia/Melbourne", "gmt": "UTC",
}  # fmt: skip
"""Places that no time zone is named after."""
_HERE = (
    "here",
    "local",
    "now",
    "home",
    "current",
    "current location",
    "my location",
    "这里",
    "本地",
)
"""What models write for no other place."""
_UNITS = {
    "day": 1, "天": 1, "日": 1, "week": 7, "周": 7, "星期": 7,
}  # fmt: skip
_MONTHS = {"month": 1, "个月": 1, "月": 1, "year": 12, "年": 12}
_SPAN = re.compile(r"([+-]?)\s*(\d{1,6})\s*(days?|weeks?|months?|years?|天|日|周|星期|个月|月|年)")


class GetTime(Tool):
    """The time now."""

    name = "get_time"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """Day, date, time and the distance from UTC."""
        place = str(arguments.get("place") or "").strip()
        place = "" if place.casefold() in _HERE else place
        now = datetime.now(zone_of(place)) if place else datetime.now().astimezone()
        offset = now.strftime("%z")
        where = f" in {place}" if place else ""
        return ToolOutput(f"{now:%A %Y-%m-%d %H:%M:%S}{where} (UTC{offset[:3]}:{offset[3:]})")


class DateMath(Tool):
    """Sums with dates."""

    name = "date_math"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """A later or earlier date, or the days between two."""
        today = datetime.now().date()
        start = _date(arguments.get("date"), today)
        if arguments.get("add"):
            return ToolOutput(_told(shifted(start, str(arguments["add"]))))
        if not arguments.get("until"):
            return ToolOutput(_told(start))
        end = _date(arguments["until"], today)
        days = (end - start).days
        weeks = f" ({abs(days) // 7} weeks and {abs(days) % 7} days)" if abs(days) >= 7 else ""
        return ToolOutput(f"From {_told(start)} to {_told(end)}: {days} days{weeks}")


def zone_of(place: str) -> tzinfo:
    """The time zone of a city, a country or by its own name.

    Raises:
        KnownError: there is none of this name; near ones are named.
    """
    names = _zones()
    wanted = " ".join(place.casefold().replace("_", " ").split())
    for one in (wanted, wanted.partition(",")[0].strip()):
        found = _CITIES.get(one) or names.get(one)
        if found:
            return zoneinfo.ZoneInfo(found)
    near = difflib.get_close_matches(wanted, [*names, *_CITIES], n=3)
    raise KnownError(
        "{place}: expected a city or a time zone such as Europe/Berlin, found none of this name; "
        "near ones: {near}. Use one of these.",
        "request",
        place=place[:80],
        near=", ".join(near) or "-",
    )


def shifted(start: date, span: str) -> date:
    """A date some days, weeks, months or years from another, such as `-2 weeks 1 day`.

    Raises:
        KnownError: it is no span, or leads out of the calendar.
    """
    parts = list(_SPAN.finditer(span.casefold()))
    if not parts or _SPAN.sub("", span.casefold()).strip(" ,，and和后前"):
        raise KnownError(
            "{span}: expected a span such as 3 weeks or -2 months. Write it so.",
            "request",
            span=span[:80],
        )
    sign, found = 1, start
    try:
        for part in parts:
            sign = {"-": -1, "+": 1}.get(part[1], sign)
            unit, count = part[3].rstrip("s"), sign * int(part[2])
            if unit in _MONTHS:
                found = _months_later(found, count * _MONTHS[unit])
            else:
                found += timedelta(days=count * _UNITS[unit])
    except (ValueError, OverflowError) as error:
        raise KnownError(
            "{span}: expected a date within the years 1 to 9999. Give a shorter span.",
            "request",
            span=span[:80],
        ) from error
    return found


def _months_later(start: date, months: int) -> date:
    """The same day of another month, or the last day of a shorter one."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(year)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def _date(given: object, today: date) -> date:
    text = str(given or "today").strip().casefold()
    near = {"today": 0, "now": 0, "今天": 0, "tomorrow": 1, "明天": 1, "yesterday": -1, "昨天": -1}
    if text in near:
        return today + timedelta(days=near[text])
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise KnownError(
            "{text}: expected a date such as 2026-11-30. Write it so.", "request", text=text[:80]
        ) from error


def _told(day: date) -> str:
    return f"{day.isoformat()}, a {day:%A}"


@cache
def _zones() -> dict[str, str]:
    """Names of time zones, whole and by their city, in small letters."""
    found: dict[str, str] = {}
    for name in sorted(zoneinfo.available_timezones()):
        plain = name.casefold().replace("_", " ")
        found.setdefault(plain.rpartition("/")[2], name)
        found[plain] = name
    return found
