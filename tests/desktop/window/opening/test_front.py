"""What is read before the first frame and after it, and what only once a person wants it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlAbstractUrlInterceptor, QQmlApplicationEngine

from desktop.window.opening import front
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver

CONTROL = Qt.KeyboardModifier.ControlModifier
SHEETS = {
    "Settings": "dialogs/SettingsSheet.qml",
    "Gallery": "gallery/GallerySheet.qml",
    "Presets": "presets/PresetsSheet.qml",
    "Tools and memory": "tools/ToolsSheet.qml",
    "Your models": "models/ModelsSheet.qml",
    "Choose another bundle": "dialogs/BundleSheet.qml",
    "How this conversation is answered": "dialogs/ConversationSheet.qml",
}
"""By the command that opens them."""
LATER = (*SHEETS.values(), "switcher/Switcher.qml", "tour/Tour.qml", "picker/ModelPopup.qml",
         "tools/ToolsPopup.qml", "dialogs/Files.qml", "dialogs/PictureViewer.qml",
         "presets/PresetEditor.qml", "recording/SoundSheet.qml", "recording/CameraSheet.qml",
         "recording/ScreenSheet.qml", "transcript/Transcript.qml")  # fmt: skip
FIRST_IMPORTS = """
import sys
import desktop.cli.main, desktop.window.opening.run
from desktop.window.opening.sources import leave_sources_unread
print(" ".join(sys.modules))
"""


class _Seen(QQmlAbstractUrlInterceptor):
    """Keeps which of Medley's QML files are read."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[str] = []

    def intercept(self, url: QUrl, kind: object) -> QUrl:
        path = url.toLocalFile()
        if path.endswith(".qml") and Path(path).is_relative_to(front.QML):
            self.files.append(Path(path).relative_to(front.QML).as_posix())
        return url


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> _Seen:
    """The QML files that windows read from now on."""
    seen = _Seen()

    class Engine(QQmlApplicationEngine):
        def __init__(self) -> None:
            super().__init__()
            self.addUrlInterceptor(seen)

    monkeypatch.setattr(front, "QQmlApplicationEngine", Engine)
    return seen


def test_the_first_frame_reads_the_window_and_its_colours_and_nothing_else(
    application: QGuiApplication, seen: _Seen, tmp_path: Path
) -> None:
    shown = front.Front(tmp_path / "library.db")

    picture = shown.window.grabWindow()

    assert {file for file in seen.files if not file.startswith("theme/")} == {"Main.qml"}
    assert not shown.window.property("filled")
    row = picture.height() - 60
    assert picture.pixel(20, row) != picture.pixel(picture.width() // 2, row)  # Sidebar, composer.
    shown.close()
    shown.close()


def test_what_was_kept_of_the_look_is_there_in_the_first_frame(
    application: QGuiApplication, tmp_path: Path
) -> None:
    (tmp_path / "window.json").write_text(
        '{"preferences": {"theme": "dark", "scale": 1.5},'
        ' "place": {"x": 3, "y": 4, "width": 640, "height": 480}}'
    )

    shown = front.Front(tmp_path / "library.db")

    assert (shown.window.width(), shown.window.height()) == (640, 480)
    assert shown.window.color().lightness() < 60
    shown.close()


def test_sheets_are_read_when_keys_open_them_and_not_before(seen: _Seen, opened: Driver) -> None:
    assert "Contents.qml" in seen.files
    assert set(LATER).isdisjoint(seen.files)
    for command, file in SHEETS.items():
        before = len(seen.files)
        opened.press(Qt.Key.Key_K, CONTROL)
        opened.type("switcherField", command)
        opened.until(lambda: opened.medley.switcher_model.rowCount() > 0)
        opened.until(lambda command=command: opened.medley.switcher_model.rows[0].plain == command)
        opened.press(Qt.Key.Key_Return)
        opened.until(lambda file=file: file in seen.files)
        opened.settle()
        assert file in seen.files[before:]
        opened.press(Qt.Key.Key_Escape)
        opened.until(lambda: opened.focused is not None)
        opened.qtbot.wait(250)  # Its end is animated.


def test_a_conversation_reads_the_transcript(seen: _Seen, open_window: Open) -> None:
    driver = open_window()
    driver.medley.dismissFirstStart()
    assert "transcript/Transcript.qml" not in seen.files

    driver.ask("hello")
    driver.until(lambda: "transcript/Transcript.qml" in seen.files)


def test_nothing_of_the_library_or_the_views_is_imported_for_the_first_frame() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_IMPORTS], capture_output=True, text=True, check=True
    )

    modules = set(done.stdout.split())
    ours = {name for name in modules if name.startswith(("desktop.assistant", "storage.library"))}
    assert ours == set()
    assert {"numpy", "av", "sqlite3", "jsonschema", "markdown_it", "PIL"}.isdisjoint(modules)
    window = {name for name in modules if name.startswith("desktop.window.")}
    assert window == {
        "desktop.window.first_window", "desktop.window.network", "desktop.window.opening",
        "desktop.window.opening.endings", "desktop.window.opening.front",
        "desktop.window.opening.look", "desktop.window.opening.run",
        "desktop.window.opening.sources", "desktop.window.screen", "desktop.window.theme",
        "desktop.window.window_state",
    }  # fmt: skip
