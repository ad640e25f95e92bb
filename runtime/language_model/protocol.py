"""What a turn asks of a language model, wherever it computes.

`LanguageModel` is one of llama.cpp in this process; `runtime.upstream` has one behind a server.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from runtime.language_model.chunks import Chunk
from runtime.language_model.options import AnswerEvent, AnswerOptions, PromptUsage
from runtime.language_model.text.joint_tokens import ControlToken
from runtime.language_model.text.thinking import Thinking, ThinkingMarkers

Float32 = NDArray[np.float32]


class TalkingModel(Protocol):
    """A language model with one conversation at a time. One thread at a time."""

    n_ctx: int
    """Positions of its context."""
    thinking: ThinkingMarkers | None
    """The marks around what it thinks before an answer; None for one that has none."""

    @property
    def bos(self) -> int | None:
        """The token that begins a text, if there is one."""

    @property
    def used(self) -> int:
        """Positions of the context that are full."""

    def close(self) -> None:
        """Free all memory; safe to call twice."""

    def tokenize(self, text: str, *, parse_special: bool = False) -> list[int]:
        """Token ids of `text`, nothing added."""

    def control_tokens_in(self, text: str) -> list[str | ControlToken]:
        """A piece of a template cut at the names of control tokens."""

    def control_text(self, token: int) -> bytes:
        """The name of a control token."""

    def thinking_of(self, markers: ThinkingMarkers, *, begun: bool, most_tokens: int) -> Thinking:
        """How an answer may think between these marks."""

    def prefill(
        self,
        prompt: Sequence[Chunk],
        cancelled: Callable[[], bool] | None = None,
        *,
        fresh: int = 1,
    ) -> PromptUsage:
        """Take in a prompt, in place of the one before.

        Raises:
            KnownError: it is longer than the context.
            Cancelled: stopped.
        """

    def put(self, ids: Sequence[int]) -> None:
        """Append tokens behind what is there.

        Raises:
            KnownError: the context has no room for them.
        """

    def generate(
        self, options: AnswerOptions, cancelled: Callable[[], bool] = ...
    ) -> Generator[AnswerEvent, None, None]:
        """Answer the prompt; the last event is `Finished`."""

    def logits(self) -> Float32:
        """[n_vocab] logits of what comes next."""
