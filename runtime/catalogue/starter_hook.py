"""Updates the starter's bundle when models are installed or removed."""

from __future__ import annotations

import importlib
import importlib.util

from runtime.catalogue.entry import Entry

COMPOSER = "runtime.starter"
"""The module whose `compose()` makes, changes or takes away the bundle."""


def prepare(entry: Entry) -> None:
    """Load what `after_change` needs, while the model still comes."""
    if _concerns(entry):
        importlib.import_module(COMPOSER)


def after_change(entry: Entry) -> None:
    """Compose the bundle again if a chat model was added or removed.

    Raises:
        KnownError: the bundle cannot be composed.
    """
    if _concerns(entry):
        importlib.import_module(COMPOSER).compose()


def _concerns(entry: Entry) -> bool:
    return entry.purpose == "talk" and importlib.util.find_spec(COMPOSER) is not None
