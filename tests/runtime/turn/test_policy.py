"""Which modalities an answer may hold."""

from __future__ import annotations

import pytest

from plugins.errors import KnownError
from runtime.turn.policy import policy_for

KNOWN = ("text", "image", "audio")


def test_without_a_wish_everything_is_allowed() -> None:
    policy = policy_for(None, KNOWN)
    assert policy.text and policy.modalities == ("image", "audio") and not policy.require


def test_without_text_an_artifact_is_required() -> None:
    policy = policy_for(("audio",), KNOWN)
    assert not policy.text and policy.modalities == ("audio",) and policy.require


@pytest.mark.parametrize(
    ("allowed", "found"), [(("smell",), "'smell'"), ((), "nothing"), (("text", "touch"), "'touch'")]
)
def test_what_cannot_be_is_refused_and_the_known_are_listed(
    allowed: tuple[str, ...], found: str
) -> None:
    with pytest.raises(KnownError, match=f"expected some of text, image, audio, found {found}"):
        policy_for(allowed, KNOWN)
