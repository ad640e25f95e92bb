"""What a model says to plain questions, kept as examples."""

from __future__ import annotations

from pathlib import Path

from runtime.bundle.manifest import TemplateSpec
from tests import tiny_llama
from training.align.own_answers import own_answers

TEMPLATE = TemplateSpec(
    user_open="<user>", user_close="<assistant>", answer_close="</s>", add_bos=True
)


def talker(path: Path) -> Path:
    """A model that says "now" to whatever is asked."""
    ids = tiny_llama.ids
    model = tiny_llama.scripted_llama([*ids("<assistant>"), *ids("now"), *ids("</s>")])
    return tiny_llama.write_gguf(model, path)


def test_the_answers_are_the_models_and_are_made_once(tmp_path: Path) -> None:
    base, file = talker(tmp_path / "m.gguf"), tmp_path / "answers.jsonl"
    counted: list[int] = []

    first = own_answers(base, TEMPLATE, ["a boat"], file, counted.append)
    again = own_answers(base, TEMPLATE, ["a boat", "the dog"], file, counted.append)

    assert [one.exchanges[0].answer for one in first] == [("now",)]
    assert [one.exchanges[0].text for one in again] == ["a boat", "the dog"]
    assert counted == [1, 2]


def test_a_line_that_was_cut_off_is_answered_again(tmp_path: Path) -> None:
    base, file = talker(tmp_path / "m.gguf"), tmp_path / "answers.jsonl"
    file.write_bytes(b'["a boat","now"]\n["the do')

    found = own_answers(base, TEMPLATE, ["a boat", "the dog"], file)

    assert len(found) == 2
