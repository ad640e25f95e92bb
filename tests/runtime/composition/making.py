"""Small true models to compose bundles of: language models with a chat template, whole or in
pieces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gguf

from tests import tiny_llama

ANSWER = " now</s>"
CHATML = (
    "{% for m in messages %}{{ '<user>' if m.role == 'user' else '<assistant>' }}{{ m.content }}"
    "{% if m.role == 'assistant' %}{{ '</s>' }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<assistant>' }}{% endif %}"
)
"""A template with the control tokens that the tiny models know."""


_SET = ("general.architecture", "llama.context_length")


def language_model(path: Path, template: str = "", a_piece: int = 0) -> Path:
    """A scripted language model; a file, or the first of pieces of `a_piece` tensors each."""
    plain = path.with_suffix(".plain")
    script = tiny_llama.ids(f"<assistant>a red boat{ANSWER}")
    tiny_llama.write_gguf(tiny_llama.scripted_llama(script), plain)
    rewrite(plain, path, {"tokenizer.chat_template": template} if template else {}, a_piece)
    plain.unlink()
    return next(iter(sorted(path.parent.glob(f"{path.stem}-00001-of-*.gguf"))), path)


def rewrite(source: Path, target: Path, keys: dict[str, str], a_piece: int = 0) -> None:
    """Write a GGUF again with more keys, in pieces of `a_piece` tensors."""
    reader = gguf.GGUFReader(source)
    name = str(_value(reader.fields["general.architecture"]))
    writer = gguf.GGUFWriter(target, name, split_max_tensors=a_piece)
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name in _SET:
            continue
        inner = field.types[1] if len(field.types) > 1 else None
        writer.add_key_value(field.name, _value(field), field.types[0], sub_type=inner)
    writer.add_context_length(4096)  # The words that go with a question take some of it.
    for key, value in keys.items():
        writer.add_string(key, value)
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _value(field: gguf.ReaderField) -> Any:
    return field.contents()
