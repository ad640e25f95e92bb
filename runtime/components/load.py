"""Loads the components of a bundle strictly, each by itself. Knows the class of each component.

Imports torch and llama.cpp; what only names, lists or checks bundles must not import this.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch  # noqa: TID253
from numpy.typing import NDArray

from plugins.errors import BugError, KnownError
from runtime.bundle.bundle import Bundle
from runtime.bundle.manifest import EncoderSpec, InputProjectionSpec, MediaEmbedderSpec
from runtime.components.mmproj_trial import try_mmproj
from runtime.encoder.config import EncoderConfig
from runtime.encoder.model import ImageBindEncoder, load_encoder
from runtime.familiarity.media import Familiarity, load_familiarity
from runtime.familiarity.words import WordReader
from runtime.language_model.limits import CacheType
from runtime.language_model.mmproj.check import check_mmproj, mmproj_bytes
from runtime.language_model.mmproj.mtmd import MediaModel
from runtime.language_model.model import LanguageModel
from runtime.language_model.token_embeddings import read_token_embeddings
from runtime.needs.networks import Kind, network_kind
from runtime.projection import (
    InputProjection,
    OutputProjection,
    load_input_projection,
    load_output_projection,
)

_DTYPES = {Kind.F32: torch.float32, Kind.F16: torch.float16, Kind.BF16: torch.bfloat16}


def network_dtype(path: Path, device: str) -> torch.dtype:
    """The type that a network computes in: float32, or on a card the halves it is stored in.

    A file that is no network is told of when it is loaded.
    """
    try:
        return _DTYPES[network_kind(path, device)]
    except KnownError:
        return torch.float32


def use_threads(count: int) -> None:
    """Set the number of torch's threads for this whole process."""
    torch.set_num_threads(count)


def language_model(
    bundle: Bundle,
    *,
    n_ctx: int | None = None,
    threads: int | None = None,
    gpu_layers: int = 0,
    card: str = "",
    cache: CacheType = "f16",
    repack: bool = False,
) -> LanguageModel:
    """The language model, with `gpu_layers` of its layers on a graphics card, -1 for all.

    Raises:
        KnownError: the file is broken or not of the manifest's size.
    """
    spec = bundle.manifest.language_model
    return LanguageModel(
        bundle.path(spec.file),
        n_ctx=n_ctx or spec.n_ctx,
        n_threads=threads,
        gpu_layers=gpu_layers,
        card=card,
        cache=cache,
        repack=repack,
        d_model=spec.d_model,
        n_vocab=spec.n_vocab,
    )


def signal_rows(bundle: Bundle) -> dict[str, NDArray[np.float32]]:
    """[N, D] input embeddings of each modality's N signal tokens; none in captioned routing.

    Raises:
        KnownError: the language model's file does not hold them.
    """
    spec = bundle.manifest.language_model
    ids = {modality: s.token_ids for modality, s in bundle.manifest.signals.items() if s.token_ids}
    if not ids:
        return {}
    every = [token for tokens in ids.values() for token in tokens]
    rows = read_token_embeddings(bundle.path(spec.file), every, d_model=spec.d_model)
    ends = np.cumsum([len(tokens) for tokens in ids.values()])[:-1]
    return dict(zip(ids, np.split(rows, ends), strict=True))


def taken_by_mmproj(spec: MediaEmbedderSpec) -> frozenset[str]:
    """The modalities that a language model takes by its mmproj; one that sees sees clips too."""
    clips = ("video",) if "image" in spec.modalities else ()
    return frozenset((*spec.modalities, *clips))


def mmproj_size(bundle: Bundle) -> int:
    """Bytes of the bundle's mmproj once it is open.

    Raises:
        KnownError: there is none, or it is broken.
    """
    return mmproj_bytes(bundle.path(_embedder_spec(bundle).file))


