"""What lies on a graphics card in each phase of an answer, for NExT-GPT's 7B at its true shapes.

Nothing is downloaded and no number is computed. A bundle of true shapes is opened as the engine
opens one (`runtime.needs.fit`): so many layers of the language model, so many bytes for the rest.
Its networks then run on torch's meta device, where every tensor has its size and no contents, and
the most that is alive at once is counted. At last an answer in every modality leases its parts from
a `DeviceMemory` of the card's budget.

    python -m benchmarks.memory.plan [--card GIB] [--taken GIB] [--llama cpu]
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.multiprocessing.reductions import StorageWeakRef
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from benchmarks.memory import shapes
from runtime.memory import DeviceMemory
from runtime.needs.bundle import BundleNeeds, PartNeeds
from runtime.needs.fit import Fit, table
from runtime.needs.places import Places, default_budget

GIB, MIB = 2**30, 2**20
KERNELS = 256 * MIB
"""Bytes for what cuDNN and cuBLAS work with beside the tensors."""


@dataclass(frozen=True)
class Phase:
    """A step of an answer and what it needs on the card. In bytes."""

    name: str
    resident: dict[str, int]
    """Weights by part, the language model among them."""
    working: int
    """What is alive beside weights, as the networks themselves make it."""
    counted: int
    """What `runtime.needs` reserves for that."""

    @property
    def total(self) -> int:
        """All of it, and what the kernels take."""
        return sum(self.resident.values()) + self.working + (KERNELS if self.working else 0)


class Alive(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the bytes of tensors that are alive beside weights."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        weights = [*network.parameters(), *network.buffers()]
        self._weights = {tensor.untyped_storage()._cdata for tensor in weights}
        self._known: dict[int, tuple[StorageWeakRef, int]] = {}
        self.peak = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        made = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(made):
            if isinstance(tensor, Tensor):
                storage = tensor.untyped_storage()
                if storage._cdata not in self._weights:
                    self._known[storage._cdata] = (
                        StorageWeakRef(storage),  # type: ignore[no-untyped-call]
                        storage.nbytes(),
                    )
        gone = [key for key, (storage, _) in self._known.items() if _is_gone(storage)]
        for key in gone:
            del self._known[key]
        self.peak = max(self.peak, sum(size for _, size in self._known.values()))
        return made


def alive(network: nn.Module, run: Callable[[], object]) -> int:
    """The most bytes that are alive beside a network's weights while it runs on the meta device."""
    with torch.no_grad(), Alive(network) as counted:
        run()
    peak: int = counted.peak
    return peak


def _is_gone(storage: StorageWeakRef) -> bool:
    gone: bool = storage.expired()  # type: ignore[no-untyped-call]
    return gone


def _attention(query: Tensor, key: Tensor, value: Tensor, *_: object, **__: object) -> Tensor:
    """Attention as a card's fused kernels have it: no scores are kept."""
    return query.new_empty(*query.shape[:-1], value.shape[-1])


def measured() -> dict[str, int]:
    """Bytes that work takes, by phase: each network runs once with its true inputs."""
    before = functional.scaled_dot_product_attention
    functional.scaled_dot_product_attention = _attention
    try:
        with shapes.half_on_meta():
            return dict(_measured())
    finally:
        functional.scaled_dot_product_attention = before


def _measured() -> Iterator[tuple[str, int]]:
    encoder, vision, audio = shapes.encoder(), shapes.ENCODER.vision, shapes.ENCODER.audio
    assert vision is not None and audio is not None
    side, clips = vision.image_size, vision.clips * vision.crops
    media = {
        "image": torch.empty(1, 3, side, side),
        "video": torch.empty(1, clips, 3, vision.frames_per_clip, side, side),
        "audio": torch.empty(1, audio.clips, 1, audio.mel_bins, audio.target_frames),
    }
    yield "encode", max(alive(encoder, partial(encoder.encode, *one)) for one in media.items())
    step, guided = torch.empty((), dtype=torch.int64), 2
    picture, sound, clip = (shapes.networks(modality) for modality in shapes.CONDITIONS)
    inputs = (
        ("image", picture, (guided, 4, 64, 64), (1, 4, 64, 64), {"states": (guided, 77, 768)}),
        ("audio", sound, (guided, 8, 225, 16), (1, 8, 225, 16), {"labels": (guided, 512)}),
        ("video", clip, (guided, 4, 24, 40, 72), (1, 4, 40, 72), {"states": (guided, 77, 1024)}),
    )
    for name, found, latents, decoded, condition in inputs:
        states = torch.empty(condition["states"]) if "states" in condition else None
        more = {"class_labels": torch.empty(condition["labels"])} if "labels" in condition else {}
        unet, vae = found["unet"], found["vae"]
        noisy, one = torch.empty(latents), torch.empty(decoded)
        took = [
            alive(unet, partial(unet, noisy, step, states, **more)),
            alive(vae, partial(_decoded, vae, one)),
        ]
        if "vocoder" in found:
            took.append(alive(found["vocoder"], partial(found["vocoder"], torch.empty(1, 900, 64))))
        yield f"make {name}", max(took)


