"""The table of a whole bundle."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from runtime.bundle.bundle import Bundle, find_bundle
from runtime.bundle.manifest import FileSpec
from runtime.needs.bundle import (
    BundleNeeds,
    PartNeeds,
    Sum,
    bundle_needs,
    language_model_bytes,
)

MODALITIES = ("image", "audio", "video")


def test_every_part_is_in_the_table(tiny_bundle: Bundle) -> None:
    found = bundle_needs(tiny_bundle)

    assert [part.name for part in found.parts] == [
        "program",
        "language model",
        "encoder",
        "input projection",
        *(f"{kind} {m}" for m in MODALITIES for kind in ("output projection", "decoder")),
    ]
    assert found.n_ctx == tiny_bundle.manifest.language_model.n_ctx
    assert all(part.ram > 0 and part.vram == 0 for part in found.parts)
    files = sum(part.file for part in found.parts)
    assert files == sum(
        spec.size
        for path, spec in tiny_bundle.manifest.files.items()
        if path.endswith((".gguf", ".safetensors"))
    )


def test_a_network_that_cannot_be_read_is_left_out(tiny_bundle: Bundle, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(tiny_bundle.folder, folder)
    for name in ("decoders/audio/unet/diffusion_pytorch_model", "encoder"):
        (folder / f"{name}.safetensors").write_bytes(b"rubbish")
    found = bundle_needs(Bundle(tiny_bundle.manifest, folder))
    assert {part.name for part in bundle_needs(tiny_bundle).parts} - {
        part.name for part in found.parts
    } == {"decoder audio", "encoder"}


def test_a_longer_context_takes_more(tiny_bundle: Bundle) -> None:
    short, long = (bundle_needs(tiny_bundle, n_ctx).part("language model") for n_ctx in (256, 512))
    assert short is not None and long is not None
    assert long.cache == 2 * short.cache
    assert long.ram > short.ram + short.cache


def test_on_a_card_networks_lie_there(tiny_bundle: Bundle) -> None:
    here, there = bundle_needs(tiny_bundle), bundle_needs(tiny_bundle, device="cuda:0")
    for part in there.parts:
        assert (part.vram > 0) == (part.kind not in ("program", "familiarity"))
    assert there.largest_turn.ram < here.largest_turn.ram
    kept = bundle_needs(tiny_bundle, device="cuda:0", gpu_layers=0).part("language model")
    assert kept is not None and kept.vram == 0


def test_a_turn_needs_what_stays_and_the_largest_of_what_comes_and_goes() -> None:
    parts = (
        PartNeeds("program", ram=10),
        PartNeeds("language model", ram=100),
        PartNeeds("encoder", ram=40, working=5),
        PartNeeds("input projection", ram=1),
        PartNeeds("output projection", "image", ram=2),
        PartNeeds("decoder", "image", ram=30, working=20),
        PartNeeds("decoder", "video", ram=35, working=3),
        PartNeeds("reader", "hear", ram=50),
    )
    found = BundleNeeds(512, "cpu", parts)
    assert found.beside == Sum(52, 0)
    assert found.largest_turn == Sum(162, 0)
    assert found.at_once == Sum(268 + 20, 0)
    assert BundleNeeds(512, "cpu", parts[:2]).largest_turn == Sum(110, 0)


def test_the_embedded_bundle_counts_its_measures_of_the_familiar() -> None:
    found = bundle_needs(Bundle.open(find_bundle("pocket"), verify="size"))
    assert found.part("familiarity") is not None and found.part("reader") is None


def test_shards_of_a_language_model_are_counted_together(tiny_bundle: Bundle) -> None:
    shards = {f"llm-0000{n}-of-00002.gguf": FileSpec("", 10 * n) for n in (1, 2)}
    manifest = msgspec.structs.replace(
        tiny_bundle.manifest,
        language_model=msgspec.structs.replace(
            tiny_bundle.manifest.language_model, file="llm-00001-of-00002.gguf"
        ),
        files={**shards, "other-00001-of-00002.gguf": FileSpec("", 99)},
    )
    assert language_model_bytes(Bundle(manifest, tiny_bundle.folder)) == 30


@pytest.mark.usefixtures("starter_models")
def test_a_bundle_without_an_encoder_counts_the_models_that_read_for_it(
    tiny_bundle: Bundle,
) -> None:
    manifest = msgspec.structs.replace(tiny_bundle.manifest, encoder=None, input_projection=None)
    found = bundle_needs(Bundle(manifest, tiny_bundle.folder))
    assert {part.modality for part in found.parts if part.kind == "reader"} >= {"hear", "see"}
