"""Tokens from logits: masks, and either the likeliest or llama.cpp's own sampler chain with
temperature, nucleus and seed. Knows no text and no signals.

Masked tokens get a logit of minus infinity before everything else, so none can be sampled at any
temperature. The likeliest token is found in the logits themselves: the chain would first copy the
whole vocabulary, which costs one or two percent of a token's time where that holds 150,000.
"""

from __future__ import annotations

import math
from collections.abc import Collection

import llama_cpp.llama_cpp as llama  # noqa: TID253

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
    ) -> None:
        """`temperature` 0 is greedy; then `top_p` and `seed` have no part in it."""
        self._session = session
        self._masked = frozenset(masked)
        self._greedy = temperature <= 0
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

    def close(self) -> None:
        """Free the chain; safe to call twice."""
        chain, self._chain = self._chain, None
        if chain is not None:
            llama.llama_sampler_free(chain)
