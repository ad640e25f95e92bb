"""Calls of tools at the end of an answer: once their sign has come, a grammar decides what may
follow, so that no other text can.

Knows tokens, grammars and the sign; knows no tool and no prompt. What it decodes is recorded in the
`KvContext`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator
from typing import Literal

from runtime.language_model.gbnf import literal
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

End = Literal["calls", "length", "stopped"]


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
        self, signed: int | None, behind: str, left: int, cancelled: Callable[[], bool]
    ) -> Generator[AnswerEvent, None, End]:
        """The calls, and why they end.

        Args:
            signed: the token with which the sign came, not put yet; None where it was put.
            behind: the text that this token has behind the sign.
            left: tokens that may still come.
            cancelled: asked before every token.
        """
        made = False
        while True:
            yield CallBegan()
            end, text = self._one(signed, behind, left - self.new_tokens, cancelled)
            if end is not None:
                return "calls" if made and end == "length" else end
            made = True
            yield CallEnded(text)
            following = self._another(left - self.new_tokens, cancelled)
            if following is None:
                return "stopped" if cancelled() else "calls"
            signed, behind = following

    def _one(
        self, signed: int | None, behind: str, left: int, cancelled: Callable[[], bool]
    ) -> tuple[End | None, str]:
        """What follows one sign, or why it is not whole."""
        sampler, text = self._begun(signed, behind)
        begun = self.new_tokens
        data, is_whole = bytearray(text.encode()), self._calls.is_whole
        try:
            while not is_whole(text):
                if cancelled():
                    return "stopped", ""
                if left - (self.new_tokens - begun) <= 0:
                    return "length", ""
                token = sampler.sample()
                if token in self._ends:
                    return "length", ""  # No grammar allows it before all is whole.
                self._put(token)
                data += self._piece(token)
                text = data.decode("utf-8", errors="ignore")
            return None, text
        finally:
            sampler.close()

    def _begun(self, signed: int | None, behind: str) -> tuple[Sampler, str]:
        """A sampler behind the sign, and what has come there."""
        if signed is None:
            return self._sampler(""), ""
        piece = self._piece(signed).decode("utf-8", errors="replace")
        head = piece.removesuffix(behind) if behind else piece
        sampler = self._sampler(head)
        if sampler.takes(signed):
            self._put(signed)
            return sampler, behind
        sampler.close()
        for token in self._session.tokenize(head, parse_special=False):
            self._put(token)
        return self._sampler(""), ""

    def _another(self, left: int, cancelled: Callable[[], bool]) -> tuple[int, str] | None:
        """The token that brings the sign of one more call, and the text behind the sign in it; None
        where the model writes anything else."""
        calls, come = self._calls, ""
        if not calls.several:
            return None
        sampler = Sampler(self._session, masked=self._never)
        try:
            for _ in range(min(left, len(calls.again + calls.sign))):
                if cancelled() or (token := sampler.sample()) in self._ends:
                    return None
                come = (come + self._piece(token).decode("utf-8", errors="replace")).lstrip()
                if come.startswith(calls.sign):
                    return token, come[len(calls.sign) :]
                if not calls.sign.startswith(come):
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

    def _sampler(self, head: str) -> Sampler:
        """A sampler that follows the grammar, behind a text."""
        options = self._options
        return Sampler(
            self._session,
            masked=self._never,
            temperature=options.temperature,
            top_p=options.top_p,
            seed=options.seed + self.new_tokens,
            grammar=f"root ::= {literal(head)} calls\n{self._calls.grammar}",
        )
