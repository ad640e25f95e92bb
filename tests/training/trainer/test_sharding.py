"""A training that is split over processes by FSDP: the same as with whole copies, and whole again
at the end. Real processes on the processor, configured as `accelerate launch` does it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from accelerate import DistributedType
from peft import LoraConfig, get_peft_model
from torch import Tensor, nn
from torch.distributed.fsdp import FSDPModule
from torch.distributed.tensor import DTensor
from transformers import LlamaConfig, LlamaForCausalLM

from plugins.errors import KnownError
from tests.training.trainer.test_loop import assert_equal, free_port, steps_logged
from training.trainer import devices, loop, sharding
from training.trainer.loop import train
from training.trainer.sharding import Settings

CHILD = """
import sys
from pathlib import Path

from tests.training.trainer import test_sharding

test_sharding.child(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
"""
ROOT = Path(loop.__file__).parents[2]
WHOLE: dict[str, str] = {}
SPLIT = {"ACCELERATE_USE_FSDP": "true", "FSDP_VERSION": "2"}
CONFIGURATION = """
compute_environment: LOCAL_MACHINE
distributed_type: FSDP
num_machines: 1
num_processes: 2
mixed_precision: 'no'
use_cpu: false
fsdp_config:
  fsdp_version: 2
  fsdp_reshard_after_forward: true
  fsdp_auto_wrap_policy: TRANSFORMER_BASED_WRAP
  fsdp_transformer_layer_cls_to_wrap: LlamaDecoderLayer
  fsdp_cpu_ram_efficient_loading: true
  fsdp_state_dict_type: SHARDED_STATE_DICT
"""
STEPS = 6


class Parts(nn.Module):
    """A frozen part, one that not every process uses, one that none uses, a scalar, a bias of one
    and buffers."""

    count: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(4, 7)
        self.frozen = nn.Linear(7, 7).requires_grad_(False)
        self.sometimes = nn.ModuleDict({name: nn.Linear(7, 1) for name in ("even", "odd")})
        self.never = nn.Linear(3, 3)
        self.scale = nn.Parameter(torch.tensor(1.0))
        self.register_buffer("count", torch.zeros(1, dtype=torch.long))
        self.register_buffer("mask", torch.tensor([True, False]), persistent=False)


def parts(folder: Path, steps: int, kill_at: int) -> nn.Module:
    """Losses that use the module's parts from outside, others in each process."""
    torch.manual_seed(0)
    module = Parts()
    rows = module.first.weight

    def loss_of(step: int, rng: np.random.Generator) -> dict[str, Tensor]:
        index = devices.accelerator().process_index
        if step == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        note(module, folder)
        inputs = torch.from_numpy(rng.normal(size=(8, 4))).float()
        hidden = nn.functional.linear(inputs, module.first.weight, module.first.bias)
        end = module.sometimes["odd" if index and step < 3 else "even"]
        got = end(module.frozen(hidden).tanh()) * module.scale
        module.count += 1
        return {"loss": (got - inputs.sum(dim=1, keepdim=True)).square().mean()}

    def keep_last_row() -> None:
        assert rows.grad is not None and module.first.weight.grad is rows.grad
        rows.grad[-1] = 0.0

    train(
        "parts", module, loss_of, folder=folder, steps=steps, lr=1e-2, seed=3, average=0.5,
        groups=[
            {"params": [rows], "lr": 2e-2, "weight_decay": 0.0},
            {"params": [p for p in module.parameters() if p.requires_grad and p is not rows]},
        ],
        clip=0.5, checkpoint_steps=1, after_backward=keep_last_row,
    )  # fmt: skip
    assert module.first.weight is rows
    return module


def note(module: nn.Module, folder: Path) -> None:
    """Write down whether a module is split, and how many units are in it."""
    managed = any("_is_fsdp_managed_module" in vars(m) for m in module.modules())
    units = sum(isinstance(m, FSDPModule) for m in module.modules())
    folder.with_suffix(".split").write_text(json.dumps([managed, units]))


def language(folder: Path, steps: int, kill_at: int, *, rows: bool = False) -> nn.Module:
    """LoRA on a language model with tied embeddings, which learn as well, or some rows of them."""
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=24, hidden_size=16, intermediate_size=24, num_hidden_layers=2,
        num_attention_heads=2, max_position_embeddings=16, tie_word_embeddings=True,
    )  # fmt: skip
    begin = folder.parent / "begin"
    accelerator = devices.accelerator()
    if accelerator.is_main_process:
        LlamaForCausalLM(config).save_pretrained(begin)
    accelerator.wait_for_everyone()
    # Every process loads the weights, whatever the configuration says of efficient loading.
    plain = LlamaForCausalLM.from_pretrained(begin)
    lora = LoraConfig(
        r=2, target_modules="all-linear", task_type="CAUSAL_LM",
        trainable_token_indices={"embed_tokens": [3, 5]} if rows else None,
    )  # fmt: skip
    adapted: Any = get_peft_model(plain, lora)
    if not rows:
        plain.get_input_embeddings().weight.requires_grad_(True)

    def loss_of(step: int, rng: np.random.Generator) -> dict[str, Tensor]:
        note(adapted, folder)
        ids = torch.from_numpy(rng.integers(0, 24, (4, 8)))
        logits = adapted(input_ids=ids, use_cache=False).logits
        return {
            "loss": nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten())
        }

    train("language", adapted, loss_of, folder=folder, steps=steps, lr=1e-2, seed=3)
    assert type(plain.model.layers[0]).__name__ == "LlamaDecoderLayer"
    merged: nn.Module = adapted.merge_and_unload()
    if accelerator.is_main_process:
        merged.save_pretrained(folder / "merged")  # type: ignore[operator]
        opened = LlamaForCausalLM.from_pretrained(folder / "merged")
        assert_equal(opened.state_dict(), merged.state_dict())
    with torch.no_grad():
        merged(input_ids=torch.zeros(1, 4, dtype=torch.long))
    return merged


