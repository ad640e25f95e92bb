"""A GGUF written again: more tokens, some other weights, and all else bit for bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import torch
from transformers import PreTrainedModel, Qwen2Config, Qwen2ForCausalLM

from plugins.errors import KnownError
from runtime.language_model.gguf_check import check_gguf
from runtime.language_model.model import LanguageModel
from tests import tiny_llama
from training.align.bundle import agreement
from training.gguf.load import LanguagePart, find_language_model, gguf_tensors
from training.gguf.patch import architecture, extend_gguf, read_vocabulary
from training.gguf.quantize import quantize

NEW = ("[SKETCH0]", "[SKETCH1]")
LINE = [0, 2, 7, 130, 131, 12]


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gguf") / "tiny.gguf"
    return tiny_llama.write_gguf(tiny_llama.random_llama(), path)


@pytest.fixture(scope="module")
def qwen(llama: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Qwen2 with tied embeddings and biases, with the tokens of the tiny Llama."""
    path = tmp_path_factory.mktemp("gguf") / "qwen.gguf"
    return write_qwen(llama, path)


def write_qwen(llama: Path, path: Path) -> Path:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        vocabulary = len(read_vocabulary(llama).tokens)
        config = Qwen2Config(
            vocab_size=vocabulary, hidden_size=64, intermediate_size=96, num_hidden_layers=2,
            num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=256,
            tie_word_embeddings=True, initializer_range=0.1,
        )  # fmt: skip
        model = Qwen2ForCausalLM(config).half().float()
    names = [name for name in model.state_dict() if name != "lm_head.weight"]
    tensors: dict[str, Any] = dict(gguf_tensors(model, "qwen2", names))
    writer = gguf.GGUFWriter(str(path), "qwen2")
    writer.add_context_length(256)
    writer.add_embedding_length(64)
    writer.add_block_count(2)
    writer.add_feed_forward_length(96)
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(10000.0)
    for field in gguf.GGUFReader(llama).fields.values():
        if field.name.startswith("tokenizer."):
            nested = field.types[-1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
            writer.add_key_value(field.name, field.contents(), field.types[0], sub_type=nested)
    for name, tensor in tensors.items():
        writer.add_tensor(name, tensor.astype(np.float32) if tensor.ndim == 1 else tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def embeddings(model: PreTrainedModel) -> list[str]:
    tied = model.config.tie_word_embeddings
    return ["model.embed_tokens.weight", *([] if tied else ["lm_head.weight"])]


def extended(source: Path, target: Path) -> PreTrainedModel:
    """`source` with two tokens more and one matrix changed, written to `target`."""
    model = LanguagePart(source).load()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        model.resize_token_embeddings(model.config.vocab_size + 2)
    state = model.state_dict()
    matrix = "model.layers.1.self_attn.k_proj.weight"
    with torch.no_grad():
        state[matrix].mul_(1.5)
    tensors = gguf_tensors(model, architecture(source), [*embeddings(model), matrix])
    extend_gguf(source, target, name="longer", tokens=NEW, tensors=tensors)
    return model


@pytest.mark.parametrize("kind", ["llama", "qwen"])
def test_the_written_model_computes_what_the_changed_one_computes(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source: Path = request.getfixturevalue(kind)
    model = extended(source, tmp_path / "longer.gguf")

    n = check_gguf(source).n_vocab
    assert check_gguf(tmp_path / "longer.gguf").n_vocab == n + 2
    assert agreement(model, tmp_path / "longer.gguf", [[*LINE, n, n + 1]]) > 0.9999


def test_a_quantized_model_keeps_what_was_not_changed(llama: Path, tmp_path: Path) -> None:
    quantize(llama, tmp_path / "q8.gguf", "Q8_0", n_threads=1)
    extended(tmp_path / "q8.gguf", tmp_path / "longer.gguf")

    before = {t.name: t for t in gguf.GGUFReader(tmp_path / "q8.gguf").tensors}
    after = {t.name: t for t in gguf.GGUFReader(tmp_path / "longer.gguf").tensors}
    other = {n for n in before if not np.array_equal(before[n].data, after[n].data)}
    assert other == {"token_embd.weight", "output.weight", "blk.1.attn_k.weight"}
    assert after["blk.1.attn_v.weight"].tensor_type == gguf.GGMLQuantizationType.Q8_0


def test_new_tokens_are_control_tokens_behind_the_old(llama: Path, tmp_path: Path) -> None:
    extended(llama, tmp_path / "longer.gguf")
    old, new = read_vocabulary(llama), read_vocabulary(tmp_path / "longer.gguf")

    assert new.tokens == (*old.tokens, *NEW)
    assert new.control == old.control | {len(old.tokens), len(old.tokens) + 1}
    assert (new.bos, new.eos) == ("<s>", "</s>")
    with LanguageModel(tmp_path / "longer.gguf", n_ctx=32, n_threads=1) as model:
        assert model.tokenize("[SKETCH1]", parse_special=True) == [len(old.tokens) + 1]
        assert len(model.tokenize("[SKETCH1]")) > 1


def test_tokens_that_are_there_are_used_again(llama: Path) -> None:
    vocabulary = read_vocabulary(llama)
    names = tiny_llama.SIGNAL_TEXTS["image"]

    assert vocabulary.control_ids(names) == list(tiny_llama.signal_ids()["image"])
    assert vocabulary.control_ids(NEW) is None
    with pytest.raises(KnownError, match="--signals"):
        vocabulary.control_ids([*names, "[IMG4]"])
    with pytest.raises(KnownError, match="--signals"):
        vocabulary.control_ids(["a", "b"])


def test_a_tensor_that_is_not_in_the_file_is_refused(llama: Path, tmp_path: Path) -> None:
    odd = {"odd.weight": np.zeros((2, 2), np.float16)}

    with pytest.raises(KnownError, match=r"odd\.weight"):
        extend_gguf(llama, tmp_path / "x.gguf", name="x", tokens=(), tensors=odd)

    assert list(tmp_path.iterdir()) == []


def test_a_gguf_of_another_kind_is_refused(llama: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.gguf"
    data = llama.read_bytes()
    # The architecture's name stands in every key of its own.
    path.write_bytes(data.replace(b"llama", b"mamba"))

    with pytest.raises(KnownError, match="expected a GGUF of llama, qwen2, qwen3, found mamba"):
        find_language_model(str(path))
