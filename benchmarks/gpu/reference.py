"""The reference's flow on a bundle's own weights: everything resident, in float16 on a card; the
language model by transformers, the decoders by diffusers with their text encoder each time, and the
medium encoded anew in every turn.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import torch

from runtime.bundle.bundle import Bundle
from runtime.components import load as components
from runtime.encoder.config import EncoderConfig
from runtime.encoder.inputs import prepare
from runtime.encoder.model import load_encoder
from runtime.messages import MediaPart

PROMPT_TOKENS = 64


class Reference:
    """All models of a bundle, resident."""

    def __init__(self, bundle: Bundle, device: str) -> None:
        import diffusers
        import transformers

        self.bundle, self.device = bundle, device
        self.dtype = torch.float32 if device == "cpu" else torch.float16
        path = bundle.path(bundle.manifest.language_model.file)
        model: Any = transformers.AutoModelForCausalLM
        self.model = model.from_pretrained(path.parent, gguf_file=path.name, dtype=self.dtype)
        self.model.to(device).eval()
        spec, _ = components.encoder_specs(bundle)
        self.config = EncoderConfig.from_table(spec.config)
        self.encoder = load_encoder(
            self.config, bundle.path(spec.file), device=device, dtype=self.dtype
        )
        pipelines: Any = diffusers.DiffusionPipeline
        self.pipelines = {
            modality: self._pipeline(pipelines, bundle.path(signal.decoder))
            for modality, signal in bundle.manifest.signals.items()
        }

    def _pipeline(self, pipelines: Any, folder: Any) -> Any:
        found = pipelines.from_pretrained(folder, torch_dtype=self.dtype, local_files_only=True)
        found.set_progress_bar_config(disable=True)
        return found.to(self.device)

    def turn(
        self, tokens: int, medium: MediaPart | None, modality: str = ""
    ) -> Iterator[tuple[str, float]]:
        """Seconds of each step of a turn: `encode`, `text`, `render`.

        Args:
            tokens: that are written, as many as Medley wrote.
            medium: that is looked at.
            modality: of the artifact; empty for words alone.
        """
        with torch.inference_mode():
            if medium is not None:
                begin = time.perf_counter()
                media = prepare(self.config, medium.modality, medium.path)
                self.encoder.encode(medium.modality, media.to(self.device, self.dtype))
                yield "encode", self._since(begin)
            begin = time.perf_counter()
            prompt = torch.ones(1, PROMPT_TOKENS, dtype=torch.long, device=self.device)
            exactly = {"max_new_tokens": tokens, "min_new_tokens": tokens}
            self.model.generate(prompt, do_sample=False, pad_token_id=0, **exactly)
            yield "text", self._since(begin)
            if modality:
                begin = time.perf_counter()
                self._render(modality)
                yield "render", self._since(begin)

    def _render(self, modality: str) -> None:
        """As the reference calls a pipeline: with a condition, and an empty text to encode."""
        signal = self.bundle.manifest.signals[modality]
        shape = (1, *signal.condition_shape)
        renames = {"steps": "num_inference_steps", "guidance": "guidance_scale"}
        renames |= {"seconds": "audio_length_in_s", "frames": "num_frames"}
        settings = {
            renames.get(name, name): value
            for name, value in signal.settings.items()
            if name in (*renames, "width", "height")
        }
        condition = torch.zeros(shape, dtype=self.dtype, device=self.device)
        self.pipelines[modality](
            prompt_embeds=condition, negative_prompt="", output_type="np", **settings
        )

    def _since(self, begin: float) -> float:
        if self.device.startswith("cuda"):
            torch.cuda.synchronize(self.device)
        return time.perf_counter() - begin
