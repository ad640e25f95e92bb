"""`medley say`: a text aloud, as a sound, or as a clip of a face that says it."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli import argument_values as values
from desktop.cli.options import Parser, add_json
from desktop.cli.printing.output import shown
from desktop.cli.printing.terminal import Screen, printable
from desktop.file_names import local
from plugins.errors import KnownError, Problem
from storage.atomic_files import write_whole
from storage.errors import LibraryError

if TYPE_CHECKING:
    from plugins.api import Artifact
    from runtime.messages import ArtifactReady
    from runtime.speech.voice import Spoken, Voice

Told = Callable[[int, int], None]
"""Told step and of."""
STDIN, SOUND, CLIP = "-", ".wav", ".mp4"
POLL_S = 0.05
"""Seconds between looks at whether all was heard."""
_LANGUAGES = {"en": "English", "zh": "Chinese", "": "another language"}
_SEXES = {"f": "a woman", "m": "a man"}
_MOST_THREADS = 4
"""More make the voice no faster."""


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley say`."""
    parser.add_argument(
        "text", nargs="*", help="what to say, in English or Chinese; - takes it from the input"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="a sound (.wav), or a clip of a face that says it (.mp4)",
    )
    parser.add_argument("--voice", default="", metavar="V", help="one of `medley say --list`")
    parser.add_argument(
        "--speed",
        type=values.speed,
        default=1.0,
        metavar="S",
        help="0.5 to 2, 1 as the voice speaks by itself",
    )
    text = "an installed or added voice model (default: the best)"
    parser.add_argument("--model", default="", metavar="NAME|DIR", help=text)
    parser.add_argument("--list", action="store_true", help="name the voices")
    add_json(parser)
    parser.add_argument(
        "--progress",
        action="store_true",
        help="with --json and --out: a line of JSON for every step before the last",
    )


def run(options: argparse.Namespace) -> int:
    """Say a text aloud or into a file, or name the voices."""
    if options.list:
        return _list(options.model, options.json)
    text, out = _text(options.text), options.out and _out(options.out)
    screen = Screen(quiet=options.json)
    told = _print_step if options.json and options.progress else screen.speaking
    face: Artifact | None = None
    try:
        screen.loading("the voice")
        voice = opened(options.voice, options.model)
        if out is None:
            spoken = _play(voice, text, options.speed)
        else:
            spoken = _spoken(voice, text, options.speed, told)
            face = _write(spoken, out, told)
    finally:
        screen.close()
    if options.json:
        size = {} if face is None else {"width": face.width, "height": face.height}
        print(json.dumps(_as_json(spoken, out) | size, ensure_ascii=False))
    elif out is not None:
        what = "clip" if out.suffix.lower() == CLIP else "sound"
        print(f"{what}: {shown(out)} ({spoken.seconds:.1f} s)")
    return 0


def opened(voice: str = "", model: str = "") -> Voice:
    """The voices of an installed or added model, by its name or folder; of the best one without.

    Raises:
        KnownError: there is none, it is broken, or it has no such voice.
    """
    from runtime.language_model.threads import physical_cores
    from runtime.speech.voice import Voice

    return Voice.open(voice_folder(model), voice, min(_MOST_THREADS, physical_cores()))


def talking_clip(answer: str, screen: Screen) -> ArtifactReady:
    """A clip of a face that says an answer.

    Raises:
        KnownError: there is no voice, or nothing to say.
    """
    from desktop.assistant.talking_clips import first_words
    from runtime.messages import ArtifactReady

    screen.loading("the voice")
    begun = time.monotonic()
    spoken = _spoken(opened(), first_words(answer), 1.0, screen.speaking)
    face = _clip(spoken, screen.speaking)
    return ArtifactReady(
        0, "video", face.mime, face.extension, face.data, face.recipe.to_json(), face.recipe.seed,
        face.recipe.renderer, time.monotonic() - begun, face.width, face.height, face.duration_s,
    )  # fmt: skip


def voice_folder(wished: str = "") -> Path:
    """Of the wished voice model, or of the best that is installed.

    Raises:
        KnownError: there is none.
    """
    from runtime.catalogue import store

    model = store.wished("speak", wished)
    if model is None:
        raise KnownError(
            "expected a voice, found none on this computer: `medley models get starter` fetches it."
        )
    return model.folder


