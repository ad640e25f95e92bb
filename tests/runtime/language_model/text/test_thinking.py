"""Thinking is told from the answer by the marks that a model's own chat template names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runtime.language_model.chunks import TokenChunk
from runtime.language_model.model import LanguageModel
from runtime.language_model.options import (
    AnswerEvent,
    AnswerOptions,
    Finished,
    SignalRun,
    TextPiece,
    ThinkingEnded,
    ThinkingPiece,
)
from runtime.language_model.text.thinking import (
    KNOWN,
    ThinkingMarkers,
    ThoughtReader,
    thinking_markers,
)
from tests import tiny_llama
from tests.runtime.language_model.scripted import BEGIN, Load
from tests.tiny_llama import ids

TAGS = ThinkingMarkers("<think>", "</think>")
CHANNELS = KNOWN[1]


def read(text: str, markers: ThinkingMarkers = TAGS, *, begun: bool = False) -> tuple[str, str]:
    """Thinking and words of a text, however it is cut into pieces."""
    found = set()
    for size in (1, 2, 3, 7, len(text) or 1):
        reader = ThoughtReader(markers, begun=begun)
        cuts = [reader.feed(text[at : at + size]) for at in range(0, len(text), size)]
        cuts.append(reader.finish())
        found.add(("".join(cut.thought for cut in cuts), "".join(cut.words for cut in cuts)))
        assert sum(cut.ended for cut in cuts) <= 1
    (only,) = found
    return only


@pytest.mark.parametrize(
    ("text", "thought", "words"),
    [
        ("<think>\nHm, a boat.\n</think>\n\nHere it is.", "Hm, a boat.", "Here it is."),
        ("\n<think>a\n\nb</think>c", "a\n\nb", "c"),
        ("<think>\n\n</think>\n\nHello", "", "Hello"),
        ("No thinking at all.", "", "No thinking at all."),
        ("<thin air>", "", "<thin air>"),
        ("<think", "", "<think"),
        ("A <think> in the middle </think>", "", "A <think> in the middle </think>"),
        ("<think>1 < 2 </thin </think>yes </think>", "1 < 2 </thin", "yes </think>"),
        ("<think>cut of", "cut of", ""),
        ("<think>cut of</thi", "cut of</thi", ""),
        ("<think>你好，想一想</think>好的", "你好，想一想", "好的"),
        ("", "", ""),
    ],
)
def test_thinking_is_told_from_words(text: str, thought: str, words: str) -> None:
    assert read(text) == (thought, words)


def test_the_prompt_may_have_begun_it() -> None:
    assert read("\nHm.\n</think>\n\nHello", begun=True) == ("Hm.", "Hello")
    assert read("</think>Hello", begun=True) == ("", "Hello")


def test_channels_are_marks_too() -> None:
    final = "<|start|>assistant<|channel|>final<|message|>"
    text = f"<|channel|>analysis<|message|>Hm.<|end|>{final}Hello"
    assert read(text, CHANNELS) == ("Hm.", "Hello")
    assert read("<|channel|>final<|message|>Hello", CHANNELS) == ("", "Hello")


@pytest.mark.parametrize(
    ("template", "open_mark"),
    [
        ("{%- if '</think>' in content %}{{ content.split('<think>')[-1] }}", "<think>"),
        ("{{- '<|channel>thought\n' + text + '\n<channel|>' }}", "<|channel>thought\n"),
        (r"{{- '<|channel>thought\n' + text + '<channel|>' }}", "<|channel>thought\n"),
        ("{{- '<|start|>assistant<|channel|>analysis<|message|>' }}", CHANNELS.open),
        ("{{ '[THINK]' + message.thinking + '[/THINK]' }}", "[THINK]"),
        ("{{ '<seed:think>' }}{{ '</seed:think>' }}", "<seed:think>"),
    ],
)
def test_a_chat_template_names_them(template: str, open_mark: str) -> None:
    found = thinking_markers(template)
    assert found is not None
    assert found.open == open_mark


def test_most_templates_name_none() -> None:
    assert thinking_markers("{{ '<|im_start|>' + message.role }}") is None
    assert thinking_markers("") is None


@pytest.mark.parametrize("markers", KNOWN)
def test_nothing_is_thought_where_the_prompt_says_so(markers: ThinkingMarkers) -> None:
    assert read(markers.nothing + "Hello", markers) == ("", "Hello")


MARKERS = ThinkingMarkers("<Img>", "</Img>", "")
"""Control tokens, as the marks of many models are."""
WORDS = ThinkingMarkers("dog", "bell", "")
"""Ordinary tokens, as those of others are."""
SIGNALS = tiny_llama.signal_ids()


def answered(
    model: LanguageModel,
    markers: ThinkingMarkers = MARKERS,
    *,
    begun: bool = False,
    most: int = 100,
    **changes: Any,
) -> list[AnswerEvent]:
    thinking = model.thinking_of(markers, begun=begun, most_tokens=most)
    options = {"signals": SIGNALS, "max_new_tokens": 40, "thinking": thinking, **changes}
    return list(model.generate(AnswerOptions(**options)))


def thought_of(events: list[AnswerEvent]) -> str:
    return "".join(e.text for e in events if isinstance(e, ThinkingPiece))


def text_of(events: list[AnswerEvent]) -> str:
    return "".join(e.text for e in events if isinstance(e, TextPiece))


def test_control_tokens_may_be_marks(load: Load) -> None:
    model = load(BEGIN + "<Img> red boat</Img> the sea</s>")
    events = answered(model)
    assert (thought_of(events), text_of(events)) == ("red boat", "the sea")
    assert ThinkingEnded(cut=False) in events
    kinds = [type(event).__name__ for event in events]
    assert kinds.index("ThinkingEnded") < kinds.index("TextPiece")
    assert events[-1] == Finished("end", 6)


def test_words_may_be_marks(load: Load) -> None:
    events = answered(load(BEGIN + " dog red boat bell the sea</s>"), WORDS)
    assert (thought_of(events), text_of(events)) == ("red boat", "the sea")


def test_what_was_thought_is_in_the_cache(load: Load) -> None:
    model = load(BEGIN + "<Img> red boat</Img> the sea</s>")
    answered(model)
    held = [cell for cell in model.cells if isinstance(cell, int)]
    assert held[-6:] == ids("<Img> red boat</Img> the sea")


def test_a_prompt_that_begins_it(load: Load) -> None:
    model = load("<Img> red boat</Img> the sea</s>")
    model.prefill([TokenChunk(tuple(ids("<s><user>now" + BEGIN + "<Img>")))])
    events = answered(model, begun=True)
    assert (thought_of(events), text_of(events)) == ("red boat", "the sea")


def test_an_answer_without_thinking(load: Load) -> None:
    events = answered(load(BEGIN + " red boat</s>"))
    assert (thought_of(events), text_of(events)) == ("", " red boat")
    assert not any(isinstance(event, ThinkingEnded) for event in events)


def test_without_the_option_marks_are_never_written(load: Load) -> None:
    model = load(BEGIN + "<Img> red boat</s>")
    events = list(model.generate(AnswerOptions(max_new_tokens=5)))
    assert ids("<Img>")[0] not in model.cells[-5:]
    assert not any(isinstance(event, ThinkingPiece | ThinkingEnded) for event in events)


def test_thinking_is_not_counted_as_the_answers_length(load: Load) -> None:
    model = load(BEGIN + "<Img> red boat</Img> the sea at night</s>")
    events = answered(model, max_new_tokens=2)
    assert thought_of(events) == "red boat"
    assert isinstance(events[-1], Finished) and events[-1].reason == "length"
    assert text_of(events) == "the sea"


def test_thinking_that_is_too_long_is_cut_and_the_answer_comes(load: Load) -> None:
    model = load(BEGIN + "<Img> red boat snow red", "</Img> the sea</s>")
    events = answered(model, most=4)
    assert thought_of(events) == "red boat snow"
    assert ThinkingEnded(cut=True) in events
    assert text_of(events) == "the sea"
    assert events[-1].reason == "end"  # type: ignore[union-attr]


def test_thinking_that_fills_the_context_says_so(load: Load) -> None:
    model = load(BEGIN + "<Img> red boat snow red", n_ctx=256)
    model.prefill([TokenChunk((*ids("now") * (256 - 20), *ids(BEGIN)))])
    long_marks = ThinkingMarkers("<Img>", "a bell rings in the snow, a very long mark, now")
    events = answered(model, long_marks)
    assert ThinkingEnded(cut=True) in events
    assert text_of(events) == ""
    assert isinstance(events[-1], Finished) and events[-1].reason == "length"


def test_a_stop_text_ends_the_answer_and_not_the_thinking(load: Load) -> None:
    model = load(BEGIN + "<Img> red boat</Img> the snow bell</s>")
    events = answered(model, stop=("red", " snow"))
    assert (thought_of(events), text_of(events)) == ("red boat", "the")
    assert events[-1].reason == "end"  # type: ignore[union-attr]
    model = load(BEGIN + "<Img> red boat</Img> the sea</s>")
    assert text_of(answered(model, stop=("the",))) == ""


def test_a_signal_behind_the_thinking(load: Load) -> None:
    model = load(BEGIN + "<Img> red</Img>[IMG0]", "[IMG3] boat</s>")
    events = answered(model)
    assert thought_of(events) == "red"
    assert [e.modality for e in events if isinstance(e, SignalRun)] == ["image"]
    assert text_of(events) == " boat"


def test_a_signal_within_the_thinking_ends_it(load: Load) -> None:
    events = answered(load(BEGIN + "<Img> red[IMG0]", "[IMG3] boat</s>"))
    assert thought_of(events) == "red"
    assert ThinkingEnded(cut=True) in events
    assert [e.modality for e in events if isinstance(e, SignalRun)] == ["image"]


def test_the_end_within_the_thinking(load: Load) -> None:
    events = answered(load(BEGIN + "<Img> red boat</s>"))
    assert (thought_of(events), text_of(events)) == ("red boat", "")
    assert events[-1] == Finished("end", 3)


def test_it_can_be_stopped_while_it_thinks(load: Load) -> None:
    model = load(BEGIN + "<Img> red boat snow red")
    thinking = model.thinking_of(MARKERS, begun=False, most_tokens=100)
    events: list[AnswerEvent] = []
    for event in model.generate(AnswerOptions(thinking=thinking), lambda: len(events) > 1):
        events.append(event)
    assert thought_of(events)
    assert isinstance(events[-1], Finished) and events[-1].reason == "stopped"


def test_it_is_not_shown_where_no_words_are_wanted(load: Load) -> None:
    model = load(BEGIN + "<Img> red</Img> boat[IMG0]", "[IMG3]</s>")
    events = answered(model, text_allowed=False)
    assert not any(isinstance(event, ThinkingPiece | TextPiece) for event in events)


def test_a_character_cut_over_tokens_at_the_end_of_the_thinking(load: Load) -> None:
    events = answered(load(BEGIN + "<Img> red</Img>é🚤</s>"))
    assert (thought_of(events), text_of(events)) == ("red", "é🚤")


def test_sampled_answers_may_think_too(load: Load) -> None:
    model = load(BEGIN + "<Img> red boat</Img> the sea</s>")
    events = answered(model, temperature=0.01, seed=3)
    assert (thought_of(events), text_of(events)) == ("red boat", "the sea")


def test_a_models_own_template_is_read_from_its_file(tmp_path: Path) -> None:
    import gguf

    from training.gguf.random_models import byte_vocabulary, write_random_model

    plain = write_random_model(tmp_path / "p.gguf", "llama", byte_vocabulary("<|im_end|>"))
    with LanguageModel(plain, n_ctx=32, n_threads=1) as model:
        assert model.thinking is None
    thinks = byte_vocabulary("<think>", "</think>", "<|im_end|>")
    template = "{{ '<think>' }}{{ '</think>' }}"
    path = write_random_model(tmp_path / "t.gguf", "llama", thinks, chat_template=template)
    assert gguf.GGUFReader(path).fields["tokenizer.chat_template"]
    with LanguageModel(path, n_ctx=32, n_threads=1) as model:
        assert model.thinking == TAGS
        thinking = model.thinking_of(TAGS, begun=True, most_tokens=7)
    assert set(thinking.names.values()) == {b"<think>", b"</think>"}
    assert thinking.closing[0] == 1
