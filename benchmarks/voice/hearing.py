"""How well and how soon a spoken turn is heard, and what must not be one.

    python -m benchmarks.voice.hearing [--only PART ...] [--models NAME ...] [--minutes N]

The parts are words, delays, echo and idle.

Words: recordings of people (Debian: pocketsphinx-testdata) and the share of their words that is
wrong. Delays: the same recordings as fast as they were spoken; `endpoint` is from the last voice to
the decision that the turn is over, `words` from there until its words are there. Echo: the voice of
the starter speaks for some minutes in a room, its echo 40, 120 or 450 ms late, among coughs, knocks
and an "mhm"; nothing of it may interrupt. Idle: processor time per second of silence and noise.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from benchmarks.voice import noises
from benchmarks.voice.at_once import AtOnce
from benchmarks.voice.recordings import plain, recordings
from benchmarks.voice.room import FRAME, RATE_HZ, Room
from plugins.errors import KnownError
from runtime.catalogue import store
from runtime.catalogue.entry import named
from runtime.speech.hearing import Candidate, Confirmed, Heard, Hearing, Recogniser
from runtime.speech.hearing.turn_end import TurnEnd
from runtime.speech.hearing.voice_activity import VoiceActivity
from runtime.speech.voice import Voice

Float32 = NDArray[np.float32]
PARTS = ("words", "delays", "echo", "idle")
OWN_SPEECH = (
    "The weather today is warm and sunny, with a light breeze from the west. "
    "Romeo and Juliet was written by William Shakespeare. "
    "Would you like to hear a story about a mountain village? "
    "Once upon a time there was an old miller, who lived alone with his cat beside a quiet river."
)
PAUSES = (
    "If it rains tomorrow, then we should stay at home.",
    "Tell me about the sea, and about the ships that sail on it.",
    "Draw me a red car on a green hill, please.",
    "First, heat the oven; then, when it is hot, put the bread in.",
)


def main(argv: Sequence[str] | None = None) -> None:
    """Print what was measured, a line each."""
    parser = argparse.ArgumentParser(prog="benchmarks.voice.hearing")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--models", nargs="+", default=["whisper-base", "whisper-tiny.en"])
    parser.add_argument("--minutes", type=float, default=10.0, help="of own speech with its echo")
    args = parser.parse_args(argv)
    models = [name for name in args.models if store.look(named(name)) is not None]
    if not models:
        raise SystemExit("no model is here: `medley models get starter` fetches one")
    recognisers = {name: Recogniser.open(store.folder(name), 2) for name in models}
    for name, recogniser in recognisers.items():
        if "words" in args.only:
            words(name, recogniser)
        if "delays" in args.only:
            delays(name, recogniser)
    if "echo" in args.only:
        echo(recognisers[models[0]], args.minutes)
    if "idle" in args.only:
        idle(recognisers[models[0]])


def words(name: str, recogniser: Recogniser) -> None:
    """Share of wrong words, and seconds of computing per second of sound."""
    import jiwer

    said, heard = [], []
    seconds = spent = 0.0
    for _, samples, text in recordings():
        begin = time.perf_counter()
        found = _turns(_hearing(recogniser, AtOnce()), _with_silence(samples))
        spent, seconds = spent + time.perf_counter() - begin, seconds + len(samples) / RATE_HZ
        said.append(plain(text))
        heard.append(plain(" ".join(turn.text for turn in found)))
    if not said:
        print(f"{name}: no recordings are here (Debian: pocketsphinx-testdata)")
        return
    wrong = [
        f"{one!r} for {other!r}" for one, other in zip(heard, said, strict=True) if one != other
    ]
    print(
        f"{name}: {jiwer.wer(said, heard):.1%} of {sum(len(one.split()) for one in said)} words "
        f"wrong; {spent / seconds:.2f} s per second of speech with all guesses before its end"
    )
    for one in wrong:
        print(f"    {one}")


def delays(name: str, recogniser: Recogniser) -> None:
    """From the last voice to the words, in real time; and turns that were cut at a pause."""
    endpoints, waits = [], []
    for samples in [sound for _, sound, _ in recordings()]:
        for turn, told_s in _as_spoken(_hearing(recogniser, None), _with_silence(samples)):
            endpoints.append(turn.endpoint_s - turn.ended_s)
            waits.append(told_s - turn.endpoint_s)
    total = np.add(endpoints, waits)
    for what, values in (("endpoint", endpoints), ("words", waits), ("together", total)):
        half, most = np.percentile(values, (50, 95))
        print(f"{name}: {what} p50 {half:.2f} s, p95 {most:.2f} s ({len(values)} turns)")
    cut = 0
    for text in PAUSES if store.find("speak") else ():
        found = _turns(_hearing(recogniser, AtOnce()), _with_silence(_spoken(text)))
        cut += len(found) > 1
    print(f"{name}: {cut} of {len(PAUSES)} sentences with pauses cut in two")


def echo(recogniser: Recogniser, minutes: float) -> None:
    """Interruptions by own speech, coughs, knocks and a backchannel; none may be."""
    if store.find("speak") is None:
        print("echo: no voice is here: `medley models get starter` fetches one")
        return
    own = _spoken(OWN_SPEECH) * 0.5
    others = {
        "nobody": None,
        "cough": noises.cough(),
        "knock": noises.tap(),
        "mhm": _spoken("Mhm.", "am_michael"),
    }
    seconds, trial = 0.0, 0
    counts = dict.fromkeys(others, 0)
    ducked = dict.fromkeys(others, 0)
    while seconds < minutes * 60:
        who = list(others)[trial % len(others)]
        room = Room((40, 120, 450)[trial % 3], (0.2, 0.5, 1.0)[trial // 3 % 3], seed=trial)
        for event in _into_speech(_hearing(recogniser, AtOnce()), room, own, others[who]):
            counts[who] += isinstance(event, Confirmed | Heard)
            ducked[who] += isinstance(event, Candidate)
        seconds, trial = seconds + len(own) / RATE_HZ, trial + 1
    print(f"echo: {seconds / 60:.1f} minutes of own speech in {trial} rooms")
    for who, count in counts.items():
        print(f"echo: {who}: {count} false interruptions, made softer {ducked[who]} times")
    stops = []
    for trial, delay in enumerate((40, 120, 450) * 2):
        said = _spoken("Wait a moment, please.", "bm_george")
        for event in _into_speech(
            _hearing(recogniser, AtOnce()), Room(delay, 0.4, seed=trial), own, said
        ):
            if isinstance(event, Confirmed):
                stops.append(event.at_s - _SAID_AT_S)
    half = np.median(stops)
    print(f"echo: {len(stops)} of 6 interruptions confirmed, p50 {half:.2f} s after they began")


def idle(recogniser: Recogniser) -> None:
    """Processor time per second of listening to nothing."""
    for name, sound in (
        ("silence", noises.silence(60)),
        ("noise", noises.noise(60, -35)),
        ("hiss", noises.hiss(60)),
        ("tones", noises.tones(60)),
    ):
        begin = time.process_time()
        found = _turns(_hearing(recogniser, AtOnce()), sound)
        spent = (time.process_time() - begin) / 60
        print(f"idle: {name}: {spent:.1%} of a core, {len(found)} turns")


_SAID_AT_S = 5.0


def _into_speech(
    hearing: Hearing, room: Room, own: Float32, said: Float32 | None
) -> Iterator[object]:
    """Events while own speech plays, softer after a candidate, and somebody says something."""
    other = np.zeros(len(own), np.float32)
    if said is not None:
        begin = int(_SAID_AT_S * RATE_HZ)
        other[begin : begin + len(said)] += said
    hearing.speaking, loudness = True, 1.0
    for start in range(0, len(own) - FRAME + 1, FRAME):
        played = (own[start : start + FRAME] * loudness).astype(np.float32)
        for event in hearing.feed(room.hears(played, other[start : start + FRAME]), played):
            yield event
            if isinstance(event, Candidate):
                loudness = 0.25
            elif isinstance(event, Confirmed):
                loudness, hearing.speaking = 0.0, False
            elif type(event).__name__ == "Rejected":
                loudness = 1.0


def _turns(hearing: Hearing, sound: Float32) -> list[Heard]:
    events = [
        hearing.feed(sound[at : at + FRAME]) for at in range(0, len(sound) - FRAME + 1, FRAME)
    ]
    return [event for some in events for event in some if isinstance(event, Heard)]


def _as_spoken(hearing: Hearing, sound: Float32) -> Iterator[tuple[Heard, float]]:
    """Turns and the seconds of sound after which each was told, fed as fast as it was spoken."""
    begin = time.perf_counter()
    for at in range(0, len(sound) - 2 * FRAME + 1, 2 * FRAME):
        time.sleep(max(0.0, begin + (at + 2 * FRAME) / RATE_HZ - time.perf_counter()))
        for event in hearing.feed(sound[at : at + 2 * FRAME]):
            if isinstance(event, Heard):
                yield event, time.perf_counter() - begin
    while hearing.busy:
        time.sleep(0.01)
        for event in hearing.feed(np.zeros(FRAME, np.float32)):
            if isinstance(event, Heard):
                yield event, time.perf_counter() - begin
    hearing.close()


def _hearing(recogniser: Recogniser, executor: Executor | None) -> Hearing:
    found = store.find("notice")
    if found is None:
        raise KnownError("no model is here: `medley models get turn-taking` fetches one")
    ears, judge = VoiceActivity(found.folder), TurnEnd(found.folder)
    return Hearing(recogniser, ears, judge, executor=executor)


def _with_silence(samples: Float32) -> Float32:
    return np.concatenate((noises.silence(0.7), samples, noises.silence(2.6)))


_VOICES: dict[Path, Voice] = {}


def _spoken(text: str, voice: str = "af_heart") -> Float32:
    folder = store.folder("kokoro-82m")
    if folder not in _VOICES:
        _VOICES[folder] = Voice.open(folder, threads=2)
    spoken = _VOICES[folder].speak(text, voice)
    return np.asarray(soxr.resample(spoken.samples, spoken.rate_hz, RATE_HZ), np.float32)


if __name__ == "__main__":
    main()
