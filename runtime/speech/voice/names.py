"""Voices by name: which language each speaks, and which one steps in for another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from plugins.errors import KnownError

_LANGUAGES = {"a": "en", "b": "en", "z": "zh"}
"""By the first letter of a voice's name; the second is f or m, of a woman or a man."""
_FIRST = ("af_heart", "zf_xiaoxiao", "am_michael", "zm_yunxi")
"""Preferred where a voice is chosen for the person."""


@dataclass(frozen=True)
class VoiceName:
    """What a voice's name says of it."""

    name: str
    language: str
    """`en`, `zh`, or empty for a language that is not spoken here."""
    sex: str
    """`f` or `m`."""


def voices_of(folder: Path) -> tuple[VoiceName, ...]:
    """The voices of a model's folder, the preferred one first; opens no model.

    Raises:
        KnownError: there are none.
    """
    names = sorted(path.stem for path in (folder / "voices").glob("*.bin"))
    if not names:
        raise KnownError(
            "{folder}: expected voices (voices/*.bin), found none. Run `medley models get "
            "starter` to fetch them again.",
            folder=folder,
        )
    first = named(names, "")
    ordered = (first, *(name for name in names if name != first))
    return tuple(VoiceName(name, language(name), name[1:2]) for name in ordered)


def language(voice: str) -> str:
    """`en`, `zh`, or empty for a voice of a language that is not spoken here."""
    return _LANGUAGES.get(voice[:1], "")


def named(names: Sequence[str], wanted: str) -> str:
    """The voice of a name; for an empty one the first that is preferred.

    Raises:
        KnownError: there is no such voice.
    """
    if not wanted:
        return next((name for name in _FIRST if name in names), names[0])
    if wanted not in names:
        raise KnownError(
            "expected one of the voices {names}, found {wanted}. Choose one of these.",
            names=", ".join(names),
            wanted=repr(wanted),
        )
    return wanted


def speaking(names: Sequence[str], voice: str, wanted: str) -> str:
    """A voice that speaks the wanted language: the voice itself, else one of the same sex, else
    any; the voice where none speaks it."""
    if language(voice) == wanted:
        return voice
    able = [name for name in (*_FIRST, *names) if name in names and language(name) == wanted]
    alike = [name for name in able if name[1:2] == voice[1:2]]
    return next(iter([*alike, *able]), voice)
