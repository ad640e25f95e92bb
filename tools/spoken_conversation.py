"""Holds a conversation of ten spoken turns with the window, and keeps what came of it.

A PulseAudio server of its own has a microphone and a loudspeaker that is recorded and also reaches
the microphone, as in a room. Questions are spoken into the microphone by voices other than
Medley's own; window, speech process and models are the real ones, the library is new. Afterwards
Whisper writes down what the loudspeaker said. What is kept: `transcript.md`, a sound file for each
turn, pictures of the window.

    python -m tools.spoken_conversation [FOLDER]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import soxr
from PySide6.QtCore import QMetaObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem

from desktop.speech.engines import model_folder
from desktop.window.start import prepare
from desktop.window.theme import quiet_known_noise
from runtime.bundle.bundle import STARTER
from runtime.speech.hearing import Recogniser
from runtime.speech.voice import Voice
from storage.records import MediumPart, Message, TextPart
from tests.sound_server import FEED, SPEAKER, SoundServer, sound_server_or_skip
from tools.screenshots import Studio, save
from tools.spoken_sounds import (
    AFTER_S,
    RATE_HZ,
    Float32,
    Track,
    loud_span,
    place_of,
    together,
    write_ogg,
)

FOLDER = Path("docs/voice")
ECHO_MS, ECHO_VOLUME = 120, "60%"
"""How late and how loud the loudspeaker is at the microphone: some 13 dB softer."""
ENGLISH, CHINESE = "am_michael", "zm_yunxi"
"""The voices that ask."""
LIGHT, DARK = ("light", "en"), ("dark", "zh_CN")
NAMES = {"en": "en", "zh_CN": "zh"}
LOUD_LEVEL = 0.3
"""Of the meter, while somebody speaks."""
OVER = ("complete", "stopped", "failed")
PLACE_S = 3.0
"""A question begins at most so long after its player was started."""
HEARD_CHARACTERS = 60
"""So much of an answer is heard before it is interrupted."""


@dataclass(frozen=True)
class Line:
    """What a person says."""

    words: str
    voice: str = ENGLISH
    language: str = "en"
    interrupted: bool = False
    """Whether the next line is said while its answer is spoken."""
    drawing: bool = False
    """Whether its answer holds a picture."""


SCRIPT = (
    Line("Hello! Can you tell me what the capital of Australia is?"),
    Line("How many days are there in a week?"),
    Line("Please draw a red boat.", drawing=True),
    Line("What color do you get when you mix blue and yellow?"),
    Line("Why do the seasons change? Please explain it in detail.", interrupted=True),
    Line("Please stop and tell me how many legs a spider has."),
    Line("你好，中国的首都是哪里？", CHINESE, "zh"),
    Line("天空为什么是蓝色的？", CHINESE, "zh"),
    Line("请给我讲一个关于月亮的小故事。", CHINESE, "zh"),
    Line("Thank you very much, and good night."),
)
SHOWN = {0: LIGHT, 6: DARK}
"""Turns whose every state is photographed, and how the window is dressed for them."""


@dataclass
class Turn:
    """One line as it was said, and what came of it."""

    line: Line
    said: Float32
    begun_at: float
    """Time of day when its player was started."""
    starts_at: float = 0.0
    ends_at: float = 0.0
    """When the voice in it begins and ends at the microphone."""
    heard: str = ""
    answer: str = ""
    unheard: str = ""
    made: tuple[str, ...] = ()
    """What was made beside the words."""
    first_sound_s: float | None = None
    """From its end to the answer's first sound."""
    stop_s: float | None = None
    """From its beginning to the end of the answer that it interrupts."""
    spoken: str = ""
    """What the loudspeaker said, as it was written down."""


