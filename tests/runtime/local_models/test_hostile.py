"""Models come from anywhere: whatever is in a file, it is known or refused with a sentence, and
costs little memory."""

from __future__ import annotations

import json
import random
import shutil
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.local_models.found import NotAModelError
from runtime.local_models.identify import identify, look
from runtime.local_models.other_programs.places import Places
from runtime.local_models.programs import find_programs
from tests.runtime.local_models import making
from tests.runtime.local_models.spoiled import spoiled, spoiled_json

MOST_MEMORY = 64 << 20
"""Bytes that looking at one file may take; the largest configuration that is read has four million
of them."""
SOME = 60
AMOUNTS = [
    pytest.param(SOME, id="some"),
    pytest.param(2000, id="thousands", marks=pytest.mark.soak),
]


@contextmanager
def little_memory() -> Iterator[None]:
    """What is done within takes no more than `MOST_MEMORY`."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


def checked(path: Path) -> None:
    """Look at what may be anything."""
    try:
        for found in identify(path):
            assert found.title.isprintable() and len(found.title) <= 120
            assert all(file.is_relative_to(path.parent) for file in found.files)
    except NotAModelError as error:
        told = str(error)
        assert told and "\n" not in told and len(told) < 20_000


def _talker(folder: Path) -> Path:
    return making.talker(folder / "a.gguf", tensors=[f"blk.1.{n}" for n in range(9)])


def _pieces(folder: Path) -> Path:
    return making.talker(folder / "a.gguf", a_piece=1)


def _mmproj(folder: Path) -> Path:
    return making.mmproj(folder / "a.gguf", "deepstack")


def _whisper(folder: Path) -> Path:
    return making.whisper(folder, 60) / "model.bin"


def _voice(folder: Path) -> Path:
    return making.kokoro(folder) / "kokoro-v1.0.onnx"


def _weights(folder: Path) -> Path:
    return making.decoder(folder) / "vae" / "diffusion_pytorch_model.safetensors"


BINARY: dict[str, Callable[[Path], Path]] = {
    "language model": _talker, "model in pieces": _pieces, "mmproj": _mmproj,
    "whisper": _whisper, "voice": _voice, "weights": _weights,
}  # fmt: skip


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("kind", BINARY)
def test_spoiled_files_end_in_a_model_or_a_sentence(tmp_path: Path, kind: str, amount: int) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    path = BINARY[kind](folder)
    sound, source = path.read_bytes(), random.Random(kind)
    identify(folder)
    with little_memory():
        for _ in range(SOME):
            path.write_bytes(spoiled(sound, source))
            checked(folder)
    for _ in range(amount - SOME):
        path.write_bytes(spoiled(sound, source))
        checked(path)


JSON = {
    "decoder": (lambda folder: making.decoder(folder), "model_index.json"),
    "text encoder": (lambda folder: making.decoder(folder), "text_encoder/config.json"),
    "tokenizer": (lambda folder: making.decoder(folder), "tokenizer/tokenizer_config.json"),
    "whisper": (lambda folder: making.whisper(folder, 60), "config.json"),
    "phonemes": (lambda folder: making.kokoro(folder), "vocab.json"),
}


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("kind", JSON)
def test_spoiled_configurations_end_in_a_model_or_a_sentence(
    tmp_path: Path, kind: str, amount: int
) -> None:
    make, name = JSON[kind]
    path = make(tmp_path / "model") / name
    sound, source = path.read_text(), random.Random(kind)
    for _ in range(amount):
        path.write_bytes(spoiled_json(sound, source))
        checked(tmp_path / "model")


@pytest.mark.parametrize("amount", AMOUNTS)
def test_spoiled_manifests_of_other_programs_spoil_nothing_else(
    tmp_path: Path, amount: int
) -> None:
    store, jan = tmp_path / ".ollama" / "models", tmp_path / ".local/share/Jan/data"
    digest = "a" * 64
    (store / "blobs").mkdir(parents=True)
    making.talker(store / "blobs" / f"sha256-{digest}")
    kind = "application/vnd.ollama.image"
    layers = [{"mediaType": f"{kind}.{one}", "digest": f"sha256:{digest}", "size": 1}
              for one in ("model", "license")]  # fmt: skip
    whole = {"schemaVersion": 2, "layers": layers}
    listed = {"mediaType": "application/vnd.ollama.manifest.list.v2+json",
              "manifests": [{"runner": "ollama", **whole}]}  # fmt: skip
    made = store / "manifests" / "registry.ollama.ai" / "library"
    (made / "good").mkdir(parents=True)
    (made / "good" / "1").write_text(json.dumps(whole))
    (made / "bad").mkdir()
    (jan / "llamacpp" / "models" / "x").mkdir(parents=True)
    source = random.Random(7)
    for _ in range(amount):
        manifest = source.choice((whole, listed))
        (made / "bad" / "1").write_bytes(spoiled_json(json.dumps(manifest), source))
        text = f"model_path: {store}/blobs/sha256-{digest}\nname: x\n".encode()
        (jan / "llamacpp" / "models" / "x" / "model.yml").write_bytes(spoiled(text, source))
        programs = {one.name: one for one in find_programs(Places(tmp_path, None, {}))}
        assert len(programs["Ollama"].models) == 1


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
BEGINS = [b"", b"GGUF\x03\0\0\0", b"lmgg", b"PK\x03\x04", b"\x08\x09"]
FEW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FEW
@given(value=JSON_VALUES)
def test_any_header_of_safetensors_is_known_or_refused(tmp_path: Path, value: Any) -> None:
    header = json.dumps(value).encode()
    path = tmp_path / "a.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(16))

    checked(path)


@FEW
@given(
    data=st.binary(max_size=200),
    begin=st.sampled_from([b"", b"GGUF\x03\0\0\0", b"lmgg", b"PK\x03\x04"]),
)
@pytest.mark.parametrize("name", ["a.gguf", "a.bin", "a.onnx", "a.safetensors", "b"])
def test_any_bytes_are_known_or_refused(
    tmp_path: Path, name: str, data: bytes, begin: bytes
) -> None:
    (tmp_path / name).write_bytes(begin + data)

    checked(tmp_path / name)


@FEW
@given(names=st.lists(st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=40)))
def test_any_names_of_files_are_taken(tmp_path: Path, names: list[str]) -> None:
    folder = tmp_path / "folder"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in names:
        if name not in (".", "..") and len(name.encode("utf-8", "surrogatepass")) < 200:
            try:
                (folder / name).write_bytes(b"GGUF")
            except (UnicodeEncodeError, OSError):
                continue  # No file can have this name.

    for problem in look(folder).problems:
        assert str(problem)
