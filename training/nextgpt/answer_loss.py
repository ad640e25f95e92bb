"""The cross-entropy of a causal language model's answers, without the rest of its sequences.

Legend: B batch, L positions, N positions whose next token counts, V vocabulary.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor
from torch.nn import functional
from transformers import PreTrainedModel

IGNORE = -100
"""The label of a position where nothing is learned."""


def answer_loss(model: PreTrainedModel, labels: Tensor, **given: Any) -> tuple[Tensor, Any]:
    """Cross-entropy of what a causal model says next where [B, L] labels count, and all it gives.

    The output layer sees only the N positions before such labels, so what is given holds [N, V]
    logits. Of a dialogue that is about half, without its padding, and the layer is a large part of
    a small model.

    Args:
        given: what the model is called with.
    """
    wanted = functional.pad(labels[:, 1:], (0, 1), value=IGNORE)
    kept = wanted != IGNORE
    narrowed = model.get_output_embeddings().register_forward_pre_hook(
        lambda _, states: (states[0][kept],)
    )
    try:
        out = model(**given, use_cache=False)
    finally:
        narrowed.remove()
    return functional.cross_entropy(out.logits, wanted[kept]), out
