"""Embeddings of media and captions by a bundle's own encoder: the features of the paper's metrics.

The published measures use networks that cannot come from a package index (Inception, VGGish, CLIP),
so distances are over this encoder's embeddings, and are comparable only with others over the same
encoder. Knows the engine; computes no distance.

Legend: N media or captions, E embedding width, C classes, F frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from runtime.components import load as components
from runtime.engine import Engine
from runtime.messages import MediaPart, TextPart

Float32 = NDArray[np.float32]


class Embeddings:
    """Rows of unit length in the encoder's shared space."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        """`folder` takes the frames of clips while they are looked at."""
        self._engine = engine
        self._folder = folder
        self._scale: float | None = None

    def media(self, modality: str, paths: Sequence[Path]) -> Float32:
        """[N, E] of media files.

        Raises:
            KnownError: a file is not a readable medium of that modality.
        """
        return self._rows([MediaPart(modality, str(path)) for path in paths])

    def frames(self, frames: NDArray[np.uint8]) -> Float32:
        """[F, E] of the frames of a clip, uint8 [F, height, width, 3], each seen as a picture."""
        path = self._folder / "frame.png"
        rows = []
        for frame in frames:
            Image.fromarray(frame).save(path)
            rows.append(self.media("image", [path])[0])
        return np.stack(rows)

    def captions(self, captions: Sequence[str]) -> Float32:
        """[N, E] of captions.

        Raises:
            KnownError: the encoder reads no captions.
        """
        return self._rows([TextPart(caption) for caption in captions])

    def of_class(self, captions: Sequence[str]) -> Float32:
        """[E] one class from several captions of it: their mean direction."""
        mean = self.captions(captions).mean(axis=0)
        direction: Float32 = mean / np.linalg.norm(mean)
        return direction

    def posteriors(self, media: Float32, classes: Float32) -> NDArray[np.float64]:
        """[N, C] how likely each of [N, E] media is of each class, by likeness to [C, E] captions.

        The temperature is the one that the encoder learned for telling captions.
        """
        if self._scale is None:
            self._scale = components.encoder(self._engine.bundle).logit_scale.detach().item()
        logits = self._scale * media.astype(np.float64) @ classes.astype(np.float64).T
        likely = np.exp(logits - logits.max(axis=1, keepdims=True))
        found: NDArray[np.float64] = likely / likely.sum(axis=1, keepdims=True)
        return found

    def _rows(self, contents: Sequence[TextPart | MediaPart]) -> Float32:
        rows = [np.frombuffer(self._engine.embed(one).vector, dtype="<f4") for one in contents]
        return np.stack(rows).astype(np.float32)
