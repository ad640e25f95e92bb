"""Lines in one pack are to a language model what they are alone."""

from __future__ import annotations

from typing import Any

import torch

from tests import tiny_llama
from training.align.pack import Pack, packed, previous
from training.nextgpt.answer_loss import IGNORE

PREFIX, FIRST, SECOND = [5, 6, 7], [8, 9, 10, 11], [12, 13]


def in_pack() -> tuple[Any, Pack]:
    model = tiny_llama.random_llama().eval()
    table = model.get_input_embeddings().weight.detach()
    pack = packed(table[PREFIX], [table[FIRST], table[SECOND]])
    return model, pack


@torch.inference_mode()
def test_a_line_of_a_pack_has_the_states_that_it_has_alone() -> None:
    model, pack = in_pack()

    states = model.model(
        inputs_embeds=pack.states[None], attention_mask=pack.sees, position_ids=pack.places[None]
    ).last_hidden_state[0]

    for line, at in ((FIRST, 3), (SECOND, 7)):
        alone = model.model(torch.tensor([[*PREFIX, *line]])).last_hidden_state[0, len(PREFIX) :]
        assert torch.allclose(states[at : at + len(line)], alone, atol=1e-5)


def test_the_first_token_of_a_line_comes_after_what_all_share() -> None:
    _, pack = in_pack()

    found = previous(pack, torch.tensor([3, 5, 7, 8]))

    assert found.tolist() == [2, 4, 2, 7]


def test_nothing_of_a_new_pack_is_learned() -> None:
    _, pack = in_pack()

    assert pack.labels.tolist() == [IGNORE] * 9
    assert pack.places.tolist() == [0, 1, 2, 3, 4, 5, 6, 3, 4]