def _list(model: str, as_json: bool) -> int:
    from runtime.speech.voice import voices_of

    found = voices_of(voice_folder(model))
    if as_json:
        print(json.dumps({"voices": [asdict(voice) for voice in found]}))
        return 0
    for voice in found:
        about = ", ".join(filter(None, (_LANGUAGES[voice.language], _SEXES.get(voice.sex, ""))))
        print(f"{printable(voice.name)}  {about}")
    return 0


def _text(words: list[str]) -> str:
    """What is to be said.

    Raises:
        KnownError: nothing.
    """
    text = sys.stdin.read() if words == [STDIN] else " ".join(words)
    if not text.strip():
        raise KnownError(
            'expected a text to say, found none. Type it: medley say "Good morning!", '
            "or give - and pipe it in."
        )
    return text


def _out(path: Path) -> Path:
    """Where the sound or the clip goes.

    Raises:
        KnownError: the file can be neither.
    """
    path = local(path)
    if path.suffix.lower() not in (SOUND, CLIP):
        raise KnownError(
            f"expected a name that ends in {SOUND} or {CLIP}, found {shown(path)}. Choose another "
            "with --out."
        )
    if not path.absolute().parent.is_dir():
        raise KnownError(
            f"expected a folder for the sound, found no {shown(path.parent)}. Make it first."
        )
    return path


def _print_step(step: int, of: int) -> None:
    print(json.dumps({"step": step, "of": of}), flush=True)


def _spoken(voice: Voice, text: str, speed: float, told: Told) -> Spoken:
    from runtime.speech.voice import speakable

    words = "\n".join(speakable(text))
    spoken = voice.speak(words, speed=speed, progress=told)
    return _not_empty(spoken)


def _play(voice: Voice, text: str, speed: float) -> Spoken:
    """Say a text aloud, each clause as soon as it is a sound; returns when all was heard.

    Raises:
        KnownError: there is no loudspeaker, it goes while it speaks, or there is nothing to say.
    """
    from desktop.devices.loudspeaker import Loudspeaker
    from runtime.speech.voice import joined, speakable

    lost: list[Problem] = []
    said: list[Spoken] = []
    loudspeaker = Loudspeaker()
    loudspeaker.open(on_lost=lost.append)
    try:
        for clause in speakable(text):
            said.append(voice.speak(clause, speed=speed))
            loudspeaker.write(said[-1].samples)
        while loudspeaker.buffered_s > 0 and not lost:
            time.sleep(POLL_S)
    finally:
        loudspeaker.close()
    if lost:
        raise KnownError("{lost} Connect one, or name a file with --out.", lost=lost[0])
    return _not_empty(joined(said))


def _not_empty(spoken: Spoken) -> Spoken:
    if not len(spoken.samples):
        raise KnownError("expected words that can be said, found none. Type some letters.")
    return spoken


def _write(spoken: Spoken, out: Path, told: Told) -> Artifact | None:
    """Write the file; what is known of a clip."""
    from plugins.media_files import wav

    face = _clip(spoken, told) if out.suffix.lower() == CLIP else None
    try:
        write_whole(out, [wav(spoken.samples, spoken.rate_hz).data if face is None else face.data])
    except LibraryError as error:
        raise KnownError(str(error)) from error
    return face


def _clip(spoken: Spoken, told: Told) -> Artifact:
    from plugins.avatar.talking import talking_face
    from plugins.switches import enabled_plugins

    return talking_face(
        spoken.samples,
        spoken.visemes,
        enabled_plugins=enabled_plugins(),
        on_progress=lambda step, of, _: told(step, of),
    )


def _as_json(spoken: Spoken, out: Path | None) -> dict[str, object]:
    return {
        "path": None if out is None else str(out),
        "text": spoken.text,
        "seconds": round(spoken.seconds, 3),
        "rate_hz": spoken.rate_hz,
        "words": [_rounded(asdict(word)) for word in spoken.words],
        "visemes": [_rounded(asdict(viseme)) for viseme in spoken.visemes],
    }


def _rounded(span: dict[str, str | float]) -> dict[str, str | float]:
    return {name: round(at, 3) if isinstance(at, float) else at for name, at in span.items()}
