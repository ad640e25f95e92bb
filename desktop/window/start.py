"""Opens the window and runs it until it is closed.

The first frame waits for nothing but Qt: the library opens beside it, and the engine starts after
it. Loads no model.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, QTranslator, QUrl
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QIcon, QImageReader
from PySide6.QtQml import QQmlApplicationEngine, qmlRegisterType
from PySide6.QtQuick import QQuickWindow
from PySide6.QtQuickControls2 import QQuickStyle

from desktop.assistant.assistant import EngineChoice
from desktop.window import sentences
from desktop.window.first_window import Call, FirstWindow, hand_over
from desktop.window.media.picture_view import PictureView
from desktop.window.media.pictures import MAX_MEGABYTES, Pictures
from desktop.window.media.playback import Playback
from desktop.window.media.players import ClipView, SoundPlayer
from desktop.window.media.waveform import Waveform
from desktop.window.medley import Medley
from desktop.window.network import OfflineFactory
from desktop.window.recording.bars import Bars, Live
from desktop.window.screen import application
from desktop.window.session import Session
from desktop.window.theme import quiet_known_noise
from plugins.errors import BugError
from storage.library import default_path

QML = Path(__file__).parent / "qml"
FAMILIES = (
    "Inter", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC",
    "Microsoft YaHei", "Noto Color Emoji",
)  # fmt: skip
STYLE = "Basic"
TICK_MS = 200
"""How soon a signal of the operating system is noticed."""


class Window(QObject):
    """The window with all that is behind it. Closing it ends every thread and process."""

    def __init__(
        self,
        files: Sequence[Path] = (),
        library: Path | None = None,
        choice: EngineChoice | None = None,
        start_engine: bool = True,
        tour: bool = False,
    ) -> None:
        """Shows the window; needs a running Qt application that `prepare` has readied.

        Args:
            files: attachments for the first message.
            library: its file; None is the person's own.
            choice: the engine, in place of the one in the settings.
            start_engine: whether the engine is started after the first frame, or by the first
                question.
            tour: whether a person who has never used Medley is shown around.

        Raises:
            BugError: the window's own description is broken.
        """
        super().__init__()
        self.session = Session(library, choice, self)
        self.medley = Medley(self.session, self)
        self._start_engine = start_engine
        self._framed = self._closed = False
        self._translator: QTranslator | None = None
        self._factory = OfflineFactory()
        Playback.session = self.session
        self._pictures = PictureView.pictures = Pictures(self.session, self.medley.steps)
        self.engine = QQmlApplicationEngine(self)
        self.engine.setNetworkAccessManagerFactory(self._factory)
        self.engine.rootContext().setContextProperty("medley", self.medley)
        self.medley.languageChanged.connect(self._translate)
        self._translate()
        self.engine.load(QUrl.fromLocalFile(str(QML / "Main.qml")))
        roots = self.engine.rootObjects()
        if not roots or not isinstance(roots[0], QQuickWindow):
            self.close()
            raise BugError("the window's description (qml/Main.qml) could not be loaded")
        self.window: QQuickWindow = roots[0]
        self.window.installEventFilter(self.medley.talk_key)
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
        self.medley.close()
        # What QML shows goes before what it shows it of.
        shiboken6.delete(self.engine)
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


def prepare(app: QGuiApplication) -> None:
    """Ready an application for windows, once."""
    app.setApplicationName("medley")
    app.setApplicationDisplayName("Medley")
    app.setDesktopFileName("medley")
    QQuickStyle.setStyle(STYLE)
    QImageReader.setAllocationLimit(MAX_MEGABYTES)
    for font in sorted((QML / "fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(font))
    app.setFont(QFont(list(FAMILIES)))
    icon = QML / "icons" / "medley.svg"
    if icon.exists():
        app.setWindowIcon(QIcon(str(icon)))
    qmlRegisterType(ClipView, "Medley", 1, 0, "ClipView")  # type: ignore[call-overload]
    qmlRegisterType(Bars, "Medley", 1, 0, "Bars")  # type: ignore[call-overload]
    qmlRegisterType(Live, "Medley", 1, 0, "Live")  # type: ignore[call-overload]
    qmlRegisterType(PictureView, "Medley", 1, 0, "PictureView")  # type: ignore[call-overload]
    qmlRegisterType(SoundPlayer, "Medley", 1, 0, "SoundPlayer")  # type: ignore[call-overload]
    qmlRegisterType(Waveform, "Medley", 1, 0, "Waveform")  # type: ignore[call-overload]


def open_window(files: Sequence[Path] = ()) -> int:
    """Show the window until it is closed; the exit code. Where there is one already it comes to the
    front and takes the files.

    Raises:
        KnownError: there is no screen to show it on.
    """
    quiet_known_noise()
    if hand_over(default_path(), files):
        return 0
    app = application()
    prepare(app)
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _frame: asked.append(received))
    window = Window(files, tour=True)
    first = FirstWindow(default_path(), window)
    first.called.connect(window.come)
    # Python sees a signal only between two of its own steps; and one that came before the event
    # loop ran would not end it.
    tick = QTimer()
    tick.timeout.connect(lambda: QGuiApplication.quit() if asked else None)
    tick.start(TICK_MS)
    try:
        code = app.exec()
    finally:
        tick.stop()
        first.close()
        window.close()
    return 128 + asked[0] if asked else code
