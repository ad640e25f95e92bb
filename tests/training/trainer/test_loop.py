"""The training loop: schedule, losses, checkpoints, and going on after a kill."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from plugins.errors import KnownError
from training.trainer import loop
from training.trainer.loop import cosine, save_atomically, train
from training.trainer.progress import LossLog, Parameters, read_progress

CHILD = """
import sys
from pathlib import Path

from tests.training.trainer.test_loop import learn

learn(Path(sys.argv[1]), kill_at=int(sys.argv[2]), steps=int(sys.argv[3]))
"""
TWIN = """
import sys
from pathlib import Path

import torch

from tests.training.trainer.test_loop import learn
from training.trainer import devices

devices.use("cpu")
index = devices.accelerator().process_index
weights = learn(Path(sys.argv[1]) / str(index), steps=4, seen=[])
torch.save(weights, Path(sys.argv[1]) / f"{index}.pt")
"""
ROOT = Path(loop.__file__).parents[2]
STEPS = 12


pytestmark = pytest.mark.usefixtures("one_thread")


def new_module() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.2), nn.Linear(8, 1))


def learn(
    folder: Path,
    *,
    kill_at: int = -1,
    steps: int = STEPS,
    average: float = 0.0,
    every: int = 1,
    seen: list[int] | None = None,
) -> dict[str, Tensor]:
    """Train a small module, or be killed in the middle of a step; a checkpoint every few steps."""
    module = new_module()

    def loss_of(step: int, rng: np.random.Generator) -> dict[str, Tensor]:
        if seen is not None:
            seen.append(step)
        inputs = torch.from_numpy(rng.normal(size=(8, 4))).float() + 0.1 * torch.randn(8, 4)
        if step == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        loss = (module(inputs) - inputs.sum(dim=1, keepdim=True)).square().mean()
        return {"loss": loss, "half": loss / 2}

    train(
        "test", module, loss_of, folder=folder, steps=steps, lr=1e-2, seed=3, average=average,
        checkpoint_steps=every,
    )  # fmt: skip
    return {name: tensor.clone() for name, tensor in module.state_dict().items()}


def killed(folder: Path, *, at: int, steps: int) -> None:
    """A real process that trains and is killed in the middle of a step."""
    command = [sys.executable, "-c", CHILD, str(folder), str(at), str(steps)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert ran.returncode == -signal.SIGKILL, ran.stderr.decode()


def steps_logged(folder: Path) -> list[float]:
    return [line["step"] for line in LossLog(folder / "losses.jsonl").read()]


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


def test_a_run_that_is_killed_and_resumed_ends_with_the_same_weights_and_the_same_log(
    tmp_path: Path,
) -> None:
    whole = learn(tmp_path / "whole", steps=105)
    killed(tmp_path / "killed", at=57, steps=105)
    assert torch.load(tmp_path / "killed" / "checkpoint.pt", weights_only=True)["step"] == 57

    seen: list[int] = []
    assert_equal(learn(tmp_path / "killed", steps=105, seen=seen), whole)

    assert seen == list(range(57, 105))
    logs = [(tmp_path / name / "losses.jsonl").read_text() for name in ("whole", "killed")]
    assert logs[0] == logs[1]


def test_steps_after_the_last_checkpoint_are_done_and_logged_once(tmp_path: Path) -> None:
    learn(tmp_path, steps=60, every=45)
    log = tmp_path / "losses.jsonl"
    checkpoint = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert checkpoint["step"] == 60
    whole = log.read_text()

    checkpoint |= {"step": 45, "window": {}}
    save_atomically(checkpoint, tmp_path / "checkpoint.pt")
    log.write_text(whole + '{"step": 55, "lo')
    seen: list[int] = []
    learn(tmp_path, steps=60, seen=seen)

    assert seen == list(range(45, 60))
    assert steps_logged(tmp_path) == [50, 60]


def test_a_log_without_a_checkpoint_is_begun_again(tmp_path: Path) -> None:
    LossLog(tmp_path / "losses.jsonl").add(50, {"loss": 1.0})
    learn(tmp_path, steps=3)
    assert steps_logged(tmp_path) == [3]


def test_a_training_that_has_ended_does_nothing_more_until_its_stage_is_done(
    tmp_path: Path,
) -> None:
    first = learn(tmp_path)
    seen: list[int] = []
    assert_equal(learn(tmp_path, seen=seen), first)
    assert seen == []


def test_checkpoints_come_by_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    save = loop.save_atomically

    def noted(state: dict[str, int], path: Path) -> None:
        kept.append(state["step"])
        save(state, path)

    monkeypatch.setattr(loop, "save_atomically", noted)
    learn(tmp_path, every=5)
    assert kept == [5, 10, 12]


def test_progress_can_be_read_while_it_trains(tmp_path: Path) -> None:
    learn(tmp_path, every=5)
    found = read_progress(tmp_path / "progress.json")
    assert found is not None
    assert (found.step, found.steps) == (STEPS, STEPS)
    assert found.parameters == Parameters(49, 49)
    assert found.device.startswith("cpu")
    assert found.seconds > 0


def test_a_checkpoint_of_an_older_form_is_taken_up(tmp_path: Path) -> None:
    whole = learn(tmp_path / "whole")
    killed(tmp_path / "old", at=7, steps=STEPS)
    path = tmp_path / "old" / "checkpoint.pt"
    state = torch.load(path, weights_only=True)
    save_atomically({key: state[key] for key in ("step", "module", "optimiser")}, path)
    assert_equal(learn(tmp_path / "old"), whole)


def test_a_checkpoint_of_another_training_is_refused(tmp_path: Path) -> None:
    learn(tmp_path)
    other = nn.Linear(4, 1)
    with pytest.raises(KnownError, match=r"checkpoint\.pt is of another training.*Delete"):
        train(
            "other", other, lambda *_: {"loss": other(torch.ones(1, 4)).sum()}, folder=tmp_path,
            steps=STEPS, lr=0.1, seed=3,
        )  # fmt: skip
    with pytest.raises(KnownError, match=r"at most 5 steps.*step 12"):
        learn(tmp_path, steps=5)


def test_the_average_of_the_weights_is_what_remains(tmp_path: Path) -> None:
    module = nn.Linear(1, 1, bias=False)
    walked: list[float] = [module.weight.item()]

    def loss_of(step: int, rng: np.random.Generator) -> dict[str, Tensor]:
        if step:
            walked.append(module.weight.item())
        return {"loss": module(torch.ones(1, 1)).sum()}

    train(
        "test", module, loss_of, folder=tmp_path, steps=4, lr=0.1, seed=0, average=0.25,
        weight_decay=0.0,
    )  # fmt: skip
    state = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    walked.append(float(state["module"]["weight"]))
    kept = walked[0]
    for number, weight in enumerate(walked[1:], start=1):
        decay = min(0.25, number / (9 + number)) if number > 1 else 0.0
        kept = decay * kept + (1 - decay) * weight
    assert module.weight.item() == pytest.approx(kept, abs=1e-6)
    assert module.weight.item() != pytest.approx(walked[-1], abs=1e-4)


def test_a_resumed_average_is_the_average_of_the_whole_run(tmp_path: Path) -> None:
    whole = learn(tmp_path / "whole", average=0.9)
    seen: list[int] = []

    class Stop(Exception):  # noqa: N818
        pass

    def stopping(state: object, path: Path) -> None:
        save_atomically(state, path)
        raise Stop

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Stop):
        patch.setattr(loop, "save_atomically", stopping)
        learn(tmp_path / "half", average=0.9, every=6)
    assert_equal(learn(tmp_path / "half", average=0.9, seen=seen), whole)
    assert seen == list(range(6, STEPS))


def test_what_learns_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    module = new_module()
    module[0].requires_grad_(False)  # type: ignore[index]
    train(
        "test", module, lambda *_: {"loss": module(torch.ones(2, 4)).square().sum()},
        folder=tmp_path, steps=1, lr=0.1, seed=0,
    )  # fmt: skip
    assert "test: training 9 of 49 parameters (18 %)" in capsys.readouterr().out


@pytest.mark.slow
def test_two_processes_learn_one_model_from_different_batches(tmp_path: Path) -> None:
    alone = learn(tmp_path / "alone", steps=4)
    shared = {"WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1"}
    shared |= {"MASTER_PORT": str(free_port()), "OMP_NUM_THREADS": "1"}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", TWIN, str(tmp_path)], cwd=ROOT, stderr=subprocess.PIPE,
            env={**os.environ, **shared, "RANK": str(index), "LOCAL_RANK": str(index)},
        )
        for index in range(2)
    ]  # fmt: skip
    for one in running:
        _, errors = one.communicate(timeout=600)
        assert one.returncode == 0, errors.decode()
    first, second = (torch.load(tmp_path / f"{i}.pt", weights_only=True) for i in range(2))
    assert_equal(first, second)
    assert any(not torch.equal(first[name], alone[name]) for name in alone)
    assert (tmp_path / "0" / "checkpoint.pt").is_file()
    assert not list((tmp_path / "1").iterdir())


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


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
