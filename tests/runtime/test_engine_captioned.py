"""Captioned routing: what stands between tags in the answer is what the decoder is asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec

from plugins.api import Recipe
from runtime.bundle.bundle import Bundle
from runtime.bundle.write import write_manifest
from runtime.engine import Engine
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    Event,
    Message,
    SignalPart,
    TextDelta,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
)

QUESTION = (Message("user", (TextPart("draw a boat"),)),)


def answered(bundle: Bundle, **options: tuple[str, ...]) -> list[Event]:
    with Engine(bundle, device="cpu", threads=1) as engine:
        return list(engine.answer(Turn(QUESTION, seed=5, allowed=options.get("allowed"))))


def text(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def with_image_tags(captioned: Bundle, folder: Path, opening: str, closing: str) -> Bundle:
    """A bundle whose tags are among the words that its language model writes."""
    shutil.copytree(captioned.folder, folder)
    signals = dict(captioned.manifest.signals)
    signals["image"] = msgspec.structs.replace(
        signals["image"], caption_open=opening, caption_close=closing
    )
    write_manifest(folder, msgspec.structs.replace(captioned.manifest, signals=signals))
    return Bundle.open(folder)


def test_a_caption_is_cut_out_of_the_words_and_rendered(
    captioned_bundle: Bundle, tmp_path: Path
) -> None:
    assert text(answered(captioned_bundle)) == "a red boat now"
    bundle = with_image_tags(captioned_bundle, tmp_path / "tagged", " red", " now")
    events = answered(bundle, allowed=("text", "image"))
    ready = [event for event in events if isinstance(event, ArtifactReady)]
    assert [Recipe.from_json(event.recipe).condition.caption for event in ready] == ["boat"]
    assert text(events) == "a"
    done = events[-1]
    assert isinstance(done, TurnDone)
    assert done.reply.parts == (TextPart("a"), SignalPart("image"))


def test_an_empty_caption_fails_its_artifact_only(captioned_bundle: Bundle, tmp_path: Path) -> None:
    bundle = with_image_tags(captioned_bundle, tmp_path / "tagged", " red", " boat")
    events = answered(bundle)
    failed = [event for event in events if isinstance(event, ArtifactFailed)]
    assert len(failed) == 1 and "without saying what" in str(failed[0].problem)
    assert text(events) == "a now"


def test_captions_of_modalities_that_are_not_allowed_are_left_out(
    captioned_bundle: Bundle, tmp_path: Path
) -> None:
    bundle = with_image_tags(captioned_bundle, tmp_path / "tagged", " red", " now")
    events = answered(bundle, allowed=("text",))
    assert not any(isinstance(event, ArtifactReady | ArtifactFailed) for event in events)
    assert text(events) == "a"


def test_only_pictures_makes_the_answer_begin_with_a_caption(captioned_bundle: Bundle) -> None:
    events = answered(captioned_bundle, allowed=("image",))
    ready = [event for event in events if isinstance(event, ArtifactReady)]
    assert len(ready) == 1 and text(events) == ""
    assert Recipe.from_json(ready[0].recipe).condition.caption
    done = events[-1]
    assert isinstance(done, TurnDone) and done.reply.parts == (SignalPart("image"),)


def test_words_where_only_artifacts_were_allowed_are_an_empty_answer_that_says_why(
    captioned_bundle: Bundle,
) -> None:
    events = answered(captioned_bundle, allowed=("image", "audio"))
    assert isinstance(events[-1], TurnFailed)
    assert "expected picture or sound" in str(events[-1].problem)
