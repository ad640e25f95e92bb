"""Contact sheets of a bundle's answers: requests with pictures, spectrograms and clip strips.

    python -m training.evaluation.sheets.contact_sheet DIR --requests 24

writes one HTML page and some PNG sheets of held-out requests, each answer with the oracle's words
and whether they are right. With `docs/first-answer.png` in place of DIR it makes the picture in
docs/quality.md. Knows the engine and the sheets' parts.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from runtime.bundle.bundle import Bundle, find_bundle
from runtime.opening import EngineOptions, open_engine
from training.evaluation.judging import Case, Question, Result, put
from training.evaluation.plan import COMBINATIONS, LANGUAGES, SEED
from training.evaluation.questions import DIRECTIONS, cases, said
from training.evaluation.sheets.entries import entries_of
from training.evaluation.sheets.html import page
from training.evaluation.sheets.png import drawn

CONVERSATIONS = (
    ("draw a red boat on the sea at night",),
    ("draw a big yellow bird on the grass at sunset",),
    ("show me a big green clock on the sand and let me hear it",),
    ("show a clip of a blue car on the sand moving left",),
    ("draw a white dog on the grass", "now at night", "let me hear it"),
    ("play the sound of a bell in the rain",),
)
"""The conversations in docs/first-answer.png."""
IN_WORDS = ("plain talk", "refusal")
"""Directions with nothing to look at."""
UNSEEN = ("text -> image", "text -> video", "image -> text", "image -> video",
          "text -> two artifacts", "edit in a second turn")  # fmt: skip
CHINESE = ("text -> image", "text -> audio", "text -> video", "image -> text",
           "edit in a second turn", "conversation of 3-5 turns")  # fmt: skip
"""Rows of a sheet that are shown of unseen combinations, and in Chinese, first of all."""
CASES_A_SHEET = 6
NOTE = (
    "Requests are held out of training. Framed media were given, the others made. ✓ and ✗ compare "
    "what was asked for with what is measured in the answer."
)


def main() -> None:
    """Ask, judge, draw, save."""
    parser = argparse.ArgumentParser(description="What a bundle answers, to be looked at.")
    parser.add_argument("out", type=Path, help="a folder, or a .png for one sheet")
    parser.add_argument("--bundle", default="pocket")
    parser.add_argument("--requests", type=int, default=24)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--steps", type=int, help="diffusion steps per artifact")
    options = parser.parse_args()
    opened = Bundle.open(find_bundle(options.bundle))
    with tempfile.TemporaryDirectory() as name, open_engine(EngineOptions(opened)) as engine:
        if options.out.suffix == ".png":
            asked = readme_cases(options.seed or 1)
        else:
            asked = held_out_cases(options.requests, Path(name), options.seed or SEED)
        results = [put(engine, case, options.steps) for case in asked]
        if options.out.suffix == ".png":
            entries = [entry for result in results for entry in entries_of(result)]
            drawn(entries).save(options.out, optimize=True)
        else:
            write_sheets(results, options.out, opened.name)


def readme_cases(seed: int) -> list[Case]:
    """The README's conversations, none of it judged."""
    return [
        Case("", tuple(Question(said(words), None) for words in turns), seed)
        for turns in CONVERSATIONS
    ]


def held_out_cases(count: int, folder: Path, seed: int = SEED) -> list[Case]:
    """`count` cases of all kinds."""
    rounds = 1 + count // len(_preferred())
    every = cases(
        rounds, folder, languages=LANGUAGES, combinations=COMBINATIONS,
        directions=[name for name in DIRECTIONS if name not in IN_WORDS], seed=seed,
    )  # fmt: skip
    return [case for _, case in _ranked(list(every))][:count]


def choose(results: Sequence[Result], count: int) -> list[Result]:
    """The results that a sheet of `count` cases shows."""
    with_media = [result for result in results if result.case.direction not in IN_WORDS]
    order = [number for number, _ in _ranked([result.case for result in with_media])]
    return [with_media[number] for number in order[:count]]


def _ranked(known: Sequence[Case]) -> list[tuple[int, Case]]:
    """Cases with their numbers: the preferred kinds of each round first, then the others."""
    preferred = _preferred()

    def rank(item: tuple[int, Case]) -> tuple[int, int]:
        case = item[1]
        key = (case.direction, case.language, case.unseen)
        place = preferred.index(key) if key in preferred else len(preferred)
        return (case.seed + (place == len(preferred)), place)

    return sorted(enumerate(known), key=rank)


def _preferred() -> list[tuple[str, str, bool]]:
    """Direction, language and whether unseen, of the 24 kinds that are shown first."""
    english = [(name, "en", False) for name in DIRECTIONS if name not in IN_WORDS]
    unseen = [(name, "en", True) for name in UNSEEN]
    return [*english, *unseen, *((name, "zh", False) for name in CHINESE)]


def write_sheets(results: Sequence[Result], folder: Path, title: str) -> None:
    """`contact-sheet.html` and `contact-sheet-1.png`, ... in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = [list(entries_of(result)) for result in results]
    flat = [entry for group in entries for entry in group]
    right = sum(result.right for result in results)
    note = f"{NOTE} {right} of {len(results)} are right in everything."
    (folder / "contact-sheet.html").write_text(page(flat, f"{title}: answers", note), "utf-8")
    for number, start in enumerate(range(0, len(entries), CASES_A_SHEET), 1):
        rows = [entry for group in entries[start : start + CASES_A_SHEET] for entry in group]
        drawn(rows).save(folder / f"contact-sheet-{number}.png", optimize=True)


if __name__ == "__main__":
    main()
