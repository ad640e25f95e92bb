"""The decoder's condition for a caption: the caption itself, or the language model's own states.

In native routing the language model is the text encoder of the decoder: it reads the caption apart
from the conversation, as the decoder was trained, and its states between layers are the condition.
Knows the language model and device memory; knows no renderer.

Legend: N tokens of a caption in its template, L layers, D the language model's width.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable
from contextlib import AbstractContextManager

import numpy as np
from numpy.typing import NDArray

from plugins.api import Condition, Recipe
from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle
from runtime.bundle.manifest import NativeSpec
from runtime.language_model.model import LanguageModel
from runtime.language_model.text.joint_tokens import JointTokenizer
from runtime.memory import DeviceMemory
from runtime.needs.bundle import language_model_facts
from runtime.needs.gguf import cache_bytes, compute_bytes

Float32 = NDArray[np.float32]
READING = "caption states"
"""The name in device memory of the context in which a caption is read."""


class Captions:
    """The conditions of one bundle's captions. One thread at a time, that of the language model."""

    def __init__(self, bundle: Bundle, model: LanguageModel, memory: DeviceMemory) -> None:
        self._bundle = bundle
        self._model = model
        self._memory = memory
        self._joint = JointTokenizer(model)
        self._empty: dict[str, Float32] = {}
        """By modality, the states of the empty caption."""

    def condition(
        self,
        modality: str,
        caption: str,
        renderer_id: str = "",
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Condition:
        """The condition of a renderer for a caption.

        Args:
            modality: of the signal.
            caption: some words.
            renderer_id: the renderer; empty for that of the manifest. One that stands in for it
                gets the words.
            cancelled: asked between layers; must not raise.

        Raises:
            Cancelled: it was stopped.
            KnownError: the language model has other layers than the manifest says, or there is no
                memory.
        """
        signal = self._bundle.signal(modality)
        if signal.native is None or renderer_id not in ("", signal.renderer):
            return Condition(caption=caption)
        with self._room():
            arrays = {"embeds": self._states(signal.native, caption, cancelled)}
            if signal.native.unwanted and modality not in self._empty:
                self._empty[modality] = self._states(signal.native, "", cancelled)
        if signal.native.unwanted:
            arrays["unwanted"] = self._empty[modality]
        return Condition(arrays, from_caption=caption)

    def again(self, recipe: Recipe, cancelled: Callable[[], bool] = lambda: False) -> Condition:
        """The condition of a recipe that holds a caption; raises as `condition`."""
        found = recipe.condition
        made = self.condition(recipe.modality, found.caption or "", recipe.renderer, cancelled)
        return dataclasses.replace(made, picture=found.picture, area=found.area)

    def _states(self, spec: NativeSpec, caption: str, cancelled: Callable[[], bool]) -> Float32:
        """[N, L * D] states of a caption in its template, padding included."""
        # Tokenizers of Qwen compose characters first, which llama.cpp leaves as they are.
        words = unicodedata.normalize("NFC", caption)
        pieces = [(spec.prompt_open, True), (words, False), (spec.prompt_close, True)]
        ids = self._joint.ids(pieces)[: spec.most_tokens]
        seen = len(ids)
        if spec.padding:
            ids += [self._padding(spec.padding)] * (spec.most_tokens - seen)
        states = self._model.layer_states(ids, spec.layers, seen=seen, cancelled=cancelled)
        return np.ascontiguousarray(np.concatenate(list(states), axis=1))

    def _padding(self, name: str) -> int:
        found = self._model.tokenize(name, parse_special=True)
        if len(found) != 1:
            raise KnownError(
                "bundle {name}: expected padding that is one token of its language model, found "
                "{padding}, which is {count}. Use the language model that the decoder's text "
                "encoder is.",
                "bundle",
                name=self._bundle.name,
                padding=repr(name),
                count=len(found),
            )
        return found[0]

    def _room(self) -> AbstractContextManager[None]:
        """Room in the memory for the context in which a caption is read. It stays counted until
        the room is needed, since forgetting something in the memory takes longer than reading."""
        facts, signals = language_model_facts(self._bundle), self._bundle.manifest.signals
        longest = max(one.native.most_tokens for one in signals.values() if one.native)
        size = cache_bytes(facts, longest) + compute_bytes(facts, longest)
        return self._memory.lease(READING, lambda: None, size)
