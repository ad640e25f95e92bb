"""The words that tests of answers share."""

from __future__ import annotations

from collections.abc import Callable

from runtime.language_model.model import LanguageModel

BEGIN = "<assistant>"
"""Begins an answer of the tiny models."""
Load = Callable[..., LanguageModel]
"""See the fixture `load`."""
