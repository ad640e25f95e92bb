"""EfficientNet-lite2 in plain torch, and the strict loading of its published weights.

Knows tensors only. Tan and Le 2019; the "lite" kind has neither squeeze-and-excitation nor swish,
and its first and last layers are not widened.

Legend: B pictures, C channels, S pixels of a side (260).
"""

from __future__ import annotations

import math
from pathlib import Path

import torch  # noqa: TID253
from torch import nn  # noqa: TID253

from plugins.errors import KnownError

SIDE = 260
CLASSES = 1000
_STAGES = (
    # repeats, kernel, stride, expansion, channels
    (1, 3, 1, 1, 16),
    (3, 3, 2, 6, 24),
    (3, 5, 2, 6, 48),
    (4, 3, 2, 6, 88),
    (4, 5, 1, 6, 120),
    (5, 5, 2, 6, 208),
    (1, 3, 1, 6, 352),
)
_STEM, _HEAD = 32, 1280


class _Convolution(nn.Conv2d):
    """Padded as TensorFlow does it, more at the end than at the beginning."""

    def __init__(
        self, size_in: int, channels: int, out: int, kernel: int, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__(channels, out, kernel, stride, groups=groups, bias=False)
        needed = max((math.ceil(size_in / stride) - 1) * stride + kernel - size_in, 0)
        before, after = needed // 2, needed - needed // 2
        self._sides = (before, after, before, after)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(nn.functional.pad(x, self._sides))


class _Block(nn.Module):
    """Widen, look around each channel by itself, narrow; added to its input where sizes agree."""

    def __init__(
        self, size: int, channels: int, out: int, kernel: int, stride: int, expansion: int
    ) -> None:
        super().__init__()
        wide = channels * expansion
        self._expands = expansion > 1
        if self._expands:
            self._expand_conv = _Convolution(size, channels, wide, 1)
            self._bn0 = _norm(wide)
        self._depthwise_conv = _Convolution(size, wide, wide, kernel, stride, groups=wide)
        self._bn1 = _norm(wide)
        self._project_conv = _Convolution(math.ceil(size / stride), wide, out, 1)
        self._bn2 = _norm(out)
        self._adds = stride == 1 and channels == out

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x
        if self._expands:
            y = nn.functional.relu6(self._bn0(self._expand_conv(y)))
        y = nn.functional.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        out: torch.Tensor = y + x if self._adds else y
        return out


class EfficientNetLite2(nn.Module):
    """[B, 3, S, S] normalised pixels -> [B, CLASSES] logits. Parameters are named as published."""

    def __init__(self) -> None:
        super().__init__()
        self._conv_stem = _Convolution(SIDE, 3, _STEM, 3, 2)
        self._bn0 = _norm(_STEM)
        size, channels = math.ceil(SIDE / 2), _STEM
        self._blocks = nn.ModuleList()
        for repeats, kernel, first_stride, expansion, out in _STAGES:
            for number in range(repeats):
                stride = first_stride if number == 0 else 1
                self._blocks.append(_Block(size, channels, out, kernel, stride, expansion))
                size, channels = math.ceil(size / stride), out
        self._conv_head = _Convolution(size, channels, _HEAD, 1)
        self._bn1 = _norm(_HEAD)
        self._fc = nn.Linear(_HEAD, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """[B, 3, S, S] -> [B, CLASSES]."""
        x = nn.functional.relu6(self._bn0(self._conv_stem(x)))
        for block in self._blocks:
            x = block(x)
        x = nn.functional.relu6(self._bn1(self._conv_head(x)))
        logits: torch.Tensor = self._fc(x.mean(dim=(2, 3)))
        return logits


def load(path: Path) -> EfficientNetLite2:
    """The network with the weights of a published file. Nothing but tensors is unpickled.

    Raises:
        KnownError: no such file, or a tensor is missing, left over or of another shape.
    """
    try:
        weights = torch.load(path, map_location="cpu", weights_only=True)
        network = EfficientNetLite2()
        network.load_state_dict(weights, strict=True)
    except Exception as error:  # a broken file makes the unpickler raise anything
        said = " ".join(str(error).split())[:300]
        raise KnownError(
            "labels: expected the weights of EfficientNet-lite2 in {path}, found "
            "{error_type}: {said}; fetch the model again with `medley models get "
            "efficientnet-lite2`.",
            path=path,
            error_type=type(error).__name__,
            said=said,
        ) from error
    return network.eval().requires_grad_(False)


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3)
