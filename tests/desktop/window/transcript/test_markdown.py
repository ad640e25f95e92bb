"""What Markdown says beyond CommonMark: emphasis in Chinese, formulas, tasks, quotations."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.window.transcript.formulas import LONGEST, readable
from desktop.window.transcript.richtext import blocks

CASES = Path(__file__).parents[3] / "cases"


def _html(markdown: str) -> str:
    return "".join(block.html for block in blocks(markdown))


def _words(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_bold_beside_chinese_punctuation_shows_no_stars() -> None:
    html = _html((CASES / "cjk-bold.md").read_text("utf-8"))

    assert "*" not in html
    for words in ("注意：", "「重点」", "步骤一："):
        assert f"<strong>{words}</strong>" in html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("他说**“好。”**然后", "他说<strong>“好。”</strong>然后"),
        ('**"重点"**内容', "<strong>&quot;重点&quot;</strong>内容"),
        ("这是*（斜体）*文字", "这是<em>（斜体）</em>文字"),
        ("~~删除。~~后", "<s>删除。</s>后"),
        ("日本語の**「強調」**です", "日本語の<strong>「強調」</strong>です"),
        ("**한국어(韓國語)**는", "<strong>한국어(韓國語)</strong>는"),
        ("a * b * c", "a * b * c"),
        ("2*3*4", "2<em>3</em>4"),
        ("snake_case_name", "snake_case_name"),
        ("word**(x)**word", "word**(x)**word"),
    ],
)
def test_emphasis(markdown: str, html: str) -> None:
    assert _html(markdown) == f"<p>{html}</p>"


def test_a_list_of_ten_levels_hides_nothing() -> None:
    words = (CASES / "list-10-deep.md").read_text("utf-8")

    shown = _words(_html(words))

    for line in words.splitlines():
        assert line.strip(" -`") in shown


def test_tasks_have_boxes() -> None:
    html = _html("- [ ] open\n- [x] done\n- [X] done too\n- [y] none\n- plain")

    assert re.findall(r'<li(?: class="(\w+)")?>([^<]*)', html) == [
        ("unchecked", "open"), ("checked", "done"), ("checked", "done too"),
        ("", "[y] none"), ("", "plain"),
    ]  # fmt: skip


def test_a_quotation_stands_alone_and_is_marked() -> None:
    found = blocks("before\n\n> said\n> > twice\n\nafter\n\n> more")

    assert [block.quoted for block in found] == [False, True, False, True]
    assert ">" not in _words(found[1].html)


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("is $x^2$ so", "is x<sup>2</sup> so"),
        (r"is \(a_1 \le b\) so", "is a<sub>1</sub> ≤ b so"),
        (r"is \[\frac{1}{2}\] so", "is 1/2 so"),
        ("is $$e^{i\\pi}$$ so", "is e<sup>iπ</sup> so"),
        ("$a*b$ and $c*d$", "a*b and c*d"),
    ],
)
def test_formulas_within_a_line(markdown: str, shown: str) -> None:
    assert re.sub(r"</?span[^>]*>", "", _html(markdown)) == f"<p>{shown}</p>"


@pytest.mark.parametrize(
    "words", ["$5 and $10", "US$ 5, US$ 6", "$ x$", r"\$x\$", "a $ b", "`$x^2$`", "from $5-$10"]
)
def test_money_is_no_formula(words: str) -> None:
    assert "<sup>" not in _html(words)
    assert "serif" not in _html(words)


@pytest.mark.parametrize(
    "markdown",
    ["before\n$$\na_1*b*c\n$$\nafter", "before\n\n\\[\na_1*b*c\n\\]\n\nafter", "$$a_1*b*c$$"],
)
def test_formulas_on_lines_of_their_own(markdown: str) -> None:
    html = _html(markdown)

    assert "a<sub>1</sub>*b*c" in html
    assert "$" not in html
    assert "<em>" not in html


@pytest.mark.parametrize(
    "words", ["$$\nx", "\\[ x", "$$\n\nx\n$$", "$$", "$$ $$", "$$\n$$", "\\(x", "$x"]
)
def test_a_formula_without_an_end_stays_as_it_was_written(words: str) -> None:
    shown = re.sub(r"\s", "", _words(_html(words)))

    assert shown.replace("\\", "") == re.sub(r"\s", "", words).replace("\\", "")


@pytest.mark.parametrize(
    ("formula", "html"),
    [
        (r"\frac{-b \pm \sqrt{b^2-4ac}}{2a}", "(-b ± √(b<sup>2</sup>-4ac))/2a"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a = b<br>c = d"),
        (r"\text{if } x < 0", "if x &lt; 0"),
        (r"\{a\} \unknown", "{a} unknown"),
        ("a}", "a}"),
        ("{a", "{a"),
        ("a^", "a^"),
        ("x" * (LONGEST + 1), "x" * (LONGEST + 1)),
        ("{" * 400, "{" * 400),
    ],
)
def test_a_formula_can_be_read(formula: str, html: str) -> None:
    assert re.sub(r" *(<br>) *", r"\1", re.sub(" +", " ", readable(formula))) == html


@given(st.text("\\${}^_ab&<>()[] \n", max_size=60))
def test_no_formula_becomes_other_html(words: str) -> None:
    found = re.sub(r"</?(?:su[bp]|br)>", "", readable(words))

    assert "<" not in found
    assert ">" not in found
