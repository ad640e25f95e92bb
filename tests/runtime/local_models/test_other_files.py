"""Files and folders that are no models say what they are, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.local_models import making
from tests.runtime.local_models.naming import refusal

OTHERS: dict[str, tuple[dict[str, object], tuple[str, ...], str]] = {
    "adapter": ({"general.type": "adapter", "adapter.type": "lora"}, ("a",), "an adapter (LoRA)"),
    "control vector": ({"general.architecture": "controlvector"}, ("direction.1",), "an adapter"),
    "imatrix": ({"general.type": "imatrix"}, ("a",), "(imatrix)"),
    "bert": ({"general.architecture": "nomic-bert"}, ("a",), "an embedding model"),
    "pooling": ({"llama.pooling_type": 3}, ("a",), "an embedding model"),
    "reranker": ({"llama.pooling_type": 4}, ("a",), "a reranker"),
    "t5": ({"general.architecture": "t5encoder"}, ("a",), "(T5)"),
    "speech": ({"general.architecture": "qwen3tts"}, ("a",), "one for speech"),
    "flux": ({"general.architecture": "flux"}, ("a",), "pictures or clips"),
    "sd": ({"general.architecture": ""}, ("model.diffusion_model.x",), "pictures or clips"),
    "draft": ({"general.architecture": "eagle3"}, ("a",), "a draft model"),
    "diffusion": ({"general.architecture": "llada"}, ("a",), "a diffusion model"),
    "fused": ({"general.architecture": "gemma3"}, ("v.blk.0.x", "a"), "only Ollama runs"),
    "ollama": ({"general.architecture": "gptoss"}, ("a",), "only Ollama runs"),
    "nothing": ({}, ("a",), "a list of tokens"),
}  # fmt: skip


@pytest.mark.parametrize("what", OTHERS)
def test_sound_files_that_cannot_talk_say_what_they_are(tmp_path: Path, what: str) -> None:
    keys, tensors, words = OTHERS[what]

    assert words in refusal(making.other(tmp_path / "a.gguf", keys, tensors))


def test_an_mmproj_that_takes_nothing_in_or_speaks_is_refused(tmp_path: Path) -> None:
    silent = making.mmproj_head(tmp_path / "a.gguf", sides=())
    speaks = making.mmproj_head(tmp_path / "b.gguf", keys={"clip.has_gen_audio_encoder": True})

    assert "without either" in refusal(silent)
    assert "with which a model speaks" in refusal(speaks)


def test_a_cut_file_says_how_much_is_missing(tmp_path: Path) -> None:
    path = making.talker(tmp_path / "a.gguf")
    data = path.read_bytes()
    path.write_bytes(data[:-1000])

    said = refusal(path)

    assert f"found {len(data) - 1000} bytes" in said and "again from its source" in said


FILES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.gguf", b"", "0 bytes that hold nothing"),
    "zeros": ("a.gguf", bytes(4096), "4096 bytes that hold nothing"),
    "git": (
        "a.gguf",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 4920739232\n",
        "a file of 4920739232 bytes",
    ),
    "page": ("a.gguf", b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", "a web page"),
    "unfinished": ("a.gguf.part", b"GGUF\x03\x00\x00\x00", "not finished"),
    "checkpoint": ("a.ckpt", b"PK\x03\x04" + bytes(40), "a pickle"),
    "torch": ("a.pt", b"\x80\x02}q\x00", "a pickle"),
    "torch by content": (
        "a.bin",
        b"PK\x03\x04" + bytes(22) + b"\x10\x00\x00\x00" + b"archive/data.pkl" + bytes(9),
        "a pickle",
    ),
    "voices": (
        "voices-v1.0.bin",
        b"PK\x03\x04" + bytes(22) + b"\x0c\x00\x00\x00" + b"af_heart.npy" + bytes(9),
        "arrays of numbers",
    ),
    "zip": ("a.zip", b"PK\x03\x04" + bytes(40), "an archive"),
    "gz": ("a.tar.gz", b"\x1f\x8b\x08" + bytes(40), "an archive"),
    "tar": ("a.tar", b"x" * 257 + b"ustar" + bytes(40), "an archive"),
    "whisper.cpp": ("ggml-base.bin", b"lmgg" + (51_865).to_bytes(4, "little"), "for whisper.cpp"),
    "old": ("a.bin", b"tjgg" + bytes(8), "old format (GGML)"),
    "broken": ("a.safetensors", b"\xff" * 16, "something else under this name"),
    "onnx": ("a.onnx", b"\x08\x09", "one part of a model in ONNX"),
    "llamafile": ("a.llamafile", b"MZqFpD", "(llamafile)"),
    "Modelfile": ("Modelfile", b"FROM x.gguf", "Ollama's description"),
    "index": ("model_index.json", b"[]", "something else"),
    "config": ("config.json", b"{}", "Choose the folder"),
    "text": ("a.txt", b"hello", "a file of another kind"),
    "letters": ("a.gguf", b"GGUG" + bytes(40), "a file of another kind"),
    "short": ("a.gguf", b"GGUF\x03", "at least 24 bytes of GGUF"),
    "version": ("a.gguf", b"GGUF\x01" + bytes(40), "GGUF version 2 or 3"),
}


@pytest.mark.parametrize("what", FILES)
def test_files_that_are_no_models_say_what_they_are(tmp_path: Path, what: str) -> None:
    name, data, words = FILES[what]
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / name
    path.write_bytes(data)

    assert words in refusal(path)


SAFETENSORS = {
    "lora": ("unet.down.lora_A.weight", "an adapter (LoRA)"),
    "checkpoint": ("model.diffusion_model.input_blocks.0.weight", "in one file"),
    "language": ("model.layers.0.mlp.weight", "the GGUF version"),
    "part": ("encoder.conv.weight", "weights alone"),
}


@pytest.mark.parametrize("what", SAFETENSORS)
def test_single_files_of_weights_say_what_they_are(tmp_path: Path, what: str) -> None:
    name, words = SAFETENSORS[what]
    path = making.safetensors(tmp_path / "a.safetensors", [name])

    assert words in refusal(path)
    assert words in refusal(tmp_path)

    path.write_bytes(path.read_bytes()[:-1])
    assert "not copied or downloaded to its end" in refusal(path)


def folders(root: Path) -> Iterator[tuple[str, dict[str, bytes], str]]:
    yield "empty", {}, "an empty one"
    yield "adapter", {"adapter_config.json": b"{}", "adapter_model.safetensors": b""}, "LoRA"
    yield "sherpa", {"tokens.txt": b"", "encoder.onnx": b"", "b.wav": b""}, "for sherpa-onnx"
    yield "piper", {"en.onnx": b"", "en.onnx.json": b"{}"}, "a voice for Piper"
    yield "whisper.cpp", {"ggml-tiny.bin": b"", "notes.txt": b""}, "whisper.cpp"
    yield "kokoro", {"kokoro.onnx": b"", "voices-v1.0.bin": b""}, "as another program keeps it"
    trained = {"config.json": b'{"model_type": "llama"}', "model.safetensors": b""}
    yield "trained", trained, "the GGUF version"
    hears = {"config.json": b'{"model_type": "whisper"}', "pytorch_model.bin": b""}
    yield "whisper", hears, "CTranslate2 version"
    part = {"config.json": b'{"_class_name": "UNet"}', "diffusion_pytorch_model.bin": b""}
    yield "part", part, "the folder above it"
    yield "broken", {"config.json": b"[", "model.safetensors": b""}, "configuration in JSON"
    yield "others", {"a.txt": b"", "b.txt": b""}, "nothing that it knows"


def test_folders_without_a_model_say_what_they_hold(tmp_path: Path) -> None:
    for name, files, words in folders(tmp_path):
        (tmp_path / name).mkdir()
        for file, data in files.items():
            (tmp_path / name / file).write_bytes(data)

        assert words in refusal(tmp_path / name), name
