"""The linear input projection: one encoder vector becomes one language model position.

Knows no encoder and no language model.

Legend: B batch, E encoder width, P patch tokens, D language model width.
"""

from __future__ import annotations

from torch import Tensor, nn  # noqa: TID253


class LinearInputProjection(nn.Linear):
    """[B, E] global embedding -> [B, 1, D]. State dict: `weight` [D, E], `bias` [D]."""

    def __init__(self, d_encoder: int = 1024, d_model: int = 4096) -> None:
        super().__init__(d_encoder, d_model)

    @property
    def positions(self) -> int:
        """Language model positions a medium takes: 1."""
        return 1

    def forward(self, embedding: Tensor, patches: Tensor | None = None) -> Tensor:
        """[B, E] -> [B, 1, D]; `patches` is taken so that both projections are called alike."""
        return super().forward(embedding).unsqueeze(1)
