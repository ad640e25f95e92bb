"""Clips."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from diffusers import TextToVideoSDPipeline

from plugins.api import Condition
from plugins.builtin import loading
from plugins.builtin.video import VideoRenderer
from plugins.stage import RenderStage, UnlimitedMemory
from tests.plugins.conftest import decoder
from tests.plugins.decoding import decode, frame_rate

CAPTION = Condition(caption="a red boat")


def test_a_clip_is_close_to_that_of_the_bare_pipeline(
    decoders: Path, memory: UnlimitedMemory, tmp_path: Path
) -> None:
    loading.quieten()
    made = VideoRenderer(decoder(decoders, "video"))
    pipeline = TextToVideoSDPipeline(**made.parts.load("cpu", made.index))
    pipeline.set_progress_bar_config(disable=True)
    bare = pipeline(
        "a red boat",
        num_inference_steps=3,
        guidance_scale=7.5,
        num_frames=3,
        width=32,
        height=16,
        generator=torch.Generator().manual_seed(3),
        output_type="np",
    ).frames[0]

    artifact = made.render(CAPTION, {}, RenderStage(3, memory=memory))

    frames = decode(artifact.data, artifact.extension, tmp_path)
    assert frames.shape == bare.shape
    # The file is lossy and halves the resolution of colours.
    assert np.abs(frames.mean((1, 2)) - bare.mean((1, 2)) * 255).max() < 6


def test_frames_rate_and_size_are_as_asked_for(
    decoders: Path, memory: UnlimitedMemory, tmp_path: Path
) -> None:
    made = VideoRenderer(decoder(decoders, "pocket-video", upscale=2))

    artifact = made.render(CAPTION, {"frames": 4, "fps": 8}, RenderStage(3, memory=memory))

    assert artifact.mime == "video/mp4"
    assert (artifact.width, artifact.height, artifact.duration_s) == (64, 32, 0.5)
    assert decode(artifact.data, artifact.extension, tmp_path).shape == (4, 32, 64, 3)
    assert frame_rate(artifact.data, tmp_path) == 8
