"""States between layers are those of transformers, and the conversation does not notice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from diffusers import Flux2KleinPipeline
from numpy.typing import NDArray
from transformers import Qwen3ForCausalLM

from plugins.errors import BugError, Cancelled, KnownError
from runtime.language_model.chunks import TokenChunk
from runtime.language_model.layer_states import MOST_POSITIONS
from runtime.language_model.model import LanguageModel
from tests import tiny_qwen3

LAYERS = (1, 3, 5)


@pytest.fixture(scope="module")
def qwen3() -> Qwen3ForCausalLM:
    return tiny_qwen3.random_qwen3()


@pytest.fixture(scope="module")
def model(
    qwen3: Qwen3ForCausalLM, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LanguageModel]:
    path = tiny_qwen3.write_gguf(qwen3, tmp_path_factory.mktemp("qwen3") / "qwen3.gguf")
    with LanguageModel(path, n_ctx=512, n_threads=1) as model:
        yield model


def ids_of(text: str) -> list[int]:
    return list(tiny_qwen3.tokenizer()(text).input_ids)


def apart(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(np.linalg.norm(one - other) / np.linalg.norm(other))


def test_states_behind_layers_are_those_of_transformers(
    model: LanguageModel, qwen3: Qwen3ForCausalLM
) -> None:
    ids = ids_of("a red boat on the sea at night")
    with torch.no_grad():
        hidden = qwen3(torch.tensor([ids]), output_hidden_states=True).hidden_states

    found = model.layer_states(ids, LAYERS)

    assert found.shape == (3, len(ids), tiny_qwen3.WIDTH)
    for states, layer in zip(found, LAYERS, strict=True):
        assert apart(states, hidden[layer][0].numpy()) < 2e-3  # weights and cache are float16
    assert np.array_equal(model.layer_states(ids, (5, 1)), found[[2, 0]])


def test_padding_attends_to_the_text_alone_as_in_flux2_klein(
    model: LanguageModel, qwen3: Qwen3ForCausalLM
) -> None:
    caption = "the dog barks"
    with torch.no_grad():
        wanted = Flux2KleinPipeline._get_qwen3_prompt_embeds(
            qwen3, tiny_qwen3.tokenizer(), caption, hidden_states_layers=LAYERS
        )[0].numpy()
    said = [{"role": "user", "content": caption}]
    text = tiny_qwen3.tokenizer().apply_chat_template(
        said, tokenize=False, add_generation_prompt=True, enable_thinking=False
    )
    ids = ids_of(text)
    padded = ids + [tiny_qwen3.tokenizer().pad_token_id] * (MOST_POSITIONS - len(ids))

    found = np.concatenate(list(model.layer_states(padded, LAYERS, seen=len(ids))), axis=1)
    open_to_all = np.concatenate(list(model.layer_states(padded, LAYERS)), axis=1)

    assert apart(found[: len(ids)], wanted[: len(ids)]) < 2e-3
    assert apart(found, wanted) < 1e-2  # rotary angles of the last positions are less exact
    assert apart(open_to_all, wanted) > 0.5


def test_the_conversation_stays_as_it_is(model: LanguageModel) -> None:
    prompt = (TokenChunk(tuple(ids_of("now the bell rings"))),)
    model.prefill(prompt)
    cells, logits = model.cells, model.logits()

    model.layer_states(ids_of("a red boat"), (2,))

    assert model.cells == cells
    assert np.array_equal(model.logits(), logits)


def test_it_is_stopped_between_layers(model: LanguageModel) -> None:
    asked = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) == 2

    with pytest.raises(Cancelled):
        model.layer_states(ids_of("a red boat"), (5,), cancelled=cancelled)
    assert len(asked) == 2


@pytest.mark.parametrize("layers", [(), (0,), (6,), (2, 7)])
def test_layers_that_are_not_there_are_refused(
    model: LanguageModel, layers: tuple[int, ...]
) -> None:
    with pytest.raises(KnownError, match="expected layers from 1 to 5"):
        model.layer_states(ids_of("a red boat"), layers)


def test_a_fault_in_the_callback_is_raised_where_it_was_asked(model: LanguageModel) -> None:
    def broken() -> bool:
        raise RuntimeError("of the one who asked")

    with pytest.raises(RuntimeError, match="of the one who asked"):
        model.layer_states(ids_of("a red boat"), (2,), cancelled=broken)
    with pytest.raises(BugError):
        model.layer_states([0] * (MOST_POSITIONS + 1), (2,))