def media_model(bundle: Bundle, model: LanguageModel) -> MediaModel:
    """The bundle's mmproj, opened beside its language model.

    Raises:
        KnownError: there is none, it is broken, or it does not take what the manifest says.
    """
    spec, files = _embedder_spec(bundle), bundle.manifest.files
    path, language_model = bundle.path(spec.file), bundle.manifest.language_model.file
    check_mmproj(path, width=model.d_input)
    digests = (files[spec.file].sha256, files[language_model].sha256)
    try_mmproj(path, bundle.path(language_model), digests)
    opened = model.media_model(path)
    if missing := taken_by_mmproj(spec) - opened.modalities:
        raise KnownError(
            "{file}: expected an mmproj that takes {wanted} as the bundle says, found that it "
            "does not. Install the bundle again.",
            "bundle",
            file=spec.file,
            wanted=" and ".join(sorted(missing)),
        )
    return opened


def _embedder_spec(bundle: Bundle) -> MediaEmbedderSpec:
    spec = bundle.manifest.media_embedder
    if spec is None:
        raise BugError(f"bundle {bundle.name} has no mmproj")
    return spec


def encoder_specs(bundle: Bundle) -> tuple[EncoderSpec, InputProjectionSpec]:
    """The manifest's entries for the encoder and the input projection.

    Raises:
        KnownError: the bundle has none, so it cannot take in media, or only the language model can
            read what its mmproj makes of them.
    """
    manifest = bundle.manifest
    if manifest.encoder is None and manifest.media_embedder is not None:
        raise KnownError(
            "bundle {bundle_name} has no encoder that compares words and media: expected one, "
            "found an mmproj, which its language model alone can read. Choose a bundle with an "
            "encoder, such as pocket.",
            "bundle",
            bundle_name=bundle.name,
        )
    if manifest.encoder is None or manifest.input_projection is None:
        raise KnownError(
            "bundle {bundle_name} takes in text only: expected an encoder for media, found "
            "none. Send text, or choose a bundle with an encoder.",
            "bundle",
            bundle_name=bundle.name,
        )
    return manifest.encoder, manifest.input_projection


def encoder(bundle: Bundle, device: str = "cpu") -> ImageBindEncoder:
    """The encoder; on a graphics card in the precision that it is stored in.

    Raises:
        KnownError: there is none, or its tensors are not exactly those of its configuration.
    """
    spec, _ = encoder_specs(bundle)
    path = bundle.path(spec.file)
    dtype = network_dtype(path, device)
    return load_encoder(EncoderConfig.from_table(spec.config), path, device=device, dtype=dtype)


def familiarity(bundle: Bundle) -> tuple[Familiarity, WordReader] | None:
    """The measures of what is outside the bundle's world; None if it has none.

    Raises:
        KnownError: its tensors are not exactly those of the manifest's table.
    """
    spec = bundle.manifest.familiarity
    if spec is None:
        return None
    config = EncoderConfig.from_table(encoder_specs(bundle)[0].config)
    return load_familiarity(spec, bundle.path(spec.file), config)


def input_projection(bundle: Bundle, device: str = "cpu") -> InputProjection:
    """The input projection; on a graphics card in the precision that it is stored in.

    Raises:
        KnownError: there is none, or its tensors are not exactly those of its configuration.
    """
    encoder_spec, spec = encoder_specs(bundle)
    path = bundle.path(spec.file)
    return load_input_projection(
        spec,
        path,
        d_encoder=EncoderConfig.from_table(encoder_spec.config).embed_dim,
        d_model=bundle.manifest.language_model.d_model,
        device=device,
        dtype=network_dtype(path, device),
    )


def output_projection(bundle: Bundle, modality: str, device: str = "cpu") -> OutputProjection:
    """The output projection of one modality; on a graphics card in the precision that it is stored
    in.

    Raises:
        KnownError: its tensors are not exactly those of the manifest's entry.
    """
    spec = bundle.signal(modality)
    if not spec.projection:
        raise BugError(f"signal {modality} is captioned and has no projection")
    d_model, path = bundle.manifest.language_model.d_model, bundle.path(spec.projection)
    dtype = network_dtype(path, device)
    return load_output_projection(spec, path, d_model=d_model, device=device, dtype=dtype)
