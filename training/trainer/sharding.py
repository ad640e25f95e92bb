"""Training with parameters split over processes: torch's FSDP2, as accelerate's own configuration
selects it (`fsdp_version: 2`).

The loss as a whole is one unit: its parameters are gathered before the loss and given back after
the gradients, whatever part of the module a batch uses, and processes whose batches use different
parts still meet in the same exchanges. Layers may be units besides (`TRANSFORMER_BASED_WRAP`),
which is what saves memory: a layer is gathered for its own call alone. Taken are the classes of
layers that the configuration names or, without names, that a model has as its `_no_split_modules`.
They have to be called as modules, and alike in every process: a layer whose weights are used from
outside raises, and one that only some batches call would leave processes waiting for each other.
Wrapping by size would take such layers and is refused.

Tied weights and frozen ones are split like others. Parameters without axes cannot be split: every
process keeps them whole. Buffers are the main process's, as they are with whole copies.

Knows torch and accelerate; knows no losses, no stage and no file.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from accelerate import Accelerator, DistributedType
from accelerate.utils import FullyShardedDataParallelPlugin
from torch import Tensor, distributed, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import CPUOffloadPolicy, fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor
from torch.nn.parameter import Parameter

from plugins.errors import KnownError
from training.trainer import devices

HOOKS = (
    "_forward_pre_hooks", "_forward_pre_hooks_with_kwargs",
    "_forward_hooks", "_forward_hooks_with_kwargs", "_forward_hooks_always_called",
    "_state_dict_pre_hooks", "_load_state_dict_pre_hooks",
)  # fmt: skip
"""Attributes of a module to which FSDP2 adds hooks."""


@dataclass(frozen=True)
class Settings:
    """The settings taken from accelerate's configuration."""

    layers: tuple[str, ...] | None = ()
    """Classes of layers that are units of their own; None for those that models name."""
    reshard_after_forward: bool = True
    """True if a layer is gathered once more for its gradients."""


def settings(accelerator: Accelerator) -> Settings | None:
    """The settings of the configuration; None if every process holds the complete module.

    Raises:
        KnownError: it asks for something that is not supported.
    """
    if not devices.splits() or accelerator.distributed_type == DistributedType.NO:
        return None
    plugin = FullyShardedDataParallelPlugin()
    wraps, precision = plugin.auto_wrap_policy, accelerator.mixed_precision
    by_size = getattr(wraps, "__name__", "") == "size_based_auto_wrap_policy"
    refused = {
        "fsdp_auto_wrap_policy SIZE_BASED_WRAP": by_size,
        "fsdp_offload_params": isinstance(plugin.cpu_offload, CPUOffloadPolicy),
        "fsdp_activation_checkpointing": plugin.activation_checkpointing,
        "fsdp_ignored_modules": plugin.ignored_modules is not None,
        f"mixed_precision {precision}": precision in ("fp16", "fp8"),
        "a parallelism_config": accelerator.parallelism_config is not None,
    }
    found = [name for name, asked in refused.items() if asked]
    if found:
        raise KnownError(
            f"training with a split model does not support {' and '.join(found)}; take it out of "
            "accelerate's configuration."
        )
    names = plugin.transformer_cls_names_to_wrap
    layers = () if wraps is None else tuple(names) if names else None
    return Settings(layers, bool(plugin.reshard_after_forward))


