"""The training loop: schedule, losses, checkpoints, and going on after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from training import loop
from training.loop import cosine, save_atomically, train

KILLED = """
import sys
from pathlib import Path

from tests.training.test_loop import learn

learn(Path(sys.argv[1]), kill_at=int(sys.argv[2]))
"""
STEPS = 12


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def new_module() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.2), nn.Linear(8, 1))


def learn(folder: Path, *, kill_at: int = -1, steps: int = STEPS) -> dict[str, Tensor]:
    """Train a small module, or be killed at the beginning of a step; a checkpoint a step."""
    module = new_module()

    def loss_of(step: int, rng: np.random.Generator) -> dict[str, Tensor]:
        if step == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        inputs = torch.from_numpy(rng.normal(size=(8, 4))).float() + 0.1 * torch.randn(8, 4)
        loss = (module(inputs) - inputs.sum(dim=1, keepdim=True)).square().mean()
        return {"loss": loss, "half": loss / 2}

    train("test", module, loss_of, folder=folder, steps=steps, lr=1e-2, seed=3, checkpoint_s=0.0)
    return {name: tensor.clone() for name, tensor in module.state_dict().items()}


def assert_equal(one: dict[str, Tensor], other: dict[str, Tensor]) -> None:
    assert list(one) == list(other)
    for name, tensor in one.items():
        assert torch.equal(tensor, other[name]), name


def test_the_learning_rate_rises_then_falls_to_zero() -> None:
    rates = [cosine(step, 100, 10) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[9] == rates[10] == 1.0
    assert rates[:10] == sorted(rates[:10])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[55] == pytest.approx(0.5)
    assert rates[100] == pytest.approx(0.0)
    assert cosine(200, 100, 10) == pytest.approx(0.0)


def test_a_run_that_is_killed_and_resumed_ends_with_the_same_weights(tmp_path: Path) -> None:
    whole = learn(tmp_path / "whole")
    root = Path(loop.__file__).parents[1]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "killed"), "7"],
        cwd=root,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    checkpoint = tmp_path / "killed" / "checkpoint.pt"
    assert torch.load(checkpoint, weights_only=True)["step"] == 7

    assert_equal(learn(tmp_path / "killed"), whole)

    assert not checkpoint.exists()


def test_the_same_seed_gives_the_same_weights_whatever_was_drawn_before(tmp_path: Path) -> None:
    first = learn(tmp_path / "a")
    torch.randn(17)
    assert_equal(learn(tmp_path / "b"), first)


def test_losses_are_logged_as_means(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    learn(tmp_path, steps=70)
    lines = [json.loads(line) for line in (tmp_path / "losses.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [50, 70]
    for line in lines:
        assert line["half"] == pytest.approx(line["loss"] / 2)
    assert lines[1]["loss"] < lines[0]["loss"]
    assert "test: step 70/70  loss" in capsys.readouterr().out


def test_only_what_wants_gradients_is_trained(tmp_path: Path) -> None:
    module = new_module()
    module[0].requires_grad_(False)  # type: ignore[index]
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}

    def loss_of(_: int, rng: np.random.Generator) -> dict[str, Tensor]:
        return {"loss": module(torch.ones(2, 4)).square().sum()}

    train("test", module, loss_of, folder=tmp_path, steps=3, lr=0.1, seed=0)
    moved = {n for n, t in module.state_dict().items() if not torch.equal(t, before[n])}
    assert moved == {"2.weight", "2.bias"}
    assert not module.training


def test_gradients_can_be_changed_before_the_step(tmp_path: Path) -> None:
    module = nn.Linear(3, 2, bias=False)
    before = module.weight.detach().clone()

    def keep_first_row() -> None:
        assert module.weight.grad is not None
        module.weight.grad[0] = 0.0

    train(
        "test", module, lambda *_: {"loss": module(torch.ones(1, 3)).square().sum()},
        folder=tmp_path, steps=5, lr=0.1, seed=0, weight_decay=0.0, after_backward=keep_first_row,
    )  # fmt: skip
    assert torch.equal(module.weight[0], before[0])
    assert not torch.equal(module.weight[1], before[1])


def test_groups_keep_their_own_learning_rates(tmp_path: Path) -> None:
    module = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Linear(2, 1, bias=False))
    before = module[0].weight.detach().clone()
    groups = [{"params": [module[0].weight], "lr": 0.0}, {"params": [module[1].weight]}]
    train(
        "test", module, lambda *_: {"loss": module(torch.ones(1, 2)).square().sum()},
        folder=tmp_path, steps=4, lr=0.1, seed=0, groups=groups,
    )  # fmt: skip
    assert torch.equal(module[0].weight, before)


class Unsavable:
    """Refuses to be written, as a full disk would."""

    def __reduce__(self) -> str:
        raise OSError("no space left on device")


def test_a_checkpoint_that_cannot_be_written_leaves_the_last_one(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "checkpoint.pt"
    save_atomically({"step": 1}, path)
    with pytest.raises(OSError, match="no space"):
        save_atomically({"step": 2, "broken": Unsavable()}, path)
    assert torch.load(path, weights_only=True) == {"step": 1}
    save_atomically({"step": 3}, path)
    assert torch.load(path, weights_only=True) == {"step": 3}
    assert [p.name for p in path.parent.iterdir()] == ["checkpoint.pt"]
