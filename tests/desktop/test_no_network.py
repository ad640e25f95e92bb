"""Real sessions where there is no network at all, not even a way to this machine itself."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storage.library import Library
from tests.storage.exchange.foreign import exports

ROOT = Path(__file__).parents[2]
WITHOUT = ("unshare", "--user", "--map-root-user", "--net")
LIMIT_S = 400.0
"""For machines that are busy with something else; nothing here measures time."""
_WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from desktop.assistant.assistant import EngineChoice
from desktop.window.start import Window, prepare
app = QGuiApplication([])
prepare(app)
window = Window(library=Path(sys.argv[1]), choice=EngineChoice(device="cpu"))
def ask():
    window.session.prefer(steps_image=2, steps_audio=2, steps_video=2)
    window.medley.composer_model.sendPrompt("draw a red boat on the sea at night")
window.session.opened.connect(ask)
window.session.answerEnded.connect(lambda _: QTimer.singleShot(0, app.quit))
app.exec()
window.close()
"""
_ROUTES = "import psutil; print([a for a, s in psutil.net_if_stats().items() if s.isup])"


@functools.cache
def why_not() -> str:
    """Why this system lets nobody leave the network behind; empty where it does."""
    if sys.platform != "linux" or shutil.which(WITHOUT[0]) is None:
        return "only Linux with util-linux has network namespaces"
    tried = subprocess.run([*WITHOUT, "true"], check=False, capture_output=True, text=True)
    return "" if tried.returncode == 0 else f"the kernel refuses: {tried.stderr.strip()}"


@pytest.fixture(autouse=True)
def _namespaces() -> None:
    if reason := why_not():
        pytest.skip(reason)


def without_network(home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run Python in a namespace whose only interface, the loopback, is down."""
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "QT_QUICK_BACKEND": "software",
    }
    return subprocess.run(
        [*WITHOUT, sys.executable, *map(str, words)],
        cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=LIMIT_S,
    )  # fmt: skip


def test_there_is_no_network_in_these_tests(tmp_path: Path) -> None:
    assert without_network(tmp_path, "-c", _ROUTES).stdout == "[]\n"


def test_models_cannot_be_fetched_and_one_sentence_says_so(tmp_path: Path) -> None:
    ran = without_network(tmp_path, "-m", "desktop.cli", "models", "get", "whisper-base")

    assert ran.returncode == 2
    last = ran.stderr.splitlines()[-1]
    assert last.startswith("medley: error: could not be had: whisper-base.")
    assert "found no connection" in last
    assert not list((tmp_path / "medley" / "models").glob("whisper-base/*"))


@pytest.mark.slow
def test_a_question_is_answered_without_a_network(tmp_path: Path) -> None:
    ran = without_network(
        tmp_path, "-m", "desktop.cli", "ask", "draw a red boat on the sea at night",
        "--only", "text,image", "--steps", "2", "--out", tmp_path / "made", "--json",
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    made = json.loads(ran.stdout)["artifacts"]
    assert [one["modality"] for one in made] == ["image"]
    assert Path(made[0]["path"]).read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_the_window_and_its_worker_answer_without_a_network(tmp_path: Path) -> None:
    library_path = tmp_path / "library.db"

    ran = without_network(tmp_path, "-c", _WINDOW, library_path)

    assert ran.returncode == 0, ran.stderr
    with Library.open(library_path) as library:
        asked, answer = library.messages.path(library.conversations.list()[0].id)
        assert asked.text == "draw a red boat on the sea at night"
        assert answer.state == "complete", answer.error
        assert [part.medium.modality for part in answer.parts[1:]] == ["image"]  # type: ignore[union-attr]
        assert library.check().sound


def test_what_another_program_exported_is_imported_without_a_network(tmp_path: Path) -> None:
    export = exports.chatgpt_zip(tmp_path / "export.zip", exports.boats())

    ran = without_network(tmp_path, "-m", "desktop.cli", "library", "import", export)

    assert ran.returncode == 0, ran.stderr
    assert "imported 1 conversations" in ran.stdout
