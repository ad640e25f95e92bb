"""A language model's own answers to plain questions, as examples: what it keeps saying.

The answers are made before anything is trained, by the model as it is. An alignment that sees them
between its dialogues goes on talking as before. Knows the language model and its template; trains
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from runtime.bundle.manifest import TemplateSpec
from runtime.language_model.chunks import TokenChunk
from runtime.language_model.model import LanguageModel
from runtime.language_model.options import AnswerOptions, TextPiece
from training.align.sequences import LineWriter
from training.datasets.examples import Dialogue, Exchange

MOST_TOKENS = 56
"""Positions of an answer; a longer one ends with its last whole sentence."""
_SENTENCES = re.compile(r"^.*[.!?。！？\n]", re.DOTALL)


def own_answers(
    base: Path,
    template: TemplateSpec,
    questions: Sequence[str],
    file: Path,
    tell: Callable[[int], None] = lambda _: None,
) -> list[Dialogue]:
    """The model's greedy answers to the questions that are not answered in `file` yet, which
    gets a line for each; so that a run that was killed goes on with the next question.

    Args:
        tell: is called with the number of questions that are answered.

    Raises:
        KnownError: the model cannot be opened.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    known = _read(file)
    with file.open("ab") as written:
        missing = [question for question in questions if question not in known]
        if missing:
            with LanguageModel(base, n_ctx=512) as model:
                for question in missing:
                    answer = _answer(model, template, question)
                    known[question] = answer
                    written.write(msgspec.json.encode([question, answer]) + b"\n")
                    written.flush()
                    tell(len(known))
    answers = [(question, known[question]) for question in questions]
    return [Dialogue((Exchange((), asked, (said,)),)) for asked, said in answers if said]


def _read(file: Path) -> dict[str, str]:
    """The answers that are in the file; a line that was cut off is left out."""
    known: dict[str, str] = {}
    for line in file.read_bytes().splitlines() if file.is_file() else ():
        try:
            question, answer = msgspec.json.decode(line, type=tuple[str, str])
        except msgspec.MsgspecError:
            continue
        known[question] = answer
    return known


def _answer(model: LanguageModel, template: TemplateSpec, question: str) -> str:
    writer = LineWriter(template, model, {}, 0)
    line = writer.write((Exchange((), question, ()),))
    asked = line.ids[: line.learned.index(True)]
    model.prefill([TokenChunk(tuple(asked))])
    options = AnswerOptions(max_new_tokens=MOST_TOKENS, stop=template.stop)
    pieces, cut = [], False
    for event in model.generate(options):
        if isinstance(event, TextPiece):
            pieces.append(event.text)
        cut = getattr(event, "reason", "end") == "length"
    said = "".join(pieces).strip()
    whole = _SENTENCES.match(said) if cut else None
    return whole[0].strip() if whole else ("" if cut else said)