def child(kind: str, folder: Path, steps: int, kill_at: int) -> None:
    """One of several processes."""
    devices.use("cpu")
    index = devices.accelerator().process_index
    kinds = {"parts": parts, "language": language, "rows": partial(language, rows=True)}
    module = kinds[kind](folder / str(index), steps, kill_at)
    assert not any(isinstance(t, DTensor) for t in (*module.parameters(), *module.buffers()))
    left = {"_is_fsdp_managed_module", "_fsdp_use_orig_params"}
    assert not any(left & vars(m).keys() for m in module.modules())
    assert not any(m._state_dict_pre_hooks for m in module.modules())
    torch.save(dict(module.state_dict()), folder / f"{index}.pt")


def launched(
    kind: str, folder: Path, settings: Mapping[str, str], *, steps: int = STEPS,
    kill_at: int = -1, count: int = 2,
) -> list[dict[str, Tensor]]:  # fmt: skip
    """What each of `count` processes has at the end; nothing where they are killed."""
    folder.mkdir(exist_ok=True)
    shared = {"WORLD_SIZE": str(count), "LOCAL_WORLD_SIZE": str(count), "OMP_NUM_THREADS": "1"}
    shared |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port())}
    if count == 1:
        shared = {"OMP_NUM_THREADS": "1"}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, kind, str(folder), str(steps), str(kill_at)],
            cwd=ROOT, stderr=subprocess.PIPE,
            env={
                **os.environ, **shared, **settings,
                **({"RANK": str(i), "LOCAL_RANK": str(i)} if count > 1 else {}),
            },
        )
        for i in range(count)
    ]  # fmt: skip
    errors = [one.communicate(timeout=600)[1].decode() for one in running]
    if kill_at >= 0:
        assert all(one.returncode == -signal.SIGKILL for one in running), errors
        return []
    assert not any(one.returncode for one in running), errors
    return [torch.load(folder / f"{i}.pt", weights_only=True) for i in range(count)]


def assert_close(one: Mapping[str, Any], other: Mapping[str, Any]) -> None:
    assert list(one) == list(other)
    for name in one:
        torch.testing.assert_close(one[name], other[name], rtol=1e-4, atol=1e-6)


