"""Markdown of a clause as words."""

from __future__ import annotations

import pytest

from runtime.speech.voice.markdown import cells, words_of


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ("**bold** and *leaning* and ~~gone~~", "bold and leaning and gone"),
        ("__bold__ and _leaning_ and a_name", "bold and leaning and a_name"),
        ('[a link](http://x.y/z "title") here', "a link here"),
        ("![a cat](cat.png)", "a cat"),
        ("<https://example.org> and <b>html</b>", "https://example.org and html"),
        ("`code` and ``more `code` ``", "code and more code"),
        ("a note[^1] and a source [12]", "a note and a source"),
        ("2 * 3 and 2*3", "2 * 3 and 2*3"),
        (r"\*not leaning\*", "*not leaning*"),
        (r"\(a \leq \sqrt{b}\)", "a ≤ √ b"),
        ("it costs $5 or $6", "it costs $5 or $6"),
        ("$x + y$ is", "x + y is"),
        ("good \U0001f44d\U0001f3fd \u2764\ufe0f", "good"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("a {brace}", "a brace"),
    ],
)
def test_marks_are_taken_away_and_words_stay(clause: str, words: str) -> None:
    assert words_of(clause) == words


def test_a_row_of_a_table_is_its_cells() -> None:
    assert cells("| a | **b** | |") == "a, **b**"
    assert cells("|---|:-:|--:|") == ""
