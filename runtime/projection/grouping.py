"""The grouping input projection: learned groups gather patch tokens into a few positions.

After GroupViT (Xu et al., 2022), as NExT-GPT v1.5 uses it: stages of self-attention over patch
tokens and group tokens; between stages every token is assigned to exactly one group, and the
groups are the tokens of the next stage. Knows no encoder and no language model.

Legend: B batch, P patch tokens, S tokens of a stage, G groups, H heads, C width, E encoder width,
D language model width. State-dict names are those of NExT-GPT's `mm_input_projector`.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch  # noqa: TID253
from torch import Tensor, nn  # noqa: TID253
from torch.nn import functional  # noqa: TID253

from plugins.errors import KnownError


class GroupInputProjection(nn.Module):
    """[B, P, E] patch tokens -> [B, G, D], G being the last of `output_groups`.

    `depths` holds one entry a stage; `group_tokens` and `output_groups` one entry for each stage
    but the last, which has no groups to form.
    """

    def __init__(
        self,
        d_encoder: int = 1024,
        d_model: int = 4096,
        *,
        width: int = 512,
        depths: Sequence[int] = (6, 3, 3),
        heads: int = 8,
        group_tokens: Sequence[int] = (64, 8),
        output_groups: Sequence[int] = (64, 8),
        mlp_ratio: int = 4,
    ) -> None:
        super().__init__()
        _check_sizes(width, heads, depths, group_tokens, output_groups)
        self.positions = int(output_groups[-1])
        self.in_fc = nn.Linear(d_encoder, width)
        previous = [0, *group_tokens]
        self.layers = nn.ModuleList(
            _Stage(
                width,
                heads,
                depth,
                mlp_ratio,
                previous_tokens=previous[i],
                group_tokens=group_tokens[i] if i < len(group_tokens) else 0,
                output_groups=output_groups[i] if i < len(output_groups) else 0,
            )
            for i, depth in enumerate(depths)
        )
        self.norm = nn.LayerNorm(width)
        self.out_fc = nn.Linear(width, d_model)

    def forward(self, embedding: Tensor | None, patches: Tensor) -> Tensor:
        """[B, P, E] -> [B, G, D]; `embedding` is taken so that both projections are called alike.

        In training the assignment is drawn with Gumbel noise, otherwise it is the most likely one.
        """
        tokens = self.in_fc(patches)  # [B, P, C]
        groups: Tensor | None = None
        for stage in self.layers:
            tokens, groups = stage(tokens, groups)
        projected: Tensor = self.out_fc(self.norm(tokens))
        return projected  # [B, G, D]


def _check_sizes(
    width: int,
    heads: int,
    depths: Sequence[int],
    group_tokens: Sequence[int],
    output_groups: Sequence[int],
) -> None:
    if width % heads:
        raise KnownError(
            "input projection: expected a width that {heads} heads divide, found {width}. "
            "Correct the bundle's settings.",
            heads=heads,
            width=width,
        )
    if not len(depths) - 1 == len(group_tokens) == len(output_groups) >= 1:
        raise KnownError(
            "input projection: expected {depths_count} group_tokens and output_groups for "
            "{depths_count_2} depths (at least 2), found {group_tokens_count} and "
            "{output_groups_count}. Correct the bundle's settings.",
            depths_count=len(depths) - 1,
            depths_count_2=len(depths),
            group_tokens_count=len(group_tokens),
            output_groups_count=len(output_groups),
        )


class _Mlp(nn.Module):
    def __init__(self, d_in: int, d_hidden: int, d_out: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(d_in, d_hidden)
        self.fc2 = nn.Linear(d_hidden, d_out)

    def forward(self, x: Tensor) -> Tensor:
        mixed: Tensor = self.fc2(functional.gelu(self.fc1(x)))
        return mixed


class _TokenMlp(_Mlp):
    """An MLP over the token axis: [B, S, C] -> [B, S', C]."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.transpose(1, 2)).transpose(1, 2)


def _attend(q: Tensor, k: Tensor, v: Tensor, heads: int) -> Tensor:
    """Softmax attention over [B, S, C] queries, keys and values -> [B, S_q, C]."""
    q, k, v = (t.view(*t.shape[:2], heads, -1).transpose(1, 2) for t in (q, k, v))  # [B, H, S, C/H]
    return functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)


class _SelfAttention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.proj = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        attended: Tensor = self.proj(_attend(q, k, v, self.heads))
        return attended


class _CrossAttention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width)
        self.v_proj = nn.Linear(width, width)
        self.proj = nn.Linear(width, width)

    def forward(self, query: Tensor, key: Tensor) -> Tensor:
        attended = _attend(self.q_proj(query), self.k_proj(key), self.v_proj(key), self.heads)
        projected: Tensor = self.proj(attended)
        return projected


