"""Training sequences are laid out exactly as the runtime lays out a prompt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models
from transformers import LlamaConfig, LlamaForCausalLM

from runtime.language_model.chunks import Cell, MediaChunk
from runtime.language_model.model import LanguageModel
from runtime.messages import MediaPart, Message, Part, SignalPart, TextPart
from runtime.turn.prompt import PromptBuilder
from training.dialogues import dialogues
from training.dialogues.dialogues import Dialogue, Exchange, Medium, is_refused
from training.gguf.export import SpecialTokens, export_gguf
from training.pocket.sequences import (
    IGNORE,
    MEDIA_POSITIONS,
    SIGNAL_COUNTS,
    TEMPLATE,
    VOCABULARY,
    TrainingSequence,
    Writer,
    plain_caption,
    signal_tokens,
    similar_lengths,
    train_tokenizer,
)
from training.pocketworld.captions import LANGUAGES, canonical, read_caption, words_of
from training.pocketworld.scene import Scene, random_scene

BOAT = Scene("boat", "red", "sea")


@pytest.fixture(scope="module")
def writer() -> Writer:
    return Writer(train_tokenizer(1, samples=3000))


@pytest.fixture(scope="module")
def builder(writer: Writer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PromptBuilder]:
    """The runtime's own prompts, with the exported tokenizer in llama.cpp."""
    path = tmp_path_factory.mktemp("model") / "llm.gguf"
    with torch.random.fork_rng(devices=[]):
        model = LlamaForCausalLM(
            LlamaConfig(
                vocab_size=writer.tokenizer.get_vocab_size(),
                hidden_size=32,
                intermediate_size=32,
                num_hidden_layers=1,
                num_attention_heads=2,
                max_position_embeddings=256,
            )
        )
    ends = SpecialTokens(bos="<s>", eos="</s>")
    export_gguf(model, writer.tokenizer, path, name="test", special=ends)
    with LanguageModel(path, n_ctx=64, n_threads=1) as loaded:
        yield PromptBuilder(TEMPLATE, loaded, embedded, writer.signal_ids)


def embedded(part: MediaPart) -> tuple[MediaChunk]:
    return (MediaChunk(part.path, np.zeros((MEDIA_POSITIONS, 32), dtype=np.float32)),)


def key(medium: Medium) -> str:
    return f"{medium.modality}: {canonical(medium.scene, medium.modality)}"


def conversation(dialogue: Dialogue) -> list[Message]:
    """The same dialogue as the runtime sees it, every answer included."""
    messages: list[Message] = []
    for exchange in dialogue:
        media = (MediaPart(medium.modality, key(medium)) for medium in exchange.media)
        messages.append(Message("user", (*media, TextPart(exchange.text))))
        messages.append(Message("assistant", tuple(map(reply_part, exchange.answer))))
    return messages


def reply_part(part: str | Medium) -> Part:
    return TextPart(part) if isinstance(part, str) else SignalPart(part.modality)


def cells_of(builder: PromptBuilder, messages: Sequence[Message]) -> list[Cell]:
    return [cell for chunk in builder.build(messages) for cell in chunk.cells()]


def cells_of_line(line: TrainingSequence) -> list[Cell]:
    """What each position of a training sequence holds, in the runtime's words."""
    cells: list[Cell] = list(line.ids)
    for at, medium in line.media:
        for i in range(MEDIA_POSITIONS):
            cells[at + i] = (key(medium), i, MEDIA_POSITIONS, MEDIA_POSITIONS)
    return cells


def dialogue_at(number: int) -> Dialogue:
    return dialogues.dialogue(np.random.default_rng(number))


