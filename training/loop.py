"""One resumable training loop for every stage.

A step's randomness depends on the seed and the step's number alone, so a run that was killed and
resumed goes through the same batches as one that was not. Knows torch; knows no stage.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

Losses = Mapping[str, Tensor]
"""Named scalar losses; `loss` is the one that is minimised."""


def cosine(step: int, steps: int, warmup: int) -> float:
    """Learning rate factor: linear warm-up, then a half cosine down to zero."""
    if step < warmup:
        return (step + 1) / warmup
    share = (step - warmup) / max(1, steps - warmup)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, share)))


def save_atomically(state: object, path: Path) -> None:
    """`torch.save` into a temporary file beside, then rename: never a half-written checkpoint."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(path.suffix + ".part")
    with partial.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def train(
    name: str,
    module: nn.Module,
    loss_of: Callable[[int, np.random.Generator], Losses],
    *,
    folder: Path,
    steps: int,
    lr: float,
    seed: int,
    groups: Iterable[dict[str, object]] | None = None,
    weight_decay: float = 0.01,
    warmup: int = 40,
    clip: float = 1.0,
    checkpoint_s: float = 60.0,
    after_backward: Callable[[], None] | None = None,
) -> None:
    """Minimise `loss_of(step, rng)["loss"]` over the parameters of `module` that want gradients.

    Checkpoints go to `folder/checkpoint.pt` (deleted at the end), losses to `folder/losses.jsonl`.
    """
    torch.manual_seed(seed)
    parameters = [p for p in module.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        list(groups) if groups else parameters, lr=lr, weight_decay=weight_decay, betas=(0.9, 0.98)
    )
    base = [float(group["lr"]) for group in optimiser.param_groups]
    checkpoint, log = folder / "checkpoint.pt", folder / "losses.jsonl"
    folder.mkdir(parents=True, exist_ok=True)
    first = _resume(checkpoint, module, optimiser)
    warmup = max(1, min(warmup, steps // 4))
    started = saved = time.monotonic()
    window: dict[str, list[float]] = {}
    module.train()
    for step in range(first, steps):
        factor = cosine(step, steps, warmup)
        for group, rate in zip(optimiser.param_groups, base, strict=True):
            group["lr"] = rate * factor
        torch.manual_seed(seed * 1_000_003 + step)
        losses = loss_of(step, np.random.default_rng([seed, step]))
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(losses["loss"])
        if after_backward is not None:
            after_backward()
        torch.nn.utils.clip_grad_norm_(parameters, clip)
        optimiser.step()
        for key, value in losses.items():
            window.setdefault(key, []).append(float(value.detach()))
        if (step + 1) % 50 == 0 or step + 1 == steps:
            _report(name, step, steps, window, started, first, log)
            window = {}
        if time.monotonic() - saved > checkpoint_s:
            state = {"step": step + 1, "optimiser": optimiser.state_dict()}
            save_atomically({**state, "module": module.state_dict()}, checkpoint)
            saved = time.monotonic()
    module.eval()
    checkpoint.unlink(missing_ok=True)


def _resume(checkpoint: Path, module: nn.Module, optimiser: torch.optim.Optimizer) -> int:
    if not checkpoint.is_file():
        return 0
    state = torch.load(checkpoint, weights_only=True)
    module.load_state_dict(state["module"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["step"])


def _report(
    name: str,
    step: int,
    steps: int,
    window: dict[str, list[float]],
    started: float,
    first: int,
    log: Path,
) -> None:
    means = {key: sum(values) / len(values) for key, values in window.items()}
    per_step = (time.monotonic() - started) / (step + 1 - first)
    left = per_step * (steps - step - 1)
    shown = " ".join(f"{key} {value:.4f}" for key, value in means.items())
    print(
        f"{name}: step {step + 1}/{steps}  {shown}  "
        f"{per_step:.2f} s/step, {left / 60:.1f} min left",
        flush=True,
    )
    with log.open("a") as file:
        file.write(json.dumps({"step": step + 1, **means}) + "\n")
