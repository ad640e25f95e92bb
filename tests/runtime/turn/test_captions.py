"""Native routing: pictures drawn from the language model's own states are those of the decoder's
text encoder, and their recipes draw them again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from transformers import Qwen3ForCausalLM

from plugins.api import Recipe
from plugins.errors import Cancelled
from runtime.bundle.bundle import Bundle
from runtime.bundle.manifest import (
    FORMAT,
    LanguageModelSpec,
    Licence,
    Manifest,
    NativeSpec,
    SignalSpec,
    TemplateSpec,
)  # fmt: skip
from runtime.bundle.write import write_manifest
from runtime.engine import Engine
from runtime.messages import ArtifactReady, Message, TextPart, Turn, TurnDone
from runtime.turn.captions import READING
from tests import tiny_native, tiny_qwen3

STEPS = 2
OPEN = "<|im_start|>user\n"
CLOSE = "<|im_end|>\n<|im_start|>assistant\n"
NATIVE = {
    "z": NativeSpec((27,), OPEN, CLOSE, unwanted=True),
    "klein": NativeSpec(
        (9, 18, 27), OPEN, f"{CLOSE}<think>\n\n</think>\n\n", padding="<|endoftext|>"
    ),
}
TOLERANCE = 3
"""Of 255: states are equal to rounding, and so are pixels."""


@pytest.fixture(scope="module")
def qwen3() -> Qwen3ForCausalLM:
    return tiny_qwen3.random_qwen3(layers=tiny_native.LAYERS)


@pytest.fixture(scope="module", params=["z", "klein"])
def native(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def engine(
    native: str, qwen3: Qwen3ForCausalLM, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp(native)
    tiny_qwen3.write_gguf(qwen3, folder / "llm.gguf")
    pipeline = tiny_native.z_image() if native == "z" else tiny_native.flux2_klein()
    tiny_native.write(pipeline, folder / "decoders/image")
    write_manifest(folder, _manifest(native))
    with Engine(Bundle.open(folder), device="cpu", threads=1) as engine:
        yield engine


def _manifest(native: str) -> Manifest:
    signal = SignalSpec(
        token_ids=(),
        renderer="medley.image",
        decoder="decoders/image",
        condition_shape=() if native == "z" else (512, 3 * tiny_qwen3.WIDTH),
        caption_open="<image>",
        caption_close="</image>",
        native=NATIVE[native],
        settings={"steps": STEPS, "width": 32, "height": 32},
    )
    return Manifest(
        format=FORMAT,
        name=native,
        title="Native",
        description="Random weights for tests.",
        version="0",
        routing="captioned",
        licences=(Licence("all weights", "Apache-2.0", "made by the tests"),),
        language_model=LanguageModelSpec(
            "llm.gguf", tiny_qwen3.WIDTH, tiny_qwen3.VOCABULARY, 512, max_new_tokens=12
        ),
        template=TemplateSpec(user_open=OPEN, user_close=CLOSE),
        signals={"image": signal},
        files={},
    )


@pytest.fixture(scope="module")
def ready(engine: Engine) -> ArtifactReady:
    """A picture of a whole turn."""
    return drawn(engine)


def drawn(engine: Engine) -> ArtifactReady:
    message = Message("user", (TextPart("draw a boat"),))
    events = list(engine.answer(Turn((message,), seed=5, allowed=("image",))))
    assert isinstance(events[-1], TurnDone)
    (ready,) = (event for event in events if isinstance(event, ArtifactReady))
    return ready


def pixels(data: bytes) -> NDArray[np.int16]:
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("RGB"), np.int16)


def of_the_pipeline(
    native: str, qwen3: Qwen3ForCausalLM, ready: ArtifactReady, guidance: float
) -> NDArray[np.int16]:
    """The same picture by diffusers alone, with the text encoder."""
    made = tiny_native.z_image(qwen3) if native == "z" else tiny_native.flux2_klein(qwen3)
    made.set_progress_bar_config(disable=True)
    found = made(
        prompt=ready.caption,
        num_inference_steps=STEPS,
        guidance_scale=guidance,
        width=32,
        height=32,
        generator=torch.Generator("cpu").manual_seed(ready.seed),
        output_type="np",
    )
    return np.round(found.images[0] * 255).astype(np.int16)


def test_a_turn_draws_what_the_decoders_own_text_encoder_would(
    ready: ArtifactReady, native: str, qwen3: Qwen3ForCausalLM
) -> None:
    assert ready.caption
    wanted = of_the_pipeline(native, qwen3, ready, 0.0 if native == "z" else 1.0)
    assert wanted.std() > 20
    assert np.abs(pixels(ready.data) - wanted).max() <= TOLERANCE


def test_its_recipe_is_the_caption_and_draws_it_again(engine: Engine, ready: ArtifactReady) -> None:
    recipe = Recipe.from_json(ready.recipe)
    assert (recipe.condition.caption, recipe.condition.arrays) == (ready.caption, None)
    again = engine.rerender(ready.recipe)
    assert again.data == ready.data
    assert again.recipe.to_json() == ready.recipe


def test_guidance_is_away_from_the_empty_caption(
    engine: Engine, ready: ArtifactReady, native: str, qwen3: Qwen3ForCausalLM
) -> None:
    guided = engine.rerender(ready.recipe, parameters={"guidance": 4.0})

    wanted = of_the_pipeline(native, qwen3, ready, 4.0)
    assert np.abs(pixels(guided.data) - wanted).max() <= TOLERANCE
    same = np.array_equal(pixels(guided.data), pixels(ready.data))
    assert same == (native == "klein")  # whose guidance is in its weights


def test_captions_are_composed_and_cut(engine: Engine, native: str) -> None:
    captions = engine._ready().captions

    def length(caption: str) -> int:
        embeds = captions.condition("image", caption).embeds
        assert embeds is not None
        return len(embeds)

    if native == "klein":
        assert length("a boat") == 512
    else:
        assert length("cafe\u0301") == length("caf\u00e9") < length("cafe e") < 40
        assert length("boat " * 600) == 512
    assert captions.condition("image", "a boat", "medley.clipart").caption == "a boat"
    with pytest.raises(Cancelled):
        captions.condition("image", "a boat", cancelled=lambda: True)
    (counted,) = (one for one in engine.memory.residents() if one.key == READING)
    assert counted.size > 0 and not counted.in_use


def test_no_text_encoder_is_there(engine: Engine, native: str) -> None:
    folder: Path = engine.bundle.folder / "decoders/image"

    assert not (folder / "text_encoder").exists()
    assert engine.bundle.manifest.signals["image"].native == NATIVE[native]
