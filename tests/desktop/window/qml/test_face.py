"""The face in the window: the same picture and movement as in clips, states, and rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QUrl
from PySide6.QtGui import QAccessible, QGuiApplication, QImage
from PySide6.QtQml import QJSValue, QQmlExpression
from PySide6.QtQuick import QQuickItem, QQuickView
from pytestqt.qtbot import QtBot

from desktop.window.start import QML
from plugins.avatar.artwork import Pose, artwork
from plugins.avatar.drawing import Painter
from plugins.avatar.motion import STATES, Mouth, pose_at
from plugins.avatar.visemes import VISEMES, Viseme
from tests.desktop.window.qml.view import spoken
from tests.desktop.window.qml.world import world

SIDE = 256
FACE = artwork()
VIEWS = """
import QtQuick
import "{qml}/speech"
import "{qml}/speech/motion.js" as Motion
import "{root}/plugins/avatar/artwork.js" as Artwork
Item {{
    function mouthAt(visemes: string, loudness: string, t: real): string {{
        const mouth = Motion.mouth(Artwork.face, JSON.parse(visemes), JSON.parse(loudness));
        return JSON.stringify(Motion.mouthAt(mouth, t));
    }}
    function poseAt(t: real, state: string, seed: real): string {{
        return JSON.stringify(Motion.poseAt(Artwork.face, t, state, seed, null));
    }}
    Face {{ objectName: "face"; anchors.fill: parent }}
}}
"""
SAID = [
    Viseme(i * 0.11, (i + 1) * 0.11, shape)
    for i, shape in enumerate(("sil", "PP", "aa", "nn", "I", "kk", "U", "SS", "O", "sil"))
]


class Shown:
    """One face in a window."""

    def __init__(self, view: QQuickView, qtbot: QtBot) -> None:
        self.view, self.qtbot = view, qtbot
        self.root = view.rootObject()
        face = self.root.findChild(QQuickItem, "face")
        assert face is not None
        self.face = face

    def put(self, **values: Any) -> None:
        for name, value in values.items():
            assert self.face.setProperty(name, value)

    def ask(self, call: str) -> Any:
        answer, wrong = QQmlExpression(self.view.rootContext(), self.root, call).evaluate()
        assert not wrong
        return json.loads(answer.toString() if isinstance(answer, QJSValue) else answer)

    def picture(self) -> NDArray[np.int64]:
        self.qtbot.wait(80)  # the canvas paints with the next frame
        image = self.view.grabWindow().convertToFormat(QImage.Format.Format_RGB888)
        data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
        return data[:, : image.width() * 3].reshape(image.height(), -1, 3).astype(int)


@pytest.fixture
def shown(application: QGuiApplication, qtbot: QtBot, tmp_path: Any) -> Iterator[Shown]:
    """A face that holds still until it is told otherwise."""
    QAccessible.setActive(True)
    file = tmp_path / "Shown.qml"
    root = QUrl.fromLocalFile(str(QML.parents[2])).toString()
    qml = QUrl.fromLocalFile(str(QML)).toString()
    file.write_text(VIEWS.format(qml=qml, root=root), "utf-8")
    medley = world()
    view = QQuickView()
    view.setColor(FACE.grounds["light"]["ground"])
    view.rootContext().setContextProperty("medley", medley)
    view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
    view.resize(SIDE, SIDE)
    view.setSource(QUrl.fromLocalFile(str(file)))
    assert not view.errors(), view.errors()
    view.show()
    face = Shown(view, qtbot)
    face.put(reducedMotion=True, dark=False)
    yield face
    shiboken6.delete(view)


def with_look(state: str, mouth: Pose) -> dict[str, float]:
    names = {*FACE.looks[state], *mouth}
    return {n: FACE.looks[state].get(n, 0.0) + mouth.get(n, 0.0) for n in names}


def moved(pose: Pose) -> dict[str, float]:
    """The channels that are not at rest."""
    return {name: size for name, size in pose.items() if abs(size) > 1e-6}


def test_every_viseme_looks_as_it_does_in_clips(shown: Shown) -> None:
    painter = Painter(FACE, SIDE, "light")
    shown.put(state="speaking")
    for shape in VISEMES:
        shown.put(mouth=FACE.poses[shape])

        difference = np.abs(
            shown.picture() - np.asarray(painter.draw(with_look("speaking", FACE.poses[shape])))
        )

        assert difference.mean() < 0.4, shape
        assert (difference.max(axis=2) > 60).mean() < 0.0005, shape


@pytest.mark.parametrize("state", [s for s in STATES if s not in ("muted", "failed")])
@pytest.mark.parametrize("dark", [False, True])
def test_every_state_looks_as_it_does_in_clips(shown: Shown, state: str, dark: bool) -> None:
    ground = "dark" if dark else "light"
    shown.view.setColor(FACE.grounds[ground]["ground"])
    shown.put(state=state, dark=dark)

    drawn = Painter(FACE, SIDE, ground).draw(with_look(state, FACE.poses["sil"]))

    assert np.abs(shown.picture() - np.asarray(drawn)).mean() < 0.4


def test_the_mouth_moves_as_it_does_in_clips(shown: Shown) -> None:
    loudness = [abs((i % 17) - 8) / 8 for i in range(55)]
    visemes = json.dumps([{"start_s": v.start_s, "end_s": v.end_s, "shape": v.shape} for v in SAID])
    for loud in (loudness, []):
        mouth = Mouth(FACE, SAID, loud)
        for t in np.arange(-0.1, 1.3, 0.037).tolist():
            found = shown.ask(f"mouthAt('{visemes}', '{json.dumps(loud)}', {t})")
            assert moved(found) == pytest.approx(moved(mouth.at(t)), abs=1e-9)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("seed", [0, 9, 2**33 + 5])
def test_all_else_moves_as_it_does_in_clips(shown: Shown, state: str, seed: int) -> None:
    for t in np.arange(0, 30, 0.83).tolist():
        found = shown.ask(f"poseAt({t}, '{state}', {seed})")
        assert moved(found) == pytest.approx(moved(pose_at(FACE, t, state, seed)), abs=1e-6)


def test_a_screen_reader_says_what_it_does(shown: Shown) -> None:
    names = set()
    for state in STATES:
        shown.put(state=state)
        names.add(spoken(shown.face))
    assert len(names) == len(STATES) and all(name.startswith("Medley's face") for name in names)


def test_the_mouth_follows_what_was_played(shown: Shown) -> None:
    visemes = [
        {"start_s": 0.0, "end_s": 1.0, "shape": "sil"},
        {"start_s": 1.0, "end_s": 3.0, "shape": "aa"},
    ]
    shown.put(state="speaking", visemes=visemes, position=0.2)
    shut = shown.picture()
    shown.put(position=2.0)

    opened = shown.picture()

    assert (np.abs(opened - shut).max(axis=2) > 60).sum() > 200
    shown.put(position=0.2)
    assert (np.abs(shown.picture() - shut).max(axis=2) > 60).sum() < 20


def test_it_moves_while_it_is_seen_and_not_otherwise(shown: Shown) -> None:
    shown.put(reducedMotion=False, state="thinking")
    assert shown.face.property("moving")

    shown.put(visible=False)
    assert not shown.face.property("moving")
    shown.put(visible=True)
    assert shown.face.property("moving")
    shown.view.hide()
    assert not shown.face.property("moving")


def test_with_reduced_motion_only_the_mouth_moves_and_only_while_it_speaks(shown: Shown) -> None:
    for state in STATES:
        shown.put(state=state)
        assert shown.face.property("moving") == (state == "speaking")

    shown.put(state="idle")
    before = shown.picture()
    shown.qtbot.wait(300)
    assert np.array_equal(shown.picture(), before)


def test_it_is_drawn_anew_for_another_size_or_theme(shown: Shown) -> None:
    shown.put(state="idle")
    shown.picture()
    for side, ground in ((400, "light"), (400, "dark"), (120, "dark")):
        shown.view.setColor(FACE.grounds[ground]["ground"])
        shown.view.resize(side, side)
        shown.put(dark=ground == "dark")

        drawn = Painter(FACE, side, ground).draw(with_look("idle", FACE.poses["sil"]))

        assert np.abs(shown.picture() - np.asarray(drawn)).mean() < 0.6


def test_an_unknown_state_is_shown_as_idle(shown: Shown) -> None:
    shown.put(state="dreaming")

    assert spoken(shown.face) == "Medley's face"
