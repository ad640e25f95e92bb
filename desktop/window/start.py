"""`Window`: the window with all that is behind it. Loads no model.

Imports every view-model, so the program imports it after the first frame (`opening`). The library
opens beside the window, and the engine starts after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTranslator
from PySide6.QtGui import QGuiApplication, QImageReader
from PySide6.QtQml import qmlRegisterType

from desktop.assistant.assistant import EngineChoice
from desktop.window import sentences
from desktop.window.first_window import Call
from desktop.window.media.picture_view import PictureView
from desktop.window.media.pictures import MAX_MEGABYTES, Pictures
from desktop.window.media.playback import Playback
from desktop.window.media.players import ClipView, SoundPlayer
from desktop.window.media.waveform import Waveform
from desktop.window.medley import Medley
from desktop.window.opening.cursor import CursorRest
from desktop.window.opening.front import QML, Front, ready
from desktop.window.recording.bars import Bars, Live
from desktop.window.session import Session
from plugins.errors import BugError
from storage.file.private import default_path


class Window(QObject):
    """The window with all that is behind it. Closing it ends every thread and process."""

    def __init__(
        self,
        files: Sequence[Path] = (),
        library: Path | None = None,
        choice: EngineChoice | None = None,
        start_engine: bool = True,
        tour: bool = False,
        front: Front | None = None,
    ) -> None:
        """Shows the window; needs a running Qt application that `prepare` has readied.

        Args:
            files: attachments for the first message.
            library: its file; None is the person's own.
            choice: the engine, in place of the one in the settings.
            start_engine: whether the engine is started after the first frame, or by the first
                question.
            tour: whether a person who has never used Medley is shown around.
            front: the window that is shown already; None makes one.

        Raises:
            BugError: the window's own description is broken.
        """
        super().__init__()
        register()
        QImageReader.setAllocationLimit(MAX_MEGABYTES)
        self._front = front or Front(default_path() if library is None else library)
        self.engine, self.window = self._front.engine, self._front.window
        self.session = Session(library, choice, self)
        self.medley = Medley(self.session, self)
        self._start_engine = start_engine
        self._cursor = CursorRest(self)
        self._framed = self._closed = False
        self._translator: QTranslator | None = None
        Playback.session = self.session
        self._pictures = PictureView.pictures = Pictures(self.session, self.medley.steps)
        self.medley.languageChanged.connect(self._translate)
        self._translate()
        try:
            self._front.fill(self.medley)
        except BugError:
            self.close()
            raise
        self.window.installEventFilter(self.medley.talk_key)
        self.window.installEventFilter(self._cursor)
        self.medley.notifications.watch(self.window)
        self.medley.notifications.opened.connect(lambda _: self.come(Call()))
        self.window.frameSwapped.connect(self._on_frame)
        self.session.opened.connect(self._warm_up)
        if tour:
            self.session.opened.connect(self.medley.tour_view.welcome)
        self.medley.composer_model.attach(list(files))
        self.session.open()

    def come(self, call: Call) -> None:
        """Come to the front, with the files of a second start."""
        self.medley.composer_model.attach(call.paths)
        states = self.window.windowStates() & ~Qt.WindowState.WindowMinimized
        self.window.setWindowStates(states)
        self.window.show()
        self.window.raise_()
        self.window.requestActivate()

    def close(self) -> None:
        """Close the window, save everything, end every thread and process. Twice does no harm."""
        if self._closed:
            return
        self._closed = True
        self._cursor.close()
        self.medley.close()
        # What QML shows goes before what it shows it of.
        self._front.close()
        self.session.close()
        if Playback.session is self.session:
            Playback.session = None
        if PictureView.pictures is self._pictures:
            PictureView.pictures = None
        self._set_translator(None)

    def _on_frame(self) -> None:
        if not self._framed:
            self._framed = True
            self.window.frameSwapped.disconnect(self._on_frame)
            self._warm_up()

    def _warm_up(self) -> None:
        """Once there is something to see and the library is open, the engine may start."""
        if self._framed and self.session.now is not None and self._start_engine:
            self._start_engine = False
            self.session.start_engine(self.medley.picker_model.choice)

    def _translate(self) -> None:
        language = self.medley.property("language")
        sentences.use(language)
        translator = QTranslator(self)
        name = str(QML / "i18n" / f"medley_{language}.qm")
        self._set_translator(translator if translator.load(name) else None)
        self.engine.retranslate()

    def _set_translator(self, translator: QTranslator | None) -> None:
        if self._translator is not None:
            QGuiApplication.removeTranslator(self._translator)
        self._translator = translator
        if translator is not None:
            QGuiApplication.installTranslator(translator)


@cache
def register() -> None:
    """Teach QML the items that Medley draws itself, once."""
    qmlRegisterType(ClipView, "Medley", 1, 0, "ClipView")  # type: ignore[call-overload]
    qmlRegisterType(Bars, "Medley", 1, 0, "Bars")  # type: ignore[call-overload]
    qmlRegisterType(Live, "Medley", 1, 0, "Live")  # type: ignore[call-overload]
    qmlRegisterType(PictureView, "Medley", 1, 0, "PictureView")  # type: ignore[call-overload]
    qmlRegisterType(SoundPlayer, "Medley", 1, 0, "SoundPlayer")  # type: ignore[call-overload]
    qmlRegisterType(Waveform, "Medley", 1, 0, "Waveform")  # type: ignore[call-overload]


def prepare(app: QGuiApplication) -> None:
    """Ready an application for whole windows, once."""
    ready(app)
    register()
