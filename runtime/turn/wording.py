"""The few sentences that the engine itself contributes to an answer, in the language of the
question.

English and Simplified Chinese. Knows messages and the manifest; knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import reduce

from plugins.errors import Problem, joined, phrase
from runtime.bundle.manifest import SignalSpec
from runtime.media.files import NOUNS
from runtime.messages import Message, TextPart
from runtime.turn.policy import Policy

ENGLISH, CHINESE = "en", "zh"
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_]+")
_NOUNS = {
    ENGLISH: {"image": "picture", "audio": "sound", "video": "clip"},
    CHINESE: {"image": "图片", "audio": "声音", "video": "短片"},
}


def language_of(message: Message) -> str:
    """`zh` for a message that is mostly Chinese, else `en`."""
    text = " ".join(part.text for part in message.parts if isinstance(part, TextPart))
    han = len(_HAN.findall(text))
    words = sum(1 for word in _WORD.findall(text) if not _HAN.search(word))
    return CHINESE if han > words else ENGLISH


def said(sentences: Mapping[str, str], language: str) -> str:
    """The sentence of a language, in English where it is not there; empty where there is none."""
    return sentences.get(language) or sentences.get(ENGLISH, "")


def cannot_make(signal: SignalSpec, modality: str, unknown: Sequence[str], language: str) -> str:
    """Why a medium was not made although it was asked for, and what can be made instead.

    Args:
        signal: of the bundle; its `offers` are said.
        modality: of what was asked for.
        unknown: the words that no renderer knows.
        language: in which to say it.
    """
    noun = _NOUNS[language].get(modality, modality)
    offer = said(signal.offers, language)
    if language == CHINESE:
        words = "、".join(f"“{word}”" for word in unknown)
        why = f"我在这里做不出这样的{noun}"
        return f"{why}，因为不认识{words}。{offer}" if words else f"{why}。{offer}"
    words = ", ".join(f'"{word}"' for word in unknown)
    why = f"I cannot make this {noun} here"
    return f"{why}: I do not know {words}. {offer}" if words else f"{why}. {offer}"


def why_empty(policy: Policy, problems: Sequence[Problem], new_tokens: int) -> Problem:
    """Why an answer has neither words nor artifacts.

    Args:
        policy: of the turn.
        problems: why artifacts could not be made.
        new_tokens: how many the model wrote all the same.
    """
    if problems:
        return phrase("the answer holds nothing: {reasons}", reasons=joined(problems))
    modalities = policy.modalities if policy.require else ("text",)
    nouns = [phrase(NOUNS[one]) if one in NOUNS else phrase("words") for one in modalities]
    wanted = reduce(lambda one, other: phrase("{one} or {other}", one=one, other=other), nouns)
    return phrase(
        "the answer holds nothing: expected {wanted}, found none in the {new_tokens} tokens "
        "(words or parts of words) that the model wrote. Ask in other words; the same words with "
        "the same seed give the same again.",
        wanted=wanted,
        new_tokens=new_tokens,
    )
