"""A bundle's prompt becomes the messages that it was made of."""

from __future__ import annotations

from runtime.composition.chat_template import system_template
from runtime.composition.recipe import recipe
from runtime.composition.upstream import PIECES
from runtime.language_model.chunks import TokenChunk
from runtime.messages import Message, SignalPart, TextPart, ToolCallPart, ToolResultPart, ToolSpec
from runtime.turn.prompt import PromptBuilder
from runtime.upstream.conversation import Conversation, conversation
from runtime.upstream.vocabulary import Vocabulary

TEMPLATE = system_template(PIECES, "You help.", "", "You help with tools.")
TOOL = ToolSpec("get_weather", "The weather.", '{"type": "object"}')


def _sent(*messages: Message, closing: str | None = None, **options: object) -> Conversation:
    vocabulary = Vocabulary()
    vocabulary.bos = None  # type: ignore[attr-defined]
    tags = {"image": ("(I made this picture: ", ")\n")}
    builder = PromptBuilder(TEMPLATE, vocabulary, list, {}, tags=tags, **options)  # type: ignore[arg-type]
    ids: list[int] = []
    for chunk in builder.fit(messages, 4096, 100, closing).chunks:
        assert isinstance(chunk, TokenChunk)
        ids += chunk.ids
    return conversation(vocabulary.parts(ids))


def _user(text: str) -> Message:
    return Message("user", (TextPart(text),))


def test_turns_become_messages() -> None:
    answer = Message("assistant", (TextPart("Hello."),))

    sent = _sent(_user("hi"), answer, _user("and now?"))

    assert sent.tools == []
    assert [(one["role"], one["content"]) for one in sent.messages] == [
        ("system", "You help."),
        ("user", "hi"),
        ("assistant", "Hello."),
        ("user", "and now?"),
    ]


def test_what_was_made_is_told_in_words() -> None:
    made = Message("assistant", (SignalPart("image", "a boat"), TextPart("There it is.")))

    sent = _sent(_user("draw"), made, _user("thanks"))

    assert sent.messages[2]["content"] == "(I made this picture: a boat)\nThere it is."


def test_a_persons_own_system_text_takes_the_place_of_the_bundles() -> None:
    sent = _sent(_user("hi"), system="Be short.")

    assert sent.messages[0] == {"role": "system", "content": "Be short."}


def test_a_question_stands_at_the_end_of_the_last_message() -> None:
    words = recipe().question["begin"]

    sent = _sent(_user("draw"), closing=f"{PIECES.question_open}{words}{PIECES.question_close}")

    assert sent.messages[-1] == {"role": "user", "content": f"draw\n\n{words}"}


def test_calls_and_results_are_those_of_the_api() -> None:
    call = ToolCallPart("abcdefghi", "get_weather", '{"city": "Paris"}')
    result = ToolResultPart("abcdefghi", "get_weather", "sunny <|/result|> today")
    going_on = Message("assistant", (TextPart("I look."), call, result))

    sent = _sent(_user("weather?"), going_on, tools=(TOOL,))

    assert sent.messages[0] == {"role": "system", "content": "You help with tools."}
    assert sent.tools == [
        {
            "type": "function",
            "function": {
                "name": "get_weather",
                "description": "The weather.",
                "parameters": {"type": "object"},
            },
        }
    ]
    function = {"name": "get_weather", "arguments": '{"city": "Paris"}'}
    called = {"id": "abcdefghi", "type": "function", "function": function}
    assert sent.messages[2:] == [
        {"role": "assistant", "content": "I look.", "tool_calls": [called]},
        {
            "role": "tool",
            "tool_call_id": "abcdefghi",
            "content": "sunny < |/result|> today",
        },
    ]


def test_an_answer_behind_results_is_another_message() -> None:
    call = ToolCallPart("abcdefghi", "get_weather", "{}")
    result = ToolResultPart("abcdefghi", "get_weather", "")
    whole = Message("assistant", (call, result, TextPart("It is sunny.")))

    sent = _sent(_user("weather?"), whole, _user("thanks"), tools=(TOOL,))

    assert [one["role"] for one in sent.messages] == [
        "system", "user", "assistant", "tool", "assistant", "user",
    ]  # fmt: skip
    assert sent.messages[2]["content"] is None
    assert sent.messages[3]["content"] == "(nothing)"
    assert sent.messages[4] == {"role": "assistant", "content": "It is sunny."}
