"""The question whether an answer needs a tool, asked of Pocket's language model."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from runtime.bundle.bundle import PACKAGED, Bundle, BundleError
from runtime.bundle.manifest import CallChoiceSpec
from runtime.bundle.write import write_manifest
from runtime.engine import Engine
from runtime.messages import (
    Event,
    Message,
    Sampling,
    TextPart,
    ToolCalled,
    ToolCallPart,
    ToolResultPart,
    Turn,
    TurnDone,
)
from runtime.turn.choice.call_choice import CallChooser
from tests.runtime.calls.making import tool

pytestmark = pytest.mark.usefixtures("one_thread")
PICK = tool("pick", "what", what={"enum": ["boat", "car"]})
CHOICE = CallChoiceSpec(" a car?", " a car and a bird?", ("bird", "sea"), 0.5, 0.5)


def bundle_with(folder: Path, choice: CallChoiceSpec) -> Bundle:
    pocket = Bundle.open(PACKAGED / "pocket")
    shutil.copytree(pocket.folder, folder)
    write_manifest(folder, msgspec.structs.replace(pocket.manifest, call_choice=choice))
    return Bundle.open(folder)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("asked") / "pocket"
    with Engine(bundle_with(folder, CHOICE), device="cpu", threads=1) as engine:
        yield engine


def choosing(engine: Engine, **limits: float) -> Engine:
    """The same engine with other limits."""
    engine.load()
    context = engine._context
    assert context is not None
    spec = msgspec.structs.replace(CHOICE, **limits)
    object.__setattr__(context, "call_chooser", CallChooser(spec, context.model))
    return engine


def answered(engine: Engine, *answer: ToolCallPart | ToolResultPart, **more: object) -> list[Event]:
    messages = [Message("user", (TextPart("draw a red boat"),))]
    if answer:
        messages.append(Message("assistant", answer))
    turn = Turn(
        tuple(messages), tools=(PICK,), seed=5, allowed=("text",), may_be_empty=True,
        sampling=Sampling(temperature=0.0, max_new_tokens=200), **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return list(engine.answer(turn))


def calls(events: list[Event]) -> list[str]:
    return [event.call.name for event in events if isinstance(event, ToolCalled)]


def test_an_answer_that_needs_a_tool_has_to_call_it(engine: Engine) -> None:
    events = answered(choosing(engine, least=1e-30))

    assert calls(events) == ["pick"]
    assert isinstance(events[-1], TurnDone)
    assert events[-1].finish == "tool_calls"


def test_an_answer_that_needs_none_may_not_call(engine: Engine) -> None:
    assert not calls(answered(choosing(engine, least=1.0)))


def test_behind_results_another_question_with_a_limit_of_its_own_decides(engine: Engine) -> None:
    made = ToolCallPart("id1", "pick", '{"what": "boat"}')
    behind = (made, ToolResultPart("id1", "pick", "a boat"))

    assert calls(answered(choosing(engine, least=1.0, least_again=1e-30), *behind)) == ["pick"]
    assert not calls(answered(choosing(engine, least=1e-30, least_again=1.0), *behind))


def test_what_the_turn_decides_is_not_asked(engine: Engine) -> None:
    assert calls(answered(choosing(engine, least=1.0), tool_choice="required")) == ["pick"]
    assert not calls(answered(choosing(engine, least=1e-30), tool_choice="none"))


def test_the_question_leaves_nothing_behind(engine: Engine) -> None:
    made = ToolCallPart("id1", "pick", '{"what": "boat"}')
    behind = (made, ToolResultPart("id1", "pick", "a boat"))
    asked = answered(choosing(engine, least_again=1.0), *behind)[-1]
    unasked = answered(choosing(engine), *behind, tool_choice="none")[-1]

    assert isinstance(asked, TurnDone)
    assert isinstance(unasked, TurnDone)
    assert asked.reply == unasked.reply
    assert asked.usage.prompt_tokens == unasked.usage.prompt_tokens


@pytest.mark.parametrize(
    "wrong", [{"least": 0.0}, {"least_again": 1.5}, {"words": ()}, {"words": ("",)}]
)
def test_a_table_that_cannot_be_is_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(BundleError, match="call_choice has"):
        bundle_with(tmp_path / "wrong", msgspec.structs.replace(CHOICE, **wrong))
