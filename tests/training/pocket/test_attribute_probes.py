"""Linear probes learn the attributes that features hold."""

from __future__ import annotations

import numpy as np
import torch

from training.pocket.attribute_probes import AttributeProbes
from training.pocketworld.scene import SHOWN, random_scene


def test_probes_learn_what_the_features_hold() -> None:
    rng = np.random.default_rng(0)
    scenes = [random_scene(rng) for _ in range(32)]
    torch.manual_seed(0)
    features, probes = torch.randn(32, 64), AttributeProbes(64)
    before = probes.loss("image", features, scenes).item()
    optimizer = torch.optim.Adam(probes.parameters(), 0.05)
    for _ in range(60):
        optimizer.zero_grad()
        probes.loss("image", features, scenes).backward()
        optimizer.step()

    assert probes.loss("image", features, scenes).item() < 0.2 * before


def test_every_shown_attribute_has_a_probe_of_its_own() -> None:
    names = {f"{m}-{name}" for m, shown in SHOWN.items() for name in shown}

    assert set(AttributeProbes(8).readers) == names