class Shards:
    """The parameters of a module, split over the processes until `join`."""

    def __init__(self, root: nn.Module, accelerator: Accelerator, wanted: Settings) -> None:
        """Split them, in place; what process 0 holds counts for all.

        Raises:
            KnownError: a layer that would be a unit shares weights with the rest.
        """
        self.root, self.accelerator = root, accelerator
        self.device = torch.device(accelerator.device)
        self.places = _places(root)
        for tensor in (*self.places, *root.buffers()):
            self._take_main(tensor)
        self.traces = [_Trace(module) for module in root.modules()]
        units = [*_layers(root, wanted.layers, self.places), root]
        self._split(units, wanted.reshard_after_forward)
        for trace in self.traces:
            trace.note()
        self.parts = {p: _at(places[0]) for p, places in self.places.items()}
        self.learning = [p for p in self.places if p.requires_grad]
        self.used: set[Parameter] = set()
        self.watched: set[Parameter] = set()
        for unit in units:
            unit.register_forward_pre_hook(lambda *_: self._watch())

    def _split(self, units: Iterable[nn.Module], reshard: bool) -> None:
        mesh = init_device_mesh(self.device.type, (int(self.accelerator.num_processes),))
        alone = {p for p in self.places if p.ndim == 0}
        for parameter in alone:
            parameter.data = parameter.data.to(self.device)
        for unit in units:
            whole = [p for p in _places(unit) if p in self.places and p not in alone]
            for parameter in whole:
                parameter.data = parameter.data.contiguous()
            again = None if unit is self.root else reshard
            fully_shard(unit, mesh=mesh, reshard_after_forward=again, ignored_params=alone)
            for parameter in whole:
                # Keeps the shape, for gradients; its values are in the parts.
                nothing = torch.full((), math.nan, dtype=parameter.dtype, device=self.device)
                parameter.data = nothing.expand(parameter.shape)
        split: Any = self.root
        split.set_reduce_scatter_unused_params(True)

    def groups(self, groups: Iterable[Any]) -> list[Any]:
        """Parameter groups, or parameters, with the parts in the parameters' place."""
        return [
            {**group, "params": [self.parts[p] for p in group["params"]]}
            if isinstance(group, dict)
            else self.parts[group]
            for group in groups
        ]

    def begin_step(self) -> None:
        """Before the loss: forget what was used, and take the main process's buffers."""
        self.used.clear()
        for buffer in self.root.buffers():
            self._take_main(buffer)

    def end_backward(self, act: Callable[[], None] | None) -> None:
        """After the gradients: what no process has used has none, what some have used has one.
        Then `act`, which finds gradients as if nothing was split."""
        marks = torch.tensor([p in self.used for p in self.learning], device=self.device).int()
        distributed.all_reduce(marks, distributed.ReduceOp.MAX)
        for parameter, mark in zip(self.learning, marks.tolist(), strict=True):
            part = self.parts[parameter]
            if not mark:
                part.grad = None
            elif part is parameter:
                grad = torch.zeros_like(part) if part.grad is None else part.grad
                distributed.all_reduce(grad)
                part.grad = grad / int(self.accelerator.num_processes)
        if act is not None:
            self._with_whole_gradients(act)

    def _with_whole_gradients(self, act: Callable[[], None]) -> None:
        """Run `act` on complete gradients, then take over its changes, each process its own
        part."""
        split = [p for p in self.learning if self.parts[p] is not p]
        for parameter in split:
            grad = self.parts[parameter].grad
            parameter.grad = None if grad is None else _whole(grad)
        self._put(lambda parameter: parameter)
        act()
        self._put(self.parts.__getitem__)
        for parameter in split:
            part, grad = self.parts[parameter], parameter.grad
            part.grad = None if grad is None else cut(grad, part)
            parameter.grad = None

    def collected(self, state: Any) -> Any:
        """A nested state with whole tensors on the processor in the place of parts; in the main
        process alone, the others take part and get None for each."""
        if isinstance(state, Mapping):
            return {key: self.collected(value) for key, value in state.items()}
        if isinstance(state, list | tuple):
            return type(state)(self.collected(value) for value in state)
        if isinstance(state, DTensor):
            whole = _whole(state.detach())
            return whole.cpu() if self.accelerator.is_main_process else None
        return state

    def join(self) -> None:
        """Give the module back its own parameters, whole and on the processor, in every process."""
        with torch.no_grad():
            for parameter, part in self.parts.items():
                parameter.data = _whole(part.detach()).cpu()
                parameter.grad = None
        self._put(lambda parameter: parameter)
        for buffer in self.root.buffers():
            self._take_main(buffer)
        for trace in self.traces:
            trace.undo()

    def _put(self, choose: Callable[[Parameter], Parameter]) -> None:
        for parameter, places in self.places.items():
            for module, name in places:
                module._parameters[name] = choose(parameter)

    def _take_main(self, tensor: Tensor) -> None:
        shared = tensor.detach().to(self.device).contiguous()
        distributed.broadcast(shared, 0)
        tensor.data.copy_(shared)

    def _watch(self) -> None:
        """Note from now on which of the gathered parameters get gradients."""
        if len(self.watched) == len(self.learning):
            return
        for parameter in self.learning:
            here = _at(self.places[parameter][0])
            if parameter not in self.watched and not isinstance(here, DTensor):
                note: Any = here.register_post_accumulate_grad_hook
                note(lambda _, parameter=parameter: self.used.add(parameter))
                self.watched.add(parameter)


