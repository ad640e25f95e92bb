"""How a realtime session hears, answers and speaks. Knows OpenAI's names; knows no socket."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from desktop.serve import tools
from desktop.serve.errors import ApiError
from desktop.serve.speech.routes import SPEEDS, VoiceId
from runtime.messages import ToolSpec

Json = dict[str, Any]
RATE_HZ = 24_000
_FORMAT = {"type": "audio/pcm", "rate": RATE_HZ}
_LATEST_S = {"low": 4.0, "medium": 2.0, "auto": 2.0, "high": 1.0}
"""Silence that ends a turn of which nobody is sure, by how eager the answer is to be."""


class Vad(msgspec.Struct, frozen=True):
    """How turns end by themselves."""

    type: Literal["server_vad", "semantic_vad"] = "server_vad"
    prefix_padding_ms: int | None = None
    silence_duration_ms: int | None = None
    eagerness: Literal["low", "medium", "high", "auto"] | None = "auto"
    create_response: bool | None = True
    interrupt_response: bool | None = True

    @property
    def silence_s(self) -> float | None:
        """Silence that ends a turn; None where it is judged whether it is over."""
        if self.type == "semantic_vad" or self.silence_duration_ms is None:
            return None
        return self.silence_duration_ms / 1000

    @property
    def latest_s(self) -> float:
        """Silence that ends a turn of which nobody is sure."""
        return _LATEST_S[self.eagerness or "auto"] if self.type == "semantic_vad" else 2.0


class Transcription(msgspec.Struct, frozen=True):
    """Whether the words of a person are told."""

    language: str | None = None


class _Format(msgspec.Struct, frozen=True):
    type: Literal["audio/pcm"]
    rate: Literal[24000] | None = 24000


class _Input(msgspec.Struct, frozen=True):
    format: _Format | None = None
    transcription: Transcription | None = None
    turn_detection: Vad | None = Vad()


class _Output(msgspec.Struct, frozen=True):
    format: _Format | None = None
    voice: str | VoiceId | None = ""
    speed: float | None = 1.0


class _Audio(msgspec.Struct, frozen=True):
    input: _Input = _Input()
    output: _Output = _Output()


class Settings(msgspec.Struct, frozen=True):
    """Of a session, or of one response."""

    type: Literal["realtime", "transcription"] = "realtime"
    instructions: str | None = ""
    output_modalities: list[Literal["text", "audio"]] | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: Any = None
    parallel_tool_calls: bool | None = True
    max_output_tokens: int | Literal["inf"] | None = "inf"
    audio: _Audio = _Audio()

    @property
    def speaks(self) -> bool:
        """Whether answers are spoken."""
        return "audio" in (self.output_modalities or ["audio"])

    @property
    def voice(self) -> str:
        """Its name; empty for the best."""
        found = self.audio.output.voice
        return found.id if isinstance(found, VoiceId) else found or ""

    @property
    def offered(self) -> tuple[str, tuple[ToolSpec, ...]]:
        """Which tools may or must be called, and all of them. Raises as `tools.chosen`."""
        functions = []
        for number, tool in enumerate(self.tools or []):
            where = f"tools[{number}]"
            if tool.get("type") != "function":
                raise ApiError(
                    f"{where}.type: expected function: this server has no tools of its own. Leave "
                    "it out.",
                    param=f"{where}.type",
                )
            try:
                functions.append(msgspec.convert(tool, tools.Function))
            except msgspec.ValidationError as error:
                raise ApiError(f"{where}: {error}.", param=where) from error
        return tools.chosen(self.tool_choice, tools.specs(functions, "tools"))


def default(model: str) -> Json:
    """What a session begins with, as it is told."""
    return {
        "type": "realtime",
        "object": "realtime.session",
        "model": model,
        "output_modalities": ["audio"],
        "instructions": "",
        "tools": [],
        "tool_choice": "auto",
        "parallel_tool_calls": True,
        "max_output_tokens": "inf",
        "audio": {
            "input": {
                "format": _FORMAT,
                "transcription": None,
                "noise_reduction": None,
                "turn_detection": {
                    "type": "server_vad",
                    "prefix_padding_ms": 500,
                    "silence_duration_ms": None,
                    "create_response": True,
                    "interrupt_response": True,
                },
            },
            "output": {"format": _FORMAT, "voice": "", "speed": 1.0},
        },
    }


def updated(settings: Json, change: Json) -> Json:
    """Settings with those of an update in their place; of sound each is changed by itself."""
    found = {**settings, **change}
    if isinstance(change.get("audio"), dict):
        found["audio"] = {**settings["audio"]}
        for way, values in change["audio"].items():
            before = settings["audio"].get(way)
            if isinstance(before, dict) and isinstance(values, dict):
                values = {**before, **values}
            found["audio"][way] = values
    return found


def checked(settings: Json) -> Settings:
    """Settings as they are used.

    Raises:
        ApiError: they are of another shape, or out of bounds.
    """
    try:
        found = msgspec.convert(settings, Settings)
    except msgspec.ValidationError as error:
        raise ApiError(f"session: {error}.", param="session") from error
    speed = found.audio.output.speed
    if speed is not None and not SPEEDS[0] <= speed <= SPEEDS[1]:
        raise ApiError(
            f"session.audio.output.speed: expected a number from {SPEEDS[0]:g} to {SPEEDS[1]:g}, "
            f"found {speed:g}.",
            param="session.audio.output.speed",
        )
    if isinstance(found.max_output_tokens, int) and found.max_output_tokens < 1:
        raise ApiError(
            "session.max_output_tokens: expected a number from 1 or inf, found "
            f"{found.max_output_tokens}.",
            param="session.max_output_tokens",
        )
    _ = found.offered
    return found
