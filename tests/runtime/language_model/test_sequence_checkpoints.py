"""Models whose memory cannot drop a tail go back to checkpoints, and then say what they would have
said: hybrids, recurrent ones and those with sliding windows, beside a plain one."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from plugins.errors import Cancelled
from runtime.language_model.chunks import Chunk, MediaChunk, TokenChunk
from runtime.language_model.gguf_check import check_gguf
from runtime.language_model.llama_session import LlamaSession
from runtime.language_model.model import LanguageModel
from runtime.language_model.options import AnswerOptions, Finished
from runtime.language_model.sequence_checkpoints import (
    MOST,
    NEAR,
    SequenceCheckpoints,
    checkpoint_bytes,
)
from training.gguf.random_models import ARCHITECTURES, byte_vocabulary, write_random_model

N_CTX = 2048
D_MODEL = 64
VOCABULARY = byte_vocabulary("<|im_start|>", "<|im_end|>")
CANNOT_DROP = [name for name in ARCHITECTURES if name != "llama"]
FORGETS_STATES = [name for name in CANNOT_DROP if name != "gemma3"]
LONG = "the dog barks, and the bell rings in the snow. " * 20
"""More positions than a sliding window's cache has to spare."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("random")
    return {
        name: write_random_model(folder / f"{name}.gguf", name, VOCABULARY)
        for name in ARCHITECTURES
    }


@pytest.fixture(params=ARCHITECTURES)
def path(request: pytest.FixtureRequest, files: dict[str, Path]) -> Path:
    return files[request.param]


@pytest.fixture
def model(path: Path) -> Iterator[LanguageModel]:
    with LanguageModel(path, n_ctx=N_CTX, n_threads=1) as loaded:
        yield loaded


@pytest.fixture
def fresh(path: Path) -> Iterator[Callable[[Sequence[Chunk]], np.ndarray]]:
    """The logits of a prompt in a cache that holds nothing."""
    with LanguageModel(path, n_ctx=N_CTX, n_threads=1) as other:

        def logits(prompt: Sequence[Chunk]) -> np.ndarray:
            other.prefill([TokenChunk((1,)), *prompt])  # shares nothing with the last one
            other.prefill(prompt)
            return other.logits()

        yield logits


def tokens(text: str) -> tuple[int, ...]:
    return tuple(VOCABULARY.tokens.index(t) for t in _letters(text))


def _letters(text: str) -> str:
    return text.replace(" ", "Ġ").replace("\n", "Ċ")


def asked(before: str, question: str, closing: str = "\nassistant\n") -> list[TokenChunk]:
    """A prompt as a builder makes it: what closes it is a chunk of its own."""
    return [TokenChunk(tokens(before + question)), TokenChunk(tokens(closing))]


def positions(prompt: Sequence[Chunk]) -> int:
    return sum(chunk.positions for chunk in prompt)


def assert_same(found: np.ndarray, wanted: np.ndarray) -> None:
    np.testing.assert_allclose(found, wanted, atol=0.03)


def answered(model: LanguageModel, count: int) -> None:
    options = AnswerOptions(max_new_tokens=count, banned=model.end_tokens)
    *_, last = model.generate(options)
    assert isinstance(last, Finished)
    assert last.new_tokens == count


FIRST = asked("system: be brief\n", "user: a red boat?")
SECOND = asked("system: be brief\nuser: a red boat?\nassistant\nyes.\n", "user: and at night?")


def test_the_next_turn_decodes_only_what_is_new(
    model: LanguageModel, fresh: Callable[[Sequence[Chunk]], np.ndarray]
) -> None:
    """What the model wrote differs from what the next prompt says it wrote."""
    model.prefill(FIRST)
    answered(model, 900)
    usage = model.prefill(SECOND)
    assert usage.reused_tokens >= positions(FIRST[:1])
    assert_same(model.logits(), fresh(SECOND))


def test_a_long_answer_that_is_kept_is_not_decoded_again(model: LanguageModel) -> None:
    model.prefill(FIRST)
    answered(model, 900)
    held = tuple(cell for cell in model.cells if isinstance(cell, int))
    usage = model.prefill([TokenChunk(held), *asked("", "user: and?")])
    assert usage.reused_tokens == len(held)


