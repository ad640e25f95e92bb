"""The KV cache between turns: parity with Hugging Face, reuse, removal, stopping, limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import LlamaForCausalLM

from plugins.errors import BugError, Cancelled, KnownError
from runtime.language_model.chunks import Chunk, MediaChunk, TokenChunk, reusable
from runtime.language_model.model import LanguageModel
from runtime.language_model.options import AnswerOptions, Finished, PromptUsage
from tests import tiny_llama

D_MODEL = 64
N_CTX = 300


@pytest.fixture(scope="module")
def reference() -> Iterator[LlamaForCausalLM]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield tiny_llama.random_llama(D_MODEL)
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def gguf_path(reference: LlamaForCausalLM, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_llama.write_gguf(reference, tmp_path_factory.mktemp("gguf") / "t.gguf")


@pytest.fixture
def model(gguf_path: Path) -> Iterator[LanguageModel]:
    with LanguageModel(gguf_path, n_ctx=N_CTX, n_threads=1, d_model=D_MODEL) as loaded:
        yield loaded


def media(key: str, positions: int = 8) -> MediaChunk:
    seed = sum(key.encode())
    values = np.random.default_rng(seed).normal(0, 0.1, (positions, D_MODEL))
    return MediaChunk(key, values.astype(np.float32))


def text(words: str) -> TokenChunk:
    return TokenChunk(tuple(tiny_llama.ids(words)))


def prompt(*parts: str | MediaChunk) -> list[Chunk]:
    return [text(part) if isinstance(part, str) else part for part in parts]


FIRST = prompt("<s><user><Img>", media("boat"), "</Img>a red boat<assistant>")
SECOND = prompt(
    "<s><user><Img>", media("boat"), "</Img>a red boat<assistant>the sea</s><user><Img>",
    media("dog", 3), "</Img>", media("bell", 1), "at night<assistant>",
)  # fmt: skip


def expected(reference: LlamaForCausalLM, chunks: list[Chunk]) -> tuple[Any, Any]:
    """States [N, D] and logits [N, V] of Hugging Face over the same inputs."""
    embed = reference.model.embed_tokens
    with torch.no_grad():
        rows = [
            embed(torch.tensor(c.ids)) if isinstance(c, TokenChunk) else torch.tensor(c.embeddings)
            for c in chunks
        ]
        out = reference(inputs_embeds=torch.cat(rows)[None], output_hidden_states=True)
    return out.hidden_states[-1][0].numpy(), out.logits[0].numpy()


def assert_same(found: Any, wanted: Any) -> None:
    np.testing.assert_allclose(found, wanted, atol=0.02)


def test_states_and_logits_agree_with_media_in_the_prompt(
    model: LanguageModel, reference: LlamaForCausalLM
) -> None:
    states, logits = expected(reference, SECOND)
    assert_same(model.states(SECOND), states)
    assert_same(model.logits(), logits[-1])


def test_a_second_turn_reuses_the_first_with_its_media(
    model: LanguageModel, reference: LlamaForCausalLM
) -> None:
    first, second = (sum(c.positions for c in p) for p in (FIRST, SECOND))
    assert model.prefill(FIRST) == PromptUsage(first, 0)
    assert_same(model.logits(), expected(reference, FIRST)[1][-1])
    assert model.prefill(SECOND) == PromptUsage(second, first)
    assert_same(model.logits(), expected(reference, SECOND)[1][-1])


def test_a_shorter_prompt_removes_the_tail_and_goes_on_as_if_it_had_never_been(
    model: LanguageModel, reference: LlamaForCausalLM
) -> None:
    model.prefill(SECOND)
    other = prompt("<s><user><Img>", media("boat"), "</Img>a red boat<assistant>now")
    usage = model.prefill(other)
    assert usage.reused_tokens == usage.prompt_tokens - len(tiny_llama.ids("now"))
    states, logits = expected(reference, [*other, text(" the sea")])
    assert_same(model.logits(), logits[usage.prompt_tokens - 1])
    tail = model.states([text(" the sea")])
    assert_same(tail, states[usage.prompt_tokens :])


def test_the_same_prompt_again_decodes_only_its_last_position(
    model: LanguageModel, reference: LlamaForCausalLM
) -> None:
    model.prefill(SECOND)
    usage = model.prefill(SECOND)
    assert usage.reused_tokens == usage.prompt_tokens - 1
    assert_same(model.logits(), expected(reference, SECOND)[1][-1])


def test_a_medium_is_reused_whole_or_not_at_all(model: LanguageModel) -> None:
    ends_with_medium = prompt("<s><user>", media("boat"))
    model.prefill(ends_with_medium)
    assert model.prefill(ends_with_medium) == PromptUsage(10, 2)
    longer = prompt("<s><user>", media("boat", 9), "now")
    assert model.prefill(longer).reused_tokens == 2
    other_content = prompt("<s><user>", media("dog", 9), "now")
    assert model.prefill(other_content).reused_tokens == 2


def test_reuse_counts_leading_positions() -> None:
    cells = [c for chunk in SECOND for c in chunk.cells()]
    assert reusable([], cells) == 0
    assert reusable(cells, cells[:1]) == 0
    assert reusable(cells[:7], cells) == 3
    assert reusable(cells[:20], cells) == 20
    assert reusable(cells, cells) == len(cells) - 1


def test_a_prompt_longer_than_one_batch_is_split(gguf_path: Path) -> None:
    reference = tiny_llama.random_llama(D_MODEL)
    long = prompt("<s>" + "a red boat " * 100, media("wide", 530), "now<assistant>")
    with LanguageModel(gguf_path, n_ctx=1200, n_threads=1) as model:
        usage = model.prefill(long)
        assert usage.prompt_tokens > 512 + 256
        assert_same(model.logits(), expected(reference, long)[1][-1])


def test_a_prompt_over_the_context_is_refused_with_both_numbers(model: LanguageModel) -> None:
    model.prefill(FIRST)
    with pytest.raises(KnownError, match=f"at most {N_CTX} tokens .*, found 301"):
        model.prefill([TokenChunk((5,) * (N_CTX + 1))])
    assert model.prefill(FIRST).reused_tokens > 0
    assert model.prefill([TokenChunk((5,) * N_CTX)]).prompt_tokens == N_CTX
    assert list(model.generate(AnswerOptions())) == [Finished("length", 0)]


def cancels_after(calls: int) -> Callable[[], bool]:
    seen = iter(range(10**9))
    return lambda: next(seen) >= calls


@pytest.mark.parametrize("calls", [0, 1, 3, 40])
def test_a_cancelled_prefill_leaves_a_cache_that_the_next_one_continues(
    model: LanguageModel, reference: LlamaForCausalLM, calls: int
) -> None:
    with pytest.raises(Cancelled):
        model.prefill(SECOND, cancels_after(calls))
    kept = len(model.cells)
    assert kept < sum(c.positions for c in SECOND)
    with pytest.raises(BugError, match="cancelled"):
        model.generate(AnswerOptions())
    assert model.prefill(SECOND).reused_tokens in (kept, kept - 1)
    assert_same(model.logits(), expected(reference, SECOND)[1][-1])


def test_what_was_generated_is_reused_by_the_next_turn(
    model: LanguageModel, reference: LlamaForCausalLM
) -> None:
    model.prefill(FIRST)
    signals = tiny_llama.signal_ids()
    events = list(model.generate(AnswerOptions(max_new_tokens=12, signals=signals)))
    assert isinstance(events[-1], Finished)
    held = [cell for cell in model.cells if isinstance(cell, int)]
    answer = held[len(held) - events[-1].new_tokens :]
    following = [*FIRST, TokenChunk(tuple(answer)), *prompt("</s><user>", media("dog"), "now")]
    usage = model.prefill(following)
    assert usage.reused_tokens == sum(c.positions for c in FIRST) + len(answer)
    assert_same(model.logits(), expected(reference, following)[1][-1])


def test_closing_twice_is_harmless_and_use_after_it_an_error(gguf_path: Path) -> None:
    model = LanguageModel(gguf_path, n_ctx=256, n_threads=1)
    model.prefill(FIRST)
    answer = model.generate(AnswerOptions())
    model.close()
    model.close()
    with pytest.raises(BugError, match="closed"):
        model.prefill(SECOND[:1])
    with pytest.raises(BugError, match="closed"):
        model.tokenize("now")
    with pytest.raises(BugError, match="closed"):
        next(answer)


def test_embeddings_of_another_width_are_an_error(model: LanguageModel) -> None:
    with pytest.raises(BugError, match=r"\[N, 64\], found \[2, 65\]"):
        model.prefill([MediaChunk("k", np.zeros((2, 65), np.float32))])
