"""`Front`: the window itself, shown before anything that is in it is loaded.

The first frame waits for Qt alone. It shows the ground, the sidebar and the composer in the
person's colours; `desktop.window.start` is imported after it and fills them. Imports nothing but
Qt and what `Look` needs (a test holds that).
"""

from __future__ import annotations

from pathlib import Path

import shiboken6
from PySide6.QtCore import QMetaObject, QObject, QUrl
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QIcon
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

from desktop.window.network import OfflineFactory
from desktop.window.opening.look import Look
from plugins.errors import BugError

QML = Path(__file__).parents[1] / "qml"
FAMILIES = (
    "Inter", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC",
    "Microsoft YaHei", "Noto Color Emoji",
)  # fmt: skip


class Front(QObject):
    """The window with nothing in it."""

    def __init__(self, library: Path, parent: QObject | None = None) -> None:
        """Shows the window; needs a running Qt application that `ready` has readied.

        Args:
            library: its file, beside which lies how the window looked.
            parent: Qt's owner.

        Raises:
            BugError: the window's own description is broken.
        """
        super().__init__(parent)
        self._factory = OfflineFactory()
        self._look = Look(library, self)
        self.engine = QQmlApplicationEngine()
        self.engine.setNetworkAccessManagerFactory(self._factory)
        self.engine.rootContext().setContextProperty("medley", self._look)
        self.engine.load(QUrl.fromLocalFile(str(QML / "Main.qml")))
        roots = self.engine.rootObjects()
        if not roots or not isinstance(roots[0], QQuickWindow):
            self.close()
            raise BugError("the window's description (qml/Main.qml) could not be loaded")
        self.window: QQuickWindow = roots[0]

    def fill(self, medley: QObject) -> None:
        """Load all that the window shows, over the true `medley`.

        Raises:
            BugError: the description of what is in the window is broken.
        """
        self.engine.rootContext().setContextProperty("medley", medley)
        # Asked for by itself: this call lets other threads of Python run while QML reads its files.
        QMetaObject.invokeMethod(self.window, "fill")
        if not self.window.property("filled"):
            raise BugError("what is in the window (qml/Contents.qml) could not be loaded")

    def close(self) -> None:
        """Take the window away; twice does no harm."""
        if shiboken6.isValid(self.engine):
            shiboken6.delete(self.engine)


def ready(app: QGuiApplication) -> None:
    """Ready an application for the window's first frame, once."""
    app.setApplicationName("medley")
    app.setApplicationDisplayName("Medley")
    app.setDesktopFileName("medley")
    for font in sorted((QML / "fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(font))
    app.setFont(QFont(list(FAMILIES)))
    app.setWindowIcon(QIcon(str(QML / "icons" / "medley.svg")))
