"""Every modality has a row; what a plugin brings gets that of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.modalities import Modality, modality, noun
from runtime.messages import DOCUMENT, MEDIA_MODALITIES

QML = Path(__file__).parents[2] / "desktop/window/qml"


@pytest.mark.parametrize("name", ["text", *MEDIA_MODALITIES, DOCUMENT])
def test_a_modality_of_medleys_own_has_a_word_and_a_drawing(name: str) -> None:
    assert noun(name).isalpha() and modality(name).name == name
    assert (QML / "icons" / f"{name}.svg").is_file()


def test_cards_are_those_that_the_transcript_has() -> None:
    block = (QML / "transcript/MediaBlock.qml").read_text("utf-8")
    assert [modality(name).card for name in MEDIA_MODALITIES] == ["picture", "sound", "clip"]
    assert all(f"{modality(name).card}: " in block for name in MEDIA_MODALITIES)
    assert modality(DOCUMENT).card == "file"


def test_a_plugins_modality_is_its_own_word_and_has_the_card_of_a_file() -> None:
    assert modality("sketch") == Modality("sketch", "sketch", "file", has_picture=False)
