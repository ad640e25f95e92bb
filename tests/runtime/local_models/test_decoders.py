"""Folders in diffusers' layout are known by their class, and everything in them must be there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from plugins.builtin.audio import AudioRenderer
from plugins.builtin.image import ImageRenderer
from plugins.builtin.video import VideoRenderer
from plugins.pipelines import PIPELINES
from runtime.composition.decoder import own_decoder
from runtime.local_models.decoders import decoder_folder, renderers
from runtime.local_models.found import DecoderFacts, NotAModelError
from runtime.local_models.identify import identify
from tests import tiny_decoders
from tests.runtime.local_models import making


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """True pipelines of three kinds, written by diffusers itself."""
    folder = tmp_path_factory.mktemp("decoders")
    tiny_decoders.write_all(folder)
    return folder


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return making.decoder(tmp_path / "decoder")


def test_what_diffusers_writes_is_known(real: Path) -> None:
    shapes = {
        "image": tiny_decoders.IMAGE_SHAPE,
        "audio": tiny_decoders.AUDIO_SHAPE,
        "video": tiny_decoders.VIDEO_SHAPE,
    }
    for modality, shape in shapes.items():
        found = decoder_folder(real / modality)
        facts = found.facts
        assert isinstance(facts, DecoderFacts)
        assert (found.purpose, facts.modality, facts.condition_shape) == (modality, modality, shape)
        assert facts.renderer == f"medley.{modality}"
        assert all(file.is_file() for file in found.files)
        assert found.bytes == sum(file.stat().st_size for file in found.files)
        missing = {f for f in (real / modality).rglob("*") if f.is_file()} - set(found.files)
        assert missing == set()


def test_the_manifest_names_the_pipelines_that_the_renderers_run() -> None:
    known = renderers()
    ids = {one.modality: one.id for one in (ImageRenderer, AudioRenderer, VideoRenderer)}
    assert {name: row.id for name, row in known.items()} == {
        name: ids[row.modality] for name, row in PIPELINES.items()
    }


def test_the_name_and_the_licence_are_told(made: Path) -> None:
    (made / "README.md").write_text("---\nlanguage: en\nlicense: openrail++\n---\n# Hi\nlicense: x")

    found = decoder_folder(made)

    assert (found.title, found.licence) == ("decoder", "openrail++")
    index = json.loads((made / "model_index.json").read_text())
    (made / "model_index.json").write_text(json.dumps({**index, "_name_or_path": "maker/Painter"}))
    assert decoder_folder(made).title == "Painter"


def _index(**changes: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        index = json.loads((folder / "model_index.json").read_text())
        (folder / "model_index.json").write_text(json.dumps({**index, **changes}))

    return change


def _unlink(path: str, then: dict[str, bytes] | None = None) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / path).unlink()
        for name, data in (then or {}).items():
            (folder / name).write_bytes(data)

    return change


def _cut(path: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / path).write_bytes((folder / path).read_bytes()[:-3])

    return change


WEIGHTS = "unet/diffusion_pytorch_model.safetensors"
INDEX = "unet/diffusion_pytorch_model.safetensors.index.json"
SHARDS = json.dumps({"weight_map": {"a": "one.safetensors", "b": "two.safetensors"}}).encode()
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 34\n"
WRONG: dict[str, tuple[Callable[[Path], None], str]] = {
    "another pipeline": (
        _index(_class_name="FluxPipeline"),
        "LTXPipeline), found FluxPipeline",
    ),
    "no pipeline": (_index(_class_name=None), "found None"),
    "a class with a line break": (_index(_class_name="A\nB" * 99), "found A BA B"),
    "no list": (_index(unet="UNet"), "names unet"),
    "a part that is not there": (_index(extra=["diffusers", "X"]), "the folder extra"),
    "a part elsewhere": (_index(**{"../../etc": ["diffusers", "X"]}), "the folder ../../etc"),
    "weights that are pickles": (_unlink(WEIGHTS, {"unet/x.bin": b""}), "only .bin files"),
    "no weights": (_unlink(WEIGHTS), "expected weights ("),
    "cut weights": (_cut(WEIGHTS), "not copied or downloaded to its end"),
    "a note of git": (_unlink(WEIGHTS, {WEIGHTS: POINTER}), "a file of 34 bytes"),
    "a missing piece": (_unlink(WEIGHTS, {INDEX: SHARDS}), "one.safetensors: expected this part"),
    "no JSON": (_unlink("model_index.json", {"model_index.json": b"{"}), "found something else"),
    "a list": (_unlink("model_index.json", {"model_index.json": b"[]"}), "found something else"),
    "deep JSON": (
        _unlink("model_index.json", {"model_index.json": b"[" * 99_999}),
        "found something else",
    ),
    "endless JSON": (
        _unlink("model_index.json", {"model_index.json": b" " * (5 << 20)}),
        "found something else",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_folder_that_is_not_whole_says_why(made: Path, what: str) -> None:
    change, words = WRONG[what]
    change(made)

    with pytest.raises(NotAModelError) as caught:
        decoder_folder(made)

    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_halves_and_pieces_of_weights_are_taken(made: Path) -> None:
    (made / WEIGHTS).rename(made / "unet" / "diffusion_pytorch_model.fp16.safetensors")
    (made / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    pieces = [making.safetensors(made / "vae" / f"{n}.safetensors", [n]) for n in ("one", "two")]
    (made / "vae" / "diffusion_pytorch_model.safetensors.index.json").write_bytes(SHARDS)

    assert set(pieces) < set(decoder_folder(made).files)


def test_what_is_never_loaded_may_be_missing(made: Path) -> None:
    _index(safety_checker=["stable_diffusion", "X"], image_encoder=[None, None])(made)

    assert decoder_folder(made).purpose == "image"


def test_a_folder_that_does_not_say_its_shape_is_taken_without(made: Path) -> None:
    (made / "unet" / "config.json").unlink()

    facts = decoder_folder(made).facts

    assert isinstance(facts, DecoderFacts) and facts.condition_shape == ()


CHECKPOINT = {
    "model.diffusion_model.input_blocks.0.0.weight": (1, 4, 1, 1),
    "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": (1, 768),
    "first_stage_model.decoder.conv_in.weight": (1,),
    "cond_stage_model.transformer.text_model.final_layer_norm.weight": (1,),
}


def checkpoint(path: Path, shapes: dict[str, tuple[int, ...]]) -> Path:
    """A file with tensors of these shapes."""
    save_file({name: np.zeros(shape, np.float32) for name, shape in shapes.items()}, path)
    return path


def test_a_decoder_in_one_file_is_known_and_composed(tmp_path: Path) -> None:
    file = checkpoint(tmp_path / "dream.safetensors", CHECKPOINT)
    checkpoint(tmp_path / "lora.safetensors", {"lora_unet_down.weight": (1, 1)})

    (found,) = identify(file)

    assert (found.kind, found.purpose, found.title) == ("checkpoint", "image", "dream")
    facts = found.facts
    assert isinstance(facts, DecoderFacts)
    assert (facts.pipeline, facts.condition_shape) == ("StableDiffusionPipeline", (77, 768))
    part = own_decoder(found)
    assert part.files["decoders/image/checkpoint.safetensors"] == file
    assert "decoders/image/tokenizer/vocab.json" in part.files
    assert [one.path for one in identify(tmp_path)] == [file]


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        ({k: s for k, s in CHECKPOINT.items() if "first" not in k}, "without its vae"),
        ({"lora_unet_down.weight": (1, 1)}, "an adapter (LoRA)"),
        ({"decoder.conv_in.weight": (1, 4, 1, 1)}, "a VAE"),
    ],
)
def test_one_file_that_is_no_whole_decoder_says_what_it_is(
    tmp_path: Path, shapes: dict[str, tuple[int, ...]], words: str
) -> None:
    with pytest.raises(NotAModelError) as caught:
        identify(checkpoint(tmp_path / "one.safetensors", shapes))

    assert words in str(caught.value)
