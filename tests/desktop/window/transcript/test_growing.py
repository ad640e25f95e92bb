"""Text that grows is read where it grew, and shown as if it had been read from its beginning."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.window.transcript import richtext
from desktop.window.transcript.pieces import PIECE
from desktop.window.transcript.richtext import MAX_MARKDOWN, Reading, blocks, read

PARAGRAPH = "Some *words* of a paragraph with `code`, as answers have them.\n\n"
TEXTS = {
    "paragraphs": PARAGRAPH * 200,
    "all kinds": (
        "# Heading\n\nWords\n===\n\n> said\n> > twice\n\n- [ ] a\n- b\n\n  more\n\n1. c\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 | 3 |\n\n```python\nx = 1\n\n```\n\n    code\n\n"
        "$$\n- x\n# y\n$$\n\n***\n\nlast\n\n"
    )
    * 30,
    "a long list": "- an item of some words\n" * 400,
    "items apart": "1. an item of some words\n\n" * 300,
    "code": PARAGRAPH + "```c\n" + "int x = 1;\n" * 900 + "```\n\n" + PARAGRAPH,
    "a table": "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 500,
    "more than is read": PARAGRAPH * (MAX_MARKDOWN // len(PARAGRAPH) + 30),
}


def _growing(text: str, step: int) -> Iterator[tuple[str, Reading]]:
    reading: Reading | None = None
    for end in range(step, len(text) + step, step):
        reading = read(text[:end], reading)
        yield text[:end], reading


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_growing_text_is_shown_as_if_it_were_read_at_once(text: str) -> None:
    for some, reading in _growing(text, max(97, len(text) // 60)):
        assert reading.found == blocks(some)


@pytest.mark.parametrize("name", ["paragraphs", "all kinds"])
def test_only_what_is_new_is_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []
    outline = richtext.outline()
    parse = outline.parse
    monkeypatch.setattr(outline, "parse", lambda text: parsed.append(len(text)) or parse(text))

    for _ in _growing(TEXTS[name], 100):
        pass

    assert max(parsed) <= 2 * PIECE


LINES = st.sampled_from(
    ["", "", "word", "- a", "  - b", "  c", "1. d", "> e", "    f", "# g", "===", "---", "***",
     "```", "$$", "\\[", "\\]", "| h | i |", "|---|---|", "\t", "1", "*", "[a]: b", "* j"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=150)
@given(st.lists(LINES, max_size=40), st.integers(1, 7))
def test_any_growing_markdown(lines: list[str], step: int) -> None:
    text = "\n".join(lines)
    for some, reading in _growing(text, step):
        assert reading.found == blocks(some)


@given(st.text("ab\n", max_size=60), st.text("ab\n", max_size=60))
def test_another_text_is_read_from_its_beginning(first: str, second: str) -> None:
    assert read(second, read(first)).found == blocks(second)
