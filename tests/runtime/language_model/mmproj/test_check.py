"""An mmproj is untrusted: what llama.cpp would not survive is refused by its head, in one line."""

from __future__ import annotations

import random
import struct
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest

from plugins.errors import KnownError
from runtime.language_model.gguf_head import read_head
from runtime.language_model.mmproj.check import check_mmproj, mmproj_bytes
from tests import tiny_llama
from tests.mutated_gguf import contradicting, flipped
from tests.tiny_mmproj import D_MODEL, Pair, write_pair

NAMES = ("llava", "qwen", "deepstack", "gemma", "ultravox")


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pair]:
    folder = tmp_path_factory.mktemp("mmproj")
    return {name: write_pair(folder, name) for name in NAMES}


def refused(path: Path, words: str) -> None:
    with pytest.raises(KnownError, match=words) as caught:
        check_mmproj(path)
    assert "\n" not in str(caught.value)


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def with_setting(pair: Pair, path: Path, key: str, code: str, value: Any) -> Path:
    """The file with the value of one setting changed."""
    data = bytearray(pair.mmproj.read_bytes())
    at = data.index(text(key)) + len(text(key)) + 4
    struct.pack_into(code, data, at, value)
    path.write_bytes(data)
    return path


def with_size(pair: Pair, path: Path, tensor: str, axis: int, size: int) -> Path:
    """The file with one size of a tensor changed."""
    data = bytearray(pair.mmproj.read_bytes())
    at = data.index(text(tensor)) + len(text(tensor)) + 4 + 8 * axis
    struct.pack_into("<Q", data, at, size)
    path.write_bytes(data)
    return path


def without(pair: Pair, path: Path, tensor: str) -> Path:
    """The file with a tensor under another name."""
    path.write_bytes(pair.mmproj.read_bytes().replace(text(tensor), text("x" * len(tensor)), 1))
    return path


@pytest.mark.parametrize(
    ("name", "modalities", "width"),
    [
        ("llava", ("image", "video"), D_MODEL),
        ("qwen", ("image", "video", "audio"), D_MODEL),
        ("deepstack", ("image", "video"), None),
        ("gemma", ("image", "video"), D_MODEL),
        ("ultravox", ("audio",), D_MODEL),
    ],
)
def test_a_sound_file_says_what_it_takes(
    pairs: dict[str, Pair], name: str, modalities: tuple[str, ...], width: int | None
) -> None:
    path = pairs[name].mmproj
    facts = check_mmproj(path, width=2 * D_MODEL if name == "deepstack" else D_MODEL)
    assert (facts.modalities, facts.width) == (modalities, width)
    assert 0 < facts.size < path.stat().st_size
    assert mmproj_bytes(path) == facts.size


def test_one_for_a_model_of_another_width_is_refused_with_both_numbers(
    pairs: dict[str, Pair],
) -> None:
    with pytest.raises(KnownError, match=r"width 4096 in mmproj-llava\.gguf, found 64"):
        check_mmproj(pairs["llava"].mmproj, width=4096)


def test_a_language_model_and_files_that_are_none_are_refused(
    pairs: dict[str, Pair], tmp_path: Path
) -> None:
    refused(pairs["llava"].model, "see or hear")
    path = tmp_path / "t.gguf"
    path.write_bytes(random.Random(0).randbytes(5000))
    refused(path, "the letters GGUF")
    refused(tmp_path / "none.gguf", "check the path")
    tiny_llama.write_gguf(tiny_llama.random_llama(), path)
    refused(path, "see or hear")


