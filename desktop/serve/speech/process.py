"""The speech helper: a voice, and what hears. Loads each when it is first needed, and keeps it."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from desktop.assistant.helper_serving import answer_requests
from desktop.serve.speech.encoding import Encoder, write
from desktop.serve.speech.live import LiveHearing
from desktop.serve.speech.protocol import (
    LIMIT_S,
    BeginHearing,
    BeginSpeaking,
    EndTurn,
    Feed,
    Hear,
    Heard,
    ListVoices,
    Refused,
    Reply,
    Request,
    Said,
    Segment,
    Speak,
    SpeakOn,
    SpeechPart,
    StopHearing,
    StopSpeaking,
    Voices,
    requests,
)
from desktop.speech.engines import model_folder, open_voice
from plugins.errors import KnownError, problem_of
from plugins.stage import RenderStage, UnlimitedMemory
from runtime.offline import stay_offline

if TYPE_CHECKING:
    from plugins.api import Reader
    from runtime.speech.voice import Voice

_USUAL = frozenset(
    "alloy ash ballad cedar coral echo fable marin nova onyx sage shimmer verse".split()
)
"""Voices that programs name which were made for OpenAI's."""
_MEN = frozenset("ash ballad cedar echo fable onyx verse".split())


class Speech:
    """What was loaded."""

    def __init__(self) -> None:
        self._voice: Voice | None = None
        self._memory = UnlimitedMemory()
        self._live = LiveHearing()
        self._said: dict[str, Generator[SpeechPart, None, None]] = {}
        """Texts that are said part by part."""

    def answer(self, data: bytes) -> bytes:
        """The reply to a request; what is wrong with it is one too."""
        reply: Reply
        try:
            reply = self._do(requests.decode(data))
        except KnownError as error:
            reply = Refused(error.problem)
        except Exception as error:  # noqa: BLE001  a helper that ends tells nothing
            reply = Refused(problem_of(error))
        return msgspec.msgpack.encode(reply)

    def _do(self, request: Request) -> Reply:
        match request:
            case Speak():
                return self._say(request)
            case BeginSpeaking():
                self._said[request.key] = self._parts(request)
                return self._next(request.key)
            case SpeakOn():
                return self._next(request.key)
            case StopSpeaking():
                self._said.pop(request.key, None)
                return SpeechPart(b"", 0.0, last=True)
            case Hear():
                return self._hear(request)
            case BeginHearing() | Feed() | EndTurn() | StopHearing():
                return self._live.do(request)
            case ListVoices():
                from runtime.speech.voice import voices_of

                return Voices(tuple(one.name for one in voices_of(model_folder("speak", ""))))

    def _opened(self) -> Voice:
        if self._voice is None:
            self._voice = open_voice("")
        return self._voice

    def _next(self, key: str) -> SpeechPart:
        """The next part of a text; it is forgotten after its last, or a fault."""
        parts = self._said.pop(key, None)
        part = None if parts is None else next(parts, None)
        if parts is None or part is None:
            return SpeechPart(b"", 0.0, last=True)
        if not part.last:
            self._said[key] = parts
        return part

    def _parts(self, request: BeginSpeaking) -> Generator[SpeechPart, None, None]:
        voice = self._opened()
        name = known_voice(request.voice, voice.names)
        encoder: Encoder | None = None
        for spoken in voice.speak_soon(request.text, name, request.speed):
            if not len(spoken.samples):
                continue
            encoder = encoder or Encoder(request.format, spoken.rate_hz)
            words = tuple((word.text, word.end_s) for word in spoken.words)
            data = encoder.encode(spoken.samples)
            yield SpeechPart(data, spoken.seconds, False, spoken.text, words)
        if encoder is None:
            raise _nothing_said()
        yield SpeechPart(encoder.finish(), 0.0, last=True)

    def _say(self, request: Speak) -> Said:
        voice = self._opened()
        name = known_voice(request.voice, voice.names)
        spoken = voice.speak(request.text, name, request.speed)
        if not len(spoken.samples):
            raise _nothing_said()
        write(Path(request.path), spoken.samples, spoken.rate_hz, request.format)
        return Said(spoken.seconds)

    def _hear(self, request: Hear) -> Heard:
        from runtime.media import detect_modality

        path = Path(request.path)
        modality = detect_modality(path)
        if modality not in ("audio", "video"):
            raise KnownError(
                "file: expected a sound or a clip, found something else. Choose another file.",
                "medium",
            )
        reader = _reader(model_folder("hear", request.model))
        reader.language = request.language
        found = reader.read(path, modality, RenderStage(0, memory=self._memory))
        return Heard(
            tuple(
                Segment(
                    one.text,
                    one.start_s or 0.0,
                    one.end_s or 0.0,
                    one.language,
                    1.0 if one.confidence is None else one.confidence,
                )
                for one in found
            ),
            _seconds(path),
        )


def _nothing_said() -> KnownError:
    return KnownError("input: expected words that can be said, found none.", "request")


def known_voice(wished: str, names: tuple[str, ...]) -> str:
    """The voice that a client means: one of Medley's by its name, with or without the two letters
    before it; for a name of OpenAI's one like it.

    Raises:
        KnownError: it means none; those that are here are named.
    """
    wished = wished.lower()
    if not wished or wished in names:
        return wished
    if same := next((name for name in names if name.partition("_")[2] == wished), ""):
        return same
    if wished in _USUAL:
        kin = "m" if wished in _MEN else "f"
        return next((name for name in names if name[1:2] == kin), "")
    raise KnownError(
        "voice: expected one of {names}, found {wished}. Choose one of these.",
        "request",
        names=", ".join(names),
        wished=repr(wished[:60]),
    )


def _seconds(path: Path) -> float:
    """How long a sound or a clip says that it is; 0 where it does not."""
    import av

    with av.open(str(path)) as file:
        return (file.duration or 0) / av.time_base


def _reader(folder: Path) -> Reader:
    from plugins.manifest import discover, load_reader
    from plugins.switches import enabled_plugins

    hears = [one for one in discover(enabled_plugins()).readers if one.model == "hear"]
    return load_reader(next(one for one in hears if one.enabled))(folder)


def main() -> None:
    """Answer requests until there are no more."""
    stay_offline()
    answer_requests(Speech().answer, LIMIT_S)


if __name__ == "__main__":
    main()