def test_sequences_are_laid_out_as_the_runtime_builds_prompts(
    writer: Writer, builder: PromptBuilder
) -> None:
    media = signals = turns = 0
    for number in range(250):
        dialogue = dialogue_at(number)
        line = writer.write(dialogue)
        media, signals = media + len(line.media), signals + len(line.signals)
        turns = max(turns, len(dialogue))
        messages = conversation(dialogue)
        asked = cells_of(builder, messages[:-1])
        full = cells_of(builder, [*messages, Message("user", (TextPart("next"),))])
        cells = cells_of_line(line)
        assert cells[: len(asked)] == asked
        assert full[: len(cells)] == cells
        assert all(line.learned[len(asked) :])
    assert media > 50
    assert signals > 100
    assert turns == 7


def test_an_answer_is_learned_from_its_first_token_to_its_end(writer: Writer) -> None:
    for number in range(100):
        dialogue = dialogue_at(number)
        line = writer.write(dialogue)
        learned = learned_of(line)
        wanted: list[int] = []
        for exchange in dialogue:
            for part in exchange.answer:
                is_text = isinstance(part, str)
                wanted += writer.words(part) if is_text else writer.signal_ids[part.modality]
            wanted.append(writer.tokenizer.token_to_id("</s>"))
        assert learned == wanted


def test_cut_words_are_the_same_words_in_other_tokens(writer: Writer) -> None:
    text, ways = "能不能给我画一张图 of a red boat", set[tuple[int, ...]]()
    for number in range(60):
        ids = writer.cut_words(text, np.random.default_rng(number))
        assert writer.tokenizer.decode(ids) == text
        assert ids == writer.cut_words(text, np.random.default_rng(number))
        ways.add(tuple(ids))
    assert tuple(writer.words(text)) in ways
    assert len(ways) > 20
    assert writer.cut_words("", np.random.default_rng(0)) == []
    plain, cut = (
        writer.write(dialogue_at(4), cuts=cuts) for cuts in (None, np.random.default_rng(4))
    )
    assert learned_of(cut) == learned_of(plain)
    assert len(cut.ids) > len(plain.ids)


def learned_of(line: TrainingSequence) -> list[int]:
    return [i for i, kept in zip(line.ids, line.learned, strict=True) if kept]


def test_every_chinese_character_that_a_dialogue_may_hold_is_one_token(writer: Writer) -> None:
    known = [e for number in range(400) for e in dialogue_at(number) if not is_refused(e)]
    said = {c for e in known for c in e.text if c > "一"}
    assert [c for c in sorted(said) if len(writer.words(c)) > 1] == []
    assert len(said) > 400


def test_media_and_signals_stand_where_the_line_says(writer: Writer) -> None:
    opened = writer.tokenizer.token_to_id("<Img>")
    closed = writer.tokenizer.token_to_id("</Img>")
    for number in range(150):
        line = writer.write(dialogue_at(number))
        for at, _ in line.media:
            assert line.ids[at - 1] == opened
            assert line.ids[at : at + MEDIA_POSITIONS] == [writer.pad] * MEDIA_POSITIONS
            assert line.ids[at + MEDIA_POSITIONS] == closed
            assert not any(line.learned[at - 1 : at + MEDIA_POSITIONS + 1])
        for at, medium in line.signals:
            ids = writer.signal_ids[medium.modality]
            assert line.ids[at : at + len(ids)] == ids
            assert all(line.learned[at : at + len(ids)])


def test_without_media_and_signals_only_words_are_left(writer: Writer) -> None:
    exchange = Exchange((Medium("audio", BOAT),), "draw it", ("Here.", Medium("image", BOAT)))
    line = writer.write((exchange,), media=False, signals=False)
    assert (line.media, line.signals) == ([], [])
    assert writer.pad not in line.ids
    text = writer.tokenizer.decode(line.ids, skip_special_tokens=False)
    heard = canonical(BOAT, "audio")
    assert text == f"<s><user><Img>{heard}</Img>draw it<assistant>Here.</s>"


def test_every_signal_token_is_one_token_of_its_own(writer: Writer) -> None:
    ids = [i for found in writer.signal_ids.values() for i in found]
    assert len(set(ids)) == len(ids) == sum(SIGNAL_COUNTS.values())
    for modality, count in SIGNAL_COUNTS.items():
        assert len(signal_tokens(modality)) == count
        names = [writer.tokenizer.id_to_token(i) for i in writer.signal_ids[modality]]
        assert names == signal_tokens(modality)


