"""`medley talk`: a spoken conversation in the terminal.

One line on stderr says what is so: who listens, who speaks, what does not work. What was said and
answered is printed as it comes. Enter silences an answer, Ctrl-C leaves.
"""

from __future__ import annotations

import argparse
import sys
import threading
from typing import TYPE_CHECKING

from desktop.assistant.spoken import remote
from desktop.cli.options import Parser, add_bundle, add_manner, add_out, add_seed
from desktop.cli.printing.output import OutputFolder
from desktop.cli.printing.terminal import Screen
from desktop.cli.turn import Save
from desktop.file_names import slug
from desktop.modalities import noun
from plugins.errors import KnownError, Problem
from plugins.printable import one_line
from runtime.bundle.bundle import speech_of
from runtime.messages import ArtifactFailed, ArtifactReady, Event, RenderProgress, TextDelta

if TYPE_CHECKING:
    from desktop.assistant.spoken.view import View
    from desktop.speech.protocol import Device, Report, Settings

WORDS = {
    "starting": "getting ready",
    "listening": "listening",
    "hearing": "hearing you",
    "thinking": "thinking",
    "speaking": "speaking",
    "muted": "muted",
    "idle": "not listening",
}
SLOWEST, FASTEST = 0.5, 2.0
DEVICES_S = 20.0


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley talk`."""
    add_out(parser)
    add_seed(parser)
    add_manner(parser)
    add_bundle(parser)
    parser.add_argument("--voice", default="", metavar="V", help="which voice speaks")
    parser.add_argument(
        "--speed", type=float, default=1.0, metavar="X", help="of the voice, 0.5 to 2"
    )
    parser.add_argument(
        "--language", default="", metavar="L", help="that you speak (default: recognised)"
    )
    parser.add_argument("--microphone", default="", metavar="ID", help="which microphone hears")
    parser.add_argument("--loudspeaker", default="", metavar="ID", help="which loudspeaker speaks")
    parser.add_argument("--devices", action="store_true", help="list both and leave")
    parser.add_argument(
        "--toggle",
        action="store_true",
        help="begin or end the conversation of a running window or `medley talk`, and leave",
    )


def run(options: argparse.Namespace) -> int:
    """Talk until Ctrl-C, or the end of input."""
    if options.toggle:
        print(remote.toggle())
        return 0
    if not SLOWEST <= options.speed <= FASTEST:
        raise KnownError(
            f"expected a speed of {SLOWEST} to {FASTEST:g}, found {options.speed:g}. Choose one "
            "between them."
        )
    from desktop.speech.protocol import Settings

    models = speech_of(options.bundle)
    settings = Settings(
        options.microphone,
        options.loudspeaker,
        hearing_model=models.hear,
        voice_model=models.speak,
        voice=options.voice,
        speed=options.speed,
        language=options.language,
    )
    if options.devices:
        return _list_devices(settings)
    folder = OutputFolder(options.out)
    folder.check()
    talk = Talk(options, settings, folder)
    try:
        talk.run()
    finally:
        talk.close()
    return 0


class Talk:
    """One conversation."""

    def __init__(
        self, options: argparse.Namespace, settings: Settings, folder: OutputFolder
    ) -> None:
        from desktop.assistant.spoken.conversation import SpokenConversation
        from desktop.assistant.spoken.engine_answers import EngineAnswers
        from desktop.speech.client import SpeechClient

        self._lock = threading.RLock()
        self._screen, self._folder = Screen(), folder
        self._state = StateLine()
        self._heard = ""
        self._failed: Problem | None = None
        self._answers = EngineAnswers(
            options.bundle,
            self._happened,
            system=options.system,
            temperature=options.temperature,
            seed=options.seed,
        )
        self._speech = SpeechClient(
            settings,
            lambda report: self._conversation.take(report),
            lambda state: self._conversation.take_state(state),
        )
        self._conversation = SpokenConversation(self._speech, self._answers, self._show)
        self._answers.on_text = self._conversation.answer_text
        self._answers.on_ended = self._conversation.answer_ended
        self._remote = remote.Remote(self._toggle)

    def run(self) -> None:
        """Listen until the input ends; each of its lines silences the answer."""
        self._answers.start()
        self._conversation.toggle()
        if sys.stdin.isatty():
            for _ in sys.stdin:
                self._conversation.silence()
        else:
            threading.Event().wait()

    def close(self) -> None:
        """End everything."""
        self._remote.close()
        self._conversation.end()
        self._speech.close()
        self._answers.close()
        self._state.clear()
        self._screen.close()

    def _toggle(self) -> str:
        self._conversation.toggle()
        return self._conversation.view.phase

    def _show(self, view: View) -> None:
        with self._lock:
            if view.heard and view.heard != self._heard and view.phase != "hearing":
                self._heard = view.heard
                self._state.clear()
                self._screen.end_line()
                print(f"> {one_line(view.heard)}", flush=True)
            if view.phase == "failed":
                self._state.clear()
                if view.problem != self._failed:
                    self._screen.warn(str(view.problem))
            self._failed = view.problem if view.phase == "failed" else None
            caption = view.heard if view.phase == "hearing" else ""
            self._state.show(WORDS.get(view.phase, view.phase), caption)

    def _happened(self, event: Event) -> None:
        with self._lock:
            self._state.clear()
            match event:
                case TextDelta():
                    self._screen.text(event.text)
                case RenderProgress():
                    self._screen.progress(event)
                case ArtifactReady():
                    save = Save(self._folder, slug(self._heard) or "answer")
                    self._screen.saved(event, save(event))
                case ArtifactFailed():
                    self._screen.warn(
                        f"the {noun(event.modality)} could not be made: {event.problem}"
                    )
                case _:
                    self._screen.end_line()


class StateLine:
    """What is so, in one line that is written over; without a terminal a line for each change."""

    def __init__(self) -> None:
        self._drawn = sys.stderr.isatty()
        self._shown = ""

    def show(self, state: str, caption: str) -> None:
        """Say what is so, and the words that were understood so far."""
        text = f"[{state}] {one_line(caption)}".rstrip()
        if text == self._shown:
            return
        if self._drawn:
            sys.stderr.write(f"\r\x1b[2K{text[-70:]}")
        elif not caption:
            sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
        self._shown = text

    def clear(self) -> None:
        """Take the line away, where it is written over."""
        if self._drawn and self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
            self._shown = ""


def _list_devices(settings: Settings) -> int:
    from desktop.speech.client import SpeechClient
    from desktop.speech.protocol import Devices, Failed

    found: list[Report] = []
    there = threading.Event()

    def take(report: Report) -> None:
        if isinstance(report, Devices | Failed):
            found.append(report)
            there.set()

    speech = SpeechClient(settings, take)
    try:
        speech.list_devices()
        there.wait(DEVICES_S)
    finally:
        speech.close()
    match found[:1]:
        case [Devices(microphones, loudspeakers)]:
            _print("microphone", microphones)
            _print("loudspeaker", loudspeakers)
        case [Failed(problem=problem)]:
            raise KnownError(problem)
        case _:
            raise KnownError("expected a list of devices, found no answer. Try again.")
    return 0


def _print(what: str, devices: tuple[Device, ...]) -> None:
    for device in devices:
        default = " (default)" if device.default else ""
        print(f"{what}: {one_line(device.id)}  {one_line(device.name)}{default}")