def test_a_question_at_the_end_is_forgotten(
    model: LanguageModel, fresh: Callable[[Sequence[Chunk]], np.ndarray]
) -> None:
    asking = [SECOND[0], TokenChunk(tokens("\nwhich medium? text or image:"))]
    captioning = [SECOND[0], TokenChunk(tokens("\nwhat shows it?"))]
    model.prefill(FIRST)
    answered(model, 5)
    model.prefill(asking)
    assert model.prefill(captioning).reused_tokens >= SECOND[0].positions
    answered(model, 12)
    assert model.prefill(SECOND).reused_tokens >= SECOND[0].positions
    assert_same(model.logits(), fresh(SECOND))


def test_the_same_prompt_again_gives_the_same_logits_to_the_last_bit(
    model: LanguageModel,
) -> None:
    model.prefill(SECOND)
    first = model.logits()
    for _ in range(3):
        answered(model, 40)
        assert model.prefill(SECOND).reused_tokens >= SECOND[0].positions
        np.testing.assert_array_equal(model.logits(), first)


def test_an_earlier_turn_is_edited(
    model: LanguageModel, fresh: Callable[[Sequence[Chunk]], np.ndarray]
) -> None:
    talk, prompts = "system: be brief\n", list[list[TokenChunk]]()
    for number in range(6):
        prompts.append(asked(talk, f"user: what is this, {number}? {LONG[:200]}"))
        model.prefill(prompts[-1])
        answered(model, 20)
        talk += f"user: what is this, {number}? {LONG[:200]}\nassistant\nyes.\n"
    edited = [TokenChunk(prompts[3][0].ids[:-150] + tokens(" in the snow")), prompts[3][1]]
    before = positions(prompts[2])
    assert model.prefill(edited).reused_tokens >= before - prompts[2][1].positions
    assert_same(model.logits(), fresh(edited))
    again = [TokenChunk(prompts[3][0].ids[:-150] + tokens(" at sea")), prompts[3][1]]
    parted = len(prompts[3][0].ids) - 150
    assert model.prefill(again).reused_tokens >= parted
    assert_same(model.logits(), fresh(again))


def test_a_prompt_that_grows_while_a_person_speaks(
    model: LanguageModel, fresh: Callable[[Sequence[Chunk]], np.ndarray]
) -> None:
    words = "please tell me what the red boat does on the sea at night ".split()
    before = "system: be brief\n" + LONG
    decoded = []
    for count in range(1, len(words) + 1):
        prompt = asked(before, "user: " + " ".join(words[:count]))
        usage = model.prefill(prompt)
        decoded.append(usage.prompt_tokens - usage.reused_tokens)
    assert max(decoded[1:]) < 80
    assert_same(model.logits(), fresh(prompt))


def test_a_medium_stays_whole(
    model: LanguageModel, fresh: Callable[[Sequence[Chunk]], np.ndarray]
) -> None:
    values = np.random.default_rng(0).normal(0, 0.3, (30, D_MODEL)).astype(np.float32)
    other = MediaChunk("other", values[::-1].copy())
    opening = TokenChunk(tokens("user: what is in the picture"))
    closing = TokenChunk(tokens("\nassistant\n"))
    model.prefill([opening, MediaChunk("one", values), closing])
    prompt: list[Chunk] = [opening, other, closing]
    assert model.prefill(prompt).reused_tokens in (0, opening.positions)
    assert_same(model.logits(), fresh(prompt))
    assert model.prefill(prompt).reused_tokens >= opening.positions + 30


@pytest.mark.parametrize("calls", [1, 5, 60])
def test_a_cancelled_prefill_leaves_a_memory_that_the_next_one_continues(
    model: LanguageModel, fresh: Callable[[Sequence[Chunk]], np.ndarray], calls: int
) -> None:
    model.prefill(FIRST)
    answered(model, 5)
    counter = itertools.count()
    talk = "system: be brief\nuser: a red boat?\nassistant\nno, " + LONG
    with pytest.raises(Cancelled):
        model.prefill(asked(talk, "user: and?"), lambda: next(counter) >= calls)
    usage = model.prefill(SECOND)
    assert usage.reused_tokens >= FIRST[0].positions
    assert_same(model.logits(), fresh(SECOND))


def test_a_prompt_after_one_that_shares_nothing(
    model: LanguageModel, fresh: Callable[[Sequence[Chunk]], np.ndarray]
) -> None:
    model.prefill(FIRST)
    other = asked("another conversation\n", LONG)
    assert model.prefill(other).reused_tokens == 0
    assert model.prefill(SECOND).reused_tokens == 0
    assert_same(model.logits(), fresh(SECOND))


