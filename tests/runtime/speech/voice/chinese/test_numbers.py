"""Numbers in Chinese texts."""

from __future__ import annotations

import pytest

from runtime.speech.voice.chinese.numbers import AMOUNT, amount


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024年5月3日", "二零二四年五月三日"),
        ("2024-05-03", "二零二四年五月三日"),
        ("10:30", "十点半"),
        ("下午3:05", "下午三点零五分"),
        ("2:00", "两点"),
        ("25%", "百分之二十五"),
        ("¥50", "五十元"),
        ("$1.5亿", "一点五亿美元"),
        ("5km", "五公里"),
        ("-3°C", "零下三摄氏度"),
        ("2个", "两个"),
        ("第2名", "第二名"),
        ("2月2日", "二月二日"),
        ("12个", "十二个"),
        ("13812345678", "幺三八幺二三四五六七八"),
        ("1/2", "二分之一"),
        ("100-200", "一百到二百"),
        ("1,234", "一千二百三十四"),
        ("3.5万", "三点五万"),
        ("10000000", "一千万"),
        ("007", "零零七"),
        ("16:9", "十六比九"),
        ("1.2.3", "一点二点三"),
    ],
)
def test_it_is_said_as_people_say_it(text: str, said: str) -> None:
    assert AMOUNT.sub(amount, text) == said
