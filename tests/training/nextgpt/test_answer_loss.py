"""The loss of answers equals the ordinary one, without computing the rest."""

from __future__ import annotations

import torch
from torch.nn import functional
from transformers import LlamaConfig, LlamaForCausalLM

from training.nextgpt.answer_loss import IGNORE, answer_loss


def model() -> LlamaForCausalLM:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=20, hidden_size=16, intermediate_size=16, num_hidden_layers=1,
        num_attention_heads=2,
    )  # fmt: skip
    return LlamaForCausalLM(config).eval()


def test_it_is_the_cross_entropy_of_the_labelled_positions() -> None:
    ids = torch.tensor([[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]])
    labels = torch.tensor([[IGNORE, IGNORE, 3, 4, IGNORE], [IGNORE, 7, IGNORE, IGNORE, 10]])
    made = model()

    loss, out = answer_loss(made, labels, input_ids=ids)

    logits = made(input_ids=ids).logits[:, :-1].flatten(0, 1)
    plain = functional.cross_entropy(logits, labels[:, 1:].flatten(), ignore_index=IGNORE)
    torch.testing.assert_close(loss, plain)
    assert out.logits.shape == (4, 20)
