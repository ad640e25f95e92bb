"""Media through an mmproj: equal to llama.cpp's own helper, reused, stopped, refused."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as llama
import numpy as np
import pytest
from numpy.typing import NDArray

from plugins.errors import BugError, Cancelled, KnownError
from runtime.language_model.chunks import Chunk, MediaChunk, TokenChunk, folded
from runtime.language_model.llama_session import LlamaSession
from runtime.language_model.mmproj.mtmd import MediaModel, Picture, Piece, Samples
from runtime.language_model.model import LanguageModel
from runtime.language_model.options import AnswerOptions, Finished
from tests.tiny_mmproj import Pair, write_pair

pytest.importorskip("llama_cpp.mtmd_cpp", reason="this llama.cpp was built without mtmd")
import llama_cpp.mtmd_cpp as mtmd

SEEING = ("llava", "qwen", "deepstack", "gemma")
HEARING = ("qwen", "ultravox")
FORGETFUL = ("window", "hybrid")
N_CTX = 1024
BEFORE, AFTER = "<s><user>look: ", " what is it?<assistant>"

Float32 = NDArray[np.float32]
Make = Callable[[str], tuple[LanguageModel, MediaModel]]


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pair]:
    folder = tmp_path_factory.mktemp("mmproj")
    return {name: write_pair(folder, name) for name in (*SEEING, *FORGETFUL, "ultravox")}


@pytest.fixture(scope="module")
def make(pairs: dict[str, Pair]) -> Iterator[Make]:
    """Each model with its mmproj, opened once; a test begins with a prompt of its own."""
    kept: dict[str, tuple[LanguageModel, MediaModel]] = {}
    with ExitStack() as stack:

        def opened(name: str) -> tuple[LanguageModel, MediaModel]:
            if name not in kept:
                model = stack.enter_context(
                    LanguageModel(pairs[name].model, n_ctx=N_CTX, n_threads=1)
                )
                kept[name] = model, model.media_model(pairs[name].mmproj)
            return kept[name]

        yield opened


def picture(seed: int = 0, height: int = 48, width: int = 80, *, joins: bool = False) -> Picture:
    source = np.random.default_rng(seed)
    return Picture(source.integers(0, 256, (height, width, 3), np.uint8), joins)


def sound(seconds: float = 1.0, seed: int = 0) -> Samples:
    source = np.random.default_rng(seed)
    return Samples((0.1 * source.standard_normal(int(16_000 * seconds))).astype(np.float32))


def words(model: LanguageModel, text: str) -> TokenChunk:
    return TokenChunk(tuple(model.tokenize(text, parse_special=True)))


def prompt(model: LanguageModel, *parts: str | tuple[Chunk, ...]) -> list[Chunk]:
    """Chunks with neighbouring tokens as one, as prompts have them."""
    chunks: list[Chunk] = []
    for part in parts:
        for chunk in [words(model, part)] if isinstance(part, str) else part:
            if chunks and isinstance(chunk, TokenChunk) and isinstance(chunks[-1], TokenChunk):
                chunks[-1] = TokenChunk(chunks[-1].ids + chunk.ids)
            else:
                chunks.append(chunk)
    return chunks


def logits(model: LanguageModel, chunks: list[Chunk]) -> Float32:
    """[V] behind a prompt whose last words share a call, as the helper decodes them: what shares a
    call is rounded together."""
    model.prefill(chunks, fresh=chunks[-1].positions)
    return model.logits()


def helped(pair: Pair, *parts: str | Piece) -> Float32:
    """[V] logits behind the parts by llama.cpp's own helper, in a context of its own."""
    session = LlamaSession(pair.model, n_ctx=N_CTX, n_threads=1)
    media = MediaModel(pair.mmproj, session, n_threads=1, most_tokens=N_CTX // 4)
    with ExitStack() as stack:
        stack.callback(session.close)
        stack.callback(media.close)
        chunks = mtmd.mtmd_input_chunks_init()
        stack.callback(mtmd.mtmd_input_chunks_free, chunks)
        given = [media._part(part, stack) for part in parts]
        for part in given:
            if part.text:
                part.text.contents.parse_special = True
        pointers = [ctypes.pointer(part) for part in given]
        array = (ctypes.POINTER(mtmd.mtmd_input_part) * len(given))(*pointers)
        assert mtmd.mtmd_tokenize_from_parts(media._open, chunks, array, len(given), False) == 0
        behind = llama.llama_pos()
        code = mtmd.mtmd_helper_eval_chunks(
            media._open, session.context, chunks, 0, 0, 512, True, ctypes.byref(behind)
        )
        assert code == 0
        return session.logits().copy()


def assert_same(found: Any, wanted: Any) -> None:
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", SEEING)
def test_a_picture_among_words_gives_what_llama_cpp_itself_gives(
    make: Make, pairs: dict[str, Pair], name: str
) -> None:
    model, media = make(name)
    assert_same(
        logits(model, prompt(model, BEFORE, media.chunks([picture()], "one"), AFTER)),
        helped(pairs[name], BEFORE, picture(), AFTER),
    )
    # And it is not nothing.
    other = logits(model, prompt(model, BEFORE, media.chunks([picture(1)], "two"), AFTER))
    assert np.abs(other - helped(pairs[name], BEFORE, picture(), AFTER)).max() > 1e-3


@pytest.mark.parametrize("name", HEARING)
def test_a_sound_among_words_gives_what_llama_cpp_itself_gives(
    make: Make, pairs: dict[str, Pair], name: str
) -> None:
    model, media = make(name)
    assert_same(
        logits(model, prompt(model, BEFORE, media.chunks([sound()], "one"), AFTER)),
        helped(pairs[name], BEFORE, sound(), AFTER),
    )


@pytest.mark.parametrize("name", SEEING)
def test_several_pictures_of_any_shape_lie_as_llama_cpp_lays_them(
    make: Make, pairs: dict[str, Pair], name: str
) -> None:
    model, media = make(name)
    shapes = [(48, 80), (90, 30), (16, 200), (1, 1)]
    given: list[str | Piece] = [BEFORE]
    built: list[str | tuple[Chunk, ...]] = [BEFORE]
    for number, shape in enumerate(shapes):
        one = picture(number, *shape)
        given += [one, " and "]
        built += [media.chunks([one], f"{number}"), " and "]
    # The words around are one piece for each, so that they fall into the same tokens.
    assert_same(logits(model, prompt(model, *built)), helped(pairs[name], *given))


def test_frames_of_a_clip_are_taken_in_pairs_by_a_model_that_does_so(
    make: Make, pairs: dict[str, Pair]
) -> None:
    model, media = make("qwen")
    frames: list[Piece] = []
    for number in range(4):
        if number % 2 == 0:
            frames.append(f"[0m{number}.00s]")
        frames.append(picture(number, joins=True))
    chunks = media.chunks(frames, "clip")
    assert sum(isinstance(chunk, MediaChunk) for chunk in chunks) == 2
    assert media.positions(frames) == sum(chunk.positions for chunk in chunks)
    assert_same(
        logits(model, prompt(model, BEFORE, chunks, AFTER)),
        helped(pairs["qwen"], BEFORE, *frames, AFTER),
    )


def test_a_picture_takes_fewer_places_of_the_line_than_of_the_context(make: Make) -> None:
    model, media = make("qwen")
    opened, block, closed = media.chunks([picture()], "one")
    assert isinstance(block, MediaChunk)
    assert (block.positions, block.span) == (15, 5)
    assert opened == words(model, "<|vision_start|>") and closed == words(model, "<|vision_end|>")
    assert folded(block.cells()) == 10 and folded(block.cells()[:14]) == 0


@pytest.mark.parametrize("name", SEEING)
def test_what_was_read_is_reused_and_an_answer_goes_on_behind_it(
    make: Make, pairs: dict[str, Pair], name: str
) -> None:
    model, media = make(name)
    first = prompt(model, BEFORE, media.chunks([picture(7)], "seven"), AFTER)
    model.prefill(first)
    events = list(model.generate(AnswerOptions(max_new_tokens=3)))
    answered = [c for c in model.cells if isinstance(c, int)][-2:]
    assert isinstance(events[-1], Finished) and events[-1].new_tokens == 3
    said = TokenChunk(tuple(answered))
    again = [*first, said, *prompt(model, "</s>", media.chunks([picture(8)], "eight"), AFTER)]
    usage = model.prefill(again)
    assert usage.reused_tokens >= sum(chunk.positions for chunk in first)
    found = model.logits()
    model.prefill(prompt(model, "<s>"))
    # What was decoded one by one is rounded otherwise, in a cache of 16 bits.
    np.testing.assert_allclose(found, logits(model, again), atol=5e-3)


@pytest.mark.parametrize("name", FORGETFUL)
def test_a_memory_that_cannot_drop_a_tail_goes_back_to_before_a_picture_and_behind_it(
    make: Make, pairs: dict[str, Pair], name: str
) -> None:
    model, media = make(name)
    begun = (BEFORE, "a long beginning so that going back pays. ")
    seen = media.chunks([picture(7)], "seven")
    first = prompt(model, *begun, seen, " what is it?", "<assistant>")
    near(logits(model, first), helped(pairs[name], "".join(begun), picture(7), AFTER))
    second = prompt(model, *begun, seen, " and what else is in it, please?", "<assistant>")
    near(
        logits(model, second),
        helped(
            pairs[name], "".join(begun), picture(7), " and what else is in it, please?<assistant>"
        ),
    )
    third = prompt(model, *begun, media.chunks([picture(8)], "eight"), AFTER)
    near(logits(model, third), helped(pairs[name], "".join(begun), picture(8), AFTER))
    again = model.prefill([*third, *prompt(model, "it is a cat.</s>", "<user>no")])
    assert again.reused_tokens >= sum(chunk.positions for chunk in third) - 40


@pytest.mark.parametrize("name", [*FORGETFUL, "qwen", "deepstack"])
def test_going_back_behind_two_pictures_is_as_if_all_had_been_decoded_at_once(
    make: Make, name: str
) -> None:
    model, media = make(name)
    one, two = media.chunks([picture(17)], "17"), media.chunks([picture(18, 64, 64)], "18")
    begun = ("<s><user>a beginning of some length: ", one, " and?<assistant>it is a cat.</s><user>")
    model.prefill(prompt(model, *begun, two, " and this one, is it a cat as well?<assistant>"))
    for _ in model.generate(AnswerOptions(max_new_tokens=40, banned=model.end_tokens)):
        pass
    other = prompt(model, *begun, two, " but is this one a cat as well?<assistant>")
    shared = sum(chunk.positions for chunk in other[:-1])

    usage = model.prefill(other)
    found = model.logits()

    assert usage.reused_tokens >= shared
    model.prefill(prompt(model, "<user>something else entirely"))
    assert model.prefill(other).reused_tokens == 0
    near(found, model.logits())
    # An answer goes on at the right place of the line.
    again = [*other, words(model, "yes, it is.</s><user>sure?<assistant>")]
    assert model.prefill(again).reused_tokens >= shared
    gone_on = model.logits()
    model.prefill(prompt(model, "<user>something else entirely"))
    model.prefill(again)
    near(gone_on, model.logits())


def near(found: Float32, wanted: Float32) -> None:
    """Alike but for rounding: what shares a call differs where checkpoints are kept."""
    assert np.abs(found - wanted).max() < 0.02 * np.abs(wanted).max()


@pytest.mark.parametrize("name", [*SEEING, "ultravox"])
def test_text_that_names_the_marker_is_text(make: Make, name: str) -> None:
    model, media = make(name)
    marker = mtmd.mtmd_default_marker().decode()
    assert len(model.tokenize(marker)) == len(marker)
    if "image" in media.modalities:
        chunks = media.chunks([marker, picture()], "one")
        assert sum(isinstance(chunk, MediaChunk) for chunk in chunks) == 1
        assert isinstance(chunks[0], TokenChunk) and len(chunks[0].ids) >= len(marker)


@pytest.mark.parametrize("name", SEEING)
def test_stopping_while_it_encodes_or_decodes_leaves_everything_usable(
    make: Make, pairs: dict[str, Pair], name: str
) -> None:
    model, media = make(name)
    asked = [0]

    def after(count: int) -> Callable[[], bool]:
        asked[0] = 0

        def stop() -> bool:
            asked[0] += 1
            return asked[0] > count

        return stop

    for count in (0, 1, 2):
        with pytest.raises(Cancelled):
            media.chunks([picture()], "one", after(count))
    whole = prompt(model, BEFORE, media.chunks([picture()], "one"), AFTER)
    for count in (1, 2, 5, 20, 60):
        model.prefill(prompt(model, "<s>"))
        try:
            model.prefill(whole, after(count))
        except Cancelled:
            assert len(model.cells) < sum(chunk.positions for chunk in whole)
    assert_same(logits(model, whole), helped(pairs[name], BEFORE, picture(), AFTER))


def test_a_picture_that_is_larger_than_one_call_stays_at_its_place(
    pairs: dict[str, Pair], monkeypatch: pytest.MonkeyPatch
) -> None:
    with LanguageModel(pairs["qwen"].model, n_ctx=N_CTX, n_threads=1) as model:
        media = model.media_model(pairs["qwen"].mmproj)
        chunks = media.chunks([picture(3, 200, 160)], "large")
        assert media.positions([picture(3, 200, 160)]) > 100
        monkeypatch.setattr(model._session, "n_batch", 64)
        found = logits(model, prompt(model, BEFORE, chunks, AFTER))
    assert_same(found, helped(pairs["qwen"], BEFORE, picture(3, 200, 160), AFTER))


@pytest.mark.parametrize("name", HEARING)
@pytest.mark.parametrize("seconds", [1 / 16_000, 0.005, 0.02, 31.0])
def test_sounds_of_any_length_are_taken(make: Make, name: str, seconds: float) -> None:
    _, media = make(name)
    chunks = media.chunks([sound(seconds)], "one")
    blocks = [chunk for chunk in chunks if isinstance(chunk, MediaChunk)]
    assert len(blocks) == (2 if seconds > 30 else 1)
    assert all(np.isfinite(block.embeddings).all() for block in blocks)


def test_a_picture_takes_no_more_of_a_small_context_than_its_model_must_have(
    pairs: dict[str, Pair],
) -> None:
    huge = [picture(1, 2000, 1500)]
    for n_ctx, most in ((64, 256), (1600, 400), (8192, 512)):
        with LanguageModel(pairs["qwen"].model, n_ctx=n_ctx, n_threads=1) as model:
            found = model.media_model(pairs["qwen"].mmproj).positions(huge)
        assert 0.7 * most < found <= most + 2


def test_what_a_model_does_not_take_is_refused(make: Make) -> None:
    _, seeing = make("llava")
    _, hearing = make("ultravox")
    assert seeing.modalities == {"image", "video"} and seeing.rate_hz is None
    assert hearing.modalities == {"audio"} and hearing.rate_hz == 16_000
    with pytest.raises(KnownError, match="refuses"):
        seeing.chunks([sound()], "one")
    with pytest.raises(KnownError, match="refuses"):
        hearing.chunks([picture()], "one")


def test_an_mmproj_of_another_model_is_refused(pairs: dict[str, Pair], tmp_path: Path) -> None:
    with LanguageModel(pairs["deepstack"].model, n_ctx=64, n_threads=1) as model:
        with pytest.raises(KnownError, match="width 128"):
            model.media_model(pairs["llava"].mmproj)
    with LanguageModel(pairs["llava"].model, n_ctx=64, n_threads=1) as model:
        with pytest.raises(KnownError, match=r"llama\.cpp refuses .*n_embd = 64") as caught:
            model.media_model(pairs["deepstack"].mmproj)
    assert "\n" not in str(caught.value)


def test_a_closed_one_says_so(pairs: dict[str, Pair]) -> None:
    with LanguageModel(pairs["llava"].model, n_ctx=64, n_threads=1) as model:
        media = model.media_model(pairs["llava"].mmproj)
        media.close()
        media.close()
        with pytest.raises(BugError, match="closed"):
            media.chunks([picture()], "one")
        media = model.media_model(pairs["llava"].mmproj)
    with pytest.raises(BugError, match="closed"):
        media.chunks([picture()], "one")
