"""How fast the starter's voice speaks: time to the first clause, and against the sound's length.

    python -m benchmarks.voice.speaking [--threads N] [--cpu] [--repeats N] [--voice V]

The first clause is what `ClauseCutter` gives of an answer as soon as it can; the time runs from
then to its sound, with a model that is open and has spoken once.
"""

from __future__ import annotations

import argparse
import statistics

from benchmarks import _clock
from runtime.catalogue import store
from runtime.language_model.threads import physical_cores
from runtime.speech.voice import ClauseCutter, Spoken, Voice

ANSWERS = {
    "af_heart": (
        "The capital of Australia is Canberra, which lies between Sydney and Melbourne. It was "
        "chosen in 1908 because the two cities could not agree.",
        "Water boils at one hundred degrees at sea level. On a mountain of 3,000 meters it boils "
        "at about ninety degrees, so an egg takes longer there.",
    ),
    "zf_xiaoxiao": (
        "北京是中国的首都，有三千多年的历史，也是全国的政治和文化中心。每年有很多人来这里旅游。",
        "今天的天气很好，我们可以一起去公园散步，然后在湖边喝一杯茶。你觉得怎么样？",
    ),
}
"""By the voice that says them."""
GOAL_RTF = 1.0


def main() -> None:
    """Print a line for each voice, and how long it takes to open the model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    _clock.add_options(parser)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--voice", help="only this one, with the answers of its language")
    args = parser.parse_args()
    model = store.find("speak")
    if model is None:
        print("skipped: no voice is here; `medley models get starter` fetches it")
        return
    clock = _clock.Clock(args)
    begin = clock.now()
    voice = Voice.open(model.folder, threads=clock.threads or physical_cores())
    print(f"opening the model: {clock.now() - begin:.2f} s{clock.note}")
    for name, answers in ANSWERS.items():
        if args.voice in (None, name) or (args.voice[:1] == "z") == (name[:1] == "z"):
            _measure(voice, args.voice or name, answers, clock, args.repeats)


def _measure(
    voice: Voice, name: str, answers: tuple[str, ...], clock: _clock.Clock, repeats: int
) -> None:
    begin = clock.now()
    voice.speak(answers[0][:6], name)
    warm_s = clock.now() - begin
    firsts, wholes, sounds = [], [], []
    for _ in range(repeats):
        for answer in answers:
            times = [_timed(voice, clause, name, clock) for clause in _clauses(answer)]
            firsts.append(times[0][0])
            wholes.append(sum(seconds for seconds, _ in times))
            sounds.append(sum(spoken.seconds for _, spoken in times))
    print(
        f"{name}: first clause after {statistics.median(firsts):.2f} s (median of {len(firsts)}, "
        f"worst {max(firsts):.2f}), {sum(wholes) / sum(sounds):.2f} s for a second of sound "
        f"(goal < {GOAL_RTF:g}), very first words {warm_s:.2f} s{clock.note}"
    )


def _timed(voice: Voice, clause: str, name: str, clock: _clock.Clock) -> tuple[float, Spoken]:
    begin = clock.now()
    spoken = voice.speak(clause, name)
    return clock.now() - begin, spoken


def _clauses(answer: str) -> list[str]:
    """The clauses of an answer that comes in pieces of a few letters, as from the model."""
    cutter, found = ClauseCutter(), []
    for at in range(0, len(answer), 4):
        found += cutter.feed(answer[at : at + 4])
    return [*found, *cutter.finish()]


if __name__ == "__main__":
    main()
