"""What is written with digits in a Chinese text, in Chinese characters.

cn2an makes numbers into characters; the table below knows years, dates, times, money, units.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from runtime.speech.voice.sayable import Sayable

Match = re.Match[str]
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_MONEY = {"$": "美元", "US$": "美元", "€": "欧元", "£": "英镑", "¥": "元", "￥": "元"}
_UNITS = {
    "km/h": "公里每小时", "m/s": "米每秒", "km": "公里", "cm": "厘米", "mm": "毫米", "m": "米",
    "kg": "公斤", "mg": "毫克", "g": "克", "ml": "毫升", "mL": "毫升", "L": "升", "l": "升",
    "°C": "摄氏度", "℃": "摄氏度", "°": "度", "km²": "平方公里", "m²": "平方米", "㎡": "平方米",
    "h": "小时", "min": "分钟", "ms": "毫秒", "s": "秒", "%": "", "％": "",
}  # fmt: skip
_COUNTED = "个只条张本位次天年月周种件块杯瓶辆家名台头把座间份点倍万亿岁层步枚支双副场首封棵朵匹"
"""Before one of these words and before thousands a lone two is liang."""
_COIN = "|".join(re.escape(sign) for sign in sorted(_MONEY, key=len, reverse=True))
_UNIT = "|".join(re.escape(sign) for sign in sorted(_UNITS, key=len, reverse=True))
_LEAST_PHONE = 7


def cardinal(number: str) -> str:
    """A number as it is written, such as `1,234.5`, in characters."""
    import cn2an

    whole, _, rest = number.replace(",", "").partition(".")
    if len(whole) > 16 or (len(whole) > 1 and whole[0] == "0"):
        said = one_by_one(whole)
    else:
        said = re.sub("^一十", "十", str(cn2an.an2cn(whole or "0")))
    return f"{said}点{one_by_one(rest)}" if rest else said


def one_by_one(digits: str) -> str:
    """Every digit as a character."""
    return "".join("零一二三四五六七八九"[int(digit)] for digit in digits)


def _money(match: Match) -> str:
    return f"{cardinal(match['sum'])}{match['large'] or ''}{_MONEY[match['coin']]}"


def _date(match: Match) -> str:
    month, day = cardinal(str(int(match["month"]))), cardinal(str(int(match["day"])))
    return f"{one_by_one(match['year'])}年{month}月{day}日"


def _time(match: Match) -> str:
    hour, minute = match["hour"], match["minute"]
    if int(hour) > 24 or int(minute) > 59:
        return f"{cardinal(hour)}比{cardinal(minute)}"
    said = ("两" if int(hour) == 2 else cardinal(str(int(hour)))) + "点"
    if int(minute) == 30:
        said += "半"
    elif int(minute):
        said += ("零" if minute[0] == "0" else "") + cardinal(str(int(minute))) + "分"
    second = int(match["second"] or 0)
    return said + (cardinal(str(second)) + "秒" if second else "")


def _unit(match: Match) -> str:
    unit, number = match["unit"], cardinal(match["number"].lstrip("-−"))
    if unit in "%％":
        return ("负" if match["number"][0] in "-−" else "") + "百分之" + number
    below = "零下" if unit in ("°C", "℃", "°") else "负"
    number = "两" if number == "二" and unit not in ("°C", "℃", "°") else number
    return (below if match["number"][0] in "-−" else "") + number + _UNITS[unit]


def _counted(match: Match) -> str:
    return "两" if match.group() == "2" else cardinal(match.group())


def _range(match: Match) -> str:
    return f"{cardinal(match['first'])}到{cardinal(match['last'])}"


def _ratio(match: Match) -> str:
    return f"{cardinal(match['first'])}比{cardinal(match['last'])}"


def _fraction(match: Match) -> str:
    return f"{cardinal(match['below'])}分之{cardinal(match['above'])}"


def _dotted(match: Match) -> str:
    return "点".join(cardinal(part) for part in match.group().split("."))


def _plain(match: Match) -> str:
    number = match.group()
    if number.isdigit() and len(number) >= _LEAST_PHONE and "0" != number[-2:-1]:
        return one_by_one(number).replace("一", "幺")
    return ("负" if number[0] in "-−" else "") + cardinal(number.lstrip("-−"))


_PATTERNS: tuple[tuple[str, Callable[[Match], str]], ...] = (
    (rf"(?P<coin>{_COIN})\s?(?P<sum>{_NUMBER})(?P<large>[千万亿]+)?", _money),
    (r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)(?!\d)", _date),
    (r"\d{4}(?=\s?年)", lambda match: one_by_one(match.group())),
    (r"(?<!\d)(?P<hour>\d{1,2})[:：](?P<minute>\d\d)(?:[:：](?P<second>\d\d))?(?!\d)", _time),
    (r"(?P<first>\d+)[:：](?P<last>\d+)", _ratio),
    (r"\d+(?:\.\d+){2,}", _dotted),
    (r"\d{3,4}-\d{7,8}|\d{3}-\d{4}-\d{4}", lambda m: one_by_one(m.group().replace("-", ""))),
    (rf"(?P<number>(?:(?<![A-Za-z0-9)])[-−])?{_NUMBER})\s?(?P<unit>{_UNIT})(?![A-Za-z])", _unit),
    (rf"(?P<first>{_NUMBER})\s?[-–~～—]\s?(?P<last>{_NUMBER})", _range),
    (r"(?P<above>\d{1,2})/(?P<below>\d{1,2})(?!\d)", _fraction),
    (rf"(?<![\d.,第-])2(?=\s?[{_COUNTED}])(?!\s?月)", _counted),
    (rf"(?:(?<![A-Za-z0-9)])[-−])?{_NUMBER}", _plain),
)
_SAYABLE = Sayable(_PATTERNS)
AMOUNT = _SAYABLE.pattern
"""Finds everything that `amount` can say."""


def amount(found: Match) -> str:
    """The characters for a match of `AMOUNT`."""
    said = _SAYABLE.said(found)
    return cardinal(found.group()) if said is None else said
