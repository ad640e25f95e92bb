"""What a pipeline is conditioned on: captions as its own text encoders give them, arrays as they
are given, and what is not wanted.

Knows rows of `plugins.pipelines` and loaded components; loads nothing and knows no stage.

Legend: B captions, P positions, n tokens of one caption.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch  # noqa: TID253

from plugins.api import Float32
from plugins.builtin import loading
from plugins.errors import KnownError, Problem, phrase
from plugins.pipelines import Pipeline

Models = dict[str, Any]
"""Loaded components by their name in `model_index.json`."""
Arrays = dict[str, Any]
"""Tensors by the name of their array, each [1, ...]; `embeds` of n positions is a list of one."""


class Absent(torch.nn.Module):
    """Stands for a text encoder that is not loaded, where only its type of numbers is asked of."""

    def __init__(self, device: torch.device, dtype: torch.dtype) -> None:
        super().__init__()
        self.device = device
        self.dtype = dtype
        self.config = SimpleNamespace(model_type="")


def encode(row: Pipeline, models: Models, captions: Sequence[str]) -> Arrays:
    """The arrays of captions, each [B, ...], as the pipeline encodes a prompt.

    Args:
        row: of the pipeline.
        models: its text components, at least.
        captions: B of them; longer ones are cut.
    """
    with torch.no_grad():
        if not row.encode:
            return _states(models, captions)
        found = _encoded(row, models, list(captions))
    return {name: value for name, value in zip(row.encoded, found, strict=False) if name}


def paired(row: Pipeline, models: Models, wanted: Arrays) -> Arrays:
    """What is not wanted, of the length of what is: the pipeline makes it beside the other."""
    given = {argument: wanted[name] for name, (argument, _) in row.arrays.items()}
    with torch.no_grad():
        both = _encoded(row, models, None, do_classifier_free_guidance=True, **given)
    return {name: value[:1] for name, value in zip(row.encoded, both, strict=False) if name}


def zeros(wanted: Arrays) -> Arrays:
    """As many zeros as the wanted arrays have numbers."""
    return {name: torch.zeros_like(value) for name, value in wanted.items()}


def given(row: Pipeline, arrays: Mapping[str, Float32], device: str) -> Arrays:
    """A condition's arrays as the pipeline takes them.

    A mask that is absent leaves nothing out; a `pooled` that is absent is zeros.

    Raises:
        KnownError: an array that the pipeline does not take, or one that it cannot do without.
    """
    known = dict.fromkeys(row.arrays)
    if strange := sorted(set(arrays) - set(known)):
        raise unfit(row, phrase("{names} among them", names=", ".join(strange)))
    embeds = torch.from_numpy(np.array(arrays["embeds"], dtype=np.float32))[None]
    found: Arrays = {"embeds": embeds.to(device)}
    for name in list(known)[1:]:
        if name in arrays:
            one = torch.from_numpy(np.array(arrays[name], dtype=np.float32))[None]
        elif name == "mask":
            one = torch.ones(embeds.shape[:2])
        else:
            raise unfit(row, phrase("no {name}", name=name))
        found[name] = one.to(device, torch.long if name == "mask" else torch.float32)
    return found


def unfit(row: Pipeline, found: Problem) -> KnownError:
    """The error for arrays that a pipeline does not take."""
    return KnownError(
        "{pipeline}: expected a caption or the arrays {known}, found {found}; use a bundle made "
        "for this decoder.",
        pipeline=row.name,
        known=", ".join(row.arrays) or "-",
        found=found,
    )


def _encoded(row: Pipeline, models: Models, prompt: Any, **further: Any) -> Sequence[Any]:
    """What the pipeline's own method gives, with the settings that its call gives it."""
    cls = loading.pipeline_class(row.name)
    needed = inspect.signature(cls.__init__).parameters.values()
    absent = {one.name: None for one in needed if one.default is one.empty and one.name != "self"}
    components = {name: models[name] for name in row.text if name in models}
    method = getattr(cls(**absent | components), row.encode)
    call = inspect.signature(cls.__call__).parameters
    settings: dict[str, Any] = {}
    for name, parameter in inspect.signature(method).parameters.items():
        if name.startswith("num_"):
            settings[name] = 1
        elif name in call and not name.startswith(("prompt", "negative")):
            settings[name] = call[name].default
        elif parameter.default is parameter.empty:
            settings[name] = None
    settings |= {"prompt": prompt, "device": models[row.text[0]].device}
    if "do_classifier_free_guidance" in inspect.signature(method).parameters:
        settings["do_classifier_free_guidance"] = False
    found = method(**settings | further)
    return found if isinstance(found, tuple) else (found,)


def _states(models: Models, captions: Sequence[str]) -> Arrays:
    """The last states of a text encoder and the mask of its tokens."""
    tokenizer, encoder = models["tokenizer"], models["text_encoder"]
    tokens = tokenizer(
        list(captions),
        padding="max_length",
        max_length=tokenizer.model_max_length,
        truncation=True,
        return_tensors="pt",
    )
    mask = tokens["attention_mask"].to(encoder.device)
    states = encoder(tokens["input_ids"].to(encoder.device), attention_mask=mask)[0]
    return {"embeds": states, "mask": mask}
