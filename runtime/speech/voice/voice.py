"""A voice: text into sound, with the times of its words and the shapes of the mouth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np

from plugins.errors import KnownError
from runtime.speech.voice import names, seam
from runtime.speech.voice.english.lexicon import Lexicon
from runtime.speech.voice.kokoro import (
    MOST_PHONEMES,
    STEP,
    Draft,
    Kokoro,
    Utterance,
    read_style,
)
from runtime.speech.voice.loudness import faded, sounding
from runtime.speech.voice.mouth import visemes
from runtime.speech.voice.phonemes import language_of, sounded
from runtime.speech.voice.pieces import pieces
from runtime.speech.voice.spoken import RATE_HZ, Float32, Sounded, Spoken, Word, joined
from runtime.speech.voice.timing import Phoneme, spoken_words, symbols, timed

SPEEDS = (0.5, 2.0)
"""The slowest and the fastest."""
_SENTENCE = re.compile(r"[^.!?。！？\n]*[.!?。！？\n]+[\"'”’)）】」]*\s*|[^.!?。！？\n]+$")
_MARKS = re.compile(r"[^\w\s]*\s*")
_LETTER = re.compile(r"[^\W\d_]")
_PAUSES_S = {".!?…": 0.3, ";:—": 0.2, ",": 0.12}
"""Silence after a piece, by the mark at its end."""

Progress = Callable[[int, int], None]
"""Called with how many pieces of how many are said."""


class Voice:
    """The voices of one model. One thread at a time."""

    def __init__(self, model: Kokoro, lexicon: Lexicon, folder: Path, voice: str = "") -> None:
        self._model, self._lexicon, self._folder = model, lexicon, folder
        self._styles: dict[str, Float32] = {}
        self.names: tuple[str, ...] = tuple(one.name for one in names.voices_of(folder))
        """Of all voices, those that are preferred first."""
        self.voice: str = names.named(self.names, voice)
        """Speaks where no other is named."""

    @classmethod
    def open(
        cls,
        folder: Path,
        voice: str = "",
        threads: int = 1,
        pronunciations: Mapping[str, str] | None = None,
    ) -> Voice:
        """The voices of a folder.

        Args:
            folder: holds the model (*.onnx), `vocab.json`, the dictionaries and `voices/*.bin`.
            voice: speaks where no other is named; by default an English one.
            threads: of the processor.
            pronunciations: phonemes for words that are to be said in another way.

        Raises:
            KnownError: a file is missing or broken, or there is no such voice.
        """
        names.voices_of(folder)
        lexicon = Lexicon.open(folder, pronunciations)
        return cls(Kokoro.open(folder, threads), lexicon, folder, voice)

    def warm_up(self) -> None:
        """Do now what the first words in each language wait for, some seconds of work."""
        self.speak("Hi.")
        sounded("你好", self._lexicon)

    def speak(
        self, text: str, voice: str = "", speed: float = 1.0, progress: Progress | None = None
    ) -> Spoken:
        """A text of any length as sound; without a word in it, no sound.

        A voice of the text's language speaks: where the named one speaks another, one like it.

        Args:
            text: English, Chinese or both, without markup.
            voice: one of `names`; by default `self.voice`.
            speed: 0.5 to 2, 1 as the voice speaks by itself.
            progress: called when a piece of a long text is said; may raise to stop.

        Raises:
            KnownError: no such voice, a voice that is broken, or another speed.
        """
        _check_speed(speed)
        planned = list(self._planned(text, names.named(self.names, voice or self.voice)))
        parts = []
        for name, words in planned:
            parts.append(self._said(words, self._style(name), speed))
            if progress is not None:
                progress(len(parts), len(planned))
        whole = joined(parts)
        return Spoken(whole.samples, RATE_HZ, whole.words, whole.visemes, text)

    def speak_soon(self, text: str, voice: str = "", speed: float = 1.0) -> Iterator[Spoken]:
        """As `speak`, in parts that follow each other without a gap, the first of which is there
        sooner. Their texts are that of the whole one after the other.

        Raises:
            KnownError: as `speak`.
        """
        _check_speed(speed)
        planned = list(self._planned(text, names.named(self.names, voice or self.voice)))
        left, parts = text, 0
        for number, (name, words) in enumerate(planned):
            for part, more in self._soon(words, self._style(name), speed):
                last = not more and number == len(planned) - 1
                said = left if last else _beginning(left, part.words)
                left, parts = left[len(said) :], parts + 1
                yield replace(part, text=said.strip())
        if not parts:
            yield joined([])

    def _planned(self, text: str, wanted: str) -> Iterator[tuple[str, list[Sounded]]]:
        """Voices and what each says at once."""
        for language, part in _by_language(text, names.language(wanted)):
            voice = names.speaking(self.names, wanted, language)
            words = [self._known(word) for word in sounded(part, self._lexicon, language)]
            for piece in pieces([word for word in words if word.phonemes], MOST_PHONEMES):
                yield voice, piece

    def _known(self, word: Sounded) -> Sounded:
        known = self._model.known
        return Sounded(word.text, known(word.phonemes), known(word.after))

    def _style(self, voice: str) -> Float32:
        if voice not in self._styles:
            self._styles[voice] = read_style(self._folder / "voices" / f"{voice}.bin")
        return self._styles[voice]

    def _said(self, words: list[Sounded], style: Float32, speed: float) -> Spoken:
        phonemes, draft = self._draft(words, style, speed)
        samples = draft.sound(0, draft.units)
        return _part(words, timed(phonemes, Utterance(samples, draft.steps)), samples, speed)

    def _soon(
        self, words: list[Sounded], style: Float32, speed: float
    ) -> Iterator[tuple[Spoken, bool]]:
        """A piece, or its beginning and then the rest; and whether more follows."""
        phonemes, draft = self._draft(words, style, speed)
        unmade = Utterance(np.zeros(draft.units * STEP, np.float32), draft.steps)
        times = timed(phonemes, unmade)
        at = seam.first_of_rest(times) if draft.steps is not None else 0
        if not at:
            samples = draft.sound(0, draft.units)
            times = timed(phonemes, Utterance(samples, draft.steps))
            yield _part(words, times, samples, speed), False
            return
        border = seam.units(times[at].start_s)
        before = draft.sound(0, min(border + seam.OVERLAP, draft.units))
        place = seam.quietest(before, round(times[at].start_s * RATE_HZ))
        yield _part(words, times[:at], before[:place], speed, ends=False), True
        begin = border - seam.OVERLAP
        rest = draft.sound(begin, draft.units)
        samples = seam.fitted(before, rest, place, begin * STEP)
        later = _moved(times[at:], place / RATE_HZ, len(samples) / RATE_HZ)
        yield _part(words, later, samples, speed, begins=False), False

    def _draft(
        self, words: list[Sounded], style: Float32, speed: float
    ) -> tuple[list[Phoneme], Draft]:
        phonemes = symbols(words)
        if phonemes[-1].symbol == " ":
            phonemes.pop()
        return phonemes, self._model.draft("".join(one.symbol for one in phonemes), style, speed)


def _check_speed(speed: float) -> None:
    if not SPEEDS[0] <= speed <= SPEEDS[1]:
        raise KnownError(
            "expected a speed from {speeds:g} to {speeds_2:g}, found {speed:g}. Choose one within "
            "that.",
            speeds=SPEEDS[0],
            speeds_2=SPEEDS[1],
            speed=speed,
        )


def _part(
    words: list[Sounded],
    phonemes: list[Phoneme],
    samples: Float32,
    speed: float,
    *,
    begins: bool = True,
    ends: bool = True,
) -> Spoken:
    """Sound with the words whose phonemes these are.

    Args:
        words: of the whole piece.
        phonemes: with their times in `samples`.
        samples: [n] the sound.
        begins: whether it begins the piece, so that silence before it goes.
        ends: whether it ends the piece, so that its last mark asks for a pause.
    """
    first, last = sounding(samples, RATE_HZ)
    begin, end = first if begins else 0, last if ends else len(samples)
    phonemes = _moved(phonemes, begin / RATE_HZ, (end - begin) / RATE_HZ)
    samples = faded(samples[begin:end], RATE_HZ, begins=begins, ends=ends)
    samples = _with_pause(samples, words[-1].after if ends else "", speed)
    found = tuple(spoken_words(words, phonemes, samples))
    text = " ".join(word.text for word in found)
    return Spoken(samples, RATE_HZ, found, visemes(phonemes, samples), text)


def _beginning(text: str, words: tuple[Word, ...]) -> str:
    """The beginning of a text, up to where the last of its first words ends."""
    end = 0
    for word in words:
        place = text.find(word.text, end)
        end = place + len(word.text) if place >= 0 else end
    return text[: end + len(_MARKS.match(text, end)[0])]  # type: ignore[index]


def _by_language(text: str, fallback: str) -> Iterator[tuple[str, str]]:
    """Parts of a text and their languages; a sentence without letters goes with the one before."""
    language, labelled = "", []
    sentences = _SENTENCE.findall(text)
    for sentence in sentences:
        if _LETTER.search(sentence) or not language:
            language = _language(sentence, fallback)
        labelled.append((language, sentence))
    for language, group in groupby(labelled, key=lambda one: one[0]):
        yield language, "".join(sentence for _, sentence in group)


def _language(sentence: str, fallback: str) -> str:
    return language_of(sentence) if _LETTER.search(sentence) else fallback or "en"


def _with_pause(samples: Float32, after: str, speed: float) -> Float32:
    """The sound, with the silence that its last mark asks for."""
    pause = next((s for marks, s in _PAUSES_S.items() if set(marks) & set(after)), 0.0)
    silence = np.zeros(round(pause / speed * RATE_HZ), np.float32)
    return np.concatenate([np.clip(samples, -1.0, 1.0), silence])


def _moved(phonemes: list[Phoneme], by_s: float, seconds: float) -> list[Phoneme]:
    """The phonemes in a sound whose begin was cut off, none beyond its end."""

    def at(moment: float) -> float:
        return min(max(moment - by_s, 0.0), seconds)

    return [Phoneme(one.symbol, one.word, at(one.start_s), at(one.end_s)) for one in phonemes]
