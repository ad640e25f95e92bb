"""What the starter's voice says: heard again by Whisper, and its times."""

from __future__ import annotations

import itertools

import jiwer
import numpy as np
import pytest
from whisper_normalizer.english import EnglishTextNormalizer

from plugins.avatar.visemes import VISEMES
from plugins.errors import Cancelled, KnownError
from runtime.speech.voice import Spoken, Voice
from tests.runtime.speech.voice.conftest import Hear

ENGLISH = (
    "The weather today is warm and sunny with a light breeze.",
    "Draw me a red car on a green hill, please.",
    "I am sorry, I did not understand that question.",
    "Here is a picture of a small boat on a quiet lake.",
    "Water boils at one hundred degrees at sea level.",
    "Please close the window before it starts to rain, and read this book.",
    "The quick brown fox jumps over the lazy dog.",
    "Would you like to hear a story about a mountain village?",
    "Romeo and Juliet was written by William Shakespeare.",
    "Dr. Smith's children couldn't find their grandmother's glasses.",
)
NUMBERS = (
    ("It costs $5.50, or 25% less.", "it costs $5.50 or 25% less"),
    (
        "The train leaves at 10:30 a.m. on March 5, 2024.",
        "the train leaves at 10 30 am on march 5th 2024",
    ),
    (
        "The 21st person ran 3.5 km in 1,234 seconds.",
        "the 21st person ran 3.5 kilometers in 1234 seconds",
    ),
)
CHINESE = (
    "今天天气很好，我们一起去公园散步吧。",
    "请给我画一只红色的小鸟。",
    "谢谢你的帮助，再见。",
    "学习新的语言需要时间和耐心。",
    "明天下午三点半我们在图书馆见面。",
)
LONG = " ".join((*ENGLISH[:3], *ENGLISH[:3]))


@pytest.fixture(scope="module")
def sentence(voice: Voice) -> Spoken:
    """A sentence with a pause and a pause at its end."""
    return voice.speak("Good morning, everybody. It costs $5, e.g. at 9:05.")


def _speech_db(samples: np.ndarray, spoken: Spoken, start_s: float, end_s: float) -> float:
    part = samples[round(start_s * spoken.rate_hz) : round(end_s * spoken.rate_hz)]
    return float(10 * np.log10(np.square(part).mean() + 1e-12))


@pytest.mark.slow
@pytest.mark.parametrize(
    "texts", [ENGLISH[-2:], pytest.param(ENGLISH[:-2], marks=pytest.mark.soak)], ids=["two", "rest"]
)
def test_english_is_heard_word_for_word(texts: tuple[str, ...], voice: Voice, hear: Hear) -> None:
    normal = EnglishTextNormalizer()
    said = [normal(text) for text in texts]
    heard = [normal(hear(voice.speak(text), "en")) for text in texts]

    assert jiwer.wer(said, heard) == 0, [pair for pair in zip(said, heard, strict=True)]


@pytest.mark.soak
@pytest.mark.parametrize(("text", "wanted"), NUMBERS)
def test_numbers_are_heard_as_they_are_written(
    text: str, wanted: str, voice: Voice, hear: Hear
) -> None:
    heard = EnglishTextNormalizer()(hear(voice.speak(text, "am_michael"), "en"))
    heard = heard.replace("10.30", "10 30")

    assert heard == wanted


@pytest.mark.slow
def test_chinese_is_heard_with_few_wrong_characters(voice: Voice, hear: Hear) -> None:
    from misaki.zh_normalization.char_convert import tranditional_to_simplified

    def plain(text: str) -> str:
        simple = tranditional_to_simplified(text)
        return "".join(letter for letter in simple if letter.isalnum()).replace("3点", "三点")

    said = [plain(text) for text in CHINESE]
    heard = [plain(hear(voice.speak(text, "zf_xiaoxiao"), "zh")) for text in CHINESE]

    assert jiwer.cer(said, heard) <= 0.15, heard


def test_the_words_stand_in_the_text_and_in_the_sound_in_order(sentence: Spoken) -> None:
    assert [word.text for word in sentence.words] == [
        "Good", "morning", "everybody", "It", "costs", "$5", "e.g.", "at", "9:05",
    ]  # fmt: skip
    times = [time for word in sentence.words for time in (word.start_s, word.end_s)]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= sentence.seconds
    assert sum(word.end_s - word.start_s for word in sentence.words) > 0.6 * sentence.seconds


