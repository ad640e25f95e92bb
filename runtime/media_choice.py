"""Decides with the language model which media an answer holds, and has it write their captions.

Captioned routing of bundles whose manifest has `media_choice`. Tags are placed here token by token,
as signal tokens are, and never sampled: nothing is made that was not decided on, and no tag can be
misspelt. Knows the language model and the manifest; knows no renderer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from runtime.answer import AnswerOptions, TextPiece
from runtime.chunks import Chunk
from runtime.cues import cues
from runtime.language_model import LanguageModel
from runtime.manifest import MediaChoiceSpec, SignalSpec
from runtime.messages import Message, SignalPart, TextPart
from runtime.policy import Policy

TEXT = "text"
CAPTION_TOKENS = 48
"""The longest caption; the text encoders of decoders read some 77 tokens."""
_CAPTION_ENDS = ("<", "\n")


class MediaChooser:
    """The media of one bundle's answers. One thread at a time."""

    def __init__(
        self, spec: MediaChoiceSpec, signals: dict[str, SignalSpec], model: LanguageModel
    ) -> None:
        self._spec = spec
        self._model = model
        self._tags = {
            modality: (_placed(model, signal.caption_open), _placed(model, signal.caption_close))
            for modality, signal in signals.items()
        }
        self.tag_tokens = frozenset(
            token
            for opening, closing in self._tags.values()
            for token in (*opening, *closing)
            if any(letter.isalpha() for letter in model.text([token]))
        )
        """Tokens that only tags are made of; they may not be sampled."""
        self._answers = {
            modality: model.tokenize(text, parse_special=True)[0]
            for modality, text in spec.answers.items()
        }

    @property
    def question(self) -> str:
        """Piece of the template that asks; see `MediaChoiceSpec`."""
        return self._spec.question

    def possible(self, messages: Sequence[Message], policy: Policy) -> tuple[str, ...]:
        """The modalities that the last message may ask for by its words, in the bundle's order.
        Where words may not be shown, all that may come."""
        known = [modality for modality in policy.modalities if modality in self._tags]
        if policy.require:
            return tuple(known)
        text = "\n".join(part.text for part in messages[-1].parts if isinstance(part, TextPart))
        before = messages[-2].parts if len(messages) > 1 else ()
        made = {part.modality for part in before if isinstance(part, SignalPart)}
        found = cues(text, made)
        return tuple(modality for modality in known if modality in found)

    def choose(
        self,
        asking: Sequence[Chunk],
        possible: Collection[str],
        policy: Policy,
        cancelled: Callable[[], bool],
    ) -> tuple[str, ...]:
        """Which of the `possible` modalities to answer with, the likeliest first; none for words.

        Args:
            asking: the prompt with `question` after the person's words; the next prefill reuses
                all before that.

        Raises:
            Cancelled: stopped.
        """
        if policy.require and len(possible) == 1:
            return tuple(possible)
        self._model.prefill(asking, cancelled)
        share = self._shares([*possible, *(() if policy.require else (TEXT,))])
        order = sorted(possible, key=lambda modality: -share[modality])
        if not policy.require and share[TEXT] > 1 - self._spec.least:
            return ()
        first, *others = order
        return (first, *(modality for modality in others if share[modality] >= self._spec.also))

    def caption(
        self, modality: str, options: AnswerOptions, cancelled: Callable[[], bool]
    ) -> str | None:
        """Have the model write what is to be made, between tags that are placed here.

        Returns None when it was stopped.
        """
        opening, closing = self._tags[modality]
        self._model.put(opening)
        writing = AnswerOptions(
            max_new_tokens=CAPTION_TOKENS,
            temperature=options.temperature,
            top_p=options.top_p,
            seed=options.seed,
            stop=_CAPTION_ENDS,
            banned=self.tag_tokens,
        )
        caption = ""
        for event in self._model.generate(writing, cancelled):
            if isinstance(event, TextPiece):
                caption += event.text
        if cancelled():
            return None
        self._model.put(closing)
        return caption.strip()

    def _shares(self, modalities: Sequence[str]) -> dict[str, float]:
        """How likely each answer is, of those given: they sum to one."""
        logits = self._model.logits()[[self._answers[modality] for modality in modalities]]
        likely = np.exp(logits - logits.max())
        return dict(zip(modalities, (likely / likely.sum()).tolist(), strict=True))


def _placed(model: LanguageModel, text: str) -> tuple[int, ...]:
    return tuple(model.tokenize(text, parse_special=True))
