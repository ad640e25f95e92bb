"""Ways to spoil a file of tensors; each says the name of the tensor that is wrong then."""

from __future__ import annotations

import torch
from torch import Tensor

Tensors = dict[str, Tensor]


def missing(tensors: Tensors) -> str:
    name = sorted(tensors)[0]
    del tensors[name]
    return name


def left_over(tensors: Tensors) -> str:
    tensors["left.over"] = torch.zeros(2)
    return "left.over"


def reshaped(tensors: Tensors) -> str:
    name = sorted(tensors)[0]
    tensors[name] = torch.zeros(*tensors[name].shape, 3)
    return name
