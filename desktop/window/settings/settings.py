"""The settings as QML sees them: every preference a property of its own type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from desktop.assistant.preferences import MAX_STEPS, Preferences
from desktop.window.session import Session

RESTART_MS = 1200
"""After the last change of what the engine was started with, before it is started anew."""
_ENGINE = ("device", "memory_budget_mb")
_KEPT = ("bundle", "last_bundle", "bundle_folders", "welcomed", "toured")
"""What putting everything back leaves alone."""


def _preference(name: str, kind: type, notify: Signal) -> Property:
    def read(self: Settings) -> Any:
        return getattr(self.session.preferences, name)

    def write(self: Settings, value: Any) -> None:
        self.change(name, value)

    return Property(kind, read, write, notify=notify)


class Settings(QObject):
    """All settings. A value that does not fit is not taken, and the old one stays."""

    themeChanged = Signal()  # noqa: N815  (Qt names signals so)
    languageChanged = Signal()  # noqa: N815
    highContrastChanged = Signal()  # noqa: N815
    reducedMotionChanged = Signal()  # noqa: N815
    scaleChanged = Signal()  # noqa: N815
    deviceChanged = Signal()  # noqa: N815
    memoryBudgetMbChanged = Signal()  # noqa: N815
    stepsImageChanged = Signal()  # noqa: N815
    stepsAudioChanged = Signal()  # noqa: N815
    stepsVideoChanged = Signal()  # noqa: N815
    previewsChanged = Signal()  # noqa: N815
    bundleChanged = Signal()  # noqa: N815
    meaningSearchChanged = Signal()  # noqa: N815
    keepDraftsChanged = Signal()  # noqa: N815
    notifyAnswersChanged = Signal()  # noqa: N815
    localApiChanged = Signal()  # noqa: N815
    microphoneChanged = Signal()  # noqa: N815
    loudspeakerChanged = Signal()  # noqa: N815
    voiceChanged = Signal()  # noqa: N815
    voiceSpeedChanged = Signal()  # noqa: N815
    spokenLanguageChanged = Signal()  # noqa: N815
    keepRecordingsChanged = Signal()  # noqa: N815
    toolsChanged = Signal()  # noqa: N815
    devicesChanged = Signal()  # noqa: N815

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._shown = session.preferences
        self._devices = ["auto", "cpu"]
        self._restart = QTimer(self)
        self._restart.setSingleShot(True)
        self._restart.setInterval(RESTART_MS)
        self._restart.timeout.connect(session.use_engine)
        session.preferencesChanged.connect(self._on_change)

    def change(self, name: str, value: Any) -> None:
        """Set one preference."""
        try:
            self.session.prefer(**{name: value})
        except ValueError as error:
            self.session.announce(error)
            return
        if name in _ENGINE:
            self._restart.start()

    def offer_devices(self, devices: Sequence[str]) -> None:
        """The torch devices of the machine can be chosen, as an engine told them."""
        found = ["auto", *(name for name in devices if name != "cpu"), "cpu"]
        if devices and found != self._devices:
            self._devices = found
            self.devicesChanged.emit()

    def _offered(self) -> list[str]:
        """What can be chosen, and what was chosen though it is not here now."""
        chosen = self.session.preferences.device
        return [*self._devices, *([chosen] if chosen not in self._devices else [])]

    @Slot()
    def reset(self) -> None:
        """Everything as it was before anybody chose, but for the bundle."""
        fresh = Preferences()
        names = [name for name in Preferences.__struct_fields__ if name not in _KEPT]
        before = self.session.preferences
        self.session.prefer(**{name: getattr(fresh, name) for name in names})
        if before.choice() != self.session.preferences.choice():
            self._restart.start()

    def _on_change(self) -> None:
        before, self._shown = self._shown, self.session.preferences
        for name in Preferences.__struct_fields__:
            signal = getattr(self, f"{_camel(name)}Changed", None)
            if signal is not None and getattr(before, name) != getattr(self._shown, name):
                signal.emit()

    theme = _preference("theme", str, themeChanged)
    language = _preference("language", str, languageChanged)
    highContrast = _preference("high_contrast", bool, highContrastChanged)  # noqa: N815
    reducedMotion = _preference("reduced_motion", bool, reducedMotionChanged)  # noqa: N815
    scale = _preference("scale", float, scaleChanged)
    device = _preference("device", str, deviceChanged)
    memoryBudgetMb = _preference("memory_budget_mb", int, memoryBudgetMbChanged)  # noqa: N815
    stepsImage = _preference("steps_image", int, stepsImageChanged)  # noqa: N815
    stepsAudio = _preference("steps_audio", int, stepsAudioChanged)  # noqa: N815
    stepsVideo = _preference("steps_video", int, stepsVideoChanged)  # noqa: N815
    previews = _preference("previews", bool, previewsChanged)
    bundle = _preference("bundle", str, bundleChanged)
    meaningSearch = _preference("meaning_search", bool, meaningSearchChanged)  # noqa: N815
    keepDrafts = _preference("keep_drafts", bool, keepDraftsChanged)  # noqa: N815
    notifyAnswers = _preference("notify_answers", bool, notifyAnswersChanged)  # noqa: N815
    localApi = _preference("local_api", bool, localApiChanged)  # noqa: N815
    microphone = _preference("microphone", str, microphoneChanged)
    loudspeaker = _preference("loudspeaker", str, loudspeakerChanged)
    voice = _preference("voice", str, voiceChanged)
    voiceSpeed = _preference("voice_speed", float, voiceSpeedChanged)  # noqa: N815
    spokenLanguage = _preference("spoken_language", str, spokenLanguageChanged)  # noqa: N815
    keepRecordings = _preference("keep_recordings", bool, keepRecordingsChanged)  # noqa: N815
    tools = _preference("tools", bool, toolsChanged)
    devices = Property(list, _offered, notify=devicesChanged)
    stepsMax = Property(int, lambda self: MAX_STEPS, constant=True)  # noqa: N815
    memoryTotalMb = Property(  # noqa: N815
        int, lambda self: _memory_mb(), constant=True
    )


def _memory_mb() -> int:
    import psutil

    return int(psutil.virtual_memory().total) // 2**20


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
