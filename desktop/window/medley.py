"""`medley`: the one object that QML is given. Ties the view-models to each other."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Property, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

from desktop.assistant.assistant import Sent
from desktop.window import theme
from desktop.window.composer.composer import Composer
from desktop.window.engine_view import EngineView
from desktop.window.gallery.gallery import GalleryView
from desktop.window.local_api import LocalApi
from desktop.window.long_answers import LongAnswers
from desktop.window.media.pictures import Steps
from desktop.window.notices import Notices
from desktop.window.notifications import Notifications
from desktop.window.opening.look import geometry
from desktop.window.paths import local_path
from desktop.window.picker.context_meter import ContextMeter
from desktop.window.picker.picker import Picker
from desktop.window.presets.presets import Presets
from desktop.window.recording.recording import Recording
from desktop.window.session import Session
from desktop.window.settings.bundles import Bundles
from desktop.window.settings.manner import MannerView
from desktop.window.settings.models import Models
from desktop.window.settings.remotes import Remotes
from desktop.window.settings.settings import Settings
from desktop.window.sidebar.conversations import Conversations
from desktop.window.speech.key import TalkKey
from desktop.window.speech.talk import Talk
from desktop.window.switcher.switcher import Switcher
from desktop.window.tools.tools_view import ToolsView
from desktop.window.tour import Tour
from desktop.window.transcript.found import Found
from desktop.window.transcript.links import is_safe_link
from desktop.window.transcript.overview import Overview
from desktop.window.transcript.transcript import Transcript
from desktop.window.window_state import Place
from runtime.worker.client import EngineState

if TYPE_CHECKING:
    from desktop.window.own_models.own_models import OwnModels

GEOMETRY_MS = 400
"""After the last move before the window's place is kept."""


