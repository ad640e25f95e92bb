"""Calls of tools at the end of an answer: once their sign has come, a grammar decides what may
follow, so that no other text can.

Knows tokens, grammars and the sign; knows no tool and no prompt. What it decodes is recorded in the
`KvContext`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator
from dataclasses import dataclass
from typing import Literal

from runtime.language_model.grammar.gbnf import literal
from runtime.language_model.kv_cache import KvContext
from runtime.language_model.llama_session import LlamaSession
from runtime.language_model.options import (
    AnswerEvent,
    AnswerOptions,
    CallBegan,
    CallEnded,
    CallOptions,
)
from runtime.language_model.sampler import Sampler
from runtime.language_model.text.signs import Sign

End = Literal["calls", "length", "stopped"]
_CLOSERS = (b"```", b"</tools>", b"</tool_call>")
"""Marks that may stand between calls which were written in a form that is not the model's own."""
_MOST_BETWEEN = 24
"""Tokens between two calls."""


@dataclass(frozen=True)
class Came:
    """A sign, and the token that completed it, which is not put yet."""

    sign: Sign
    token: int
    behind: int
    """Bytes that this token has behind the sign."""


class Calling:
    """The calls of one answer."""

    def __init__(
        self,
        session: LlamaSession,
        kv: KvContext,
        options: AnswerOptions,
        calls: CallOptions,
        *,
        piece: Callable[[int], bytes],
        ends: frozenset[int],
        never: Collection[int],
    ) -> None:
        """`piece` gives a token's bytes; `ends` end the answer; `never` are not sampled."""
        self._session = session
        self._kv = kv
        self._options = options
        self._calls = calls
        self._own_piece = piece
        self._ends = ends
        self._never = frozenset(never).difference(calls.names)
        self.new_tokens = 0
        """Tokens that were put."""

    def events(
        self, came: Came | None, left: int, cancelled: Callable[[], bool]
    ) -> Generator[AnswerEvent, None, End]:
        """The calls, and why they end.

        Args:
            came: the first sign; None where the model's own was put.
            left: tokens that may still come.
            cancelled: asked before every token.
        """
        made = False
        while True:
            yield CallBegan()
            sign = self._calls.sign if came is None else came.sign
            end, text = self._one(sign, came, left - self.new_tokens, cancelled)
            if end is not None:
                return "calls" if made and end == "length" else end
            made = True
            yield CallEnded(sign, text)
            came = self._another(left - self.new_tokens, cancelled)
            if came is None:
                return "stopped" if cancelled() else "calls"

    def _one(
        self, sign: Sign, came: Came | None, left: int, cancelled: Callable[[], bool]
    ) -> tuple[End | None, str]:
        """What follows one sign, or why it is not whole."""
        begun = self.new_tokens
        sampler, data = self._begun(sign, came)
        try:
            while True:
                text = data.decode("utf-8", errors="ignore")
                if sign.is_whole(text):
                    return None, text
                if cancelled():
                    return "stopped", ""
                if left - (self.new_tokens - begun) <= 0:
                    return "length", ""
                token = sampler.sample()
                if token in self._ends:
                    return "length", ""  # No grammar allows it before all is whole.
                self._put(token)
                data += self._piece(token)
        finally:
            sampler.close()

    def _begun(self, sign: Sign, came: Came | None) -> tuple[Sampler, bytes]:
        """A sampler behind the sign, and what has come there."""
        if came is None:
            return self._sampler(sign, ""), b""
        piece = self._piece(came.token)
        head = piece[: len(piece) - came.behind].decode("utf-8", errors="replace")
        sampler = self._sampler(sign, head)
        if sampler.takes(came.token):
            self._put(came.token)
            return sampler, piece[len(piece) - came.behind :]
        sampler.close()
        for token in self._session.tokenize(head, parse_special=False):
            self._put(token)
        return self._sampler(sign, ""), b""

    def _another(self, left: int, cancelled: Callable[[], bool]) -> Came | None:
        """The sign of one more call; None where the model writes anything else."""
        if not self._calls.several:
            return None
        come = b""
        sampler = Sampler(self._session, masked=self._never)
        try:
            for _ in range(min(left, _MOST_BETWEEN)):
                if cancelled() or (token := sampler.sample()) in self._ends:
                    return None
                come += self._piece(token)
                begin = _behind_closers(come)
                if begin is not None:
                    ends = [(sign, sign.end(come, begin)) for sign in self._calls.signs]
                    for sign, end in ends:
                        if end is not None and end > 0:
                            return Came(sign, token, len(come) - end)
                    if all(end is None for _, end in ends):
                        return None
                self._put(token)
        finally:
            sampler.close()
        return None

    def _piece(self, token: int) -> bytes:
        return self._calls.names.get(token) or self._own_piece(token)

    def _put(self, token: int) -> None:
        self._kv.put(token)
        self.new_tokens += 1

    def _sampler(self, sign: Sign, head: str) -> Sampler:
        """A sampler that follows the grammar, behind a text."""
        options = self._options
        return Sampler(
            self._session,
            masked=self._never,
            temperature=options.temperature,
            top_p=options.top_p,
            seed=options.seed + self.new_tokens,
            grammar=f"root ::= {literal(head)} {sign.root}\n{self._calls.grammar}",
        )


def _behind_closers(data: bytes) -> int | None:
    """Where something else than a closing mark begins; None while that is not known."""
    begin = len(data) - len(data.lstrip())
    if begin == len(data):
        return None
    for closer in _CLOSERS:
        if data.startswith(closer, begin):
            begin += len(closer)
            begin += len(data[begin:]) - len(data[begin:].lstrip())
            break
        if closer.startswith(data[begin:]):
            return None
    return begin if begin < len(data) else None
