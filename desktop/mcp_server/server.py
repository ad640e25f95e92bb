"""The MCP server: its tools, declared for whatever model calls them, and the loop over stdin and
stdout. Knows the MCP SDK.

stdout is the protocol's alone: the SDK keeps a copy and turns the descriptor to stderr.
"""

from __future__ import annotations

import asyncio
import base64
import inspect
from collections.abc import Callable, Coroutine
from functools import partial, wraps
from importlib.metadata import version
from typing import Annotated, Any, TypeVar

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import (
    AudioContent,
    BlobResourceContents,
    EmbeddedResource,
    ImageContent,
    TextContent,
    ToolAnnotations,
)
from pydantic import Field

from desktop.mcp_server import given_files
from desktop.mcp_server.work import SOUNDS, Told, Work
from desktop.modalities import noun
from desktop.serve.errors import ApiError
from plugins.errors import KnownError
from runtime.messages import ArtifactReady

Content = TextContent | ImageContent | AudioContent | EmbeddedResource
R = TypeVar("R")
INSTRUCTIONS = (
    "Medley runs language, picture, sound and clip models on this computer, without a network. "
    "Files are named by their whole path. A call may take minutes: one is worked on at a time."
)
_PICTURES, _CLIPS = (".png",), (".mp4", ".webm")
_ANNOTATIONS = {
    True: ToolAnnotations(read_only_hint=True, open_world_hint=False),
    False: ToolAnnotations(
        read_only_hint=False,
        destructive_hint=False,
        idempotent_hint=False,
        open_world_hint=False,
    ),
}
"""By whether a tool only reads. No file is ever overwritten, and nothing leaves the computer."""

Prompt = Annotated[str, Field(description="What is wanted, in everyday words.")]
Seed = Annotated[int | None, Field(description="The same seed makes the same.", ge=0, lt=2**31)]
Steps = Annotated[int | None, Field(description="Diffusion steps; more take longer.", ge=1, le=200)]


def mcp_server(work: Work) -> MCPServer:
    """The server with all its tools, not yet running."""
    server: MCPServer = MCPServer(
        "medley",
        title="Medley",
        version=version("medley"),
        instructions=INSTRUCTIONS,
        log_level="ERROR",
    )
    tools = _Tools(work)
    for tool, title, reads in (
        (tools.ask, "Ask Medley", True),
        (tools.draw, "Draw a picture", False),
        (tools.play, "Make a sound", False),
        (tools.film, "Film a clip", False),
        (tools.listen, "Write down speech", True),
        (tools.say, "Say a text", False),
        (tools.search, "Search the library", True),
    ):
        server.add_tool(
            _told(tool),
            title=title,
            description=inspect.getdoc(tool),
            annotations=_ANNOTATIONS[reads],
            structured_output=False,
        )
    return server


async def serve(work: Work) -> None:
    """Answer until stdin ends; what was started has ended then."""
    try:
        await mcp_server(work).run_stdio_async()
    finally:
        await work.close()