class Medley(QObject):
    """The root of everything QML sees."""

    looksChanged = Signal()  # noqa: N815  (Qt names signals so)
    languageChanged = Signal()  # noqa: N815
    libraryChanged = Signal()  # noqa: N815
    firstStartChanged = Signal()  # noqa: N815
    linkRefused = Signal(str, arguments=["url"])  # noqa: N815
    modelsGiven = Signal()  # noqa: N815
    """A person gave files that are models, or look so, and not media."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.steps = Steps()
        self.settings_model = Settings(session, self)
        self.conversations_model = Conversations(session, self)
        self.transcript_model = Transcript(session, self.steps, self)
        self.composer_model = Composer(session, self)
        self.recording_view = Recording(
            self.composer_model.attach, self.composer_model.attachments_model.add_picture, self
        )
        self.engine_view = EngineView(session, self)
        self.bundles_model = Bundles(session, self)
        self.remotes_view = Remotes(session, self)
        self.manner_view = MannerView(session, self)
        self.picker_model = Picker(session, self.manner_view, self)
        self.context_meter = ContextMeter(self.picker_model, self)
        self.gallery_model = GalleryView(session, self)
        self.presets_model = Presets(
            session, self.manner_view, self.conversations_model.newConversation, self
        )
        self.switcher_model = Switcher(
            session, self.conversations_model, self.picker_model, self.presets_model,
            self.composer_model.sendPrompt, self,
        )  # fmt: skip
        self.models_model = Models(session, self)
        self.found = Found(session, self)
        self.notices_model, self.tour_view = Notices(self), Tour(session, self)
        self.notifications = Notifications(self)
        self.tools_view = ToolsView(
            session,
            self.manner_view,
            self.conversations_model,
            self.notices_model,
            self.notifications,
            self.transcript_model.message,
            self,
        )
        self.long_answers = LongAnswers(session, self.notifications, self)
        self.talk_model, self.talk_key = Talk(session, self), TalkKey(self)
        self.local_api_model = LocalApi(session, self)
        self._own_models: OwnModels | None = None
        self._library_state, self._problem = "opening", ""
        self._place: Place | None = None
        self._language = theme.resolve_language(session.preferences.language)
        self._keep_geometry = QTimer(self)
        self._keep_geometry.setSingleShot(True)
        self._keep_geometry.setInterval(GEOMETRY_MS)
        self._keep_geometry.timeout.connect(self._save_geometry)
        self._connect()
        self._apply_preferences()

    def _connect(self) -> None:
        session, notices = self.session, self.notices_model
        session.opened.connect(self._on_opened)
        session.failed.connect(self._on_failed)
        session.problem.connect(notices.error)
        self.notifications.unshown.connect(
            lambda _, title, text: notices.inform("note", f"{title}: {text}" if text else title)
        )
        session.preferencesChanged.connect(self._apply_preferences)
        session.engineChanged.connect(self._on_engine)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._apply_preferences)
        self.conversations_model.opening.connect(self._show)
        self.conversations_model.exported.connect(lambda path: notices.inform("exported", path))
        self.conversations_model.imported.connect(
            lambda *counts: notices.inform("imported", " ".join(map(str, counts)))
        )
        self.bundles_model.verified.connect(lambda name: notices.inform("verified", name))
        self.transcript_model.saved.connect(lambda _, path: notices.inform("saved", path))
        self.transcript_model.copied.connect(lambda: notices.inform("copied"))
        self.transcript_model.busyChanged.connect(self._on_busy)
        self.models_model.fellBack.connect(lambda: notices.inform("pocket"))
        self.models_model.arrived.connect(self.bundles_model.refresh)
        self.models_model.arrived.connect(self.picker_model.refresh)
        self.bundles_model.chosen.connect(lambda: self.manner_view.choose_bundle(None))
        self.bundles_model.modelReset.connect(self.picker_model.refresh)
        self.picker_model.choiceChanged.connect(self._on_choice)
        self.transcript_model.overviewChanged.connect(self._on_overview)
        self.composer_model.manner = self.talk_model.manner = lambda: self.manner_view.now
        self.composer_model.asked.connect(self._on_asked)
        self.composer_model.modelsGiven.connect(self._on_models)
        self.composer_model.stopping.connect(self.transcript_model.stop)
        self.talk_model.place = lambda: self.transcript_model.conversation
        self.talk_model.wishes = self.composer_model.wishes
        self.long_answers.opening.connect(self.conversations_model.openHit)
        self.talk_model.voice = lambda: self.manner_view.voice
        self.presets_model.kept.connect(lambda name: notices.inform("presetKept", name))
        self.presets_model.used.connect(lambda name: notices.inform("presetUsed", name))
        self.presets_model.exported.connect(lambda path: notices.inform("exported", path))
        self.presets_model.imported.connect(lambda name: notices.inform("presetKept", name))
        self.manner_view.changed.connect(self.talk_model.follow_bundle)
        self.talk_model.asked.connect(self._on_spoken)
        self.talk_model.failed.connect(notices.error)
        self.local_api_model.copied.connect(lambda: notices.inform("copied"))
        self.talk_key.pressed.connect(self.talk_model.press)
        self.talk_key.released.connect(self.talk_model.release)

    # What QML calls.

    @Slot()
    def retryLibrary(self) -> None:  # noqa: N802  (QML names slots so)
        """Try to open the library again."""
        if self._library_state == "broken":
            self._set_library("opening", "")
            self.session.open()

    @Slot()
    def dismissFirstStart(self) -> None:  # noqa: N802
        """The person has seen what Medley is."""
        if not self.session.preferences.welcomed:
            self.session.prefer(welcomed=True)
            self.firstStartChanged.emit()

    @Slot(int, int, int, int, bool)
    def saveWindowGeometry(  # noqa: N802
        self, x: int, y: int, width: int, height: int, maximized: bool
    ) -> None:
        """Keep where the window is."""
        self._place = Place(x, y, width, height, maximized)
        self._keep_geometry.start()

    @Slot(str)
    def openLink(self, url: str) -> None:  # noqa: N802
        """Open an address outside, after the person said so."""
        if is_safe_link(url):
            QDesktopServices.openUrl(QUrl(url))
        else:
            self.linkRefused.emit(url)

    @Slot(str)
    def copyText(self, text: str) -> None:  # noqa: N802
        """Put words on the clipboard."""
        QGuiApplication.clipboard().setText(text)
        self.notices_model.inform("copied")

    @Slot(QUrl, result=bool)
    def fileExists(self, url: QUrl) -> bool:  # noqa: N802
        """Whether there is something at an address of this machine."""
        return os.path.lexists(local_path(url))

    def close(self) -> None:
        """Save what is being written; called before the session is closed."""
        self.local_api_model.close()
        self.talk_model.close()
        self.notifications.close()
        self.recording_view.close()
        self.composer_model.flush()
        if self._keep_geometry.isActive():
            self._keep_geometry.stop()
            self._save_geometry()
        self.conversations_model.close()
        self.transcript_model.colours.close()
        self.bundles_model.close()
        self.models_model.close()
        if self._own_models is not None:
            self._own_models.close()

    @property
    def own_models(self) -> OwnModels:
        """The sheet of the person's own models, made when it is first asked for."""
        if self._own_models is None:
            from desktop.window.own_models.own_models import OwnModels

            self._own_models = OwnModels(self.session, self._on_bundles, self)
        return self._own_models

    # What happens.

    def _on_opened(self) -> None:
        self._set_library("ready", "")
        self.firstStartChanged.emit()

    def _on_failed(self, reason: str) -> None:
        self._set_library("broken", reason)

    def _on_bundles(self) -> None:
        self.bundles_model.refresh()
        self.picker_model.refresh()

    def _on_models(self, paths: list[Path]) -> None:
        self.own_models.look_at(paths)
        self.modelsGiven.emit()

    def _on_choice(self) -> None:
        facts = self.picker_model.facts
        if facts is not None and facts.modalities:
            self.composer_model.set_available(facts.modalities)

    def _on_overview(self, found: Overview) -> None:
        self.picker_model.answered_by(found.bundle)
        self.context_meter.show(found)

    def _on_engine(self, state: EngineState) -> None:
        self.settings_model.offer_devices(state.devices)

    def _on_busy(self) -> None:
        self.composer_model.set_busy(bool(self.transcript_model.property("busy")))

    def _on_asked(self, sent: Sent) -> None:
        self.dismissFirstStart()
        self.tour_view.end()
        if self.transcript_model.conversation is None:
            self.conversations_model.select(sent.conversation_id)
            self.manner_view.adopt(sent.conversation_id)
            self.tools_view.here_view.adopt(sent.conversation_id)
            self.engine_view.watch(sent.conversation_id)
            self.transcript_model.open(sent.conversation_id)

    def _on_spoken(self, sent: Sent) -> None:
        if self.transcript_model.conversation is None:
            self.composer_model.follow(sent.conversation_id)
        self._on_asked(sent)

    def _show(self, conversation: int | None, message: int | None) -> None:
        if conversation != self.transcript_model.conversation:
            self.composer_model.open(conversation)
        self.manner_view.open(conversation)
        self.tools_view.here_view.open(conversation)
        self.engine_view.watch(conversation)
        self.transcript_model.open(conversation, message)

    def _apply_preferences(self) -> None:
        language = theme.resolve_language(self.session.preferences.language)
        self.presets_model.speak(language)
        if language != self._language:
            self._language = language
            self.languageChanged.emit()
        self.transcript_model.recolour(self._dark())
        self.looksChanged.emit()

    def _set_library(self, state: str, problem: str) -> None:
        self._library_state, self._problem = state, problem
        self.libraryChanged.emit()

    def _save_geometry(self) -> None:
        self.session.keep_look(self._place)

    def _dark(self) -> bool:
        return theme.is_dark(self.session.preferences.theme)

    complete = Property(bool, lambda self: True, constant=True)
    dark = Property(bool, _dark, notify=looksChanged)
    highContrast = Property(  # noqa: N815  (QML names properties so)
        bool,
        lambda self: self.session.preferences.high_contrast or theme.system_wants_contrast(),
        notify=looksChanged,
    )
    reducedMotion = Property(  # noqa: N815
        bool, lambda self: self.session.preferences.reduced_motion, notify=looksChanged
    )
    scale = Property(float, lambda self: self.session.preferences.scale, notify=looksChanged)
    language = Property(str, lambda self: self._language, notify=languageChanged)
    version = Property(str, lambda self: _version(), constant=True)
    libraryState = Property(str, lambda self: self._library_state, notify=libraryChanged)  # noqa: N815
    libraryProblem = Property(str, lambda self: self._problem, notify=libraryChanged)  # noqa: N815
    firstStart = Property(  # noqa: N815
        bool,
        lambda self: self.session.now is not None and not self.session.preferences.welcomed,
        notify=firstStartChanged,
    )
    windowGeometry = Property(  # noqa: N815
        "QVariantMap",  # type: ignore[arg-type]
        lambda self: geometry(self.session.place),
        constant=True,
    )
    fileDialogs = Property(bool, lambda self: theme.has_file_dialogs(), constant=True)  # noqa: N815
    """Whether the desktop has dialogs of its own for files."""
    settings = Property(QObject, lambda self: self.settings_model, constant=True)
    conversations = Property(QObject, lambda self: self.conversations_model, constant=True)
    mediaHits = Property(  # noqa: N815
        QObject, lambda self: self.conversations_model.media_hits, constant=True
    )
    transcript = Property(QObject, lambda self: self.transcript_model, constant=True)
    composer = Property(QObject, lambda self: self.composer_model, constant=True)
    recording = Property(QObject, lambda self: self.recording_view, constant=True)
    engine = Property(QObject, lambda self: self.engine_view, constant=True)
    bundles = Property(QObject, lambda self: self.bundles_model, constant=True)
    remotes = Property(QObject, lambda self: self.remotes_view, constant=True)
    models = Property(QObject, lambda self: self.models_model, constant=True)
    ownModels = Property(QObject, lambda self: self.own_models, constant=True)  # noqa: N815
    findings = Property(QObject, lambda self: self.found, constant=True)
    picker = Property(QObject, lambda self: self.picker_model, constant=True)
    tour = Property(QObject, lambda self: self.tour_view, constant=True)
    gallery = Property(QObject, lambda self: self.gallery_model, constant=True)
    presets = Property(QObject, lambda self: self.presets_model, constant=True)
    switcher = Property(QObject, lambda self: self.switcher_model, constant=True)
    context = Property(QObject, lambda self: self.context_meter, constant=True)
    manner = Property(QObject, lambda self: self.manner_view, constant=True)
    localApi = Property(  # noqa: N815
        QObject, lambda self: self.local_api_model, constant=True
    )
    talk = Property(QObject, lambda self: self.talk_model, constant=True)
    tools = Property(QObject, lambda self: self.tools_view, constant=True)
    notices = Property(QObject, lambda self: self.notices_model, constant=True)


def _version() -> str:
    from importlib.metadata import version

    return version("medley")
