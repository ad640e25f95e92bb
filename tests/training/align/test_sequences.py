"""Training sequences are what the runtime's prompts are, and answers are what is learned."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from runtime.bundle.manifest import TemplateSpec
from runtime.language_model.chunks import MediaChunk
from runtime.language_model.model import LanguageModel
from runtime.messages import MediaPart, Message, SignalPart, TextPart
from runtime.turn.prompt import PromptBuilder
from tests import tiny_llama
from training.align.sequences import LineWriter, TrainingSequence, batched
from training.datasets.examples import Exchange, Medium, Wanted
from training.pocket.sequences import IGNORE

TEMPLATE = TemplateSpec(
    system="<s>a red",
    user_open="<user>",
    user_close="<assistant>",
    answer_close="</s> now",
    media_open="<Img>",
    media_close="</Img>",
)
SIGNALS = {"image": (330, 331, 332)}
POSITIONS = 3
DIALOGUE = (
    Exchange((Medium("image", "a.png"),), "what <s> is it?", ("a boat",)),
    Exchange((), "draw it at night", ("here", Wanted("image", "a boat at night"), "so")),
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageModel]:
    path = tiny_llama.write_gguf(
        tiny_llama.random_llama(), tmp_path_factory.mktemp("lines") / "tiny.gguf"
    )
    with LanguageModel(path, n_ctx=32, n_threads=1) as opened:
        yield opened


@pytest.fixture(scope="module")
def line(model: LanguageModel) -> TrainingSequence:
    return LineWriter(TEMPLATE, model, SIGNALS, POSITIONS).write(DIALOGUE)


def test_a_sequence_is_the_runtimes_prompt(model: LanguageModel, line: TrainingSequence) -> None:
    def media(part: MediaPart) -> tuple[MediaChunk]:
        return (MediaChunk(part.path, np.zeros((POSITIONS, 64), np.float32)),)

    messages = [
        Message("user", (MediaPart("image", "a.png"), TextPart("what <s> is it?"))),
        Message("assistant", (TextPart("a boat"),)),
        Message("user", (TextPart("draw it at night"),)),
        Message("assistant", (TextPart("here"), SignalPart("image"), TextPart("so"))),
        Message("user", (TextPart(""),)),
    ]
    prompt: list[int] = []
    for chunk in PromptBuilder(TEMPLATE, model, media, SIGNALS).build(messages):
        prompt += [0] * POSITIONS if isinstance(chunk, MediaChunk) else list(chunk.ids)
    opened = tiny_llama.ids("<user><assistant>")

    assert line.ids == prompt[: -len(opened)]
    assert prompt[-len(opened) :] == opened


def test_what_is_learned_is_answers_and_their_ends(
    model: LanguageModel, line: TrainingSequence
) -> None:
    learned = [token for token, wanted in zip(line.ids, line.learned, strict=True) if wanted]
    answers = ["a boat", "</s> now", "here", None, "so", "</s> now"]
    expected: list[int] = []
    for text in answers:
        ids = SIGNALS["image"] if text is None else model.tokenize(text, parse_special=True)
        expected += ids

    assert learned == expected


def test_media_and_artifacts_stand_where_they_are_noted(line: TrainingSequence) -> None:
    ((at, medium),) = line.media
    assert medium.path == "a.png"
    assert line.ids[at : at + POSITIONS] == [0] * POSITIONS
    ((at, wanted),) = line.signals
    assert wanted.caption == "a boat at night"
    assert tuple(line.ids[at : at + 3]) == SIGNALS["image"]


def test_a_batch_is_padded_and_the_padding_is_not_learned(line: TrainingSequence) -> None:
    short = TrainingSequence([5, 6], [False, True])

    batch = batched([short, line])

    assert batch.ids.shape == batch.labels.shape == (2, len(line.ids))
    assert batch.labels[0].tolist()[:2] == [IGNORE, 6]
    assert set(batch.labels[0].tolist()[2:]) == {IGNORE}
    assert [(row, m.path) for row, _, m in batch.media] == [(1, "a.png")]
    assert [(row, w.caption) for row, _, w in batch.signals] == [(1, "a boat at night")]
