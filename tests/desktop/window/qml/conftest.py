"""Windows over made-up data. A warning of Qt or QML fails the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtGui import QAccessible, QGuiApplication

from tests.desktop.window.qml.view import View

Show = Callable[..., View]


@pytest.fixture
def show(application: QGuiApplication) -> Iterator[Show]:
    """Show a `medley` in a window."""
    QAccessible.setActive(True)
    views: list[View] = []

    def show_(medley: Any, width: int = 1120, height: int = 760) -> View:
        views.append(View(medley, width, height))
        return views[-1]

    yield show_
    warnings = [warning for view in views for warning in view.warnings]
    for view in views:
        view.close()
    assert not warnings, "\n".join(warnings)
