"""Sounds."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import AudioLDMPipeline

from plugins.api import Condition
from plugins.builtin import loading, text
from plugins.builtin.audio import AudioRenderer
from plugins.errors import KnownError
from plugins.stage import RenderStage, UnlimitedMemory
from tests.plugins.conftest import decoder
from tests.plugins.decoding import decode

CAPTION = Condition(caption="a bell")


def test_a_sound_equals_that_of_the_bare_pipeline(
    decoders: Path, memory: UnlimitedMemory, tmp_path: Path
) -> None:
    loading.quieten()
    made = AudioRenderer(decoder(decoders, "audio"))
    models = made.parts.load("cpu", made.index)
    pipeline = AudioLDMPipeline(**models)
    pipeline.set_progress_bar_config(disable=True)
    bare = pipeline(
        "a bell",
        negative_prompt_embeds=text.encode(made.row, models, [""])["embeds"],
        num_inference_steps=3,
        guidance_scale=7.5,
        audio_length_in_s=0.1,
        generator=torch.Generator().manual_seed(3),
    ).audios[0]

    artifact = made.render(CAPTION, {}, RenderStage(3, memory=memory))

    samples = decode(artifact.data, artifact.extension, tmp_path)
    assert 100 < np.abs(samples).max() < 32767
    np.testing.assert_allclose(samples / 32767, np.clip(bare, -1, 1), atol=1e-4)


def test_the_stdlib_opens_the_sound_at_its_rate_and_length(
    decoders: Path, memory: UnlimitedMemory
) -> None:
    made = AudioRenderer(decoder(decoders, "pocket-audio"))

    artifact = made.render(CAPTION, {"seconds": 0.5}, RenderStage(3, memory=memory))

    with wave.open(io.BytesIO(artifact.data)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert (file.getframerate(), file.getnframes()) == (16000, 8000)
    assert artifact.mime == "audio/wav"
    assert artifact.duration_s == 0.5


def test_the_length_defaults_to_what_the_decoder_was_trained_for(decoders: Path) -> None:
    whole = decoder(decoders, "pocket-audio")
    settings = {k: v for k, v in whole.settings.items() if k != "seconds"}
    made = AudioRenderer(type(whole)(whole.folder, whole.bundle, settings=settings))

    # 8 latent rows, 2 frames each, 16 ms a frame.
    assert {p.name: p.default for p in made.parameters}["seconds"] == pytest.approx(0.256)


@pytest.mark.parametrize("shape", [(16,), (1, 16)])
def test_a_bundle_may_give_the_embedding_a_leading_axis(
    decoders: Path, memory: UnlimitedMemory, shape: tuple[int, ...]
) -> None:
    whole = decoder(decoders, "audio")
    made = AudioRenderer(type(whole)(whole.folder, whole.bundle, shape, whole.settings))

    targets = made.condition_targets(["a bell", "dogs"])

    assert targets.shape == (2, *shape)
    np.testing.assert_allclose(np.linalg.norm(targets.reshape(2, 16), axis=1), 1, atol=1e-5)
    stage = RenderStage(1, memory=memory)
    assert made.render(Condition({"embeds": targets[0]}), {}, stage).modality == "audio"


def test_an_unknown_vocoder_is_refused(decoders: Path) -> None:
    with pytest.raises(KnownError, match=r"'griffin-lim' or absent, found 'parrot'"):
        AudioRenderer(decoder(decoders, "audio", vocoder="parrot"))


def test_a_decoder_without_a_vocoder_needs_the_setting(decoders: Path) -> None:
    with pytest.raises(KnownError, match="vocoder"):
        AudioRenderer(decoder(decoders, "pocket-audio", vocoder=None)).prepare(RenderStage(1))
