"""A bundle is made of parts that a person names."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle, list_bundles, speech_of
from runtime.bundle.checks import PICKLES
from runtime.catalogue import store
from runtime.components.verify import verify_bundle
from runtime.composition.adding import add, wanted
from runtime.composition.decoder import POCKET
from runtime.composition.making import PartNames, make
from runtime.engine import Engine
from runtime.messages import ArtifactReady, Message, SignalStarted, TextPart, Turn
from tests.runtime.local_models import making

SMALL = {"image": {"steps": 1, "width": 16, "height": 16}}


def made(name: str, talk: object, **parts: object) -> Bundle:
    decoders = {m: str(parts.pop(m)) for m in ("image", "audio", "video") if m in parts}
    named = PartNames(str(talk), decoders, **{part: str(one) for part, one in parts.items()})
    return Bundle.open(make(name, named)[0])


def test_a_stable_diffusion_folder_draws_whatever_is_asked_for(
    data: Path, own_gguf: Path, pictures: Path
) -> None:
    bundle = made("painter", own_gguf, image=pictures)

    signal = bundle.manifest.signals["image"]
    assert signal.condition_shape == (8, 16)
    assert (signal.stand_ins, signal.settings) == ({}, {})
    assert signal.offers["en"] == "I can draw whatever you describe."
    listed = [path for path in bundle.manifest.files if path.startswith("decoders/image/")]
    assert "decoders/image/unet/diffusion_pytorch_model.safetensors" in listed
    assert not [path for path in listed if Path(path).suffix in PICKLES or "safety" in path]
    assert verify_bundle(bundle.folder).ok
    with Engine(bundle) as engine:
        message = Message("user", (TextPart("draw a dragon"),))
        turn = Turn((message,), allowed=("image",), parameters=SMALL)
        events = list(engine.answer(turn))
    assert any(isinstance(event, SignalStarted) for event in events)
    (drawn,) = (event for event in events if isinstance(event, ArtifactReady))
    assert drawn.caption == "a red boat now"
    assert (drawn.width, drawn.height) == (16, 16)


def test_a_decoder_in_one_file_lies_beside_its_configuration(
    data: Path, own_gguf: Path, tmp_path: Path
) -> None:
    file = making.shaped(tmp_path / "dream.safetensors", making.CHECKPOINT)

    bundle = made("dreamer", own_gguf, image=file)

    signal = bundle.manifest.signals["image"]
    assert (signal.renderer, signal.condition_shape) == ("medley.image", (77, 768))
    folder = bundle.path(signal.decoder)
    assert (folder / "checkpoint.safetensors").read_bytes() == file.read_bytes()
    assert (folder / "model_index.json").is_file() and (folder / "tokenizer/vocab.json").is_file()


def test_what_is_not_named_is_pockets_with_its_words_and_clip_art(
    data: Path, own_gguf: Path, pictures: Path
) -> None:
    manifest = made("painter", own_gguf, image=pictures).manifest

    assert manifest.signals["audio"].settings["known_words"] == "pocketworld"
    assert "Pocketworld" in manifest.limits
    assert [licence.spdx for licence in manifest.licences] == [
        "NOASSERTION", "NOASSERTION", "Apache-2.0", "Apache-2.0",
    ]  # fmt: skip


def test_a_bundle_without_decoders_only_talks(data: Path, own_gguf: Path) -> None:
    bundle = made("talker", own_gguf, image="none", audio="none", video="none")

    assert bundle.modalities == ("text",)
    assert bundle.manifest.media_choice is None
    assert "Pocketworld" not in bundle.manifest.limits


def test_the_question_names_only_what_can_be_made(data: Path, own_gguf: Path) -> None:
    choice = made("drawer", own_gguf, audio="none", video="none").manifest.media_choice

    assert choice is not None
    assert choice.answers == {"text": "A", "image": "B"}
    assert "B: a new picture" in choice.question and "C: a new sound" not in choice.question
    assert choice.captions.keys() == {"image"}


def test_a_decoder_that_lies_in_a_bundle_keeps_its_settings(data: Path, own_gguf: Path) -> None:
    by_path = made("one", own_gguf, image=POCKET / "decoders" / "image")
    by_name = made("two", own_gguf, image="pocket")

    assert by_path.manifest.signals == by_name.manifest.signals
    assert by_path.manifest.signals["image"].settings["known_words"] == "pocketworld"


def test_parts_are_named_by_the_names_under_which_they_were_added(
    data: Path, own_gguf: Path, pictures: Path, tmp_path: Path
) -> None:
    add(wanted(own_gguf), "chatty")
    add(wanted(pictures), "painter")
    add(wanted(making.whisper(tmp_path / "ears")))
    add(wanted(making.kokoro(tmp_path / "voice")))

    bundle = made("all", "chatty", image="painter", hear="ears", speak=tmp_path / "voice")

    assert (bundle.folder / "llm.gguf").samefile(own_gguf)
    assert bundle.manifest.signals["image"].condition_shape == (8, 16)
    speech = speech_of("all")
    assert (speech.hear, speech.speak) == ("ears", str(tmp_path / "voice"))
    heard, spoken = store.chosen("hear", speech.hear), store.chosen("speak", speech.speak)
    assert heard is not None and heard.folder == tmp_path / "ears"
    assert spoken is not None and spoken.folder == tmp_path / "voice"


def test_the_language_model_of_another_composed_bundle_can_be_used(
    data: Path, own_gguf: Path
) -> None:
    made("first", own_gguf)

    second = made("second", "first", image="none")

    assert (second.folder / "llm.gguf").samefile(own_gguf)


@pytest.mark.parametrize(
    ("talk", "parts", "says"),
    [
        ("pocket", {}, "trained for its own decoders"),
        ("no-such", {}, "expected a file, a folder or one of"),
        ("/no/such.gguf", {}, "such.gguf"),
        ("{gguf}", {"image": "/no/such"}, "/no/such"),
        ("{gguf}", {"audio": "{pictures}"}, "expected a decoder of sounds, found a decoder of pic"),
        ("{gguf}", {"image": "{gguf}"}, "expected a decoder of pictures, found a model that talks"),
        ("{pictures}", {}, "expected a model that talks, found a decoder of pictures"),
        ("{gguf}", {"hear": "{pictures}"}, "expected a model that hears"),
        ("{gguf}", {"see": "{gguf}"}, "expected a file (mmproj)"),
    ],
)
def test_a_part_that_does_not_serve_is_refused_in_a_sentence(
    data: Path, own_gguf: Path, pictures: Path, talk: str, parts: dict[str, str], says: str
) -> None:
    places = {"gguf": str(own_gguf), "pictures": str(pictures)}
    given = {part: value.format(**places) for part, value in parts.items()}

    with pytest.raises(KnownError) as caught:
        made("mine", talk.format(**places), **given)

    assert says in str(caught.value)
    assert [entry.name for entry in list_bundles()] == ["pocket"]


def test_eyes_that_do_not_fit_are_refused_with_both_numbers(data: Path, tmp_path: Path) -> None:
    talker = making.talker(tmp_path / "talker.gguf", d_model=96)
    eyes = making.mmproj(tmp_path / "eyes.gguf")

    with pytest.raises(KnownError, match=r"gives 96 numbers a position.*gives 64"):
        made("mine", talker, see=eyes)


def test_a_model_whose_file_was_moved_or_replaced_is_the_one_of_its_bundle(
    data: Path, own_gguf: Path
) -> None:
    bundle = add(wanted(own_gguf), "mine").bundle
    assert bundle is not None
    own_gguf.unlink()
    making.talker(own_gguf)

    again = made("again", "mine")

    assert (again.folder / "llm.gguf").samefile(bundle / "llm.gguf")


def test_no_name_is_no_folder(data: Path, own_gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(own_gguf.parent)

    with pytest.raises(KnownError, match="expected the path of a model, found none"):
        made("mine", "")
