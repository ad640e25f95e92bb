"""Opens what hears and what speaks, from the models that are installed. Imports them only then."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from plugins.errors import KnownError, Problem, phrase
from runtime.catalogue import store
from runtime.catalogue.entry import Purpose

if TYPE_CHECKING:
    from runtime.speech.hearing import Hearing
    from runtime.speech.voice import Voice

THREADS = 2
"""To compute with; recognition and the voice seldom work at the same time."""

_TASKS: dict[Purpose, Problem] = {
    "hear": phrase("hear speech"),
    "notice": phrase("notice when somebody speaks"),
    "speak": phrase("speak"),
}


class NoModelError(KnownError):
    """Nothing is installed that could hear, or speak."""


def model_folder(purpose: Purpose, wished: str) -> Path:
    """The folder of the wished model, or of the best that is installed for a purpose.

    Args:
        purpose: `hear`, `notice` or `speak`.
        wished: the name of an installed or added model, or a folder; empty is the best.

    Raises:
        NoModelError: there is none.
    """
    chosen = store.chosen(purpose, wished)
    if chosen is None:
        raise NoModelError(
            "expected a model to {task} with, found none installed. Fetch it under Settings, "
            "Models, or with `medley models get starter`.",
            task=_TASKS[purpose],
        )
    return chosen.folder


def open_hearing(wished: str) -> Hearing:
    """A listener on the wished model, or the best.

    Raises:
        NoModelError: none is installed.
        KnownError: its files are broken.
    """
    folder, notice = model_folder("hear", wished), model_folder("notice", "")
    from runtime.speech.hearing import open_hearing as open_it

    return open_it(folder, notice, THREADS)


def open_voice(wished: str) -> Voice:
    """The wished voice, or the best.

    Raises:
        NoModelError: none is installed.
        KnownError: its files are broken.
    """
    folder = model_folder("speak", wished)
    from runtime.speech.voice import Voice

    return Voice.open(folder, threads=THREADS)


def voice_for(names: tuple[str, ...], wished: str, language: str) -> str:
    """The name of the voice for a text in a language: the wished one where it speaks that, else
    the first that does; empty leaves it to the voice's model."""
    kin = "z" if language.startswith("zh") else "ab" if language.startswith("en") else ""
    if wished in names and (not kin or wished[:1] in kin):
        return wished
    return next((name for name in names if kin and name[:1] in kin), "")
