"""The parts of installed packages that the installable program leaves out."""

from __future__ import annotations

from fnmatch import fnmatch

DEVELOPERS = [
    "IPython", "hypothesis", "importlinter", "jiwer", "matplotlib", "mypy", "nltk", "openai",
    "peft", "pytest", "_pytest", "ruff", "sklearn", "tensorboard", "tkinter", "training",
    "torch.utils.tensorboard", "torchvision", "torchaudio", "pandas", "numba",
]  # fmt: skip
"""What only developers and training use."""
HEAVY = ["accelerate", "diffusers", "torch", "transformers"]
"""What renders by diffusion, and encodes; not in the small build nor in the window."""
QT_UNUSED = [
    "*QtWebEngine*", "*Qt6WebEngine*", "*QtQuick3D*", "*Qt6Quick3D*", "*QtCharts*", "*Qt6Charts*",
    "*QtDataVisualization*", "*Qt6DataVisualization*", "*QtGraphs*", "*Qt6Graphs*", "*QtPdf*",
    "*Qt6Pdf*", "*QtSensors*", "*Qt6Sensors*", "*VirtualKeyboard*", "*QtTest*", "*Qt6Test*",
    "*QtLocation*", "*Qt6Location*", "*QtPositioning*", "*Qt6Positioning*", "*QtBluetooth*",
    "*QtNfc*", "*QtSerial*", "*QtRemoteObjects*", "*QtScxml*", "*QtTextToSpeech*", "*Qt6Designer*",
    "*QtHelp*", "*Qt63D*", "*Qt3D*", "*FluentWinUI3*", "*QuickControls2/Imagine*",
    "*QuickControls2/Universal*", "*Controls/Imagine*", "*Controls/Universal*",
    "*Qt/labs/animation*", "*Qt/labs/wavefrontmesh*", "*Qt/labs/sharedimage*",
    "*Qt/labs/assetdownloader*", "*/qml/QtQuick/Timeline*", "*libqgtk3*",
    "PySide6/Qt/translations/*",
]  # fmt: skip
"""Paths of Qt's parts that the window does not use."""


def unused(path: str, patterns: list[str]) -> bool:
    """Whether a file is one of those that are left out."""
    tidy = path.replace("\\", "/")
    return any(fnmatch(tidy, pattern) for pattern in patterns)
