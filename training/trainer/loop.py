"""One resumable training loop for every stage.

A step's randomness depends on the seed, the step's number and the process's number alone, so a run
that was killed and resumed goes through the same batches as one that was not. Runs through
accelerate: on one device, or in several processes that each see batches of their own and share
their gradients, with a whole copy of the module each or, by FSDP, a part of it (`sharding`).
Checkpoints are the same in all these cases, and one case goes on from another's. Knows torch; knows
no stage.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator, DistributedType
from accelerate.utils import broadcast_object_list
from torch import Tensor, nn

from plugins.errors import KnownError
from training.trainer import devices, progress, sharding
from training.trainer.progress import LossLog, Parameters, Progress

Losses = Mapping[str, Tensor]
"""Named scalar losses; `loss` is the one that is minimised."""
LossOf = Callable[[int, np.random.Generator], Losses]
"""A function of a step's number and its random generator that returns the losses."""

REPORT_EVERY = 50
"""Steps between two lines of the log."""
KINDS = (
    DistributedType.NO, DistributedType.MULTI_CPU, DistributedType.MULTI_GPU, DistributedType.FSDP,
)  # fmt: skip
"""Kinds of runs that the loop supports."""


def cosine(step: int, steps: int, warmup: int) -> float:
    """Learning rate factor: linear warm-up, then a half cosine down to zero."""
    if step < warmup:
        return (step + 1) / warmup
    share = (step - warmup) / max(1, steps - warmup)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, share)))


