"""Keeps PySide from reading the source of every module that is imported.

PySide looks in the source of each module for its own name, in case that asks for one of PySide's
other ways to name things (`__feature__`), and Python keeps every line that was read: ten megabytes
by the time the window is there. Medley has no such module.
"""

from __future__ import annotations

import importlib
import linecache

_FEATURE, _LOOK = "shibokensupport.feature", "_mod_uses_pyside"


def leave_sources_unread() -> None:
    """From now on. Does nothing where PySide looks in another way."""
    try:
        feature = importlib.import_module(_FEATURE)
    except ImportError:
        return
    if hasattr(feature, _LOOK):
        setattr(feature, _LOOK, lambda module: False)
    linecache.clearcache()
