"""Linear probes of a scene's attributes, trained together with a component.

They tell whether what a part makes of a medium still holds what the medium shows, and their
gradient keeps it there. They are thrown away afterwards. Knows scenes and tensors; knows no part.

Legend: B media of one modality, W width of what is read.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.pocketworld.scene import ATTRIBUTES, SHOWN, Scene


class AttributeProbes(nn.Module):
    """One linear reader for every attribute that a modality shows."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.readers = nn.ModuleDict(
            {
                f"{modality}-{name}": nn.Linear(width, len(ATTRIBUTES[name]))
                for modality, shown in SHOWN.items()
                for name in shown
            }
        )

    def loss(self, modality: str, features: Tensor, scenes: Sequence[Scene]) -> Tensor:
        """Mean cross-entropy of every shown attribute, read from [B, W]."""
        losses = []
        for name in SHOWN[modality]:
            known = [ATTRIBUTES[name].index(getattr(scene, name)) for scene in scenes]
            wanted = torch.tensor(known, device=features.device)
            read = self.readers[f"{modality}-{name}"](features)
            losses.append(functional.cross_entropy(read, wanted))
        return torch.stack(losses).mean()
