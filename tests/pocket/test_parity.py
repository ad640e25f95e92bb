"""The shipped GGUF computes what Hugging Face computes from the same file.

transformers reads the GGUF by itself: its own undoing of the rotary order, its own tokenizer.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaForCausalLM

from runtime.bundle.bundle import Bundle
from runtime.language_model.chunks import Chunk, MediaChunk, TokenChunk, positions_of
from runtime.language_model.model import LanguageModel
from runtime.memory import DeviceMemory
from runtime.messages import MediaPart, Message, SignalPart, TextPart
from runtime.turn.imagebind_embedder import ImageBindEmbedder
from runtime.turn.timers import LoadTimer
from runtime.turn.prompt import PromptBuilder
from tests.pocket.conftest import said
from tests.training.gguf.test_export import TEXTS, cosine
from training.evaluation.judging import write_true
from training.gguf.quantize import quantize
from training.pocket.sequences import SIGNAL_NAMES
from training.pocketworld.scene import Scene

SCENE = Scene("boat", "red", "sea", time="night")
WORDS = "I see a big red boat in the middle on the sea at night in clear weather."
F16_ROUNDING = 0.005
"""Largest difference, as a share of the largest value: F16 weights meet F16 activations and an
F16 cache in llama.cpp, float32 ones in torch."""

Float32 = NDArray[np.float32]


@pytest.fixture(scope="module")
def path(pocket: Bundle) -> Path:
    return pocket.path(pocket.manifest.language_model.file)


@pytest.fixture(scope="module")
def reference(path: Path) -> LlamaForCausalLM:
    """The same file, loaded by transformers to float32."""
    return AutoModelForCausalLM.from_pretrained(
        path.parent, gguf_file=path.name, dtype=torch.float32
    ).eval()


def opened(path: Path) -> LanguageModel:
    return LanguageModel(path, n_ctx=512, n_threads=2)


@pytest.fixture
def model(path: Path) -> Iterator[LanguageModel]:
    with opened(path) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def turns(
    pocket: Bundle, path: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Chunk], list[Chunk]]:
    """The prompts of a first and a second turn, a medium in each, as the engine builds them."""
    folder = tmp_path_factory.mktemp("media")
    rng = np.random.default_rng(5)
    picture, sound = (
        MediaPart(modality, str(write_true(modality, SCENE, rng, folder / modality)))
        for modality in ("image", "audio")
    )
    first = said("what is this?", picture)
    answer = Message("assistant", (TextPart(WORDS), SignalPart("image")))
    embed = ImageBindEmbedder(pocket, DeviceMemory(None), "cpu", LoadTimer()).embed
    signals = {m: s.token_ids for m, s in pocket.manifest.signals.items()}
    with opened(path) as model:
        builder = PromptBuilder(pocket.manifest.template, model, embed, signals)
        second = [first, answer, said("draw what you hear", sound)]
        return list(builder.build([first])), list(builder.build(second))


@pytest.fixture(scope="module")
def runs(pocket: Bundle) -> list[Chunk]:
    """One signal run of each modality."""
    return [TokenChunk(signal.token_ids) for signal in pocket.manifest.signals.values()]


def expected(reference: LlamaForCausalLM, chunks: list[Chunk]) -> tuple[Float32, Float32]:
    """States [N, D] and logits [N, V] of Hugging Face."""
    table: Any = reference.get_input_embeddings()
    with torch.no_grad():
        rows = [
            torch.tensor(c.embeddings) if isinstance(c, MediaChunk) else table(torch.tensor(c.ids))
            for c in chunks
        ]
        out: Any = reference(inputs_embeds=torch.cat(rows)[None], output_hidden_states=True)
    return out.hidden_states[-1][0].numpy(), out.logits[0].numpy()


def assert_same(found: Float32, wanted: Float32) -> None:
    np.testing.assert_allclose(found, wanted, rtol=0, atol=F16_ROUNDING * np.abs(wanted).max())


def test_every_text_has_the_same_token_ids(path: Path, model: LanguageModel) -> None:
    tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    dialogue = "<s><user><Img></Img>draw a red boat<assistant>Here it is.[IMG0][AUD3][VID7]</s>"
    for text in [*TEXTS, WORDS, "Draw me a tiny golden bumblebee at dusk!"]:
        ids = tokenizer.encode(text, add_special_tokens=False)
        assert model.tokenize(text, parse_special=True) == ids, text
        assert model.text(ids) == text
    ids = tokenizer.encode(dialogue, add_special_tokens=False)
    assert model.tokenize(dialogue, parse_special=True) == ids


def test_the_signal_tokens_of_the_manifest_are_those_of_the_file(
    pocket: Bundle, model: LanguageModel
) -> None:
    for modality, signal in pocket.manifest.signals.items():
        names = "".join(f"[{SIGNAL_NAMES[modality]}{i}]" for i in range(len(signal.token_ids)))
        assert tuple(model.tokenize(names, parse_special=True)) == signal.token_ids
        assert not set(model.tokenize(names)) & set(signal.token_ids)


def test_states_and_logits_are_the_same_with_media_in_the_prompt(
    model: LanguageModel,
    reference: LlamaForCausalLM,
    turns: tuple[list[Chunk], list[Chunk]],
    runs: list[Chunk],
) -> None:
    prompt = [*turns[1], *runs]
    assert sum(isinstance(chunk, MediaChunk) for chunk in prompt) == 2
    states, logits = expected(reference, prompt)

    found = model.states(prompt)

    assert_same(found, states)
    assert_same(model.logits(), logits[-1])
    assert cosine(found, states).min() > 0.9999


def test_they_are_the_same_after_a_prefix_was_reused(
    model: LanguageModel,
    reference: LlamaForCausalLM,
    turns: tuple[list[Chunk], list[Chunk]],
    runs: list[Chunk],
) -> None:
    first, second = turns
    model.prefill(first)
    usage = model.prefill(second)
    states, logits = expected(reference, [*second, *runs])

    assert usage.reused_tokens == positions_of(first)
    assert_same(model.logits(), logits[positions_of(second) - 1])
    assert_same(model.states(runs), states[positions_of(second) :])


@pytest.mark.parametrize(("format_name", "least"), [("Q8_0", 0.999), ("Q4_K_M", 0.9)])
def test_quantized_signal_states_point_the_same_way(
    path: Path,
    tmp_path: Path,
    reference: LlamaForCausalLM,
    turns: tuple[list[Chunk], list[Chunk]],
    runs: list[Chunk],
    format_name: str,
    least: float,
    record_property: Any,
) -> None:
    small = tmp_path / f"{format_name}.gguf"
    quantize(path, small, format_name, n_threads=2)
    states, _ = expected(reference, [*turns[1], *runs])

    with opened(small) as model:
        model.prefill(turns[1])
        found = model.states(runs)

    near = cosine(found, states[-positions_of(runs) :])
    record_property("cosine_least", float(near.min()))
    record_property("bytes", small.stat().st_size)
    assert near.min() > least
    assert small.stat().st_size < 0.7 * path.stat().st_size
