"""The output projection: hidden states of signal tokens become a decoder's condition.

NExT-GPT's `TextFcLayer` in its "transformer" mode. Knows no language model and no decoder.

Legend: B batch, N signal tokens, D language model width, M positions of the condition, C its
width, h hidden width.
"""

from __future__ import annotations

import torch  # noqa: TID253
from torch import Tensor, nn  # noqa: TID253


class OutputProjection(nn.Module):
    """[B, N, D] hidden states and input embeddings -> [B, M, C].

    State dict: `fc` (D -> h), `tfm` (`nn.Transformer`, normalised first, with final norms),
    `query_embs` [1, M, h] and `model` (h -> C). No positions, no masks, no dropout.
    """

    def __init__(
        self,
        d_model: int,
        d_out: int,
        n_out: int,
        *,
        d_hidden: int = 512,
        n_heads: int = 4,
        n_layers: int = 4,
        d_feedforward: int = 2048,
    ) -> None:
        super().__init__()
        self.d_model = d_model
        self.fc = nn.Linear(d_model, d_hidden)
        self.tfm = _transformer(d_hidden, n_heads, n_layers, d_feedforward)
        self.model = nn.Linear(d_hidden, d_out)
        self.query_embs = nn.Parameter(torch.randn(1, n_out, d_hidden))

    def forward(self, hidden: Tensor, embeddings: Tensor) -> Tensor:
        """[B, N, D] states and embeddings of the signal tokens -> [B, M, C], not normalised."""
        source = self.fc(hidden + embeddings)  # [B, N, h]
        queries = self.query_embs.expand(source.shape[0], -1, -1)  # [B, M, h]
        condition: Tensor = self.model(self.tfm(source, queries))
        return condition


def _transformer(width: int, heads: int, layers: int, feedforward: int) -> nn.Transformer:
    """As many encoder as decoder layers, each stack with a final norm.

    The encoder is built here because `nn.Transformer` asks for nested tensors, which layers that
    normalise first cannot use.
    """
    encoder = nn.TransformerEncoder(
        nn.TransformerEncoderLayer(
            width, heads, feedforward, dropout=0.0, batch_first=True, norm_first=True
        ),
        layers,
        norm=nn.LayerNorm(width),
        enable_nested_tensor=False,
    )
    return nn.Transformer(
        width,
        heads,
        num_decoder_layers=layers,
        dim_feedforward=feedforward,
        dropout=0.0,
        custom_encoder=encoder,
        batch_first=True,
        norm_first=True,
    )
