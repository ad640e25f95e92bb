"""The spoken conversation as QML sees it: its state, its words, what can be pressed.

The conversation itself (`desktop.assistant.spoken`) works on threads of its own; what it says comes
here by queued signals.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import msgspec
from PySide6.QtCore import Property, QObject, Qt, Signal, Slot

from desktop.assistant.spoken.conversation import SpokenConversation, read_aloud
from desktop.assistant.spoken.library_answers import LibraryAnswers, Place
from desktop.assistant.spoken.remote import Remote
from desktop.assistant.spoken.view import View
from desktop.assistant.talking_clips import Manner as VoiceManner
from desktop.assistant.turns import AnswerPreferences
from desktop.speech.client import SpeechClient
from desktop.speech.protocol import (
    Clause,
    Device,
    Devices,
    Failed,
    Interrupted,
    Level,
    Loaded,
    Played,
    Report,
    Settings,
    Spoken,
)
from desktop.window.sentences import told
from desktop.window.session import Session
from desktop.window.speech.key import NAME
from desktop.window.speech.mouth import MouthView
from storage.records import Manner

QUIETEST_DB = -60.0
"""What the level shows as nothing."""


class Talk(QObject):
    """One conversation for the window, and reading aloud."""

    changed = Signal()
    levelChanged = Signal()  # noqa: N815  (Qt names signals so)
    devicesChanged = Signal()  # noqa: N815
    readingChanged = Signal()  # noqa: N815
    asked = Signal(object)
    """`Sent`: what a spoken turn became."""
    failed = Signal(str, arguments=["reason"])
    """Reading aloud does not work."""

    _viewed = Signal(object)
    _reported = Signal(object)
    _toggled = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.place: Callable[[], int | None] = lambda: None
        """The conversation that is open."""
        self.wishes: Callable[[], AnswerPreferences] = lambda: session.preferences.wishes()
        """How the next turn is to be answered."""
        self.manner: Callable[[], Manner] = Manner
        """How the open conversation is answered, also one that does not exist yet."""
        self.voice: Callable[[], str] = str
        """That reads its answers aloud; empty is the one in the settings."""
        self.spoken_with: Settings | None = None
        """How the open conversation is heard and said; None before the library was opened."""
        self._view = View()
        self._level = 0.0
        self._devices = Devices((), ())
        self._voices: tuple[str, ...] = ()
        self._reading, self._utterance = "", 0
        self.mouth_view = MouthView(self)
        self._speech: SpeechClient | None = None
        self._conversation: SpokenConversation | None = None
        self._remote: Remote | None = None
        queued = Qt.ConnectionType.QueuedConnection
        self._viewed.connect(self._on_view, queued)
        self._reported.connect(self._on_report, queued)
        self._toggled.connect(self.toggle, queued)
        session.opened.connect(self._on_opened)
        session.preferencesChanged.connect(self.configure)

    def close(self) -> None:
        """End the conversation and its process; called before the session is closed."""
        if self._remote is not None:
            self._remote.close()
        if self._conversation is not None:
            self._conversation.end()
        if self._speech is not None:
            self._speech.close()

    # What QML calls.

    @Slot()
    def press(self) -> None:
        """The button or the key went down."""
        self._do(SpokenConversation.press)

    @Slot()
    def release(self) -> None:
        """The button or the key went up."""
        self._do(SpokenConversation.release)

    @Slot()
    def toggle(self) -> None:
        """Begin a hands-free conversation, or end the one that goes on."""
        self._do(SpokenConversation.toggle)

    @Slot()
    def silence(self) -> None:
        """Stop the answer; the conversation goes on."""
        self._do(SpokenConversation.silence)

    @Slot()
    def end(self) -> None:
        """End the conversation, or what is read aloud."""
        self.stopReading()
        self._do(SpokenConversation.end)

    @Slot(bool)
    def mute(self, muted: bool) -> None:
        """Give the microphone back for a while, or take it again."""
        self._do(lambda conversation: conversation.mute(muted))

    @Slot(str, str)
    def readAloud(self, message_id: str, words: str) -> None:  # noqa: N802  (QML names slots so)
        """Read a message aloud; again, and it is silenced."""
        speech, again = self._speech, message_id == self._reading
        self.stopReading()
        if speech is None or again or not words.strip():
            return
        self._do(SpokenConversation.silence)
        self._utterance = read_aloud(speech, words)
        if self._utterance:
            self._reading = message_id
            self.readingChanged.emit()

    @Slot()
    def stopReading(self) -> None:  # noqa: N802
        """Silence what is read aloud."""
        if self._reading and self._speech is not None:
            self._speech.hush()
            self._end_reading()

    @Slot()
    def prepare(self) -> None:
        """Load what hears and speaks, so that the first words come sooner."""
        if self._speech is not None:
            self._speech.prepare()

    @Slot()
    def listDevices(self) -> None:  # noqa: N802
        """Look which microphones, loudspeakers and voices there are."""
        if self._speech is not None:
            self._speech.list_devices()
            self._speech.prepare(hearing=False)

    # What happens.

    def _do(self, step: Callable[[SpokenConversation], None]) -> None:
        if self._conversation is not None:
            step(self._conversation)

    def _on_opened(self) -> None:
        now = self._session.now
        if now is None:
            return
        answers = LibraryAnswers(now.assistant, now.intake, self._submit, self._place, self._sent)
        speech = SpeechClient(
            self._settings(),
            self._take,
            lambda state: conversation.take_state(state),
            now.folder.parent,
        )
        conversation = SpokenConversation(speech, answers, self._viewed.emit)
        answers.on_text, answers.on_ended = conversation.answer_text, conversation.answer_ended
        self._session.on_words, self._session.on_ended = answers.words, answers.ended
        self._speech, self._conversation = speech, conversation
        self._remote = Remote(self._call_from_elsewhere)
        self.configure()

    def _take(self, report: Report) -> None:
        """On a thread of the client."""
        if self._conversation is not None:
            self._conversation.take(report)
        self._reported.emit(report)

    def _call_from_elsewhere(self) -> str:
        """On a thread of the remote: the state that will be."""
        self._toggled.emit()
        return "idle" if self._view.on else "starting"

    def _submit(self, work: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001  (said to the person)
                self._session.announce(error)

        # Once closed there is no library to write into.
        with contextlib.suppress(RuntimeError):
            self._session.jobs.executor("library").submit(guarded)

    def _place(self) -> Place:
        preferences = self._session.preferences
        kept = preferences.keep_recordings
        return Place(self.place(), self.wishes(), kept, self.manner())

    def _sent(self, sent: object) -> None:
        self.asked.emit(sent)

    def _settings(self) -> Settings:
        """How the bundle that answers here has it heard and said."""
        settings, voice = self._session.preferences.speech(self.manner().bundle), self.voice()
        return msgspec.structs.replace(settings, voice=voice) if voice else settings

    def follow_bundle(self) -> None:
        """Hear and speak as the bundle of another conversation has it, where that is other."""
        if self._settings() != self.spoken_with:
            self.configure()

    def configure(self) -> None:
        """Hear and speak as the open conversation's bundle and the preferences have it."""
        self.spoken_with = speech = self._settings()
        if self._speech is not None:
            self._speech.configure(speech)
        if (now := self._session.now) is not None:
            now.assistant.clips.manner = VoiceManner(speech.voice, speech.speed)

    def _on_view(self, view: View) -> None:
        before, self._view = self._view, view
        if view.on and not before.on:
            self.stopReading()
        if not view.device:
            self._set_level(0.0)
        self.changed.emit()

    def _on_report(self, report: Report) -> None:
        match report:
            case Level():
                self._set_level(max(0.0, min(1.0, 1 - report.rms_db / QUIETEST_DB)))
            case Devices():
                self._devices = report
                self.devicesChanged.emit()
            case Loaded(part="voice"):
                self._voices = report.voices
                self.devicesChanged.emit()
            case Clause() | Played():
                self.mouth_view.take(report)
            case Spoken() | Interrupted():
                self.mouth_view.take(report)
                if report.utterance == self._utterance:
                    self._end_reading()
            case Failed() if self._reading:
                self.failed.emit(told(report.problem))
                self._end_reading()

    def _set_level(self, level: float) -> None:
        if level != self._level:
            self._level = level
            self.levelChanged.emit()

    def _end_reading(self) -> None:
        self._reading, self._utterance = "", 0
        self.readingChanged.emit()

    def _reason(self) -> str:
        """Why it failed."""
        return "" if self._view.problem is None else told(self._view.problem)

    on = Property(bool, lambda self: self._view.on, notify=changed)
    phase = Property(str, lambda self: self._view.phase, notify=changed)
    kind = Property(str, lambda self: self._view.kind, notify=changed)
    reason = Property(str, _reason, notify=changed)
    heard = Property(str, lambda self: self._view.heard, notify=changed)
    spoken = Property(str, lambda self: self._view.spoken, notify=changed)
    handsFree = Property(bool, lambda self: self._view.hands_free, notify=changed)  # noqa: N815
    muted = Property(bool, lambda self: self._view.muted, notify=changed)
    device = Property(str, lambda self: self._view.device, notify=changed)
    level = Property(float, lambda self: self._level, notify=levelChanged)
    """0 to 1."""
    reading = Property(str, lambda self: self._reading, notify=readingChanged)
    """The message that is read aloud; empty where none is."""
    mouth = Property(QObject, lambda self: self.mouth_view, constant=True)
    key = Property(str, lambda self: NAME, constant=True)
    microphones = Property(
        list, lambda self: _rows(self._devices.microphones), notify=devicesChanged
    )
    loudspeakers = Property(
        list, lambda self: _rows(self._devices.loudspeakers), notify=devicesChanged
    )
    voices = Property(list, lambda self: list(self._voices), notify=devicesChanged)


def _rows(devices: tuple[Device, ...]) -> list[dict[str, str]]:
    return [{"value": one.id, "text": one.name} for one in devices]