class Talking:
    """A window, a person who speaks to it, and what is recorded of both."""

    def __init__(self, server: SoundServer, studio: Studio, folder: Path) -> None:
        self._server, self._studio, self._folder = server, studio, folder
        self._talk = studio.medley.talk_model
        self._transcript = studio.medley.transcript_model
        self._asker = Voice.open(model_folder("speak", ""))
        self.turns: list[Turn] = []

    def hold(self, script: Sequence[Line]) -> None:
        """The whole conversation."""
        sounds = [self._asker.speak(line.words, line.voice).samples for line in script]
        self._dress(LIGHT)
        self._talk.toggle()
        self._studio.until(lambda: self._phase == "listening")
        self._studio.rest()
        for number, (line, said) in enumerate(zip(script, sounds, strict=True)):
            shown = SHOWN.get(number)
            if shown is not None:
                self._dress(shown)
                self._photograph("listening", shown)
            before = self._transcript.rowCount()
            self._say(line, said)
            if shown is not None:
                self._photograph_states(shown)
            self._answered(line, before)
        self._talk.end()
        self._studio.until(lambda: self._phase == "idle")

    def messages(self) -> list[Message]:
        """Questions and answers, in turn."""
        now, conversation = self._studio.window.session.now, self._transcript.conversation
        assert now is not None and conversation is not None
        return now.library.messages.path(conversation)

    @property
    def _phase(self) -> str:
        return str(self._talk.property("phase"))

    @property
    def _spoken(self) -> int:
        """How many characters of the answer were heard."""
        return len(self._talk.property("spoken"))

    def _say(self, line: Line, said: Float32) -> None:
        print(f"> {line.words}", flush=True)
        self.turns.append(Turn(line, said, time.monotonic()))
        self._server.say_samples(said, RATE_HZ, wait=False)

    def _answered(self, line: Line, before: int) -> None:
        """Wait for the answer's end, or until so much of it was heard that it is interrupted."""
        self._studio.until(lambda: self._transcript.rowCount() >= before + 2)
        if line.interrupted:
            self._studio.until(
                lambda: self._spoken > HEARD_CHARACTERS or self._phase == "listening"
            )
            if self._phase != "speaking":
                raise SystemExit(
                    "expected a long answer to interrupt, found a short one. Try again."
                )
            return
        self._studio.until(lambda: self._transcript.rows[-1].status in OVER)
        self._studio.until(lambda: self._phase == "listening")
        self._studio.rest()
        if line.drawing:
            self._photograph_both("drawing")
        if len(self.turns) > 1 and self.turns[-2].line.interrupted:
            self._show_unheard()
            self._photograph_both("interrupted")

    def _understands(self) -> bool:
        """Whether somebody speaks just now, and some words were understood."""
        words, level = self._talk.property("heard"), self._talk.property("level")
        return bool(words) and float(level) > LOUD_LEVEL

    def _photograph_states(self, dress: tuple[str, str]) -> None:
        """What is seen while a person speaks, waits and listens."""
        self._catch("hearing", self._understands, ("thinking", "speaking"), dress)
        self._catch("thinking", lambda: True, ("speaking",), dress)
        self._catch("speaking", lambda: self._spoken > 4, ("listening",), dress)

    def _catch(
        self,
        state: str,
        ready: Callable[[], bool],
        later: tuple[str, ...],
        dress: tuple[str, str],
    ) -> None:
        """Photograph a state, unless it is over before that can be done."""
        self._studio.until(lambda: (self._phase == state and ready()) or self._phase in later)
        if self._phase == state:
            self._photograph(state, dress)

    def _photograph_both(self, name: str) -> None:
        for dress in (DARK, LIGHT):
            self._dress(dress)
            self._photograph(name, dress)

    def _dress(self, dress: tuple[str, str]) -> None:
        theme, language = dress
        settings = self._studio.medley.settings_model
        if (settings.property("theme"), settings.property("language")) != dress:
            settings.setProperty("language", language)
            settings.setProperty("theme", theme)
            self._studio.rest()

    def _photograph(self, state: str, dress: tuple[str, str]) -> None:
        path = self._folder / f"{state}-{dress[0]}-{NAMES[dress[1]]}.png"
        save(self._studio.window.window.grabWindow(), path)
        print(path, flush=True)

    def _show_unheard(self) -> None:
        """Have the words shown that were not heard."""
        for item in _below(self._studio.window.window.contentItem()):
            if item.objectName() == "unheardButton":
                QMetaObject.invokeMethod(item, "click")
        self._studio.rest()


def recorded(server: SoundServer, studio: Studio, folder: Path) -> tuple[list[Turn], Track, Track]:
    """Hold the conversation; its turns, what the loudspeaker played, what the microphone heard."""
    talking = Talking(server, studio, folder)
    with ExitStack() as stack:
        loudspeaker = stack.enter_context(server.recorded(RATE_HZ, SPEAKER))
        loudspeaker_at = time.monotonic()
        microphone = stack.enter_context(server.recorded(RATE_HZ, FEED))
        microphone_at = time.monotonic()
        talking.hold(SCRIPT)
    messages = talking.messages()
    if len(messages) != 2 * len(SCRIPT):
        said = "; ".join(_text(message) for message in messages)
        raise SystemExit(f"expected {len(SCRIPT)} turns, found {len(messages) / 2:g}: {said}")
    for turn, asked, answer in zip(talking.turns, messages[::2], messages[1::2], strict=True):
        turn.heard, turn.answer = _text(asked), _text(answer)
        turn.unheard = "".join(p.unheard for p in answer.parts if isinstance(p, TextPart))
        turn.made = tuple(p.medium.modality for p in answer.parts if isinstance(p, MediumPart))
    return (
        talking.turns,
        Track(loudspeaker[0], loudspeaker_at),
        Track(microphone[0], microphone_at),
    )


