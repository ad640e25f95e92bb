"""Options of one answer: what the bundle's manifest says, under what was asked for."""

from __future__ import annotations

from typing import TypeVar

from plugins.errors import KnownError
from runtime.bundle.manifest import Manifest
from runtime.language_model.grammar.json_grammar import json_grammar
from runtime.language_model.options import AnswerOptions
from runtime.messages import Sampling
from runtime.turn.caption_parser import CaptionParser
from runtime.turn.policy import Policy

T = TypeVar("T")
_MOST_SHARE = 0.75
"""The share of the context that an answer may take at most: the question needs room too."""


def answer_options(
    manifest: Manifest, sampling: Sampling, policy: Policy, seed: int
) -> AnswerOptions:
    """The options of the language model for one answer.

    Args:
        manifest: of the bundle.
        sampling: of the turn; None for what the manifest is to decide.
        policy: which modalities the answer may hold.
        seed: of the turn.

    Raises:
        KnownError: numbers outside their limits, or a schema that cannot be followed.
    """
    spec = manifest.language_model
    captioned = manifest.routing == "captioned"
    longest = max(1, int(spec.n_ctx * _MOST_SHARE))
    options = AnswerOptions(
        max_new_tokens=min(_or(sampling.max_new_tokens, spec.max_new_tokens), longest),
        temperature=_or(sampling.temperature, spec.temperature),
        top_p=_or(sampling.top_p, spec.top_p),
        seed=seed,
        stop=(*manifest.template.stop, *sampling.stop),
        signals={m: s.token_ids for m, s in manifest.signals.items() if s.token_ids},
        allowed=frozenset(policy.modalities),
        require=policy.modalities if policy.require else (),
        grammar=json_grammar(sampling.json_schema) if sampling.json_schema else "",
        json_schema=sampling.json_schema,
        text_allowed=policy.text or captioned,
    )
    if options.max_new_tokens < 1 or options.temperature < 0 or not 0 < options.top_p <= 1:
        raise KnownError(
            "sampling: expected max_new_tokens from 1, temperature from 0 and top_p above 0 up to "
            "1, found {max_new_tokens}, {temperature} and {top_p}. Change them to fit.",
            max_new_tokens=options.max_new_tokens,
            temperature=options.temperature,
            top_p=options.top_p,
        )
    return options


def caption_parser_of(manifest: Manifest) -> CaptionParser | None:
    """The parser of captions between tags; None without captioned routing."""
    signals = manifest.signals
    if manifest.routing != "captioned" or not signals:
        return None
    return CaptionParser({m: (s.caption_open, s.caption_close) for m, s in signals.items()})


def _or(wish: T | None, default: T) -> T:
    return default if wish is None else wish
