"""A tiny model, a real `medley serve` of it, and a bundle whose model that server has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.bundle.bundle import Bundle
from runtime.composition.making import PartNames, make
from runtime.engine import Engine
from tests import tiny_decoders
from tests.desktop.serve.conftest import TOKEN, Served, serving
from tests.runtime.composition.making import CHATML, language_model

_NONE = {"image": "none", "audio": "none", "video": "none"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A person's folders, with nothing in them."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder / "data"))
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.delenv("MEDLEY_OFFLINE", raising=False)
        yield folder


@pytest.fixture(scope="module")
def key_file(home: Path) -> Path:
    """The server's token."""
    path = home / "token"
    path.write_text(TOKEN)
    return path


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[Served]:
    """A server of a tiny model that only talks."""
    gguf = language_model(home / "Tiny-Chat-F16.gguf", CHATML)
    make("tiny", PartNames(str(gguf), _NONE))
    (home / "private").mkdir()
    with serving("tiny", home / "private") as one:
        yield one


@pytest.fixture(scope="module")
def engine(served: Served, key_file: Path, home: Path) -> Iterator[Engine]:
    """An engine whose language model the server has, with pictures of random weights."""
    tiny_decoders.write_image_decoder(home / "pictures")
    parts = PartNames(
        f"{served.base}/v1",
        {"image": str(home / "pictures"), "audio": "none", "video": "none"},
        upstream_model="tiny",
        key_file=key_file,
    )
    with Engine(Bundle.open(make("up", parts)[0]), device="cpu", threads=1) as made:
        yield made
