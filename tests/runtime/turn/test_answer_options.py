"""Options of an answer: the manifest's, under what was asked for."""

from __future__ import annotations

import pytest

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle
from runtime.messages import Sampling
from runtime.turn.answer_options import answer_options, caption_parser_of
from runtime.turn.policy import Policy

WORDS = Policy(text=True, modalities=("image",))
ONLY_A_PICTURE = Policy(text=False, modalities=("image",))


def test_what_is_not_asked_for_is_the_manifests(tiny_bundle: Bundle) -> None:
    spec = tiny_bundle.manifest.language_model

    options = answer_options(tiny_bundle.manifest, Sampling(temperature=0.0), WORDS, seed=5)

    assert options.temperature == 0.0 and options.seed == 5
    assert options.top_p == spec.top_p and options.max_new_tokens == spec.max_new_tokens
    assert options.allowed == {"image"} and options.require == ()


def test_captions_need_words_even_where_none_are_shown(
    tiny_bundle: Bundle, captioned_bundle: Bundle
) -> None:
    projected = answer_options(tiny_bundle.manifest, Sampling(), ONLY_A_PICTURE, seed=0)
    captioned = answer_options(captioned_bundle.manifest, Sampling(), ONLY_A_PICTURE, seed=0)

    assert projected.require == captioned.require == ("image",)
    assert not projected.text_allowed and captioned.text_allowed
    assert caption_parser_of(tiny_bundle.manifest) is None
    assert caption_parser_of(captioned_bundle.manifest) is not None


@pytest.mark.parametrize(
    "sampling", [Sampling(max_new_tokens=0), Sampling(temperature=-1.0), Sampling(top_p=0.0)]
)
def test_numbers_outside_their_limits_are_refused(tiny_bundle: Bundle, sampling: Sampling) -> None:
    with pytest.raises(KnownError, match="expected max_new_tokens from 1"):
        answer_options(tiny_bundle.manifest, sampling, WORDS, seed=0)
