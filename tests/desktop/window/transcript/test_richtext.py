"""Markdown becomes blocks that show everything and fetch nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.window.transcript.blocks import AT_FIRST, Body, make_blocks
from desktop.window.transcript.code import CODE_LINE, MAX_HIGHLIGHTED, highlighted
from desktop.window.transcript.links import is_safe_link
from desktop.window.transcript.pieces import LINES, PIECE, pieces
from desktop.window.transcript.richtext import (
    CELLS,
    LARGEST,
    MOST_BLOCKS,
    TextBlock,
    blocks,
    plain_blocks,
)
from storage.records import Message, TextPart


def test_code_stands_alone_with_its_language_and_colours() -> None:
    found = blocks("before\n\n```python\ndef f(): pass\n```\n\nafter")

    assert [block.code for block in found] == [False, True, False]
    assert found[1].plain == "def f(): pass"
    assert found[1].language == "python"
    assert found[1].html == "<pre>def f(): pass</pre>"


def test_the_other_theme_has_other_colours() -> None:
    code = "def f(): pass"

    light, dark = (highlighted(code, "python", dark) for dark in (False, True))

    assert light is not None and "color:" in light[0]
    assert dark != light


@pytest.mark.parametrize(
    "markdown",
    [
        "![a](https://example.org/a.png)",
        "<img src='https://example.org/a.png'>",
        "<script>x</script>",
        "[![a](http://e.org/a.png)](http://e.org)",
    ],
)
def test_nothing_in_a_message_can_be_fetched(markdown: str) -> None:
    html = "".join(block.html for block in blocks(markdown))

    assert "<img" not in html
    assert "<script" not in html


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"]
)
def test_a_link_that_leads_elsewhere_is_none(target: str) -> None:
    assert f'href="{target}' not in "".join(block.html for block in blocks(f"[x]({target})"))
    assert not is_safe_link(target)


@pytest.mark.parametrize("target", ["https://e.org/a?b=1", "http://e.org", "mailto:a@b.c"])
def test_a_link_that_leads_out_is_kept(target: str) -> None:
    assert is_safe_link(target)
    assert "href=" in blocks(f"[x]({target})")[0].html


def test_what_a_person_typed_stays_as_it_was_typed() -> None:
    assert plain_blocks("# a <b>\nc")[0].html == "<p># a &lt;b&gt;<br>c</p>"


ENDLESS = {
    "one word": "a" * 400_000,
    "one character after the other": "漢" * 100_000,
    "stars": "*" * 100_000,
    "stars apart": "* " * 50_000,
    "brackets": "[" * 50_000,
    "links": "[a](" * 20_000,
    "code blocks": "```\nx = 1\n```\n" * 20_000,
    "one code block": "```python\n" + "x = 1\n" * 20_000 + "```",
    "one line of code": "```c\n" + "x" * 200_000 + "\n```",
    "a table": "|a|b|c|\n|-|-|-|\n" + "|1|2|3|\n" * 20_000,
    "a wide table": "|" + "a|" * 30_000 + "\n|" + "-|" * 30_000 + "\n",
    "items": "- a\n" * 20_000,
    "numbers": "".join(f"{n}. a\n" for n in range(1, 20_000)),
    "quotations": ">" * 20_000,
    "levels": "".join("  " * n + "- x\n" for n in range(150)),
    "rules": "***\n" * 20_000,
    "headings": "# a\n" * 20_000,
    "paragraphs": "some words of a paragraph\n\n" * 20_000,
    "a paragraph": "some *words* of a `paragraph` " * 20_000,
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_no_block_is_longer_than_what_a_screen_lays_out_quickly(text: str) -> None:
    found = blocks(text)

    assert len(found) <= MOST_BLOCKS + len(text) // LINES
    for block in found:
        assert "".join(block.html.split("<br>")).count("<li>") <= LARGEST // 20
        assert block.html.count("<td>") + block.html.count("<th>") <= CELLS + 60
        words = unescape(re.sub(r"<[^>]*>", "", block.html))
        assert len(words) <= LARGEST + PIECE or block.code
        assert max(map(len, words.split("\n"))) <= (CODE_LINE if block.code else LARGEST)


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_what_is_shown_at_first_is_bounded_and_the_rest_can_be_asked_for(text: str) -> None:
    part = TextPart(1, text)
    message = Message(2, 1, None, "assistant", "complete", 0, 1, (part,), "", {}, 0, 1)
    body = Body(message, {1: blocks(text)})

    first, everything = make_blocks(body, {}, {}), make_blocks(body, {}, {}, 10**9)

    assert first[-1].kind == "more"
    assert first[-1].number > 0
    assert len(first) <= 100
    assert sum(len(block.text) for block in first) <= 3 * AT_FIRST + 8 * LARGEST
    assert [block.key for block in everything][: len(first) - 1] == [b.key for b in first[:-1]]
    assert all(block.kind != "more" for block in everything)


@pytest.mark.parametrize(
    "text", ["a" * 20_000, "漢字" * 9_000, "e\u0301" * 9_000, "👩\u200d🚀" * 5_000]
)
def test_what_a_person_typed_is_cut_into_pieces_that_are_the_whole(text: str) -> None:
    found = [block.plain for block in plain_blocks(text)]

    assert "".join(found) == text
    assert max(map(len, found)) <= PIECE
    assert not any(piece[0] in "\u0301\u200d" for piece in found)


@given(st.text(alphabet="ab \n漢\u0301", max_size=400), st.integers(2, 50))
def test_pieces_are_the_text(text: str, size: int) -> None:
    found = list(pieces(text, size))

    assert "".join(found) == text
    assert all(0 < len(piece) <= size for piece in found)


def test_a_list_of_ten_levels_hides_nothing() -> None:
    markdown = "".join("  " * n + f"- item{n}\n" for n in range(10))
    markdown += "\nThe conclusion.\n\n```\ncode\n```\nafter\n"

    assert _words(blocks(markdown)) == _words_of(markdown)


def test_a_cut_list_goes_on_counting() -> None:
    found = blocks("".join(f"{n}. item\n" for n in range(1, 500)))

    assert len(found) > 1
    first = [re.search(r"start=\"(\d+)\"", block.html) for block in found]
    starts = [int(match[1]) if match else 1 for match in first]
    counts = [block.html.count("<li>") for block in found]
    assert starts == [1 + sum(counts[:at]) for at in range(len(found))]


def test_a_cut_table_has_its_heading_each_time() -> None:
    found = blocks("|left|right|\n|-|-|\n" + "|1|2|\n" * 1000)

    assert len(found) > 1
    assert all("<th>left</th>" in block.html for block in found)
    assert sum(block.html.count("<tr>") - 1 for block in found) == 1000


def test_cut_code_is_copied_whole() -> None:
    code = "x = 1\n" * 1000

    found = blocks(f"```python\n{code}```")

    assert found[0].plain == code.rstrip("\n")
    assert [block.continued for block in found] == [False] + [True] * (len(found) - 1)
    assert sum(block.html.count("x") for block in found) >= 1000


def test_code_that_is_too_long_to_be_coloured_is_shown_without_colours() -> None:
    assert highlighted("x = 1\n" * (MAX_HIGHLIGHTED // 5), "python", False) is None


@pytest.mark.parametrize(
    "markdown",
    [
        "[answer]: 42",
        "|a|b|\n|-|-|\n|1|2|3|4|\n",
        "[x]: <y>\n\nword",
        "> > > > a\n> b",
        "![alt](u)",
    ],
)
def test_markdown_leaves_nothing_out(markdown: str) -> None:
    assert _words_of(markdown.replace("(u)", "")) <= _words(blocks(markdown))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "",
                    "- ",
                    "  - ",
                    "> ",
                    "1. ",
                    "    ",
                    "| ",
                    "# ",
                    "* ",
                    "~~",
                    "|-|-|",
                    "\t",
                    "***",
                ]
            ),
            st.sampled_from(["", " |", "  ", "|x|", "**", "\\", "](", "]: "]),
        ),
        max_size=30,
    )
)
def test_every_word_of_any_markdown_is_shown(lines: list[tuple[str, str]]) -> None:
    markdown = "\n".join(f"{begin}word{n}{end}" for n, (begin, end) in enumerate(lines))

    shown = _words(blocks(markdown))
    assert {f"word{n}" for n in range(len(lines))} <= shown


def _words(found: Sequence[TextBlock]) -> set[str]:
    text = " ".join(unescape(re.sub(r"<[^>]*>", " ", block.html)) for block in found)
    return _words_of(text)


def _words_of(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z0-9]+", text))


@given(st.text(alphabet="`#*_[]()<>!&|-\\ ab\n~:/", max_size=80))
def test_no_text_breaks_the_blocks(text: str) -> None:
    found = blocks(text)

    assert all("<img" not in block.html for block in found)