class _Tools:
    """The tools. Their docstrings and annotations are what a model reads."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def ask(
        self,
        context: Context[Any, Any],
        prompt: Prompt,
        files: Annotated[
            list[str],
            Field(
                description="Pictures, sounds, clips or documents to go with it, as whole paths."
            ),
        ] = [],  # noqa: B006  (never changed; it is the schema's default)
        system: Annotated[str | None, Field(description="What it is told about its task.")] = None,
        seed: Seed = None,
    ) -> list[Content]:
        """Ask the local model: it answers in words, and with pictures, sounds or clips if asked for
        them. It can look at, listen to and read the files that are given."""
        answer = await self._work.ask(prompt, files, system, seed, _progress(context))
        found: list[Content] = [TextContent(text=answer.text)] if answer.text.strip() else []
        for made in answer.artifacts:
            found += _content(made)
        found += [TextContent(text=f"Could not be made: {why}") for why in answer.failures]
        return found or [TextContent(text="The model said nothing; ask in other words.")]

    async def draw(
        self,
        context: Context[Any, Any],
        prompt: Prompt,
        file: Annotated[
            str | None, Field(description="A new .png file to save it in, as whole path.")
        ] = None,
        seed: Seed = None,
        steps: Steps = None,
    ) -> list[Content]:
        """Draw a picture of what is described."""
        return await self._make("image", _PICTURES, prompt, file, seed, steps, context)

    async def play(
        self,
        context: Context[Any, Any],
        prompt: Prompt,
        file: Annotated[
            str | None, Field(description="A new .wav file to save it in, as whole path.")
        ] = None,
        seed: Seed = None,
        steps: Steps = None,
    ) -> list[Content]:
        """Make a sound of what is described, such as rain or a bell; not speech."""
        return await self._make("audio", (".wav",), prompt, file, seed, steps, context)

    async def film(
        self,
        context: Context[Any, Any],
        prompt: Prompt,
        file: Annotated[
            str | None, Field(description="A new .mp4 file to save it in, as whole path.")
        ] = None,
        seed: Seed = None,
        steps: Steps = None,
    ) -> list[Content]:
        """Film a short clip of what is described."""
        return await self._make("video", _CLIPS, prompt, file, seed, steps, context)

    async def listen(
        self,
        file: Annotated[str, Field(description="A sound or a clip, as whole path.")],
        language: Annotated[
            str, Field(description="As en or zh; empty where it is to be found out.")
        ] = "",
    ) -> list[Content]:
        """Write down what is said in a sound or a clip."""
        path = await asyncio.to_thread(given_files.sound, file)
        text = await self._work.listen(path, language)
        return [TextContent(text=text or "Nothing is said in it.")]

    async def say(
        self,
        text: Annotated[str, Field(description="What to say, in English or Chinese.")],
        file: Annotated[
            str | None,
            Field(description="A new .wav, .mp3, .flac or .opus file to save it in, whole path."),
        ] = None,
        voice: Annotated[str, Field(description="A voice's name; empty for the best.")] = "",
        speed: Annotated[float, Field(description="0.5 to 2; 1 is natural.")] = 1.0,
    ) -> list[Content]:
        """Say a text aloud, into a sound."""
        if file is None:
            data = await self._work.say(text, "wav", voice, speed)
            return [AudioContent(data=_base64(data), mime_type="audio/wav")]
        path = await asyncio.to_thread(given_files.new_file, file, tuple(SOUNDS))
        data = await self._work.say(text, SOUNDS[path.suffix.lower()], voice, speed)
        await asyncio.to_thread(given_files.write, path, data)
        return [TextContent(text=f"Saved in {path}")]

    async def search(
        self,
        words: Annotated[str, Field(description='Words that all occur; "in quotes" in order.')],
        only: Annotated[
            list[str], Field(description="Only messages with these: text, image, audio, video.")
        ] = [],  # noqa: B006  (never changed; it is the schema's default)
        limit: Annotated[int, Field(description="At most so many.", ge=1, le=50)] = 20,
    ) -> list[Content]:
        """Search the person's conversations with Medley for words. Nothing is changed."""
        return [TextContent(text=await self._work.search(words, tuple(only), limit))]

    async def _make(
        self,
        modality: str,
        endings: tuple[str, ...],
        prompt: str,
        file: str | None,
        seed: int | None,
        steps: int | None,
        context: Context[Any, Any],
    ) -> list[Content]:
        new = None if file is None else await asyncio.to_thread(given_files.new_file, file, endings)
        made = await self._work.make(modality, prompt, seed, steps, _progress(context))
        found = _content(made)
        if new is not None:
            await asyncio.to_thread(given_files.write, new, made.data)
            found.append(TextContent(text=f"Saved in {new}"))
        return found


def _told(
    tool: Callable[..., Coroutine[Any, Any, R]],
) -> Callable[..., Coroutine[Any, Any, R]]:
    """The tool, whose known errors are told to the model."""

    @wraps(tool)
    async def told(*args: Any, **named: Any) -> R:
        try:
            return await tool(*args, **named)
        except (ApiError, KnownError) as error:
            raise ToolError(str(error)) from error

    return told


def _progress(context: Context[Any, Any]) -> Told:
    """Tells the client how far a call is, in order and without waiting for it."""
    loop = asyncio.get_running_loop()
    tasks = set[asyncio.Task[None]]()
    highest = 0.0

    def told(step: int, of: int) -> None:
        nonlocal highest
        if of <= 0 or step / of <= highest:
            return  # Progress only grows, says the protocol.
        highest = step / of
        task = loop.create_task(context.report_progress(highest, 1.0, f"step {step} of {of}"))
        tasks.add(task)
        task.add_done_callback(partial(_forget, tasks))

    return told


def _forget(tasks: set[asyncio.Task[None]], task: asyncio.Task[None]) -> None:
    tasks.discard(task)
    if not task.cancelled():
        task.exception()  # A client that is gone is noticed elsewhere.


def _content(made: ArtifactReady) -> list[Content]:
    """A made medium, and what it is of."""
    data = _base64(made.data)
    about = TextContent(text=f"{noun(made.modality)}: {made.caption or 'as described'}")
    match made.modality:
        case "image":
            return [ImageContent(data=data, mime_type=made.mime), about]
        case "audio":
            return [AudioContent(data=data, mime_type=made.mime), about]
    name = f"medley://made/{made.modality}-{made.seed}{made.extension}"
    resource = BlobResourceContents(uri=name, mime_type=made.mime, blob=data)
    return [EmbeddedResource(resource=resource), about]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
