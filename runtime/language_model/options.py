"""The options of one answer of the language model, and the events it yields. Plain data.

Legend: N signal tokens of one run, D the language model's width.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from runtime.language_model.text.signs import Sign
from runtime.language_model.text.thinking import Thinking

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class PromptUsage:
    """Positions of a prompt."""

    prompt_tokens: int
    reused_tokens: int
    """The number of those that were still in the KV cache."""


@dataclass(frozen=True)
class CallOptions:
    """How calls of tools stand at the end of an answer."""

    grammar: str
    """GBNF of what follows signs, without its first rule."""
    sign: Sign
    """The one that the model was trained with."""
    signs: tuple[Sign, ...]
    """All that are looked for."""
    sign_ids: tuple[int, ...] = ()
    """The tokens of `sign`, where it is put rather than waited for."""
    several: bool = True
    """Whether others may follow, each with a sign of its own."""
    required: bool = False
    """Calls come at once."""
    names: Mapping[int, bytes] = field(default_factory=dict)
    """Control tokens that the format consists of, with their texts."""
    tools: tuple[str, ...] = ()
    """Names of the tools that may be called."""


@dataclass(frozen=True)
class AnswerOptions:
    """Options of an answer. The modality policy is enforced on the logits: it is a guarantee."""

    max_new_tokens: int = 192
    """Exceeded only to complete a signal run, or to force the one that `require` asks for."""
    temperature: float = 0.0
    """0 is greedy."""
    top_p: float = 1.0
    seed: int = 0
    stop: tuple[str, ...] = ()
    """Texts that end the answer; never shown."""
    signals: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Signal tokens of every modality the model knows, allowed or not, in order."""
    allowed: frozenset[str] | None = None
    """Modalities whose signals may come; None allows all of `signals`."""
    require: tuple[str, ...] = ()
    """An answer that would end without a signal gets one of these (those that are allowed),
    whichever the model finds likeliest at that place."""
    text_allowed: bool = True
    """False suppresses the text events; the model still writes the text, unseen."""
    max_artifacts: int = 4
    """After this many signal runs no other can begin."""
    banned: frozenset[int] = frozenset()
    """Further tokens that may not be sampled. Control tokens never are."""
    grammar: str = ""
    """GBNF whose texts the words are; empty for any words. Thinking is free of it."""
    json_schema: str = ""
    """The schema that `grammar` was made of, where it was."""
    thinking: Thinking | None = None
    """How the answer may think before its words; None takes all it says for words. Thinking does
    not count against `max_new_tokens`."""

    calls: CallOptions | None = None
    """How the answer may call tools; None for one that calls none."""

    @property
    def most_tokens(self) -> int:
        """How many may come with what is thought before, signal runs aside."""
        thinking = self.thinking
        thought = 0 if thinking is None else thinking.most_tokens + len(thinking.closing)
        return self.max_new_tokens + thought

    def open_signals(self) -> dict[str, tuple[int, ...]]:
        """Signal tokens of the modalities that may come."""
        allowed = self.signals.keys() if self.allowed is None else self.allowed
        return {m: ids for m, ids in self.signals.items() if ids and m in allowed}


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Words to append to the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ThinkingPiece:
    """Text to append to the thinking before the answer."""

    text: str


@dataclass(frozen=True)
class ThinkingEnded:
    """The thinking is over; words may follow."""

    cut: bool
    """True if it did not end by itself."""


@dataclass(frozen=True)
class SignalBegan:
    """The first token of a signal run was chosen; its `SignalRun` follows."""

    modality: str


@dataclass(frozen=True, eq=False)
class SignalRun:
    """A whole signal run."""

    modality: str
    hidden: Float32
    """[N, D] last-layer states, after the final norm, where the signal tokens were the input."""
    token_ids: tuple[int, ...]
    """N ids."""


@dataclass(frozen=True)
class CallBegan:
    """The sign of a call has come; `CallEnded` follows unless the answer ends within."""


@dataclass(frozen=True)
class CallEnded:
    """A call, or several that share a sign, is whole."""

    sign: Sign
    text: str
    """What followed it."""


@dataclass(frozen=True)
class Finished:
    """The last event of every answer."""

    reason: Literal["end", "length", "stopped", "calls"]
    """`end`: an end token or a stop string; `length`: no room; `stopped`: cancelled; `calls`: it
    ends with calls."""
    new_tokens: int
    """Tokens sampled or forced, the end token not among them."""
    prompt: PromptUsage | None = None
    """How long the prompt was, where only the end tells."""


AnswerEvent = (
    TextPiece
    | ThinkingPiece
    | ThinkingEnded
    | CallBegan
    | CallEnded
    | SignalBegan
    | SignalRun
    | Finished
)
