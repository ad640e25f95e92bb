"""The prompts of one turn: the conversation with its media embedded, closed in one way or another.

Joins the engine's parts for `runtime.turn.prompt`; loads nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from runtime.calls.offer import listed
from runtime.language_model.chunks import Chunk, positions_of
from runtime.language_model.text.thinking import ThinkingMarkers
from runtime.messages import MediaPart, Message, Turn
from runtime.observations.prompt_text import observed_turn
from runtime.turn.context import TurnContext
from runtime.turn.prompt import FittedPrompt, PromptBuilder

_FILES_SHARE = 4
"""One part in this many of the context is for the files of one message."""


class Prompting:
    """The prompts of one turn: the conversation, closed by the template or by a question."""

    def __init__(
        self,
        builder: PromptBuilder,
        messages: Sequence[Message],
        n_ctx: int,
        max_new_tokens: int,
        *,
        whole: bool = False,
        quoted: tuple[str, ...] = (),
    ) -> None:
        """See `PromptBuilder.fit`; `quoted` are places of files that were too long to be read."""
        self.quoted = quoted
        self._builder = builder
        self._messages = messages
        self._n_ctx = n_ctx
        self._max_new_tokens = max_new_tokens
        self._whole = whole
        self._usual: FittedPrompt | None = None

    def prompt(self, closing: str | None = None) -> FittedPrompt:
        """See `PromptBuilder.fit`.

        Raises:
            KnownError: the last turn alone is too long.
        """
        if closing is not None:
            return self._fit(closing)
        if self._usual is None:
            self._usual = self._fit(None)
        return self._usual

    @property
    def fresh(self) -> int:
        """Positions to be read anew, so that repeating a turn repeats its answer to the last bit:
        those of the last message, or one of an answer that goes on."""
        last = self._messages[-1]
        return 1 if last.goes_on else positions_of(self._builder.build([last]))

    def tokens_of(self, answer: Message) -> tuple[int, ...]:
        """The tokens in the conversation for an answer that has begun and contains no
        embeddings."""
        return self._builder.answer_tokens(answer)

    def _fit(self, closing: str | None) -> FittedPrompt:
        return self._builder.fit(
            self._messages, self._n_ctx, self._max_new_tokens, closing, whole=self._whole
        )


def prompting(
    context: TurnContext,
    turn: Turn,
    most_tokens: int,
    cancelled: Callable[[], bool],
    thinking: ThinkingMarkers | None,
) -> Prompting:
    """The prompts of a turn whose media were read.

    Args:
        context: of the engine.
        turn: the turn.
        most_tokens: how many the answer may take.
        cancelled: asked while media are embedded.
        thinking: the marks around what the model thinks.

    Raises:
        KnownError: the template has no place for the turn's system text.
    """
    model, manifest = context.model, context.bundle.manifest

    def embed(part: MediaPart) -> Sequence[Chunk]:
        return context.embedder.embed(part, cancelled)

    observed = observed_turn(
        turn.messages, model.n_ctx // _FILES_SHARE, lambda text: len(model.tokenize(text))
    )
    builder = PromptBuilder(
        manifest.template,
        model,
        embed,
        {modality: signal.token_ids for modality, signal in manifest.signals.items()},
        context.embedder.positions,
        tags={m: (s.caption_open, s.caption_close) for m, s in manifest.signals.items()},
        system=turn.system,
        tools=listed(turn),
        thinking=thinking,
        briefing=turn.briefing,
    )
    return Prompting(
        builder,
        observed.messages,
        model.n_ctx,
        most_tokens,
        whole=turn.whole,
        quoted=observed.quoted,
    )
