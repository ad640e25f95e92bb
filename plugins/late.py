"""Names of a package that are imported when they are first asked for.

A package that gathers the names of its modules would import all of them for whoever needs one.
With `__getattr__ = late(__name__, {"read_audio": "audio"})` it imports the module of a name when
that is first read, so that the window carries no decoder for a word. Type checkers read the
ordinary imports beside it, under `if TYPE_CHECKING`.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping


def late(package: str, modules: Mapping[str, str]) -> Callable[[str], object]:
    """A package's `__getattr__`.

    Args:
        package: its `__name__`.
        modules: the module inside the package that holds each name.

    The function raises `AttributeError` for any other name, as a package does.
    """

    def load(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(importlib.import_module(f"{package}.{modules[name]}"), name)
        setattr(sys.modules[package], name, found)
        return found

    return load
