"""`medley train` and `medley evaluate` hand over what was typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import training.evaluation
import training.pocket
from desktop.cli import train as train_module
from plugins.errors import KnownError
from tests.desktop.conftest import Run
from training.trainer.progress import Done, Parameters, Progress, write


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What training was called with; it does nothing, and its bundle is evaluated with code 7."""
    seen: dict[str, Any] = {}

    def train(**given: Any) -> Path:
        seen["train"] = given
        return Path("made/bundle")

    def evaluate(**given: Any) -> int:
        seen["evaluate"] = given
        return 7

    for package, main in ((training.pocket, train), (training.evaluation, evaluate)):
        monkeypatch.setattr(package, "run", SimpleNamespace(main=main), raising=False)
    return seen


def test_train_hands_over_its_options(medley: Run, handed_over: dict[str, Any]) -> None:
    ran = medley(
        "train", "pocket", "--resume", "--device", "cuda:1", "--only", "stage1", "--processes", "2",
        "--parallel-stages", "3",
    )  # fmt: skip

    assert ran.code == 7
    assert handed_over["train"] == {
        "resume": True, "only": "stage1", "again": None, "init_from": None, "device": "cuda:1",
        "out": None, "processes": 2, "at_once": 3,
    }  # fmt: skip
    assert handed_over["evaluate"] == {"bundle": "made/bundle", "limit": 2, "as_json": False}
    assert "medley ask --bundle made/bundle" in ran.out


def test_the_former_names_of_options_work_and_say_the_new_ones(
    medley: Run, handed_over: dict[str, Any]
) -> None:
    ran = medley(
        "train", "pocket", "--side-by-side", "2", "--again", "stage2", "--begin-with", "mine"
    )

    assert ran.code == 7
    given = handed_over["train"]
    assert (given["at_once"], given["again"], given["init_from"]) == (2, "stage2", "mine")
    assert ran.err.splitlines() == [
        "medley: --side-by-side is now called --parallel-stages.",
        "medley: --again is now called --continue.",
        "medley: --begin-with is now called --init-from.",
    ]


def test_the_stages_of_a_run_are_listed_without_anything_that_computes(tmp_path: Path) -> None:
    progress = Progress(350, 1400, 75.0, Parameters(2_718_256, 2_718_256), "cpu, 2 threads")
    write(progress, tmp_path / "image-unet" / "progress.json")
    write(Done(3700.0, Parameters(1_643_616, 25_704_414)), tmp_path / "stage1" / "done")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "done").write_text('{"seconds": 12.4}')
    asked = "import sys; from desktop.cli.main import main; main(sys.argv[1:]); print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", asked, "train", "pocket", "--list", "--out", str(tmp_path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    rows = {line.split()[0]: line for line in ran.stdout.splitlines() if line.strip()}
    assert rows["data"].split()[-3:] == ["done", "12", "s"]
    assert "step 350 of 1400   1 min 15 s   2,718,256    2,718,256   100 %" in rows["image-unet"]
    assert "done   1 h 01 min   1,643,616   25,704,414   6.4 %" in rows["stage1"]
    assert rows["language"].split()[-1] == "-"
    assert rows["all"].split()[1:] == ["1", "h", "03", "min"]
    assert "Computed on: cpu, 2 threads." in ran.stdout
    modules = ran.stdout.splitlines()[-1].split()
    assert {"torch", "diffusers", "transformers", "matplotlib"}.isdisjoint(modules)


def test_a_missing_package_is_named_with_how_to_get_it() -> None:
    with pytest.raises(KnownError, match=r"peft.*medley\[train\]"), train_module.needs_extra():
        raise ModuleNotFoundError("No module named 'peft'", name="peft")