def test_a_tokenizer_without_the_signal_tokens_is_refused() -> None:
    with pytest.raises(ValueError, match="no <pad>"):
        Writer(Tokenizer(models.BPE()))


def test_the_tokenizer_has_the_size_asked_for_and_gives_every_text_back(writer: Writer) -> None:
    assert writer.tokenizer.get_vocab_size() == VOCABULARY
    for text in ("draw a Red boat!", "naïve 🚤", "  two  spaces ", "[IMG 0] <user >"):
        assert writer.tokenizer.decode(writer.words(text)) == text


def test_a_batch_is_padded_on_the_right_and_learns_nothing_there(writer: Writer) -> None:
    lines = [writer.write(dialogue_at(number)) for number in range(6)]
    batch = writer.batch(lines)
    longest = max(len(line.ids) for line in lines)
    assert batch.ids.shape == batch.labels.shape == (6, longest)
    assert batch.ids.dtype == batch.labels.dtype == torch.int64
    for row, line in enumerate(lines):
        n = len(line.ids)
        assert batch.ids[row, :n].tolist() == line.ids
        assert (batch.ids[row, n:] == writer.pad).all()
        labels = [i if k else IGNORE for i, k in zip(line.ids, line.learned, strict=True)]
        assert batch.labels[row, :n].tolist() == labels
        assert (batch.labels[row, n:] == IGNORE).all()
    assert batch.media == [(row, *place) for row, line in enumerate(lines) for place in line.media]
    found = [(row, *place) for row, line in enumerate(lines) for place in line.signals]
    assert batch.signals == found


def test_batches_are_cut_from_sequences_of_similar_length() -> None:
    rng = np.random.default_rng(0)

    def make() -> TrainingSequence:
        n = int(rng.integers(1, 100))
        return TrainingSequence([0] * n, [True] * n)

    spreads = []
    for _ in range(20):
        lengths = [len(line.ids) for line in similar_lengths(make, 8, rng)]
        assert len(lengths) == 8
        spreads.append(max(lengths) - min(lengths))
    assert np.mean(spreads) < 60


def test_a_plain_caption_says_one_training_scene_twice_in_any_languages(writer: Writer) -> None:
    languages = set()
    for number in range(40):
        line = plain_caption(writer, np.random.default_rng(number))
        text = writer.tokenizer.decode(line.ids)
        first, second = re.split(": |：", text)
        assert read_caption(first) == read_caption(second)
        languages.add((first.isascii(), second.isascii()))
        assert (": " in text) == second.isascii()
        assert line.learned == [False] + [True] * (len(line.ids) - 1)
    assert len(languages) == 4


@pytest.fixture(scope="module")
def full_writer() -> Writer:
    return Writer(train_tokenizer(1, samples=1500))


def test_chinese_captions_cost_no_more_than_half_as_much_again_as_english(
    full_writer: Writer,
) -> None:
    scenes = [random_scene(np.random.default_rng(n)) for n in range(60)]
    cost = {
        language: sum(
            len(full_writer.words(canonical(scene, modality, language)))
            for scene in scenes
            for modality in SIGNAL_COUNTS
        )
        for language in LANGUAGES
    }
    assert cost["zh"] < 1.5 * cost["en"]


def test_tokens_of_chinese_captions_end_where_their_phrases_end(full_writer: Writer) -> None:
    for number in range(60):
        rng = np.random.default_rng(number)
        text = canonical(random_scene(rng), "image", "zh")
        apart = [i for piece in words_of(text) for i in full_writer.words(piece)]
        assert full_writer.words(text) == apart


def test_the_longest_dialogues_stay_short(full_writer: Writer) -> None:
    lengths = [len(full_writer.write(dialogue_at(number)).ids) for number in range(600)]
    assert max(lengths) < 400
