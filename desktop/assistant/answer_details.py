"""What the details of an answer say: models, tokens and seconds of its steps, joined. Knows the
engine's messages; writes nothing.
"""

from __future__ import annotations

from typing import Any

from runtime.messages import TurnDone


class Spent:
    """The steps of one answer so far."""

    def __init__(self) -> None:
        self.details: dict[str, Any] = {}
        self._decode_s = 0.0
        self._new_tokens = 0
        self._dropped = 0
        self._quoted: list[str] = []

    def add(self, done: TurnDone, bundle: str) -> None:
        """Join one more step."""
        before, timings = self.details, done.timings
        details: dict[str, Any] = {
            "bundle": done.bundle or bundle,
            "seed": before.get("seed", done.seed),
            "finish": done.finish,
            "prompt_tokens": done.usage.prompt_tokens,
            "new_tokens": done.usage.new_tokens + before.get("new_tokens", 0),
            "load_s": _sum(before.get("load_s", 0.0), timings.load),
            "encode_s": _sum(before.get("encode_s", 0.0), timings.encode),
            "first_token_s": before.get("first_token_s", round(timings.first_token, 3)),
            "text_s": _sum(before.get("text_s", 0.0), timings.text),
        }
        if done.title:
            details["model"] = done.title
        if done.tokens_per_second is not None:
            self._decode_s += timings.decode
            self._new_tokens += done.usage.new_tokens
        if self._decode_s:
            details["tokens_per_second"] = round(self._new_tokens / self._decode_s, 2)
        if done.usage.context_tokens:
            details["context_tokens"] = done.usage.context_tokens
            details["n_ctx"] = done.usage.n_ctx
        self._dropped = max(self._dropped, done.dropped_messages)
        if self._dropped:
            details["dropped"] = self._dropped
        self._quoted += [place for place in done.quoted if place not in self._quoted]
        if self._quoted:
            details["quoted"] = list(self._quoted)
        self.details = details


def _sum(before: float, seconds: float) -> float:
    return round(before + seconds, 3)
