"""The parts of ImageBind: stems, trunks, heads and scales, under the names of its state dict.

Knows no files. Written from the published layout; module names follow the checkpoint, so that
`imagebind_huge` loads without a table of renames.

Legend: B batch, L sequence (CLS and patches), P patches, W tower width, E embedding width,
T frames, H and V height and width in pixels.
"""

from __future__ import annotations

import math

import torch  # noqa: TID253
from torch import Tensor, nn  # noqa: TID253
from torch.nn import functional  # noqa: TID253

from plugins.errors import BugError
from runtime.encoder.config import AudioConfig, TextConfig, VisionConfig

_EPS = 1e-6
"""The epsilon of every LayerNorm except the audio stem's."""


class Positions(nn.Module):
    """Learned positions [1, 1 + P, W], interpolated when a picture has another size."""

    def __init__(self, grid: tuple[int, int], width: int) -> None:
        super().__init__()
        self.grid = grid
        self.pos_embed = nn.Parameter(
            torch.randn(1, 1 + math.prod(grid), width) * width**-0.5,
        )

    def forward(self, grid: tuple[int, int]) -> Tensor:
        """Positions for a grid of patches -> [1, 1 + rows * columns, W]."""
        if grid == self.grid:
            return self.pos_embed
        first, rest = self.pos_embed[:, :1], self.pos_embed[:, 1:]
        plane = rest.transpose(1, 2).reshape(1, -1, *self.grid)  # [1, W, rows, columns]
        resized = functional.interpolate(plane.float(), size=grid, mode="bicubic")
        return torch.cat([first, resized.to(rest.dtype).flatten(2).transpose(1, 2)], dim=1)


class _PatchStem(nn.Module):
    """Holds the patch convolution where the checkpoint has it: `proj` or `proj.1`."""

    def __init__(self, proj: nn.Module, norm_width: int = 0) -> None:
        super().__init__()
        self.proj = proj
        if norm_width:
            self.norm_layer = nn.LayerNorm(norm_width)


