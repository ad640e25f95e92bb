"""A run that begins with the shipped bundle computes what the bundle computes, and goes on."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle, find_bundle
from runtime.bundle.write import write_manifest
from training.gguf.patch import read_vocabulary
from training.pocket import alignment_stages, autoencoders, from_bundle, language_model, unets
from training.pocket import run as pocket
from training.pocket.recipe import STAGES, Recipe
from training.pocket.sequences import SIGNAL_COUNTS, VOCABULARY
from training.pocket.shapes import new_nextgpt
from training.trainer.stages import START


@pytest.fixture(scope="module")
def pocket_bundle() -> Bundle:
    return Bundle.open(find_bundle("pocket"), verify="size")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that begins with Pocket."""
    runs = tmp_path_factory.mktemp("school") / "run"
    from_bundle.begin("pocket", runs)
    return runs


def test_all_but_media_features_and_the_bundle_is_done(begun: Path) -> None:
    done = {stage.name for stage in STAGES if (begun / stage.name / "done").is_file()}
    assert {stage.name for stage in STAGES} - done == {"data", "features", "export"}


def test_the_language_model_and_its_tokenizer_are_the_bundles(
    begun: Path, pocket_bundle: Bundle
) -> None:
    vocabulary = read_vocabulary(pocket_bundle.path("llm.gguf"))
    tokenizer = Tokenizer.from_file(str(begun / "language" / "tokenizer.json"))
    assert [tokenizer.id_to_token(i) for i in range(VOCABULARY)] == list(vocabulary.tokens)
    model, writer = language_model.load(begun / "language")
    assert writer.signal_ids == {
        m: list(spec.token_ids) for m, spec in pocket_bundle.manifest.signals.items()
    }
    from runtime.language_model.model import LanguageModel

    with LanguageModel(pocket_bundle.path("llm.gguf"), n_ctx=64) as exported:
        for text in ("Draw a red boat, please!", "画一只红色小狗", " it's 3 o'clock"):
            assert writer.words(text) == exported.tokenize(text)
    whole = new_nextgpt(model, writer)
    whole.load_state_dict(load_file(begun / "stage4" / "model.safetensors"))
    shipped = load_file(pocket_bundle.path("output_projection_image.safetensors"))
    own = whole.output_projections["image"].state_dict()
    assert all(torch.equal(own[name], tensor.float()) for name, tensor in shipped.items())


def test_encoder_and_decoders_are_the_bundles_in_float32(begun: Path) -> None:
    assert alignment_stages.trained_encoder(begun).config.embed_dim == 128
    for modality in SIGNAL_COUNTS:
        unet = unets.load_unet(modality, begun / f"{modality}-unet")
        assert {p.dtype for p in unet.parameters()} == {torch.float32}
        assert unets.captioner(modality, begun)(["a red boat"]).dtype == torch.float32


@pytest.mark.parametrize("modality", SIGNAL_COUNTS)
def test_every_unet_stays_on_the_autoencoder_that_it_learned_on(
    begun: Path, pocket_bundle: Bundle, modality: str
) -> None:
    folder = Path(pocket_bundle.decoder(modality).folder)
    shipped = load_file(folder / "vae" / "diffusion_pytorch_model.safetensors")
    taken = unets.vae_of(modality, begun).state_dict()
    assert taken.keys() == shipped.keys()
    assert all(torch.equal(taken[name], tensor.float()) for name, tensor in shipped.items())


def test_an_autoencoder_of_its_own_lies_beside_the_unet(tmp_path: Path) -> None:
    bundle = shutil.copytree(find_bundle("pocket"), tmp_path / "bundle")
    weights = bundle / "decoders" / "video" / "vae" / "diffusion_pytorch_model.safetensors"
    other = {name: tensor * 2 for name, tensor in load_file(weights).items()}
    save_file(other, weights, metadata={"format": "pt"})
    write_manifest(bundle, Bundle.open(find_bundle("pocket")).manifest)

    from_bundle.begin(str(bundle), tmp_path / "run")

    own = unets.vae_of("video", tmp_path / "run").state_dict()
    assert all(torch.equal(own[name], tensor.float()) for name, tensor in other.items())
    assert not (tmp_path / "run" / "image-unet" / "vae").exists()


def test_a_folder_with_a_run_and_a_bundle_of_another_kind_are_refused(
    begun: Path, tiny_bundle: Bundle, tmp_path: Path
) -> None:
    with pytest.raises(KnownError, match="already holds a run; name another folder with --out"):
        from_bundle.begin("pocket", begun)
    with pytest.raises(KnownError, match="expected a bundle that `medley train pocket` made"):
        from_bundle.begin(str(tiny_bundle.folder), tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.fixture(scope="module")
def with_media(begun: Path) -> Path:
    pocket.main(resume=False, device="cpu", out=begun, only="data", recipe=Recipe().shrunk())
    return begun


@pytest.mark.soak
def test_a_unet_of_it_learns_further(
    with_media: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    begun, recipe = with_media, Recipe().shrunk()
    before = load_file(begun / "audio-unet" / "unet" / "diffusion_pytorch_model.safetensors")

    pocket.main(resume=False, device="cpu", out=begun, again="audio-unet", recipe=recipe)

    assert "audio U-Net: training" in capsys.readouterr().out
    start = load_file(begun / "audio-unet" / START / "unet" / "diffusion_pytorch_model.safetensors")
    after = load_file(begun / "audio-unet" / "unet" / "diffusion_pytorch_model.safetensors")
    assert all(torch.equal(start[name], before[name]) for name in before)
    moved = max(float((after[name] - before[name]).abs().max()) for name in before)
    assert 0 < moved < 0.1  # three steps away, not a new U-Net
    assert json.loads((begun / "audio-unet" / "done").read_text())["seconds"] > 0


@pytest.mark.soak
def test_the_decoder_of_an_autoencoder_of_it_learns_further(with_media: Path) -> None:
    folder, recipe = with_media / "picture-vae", Recipe().shrunk()
    pictures = np.random.default_rng(0).integers(0, 255, (2, 3, 64, 64), dtype=np.uint8)
    before = unets.load_vae(folder)

    pocket.main(resume=False, device="cpu", out=with_media, again="picture-vae", recipe=recipe)

    after = unets.load_vae(folder)
    latents = autoencoders.latents_of(before, pictures)
    assert torch.equal(autoencoders.latents_of(after, pictures), latents)
    moved = (after.decode(latents).sample - before.decode(latents).sample).abs().mean()
    assert 0 < float(moved) < 0.2


def test_a_text_encoder_of_it_learns_compositions_and_keeps_the_first(begun: Path) -> None:
    first = ["", "a big red boat in the middle on the sea by day in clear weather"]
    second = ["three red boats", "a red boat to the left of a blue bell"]
    before = unets.captioner("image", begun)
    recipe = replace(Recipe().shrunk(), text_steps=30)

    pocket.main(resume=False, device="cpu", out=begun, again="picture-text", recipe=recipe)

    after = unets.captioner("image", begun)
    kept, moved = (
        float((after(texts) - before(texts)).norm() / before(texts).norm())
        for texts in (first, second)
    )
    assert 0 < kept < moved / 2  # from the first steps on; a few hundred later, less by far
