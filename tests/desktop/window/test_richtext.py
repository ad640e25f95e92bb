"""Markdown becomes blocks that show everything and fetch nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.window.richtext import MAX_MARKDOWN, blocks, is_safe_link, plain_blocks


def test_code_stands_alone_with_its_language_and_colours() -> None:
    found = blocks("before\n\n```python\ndef f(): pass\n```\n\nafter")

    assert [block.code for block in found] == [False, True, False]
    assert found[1].plain == "def f(): pass"
    assert found[1].language == "python"
    assert "color:" in found[1].html


def test_the_other_theme_has_other_colours() -> None:
    code = "```python\ndef f(): pass\n```"

    assert blocks(code, dark=True)[0].html != blocks(code, dark=False)[0].html


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


def test_a_text_beyond_all_measure_is_shown_as_it_is() -> None:
    assert len(blocks("# x\n" * MAX_MARKDOWN)) == 1


@given(st.text(alphabet="`#*_[]()<>!&|-\\ ab\n~:/", max_size=80))
def test_no_text_breaks_the_blocks(text: str) -> None:
    found = blocks(text)

    assert all("<img" not in block.html for block in found)
