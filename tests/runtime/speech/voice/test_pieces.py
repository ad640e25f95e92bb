"""What the model cannot say at once is cut."""

from __future__ import annotations

from runtime.speech.voice.pieces import pieces
from runtime.speech.voice.spoken import Sounded

MOST = 510


def words(count: int, after: str = " ") -> list[Sounded]:
    """So many words of nine phonemes."""
    return [Sounded(f"w{number}", "a" * 9, after) for number in range(count)]


def test_no_piece_is_longer_than_the_model_takes_and_nothing_is_lost() -> None:
    text = [*words(200), *words(5, ", "), *words(300), Sounded("end", "z" * 40, ". "), *words(80)]

    found = list(pieces(text, MOST))

    assert all(sum(len(word.symbols) for word in piece) <= MOST for piece in found)
    assert [word for piece in found for word in piece] == text


def test_a_piece_ends_with_its_sentence() -> None:
    text = [*words(10), Sounded("end", "z", ". "), *words(3)]

    assert [piece[-1].text for piece in pieces(text, MOST)] == ["end", "w2"]


def test_a_long_sentence_is_cut_at_its_last_comma() -> None:
    text = [*words(28), Sounded("comma", "z", ", "), *words(40)]

    assert next(pieces(text, MOST))[-1].text == "comma"


def test_a_word_that_alone_is_too_long_is_cut_and_told_once() -> None:
    found = [word for piece in pieces([Sounded("long", "a" * 2000)], MOST) for word in piece]

    assert "".join(word.phonemes for word in found) == "a" * 2000
    assert [word.text for word in found if word.text] == ["long"]
