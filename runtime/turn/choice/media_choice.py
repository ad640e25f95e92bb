"""Decides with the language model which media an answer holds, and has it write their captions.

Captioned routing of bundles whose manifest has `media_choice`. Both are questions at the end of
the conversation that are forgotten once they are answered, so the conversation itself holds no tags
that a model could misspell or write unasked. Knows the language model and the manifest; knows no
renderer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from runtime.bundle.manifest import Manifest, MediaChoiceSpec
from runtime.language_model.chunks import Chunk
from runtime.language_model.options import AnswerOptions, TextPiece
from runtime.language_model.protocol import TalkingModel
from runtime.messages import Message, SignalPart, TextPart
from runtime.turn.choice.cues import Cues, cues
from runtime.turn.policy import Policy

TEXT, AUDIO = "text", "audio"
CAPTION_TOKENS = 40
"""The longest caption; the text encoders of decoders read some 77 tokens."""
_CAPTION_ENDS = ("<", "\n")
_QUOTES = " \t\"'“”‘’`.。"


class MediaChooser:
    """The media of one bundle's answers. One thread at a time."""

    def __init__(self, spec: MediaChoiceSpec, model: TalkingModel) -> None:
        self.spec = spec
        self._model = model
        self._least = {
            "demanded": spec.least_demanded,
            "named": spec.least,
            "again": spec.least,
            "open": spec.least_open,
        }
        self._answers = {
            modality: model.tokenize(text, parse_special=True)[0]
            for modality, text in spec.answers.items()
        }

    def possible(self, messages: Sequence[Message], policy: Policy) -> Cues:
        """The modalities that the last message may ask for by its words; all allowed ones if the
        answer may not contain words."""
        known = frozenset(policy.modalities).intersection(self.spec.captions)
        if policy.require:
            return Cues(known, "demanded")
        text = "\n".join(part.text for part in messages[-1].parts if isinstance(part, TextPart))
        before = messages[-2].parts if len(messages) > 1 else ()
        made = {part.modality for part in before if isinstance(part, SignalPart)}
        found = cues(text, made)
        allowed = known & found.modalities
        joined = found.joined and AUDIO in allowed and len(allowed) > 1
        return Cues(allowed, found.strength, joined)

    def choose(
        self,
        asking: Sequence[Chunk],
        possible: Cues,
        policy: Policy,
        cancelled: Callable[[], bool],
    ) -> tuple[str, ...]:
        """The modalities to answer with, the likeliest first; none for words alone.

        Args:
            asking: the conversation with the question of the manifest at its end. The next prefill
                reuses all before that.
            possible: holds at least one modality.
            policy: of the turn.
            cancelled: asked often.

        Raises:
            Cancelled: stopped.
        """
        wanted = possible.modalities
        if policy.require and len(wanted) == 1:
            return tuple(wanted)
        self._model.prefill(asking, cancelled)
        share = self._shares([*wanted, *(() if policy.require else (TEXT,))])
        least = self._least[possible.strength]
        if not policy.require and share[TEXT] > 1 - least:
            return ()
        first, *others = sorted(wanted, key=lambda modality: (-share[modality], modality))
        if possible.strength in ("again", "open"):
            return (first,)
        if possible.joined and possible.strength == "demanded":
            # Words that demand both leave nothing to weigh: the model prefers one of them by far.
            return (first, others[0] if first == AUDIO else AUDIO)
        also = self.spec.also_joined if possible.joined else self.spec.also
        return (first, *(modality for modality in others if share[modality] >= also))

    def caption(
        self, asking: Sequence[Chunk], options: AnswerOptions, cancelled: Callable[[], bool]
    ) -> str:
        """The caption of the requested medium, in the model's words; empty if it found none.

        Args:
            asking: the conversation with the manifest's question for the modality at its end.
            options: of the answer; its temperature and seed are used.
            cancelled: asked often.

        Raises:
            Cancelled: stopped before the first word.
        """
        self._model.prefill(asking, cancelled)
        writing = AnswerOptions(
            max_new_tokens=CAPTION_TOKENS,
            temperature=options.temperature,
            top_p=options.top_p,
            seed=options.seed,
            stop=_CAPTION_ENDS,
        )
        events = self._model.generate(writing, cancelled)
        words = "".join(event.text for event in events if isinstance(event, TextPiece))
        return words.strip(_QUOTES)

    def _shares(self, modalities: Sequence[str]) -> dict[str, float]:
        """The probability of each given answer; they sum to one."""
        logits = self._model.logits()[[self._answers[modality] for modality in modalities]]
        likely = np.exp(logits - logits.max())
        return dict(zip(modalities, (likely / likely.sum()).tolist(), strict=True))


def media_chooser(manifest: Manifest, model: TalkingModel) -> MediaChooser | None:
    """Of a bundle; None where the model writes tags or signal tokens of its own accord."""
    return MediaChooser(manifest.media_choice, model) if manifest.media_choice else None
