"""The cost of running the engine in a process of its own, and how soon it stops.

The same words are answered in this process and through the worker; then an answer is stopped in
the middle of its words and in the middle of a picture.

    python -m benchmarks.worker [--repeats N] [--threads N]
"""

from __future__ import annotations

import argparse
import queue
import statistics
import time

from runtime.engine import Engine
from runtime.messages import (
    Event,
    Message,
    RenderProgress,
    Sampling,
    TextDelta,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
)
from runtime.opening import EngineOptions, open_engine
from runtime.worker.client import EngineClient

TOKENS, STEPS = 200, 500


class Talk:
    """A client and what it says."""

    def __init__(self, threads: int | None) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._phases: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.client = EngineClient(
            "pocket",
            device="cpu",
            threads=threads,
            on_event=lambda _turn, event: self._events.put(event),
            on_state=lambda state: self._phases.put(state.phase),
        )

    def start_s(self) -> float:
        """Seconds from nothing to an engine that can answer."""
        begin = time.perf_counter()
        self.client.start()
        while self._phases.get() == "starting":
            pass
        return time.perf_counter() - begin

    def answer_s(self, turn: Turn) -> float:
        """Seconds of a whole answer."""
        begin = time.perf_counter()
        self.client.ask(turn)
        self._rest()
        return time.perf_counter() - begin

    def stop_s(self, turn: Turn, kind: type[Event]) -> tuple[float, int]:
        """Stop at the first event of a kind: seconds to the answer's end, and what still came."""
        asked = self.client.ask(turn)
        while not isinstance(self._events.get(), kind):
            pass
        begin = time.perf_counter()
        self.client.stop(asked)
        rest = self._rest()
        return time.perf_counter() - begin, sum(isinstance(event, kind) for event in rest)

    def _rest(self) -> list[Event]:
        rest = [self._events.get()]
        while not isinstance(rest[-1], TurnDone | TurnFailed):
            rest.append(self._events.get())
        return rest


def answer_s(engine: Engine, turn: Turn) -> float:
    """Seconds of a whole answer in this process."""
    begin = time.perf_counter()
    for _ in engine.answer(turn):
        pass
    return time.perf_counter() - begin


def main() -> None:
    """Print the ratio of whole answers and how long stopping takes: medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--threads", type=int, help="default: Medley's own choice")
    args = parser.parse_args()
    asked = (Message("user", (TextPart("draw a red boat on the sea at night"),)),)
    babble = Sampling(temperature=9.0, max_new_tokens=TOKENS)
    words = Turn(asked, ("text",), seed=3, sampling=babble)
    picture = Turn(asked, ("image",), seed=3, parameters={"image": {"steps": STEPS}})
    repeats = range(args.repeats)
    talk = Talk(args.threads)
    with (
        talk.client,
        open_engine(EngineOptions("pocket", device="cpu", threads=args.threads)) as engine,
    ):
        print(f"worker: ready {talk.start_s():.1f} s after its start")
        talk.answer_s(words), answer_s(engine, words)  # the first answers warm up
        there, here = [], []
        for _ in repeats:
            there.append(talk.answer_s(words))
            here.append(answer_s(engine, words))
        ratio = statistics.median(there) / statistics.median(here)
        print(
            f"answer through the worker / in process = {ratio:.3f}; "
            f"{statistics.median(there) * 1e3:.1f} / {statistics.median(here) * 1e3:.1f} ms"
        )
        for what, turn, kind in (("words", words, TextDelta), ("picture", picture, RenderProgress)):
            stops = [talk.stop_s(turn, kind) for _ in repeats]
            seconds, late = (statistics.median(column) for column in zip(*stops, strict=True))
            print(f"stopped in its {what}: over after {seconds * 1e3:.1f} ms, {late:g} events")


if __name__ == "__main__":
    main()
