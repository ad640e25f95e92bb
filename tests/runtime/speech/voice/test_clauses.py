"""An answer becomes clauses that can be said, while it is written."""

from __future__ import annotations

import random

import pytest

from runtime.speech.voice import ClauseCutter, speakable

ANSWER = """# A Title

Sure, here is what I found about **Kokoro**, a small voice. Dr. Smith (e.g. in the U.S.) said it \
is 3.5 times faster! See [the docs, really](https://a.b/c_(d)?x=1.2) or `foo.bar, baz`.

1. First item
2. Second *item*, with text
- [x] done \U0001f389
- **Bold:** text

```python
print("hi. there")
```

| Name | Size |
|------|-----:|
| Kokoro | 82M |

> A quote that
> goes on.

---
The end: $5 and $6, x^2, \\(\\frac{a}{b} \\times c\\)[1]. A snake_case_name and 2*3 = 6.
你好，世界！今天天气很好，我们一起去公园散步吧。好的"""


def given(text: str, sizes: random.Random | None = None) -> list[str]:
    """The clauses of a text that comes in pieces, of one letter by default."""
    cutter, clauses, at = ClauseCutter(), [], 0
    while at < len(text):
        size = sizes.randint(1, 9) if sizes else 1
        clauses += cutter.feed(text[at : at + size])
        at += size
    return [*clauses, *cutter.finish()]


def test_markup_is_made_speakable_or_left_out() -> None:
    assert speakable(ANSWER) == [
        "A Title.",
        "Sure, here is what I found about Kokoro, a small voice.",
        "Dr. Smith (e.g. in the U.S.) said it is 3.5 times faster!",
        "See the docs, really or foo.bar, baz.",
        "1: First item.",
        "2: Second item, with text.",
        "done.",
        "Bold: text.",
        "Name, Size.",
        "Kokoro, 82M.",
        "A quote that goes on.",
        "The end: $5 and $6, x², a ÷ b × c.",
        "A snake_case_name and 2*3 = 6.",
        "你好，世界！",
        "今天天气很好，我们一起去公园散步吧。",
        "好的。",
    ]


@pytest.mark.parametrize("seed", range(20))
def test_it_does_not_matter_in_which_pieces_an_answer_comes(seed: int) -> None:
    assert given(ANSWER, random.Random(seed)) == given(ANSWER)


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("The capital of Australia is Canberra, which", "The capital of Australia is Canberra,"),
        ("Yes. It", "Yes."),
        ("No! ", "No!"),
        ("好的，我来介绍一下北京的历史，", "好的，我来介绍一下北京的历史，"),
        (
            "I think the weather in the mountains is usually very cold and it ",
            "I think the weather in the mountains is usually very cold",
        ),
    ],
)
def test_the_first_clause_comes_before_the_sentence_ends(said: str, first: str) -> None:
    assert ClauseCutter().feed(said) == [first]


def test_a_short_begin_is_not_torn_off() -> None:
    assert given("Well, that is a good question. Yes.") == [
        "Well, that is a good question.",
        "Yes.",
    ]


def test_after_the_first_clause_whole_sentences_come() -> None:
    text = "Here you are. I like it, as you know, because it is blue. It is."

    assert given(text)[1:] == ["I like it, as you know, because it is blue.", "It is."]


def test_a_very_long_sentence_is_cut_at_a_comma_and_without_one_at_a_space() -> None:
    many = " ".join(["Word"] * 30)

    assert given(f"Begin. {many}, {many}.")[1:] == [f"{many},", f"{many}."]
    assert all(len(clause.split()) <= 50 for clause in given(" ".join(["word"] * 500)))


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "```\ncode\n```", "```\nnever closed", "---", "\U0001f389", "| |\n|-|", "***"],
)
def test_what_has_no_words_gives_no_clause(text: str) -> None:
    assert speakable(text) == []


def test_numbers_and_abbreviations_end_no_sentence() -> None:
    (clause,) = speakable("Pi is 3.14, said Prof. Jones at 10 a.m. in St. Louis.")

    assert clause.endswith("St. Louis.")


def test_a_finished_cutter_can_be_used_again() -> None:
    cutter = ClauseCutter()
    cutter.feed("```\nopen")
    cutter.finish()

    assert [*cutter.feed("Hello, my dear old friend, how are you?"), *cutter.finish()] == given(
        "Hello, my dear old friend, how are you?"
    )


@pytest.mark.parametrize("text", ["Here it is.", "You're welcome!", "The capital is Canberra."])
def test_a_first_sentence_is_given_before_anything_follows(text: str) -> None:
    assert ClauseCutter().feed(text) == [text]


@pytest.mark.parametrize(
    "text", ["It is 3.", "I asked Dr.", "See [the docs.", "Apples, pears, etc."]
)
def test_what_may_go_on_is_waited_for(text: str) -> None:
    assert ClauseCutter().feed(text.split(", ")[-1]) == []


def test_a_long_first_sentence_begins_before_a_conjunction_or_a_preposition() -> None:
    first, *_ = given("I will gladly tell you this because you asked me so kindly today. Yes.")
    assert first == "I will gladly tell you this"
    first, *_ = given("The sky is blue because of the scattering of light by tiny particles. Yes.")
    assert first == "The sky is blue because of the scattering of light"
