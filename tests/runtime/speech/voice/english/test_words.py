"""English words and their phonemes, with the dictionaries of the starter's voice."""

from __future__ import annotations

import pytest

from runtime.speech.voice.english.lexicon import Lexicon
from runtime.speech.voice.english.words import sounded


def said(text: str, lexicon: Lexicon) -> str:
    """All phonemes of a text."""
    return "".join(word.symbols for word in sounded(text, lexicon)).strip()


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("Hello, world!", "həlˈO, wˈɜɹld!"),
        ("the apple, the pear", "ði ˈæpᵊl, ðə pˈɛɹ"),
        ("to eat, to go", "tʊ ˈit, tə ɡˌO"),
        ("Dr. Smith's dogs'", "dˈɑktəɹ smˈɪθs dˈɔɡz"),
        ("AT&T and C++", "ˈA tˈi ænd tˈi ænd sˈi plˈʌs plˈʌs"),
        ("GPUs, HTML, NASA", "ʤˌipˌijˈuz, ˌAʧtˌiˌɛmˈɛl, nˈæsə"),
        ("The US helps us.", "ðə jˌuˈɛs hˈɛlps ˌʌs."),
        ("café", "kæfˈA"),
        ("it’s", "ɪts"),
        ("I'd've", "ˌIdəv"),
        ("10:30", "tˈɛn θˈɜɹTi"),
    ],
)
def test_words_sound_as_they_should(text: str, phonemes: str, lexicon: Lexicon) -> None:
    assert said(text, lexicon) == phonemes


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("Please close the window.", "klˈOz"),
        ("It is close to the door.", "klˈOs"),
        ("I read a book yesterday.", "ɹˈɛd"),
        ("I have read it.", "ɹˈɛd"),
        ("Read this!", "ɹˈid"),
        ("I live here.", "lˈɪv"),
        ("A live show.", "lˈIv"),
        ("We record it.", "ɹəkˈɔɹd"),
        ("The record is old.", "ɹˈɛkəɹd"),
        ("A lead pipe.", "lˈɛd"),
        ("They lead us.", "lˈid"),
        ("We used to go.", "jˈust"),
        ("It is used to cut.", "jˈuzd"),
        ("The wind blows.", "wˈɪnd"),
        ("He has a permit.", "pˈɜɹmɪt"),
        ("They permit it.", "pəɹmˈɪt"),
        ("No use.", "jˈus"),
        ("You use it.", "jˈuz"),
    ],
)
def test_the_neighbours_choose_between_pronunciations(
    text: str, phonemes: str, lexicon: Lexicon
) -> None:
    assert phonemes in said(text, lexicon)


@pytest.mark.parametrize(
    "text",
    [
        "See https://www.example.com/a?b=1 or mail bob@example.org.",
        "He paid $5.50 at 10:30 a.m., e.g. for World War II (50% off) — rock'n'roll!",
        "Wi-Fi, co-worker, and/or naïve Zürich… H2O & GPT-4o",
        "#1 ~5 +3 a→b x² §7 ∞ 🎉 <tag> {x} \x00 \u200b مرحبا привет",
    ],
)
def test_the_words_are_those_of_the_text_in_their_order(text: str, lexicon: Lexicon) -> None:
    at = 0
    for word in sounded(text, lexicon):
        at = text.replace("-", " ").find(word.text.replace("-", " "), at)
        assert at >= 0, word
        at += len(word.text)


@pytest.mark.parametrize(
    "word",
    ["Kubernetes", "tokenizers", "blorbly", "Zyntharion", "iPhone", "GitHub", "ChatGPT", "mp3",
     "qwertz", "strengthlessnesses", "Xqzzk", "antidisestablishmentarianism", "unfriendliness"],
)  # fmt: skip
def test_every_word_sounds(word: str, lexicon: Lexicon) -> None:
    (first, *_) = sounded(word, lexicon)

    assert first.phonemes
    assert "ˈ" in said(word, lexicon)


def test_a_person_says_how_a_word_is_pronounced(lexicon: Lexicon) -> None:
    own = Lexicon({"tea": "tˈi"}, {}, {"Medley": "mɛdlˈA"})

    assert said("Medley's tea", own) == "mɛdlˈAz tˈi"


def test_roman_numbers_follow_names_only(lexicon: Lexicon) -> None:
    assert said("Henry VIII", lexicon).endswith("ði ˈAθ")
    assert said("World War II", lexicon).endswith("tˈu")
    assert said("mix IV", lexicon) != said("mix four", lexicon)
