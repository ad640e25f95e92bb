"""A person's own folders, and small models in them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import tiny_decoders
from tests.runtime.composition.making import CHATML, language_model


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Medley's data folder, still empty."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "medley"


@pytest.fixture(scope="session")
def kept_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A language model with a chat template; link to it, never change it."""
    return language_model(tmp_path_factory.mktemp("models") / "Tiny-Chat-F16.gguf", CHATML)


@pytest.fixture
def own_gguf(kept_gguf: Path, tmp_path: Path) -> Path:
    """The same as a file of the person's own."""
    own = tmp_path / "own" / kept_gguf.name
    own.parent.mkdir()
    own.write_bytes(kept_gguf.read_bytes())
    return own


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a Stable Diffusion of random weights, as published ones look."""
    folder = tmp_path_factory.mktemp("decoders") / "tiny-sd"
    tiny_decoders.write_image_decoder(folder)
    (folder / "README.md").write_text("# A decoder")
    (folder / "safety_checker").mkdir()
    (folder / "safety_checker" / "model.bin").write_bytes(b"\x80\x04.")
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"\x80\x04.")
    return folder


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on another file system, to which no hard link leads."""
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    with tempfile.TemporaryDirectory(dir=shared) as name:
        yield Path(name)
