"""What a person chose: typed, within limits, kept in the library as one value. Knows no Qt.

A value that does not fit (from a newer Medley, or a hand that wrote into the file) becomes the
default, one by one, so that a single bad value costs nobody the others.
"""

from __future__ import annotations

from typing import Any, Literal, get_type_hints

import msgspec

from desktop.assistant.assistant import EngineChoice
from desktop.assistant.turns import AnswerPreferences
from desktop.speech.protocol import Settings as SpeechSettings
from runtime.bundle.bundle import AUTOMATIC, speech_of
from storage.library import Library

KEY = "preferences"
MAX_STEPS = 200
SCALES = (1.0, 2.0)
SPEEDS = (0.5, 2.0)
_LIMITS: dict[str, tuple[float, float]] = {
    "scale": SCALES,
    "voice_speed": SPEEDS,
    "memory_budget_mb": (0, 2**24),
    "steps_image": (0, MAX_STEPS),
    "steps_audio": (0, MAX_STEPS),
    "steps_video": (0, MAX_STEPS),
}


class Preferences(msgspec.Struct, frozen=True):
    """All of them, with what holds before anybody chose."""

    theme: Literal["system", "light", "dark"] = "system"
    language: Literal["system", "en", "zh_CN"] = "system"
    high_contrast: bool = False
    reduced_motion: bool = False
    scale: float = 1.0
    device: str = "auto"
    memory_budget_mb: int = 0
    """0 lets the engine decide."""
    steps_image: int = 0
    """0 is the bundle's own."""
    steps_audio: int = 0
    steps_video: int = 0
    previews: bool = True
    bundle: str = AUTOMATIC
    """Name or folder of the bundle that answers where a conversation has no choice of its own."""
    last_bundle: str = ""
    """That was chosen last for a conversation, with which a new one begins; empty is `bundle`."""
    remote: str = ""
    """Name of the other computer on which answers are made; empty is this one."""
    bundle_folders: tuple[str, ...] = ()
    """Bundles that the person showed where they are."""
    meaning_search: bool = True
    keep_drafts: bool = True
    notify_answers: bool = True
    """Whether the desktop tells when a long answer is done and the window is not in front."""
    local_api: bool = False
    """Whether other programs on this computer may use Medley while the window is open."""
    microphone: str = ""
    """Id of a device; empty is the machine's own choice, as for the loudspeaker."""
    loudspeaker: str = ""
    voice: str = ""
    """Name of a voice; empty takes one that suits the language."""
    voice_speed: float = 1.0
    spoken_language: Literal["", "en", "zh"] = ""
    """That a person speaks; empty recognises it in every turn."""
    keep_recordings: bool = True
    """Whether the sound of spoken words is kept beside them."""
    tools: bool = False
    """Whether models may ask for tools where a conversation has no choice of its own."""
    welcomed: bool = False
    """Whether the first start is over."""
    toured: bool = False
    """Whether the tour of the window was seen or skipped."""

    def choice(self) -> EngineChoice:
        """The engine that was chosen."""
        if self.remote:
            return EngineChoice(remote=self.remote)
        budget = self.memory_budget_mb * 2**20 or None
        return EngineChoice(self.bundle, self.device, budget)

    def speech(self, bundle: str | None = None) -> SpeechSettings:
        """How to hear and to speak where `bundle` answers; None is the one for all."""
        models = speech_of(bundle or self.bundle)
        return SpeechSettings(
            self.microphone,
            self.loudspeaker,
            hearing_model=models.hear,
            voice_model=models.speak,
            voice=self.voice,
            speed=self.voice_speed,
            language=self.spoken_language,
        )

    def wishes(self, allowed: tuple[str, ...] | None = None) -> AnswerPreferences:
        """How to be answered."""
        steps = {"image": self.steps_image, "audio": self.steps_audio, "video": self.steps_video}
        chosen = {modality: number for modality, number in steps.items() if number}
        return AnswerPreferences(allowed, chosen, self.previews, tools_by_default=self.tools)


def changed(preferences: Preferences, name: str, value: Any) -> Preferences:
    """With one value changed, brought within its limits.

    Raises:
        ValueError: the value is of the wrong kind.
    """
    try:
        value = msgspec.convert(value, get_type_hints(Preferences)[name], strict=True)
    except msgspec.ValidationError as error:
        raise ValueError(f"setting {name}: {error}") from error
    if name in _LIMITS:
        least, most = _LIMITS[name]
        value = type(value)(min(max(value, least), most))
    return msgspec.structs.replace(preferences, **{name: value})


def load(library: Library) -> Preferences:
    """What was kept, with defaults for what is missing or does not fit."""
    preferences = Preferences()
    kept = library.settings.get(KEY, {}, dict[str, Any])
    for name in Preferences.__struct_fields__:
        if name in kept:
            value = kept[name]
            fitting = tuple(value) if isinstance(value, list) else value
            try:
                preferences = changed(preferences, name, fitting)
            except ValueError:
                continue
    return preferences


def save(library: Library, preferences: Preferences) -> None:
    """Keep them.

    Raises:
        LibraryError: the library takes no writes.
    """
    library.settings.put(KEY, preferences)
