"""What a file or a folder of models turned out to be, as plain data. Opens nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from plugins.errors import KnownError, Problem

Kind = Literal["gguf", "mmproj", "diffusers", "checkpoint", "whisper", "kokoro"]
"""The layout: a language model in one GGUF file or several; the GGUF that takes in pictures or
sounds for one; a decoder in diffusers' folder layout, or in one file; Whisper in the CTranslate2
layout; Kokoro with its voices."""
Purpose = Literal["talk", "take in", "image", "audio", "video", "hear", "speak"]
"""The use that Medley has for it; `take in`: pictures, sounds or both, for a model that talks."""
Modality = Literal["image", "audio", "video"]
MODALITIES: Final[dict[str, Modality]] = {"image": "image", "audio": "audio", "video": "video"}
"""What a decoder can make, by name."""


class NotAModelError(KnownError):
    """A file or folder that is no model Medley can use; the sentence says why and what to do."""

    default_kind = "bundle"


@dataclass(frozen=True)
class TalkerFacts:
    """What the head of a language model says."""

    architecture: str
    """As llama.cpp names it, for example `qwen2`."""
    d_model: int
    n_embd_inp: int
    """Numbers of one position that is put in as an embedding; more than `d_model` for models that
    take a picture in at several layers."""
    n_layers: int
    n_ctx_train: int
    """Positions the model was trained for."""
    n_vocab: int
    quantisation: str
    """As llama.cpp names it, for example `Q4_K_M`."""
    parameters: int
    """How many numbers the weights are."""
    has_chat_template: bool
    is_hybrid: bool
    """True if some or all layers keep a state in place of keys and values: such a context cannot be
    cut at its end."""
    sliding_window: int
    """Positions that some layers look back at; 0 where all look at everything."""
    is_thinking: bool
    """True if its template lets it think aloud before it answers."""
    stated_size: str = ""
    """What the file itself says about its size; empty where it says nothing."""

    @property
    def size_label(self) -> str:
        """The size as people say it, for example `1.5B` or `30B-A3B`."""
        return self.stated_size or size_label(self.parameters)


@dataclass(frozen=True)
class EmbedderFacts:
    """What the head of an mmproj file says."""

    width: int
    """Numbers of one position that it gives: `n_embd_inp` of the model it belongs to."""
    has_vision: bool
    has_audio: bool
    projector_types: tuple[str, ...]
    """As llama.cpp names them, for example `qwen3vl_merger`; one for each of vision and audio."""
    for_model: str
    """The name of the model it was made for, as the file says; empty where it does not."""


@dataclass(frozen=True)
class DecoderFacts:
    """What a folder in diffusers' layout says, or a decoder in one file."""

    pipeline: str
    """Class name, for example `StableDiffusionPipeline`."""
    renderer: str
    """Id of the renderer that runs it, for example `medley.image`."""
    modality: Modality
    condition_shape: tuple[int, ...]
    """What it is conditioned on, for example [77, 768]; empty where the folder does not say."""
    checkpoint: str = ""
    """The kind of a decoder in one file, as `plugins.checkpoints` names it; empty for a folder."""


@dataclass(frozen=True)
class HearingFacts:
    """What a folder with Whisper says."""

    multilingual: bool
    n_vocab: int
    """0 where the folder does not say."""


@dataclass(frozen=True)
class VoiceFacts:
    """What a folder with Kokoro says."""

    voices: tuple[str, ...]
    """Names, those that are preferred first."""
    languages: tuple[str, ...]
    """Of these voices, as BCP 47 has them; only those that Medley speaks."""


Facts = TalkerFacts | EmbedderFacts | DecoderFacts | HearingFacts | VoiceFacts


@dataclass(frozen=True)
class FoundModel:
    """A model that Medley can use."""

    kind: Kind
    path: Path
    """The file, the first of several files, or the folder."""
    files: tuple[Path, ...]
    """Everything that belongs to it."""
    title: str
    """A name that a person knows."""
    bytes: int
    purpose: Purpose
    licence: str
    """As the file says; empty where it does not."""
    facts: Facts
    warnings: tuple[Problem, ...] = ()
    """What a person should know before using it; whole sentences."""


def size_label(parameters: int) -> str:
    """A number of weights as people say it: `135M`, `1.5B`, `1.2T`."""
    for unit, name in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if parameters >= unit * 0.9995:
            shown = parameters / unit
            return f"{shown:.1f}{name}".replace(".0", "") if shown < 10 else f"{shown:.0f}{name}"
    return f"{parameters / 1000:.0f}K"