@pytest.mark.parametrize("name", NAMES)
def test_a_cut_file_is_refused_wherever_it_was_cut(
    pairs: dict[str, Pair], tmp_path: Path, name: str
) -> None:
    data = pairs[name].mmproj.read_bytes()
    path = tmp_path / "t.gguf"
    for length in [*range(1, 4000, 97), len(data) // 2, len(data) - 1]:
        path.write_bytes(data[:length])
        with pytest.raises(KnownError):
            check_mmproj(path)


@pytest.mark.parametrize(
    ("key", "code", "value", "words"),
    [
        ("clip.vision.attention.head_count", "<I", 0, "head_count: 1 - 1024"),
        ("clip.vision.attention.head_count", "<I", 5, r"embedding_length: 5 \*"),
        ("clip.vision.embedding_length", "<I", 2**31, "embedding_length: 1 - 65536"),
        ("clip.vision.block_count", "<I", 3, r"v\.blk\.2\."),
        ("clip.vision.block_count", "<I", 100_000, "block_count: 1 - 512"),
        ("clip.vision.patch_size", "<I", 0, "patch_size: 1 - 1024"),
        ("clip.vision.patch_size", "<I", 64, r"image_size: 1 - 256 \*"),
        ("clip.vision.image_size", "<I", 8192, r"image_size: 1 - 256 \*"),
        ("clip.vision.image_size", "<I", 40, r"v\.position_embd\.weight: >= 25"),
        ("clip.vision.attention.layer_norm_epsilon", "<f", float("nan"), "layer_norm_epsilon"),
        ("clip.has_vision_encoder", "<?", False, "for pictures or sounds"),
    ],
)
def test_settings_on_which_llama_cpp_would_end_the_process_are_refused(
    pairs: dict[str, Pair], tmp_path: Path, key: str, code: str, value: Any, words: str
) -> None:
    refused(with_setting(pairs["llava"], tmp_path / "t.gguf", key, code, value), words)


def test_a_setting_of_another_type_is_refused(pairs: dict[str, Pair], tmp_path: Path) -> None:
    data = pairs["llava"].mmproj.read_bytes()
    key = text("clip.vision.patch_size")
    at = data.index(key) + len(key)
    path = tmp_path / "t.gguf"
    path.write_bytes(data[:at] + struct.pack("<I", 5) + data[at + 4 :])
    refused(path, r"clip\.vision\.patch_size: uint32")


def test_settings_that_llama_cpp_does_not_read_may_be_of_any_type(
    pairs: dict[str, Pair], tmp_path: Path
) -> None:
    data = pairs["llava"].mmproj.read_bytes()
    n_keys = struct.unpack_from("<Q", data, 16)[0]
    extra = text("clip.has_text_encoder") + struct.pack("<I?", 7, False)
    extra += text("clip.vision.image_aspect_ratio") + struct.pack("<I", 8) + text("anyres")
    at = data.index(text("clip.has_vision_encoder"))
    path = tmp_path / "t.gguf"
    path.write_bytes(
        data[:16] + struct.pack("<Q", n_keys + 2) + data[24:at] + extra + data[at:] + bytes(64)
    )
    assert check_mmproj(path).modalities == ("image", "video")


@pytest.mark.parametrize("projector", ["deepseek4v", "qwen3tts_gen", "nothing", ""])
def test_projectors_that_are_not_known_are_refused(tmp_path: Path, projector: str) -> None:
    path = tmp_path / "t.gguf"
    writer = gguf.GGUFWriter(str(path), "clip")
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", projector)
    writer.add_tensor("v.x", np.zeros((4, 4), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    refused(path, "for pictures or sounds that Medley knows")


@pytest.mark.parametrize(
    ("name", "tensor", "axis", "size"),
    [
        ("llava", "v.blk.0.attn_q.weight", 0, 32),
        ("llava", "v.blk.1.attn_out.weight", 1, 63),
        ("llava", "v.blk.1.ffn_up.bias", 0, 64),
        ("llava", "v.blk.0.ln1.weight", 0, 1),
        ("llava", "v.patch_embd.weight", 2, 1),
        ("llava", "v.class_embd", 0, 63),
        ("gemma", "v.position_embd.weight", 1, 15),
        ("qwen", "a.conv1d.1.weight", 1, 8),
        ("ultravox", "mm.a.mlp.1.weight", 0, 128),
        ("ultravox", "mm.a.mlp.2.weight", 0, 64),
    ],
)
def test_shapes_that_do_not_fit_each_other_are_refused(
    pairs: dict[str, Pair], tmp_path: Path, name: str, tensor: str, axis: int, size: int
) -> None:
    refused(with_size(pairs[name], tmp_path / "t.gguf", tensor, axis, size), "expected ")


@pytest.mark.parametrize(
    ("name", "tensor"),
    [
        ("llava", "v.blk.1.attn_k.weight"),
        ("llava", "v.blk.1.ln2.bias"),
        ("llava", "mm.2.bias"),
        ("llava", "v.position_embd.weight"),
        ("qwen", "v.blk.0.attn_q.bias"),
        ("qwen", "v.patch_embd.weight.1"),
        ("qwen", "a.position_embd.weight"),
        ("deepstack", "v.patch_embd.bias"),
        ("deepstack", "v.deepstack.0.fc2.bias"),
        ("ultravox", "a.blk.0.attn_v.bias"),
    ],
)
def test_a_missing_tensor_that_would_be_read_through_a_null_pointer_is_refused(
    pairs: dict[str, Pair], tmp_path: Path, name: str, tensor: str
) -> None:
    refused(without(pairs[name], tmp_path / "t.gguf", tensor), "expected ")


def test_a_name_with_a_line_break_stays_one_line(pairs: dict[str, Pair], tmp_path: Path) -> None:
    path = tmp_path / "t.gguf"
    broken = text("v.blk.0.ln1\nweight")
    path.write_bytes(pairs["llava"].mmproj.read_bytes().replace(text("v.blk.0.ln1.weight"), broken))
    refused(path, r"v\.blk\.0\.ln1\.weight")
    broken = text("v.blk.0.attn_k\nxyzw")
    path.write_bytes(
        pairs["llava"].mmproj.read_bytes().replace(text("v.blk.0.attn_k.bias"), broken)
    )
    refused(path, "expected ")


@pytest.mark.parametrize("name", NAMES)
def test_broken_files_end_in_facts_or_a_line(
    pairs: dict[str, Pair], tmp_path: Path, name: str
) -> None:
    ends_in_facts_or_a_line(pairs[name].mmproj, tmp_path / "t.gguf", 150)


@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES)
def test_thousands_of_broken_files_end_in_facts_or_a_line(
    pairs: dict[str, Pair], tmp_path: Path, name: str
) -> None:
    ends_in_facts_or_a_line(pairs[name].mmproj, tmp_path / "t.gguf", 4000)


def ends_in_facts_or_a_line(sound: Path, path: Path, count: int) -> None:
    data, head = sound.read_bytes(), read_head(sound)
    head_bytes = len(data) - sum(tensor.size for tensor in head.tensors.values())
    source = random.Random(count)
    refusals = 0
    for number in range(count):
        broken = (
            flipped(source, data, head_bytes) if number % 2 else contradicting(source, data, head)
        )
        path.write_bytes(broken)
        try:
            check_mmproj(path, width=D_MODEL)
        except KnownError as error:
            assert "expected " in str(error) and "\n" not in str(error)
            refusals += 1
    assert refusals > count // 2
