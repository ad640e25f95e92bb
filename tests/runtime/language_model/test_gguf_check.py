"""GGUF files are untrusted: whatever they hold, the check answers quickly, with facts or a line."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import gguf
import pytest

from plugins.errors import KnownError
from runtime.language_model import gguf_head
from runtime.language_model.gguf_check import check_gguf
from runtime.language_model.model import LanguageModel
from tests import tiny_llama


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("gguf") / "sound.gguf"
    return tiny_llama.write_gguf(tiny_llama.random_llama(), path).read_bytes()


def refused(path: Path, data: bytes, words: str) -> None:
    path.write_bytes(data)
    with pytest.raises(KnownError, match=words) as caught:
        LanguageModel(path, n_ctx=256)
    assert "\n" not in str(caught.value)


def head(n_tensors: int = 1, n_keys: int = 1, version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, n_tensors, n_keys)


def text(value: bytes) -> bytes:
    return struct.pack("<Q", len(value)) + value


def test_a_sound_file_says_what_it_is(tmp_path: Path, sound: bytes) -> None:
    path = tmp_path / "t.gguf"
    path.write_bytes(sound)
    facts = check_gguf(path, d_model=64, n_vocab=tiny_llama.tokenizer().get_vocab_size())
    assert (facts.architecture, facts.n_ctx_train, facts.n_tensors) == ("llama", 512, 21)
    assert facts.metadata["general.name"] == "tiny"


def test_another_size_than_the_manifest_says_is_refused_with_both_numbers(
    tmp_path: Path, sound: bytes
) -> None:
    path = tmp_path / "t.gguf"
    path.write_bytes(sound)
    with pytest.raises(KnownError, match=r"d_model 4096 in t\.gguf, found 64"):
        LanguageModel(path, n_ctx=256, d_model=4096)
    with pytest.raises(KnownError, match=r"n_vocab 32038 in t\.gguf, found 3"):
        LanguageModel(path, n_ctx=256, n_vocab=32038)


def test_random_bytes_are_refused(tmp_path: Path) -> None:
    source = random.Random(0)
    refused(tmp_path / "t.gguf", source.randbytes(5000), "the letters GGUF")
    refused(tmp_path / "t.gguf", b"GGUF" + source.randbytes(5000), "version 2 or 3")
    refused(tmp_path / "t.gguf", head() + b"\xff" * 5000, "at most 65535 bytes")


def test_no_file_an_empty_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    refused(tmp_path / "t.gguf", b"", "at least 24 bytes")
    for path in (tmp_path / "none.gguf", tmp_path):
        with pytest.raises(KnownError, match="check the path"):
            check_gguf(path)


@pytest.mark.parametrize("version", [0, 1, 4, 0x03000000])
def test_another_version_is_refused(tmp_path: Path, sound: bytes, version: int) -> None:
    changed = sound[:4] + struct.pack("<I", version) + sound[8:]
    refused(tmp_path / "t.gguf", changed, f"found version {version}")


def test_a_cut_file_is_refused_wherever_it_was_cut(tmp_path: Path, sound: bytes) -> None:
    lengths = [*range(1, 400, 7), *range(400, len(sound), 997), len(sound) - 1]
    path = tmp_path / "t.gguf"
    for length in lengths:
        path.write_bytes(sound[:length])
        with pytest.raises(KnownError):
            check_gguf(path)


def test_huge_claims_cost_nothing(tmp_path: Path) -> None:
    key = text(b"k")
    claims = {
        "at most 65536 tensors": head(n_tensors=2**63),
        "at most 65536 keys": head(n_keys=2**40),
        "at most 65535 bytes": head() + struct.pack("<Q", 2**62),
        "bytes more": head() + key + struct.pack("<IIQ", 9, 4, 2**61),
        "texts": head() + key + struct.pack("<IIQ", 9, 8, 2**61),
        "inside the file": head() + key + struct.pack("<IIQQ", 9, 8, 1, 2**63),
        "at most 16777216": head() + key + struct.pack("<IQ", 8, 2**30),
        "found element type 9": head() + key + struct.pack("<IIQ", 9, 9, 1),
        "known value type": head() + key + struct.pack("<I", 13),
        "a list of tokens": head() + key + struct.pack("<IB", 0, 1),
    }
    for words, data in claims.items():
        refused(tmp_path / "t.gguf", data + bytes(64), words)


def test_a_key_twice_is_refused(tmp_path: Path) -> None:
    pair = text(b"key") + struct.pack("<IB", 0, 1)
    refused(tmp_path / "t.gguf", head(n_keys=2) + pair * 2 + bytes(64), "'key' twice")


@pytest.mark.parametrize("name", [b"general.name", b"output.weight"])
def test_a_name_that_is_no_utf8_is_refused(tmp_path: Path, sound: bytes, name: bytes) -> None:
    changed = sound.replace(text(name), text(b"\xff" + name[1:]), 1)
    assert changed != sound
    refused(tmp_path / "t.gguf", changed, "in UTF-8 in")


def changed_entry(sound: bytes, name: bytes, field: int, value: int) -> bytes:
    """`sound` with one number of a matrix's entry changed: 0, 1 sizes, 2 type, 3 offset."""
    at = sound.index(text(name)) + 8 + len(name) + 4
    offset, code = [(0, "<Q"), (8, "<Q"), (16, "<I"), (20, "<Q")][field]
    data = bytearray(sound)
    struct.pack_into(code, data, at + offset, value)
    return bytes(data)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (0, 0, "blocks"),
        (0, 2**62, "blocks"),
        (1, 2**40, "the end of tensor 'output.weight'"),
        (2, 999, "type 999"),
        (2, 12, "blocks of 256"),
        (3, 33, "multiple of 32"),
        (3, 2**50, "the end of tensor 'output.weight'"),
    ],
)
def test_a_tensor_that_cannot_be_is_refused(
    tmp_path: Path, sound: bytes, field: int, value: int, words: str
) -> None:
    changed = changed_entry(sound, b"output.weight", field, value)
    refused(tmp_path / "t.gguf", changed, words)