class _Assignment(_CrossAttention):
    """Gives every token to one group: the softmax runs over groups, not over tokens."""

    def __init__(self, width: int) -> None:
        super().__init__(width, heads=1)

    def forward(self, query: Tensor, key: Tensor) -> Tensor:
        """[B, G, C] groups, [B, S, C] tokens -> [B, G, C]: what each group gathered."""
        scale = query.shape[-1] ** -0.5
        logits = self.q_proj(query) @ self.k_proj(key).transpose(1, 2) * scale  # [B, G, S]
        if self.training:
            logits = logits + _gumbel_like(logits)
        chosen = _one_hot_straight_through(logits)
        # One is added so that a group without tokens gathers nothing instead of dividing by zero.
        weights = chosen / (chosen.sum(dim=-1, keepdim=True) + 1.0)
        gathered: Tensor = self.proj(weights @ self.v_proj(key))
        return gathered


def _gumbel_like(logits: Tensor) -> Tensor:
    return -torch.empty_like(logits).exponential_().clamp_min(1e-20).log()


def _one_hot_straight_through(logits: Tensor) -> Tensor:
    """[B, G, S] -> 1 for the best group of each token; its gradient is the softmax's."""
    soft = logits.softmax(dim=1)
    hard = torch.zeros_like(soft).scatter_(1, soft.argmax(dim=1, keepdim=True), 1.0)
    return hard - soft.detach() + soft


class _SelfBlock(nn.Module):
    def __init__(self, width: int, heads: int, mlp_ratio: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attn = _SelfAttention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = _Mlp(width, mlp_ratio * width, width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.norm1(x))
        mixed: Tensor = x + self.mlp(self.norm2(x))
        return mixed


class _CrossBlock(nn.Module):
    """Groups look at tokens; normalised afterwards, not before."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm_post = nn.LayerNorm(width)
        self.attn = _CrossAttention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = _Mlp(width, 4 * width, width)

    def forward(self, query: Tensor, key: Tensor) -> Tensor:
        x = query + self.attn(query, key)
        normed: Tensor = self.norm_post(x + self.mlp(self.norm2(x)))
        return normed


class _Grouping(nn.Module):
    """Tokens and group tokens in, groups out."""

    def __init__(self, width: int, heads: int, group_tokens: int, output_groups: int) -> None:
        super().__init__()
        self.norm_tokens = nn.LayerNorm(width)
        self.mlp_inter = _TokenMlp(group_tokens, width // 2, output_groups)
        self.norm_post_tokens = nn.LayerNorm(width)
        self.norm_x = nn.LayerNorm(width)
        self.pre_assign_attn = _CrossBlock(width, heads)
        self.assign = _Assignment(width)
        self.norm_new_x = nn.LayerNorm(width)
        self.mlp_channels = _Mlp(width, 4 * width, width)

    def forward(self, tokens: Tensor, group_tokens: Tensor) -> Tensor:
        """[B, S, C] tokens, [B, G_in, C] group tokens -> [B, G, C]."""
        tokens = self.norm_x(tokens)
        groups = self.norm_post_tokens(self.mlp_inter(self.norm_tokens(group_tokens)))
        groups = self.pre_assign_attn(groups, tokens)
        gathered = groups + self.assign(groups, tokens)
        mixed: Tensor = gathered + self.mlp_channels(self.norm_new_x(gathered))
        return mixed


class _Stage(nn.Module):
    """Self-attention over tokens and group tokens, then grouping (in all stages but the last)."""

    def __init__(
        self,
        width: int,
        heads: int,
        depth: int,
        mlp_ratio: int,
        *,
        previous_tokens: int,
        group_tokens: int,
        output_groups: int,
    ) -> None:
        super().__init__()
        self.group_tokens = group_tokens
        self.blocks = nn.ModuleList(_SelfBlock(width, heads, mlp_ratio) for _ in range(depth))
        if not group_tokens:
            return
        self.group_token = nn.Parameter(torch.zeros(1, group_tokens, width))
        self.downsample = _Grouping(width, heads, group_tokens, output_groups)
        if previous_tokens:
            self.group_projector = nn.Sequential(
                nn.LayerNorm(width), _TokenMlp(previous_tokens, width // 2, group_tokens)
            )
        else:
            nn.init.trunc_normal_(self.group_token, std=0.02)

    def forward(self, tokens: Tensor, previous: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """[B, S, C] tokens and the last stage's group tokens -> this stage's of both."""
        if not self.group_tokens:
            return self._blocks(tokens), None
        groups = self.group_token.expand(tokens.shape[0], -1, -1)
        if previous is not None:
            groups = groups + self.group_projector(previous)
        mixed = self._blocks(torch.cat([tokens, groups], dim=1))
        tokens, groups = mixed[:, : -self.group_tokens], mixed[:, -self.group_tokens :]
        return self.downsample(tokens, groups), groups

    def _blocks(self, x: Tensor) -> Tensor:
        for block in self.blocks:
            x = block(x)
        return x
