"""The plan of an evaluation. Data only: the command line makes it, `evaluate` follows it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from training.dialogues.phrasings import PHRASINGS

SUITES = ("pocketworld", "composition", "paraphrases", "folder")
SECTIONS = ("attributes", "routing", "formats", "paper")
"""The sections of the suite pocketworld: attributes of answers, projected against captioned
routing, formats of the language model, the paper's metrics."""
ROWS = (
    "text -> image", "text -> audio", "text -> video", "image -> text", "audio -> text",
    "video -> text", "audio -> image", "image -> audio", "image -> video", "text -> two artifacts",
    "edit in a second turn", "conversation of 3-5 turns", "plain talk", "refusal",
)  # fmt: skip
"""The rows of the attribute table of the suite pocketworld."""
LANGUAGES = ("en", "zh")
COMBINATIONS = ("seen", "unseen")
"""Kinds of combinations of thing, colour and place: seen in training, or excluded from all of
it."""
SEED = 20_000
"""Far from every training seed."""


@dataclass(frozen=True)
class Plan:
    """The plan of an evaluation; by default every direction in English, on seen combinations."""

    limit: int = 25
    """Cases a direction, language and combination."""
    suite: str = "pocketworld"
    data: Path | None = None
    """The suite `folder`: where its captions and media are."""
    languages: tuple[str, ...] = ("en",)
    combinations: tuple[str, ...] = ("seen",)
    sections: tuple[str, ...] = ("attributes",)
    directions: tuple[str, ...] | None = None
    """The rows of `ROWS` to ask; None for all."""
    phrasings: str = PHRASINGS[0]
    """One of `PHRASINGS`."""
    seed: int = SEED
    """The seed: the same one asks the same questions."""
    steps: int | None = None
    """Diffusion steps of every artifact; None is the bundle's own."""
