"""A small random Qwen3 with a tokenizer and a chat template like Qwen's: as transformers has it,
and as the same weights in a GGUF file.

Legend: V vocabulary, D model width.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

WIDTH, LAYERS, VOCABULARY = 64, 6, 384
CONTROL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
TAGS = ("<think>", "</think>")
TEMPLATE = (
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}"
    "{% if enable_thinking is defined and enable_thinking is false %}"
    "{{ '<think>\n\n</think>\n\n' }}{% endif %}{% endif %}"
)
"""The parts of Qwen3's own template that a single message meets."""
_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""Where Qwen cuts texts before it joins bytes."""
_LINES = ["a red boat on the sea at night", "user\nthe dog barks, it's 12 now", "assistant\n\n"]
_BLOCK = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


@functools.cache
def tokenizer() -> PreTrainedTokenizerFast:
    """A byte-level BPE tokenizer with Qwen's control tokens, tags and chat template."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_SPLIT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(CONTROL) - len(TAGS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(_LINES * 20, trainer)
    made.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in CONTROL])
    made.add_tokens([AddedToken(text, special=False, normalized=False) for text in TAGS])
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token=CONTROL[0],
        eos_token=CONTROL[2],
        chat_template=TEMPLATE,
        padding_side="right",
    )


def random_qwen3(seed: int = 0, *, layers: int = LAYERS) -> Qwen3ForCausalLM:
    """A Qwen3 whose matrices hold random numbers that float16 can hold exactly."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        config = Qwen3Config(
            vocab_size=VOCABULARY,
            hidden_size=WIDTH,
            intermediate_size=2 * WIDTH,
            num_hidden_layers=layers,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=32,
            max_position_embeddings=4096,
            rope_parameters={"rope_type": "default", "rope_theta": 1e6},
            tie_word_embeddings=True,
            pad_token_id=tokenizer().pad_token_id,
        )
        model = Qwen3ForCausalLM(config).eval()
        for name, parameter in model.named_parameters():
            if "norm" in name:
                torch.nn.init.uniform_(parameter, 0.5, 1.5)
            else:
                torch.nn.init.normal_(parameter, std=0.12)
    return model.half().float()


def write_gguf(model: Qwen3ForCausalLM, path: Path, *, dtype: Any = np.float16) -> Path:
    """The model with `tokenizer` as a GGUF; matrices as `dtype`, norms as float32."""
    config: Any = model.config
    writer = gguf.GGUFWriter(str(path), "qwen3")
    _write_settings(writer, config)
    _write_tokenizer(writer, config.vocab_size)
    for name, parameter in model.state_dict().items():
        if name != "lm_head.weight":
            array = parameter.float().numpy()
            writer.add_tensor(_name(name), array.astype(np.float32 if array.ndim == 1 else dtype))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _write_settings(writer: gguf.GGUFWriter, config: Any) -> None:
    writer.add_name("tiny Qwen3")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_vocab_size(config.vocab_size)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_key_length(config.head_dim)
    writer.add_value_length(config.head_dim)
    writer.add_rope_freq_base(float(config.rope_parameters["rope_theta"]))
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)


def _write_tokenizer(writer: gguf.GGUFWriter, size: int) -> None:
    by_id = {one: text for text, one in tokenizer().get_vocab().items()}
    kinds = {**dict.fromkeys(CONTROL, 3), **dict.fromkeys(TAGS, 4)}
    texts = [by_id.get(one, f"[UNUSED{one}]") for one in range(size)]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(texts)
    writer.add_token_types(
        [kinds.get(text, 1 if one in by_id else 5) for one, text in enumerate(texts)]
    )
    writer.add_token_merges(_merges())
    ids = tokenizer().convert_tokens_to_ids
    writer.add_eos_token_id(ids(CONTROL[2]))
    writer.add_pad_token_id(ids(CONTROL[0]))
    writer.add_add_bos_token(False)
    writer.add_string("tokenizer.chat_template", TEMPLATE)


def _merges() -> list[str]:
    import json

    described = json.loads(tokenizer().backend_tokenizer.to_str())
    return [m if isinstance(m, str) else " ".join(m) for m in described["model"]["merges"]]


def _name(name: str) -> str:
    top = {
        "model.embed_tokens.weight": "token_embd.weight",
        "model.norm.weight": "output_norm.weight",
    }
    if name in top:
        return top[name]
    number, _, rest = name.removeprefix("model.layers.").partition(".")
    return f"blk.{number}.{_BLOCK[rest.removesuffix('.weight')]}.weight"