def test_a_plain_model_needs_none(files: dict[str, Path]) -> None:
    with LanguageModel(files["llama"], n_ctx=64, n_threads=1) as plain:
        plain.prefill(FIRST)
        assert not plain._kv._checkpoints.needed
        assert plain._kv._checkpoints.lengths == ()
    assert checkpoint_bytes(check_gguf(files["llama"]), N_CTX) == 0


@pytest.fixture(scope="module")
def recurrent(files: dict[str, Path]) -> Iterator[LlamaSession]:
    session = LlamaSession(files["mamba"], n_ctx=N_CTX, n_threads=1)
    yield session
    session.close()


def decoded(session: LlamaSession, checkpoints: SequenceCheckpoints, count: int) -> None:
    """Keep a checkpoint after every 20 of `count` positions."""
    session.forget_all()
    for length in range(0, count, 20):
        session.decode_tokens([5] * 20, length, logits=False)
        checkpoints.keep(length + 20)


def test_there_are_only_so_many_and_they_lie_apart(recurrent: LlamaSession) -> None:
    checkpoints = SequenceCheckpoints(recurrent, most=6)
    decoded(recurrent, checkpoints, 800)
    kept = checkpoints.lengths
    assert len(kept) == 6
    assert kept[-2:] == (780, 800)
    older = (0, *kept[:-1])
    assert max(after - before for before, after in itertools.pairwise(older)) <= 400


def test_they_take_only_so_many_bytes_but_one_is_kept(recurrent: LlamaSession) -> None:
    recurrent.forget_all()
    recurrent.decode_tokens([5], 0, logits=False)
    size = recurrent.partial_state().nbytes
    checkpoints = SequenceCheckpoints(recurrent, most_bytes=3 * size)
    decoded(recurrent, checkpoints, 200)
    assert len(checkpoints.lengths) == 3
    checkpoints = SequenceCheckpoints(recurrent, most_bytes=1)
    decoded(recurrent, checkpoints, 200)
    assert checkpoints.lengths == (200,)


def test_what_is_near_is_not_kept(recurrent: LlamaSession) -> None:
    checkpoints = SequenceCheckpoints(recurrent)
    decoded(recurrent, checkpoints, 40)
    recurrent.decode_tokens([5] * (NEAR - 1), 40, logits=False)
    checkpoints.keep(40 + NEAR - 1)
    assert checkpoints.lengths == (20, 40)


def test_one_goes_back_to_the_longest_that_is_not_too_long(recurrent: LlamaSession) -> None:
    checkpoints = SequenceCheckpoints(recurrent)
    decoded(recurrent, checkpoints, 100)
    assert checkpoints.go_back(79) == 60
    assert checkpoints.lengths == (20, 40, 60)
    assert checkpoints.go_back(60) == 60
    assert checkpoints.go_back(5) == 0
    assert not checkpoints.lengths


@pytest.mark.parametrize("name", CANNOT_DROP)
def test_the_bytes_are_foretold(name: str, files: dict[str, Path]) -> None:
    with LanguageModel(files[name], n_ctx=N_CTX, n_threads=1) as model:
        model.prefill(asked(LONG, ""))
        one = model._session.partial_state().nbytes
    foretold = checkpoint_bytes(check_gguf(files[name]), N_CTX)
    assert MOST * one * 0.7 <= foretold <= MOST * one * 4


@pytest.mark.parametrize("name", FORGETS_STATES)
def test_these_kinds_cannot_drop_a_tail(name: str, files: dict[str, Path]) -> None:
    """Otherwise the tests above would pass without a checkpoint."""
    session = LlamaSession(files[name], n_ctx=64, n_threads=1)
    session.decode_tokens([5] * 30, 0, logits=False)
    assert not session.drops_any_tail
    assert not session.forget_from(20)
    session.close()


def test_a_sliding_window_drops_only_what_it_still_sees(files: dict[str, Path]) -> None:
    session = LlamaSession(files["gemma3"], n_ctx=N_CTX, n_threads=1)
    for begin in range(0, 1500, 500):
        session.decode_tokens([5] * 500, begin, logits=False)
    assert not session.forget_from(200)
    assert session.forget_from(1400)
    session.close()