def test_token_lists_of_other_lengths_are_refused(tmp_path: Path, sound: bytes) -> None:
    key = text(b"tokenizer.ggml.token_type")
    at = sound.index(key) + len(key) + 8
    count = struct.unpack_from("<Q", sound, at)[0]
    shorter = sound[:at] + struct.pack("<Q", count - 1) + sound[at + 8 : at + 8 + 4 * (count - 1)]
    shorter += sound[at + 8 + 4 * count :]
    refused(tmp_path / "t.gguf", shorter, f"{count} numbers in tokenizer.ggml.token_type")


def changed_setting(sound: bytes, key: bytes, value: bytes) -> bytes:
    """`sound` with the four bytes of one setting changed."""
    at = sound.index(text(key)) + 8 + len(key) + 4
    return sound[:at] + value + sound[at + 4 :]


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        (b"llama.block_count", struct.pack("<I", 65536), "1 to 512 as llama.block_count"),
        (b"llama.embedding_length", struct.pack("<I", 0), "1 to 1048576 as llama.embedding_length"),
        (b"llama.attention.layer_norm_rms_epsilon", struct.pack("<f", -1), "found -1.0"),
        (b"llama.attention.layer_norm_rms_epsilon", struct.pack("<f", float("nan")), "found nan"),
    ],
)
def test_settings_on_which_llama_cpp_would_end_the_process_are_refused(
    tmp_path: Path, sound: bytes, key: bytes, value: bytes, words: str
) -> None:
    refused(tmp_path / "t.gguf", changed_setting(sound, key, value), words)


@pytest.mark.parametrize("name", [b"<user>", b"[IM\0 ]"])
def test_tokens_that_are_not_unique_texts_are_refused(
    tmp_path: Path, sound: bytes, name: bytes
) -> None:
    refused(tmp_path / "t.gguf", sound.replace(b"[IMG0]", name, 1), "each token once")


def test_flipped_bytes_in_the_head_end_in_facts_or_a_line(tmp_path: Path, sound: bytes) -> None:
    source = random.Random(1)
    path = tmp_path / "t.gguf"
    for _ in range(300):
        data = bytearray(sound)
        for _ in range(source.randint(1, 3)):
            data[source.randrange(min(len(data), 9000))] = source.randrange(256)
        path.write_bytes(data)
        try:
            check_gguf(path)
        except KnownError as error:
            assert str(error).startswith("expected ")


def test_block_sizes_are_those_of_the_format() -> None:
    for kind, sizes in gguf.GGML_QUANT_SIZES.items():
        assert gguf_head.BLOCKS[int(kind)] == sizes


def test_a_file_that_only_llama_cpp_can_refuse_gives_its_reason(
    tmp_path: Path, sound: bytes
) -> None:
    refused(tmp_path / "t.gguf", sound.replace(b"ffn_up", b"ffn_ux"), "llama.cpp can load")
