"""The vocabulary of a GGUF language model, loaded without its weights: in a moment, whatever the
model's size. For trying out what is opened beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as llama  # noqa: TID253

from plugins.errors import BugError
from runtime.language_model.device.library import start_llama
from runtime.language_model.device.loading import loaded


class Vocabulary:
    """A model that knows tokens and nothing else."""

    d_input = 0
    """Not known without the weights."""

    def __init__(self, path: Path) -> None:
        """Load that of `path`, which must have passed `check_gguf`.

        Raises:
            KnownError: llama.cpp cannot load it.
        """
        start_llama()
        params = llama.llama_model_default_params()
        params.vocab_only = True
        self._model: Any = loaded(path, params)

    @property
    def model(self) -> Any:
        """The llama.cpp model, for an encoder of media."""
        if self._model is None:
            raise BugError("the vocabulary is closed")
        return self._model

    def close(self) -> None:
        """Free it; safe to call twice."""
        model, self._model = self._model, None
        if model is not None:
            llama.llama_model_free(model)
