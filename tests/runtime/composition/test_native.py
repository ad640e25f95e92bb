"""A decoder is driven by the language model itself where that is its text encoder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from transformers import Qwen3ForCausalLM

from plugins.api import Recipe
from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle
from runtime.bundle.manifest import Licence, SignalSpec
from runtime.components.verify import verify_bundle
from runtime.composition.compose import folder_files
from runtime.composition.decoder import DecoderPart
from runtime.composition.making import PartNames, make
from runtime.composition.native import routed
from runtime.engine import Engine
from runtime.local_models.found import FoundModel
from runtime.local_models.identify import identified_as
from runtime.messages import ArtifactReady, Message, TextPart, Turn
from tests import tiny_native, tiny_qwen3

OPEN = "<|im_start|>user\n"
CLOSE = "<|im_end|>\n<|im_start|>assistant\n"


@pytest.fixture(scope="module")
def qwen3() -> Qwen3ForCausalLM:
    return tiny_qwen3.random_qwen3(layers=tiny_native.LAYERS)


@pytest.fixture(scope="module")
def talker(qwen3: Qwen3ForCausalLM, tmp_path_factory: pytest.TempPathFactory) -> FoundModel:
    folder = tmp_path_factory.mktemp("talker")
    return identified_as(tiny_qwen3.write_gguf(qwen3, folder / "Qwen3-F16.gguf"), "talk")


@pytest.fixture(scope="module")
def z_image(qwen3: Qwen3ForCausalLM, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_native.write(tiny_native.z_image(qwen3), tmp_path_factory.mktemp("z"))


def part(folder: Path) -> DecoderPart:
    spec = SignalSpec((), "medley.image", "decoders/image", (), caption_open="<", caption_close=">")
    licence = Licence("decoders/image", "Apache-2.0", "tests")
    return DecoderPart("image", "Z", spec, licence, folder_files(folder, "decoders/image"))


def without(folder: Path, target: Path, *left_out: str) -> Path:
    """A copy of a decoder that lacks some files or folders."""
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns(*left_out))
    return target


def with_config(folder: Path, target: Path, **settings: object) -> Path:
    """A copy of a decoder whose text encoder has other settings."""
    shutil.copytree(folder, target)
    path = target / "text_encoder/config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **settings}))
    return target


def test_the_same_model_takes_the_place_of_the_text_encoder(
    z_image: Path, talker: FoundModel
) -> None:
    found = routed(part(z_image), talker)

    native = found.part.spec.native
    assert native is not None
    assert (native.layers, native.prompt_open, native.prompt_close) == ((27,), OPEN, CLOSE)
    assert (native.padding, native.unwanted) == ("", True)
    listed = set(found.part.files)
    assert not [path for path in listed if "text_encoder" in path and ".safetensors" in path]
    assert {"decoders/image/text_encoder/config.json", "decoders/image/tokenizer/tokenizer.json",
            "decoders/image/transformer/diffusion_pytorch_model.safetensors"} <= listed  # fmt: skip
    assert "the shapes and the weights of its text encoder: 0.0 GB less" in str(found.note)


def test_flux2_klein_asks_for_three_layers_and_padding(
    qwen3: Qwen3ForCausalLM, talker: FoundModel, tmp_path: Path
) -> None:
    found = routed(part(tiny_native.write(tiny_native.flux2_klein(qwen3), tmp_path)), talker)

    native = found.part.spec.native
    assert native is not None
    assert (native.layers, native.padding) == ((9, 18, 27), "<|endoftext|>")
    assert native.prompt_close == f"{CLOSE}<think>\n\n</think>\n\n"
    assert not native.unwanted


def test_another_model_leaves_the_text_encoder_in_its_place(
    z_image: Path, talker: FoundModel, own_gguf: Path, tmp_path: Path
) -> None:
    other = tiny_qwen3.random_qwen3(1, layers=tiny_native.LAYERS)
    path = tiny_qwen3.write_gguf(other, tmp_path / "other.gguf")
    for one, says in (
        (identified_as(path, "talk"), "has its shapes and other weights (token_embd.weight"),
        (identified_as(own_gguf, "talk"), "language model is llama, of the text encoder qwen3"),
    ):
        found = routed(part(z_image), one)
        assert found.part == part(z_image)
        assert says in str(found.note)
    stretched = with_config(z_image, tmp_path / "stretched", rope_parameters={"rope_theta": 5e6})
    assert "rope.freq_base of the language model is 1000000.0" in str(
        routed(part(stretched), talker).note
    )


def test_a_missing_text_encoder_is_judged_by_what_is_there(
    z_image: Path, talker: FoundModel, own_gguf: Path, tmp_path: Path
) -> None:
    bare = without(z_image, tmp_path / "bare", "text_encoder", "tokenizer")
    light = without(z_image, tmp_path / "light", "model.safetensors")

    for folder in (bare, light):
        found = routed(part(folder), talker)
        native = found.part.spec.native
        assert native is not None and native.prompt_close == CLOSE
        assert "could not be seen" in str(found.note)
    with pytest.raises(KnownError, match="or a language model that is the same, found neither"):
        routed(part(bare), identified_as(own_gguf, "talk"))


def test_a_bundle_is_made_of_the_two_and_draws(
    data: Path, z_image: Path, talker: FoundModel, tmp_path: Path
) -> None:
    bare = without(z_image, tmp_path / "Z-Image", "text_encoder")
    named = PartNames(str(talker.path), {"image": str(bare), "audio": "none", "video": "none"})

    folder, parts = make("painter", named)

    (note,) = parts.notes
    assert "driven by the language model itself" in str(note)
    bundle = Bundle.open(folder)
    assert bundle.manifest.signals["image"].native is not None
    assert verify_bundle(folder).ok
    with Engine(bundle, device="cpu", threads=1) as engine:
        message = Message("user", (TextPart("draw a boat"),))
        small = {"image": {"steps": 1, "width": 32, "height": 32}}
        turn = Turn((message,), allowed=("image",), seed=3, parameters=small)
        (drawn,) = (e for e in engine.answer(turn) if isinstance(e, ArtifactReady))
        assert drawn.caption
        assert Recipe.from_json(drawn.recipe).condition.caption == drawn.caption
        assert engine.rerender(drawn.recipe).data == drawn.data


def test_other_decoders_have_no_choice(pictures: Path, talker: FoundModel) -> None:
    found = routed(part(pictures), talker)

    assert (found.part, found.note) == (part(pictures), None)


def test_a_template_that_does_not_write_the_caption_is_refused(
    z_image: Path, talker: FoundModel, tmp_path: Path
) -> None:
    odd = without(z_image, tmp_path / "odd", "nothing")
    (odd / "tokenizer/chat_template.jinja").write_text("draw something")

    with pytest.raises(KnownError, match="template that writes a caption once"):
        routed(part(odd), talker)