def losses(folder: Path) -> list[float]:
    return [line["loss"] for line in loop.LossLog(folder / "losses.jsonl").read()]


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a whole run."""
    folder: Path = tmp_path_factory.mktemp("sharding") / "split"
    first, second = launched("parts", folder, SPLIT)
    assert_equal(first, second)
    return folder


@pytest.mark.slow
def test_a_split_training_is_the_same_as_one_with_whole_copies(split: Path, tmp_path: Path) -> None:
    whole = launched("parts", tmp_path, WHOLE)
    assert (split / "0.split").read_text() == "[true, 0]"
    assert (tmp_path / "0.split").read_text() == "[false, 0]"
    assert_close(torch.load(split / "0.pt", weights_only=True), whole[0])
    assert losses(split / "0") == pytest.approx(losses(tmp_path / "0"))
    states = [
        torch.load(folder / "0" / "checkpoint.pt", weights_only=True)
        for folder in (split, tmp_path)
    ]
    assert states[0].keys() == states[1].keys()
    assert_close(states[0]["module"], states[1]["module"])
    assert_close(states[0]["optimiser"]["state"], states[1]["optimiser"]["state"])
    assert states[0]["optimiser"]["param_groups"] == states[1]["optimiser"]["param_groups"]
    assert_close(states[0]["average"], states[1]["average"])
    assert not list((split / "1").iterdir())


@pytest.mark.soak
def test_a_split_training_goes_on_after_a_kill_and_in_other_processes(
    split: Path, tmp_path: Path
) -> None:
    whole = torch.load(split / "0.pt", weights_only=True)
    launched("parts", tmp_path / "killed", SPLIT, kill_at=4)
    checkpoint = tmp_path / "killed" / "0" / "checkpoint.pt"
    assert torch.load(checkpoint, weights_only=True)["step"] == 4
    shutil.copytree(tmp_path / "killed", tmp_path / "alone")
    assert_equal(launched("parts", tmp_path / "killed", SPLIT)[0], whole)
    assert steps_logged(tmp_path / "killed" / "0") == [STEPS]

    alone = launched("parts", tmp_path / "alone", WHOLE, count=1)[0]
    assert alone.keys() == whole.keys()
    assert all(bool(tensor.isfinite().all()) for tensor in alone.values())

    launched("parts", tmp_path / "moved", SPLIT, kill_at=2)
    launched("parts", tmp_path / "moved", WHOLE, kill_at=4)
    assert_close(launched("parts", tmp_path / "moved", SPLIT)[0], whole)


@pytest.mark.slow
def test_a_split_language_model_merges_its_lora(tmp_path: Path) -> None:
    whole = launched("language", tmp_path / "whole", WHOLE)
    split = launched("language", tmp_path / "split", SPLIT)
    assert (tmp_path / "split" / "0.split").read_text() == "[true, 0]"
    assert_equal(split[0], split[1])
    assert_close(split[0], whole[0])


@pytest.mark.slow
def test_accelerate_launch_splits_layers_by_its_own_configuration(tmp_path: Path) -> None:
    config = tmp_path / "fsdp.yaml"
    config.write_text(CONFIGURATION)
    (tmp_path / "child.py").write_text(f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n" + CHILD)
    ran = subprocess.run(
        [
            sys.executable, "-m", "accelerate.commands.launch", "--config_file", str(config),
            "--main_process_port", str(free_port()), str(tmp_path / "child.py"),
            "rows", str(tmp_path), str(STEPS), "-1",
        ],
        cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, timeout=600,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr.decode()
    assert (tmp_path / "0.split").read_text() == "[true, 2]"
    first, second = (torch.load(tmp_path / f"{i}.pt", weights_only=True) for i in range(2))
    assert_equal(first, second)
    assert_close(first, launched("rows", tmp_path / "whole", WHOLE)[0])


def of(kind: DistributedType = DistributedType.MULTI_GPU, precision: str = "no") -> Any:
    """As much of an accelerator as is asked for its configuration."""
    return SimpleNamespace(
        distributed_type=kind, mixed_precision=precision, parallelism_config=None
    )


@pytest.fixture
def splitting(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in {**SPLIT, "FSDP_CPU_RAM_EFFICIENT_LOADING": "true"}.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_nothing_is_split_unless_accelerate_says_so(splitting: pytest.MonkeyPatch) -> None:
    assert sharding.settings(of()) == Settings((), True)
    assert os.environ["FSDP_CPU_RAM_EFFICIENT_LOADING"] == "false"
    assert sharding.settings(of(DistributedType.NO)) is None
    splitting.setenv("ACCELERATE_USE_FSDP", "false")
    assert sharding.settings(of()) is None


def test_layers_are_those_that_are_named_or_that_models_name(
    splitting: pytest.MonkeyPatch,
) -> None:
    splitting.setenv("FSDP_AUTO_WRAP_POLICY", "TRANSFORMER_BASED_WRAP")
    assert sharding.settings(of()) == Settings(None, True)
    splitting.setenv("FSDP_TRANSFORMER_CLS_TO_WRAP", "One,Other")
    splitting.setenv("FSDP_RESHARD_AFTER_FORWARD", "false")
    assert sharding.settings(of()) == Settings(("One", "Other"), False)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("FSDP_VERSION", "1", "FSDP of version 2, found 1"),
        ("FSDP_AUTO_WRAP_POLICY", "SIZE_BASED_WRAP", "SIZE_BASED_WRAP"),
        ("FSDP_OFFLOAD_PARAMS", "true", "fsdp_offload_params"),
        ("FSDP_ACTIVATION_CHECKPOINTING", "true", "fsdp_activation_checkpointing"),
        ("FSDP_IGNORED_MODULES", "head", "fsdp_ignored_modules"),
    ],
)
def test_what_is_not_supported_is_refused(
    splitting: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    splitting.setenv(name, value)
    with pytest.raises(KnownError, match=said):
        sharding.settings(of())


def test_half_precision_without_range_is_refused(splitting: pytest.MonkeyPatch) -> None:
    assert sharding.settings(of(precision="bf16")) is not None
    with pytest.raises(KnownError, match="mixed_precision fp16"):
        sharding.settings(of(precision="fp16"))


def test_other_ways_to_split_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(devices, "accelerator", lambda: of(DistributedType.DEEPSPEED))
    with pytest.raises(KnownError, match="or FSDP configuration of accelerate, found DEEPSPEED"):
        train("test", nn.Linear(1, 1), lambda *_: {}, folder=tmp_path, steps=1, lr=1.0, seed=0)


def test_a_layer_that_shares_its_weights_is_no_unit() -> None:
    module = nn.Sequential(nn.Linear(2, 2), nn.Identity(), nn.Bilinear(2, 2, 2))
    places = sharding._places(module)
    assert sharding._layers(module, ("Linear",), places) == [module[0]]
    module[2].bias = module[0].bias
    with pytest.raises(KnownError, match="Linear to own its weights"):
        sharding._layers(module, ("Linear",), sharding._places(module))