class VisionStem(nn.Module):
    """[B, 3, T, H, V] -> [B, 1 + P, W]."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        self.frames = config.frames_per_clip
        kernel = (config.frames_per_clip, config.patch, config.patch)
        convolution = nn.Conv3d(3, config.width, kernel, stride=kernel, bias=False)
        self.cls_token = nn.Parameter(torch.randn(1, 1, config.width) * config.width**-0.5)
        self.rgbt_stem = _PatchStem(nn.Sequential(nn.Identity(), convolution))
        self.pos_embedding_helper = Positions(config.grid, config.width)

    def forward(self, clips: Tensor) -> Tensor:
        """A clip of one frame is repeated to as many frames as the kernel covers."""
        if clips.shape[2] == 1:
            clips = clips.expand(-1, -1, self.frames, -1, -1)
        if clips.shape[2] != self.frames:
            raise BugError(f"clip: expected {self.frames} frames, found {clips.shape[2]}")
        patches = self.rgbt_stem.proj(clips)  # [B, W, 1, rows, columns]
        return _with_positions(self, patches.flatten(2).transpose(1, 2), patches)


class AudioStem(nn.Module):
    """[B, 1, mel bins, frames] -> [B, 1 + P, W]."""

    def __init__(self, config: AudioConfig) -> None:
        super().__init__()
        convolution = nn.Conv2d(1, config.width, config.kernel, stride=config.stride, bias=False)
        self.cls_token = nn.Parameter(torch.randn(1, 1, config.width) * config.width**-0.5)
        self.rgbt_stem = _PatchStem(convolution, norm_width=config.width)
        self.pos_embedding_helper = Positions(config.grid, config.width)

    def forward(self, spectrograms: Tensor) -> Tensor:
        patches = self.rgbt_stem.proj(spectrograms)  # [B, W, rows, columns]
        tokens = self.rgbt_stem.norm_layer(patches.flatten(2).transpose(1, 2))
        return _with_positions(self, tokens, patches)


def _with_positions(stem: VisionStem | AudioStem, tokens: Tensor, patches: Tensor) -> Tensor:
    """CLS before the tokens, positions added: [B, P, W] -> [B, 1 + P, W].

    `patches` [..., rows, columns] is what the tokens were made of.
    """
    rows, columns = patches.shape[-2:]
    positions: Tensor = stem.pos_embedding_helper((rows, columns))
    return torch.cat([stem.cls_token.expand(tokens.shape[0], -1, -1), tokens], dim=1) + positions


class TextStem(nn.Module):
    """[B, L] token ids -> [B, L, W], with the causal mask that the trunk applies."""

    mask: Tensor

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        self.pos_embed = nn.Parameter(torch.randn(1, config.context, config.width) * 0.01)
        self.token_embedding = nn.Embedding(config.vocab, config.width)
        nn.init.normal_(self.token_embedding.weight, std=0.02)
        shape = (config.context, config.context)
        self.register_buffer("mask", torch.full(shape, float("-inf")).triu(1))

    def forward(self, ids: Tensor) -> Tensor:
        tokens: Tensor = self.token_embedding(ids) + self.pos_embed[:, : ids.shape[1]]
        return tokens


class _Mlp(nn.Module):
    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, hidden)
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, x: Tensor) -> Tensor:
        mixed: Tensor = self.fc2(functional.gelu(self.fc1(x)))
        return mixed


class _Block(nn.Module):
    def __init__(self, width: int, heads: int, hidden: int, *, bias_kv: bool) -> None:
        super().__init__()
        self.attn = nn.MultiheadAttention(width, heads, add_bias_kv=bias_kv, batch_first=True)
        self.norm_1 = nn.LayerNorm(width, eps=_EPS)
        self.mlp = _Mlp(width, hidden)
        self.norm_2 = nn.LayerNorm(width, eps=_EPS)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        y = self.norm_1(x)
        x = x + self.attn(y, y, y, need_weights=False, attn_mask=mask)[0]
        mixed: Tensor = x + self.mlp(self.norm_2(x))
        return mixed


class Trunk(nn.Module):
    """[B, L, W] -> [B, L, W]: pre-norm transformer blocks."""

    def __init__(
        self,
        width: int,
        depth: int,
        heads: int,
        mlp_ratio: int,
        *,
        norm_before: bool = False,
        bias_kv: bool = False,
    ) -> None:
        super().__init__()
        before = nn.LayerNorm(width, eps=_EPS) if norm_before else nn.Identity()
        self.pre_transformer_layer = nn.Sequential(before)
        self.blocks = nn.ModuleList(
            _Block(width, heads, mlp_ratio * width, bias_kv=bias_kv) for _ in range(depth)
        )

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        x = self.pre_transformer_layer(x)
        for block in self.blocks:
            x = block(x, mask)
        return x


class PatchHead(nn.Sequential):
    """[B, L, W] -> [B, L, E], for CLS and patches alike."""

    def __init__(self, width: int, embed_dim: int) -> None:
        super().__init__(
            nn.LayerNorm(width, eps=_EPS), nn.Identity(), nn.Linear(width, embed_dim, bias=False)
        )


class TextHead(nn.Module):
    """[B, L, W] -> [B, L, E]."""

    def __init__(self, width: int, embed_dim: int) -> None:
        super().__init__()
        self.proj = nn.Sequential(
            nn.LayerNorm(width, eps=_EPS), nn.Linear(width, embed_dim, bias=False)
        )

    def forward(self, x: Tensor) -> Tensor:
        projected: Tensor = self.proj(x)
        return projected


class LogitScale(nn.Module):
    """The learned temperature of contrastive binding, at most 100."""

    log_logit_scale: Tensor

    def __init__(self, start: float, *, learned: bool) -> None:
        super().__init__()
        value = torch.tensor(math.log(start))
        if learned:
            self.log_logit_scale = nn.Parameter(value)
        else:
            self.register_buffer("log_logit_scale", value)

    def forward(self) -> Tensor:
        return self.log_logit_scale.exp().clamp(max=100.0)
