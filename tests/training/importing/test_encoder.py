"""ImageBind's file becomes three towers in float16, and a tokenizer for words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from plugins.errors import KnownError
from runtime.encoder.config import EncoderConfig
from runtime.encoder.model import ImageBindEncoder, load_encoder
from runtime.encoder.words import token_ids
from tests.training.importing.checkpoints import ENCODER, SMALL, write_encoder
from training.importing.encoder import clip_tokenizer, open_encoder, written_bytes
from training.importing.encoder import write_encoder as write


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_encoder(tmp_path / "imagebind_huge.pth", SMALL)
    return tmp_path / "imagebind_huge.pth"


def test_three_towers_are_taken_and_the_others_listed(file: Path, tmp_path: Path) -> None:
    encoder, done = open_encoder(file, ENCODER), list[int]()
    target = tmp_path / "encoder.safetensors"
    write(target, encoder, done.append)
    assert sum(done) == written_bytes(encoder)
    assert len(encoder.left_out) == 6
    assert {name.split(".")[1] for name in encoder.left_out} == {"depth", "thermal", "imu"}
    whole, half = torch.load(file, weights_only=True), load_file(target)
    assert half.keys() | set(encoder.left_out) == whole.keys()
    assert all(torch.equal(half[name], whole[name].half()) for name in half)
    load_encoder(ENCODER, target)


def test_the_full_encoder_has_the_towers_that_are_wanted() -> None:
    with torch.device("meta"):
        state = ImageBindEncoder(EncoderConfig.huge()).state_dict()
    assert len(state) == 864
    assert sum(tensor.numel() for tensor in state.values()) > 1_073_000_000


def test_another_file_is_refused_with_what_differs(file: Path, tmp_path: Path) -> None:
    state = torch.load(file, weights_only=True)
    state["modality_trunks.smell.weight"] = torch.zeros(1)
    del state["modality_heads.vision.2.weight"]
    torch.save(state, file)
    with pytest.raises(
        KnownError, match=r"missing modality_heads\.vision\.2\.weight .*; left over"
    ):
        open_encoder(file, ENCODER)
    with pytest.raises(KnownError, match="found no file"):
        open_encoder(tmp_path / "none.pth", ENCODER)


def test_numbers_that_float16_cannot_hold_are_refused(file: Path, tmp_path: Path) -> None:
    state = torch.load(file, weights_only=True)
    state["modality_heads.vision.2.weight"][0, 0] = 1e6
    torch.save(state, file)
    with pytest.raises(KnownError, match=r"in modality_heads\.vision\.2\.weight, found others"):
        write(tmp_path / "a.safetensors", open_encoder(file, ENCODER), lambda _: None)
    assert not list(tmp_path.glob("a.safetensors*"))


def _clip(folder: Path, merges: str = "#version: 0.2\na b</w>\nc ab</w>\n") -> Path:
    words = ["a", "b</w>", "c", "ab</w>", "cab</w>", "1</w>", "!</w>", "Ġ"]
    vocabulary = {word: i for i, word in enumerate(words)}
    vocabulary |= {"<|startoftext|>": 10, "<|endoftext|>": 11}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), "utf-8")
    (folder / "merges.txt").write_text(merges, "utf-8")
    return folder


def test_captions_are_cut_as_clip_cuts_them(tmp_path: Path) -> None:
    clip_tokenizer(_clip(tmp_path), ENCODER).save(str(tmp_path / "tokenizer.json"))
    assert ENCODER.text is not None
    ids = token_ids(tmp_path / "tokenizer.json", " CAB  ab1! <|endoftext|>", ENCODER.text)[
        0
    ].tolist()
    assert ids[:5] == [10, 4, 3, 5, 6]
    assert ids[-1] == 11
    assert len(ids) <= ENCODER.text.context


@pytest.mark.parametrize("merges", ["a\n", "x y\n"])
def test_a_broken_tokenizer_is_refused(tmp_path: Path, merges: str) -> None:
    with pytest.raises(KnownError, match=r"expected CLIP's vocab\.json and merges\.txt"):
        clip_tokenizer(_clip(tmp_path, merges), ENCODER)


def test_more_tokens_than_the_tower_has_are_refused(tmp_path: Path) -> None:
    few = EncoderConfig(embed_dim=16)
    with pytest.raises(KnownError, match="expected at most 0 tokens"):
        clip_tokenizer(_clip(tmp_path), few)