def test_where_a_word_is_there_is_sound_and_between_sentences_silence(sentence: Spoken) -> None:
    loud = [_speech_db(sentence.samples, sentence, w.start_s, w.end_s) for w in sentence.words]
    before, after = sentence.words[2], sentence.words[3]
    gap = _speech_db(sentence.samples, sentence, before.end_s + 0.02, after.start_s - 0.02)

    assert after.start_s - before.end_s > 0.1
    assert min(loud) > -40
    assert gap < min(loud) - 8


def test_visemes_cover_the_whole_sound_and_rest_at_its_ends(sentence: Spoken) -> None:
    shapes = sentence.visemes

    assert shapes[0].start_s == 0
    assert shapes[-1].end_s == pytest.approx(sentence.seconds)
    assert all(one.end_s == other.start_s for one, other in itertools.pairwise(shapes))
    assert all(one.end_s > one.start_s for one in shapes)
    assert shapes[0].shape == shapes[-1].shape == "sil"
    assert {one.shape for one in shapes} <= set(VISEMES)
    assert len({one.shape for one in shapes}) >= 9


def test_lips_close_for_m_and_b(voice: Voice) -> None:
    spoken = voice.speak("Mama, baby.")

    closed = [one.start_s for one in spoken.visemes if one.shape == "PP"]
    (mama, baby) = spoken.words
    assert any(mama.start_s <= at <= mama.end_s for at in closed)
    assert any(baby.start_s - 0.05 <= at <= baby.end_s for at in closed)


def test_pieces_of_a_long_text_join_without_a_click(voice: Voice) -> None:
    told: list[tuple[int, int]] = []

    spoken = voice.speak(LONG, speed=1.6, progress=lambda done, of: told.append((done, of)))

    assert told == [(n + 1, len(told)) for n in range(len(told))]
    assert len(told) > 1
    words = [word.text for word in spoken.words]
    assert len(words) == len(LONG.split())
    # A click is a jump from one sample to the next where it is otherwise quiet.
    steps = np.abs(np.diff(spoken.samples))
    for before, after in itertools.pairwise(spoken.words):
        gap = slice(round(before.end_s * 24_000) + 480, round(after.start_s * 24_000) - 480)
        if after.start_s - before.end_s > 0.2:
            assert steps[gap].max(initial=0) < 0.02


def test_a_text_without_an_end_is_said_in_pieces_that_fit(voice: Voice) -> None:
    spoken = voice.speak("ha" * 300, speed=2.0)

    assert [word.text for word in spoken.words] == ["ha" * 300]


def test_a_warm_voice_has_read_the_words_of_both_languages(voice: Voice) -> None:
    import jieba

    voice.warm_up()

    assert jieba.dt.initialized
    assert "af_heart" in voice._styles


def test_faster_is_shorter(voice: Voice) -> None:
    slow, fast = (voice.speak("Good morning to you all", speed=s).seconds for s in (0.8, 1.6))

    assert 1.5 < slow / fast < 2.6


def test_the_language_chooses_a_voice_of_the_same_sex(voice: Voice) -> None:
    planned = [
        name for name, _ in voice._planned("Hello there. 你好，世界。Good night.", "am_michael")
    ]

    assert planned == ["am_michael", "zm_yunxi", "am_michael"]
    assert [name for name, _ in voice._planned("Hello", "zf_xiaobei")] == ["af_heart"]


@pytest.mark.parametrize("text", ["", "  \n", "---", "🎉", "...", "\x00", "¿¡"])
def test_what_has_no_words_has_no_sound(text: str, voice: Voice) -> None:
    spoken = voice.speak(text)

    assert len(spoken.samples) == 0
    assert spoken.words == spoken.visemes == ()
    assert spoken.text == text


def test_the_person_stops_it(voice: Voice) -> None:
    def stop(done: int, of: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        voice.speak("One. Two.", progress=stop)


def test_other_voices_and_speeds_are_refused_in_one_sentence(voice: Voice) -> None:
    with pytest.raises(KnownError, match=r"expected one of the voices .* found 'bob'"):
        voice.speak("Hello", "bob")
    with pytest.raises(KnownError, match=r"expected a speed from 0\.5 to 2, found 3"):
        voice.speak("Hello", speed=3.0)
