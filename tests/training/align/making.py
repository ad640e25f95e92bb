"""Small alignments to test with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from runtime.bundle.bundle import Bundle
from training.align.run import main
from training.align.settings import Settings

WISHES = ["a red circle", "a big blue star", "a green square", "a small black triangle", "a box"]


def wanted(chat_model: Path | str, data: Path, **more: Any) -> Settings:
    fixed = {"renderers": ("sketch.svg",), "steps": 2, "batch": 2, "lora_rank": 2}
    return Settings(language_model=str(chat_model), data=(str(data),), **{**fixed, **more})


def align(settings: Settings, out: Path, **more: Any) -> Bundle:
    given = {"resume": False, "device": "cpu", "enabled_plugins": {"sketch"}, **more}
    assert main(settings, out=out, **given) == 0
    return Bundle.open(out / "bundle")
