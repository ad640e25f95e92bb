"""Another program uses Medley by MCP: real models, real files, the SDK's own client."""

from __future__ import annotations

import asyncio
import base64
import wave
from pathlib import Path

import psutil
import pytest
from mcp_types import (
    AudioContent,
    BlobResourceContents,
    CallToolResult,
    EmbeddedResource,
    ImageContent,
    TextContent,
)

from storage.library import Library
from storage.records import Text
from tests.desktop.mcp_server.conftest import Program, program
from tests.installed import model_folder

pytestmark = pytest.mark.slow


def words(result: CallToolResult) -> str:
    """All its texts."""
    return "\n".join(one.text for one in result.content if isinstance(one, TextContent))


def test_the_tools_describe_themselves(other: Program) -> None:
    tools = {one.name: one for one in other.do(other.client.list_tools()).tools}

    assert list(tools) == ["ask", "draw", "play", "film", "listen", "say", "search"]
    for tool in tools.values():
        assert tool.title and tool.description and "  " not in tool.description
        assert "context" not in tool.input_schema["properties"]
        assert all(one.get("description") for one in tool.input_schema["properties"].values())
    assert tools["search"].annotations is not None
    assert tools["search"].annotations.read_only_hint
    assert other.client.server_info is not None
    assert other.client.server_info.name == "medley"


def test_a_question_is_answered_in_words_and_pictures(other: Program) -> None:
    result = other.call("ask", prompt="draw a red boat on the sea at night", seed=1)

    assert not result.is_error, words(result)
    assert "boat" in words(result)
    pictures = [one for one in result.content if isinstance(one, ImageContent)]
    assert base64.b64decode(pictures[0].data).startswith(b"\x89PNG")
    assert pictures[0].mime_type == "image/png"


def test_an_answer_in_the_making_gives_signs_of_life(other: Program) -> None:
    told: list[tuple[float, float | None]] = []

    async def progress(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, total))

    arguments = {"prompt": "draw a blue boat on the sea"}
    result = other.do(other.client.call_tool("ask", arguments, progress_callback=progress))

    assert not result.is_error
    assert told and told == sorted(told)
    assert {total for _, total in told} == {None}


def test_a_picture_is_drawn_with_progress_saved_and_looked_at(
    other: Program, tmp_path: Path
) -> None:
    path = tmp_path / "boat.png"
    told: list[tuple[float, float | None]] = []

    async def progress(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, total))

    arguments = {"prompt": "a red boat on the sea", "file": str(path), "steps": 3, "seed": 7}
    result = other.do(other.client.call_tool("draw", arguments, progress_callback=progress))
    again = other.call("ask", prompt="what is this?", files=[str(path)])

    assert not result.is_error, words(result)
    drawn = next(one for one in result.content if isinstance(one, ImageContent))
    assert path.read_bytes() == base64.b64decode(drawn.data)
    assert told and told == sorted(told) and told[-1] == (1.0, 1.0)
    assert not again.is_error and words(again)


def test_a_sound_and_a_clip_come_as_content(other: Program) -> None:
    sound = other.call("play", prompt="a bell", steps=2)
    clip = other.call("film", prompt="a red boat moves to the left", steps=2)

    assert next(one for one in sound.content if isinstance(one, AudioContent)).mime_type
    resource = next(one for one in clip.content if isinstance(one, EmbeddedResource)).resource
    assert isinstance(resource, BlobResourceContents)
    assert resource.mime_type in ("video/mp4", "video/webm")


def test_a_stopped_call_makes_room_for_the_next(other: Program) -> None:
    begun = asyncio.Event()

    async def progress(progress: float, total: float | None, message: str | None) -> None:
        begun.set()

    async def stop() -> None:
        arguments = {"prompt": "a red boat on the sea", "steps": 200}
        call = asyncio.ensure_future(
            other.client.call_tool("draw", arguments, progress_callback=progress)
        )
        await begun.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    other.do(stop())

    assert not other.call("draw", prompt="a red boat on the sea", steps=1).is_error


def test_the_library_is_searched_and_not_changed(other: Program, tmp_path: Path) -> None:
    path = Path(next(word for word in other.server.cmdline() if word.endswith("library.db")))
    missing = other.call("search", words="harbour")
    with Library.open(path) as library:
        conversation = library.conversations.new("Boats").id
        library.messages.add(conversation, [Text("Which boats are in the harbour?")])
    before = path.read_bytes()

    found = other.call("search", words="harbour")
    nothing = other.call("search", words="submarine")

    assert missing.is_error and "no library" in words(missing)
    assert "Which boats are in the harbour?" in words(found)
    assert words(nothing) == "Nothing was found."
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("tool", "arguments", "why"),
    [
        ("ask", {"prompt": " "}, "expected a request"),
        ("ask", {"prompt": "x", "files": ["relative.png"]}, "whole path"),
        ("ask", {"prompt": "x", "files": ["/no/such/file.png"]}, "no such file"),
        ("draw", {"prompt": "a boat", "file": "/tmp/x.exe"}, "ends in .png"),
        ("draw", {"prompt": "a boat", "file": "/no/such/folder/x.png"}, "a folder to write"),
        ("draw", {"prompt": "a boat", "file": __file__[:-3] + ".png", "steps": 0}, "steps"),
        ("say", {"text": "hello", "speed": 9}, "speed from"),
        ("search", {"words": ""}, "words to look for"),
        ("listen", {"file": "/no/such.wav"}, "no such file"),
    ],
)
def test_what_cannot_be_done_is_told_to_the_model(
    other: Program, tool: str, arguments: dict[str, object], why: str
) -> None:
    result = other.call(tool, **arguments)

    assert result.is_error
    assert why in words(result)


def test_no_file_is_overwritten(other: Program, tmp_path: Path) -> None:
    path = tmp_path / "mine.png"
    path.write_text("mine")

    result = other.call("draw", prompt="a red boat on the sea", file=str(path))

    assert result.is_error and "found one that is there" in words(result)
    assert path.read_text() == "mine"


def test_a_text_is_said_into_a_file_and_heard_again(other: Program, tmp_path: Path) -> None:
    model_folder("kokoro-82m")
    model_folder("whisper-base")
    path = tmp_path / "said.wav"

    said = other.call("say", text="The boats leave at seven.", file=str(path))
    heard = other.call("listen", file=str(path), language="en")

    assert not said.is_error, words(said)
    with wave.open(str(path)) as sound:
        assert sound.getnframes() > sound.getframerate()
    assert "boats" in words(heard).lower()


def test_at_the_end_no_process_is_left(tmp_path: Path) -> None:
    with program(tmp_path / "library.db", tmp_path) as other:
        assert not other.call("ask", prompt="hello").is_error
        family = [other.server, *other.server.children(recursive=True)]
        assert len(family) > 1

    _, alive = psutil.wait_procs(family, timeout=60)
    assert alive == []