def measure(turns: list[Turn], loudspeaker: Track, microphone: Track, folder: Path) -> None:
    """Find when who spoke, have what was said written down, and write the sound files."""
    whisper = Recogniser.open(model_folder("hear", ""))
    for turn in turns:
        span = loud_span(turn.said)
        assert span is not None
        begins_at = place_of(turn.said, microphone, turn.begun_at, PLACE_S)
        turn.starts_at, turn.ends_at = begins_at + span[0], begins_at + span[1]
    ends = [*(turn.ends_at for turn in turns[1:]), time.monotonic()]
    for number, (turn, next_end) in enumerate(zip(turns, ends, strict=True)):
        answer = loudspeaker.between(turn.ends_at, next_end)
        loud = loud_span(answer)
        if loud is not None:
            turn.first_sound_s = loud[0]
            begin, end = (round(at * RATE_HZ) for at in (loud[0], loud[1] + AFTER_S))
            at_16k = soxr.resample(answer[begin:end], RATE_HZ, 16_000)
            turn.spoken = whisper.transcribe(at_16k, turn.line.language).text
        if number and turns[number - 1].line.interrupted:
            rest = loud_span(loudspeaker.between(turn.starts_at, turn.ends_at))
            turn.stop_s = None if rest is None else rest[1]
        over_at = turn.ends_at + (loud[1] if loud else 0.0) + AFTER_S
        begin_at = turn.starts_at - (loud_span(turn.said) or (0.0,))[0]
        write_ogg(
            folder / f"{number + 1:02}.ogg",
            together(turn.said, loudspeaker.between(begin_at, over_at)),
        )


def transcript(turns: Sequence[Turn]) -> str:
    """The conversation as a document."""
    lines = [
        "# A spoken conversation",
        "",
        "Made by `python -m tools.spoken_conversation`; nothing in it is mended by hand.",
    ]
    for number, turn in enumerate(turns, 1):
        made = "".join(f" [{modality}]" for modality in turn.made)
        unheard = f" ~~{_line(turn.unheard)}~~" if turn.unheard.strip() else ""
        rows = [
            ("Said", turn.line.words),
            ("Heard", turn.heard),
            ("Answered", f"{_line(turn.answer)}{unheard}{made}"),
            ("The loudspeaker said", turn.spoken),
            ("First sound", _seconds(turn.first_sound_s, "after the end of the question")),
        ]
        if turn.stop_s is not None:
            rows.append(("Silent", _seconds(turn.stop_s, "after the interruption began")))
        lines += [
            "",
            f"## {number}. [{turn.line.words}]({number:02}.ogg)",
            "",
            "| | |",
            "|---|---|",
        ]
        lines += [f"| {name} | {_line(words)} |" for name, words in rows]
    return "\n".join(lines) + "\n"


def _seconds(seconds: float | None, what: str) -> str:
    return "nothing was heard" if seconds is None else f"{seconds:.2f} s {what}"


def _line(words: str) -> str:
    return " ".join(words.replace("|", "\\|").split())


def _text(message: Message) -> str:
    return "".join(part.text for part in message.parts if isinstance(part, TextPart))


def _below(item: QQuickItem) -> Iterator[QQuickItem]:
    for child in item.childItems():
        yield child
        yield from _below(child)


def echo(server: SoundServer) -> None:
    """Have the microphone hear the loudspeaker, later and softer."""
    server.pactl(
        "load-module", "module-loopback", f"source={SPEAKER}.monitor", f"sink={FEED}",
        f"latency_msec={ECHO_MS}",
    )  # fmt: skip
    for line in server.pactl("list", "short", "sink-inputs").splitlines():
        if "module-loopback" in line:
            server.pactl("set-sink-input-volume", line.split()[0], ECHO_VOLUME)


def main(arguments: list[str]) -> int:
    """Hold the conversation and keep it; the exit code."""
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    quiet_known_noise()
    prepare(QGuiApplication([]))
    with (
        sound_server_or_skip() as server,
        tempfile.TemporaryDirectory(prefix="medley-spoken-") as place,
    ):
        echo(server)
        studio = Studio("en", Path(place) / "library.db", folder, STARTER)
        try:
            studio.medley.dismissFirstStart()
            turns, loudspeaker, microphone = recorded(server, studio, folder)
        finally:
            studio.window.close()
    measure(turns, loudspeaker, microphone, folder)
    (folder / "transcript.md").write_text(transcript(turns), "utf-8")
    print(transcript(turns))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
