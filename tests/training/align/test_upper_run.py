"""`medley train align --keep-layers`: the lower layers stay, and what was learned is a delta."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
from safetensors.torch import load_file

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle
from runtime.components.load import signal_rows
from runtime.composition import delta as deltas
from runtime.composition.gguf_rewrite import rewrite_gguf
from tests import tiny_llama
from tests.runtime.making_media import write_picture
from tests.sketches import write_requests
from tests.tiny_bundle import write_tiny_bundle
from tests.training.align.making import WISHES, align, wanted
from training.align import upper_run

pytestmark = pytest.mark.slow
UNUSED = tiny_llama.signal_ids()["video"]


def with_unused_rows(target: Path) -> Path:
    """A GGUF some of whose tokens no text uses."""
    exact = tiny_llama.write_gguf(tiny_llama.random_llama(64), target.with_name("exact.gguf"))

    def field(key: str, value: Any) -> Any:
        if key != "tokenizer.ggml.token_type":
            return value
        return [int(gguf.TokenType.UNUSED) if i in UNUSED else k for i, k in enumerate(value)]

    rewrite_gguf(exact, target, tensors={}, field=field)
    return target


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run on pairs and requests, with an encoder."""
    folder = tmp_path_factory.mktemp("upper")
    pairs = [{"image_name": f"{i}.png", "caption": f"a boat {i}"} for i in range(3)]
    data = write_requests(folder / "data", WISHES, others=pairs)
    for i in range(3):
        write_picture(data / f"{i}.png")
    tiny = write_tiny_bundle(folder / "tiny").folder
    model = with_unused_rows(folder / "chat.gguf")
    settings = wanted(
        model, data, template=str(tiny), encoder=str(tiny), keep_layers=1, own_answers=2
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upper_run, "WORD_STEPS", 2)
        patch.setattr(upper_run, "PROJECTION_STEPS", 2)
        align(settings, folder / "run")
    yield folder / "run"


def test_signal_tokens_take_rows_that_no_text_uses(run: Path) -> None:
    bundle = Bundle.open(run / "bundle")

    assert bundle.signal("sketch").token_ids == UNUSED[:4]
    assert signal_rows(bundle)["sketch"].shape == (4, 64)


def test_the_layers_below_stay_as_they_are(run: Path) -> None:
    before = {t.name: t for t in gguf.GGUFReader(run.parent / "chat.gguf").tensors}
    after = {t.name: t for t in gguf.GGUFReader(run / "bundle" / "llm.gguf").tensors}

    assert before.keys() == after.keys()
    changed = {n for n in before if before[n].tensor_type != after[n].tensor_type}
    assert changed and all(name.startswith("blk.1.") for name in changed)
    same = {n for n in before if n.startswith("blk.0.")}
    assert all(np.array_equal(before[n].data, after[n].data) for n in same)


def test_a_matrix_gets_the_product_of_loras_two(run: Path) -> None:
    weights = load_file(run / "delta" / deltas.WEIGHTS)
    name = "blk.1.ffn_down.weight"
    tensors = [
        {t.name: t for t in gguf.GGUFReader(path).tensors}[name]
        for path in (run.parent / "chat.gguf", run / "bundle" / "llm.gguf")
    ]
    before, after = (gguf.dequantize(t.data, t.tensor_type) for t in tensors)

    moved = (weights[name + deltas.UP].float() @ weights[name + deltas.DOWN].float()).numpy()

    assert np.abs(moved).max() > 0
    assert np.abs(after - before - moved).max() < np.abs(after).max() / 100


def test_rows_of_words_stay_bit_for_bit(run: Path) -> None:
    for name in (deltas.EMBEDDING, deltas.OUTPUT):
        before, after = (
            {t.name: t for t in gguf.GGUFReader(path).tensors}[name].data
            for path in (run.parent / "chat.gguf", run / "bundle" / "llm.gguf")
        )
        rows = [i for i in range(len(before)) if not np.array_equal(before[i], after[i])]
        assert rows == sorted(UNUSED[:4])


def test_a_delta_of_another_model_is_refused(run: Path, tmp_path: Path) -> None:
    other = tiny_llama.write_gguf(tiny_llama.random_llama(64, seed=1), tmp_path / "other.gguf")

    with pytest.raises(KnownError, match=r"expected the language model chat\.gguf"):
        deltas.apply_delta(run / "delta", other)


def test_a_model_without_unused_rows_is_refused(tmp_path: Path) -> None:
    exact = tiny_llama.write_gguf(tiny_llama.random_llama(64), tmp_path / "exact.gguf")
    tiny = str(write_tiny_bundle(tmp_path / "tiny").folder)
    data = write_requests(tmp_path / "data", WISHES)

    with pytest.raises(KnownError, match="rows of the vocabulary that no text uses"):
        align(wanted(exact, data, template=tiny, encoder=tiny, keep_layers=1), tmp_path / "run")
