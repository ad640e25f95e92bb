"""What a person gives to the window: media to attach, or models to add."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.window.composer.models import looks_like_a_model


@pytest.mark.parametrize(
    "name",
    [
        "model.gguf",
        "MODEL-00001-of-00003.GGUF",
        "v1-5.safetensors",
        "model_index.json",
        "pytorch_model.bin",
        f"sha256-{'0a' * 32}",
    ],
)
def test_a_models_file_and_a_folder_that_holds_one_are_models(tmp_path: Path, name: str) -> None:
    inner = tmp_path / "models" / "publisher" / "model"
    inner.mkdir(parents=True)
    (inner / name).write_bytes(b"1")

    assert looks_like_a_model(inner / name)
    assert looks_like_a_model(inner)
    assert looks_like_a_model(tmp_path)


def test_media_and_folders_of_media_are_none(tmp_path: Path) -> None:
    for name in ("photo.png", "speech.wav", "notes.bin", "sha256-1"):
        (tmp_path / name).write_bytes(b"1")
        assert not looks_like_a_model(tmp_path / name)

    assert not looks_like_a_model(tmp_path)
    assert not looks_like_a_model(tmp_path / "gone")


def test_a_model_far_down_is_not_looked_for(tmp_path: Path) -> None:
    deep = tmp_path / "/".join("abcdefgh").strip("/")
    deep.mkdir(parents=True)
    (deep / "model.gguf").touch()

    assert not looks_like_a_model(tmp_path)