def _decoded(vae: nn.Module, latents: Tensor) -> object:
    decode: Any = vae.decode
    return decode(latents)


def phases(needs: BundleNeeds, working: dict[str, int]) -> Iterator[Phase]:
    """The steps of an answer, in order."""
    model = needs.part("language model")
    assert model is not None
    steps = {
        "read and answer": [model],
        "encode": [model, *_parts(needs, "encoder", "input projection")],
        **{
            f"make {modality}": [model, *_parts(needs, "output projection", "decoder", of=modality)]
            for modality in shapes.CONDITIONS
        },
    }
    for name, parts in steps.items():
        resident = {part.name: part.vram for part in parts if part.vram}
        counted = max(part.working for part in parts)
        yield Phase(name, resident, working.get(name, 0), counted)


def _parts(needs: BundleNeeds, *kinds: str, of: str = "") -> list[PartNeeds]:
    return [part for part in needs.parts if part.kind in kinds and part.modality in ("", of)]


def leased(needs: BundleNeeds, fit: Fit, budget: int, working: dict[str, int]) -> int:
    """The most that a `DeviceMemory` gives out while every phase leases its parts from it, twice
    over, with what its work really takes.

    Raises:
        MemoryBudgetError: a phase does not fit.
    """
    memory = DeviceMemory(budget)
    memory.pin("language model", object, fit.pooled)
    for phase in [*phases(needs, working)] * 2:
        with ExitStack() as held:
            for name, size in phase.resident.items():
                if name != "language model":
                    busy = phase.working if name.startswith(("encoder", "decoder")) else 0
                    held.enter_context(memory.lease(name, object, size, busy))
    return memory.peak


def plan(folder: Path, card: float, taken: float, *, llama: bool) -> tuple[list[str], bool]:
    """The table, line by line, and whether everything stays within the card.

    Args:
        folder: an empty one for the bundle of shapes.
        card: GiB of the card.
        taken: GiB that other programs have of it.
        llama: whether llama.cpp was built for it.
    """
    bundle = shapes.write(folder)
    budget = default_budget(int((card - taken) * GIB), "cuda:0")
    fit, needs = table(bundle, Places(budget, "cuda:0", "CUDA0" if llama else ""))
    if fit is None:
        return ["not even the smallest context fits"], False
    working, model = measured(), needs.part("language model")
    assert model is not None
    lines = [
        f"a card of {card:g} GiB, {taken:g} GiB of it taken; budget {_gib(budget)} GiB",
        f"language model: {_layers(fit)}, keys and values {fit.cache}, context {fit.n_ctx}; "
        f"{_gib(model.ram)} GiB in the machine's memory",
        _row("phase", "language model", "networks", "working", "counted", "GiB"),
    ]
    fits = True
    for phase in phases(needs, working):
        there = phase.resident.get("language model", 0)
        others = sum(phase.resident.values()) - there
        fits = fits and phase.total + taken * GIB <= card * GIB
        columns = (there, others, phase.working, phase.counted, phase.total)
        lines.append(_row(phase.name, *map(_gib, columns)))
    peak = leased(needs, fit, budget, working)
    fits = fits and peak <= budget
    lines.append(
        f"leased at most {_gib(peak)} of {_gib(budget)} GiB; everything at once would be "
        f"{_gib(needs.at_once.vram)}: {'fits' if fits else 'DOES NOT FIT'}"
    )
    return lines, fits


def main() -> None:
    """Print the plan.

    Raises:
        SystemExit: with 1 where a phase does not fit.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--card", type=float, default=8.0, metavar="GIB")
    parser.add_argument("--taken", type=float, default=0.4, metavar="GIB", help="by the desktop")
    parser.add_argument("--llama", choices=["card", "cpu"], default="card")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        lines, fits = plan(Path(name), args.card, args.taken, llama=args.llama == "card")
    print("\n".join(lines))
    if not fits:
        raise SystemExit(1)


def _layers(fit: Fit) -> str:
    count = fit.gpu_layers
    return "all layers on the card" if count < 0 else f"{count} layers on the card"


def _row(phase: str, *columns: str) -> str:
    return f"{phase:18}{columns[0]:>16}" + "".join(f"{column:>10}" for column in columns[1:])


def _gib(size: int) -> str:
    return f"{size / GIB:.2f}"


if __name__ == "__main__":
    main()
