"""Tokens from logits: masks, and either the likeliest or llama.cpp's own sampler chain with
temperature, nucleus and seed. Knows no text and no signals.

Masked tokens get a logit of minus infinity before everything else, so none can be sampled at any
temperature. The likeliest token is found in the logits themselves: the chain would first copy the
whole vocabulary, which costs one or two percent of a token's time where that holds 150,000.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Collection

import llama_cpp.llama_cpp as llama  # noqa: TID253
import numpy as np
from numpy.typing import NDArray

from plugins.errors import KnownError
from runtime.language_model.llama_session import LlamaSession

_RANDOM_SEED = 0xFFFFFFFF
"""llama.cpp takes this one value for "draw a seed", which no caller wants."""


class Sampler:
    """Samples from one session. Free it with `close`."""

    def __init__(
        self,
        session: LlamaSession,
        *,
        masked: Collection[int] = (),
        temperature: float = 0.0,
        top_p: float = 1.0,
        seed: int = 0,
        grammar: str = "",
    ) -> None:
        """`temperature` 0 is greedy; then `top_p` and `seed` have no part in it. `grammar` is GBNF
        that the text follows; empty for any text.

        Raises:
            KnownError: the grammar cannot be used.
        """
        self._session = session
        self._masked = frozenset(masked)
        self._greedy = temperature <= 0
        self._grammar = Grammar(session, grammar) if grammar else None
        self._chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        if self._greedy:
            return
        self._bias = (llama.llama_logit_bias * len(masked))(
            *(llama.llama_logit_bias(token, -math.inf) for token in sorted(masked))
        )
        if masked:
            self._add(llama.llama_sampler_init_logit_bias(session.n_vocab, len(masked), self._bias))
        self._add(llama.llama_sampler_init_temp(temperature))
        if top_p < 1:
            self._add(llama.llama_sampler_init_top_p(top_p, 1))
        self._add(llama.llama_sampler_init_dist(seed % _RANDOM_SEED))

    def _add(self, sampler: object) -> None:
        llama.llama_sampler_chain_add(self._chain, sampler)

    def sample(self) -> int:
        """A token from the last logits of the last call."""
        token = self._any()
        if self._grammar is None:
            return token
        if not self._grammar.allows(token):
            token = self._allowed(self._grammar)
        self._grammar.accept(token)
        return token

    def takes(self, token: int) -> bool:
        """Whether the grammar allows a token that was chosen elsewhere, which then has come."""
        assert self._grammar is not None
        if not self._grammar.allows(token):
            return False
        self._grammar.accept(token)
        return True

    def _any(self) -> int:
        if self._greedy:
            return self._likeliest()
        token: int = llama.llama_sampler_sample(self._chain, self._session.context, -1)
        return token

    def _likeliest(self) -> int:
        logits = self._session.logits()
        best = int(logits.argmax())
        if best not in self._masked:
            return best
        allowed = logits.copy()
        allowed[list(self._masked)] = -math.inf
        return int(allowed.argmax())

    def _allowed(self, grammar: Grammar) -> int:
        """A token that the grammar allows: all of them are looked at, which takes long, so only
        where the model's own choice does not fit."""
        logits = self._session.logits().copy()
        logits[list(self._masked)] = -math.inf
        candidates = Candidates(np.arange(len(logits), dtype=np.int32), logits)
        grammar.apply(candidates)
        if self._greedy:
            return int(candidates.ids[candidates.logits.argmax()])
        return candidates.chosen(self._chain)

    def close(self) -> None:
        """Free the chain; safe to call twice."""
        if self._grammar is not None:
            self._grammar.close()
        chain, self._chain = self._chain, None
        if chain is not None:
            llama.llama_sampler_free(chain)


_TOKEN = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])


class Candidates:
    """Tokens with their logits, as llama.cpp's samplers take them."""

    def __init__(self, ids: NDArray[np.int32], logits: NDArray[np.float32]) -> None:
        """[n] ids and [n] logits."""
        self._table = np.zeros(len(ids), _TOKEN)
        self._table["id"], self._table["logit"] = ids, logits
        data = self._table.ctypes.data_as(ctypes.POINTER(llama.llama_token_data))
        self.array = llama.llama_token_data_array(data, len(ids), -1, False)

    @property
    def ids(self) -> NDArray[np.int32]:
        """[n]."""
        ids: NDArray[np.int32] = self._table["id"]
        return ids

    @property
    def logits(self) -> NDArray[np.float32]:
        """[n], of which a sampler may have made some minus infinity."""
        logits: NDArray[np.float32] = self._table["logit"]
        return logits

    def chosen(self, chain: object) -> int:
        """The token that a chain chooses."""
        llama.llama_sampler_apply(chain, ctypes.byref(self.array))
        return int(self._table["id"][self.array.selected])


class Grammar:
    """A grammar and how far a text has come in it. Free it with `close`."""

    def __init__(self, session: LlamaSession, text: str) -> None:
        """`text` is GBNF.

        Raises:
            KnownError: llama.cpp cannot use it.
        """
        self._sampler = llama.llama_sampler_init_grammar(session.vocabulary, text.encode(), b"root")
        if not self._sampler:
            raise KnownError(
                "response format: expected a grammar that llama.cpp can follow, found one that it "
                "cannot. Simplify the schema.",
                "request",
            )

    def allows(self, token: int) -> bool:
        """Whether a token may come next."""
        one = Candidates(np.array([token], np.int32), np.zeros(1, np.float32))
        self.apply(one)
        return bool(one.logits[0] > -math.inf)

    def apply(self, candidates: Candidates) -> None:
        """Make the logits of those that may not come next minus infinity."""
        llama.llama_sampler_apply(self._sampler, ctypes.byref(candidates.array))

    def accept(self, token: int) -> None:
        """A token has come that was allowed."""
        llama.llama_sampler_accept(self._sampler, token)

    def close(self) -> None:
        """Free it; safe to call twice."""
        sampler, self._sampler = self._sampler, None
        if sampler is not None:
            llama.llama_sampler_free(sampler)
