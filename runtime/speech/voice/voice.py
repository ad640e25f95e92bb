"""A voice: text into sound, with the times of its words and the shapes of the mouth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

import numpy as np

from plugins.errors import KnownError
from runtime.speech.voice import names
from runtime.speech.voice.english.lexicon import Lexicon
from runtime.speech.voice.kokoro import MOST_PHONEMES, Kokoro, read_style
from runtime.speech.voice.loudness import faded, sounding
from runtime.speech.voice.mouth import visemes
from runtime.speech.voice.phonemes import language_of, sounded
from runtime.speech.voice.pieces import pieces
from runtime.speech.voice.spoken import RATE_HZ, Float32, Sounded, Spoken, joined
from runtime.speech.voice.timing import Phoneme, spoken_words, symbols, timed

SPEEDS = (0.5, 2.0)
"""The slowest and the fastest."""
_SENTENCE = re.compile(r"[^.!?。！？\n]*[.!?。！？\n]+[\"'”’)）】」]*\s*|[^.!?。！？\n]+$")
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
        if not SPEEDS[0] <= speed <= SPEEDS[1]:
            raise KnownError(
                "expected a speed from {speeds:g} to {speeds_2:g}, found {speed:g}.",
                speeds=SPEEDS[0],
                speeds_2=SPEEDS[1],
                speed=speed,
            )
        wanted = names.named(self.names, voice or self.voice)
        planned = list(self._planned(text, wanted))
        parts = []
        for name, words in planned:
            parts.append(self._said(words, self._style(name), speed))
            if progress is not None:
                progress(len(parts), len(planned))
        whole = joined(parts)
        return Spoken(whole.samples, RATE_HZ, whole.words, whole.visemes, text)

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
        phonemes = symbols(words)
        if phonemes[-1].symbol == " ":
            phonemes.pop()
        utterance = self._model.say("".join(one.symbol for one in phonemes), style, speed)
        begin, end = sounding(utterance.samples, RATE_HZ)
        samples = _with_pause(utterance.samples[begin:end], words[-1].after, speed)
        phonemes = _moved(timed(phonemes, utterance), begin / RATE_HZ, (end - begin) / RATE_HZ)
        found = tuple(spoken_words(words, phonemes, samples))
        text = " ".join(word.text for word in words if word.text)
        return Spoken(samples, RATE_HZ, found, visemes(phonemes, samples), text)


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
    limited = np.clip(faded(samples, RATE_HZ), -1.0, 1.0)
    return np.concatenate([limited, silence])


def _moved(phonemes: list[Phoneme], by_s: float, seconds: float) -> list[Phoneme]:
    """The phonemes in a sound whose begin was cut off, none beyond its end."""

    def at(moment: float) -> float:
        return min(max(moment - by_s, 0.0), seconds)

    return [Phoneme(one.symbol, one.word, at(one.start_s), at(one.end_s)) for one in phonemes]