class _Trace:
    """The traces that FSDP2 leaves on a module, and how to remove them."""

    def __init__(self, module: nn.Module) -> None:
        self.module, self.kind = module, module.__class__
        self.names = set(vars(module))
        self.hooks = {name: dict(vars(module)[name]) for name in HOOKS if name in vars(module)}

    def note(self) -> None:
        """The module was just split: what has come."""
        self.names = set(vars(self.module)) - self.names

    def undo(self) -> None:
        self.module.__class__ = self.kind
        for name in self.names:
            vars(self.module).pop(name, None)
        for name, before in self.hooks.items():
            hooks = vars(self.module)[name]
            hooks.clear()
            hooks.update(before)


def cut(whole: Tensor, like: Tensor) -> Tensor:
    """This process's part of a tensor that every process has; the tensor itself where `like` is
    not split."""
    if not isinstance(like, DTensor):
        return whole
    there = whole.to(device=like.device, dtype=like.dtype)
    # Every process cuts its own: no exchange.
    return distribute_tensor(there, like.device_mesh, like.placements, src_data_rank=None)


def cut_moments(state: dict[str, Any], optimiser: torch.optim.Optimizer) -> dict[str, Any]:
    """An optimiser's whole state, with parts where its parameters are split."""
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    moments = {
        number: {
            key: cut(value, parameters[number])
            if isinstance(value, Tensor) and value.shape == parameters[number].shape
            else value
            for key, value in kept.items()
        }
        for number, kept in state["state"].items()
    }
    return {**state, "state": moments}


def _whole(tensor: Tensor) -> Tensor:
    """On the device, in every process."""
    found: Any = tensor
    return found.full_tensor() if isinstance(tensor, DTensor) else tensor


def _at(place: tuple[nn.Module, str]) -> Parameter:
    module, name = place
    found = module._parameters[name]
    assert found is not None
    return found


def _places(root: nn.Module) -> dict[Parameter, list[tuple[nn.Module, str]]]:
    """The places of each parameter: several if weights are tied."""
    found: dict[Parameter, list[tuple[nn.Module, str]]] = {}
    for module in root.modules():
        for name, parameter in module._parameters.items():
            if parameter is not None:
                found.setdefault(parameter, []).append((module, name))
    return found


def _layers(
    root: nn.Module, names: tuple[str, ...] | None,
    places: Mapping[Parameter, list[tuple[nn.Module, str]]],
) -> list[nn.Module]:  # fmt: skip
    """The layers that are units of their own, inner ones first."""
    if names is None:
        told = [getattr(m, "_no_split_modules", None) or () for m in root.modules()]
        names = tuple(name for some in told for name in some)
    found = [m for m in root.modules() if type(m).__name__ in names and m is not root][::-1]
    for layer in found:
        inside = set(layer.modules())
        for parameter in layer.parameters():
            if any(module not in inside for module, _ in places[parameter]):
                raise KnownError(
                    f"training with a split model needs {type(layer).__name__} to own its weights, "
                    "found one shared with another part; leave it out of "
                    "fsdp_transformer_layer_cls_to_wrap."
                )
    return found
