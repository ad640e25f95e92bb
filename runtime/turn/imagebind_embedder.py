"""Turns media into chunks with an ImageBind encoder, each medium once, and into embeddings for
comparison.

Knows the encoder, the input projection and device memory; knows no prompt and no llama.cpp.

Legend: N positions of one medium, D the language model's width.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import numpy as np
import torch  # noqa: TID253
from numpy.typing import NDArray
from torch import Tensor, nn  # noqa: TID253
from torch.nn import functional  # noqa: TID253

from plugins.errors import Cancelled, KnownError
from runtime import needs
from runtime.bundle.bundle import Bundle
from runtime.components import load as components
from runtime.encoder.config import EncoderConfig
from runtime.encoder.inputs import prepare, prepare_timed
from runtime.encoder.model import Features, ImageBindEncoder
from runtime.encoder.words import TOKENIZER_FILE, knows_words, token_ids
from runtime.familiarity.media import statistics
from runtime.familiarity.review import Reviewer
from runtime.language_model.chunks import MediaChunk
from runtime.memory import DeviceMemory
from runtime.messages import Embedding, MediaPart, TextPart
from runtime.observations.content_keys import KEPT_KEYS, ContentKeys
from runtime.projection import InputProjection
from runtime.turn.timers import LoadTimer

KEPT_MEDIA = 256
"""Media whose embeddings are kept, the most recently used ones."""


class ImageBindEmbedder:
    """Embeddings by the media's contents. One thread at a time."""

    def __init__(self, bundle: Bundle, memory: DeviceMemory, device: str, loads: LoadTimer) -> None:
        measure = components.familiarity(bundle)
        self._familiarity = None if measure is None else measure[0]
        self._words = None if measure is None else measure[1]
        self._bundle = bundle
        self._memory = memory
        self._device = device
        self._loads = loads
        self._kept: OrderedDict[str, MediaChunk] = OrderedDict()
        self._keys = ContentKeys()
        self._positions = 0
        self._known: OrderedDict[str, bool] = OrderedDict()
        """Known media, by contents: True if the encoder was trained on that kind."""
        self.encoded = 0
        """The number of times that the encoder ran."""
        self.modalities = frozenset(("image", "audio", "video"))
        """The modalities that it takes."""

    def embed(
        self, part: MediaPart, cancelled: Callable[[], bool] = lambda: False
    ) -> tuple[MediaChunk]:
        """A medium's positions; the encoder runs only for contents not seen lately.

        Raises:
            Cancelled: it was stopped.
            KnownError: the bundle takes no media, or the file is not a readable medium of its
                modality.
        """
        components.encoder_specs(self._bundle)
        if cancelled():
            raise Cancelled
        key = f"{part.modality}:{self._keys.of(part.path)}"
        chunk = self._kept.pop(key, None)
        if chunk is None:
            chunk = MediaChunk(key, self._encode(part, key))
        self._kept[key] = chunk
        while len(self._kept) > KEPT_MEDIA:
            self._kept.popitem(last=False)
        return (chunk,)

    def knows(self, part: MediaPart) -> bool:
        """True if the encoder was trained on media like this; it is encoded with the question.

        Raises:
            KnownError: as `embed`.
        """
        key = f"{part.modality}:{self._keys.of(part.path)}"
        if self._familiarity is not None and key not in self._known:
            self._kept.pop(key, None)
            self.embed(part)
        return self._known.get(key, True)

    def reviewer(self) -> Reviewer | None:
        """The reviewer of things outside the bundle's world, if the world is small."""
        spec = self._bundle.manifest.familiarity
        if spec is None or self._words is None:
            return None
        return Reviewer(spec, self._words, self.knows)

    def positions(self, part: MediaPart) -> int:
        """N of a medium, which is not looked at.

        Raises:
            KnownError: the bundle takes no media.
        """
        if not self._positions:
            _, spec = components.encoder_specs(self._bundle)
            with self._memory.lease(
                "input projection", self._load_projection, self._size(spec.file)
            ) as projection:
                self._positions = projection.positions
        return self._positions

    def meaning(self, content: TextPart | MediaPart) -> Embedding:
        """The embedding of words or of a medium in the encoder's shared space.

        Raises:
            KnownError: the encoder does not take this modality, there are no words, or the file is
                not a readable medium of its modality.
        """
        spec, _ = components.encoder_specs(self._bundle)
        config, known = EncoderConfig.from_table(spec.config), True
        if isinstance(content, TextPart):
            modality, prepared = "text", self._word_ids(config, content.text)
            known = knows_words(self._bundle.path(TOKENIZER_FILE), content.text)
        else:
            modality, prepared = content.modality, prepare(config, content.modality, content.path)
        with torch.inference_mode(), self._encoder() as encoder:
            whole = encoder.encode(modality, _placed(prepared, encoder)).embedding[0].float()
            vector = functional.normalize(whole, dim=0).cpu().numpy()
        space = self._bundle.manifest.files[spec.file].sha256
        return Embedding(space, vector.astype("<f4").tobytes(), known)

    def _word_ids(self, config: EncoderConfig, text: str) -> Tensor:
        """[1, L]"""
        if config.text is None or TOKENIZER_FILE not in self._bundle.manifest.files:
            raise KnownError(
                "bundle {bundle_name} cannot place words among media: expected an encoder "
                "with a text tower and {tokenizer_file}, found none. Choose another bundle.",
                bundle_name=self._bundle.name,
                tokenizer_file=TOKENIZER_FILE,
            )
        return token_ids(self._bundle.path(TOKENIZER_FILE), text, config.text)

    def _encode(self, part: MediaPart, key: str) -> NDArray[np.float32]:
        """[N, D]; keeps whether the medium is of a known kind."""
        spec, projection_spec = components.encoder_specs(self._bundle)
        config = EncoderConfig.from_table(spec.config)
        media, lasting = prepare_timed(config, part.modality, part.path)
        with (
            torch.inference_mode(),
            self._encoder() as encoder,
            self._memory.lease(
                "input projection", self._load_projection, self._size(projection_spec.file)
            ) as projection,
        ):
            features, layers = encoder.observe(part.modality, _placed(media, encoder))
            given = (_placed(feature, projection) for feature in features)
            positions = projection(*given)[0]
        self.encoded += 1
        if self._familiarity is not None:
            found = media_statistics(features, layers, lasting)
            self._known[key] = self._familiarity.knows(part.modality, found)
        while len(self._known) > KEPT_KEYS:
            self._known.popitem(last=False)
        embedded: NDArray[np.float32] = positions.float().cpu().numpy()
        return embedded

    def _encoder(self) -> AbstractContextManager[ImageBindEncoder]:
        spec, _ = components.encoder_specs(self._bundle)
        size, working = self._size(spec.file), needs.encoder_working(self._bundle, self._device)
        return self._memory.lease("encoder", self._load_encoder, size, working)

    def _load_encoder(self) -> ImageBindEncoder:
        with self._loads.loading("encoder"):
            return components.encoder(self._bundle, self._device)

    def _load_projection(self) -> InputProjection:
        with self._loads.loading("input projection"):
            return components.input_projection(self._bundle, self._device)

    def _size(self, file: str) -> int:
        return needs.network(self._bundle.path(file), self._device)


def _placed(tensor: Tensor, network: nn.Module) -> Tensor:
    """A network's input, where the network is and in its precision."""
    own = next(network.parameters())
    return tensor.to(own.device, own.dtype if tensor.is_floating_point() else tensor.dtype)


def media_statistics(
    features: Features, layers: Sequence[Tensor], lasting: float
) -> NDArray[np.float32]:
    """The inputs of a medium's score: see `runtime.familiarity.media`.

    Args:
        features: of a batch of one.
        layers: [S, 1 + P, W] each; their mean over the S clips is taken.
        lasting: how long the medium is, as `Prepared` has it.
    """
    places = [layer.float().mean(dim=0)[1:].cpu().numpy() for layer in layers]
    whole, pieces = (part[0].float().cpu().numpy() for part in features)
    return statistics(places, whole, pieces, lasting)
