"""The language model that NExT-GPT was trained on is taken, and what only looks like it is refused
by name."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from plugins.errors import KnownError
from tests.training.importing.checkpoints import SMALL, WORDS, tokenizer_model, write_base
from training.importing.base import open_base
from training.importing.base_checks import matrices
from training.importing.language_model import _write_settings


@pytest.fixture(scope="module")
def vicuna(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vicuna")
    write_base(folder, SMALL)
    return folder


def copied(vicuna: Path, folder: Path, **config: Any) -> Path:
    """The same folder with other settings."""
    folder.mkdir(exist_ok=True)
    for file in vicuna.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    found = json.loads((folder / "config.json").read_text("utf-8")) | config
    (folder / "config.json").write_text(json.dumps(found), "utf-8")
    return folder


def test_shards_of_pickles_are_the_same_model(vicuna: Path, tmp_path: Path) -> None:
    write_base(tmp_path, SMALL, pickled=True)
    pickled, plain = open_base(tmp_path, SMALL), open_base(vicuna, SMALL)
    assert len(pickled.left_out) == SMALL.layers
    assert pickled.pieces == plain.pieces
    for name in matrices(SMALL):
        assert np.array_equal(pickled.get(name), plain.get(name))


def test_tables_of_another_base_are_refused(tmp_path: Path) -> None:
    write_base(tmp_path, SMALL, pickled=True)
    for shard in tmp_path.glob("*.bin"):
        state = torch.load(shard, weights_only=True)
        for name in [name for name in state if name.endswith("inv_freq")]:
            state[name] = 1e6 ** -(torch.arange(8) / 8)
        torch.save(state, shard)
    with pytest.raises(KnownError, match="rotary positions of another base"):
        open_base(tmp_path, SMALL)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"max_position_embeddings": 4096, "rms_norm_eps": 1e-5},
         r"found Vicuna v1\.5 or another child of Llama-2: n_ctx 4096 \(expected 2048\); rms_eps"),
        ({"max_position_embeddings": 4096, "rope_scaling": {"type": "linear", "factor": 4.0}},
         r"found Vicuna v1\.5 or another child of Llama-2"),
        ({"rope_parameters": {"rope_theta": 500_000.0, "rope_type": "default"}},
         r"found another model: rope_base 500000"),
        ({"num_key_value_heads": 1}, r"found another model: kv_heads 1 \(expected 4\)"),
        ({"model_type": "mistral"}, r"found a model of the kind mistral"),
    ],
)  # fmt: skip
def test_other_models_of_its_shapes_are_refused_by_name(
    vicuna: Path, tmp_path: Path, config: dict[str, Any], said: str
) -> None:
    with pytest.raises(KnownError, match=said):
        open_base(copied(vicuna, tmp_path / "other", **config), SMALL)


def test_another_tokenizer_is_refused_by_its_hash(vicuna: Path) -> None:
    with pytest.raises(KnownError, match=r"another tokenizer\.model than LLaMA's \(SHA-256 "):
        open_base(vicuna, replace(SMALL, tokenizer_sha256="9e556afd"))


def test_another_vocabulary_is_refused(vicuna: Path, tmp_path: Path) -> None:
    other = copied(vicuna, tmp_path / "other")
    (other / "tokenizer.model").write_bytes(tokenizer_model([*WORDS[:-1]]))
    with pytest.raises(KnownError, match=rf"a vocabulary of {len(WORDS) - 1} tokens"):
        open_base(other, SMALL)
    (other / "tokenizer.model").write_bytes(tokenizer_model(["a", *WORDS[1:]]))
    with pytest.raises(KnownError, match="another vocabulary than LLaMA's"):
        open_base(other, SMALL)
    (other / "tokenizer.model").unlink()
    with pytest.raises(KnownError, match=r"expected LLaMA's tokenizer\.model, found none"):
        open_base(other, SMALL)


def test_a_pad_behind_its_vocabulary_is_left_out(vicuna: Path, tmp_path: Path) -> None:
    """Every row of both tables is the checkpoint's, so a row more of Vicuna's own says nothing."""
    other = copied(vicuna, tmp_path / "other", vocab_size=len(WORDS) + 1)
    state = load_file(other / "model.safetensors")
    for name in ("model.embed_tokens.weight", "lm_head.weight"):
        state[name] = torch.cat([state[name], state[name][:1]])
    save_file(state, other / "model.safetensors")
    (other / "tokenizer.model").write_bytes(tokenizer_model([*WORDS, "[PAD]"]))
    assert open_base(other, SMALL).pieces.tokens == tuple(WORDS)


def test_tensors_that_are_missing_or_left_over_are_named(vicuna: Path, tmp_path: Path) -> None:
    other = copied(vicuna, tmp_path / "other")
    state = load_file(other / "model.safetensors")
    state["model.layers.9.mlp.up_proj.weight"] = state.pop("model.layers.0.mlp.up_proj.weight")
    state["model.layers.0.mlp.down_proj.weight"] = torch.zeros(3, 3)
    save_file(state, other / "model.safetensors")
    with pytest.raises(KnownError) as caught:
        open_base(other, SMALL)
    for said in (
        "missing blk.0.ffn_up.weight [96, 64]",
        "blk.0.ffn_down.weight of shape [3, 3] in place of [64, 96]",
        "left over blk.9.ffn_up.weight",
    ):
        assert said in str(caught.value)


def test_a_path_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"config\.json, or as a \.gguf file, found neither"):
        open_base(tmp_path, SMALL)
    (tmp_path / "config.json").write_text("{", "utf-8")
    with pytest.raises(KnownError, match="a file that cannot be read"):
        open_base(tmp_path, SMALL)


def _gguf(path: Path, **changes: Any) -> Path:
    writer = gguf.GGUFWriter(str(path), changes.get("kind", "llama"))
    _write_settings(writer, replace(SMALL, **changes.get("sizes", {})))
    if "split" in changes:
        writer.add_uint16("split.count", changes["split"])
    tokens = changes.get("tokens", WORDS)
    writer.add_tokenizer_model(changes.get("vocabulary", "llama"))
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([1] * len(tokens))
    for name, shape in matrices(SMALL).items():
        writer.add_tensor(name, np.zeros(shape, np.float16 if len(shape) > 1 else np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sizes": {"n_ctx": 4096, "rms_eps": 1e-5}}, r"found Vicuna v1\.5 or another child"),
        ({"sizes": {"rope_base": 1e6}}, "found another model: rope_base"),
        ({"split": 3}, "one of 3 pieces|one piece of several"),
        ({"vocabulary": "gpt2"}, "found a vocabulary of the kind gpt2"),
        ({"tokens": [*WORDS, "<x>", "<y>"]}, r"a vocabulary of \d+ tokens \(<x>, <y>\)"),
    ],
)
def test_other_gguf_files_are_refused(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(KnownError, match=said):
        open_base(_gguf(tmp_path / "a.gguf", **changes), SMALL)


def test_a_gguf_with_a_pad_is_taken(tmp_path: Path) -> None:
    base = open_base(_gguf(tmp_path / "a.gguf", tokens=[*WORDS, "[PAD]"]), SMALL)
    assert base.pieces.tokens == tuple(WORDS)