def save_atomically(state: object, path: Path) -> None:
    """Save with `torch.save` into a temporary file, then rename it: never a half-written
    checkpoint."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(path.suffix + ".part")
    with partial.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def parameters_of(module: nn.Module) -> Parameters:
    """The number of parameters that want gradients, and the number of all parameters."""
    sizes = [(p.numel(), p.requires_grad) for p in module.parameters()]
    return Parameters(sum(n for n, wants in sizes if wants), sum(n for n, _ in sizes))


def train(
    name: str,
    module: nn.Module,
    loss_of: LossOf,
    *,
    folder: Path,
    steps: int,
    lr: float,
    seed: int,
    groups: Iterable[dict[str, object]] | None = None,
    weight_decay: float = 0.01,
    warmup: int = 40,
    clip: float = 1.0,
    memory: float = 0.98,
    average: float = 0.0,
    checkpoint_s: float = 60.0,
    checkpoint_steps: int = 0,
    after_backward: Callable[[], None] | None = None,
    parameters: Parameters | None = None,
) -> None:
    """Minimise `loss_of(step, rng)["loss"]` over the parameters of `module` that want gradients.

    The module computes on the device of `machine` and is back on the processor at the end, whole
    and with the parameters that it came with, in every process. Losses go to
    `folder/losses.jsonl`, the state to `folder/checkpoint.pt`: that is there to the end and beyond,
    so that a kill between training and saving costs nothing; `Stages` removes it when the stage is
    done, and until then a second call finds nothing left to do.

    Args:
        groups: parameter groups with learning rates of their own, as torch's optimisers take them.
        memory: decay of the optimiser's moving average of squared gradients (beta 2).
        average: decay of a moving average of the weights, which the module gets at the end; 0 for
            none. It rises to this value from (1 + step) / (10 + step).
        checkpoint_s: seconds between two checkpoints.
        checkpoint_steps: steps between two checkpoints, besides; 0 for seconds alone.
        after_backward: called between the gradients and the step. It finds whole gradients in the
            parameters, split or not; it should treat them alike in every process.
        parameters: what to announce when the module is not the whole of the model.

    Raises:
        KnownError: the checkpoint in `folder` is of another training, or accelerate's configuration
            asks for what the loop cannot do.
    """
    torch.manual_seed(seed)
    trainer = _Trainer(
        name, module, loss_of, folder, steps, seed, average, parameters or parameters_of(module)
    )
    trainer.optimise(list(groups) if groups else trainer.trained, lr, weight_decay, memory)
    rates = _Rates(trainer.optimiser, steps, max(1, min(warmup, steps // 4)))
    trainer.resume()
    saved = time.monotonic()
    module.train()
    for step in range(trainer.step, steps):
        rates.set(step)
        trainer.learn(clip, after_backward)
        due = checkpoint_steps > 0 and trainer.step % checkpoint_steps == 0
        if trainer.agreed(due or time.monotonic() - saved > checkpoint_s or trainer.step == steps):
            trainer.save()
            saved = time.monotonic()
    trainer.finish()


class _Objective(nn.Module):
    """The loss as a module that holds the trained one: what accelerate wraps, so that losses may
    use any part of the module and gradients are still shared."""

    def __init__(self, module: nn.Module, loss_of: LossOf) -> None:
        super().__init__()
        self.module = module
        self.loss_of = loss_of

    def forward(self, step: int, rng: np.random.Generator) -> dict[str, Tensor]:
        return dict(self.loss_of(step, rng))


class _Rates:
    """Learning rates of a step."""

    def __init__(self, optimiser: torch.optim.Optimizer, steps: int, warmup: int) -> None:
        self.optimiser, self.steps, self.warmup = optimiser, steps, warmup
        self.base = [float(group["lr"]) for group in optimiser.param_groups]

    def set(self, step: int) -> None:
        factor = cosine(step, self.steps, self.warmup)
        for group, rate in zip(self.optimiser.param_groups, self.base, strict=True):
            group["lr"] = rate * factor


class _Trainer:
    """The state of a training that a checkpoint holds, and one step of it."""

    optimiser: Any

    def __init__(
        self, name: str, module: nn.Module, loss_of: LossOf, folder: Path, steps: int, seed: int,
        average: float, parameters: Parameters,
    ) -> None:  # fmt: skip
        self.accelerator = _accelerator()
        self.name, self.module, self.folder = name, module, folder
        self.steps, self.seed, self.parameters = steps, seed, parameters
        self.objective: nn.Module = _Objective(module, loss_of)
        self.trained = [p for p in module.parameters() if p.requires_grad]
        self.shards: sharding.Shards | None = None
        self.decay = average
        self.step, self.begun_at, self.earlier_s = 0, 0, 0.0
        self.window: dict[str, list[Tensor | float]] = {}
        self.log = LossLog(folder / "losses.jsonl")
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def main(self) -> bool:
        """True if this process writes and prints."""
        return bool(self.accelerator.is_main_process)

    @property
    def seconds(self) -> float:
        """Spent on the steps so far, in all sessions."""
        return self.earlier_s + time.monotonic() - self.started

    def optimise(self, groups: list[Any], lr: float, weight_decay: float, memory: float) -> None:
        """Put the module on its device, split if the configuration says so, with an optimiser."""
        split = sharding.settings(self.accelerator)
        if split is not None:
            self.shards = sharding.Shards(self.objective, self.accelerator, split)
            groups, self.trained = self.shards.groups(groups), self.shards.groups(self.trained)
        made = torch.optim.AdamW(
            groups, lr=lr, weight_decay=weight_decay, betas=(0.9, memory), fused=True
        )
        if self.shards is None:
            self.objective, self.optimiser = self.accelerator.prepare(self.objective, made)
        else:
            self.optimiser = self.accelerator.prepare_optimizer(made)
        self.averaged = _average(self.trained, self.decay) if self.decay else None
        self.started = time.monotonic()

    def learn(self, clip: float, after_backward: Callable[[], None] | None) -> None:
        """One step."""
        index = int(self.accelerator.process_index)
        torch.manual_seed(self.seed * 1_000_003 + self.step + (index << 40))
        rng = np.random.default_rng([self.seed, self.step, *([index] if index else [])])
        losses = self._losses(rng)
        self.optimiser.zero_grad(set_to_none=True)
        self.accelerator.backward(losses["loss"])
        if self.shards is not None:
            self.shards.end_backward(after_backward)
        elif after_backward is not None:
            after_backward()
        self.accelerator.clip_grad_norm_(self.trained, clip)
        self.optimiser.step()
        if self.averaged is not None:
            self.averaged.step(self.trained)
        for key, value in losses.items():
            self.window.setdefault(key, []).append(value.detach())
        self.step += 1
        if self.step % REPORT_EVERY == 0 or self.step == self.steps:
            self._report()

    def _losses(self, rng: np.random.Generator) -> dict[str, Tensor]:
        if self.shards is None:
            return self.objective(self.step, rng)
        self.shards.begin_step()
        # `prepare` gives a whole copy its mixed precision; a split one computes under it here.
        with self.accelerator.autocast():
            return self.objective(self.step, rng)

    def agreed(self, due: bool) -> bool:
        """The main process's value, in every process."""
        if self.accelerator.num_processes == 1:
            return due
        return bool(broadcast_object_list([due])[0])

    def save(self) -> None:
        """Write a checkpoint, and how far the training is."""
        state = self._state() if self.main or self.shards is not None else {}
        if self.shards is not None:
            state = self.shards.collected(state)
        if self.main:
            save_atomically(state, self.folder / "checkpoint.pt")
            where = devices.describe(self.accelerator.device)
            found = Progress(self.step, self.steps, self.seconds, self.parameters, where)
            progress.write(found, self.folder / "progress.json")
        self.accelerator.wait_for_everyone()

    def resume(self) -> None:
        """Take up the last checkpoint if there is one, and say what will learn."""
        path = self.folder / "checkpoint.pt"
        state: dict[str, Any] = {}
        if self.main and path.is_file():
            state = torch.load(path, weights_only=True, map_location="cpu")
        if self.accelerator.num_processes > 1:
            state = broadcast_object_list([state])[0]
        if state:
            self._take_up(state, path)
        self.begun_at = self.step
        if self.main:
            self.log.keep_until(self.step)
            place = f", from step {self.step}" if self.step else ""
            print(f"{self.name}: training {self.parameters}{place}", flush=True)

    def finish(self) -> None:
        """Leave the module ready for use."""
        if self.averaged is not None:
            self.averaged.copy_to(self.trained)
        if self.shards is not None:
            self.shards.join()
        self.module.eval()
        self.module.to("cpu")

    def _state(self) -> dict[str, object]:
        state = {
            "step": self.step,
            "seed": self.seed,
            "seconds": self.seconds,
            "window": {key: _numbers(values) for key, values in self.window.items()},
            "module": _moving(self.module),
            "optimiser": self.optimiser.state_dict(),
        }
        return state | ({"average": self.averaged.state_dict()} if self.averaged else {})

    def _take_up(self, state: dict[str, Any], path: Path) -> None:
        wanted, found = _moving(self.module), state["module"]
        fits = all(n in found and found[n].shape == t.shape for n, t in wanted.items())
        # What older checkpoints hold besides is frozen and the same.
        if not fits or state.get("seed", self.seed) != self.seed or state["step"] > self.steps:
            raise KnownError(
                f"{path} is of another training: expected seed {self.seed}, at most "
                f"{self.steps} steps and {len(wanted)} tensors, found seed "
                f"{state.get('seed', 'unknown')}, step {state['step']} and {len(found)} tensors. "
                f"Delete {path.parent} to begin this stage again."
            )
        taken = {name: sharding.cut(found[name], like) for name, like in wanted.items()}
        self.module.load_state_dict(taken, strict=False)
        self.optimiser.load_state_dict(sharding.cut_moments(state["optimiser"], self.optimiser))
        if self.averaged is not None and "average" in state:
            kept = zip(state["average"]["shadow_params"], self.trained, strict=True)
            parts = [sharding.cut(whole, like) for whole, like in kept]
            self.averaged.load_state_dict({**state["average"], "shadow_params": parts})
            self.averaged.to(self.accelerator.device)
        self.step, self.earlier_s = int(state["step"]), float(state.get("seconds", 0.0))
        self.window = {key: list(values) for key, values in state.get("window", {}).items()}

    def _report(self) -> None:
        means = {key: float(np.mean(_numbers(values))) for key, values in self.window.items()}
        self.window = {}
        if not self.main:
            return
        per_step = (time.monotonic() - self.started) / (self.step - self.begun_at)
        left = per_step * (self.steps - self.step)
        shown = " ".join(f"{key} {value:.4f}" for key, value in means.items())
        print(
            f"{self.name}: step {self.step}/{self.steps}  {shown}  "
            f"{per_step:.2f} s/step, {left / 60:.1f} min left",
            flush=True,
        )
        self.log.add(self.step, means)


def _accelerator() -> Accelerator:
    """The machine's accelerator.

    Raises:
        KnownError: it was told to split the module over processes in another way than by FSDP.
    """
    found = devices.accelerator()
    if found.distributed_type not in KINDS:
        raise KnownError(
            f"training runs on one device, or by a plain multi-GPU, multi-CPU or FSDP "
            f"configuration of accelerate, found {found.distributed_type.value}."
        )
    return found


def _average(parameters: list[nn.Parameter], decay: float) -> Any:
    # diffusers takes seconds to import; most trainings need no average.
    from diffusers.training_utils import EMAModel

    return EMAModel(parameters, decay=decay)


def _moving(module: nn.Module) -> dict[str, Tensor]:
    """The tensors that a training changes: parameters that want gradients, and buffers."""
    named = module.named_parameters(remove_duplicate=False)
    still = {name for name, p in named if not p.requires_grad}
    return {name: t for name, t in module.state_dict().items() if name not in still}


def _numbers(values: Iterable[Tensor | float]) -> list[float]:
    return [float(value) for value in values]
