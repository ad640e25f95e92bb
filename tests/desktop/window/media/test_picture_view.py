"""The picture viewer shows the picture where it should be: at fit, in its own size, enlarged, and
on a screen of twice as many pixels. A process each, because Qt reads the scale once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from storage.library import Library
from tests.desktop.window.driver import ANSWER_LIMIT_MS

ROOT = Path(__file__).parents[4]
WIDTH, HEIGHT = 400, 300
COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0)}
_VIEW = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlExpression, qmlContext
from tools.screenshots import wait
from desktop.window.start import Window, prepare
app = QGuiApplication([])
prepare(app)
window = Window(library=Path(sys.argv[1]), start_engine=False)
window.window.resize(1120, 760)
def until(condition):
    while not condition():
        wait(20)
def run(name, words):
    scope = window.window.findChild(QObject, name)
    expression = QQmlExpression(qmlContext(scope), scope, words)
    expression.evaluate()
    assert not expression.hasError(), expression.error().toString()
until(lambda: window.session.now is not None)
source = f"image://medley/shown/{sys.argv[2]}"
run("dialogs", f"openPicture('{source}', '{sys.argv[2]}', 'a.png', 400, 300)")
view = window.window.findChild(QObject, "viewedPicture")
until(lambda: view.property("status") == "ready")
found = []
wait(500)
for zoom in ("fitting", "1", "most"):
    run("viewedPicture", f"viewer.zoomTo({zoom}, width / 2, height / 2)")
    wait(200)
    frame = view.property("frame")
    picture = window.window.grabWindow()
    ratio = picture.width() / window.window.width()
    def at(x, y):
        # x and y are shares of the picture.
        left = view.mapToScene(view.boundingRect().topLeft())
        px = round((left.x() + frame.x() + x * frame.width()) * ratio)
        py = round((left.y() + frame.y() + y * frame.height()) * ratio)
        if not (0 <= px < picture.width() and left.y() * ratio <= py < picture.height()):
            return None
        return picture.pixelColor(px, py).getRgb()[:3]
    places = [(x / 20, y / 20) for x in range(-1, 22) for y in range(-1, 22)]
    found.append({
        "zoom": zoom, "ratio": ratio, "width": frame.width(), "height": frame.height(),
        "pixels": [(x, y, at(x, y)) for x, y in places],
    })
window.close()
print(json.dumps(found))
"""


def _pattern(path: Path) -> bytes:
    """Four quarters of four colours."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[: HEIGHT // 2, : WIDTH // 2] = COLOURS["red"]
    pixels[: HEIGHT // 2, WIDTH // 2 :] = COLOURS["green"]
    pixels[HEIGHT // 2 :, : WIDTH // 2] = COLOURS["blue"]
    pixels[HEIGHT // 2 :, WIDTH // 2 :] = COLOURS["yellow"]
    Image.fromarray(pixels).save(path)
    return path.read_bytes()


def _expected(x: float, y: float) -> tuple[int, int, int]:
    name = ("red", "green") if y < 0.5 else ("blue", "yellow")
    return COLOURS[name[x > 0.5]]


@pytest.mark.parametrize("scale", ["1", "2"])
def test_every_pixel_of_the_viewer_is_the_pictures_own(
    scale: str, library_path: Path, tmp_path: Path
) -> None:
    with Library.open(library_path) as library:
        data = _pattern(tmp_path / "a.png")
        sha = library.media.add_bytes(
            data, mime="image/png", modality="image", width=WIDTH, height=HEIGHT
        ).sha256
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QT_QUICK_BACKEND": "software",
        "QT_SCALE_FACTOR": scale,
    }

    done = subprocess.run(
        [sys.executable, "-c", _VIEW, str(library_path), sha],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=ANSWER_LIMIT_MS / 1000,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    looks: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    assert [look["zoom"] for look in looks] == ["fitting", "1", "most"]
    assert (looks[1]["width"], looks[1]["height"]) == (WIDTH, HEIGHT)
    for look in looks:
        assert look["ratio"] == float(scale)
        seen = 0
        for x, y, colour in look["pixels"]:
            if colour is None or 0.5 in (x, y) or {x, y} & {0, 1}:
                continue  # Out of sight, or where two colours meet.
            inside = 0 < x < 1 and 0 < y < 1
            if inside:
                seen += 1
                assert tuple(colour) == _expected(x, y), (look["zoom"], x, y)
            elif look["zoom"] == "1":
                assert tuple(colour) not in COLOURS.values(), (x, y)
        assert seen > (20 if look["zoom"] == "most" else 300)
    # What was in the middle stays there.
    middle = [place[:2] for place in looks[2]["pixels"] if place[2] is not None]
    assert min(middle) < [0.5, 0.5] < max(middle)
