"""`medley models import nextgpt`: the terms are said first, wrong files end with exit code 2."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from desktop.cli.imports import nextgpt
from desktop.cli.main import main
from tests.training.importing.checkpoints import SMALL, Checkpoint, write_all, write_tokens
from training.importing import plan

NAMES = ("delta", "language_model", "encoder", "image", "audio", "video")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return write_all(tmp_path_factory.mktemp("checkpoint"))


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command takes the published sizes, which no test can hold."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    whole = plan.make_plan
    monkeypatch.setattr(plan, "make_plan", lambda sources, wishes: whole(sources, wishes, SMALL))


def words(checkpoint: Checkpoint, **changed: Path) -> list[str]:
    options = []
    for name in NAMES:
        path = changed.get(name, getattr(checkpoint.sources, name))
        options += [f"--{name.replace('_', '-')}", str(path)]
    return ["models", "import", "nextgpt", *options]


def test_a_bundle_is_made_and_the_terms_come_first(
    checkpoint: Checkpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words(checkpoint), "--name", "small"]) == 0
    said = capsys.readouterr()
    assert said.err.index("ImageBind: CC BY-NC-SA 4.0, not for commercial use") < said.err.index(
        "the language model:"
    )
    for line in ("LLaMA and Vicuna: ", "ZeroScope: CC BY-NC 4.0", "OpenRAIL-M", "AudioLDM: "):
        assert line in said.err
    tensors = len(plan.make_plan(checkpoint.sources, plan.Wishes()).delta.names)
    assert f"has all its {tensors} tensors, and nothing is left over" in said.err
    assert "Not taken over: ImageBind's depth (2 tensors), ImageBind's thermal" in said.err
    assert "stands in prompts as plain text, as its added_tokens.json says" in said.err
    assert said.out.startswith("small: made in ")
    assert main(["models", "list"]) == 0
    assert "small  NExT-GPT 7B" in capsys.readouterr().out


def test_all_is_checked_without_making_anything(
    checkpoint: Checkpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words(checkpoint), "--check", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["media_marks"] == "text"
    assert len(found["left_out"]) == 8
    assert main([*words(checkpoint), "--check", "--media-marks", "token"]) == 0
    said = capsys.readouterr()
    assert "as one token, as you chose" in said.err
    assert "All files are what they have to be" in said.out
    assert not list((tmp_path / "data").rglob("*.gguf"))


def _pad(folder: Path) -> None:
    write_tokens(folder, SMALL, shift=1)


def _nothing(folder: Path) -> None:
    (folder / "pytorch_model.pt").write_bytes(b"nothing")


def _missing(folder: Path) -> None:
    torch.save({"llama_proj.bias": torch.zeros(SMALL.d_model)}, folder / "pytorch_model.pt")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [(_pad, "[PAD] besides"), (_nothing, "a file of tensors"), (_missing, "missing")],
)
def test_wrong_files_end_with_2_and_a_sentence(
    checkpoint: Checkpoint,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Path], None],
    said: str,
) -> None:
    folder = tmp_path / "delta"
    folder.mkdir()
    whole = checkpoint.sources.delta / "pytorch_model.pt"
    (folder / "pytorch_model.pt").symlink_to(whole)
    if spoil is not _pad:
        (folder / "pytorch_model.pt").unlink()
    spoil(folder)
    assert main(words(checkpoint, delta=folder)) == 2
    error = capsys.readouterr().err
    assert error.startswith("medley: error: ")
    assert said in error
    assert error.count("\n") == 1


def test_what_is_wrong_with_the_words_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "import", "nextgpt", "--delta", "a"]) == 2
    assert "--language-model" in capsys.readouterr().err
    assert main(["models", "import", "gill"]) == 2


def test_progress_is_lines_with_the_time_that_is_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.importing.run import Progress

    reporter = nextgpt._Reporter(quiet=False)
    reporter.tell(Progress("the encoder", 0, 2 * 10**9, None, kept=True))
    reporter.tell(Progress("the language model", 10**9, 2 * 10**9, 600.0))
    reporter.tell(Progress("the language model", 10**9, 2 * 10**9, 600.0))
    monkeypatch.setattr(reporter, "_moves", True)
    reporter.tell(Progress("the projections", 10**9, 2 * 10**9, 20.0))
    reporter.close()
    assert capsys.readouterr().err == (
        "the encoder: done before, and unchanged\n"
        "the language model: 1.0 of 2.0 GB, 10 min left\n"
        "\r\x1b[Kthe projections: 1.0 of 2.0 GB, 20 s left\n"
    )
