"""What llama.cpp does not survive is found out in a process of its own, once."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from plugins.errors import KnownError
from runtime.components import mmproj_trial
from runtime.components.mmproj_trial import try_mmproj
from runtime.language_model.gguf_head import read_head
from runtime.language_model.mmproj.check import check_mmproj
from tests.mutated_gguf import contradicting, flipped
from tests.tiny_mmproj import Pair, write_pair

pytest.importorskip("llama_cpp.mtmd_cpp", reason="this llama.cpp was built without mtmd")


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pair]:
    folder = tmp_path_factory.mktemp("mmproj")
    return {name: write_pair(folder, name) for name in ("llava", "qwen", "ultravox")}


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "medley" / "tried-mmproj"


def fatal(pair: Pair, path: Path) -> Path:
    """A file whose head is as it should be, and on which llama.cpp ends the process: a picture's
    embeddings would be of no size."""
    data = bytearray(pair.mmproj.read_bytes())
    key = struct.pack("<Q", 26) + b"clip.vision.projection_dim"
    struct.pack_into("<I", data, data.index(key) + len(key) + 4, 8)
    path.write_bytes(data)
    check_mmproj(path)
    return path


def test_a_good_pair_is_tried_once(
    pairs: dict[str, Pair], own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = pairs["qwen"]
    try_mmproj(pair.mmproj, pair.model, ("a", "b"))
    assert len(list(own_cache.iterdir())) == 1
    monkeypatch.setattr(mmproj_trial, "_command", lambda: ["/nowhere"])
    try_mmproj(pair.mmproj, pair.model, ("a", "b"))
    with pytest.raises(KnownError, match="cannot be started"):
        try_mmproj(pair.mmproj, pair.model, ("a", "another model"))


def test_one_that_ends_the_process_is_refused_with_its_last_words(
    pairs: dict[str, Pair], tmp_path: Path, own_cache: Path
) -> None:
    path = fatal(pairs["qwen"], tmp_path / "fatal.gguf")
    with pytest.raises(KnownError, match=r"fatal\.gguf.* does not survive \(ggml\.c.*ASSERT") as e:
        try_mmproj(path, pairs["qwen"].model, ("a", "b"))
    assert "\n" not in str(e.value) and "/" not in str(e.value)
    assert not own_cache.exists()


def test_one_that_llama_cpp_refuses_gives_its_reason(
    pairs: dict[str, Pair], tmp_path: Path
) -> None:
    path = tmp_path / "other.gguf"
    data = pairs["qwen"].mmproj.read_bytes()
    path.write_bytes(data.replace(b"mm.a.fc.bias", b"mm.a.fc.bixs", 1))
    with pytest.raises(KnownError, match=r"llama\.cpp refuses .*mm\.a\.fc\.bias"):
        try_mmproj(path, pairs["qwen"].model, ("a", "b"))


def test_one_that_does_not_end_is_given_up(pairs: dict[str, Pair]) -> None:
    pair = pairs["llava"]
    with pytest.raises(KnownError, match=r"not done after 0\.01 s"):
        try_mmproj(pair.mmproj, pair.model, ("a", "b"), limit_s=0.01)


@pytest.mark.soak
@pytest.mark.parametrize("name", ["llava", "qwen", "ultravox"])
def test_no_broken_file_gets_past_both_checks_and_then_ends_the_process(
    pairs: dict[str, Pair], tmp_path: Path, name: str
) -> None:
    """Every file that the head does not betray is tried; one that was found good opens again."""
    pair, source = pairs[name], random.Random(1)
    data, head = pair.mmproj.read_bytes(), read_head(pair.mmproj)
    head_bytes = len(data) - sum(tensor.size for tensor in head.tensors.values())
    tried = 0
    for number in range(600):
        path = tmp_path / f"{number}.gguf"
        change = flipped(source, data, head_bytes) if number % 2 else None
        path.write_bytes(contradicting(source, data, head) if change is None else change)
        try:
            check_mmproj(path)
            tried += 1
            try_mmproj(path, pair.model, (f"{number}", "b"))
        except KnownError as error:
            assert "expected " in str(error)
        else:
            try_mmproj(path, pair.model, (f"{number} again", "b"))
        path.unlink()
    assert tried > 20
