"""Texts come back as they were, and nobody can write a mark."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runtime.language_model.text.joint_tokens import ControlToken, JointTokenizer
from runtime.upstream import marks
from runtime.upstream.vocabulary import Vocabulary


@given(st.text())
def test_a_text_comes_back_as_it_was(text: str) -> None:
    vocabulary = Vocabulary()

    assert vocabulary.text(vocabulary.tokenize(text)) == text
    assert vocabulary.parts(vocabulary.tokenize(text)) == ([("", text)] if text else [])


def test_a_mark_that_a_person_writes_stays_words() -> None:
    vocabulary = Vocabulary()
    pieces = [(marks.USER, True), (f"say {marks.SYSTEM} twice", False), (marks.END, True)]

    ids = JointTokenizer(_Bound(vocabulary)).ids(pieces)

    assert vocabulary.parts(ids) == [(marks.USER, f"say {marks.SYSTEM} twice"), (marks.END, "")]


def test_the_marks_of_a_template_are_single_tokens() -> None:
    vocabulary = Vocabulary()

    assert vocabulary.tokenize(f"{marks.USER}a", parse_special=True)[0] == 1
    assert vocabulary.control_tokens_in(f"a{marks.END}") == ["a", ControlToken(2)]
    assert vocabulary.control_text(1) == marks.USER.encode()


def test_a_text_counts_about_as_many_tokens_as_a_real_vocabulary_has() -> None:
    words = "The quick brown fox jumps over the lazy dog and says 1234 things. " * 10

    assert 14 * 10 <= len(Vocabulary().tokenize(words)) <= 25 * 10
    assert len(Vocabulary().tokenize("狐狸跳过懒狗")) == 6


class _Bound:
    """A vocabulary as a tokenizer, without a token that begins a text."""

    bos = None

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.tokenize = vocabulary.tokenize
        self.control_tokens_in = vocabulary.control_tokens_in
