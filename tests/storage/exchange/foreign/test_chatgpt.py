"""ChatGPT's nodes, sound and otherwise."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from storage.exchange.foreign import chatgpt
from storage.exchange.foreign.talk import Call, File, LeftOut, Words
from tests.storage.exchange.foreign.exports import WAV, chat, chat_node


def read(*nodes: dict[str, Any]) -> tuple[dict[str, Any], LeftOut]:
    left_out: LeftOut = Counter()
    document = chat(*nodes)
    assert chatgpt.fits(document)
    entries = chatgpt.read(document, left_out).entries
    return {key: one.pieces for key, one in entries.items()}, left_out


def test_code_for_a_person_is_code_and_code_for_a_tool_is_a_call() -> None:
    code = {"content_type": "code", "language": "python", "text": "x = 1"}
    found, _ = read(
        chat_node("a", "root", "assistant", code),
        chat_node("b", "root", "assistant", code, recipient="python"),
    )

    assert found["a"] == (Words("```python\nx = 1\n```"),)
    assert found["b"] == (Call("b", "ChatGPT", "python", '{"input":"x = 1"}'),)


def test_a_spoken_conversation_has_its_words_and_sounds() -> None:
    assert WAV[8:12] == b"WAVE"
    said = {
        "content_type": "multimodal_text",
        "parts": [
            {"content_type": "audio_transcription", "text": "Hello", "direction": "in"},
            {
                "content_type": "real_time_user_audio_video_asset_pointer",
                "audio_asset_pointer": {
                    "content_type": "audio_asset_pointer", "asset_pointer": "sediment://file_0ab",
                    "format": "wav",
                },
                "frames_asset_pointers": [],
            },
        ],
    }  # fmt: skip
    found, _ = read(chat_node("u", "root", "user", said))
    assert found["u"] == (Words("Hello"), File("file_0ab"))


def test_an_unknown_part_is_counted() -> None:
    odd = {"content_type": "multimodal_text", "parts": [{"content_type": "hologram"}]}
    found, left_out = read(
        chat_node("u", "root", "user", odd),
        chat_node("v", "root", "user", {"content_type": "hologram_view"}),
    )
    assert (found["u"], found["v"], left_out["part"]) == ((), (), 2)


@pytest.mark.parametrize("wrong", [None, 1, 1e300, "x", [], [[]], {}, {"role": {}}, True])
def test_values_of_wrong_kinds_do_no_harm(wrong: Any) -> None:
    node = chat_node("u", "root", "user", "hello")
    for name in node["message"]:
        bad = {**node, "message": node["message"] | {name: wrong}}
        read({**bad, "id": "u"})
    document = chat(node) | {"mapping": {"u": wrong, "v": {"message": wrong, "parent": wrong}}}
    chatgpt.read(document | {"create_time": wrong, "title": wrong}, Counter())
