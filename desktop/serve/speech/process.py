"""The speech helper: a voice, and what hears. Loads each when it is first needed, and keeps it."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from desktop.assistant.helper_serving import answer_requests
from desktop.serve.speech.protocol import (
    LIMIT_S,
    Hear,
    Heard,
    ListVoices,
    Refused,
    Reply,
    Request,
    Said,
    Segment,
    Speak,
    Voices,
    requests,
)
from desktop.speech.engines import model_folder, open_voice
from plugins.errors import KnownError, problem_of
from plugins.stage import RenderStage, UnlimitedMemory
from runtime.offline import stay_offline

if TYPE_CHECKING:
    from av.audio.stream import AudioStream

    from plugins.api import Reader
    from runtime.speech.voice import Voice

_CODECS = {
    "mp3": ("mp3", "libmp3lame"),
    "opus": ("ogg", "libopus"),
    "aac": ("adts", "aac"),
    "flac": ("flac", "flac"),
}
"""Container and codec, as FFmpeg names them."""
_BIT_RATE = 64_000
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
            case Hear():
                return self._hear(request)
            case ListVoices():
                from runtime.speech.voice import voices_of

                return Voices(tuple(one.name for one in voices_of(model_folder("speak", ""))))

    def _say(self, request: Speak) -> Said:
        if self._voice is None:
            self._voice = open_voice("")
        name = known_voice(request.voice, self._voice.names)
        spoken = self._voice.speak(request.text, name, request.speed)
        if not len(spoken.samples):
            raise KnownError("input: expected words that can be said, found none.", "request")
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


def write(path: Path, samples: NDArray[np.float32], rate_hz: int, kind: str) -> None:
    """[n] mono samples as a file of one of `FORMATS`."""
    numbers = (np.clip(samples, -1, 1) * 32767).astype("<i2")
    if kind == "pcm":
        path.write_bytes(numbers.tobytes())
    elif kind == "wav":
        with wave.open(str(path), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(rate_hz)
            sound.writeframes(numbers.tobytes())
    else:
        _encode(path, numbers, rate_hz, *_CODECS[kind])


def _encode(
    path: Path, numbers: NDArray[np.int16], rate_hz: int, container: str, codec: str
) -> None:
    import av

    with av.open(str(path), "w", format=container) as file:
        stream = cast("AudioStream", file.add_stream(codec, rate=rate_hz, layout="mono"))
        if codec != "flac":
            stream.bit_rate = _BIT_RATE
        frame = av.AudioFrame.from_ndarray(numbers.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = rate_hz
        for packet in (*stream.encode(frame), *stream.encode(None)):
            file.mux(packet)


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
