"""The distance of a medium from what a bundle's encoder was trained on.

The score is linear in statistics of the encoder's own layers: the mean and the deviation of each
over all places of the medium, the features of the whole, the mean of those of its parts, and how
far its length is from what the encoder takes at a time. The weights of this sum come with the
bundle, by `training.familiarity`; a score above the bundle's threshold means that the encoder never
learned to see or hear the like, and that whatever would be said of the medium were made up. Knows
arrays; knows no torch and no conversation.

Legend: P places of a medium, W width of a layer, F statistics of a modality.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from plugins.errors import KnownError, Problem, listed, phrase
from runtime.bundle.manifest import FamiliaritySpec
from runtime.encoder import EncoderConfig
from runtime.familiarity.words import KINDS, WordReader

Float32 = NDArray[np.float32]
_OTHER_LENGTH = 0.3
"""A medium that is longer or shorter by this factor's logarithm is simply of another length."""


def statistics(
    layers: Sequence[Float32], whole: Float32, parts: Float32, lasting: float
) -> Float32:
    """float32 [F] of one medium.

    Args:
        layers: of the encoder, [P, W] each, without the position of the whole.
        whole: [E], the encoder's features of it.
        parts: [P, E], those of its parts.
        lasting: how long it is, in stretches that the encoder looks at.
    """
    found = [piece for layer in layers for piece in (layer.mean(axis=0), layer.std(axis=0))]
    length = min(1.0, abs(np.log(max(lasting, 1e-6))) / _OTHER_LENGTH)
    return np.concatenate([*found, whole, parts.mean(axis=0), [length]]).astype(np.float32)


class Familiarity:
    """The scores of one bundle's media."""

    def __init__(
        self, weights: Mapping[str, Float32], bias: Mapping[str, float], most: Mapping[str, float]
    ) -> None:
        """
        Args:
            weights: [F] by modality.
            bias: by modality.
            most: the highest score of what is known, by modality.
        """
        self._weights, self._bias, self._most = weights, bias, most

    def score(self, modality: str, found: Float32) -> float:
        """The distance of a medium with these statistics from what is known; larger is farther."""
        return float(found @ self._weights[modality]) + self._bias[modality]

    def knows(self, modality: str, found: Float32) -> bool:
        """True if a medium with these statistics is of the kind that the encoder was trained on;
        always True for a modality without a threshold."""
        most = self._most.get(modality)
        return most is None or self.score(modality, found) <= most


def count_of(config: EncoderConfig, modality: str) -> int:
    """F of a modality: 0 where the encoder has no tower for it."""
    tower = config.audio if modality == "audio" else config.vision
    return 0 if tower is None else 2 * (tower.depth * tower.width + config.embed_dim) + 1


def load_familiarity(
    spec: FamiliaritySpec, path: Path, config: EncoderConfig
) -> tuple[Familiarity, WordReader]:
    """Both measures of a bundle, of media and of words.

    Args:
        config: of the bundle's encoder.

    Raises:
        KnownError: the file is no safetensors file, or does not hold exactly what is expected.
    """
    try:
        tensors = load_file(path)
    except (SafetensorError, OSError) as error:
        raise KnownError(
            "familiarity: expected a safetensors file, found that {path} cannot be read as "
            "one ({error}). Install the bundle again.",
            path=path.name,
            error=error,
        ) from error
    problems = _problems(spec, tensors, config)
    if problems:
        raise KnownError(
            "familiarity: {path} is not what bundle.toml says: {problems}. Install the "
            "bundle again.",
            path=path.name,
            problems=listed(problems, len(problems)),
        )
    weights = {name: tensors[f"{name}.weights"] for name in spec.thresholds}
    bias = {name: float(tensors[f"{name}.bias"][0]) for name in spec.thresholds}
    words = WordReader(
        spec.names, tensors["words.table"], tensors["words.scale"], tensors["words.bias"]
    )
    return Familiarity(weights, bias, spec.thresholds), words


def _problems(
    spec: FamiliaritySpec, tensors: Mapping[str, NDArray[np.generic]], config: EncoderConfig
) -> list[Problem]:
    expected: dict[str, tuple[str, tuple[int, ...]]] = {
        "words.table": ("int8", (spec.rows, len(KINDS))),
        "words.scale": ("float32", (len(KINDS),)),
        "words.bias": ("float32", (len(KINDS),)),
    }
    for modality in spec.thresholds:
        expected[f"{modality}.weights"] = ("float32", (count_of(config, modality),))
        expected[f"{modality}.bias"] = ("float32", (1,))
    problems = [phrase("missing {name}", name=name) for name in expected if name not in tensors]
    problems += [phrase("unexpected {name}", name=name) for name in tensors if name not in expected]
    for name, (kind, shape) in expected.items():
        found = tensors.get(name)
        if found is not None:
            if (str(found.dtype), found.shape) != (kind, shape):
                problems.append(
                    phrase(
                        "{name} is {dtype} {shape}, expected {kind} {wanted}",
                        name=name,
                        dtype=found.dtype,
                        shape=list(found.shape),
                        kind=kind,
                        wanted=list(shape),
                    )
                )
            elif not np.isfinite(found.astype(np.float64)).all():
                problems.append(phrase("{name} holds a value that is not finite", name=name))
    return problems
