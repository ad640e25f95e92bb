"""Runs the self-test of a bundle on an engine of its own."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from plugins.errors import Cancelled, KnownError, Problem, phrase
from plugins.printable import one_line
from plugins.stage import RenderStage
from runtime.bundle.bundle import Bundle
from runtime.engine import Engine
from runtime.messages import MediaPart
from runtime.needs.bundle import bundle_needs
from runtime.opening import EngineOptions, open_engine
from runtime.self_test import kept
from runtime.self_test.asking import SEED, Reply, ask
from runtime.self_test.memory import PeakMemory
from runtime.self_test.outcomes import Outcome, SelfTest, StepOutcome
from runtime.self_test.quick import quick

OnStep = Callable[[StepOutcome], None]
OnWork = Callable[[str, int, int], None]
"""The step under way, how much of it is done, and of how much; of 0 where nobody knows."""
_MEDIA = Path(__file__).parent / "media"
_SUM = "What is 2 + 2? Answer in a few words."
_COLOUR = "What colour is the square in this picture? Answer with the name of the colour."
_WORD = "Which word is spoken in this sound? Answer with that word alone."
_WISHES = {
    "image": "Show me a red boat on the sea.",
    "audio": "Let me hear a dog in the rain.",
    "video": "Show me a clip of a yellow car moving left.",
}
_STORY = "Tell me what you know about the sea. " + "The sea is wide and deep and blue. " * 12
_FOUR = re.compile(r"\b(?:4|four)\b|四", re.IGNORECASE)
_RED = re.compile(r"\b(?:red|crimson|scarlet)\b|红", re.IGNORECASE)
_BLUE = re.compile(r"\b(?:blue|azure|navy)\b|蓝", re.IGNORECASE)
_SEVEN = re.compile(r"\b(?:7|seven)\b|七", re.IGNORECASE)
_WORDS = re.compile(r"\w\w|[\u3400-\u9fff]|\d")
_SHOWN = 80
"""Characters of an answer that are quoted."""
_FITTED = ("image", "audio", "video")
"""The modalities of which a caption is looked at, in the order of `fittings`."""
_SLACK = 1.1
"""How much more than was said may be taken."""


def self_test(
    bundle: Bundle,
    *,
    on_step: OnStep | None = None,
    on_work: OnWork | None = None,
    cancelled: threading.Event | None = None,
) -> SelfTest:
    """Try everything that a bundle says it can, and keep what was found. What it makes is small and
    of few steps: it shows that it works, not how good it is.

    Args:
        bundle: an opened bundle.
        on_step: told each outcome as soon as it is known.
        on_work: told how far the step is that is under way.
        cancelled: setting it stops within a token or a diffusion step; nothing is kept then.

    Raises:
        Cancelled: it was stopped.
        KnownError: the language model cannot be loaded.
    """
    tester = _Tester(
        bundle,
        on_step or (lambda _: None),
        on_work or (lambda step, done, of: None),
        cancelled or threading.Event(),
    )
    with open_engine(EngineOptions(bundle)) as engine, PeakMemory() as memory:
        found = tester.run(engine, memory)
    found = tester.fit(found)
    kept.keep(found)
    return found


class _Tester:
    """One test under way."""

    def __init__(
        self, bundle: Bundle, on_step: OnStep, on_work: OnWork, cancelled: threading.Event
    ) -> None:
        self._bundle, self._tell, self._cancelled = bundle, on_step, cancelled
        self._work = on_work
        self._own_world = bundle.manifest.familiarity is not None
        self._manifest = kept.manifest_hash(bundle.folder)
        self._steps: list[StepOutcome] = []
        unsure = bundle.manifest.template.cut == "segments" and bundle.manifest.encoder is not None
        self._fits = _FITTED if unsure else ()
        self._of = 7 + len(bundle.manifest.signals) + len(self._fits)

    def run(self, engine: Engine, memory: PeakMemory) -> SelfTest:
        begin = time.perf_counter()
        self._work("load", 0, 0)
        engine.load()
        load_s, n_ctx = time.perf_counter() - begin, engine.n_ctx
        self._note("load", "passed", _loaded(load_s, n_ctx, self._bundle))
        self._talk(engine)
        self._see(engine)
        self._hear(engine)
        for modality in self._bundle.manifest.signals:
            self._try(modality, partial(self._make, engine, modality))
        prefill, decode = self._speed(engine)
        needs = bundle_needs(self._bundle, n_ctx, free=0).at_once.ram
        self._try("memory", lambda: _taken(memory.peak, needs))
        return SelfTest(
            bundle=self._bundle.name,
            manifest=self._manifest,
            steps=tuple(self._steps),
            when=datetime.now(UTC).isoformat(timespec="seconds"),
            load_s=load_s,
            prefill_per_s=prefill,
            decode_per_s=decode,
            peak_bytes=memory.peak,
            needs_bytes=needs,
            n_ctx=n_ctx,
        )

    def fit(self, found: SelfTest) -> SelfTest:
        """The test with what was found out about how the bundle was trained, where nobody knows."""
        if not self._fits:
            return found
        from runtime.self_test.fitting import fittings, told

        each = fittings(self._bundle, self._cancelled)

        def next_one() -> tuple[Outcome, Problem]:
            fitting = next(each, None)  # None behind one that could not be found out.
            return ("failed", _NO_WORDS) if fitting is None else told(fitting)

        for modality in self._fits:
            self._try(f"fit {modality}", next_one)
        return msgspec.structs.replace(found, steps=tuple(self._steps))

    def _talk(self, engine: Engine) -> None:
        said: list[str] = []

        def words() -> tuple[Outcome, Problem]:
            said.append(self._ask("words", engine, _SUM).text)
            return _says_words(said[0])

        self._try("words", words)
        if self._own_world:
            self._note("sense", "not applicable", _OWN_WORLD)
        elif said:
            self._try("sense", lambda: _answered(said[0], _FOUR, "sense"))
        else:
            self._note("sense", "failed", _NO_WORDS)

    def _see(self, engine: Engine) -> None:
        if not _takes(self._bundle, "image"):
            self._note("see", "not applicable", _OWN_WORLD if self._own_world else _NO_PICTURES)
            return
        self._try("see", lambda: self._colours(engine))

    def _colours(self, engine: Engine) -> tuple[Outcome, Problem]:
        """Two, so that a guess is not taken for sight."""
        for name, right, colour in _SQUARES:
            picture = MediaPart("image", str(_MEDIA / name))
            said = self._ask("see", engine, _COLOUR, medium=picture).text
            if not right.search(said):
                return "failed", phrase(
                    "It cannot see: of a {colour} square it said {said}.",
                    colour=colour,
                    said=_quoted(said),
                )
        return "passed", phrase("It sees: it named the colours of a red and of a blue square.")

    def _hear(self, engine: Engine) -> None:
        if not _takes(self._bundle, "audio"):
            self._note("hear", "not applicable", _OWN_WORLD if self._own_world else _NO_SOUNDS)
            return
        sound = MediaPart("audio", str(_MEDIA / "seven.ogg"))

        def hear() -> tuple[Outcome, Problem]:
            reply = self._ask("hear", engine, _WORD, medium=sound)
            return _answered(reply.text, _SEVEN, "hear")

        self._try("hear", hear)

    def _make(self, engine: Engine, modality: str) -> tuple[Outcome, Problem]:
        begin = time.perf_counter()
        stage = RenderStage(SEED, cancel=self._cancelled)
        less = quick(engine.bus.parameters(modality, stage).result())
        reply = self._ask(
            modality,
            engine,
            _WISHES.get(modality, f"Make something of this kind: {modality}."),
            allowed=(modality,),
            most=128,
            parameters={modality: less},
        )
        return _made(reply, time.perf_counter() - begin, bool(less))

    def _ask(self, step: str, engine: Engine, words: str, **more: Any) -> Reply:
        """A reply, telling how far it is."""
        tell = partial(self._work, step)
        return ask(engine, words, self._cancelled, tell=tell, **more)

    def _speed(self, engine: Engine) -> tuple[float, float]:
        """Tokens per second, read and said."""
        found = [0.0, 0.0]

        def measure() -> tuple[Outcome, Problem]:
            found[:] = _rates(self._ask("speed", engine, _STORY))
            if not found[1]:
                return "failed", _NO_WORDS
            return "passed", phrase(
                "It reads {prefill:.0f} and says {decode:.1f} tokens per second.",
                prefill=found[0],
                decode=found[1],
            )

        self._try("speed", measure)
        return found[0], found[1]

    def _try(self, step: str, work: Callable[[], tuple[Outcome, Problem]]) -> None:
        """A step that fails alone, whatever it meets."""
        self._work(step, 0, 0)
        try:
            self._note(step, *work())
        except Cancelled:
            raise
        except KnownError as error:
            self._note(step, "failed", error.problem)

    def _note(self, step: str, outcome: Outcome, sentence: Problem) -> None:
        if self._cancelled.is_set():
            raise Cancelled("the test was stopped")
        found = StepOutcome(step, outcome, sentence, len(self._steps) + 1, self._of)
        self._steps.append(found)
        self._tell(found)


_NO_WORDS = phrase("It says nothing.")
_OWN_WORLD = phrase("It knows its own small world only, so this was not asked.")
_NO_PICTURES = phrase("It takes no pictures itself; what shows in them is read to it.")
_NO_SOUNDS = phrase("It hears no words itself; what is said is written down for it.")
_SQUARES = (
    ("red_square.png", _RED, phrase("red")),
    ("blue_square.png", _BLUE, phrase("blue")),
)
_RIGHT = {
    "sense": phrase("It answers a simple question rightly."),
    "hear": phrase("It hears: it repeated a spoken word."),
}


def _takes(bundle: Bundle, modality: str) -> bool:
    """Whether the language model takes in media of a kind that anybody may give, by itself. An
    encoder with a small world of its own knows no plain square; one like ImageBind knows sounds and
    no words."""
    manifest = bundle.manifest
    if manifest.media_embedder is not None and modality in manifest.media_embedder.modalities:
        return True
    own_world = manifest.familiarity is not None
    return modality == "image" and manifest.encoder is not None and not own_world


def _loaded(seconds: float, n_ctx: int, bundle: Bundle) -> Problem:
    wanted = bundle.manifest.language_model.n_ctx
    if n_ctx == wanted:
        return phrase(
            "It loads in {seconds:.1f} s, with a context of {n_ctx} tokens.",
            seconds=seconds,
            n_ctx=n_ctx,
        )
    return phrase(
        "It loads in {seconds:.1f} s, with a context of {n_ctx} of {wanted} tokens, since there "
        "is no memory for more.",
        seconds=seconds,
        n_ctx=n_ctx,
        wanted=wanted,
    )


def _says_words(said: str) -> tuple[Outcome, Problem]:
    if not said.strip():
        return "failed", _NO_WORDS
    if "\ufffd" in said or not _WORDS.search(said):
        return "failed", phrase("It says no words: {said}.", said=_quoted(said))
    return "passed", phrase("It says words: {said}.", said=_quoted(said))


def _answered(said: str, right: re.Pattern[str], step: str) -> tuple[Outcome, Problem]:
    if right.search(said):
        return "passed", _RIGHT[step]
    return "failed", _wrong(step, _quoted(said))


def _wrong(step: str, said: str) -> Problem:
    if step == "hear":
        return phrase("It cannot hear: of the spoken word seven it said {said}.", said=said)
    return phrase("It makes no sense: asked for 2 + 2 it said {said}.", said=said)


def _made(reply: Reply, seconds: float, lessened: bool) -> tuple[Outcome, Problem]:
    if reply.made and lessened:
        return "passed", phrase(
            "It made a small one of few steps in {seconds:.1f} s, as a trial.", seconds=seconds
        )
    if reply.made:
        size = len(reply.made[0].data) / 1000
        return "passed", phrase(
            "It makes one in {seconds:.1f} s ({size:.0f} kB).", seconds=seconds, size=size
        )
    why = next(iter(reply.failed), phrase("it asked for none"))
    return "failed", phrase("It makes none: {why}", why=why)


def _rates(reply: Reply) -> Iterator[float]:
    done = reply.done
    if done is None or done.usage.new_tokens < 2:
        yield from (0.0, 0.0)
        return
    read = done.usage.prompt_tokens - done.usage.reused_tokens
    yield read / max(done.timings.first_token, 1e-6)
    yield (done.usage.new_tokens - 1) / max(done.timings.text, 1e-6)


def _taken(peak: int, needs: int) -> tuple[Outcome, Problem]:
    sizes = {"peak": peak / 2**20, "needs": needs / 2**20}
    if peak <= needs * _SLACK:
        return "passed", phrase(
            "It took {peak:.0f} MiB of memory at most; {needs:.0f} MiB were said.", **sizes
        )
    return "failed", phrase(
        "It took {peak:.0f} MiB of memory, more than the {needs:.0f} MiB that were said.", **sizes
    )


def _quoted(said: str) -> str:
    text = one_line(said.strip())
    return f"“{text[:_SHOWN]}…”" if len(text) > _SHOWN else f"“{text}”"
