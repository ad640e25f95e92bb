"""Words can be read and edges be seen on every surface of every theme (WCAG 2.2, level AA)."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtQml import QQmlComponent, QQmlEngine

from desktop.window.start import QML

THEMES = ("LightColours", "DarkColours", "LightContrast", "DarkContrast")
SURFACES = (
    "window", "sidebar", "surface", "raised", "bubble", "code", "soft", "hover", "pressed",
    "dangerSoft", "warningSoft",
)  # fmt: skip
INKS = ("text", "muted", "link", "accent", "softInk", "danger", "warning", "good", "image",
        "audio", "video")  # fmt: skip
FILLED = (("accentInk", "accent"), ("accentInk", "accentHover"), ("dangerInk", "danger"))
EDGES = (("outline", "window"), ("outline", "sidebar"), ("outline", "surface"),
         ("focus", "window"), ("focus", "sidebar"), ("focus", "surface"), ("focus", "raised"),
         ("focus", "bubble"))  # fmt: skip


@pytest.fixture(params=THEMES)
def colours(request: pytest.FixtureRequest, application: QGuiApplication) -> dict[str, QColor]:
    """All colours of one theme by name."""
    engine = QQmlEngine()
    file = QML / "theme" / f"{request.param}.qml"
    component = QQmlComponent(engine, QUrl.fromLocalFile(str(file)))
    made = component.create()
    names = {*SURFACES, *INKS, *itertools.chain(*FILLED), *itertools.chain(*EDGES)}
    return {name: made.property(name) for name in names}


def contrast(one: QColor, other: QColor) -> float:
    """The ratio that WCAG defines, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_words_stand_out_from_every_surface(colours: dict[str, QColor]) -> None:
    pairs = [*itertools.product(INKS, SURFACES), *FILLED]

    faint = {
        f"{ink} on {surface}": round(contrast(colours[ink], colours[surface]), 2)
        for ink, surface in pairs
        if contrast(colours[ink], colours[surface]) < 4.5
    }

    assert not faint


def test_edges_of_controls_and_the_focus_ring_can_be_seen(colours: dict[str, QColor]) -> None:
    faint = {
        f"{edge} on {surface}": round(contrast(colours[edge], colours[surface]), 2)
        for edge, surface in EDGES
        if contrast(colours[edge], colours[surface]) < 3
    }

    assert not faint


def test_the_measure_of_contrast_is_that_of_wcag() -> None:
    assert contrast(QColor("white"), QColor("black")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
