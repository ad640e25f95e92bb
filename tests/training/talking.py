"""Dialogues to test with, and what their sentences tell."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from training.dialogues import dialogues
from training.dialogues.dialogues import Dialogue, Exchange, Medium
from training.dialogues.phrasings import BOOKS
from training.pocketworld.captions import LANGUAGES
from training.pocketworld.scene import Scene, random_scene

MODALITIES = ("image", "audio", "video")
COUNT = 1200
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def pool() -> dict[str, list[Scene]]:
    rng = np.random.default_rng(0)
    return {modality: [random_scene(rng) for _ in range(60)] for modality in MODALITIES}


def many(count: int = COUNT) -> Iterator[Dialogue]:
    """Dialogues without and with media at hand."""
    shelf = pool()
    for number in range(count):
        yield dialogues.dialogue(np.random.default_rng(number), shelf if number % 2 else None)


def artifacts(exchange: Exchange) -> list[Medium]:
    return [part for part in exchange.answer if isinstance(part, Medium)]


def said(exchange: Exchange) -> str:
    return " ".join(part for part in exchange.answer if isinstance(part, str))


def speaks(text: str) -> str:
    return "en" if text.isascii() else "zh"


def bare(text: str) -> str:
    """A user's sentence without capitals and end marks."""
    return text.lower().rstrip(".?!。！？")


def told_motions(text: str) -> set[str]:
    """The motions that a user's sentence may tell."""
    book = BOOKS[speaks(text)]
    return {m for m, phrases in book.moves.items() if any(p in text.lower() for p in phrases)}
